"""By hand: Koor prepares text and picture, a person posts them in the platform's own app and tells that it is done."""

"""Instagram: a professional account."""

"""The chat of the organisation itself: Slack, Teams and Mattermost, each by a webhook that one channel gives."""

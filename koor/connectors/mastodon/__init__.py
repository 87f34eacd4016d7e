"""Mastodon, and the servers that speak its interface (GoToSocial, Takahē, Pixelfed, Akkoma)."""

"""What all tests in this folder share."""

from tests.mastodon_server.fixture import mastodon

__all__ = ["mastodon"]

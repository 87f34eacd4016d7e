"""A Mastodon server for tests: stateful, on loopback, with the behaviour that the documentation describes.

Sources, all read in November 2026: docs.joinmastodon.org (methods: statuses, media, accounts, notifications, timelines,
search, instance; api: rate-limits, guidelines; user: posting) and, where the documentation is silent, the behaviour of
mastodon/mastodon 4.x. It is not a copy of Mastodon: it is what a client may rely on, and faults that can be
switched on.

    python -m tests.mastodon_server --port 0       prints its address and token as one line of JSON
    def test_it(mastodon): mastodon.url            a fresh server for each test (see `fixture.py`)

Everything that a test steers stands under `/_control/`; see `control.py`.
"""

from tests.mastodon_server.wire import MastodonServer

__all__ = ["MastodonServer"]

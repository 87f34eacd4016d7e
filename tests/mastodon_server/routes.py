"""Which function answers which address, and what it asks of the token: docs, methods."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.mastodon_server import acting, reading, statuses
from tests.mastodon_server.asked import Answer

Handler = Callable[..., Answer]


@dataclass(frozen=True)
class Route:
    name: str  # "POST /api/v1/statuses/:id"
    handler: Handler
    scope: str = "read"  # "" needs no token

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r":\w+", r"([^/]+)", self.name) + r"\Z")


_TABLE: tuple[tuple[str, Handler, str], ...] = (
    ("GET /api/v2/instance", reading.instance, ""),
    ("GET /api/v1/instance", reading.instance_v1, ""),
    ("GET /api/v1/accounts/verify_credentials", reading.verify_credentials, "read"),
    ("GET /api/v1/apps/verify_credentials", reading.application, "read"),
    ("GET /api/v1/accounts/lookup", reading.lookup, ""),
    ("GET /api/v1/accounts/:id", reading.account, ""),
    ("GET /api/v1/accounts/:id/statuses", reading.account_statuses, ""),
    ("GET /api/v1/timelines/home", reading.home, "read"),
    ("GET /api/v1/timelines/public", reading.public, ""),
    ("GET /api/v1/timelines/tag/:tag", reading.hashtag, ""),
    ("GET /api/v1/conversations", reading.conversations, "read"),
    ("GET /api/v1/notifications", reading.notifications, "read"),
    ("GET /api/v1/notifications/:id", reading.notification, "read"),
    ("POST /api/v1/notifications/clear", reading.clear_notifications, "write"),
    ("GET /api/v2/search", reading.search, "read"),
    ("GET /api/v1/polls/:id", reading.poll, ""),
    ("POST /api/v2/media", reading.upload, "write"),
    ("POST /api/v1/media", reading.upload, "write"),
    ("GET /api/v1/media/:id", reading.media, "write"),
    ("PUT /api/v1/media/:id", reading.describe, "write"),
    ("DELETE /api/v1/media/:id", reading.delete_media, "write"),
    ("GET /files/:id", reading.file, ""),
    ("POST /api/v1/statuses", statuses.create, "write"),
    ("GET /api/v1/statuses/:id", statuses.show, ""),
    ("PUT /api/v1/statuses/:id", statuses.edit, "write"),
    ("DELETE /api/v1/statuses/:id", statuses.delete, "write"),
    ("GET /api/v1/statuses/:id/context", statuses.context, ""),
    ("GET /api/v1/statuses/:id/source", statuses.source, "read"),
    ("GET /api/v1/statuses/:id/history", statuses.history, ""),
    ("POST /api/v1/accounts/:id/mute", acting.mute, "write"),
    ("POST /api/v1/accounts/:id/unmute", acting.unmute, "write"),
    ("POST /api/v1/accounts/:id/block", acting.block, "write"),
    ("POST /api/v1/accounts/:id/unblock", acting.unblock, "write"),
    ("POST /api/v1/reports", acting.report, "write"),
    ("POST /api/v1/statuses/:id/favourite", statuses.favourite, "write"),
    ("POST /api/v1/statuses/:id/unfavourite", statuses.unfavourite, "write"),
    ("POST /api/v1/statuses/:id/reblog", statuses.reblog, "write"),
    ("POST /api/v1/statuses/:id/unreblog", statuses.unreblog, "write"),
)
ROUTES = tuple((Route(*row), Route(*row).pattern) for row in _TABLE)


def find(method: str, path: str) -> tuple[Route, tuple[str, ...]] | None:
    """The route of a request with the parts of its path, or None."""
    wanted = f"{method} {path}"
    for route, pattern in ROUTES:
        found = pattern.match(wanted)
        if found:
            return route, found.groups()
    return None

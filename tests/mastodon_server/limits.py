"""Rate limits: docs, api/rate-limits, and the 300 new statuses in 3 hours of Mastodon's own limiter."""

from __future__ import annotations

from dataclasses import dataclass

from tests.mastodon_server.asked import Answer
from tests.mastodon_server.world import World, stamp

FAMILIES = {  # name: (requests, seconds)
    "api": (300, 300),
    "statuses": (300, 10_800),
    "media": (30, 1800),
    "delete": (30, 1800),
}


@dataclass(frozen=True)
class Left:
    limit: int
    remaining: int
    reset: float

    def headers(self) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(0, self.remaining)),
            "X-RateLimit-Reset": stamp(self.reset),
        }


def families(route: str) -> list[str]:
    """The limits that a route falls under."""
    own = {"POST /api/v1/statuses": "statuses", "POST /api/v2/media": "media", "POST /api/v1/media": "media"}
    own |= {"DELETE /api/v1/statuses/:id": "delete", "POST /api/v1/statuses/:id/unreblog": "delete"}
    return ["api", own[route]] if route in own else ["api"]


def spend(world: World, account: str, route: str) -> Left:
    """Count one request and tell of the limit that is closest; below 0 remaining it is one too many."""
    closest = None
    for family in families(route):
        limit, seconds = FAMILIES[family]
        window = int(world.now() // seconds)
        used = world.windows.get((account, family, window), 0) + 1
        world.windows[account, family, window] = used
        left = Left(limit, limit - used, (window + 1) * seconds)
        closest = left if closest is None or left.remaining < closest.remaining else closest
    assert closest is not None
    return closest


def too_many(left: Left) -> Answer:
    return Answer(429, {"error": "Too many requests"}, left.headers())

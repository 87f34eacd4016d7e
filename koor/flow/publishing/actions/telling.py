"""Telling the hub that the newsroom changed (WebSub, W3C Recommendation 2018, and what hubs take from publishers)."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from koor.flow.publishing.queries import links
from koor.ground.people.access import Colleague
from koor.kernel import clock, jobs
from koor.kernel.http import NotSent, Unclear, door

log = logging.getLogger(__name__)
TRIES = 6
FIRST = timedelta(minutes=1)  # until the second try; each next one waits four times as long


def tell_hub_soon(attempt: int = 1, wait: timedelta = timedelta()) -> None:
    """Have it told, once for all that changed in this moment."""
    from koor.flow.publishing.tasks import tell_hub as task

    if links.manner().hub:
        at = clock.now() + wait if wait else None
        jobs.later(task, at=at, only_one=f"publishing.tell_hub:{attempt}", attempt=attempt)


def tell_hub(*, by: Colleague, attempt: int) -> bool:
    """One try, harmless to repeat: the hub fetches the feeds itself. Whether it took it."""
    hub = links.manner().hub
    if not hub or not settings.KOOR_URL.startswith("https://"):
        return False
    feeds = [settings.KOOR_URL + reverse(name) for name in ("publishing:atom", "publishing:json_feed")]
    took = all(_told(hub, feed) for feed in feeds)
    if not took and attempt < TRIES:
        tell_hub_soon(attempt + 1, FIRST * 4 ** (attempt - 1))
    return took


def _told(hub: str, feed: str) -> bool:
    try:
        answer = door.request("POST", hub, data={"hub.mode": "publish", "hub.url": feed, "hub.topic": feed})
    except (NotSent, Unclear) as error:
        log.info("the hub was not told: %s", error)
        return False
    return 200 <= answer.status < 300


def follow_published(target_id: int) -> None:
    """Something new stands in the newsroom."""
    from koor.flow.publishing.models import Target

    if Target.objects.filter(pk=target_id, account__connector="newsroom").exists():
        tell_hub_soon()

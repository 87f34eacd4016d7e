"""Private addresses where a calendar program reads along."""

from datetime import timedelta

from django.db import transaction

from koor.flow.calendar.models import Feed
from koor.ground.people.models import Person
from koor.kernel import audit, clock, secrets
from koor.kernel.access import require

NOTED_EVERY = timedelta(hours=1)


@transaction.atomic
def open_feed(*, by: Person, whole_house: bool = False) -> str:
    """A new secret for the own calendar or the house's, shown this once; the one before it opens nothing any more."""
    require(by.is_active)
    Person.objects.select_for_update().get(pk=by.pk)
    _revoke(by, whole_house)
    plain = secrets.new_token("koor_cal")
    Feed.objects.create(person=by, whole_house=whole_house, digest=secrets.digest(plain), made_at=clock.now())
    audit.record(by=by, verb="calendar.open_feed", target=by)
    return plain


@transaction.atomic
def close_feed(*, by: Person, whole_house: bool = False) -> None:
    """The address opens nothing any more, from this moment."""
    require(by.is_active)
    if _revoke(by, whole_house):
        audit.record(by=by, verb="calendar.close_feed", target=by)


def _revoke(by: Person, whole_house: bool) -> int:
    return Feed.objects.filter(person=by, whole_house=whole_house, revoked_at=None).update(revoked_at=clock.now())


def note_feed_use(*, by: Person, feed: Feed) -> None:
    """When it was last read, to the hour."""
    now = clock.now()
    if feed.used_at is None or now - feed.used_at > NOTED_EVERY:
        Feed.objects.filter(pk=feed.pk).update(used_at=now)

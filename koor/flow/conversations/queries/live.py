"""What an open page asks every second or two: did anything change, and who else looks. Two statements, whatever there
is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2s
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, TextField
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from koor.flow.conversations import access
from koor.flow.conversations.models import CalledIn, Conversation, Looking, SavedAnswer
from koor.flow.conversations.queries import promises, saved
from koor.ground.people.models import Person
from koor.kernel import audit, clock, together

LOOKS = timedelta(seconds=15)  # after a sign of life; a page gives one every five
WRITES = timedelta(seconds=8)
DEEDS = 50  # the latest ones that a list watches
SHOWN = 100  # colleagues who look


@dataclass(frozen=True)
class Beside:
    """A colleague who has the same conversation open."""

    conversation_id: int
    first_name: str
    writes: bool


@dataclass(frozen=True)
class Live:
    """What is there now. A mark differs as soon as something changed."""

    mark: str  # of the conversation; empty: there is none, or not for you
    list_mark: str
    beside: list[Beside]  # others, in all conversations that the list may show


def version() -> RawSQL:
    """The number of the transaction that wrote this row last: no clock, and no order of commits, can pass it by."""
    return RawSQL('"conversations_conversation"."xmin"::text', [], output_field=TextField())


def live(person: Person, of: int | None) -> Live:
    """The state of a list and of one conversation in it."""
    one = None
    if of is not None:
        one = Conversation.objects.filter(access.visible_to(person), pk=of)
        one = one.annotate(version=version()).values_list("version", flat=True)
    found, deeds, beside = together.lists(one, _deeds(person), _beside(person)[:SHOWN])
    now = clock.now()
    return Live(found[0] if found else "", _mark(deeds), [_as_beside(row, now) for row in beside])


def list_mark(person: Person) -> str:
    """What a list is as it is shown now, to compare with later."""
    return _mark(_deeds(person))


def _mark(deeds: Iterable[int]) -> str:
    return blake2s(",".join(map(str, deeds)).encode(), digest_size=8).hexdigest()


def _deeds(person: Person) -> QuerySet[Any, int]:
    """The latest deeds on conversations that this person may see. All of them are compared, not only the last: a long
    transaction commits a lower number later."""
    rows = audit.latest(Conversation, among=10 * DEEDS)
    if not access.may_see_all(person):
        rows = rows.filter(Exists(Conversation.objects.filter(access.visible_to(person), pk=OuterRef("target_id"))))
    return rows.order_by("-pk").values_list("pk", flat=True)[:DEEDS]


def _beside(person: Person) -> QuerySet[Looking, tuple[int, str, datetime | None]]:
    rows = Looking.objects.filter(seen_at__gte=clock.now() - LOOKS).exclude(person=person)
    if not access.may_see_all(person):
        rows = rows.filter(
            Exists(Conversation.objects.filter(access.visible_to(person), pk=OuterRef("conversation_id")))
        )
    return rows.order_by("pk").values_list("conversation_id", "person__name", "typing_at")


@dataclass(frozen=True)
class BesideAnswer:
    """What stands beside the box."""

    others: str  # who else has it open, in words
    saved: list[SavedAnswer]
    called_in: list[tuple[CalledIn, str]]
    list_mark: str


def beside_answer(person: Person, conversation: Conversation) -> BesideAnswer:
    """Who else has it open, saved answers, whom Koor asked beside, and the mark of the list; in one statement."""
    looking = _beside(person).filter(conversation=conversation)[:SHOWN]
    kept = saved.saved_answers(person)[: saved.BESIDE_ANSWER]
    found, kept_ones, called, deeds = together.lists(looking, kept, promises.called_in(conversation), _deeds(person))
    now = clock.now()
    return BesideAnswer(
        in_words(_as_beside(row, now) for row in found),
        kept_ones,
        promises.with_reasons(conversation, called),
        _mark(deeds),
    )


def _as_beside(row: tuple[int, str, datetime | None], now: datetime) -> Beside:
    conversation_id, name, typed = row
    return Beside(conversation_id, name.split(" ", 1)[0], typed is not None and now - typed < WRITES)


def in_words(rows: Iterable[Beside]) -> str:
    """Who writes, else who looks; empty when nobody does."""
    rows = list(rows)
    writing = [one.first_name for one in rows if one.writes]
    names = writing or [one.first_name for one in rows]
    said = {
        (True, 1): _("%(names)s is writing"),
        (True, 2): _("%(names)s are writing"),
        (False, 1): _("%(names)s looks too"),
        (False, 2): _("%(names)s look too"),
    }
    if not names:
        return ""
    shown = ", ".join(names[:3]) + ("…" if len(names) > 3 else "")
    return said[bool(writing), min(len(names), 2)] % {"names": shown}

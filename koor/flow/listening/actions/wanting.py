"""What many ask becomes one wish, with a voice for each of them; what is no question is put away."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from koor.flow.hub.models import Wish
from koor.flow.listening import access
from koor.flow.listening.actions.marking import note_wish
from koor.flow.listening.models import Mention, NoQuestion
from koor.flow.listening.queries.elsewhere import Key, read_elsewhere
from koor.flow.listening.queries.who import whose
from koor.ground.contacts.models import Contact
from koor.ground.people.access import Colleague, is_system
from koor.ground.people.models import Person
from koor.kernel import audit, clock
from koor.kernel.access import Refused, require

MOST = 200
_noted: dict[str, Callable[..., Wish]] = {}


def notes_wish(kind: str, note: Callable[..., Wish]) -> None:
    """A room above notes a wish of what stands there: by, pk, sentence, into, once."""
    _noted[kind] = note


@transaction.atomic
def note_wish_of_many(
    *, by: Colleague, mentions: Sequence[Mention], sentence: str, elsewhere: Sequence[Key] = (), once: str = ""
) -> Wish:
    """They all would like to know this. Who is known counts as who they are; somebody counts once. `elsewhere`: what
    was said where the stream does not hear it."""
    require(access.may_listen(by), _("Wishes are noted by the curator and by PR."))
    mentions, keys = [one for one in mentions[:MOST] if not one.ours], _readable(by, elsewhere)
    if not mentions and not keys:
        raise Refused(_("What was said is gone by now."), code="gone", field="sentence")
    known, wish = whose(mentions) if mentions else {}, None
    for one in mentions:
        who = known.get(one.pk)
        contact = who if isinstance(who, Contact) else None
        key = f"{once}:{one.pk}" if once else ""
        wish = _same(wish, note_wish(by=by, mention=one, sentence=sentence, into=wish, contact=contact, once=key))
    for there in keys:
        key = f"{once}:{there[0]}:{there[1]}" if once else ""
        noted = _noted[there[0]](by=by, pk=there[1], sentence=sentence, into=wish, once=key)
        wish = _same(wish, noted)
    assert wish is not None
    return wish


def _same(wish: Wish | None, noted: Wish) -> Wish:
    """All voices are of the wish that the first one made."""
    return noted if wish is None else wish


def _readable(by: Colleague, keys: Sequence[Key]) -> list[Key]:
    """Of what stands elsewhere what this colleague may read, in its order."""
    readable = read_elsewhere(by, keys[:MOST]) if keys and isinstance(by, Person) else {}
    return [key for key in keys[:MOST] if key in readable]


@transaction.atomic
def put_away_question(*, by: Colleague, mentions: Sequence[Mention], elsewhere: Sequence[Key] = ()) -> uuid.UUID:
    """This group is no question: it is not shown any more, nor what is like it. Its number, for the way back."""
    require(access.may_listen(by), _("What people ask is sorted by the curator and by PR."))
    keys = _readable(by, elsewhere)
    if not mentions and not keys:
        raise Refused(_("What was said is gone by now."), code="gone")
    group = uuid.uuid4()
    said: dict[str, Any] = {"group": group, "by_id": by.pk, "at": clock.now()}
    rows = [NoQuestion(mention=one, **said) for one in mentions[:MOST]]
    rows += [NoQuestion(origin=kind, origin_id=pk, **said) for kind, pk in keys]
    NoQuestion.objects.bulk_create(rows, ignore_conflicts=True)  # what a colleague put away stays in their group
    number = NoQuestion.objects.filter(group=group).count()
    if not number:
        return _put_away_before(mentions, keys)
    audit.record(by=by, verb="listening.put_away_question", mentions=number)
    return group


def _put_away_before(mentions: Sequence[Mention], keys: Sequence[Key]) -> uuid.UUID:
    """The group that all of these are in, after a second click. Refused when they are in several."""
    there = Q(mention__in=mentions[:MOST])
    for kind, pk in keys:
        there |= Q(origin=kind, origin_id=pk)
    groups = set(NoQuestion.objects.filter(there).values_list("group", flat=True))
    if len(groups) != 1:
        raise Refused(_("Colleagues have put all of these away already."), code="put_away")
    return groups.pop()


@transaction.atomic
def question_after_all(*, by: Colleague, group: uuid.UUID) -> None:
    """It is one after all: it stands there again, and what is like it."""
    require(access.may_listen(by), _("What people ask is sorted by the curator and by PR."))
    gone, _kinds = NoQuestion.objects.filter(group=group).delete()
    if gone:
        audit.record(by=by, verb="listening.question_after_all", mentions=gone)


def forget_no_questions(*, by: Colleague, origin: str, ids: Sequence[int]) -> None:
    """What was said elsewhere goes: for the room where it stood, which keeps the trail of that."""
    require(is_system(by))
    NoQuestion.objects.filter(origin=origin, origin_id__in=ids).delete()

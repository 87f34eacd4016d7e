"""What many ask becomes one wish, with a voice for each of them; what is no question is put away."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.hub.models import Wish
from koor.flow.listening import access
from koor.flow.listening.actions.marking import note_wish
from koor.flow.listening.models import Mention, NoQuestion
from koor.flow.listening.queries.who import whose
from koor.ground.contacts.models import Contact
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock
from koor.kernel.access import Refused, require

MOST = 200


@transaction.atomic
def note_wish_of_many(*, by: Colleague, mentions: Sequence[Mention], sentence: str, once: str = "") -> Wish:
    """They all would like to know this. Who is known counts as who they are; somebody counts once."""
    require(access.may_listen(by), _("Wishes are noted by the curator and by PR."))
    mentions = [one for one in mentions[:MOST] if not one.ours]
    if not mentions:
        raise Refused(_("What was said is gone by now."), code="gone", field="sentence")
    known = whose(mentions)

    def voice(one: Mention, into: Wish | None) -> Wish:
        who = known.get(one.pk)
        contact = who if isinstance(who, Contact) else None
        key = f"{once}:{one.pk}" if once else ""
        return note_wish(by=by, mention=one, sentence=sentence, into=into, contact=contact, once=key)

    wish = voice(mentions[0], None)
    for one in mentions[1:]:
        voice(one, wish)
    return wish


@transaction.atomic
def put_away_question(*, by: Colleague, mentions: Sequence[Mention]) -> uuid.UUID:
    """This group is no question: it is not shown any more, nor what is like it. Its number, for the way back."""
    require(access.may_listen(by), _("What people ask is sorted by the curator and by PR."))
    if not mentions:
        raise Refused(_("What was said is gone by now."), code="gone")
    group, now = uuid.uuid4(), clock.now()
    rows = [NoQuestion(group=group, mention=one, by_id=by.pk, at=now) for one in mentions[:MOST]]
    NoQuestion.objects.bulk_create(rows, ignore_conflicts=True)  # what a colleague put away stays in their group
    number = NoQuestion.objects.filter(group=group).count()
    if not number:
        return _put_away_before(mentions)
    audit.record(by=by, verb="listening.put_away_question", mentions=number)
    return group


def _put_away_before(mentions: Sequence[Mention]) -> uuid.UUID:
    """The group that all of these are in, after a second click. Refused when they are in several."""
    groups = set(NoQuestion.objects.filter(mention__in=mentions[:MOST]).values_list("group", flat=True))
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

"""Almost the same words of two colleagues: such a row waits until a person saw it and says why both are fine."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from koor.flow.publishing import access
from koor.flow.publishing.actions import ledger
from koor.flow.publishing.actions.checks import clean
from koor.flow.publishing.actions.write import locked
from koor.flow.publishing.choices import State
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.models import BothFine, Post, Target
from koor.flow.publishing.queries import alike
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock, locks
from koor.kernel.access import Refused, require

ONE_AT_A_TIME = "publishing.alike"
SAID = gettext_noop("%(name)s said almost the same on %(place)s.")
AND_MORE = gettext_noop("%(name)s said almost the same on %(place)s, and %(more)s more like it.")


def held_when_planned(row: Target) -> bool:
    """Whether this row has to wait for a person; then that is written down. At letting go, and at a new moment."""
    found = alike.of_row(row)
    if found:
        ledger.keep(row, logic.held(ledger.row_of(row), logic.ALIKE), **_said(found))
    return bool(found)


def held_when_due(row: Target) -> bool:
    """The last look, in the transaction that claims a row: two of them can't go past each other. What is still to go
    does not count; it will find this one."""
    if not alike.is_seen(row):
        return False
    locks.until_committed(ONE_AT_A_TIME)
    found = alike.of_row(row, planned=False)
    if found:
        ledger.keep(row, logic.held(ledger.row_of(row), logic.ALIKE), **_said(found))
    return bool(found)


def _said(found: list[alike.Other]) -> dict[str, Any]:
    first = found[0]
    values = {"name": first.name, "place": first.place, "post": first.post, "more": len(found) - 1}
    return {"note": AND_MORE if len(found) > 1 else SAID, "values": values}


@transaction.atomic
def confirm_alike(*, by: Colleague, target: Target, why: str) -> Target:
    """Somebody saw both and says why both may be seen. It is remembered for these posts, and this one goes on."""
    post = locked(target.post)
    row = ledger.row(target)
    require(access.may_settle(by, row), _("Its maker, the owner of the account and the curator say this."))
    if row.state != State.NEEDS_PERSON or row.because != logic.ALIKE:
        raise Refused(_("Nobody asked whether this one is too much like another."), code="not_asked")
    why = " ".join(clean(why).split())[:200]
    if not why:
        raise Refused(_("Say in a few words why, so that others understand."), code="why", field="why")
    others = [other.post for other in alike.of_row(row)]
    for other in others:
        older, newer = sorted((post.pk, other))
        said = {"by_id": by.pk, "why": why, "at": clock.now()}
        BothFine.objects.get_or_create(post_id=older, other_id=newer, defaults=said)
    audit.record(by=by, verb="publishing.confirm_alike", target=post, account=row.account_id, why=why, others=others)
    look_again(post)
    return ledger.row(row)


def look_again(post: Post) -> None:
    """Other words, or a yes: the rows of this post that waited go on, unless something else says the same."""
    from koor.flow.publishing.actions.release import make_due

    waiting = {"state": State.NEEDS_PERSON, "because__in": [logic.ALIKE, logic.FILM], "agreed_at__isnull": False}
    for row in post.targets.select_for_update(of=("self",)).select_related("account__owner").filter(**waiting):
        row.post = post
        make_due(row, not_before=clock.now())

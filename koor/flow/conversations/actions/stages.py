"""The stages of an exercise: accounts on paper that nobody outside sees, there while one is on, put away after it."""

from datetime import timedelta

from django.utils.translation import gettext as _

from koor.flow.conversations.logic.drills import STAGES
from koor.flow.conversations.models import Fire
from koor.flow.publishing.queries.lists import drafted_for, planned_on
from koor.ground.channels import actions as channel_actions
from koor.ground.channels import queries as channels
from koor.ground.channels.choices import AccountState
from koor.ground.channels.models import Account
from koor.ground.governance.choices import Purpose
from koor.ground.people.models import Person
from koor.ground.people.queries import with_role
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Refused

PAPER = "paper"
LATELY = timedelta(days=7)  # a draft that nobody touched since keeps no stage in the lists
ALL = {name for names in STAGES.values() for name in names}


def stages(language: str) -> list[Account]:
    """Three of them, in use; made when they are not there."""
    known = _known()
    return [_in_use(known.get(name) or _made(name)) for name in STAGES[language]]


def put_away() -> None:
    """When nothing burns for practice any more they stand in no list to choose from. One stays while something is to
    go there, or was written for it lately."""
    if Fire.objects.filter(ended_at=None, practice=True).exists():
        return
    lately = clock.now() - LATELY
    for one in _known().values():
        in_use = one.state == AccountState.ACTIVE
        if in_use and not planned_on(one).exists() and not drafted_for(one, lately).exists():
            channel_actions.disconnect_account(by=SYSTEM, account=one)


def _known() -> dict[str, Account]:
    rows = channels.every_account().filter(connector=PAPER, purpose=Purpose.PRACTICE, personal=False, name__in=ALL)
    return {one.name: one for one in rows}


def _in_use(account: Account) -> Account:
    if account.state == AccountState.DISCONNECTED:
        return channel_actions.connect_again(by=SYSTEM, account=account)
    return account


def _made(name: str) -> Account:
    owner = (
        with_role("curator").first()
        or with_role("administrator").first()
        or Person.objects.filter(is_active=True).first()
    )
    if owner is None:
        raise Refused(_("There is nobody in this house yet."), code="nobody")
    return channel_actions.add_account(
        by=SYSTEM, connector=PAPER, name=name, owner=owner, purpose=Purpose.PRACTICE, once=f"drill:{name}"
    )

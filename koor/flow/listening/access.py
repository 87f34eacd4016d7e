"""Who may listen, ask and connect. What is said outside is seen by those who conduct, not by everybody."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from koor.flow.listening.models import Source, View
from koor.ground.governance.permissions import allows, declare
from koor.ground.people.access import Colleague
from koor.ground.people.choices import Role
from koor.kernel.access import SYSTEM

LISTEN = declare("listening.listen", _("See what is said outside, and mark it"), Role.CURATOR, Role.PR)
ASK = declare("listening.ask", _("Keep saved queries"), Role.CURATOR, Role.PR)
CONNECT = declare("listening.connect", _("Add sources, import files, mend what could not be read"), Role.CURATOR)


def may_listen(by: Colleague) -> bool:
    return allows(by, LISTEN)


def may_ask(by: Colleague) -> bool:
    return allows(by, ASK)


def may_connect(by: Colleague) -> bool:
    return allows(by, CONNECT)


def others_own(by: Colleague) -> QuerySet[Source]:
    """Sources on the personal account of another colleague: what was said to that colleague alone is theirs."""
    return not_owned(by=by.pk)


def not_owned(*, by: Any) -> QuerySet[Source]:
    """The same by the colleague's number, which may stand in a statement that is written once."""
    return Source.objects.filter(account__personal=True).exclude(account__owner=by)


def may_mend(by: Colleague, source: Source) -> bool:
    """See what could not be read as it came, and mend it. Nobody knows yet to whom it was said: what came over a
    colleague's own account is for that colleague."""
    if by is SYSTEM or source.account is None or not source.account.personal:
        return may_connect(by)
    return may_listen(by) and source.account.owner_id == by.pk


def may_take_along(by: Colleague, source: Source) -> bool:
    """Remove a source with what was heard there: what came over a colleague's own account is that colleague's."""
    if by is SYSTEM or source.account is None or not source.account.personal:
        return may_connect(by)
    return may_connect(by) and source.account.owner_id == by.pk


def may_drop(by: Colleague, view: View) -> bool:
    """A view of one's own; one for everybody is the curator's."""
    return view.by_id == by.pk if view.by_id else may_connect(by)

"""Who may listen, ask and connect. What is said outside is seen by those who conduct, not by everybody."""

from django.utils.translation import gettext_lazy as _

from koor.flow.listening.models import View
from koor.ground.governance.permissions import allows, declare
from koor.ground.people.access import Colleague
from koor.ground.people.choices import Role

LISTEN = declare("listening.listen", _("See what is said outside, and mark it"), Role.CURATOR, Role.PR)
ASK = declare("listening.ask", _("Keep saved queries"), Role.CURATOR, Role.PR)
CONNECT = declare("listening.connect", _("Add sources, import files, mend what could not be read"), Role.CURATOR)


def may_listen(by: Colleague) -> bool:
    return allows(by, LISTEN)


def may_ask(by: Colleague) -> bool:
    return allows(by, ASK)


def may_connect(by: Colleague) -> bool:
    return allows(by, CONNECT)


def may_drop(by: Colleague, view: View) -> bool:
    """A view of one's own; one for everybody is the curator's."""
    return view.by_id == by.pk if view.by_id else may_connect(by)

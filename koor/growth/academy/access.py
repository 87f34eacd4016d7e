"""Who may write lessons. Everybody follows them; results are seen by the colleague alone."""

from django.utils.translation import gettext_lazy as _

from koor.ground.governance.permissions import allows, declare
from koor.ground.people.access import Colleague
from koor.ground.people.choices import Role

WRITE = declare("academy.write_lesson", _("Write lessons"), Role.CURATOR)


def may_write_lessons(by: Colleague) -> bool:
    return allows(by, WRITE)

"""Who may, in the shell."""

from django.utils.translation import gettext_lazy as _

from koor.ground.governance.permissions import allows, declare
from koor.ground.people.access import Colleague
from koor.ground.people.choices import Role

SEE_MAIL = declare("shell.see_mail", _("See which letters went, wait or could not go"), Role.ADMINISTRATOR)


def may_see_mail(by: Colleague) -> bool:
    return allows(by, SEE_MAIL)

"""Who sees the figures of the house. They are about groups; personal figures are the person's own, on Me."""

from django.utils.translation import gettext_lazy as _

from koor.ground.governance.permissions import allows, declare
from koor.ground.people.access import Colleague
from koor.ground.people.choices import Role

SEE = declare(
    "insight.see", _("See what it did"), Role.CURATOR, Role.CAPTAIN, Role.PR, Role.FACE, Role.HELPER, Role.ADMINISTRATOR
)


def may_see_figures(by: Colleague) -> bool:
    return allows(by, SEE)

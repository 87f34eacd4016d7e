"""Who may write and publish the story. Everybody reads it."""

from django.utils.translation import gettext_lazy as _

from koor.ground.governance.permissions import allows, declare
from koor.ground.people.access import Colleague
from koor.ground.people.choices import Role

WRITE = declare("story.write", _("Write on the story"), Role.CURATOR, Role.CAPTAIN)
PUBLISH = declare("story.publish", _("Publish a version of the story"), Role.CAPTAIN, Role.CURATOR)


def may_write(by: Colleague) -> bool:
    return allows(by, WRITE)


def may_publish(by: Colleague) -> bool:
    return allows(by, PUBLISH)

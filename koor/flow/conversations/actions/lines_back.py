"""A colleague who left works here again: the direct lines that nobody has since are offered to them, and never given
back by themselves. They or whoever arranges the lines says yes; or they leave it to others."""

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.conversations import access, queries
from koor.flow.conversations.actions.lines import held, now_of
from koor.flow.conversations.models import Line
from koor.ground.contacts import actions as contacts
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import audit
from koor.kernel.access import Refused, require


@transaction.atomic
def take_up_line(*, by: Colleague, line: Line) -> Line:
    """It is theirs again, at the same address. Asked twice is once."""
    line, person = _offered(by, line)
    if line.person_id == person.pk:
        return line
    _still_free(line, person)
    now_of(line, person)
    line.save()
    if line.contact is not None:
        contacts.introduce(by=by, person=person, contact=line.contact, direct_line=True)
    audit.record(
        by=by, verb="conversations.take_line_up", target=line.contact or line.project or line, person=person.pk
    )
    return line


@transaction.atomic
def leave_line(*, by: Colleague, line: Line) -> Line:
    """Rather not: whoever arranges the lines chooses, and it is offered no more."""
    line, person = _offered(by, line)
    if line.person_id is not None:
        raise Refused(_("Somebody is there for them already."), code="taken")
    line.before = None
    line.save(update_fields=["before"])
    audit.record(by=by, verb="conversations.leave_line", target=line.contact or line.project or line, person=person.pk)
    return line


def _offered(by: Colleague, line: Line) -> tuple[Line, Person]:
    line = held(line.pk)
    person = line.before
    if person is None:
        raise Refused(_("It is not offered any more."), code="gone")
    require(access.may_take_up_line(by, line), _("Whose line it was takes it up again, or who arranges the lines."))
    return line, person


def _still_free(line: Line, person: Person) -> None:
    if not access.may_open_line(person):
        raise Refused(_("A direct line is for who answers on their own."), code="practises")
    if not queries.to_take_up().filter(pk=line.pk).exists():
        raise Refused(_("Somebody is there for them already."), code="taken")

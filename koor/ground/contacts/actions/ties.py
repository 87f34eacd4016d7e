"""Who knows whom: colleagues and people outside, and people outside among themselves."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from koor.ground.contacts import queries
from koor.ground.contacts.access import may_arrange_lines, may_edit_contact, may_introduce, may_set_direct_line
from koor.ground.contacts.actions import checks
from koor.ground.contacts.actions.people import held
from koor.ground.contacts.events import DirectLineChanged
from koor.ground.contacts.models import Acquaintance, Contact, Tie
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import audit, events
from koor.kernel.access import Refused, require


@transaction.atomic
def introduce(
    *,
    by: Colleague,
    person: Person,
    contact: Contact,
    how: str | None = None,
    since: date | None = None,
    direct_line: bool | None = None,
) -> Acquaintance:
    """A colleague knows a contact: how, since when, and whether they are this contact's own person.

    Told again it is changed; what is None stays as it was. A contact has one direct line: the earlier one ends."""
    contact = held(contact)
    require(may_introduce(by, person), _("Whom a colleague knows, they tell themselves."))
    if not person.is_active:
        raise Refused(_("Choose a colleague who works here."), code="left", field="person")
    row = acquaintance_of(person, contact)
    line = row.direct_line if direct_line is None else direct_line
    if line != row.direct_line:
        require(may_set_direct_line(by, person), _("The curator arranges the direct lines of others."))
    return acquainted(row, by=by, how=how, since=since, line=line)


def acquaintance_of(person: Person, contact: Contact) -> Acquaintance:
    """The row of these two, or a new one that is not kept yet."""
    found = Acquaintance.objects.filter(person=person, contact=contact).first()
    return found or Acquaintance(person=person, contact=contact)


def acquainted(
    row: Acquaintance, *, by: Colleague, how: str | None = None, since: date | None = None, line: bool = False
) -> Acquaintance:
    """Write down how two know each other. Part of a deed whose caller checked who may."""
    new = row.pk is None
    said = row.how if how is None else checks.line(how, 200, "how")
    changed = checks.changed(row, {"how": said, "since": since or row.since, "direct_line": line})
    if not new and not changed:
        return row
    if "direct_line" in changed and line:
        others = Acquaintance.objects.filter(contact=row.contact, direct_line=True).exclude(pk=row.pk)
        others.update(direct_line=False)
    row.save()
    if new:
        audit.record(by=by, verb="contacts.introduce", target=row.contact, person=row.person.name)
    if "direct_line" in changed:
        name = row.person.name if line else ""
        audit.record(by=by, verb="contacts.change_direct_line", target=row.contact, person=name)
        events.tell(DirectLineChanged(row.contact_id, row.person_id if line else None))
    return row


@transaction.atomic
def forget_acquaintance(*, by: Colleague, person: Person, contact: Contact) -> None:
    """This colleague does not know them after all."""
    contact = held(contact)
    require(may_introduce(by, person), _("Whom a colleague knows, they tell themselves."))
    row = Acquaintance.objects.filter(person=person, contact=contact).first()
    if row is None:
        return
    if row.direct_line:
        events.tell(DirectLineChanged(contact.pk, None))
    row.delete()
    audit.record(by=by, verb="contacts.forget_acquaintance", target=contact, person=person.name)


@transaction.atomic
def tie(*, by: Colleague, contact: Contact, other: Contact, how: str = "") -> Tie:
    """Two people outside know each other; one tie whichever way it is told."""
    contact, other = queries.survivor(contact), queries.survivor(other)
    require(may_edit_contact(by, contact) or may_edit_contact(by, other), _("Only who knows them changes this."))
    if contact == other:
        raise Refused(_("Choose somebody else."), code="same", field="other")
    first, second = sorted((contact, other), key=lambda one: one.pk)
    said = checks.line(how, 200, "how")
    row, new = Tie.objects.get_or_create(contact=first, other=second, defaults={"how": said})
    if new:
        audit.record(by=by, verb="contacts.tie", target=contact, other=other.name)
    elif said and row.how != said:
        row.how = said
        row.save(update_fields=["how"])
    return row


@transaction.atomic
def untie(*, by: Colleague, tie: Tie) -> None:
    require(may_edit_contact(by, tie.contact) or may_edit_contact(by, tie.other))
    audit.record(by=by, verb="contacts.untie", target=tie.contact, other=tie.other.name)
    tie.delete()


@transaction.atomic
def hand_over(*, by: Colleague, person_id: int, to_id: int | None) -> None:
    """Who had a colleague who left as their own person gets the one who takes over; or nobody, when nobody does."""
    require(may_arrange_lines(by))
    leaving = Person.objects.get(pk=person_id)
    to = Person.objects.filter(pk=to_id, is_active=True).first() if to_id is not None else None
    if leaving.is_active:
        return  # was let in again before this was heard
    lines = Acquaintance.objects.select_for_update(of=("self",)).filter(person=leaving, direct_line=True)
    for row in lines.order_by("pk").select_related("contact"):
        row.direct_line = False
        row.save(update_fields=["direct_line"])
        if to is not None:
            Acquaintance.objects.update_or_create(
                person=to,
                contact=row.contact,
                defaults={"direct_line": True},
                create_defaults={"direct_line": True, "how": row.how},
            )
        events.tell(DirectLineChanged(row.contact_id, to.pk if to else None))
        name = to.name if to else ""
        audit.record(by=by, verb="contacts.change_direct_line", target=row.contact, person=name)

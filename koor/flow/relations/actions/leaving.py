"""When a colleague leaves: who may want work from us and who shows our work have somebody else."""

from django.db import transaction

from koor.flow.relations import queries
from koor.flow.relations.actions.leads import tell_whose_it_is
from koor.flow.relations.choices import OPEN_LEADS, AmbassadorState
from koor.flow.relations.models import Ambassador, Lead
from koor.ground.contacts import queries as contacts
from koor.ground.contacts.models import Contact
from koor.ground.people import queries as people
from koor.ground.people.access import Colleague
from koor.ground.people.choices import Role
from koor.ground.people.models import Person
from koor.kernel import audit, clock


@transaction.atomic
def hand_relations_over(*, by: Colleague, person_id: int, to_id: int | None) -> None:
    """Open leads go to whoever takes over, else to who sells; ambassadors to whoever takes over, else to who knows
    them, else to a curator."""
    if Person.objects.filter(pk=person_id, is_active=True).exists():
        return  # was let in again before this was heard
    to = Person.objects.filter(pk=to_id, is_active=True).first() if to_id else None
    _leads(person_id, to, by=by)
    rows = Ambassador.objects.select_for_update(of=("self",)).filter(person=person_id, ended_by_us=False)
    rows = rows.exclude(state__in=[AmbassadorState.NO, AmbassadorState.STOPPED])
    for row in rows.select_related("contact").order_by("pk"):
        row.person = to or _who_knows(row.contact)
        row.save(update_fields=["person"])
        audit.record(by=by, verb="relations.pass_ambassador_on", target=row.contact, person=row.person_id)


def _leads(person_id: int, to: Person | None, *, by: Colleague) -> None:
    rows = Lead.objects.select_for_update(of=("self",)).filter(to=person_id, state__in=OPEN_LEADS)
    for row in rows.select_related("by").order_by("pk"):
        made_it = row.by if row.by and row.by.is_active else None
        row.to, row.changed_at = to or queries.who_sells() or made_it, clock.now()
        row.handed_at = row.changed_at
        row.save(update_fields=["to", "changed_at", "handed_at"])
        audit.record(by=by, verb="relations.hand_lead", target=row, to=row.to.name if row.to else "")
        if row.to is not None:
            tell_whose_it_is(row, row.to)


def _who_knows(contact: Contact) -> Person | None:
    known = contacts.acquaintances_of(contact)
    return known[0].person if known else people.with_role(Role.CURATOR).first()

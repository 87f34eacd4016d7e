"""Two who were written down are one person, or not: joined by Koor on proof, by a colleague on somebody's word."""

from django.db import transaction
from django.utils.translation import gettext as _

from koor.ground.contacts import queries
from koor.ground.contacts.access import may_edit_contact, may_merge
from koor.ground.contacts.actions import merging
from koor.ground.contacts.models import Contact, Handle, Merge, NotSame
from koor.ground.contacts.queries import likeness
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import audit, clock, jobs
from koor.kernel.access import require


@transaction.atomic
def confirm_handle(*, by: Colleague, handle: Handle) -> Handle:
    """This address is theirs: they said so, or wrote from it. Whoever else was written down with it may be them."""
    from koor.ground.contacts import tasks

    require(may_edit_contact(by, handle.contact), _("Only who knows them changes this."))
    if handle.verified_at is None:
        handle.verified_at = clock.now()
        handle.save(update_fields=["verified_at"])
        audit.record(by=by, verb="contacts.confirm_handle", target=handle.contact, handle=handle.value)
        jobs.later(tasks.join_on_proof, contact=handle.contact_id)
    return handle


@transaction.atomic
def not_the_same(*, by: Colleague, one: Contact, other: Contact) -> None:
    """They are two people; nobody is asked again."""
    require(may_merge(by), _("The curator makes two people one."))
    first, second = sorted((one, other), key=lambda contact: contact.pk)
    person = by if isinstance(by, Person) else None
    _row, new = NotSame.objects.get_or_create(one=first, other=second, defaults={"by": person, "at": clock.now()})
    if new:
        audit.record(by=by, verb="contacts.not_the_same", target=first, other=second.name)


@transaction.atomic
def join_on_proof(*, by: Colleague, contact_id: int) -> list[Merge]:
    """Join whoever is this person without doubt: who was there first is kept."""
    contact = Contact.objects.filter(pk=contact_id, merged_into=None).first()
    if contact is None:
        return []
    made = []
    pairs = likeness.pairs_of(contact)
    if not likeness.all_one_name(each for pair in pairs for each in (pair.one, pair.other)):
        return []  # "De Vries" on the mailbox of Jan and Els may be either
    for pair in pairs:
        if not pair.verdict.joins:
            continue
        one, other = queries.survivor(pair.one), queries.survivor(pair.other)
        if one != other and one.invented == other.invented:
            proof = {"score": pair.verdict.score, "reasons": list(pair.verdict.reasons)}
            made.append(merging.merge_contacts(by=by, kept=one, gone=other, proof=proof))
    return made

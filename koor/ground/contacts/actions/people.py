"""People outside and their handles."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from koor.ground.contacts import queries, tasks
from koor.ground.contacts.access import may_add_contact, may_edit_contact
from koor.ground.contacts.actions import checks
from koor.ground.contacts.actions.work import organisation_named
from koor.ground.contacts.logic import handles
from koor.ground.contacts.models import Contact, Handle, Organisation
from koor.ground.people import logic
from koor.ground.people import queries as people
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock, jobs
from koor.kernel.access import SYSTEM, Refused, require
from koor.kernel.once import once as done_once
from koor.kernel.personal import Address, tombstones
from koor.kernel.personal.words import of_old

FIELDS = ("name", "organisation", "role", "email", "phone", "street", "place", "language", "note", "face")
MOST_HANDLES = 40
ERASED = gettext_noop("Somebody with this address was erased here. Whoever looks after personal data lets them back.")


def add_contact(
    *, by: Colleague, name: str, organisation: Organisation | str | None = None, once: str = "", **fields: Any
) -> Contact:
    """Write down a person outside. `fields`: role, email, phone, street, place, language, note, face."""
    require(may_add_contact(by))

    def make() -> Contact:
        _check_reached(by, fields)
        contact = Contact(made_at=clock.now())
        checks.changed(contact, _checked({"name": name, "organisation": organisation, **fields}, by))
        contact.save()
        _follow(contact, "email", "", contact.email)
        _follow(contact, "phone", "", contact.phone)
        audit.record(by=by, verb="contacts.add_contact", target=contact)
        return contact

    with transaction.atomic():
        content = {"name": name, "organisation": str(organisation or ""), **fields}
        pk, _new = done_once(f"contacts.add_contact:{by.pk}", once, content, make)
        return Contact.objects.get(pk=pk)


@transaction.atomic
def edit_contact(*, by: Colleague, contact: Contact, **changes: Any) -> Contact:
    """Change what is known of somebody. Their e-mail address and phone are handles too, and follow."""
    contact = held(contact)
    require(may_edit_contact(by, contact), _("Only who knows them changes this."))
    _check_reached(by, {key: value for key, value in changes.items() if value != getattr(contact, key, None)})
    before = {"email": contact.email, "phone": contact.phone}
    changed = checks.changed(contact, _checked(changes, by))
    if not changed:
        return contact
    contact.save(update_fields=list(changed))
    for platform in ("email", "phone"):
        if platform in changed:
            _follow(contact, platform, before[platform], changed[platform])
    audit.record(by=by, verb="contacts.edit_contact", target=contact, changed=sorted(changed))
    return contact


def refuse_erased(addresses: Iterable[Address], *, said_at: datetime | None = None, field: str = "") -> None:
    """Who was erased is not written down again, whatever list they stand in."""
    erased = tombstones.stopped(addresses).values()
    if erased and (said_at is None or said_at <= max(erased)):
        raise Refused(_(ERASED), code="erased", field=field)


def as_told(addresses: Iterable[Address]) -> None:
    """Somebody who is met again under an address that was folded once has it as the platform spells it from then on."""
    true = {(platform, old): value for platform, value in addresses if (old := of_old(value))}
    if not true:
        return
    rows = Handle.objects.filter(value__in={value for _platform, value in true}).order_by("pk")
    for row in rows.select_for_update(of=("self",)):
        value = true.get((row.platform, row.value), "")
        if value and not Handle.objects.filter(platform=row.platform, value=value).exists():
            Handle.objects.filter(pk=row.pk).update(value=value)


def _check_reached(by: Colleague, fields: Mapping[str, Any]) -> None:
    """A person outside who writes to us themselves is let in; what a colleague types or brings in is looked at."""
    if by is SYSTEM:
        return
    country = people.house().country
    for platform in ("email", "phone"):
        if said := str(fields.get(platform) or "").strip():
            refuse_erased([(platform, queries.spelling(platform, said, country))], field=platform)


def _checked(values: dict[str, Any], by: Colleague) -> dict[str, Any]:
    lines = {"role": 120, "phone": 40, "street": 160, "place": 120, "face": 40}
    checked: dict[str, Any] = {}
    for key, value in values.items():
        if key not in FIELDS:
            raise ValueError(f"no such field: {key}")
        if key == "name":
            checked[key] = checks.name(value)
        elif key == "organisation":
            checked[key] = organisation_named(value, by=by) if isinstance(value, str) else value
        elif key == "email":
            checked[key] = checks.email(value)
        elif key == "language":
            checked[key] = checks.language(value)
        elif key == "note":
            checked[key] = checks.text(value, 4000, key)
        else:
            checked[key] = checks.line(value, lines[key], key)
    return checked


def held(contact: Contact) -> Contact:
    """The present row of whom this contact became, held until this deed is done."""
    return Contact.objects.select_for_update(of=("self",)).get(pk=queries.survivor(contact).pk)


def _follow(contact: Contact, platform: str, before: str, now: str) -> None:
    """The handle behind the e-mail address or phone. One that is somebody else's stays theirs: people share those."""
    country = people.house().country
    if before:
        spelled = queries.spelling(platform, before, country)
        Handle.objects.filter(contact=contact, platform=platform, value=spelled).delete()
    if not now:
        return
    try:
        spelled = handles.normalised(platform, now, country)
    except handles.NotAHandle:
        return  # "ask for Els": of use to a person, not to recognise somebody by
    row, _new = Handle.objects.get_or_create(platform=platform, value=spelled, defaults={"contact": contact})
    if row.contact_id != contact.pk and row.verified_at:
        jobs.later(tasks.join_on_proof, contact=contact.pk)


@transaction.atomic
def add_handle(*, by: Colleague, contact: Contact, platform: str, value: str, url: str = "") -> Handle:
    """An address of somebody on a platform. One address is one person's."""
    contact = held(contact)
    require(may_edit_contact(by, contact), _("Only who knows them changes this."))
    platform = logic.slug(platform).replace("-", "_")[:40]
    if not platform:
        raise Refused(_("Choose a platform."), code="platform", field="platform")
    try:
        spelled = handles.normalised(platform, value, people.house().country)
    except handles.NotAHandle:
        raise Refused(_("That is not how addresses look there."), code="handle", field="value") from None
    if contact.handles.count() >= MOST_HANDLES:
        raise Refused(_("That is more than one person uses. Take one away first."), code="many", field="value")
    if by is not SYSTEM:
        refuse_erased([(platform, spelled)], field="value")
    as_told([(platform, spelled)])
    link = checks.website(url, "url", 500) or handles.page_typed(platform, value, spelled)
    row, new = Handle.objects.get_or_create(
        platform=platform, value=spelled, defaults={"contact": contact, "url": link}
    )
    if row.contact_id != contact.pk:
        other = queries.survivor(row.contact)
        sentence = _("This is %(name)s already. Are they one person? Then make them one.") % {"name": other.name}
        raise Refused(sentence, code="taken", field="value")
    if new:
        audit.record(by=by, verb="contacts.add_handle", target=contact, platform=platform, handle=spelled)
    return row


@transaction.atomic
def remove_handle(*, by: Colleague, handle: Handle) -> None:
    contact = handle.contact
    require(may_edit_contact(by, contact), _("Only who knows them changes this."))
    audit.record(by=by, verb="contacts.remove_handle", target=contact, platform=handle.platform, handle=handle.value)
    handle.delete()

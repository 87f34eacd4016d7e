"""Who says something on a platform is met: known by their address there, or written down for the first time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from koor.ground.contacts import queries
from koor.ground.contacts.access import may_add_contact
from koor.ground.contacts.actions.people import as_told, refuse_erased
from koor.ground.contacts.logic import handles, lists
from koor.ground.contacts.models import Contact, Handle
from koor.ground.people import logic
from koor.ground.people import queries as people
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock, hrefs
from koor.kernel.access import Refused, require
from koor.kernel.personal import Address, tombstones


@dataclass(frozen=True)
class Met:
    """Somebody who spoke, as a platform tells of them."""

    name: str
    platform: str
    handle: str
    said_at: datetime | None = None
    url: str = ""


@transaction.atomic
def meet_contact(
    *,
    by: Colleague,
    name: str,
    platform: str,
    handle: str,
    url: str = "",
    said_at: datetime | None = None,
    invented: bool = False,
) -> Contact:
    """The contact with this address on this platform; made when we meet them for the first time.

    For what comes in from platforms: two at the same moment give one contact. Refused for who was erased (`erased`),
    but for what they said after that (`said_at`): then they came back by themselves."""
    require(may_add_contact(by))
    spelled = queries.spelling(platform, handle, people.house().country)
    if not spelled:
        raise Refused(_("Somebody without an address can't be recognised."), code="no_handle")
    known = queries.contact_by_handle(platform, spelled)
    if (
        known is None
        and platform == "email"
        and (whose := _whose(name, queries.at_mailboxes({spelled}).get(spelled, ())))
    ):
        return whose
    if known is not None:
        as_told([(platform, spelled)])
        return known
    refuse_erased([(platform, spelled)], said_at=said_at)
    try:
        with transaction.atomic():
            contact, address = _first_met(Met(name, platform, handle, url=url), spelled)
            contact.invented = invented
            contact.save()
            address.save()
    except IntegrityError:
        return Handle.objects.select_related("contact").get(platform=platform, value=spelled).contact
    _told(by, [address])
    return contact


@transaction.atomic
def meet_contacts(*, by: Colleague, several: Sequence[Met]) -> list[Contact | None]:
    """The contact of each, as `meet_contact` for one after the other, in a few statements whatever their number. None
    for who has no address, and for what was said before somebody was erased."""
    require(may_add_contact(by))
    country = people.house().country
    addresses = [(one.platform, queries.spelling(one.platform, one.handle, country)) for one in several]
    known = queries.contacts_by_address({address for address in addresses if address[1]})
    as_told(known)
    new = {address for address in addresses if address[1] and address not in known}
    erased, shared = tombstones.stopped(new), queries.at_mailboxes({own for key, own in new if key == "email"})
    strange: dict[Address, Met] = {}
    theirs: list[Address | Contact | None] = []
    for one, address in zip(several, addresses, strict=True):
        if address[0] == "email" and address in new and (whose := _whose(one.name, shared.get(address[1], ()))):
            theirs.append(whose)
            continue
        there = address in known or address in strange
        back = address not in erased or (one.said_at is not None and one.said_at > erased[address])
        if address[1] and not there and back:
            strange[address] = one
        theirs.append(address if address in known or address in strange else None)
    known |= _written(by, strange)
    return [known[one] if isinstance(one, tuple) else one for one in theirs]


def _whose(name: str, at_mailbox: Collection[Contact]) -> Contact | None:
    """Who writes from a mailbox that nobody is known by, such as a couple's: who is called so, and only one of them.
    "De Vries" may be either."""
    if len(name.split()) < 2:
        return None
    found = [one for one in at_mailbox if lists.alike(name, one.name)]
    return found[0] if len(found) == 1 else None


def _written(by: Colleague, strange: dict[Address, Met]) -> dict[Address, Contact]:
    """Whom we meet for the first time; by one address after the other when somebody else met one of them just now."""
    rows = [_first_met(one, address[1]) for address, one in strange.items()]
    if not rows:
        return {}
    try:
        with transaction.atomic():
            Contact.objects.bulk_create(contact for contact, _handle in rows)
            made = [handle for _contact, handle in rows]
            Handle.objects.bulk_create(sorted(made, key=lambda one: (one.platform, one.value)))
    except IntegrityError:
        several = strange.items()
        return {
            address: meet_contact(
                by=by, name=one.name, platform=one.platform, handle=one.handle, url=one.url, said_at=one.said_at
            )
            for address, one in several
        }
    _told(by, made)
    return {address: contact for address, (contact, _handle) in zip(strange, rows, strict=True)}


def _first_met(one: Met, spelled: str) -> tuple[Contact, Handle]:
    """The rows of somebody new."""
    said = logic.one_line(one.name)[:160] or one.handle[:160]
    link = hrefs.web(one.url, most=500) or handles.page_of(one.platform, spelled)
    contact = Contact(name=said, made_at=clock.now())
    seen = None if one.platform in {"email", "phone"} else clock.now()  # a platform says whose it is
    return contact, Handle(contact=contact, platform=one.platform, value=spelled, url=link[:500], verified_at=seen)


def _told(by: Colleague, met: Collection[Handle]) -> None:
    audit.record_all(
        by=by,
        deeds=[("contacts.meet_contact", one.contact, {"platform": one.platform, "handle": one.value}) for one in met],
    )

"""A list of people outside, from CSV or cards: read, shown with what is wrong and who is known, and taken in once."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from koor.ground.contacts import queries
from koor.ground.contacts.access import may_import
from koor.ground.contacts.actions import checks
from koor.ground.contacts.actions.people import ERASED, add_contact, as_told, refuse_erased
from koor.ground.contacts.actions.ties import acquaintance_of, acquainted
from koor.ground.contacts.logic import lists, vcard
from koor.ground.contacts.logic.handles import page_of
from koor.ground.contacts.models import Contact, Handle
from koor.ground.people import queries as people
from koor.ground.people.actions import keep_draft
from koor.ground.people.choices import ImportKind
from koor.ground.people.models import ImportDraft, Person
from koor.kernel import audit, clock, tables
from koor.kernel.access import Forbidden, Refused, require
from koor.kernel.personal import tombstones

MOST = 2_000
MOST_BYTES = 10_000_000  # of text
MOST_UNREAD = 30  # columns that are told
Address = tuple[str, str]  # platform, one spelling
FILLED = ("role", "email", "phone", "street", "place", "language", "note")


@transaction.atomic
def read_contacts(*, by: Person, name: str, data: bytes) -> ImportDraft:
    """Read a list; nothing is taken in yet. Cards are known by how they begin; all else is CSV."""
    require(may_import(by))
    start = data[:400].lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").replace(b"\0", b"").upper()
    country = people.house().country
    unread: list[str] = []
    if start.startswith(b"BEGIN:VCARD"):
        entries = _from_cards(tables.text_of(vcard.without_pictures(data), MOST_BYTES), country)
        words = {"pictures": _("photos"), "birthdays": _("birthdays")}
        unread = [words[kind] for kind in vcard.also_has(data)]
    else:
        entries, unread = _from_csv(data, country)
    draft = keep_draft(by=by, kind=ImportKind.CONTACTS, name=name, rows=[asdict(entry) for entry in entries])
    if unread:
        draft.outcome = {"unread": unread}
        draft.save(update_fields=["outcome"])
    return draft


def _from_cards(text: str, country: str) -> list[lists.Entry]:
    entries: list[lists.Entry] = []
    for card in vcard.cards(text):
        if len(entries) >= MOST:
            sentence = _("This list has more than %(most)s rows. Bring it in in parts.") % {"most": MOST}
            raise Refused(sentence, code="long", field="file")
        entries.append(lists.from_card(card, country))
    return entries


def _from_csv(data: bytes, country: str) -> tuple[list[lists.Entry], list[str]]:
    """The rows, and the columns in which something stands that is not read."""
    table = tables.read(data, most_lines=MOST)
    columns = lists.known_columns(table.columns)
    if not {"name", "first", "last", "organisation"} & set(columns.values()):
        sentence = _("The heading needs a column with names. Read was: %(columns)s")
        raise Refused(sentence % {"columns": ", ".join(table.columns[:12])}, code="columns", field="file")
    entries = []
    left: set[str] = set()
    for line in table.lines:
        entry = lists.from_row(line.number, lists.values_of(line.values, columns), country)
        if line.problem:
            entry.problems.append(("line", line.problem))
        entries.append(entry)
        if not entry.problems:
            left |= lists.left_over(entry, line.values, columns, country)
    told = [column for column in dict.fromkeys(table.columns) if column in left]
    return entries, [_("%(column)s (in part)") % {"column": one} if one in columns else one for one in told][
        :MOST_UNREAD
    ]


@transaction.atomic
def take_in_contacts(*, by: Person, draft: ImportDraft) -> ImportDraft:
    """Write down who is new; of who is known, fill what was not known yet. Done once."""
    require(may_import(by))
    draft = ImportDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk, by=by)
    if draft.taken_in_at is not None:
        return draft
    outcome = {"added": 0, "known": 0, "left_out": 0}
    colleagues = people.people_by_address(row["known_by"] for row in draft.rows if row["known_by"])
    made: dict[tuple[str, str], Contact] = {}
    for entry, problems, known in checked_rows(draft):
        known = known or next((made[address] for address in entry.addresses() if address in made), None)
        if problems or not _taken_in(by, entry, known, colleagues.get(entry.known_by), made):
            outcome["left_out"] += 1
        else:
            outcome["known" if known else "added"] += 1
    draft.taken_in_at, draft.outcome, draft.rows = clock.now(), outcome, []
    draft.save()
    audit.record(by=by, verb="contacts.import_contacts", target=draft, **outcome)
    return draft


def _taken_in(
    by: Person,
    entry: lists.Entry,
    known: Contact | None,
    colleague: Person | None,
    made: dict[tuple[str, str], Contact],
) -> bool:
    """Take in one row; False when it is refused after all."""
    values = {key: getattr(entry, key) for key in FILLED}
    try:
        with transaction.atomic():
            if known is None:
                refuse_erased(_owned(entry))
                own = {key: value for key, value in values.items() if not _is_shared(entry, key)}
                known = add_contact(by=by, name=entry.name, organisation=entry.organisation, **own)
            contact = _filled(by, known, values)
            _handles(contact, entry)
            if colleague is not None and colleague.is_active:
                row = acquaintance_of(colleague, contact)
                acquainted(row, by=by, how=entry.how or None, line=row.direct_line)
    except (Refused, Forbidden):
        return False
    made.update(dict.fromkeys(entry.addresses(), contact))
    return True


def _filled(by: Person, contact: Contact, values: dict[str, str]) -> Contact:
    """What was known stays; what was not known is filled."""
    changed = [key for key, value in values.items() if value and not getattr(contact, key)]
    for key in changed:
        setattr(contact, key, values[key])
    if changed:
        contact.save(update_fields=changed)
        audit.record(by=by, verb="contacts.edit_contact", target=contact, changed=sorted(changed))
    return contact


def _is_shared(entry: lists.Entry, key: str) -> bool:
    """Whether this is an address that is written down and by which nobody is known."""
    value = getattr(entry, key) if key in ("email", "phone") else ""
    return bool(value) and (key, queries.spelling(key, value, people.house().country)) in entry.shared


def _handles(contact: Contact, entry: lists.Entry) -> None:
    """Addresses that nobody has yet become this contact's."""
    addresses = list(entry.addresses())
    as_told(addresses)
    erased = tombstones.stopped(addresses)
    rows = [
        Handle(contact=contact, platform=p, value=v, url=page_of(p, v)) for p, v in addresses if (p, v) not in erased
    ]
    Handle.objects.bulk_create(rows, ignore_conflicts=True)


def checked_rows(draft: ImportDraft) -> list[tuple[lists.Entry, list[str], Contact | None]]:
    """Each row with what is wrong with it, in words, and the contact who is known by one of its addresses; by
    name and organisation where it has none."""
    entries = [_entry(row) for row in draft.rows]
    several = lists.shared(entries)
    for entry in entries:
        entry.set_aside(several)
    addresses = {address for entry in entries for address in (*entry.addresses(), *entry.shared)}
    known, erased = queries.contacts_by_address(addresses), tombstones.stopped(addresses)
    unplaced = [entry for entry in entries if known.keys() >= set(entry.addresses())]
    named = queries.contacts_by_name({entry.name for entry in unplaced})
    checked: list[tuple[lists.Entry, list[str], Contact | None]] = []
    above: dict[Address, tuple[lists.Entry, Contact | None]] = {}
    for entry in entries:
        problems = [_words(code, read) for code, read in entry.problems] + _problems(entry)
        found = _known(entry, known, named)
        if found is None and any(one in erased for one in _owned(entry)):
            problems.append(_(ERASED))
        if not problems:
            found = _after(entry, found, above)
        checked.append((entry, problems, found))
    return checked


def _entry(row: dict[str, Any]) -> lists.Entry:
    pairs = {key: _pairs(row.get(key, ())) for key in ("handles", "problems", "shared")}
    return lists.Entry(**{**row, **pairs})


def _known(
    entry: lists.Entry, known: Mapping[Address, Contact], named: Mapping[tuple[str, str], Contact]
) -> Contact | None:
    """Who this is. A telephone, which people share, only says so with the name; so does what others have too."""
    for address in (*entry.addresses(), *entry.shared):
        own = address in entry.handles and address[0] != "phone"
        if (found := known.get(address)) and (own or lists.alike(entry.name, found.name)):
            return found
    nothing_new = all(address in known for address in entry.addresses())
    return named.get((entry.name.casefold(), entry.organisation.casefold())) if nothing_new else None


def _owned(entry: lists.Entry) -> list[Address]:
    """By what somebody who was erased is kept out: e-mail addresses also where others have them too."""
    return [*entry.addresses(), *(address for address in entry.shared if address[0] == "email")]


def _after(
    entry: lists.Entry, found: Contact | None, above: dict[Address, tuple[lists.Entry, Contact | None]]
) -> Contact | None:
    """With a row above that has one of its addresses it is one person, and who reads the list is told."""
    if found is None and (rows := [above[address] for address in entry.addresses() if address in above]):
        first, found = rows[0]
        entry.falls_with = "" if found else first.name
    for address in entry.addresses():
        above.setdefault(address, (entry, found))
    return found


def _pairs(rows: Iterable[Iterable[str]]) -> list[tuple[str, str]]:
    return [(first, second) for first, second in rows]


def _problems(entry: lists.Entry) -> list[str]:
    try:
        checks.name(entry.name)
        if entry.organisation:
            checks.name(entry.organisation)
    except Refused as refused:
        return [str(refused)]
    return []


def _words(code: str, read: str) -> str:
    if code == "line":
        return read
    sentences = {
        "email": _("This is not an e-mail address: %(read)s"),
        "handle": _("This is not how addresses look there: %(read)s"),
        "language": _("This language is not known: %(read)s"),
        "long": _("Too long: %(read)s…"),
        "open": _("This card begins and does not end."),
        "group": _("This card is of a group, not of one person."),
    }
    return sentences[code] % {"read": read[:60]}

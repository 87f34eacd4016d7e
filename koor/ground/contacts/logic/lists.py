"""Lists of people outside, from CSV or cards: which column is what, in Dutch and English, and what a row says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from koor.ground.contacts.logic.handles import PLATFORMS, NotAHandle, normalised
from koor.ground.contacts.logic.vcard import Card

COLUMNS = {
    "name": ("name", "naam", "full name", "volledige naam", "contact", "klant", "customer", "contactpersoon"),
    "first": ("first name", "voornaam", "given name"),
    "middle": ("tussenvoegsel", "middle name", "infix"),
    "last": ("last name", "achternaam", "family name", "surname"),
    "organisation": ("organisation", "organization", "organisatie", "bedrijf", "company", "bedrijfsnaam", "school"),
    "role": ("role", "rol", "functie", "job title", "title"),
    "email": ("email", "e-mail", "e-mailadres", "emailadres", "mail", "email address", "e-mail 1 - value"),
    "phone": ("phone", "telefoon", "telefoonnummer", "mobiel", "mobile", "phone number", "tel", "phone 1 - value"),
    "street": ("street", "straat", "adres", "address", "straat en huisnummer"),
    "place": ("place", "plaats", "woonplaats", "city", "stad"),
    "language": ("language", "taal"),
    "note": ("note", "notes", "notitie", "notities", "opmerking", "opmerkingen"),
    "known_by": ("known by", "kent", "collega", "bekend bij", "contact bij ons", "account manager", "known by email"),
    "how": ("how", "hoe", "waarvan", "relatie", "relation"),
    **{key: (key, platform.name.lower()) for key, platform in PLATFORMS.items()},
}
LIMITS = {
    "name": 160,
    "organisation": 160,
    "role": 120,
    "phone": 40,
    "street": 160,
    "place": 120,
    "note": 4000,
    "how": 200,
}
LANGUAGES = {
    "nl": "nl",
    "nederlands": "nl",
    "dutch": "nl",
    "en": "en",
    "engels": "en",
    "english": "en",
    "de": "de",
    "duits": "de",
}


@dataclass
class Entry:
    """One person on the list. `problems` are codes with what was read; the words for them are the page's."""

    number: int
    name: str = ""
    organisation: str = ""
    role: str = ""
    email: str = ""
    phone: str = ""
    street: str = ""
    place: str = ""
    language: str = ""
    note: str = ""
    known_by: str = ""
    how: str = ""
    handles: list[tuple[str, str]] = field(default_factory=list)  # (platform, one spelling)
    problems: list[tuple[str, str]] = field(default_factory=list)

    def addresses(self) -> list[tuple[str, str]]:
        """By what somebody is recognised: handles, e-mail and phone."""
        return list(dict.fromkeys(self.handles))


def from_row(number: int, values: Mapping[str, str], country: str) -> Entry:
    """What a row says; `values` by our own names of columns."""
    said = {key: " ".join(value.split()) for key, value in values.items()}
    parts = (said.get("first", ""), said.get("middle", ""), said.get("last", ""))
    found = Entry(
        number,
        name=said.get("name") or " ".join(part for part in parts if part),
        organisation=said.get("organisation", ""),
        role=said.get("role", ""),
        phone=said.get("phone", "").removeprefix("'"),
        street=said.get("street", ""),
        place=said.get("place", ""),
        note=values.get("note", "").strip(),
        known_by=said.get("known_by", "").lower(),
        how=said.get("how", ""),
    )
    _language(found, said.get("language", ""))
    _email(found, said.get("email", ""))
    _number(found, found.phone, country)
    for platform in PLATFORMS:
        if said.get(platform):
            _handle(found, platform, said[platform])
    return _named(found)


def from_card(card: Card, country: str) -> Entry:
    """What a card says. Further addresses of one kind become handles too."""
    found = Entry(
        card.number,
        name=" ".join(card.name.split()),
        organisation=" ".join(card.organisation.split()),
        role=" ".join(card.role.split()),
        phone=" ".join(card.phones[0].split()) if card.phones else "",
        street=card.street,
        place=card.place,
        note=card.note.replace("\r\n", "\n"),
    )
    if card.problem:
        found.problems.append(("card", card.problem))
    found.language = LANGUAGES.get(card.language.lower(), "")
    for at, address in enumerate(card.emails):
        _email(found, address, first=at == 0)
    for number in card.phones:
        _number(found, number, country)
    for platform, value in [*card.handles, *(("", url) for url in card.urls)]:
        known = platform if platform in PLATFORMS else platform_of(value)
        if known:
            _handle(found, known, value, strict=False)
    return _named(found)


def platform_of(address: str) -> str:
    """Which platform a web address belongs to, by its host."""
    try:
        host = (urlsplit(address if "://" in address else f"https://{address}").hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    return next(
        (key for key, each in PLATFORMS.items() if any(host == own or host.endswith(f".{own}") for own in each.hosts)),
        "",
    )


def _email(found: Entry, value: str, first: bool = True) -> None:
    if not value:
        return
    try:
        spelled = normalised("email", value)
    except NotAHandle:
        if first:
            found.problems.append(("email", value))
        return
    found.email = found.email or spelled
    found.handles.append(("email", spelled))


def _number(found: Entry, value: str, country: str) -> None:
    """A phone that can't be read is kept as it is, and recognises nobody."""
    try:
        found.handles.append(("phone", normalised("phone", value, country)))
    except NotAHandle:
        pass


def _handle(found: Entry, platform: str, value: str, strict: bool = True) -> None:
    try:
        found.handles.append((platform, normalised(platform, value)))
    except NotAHandle:
        if strict:
            found.problems.append(("handle", f"{PLATFORMS[platform].name}: {value}"))


def _language(found: Entry, word: str) -> None:
    if word:
        found.language = LANGUAGES.get(word.lower(), "")
        if not found.language:
            found.problems.append(("language", word))


def _named(found: Entry) -> Entry:
    """A card of a shop has only an organisation: then that is its name."""
    if not found.name and found.organisation:
        found.name, found.organisation = found.organisation, ""
    for key, most in LIMITS.items():
        if len(getattr(found, key)) > most:
            found.problems.append(("long", getattr(found, key)[:40]))
    return found

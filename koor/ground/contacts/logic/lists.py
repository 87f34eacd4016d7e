"""Lists of people outside, from CSV or cards: which column is what, in Dutch and English, as people write them and as
Outlook and Google do, and what a row says."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from urllib.parse import urlsplit

from koor.ground.contacts.logic.handles import PLATFORMS, NotAHandle, normalised
from koor.ground.contacts.logic.vcard import Card

_NUMBERS = range(1, 6)

COLUMNS = {  # of what may stand in one column alone, the spelling that says it best first
    "name": ("name", "naam", "full name", "volledige naam", "contact", "klant", "customer", "contactpersoon"),
    "first": ("first name", "voornaam", "given name"),
    "middle": ("tussenvoegsel", "middle name", "middelste naam", "infix"),
    "last": ("last name", "achternaam", "family name", "surname"),
    "organisation": (
        "organisation", "organization", "organisatie", "bedrijf", "company", "bedrijfsnaam", "school",
        "organization name", "organization 1 - name",
    ),
    "role": (
        "role", "rol", "functie", "job title", "organization title", "organization 1 - title", "title",
    ),
    "email": (
        "email", "e-mail", "e-mailadres", "emailadres", "mail", "email address", "e-mail address",
        *(f"e-mail {number} - value" for number in _NUMBERS),
        *(f"{name}{number}" for name in ("e-mailadres ", "e-mail ", "email ") for number in _NUMBERS),
        *(f"e-mail {number} address" for number in _NUMBERS),
    ),
    "phone": (
        "phone", "telefoon", "telefoonnummer", "mobiel", "mobile", "phone number", "tel", "mobile phone",
        "mobiele telefoon", "mobiel nummer", "home phone", "home phone 2", "telefoon thuis", "telefoon thuis 2",
        "primary phone", *(f"phone {number} - value" for number in _NUMBERS),
    ),
    "office": (  # a number that colleagues share: to call them at, and nobody is known by it
        "business phone", "business phone 2", "telefoon op werk", "telefoon op werk 2", "telefoon werk",
        "company main phone", "hoofdtelefoon bedrijf",
    ),
    "street": (
        "street", "straat", "adres", "address", "straat en huisnummer", "address 1 - street", "business street",
        "werkadres, straat", "home street", "huisadres, straat",
    ),
    "place": (
        "place", "plaats", "woonplaats", "city", "stad", "address 1 - city", "business city", "werkadres, plaats",
        "home city", "huisadres, plaats",
    ),
    "language": ("language", "taal"),
    "note": ("note", "notes", "notitie", "notities", "opmerking", "opmerkingen"),
    "known_by": ("known by", "kent", "collega", "bekend bij", "contact bij ons", "account manager", "known by email"),
    "how": ("how", "hoe", "waarvan", "relatie", "relation"),
    "web": ("website", *(f"website {number} - value" for number in _NUMBERS)),
    "page": ("web page", "webpagina"),  # of Outlook: most often that of where they work
    **{key: (key, platform.name.lower()) for key, platform in PLATFORMS.items()},
}  # fmt: skip
SEVERAL = {"email", "phone", "office", "street", "place", "web", "page"}  # address books give a column to each
_HOMES = {
    "business": "work",
    "werkadres": "work",
    "home": "home",
    "huisadres": "home",
}  # of an address, by how it begins
_LABEL = re.compile(r" \d+ - (?:label|type)$|^e-mail(?: \d)? type$")  # what kind the value beside it is
_OF_A_FIRM = re.compile(r"linkedin\.com/(?:company|school|showcase)/|facebook\.com/(?:pages|groups)/", re.IGNORECASE)
_INSIDE = re.compile(r"/o=", re.IGNORECASE)  # by which Exchange knows its own people; nobody outside can use it
_OF_ONE = re.compile(r"linkedin\.com/in/", re.IGNORECASE)
PARTED = re.compile(r"(?:^|\s):::(?:\s|$)")  # several values in one cell, as Google writes them
MOST_SPELLINGS = 6  # of one name in one list
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
    shared: list[tuple[str, str]] = field(default_factory=list)  # as handles; others have these too
    falls_with: str = ""  # the name in a row above, of whom this one tells more

    def addresses(self) -> list[tuple[str, str]]:
        """By what somebody is recognised: handles, e-mail and phone."""
        return list(dict.fromkeys(self.handles))

    def set_aside(self, shared: set[tuple[str, str]]) -> None:
        """Nobody is recognised by what several have."""
        self.shared += [address for address in self.addresses() if address in shared]
        self.handles = [address for address in self.handles if address not in self.shared]


def alike(one: str, other: str) -> bool:
    """Whether two names may be one person's: "Els W." and "Els Wiggers" may, "Jan Bakker" and "Piet Bakker" not."""
    few, many = sorted((re.findall(r"\w+", one.casefold()), re.findall(r"\w+", other.casefold())), key=len)
    for word in few:
        same = [
            at for at, each in enumerate(many) if word == each or (1 in (len(word), len(each)) and word[0] == each[0])
        ]
        if not same:
            return False
        many.pop(min(same, key=lambda at: many[at] != word))
    return bool(few)


def shared(entries: Iterable[Entry]) -> set[tuple[str, str]]:
    """Addresses that stand with people of different names: a household's, a firm's."""
    named: dict[tuple[str, str], set[str]] = {}
    for entry in entries:
        for address in entry.addresses() if entry.name else ():
            named.setdefault(address, set()).add(entry.name)
    return {
        address
        for address, names in named.items()
        if len(names) > MOST_SPELLINGS or not all(alike(one, other) for one, other in combinations(names, 2))
    }


def known_columns(columns: Iterable[str]) -> dict[str, str]:
    """Column as it is called in the file → what it is for us. Where one is enough, the best spelling has it: a *title*
    is a role only where no *job title* stands."""
    places = {_bare(name): (rank, meaning) for meaning, names in COLUMNS.items() for rank, name in enumerate(names)}
    found: dict[str, str] = {}
    best: dict[str, tuple[int, str]] = {}
    for column in columns:
        rank, meaning = places.get(_bare(column), (0, ""))
        if meaning in SEVERAL:
            found[column] = meaning
        elif meaning and (meaning not in best or rank < best[meaning][0]):
            best[meaning] = rank, column
    return found | {column: meaning for meaning, (_rank, column) in best.items()}


def _bare(column: str) -> str:
    return re.sub(r"[\s_\-./]+", " ", column.lower()).strip()


def values_of(cells: Mapping[str, str], columns: Mapping[str, str]) -> dict[str, list[str]]:
    """What a line says, by our own names; of what stands in several columns each, the first that is filled first.
    Street and place are of one address: of the first that has both, else of the first that has one."""
    said: dict[str, list[str]] = {}
    homes: dict[tuple[str, int], dict[str, str]] = {}
    for column, meaning in columns.items():
        parts = [part.strip() for part in _parts(cells.get(column, ""), meaning)]
        said.setdefault(meaning, []).extend(part for part in parts if part)
        if meaning in ("street", "place"):
            of = _HOMES.get(_bare(column).replace(",", " ").split()[0], "")
            for at, part in enumerate(parts):
                if part:
                    homes.setdefault((of, at), {}).setdefault(meaning, part)
    whole = max(homes.values(), key=len, default={})
    return said | {meaning: [whole[meaning]] if meaning in whole else [] for meaning in ("street", "place")}


def _parts(cell: str, meaning: str) -> list[str]:
    parts = PARTED.split(cell) if meaning in SEVERAL else [cell]
    taken_apart = _APART.get(meaning)
    return [one for part in parts for one in taken_apart(part)] if taken_apart else parts


def _mails(cell: str) -> list[str]:
    """ "Karin <karin@work.example>", and several behind each other."""
    pointed = re.findall(r"<([^<>\s]+@[^<>\s]+)>", cell)
    found = pointed or [one for one in re.split(r"[;,\s]+", cell) if "@" in one]
    return found if pointed or len(found) > 1 else [cell]


def _phones(cell: str) -> list[str]:
    """Several behind each other, when each is long enough to be one."""
    found = re.split(r"\s*[;,|]\s*|\s/\s", cell)
    return found if all(sum(map(str.isdigit, one)) > _SHORT for one in found) else [cell]


_SHORT = 8  # digits; an extension has fewer than a number
_APART = {"email": _mails, "phone": _phones, "office": _phones}


def left_over(found: Entry, cells: Mapping[str, str], columns: Mapping[str, str], country: str) -> set[str]:
    """Columns of which something that stands in this line found no place: those that we do not know, and of those that
    may come several times what was not kept."""
    filled = {column for column, value in cells.items() if value and not _LABEL.search(column)}
    return {
        column
        for column in filled
        if not (meaning := columns.get(column))
        or (
            meaning in SEVERAL
            and not all(_kept(found, meaning, one, country) for one in _parts(cells[column], meaning))
        )
    }


def _kept(found: Entry, meaning: str, part: str, country: str) -> bool:
    said = " ".join(part.split()).removeprefix("'")
    if not said or said == getattr(found, meaning, ""):
        return True
    if meaning in ("office", "page") and (said == found.phone or said in found.note):
        return True
    platform = platform_of(said) if meaning in ("web", "page") else meaning
    try:
        return bool(platform and (platform, normalised(platform, said, country)) in found.handles)
    except NotAHandle:
        return False


def from_row(number: int, values: Mapping[str, list[str]], country: str) -> Entry:
    """What a row says; `values` by our own names of columns."""
    said = {key: " ".join(several[0].split()) for key, several in values.items() if several}
    parts = (said.get("first", ""), said.get("middle", ""), said.get("last", ""))
    found = Entry(
        number,
        name=said.get("name") or " ".join(part for part in parts if part),
        organisation=said.get("organisation", ""),
        role=said.get("role", ""),
        phone=said.get("phone", "").removeprefix("'"),
        street=said.get("street", ""),
        place=said.get("place", ""),
        note="".join(values.get("note", [])).strip(),
        known_by=said.get("known_by", "").lower(),
        how=said.get("how", ""),
    )
    _language(found, said.get("language", ""))
    _addresses(found, values, country)
    return _named(found)


def _addresses(found: Entry, values: Mapping[str, list[str]], country: str) -> None:
    """By what a row lets somebody be recognised."""
    for at, address in enumerate(values.get("email", [])):
        _email(found, address, first=at == 0)
    for phone in values.get("phone", []):
        _number(found, phone.removeprefix("'"), country)
    for platform in PLATFORMS:
        for value in values.get(platform, []):
            _handle(found, platform, value)
    for page in values.get("web", []):
        _page(found, page)
    for number in values.get("office", []):
        _office(found, number.removeprefix("'"), country)
    for page in values.get("page", []):
        if _OF_ONE.search(page):
            _page(found, page)
        else:
            _note(found, page)


def _page(found: Entry, page: str) -> None:
    if (known := platform_of(page)) and not _OF_A_FIRM.search(page):
        _handle(found, known, page, strict=False)


def _office(found: Entry, number: str, country: str) -> None:
    """A number where they work: their phone where they have none of their own, else in the note."""
    try:
        address = ("phone", normalised("phone", number, country))
    except NotAHandle:
        address = ("phone", number)
    if address not in found.handles:
        found.shared.append(address)
        if found.phone:
            _note(found, number)
        else:
            found.phone = number


def _note(found: Entry, line: str) -> None:
    """Of use to a person; nobody is recognised by it."""
    longer = "\n".join(filter(None, (found.note, " ".join(line.split()))))
    if line not in found.note and len(longer) <= LIMITS["note"]:
        found.note = longer


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
        found.problems.append((card.problem, ""))
    found.language = LANGUAGES.get(card.language.lower(), "")
    for at, address in enumerate(card.emails):
        _email(found, address, first=at == 0)
    for number in card.phones:
        _number(found, number, country)
    for platform, value in [*card.handles, *(("", url) for url in card.urls if not _OF_A_FIRM.search(url))]:
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
    if _INSIDE.match(value):
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

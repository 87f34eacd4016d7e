"""Cards of people as phones and address books write them: vCard 2.1, 3.0 and 4.0, also the broken ones.

A small reader of our own: one bad card costs one card, pictures and keys are passed over unread, and nothing that a
card says is trusted. https://www.rfc-editor.org/rfc/rfc6350 and the vCard 2.1 paper of the versit consortium."""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

LONGEST_LINE = 20_000  # characters after unfolding; a picture in a card is longer and is of no use to us
LONGEST_VALUE = 4_000


_PICTURES = re.compile(  # not what goes on after a soft break: a note may have a line that begins with "key:"
    rb"(?<![^\r\n])(?<!=\n)(?<!=\r)(?<!=\r\n)(?:[A-Za-z0-9-]+\.)?(?:PHOTO|LOGO|SOUND|KEY)[;:]"
    rb"[^\r\n]*(?:\r?\n[ \t][^\r\n]*|\r[ \t][^\r\n]*)*",
    re.IGNORECASE,
)


def without_pictures(data: bytes) -> bytes:
    """The file without what is of no use to us: a phone puts a photo with each card, and they make it fifty times as
    large. What was in two bytes a letter is in UTF-8 then."""
    return _PICTURES.sub(b"", _in_bytes(data))


def _in_bytes(data: bytes) -> bytes:
    return data.decode("utf-16", "replace").encode() if data.startswith((b"\xff\xfe", b"\xfe\xff")) else data


_BIRTHDAY = re.compile(rb"(?mi)^(?:[A-Za-z0-9-]+\.)?BDAY[;:]")


def also_has(data: bytes) -> list[str]:
    """Of what such files often hold and we do not keep, what is in this one."""
    data = _in_bytes(data)
    return [kind for kind, mark in (("pictures", _PICTURES), ("birthdays", _BIRTHDAY)) if mark.search(data)]


@dataclass
class Card:
    """What we use of a card. `number` is the line of the file at which it begins."""

    number: int
    name: str = ""
    organisation: str = ""
    role: str = ""
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    street: str = ""
    place: str = ""
    language: str = ""
    note: str = ""
    urls: list[str] = field(default_factory=list)
    handles: list[tuple[str, str]] = field(default_factory=list)  # (platform as the card names it, value)
    problem: str = ""  # "open": it begins and does not end; "group": of several people, not of one


@dataclass(frozen=True)
class Property:
    name: str
    parameters: dict[str, list[str]]
    value: str


def cards(text: str) -> Iterator[Card]:
    """The cards in a file, in order."""
    card: Card | None = None
    for number, line in _unfolded(text):
        said = _property(line)
        if said is None:
            continue
        if said.name == "BEGIN" and said.value.strip().upper() == "VCARD":
            if card is not None:
                card.problem = "open"
                yield card
            card = Card(number)
        elif said.name == "END" and said.value.strip().upper() == "VCARD":
            if card is not None:
                yield card
            card = None
        elif card is not None:
            _take(card, said)
    if card is not None:
        card.problem = "open"
        yield card


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """(line number, line), continued lines joined: by a space at the start, or `=` at the end in quoted-printable."""
    pieces: list[str] = []
    length = began = 0
    soft = False
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if pieces and (soft or line[:1] in (" ", "\t")):
            if soft:
                pieces[-1] = pieces[-1][:-1]
            piece = line if soft else line[1:]
        else:
            if pieces:
                yield began, "".join(pieces)
            pieces, length, began, piece = [], 0, number, line
        length += len(piece)
        if length <= LONGEST_LINE:
            pieces.append(piece)
        quoted = bool(pieces) and "QUOTED-PRINTABLE" in pieces[0].split(":", 1)[0].upper()
        soft = quoted and length <= LONGEST_LINE and pieces[-1].endswith("=")
    if pieces:
        yield began, "".join(pieces)


_HEAD = re.compile(r'((?:[^":;]|"[^"]*")*)([:;])')


def _property(line: str) -> Property | None:
    """`item1.TEL;TYPE=home;VALUE=uri:tel:+31…` in its parts. None for what is no property."""
    parameters: dict[str, list[str]] = {}
    name, at = "", 0
    while True:
        found = _HEAD.match(line, at)
        if found is None:
            return None
        piece, at = found.group(1), found.end()
        if not name:
            name = piece.rpartition(".")[2].strip().upper()
        else:
            key, equals, value = piece.partition("=")
            kind = key.strip().upper() if equals else "TYPE"
            words = (value if equals else key).replace('"', "").split(",")
            parameters.setdefault(kind, []).extend(word.strip() for word in words)
        if found.group(2) == ":":
            break
    return Property(name, parameters, _decoded(line[at:], parameters)) if name else None


def _decoded(value: str, parameters: dict[str, list[str]]) -> str:
    """The text of a value written in quoted-printable or base64."""
    marks = {word.upper() for key in ("ENCODING", "TYPE") for word in parameters.get(key, [])}
    charset = (parameters.get("CHARSET") or ["utf-8"])[0]
    if "QUOTED-PRINTABLE" in marks:
        raw = quopri.decodestring(value.encode("utf-8", "replace"))
    elif marks & {"BASE64", "B"}:
        try:
            raw = base64.b64decode(value[:LONGEST_LINE], validate=False)
        except (binascii.Error, ValueError):
            return ""
    else:
        return value
    try:
        return raw.decode(charset, "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")


def _parts(value: str, mark: str = ";") -> list[str]:
    """A value of several parts, each with its backslashes undone."""
    parts = re.split(rf"(?<!\\){mark}", value[:LONGEST_VALUE])
    return [_plain(part) for part in parts]


def _plain(value: str) -> str:
    undone = re.sub(r"\\([nN,;:\\])", lambda found: "\n" if found.group(1) in "nN" else found.group(1), value)
    return undone[:LONGEST_VALUE].strip()


def _take(card: Card, said: Property) -> None:
    take = _TAKERS.get(said.name)
    if take is not None:
        take(card, said)


def _full_name(card: Card, said: Property) -> None:
    card.name = _plain(said.value) or card.name


def _name_parts(card: Card, said: Property) -> None:
    family, given, more, *_rest = [*_parts(said.value), "", "", ""]
    if not card.name:
        card.name = " ".join(part for part in (given, more, family) if part)


def _organisation(card: Card, said: Property) -> None:
    card.organisation = card.organisation or _parts(said.value)[0]


def _role(card: Card, said: Property) -> None:
    card.role = card.role or _plain(said.value)


def _email(card: Card, said: Property) -> None:
    value = re.sub(r"^mailto:", "", _plain(said.value), flags=re.IGNORECASE)
    _add(card.emails, value, said)


def _phone(card: Card, said: Property) -> None:
    value = re.sub(r"^tel:", "", _plain(said.value), flags=re.IGNORECASE)
    _add(card.phones, value, said)


def _add(values: list[str], value: str, said: Property) -> None:
    """The preferred one first."""
    marks = {word.upper() for word in said.parameters.get("TYPE", [])}
    preferred = "PREF" in marks or said.parameters.get("PREF", [""])[0] == "1"
    if value and value not in values and len(values) < 10:
        values.insert(0 if preferred else len(values), value)


def _address(card: Card, said: Property) -> None:
    parts = [*_parts(said.value), *[""] * 7]
    if not card.street and not card.place:
        card.street, card.place = " ".join(parts[2].split()), " ".join(parts[3].split())


def _language(card: Card, said: Property) -> None:
    card.language = card.language or _plain(said.value)[:2].lower()


def _note(card: Card, said: Property) -> None:
    card.note = "\n\n".join(part for part in (card.note, _plain(said.value)) if part)[:LONGEST_VALUE]


def _url(card: Card, said: Property) -> None:
    value = _plain(said.value)
    if value and len(card.urls) < 10:
        card.urls.append(value)


def _social(card: Card, said: Property) -> None:
    """Apple's `X-SOCIALPROFILE;type=linkedin:https://…`, and RFC 9554's `SOCIALPROFILE;SERVICE-TYPE=Mastodon:…`."""
    service = said.parameters.get("SERVICE-TYPE") or said.parameters.get("TYPE") or [""]
    known = [word.lower() for word in service if word.lower() not in {"pref", "home", "work"}]
    value = re.sub(r"^x-apple:", "", _plain(said.value))
    if value and len(card.handles) < 10:
        card.handles.append((known[0] if known else "", value))


def _kind(card: Card, said: Property) -> None:
    if said.value.strip().lower() == "group":
        card.problem = "group"


_TAKERS = {
    "KIND": _kind,
    "X-ADDRESSBOOKSERVER-KIND": _kind,
    "FN": _full_name,
    "N": _name_parts,
    "ORG": _organisation,
    "TITLE": _role,
    "ROLE": _role,
    "EMAIL": _email,
    "TEL": _phone,
    "ADR": _address,
    "LANG": _language,
    "NOTE": _note,
    "URL": _url,
    "X-SOCIALPROFILE": _social,
    "SOCIALPROFILE": _social,
}

"""A list of colleagues as an organisation has it: which column is what, in Dutch and English, and what a row says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

COLUMNS = {
    "name": ("name", "naam", "full name", "volledige naam", "medewerker", "employee", "collega", "colleague"),
    "first": ("first name", "voornaam", "given name", "roepnaam"),
    "middle": ("tussenvoegsel", "infix", "voorvoegsel", "prefix"),
    "last": ("last name", "achternaam", "surname", "family name"),
    "email": ("email", "e-mail", "e-mailadres", "emailadres", "mail", "email address", "e-mail address", "werkmail"),
    "job": ("job", "functie", "job title", "title", "function", "werk", "wat doe je", "what they do"),
    "discipline": ("discipline", "afdeling", "department", "team", "eiland"),
    "roles": ("roles", "role", "rollen", "rol"),
    "phone": ("phone", "telefoon", "telefoonnummer", "mobiel", "mobile", "phone number", "tel"),
    "language": ("language", "taal"),
    "knows": ("knows", "weet van", "weet veel van", "knows about", "kennis", "knowledge"),
    "skills": ("skills", "vaardigheden", "kan"),
    "started_on": (
        "started on",
        "started",
        "in dienst",
        "in dienst sinds",
        "start date",
        "startdatum",
        "datum in dienst",
    ),
}
ROLES = {
    "face": ("face", "known face", "gezicht", "bekend gezicht"),
    "helper": ("helper",),
    "captain": ("captain", "kapitein", "aanvoerder"),
    "curator": ("curator",),
    "privacy": ("privacy", "data protection", "gegevensbescherming", "avg"),
    "pr": ("pr", "pr on duty", "pr van dienst"),
    "administrator": ("administrator", "beheerder", "admin"),
}
LANGUAGES = {"nl": ("nl", "nederlands", "dutch"), "en": ("en", "engels", "english")}


@dataclass
class Entry:
    """One colleague on the list. `problems` are codes; the words for them are the page's."""

    number: int
    name: str = ""
    email: str = ""
    job: str = ""
    discipline: str = ""
    roles: list[str] = field(default_factory=list)
    phone: str = ""
    language: str = ""
    knows: str = ""
    skills: list[str] = field(default_factory=list)
    started_on: str = ""  # ISO
    problems: list[tuple[str, str]] = field(default_factory=list)  # (code, what was read)


def known_columns(columns: list[str], spellings: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Column as it is called in the file → what it is for us; the first of its kind counts."""
    by_spelling = {_plain(name): meaning for meaning, names in spellings.items() for name in names}
    found: dict[str, str] = {}
    for column in columns:
        meaning = by_spelling.get(_plain(column))
        if meaning and meaning not in found.values():
            found[column] = meaning
    return found


def _plain(column: str) -> str:
    return re.sub(r"[\s_\-./]+", " ", column.lower()).strip()


def entry(number: int, values: Mapping[str, str]) -> Entry:
    """What one row says; `values` by our own names of columns."""
    said = {key: " ".join(value.split()) for key, value in values.items()}
    parts = (said.get("first", ""), said.get("middle", ""), said.get("last", ""))
    found = Entry(
        number,
        name=said.get("name") or " ".join(part for part in parts if part),
        email=said.get("email", "").lower().removeprefix("mailto:"),
        job=said.get("job", ""),
        discipline=said.get("discipline", ""),
        phone=said.get("phone", "").removeprefix("'"),
        knows=values.get("knows", "").strip(),
        skills=split(said.get("skills", ""))[:30],
    )
    for word in split(said.get("roles", "")):
        role = _meaning(word, ROLES)
        if role and role not in found.roles:
            found.roles.append(role)
        elif not role:
            found.problems.append(("role", word))
    if word := said.get("language", ""):
        found.language = _meaning(word, LANGUAGES)
        if not found.language:
            found.problems.append(("language", word))
    if word := said.get("started_on", ""):
        day = day_of(word)
        found.started_on = day.isoformat() if day else ""
        if not day:
            found.problems.append(("day", word))
    return found


def split(text: str) -> list[str]:
    """`a, b; c` in its parts."""
    return [part.strip() for part in re.split(r"[,;/|\n]", text) if part.strip()]


def _meaning(word: str, spellings: Mapping[str, tuple[str, ...]]) -> str:
    return next((key for key, names in spellings.items() if _plain(word) in names), "")


def day_of(text: str) -> date | None:
    """A day as people and spreadsheets write it: 2024-09-01, 01-09-2024, 1/9/2024, 20240901."""
    for form in ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y%m%d", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 a day has no zone
        except ValueError:
            continue
    return None

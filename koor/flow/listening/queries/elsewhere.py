"""What people say to us where the stream does not hear it, such as in the contact form: a room above hands it in, by
numbers, and tells who may read the words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from koor.flow.hub import queries as hub
from koor.flow.hub.models import Wish
from koor.flow.listening.models import Mention
from koor.flow.listening.queries.stream import mentions_of
from koor.ground.contacts.models import Contact
from koor.ground.people.models import Person
from koor.kernel import numbers

Key = tuple[str, int]  # the table where it stands, and its number there
Row = tuple[int, str, str, datetime]  # its number, who said it, the text, and when
KIND = Mention._meta.label_lower


@dataclass(frozen=True)
class Said:
    """One thing that was said, for who may read it."""

    key: Key
    whom: str  # the same for what one person said
    name: str
    text: str
    at: datetime
    address: str
    face: Any
    place: str = ""
    public: bool = False  # said where everybody could read it

    @property
    def value(self) -> str:
        """As a form sends it."""
        return value(self.key)


@dataclass(frozen=True)
class Elsewhere:
    """How one table of a room above is read here."""

    kind: str
    lately: Callable[[datetime, int], Sequence[Row]]  # since then, at most so many, the newest first
    of: Callable[[Collection[int]], Iterable[Row]]
    readable: Callable[[Person, Collection[int]], Iterable[Said]]
    read_by: Callable[[Sequence[Person], Collection[int]], Mapping[int, Collection[int]]]  # by colleague, of many


_there: dict[str, Elsewhere] = {}


def reads(one: Elsewhere) -> None:
    """A room above hands in what is said there."""
    _there[one.kind] = one


def elsewhere() -> Collection[Elsewhere]:
    return _there.values()


def value(key: Key) -> str:
    return str(key[1]) if key[0] == KIND else f"{key[0]}:{key[1]}"


def by_contact(contact: Contact) -> str:
    """Who said it, when we know them: on whatever road, they are one."""
    return f"{contact._meta.label_lower}:{contact.pk}"


def numbers_of_kind(kind: str, keys: Iterable[Key]) -> list[int]:
    return [pk for there, pk in keys if there == kind]


def rows_elsewhere(keys: Collection[Key]) -> Iterable[tuple[Key, Row]]:
    for one in elsewhere():
        ids = numbers_of_kind(one.kind, keys)
        yield from (((one.kind, row[0]), row) for row in (one.of(ids) if ids else ()))


def read_elsewhere(person: Person, keys: Collection[Key]) -> dict[Key, Said]:
    """As far as this colleague may read it."""
    found: dict[Key, Said] = {}
    for one in elsewhere():
        ids = numbers_of_kind(one.kind, keys)
        found |= {said.key: said for said in (one.readable(person, ids) if ids else ())}
    return found


def unread_elsewhere(people: Sequence[Person], keys: Collection[Key]) -> dict[int, set[Key]]:
    """By colleague, what of these they may not read; however many they are, no more is asked."""
    unread = {person.pk: {*keys} for person in people}
    for one in elsewhere():
        ids = numbers_of_kind(one.kind, keys)
        for person, read in (one.read_by(people, ids) if ids and people else {}).items():
            unread[person] -= {(one.kind, pk) for pk in read}
    return unread


def wished(person: Person, said: Iterable[Said], also: Iterable[Key] = ()) -> dict[Key, list[Wish]]:
    """The wishes that each of these is a voice of. `also`: mentions that are not read."""
    keys = {key for key in also if key[0] == KIND} | {one.key for one in said}
    found = hub.wished_in(person, keys) if keys else {}
    return {key: [one.wish for one in many] for key, many in found.items()}


def sent_along(person: Person, values: Sequence[str], *, most: int) -> tuple[list[Mention], list[Key]]:
    """What a form sent along, as far as this colleague may read it and in its order: mentions, and what stands
    elsewhere."""
    ids = numbers.rows(values, most=most)
    known = {one.pk: one for one in mentions_of(person, ids)} if ids else {}
    there = [(kind, numbers.row(pk)) for kind, _colon, pk in (one.partition(":") for one in values[:most]) if pk]
    readable = read_elsewhere(person, there) if there else {}
    mentions = [known[pk] for pk in dict.fromkeys(ids) if pk in known]
    return mentions, [key for key in dict.fromkeys(there) if key in readable]

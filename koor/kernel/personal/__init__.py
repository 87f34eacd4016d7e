"""Personal data: what each table holds on a person, how it is found, shown, taken along and erased.

Every room says it of each of its tables in its `personal.py`; a table that nobody declared fails a test.

    holds("conversations.Message", _("Messages"), outside=("contact", "conversation__contact"), colleague=("person",),
          shown=("text", "channel"), when="at", named=("text",))
    holds_none("channels.PostingTime", because="days and times of an account")

`outside` and `colleague` are ways from the row to the person, or a function of the `Subject` that gives a Q. Empty ways
are filled with the table's own keys. `named`: texts in which others may name somebody."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db.models import CASCADE, F, Model, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from koor.kernel import search, sql
from koor.kernel.personal import words

OUTSIDE, COLLEAGUE = "outside", "colleague"
KINDS = (OUTSIDE, COLLEAGUE)


@dataclass(frozen=True)
class Subject:
    """One person: all their row numbers (who was made one with them too), how they are called and reached."""

    kind: str
    pk: int
    row: Any  # for the audit trail
    name: str
    pks: tuple[int, ...] = ()
    names: tuple[str, ...] = ()  # as others write them, none of which is another person's too
    addresses: frozenset[tuple[str, str]] = frozenset()  # platform and spelling, none of which is shared
    written: tuple[str, ...] = ()  # addresses as people typed them
    marks: tuple[str, ...] = ()  # of their rows, by which those are known again after a restore
    pages: tuple[str, ...] = ()  # of their handles on platforms
    ours: frozenset[str] = frozenset()  # of all those, what the house, its customers or accounts are called too

    @cached_property
    def words(self) -> tuple[str, ...]:
        """By which they are found in what others wrote, longest first."""
        said = {name for name in self.names if words.names_one(name)} | {*self.written, *self.pages}
        said |= {word for platform, value in self.addresses if (word := words.of_address(platform, value))}
        told = {word for word in said if word.lower().removeprefix("@") not in self.ours}
        return tuple(sorted(told, key=lambda word: (-len(word), word)))

    @cached_property
    def pattern(self) -> str:
        """That meets those words."""
        return words.pattern(self.words)


Find = Callable[[Subject], Q | None]
Ways = tuple[str, ...] | Find | None
Deed = Callable[[QuerySet[Any], Subject], int]


@dataclass(frozen=True)
class Erasure:
    """What becomes of a row: `deed` does it and says how many; `says` is for who confirms it."""

    key: str  # goes, nameless, stays
    deed: Deed
    because: Any = ""


def _gone(rows: QuerySet[Any], subject: Subject) -> int:
    number = rows.count()
    rows.delete()
    return number


def _stay(rows: QuerySet[Any], subject: Subject) -> int:
    return 0


DELETE = Erasure("goes", _gone)
WITH = Erasure("goes", _stay)  # together with what it hangs on


def nameless(**values: Any) -> Erasure:
    """The row stays, with these values."""
    return Erasure("nameless", lambda rows, subject: rows.update(**values))


def stays(because: Any) -> Erasure:
    """The row stays as it is, but for the name in its texts; with the reason."""
    return Erasure("stays", _stay, because)


OURS = stays(_("it is the organisation’s own; only the name goes"))


def by_hand(deed: Deed, *, key: str = "goes") -> Erasure:
    """A room's own way, for what has files or is known elsewhere."""
    return Erasure(key, deed)


@dataclass
class Held:
    """What one table holds."""

    model: str
    label: Any = ""
    ways: dict[str, list[Ways]] = field(default_factory=dict)  # by kind
    when: str = ""
    shown: tuple[str, ...] = ()
    words: Callable[..., str] | None = None  # what is shown in a sentence, to be read; data.json has the columns
    titles: tuple[Any, ...] = ()  # what each of `shown` is called, where its value says too little without
    spoken: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)  # a column's key as people say it
    aside: bool = False  # what Koor made of the rest by itself, or keeps of its own doings: read last
    elsewhere: str = ""  # way to the address at which what we said stands on a platform too
    secret: tuple[str, ...] = ()  # never shown nor taken along
    named: tuple[str, ...] = ()
    index: str = ""  # a stored vector over those texts
    files: tuple[str, ...] = ()  # ways to a file of the house
    taken: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda rows: rows  # whose files go along in an export
    erase: Erasure = DELETE
    former: Erasure | None = None  # what becomes of the rows of a colleague who left; else as `fate` says
    age: str = ""  # the moment from which a term counts; empty: it goes with something else, or never by itself
    old: Q = field(default_factory=Q)  # of those, which may go by age at all
    leaves: Callable[[list[int]], None] | None = None  # hears the numbers of rows before they go by age
    because: str = ""  # why it holds none

    @property
    def table(self) -> type[Model]:
        return apps.get_model(self.model)

    @property
    def room(self) -> str:
        return self.model.split(".")[0]

    def fate(self, kind: str) -> Erasure:
        """What becomes of a row on such a person. What stands there only because a colleague was here goes with them;
        their work is the organisation's, and stays without the name."""
        if kind != COLLEAGUE:
            return self.erase
        if self.former is not None:
            return self.former
        return Erasure("goes", self._go_with) if self._own() else OURS

    def going(self, rows: QuerySet[Any], subject: Subject) -> QuerySet[Any]:
        """Of these rows those that an erasure takes away."""
        if self.fate(subject.kind).key != "goes":
            return rows.none()
        return rows.filter(self._theirs(subject)) if subject.kind == COLLEAGUE and self.former is None else rows

    def _own(self) -> tuple[str, ...]:
        """Keys to a colleague without whom the row would not be there."""
        direct = [name for way in self.ways.get(COLLEAGUE, []) if isinstance(way, tuple) for name in way]
        fields = {name: self.table._meta.get_field(name) for name in direct if "__" not in name and name != "pk"}
        gone = {name for name, one in fields.items() if getattr(one.remote_field, "on_delete", None) is CASCADE}
        return tuple(sorted(gone))

    def _theirs(self, subject: Subject) -> Q:
        asked = Q()
        for name in self._own():
            asked |= Q(**{f"{name}__in": subject.pks})
        return asked

    def _go_with(self, rows: QuerySet[Any], subject: Subject) -> int:
        return _gone(rows.filter(self._theirs(subject)), subject)

    def of(self, subject: Subject) -> QuerySet[Any] | None:
        """The rows on this person; None when the table holds nothing on such people."""
        found = [q for way in self.ways.get(subject.kind, []) if (q := _asked(way, subject)) is not None]
        if not found:
            return None
        asked = found[0]
        for q in found[1:]:
            asked |= q
        rows: QuerySet[Any] = self.table._base_manager.filter(asked)
        return self.table._base_manager.filter(pk__in=rows.order_by().values("pk"))


def _asked(way: Ways, subject: Subject) -> Q | None:
    if callable(way):
        return way(subject)
    asked = Q()
    for lookup in way or ():
        asked |= Q(**{f"{lookup}__in": subject.pks})
    return asked or None


_held: dict[str, Held] = {}
Look = Callable[[Any, str], QuerySet[Any]]
Address = tuple[str, str]
Known = tuple[int, str]  # number and mark


@dataclass(frozen=True)
class People:
    """How a room tells of the people whom it keeps."""

    table: str
    find: Callable[[int], Subject | None]
    look: Look  # some of them by words
    known: Callable[[], Iterable[Known]] = tuple  # all of them, to hold against the tombstones
    spell: Callable[[str, str], str] = lambda platform, value: value.strip().lower()


Alike = Callable[[set[str], set[str], tuple[int, ...]], list[QuerySet[Any]]]
_people: dict[str, People] = {}
_ours: list[tuple[str, str]] = []
_kept: list[Callable[[Subject], bool]] = []
_more: list[tuple[str, str, Ways]] = []
_alike: list[Alike] = []
_leaving: list[tuple[str, Callable[[list[int]], None]]] = []


def holds(model: str, label: Any, *, outside: Ways = (), colleague: Ways = (), **more: Any) -> None:
    """Declare what a table holds on people. None for a kind of people on whom it holds nothing."""
    _held[model] = Held(model, label, {OUTSIDE: [outside], COLLEAGUE: [colleague]}, **more)


def holds_none(*models: str, because: str) -> None:
    """Declare tables that hold nothing on anybody, with why."""
    for model in models:
        _held[model] = Held(model, because=because)


def also(model: str, kind: str, way: Ways) -> None:
    """A higher room knows more ways from a lower room's table to a person."""
    _more.append((model, kind, way))


def before_they_go(model: str, hear: Callable[[list[int]], None]) -> None:
    """A higher room hears which rows of a lower room's table go, by age or taken back by their writer, while it still
    knows what it made of them."""
    _leaving.append((model, hear))


def they_go(model: str, pks: list[int]) -> None:
    """Their writer took them back: for the room whose table it is, before it drops them."""
    for hear in (hear for table, hear in _leaving if table == model):
        hear(pks)


def who_hears(one: Held) -> list[Callable[[list[int]], None]]:
    """Of rows of a table before they go by age."""
    own = [one.leaves] if one.leaves is not None else []
    return own + [hear for model, hear in _leaving if model == one.model]


def subjects(kind: str, people: People) -> None:
    """Declare who tells of people of this kind."""
    _people[kind] = people


def subject(kind: str, pk: int) -> Subject | None:
    return _people[kind].find(pk) if kind in _people else None


def looked_for(person: Any, words: str) -> dict[str, QuerySet[Any]]:
    """By kind, people whom these words may mean."""
    return {kind: people.look(person, words) for kind, people in _people.items()}


def names(people: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """What these people are called. One query a kind."""
    wanted = list(people)
    found: dict[tuple[str, int], str] = {}
    for kind in {kind for kind, _pk in wanted}:
        table = apps.get_model(_people[kind].table)
        rows = table._base_manager.in_bulk([pk for one, pk in wanted if one == kind])
        found |= {(kind, pk): str(row) for pk, row in rows.items()}
    return found


def spelled(kind: str, platform: str, value: str) -> str:
    """The one spelling of an address of somebody of this kind."""
    return _people[kind].spell(platform, value)


def known(kind: str) -> Iterable[Known]:
    return _people[kind].known()


def called(model: str, column: str) -> None:
    """Declare what the house itself, its customers or its accounts are called: never a word of one person."""
    _ours.append((model, column))


def called_so(said: Iterable[str]) -> list[QuerySet[Any]]:
    """By table, the names of ours in which one of these words stands, however spelled, as `said`, in small letters."""
    some = list(said)
    found: list[QuerySet[Any]] = []
    for model, column in _ours if some else ():
        asked = Q()
        for word in some:
            asked |= Q(said__contains=word)
            asked |= Q(plain__contains=search.bare(word)) if words.is_name(word) else Q()
        rows = (
            apps.get_model(model)._base_manager.order_by().annotate(said=Lower(column)).alias(plain=sql.bare(F(column)))
        )
        found.append(rows.filter(asked))
    return found


def alike(asks: Alike) -> None:
    """A higher room knows who else has such a name or address: given names as `search.bare`, addresses in small
    letters, and the numbers of the colleague who is looked up, the rows of others, as `said`."""
    _alike.append(asks)


def had_by_others(names: set[str], values: set[str], colleagues: tuple[int, ...]) -> list[QuerySet[Any]]:
    """What the higher rooms know of that, by table."""
    return [rows for asks in _alike for rows in asks(names, values, colleagues)]


def must_stay(keeps: Callable[[Subject], bool]) -> None:
    """Declare why somebody may have to be kept for now."""
    _kept.append(keeps)


def stays_for_now(subject: Subject) -> bool:
    return any(keeps(subject) for keeps in _kept)


_ready: list[Held] = []


def declared() -> list[Held]:
    """All declarations, the highest room first, so that what points at a row comes before it."""
    if not _ready:
        for model, kind, way in _more:
            _held[model].ways.setdefault(kind, []).append(way)
        for one in _held.values():
            for kind in KINDS if not one.because else ():
                _fill(one, kind)
        order = [config.label for config in apps.get_app_configs()]
        _ready.extend(sorted(_held.values(), key=lambda one: order.index(one.room)))
    return _ready


def _fill(one: Held, kind: str) -> None:
    """Ways that were left empty are the table's own keys to such a person."""
    one.ways[kind] = [keys(one.table, kind) if way == () else way for way in one.ways[kind]]


def keys(table: type[Model], kind: str) -> tuple[str, ...]:
    """The names of a table's own keys to people of this kind; of the people's own table its number."""
    wanted = _people[kind].table.lower()
    if table._meta.label_lower == wanted:
        return ("pk",)
    found: Iterable[Any] = [*table._meta.fields, *table._meta.many_to_many]
    return tuple(one.name for one in found if one.is_relation and one.related_model._meta.label_lower == wanted)

"""What an erasure will do, what it leaves, and what it did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from koor.ground.governance.models import Erasing
from koor.ground.governance.queries.personal import Kept
from koor.kernel.personal import OUTSIDE, Subject, declared, remains

GOES, NAMELESS, STAYS, TEXTS = "goes", "nameless", "stays", "texts"
MOST_ADDRESSES = 20
OF_TEXTS = " (texts)"
_WHY = {
    remains.TAKEN: _("Somebody else here is called “%(name)s” too, so this name stays in texts of others."),
    remains.OURS: _(
        "The organisation, a customer or an account is called “%(name)s” too, so this name stays in texts of others."
    ),
    remains.SHORT: _(
        "“%(name)s” is too short or too common to be known as a name among other words: Koor does not look for it, "
        "and in texts of others it stays."
    ),
    remains.WORD: _(
        "“%(name)s”, in one piece, may be a word like any other: it stays in texts of others. Afterwards Koor says in "
        "how many, to be looked at by hand."
    ),
}


@dataclass(frozen=True)
class Kind:
    """Rows of one table that have the same fate."""

    label: str
    number: int
    because: str = ""


@dataclass(frozen=True)
class Fate:
    key: str
    kinds: list[Kind]

    @property
    def has_reasons(self) -> bool:
        return any(kind.because for kind in self.kinds)

    @property
    def number(self) -> int:
        return sum(kind.number for kind in self.kinds)


def _fates(found: Iterable[tuple[str, Kind]]) -> list[Fate]:
    kinds: dict[str, list[Kind]] = {GOES: [], NAMELESS: [], TEXTS: [], STAYS: []}
    for key, kind in found:
        kinds[key].append(kind)
    return [Fate(key, some) for key, some in kinds.items() if some]


def fates(kept: Kept, kind: str) -> list[Fate]:
    """What an erasure does, by what becomes of it."""
    parts = [(part, part.held.fate(kind)) for room in kept.rooms for part in room.parts]
    theirs = [(fate.key, Kind(str(part.held.label), part.number, str(fate.because))) for part, fate in parts]
    return _fates([*theirs, *((TEXTS, Kind(str(part.held.label), part.number)) for part in kept.named)])


@dataclass(frozen=True)
class Left:
    """What stays all the same."""

    names: list[str]  # sentences
    all_names: bool  # none of theirs can be taken out of texts of others
    addresses: list[str]  # of what we said, on platforms
    more: int


def left(subject: Subject) -> Left:
    """What an erasure can't or does not take away; told before it is done."""
    staying = remains.names(subject)
    said = [str(_WHY[why]) % {"name": name} for name, why in staying]
    all_names = {name for name, _why in staying} >= set(subject.names)
    told = remains.elsewhere(subject) if subject.kind == OUTSIDE else []
    found = [address for address in told if not address.startswith(f"{settings.KOOR_URL}/")]  # ours: it follows here
    return Left(said, all_names, found[:MOST_ADDRESSES], len(found[MOST_ADDRESSES:]))


def done(erasing: Erasing) -> list[Fate]:
    """What it did."""
    held = {one.model: one for one in declared()}
    found: list[tuple[str, Kind]] = []
    for said, number in erasing.counts.items():
        model = said.removesuffix(OF_TEXTS)
        one = held.get(model)
        if one is not None and number:
            key = TEXTS if said != model else one.fate(erasing.kind).key
            found.append((key, Kind(str(one.label), number)))
    return _fates(found)


def still_there(erasing: Erasing) -> list[Kind]:
    """Where something was found afterwards."""
    labels = {one.model: str(one.label) for one in declared()}
    return [Kind(labels.get(model, model), number) for model, number in erasing.left_in.items()]

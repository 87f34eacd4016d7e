"""Facts of the calendar."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SlotMoved:
    slot_id: int


@dataclass(frozen=True)
class SlotRetimed:
    """It got another time on its day."""

    slot_id: int


@dataclass(frozen=True)
class AgreementMade:
    agreement_id: int


@dataclass(frozen=True)
class ChangeProposed:
    """A new agreement, or a change of one, waits for the other's yes."""

    change_id: int


@dataclass(frozen=True)
class PlacesGiven:
    """Places became this colleague's by another's hand; this is the first of them."""

    slot_id: int
    person_id: int


@dataclass(frozen=True)
class SlotLaidOut:
    """Something of the library was put on a place, by a colleague."""

    slot_id: int
    by_id: int


@dataclass(frozen=True)
class ColleagueAsked:
    ask_id: int

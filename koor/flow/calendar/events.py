"""Facts of the calendar."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SlotMoved:
    slot_id: int


@dataclass(frozen=True)
class AgreementMade:
    agreement_id: int

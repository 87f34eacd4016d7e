"""Facts of the people room."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PersonLeft:
    """A colleague left; `to_id` takes over, when somebody does."""

    person_id: int
    to_id: int | None


@dataclass(frozen=True)
class AbsenceDeclared:
    """Days away were declared or changed."""

    absence_id: int


@dataclass(frozen=True)
class AutonomyChanged:
    person_id: int

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
class HoursChanged:
    """When somebody works here became another: the office hours, the zone or the country, with its days off."""

    house_id: int


@dataclass(frozen=True)
class RotaEnded:
    rota_id: int


@dataclass(frozen=True)
class AutonomyChanged:
    person_id: int

"""Facts of the contacts room."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ContactsMerged:
    """Two contacts are one from here on. Every row that pointed at the one who went points at the one kept already;
    this is for what follows from that, such as threads that belong together now."""

    merge_id: int


@dataclass(frozen=True)
class MergeUndone:
    """They are two again; every row went back."""

    merge_id: int


@dataclass(frozen=True)
class ProjectChanged:
    """A piece of work was written down or changed, such as when it begins or is done."""

    project_id: int


@dataclass(frozen=True)
class DirectLineChanged:
    """A contact has another person of their own, or none (`person_id` empty)."""

    contact_id: int
    person_id: int | None

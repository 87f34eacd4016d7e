"""Facts of relations."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TouchRecorded:
    """There was a new moment of contact with somebody outside."""

    touch_id: int

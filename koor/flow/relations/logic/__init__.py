"""Pure decisions about people outside whom we know: their line, when it is quiet, what is good after a project."""

from koor.flow.relations.logic.touch import (
    LONGEST_SENTENCE,
    NO_NEED,
    NOT_NOW,
    RHYTHMS,
    SHOWN,
    USUAL_RHYTHM,
    Moment,
    in_one,
    kind_of,
    one_line,
)

__all__ = [
    "LONGEST_SENTENCE",
    "NOT_NOW",
    "NO_NEED",
    "RHYTHMS",
    "SHOWN",
    "USUAL_RHYTHM",
    "Moment",
    "in_one",
    "kind_of",
    "one_line",
]

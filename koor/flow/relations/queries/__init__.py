"""Reads of the relations room."""

from koor.flow.relations.queries.after import Proposal, after_projects, proposal, proposals, revisit, revisits
from koor.flow.relations.queries.line import (
    READ,
    Quiet,
    Told,
    as_quiet,
    knows,
    last_touch,
    line,
    quiet,
    quiet_in_the_house,
    rhythm,
    touch,
)

__all__ = [
    "READ",
    "Proposal",
    "Quiet",
    "Told",
    "after_projects",
    "as_quiet",
    "knows",
    "last_touch",
    "line",
    "proposal",
    "proposals",
    "quiet",
    "quiet_in_the_house",
    "revisit",
    "revisits",
    "rhythm",
    "touch",
]

"""The fast engine of the matcher: the same answers as the reference (`logic.match`), compiled. It needs the extra
`fast` (numba); without it, and until `prepare` is through, the reference answers.

`codes` folded code points as numbers · `scan` text to words · `words` looks them up · `program` queries as arrays ·
`judge` clauses · `batch` many posts in one call · `engine` what Python sees · `shaping` what repeats are told by ·
`jit` compiling, and keeping what was compiled"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from koor.flow.listening.logic.match import Name, Rarity
from koor.flow.listening.logic.query import Query, read_query

if TYPE_CHECKING:
    from koor.flow.listening.logic.fast.engine import FastMatcher

logger = logging.getLogger(__name__)

_begun, _ready = threading.Event(), threading.Event()
_preparing = threading.Lock()


def is_there() -> bool:
    """Whether the extra is installed."""
    return find_spec("numba") is not None and sys.byteorder == "little"


def is_ready() -> bool:
    """Whether posts can be held against queries at once, without waiting for anything to be compiled."""
    return _ready.is_set()


def prepare(home: Path) -> None:
    """Compiles what is not compiled yet, and keeps it in the house: twenty seconds the first time, then one."""
    from koor.flow.listening.logic.fast import jit

    with _preparing, jit.alone(home):
        if not is_ready():
            jit.keep_in(home)
            tried = matcher({"a": read_query('aa OR bb* OR #cc OR "d e"')})
            assert tried.match_many(["Bbb", "ĉ"]) == [["a"], []]
            from koor.flow.listening.logic.fast import shaping

            shaping.prepare()
            _ready.set()


def prepare_soon(home: Path) -> None:
    """The same beside other work, where the extra is installed. Tried once: where it fails the reference goes on."""
    if is_there() and not _begun.is_set():
        _begun.set()
        threading.Thread(target=_prepare_quietly, args=(home,), name="compiling", daemon=True).start()


def _prepare_quietly(home: Path) -> None:
    try:
        prepare(home)
    except Exception:
        logger.exception("the fast engine could not be compiled; the plain one goes on")


def matcher(queries: Mapping[Name, Query], rarity: Rarity | None = None) -> FastMatcher[Name]:
    """An engine for these queries. Call `prepare` before."""
    from koor.flow.listening.logic.fast.engine import FastMatcher

    return FastMatcher(queries, rarity)

"""A thread: one text cut into parts that each fit, as the platform counts, and which of them goes now. No Django."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from koor.ground.channels.contract import Attempt, Because, Draft, Prepared
from koor.ground.channels.contract import message_id as _
from koor.kernel.signs import signs

MOST_PARTS = 25
PLACES = (r"\n\s*\n", r"\n", r"(?<=[.!?\u2026])[\"')\u2019\u201d]*\s+", r"\s+")  # the best first
MARK = r"(?m)^[ \t]*-{3,}[ \t]*$"  # where a person wants a new part
SPACE = re.compile(r"\s*")


@dataclass(frozen=True)
class Cutter:
    """How a platform counts a text, where it sees links in it, and how much fits."""

    measure: Callable[[str], int]
    links: Callable[[str], Sequence[tuple[int, int]]]
    most: int

    def parts(self, text: str) -> list[str]:
        """Cut where a line is only ---, else between paragraphs, sentences, words, signs; never in a link."""
        return list(_parts(self, text))

    def cut(self, text: str) -> list[str]:
        """In time that follows the length: signs and links are found once, and nothing is counted far beyond what
        fits."""
        text = text.strip()
        ends, at, index = self._ends(text), 0, 0
        made: list[str] = []
        while at < len(text):
            index = bisect_right(ends, at, index)
            last = self._fitting(text, at, ends, index)
            last = self._where(text, at, last) if last < len(text) else last
            made.append(text[at:last].rstrip())
            at = SPACE.match(text, last).end()  # type: ignore[union-attr]
        return made

    def _where(self, text: str, at: int, last: int) -> int:
        """Where a part ends: the last good place that still fits, and not before half of it is full."""
        near = text[at : last + 1]
        for place in PLACES:
            found = [match.end() for match in re.finditer(place, near) if match.start() <= last - at]
            if found and (self.measure(near[: found[-1]]) * 2 >= self.most or place == PLACES[-1]):
                return at + found[-1]
        return last

    def _fitting(self, text: str, at: int, ends: Sequence[int], first: int) -> int:
        """Where the longest part that fits would end: in steps that double, then between the last two. One sign or one
        link goes, however it counts."""
        low, step = first, 1
        while low + step < len(ends) and self._fits(text[at : ends[low + step]]):
            low, step = low + step, step * 2
        high = min(low + step, len(ends))
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._fits(text[at : ends[middle]]) else (low, middle)
        return ends[low]

    def _fits(self, text: str) -> bool:
        return self.measure(text) <= self.most

    def _ends(self, text: str) -> list[int]:
        """Where a part could end, in order: a link and what people see as one sign stay whole. A sign that is more than
        a part by itself, which no writing system needs, does not."""
        ends: list[int] = []
        inside = iter(sorted(self.links(text)))
        first, last = next(inside, (len(text), len(text)))
        at = 0
        for sign in signs(text):
            if 2 * len(sign) > self.most and not self._fits(sign):
                ends += range(at + 1, at + len(sign))
            at += len(sign)
            while last <= at < len(text):
                first, last = next(inside, (len(text), len(text)))
            if not first < at < last:
                ends.append(at)
        return ends


@lru_cache(maxsize=32)
def _parts(cutter: Cutter, text: str) -> tuple[str, ...]:
    """Kept for a while: a draft is cut to count it, to show it and to send it."""
    chunks = (chunk.strip() for chunk in re.split(MARK, text))
    return tuple(part for chunk in chunks if chunk for part in cutter.cut(chunk))


# ── What becomes of a draft ──────────────────────────────────────────────────────────────────────────────────────────


def is_thread(draft: Draft) -> bool:
    """Whether it may become a thread (`contract.THREAD`)."""
    return draft.options.get("thread") == "yes"


def too_many(pieces: Sequence[str]) -> Prepared | None:
    """Why a draft can't go: it is cut into more parts than anybody reads."""
    if len(pieces) <= MOST_PARTS:
        return None
    sentence = _("This thread has %(count)s parts; here it may have at most %(limit)s.")
    return Prepared(problem=sentence, values={"count": len(pieces), "limit": MOST_PARTS}, because=Because.REJECTED)


def told(pieces: Sequence[str]) -> tuple[str, Mapping[str, int]]:
    """What people should know before it goes."""
    return (_("%(parts)s posts in a thread."), {"parts": len(pieces)}) if len(pieces) > 1 else ("", {})


# ── What goes now ────────────────────────────────────────────────────────────────────────────────────────────────────


def chain_of(attempt: Attempt) -> list[str]:
    """The parts that are up, in order."""
    return [str(one) for one in attempt.prepared.handle.get("chain", ())]


def pieces_of(attempt: Attempt) -> list[str]:
    """All parts, as they were cut when it was prepared; none for what is no thread."""
    return [str(one) for one in attempt.prepared.handle.get("parts", ())]


def piece_of(attempt: Attempt, usual: str) -> str:
    """The words that go now: the first part that is not up; `usual` for what was not cut."""
    pieces = pieces_of(attempt) or [usual]
    return pieces[min(len(chain_of(attempt)), len(pieces) - 1)]


def goes_on(attempt: Attempt) -> bool:
    """Whether parts come after the one that goes now."""
    return len(chain_of(attempt)) + 1 < len(pieces_of(attempt))

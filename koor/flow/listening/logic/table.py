"""Rows of a table (CSV), one by one: delimiter, encoding and the order of day and month found out from the file.

A row is put together from as many lines as its quotation marks ask for. A quotation mark that is never closed breaks
its own line only: the lines after it are looked at again.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from koor.flow.listening.logic.clean import Unreadable
from koor.flow.listening.logic.lines import Line, bounded_lines
from koor.ground.channels.contract import message_id as _

LONGEST_LINE = 500_000  # bytes
LONGEST_ROW = 500_000  # characters; the csv module itself takes 131,072 in a cell
MOST_LINES = 200  # in one row: line ends inside quotation marks
MOST_COLUMNS = 200
_LOOKED_AT = 200  # rows from which the order of day and month is taken,
_LOOKED_AT_MOST = 2_000_000  # and characters

_OPEN = "unexpected end of data"  # what the csv module says while a quotation mark is open
_TOO_LONG = _("This row is too long.")
_PROBLEMS = {
    f"'{delimiter}' expected after '\"'": _("A quotation mark in this row stands in the wrong place.")
    for delimiter in ",;\t"
}
_SLASHED = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class Row:
    """Cells by column name. With a `problem` (a message id) the cells are as good as could be told."""

    cells: Mapping[str, str]
    problem: str = ""


class Table:
    """A table that is being read. Iterate once."""

    def __init__(self, stream: BinaryIO) -> None:
        self.lines = bounded_lines(stream, LONGEST_LINE)
        self.waiting: deque[str] = deque()
        first = self._first()
        self.delimiter = max(",;\t", key=first.count)
        self.header = self._names(first)
        self.ahead = self._some()
        self.month_first = month_first(cell for row in self.ahead for cell in row.cells.values())

    def __iter__(self) -> Iterator[Row]:
        yield from self.ahead
        self.ahead = []
        yield from self._rows()

    def _some(self) -> list[Row]:
        found, size = [], 0
        for row in self._rows():
            found.append(row)
            size += sum(map(len, row.cells.values()))
            if len(found) == _LOOKED_AT or size > _LOOKED_AT_MOST:
                break
        return found

    def _first(self) -> str:
        raw = next(self.lines, Line(b"")).content
        return _decoded(raw.removeprefix(b"\xef\xbb\xbf"))

    def _names(self, first: str) -> list[str]:
        """The names of the columns; a second column of the same name gets a number."""
        try:
            names = [name.strip() for name in self._cells([first])]
        except csv.Error:
            raise Unreadable(_("The first line can't be read as the names of columns.")) from None
        if len(names) > MOST_COLUMNS:
            raise Unreadable(_("This table has more than 200 columns."))
        seen: dict[str, int] = {}
        for place, name in enumerate(names):
            seen[name] = seen.get(name, 0) + 1
            names[place] = name if seen[name] == 1 else f"{name} {seen[name]}"
        return names

    def _line(self) -> str:
        """The next line; empty at the end."""
        return self.waiting.popleft() if self.waiting else _decoded(next(self.lines, Line(b"")).content)

    def _cells(self, lines: list[str]) -> list[str]:
        return next(csv.reader(lines, delimiter=self.delimiter, strict=True), [])

    def _rows(self) -> Iterator[Row]:
        while line := self._line():
            if line.strip():
                yield self._row(line)

    def _row(self, line: str) -> Row:
        lines = [line]
        while True:
            try:
                return self._fitted(self._cells(lines))
            except csv.Error as error:
                if str(error) != _OPEN:
                    return self._given_up(lines, _PROBLEMS.get(str(error), _TOO_LONG))
            if not self._more(lines):
                return self._given_up(lines, _("A quotation mark in this row is not closed."))

    def _more(self, lines: list[str]) -> bool:
        """Adds lines up to the next one that could close the quotation; false when there is none in reach."""
        while len(lines) < MOST_LINES and sum(map(len, lines)) < LONGEST_ROW and (line := self._line()):
            lines.append(line)
            if '"' in line:
                return True
        return False

    def _given_up(self, lines: list[str], problem: str) -> Row:
        """Only the first line is broken; those after it are looked at again."""
        self.waiting.extendleft(reversed(lines[1:]))
        loose = lines[0].rstrip("\r\n").replace('"', "")
        return Row(self._named(loose.split(self.delimiter, MOST_COLUMNS)), problem)

    def _fitted(self, cells: list[str]) -> Row:
        if len(cells) > len(self.header):
            return Row(self._named(cells), _("This row has more cells than there are columns."))
        if len(cells) < len(self.header):
            return Row(self._named(cells), _("This row has fewer cells than there are columns."))
        return Row(self._named(cells))

    def _named(self, cells: list[str]) -> dict[str, str]:
        named = dict(zip(self.header, cells, strict=False))
        if len(cells) > len(self.header):
            named["…"] = self.delimiter.join(cells[len(self.header) :])
        return named


def rows(stream: BinaryIO) -> Table:
    """Opens a table. Raises `Unreadable` if its first line can't be the names of columns."""
    return Table(stream)


def _decoded(line: bytes) -> str:
    """UTF-8, else Windows' western encoding, in which spreadsheets save: every byte means something there."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def month_first(cells: Iterator[str]) -> bool | None:
    """Whether dates such as 2/20/2015 begin with the month; `None` when no cell tells."""
    for cell in cells:
        match = _SLASHED.fullmatch(cell.strip()) if len(cell) < 40 else None
        if match and int(match[1]) > 12:
            return False
        if match and int(match[3]) > 12:
            return True
    return None


def slashed(text: str, month_first: bool | None) -> datetime | None:
    """A date such as 20-2-2015 13:29 or 2/20/2015, as UTC; `None` when it is not of that form.

    When nothing tells, slashes mean the month first (American) and dashes and dots the day (European)."""
    match = _SLASHED.fullmatch(text)
    if match is None:
        return None
    first, sign, second, year, hour, minute, seconds = match.groups(default="0")
    american = sign == "/" if month_first is None else month_first
    month, day = (first, second) if american else (second, first)
    try:
        whole = int(year) if len(year) == 4 else 2000 + int(year)
        return datetime(whole, int(month), int(day), int(hour), int(minute), int(seconds), tzinfo=UTC)
    except ValueError:
        raise Unreadable(_("The date can't be read.")) from None

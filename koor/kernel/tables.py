"""Lists that people bring in and take away as CSV: any usual encoding and separator, read line by line so that one bad
line costs one line; and written so that a spreadsheet takes no cell for a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from koor.kernel.access import Refused

SEPARATORS = ";,\t|"
QUOTED_LINES = 30  # an open quote that is not closed within so many lines is a slip of the pen
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Line:
    """One row as read. `number` is the line of the file where it begins; `problem` says what is wrong with its form."""

    number: int
    values: dict[str, str]
    problem: str = ""


@dataclass(frozen=True)
class Table:
    columns: list[str]
    lines: list[Line] = field(default_factory=list)


def read(data: bytes, *, most_bytes: int = 5_000_000, most_lines: int = 5_000, most_in_cell: int = 5_000) -> Table:
    """Read a CSV file with a heading. Refused in words when it is no list at all, or too large."""
    rows = _rows(text_of(data, most_bytes), most_in_cell)
    heading = next((cells for _number, cells in rows if cells and any(cells)), None)
    if not heading:
        raise Refused(_("There is nothing in this file."), code="empty", field="file")
    columns = [" ".join(cell.split()).lower()[:80] for cell in heading]
    lines: list[Line] = []
    for number, cells in rows:
        if cells is not None and not any(cells):
            continue
        if len(lines) >= most_lines:
            sentence = _("This list has more than %(most)s rows. Bring it in in parts.") % {"most": most_lines}
            raise Refused(sentence, code="long", field="file")
        lines.append(_line(number, columns, cells))
    return Table(columns, lines)


def _line(number: int, columns: list[str], cells: list[str] | None) -> Line:
    if cells is None:
        return Line(number, {}, _("A quotation mark is opened and not closed, or a cell is too long."))
    extra = [cell for cell in cells[len(columns) :] if cell]
    problem = _("There are more cells in this row than in the heading.") if extra else ""
    values = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
    return Line(number, values, problem)


def text_of(data: bytes, most_bytes: int = 5_000_000) -> str:
    """The text of a file in UTF-8, UTF-16 with its mark, or else what Windows writes."""
    if len(data) > most_bytes:
        sentence = _("This file is larger than %(most)s MB. Bring it in in parts.") % {"most": most_bytes // 1_000_000}
        raise Refused(sentence, code="large", field="file")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").replace("\0", "")
    if b"\0" in data[:4096]:
        raise Refused(_("This is no text file. Save the list as CSV first."), code="binary", field="file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return text.replace("\0", "")


def _rows(text: str, most_in_cell: int) -> Iterator[tuple[int, list[str] | None]]:
    """(line number, cells) of each row; None for cells that can't be read."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    separator = _separator(lines)
    at = 0
    while at < len(lines):
        cells, used = _row(lines, at, separator, most_in_cell)
        yield at + 1, cells
        at += used


def _separator(lines: list[str]) -> str:
    """The one that parts the heading most; a first line `sep=;` as Excel writes it says so itself."""
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        chosen = lines[0].strip()[4]
        lines[0] = ""
        return chosen
    heading = next((line for line in lines if line.strip()), "")
    return max(SEPARATORS, key=lambda mark: (heading.count(mark), -SEPARATORS.index(mark)))


def _row(lines: list[str], at: int, separator: str, most_in_cell: int) -> tuple[list[str] | None, int]:
    """The cells of the row that begins at a line, and how many lines it takes."""
    cells: list[str] = []
    cell: list[str] = []
    quoted = False
    for used in range(1, QUOTED_LINES + 1):
        if at + used > len(lines):
            break
        line = lines[at + used - 1]
        quoted = _walk(line, separator, cells, cell, quoted)
        if not quoted:
            cells.append("".join(cell).strip())
            too_long = any(len(one) > most_in_cell for one in cells)
            return (None if too_long else cells), used
        cell.append("\n")
    return None, 1


def _walk(line: str, separator: str, cells: list[str], cell: list[str], quoted: bool) -> bool:
    """Go through one line, moving finished cells to `cells`; whether a quotation is still open at its end.

    A quotation mark opens only at the start of a cell: 5" pipe is a pipe of five inch."""
    at = 0
    while at < len(line):
        mark = line[at]
        if quoted and mark == '"':
            if line[at + 1 : at + 2] == '"':
                cell.append('"')
                at += 1
            else:
                quoted = False
        elif quoted:
            cell.append(mark)
        elif mark == separator:
            cells.append("".join(cell).strip())
            cell.clear()
        elif mark == '"' and not cell:
            quoted = True
        elif cell or not mark.isspace():
            cell.append(mark)
        at += 1
    return quoted


def harmless(value: object) -> str:
    """A cell that a spreadsheet shows and never runs."""
    text = str(value if value is not None else "")
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def written(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """CSV line by line, for a streamed answer; begins with the mark by which Excel knows UTF-8."""
    yield "\ufeff"
    for row in rows:
        out = io.StringIO()
        csv.writer(out, lineterminator="\r\n").writerow([harmless(cell) for cell in row])
        yield out.getvalue()

"""Lists as people have them: from Excel, from a phone, broken in the middle."""

import csv
import io

import pytest

from koor.kernel import tables
from koor.kernel.access import Refused


def values(data: bytes) -> list[dict[str, str]]:
    return [line.values for line in tables.read(data).lines]


@pytest.mark.parametrize(
    "data",
    [
        "naam;plaats\nZoë;Döttingen\n".encode(),
        "naam;plaats\nZoë;Döttingen\n".encode("utf-8-sig"),
        "naam;plaats\r\nZoë;Döttingen\r\n".encode("cp1252"),
        "naam,plaats\rZoë,Döttingen".encode(),
        "naam\tplaats\nZoë\tDöttingen".encode("utf-16"),
        "sep=;\nNaam ; PLAATS\n\n Zoë;  Döttingen\n;\n".encode(),
        '"naam";"plaats"\n"Zoë";"Döttingen"'.encode(),
    ],
)
def test_encodings_and_separators(data: bytes) -> None:
    assert values(data) == [{"naam": "Zoë", "plaats": "Döttingen"}]


def test_quotes_hold_separators_lines_and_quotes() -> None:
    assert values(b'a;b\n"x;1";"two\nlines"\n"say ""hi""";5" pipe\n') == [
        {"a": "x;1", "b": "two\nlines"},
        {"a": 'say "hi"', "b": '5" pipe'},
    ]


def test_an_open_quote_costs_one_line() -> None:
    lines = tables.read(b'a;b\n1;2\n"open;3\n' + b"4;5\n" * 40).lines
    assert lines[0].values == {"a": "1", "b": "2"}
    assert (lines[1].number, bool(lines[1].problem)) == (3, True)
    assert len(lines) == 42
    assert not any(line.problem for line in lines[2:])


def test_too_many_and_too_few_cells() -> None:
    few, many = tables.read(b"a;b\n1\n1;2;3\n").lines
    assert (few.values, few.problem) == ({"a": "1"}, "")
    assert many.problem


def test_a_cell_without_end_is_one_bad_line() -> None:
    lines = tables.read(b"a;b\n" + b"x" * 6000 + b";2\n3;4\n").lines
    assert bool(lines[0].problem)
    assert lines[1].values == {"a": "3", "b": "4"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\n\n;;\n", "empty"),
        (b"PK\x03\x04\x00\x00\x00", "binary"),
        (b"a\n" + b"x\n" * 5001, "long"),
        (b"x" * 5_000_001, "large"),
    ],
)
def test_what_is_no_list_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        tables.read(data)
    assert refused.value.code == code


def test_five_megabytes_of_quotes_take_no_time() -> None:
    assert tables.read(b"a;b\n" + b'x"' * 2_000_000).lines[0].problem


@pytest.mark.parametrize("cell", ["=1+1", "+31612345678", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert tables.harmless(cell) == "'" + cell


def test_what_is_written_can_be_read() -> None:
    text = "".join(tables.written([["naam", "zei"], ["Zoë", 'a;"b"\nc'], [None, 3]]))
    assert list(csv.reader(io.StringIO(text.lstrip("\ufeff")))) == [["naam", "zei"], ["Zoë", 'a;"b"\nc'], ["", "3"]]

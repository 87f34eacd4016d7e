"""A number in XML that is no sign is the sign for what was lost."""

from __future__ import annotations

from xml.parsers import expat

import pytest

from koor.kernel.plain import whole_references

LOST = b"&#xFFFD;"


@pytest.mark.parametrize("number", [0, 1, 8, 11, 12, 14, 0x1F, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF, 0x110000, 10**30])
def test_what_xml_forbids_is_lost(number: int) -> None:
    assert whole_references(b"a&#%d;b" % number) == b"a" + LOST + b"b"
    assert whole_references(b"a&#x%X;b" % number) == b"a" + LOST + b"b"


@pytest.mark.parametrize("number", [9, 10, 13, 0x20, 0x7F, 0xE9, 0xD7FF, 0xE000, 0xFFFD, 0x10000, 0x1FFFE, 0x10FFFF])
def test_what_xml_knows_stays_as_it_is(number: int) -> None:
    assert whole_references(b"a&#%d;b" % number) == b"a&#%d;b" % number


def test_two_halves_are_one_sign_also_beside_what_is_none() -> None:
    assert whole_references(b"&#0;&#55357;&#56832;&#11;&#55357;") == LOST + b"&#x1F600;" + LOST + LOST


def test_a_parser_takes_every_number_once_mended() -> None:
    numbers = [*range(0x100), *range(0xD7F0, 0xE010), *range(0xFFF0, 0x10010), 0x10FFFF, 0x110000]
    for number in numbers:
        expat.ParserCreate().Parse(b"<a>" + whole_references(b"&#%d;" % number) + b"</a>", True)

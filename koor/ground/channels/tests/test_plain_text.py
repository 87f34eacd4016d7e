"""Markup of others becomes plain text, in time that grows with its length and no faster."""

import time

import pytest

from koor.ground.channels.logic import plain_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Hi <b>there</b><br>x &amp; y</p>\n<p>second</p>", "Hi there\nx & y\n\nsecond"),
        ("one\ntwo &lt;b&gt; 3 &lt; 4", "one two <b> 3 < 4"),
        ("a<script>alert(1)</script><style>p{}</style>b", "ab"),
        ("<p>open <i>and never closed", "open and never closed"),
    ],
)
def test_plain_text(markup: str, text: str) -> None:
    assert plain_text(markup) == text


@pytest.mark.parametrize("piece", ["<a ", "<", "<!--", '<a b="', "&#", "<script>", "<p ", "</"])
def test_hostile_markup_takes_no_more_time_than_its_length(piece: str) -> None:
    start = time.process_time()
    plain_text(piece * (200_000 // len(piece)))
    assert time.process_time() - start < 2

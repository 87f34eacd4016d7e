"""What every connector does with texts that nobody foresaw: it counts and cuts them in time that follows their length,
whatever is in them. That it refuses what is too long in words stands in `test_contract.py`."""

from __future__ import annotations

import time
from itertools import product

import pytest

from koor.ground.channels.contract import Draft, Limits
from koor.ground.channels.logic.parts import Cutter
from koor.kernel.normal import normal
from tests.connectors.test_contract import NAMES, among, counted, manifest_of, module, part_of

PIECES = {
    "words": "woord ", "no spaces": "x", "links": "http://a.nl/x ", "names": "a.nl ", "both": "http://a.nl/x a.nl ",
    "links without spaces": "http://a.nl/", "long links": f"https://a.nl/{'x' * 1500} ", "schemes": "http:",
    "slashes": "/", "links abroad": "http://\u00e9\u00e9.nl/\u00e9 ", "links in brackets": "(https://a.nl/(b)) ",
    "brackets": "(", "square": "[", "closing": ")", "dots": "a.", "only dots": ".",
    "names of people": "@els@social.example ", "handles": "@els.bsky.social ", "at": "@", "tags": "#dak ",
    "hashes": "#", "little": "@[Els](urn:li:person:1) ", "backslashes": "\\", "stars": "*_~`", "lines": "\n",
    "empty lines": "a\n\n", "spaces": "x   ", "dashes": "-", "rules": "a\n---\n", "sentences": "Dak. ",
    "quotes": ".'\"\u201d", "arabic": "\u0645\u0631\u062d\u0628\u0627 ", "hebrew": "\u05e9\u05dc\u05d5\u05dd ",
    "turned": "\u202eom\u202c", "zero width": "a\u200b", "joiners": "\u200d", "marks": "\u0301",
    "letters with marks": "e\u0301", "many marks": "Z\u0351\u036b\u0343\u0349\u0359", "han": "\u6f22",
    "hangul": "\u1100\u1161\u11a8", "leading": "\u1100", "emoji": "\U0001f600", "flags": "\U0001f1f3\U0001f1f1",
    "half flags": "\U0001f1f3", "families": "\U0001f469\u200d\U0001f469\u200d\U0001f467 ",
    "endless family": "\U0001f469\u200d", "tones": "\U0001f44d\U0001f3fd", "keycaps": "1\ufe0f\u20e3",
    "selectors": "\ufe0f", "private": "\ue000", "wide": "\ufdfa", "full width": "\uff41", "markup": "<b>",
    "entities": "&amp;", "percent": "%s %(x)s {0} ", "nothing at all": "\u2003\u200b", "tabs": "\t",
    "devanagari": "\u0928\u094d", "control": "\x1b[31m", "returns": "\r\n",
}  # fmt: skip
SECONDS = 1.0
HOW_LONG = pytest.mark.parametrize("long", [1500, pytest.param(20_000, marks=pytest.mark.long)])
CUTTERS = ("x", "bluesky", "threads", "mastodon")


def text_of(what: str, long: int) -> str:
    piece = PIECES[what]
    return (piece * (long // len(piece) + 1))[:long]


def limits_of_each(name: str) -> list[Limits]:
    """With each choice that an account has, such as the platform behind *by hand*."""
    own = part_of(name, "limits")
    if own is None:
        return [manifest_of(name).limits]
    asked = [[(one.key, value) for value, _name in one.choices] for one in manifest_of(name).asks if one.choices]
    return [own.limits_for(dict(chosen)) for chosen in product(*asked)]


@HOW_LONG
@pytest.mark.parametrize("name", NAMES)
@among(PIECES)
def test_counted_in_time_that_follows_the_length(name: str, what: str, long: int) -> None:
    for limits in limits_of_each(name):
        began = time.process_time()
        assert counted(name, Draft(text_of(what, long)), limits) >= 0
        assert time.process_time() - began < SECONDS


@HOW_LONG
@pytest.mark.parametrize("name", CUTTERS)
@among(PIECES)
def test_cut_in_time_that_follows_the_length(name: str, what: str, long: int) -> None:
    own, limits = module(name, "limits"), manifest_of(name).limits
    text, began = text_of(what, long), time.process_time()
    pieces = own.posts(Draft(text, options={"thread": "yes"}), limits)
    assert time.process_time() - began < SECONDS
    fitting = [own.length(Draft(piece), limits) <= (limits.characters or 0) for piece in pieces]
    assert all(fitting) or (name != "x" and "link" in what)  # one that is longer than a post counts as it stands
    assert all(piece == piece.strip() and piece for piece in pieces)
    if what not in ("dashes", "rules"):  # which begin a new part, and go
        whole = "".join("".join(pieces).split()) == "".join(text.split())
        assert whole or normal("".join("".join(pieces).split())) == normal("".join(text.split()))


def test_places_are_not_looked_for_again_and_again() -> None:
    """What is counted for a part is a few times what the part is long, however long the rest is."""
    seen = 0

    def measure(text: str) -> int:
        nonlocal seen
        seen += len(text)
        return len(text)

    for text in ("woord " * 4_000, "x" * 24_000, f"{'y' * 2000} " * 12):
        seen = 0
        pieces = Cutter(measure, lambda said: [], 280).cut(text)
        assert "".join("".join(pieces).split()) == "".join(text.split())
        assert seen < 30 * len(text)

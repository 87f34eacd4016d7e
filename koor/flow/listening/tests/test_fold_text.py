"""A text becomes words, by the rules of docs/how-to/queries.md."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koor.flow.listening.logic.clean import clean
from koor.flow.listening.logic.fold import Folded, fold, fold_code, spans, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Café-app's", ["cafe", "app", "s"]),
        ("#WarmtePomp, @els@social.nl", ["warmtepomp", "els", "social", "nl"]),
        ("https://reurslag.nl/a-b?c_d=1", ["https", "reurslag", "nl", "a", "b", "c_d", "1"]),
        ("Straße İstanbul m² ΣΑΣ", ["strasse", "istanbul", "m²", "σασ"]),
        ("日本語 👍🏽👍", ["日", "本", "語", "👍", "👍"]),
        ("ガラス が か\u3099 あ\u3099", ["ガ", "ラ", "ス", "が", "が", "あ"]),
        ("서울역", ["서", "울", "역"]),
        ("&amp; &#39;", ["amp", "39"]),
        ("🇳🇱 👨\u200d👩 1\ufe0f\u20e3", ["🇳", "🇱", "👨", "👩", "1"]),
        ("warm\u00adte e\u0301e\u0301n \u202eabc\u202c", ["warmte", "een", "abc"]),
        ("किताब عَرَبِيّ", ["किताब", "عربي"]),
        ("_x_ ¡hola!\x00b", ["_x_", "hola", "b"]),
        ("", []),
        ("… — ™ ©", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("Hé @els@x.nl en #日本", [("@els", 1), ("#日本", 5)]),
        ("#Één,#twee (#drie)", [("#een", 0), ("#twee", 1), ("#drie", 2)]),
        ("els@x.nl &#39; /#deel ##c a#b # los", []),
        ("＃warm ＠els", [("#warm", 0), ("@els", 1)]),
        ("@@els #", []),
    ],
)
def test_tags_and_handles(text: str, tags: list[tuple[str, int]]) -> None:
    assert fold(text).tags == tags
    assert fold(text).words == words(text)


def test_no_code_point_breaks_the_table() -> None:
    """Letters never fold to something with a space in it: `spans` and `words` would part ways."""
    for code in (*range(0x20000), 0x2A6DF, 0x30000, 0x3FFFF, 0xE0041, 0xE01EF, 0x10FFFD, sys.maxunicode):
        piece = fold_code(code)
        assert piece.strip() == "" or piece == piece.strip() or len(piece.split()) == 1
        assert " " not in piece.strip()


@given(st.text(max_size=60))
def test_spans_point_at_the_same_words(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    found = spans(text)
    assert [span.word for span in found] == words(text)
    assert all(span.word in "".join(words(text[span.start : span.end])) for span in found)


@given(st.text(max_size=60))
def test_folding_again_changes_nothing(text: str) -> None:
    once = words(text)
    assert words(" ".join(once)) == once


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_space_parts_texts(left: str, right: str) -> None:
    assert words(f"{left} {right}") == words(left) + words(right)


def test_memory_stays_bounded() -> None:
    from koor.flow.listening.logic import fold as module

    table = module._Table()
    assert table[ord("É")] == "e"
    original, module._KEPT = module._KEPT, 1
    try:
        assert table[ord("Ü")] == "u"
        assert ord("Ü") not in table
    finally:
        module._KEPT = original
    assert Folded(["a"]).tags == []


def test_a_heap_of_accents_ends() -> None:
    heap = "".join(chr(0x300 + n % 60) for n in range(1_000_000))
    assert words(f"a{heap} caf{heap}e") == ["a", "cafe"]
    assert fold(f"#a{heap} b").tags == [("#a", 0)]
    assert clean(f"e{heap}") == clean(clean(f"e{heap}"))

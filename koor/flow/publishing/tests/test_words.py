"""Titles, openings and addresses from the words of a post; and what is a copy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koor.flow.publishing.logic import words

SCHOOL = "‘Doet hij het wel? Ik hoor niks.’ Acht lokalen hebben frisse lucht.\n\nDe meester merkte niets.\n\n\n Mooi. "


def test_paragraphs() -> None:
    assert words.paragraphs(SCHOOL)[1:] == ["De meester merkte niets.", "Mooi."]
    assert words.paragraphs(" \n ") == []
    assert words.paragraphs("een\r\ntwee\r\n\r\ndrie") == ["een\ntwee", "drie"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Acht lokalen hebben frisse lucht. Mooi.", "Acht lokalen hebben frisse lucht"),
        ("Doet hij het wel? Ik hoor niks.", "Doet hij het wel?"),
        ("‘Doet hij het wel? Ik hoor niks.’ Hij deed het al.", "‘Doet hij het wel? Ik hoor niks.’"),
        ("Dat zei hij: “Ja.” En toen?", "Dat zei hij: “Ja.”"),
        ("‘Nooit af. Altijd door", "‘Nooit af. Altijd door"),
        ("Zonder punt\nen een regel", "Zonder punt"),
        ("", ""),
        ("Wacht even...", "Wacht even..."),
        ("woord " * 40, "woord " * 14 + "woord…"),
        ("x" * 200, "x" * 89 + "…"),
    ],
)
def test_a_title_from_the_text(text: str, title: str) -> None:
    assert words.title_of(text) == title


def test_the_body_does_not_repeat_the_title() -> None:
    text = "Acht lokalen. En meer.\n\nTweede stuk."
    assert words.body_after("Acht lokalen", text) == ["En meer.", "Tweede stuk."]
    assert words.body_after("Acht lokalen", "Acht lokalen.\n\nTweede stuk.") == ["Tweede stuk."]
    assert words.body_after("Iets anders", text) == ["Acht lokalen. En meer.", "Tweede stuk."]
    assert words.body_after("‘Ik hoor niks’", "‘Ik hoor niks.’\n\nTweede stuk.") == ["Tweede stuk."]
    assert words.body_after("", "") == []


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("‘Doet hij het wel? Ik hoor niks’", "doet-hij-het-wel-ik-hoor-niks"),
        ("Jelles café: één meterkast", "jelles-cafe-een-meterkast"),
        ("Zo'n dag", "zon-dag"),
        ("日本", ""),
        ("a-" * 50, "-".join("a" * 30)),
    ],
)
def test_an_address_from_a_title(text: str, slug: str) -> None:
    assert words.slug_of(text) == slug


@given(st.text(max_size=300))
def test_any_text_gives_a_title_and_an_address(text: str) -> None:
    assert len(words.title_of(text)) <= words.TITLE
    assert len(words.slug_of(text)) <= 60
    assert set(words.slug_of(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_reading_time() -> None:
    assert words.reading_minutes("kort") == 1
    assert words.reading_minutes("woord " * 500) == 3


def test_copies() -> None:
    text = "Acht lokalen in Eibergen hebben sinds vrijdag frisse lucht."
    assert words.is_copy(text, text.upper() + " https://koor.example")
    assert words.is_copy(text, text.replace("vrijdag", "gisteren"))
    assert not words.is_copy(text, "Bij mijn scholen hoor je hem ook niet. Kom gerust luisteren, ik zet koffie.")
    assert not words.is_copy("", "")

"""A draft held against the story."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koor.ground.story.logic import Told, check_text

OURS = Told(
    voice="We zeggen je, en we schrijven zoals we praten.",
    donts=(
        "Geen jargon en geen reclametaal\nWe beloven niets wat we niet kunnen laten zien\n"
        "Nooit “unieke kans”\nGeen uitroeptekens"
    ),
)


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Wij ontzorgen onze klanten.", "corporate", "ontzorgen"),
        (
            "We zijn de beste ventilatiespecialist van het oosten.",
            "promise",
            "de beste ventilatiespecialist van het oosten",
        ),
        ("Een unieke kans voor uw dak", "dont", "unieke kans"),
        ("Heeft u vragen?", "formal", "u"),
        ("Nieuwe ketel! Kijk!", "exclamation", "!"),
        ("NU GRATIS ADVIES voor iedereen", "shouting", "GRATIS ADVIES"),
        ("Our world-class team is here.", "corporate", "world-class"),
    ],
)
def test_what_does_not_fit_is_named_with_its_words(text: str, kind: str, words: str) -> None:
    found = {(advice.kind, advice.words) for advice in check_text(text, OURS)}
    assert (kind, words) in found


def test_advice_points_at_the_line_of_the_story_that_it_comes_from() -> None:
    lines = {advice.kind: advice.line for advice in check_text("De beste ketel, een unieke kans!", OURS)}
    assert lines["promise"] == "We beloven niets wat we niet kunnen laten zien"
    assert lines["dont"] == "Nooit “unieke kans”"
    assert lines["exclamation"] == "Geen uitroeptekens"


@pytest.mark.parametrize("text", [
    "Acht lokalen hebben sinds vrijdag frisse lucht. Hij deed het al drie dagen.",
    "Vandaag de meterkast van De Slagheurne: 24 groepen, en nu zie je wat waar zit.",
    "Jelle soldeert zijn eerste leiding. Het duurde even.",
])  # fmt: skip
def test_plain_words_get_no_advice(text: str) -> None:
    assert check_text(text, OURS) == []


def test_formal_words_are_fine_in_a_formal_house() -> None:
    assert check_text("Heeft u vragen?", Told(voice="Wij vousvoyeren.")) == []


@given(st.text(max_size=300), st.text(max_size=100), st.text(max_size=100))
def test_whatever_is_typed_is_answered_in_order_without_overlap(text: str, voice: str, donts: str) -> None:
    found = check_text(text, Told(voice=voice, donts=donts))
    assert len(found) <= 12
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(text[a.start : a.end].strip() == a.words for a in found)

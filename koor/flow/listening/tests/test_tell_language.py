"""Which language something was said in."""

import pytest

from koor.kernel.languages import language_of

OURS = ("nl", "en")
DUTCH = "De monteur kwam gisteren en heeft alles netjes achtergelaten, dank daarvoor."
ENGLISH = "The engineer came yesterday and left everything tidy, thank you for that."
GERMAN = "Der Monteur kam gestern und hat alles sauber hinterlassen, vielen Dank."


@pytest.mark.parametrize(
    ("text", "said", "language"),
    [
        (DUTCH, "", "nl"),
        (ENGLISH, "", "en"),
        (GERMAN, "", ""),  # none of ours
        (GERMAN, "de", "de"),
        (DUTCH, "nl", "nl"),
        (DUTCH, "nl-BE", "nl-BE"),  # what the source says stands
        (DUTCH, "en", "nl"),  # plainly wrong: a phone that says English of everything
        (ENGLISH, "nl-NL", "en"),
        ("Top", "en", "en"),  # too short to know better
        (DUTCH, "pl", "pl"),  # a language that we can't judge
        ("👍 👍", "", ""),
        ("", "", ""),
        ("@anna https://example.org/de-monteur-kwam-gisteren", "", ""),  # names and addresses are no words
        ("x" * 100_000, "en", "en"),
        ("\ud800 \x00 " + DUTCH, "", "nl"),
    ],
)
def test_language(text, said, language):
    assert language_of(text, said, OURS) == language


def test_only_the_languages_of_the_house():
    assert language_of(ENGLISH, "", ["nl"]) != "nl"
    assert language_of(GERMAN, "", ["nl", "de"]) == "de"

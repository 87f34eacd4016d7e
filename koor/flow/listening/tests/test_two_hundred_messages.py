"""The words that Koor brings along, on two hundred messages the way customers of an installation company write them.

The messages stand in turns: by those with an even number the words were improved, those with an odd number were only
looked at to tell how well they do."""

import csv
from pathlib import Path

import pytest

from koor.flow.listening.choices import Label
from koor.flow.listening.logic.learner import files, questions
from koor.flow.listening.logic.learner.model import Learner

ROWS = list(csv.DictReader((Path(__file__).parent / "messages.csv").open(encoding="utf-8", newline="")))
NAMES = ("Monteurs", "Binnendienst", "Ontwerp", "Verkoop", "Leerlingen", "Leiding en kantoor")


def _right(question: str, lang: str) -> float:
    """The share of the messages that were kept apart which Koor answers rightly with its words alone."""
    shipped = files.shipped()
    words = {label: shipped[label] for label in Label.values if label} if question == "triage" else {}
    words = words or questions.disciplines(NAMES)
    learner = Learner(list(words), words)
    apart = [row for number, row in enumerate(ROWS) if number % 2 and row["lang"] == lang and row[question]]
    said = learner.many_chances([learner.read(row["text"]) for row in apart]).argmax(axis=1)
    return sum(learner.labels[at] == row[question] for at, row in zip(said, apart, strict=True)) / len(apart)


def test_the_messages_are_what_they_should_be() -> None:
    assert [row["lang"] for row in ROWS] == ["nl"] * 100 + ["en"] * 100
    assert len({row["text"] for row in ROWS}) == 200
    assert {row["triage"] for row in ROWS} == {"aha", "ohoh", "noise"}
    assert {row["discipline"] for row in ROWS} - {""} == set(questions.disciplines(NAMES))
    assert all(bool(row["discipline"]) == (row["triage"] != "noise") for row in ROWS)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_triage_begins_well(lang: str) -> None:
    assert _right("triage", lang) >= 0.8


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_who_knows_begins_well(lang: str) -> None:
    assert _right("discipline", lang) >= 0.7


def test_a_language_is_told_by_its_everyday_words() -> None:
    learner = Learner(["a", "b"], {"a": ["x"], "b": ["y"]})
    book = learner.reader.book
    assert book(["de", "kraan", "in", "het", "bad", "lekt"], "") is learner.reader.books["nl"]
    assert book(["the", "tap", "of", "your", "bath", "is", "dripping"], "") is learner.reader.books["en"]
    assert book(["bad"], "") is learner.reader.books[""]
    assert book(["bad"], "nl") is learner.reader.books["nl"]
    assert book(["bad"], "fr") is learner.reader.books[""]

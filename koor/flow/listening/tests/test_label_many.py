"""Many mentions labelled at once say what they say one by one, and by which words."""

from __future__ import annotations

from collections.abc import Callable

from koor.flow.listening.logic.learner import files
from koor.flow.listening.logic.learner.batch import AT_ONCE, say_many, text_of
from koor.flow.listening.logic.learner.model import Learner
from koor.flow.listening.logic.learner.reasons import Library, reasons
from koor.flow.listening.models import Mention

TEXTS = [
    "Mijn ketel lekt en niemand neemt op, wat een slechte service",
    "Bedankt voor het mooie werk!!",
    "De monteur kwam niet, de monteur belde niet",
    "Not good at all. Is there anybody?",
    "",
    "👍",
    "a",
    "de het een",
    "x" * 9_000,
    "\x00 \ud800",
]


def _learner() -> Learner:
    learner = Learner(["aha", "ohoh", "noise"], files.shipped())
    for number in range(30):
        for text, label in ((f"de knurft is stuk {number}", 1), (f"prima knots {number}", 0), (f"frummel {number}", 2)):
            learner.learn(learner.read(text), label)
    return learner


def test_the_same_answers_as_one_by_one() -> None:
    learner = _learner()
    texts = TEXTS * (AT_ONCE // len(TEXTS) + 1)  # more than one go
    for text, said in zip(texts, say_many(learner, [text_of(text) for text in texts]), strict=True):
        chances = learner.chances(learner.read(text))
        assert said.label == int(chances.argmax())
        assert abs(said.sure - float(chances.max())) < 1e-6
        assert len(said.reasons) <= 5
    assert say_many(learner, []) == []


def test_the_words_that_say_so_are_those_of_one_by_one() -> None:
    learner = _learner()
    said = say_many(learner, [text_of(text) for text in TEXTS[:2]])  # what a negation turns counts otherwise
    for text, one in zip(TEXTS[:2], said, strict=True):
        assert one.reasons[:1] == reasons(learner, text, one.label)[:1]


def test_a_word_that_was_only_learnt_is_a_reason_too() -> None:
    (said,) = say_many(_learner(), [text_of("knurft")])
    assert (said.label, said.reasons) == (1, ["knurft"])


def test_the_language_that_is_known_is_read() -> None:
    learner = Learner(["aha", "ohoh", "noise"], files.shipped())
    dutch, english = (say_many(learner, [text_of("het is bad", lang)])[0] for lang in ("nl", "en"))
    assert dutch.sure != english.sure  # a bath, or not good


def test_what_is_like_it_shares_its_rare_words() -> None:
    library = Library()
    for key, name in enumerate(("anna", "bert", "carla", "derk", "elze"), 1):
        library.add(key, 0, f"de ketel van {name} klopt hard")
    library.add(6, 1, "de ketel klopt hard bij anna")
    assert library.like("carla klopt hard ketel", 0, 0)[0] == 3
    assert 3 not in library.like("carla klopt hard ketel", 0, 3)
    assert library.like("anna klopt hard ketel", 1, 0) == [6]
    assert library.like("iets heel anders", 0, 0) == []


def test_the_language_is_told_where_the_source_does_not(bring_in: Callable[..., object]) -> None:
    bring_in(
        {"id": "a", "text": "De monteur kwam gisteren en heeft alles netjes achtergelaten"},
        {"id": "b", "text": "The engineer came yesterday and left everything tidy"},
        {"id": "c", "text": "Top", "lang": "nl"},
    )
    assert dict(Mention.objects.values_list("external_id", "language")) == {"a": "nl", "b": "en", "c": "nl"}

"""Many mentions labelled at once say what they say one by one, and by which words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from koor.flow.listening.logic.learner import files
from koor.flow.listening.logic.learner.batch import AT_ONCE, say_many, text_of
from koor.flow.listening.logic.learner.model import Learner
from koor.flow.listening.logic.learner.reasons import Library, reasons
from koor.flow.listening.models import Mention
from koor.flow.listening.queries import learnt
from koor.kernel import clock

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
    (said,) = say_many(_learner(), [text_of("knurft stuk")])
    assert said.label == 1
    assert "knurft" in said.reasons


def test_the_language_that_is_known_is_read() -> None:
    learner = Learner(["aha", "ohoh", "noise"], files.shipped())
    dutch, english = (say_many(learner, [text_of("het is bad", lang)])[0] for lang in ("nl", "en"))
    assert dutch.sure != english.sure  # a bath, or not good


def test_words_beside_those_it_begins_with_are_heard() -> None:
    learner = Learner(["aha", "ohoh", "noise"], files.shipped())
    learner.hear([learner.read(text) for text in ["de knots is mooi, bedankt", "de frummel is stuk, slecht"] * 20])
    for number in range(12):
        learner.learn(learner.read(f"de pomp is stuk {number}"), 1)
        learner.learn(learner.read(f"een mooie pomp {number}"), 0)
        learner.learn(learner.read(f"de pomp {number}"), 2)
    alone = Learner(["aha", "ohoh", "noise"], files.shipped())
    assert (learner.hears(learner.read("frummel")) > 0).tolist() == [False, True, False]
    assert not alone.hears(alone.read("frummel")).any()
    (said,) = say_many(learner, [text_of("frummel frummel")])
    assert abs(said.sure - float(learner.chances(learner.read("frummel frummel")).max())) < 1e-6


def test_with_many_labels_nothing_is_heard() -> None:
    learner = Learner(list("abcdefg"), {})
    learner.hear([learner.read("een tekst")])
    assert learner.heard is None
    assert not learner.hears(learner.read("een tekst")).any()


def test_what_is_like_it_shares_its_rare_words() -> None:
    library = Library()
    for key, name in enumerate(("anna", "bert", "carla", "derk", "elze"), 1):
        library.add(key, 0, f"de ketel van {name} klopt hard")
    library.add(6, 1, "de ketel klopt hard bij anna")
    assert library.like("carla klopt hard ketel", 0, 0)[0] == 3
    assert 3 not in library.like("carla klopt hard ketel", 0, 3)
    assert library.like("anna klopt hard ketel", 1, 0) == [6]
    assert library.like("iets heel anders", 0, 0) == []


def test_what_came_by_is_heard_and_gone_when_it_is_erased(bring_in: Callable[..., object]) -> None:
    bring_in(*({"id": f"h{n}", "text": f"Wat een mooie knurft, bedankt, nummer {n}"} for n in range(9)))
    learnt.forget()
    heard = learnt.taught().learner.heard
    assert heard is not None
    assert heard.texts == 9
    Mention.objects.all().delete()
    with clock.fixed(clock.now() + timedelta(days=1)):
        fresh = learnt.taught().learner.heard
    assert fresh is not None
    assert fresh.texts == 0
    learnt.forget()


def test_the_language_is_told_where_the_source_does_not(bring_in: Callable[..., object]) -> None:
    bring_in(
        {"id": "a", "text": "De monteur kwam gisteren en heeft alles netjes achtergelaten"},
        {"id": "b", "text": "The engineer came yesterday and left everything tidy"},
        {"id": "c", "text": "Top", "lang": "nl"},
    )
    assert dict(Mention.objects.values_list("external_id", "language")) == {"a": "nl", "b": "en", "c": "nl"}

"""The learner: it starts useful, corrections help, a promise holds, and nothing that people write breaks it."""

import random
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from koor.flow.listening.logic.learner import families as kin
from koor.flow.listening.logic.learner import files, trial
from koor.flow.listening.logic.learner.families import families
from koor.flow.listening.logic.learner.model import Learner
from koor.flow.listening.logic.learner.promise import at_least, threshold
from koor.flow.listening.logic.learner.words import places, words_of

SEEDS = {"broken": ["kapot", "broken"], "thanks": ["bedankt", "thanks"], "asking": ["hoe", "how", "?"]}
LOG = [
    ("De pomp is kapot", "broken"),
    ("Bedankt voor de snelle hulp", "thanks"),
    ("Hoe laat gaan jullie open?", "asking"),
    ("Alles lekt en niemand komt", "broken"),
    ("What a lovely job, thanks", "thanks"),
] * 8


def taught(labels: Sequence[str], seeds: Mapping[str, Sequence[str]], log: Sequence[tuple[str, str]]) -> Learner:
    """A learner from nothing and a log of (text, label)."""
    learner = Learner(labels, seeds)
    for text, label in log:
        learner.learn(learner.read(text), learner.labels.index(label))
    return learner


def _same(one: Learner, other: Learner) -> bool:
    return bool(
        np.array_equal(one.moved, other.moved)
        and np.array_equal(one.table, other.table)
        and one.answers == other.answers
    )


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Mijn ketel is kapot", "broken"),
        ("Heel erg bedankt", "thanks"),
        ("Hoe kan ik jullie bereiken?", "asking"),
        ("My boiler is damaged", "broken"),  # of the same family as broken
    ],
)
def test_it_answers_before_anybody_corrected_it(text: str, label: str) -> None:
    learner = Learner(list(SEEDS), SEEDS)
    assert learner.labels[int(learner.chances(learner.read(text)).argmax())] == label


def test_not_turns_a_word_around() -> None:
    seeds = {"good": ["goed", "mooi", "fijn"], "bad": ["slecht", "jammer", "saai"]}
    learner = Learner(list(seeds), seeds, "nl")
    good, turned = (learner.chances(learner.read(text))[0] for text in ("prachtig gedaan", "niet prachtig gedaan"))
    assert good > 0.6 > 0.5 > turned


def test_the_same_log_gives_the_same_learner() -> None:
    assert _same(taught(list(SEEDS), SEEDS, LOG), taught(list(SEEDS), SEEDS, LOG))


def test_an_entry_taken_out_is_as_if_it_never_was() -> None:
    with_it = [*LOG[:7], ("Mevrouw Jansen uit Ede is boos", "broken"), *LOG[7:]]
    without = [row for row in with_it if "Jansen" not in row[0]]
    assert not _same(taught(list(SEEDS), SEEDS, with_it), taught(list(SEEDS), SEEDS, LOG))
    assert _same(taught(list(SEEDS), SEEDS, without), taught(list(SEEDS), SEEDS, LOG))


def test_the_start_stays_as_it_was() -> None:
    before, after = Learner(list(SEEDS), SEEDS), taught(list(SEEDS), SEEDS, LOG)
    assert np.array_equal(before.start, after.start)
    assert not np.array_equal(before.start, after.moved)


def test_a_few_corrections_hardly_move_it() -> None:
    """Three wrong corrections in a row, and it still answers what it answered."""
    learner = taught(list(SEEDS), SEEDS, [("Bedankt voor alles", "broken")] * 3)
    assert learner.labels[int(learner.chances(learner.read("Hartelijk dank")).argmax())] == "thanks"


def test_who_answers_better_weighs_more() -> None:
    learner = taught(list(SEEDS), SEEDS, [("xyz " + text, "thanks") for text, _label in LOG] * 4)
    assert learner.trust()[0] < Learner(list(SEEDS), SEEDS).trust()[0] / 2


def test_with_many_labels_the_start_is_followed_until_more_is_proven() -> None:
    """Few corrections that say something else than nine labels with words of their own change no answer."""
    words = ["lek", "storing", "factuur", "offerte", "afspraak", "filter", "kraan", "paneel", "stage"]
    seeds = {f"label {at}": [word] for at, word in enumerate(words)}
    log = [(f"Vraag over de {word} {n}", f"label {(at + n) % 9}") for n in range(3) for at, word in enumerate(words)]
    learner = taught(list(seeds), seeds, log)
    said = [int(learner.chances(learner.read(f"De {word}")).argmax()) for word in words]
    assert said == list(range(9))
    assert not learner.proven()


def test_what_is_proven_answers_with_many_labels_too() -> None:
    seeds = {f"label {at}": [word] for at, word in enumerate("abcdefghi")}
    houses = ("dakgoot", "muur", "vloer")
    log = [(f"Het gaat over de {word}", f"label {at}") for _ in range(40) for at, word in enumerate(houses)]
    learner = taught(list(seeds), seeds, log)
    assert learner.proven()
    assert learner.labels[int(learner.chances(learner.read("De vloer")).argmax())] == "label 2"


def test_a_text_that_says_nothing_goes_to_the_label_of_everyday_words() -> None:
    """Neutral is told by words that stand in every text: it is meant for what holds nothing else."""
    seeds = {"bad": ["broken", "late", "awful"], "good": ["great", "love", "!"], "neutral": ["can", "you", "is", "?"]}
    learner = Learner(list(seeds), seeds, "en")
    said = {text: learner.labels[int(learner.chances(learner.read(text)).argmax())] for text in ("On our way", "Late")}
    assert said == {"On our way": "neutral", "Late": "bad"}


def test_a_start_that_errs_little_is_followed_until_others_prove_better() -> None:
    """Little is less than half as often as who always says what is said most: right in eight of ten is much where
    labels come alike often, and nothing where one of them is nearly all."""
    seeds = {"yes": ["ja"], "no": ["nee"]}
    even = taught(list(seeds), seeds, [("ja", "yes"), ("nee", "no")] * 8 + [("ja", "no")] * 4)
    mostly = taught(list(seeds), seeds, [("ja", "yes")] * 15 + [("nee", "no")] + [("ja", "no")] * 4)
    assert (even.right, mostly.right) == (16, 16)
    assert not even.proven()
    assert mostly.proven()


def test_one_word_of_a_label_is_not_louder_than_many_of_another() -> None:
    seeds = {"water": ["water"], "planning": ["afspraak", "datum", "tijd", *(f"woord{n}" for n in range(60))]}
    learner = Learner(list(seeds), seeds, "nl")
    said = learner.chances(learner.read("Afspraak over water verzetten: datum en tijd?"))
    assert learner.labels[int(said.argmax())] == "planning"


def test_many_at_once_are_answered_as_one_by_one() -> None:
    learner = taught(list(SEEDS), SEEDS, LOG)
    reads = [learner.read(text) for text, _label in LOG[:5]] + [learner.read("")]
    assert np.allclose(learner.many_chances(reads), [learner.chances(read) for read in reads])


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n",
        "😡" * 2_000,
        "a" * 2**20,
        "\x00",
        "é" * 50,
        "\ud800",
        "🏳️‍🌈",
        "?" * 5_000,
        "ab",
        "a b " * 300_000,
        "١٢٣ שלום",
    ],
    ids=lambda text: ascii(text[:6]),
)
def test_hostile_texts_are_answered_and_learnt(text: str) -> None:
    learner = Learner(list(SEEDS), SEEDS)
    learner.learn(learner.read(text), 0)
    chances = learner.chances(learner.read(text))
    assert np.isfinite(chances).all()
    assert chances.sum() == pytest.approx(1)


def test_one_label_only() -> None:
    learner = taught(["all"], {}, [("een", "all"), ("twee", "all")])
    assert learner.chances(learner.read("drie")).tolist() == pytest.approx([1.0])


def test_words_are_folded_and_names_kept_out() -> None:
    assert words_of("@Reurslag: Één keer 112 gebeld, didn't help https://x.example/a?b") == (
        ["@", ":", "een", "keer", "0", "gebeld", ",", "didnt", "help", "url"]
    )
    at, weights = places(words_of("Hoe laat?"))
    assert len(at) == len(weights) > 8


def test_families_are_in_both_languages() -> None:
    assert {kin.name for kin in families("nl")} == {kin.name for kin in families("en")} == {k.name for k in families()}
    assert all(kin.whole for kin in families("nl"))


# Promises


def test_below_200_corrections_it_only_proposes() -> None:
    assert threshold([(0.99, True)] * 199, 0.9) is None
    assert threshold([(0.99, True)] * 200, 0.9) == 0.99


def test_a_threshold_keeps_what_was_promised() -> None:
    draw = random.Random(4)
    answers = [(sure, draw.random() < sure) for sure in (draw.random() ** 0.3 for _ in range(900))]
    least = threshold(answers, 0.9)
    assert least is not None
    later = [(sure, draw.random() < sure) for sure in (draw.random() ** 0.3 for _ in range(20_000))]
    covered = [right for sure, right in later if sure >= least]
    assert len(covered) > 100
    assert sum(covered) / len(covered) >= 0.9


def test_without_skill_nothing_is_promised() -> None:
    draw = random.Random(5)
    assert threshold([(draw.random(), draw.random() < 0.5) for _ in range(900)], 0.9) is None


def test_as_sure_as_another_has_no_threshold_between() -> None:
    assert threshold([(0.5, True)] * 150 + [(0.5, False)] * 150, 0.9) is None


def test_chance_is_set_aside() -> None:
    assert at_least(0, 0) == 0
    assert at_least(30, 30) < 0.95 < at_least(300, 300)


# A trial


def _rows(many: int = 60) -> list[tuple[str, str]]:
    return [(f"{text} {number}", label) for number in range(many) for text, label in LOG[:5]]


def test_a_trial_has_its_shape() -> None:
    told = trial.Trial(_rows(), SEEDS).run()
    assert list(told["after"]) == ["0", "10", "50", "200", "1000"]
    assert told["after"]["1000"] is None
    assert set(told["after"]["200"]) == set(told["lowest"]) == {"accuracy", "macro_f1"}
    assert set(told["promises"]) == {"0.90", "0.95"}
    assert set(told["promises"]["0.90"]) == {"coverage", "accuracy"}
    assert told["after"]["200"]["accuracy"] > 0.9
    assert told["texts_per_cpu_second"] > 0


def test_the_quarter_is_the_same_in_every_order() -> None:
    rows = _rows(8)
    tested, shown = trial.quarter(rows)
    assert not set(tested) & set(shown)
    assert len(tested) == sum(round(sum(label == one for _text, one in rows) / 4) for label in SEEDS)
    assert trial.Trial(rows, SEEDS).tested == tested


def test_a_table_is_read_without_empty_and_unknown_labels() -> None:
    raw = b'text,y,created\nb,thanks,2026-02-02\na,thanks,2026-01-01\nc,,\nd,other,\n"e\ne",broken,2025-01-01\n'
    assert files.rows_of(raw, "text", "y", SEEDS) == [("b", "thanks"), ("a", "thanks"), ("e\ne", "broken")]
    assert [row[0] for row in files.rows_of(raw, "text", "y", SEEDS, "time")] == ["e\ne", "a", "b"]
    assert len(files.rows_of(raw, "text", "y", {})) == 4
    with pytest.raises(files.Unreadable, match="no column"):
        files.rows_of(raw, "text", "z", {})


@pytest.mark.parametrize("text", ["- a", "a: b", "a: [", "&a [*a]"])
def test_words_that_are_no_lists_are_refused(text: str) -> None:
    with pytest.raises(files.Unreadable):
        files.seeds_of(text)


@pytest.mark.parametrize("lang", ["nl", "en", ""])
def test_koor_brings_words_for_aha_oh_oh_and_noise(lang: str) -> None:
    assert set(files.shipped(lang)) == {"aha", "ohoh", "noise"}


def test_more_corrections_than_there_was_room_for_are_all_remembered() -> None:
    small, usual = (Learner(list(SEEDS), SEEDS) for _ in range(2))
    small._rows, small._truth = small._rows[:2], small._truth[:2]
    for learner in (small, usual):
        for text, label in LOG[:9]:
            learner.learn(learner.read(text), learner.labels.index(label))
    assert _same(small, usual)


def test_what_it_keeps_of_words_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "De pomp doet het niet meer en niemand neemt de telefoon op, wat een slechte service"
    usual = Learner(list(SEEDS), SEEDS, "nl").read(text)
    monkeypatch.setattr(kin, "MOST_KEPT", 1)
    small = Learner(list(SEEDS), SEEDS, "nl")
    assert [small.read(text).row.tolist() for _ in range(2)] == [usual.row.tolist()] * 2
    assert all(len(book.known) <= 2 and len(book.phrases) <= 2 for book in small.reader.books.values())


def test_a_table_that_is_none_and_a_time_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = b"text,y,time\na,thanks,2026-01-02\nb,thanks,soon\nc,thanks,2026-01-01\n"
    assert [row[0] for row in files.rows_of(raw, "text", "y", SEEDS, "time")] == ["b", "c", "a"]
    monkeypatch.setattr(files, "LARGEST", 5)
    with pytest.raises(files.Unreadable, match="no table"):
        files.rows_of(b"text,y\nmuch too long,thanks\n", "text", "y", {})


def test_words_by_label_may_be_numbers() -> None:
    assert files.seeds_of("aha: [mooi, 112]\n'oh-oh': [stuk]\n") == {"aha": ["mooi", "112"], "oh-oh": ["stuk"]}

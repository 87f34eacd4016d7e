"""The learner answers other questions about any text: who knows about it, what it is about. People teach it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from koor.flow.listening import actions, queries
from koor.flow.listening.choices import Question
from koor.flow.listening.models import Lesson, Mention, Wording
from koor.ground.people.models import Discipline, Person
from koor.kernel import memory
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry

Said = Callable[..., Mention]
LEAK = "De leiding onder de wasbak lekt, kan er een monteur komen?"


@pytest.fixture(autouse=True)
def _disciplines(db: None) -> None:
    for name in ("Monteurs", "Binnendienst", "Verkoop", "Leiding en kantoor"):
        Discipline.objects.get_or_create(name=name, defaults={"slug": name.split()[0].lower()})


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (LEAK, "monteurs"),
        ("Wat kost een laadpaal laten plaatsen? Graag een offerte.", "verkoop"),
        ("I would like to reschedule my appointment, when will somebody come?", "binnendienst"),
        ("Factuur twee keer betaald, graag een creditnota", "leiding en kantoor"),
    ],
)
def test_it_knows_the_disciplines_of_the_house(text: str, label: str) -> None:
    guess = queries.guess_of(Question.DISCIPLINE, text)
    assert guess is not None
    assert (guess.label, guess.sure) == (label, False)  # it proposes: nobody taught it yet
    assert 1 <= len(guess.reasons) <= 5
    assert 0.25 < guess.score < 1


def test_what_was_taught_is_known_at_once_in_the_same_stream(bram: Person) -> None:
    with memory.streaming():
        before = queries.taught(Question.DISCIPLINE).mark
        actions.teach(Question.DISCIPLINE, LEAK, "verkoop", by=bram, source="conversations.conversation:1")
        assert queries.taught(Question.DISCIPLINE).mark != before


def test_it_says_nothing_where_no_word_speaks() -> None:
    assert queries.guess_of(Question.DISCIPLINE, "") is None
    assert queries.guess_of(Question.DISCIPLINE, "Zzz qqq") is None
    Discipline.objects.exclude(name="Monteurs").delete()
    assert queries.guess_of(Question.DISCIPLINE, LEAK) is None  # there is nothing to choose
    Discipline.objects.all().delete()
    assert queries.guess_of(Question.DISCIPLINE, LEAK) is None  # nothing at all


def test_topics_and_triage_are_asked_the_same_way() -> None:
    assert queries.guess_of("topic", "En nu?") is None  # a sign is about nothing
    topic, triage = queries.guess_of("topic", LEAK), queries.guess_of("triage", "Slechte service, alweer lekkage")
    assert topic is not None
    assert triage is not None
    assert (topic.label, triage.label) == ("water", "ohoh")


def test_who_says_otherwise_teaches_and_names_a_text_like_it(pieter: Person) -> None:
    text = "De app van de thermostaat zegt foutcode achtentachtig"
    for number in range(40):
        actions.teach("discipline", f"{text} nummer {number}", "binnendienst", by=pieter, source=f"test.talk:{number}")
    guess = queries.guess_of("discipline", f"{text}, wat nu")
    assert guess is not None
    assert guess.label == "binnendienst"
    assert len(guess.alike) == 3
    assert set(guess.alike) <= set(Lesson.objects.values_list("pk", flat=True))


def test_the_same_source_again_replaces_and_an_empty_label_takes_back(pieter: Person) -> None:
    said = {"by": pieter, "source": "test.talk:1"}
    actions.teach("discipline", LEAK, "verkoop", **said)
    actions.teach("discipline", LEAK, "verkoop", **said)
    actions.teach("discipline", LEAK, "monteurs", **said)
    assert list(Lesson.objects.values_list("label", "by", "mention")) == [("monteurs", pieter.pk, None)]
    assert AuditEntry.objects.filter(verb="listening.teach").count() == 2
    assert actions.teach("discipline", LEAK, "", **said) is None
    assert not Lesson.objects.exists()


def test_what_is_taken_out_was_never_learnt(pieter: Person) -> None:
    actions.teach("discipline", LEAK, "monteurs", by=pieter, source="test.talk:1")
    before = queries.taught("discipline").learner.moved.copy()
    actions.teach("discipline", "Mevrouw Jansen wil een offerte", "verkoop", by=pieter, source="test.talk:2")
    actions.teach("topic", "Mevrouw Jansen wil een offerte", "geld", by=pieter, source="test.talk:2")
    assert (queries.taught("discipline").learner.moved != before).any()
    Lesson.objects.filter(source="test.talk:2").delete()
    assert (queries.taught("discipline").learner.moved == before).all()


def test_what_goes_takes_its_lessons_along(said: Said, pieter: Person) -> None:
    mention = said(LEAK)
    actions.teach("discipline", LEAK, "monteurs", by=pieter, source=queries.source_of(mention))
    assert Lesson.objects.get().mention == mention
    mention.delete()
    assert not Lesson.objects.exists()


def test_koor_does_not_learn_from_itself_nor_from_who_left(pieter: Person) -> None:
    assert actions.teach("discipline", LEAK, "monteurs", by=SYSTEM, source="test.talk:1") is None
    with pytest.raises(Refused):
        actions.teach("discipline", LEAK, "tovenaars", by=pieter, source="test.talk:1")
    with pytest.raises(ValueError, match="source"):
        actions.teach("discipline", LEAK, "monteurs", by=pieter, source="")
    pieter.is_active = False
    with pytest.raises(Forbidden):
        actions.teach("discipline", LEAK, "monteurs", by=pieter, source="test.talk:1")


def test_it_decides_by_itself_only_above_200(pieter: Person) -> None:
    rows = [
        ("monteurs" if n % 2 else "verkoop", f"De leiding lekt {n}" if n % 2 else f"Graag een offerte {n}")
        for n in range(220)
    ]
    now = timezone.now()
    made = [
        Lesson(question="discipline", label=label, text=text, source=f"test.talk:{n}", at=now + timedelta(seconds=n))
        for n, (label, text) in enumerate(rows)
    ]
    Lesson.objects.bulk_create(made[:199])
    below = queries.guess_of("discipline", "De leiding lekt")
    answers = [queries.sure_of("discipline", "De leiding lekt")]
    Lesson.objects.bulk_create(made[199:])
    above = queries.guess_of("discipline", "De leiding lekt")
    answers += [queries.sure_of("discipline", text) for text in ("De leiding lekt", "Iets heel anders")]
    assert below is not None
    assert above is not None
    assert (below.sure, above.sure, answers) == (False, True, ["", "monteurs", ""])


def test_a_lesson_of_triage_is_learnt_beside_the_marks(said: Said, pieter: Person) -> None:
    actions.mark(by=pieter, mention_id=said("De pomp is stuk").pk, label="ohoh")
    actions.teach("triage", "Fijn dat het zo snel ging", "aha", by=pieter, source="test.talk:1")
    assert queries.taught().learner.counts.tolist() == [1, 1, 0]


def test_a_discipline_that_goes_is_no_answer_any_more(pieter: Person) -> None:
    actions.teach("discipline", "Graag een offerte", "verkoop", by=pieter, source="test.talk:1")
    assert queries.taught("discipline").learner.counts.sum() == 1
    Discipline.objects.filter(name="Verkoop").delete()
    assert queries.taught("discipline").learner.counts.sum() == 0
    guess = queries.guess_of("discipline", LEAK)
    assert guess is not None
    assert guess.label == "monteurs"


# Words


def test_the_house_chooses_its_own_words(marloes: Person, pieter: Person) -> None:
    assert queries.guess_of("discipline", "De knoert doet het niet meer, help, wat een knoert") is None or (
        "knoert" not in queries.guess_of("discipline", "wat een knoert").reasons  # type: ignore[union-attr]
    )
    actions.word(by=marloes, question="discipline", words={"monteurs": " knoert \n\nketel\nketel"})
    assert Wording.objects.get().words == "knoert\nketel"
    guess = queries.guess_of("discipline", "wat een knoert")
    assert guess is not None
    assert (guess.label, guess.reasons) == ("monteurs", ("knoert",))
    actions.word(by=marloes, question="discipline", words={"monteurs": ""})
    assert not Wording.objects.exists()
    assert "lekkage" in queries.words_for("discipline")["monteurs"]
    with pytest.raises(Refused):
        actions.word(by=marloes, question="discipline", words={"monteurs": "x" * 81})
    with pytest.raises(Refused):
        actions.word(by=marloes, question="discipline", words={"tovenaars": "x"})
    with pytest.raises(Forbidden):
        actions.word(by=pieter, question="discipline", words={"monteurs": "x"})


# Pages


def test_the_page_of_words(client: Client, marloes: Person, pieter: Person, newcomer: Person) -> None:
    client.force_login(marloes)
    for question in Question.values:
        assert client.get(f"/listen/learner/{question}/").status_code == 200
    assert client.get("/listen/learner/weather/").status_code == 404
    page = client.get("/listen/learner/topic/")
    typed = {name: field.initial for name, field in page.context["form"].fields.items()}
    assert client.post("/listen/learner/topic/", {**typed, "words0": "pellets\nhoutkachel"}).status_code == 302
    assert list(Wording.objects.values_list("label", "words")) == [("warmte", "pellets\nhoutkachel")]
    assert client.post("/listen/learner/topic/", {**typed, "words0": "x" * 90}).status_code == 422
    client.force_login(pieter)
    assert b"<textarea" not in client.get("/listen/learner/topic/").content
    assert client.post("/listen/learner/topic/", typed).status_code in (403, 422)
    client.force_login(newcomer)
    assert client.get("/listen/learner/topic/").status_code == 404


def test_the_page_of_a_mention_asks_who_knows(client: Client, said: Said, pieter: Person, newcomer: Person) -> None:
    mention, other = said(LEAK), said("De leiding onder de gootsteen lekt ook, kan er een monteur komen?")
    client.force_login(pieter)
    page = client.get(f"/listen/mentions/{mention.pk}/").content.decode()
    assert "Monteurs" in page
    assert '<b dir="auto">lekt</b>' in page
    assert client.post(f"/listen/mentions/{mention.pk}/who-knows/", {"label": "monteurs"}).status_code == 302
    assert Lesson.objects.get().mention_id == mention.pk
    assert client.get(f"/listen/mentions/{mention.pk}/").context["asked"].name == "Monteurs"
    assert LEAK in client.get(f"/listen/mentions/{other.pk}/").content.decode()
    assert client.post(f"/listen/mentions/{mention.pk}/who-knows/", {"label": ""}).status_code == 302
    assert not Lesson.objects.exists()
    actions.teach("discipline", LEAK, "monteurs", by=pieter, source="test.talk:1")
    page = client.get(f"/listen/mentions/{mention.pk}/").content.decode()
    assert page.count(LEAK) == 1  # what was said of itself in a conversation is no example
    client.force_login(newcomer)
    assert client.post(f"/listen/mentions/{mention.pk}/who-knows/", {"label": "monteurs"}).status_code == 404

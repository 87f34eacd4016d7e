"""Questions to colleagues and their answers."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from koor.flow.hub import actions, queries
from koor.flow.hub.logic import Photo
from koor.flow.hub.models import Item, Prompt, PromptAnswer
from koor.ground.people.models import Discipline, Person, Skill
from koor.kernel import clock, upkeep
from koor.kernel.access import Forbidden, NotFound, Refused
from koor.kernel.models import AuditEntry, Once


@pytest.fixture
def asked(marloes: Person, bram: Person, henk: Person) -> Prompt:
    return actions.ask_colleagues(by=marloes, question="Who can show a heat pump?", why="12 asked", people=[bram, henk])


def test_by_name_discipline_and_skill_each_once(
    marloes: Person, bram: Person, henk: Person, anneke: Person, rob: Person
) -> None:
    pumps = Skill.objects.create(name="Heat pumps")
    pumps.people.add(bram, rob, marloes)
    made = actions.ask_colleagues(
        by=marloes,
        question="Who can show a heat pump?",
        people=[bram],
        skills=[pumps],
        disciplines=[Discipline.objects.get(name="Installers")],
    )
    assert set(made.asked.all()) == {bram, henk, rob}
    rob.is_active = False
    rob.save()
    again = actions.ask_colleagues(by=marloes, question="And now?", people=[rob, anneke])
    assert set(again.asked.all()) == {anneke}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"question": ""}, "question"),
        ({"question": "x" * 301}, "question"),
        ({"why": "x" * 301}, "why"),
        ({"people": []}, "people"),
        ({"until": date(2026, 11, 1)}, "until"),
    ],
)
def test_a_question_needs_words_and_people(
    noon: datetime, marloes: Person, bram: Person, fields: dict[str, object], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        actions.ask_colleagues(by=marloes, **{"question": "Who?", "people": [bram], **fields})  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_only_the_curator_asks(bram: Person, henk: Person) -> None:
    with pytest.raises(Forbidden):
        actions.ask_colleagues(by=bram, question="Who?", people=[henk])


def test_a_double_click_asks_once(marloes: Person, bram: Person) -> None:
    for _ in range(2):
        actions.ask_colleagues(by=marloes, question="Who?", people=[bram], once="k")
    assert Prompt.objects.count() == 1


def test_an_answer_in_words_and_then_in_a_photo(
    asked: Prompt, marloes: Person, bram: Person, henk: Person, photo: Photo
) -> None:
    first = actions.answer_prompt(by=bram, prompt=asked, sentence="I have one on Friday.")
    assert list(queries.answers_to(marloes, asked)) == [first]
    made = actions.capture(by=bram, photos=[photo], sentence="Here it is", prompt=asked)
    first.refresh_from_db()
    assert (asked.answers.count(), first.capture, first.sentence) == (1, made, "I have one on Friday.")
    assert queries.first_prompts_for(bram).rows() == []
    assert queries.first_prompts_for(henk).rows() == [asked]
    (seen,) = queries.prompts(bram)
    assert (seen.answered, seen.asked_number) == (1, 2)  # type: ignore[attr-defined]  # not of the one who looks alone


def test_the_same_answer_again_is_one(asked: Prompt, bram: Person) -> None:
    for _ in range(2):
        actions.answer_prompt(by=bram, prompt=asked, sentence="Friday")
    assert AuditEntry.objects.filter(verb="hub.answer_prompt").count() == 1


def test_no_needs_no_reason_and_is_seen_by_nobody(asked: Prompt, marloes: Person, bram: Person) -> None:
    actions.answer_prompt(by=bram, prompt=asked, declined=True)
    assert list(queries.answers_to(marloes, asked)) == []
    assert queries.first_prompts_for(bram).rows() == []
    own = queries.own_answer(bram, asked)
    assert own is not None
    assert own.declined
    assert next(iter(queries.prompts(marloes))).answered == 0  # type: ignore[attr-defined]


def test_who_was_not_asked_does_not_see_or_answer(asked: Prompt, rob: Person) -> None:
    with pytest.raises(NotFound):
        queries.prompt(rob, asked.pk)
    with pytest.raises(Forbidden):
        actions.answer_prompt(by=rob, prompt=asked, sentence="Me")
    assert list(queries.prompts(rob)) == []


@pytest.mark.parametrize("sentence", ["", "x" * 501])
def test_an_answer_has_words_and_not_too_many(asked: Prompt, bram: Person, sentence: str) -> None:
    with pytest.raises(Refused):
        actions.answer_prompt(by=bram, prompt=asked, sentence=sentence)


def test_a_closed_question_leaves_today(asked: Prompt, marloes: Person, bram: Person, henk: Person) -> None:
    with pytest.raises(Forbidden):
        actions.close_prompt(by=bram, prompt=asked)
    for _ in range(2):
        closed = actions.close_prompt(by=marloes, prompt=asked)
    assert queries.first_prompts_for(henk).rows() == []
    assert list(queries.prompts(marloes, closed=True)) == [asked]
    with pytest.raises(Refused):
        actions.answer_prompt(by=bram, prompt=closed, sentence="Too late")


def test_a_question_past_its_day_leaves_today(noon: datetime, marloes: Person, bram: Person) -> None:
    made = actions.ask_colleagues(by=marloes, question="Who?", people=[bram], until=date(2026, 11, 24))
    assert queries.first_prompts_for(bram).rows() == [made]
    Prompt.objects.update(until=date(2026, 11, 23))
    assert queries.first_prompts_for(bram).rows() == []


def test_words_go_into_the_library_in_the_name_of_who_said_them(
    asked: Prompt, marloes: Person, bram: Person, henk: Person
) -> None:
    answer = actions.answer_prompt(by=bram, prompt=asked, sentence="It hums because of the fan.")
    for _ in range(2):
        item = actions.keep_answer(by=marloes, answer=answer)
        Once.objects.update(at=clock.now() - timedelta(days=100))
        upkeep.keep_light(0)
    assert (item.by, item.title, Item.objects.count()) == (bram, "It hums because of the fan.", 1)
    actions.remove_item(by=marloes, item=item)
    assert actions.keep_answer(by=marloes, answer=answer).removed_at is None
    actions.remove_item(by=marloes, item=item)
    Item.objects.all().delete()  # a week later
    assert PromptAnswer.objects.get(item=actions.keep_answer(by=marloes, answer=answer)) == answer
    with pytest.raises(Forbidden):
        actions.keep_answer(by=bram, answer=answer)
    with pytest.raises(Refused):
        actions.keep_answer(by=marloes, answer=actions.answer_prompt(by=henk, prompt=asked, declined=True))


def test_there_is_an_end_to_asking(
    marloes: Person, bram: Person, henk: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("koor.flow.hub.actions.prompts.MOST_ASKED", 1)
    with pytest.raises(Refused, match="more than 1"):
        actions.ask_colleagues(by=marloes, question="Who?", people=[bram, henk])

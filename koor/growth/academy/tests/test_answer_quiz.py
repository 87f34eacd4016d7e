"""A lesson, its quiz, and a result that only its colleague sees."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from koor.ground.people.models import Person
from koor.growth.academy import actions, queries
from koor.growth.academy.models import Lesson, Result
from koor.growth.academy.views import clean
from koor.kernel.access import Forbidden, NotFound, Refused
from koor.kernel.panels import todos_of

Visit = Callable[[Person | None], Client]
QUESTIONS = [
    {"text": "Who agrees?", "answers": ["Who is in it", "The director"], "right": 0, "because": "It is theirs."},
    {"text": "And a child?", "answers": ["The school", "A parent"], "right": 1},
]  # fmt: skip


@pytest.fixture
def lesson(noon: datetime, marloes: Person) -> Lesson:
    return actions.write_lesson(
        by=marloes, title="Asking whether somebody agrees", text="## Ask\n\nFirst.", questions=QUESTIONS, published=True
    )


def test_the_best_result_stays(lesson: Lesson, bram: Person) -> None:
    assert actions.answer_quiz(by=bram, lesson=lesson, answers=[0, 0]).passed_at is None
    assert actions.answer_quiz(by=bram, lesson=lesson, answers=[0, 1]).passed_at is not None
    result = actions.answer_quiz(by=bram, lesson=lesson, answers=[1, None])
    assert (result.right, result.of) == (2, 2)
    made = queries.progress(bram)
    assert (made.passed, made.lessons) == (1, 1)


def test_a_result_is_its_colleagues_own(lesson: Lesson, bram: Person, marloes: Person) -> None:
    actions.answer_quiz(by=bram, lesson=lesson, answers=[0, 1])
    assert queries.result(marloes, lesson) is None
    assert [row.passed for row in queries.lessons(marloes)] == [False]


def test_the_next_lesson_is_on_today_until_it_is_passed(lesson: Lesson, bram: Person) -> None:
    assert [todo.title for todo in todos_of(bram) if todo.rank == 75] == [lesson.title]
    actions.answer_quiz(by=bram, lesson=lesson, answers=[0, 1])
    assert not [todo for todo in todos_of(bram) if todo.rank == 75]


@pytest.mark.parametrize("questions", [
    [], [QUESTIONS[0]] * 13, [{"text": "?", "answers": ["One"], "right": 0}],
    [{"text": "?", "answers": ["A", "B"], "right": 2}],
])  # fmt: skip
def test_a_published_lesson_has_good_questions(noon: datetime, marloes: Person, questions: list[Any]) -> None:
    with pytest.raises(Refused):
        actions.write_lesson(by=marloes, title="Wrong", text="x", questions=questions, published=True)
    assert not Lesson.objects.exists()


def test_the_search_finds_lessons_and_drafts_only_for_who_writes(lesson: Lesson, marloes: Person, bram: Person) -> None:
    begin = lesson.title.split()[0][:4]
    assert list(queries.lessons_saying(bram, begin)) == [lesson]
    Lesson.objects.update(published=False)
    assert not queries.lessons_saying(bram, begin)
    assert list(queries.lessons_saying(marloes, begin)) == [lesson]


def test_only_who_may_writes(noon: datetime, bram: Person) -> None:
    with pytest.raises(Forbidden):
        actions.write_lesson(by=bram, title="Mine", text="x", questions=[], published=False)


def test_a_draft_is_not_there_for_others(noon: datetime, marloes: Person, bram: Person) -> None:
    draft = actions.write_lesson(by=marloes, title="Later", text="x", questions=[], published=False)
    with pytest.raises(NotFound):
        queries.lesson(bram, draft.slug)
    assert queries.lesson(marloes, draft.slug) == draft
    with pytest.raises(Refused):
        actions.answer_quiz(by=marloes, lesson=draft, answers=[])


def test_two_lessons_of_one_title_have_addresses_of_their_own(lesson: Lesson, marloes: Person) -> None:
    again = actions.write_lesson(by=marloes, title=lesson.title, text="x", questions=[], published=False)
    assert again.slug == f"{lesson.slug}-2"
    page_of_the_academy = actions.write_lesson(by=marloes, title="Practice", text="x", questions=[], published=False)
    assert page_of_the_academy.slug == "practice-2"


def test_a_draft_that_nobody_followed_is_thrown_away(lesson: Lesson, marloes: Person, bram: Person) -> None:
    written: dict[str, Any] = {"title": "Later", "text": "x", "questions": [], "published": False}
    draft = actions.write_lesson(by=marloes, once="form", **written)
    with pytest.raises(Forbidden):
        actions.drop_lesson(by=bram, lesson=draft)
    actions.drop_lesson(by=marloes, lesson=draft)
    with pytest.raises(Refused, match="thrown away"):  # the browser went back, and sent the form again
        actions.write_lesson(by=marloes, once="form", **written)
    actions.answer_quiz(by=bram, lesson=lesson, answers=[0, 1])
    hidden = actions.write_lesson(by=marloes, lesson=lesson, questions=QUESTIONS, published=False)
    with pytest.raises(Refused):
        actions.drop_lesson(by=marloes, lesson=hidden)
    assert list(Lesson.objects.all()) == [lesson]


def test_groups_of_five(lesson: Lesson, person: Callable[..., Person]) -> None:
    colleagues = [person(f"I{n} Installer") for n in range(6)]
    for colleague in colleagues[:2]:
        actions.answer_quiz(by=colleague, lesson=lesson, answers=[0, 1])
    (part,) = queries.followed_by_groups()
    assert (part.through, part.of) == (2, 7)


def test_through_the_pages(noon: datetime, marloes: Person, bram: Person, visit: Visit) -> None:
    curator, colleague = visit(marloes), visit(bram)
    assert "There are none yet" in colleague.get("/lessons/").content.decode()
    typed = (
        "Who agrees first?\n* Who is in it\n- The director\n> It is theirs.\n\nAnd a child?\n- The school\n* A parent"
    )
    form = {"title": "Agreeing", "text": "Ask **first**.", "minutes": "2", "questions": typed, "published": "on"}
    for _click in range(2):
        page = curator.post("/lessons/write/", form | {"once": "k"}, follow=True).content.decode()
    assert "<strong>first</strong>" in page
    assert Lesson.objects.count() == 1
    assert "* A parent" in curator.get("/lessons/agreeing/edit/").content.decode()
    one, two = (f"q{q.pk}" for q in Lesson.objects.get().questions.all())
    wrong = colleague.post("/lessons/agreeing/", {one: "1", two: "1"}).content.decode()
    assert "It is theirs." in wrong
    assert 'action="#marks"' in wrong  # a phone shows them at once
    assert 'id="marks"' in wrong
    assert (
        "Passed: Agreeing." in colleague.post("/lessons/agreeing/", {one: "0", two: "1"}, follow=True).content.decode()
    )
    assert Result.objects.get().passed_at is not None
    broken = curator.post("/lessons/write/", form | {"questions": "No answers here"}).content.decode()
    assert "one right answer with a *" in broken
    empty = curator.post("/lessons/write/", form | {"questions": ""}).content.decode()
    assert "at least one question" in empty


@pytest.mark.parametrize("address", ["/lessons/", "/lessons/groups/", "/lessons/asking-whether-somebody-agrees/"])
def test_strangers_sign_in_and_newcomers_read(address: str, lesson: Lesson, newcomer: Person, visit: Visit) -> None:
    assert visit(None).get(address).status_code == 302
    assert visit(newcomer).get(address).status_code == 200
    assert visit(newcomer).get("/lessons/write/").status_code == 404
    assert visit(newcomer).get("/lessons/nothing/").status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_takes_the_same_number_of_queries(
    rows: int, noon: datetime, marloes: Person, bram: Person, visit: Visit, django_assert_num_queries: Any
) -> None:
    for n in range(rows):
        Lesson.objects.create(slug=f"l{n}", title=f"Lesson {n}", text="x", published=True)
    browser = visit(bram)
    browser.get("/lessons/")
    with django_assert_num_queries(7):  # one for the good examples, one for what fires taught
        browser.get("/lessons/")


def test_markup_in_a_lesson_is_cleaned() -> None:
    assert "<script" not in clean("<script>alert(1)</script> [x](javascript:alert(1)) **ok**")
    assert "javascript" not in clean("[x](javascript:alert(1))").replace("[x](javascript:alert(1))", "")

"""Autonomy is earned by lessons and good work, and taken by the colleague themselves."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from koor.flow.publishing.models import Post
from koor.ground.channels.models import Account
from koor.ground.people.choices import Autonomy
from koor.ground.people.models import Person
from koor.growth.academy import actions, queries
from koor.growth.academy.models import Lesson
from koor.kernel import audit
from koor.kernel.access import Refused
from koor.kernel.models import AuditEntry


@pytest.fixture
def lesson(noon: datetime, marloes: Person) -> Lesson:
    question = {"text": "Who agrees?", "answers": ["Who is in it", "The director"], "right": 0}
    return actions.write_lesson(by=marloes, title="Asking", text="Ask.", questions=[question], published=True)


def released(by: Person, noon: datetime, *, practice: bool, reader: Person | None = None) -> Post:
    return Post.objects.create(
        by=by, text="x", stage="released", practice=practice, made_at=noon, changed_at=noon, released_at=noon,
        released_by=reader or by,
    )  # fmt: skip


def test_lessons_and_practice_earn_a_buddy(lesson: Lesson, newcomer: Person, noon: datetime) -> None:
    with pytest.raises(Refused):
        actions.take_step(by=newcomer)
    actions.answer_quiz(by=newcomer, lesson=lesson, answers=[0])
    for _time in range(2):
        released(newcomer, noon, practice=True)
    assert actions.take_step(by=newcomer).autonomy == Autonomy.BUDDY
    entry = AuditEntry.objects.get(verb="people.change_autonomy")
    assert audit.sentence(entry) == "Jelle Nieuwenhuis took the step “With a buddy”, earned with lessons and work"
    assert entry.actor_id == newcomer.pk


def test_posts_that_a_buddy_read_earn_the_last_step(
    lesson: Lesson, person: Callable[..., Person], bram: Person, noon: datetime
) -> None:
    sanne = person("Sanne Meutstege", autonomy=Autonomy.BUDDY)
    actions.answer_quiz(by=sanne, lesson=lesson, answers=[0])
    released(sanne, noon, practice=False)  # read by nobody
    for _time in range(2):
        released(sanne, noon, practice=False, reader=bram)
    assert not queries.step(sanne).earned  # type: ignore[union-attr]
    released(sanne, noon, practice=False, reader=bram)
    assert actions.take_step(by=sanne).autonomy == Autonomy.OWN
    assert actions.take_step(by=sanne).autonomy == Autonomy.OWN


def test_through_the_pages(lesson: Lesson, newcomer: Person, noon: datetime, visit: Callable[..., Client]) -> None:
    browser = visit(newcomer)
    assert "Ask the curator for one" in browser.get("/lessons/practice/").content.decode()
    Account.objects.create(connector="paper", name="Stage", purpose="practice", owner=newcomer, made_at=noon)
    released(newcomer, noon, practice=True)
    page = browser.get("/lessons/practice/").content.decode()
    assert "/posts/new/?accounts=" in page
    assert "What is left stands" in browser.post("/lessons/step/", follow=True).content.decode()
    assert "Posts on the practice stage" in browser.get("/me/").content.decode()
    actions.answer_quiz(by=newcomer, lesson=lesson, answers=[0])
    released(newcomer, noon, practice=True)
    assert "From now on: With a buddy." in browser.post("/lessons/step/", follow=True).content.decode()


def test_the_stage_is_offered_where_there_is_one(
    newcomer: Person, noon: datetime, visit: Callable[..., Client]
) -> None:
    offered = "On the practice stage you can try everything."
    assert offered not in visit(newcomer).get("/me/").content.decode()
    Account.objects.create(connector="paper", name="Stage", purpose="practice", owner=newcomer, made_at=noon)
    assert f'<a href="/lessons/practice/">{offered}</a>' in visit(newcomer).get("/me/").content.decode()


def test_strangers_sign_in(db: None, visit: Callable[..., Client]) -> None:
    assert visit(None).get("/lessons/practice/").status_code == 302


@pytest.mark.django_db
def test_after_the_last_step_there_is_none(bram: Person) -> None:
    assert queries.step(bram) is None
    assert actions.take_step(by=bram) == bram

"""Writes of the academy: lessons, and answering a quiz."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from koor.ground.people import actions as people
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.growth.academy import access, queries
from koor.growth.academy.models import Lesson, Question, Result
from koor.kernel import audit, clock
from koor.kernel.access import SYSTEM, Refused, require
from koor.kernel.once import once as done_once

MOST_QUESTIONS = 12
RESERVED = {"write", "practice", "step", "groups"}  # pages of the academy itself


@transaction.atomic
def write_lesson(
    *, by: Colleague, lesson: Lesson | None = None, questions: list[dict[str, Any]], once: str = "", **texts: Any
) -> Lesson:
    """Write a lesson with its questions: `{"text", "answers": [...], "right": index, "because"}` each.

    Changing the questions of a lesson leaves earned results as they are."""
    require(access.may_write_lessons(by))
    if lesson is not None:
        return _write(by, lesson, questions, texts)
    content = {"questions": questions, **texts}
    kind = f"academy.write_lesson:{by.pk}"
    pk, _new = done_once(
        kind, once, content, lambda: _write(by, Lesson(slug=_free_slug(texts["title"])), questions, texts)
    )
    written = Lesson.objects.filter(pk=pk).first()
    if written is None:
        raise Refused(_("This draft was thrown away."), code="gone")
    return written


def _write(by: Colleague, lesson: Lesson, questions: list[dict[str, Any]], texts: dict[str, Any]) -> Lesson:
    for name in ("title", "about", "text", "minutes", "order", "published"):
        if name in texts:
            setattr(lesson, name, texts[name])
    _check(questions, published=lesson.published)
    lesson.save()
    lesson.questions.all().delete()
    Question.objects.bulk_create(Question(lesson=lesson, order=n, **fields) for n, fields in enumerate(questions))
    audit.record(by=by, verb="academy.write_lesson", target=lesson, published=lesson.published)
    return lesson


@transaction.atomic
def drop_lesson(*, by: Colleague, lesson: Lesson) -> None:
    """Throw a draft away. What colleagues followed already stays, so that what they earned by it stays."""
    require(access.may_write_lessons(by))
    lesson = Lesson.objects.select_for_update().get(pk=lesson.pk)
    if lesson.published or lesson.results.exists():
        raise Refused(_("Colleagues follow this lesson, or did. It can be hidden, and stays."), code="followed")
    audit.record(by=by, verb="academy.drop_lesson", target=lesson)
    lesson.delete()


def _free_slug(title: str) -> str:
    wanted = slugify(title)[:70] or "les"
    taken = RESERVED | set(Lesson.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return next(s for s in (wanted, *(f"{wanted}-{n}" for n in range(2, 1000))) if s not in taken)


def _check(questions: list[dict[str, Any]], *, published: bool) -> None:
    if len(questions) > MOST_QUESTIONS:
        raise Refused(_("At most twelve questions: a lesson is short."), field="questions")
    if published and not questions:
        raise Refused(_("A lesson that is published has at least one question."), field="questions")
    for question in questions:
        if len(question["answers"]) < 2 or not 0 <= question["right"] < len(question["answers"]):
            raise Refused(
                _("“%(question)s” needs two answers at least, and one of them right.") % {"question": question["text"]},
                field="questions",
            )


@transaction.atomic
def answer_quiz(*, by: Person, lesson: Lesson, answers: list[int | None]) -> Result:
    """Grade a colleague's answers and keep their best result. Trying again costs nothing."""
    grade = queries.grade(lesson, answers)
    if not grade.of:
        raise Refused(_("This lesson has no questions yet."))
    try:
        with transaction.atomic():
            result = Result.objects.create(lesson=lesson, person=by, right=0, of=grade.of, at=clock.now())
    except IntegrityError:
        result = Result.objects.select_for_update().get(lesson=lesson, person=by)
    result.at = clock.now()
    if grade.right >= result.right or result.of != grade.of:
        result.right, result.of = grade.right, grade.of
    if grade.passed and result.passed_at is None:
        result.passed_at = clock.now()
    result.save()
    return result


@transaction.atomic
def take_step(*, by: Person) -> Person:
    """A colleague takes the step that they earned themselves; no gatekeeper. Refused while something is left to do."""
    step = queries.step(by)
    if step is None:
        return by
    if not step.earned:
        raise Refused(_("Nearly there. What is left stands under your next step."), code="not_earned")
    return people.change_autonomy(by=SYSTEM, person=by, autonomy=step.to, earned=True)

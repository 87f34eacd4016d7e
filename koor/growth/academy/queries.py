"""Reads of the academy. Results are a colleague's own; the organisation sees groups of five."""

from dataclasses import dataclass

from django.db.models import Count, F, QuerySet

from koor.flow.publishing.choices import Stage
from koor.flow.publishing.models import Post
from koor.ground.channels.models import Account
from koor.ground.channels.queries import accounts_to_draft_for
from koor.ground.governance.choices import Purpose
from koor.ground.people.models import Person
from koor.growth.academy import access, logic
from koor.growth.academy.models import Lesson, Question, Result
from koor.kernel import groups, search, sql, together
from koor.kernel.access import NotFound


def _visible(person: Person) -> QuerySet[Lesson]:
    return Lesson.objects.all() if access.may_write_lessons(person) else Lesson.objects.filter(published=True)


def lessons_saying(person: Person, words: str) -> QuerySet[Lesson]:
    """Lessons in which these words begin some word."""
    query = search.tsquery(words)
    return sql.saying(_visible(person), query, "title", "about", "text") if query else Lesson.objects.none()


@dataclass(frozen=True)
class Followed:
    """A lesson and how far this colleague is with it."""

    lesson: Lesson
    result: Result | None

    @property
    def passed(self) -> bool:
        return self.result is not None and self.result.passed_at is not None


def lessons(person: Person) -> list[Followed]:
    """The lessons in order, each with the person's own result. Two queries (and one for permissions)."""
    own = {result.lesson_id: result for result in Result.objects.filter(person=person)}
    rows = _visible(person).annotate(asked=Count("questions"))[:200]
    return [Followed(lesson, own.get(lesson.pk)) for lesson in rows]


def lesson(person: Person, slug: str) -> Lesson:
    found = _visible(person).filter(slug=slug).first()
    if found is None:
        raise NotFound
    return found


def questions(lesson: Lesson) -> list[Question]:
    return list(lesson.questions.all())


def result(person: Person, lesson: Lesson) -> Result | None:
    """The person's own result."""
    return Result.objects.filter(person=person, lesson=lesson).first()


def lessons_to_follow(person: Person) -> QuerySet[Lesson]:
    """Published lessons that this colleague has not passed, in order."""
    done = Result.objects.filter(person=person).exclude(passed_at=None).values("lesson")
    return Lesson.objects.filter(published=True).exclude(pk__in=done)


@dataclass(frozen=True)
class Progress:
    """How far somebody is, for that person alone."""

    passed: int  # lessons
    lessons: int  # that there are
    practised: int  # posts on the practice stage
    read_by_buddy: int  # posts


def progress(person: Person) -> Progress:
    """One query."""
    published = Lesson.objects.filter(published=True)
    done = Result.objects.filter(person=person, lesson__in=published).exclude(passed_at=None)
    read = Post.objects.filter(by=person, practice=False, stage=Stage.RELEASED).exclude(released_by=F("by"))
    return Progress(*together.numbers(done, published, practised(person), read.exclude(released_by=None)))


@dataclass(frozen=True)
class Followers:
    """How many of a group of at least five passed every lesson."""

    names: tuple[str, ...]
    through: int
    of: int


def followed_by_groups() -> list[Followers]:
    """By discipline, small ones merged."""
    total = Lesson.objects.filter(published=True).count()
    active = Person.objects.filter(is_active=True)
    sizes = {name or "": n for name, n in active.values_list("discipline__name").annotate(n=Count("pk")).order_by()}
    through = (
        Result.objects.filter(lesson__published=True, person__is_active=True)
        .exclude(passed_at=None)
        .values("person")
        .annotate(n=Count("pk"))
        .filter(n__gte=max(total, 1))
    )
    done: dict[str, int] = {}
    names = active.filter(pk__in=through.values("person")).values_list("discipline__name", flat=True)
    for name in names:
        done[name or ""] = done.get(name or "", 0) + 1
    return [
        Followers(part, sum(done.get(name, 0) for name in part), sum(sizes[name] for name in part))
        for part in groups.merged(sizes)
    ]


def grade(lesson: Lesson, answers: list[int | None]) -> logic.Grade:
    return logic.grade(answers, [question.right for question in questions(lesson)])


# The practice stage, and the autonomy that follows


def practice_account(person: Person) -> Account | None:
    """The stage on which nobody outside looks: an account for practice that this colleague may draft for."""
    stages = [account for account in accounts_to_draft_for(person) if account.purpose == Purpose.PRACTICE]
    return stages[0] if stages else None


def practised(person: Person) -> QuerySet[Post]:
    """The person's own posts on the practice stage, newest first."""
    return Post.objects.filter(by=person, practice=True, stage=Stage.RELEASED).order_by("-released_at", "-pk")


def step(person: Person, made: Progress | None = None) -> logic.Step | None:
    """The next step of autonomy and what it asks; seen by the person alone."""
    made = made or progress(person)
    return logic.next_step(
        person.autonomy,
        passed=made.passed,
        lessons=made.lessons,
        practised=made.practised,
        read_by_buddy=made.read_by_buddy,
    )

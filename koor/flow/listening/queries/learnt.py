"""What the learner has learnt from what people said to each question. It is kept in the memory of each process and
made again from the log when that says something else. Nothing is written down: what is erased is nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any

from django.db.models import Count, F, Max
from django.db.models.functions import Left
from django.utils.translation import gettext as _

from koor.flow.listening import access
from koor.flow.listening.choices import Label, Promise, Question
from koor.flow.listening.logic.learner import files, questions
from koor.flow.listening.logic.learner.model import Learner
from koor.flow.listening.logic.learner.promise import ENOUGH, threshold
from koor.flow.listening.logic.learner.reasons import Library
from koor.flow.listening.logic.learner.words import LONGEST
from koor.flow.listening.models import Correction, Learning, Lesson, Mention, Wording, own_words, topic_name
from koor.ground.people.models import Discipline, Person
from koor.kernel import clock, memory
from koor.kernel.access import require
from koor.kernel.memory import remembered

LABELS = (Label.AHA.value, Label.OHOH.value, Label.NOISE.value)
HEARD = 1_000  # of the newest mentions that nobody labelled, whose words are listened to
AT_ONCE = 300  # mentions that are looked at in one go
OPEN = 100  # of the newest that nobody marked, which are looked at again when people corrected
_COUNTED = {"number": Count("pk"), "last": Max("pk"), "at": Max("at")}

Words = dict[str, list[str]]
Mark = tuple[Any, ...]
Line = tuple[datetime, int, str]  # when, the number (below zero: of a lesson), what was said


def words_for(question: str) -> Words:
    """The words by label that a question begins with: the organisation's own, else those that Koor brings."""
    return {label: words for label, words in all_words(question).items() if words is not None}


def all_words(question: str) -> dict[str, list[str] | None]:
    """The same with the topics that the house does not use, which have none."""
    brought = {
        Question.TRIAGE: lambda: {label: files.shipped()[label] for label in LABELS},
        Question.DISCIPLINE: lambda: questions.disciplines(names_of_disciplines()),
        Question.TOPIC: questions.topics,
    }[Question(question)]()
    usual: dict[str, list[str] | None] = dict(brought)
    for asked, label, words in own_words()[0]:
        if asked == question and (label in usual or question == Question.TOPIC):
            usual[label] = words.split("\n") if words else None if question == Question.TOPIC else []
    return usual


@remembered
def names_of_disciplines() -> list[str]:
    """As the house calls them."""
    return list(Discipline.objects.values_list("name", flat=True))


@dataclass
class Taught:
    """The learner of one question, with what it has learnt and the texts of that."""

    words: Mapping[str, Sequence[str]]
    learner: Learner = field(init=False)
    library: Library = field(default_factory=Library)
    log: list[Line] = field(default_factory=list)
    mark: Mark = ()
    day: date = field(default_factory=lambda: clock.now().date())  # what was heard is made anew each day

    def __post_init__(self) -> None:
        self.learner = Learner(list(self.words), self.words)

    def learn(self, lines: Iterable[Line], texts: Mapping[int, tuple[int, str]]) -> None:
        """Learn these lines. `texts` gives by number what is like it, and the text."""
        for line in lines:
            _at, number, label = line
            key, text = texts.get(number, (0, ""))
            if label in self.words:
                place = self.learner.labels.index(label)
                self.learner.learn(self.learner.read(text), place)
                self.library.add(key, place, text)
            self.log.append(line)


_kept: dict[str, Taught] = {}
_one_at_a_time = Lock()


def taught(question: str = Question.TRIAGE) -> Taught:
    """What the log says now: learnt on from what this process knew when only new lines came, else from nothing."""
    with _one_at_a_time:
        return _taught(question)


def forget() -> None:
    """Know nothing any more; the next one who asks begins with the log."""
    with _one_at_a_time:
        _kept.clear()


def _taught(question: str) -> Taught:
    words, mark = words_for(question), _mark(question)
    known = _kept.get(question)
    if known is None or known.words != words or known.day != clock.now().date():
        known = _begun(words)
    elif known.mark == mark:
        return known
    lines = _lines(question)
    if known.log != lines[: len(known.log)]:
        known = _begun(words)
    new = lines[len(known.log) :]
    _kept.pop(question, None)  # if learning fails half way, the next one begins anew
    known.learn(new, _texts(question, [number for _at, number, _label in new]))
    known.mark = mark
    _kept[question] = known
    return known


def _begun(words: Words) -> Taught:
    """A learner that learnt nothing yet, and heard the texts that came by, as far as that helps it."""
    known = Taught(words)
    if known.learner.heard is not None and len(words) > 1:
        came = Mention.objects.filter(ours=False).exclude(text="").order_by("-pk")
        texts = came.annotate(said=Left("text", LONGEST)).values_list("said", "language")[:HEARD]
        known.learner.hear([known.learner.read(text, lang.partition("-")[0]) for text, lang in texts])
    return known


def _mark(question: str) -> Mark:
    """By what one sees that the log says something else than before."""
    lessons = _lessons_marked().get(question, (0, None, None))
    if question != Question.TRIAGE:
        return (lessons,)
    return lessons, tuple(Correction.objects.aggregate(**_COUNTED).values())


def lessons_changed() -> None:
    """Somebody taught: what follows in the same request, or in the same stream of facts, is to know it."""
    memory.forget(_lessons_marked)


@remembered
def _lessons_marked() -> dict[str, tuple[Any, ...]]:
    """Of all questions in one statement: a page asks two of them."""
    rows = Lesson.objects.order_by().values_list("question").annotate(**_COUNTED)
    return {question: tuple(marked) for question, *marked in rows}


def times_said(question: str) -> int:
    """How many answers of people the log of a question holds."""
    return sum(number for number, _last, _at in _mark(question))


def _lines(question: str) -> list[Line]:
    """The log of a question in the order in which people said it."""
    lessons = Lesson.objects.filter(question=question).values_list("at", "pk", "label")
    lines = [(at, -pk, label) for at, pk, label in lessons]
    if question == Question.TRIAGE:
        lines += Correction.objects.values_list("at", "pk", "label")
    return sorted(lines, key=lambda line: (line[0], abs(line[1]), line[1]))


def _texts(question: str, numbers: Sequence[int]) -> dict[int, tuple[int, str]]:
    """By number of the log what a text is found back by (a mention, or below zero a lesson), and the text."""
    lessons = Lesson.objects.filter(pk__in=[-number for number in numbers if number < 0]).values_list("pk", "text")
    texts = {-pk: (-pk, text) for pk, text in lessons}
    if question == Question.TRIAGE:
        text = Left(F("mention__text"), LONGEST)
        marks = Correction.objects.filter(pk__in=[number for number in numbers if number > 0])
        texts |= {pk: (mention, said) for pk, mention, said in marks.values_list("pk", "mention_id", text)}
    return texts


def to_propose() -> list[Mention]:
    """Mentions of the last day that nobody looked at: those without a proposal, and the newest once more."""
    recent = Mention.objects.filter(ours=False, label="", stored_at__gte=clock.now() - timedelta(days=1))
    shown = recent.exclude(text="").only("pk", "text", "language").order_by("-pk")
    fresh = list(shown.filter(proposal=None)[:AT_ONCE])
    known = {mention.pk for mention in fresh}
    return [*fresh, *(mention for mention in shown[:OPEN] if mention.pk not in known)]


@remembered
def promised() -> int:
    """How often it must be right to mark by itself; what the house chose, else the usual."""
    return next(iter(Learning.objects.values_list("promise", flat=True)), Promise.NINETY_FIVE.value)


@dataclass(frozen=True)
class Standing:
    """How far the learner is with a question."""

    promise: int
    corrections: int
    needed: int  # corrections before it may decide by itself
    sure: int | None  # percent from which it decides by itself; None: it only proposes
    right: int | None  # percent of the last corrections that it would have said itself


def standing(person: Person, question: str = Question.TRIAGE) -> Standing:
    """How far the learner is with a question, for who may listen."""
    require(access.may_listen(person), _("Mentions are marked by the curator and by PR."))
    known, promise = taught(question), promised()
    answers = known.learner.answers
    least = threshold(answers, promise / 100) if promise else None
    last = answers[-ENOUGH:]
    right = round(100 * sum(was for _sure, was in last) / len(last)) if len(last) >= 20 else None
    return Standing(
        promise, len(answers), max(ENOUGH - len(answers), 0), None if least is None else int(least * 100), right
    )


@dataclass(frozen=True)
class Answer:
    """One of the answers to a question, with the words that it begins with."""

    label: str
    name: str
    words: Sequence[str]
    own: bool  # the organisation wrote them
    brought: bool = True  # the answer comes with Koor; else it goes when its words go
    unused: bool = False  # the house leaves it out


def answers_to(person: Person, question: str) -> list[Answer]:
    """The answers to a question with their words, for who may listen."""
    require(access.may_listen(person), _("Mentions are marked by the curator and by PR."))
    own = set(Wording.objects.filter(question=question).values_list("label", flat=True))
    names: dict[str, Any] = dict(Label.choices)
    if question == Question.DISCIPLINE:
        names = {questions.label_of(name): name for name in Discipline.objects.values_list("name", flat=True)}
    if question == Question.TOPIC:
        names = {label: topic_name(label) for label in all_words(question)}
    return [
        Answer(
            label, str(names.get(label, label.capitalize())), words or (), label in own and words is not None,
            is_brought(question, label), words is None,
        )
        for label, words in all_words(question).items()
    ]  # fmt: skip


def is_brought(question: str, label: str) -> bool:
    """Whether Koor brings an answer itself; others are there by their words."""
    return question != Question.TOPIC or label in questions.topics()


def asked_questions(person: Person) -> list[tuple[Question, int]]:
    """The questions that the learner is asked, with how much people taught it of each."""
    require(access.may_listen(person), _("Mentions are marked by the curator and by PR."))
    taught_so_far = dict(Lesson.objects.values_list("question").annotate(Count("pk")))
    marks = Correction.objects.count()
    return [(one, taught_so_far.get(one, 0) + (marks if one == Question.TRIAGE else 0)) for one in Question]

"""What the learner would say to a question about any text, for other rooms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from koor.flow.listening import access
from koor.flow.listening.choices import Question
from koor.flow.listening.logic.learner.promise import ENOUGH, threshold
from koor.flow.listening.logic.learner.questions import label_of
from koor.flow.listening.logic.learner.reasons import reasons
from koor.flow.listening.models import Lesson, Mention
from koor.flow.listening.queries.learnt import Taught, names_of_disciplines, promised, taught, times_said
from koor.ground.people.models import Person
from koor.kernel.memory import remembered_in_a_stream


@dataclass(frozen=True)
class Guess:
    """An answer of the learner, how sure it is of it, and by which words."""

    label: str
    score: float
    sure: bool  # sure enough for what the house asked: it may decide by itself
    reasons: tuple[str, ...]  # at most five words, the strongest first
    alike: tuple[int, ...] = ()  # at most three lessons of people like it, by their numbers

    @property
    def percent(self) -> int:
        return min(int(self.score * 100), 99)


def guess_of(question: str, text: str, lang: str = "") -> Guess | None:
    """The likeliest answer to a question (`choices.Question`) about a text. None when no word of it speaks for one
    answer. Below 200 corrections, and where it is less sure than the house asked, it only proposes (`sure` is no)."""
    known = taught(question)
    if len(known.words) < 2:
        return None
    learner = known.learner
    chances = learner.chances(learner.read(text, lang))
    best = int(chances.argmax())
    why = reasons(learner, text, best, lang)
    if not why or (question != Question.TRIAGE and not any(sign.isalnum() for sign in "".join(why))):
        return None  # a question mark says that somebody asks, not what it is about
    promise, score = promised(), float(chances[best])
    least = threshold(learner.answers, promise / 100) if promise else None
    alike = tuple(-key for key in known.library.like(text, best, 0) if key < 0)
    return Guess(learner.labels[best], score, least is not None and score >= least, tuple(why), alike)


def sure_of(question: str, text: str, lang: str = "") -> str:
    """The answer that the learner may give by itself, as `guess_of` is sure of it; empty when there is none."""
    least = _least(question)
    known = _taught_now(question) if least is not None else None
    if least is None or known is None or len(known.words) < 2:
        return ""
    learner = known.learner
    chances = learner.chances(learner.read(text, lang))
    best = int(chances.argmax())
    sure = float(chances[best]) >= least and bool(reasons(learner, text, best, lang))
    return learner.labels[best] if sure else ""


@remembered_in_a_stream
def _taught_now(question: str) -> Taught:
    return taught(question)


@remembered_in_a_stream
def _least(question: str) -> float | None:
    """From which chance on it decides by itself; None: not yet. Where too little was said no learner is made for it."""
    promise = promised()
    if not promise or times_said(question) < ENOUGH:
        return None
    return threshold(_taught_now(question).learner.answers, promise / 100)


@dataclass(frozen=True)
class Asked:
    """A question about one text as people see it: what somebody said, else what the learner thinks, and the answers."""

    answers: Sequence[tuple[str, str]]  # each label with its name
    said: Lesson | None
    guess: Guess | None
    alike: Sequence[Lesson] = ()
    none: str = ""  # the answer that it is none of these, where one can give it
    is_none: bool = False  # and a person did

    @property
    def name(self) -> str:
        """The answer that stands now, in words."""
        label = self.said.label if self.said else self.guess.label if self.guess else ""
        return dict(self.answers).get(label, label)


def who_knows(person: Person, mention: Mention) -> Asked | None:
    """Which discipline knows about what was said. None without two disciplines, and of what we say ourselves."""
    answers = [(label_of(name), name) for name in names_of_disciplines()]
    if len(answers) < 2 or mention.ours or not access.may_listen(person):
        return None
    said = said_of(Question.DISCIPLINE, mention)
    guess = None if said else guess_of(Question.DISCIPLINE, mention.text, mention.language)
    alike = Lesson.objects.in_bulk(guess.alike) if guess and guess.alike else {}
    near = [alike[pk] for pk in (guess.alike if guess else ()) if pk in alike]  # the nearest first
    near = [one for one in near if one.text != mention.text]  # said of itself elsewhere is no example
    return Asked(answers, said, guess, near)


def said_of(question: str, mention: Mention) -> Lesson | None:
    """What somebody said to this question about it; `mention.lessons` may be at hand."""
    source = source_of(mention)
    return next((one for one in mention.lessons.all() if one.question == question and one.source == source), None)


def source_of(mention: Mention) -> str:
    """What lessons about a mention name as their source."""
    return f"{mention._meta.label_lower}:{mention.pk}"

"""What mentions are about: topics with how many, and new ones that are proposed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from django.db.models import Max, QuerySet

from koor.flow.listening import access
from koor.flow.listening.choices import NO_TOPIC, Counted, Question
from koor.flow.listening.logic import asked
from koor.flow.listening.models import About, Mention, for_one, topic_name
from koor.flow.listening.queries.counting import numbers_of
from koor.flow.listening.queries.guessing import Asked, guess_of, said_of
from koor.flow.listening.queries.learnt import words_for
from koor.flow.listening.queries.narrowing import Filters, folded, labelled, narrowed, newest
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import NotFound

AT_ONCE = 300  # mentions that are sorted in one go
WEEK, TWO_WEEKS = timedelta(days=7), timedelta(days=14)
MOST = 1_500  # mentions that are held beside each other
POSTS, PEOPLE = 8, 5  # of a new topic, at least
SHOWN = 3


@dataclass(frozen=True)
class Topic:
    label: str
    number: int  # mentions in fourteen days

    @property
    def name(self) -> str:
        return topic_name(self.label)


@dataclass(frozen=True)
class New:
    """Many mentions that are alike, and fit no topic."""

    words: Sequence[str]
    ids: Sequence[int]
    people: int
    said: Sequence[Mention]
    others: Sequence[Mention] = ()


def to_sort() -> list[Mention]:
    """Mentions of the last day of which nobody has said what they are about, neither a person nor Koor."""
    recent = Mention.objects.filter(ours=False, stored_at__gte=clock.now() - timedelta(days=1), about=None)
    return list(
        recent.exclude(for_one()).exclude(text="").only("pk", "text", "language", "said_at").order_by("-pk")[:AT_ONCE]
    )


def is_for_one(mention: Mention) -> bool:
    """See `for_one`."""
    return Mention.objects.filter(for_one(), pk=mention.pk).exists()


def what_about(person: Person, mention: Mention) -> Asked | None:
    """What a mention is about: what somebody said, else what Koor thinks, with the words for it; and the others."""
    answers = [(label, topic_name(label)) for label in words_for(Question.TOPIC)]
    if len(answers) < 2 or mention.ours or not access.may_listen(person):
        return None
    said = said_of(Question.TOPIC, mention)
    guess = None if said else guess_of(Question.TOPIC, mention.text, mention.language)
    about = getattr(mention, "about", None)
    if guess is not None and about is not None and guess.label != about.topic:
        guess = None  # its words were not enough to say so
    is_none = about is not None and not about.topic and about.by_id is not None
    return Asked(answers, said, None if is_none else guess, none=NO_TOPIC, is_none=is_none)


def topics(person: Person) -> list[Topic]:
    """All topics, those with most in fourteen days first."""
    _look(person)
    numbers = numbers_of(Counted.TOPIC, since=clock.now() - TWO_WEEKS)
    found = [Topic(label, numbers.get(label, 0)) for label in words_for(Question.TOPIC)]
    return sorted(found, key=lambda one: (-one.number, one.label))


def named_topics(person: Colleague) -> list[tuple[str, str]]:
    """All topics with their names, by name: to choose one."""
    if not access.may_listen(person):
        return []
    named = [(label, topic_name(label)) for label in words_for(Question.TOPIC)]
    return sorted(named, key=lambda one: one[1].casefold())


def about(person: Person, label: str) -> QuerySet[Mention]:
    """The mentions about something, the newest first; copies stand behind the first of them."""
    _look(person)
    filters = Filters(topic=label)
    rows = folded(labelled(narrowed(person, filters), "all"), filters)
    return newest(rows, filters).select_related("source").defer("search")


def new_topics(person: Person) -> list[New]:
    """What many say this week that is alike and fits no topic."""
    _look(person)
    newest = _unsorted().aggregate(last=Max("pk"))["last"] or 0
    found = []
    for ids, words in _alike(newest, clock.now().date().toordinal()):
        said = list(narrowed(person, Filters()).filter(pk__in=ids, about__topic="", about__by=None).defer("search"))
        people = len({one.whom for one in said})
        if len(said) >= POSTS and people >= PEOPLE:
            found.append(New(words, [one.pk for one in said], people, said[:SHOWN], said[SHOWN:]))
    return found


def _look(person: Person) -> None:
    if not access.may_listen(person):
        raise NotFound


def _unsorted() -> QuerySet[About]:
    rows = About.objects.filter(topic="", by=None, said_at__gt=clock.now() - WEEK)
    return rows.exclude(for_one("mention__"))


@lru_cache(maxsize=2)
def _alike(newest: int, day: int) -> list[tuple[list[int], tuple[str, ...]]]:
    """By numbers alone, three groups at most: what is erased stands nowhere else."""
    rows = _unsorted().order_by("-pk").values_list("mention", "mention__text")[:MOST]
    texts = [asked.Asked(pk, text[: asked.LONGEST], text[: asked.LONGEST]) for pk, text in rows]
    groups = asked.grouped(texts, least=POSTS)
    return [([one.key for one in group.members], group.words) for group in groups if group.words][:3]

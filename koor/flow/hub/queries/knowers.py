"""Who knows about something, each with the reasons in words: a proposal that the curator corrects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from koor.flow.hub import logic
from koor.flow.hub.logic import Knower
from koor.flow.hub.models import Fit, Prompt
from koor.ground.contacts.models import Acquaintance, Project
from koor.ground.people.models import Absence, Person, Skill
from koor.ground.people.queries import house, today
from koor.kernel import clock, together

LATELY = timedelta(days=56)
MOST = 200  # candidates that are looked at
SHOWN = 12
LONG = 5  # letters of a word that says something


@dataclass(frozen=True)
class Proposal:
    """A colleague who could be asked, and why."""

    person: Person
    reasons: tuple[str, ...]
    ticked: bool


@dataclass(frozen=True)
class About:
    """What a question is about, as far as it is known."""

    sentence: str = ""
    skills: tuple[Skill, ...] = ()
    project: Project | None = None
    contacts: tuple[int, ...] = ()  # people outside who wished it


def had_enough() -> QuerySet[Any, Any]:
    """Colleagues who got as many questions in these seven days as the house allows."""
    lately = Prompt.asked.through.objects.filter(prompt__made_at__gt=clock.now() - timedelta(days=7))
    numbers: QuerySet[Any, Any] = lately.values("person").annotate(number=Count("pk"))
    return numbers.filter(number__gte=house().questions_a_week).values_list("person", flat=True)


def away_now() -> QuerySet[Any, Any]:
    day = today()
    return Absence.objects.filter(first_day__lte=day, last_day__gte=day).values_list("person", flat=True)


def subjects_of(person: Person, sentence: str, chosen: Iterable[Skill] = ()) -> tuple[Skill, ...]:
    """What was chosen, else the declared skills of which the sentence speaks."""
    if found := tuple(chosen):
        return found
    rows = list(Skill.objects.filter(people__is_active=True).distinct().order_by("pk"))
    meant = set(logic.meant(sentence, [(one.pk, one.name) for one in rows]))
    return tuple(one for one in rows if one.pk in meant)


def who_knows(person: Person, about: About) -> list[Proposal]:
    """Colleagues who may know, best first; nobody who is away or had enough questions this week. Four queries."""
    subjects = subjects_of(person, about.sentence, about.skills)
    people = _candidates(person, about, subjects)
    names = {one.pk: one.name for one in subjects}
    knowers = logic.by_turn(_knowers(people, about, names))[:SHOWN]
    curators = _curators(names)
    first = [one.person.pk for one in knowers if not one.left_out][: logic.TICKED]
    return [Proposal(one.person, _reasons(one, curators), one.person.pk in first) for one in knowers]


def _candidates(person: Person, about: About, subjects: Sequence[Skill]) -> list[Person]:
    reached = Q(skills__in=subjects) | Q(projects=about.project) if about.project else Q(skills__in=subjects)
    reached |= Q(acquaintances__contact__in=about.contacts)
    reached |= Q(pk__in=Fit.objects.filter(skill__in=subjects).values("person"))
    for stem in _telling(about.sentence):
        reached |= Q(knows__icontains=stem) | Q(job__icontains=stem)
    free = Person.objects.filter(is_active=True).exclude(pk=person.pk)
    free = free.exclude(pk__in=had_enough()).exclude(pk__in=away_now())
    wanted = free.filter(pk__in=Person.objects.filter(reached).values("pk"))
    return list(wanted.select_related("picture").order_by("pk")[:MOST])


def _telling(sentence: str) -> list[str]:
    """The beginnings of the longest words, which say most."""
    words = {word for word in logic.words_of(sentence) if len(word) > LONG}
    return [logic.stem(word) for word in sorted(words, key=lambda word: (-len(word), word))[:4]]


def _knowers(people: Sequence[Person], about: About, names: dict[int, str]) -> Iterable[Knower]:
    skilled, works, relations, fits, asked = _what_speaks_for([one.pk for one in people], about, list(names))
    last, telling = dict(asked), _telling(about.sentence)
    said = {one.pk: logic.words_of(f"{one.knows} {one.job}") for one in people}
    for one in people:
        yield Knower(
            person=one,
            skills=tuple(names[skill] for who, skill in skilled if who == one.pk),
            says=any(word.startswith(stem) for stem in telling for word in said[one.pk]),
            project=about.project.name if about.project and one.pk in works else "",
            relation=one.pk in relations,
            chosen=_first(names, fits, one.pk, True),
            left_out=_first(names, fits, one.pk, False),
            asked_at=last.get(one.pk),
        )


def _what_speaks_for(ids: Sequence[int], about: About, subjects: Sequence[int]) -> Iterable[Any]:
    """Who declared which subject, who works on the project, who knows who wished it, what the curator said of them
    before, and when each was last asked. One query."""
    works = Project.people.through.objects.filter(person__in=ids, project=about.project)
    asked = Prompt.asked.through.objects.filter(person__in=ids, prompt__made_at__gt=clock.now() - LATELY)
    return together.lists(
        Skill.people.through.objects.filter(person__in=ids, skill__in=subjects).values_list("person", "skill"),
        works.values_list("person", flat=True) if about.project else None,
        Acquaintance.objects.filter(person__in=ids, contact__in=about.contacts).values_list("person", flat=True),
        Fit.objects.filter(person__in=ids, skill__in=subjects).values_list("person", "skill", "fits"),
        asked.values("person").annotate(last=Max("prompt__made_at")).values_list("person", "last"),
    )


def _first(names: dict[int, str], fits: Iterable[tuple[int, int, bool]], person: int, wanted: bool) -> str:
    return next((names[skill] for who, skill, fit in fits if who == person and fit == wanted), "")


def _curators(names: dict[int, str]) -> dict[tuple[int, str], str]:
    """Who said so, by colleague and subject."""
    rows = Fit.objects.filter(skill__in=list(names)).select_related("by") if names else ()
    return {(one.person_id, names[one.skill_id]): one.by.first_name for one in rows if one.by}


def _reasons(one: Knower, curators: dict[tuple[int, str], str]) -> tuple[str, ...]:
    found = []
    if one.skills:
        found.append(_("knows about %(subjects)s") % {"subjects": ", ".join(one.skills[:3])})
    if one.project:
        found.append(_("works on %(project)s") % {"project": one.project})
    if one.relation:
        found.append(_("knows who asked this"))
    if one.says and not one.skills:
        found.append(_("tells about it on their own page"))
    for subject, sentence in (
        (one.chosen, _("%(name)s thought of them for %(subject)s before")),
        (one.left_out, _("%(name)s left them out for %(subject)s before")),
    ):
        if subject:
            name = curators.get((one.person.pk, subject)) or _("the curator")
            found.append(sentence % {"name": name, "subject": subject})
    found.append(_turn(one.asked_at))
    return tuple(found)


def _turn(asked_at: datetime | None) -> str:
    if asked_at is None:
        return _("not asked in the last eight weeks")
    return _("last asked on %(day)s") % {"day": date_format(localtime(asked_at), "j F")}

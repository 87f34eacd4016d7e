"""Reads of questions to colleagues."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from koor.flow.hub import access
from koor.flow.hub.models import AnswerLink, Idea, Medium, Prompt, PromptAnswer, Rendition
from koor.flow.hub.queries.knowers import away_now
from koor.ground.people import queries as people
from koor.ground.people.models import Person
from koor.kernel import clock, secrets, written
from koor.kernel.access import NotFound, Refused


def prompts(person: Person, *, closed: bool = False) -> QuerySet[Prompt]:
    """Questions, newest first: all for the curator, else one's own and those one was asked."""
    rows = Prompt.objects.all()
    if not access.may_curate(person):
        rows = rows.filter(
            Q(by=person) | Q(pk__in=Prompt.objects.filter(asked=person))
        )  # whoever else was asked counts too
    counts = {
        "answered": Count("answers", filter=Q(answers__declined=False), distinct=True),
        "asked_number": Count("asked", distinct=True),
    }
    return (
        rows.filter(closed_at__isnull=not closed)
        .select_related("by__picture")
        .annotate(**counts)
        .order_by("-made_at", "-pk")
    )


def prompt(person: Person, pk: int) -> Prompt:
    """A question that this colleague asked, was asked, or may see as curator."""
    rows = Prompt.objects.select_related("by__picture", "wish").prefetch_related("asked__picture")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    asked = any(one.pk == person.pk for one in found.asked.all())
    if not (asked or found.by_id == person.pk or access.may_curate(person)):
        raise NotFound
    return found


def left_out(person: Person, people: Iterable[Person], prompt: Prompt) -> list[str]:
    """Who was chosen by name and not asked, each with why: away, or enough questions this week."""
    asked = set(prompt.asked.values_list("pk", flat=True))
    missing = [one for one in people if one.pk not in asked]
    away = set(away_now()) if missing else set()
    gone, enough = _("%(name)s is away"), _("%(name)s had enough questions this week")
    return [(gone if one.pk in away else enough) % {"name": one.name} for one in missing if one.pk != person.pk]


def prompts_of_idea(person: Person, idea: Idea) -> QuerySet[Prompt]:
    """The questions that came of an idea, as far as this colleague may see them."""
    counted = Prompt.objects.filter(idea=idea)
    if not access.may_curate(person):
        counted = counted.filter(Q(by=person) | Q(asked=person)).distinct()
    return counted.order_by("-made_at", "-pk")


def answers_to(person: Person, prompt: Prompt) -> QuerySet[PromptAnswer]:
    """The answers that this colleague may read: all for who asked and the curator, else one's own.

    Who kindly declined is seen by nobody but themselves."""
    renditions = Prefetch("renditions", Rendition.objects.select_related("file").order_by("width"))
    media = Prefetch("capture__media", Medium.objects.order_by("order", "pk").prefetch_related(renditions))
    rows = (
        prompt.answers.select_related("by__picture", "capture__item", "item")
        .prefetch_related(media)
        .order_by("-at", "-pk")
    )
    if prompt.by_id == person.pk or access.may_curate(person):
        return rows.filter(declined=False)
    return rows.filter(by=person)


def first_prompts_for(person: Person) -> written.Asked:
    """Two of these, for Today."""
    return _first_prompts(person.pk, people.today())


def _open_prompts(pk: Any, today: Any) -> QuerySet[Prompt]:
    rows = Prompt.objects.filter(asked=pk, closed_at=None).filter(Q(until=None) | Q(until__gte=today))
    return rows.exclude(answers__by=pk).select_related("by__picture").order_by("-made_at", "-pk")


@written.once("pk", "today")
def _first_prompts(pk: Any, today: Any) -> QuerySet[Prompt]:
    return _open_prompts(pk, today)[:2]


def own_answer(person: Person, prompt: Prompt) -> PromptAnswer | None:
    return prompt.answers.filter(by=person).first()


def answer(person: Person, pk: int) -> PromptAnswer:
    """One answer that this colleague may read."""
    found = PromptAnswer.objects.select_related("prompt", "by").filter(pk=pk).first()
    if found is None or not answers_to(person, found.prompt).filter(pk=pk).exists():
        raise NotFound
    return found


def answer_link(token: str) -> AnswerLink | None:
    """The way from a letter to an answer, whatever its state; for the page that opens without signing in."""
    rows = AnswerLink.objects.select_related("prompt__by__picture", "person")
    return rows.filter(digest=secrets.digest(token)).first()


def check_open(link: AnswerLink | None) -> None:
    """Refused unless this address still takes an answer."""
    if link is None or not link.person.is_active:
        raise Refused(_("This address does nothing. Open the letter again, or sign in."), code="unknown")
    if link.used_at is not None:
        raise Refused(_("You answered this already. Thank you."), code="used")
    if link.expires_at <= clock.now() or link.prompt.closed_at is not None:
        raise Refused(_("This question is closed. Thank you anyway."), code="closed")

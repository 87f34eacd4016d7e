"""How items of the library are used: what they show in words, and how long they rest."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koor.flow.hub import logic
from koor.flow.hub.choices import MediumKind
from koor.flow.hub.models import Item, Medium
from koor.ground.people.queries import house
from koor.kernel import clock


def suggested_alt(item: Item) -> str:
    """What its picture shows, as far as we know: the sentence, the project, and who is in it by their work and never by
    name. In the language of the house, for people outside. Give an item with project and people fetched."""
    with translation.override(house().language):
        what = (item.text or item.title).strip().split("\n", 1)[0].strip()
        parts = [what if not what or what[-1] in ".!?…" else f"{what}."]
        if item.project is not None:
            parts.append(_("Project: %(name)s.") % {"name": item.project.name})
        if who := _by_their_work(item):
            parts.append(_("In the picture: %(who)s.") % {"who": who})
        return " ".join(filter(None, parts))[:1500]


def is_described(item: Item) -> bool:
    """Whether each of its pictures says what it shows."""
    return not undescribed().filter(item=item.pk).exists()


def undescribed() -> QuerySet[Medium]:
    """Pictures without words for who can't see them."""
    return Medium.objects.filter(alt="").exclude(kind=MediumKind.VOICE)


def _by_their_work(item: Item) -> str:
    jobs: Counter[str] = Counter()
    others = 0
    for one in item.portrayed.all():
        job = one.person.job.split(",")[0].strip() if one.person else one.contact.role.strip() if one.contact else ""
        if job:
            jobs[job[:1].lower() + job[1:]] += 1
        else:
            others += 1
    known = [f"{number} × {job}" if number > 1 else job for job, number in jobs.items()]
    if others:
        known.append(ngettext("%(count)s person", "%(count)s people", others) % {"count": others})
    return ", ".join(known)


def taken_on(item: Item) -> date | None:
    """The day on which what a colleague showed was taken, by the house's zone; None when we do not know it."""
    if item.capture is None:
        return None
    taken = logic.credible(item.capture.taken_at, item.capture.received_at)
    return clock.local(taken, house().zone).date() if taken else None


def rested_on(item: Item, planned: date | None = None) -> date | None:
    """From which day an evergreen may be used again; None when it was never used or is no evergreen. `planned`: the
    last day on which it stands in the calendar."""
    if not item.evergreen:
        return None
    used = clock.local(item.used_at, house().zone).date() if item.used_at else None
    last = max(filter(None, (used, planned)), default=None)
    return logic.rested_on(last, house().evergreen_rest if item.rest_days is None else item.rest_days)


def rests_until(item: Item, day: date | None = None) -> date | None:
    """The day until which an evergreen rests, as seen from a day (today); None when it may be used."""
    free = rested_on(item)
    return free if free is not None and free > (day or clock.today(house().zone)) else None

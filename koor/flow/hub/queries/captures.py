"""Reads of what colleagues showed: their captures, and what the capture page knows beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from koor.flow.hub import logic
from koor.flow.hub.choices import Agrees, CaptureState
from koor.flow.hub.media.reasons import Reason
from koor.flow.hub.models import Capture, Item, Medium, Portrayed, Rendition
from koor.ground.contacts.choices import ProjectState
from koor.ground.contacts.models import Contact, Project
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.kernel import clock, together
from koor.kernel.access import NotFound

LOOKED_BACK = 100  # of one's own captures, to see a habit in
ANY = "any"
WITH_THEM = 4  # people of the last time who are offered with one tap
KNOWN_NAMES = 400  # colleagues and contacts offered while one types who is in the picture


def captures_of(person: Person) -> QuerySet[Capture]:
    """A colleague's own captures with what became of them, newest first."""
    renditions = Prefetch("renditions", Rendition.objects.select_related("file").order_by("width"))
    media = Prefetch("media", Medium.objects.order_by("order", "pk").prefetch_related(renditions))
    rows = Capture.objects.filter(by=person).select_related("item__decided_by__picture", "project", "by")
    return rows.prefetch_related(media).order_by("-received_at", "-pk")


def capture(person: Person, pk: int) -> Capture:
    """One's own capture. NotFound for another's."""
    found = captures_of(person).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def capture_sent_as(person: Person, client_id: UUID) -> Capture | None:
    """One's own capture by the key that the phone gave it; None when it did not arrive yet."""
    return captures_of(person).filter(client_id=client_id).first()


def waiting(person: Person) -> int:
    """How many of one's own captures are still being processed."""
    return Capture.objects.filter(by=person, state=CaptureState.RECEIVED, withdrawn_at=None).count()


def refused_captures(person: Person) -> QuerySet[Capture]:
    """One's own captures that could not be used, and were not taken back."""
    rows = Capture.objects.filter(by=person, state=CaptureState.REFUSED, withdrawn_at=None)
    return rows.order_by("-received_at")


def any_capture(pk: int) -> Capture:
    """A capture for the operator. NotFound when there is none."""
    found = Capture.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def was_used(capture: Capture) -> bool:
    """Whether a post of it has appeared."""
    return Item.objects.filter(capture=capture).exclude(used_at=None).exists()


def renditions_of(capture: Capture) -> QuerySet[Rendition]:
    rows = Rendition.objects.filter(medium__capture=capture).select_related("file", "medium")
    return rows.order_by("medium__order", "medium_id", "width", "format")


def reason_sentence(capture: Capture) -> str:
    """Why a capture (or a photo of it) was not taken, in the reader's language."""
    if not capture.reason:
        return ""
    try:
        sentence = _(Reason(capture.reason).sentence)
    except ValueError:
        return capture.reason
    if capture.state == CaptureState.READY:
        return _("Not every photo could be used. %(why)s") % {"why": sentence}
    return sentence


@dataclass(frozen=True)
class Start:
    """What the capture page knows beforehand. `how`: why this project is proposed ("last", "habit", "mine" or "")."""

    project: Project | None
    how: str


def capture_start(person: Person) -> Start:
    """The project of the previous photo, of their own earlier choices at this weekday and time, or the only one that
    this colleague works on."""
    rows = Capture.objects.filter(by=person).order_by("-received_at")
    sent = list(rows.values_list("project_id", "received_at", "taken_at", "project__state")[:LOOKED_BACK])
    last = sent[0][:2] if sent and sent[0][3] in (None, ProjectState.RUNNING) else None  # what ended can't be chosen
    zone = house().zone
    earlier = [
        (project, clock.local(logic.credible(taken, came_in) or came_in, zone))
        for project, came_in, taken, state in sent
        if state in (None, ProjectState.RUNNING)
    ]
    usual = logic.usual_project(earlier, clock.local(clock.now(), zone))
    running = list(person.projects.filter(state=ProjectState.RUNNING).values_list("pk", flat=True)[:2])
    guessed, how = logic.guess_project(last, running, clock.now(), usual)
    return Start(Project.objects.filter(pk=guessed).first() if guessed else None, how)


def companions(person: Person) -> dict[str, list[str]]:
    """Who was in one's own last photo of each project ("" for none) and in the very last (`ANY`, for other projects):
    to be named with one tap. Of colleagues also who refused, since that is seen by nobody."""
    rows = Portrayed.objects.filter(capture__by=person).exclude(person=None, agrees=Agrees.NO)
    rows = rows.order_by("-capture__received_at", "-capture_id", "pk")
    found: dict[str, tuple[int, list[str]]] = {}
    for project, capture, name in rows.values_list("capture__project_id", "capture_id", "name")[:LOOKED_BACK]:
        for key in (ANY, str(project or "")):
            last, names = found.setdefault(key, (capture, []))
            if last == capture and name not in names and len(names) < WITH_THEM:
                names.append(name)
    return {project: names for project, (_capture, names) in found.items()}


def known_names(person: Person, project: Project | None = None) -> list[tuple[str, Person | Contact]]:
    """Who could be in the picture: colleagues, the contacts whom this colleague knows, the project's contact."""
    colleagues, outside = together.lists(*could_be_in(person, project))
    return [*((one.name, one) for one in colleagues), *((one.name, one) for one in outside)]


def could_be_in(person: Person, project: Project | None) -> tuple[QuerySet[Person], QuerySet[Contact]]:
    """The same, as the two questions that they are."""
    mine = Q(acquaintances__person=person) | (Q(projects=project) if project else Q())
    return (
        Person.objects.filter(is_active=True).order_by("name")[:KNOWN_NAMES],
        Contact.objects.filter(mine, merged_into=None).distinct().order_by("name")[:KNOWN_NAMES],
    )

"""Reads of the hub: what a colleague showed, the library, what may be published, questions to colleagues.

A colleague sees the library except for what was put aside and pictures with somebody who does not agree; these are
for their maker and the curator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from koor.flow.hub import access, logic
from koor.flow.hub.choices import Agrees, CaptureState, ItemKind, ItemState
from koor.flow.hub.media.reasons import Reason
from koor.flow.hub.models import Capture, Item, Medium, Portrayed, Prompt, PromptAnswer, Rendition
from koor.ground.contacts import queries as contacts
from koor.ground.contacts.choices import ProjectState
from koor.ground.contacts.models import Contact, Project
from koor.ground.people import queries as people
from koor.ground.people.models import Person
from koor.kernel import clock, files, search
from koor.kernel.access import NotFound

NEWS = timedelta(days=14)  # so long a decision is news for its maker
KNOWN_NAMES = 400  # colleagues and contacts offered while one types who is in the picture

# The library


def items_visible_to(person: Person) -> QuerySet[Item]:
    """Everything in the library that this colleague may see."""
    rows = Item.objects.filter(Q(capture=None) | Q(capture__withdrawn_at=None))
    if access.may_curate(person):
        return rows
    refused = Portrayed.objects.filter(item=OuterRef("pk"), agrees=Agrees.NO)
    return rows.filter(Q(by=person) | (~Q(state=ItemState.SHELVED) & ~Exists(refused)))


def items(
    person: Person,
    *,
    words: str = "",
    project: int | None = None,
    maker: int | None = None,
    kind: str = "",
    state: str = "",
    consent: str = "",
    tag: str = "",
    evergreen: bool = False,
) -> QuerySet[Item]:
    """The library, newest first, with what a list shows already fetched."""
    rows = _found(items_visible_to(person), words)
    exact = {"project_id": project, "by_id": maker, "kind": kind, "state": state}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if tag:
        rows = rows.filter(tags__contains=[tag])
    if evergreen:
        rows = rows.filter(evergreen=True)
    return _with_parts(_consented(rows, consent)).order_by("-made_at", "-pk")


def _found(rows: QuerySet[Item], words: str) -> QuerySet[Item]:
    """Items in whose words every word of `words` begins some word, or whose project is called so, or #tag."""
    words = words.strip()
    if not words:
        return rows
    if words.startswith("#"):
        return rows.filter(tags__overlap=logic.tags_of(words))
    typed = search.tsquery(words)
    if not typed:
        return rows.none()
    projects = list(Project.objects.filter(name__icontains=words[:100]).values_list("pk", flat=True)[:20])
    return rows.filter(Q(search=SearchQuery(typed, search_type="raw", config="simple")) | Q(project__in=projects))


def _consented(rows: QuerySet[Item], consent: str) -> QuerySet[Item]:
    """`consent`: "yes" (everybody in it agrees), "ask" (somebody was not asked yet), "no" (somebody does not)."""
    of_item = Portrayed.objects.filter(item=OuterRef("pk"))
    if consent == Agrees.YES:
        return rows.filter(~Exists(of_item.exclude(agrees=Agrees.YES)))
    if consent in (Agrees.ASK, Agrees.NO):
        return rows.filter(Exists(of_item.filter(agrees=consent)))
    return rows


def _with_parts(rows: QuerySet[Item]) -> QuerySet[Item]:
    renditions = Prefetch("renditions", Rendition.objects.select_related("file").order_by("width"))
    media = Prefetch("media", Medium.objects.order_by("order", "pk").prefetch_related(renditions))
    portrayed = Prefetch("portrayed", Portrayed.objects.select_related("person__picture", "contact").order_by("pk"))
    return rows.select_related("by__picture", "project", "capture").prefetch_related(media, portrayed)


def item(person: Person, pk: int) -> Item:
    """One item with its parts. NotFound when it is not there or not for this colleague."""
    found = _with_parts(items_visible_to(person)).select_related("decided_by__picture").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def last_decision(person: Person) -> Item | None:
    """The latest decision of these weeks about something of one's own."""
    since = clock.now() - NEWS
    rows = _with_parts(items_visible_to(person)).select_related("decided_by__picture")
    return rows.filter(by=person, decided_at__gte=since).exclude(decided_by=person).order_by("-decided_at").first()


def ideas(person: Person) -> QuerySet[Item]:
    """The idea box: texts and links of colleagues, newest first."""
    return items(person).filter(kind__in=[ItemKind.TEXT, ItemKind.LINK])


def undecided(person: Person) -> int:
    """How many items wait for the curator."""
    return items_visible_to(person).filter(state=ItemState.NEW).count()


def project_choices(person: Person) -> QuerySet[Project]:
    """Projects that a photo can be of, those of this colleague first."""
    return contacts.projects_for(person)


def makers(person: Person) -> QuerySet[Person]:
    """Colleagues of whom something stands in the library."""
    shown = items_visible_to(person).exclude(by=None).values("by")
    return Person.objects.filter(pk__in=shown).order_by("name")


# What may be published


def publishable(person: Person, item: Item) -> tuple[bool, list[str]]:
    """Whether an item may be offered for publishing, and the reasons when it may not, as sentences."""
    reasons = [_block_sentence(block) for block in blocks_of(item)]
    return not reasons, reasons


def blocks_of(item: Item) -> list[logic.Block]:
    withdrawn = item.capture is not None and item.capture.withdrawn_at is not None
    empty = item.kind == ItemKind.PHOTO and not item.media.all()
    portrayed = [(row.name, row.agrees) for row in item.portrayed.all()]
    return logic.blocks(portrayed, shelved=item.state == ItemState.SHELVED, withdrawn=withdrawn, empty=empty)


def _block_sentence(block: logic.Block) -> str:
    sentences = {
        "withdrawn": _("Its maker took it back."),
        "shelved": _("It was put aside."),
        "empty": _("It has no picture."),
        Agrees.NO: _("%(name)s does not agree.") % {"name": block.name},
        Agrees.ASK: _("We do not know yet whether %(name)s agrees.") % {"name": block.name},
    }
    return sentences[block.code]


def publishable_items(person: Person) -> QuerySet[Item]:
    """What this colleague could make a post of: nobody in it objects or is still to be asked, not put aside."""
    not_agreed = Portrayed.objects.filter(item=OuterRef("pk")).exclude(agrees=Agrees.YES)
    return items(person).filter(~Exists(not_agreed)).exclude(state=ItemState.SHELVED)


def medium(person: Person, pk: int) -> Medium:
    """A picture of the library that this colleague may see, or one that they added themselves. NotFound otherwise."""
    found = Medium.objects.filter(pk=pk).prefetch_related("renditions__file").first()
    if found is None:
        raise NotFound
    in_library = found.item_id is not None and items_visible_to(person).filter(pk=found.item_id).exists()
    if not in_library and (found.item_id is not None or found.by_id != person.pk):
        raise NotFound
    return found


def rendition(
    picture: Medium, *, width: int = 1080, form: str = "jpeg", most_bytes: int | None = None
) -> Rendition | None:
    """The smallest clean picture of at least this width, else the largest there is; within `most_bytes`."""
    fitting = [
        one
        for one in sorted(picture.renditions.all(), key=lambda one: one.width)
        if one.format == form and (most_bytes is None or one.file.size <= most_bytes)
    ]
    return next((one for one in fitting if one.width >= width), fitting[-1] if fitting else None)


def picture_bytes(picture: Medium, *, width: int = 2048, most_bytes: int | None = None) -> bytes:
    """A clean JPEG for a platform. NotFound when there is none within the limit."""
    found = rendition(picture, width=width, most_bytes=most_bytes)
    if found is None:
        raise NotFound
    return files.read(found.file)


# What a colleague showed


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
    """What the capture page knows beforehand. `how`: why this project is proposed ("last", "mine" or "")."""

    project: Project | None
    how: str


def capture_start(person: Person) -> Start:
    """The project of the previous photo, or the only one that this colleague works on."""
    last = Capture.objects.filter(by=person).order_by("-received_at").values_list("project_id", "received_at").first()
    running = list(person.projects.filter(state=ProjectState.RUNNING).values_list("pk", flat=True)[:2])
    guessed, how = logic.guess_project(last, running, clock.now())
    return Start(Project.objects.filter(pk=guessed).first() if guessed else None, how)


def known_names(person: Person, project: Project | None = None) -> list[tuple[str, Person | Contact]]:
    """Who could be in the picture: colleagues, the contacts whom this colleague knows, the project's contact."""
    colleagues = Person.objects.filter(is_active=True).order_by("name")[:KNOWN_NAMES]
    of_project = Q(projects=project) if project else Q(pk=None)
    mine = Q(acquaintances__person=person) | of_project
    outside = Contact.objects.filter(mine, merged_into=None).distinct().order_by("name")[:KNOWN_NAMES]
    return [*((one.name, one) for one in colleagues), *((one.name, one) for one in outside)]


def portrayals_of(person: Person) -> QuerySet[Portrayed]:
    """Pictures that this colleague is in, still to be answered first."""
    renditions = Prefetch("renditions", Rendition.objects.select_related("file").order_by("width"))
    media = Prefetch("item__media", Medium.objects.order_by("order", "pk").prefetch_related(renditions))
    rows = Portrayed.objects.filter(person=person).exclude(item=None)
    rows = rows.filter(Q(item__capture=None) | Q(item__capture__withdrawn_at=None))
    return (
        rows.select_related("item__by__picture", "item__project", "item__capture")
        .prefetch_related(media)
        .order_by("-pk")
    )


def to_be_asked(person: Person) -> QuerySet[Portrayed]:
    """Pictures of this colleague of which nobody knows yet whether they agree."""
    return portrayals_of(person).filter(agrees=Agrees.ASK).exclude(item__by=person)


def portrayal(person: Person, pk: int) -> Portrayed:
    """Somebody in a picture about whom this colleague may say something. NotFound otherwise."""
    rows = Portrayed.objects.select_related("item", "capture", "person")
    found = rows.filter(pk=pk).first()
    seen = found and (
        found.person_id == person.pk
        or (found.capture and found.capture.by_id == person.pk)
        or (found.item_id and items_visible_to(person).filter(pk=found.item_id).exists())
    )
    if found is None or not seen:
        raise NotFound
    return found


# Questions to colleagues


def prompts(person: Person, *, closed: bool = False) -> QuerySet[Prompt]:
    """Questions, newest first: all for the curator, else one's own and those one was asked."""
    rows = Prompt.objects.all()
    if not access.may_curate(person):
        rows = rows.filter(Q(by=person) | Q(asked=person)).distinct()
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
    rows = Prompt.objects.select_related("by__picture").prefetch_related("asked__picture")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    asked = any(one.pk == person.pk for one in found.asked.all())
    if not (asked or found.by_id == person.pk or access.may_curate(person)):
        raise NotFound
    return found


def answers_to(person: Person, prompt: Prompt) -> QuerySet[PromptAnswer]:
    """The answers that this colleague may read: all for who asked and the curator, else one's own.

    Who kindly declined is seen by nobody but themselves."""
    renditions = Prefetch("renditions", Rendition.objects.select_related("file").order_by("width"))
    media = Prefetch("capture__media", Medium.objects.order_by("order", "pk").prefetch_related(renditions))
    rows = prompt.answers.select_related("by__picture", "capture__item").prefetch_related(media).order_by("-at", "-pk")
    if prompt.by_id == person.pk or access.may_curate(person):
        return rows.filter(declined=False)
    return rows.filter(by=person)


def open_prompts_for(person: Person) -> QuerySet[Prompt]:
    """Questions that wait for this colleague's answer."""
    rows = Prompt.objects.filter(asked=person, closed_at=None).filter(Q(until=None) | Q(until__gte=people.today()))
    return rows.exclude(answers__by=person).select_related("by__picture").order_by("-made_at", "-pk")


def own_answer(person: Person, prompt: Prompt) -> PromptAnswer | None:
    return prompt.answers.filter(by=person).first()


def answer(person: Person, pk: int) -> PromptAnswer:
    """One answer that this colleague may read."""
    found = PromptAnswer.objects.select_related("prompt", "by").filter(pk=pk).first()
    if found is None or not answers_to(person, found.prompt).filter(pk=pk).exists():
        raise NotFound
    return found

"""Reads of the library: its items and their pictures.

A colleague sees the library except for what was put aside and pictures with somebody who does not agree, or a
colleague who did not say yes; these are for their maker, the curator and who is in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, TypedDict, Unpack
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from koor.flow.hub import access
from koor.flow.hub.choices import Agrees, ItemState
from koor.flow.hub.media.reasons import Reason
from koor.flow.hub.models import Capture, Item, Medium, Portrayed, Rendition
from koor.flow.hub.queries.words import saying
from koor.ground.contacts import queries as contacts
from koor.ground.contacts.models import Project
from koor.ground.people import queries as people
from koor.ground.people.models import Person
from koor.kernel import clock, together, written
from koor.kernel.access import NotFound

NEWS = timedelta(days=14)  # so long a decision is news for its maker
WHOLE = ("mp4", "m4a", "pdf")  # formats of what is no picture
SIZES = Prefetch("renditions", Rendition.objects.select_related("file").order_by("width"))
NEWEST = ("-made_at", "-pk")
PORTRAYED = Portrayed.objects.select_related("person__picture", "contact").order_by("pk")


class Asked(TypedDict, total=False):
    """What somebody wants to see of the library; what is empty or left out shows everything."""

    words: str
    project: int | None
    maker: int | None
    kind: str
    state: str
    consent: str
    tag: str
    evergreen: bool
    used: str  # "yes" or "no"
    since: date | None
    until: date | None


def items_visible_to(person: Person) -> QuerySet[Item]:
    """Everything in the library that this colleague may see."""
    rows = _standing()
    if access.may_curate(person):
        return rows
    refused = Portrayed.objects.exclude(agrees=Agrees.YES)  # few: these have an index of their own
    hidden = refused.filter(_withheld_from(person), item=OuterRef("pk"))
    return rows.filter(Q(by=person) | (~Q(state=ItemState.SHELVED) & ~Exists(hidden)))


def items_everybody_sees() -> QuerySet[Item]:
    """What is kept from no colleague at all."""
    withheld = Portrayed.objects.filter(_withheld(), item=OuterRef("pk"))
    return _standing().exclude(state=ItemState.SHELVED).filter(~Exists(withheld))


def _standing() -> QuerySet[Item]:
    """Neither taken back nor removed."""
    return Item.objects.filter(removed_at=None).exclude(capture__in=Capture.objects.filter(withdrawn_at__isnull=False))


def _withheld_from(person: Person) -> Q:
    """Somebody outside said no, or a colleague did not say yes: a *no* of theirs must not show by what disappears."""
    return _withheld() & (Q(person=None) | ~Q(person=person))


def _withheld() -> Q:
    colleague = Q(person__isnull=False) & ~Q(agrees=Agrees.YES)
    return (Q(person=None, agrees=Agrees.NO) | colleague) & Q(hidden_at=None)


def items(person: Person, **asked: Unpack[Asked]) -> QuerySet[Item]:
    """The library, newest first, with what a list shows already fetched."""
    return _with_parts(matching(person, **asked)).order_by(*NEWEST)


def matching(person: Person, **asked: Unpack[Asked]) -> QuerySet[Item]:
    """What of the library is asked for, in no order."""
    return saying(narrowed(person, **asked), asked.get("words", ""))


def narrowed(person: Person, **asked: Unpack[Asked]) -> QuerySet[Item]:
    """What is asked for, whatever it says."""
    rows = items_visible_to(person)
    exact = {"project_id": "project", "by_id": "maker", "kind": "kind", "state": "state"}
    rows = rows.filter(**{field: asked[name] for field, name in exact.items() if asked.get(name)})  # type: ignore[literal-required]
    if tag := asked.get("tag"):
        rows = rows.filter(tags__contains=[tag])
    if asked.get("evergreen"):
        rows = rows.filter(evergreen=True)
    if used := asked.get("used"):
        rows = rows.filter(used_at__isnull=used == "no")
    return _consented(within(rows, asked.get("since"), asked.get("until")), asked.get("consent", ""))


def within(rows: QuerySet[Item], since: date | None, until: date | None) -> QuerySet[Item]:
    """What came in between these days, as the house counts days."""
    if since is None and until is None:
        return rows
    zone = ZoneInfo(people.house().zone)
    if since is not None:
        rows = rows.filter(made_at__gte=datetime.combine(since, time.min, zone))
    if until is not None and until < date.max:
        rows = rows.filter(made_at__lt=datetime.combine(until + timedelta(days=1), time.min, zone))
    return rows


def _consented(rows: QuerySet[Item], consent: str) -> QuerySet[Item]:
    """`consent`: "yes" (everybody in it agrees), "ask" (somebody was not asked yet), "no" (somebody does not)."""
    of_item = Portrayed.objects.filter(item=OuterRef("pk"), hidden_at=None)
    if consent == Agrees.YES:
        return rows.filter(~Exists(of_item.exclude(agrees=Agrees.YES)))
    if consent == Agrees.NO:
        return rows.filter(Exists(of_item.filter(agrees=Agrees.NO, person=None)))
    if consent == Agrees.ASK:
        return rows.filter(Exists(of_item.filter(Q(agrees=Agrees.ASK) | Q(agrees=Agrees.NO, person__isnull=False))))
    return rows


def with_renditions() -> QuerySet[Medium]:
    """Pictures in their order, each with its sizes."""
    return Medium.objects.order_by("order", "pk").prefetch_related(SIZES)


def _with_parts(rows: QuerySet[Item]) -> QuerySet[Item]:
    media, portrayed = Prefetch("media", with_renditions()), Prefetch("portrayed", PORTRAYED)
    along = rows.select_related("by__picture", "project", "capture").defer("words")
    return along.prefetch_related(media, portrayed)


def item(person: Person, pk: int) -> Item:
    """One item with its parts. NotFound when it is not there or not for this colleague."""
    found = _item(person, pk, "by__picture", "project", "capture", "decided_by__picture")
    together.attach(found, media=with_renditions(), portrayed=PORTRAYED)
    return found


def bare_item(person: Person, pk: int) -> Item:
    """One item with what decides whether it may be published. NotFound when it is not for this colleague."""
    found = _item(person, pk, "capture")
    attach_parts(found)
    return found


def removed_items(person: Person) -> QuerySet[Item]:
    """What was removed and can still come back: one's own, for the curator all of it; the latest first."""
    rows = Item.objects.filter(removed_at__isnull=False)
    rows = rows if access.may_curate(person) else rows.filter(by=person)
    return rows.select_related("by").defer("words").order_by("-removed_at", "-pk")


def removed_item(person: Person, pk: int) -> Item:
    """The same, one; also when it came back meanwhile. NotFound when it is gone for good."""
    found = removed_items(person).filter(pk=pk).first()
    return found or bare_item(person, pk)


def attach_parts(*items: Item) -> None:
    """Fetch what is in these items and who, without the sizes of their pictures."""
    together.attach(items, media=Medium.objects.order_by("order", "pk"), portrayed=PORTRAYED)


def shown_in(*, item: int | None, media: Collection[int] | QuerySet[Any, Any]) -> list[Item]:
    """What something is made of, with what decides whether it may be published: its item, and those of its pictures.
    Two queries, one when there is nothing."""
    rows = Item.objects.filter(Q(pk=item) | Q(pk__in=Medium.objects.filter(pk__in=media).values("item")))
    found = list(rows.select_related("capture").defer("words").order_by("pk"))
    attach_parts(*found)
    return found


def chosen_items(person: Person, numbers: Sequence[int]) -> list[Item]:
    """These, in this order, as far as this colleague may see them."""
    found = {one.pk: one for one in items(person).filter(pk__in=numbers)} if numbers else {}
    return [found[pk] for pk in numbers if pk in found]


def attach_pictures(rows: Sequence[Item]) -> None:
    """Fetch the pictures of these items, the first of each with its sizes; an item may be among them twice."""
    together.attach(rows, media=Medium.objects.order_by("order", "pk"))
    first = [medium for one in rows for medium in one.media.all()[:1]]
    sizes = Rendition.objects.filter(medium__in={medium.pk for medium in first}).select_related("file")
    together.hang(first, "renditions", list(sizes.order_by("width")))


def _item(person: Person, pk: int, *along: str) -> Item:
    found = items_visible_to(person).select_related(*along).defer("words").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def last_decision(person: Person) -> Item | None:
    """The latest decision of these weeks about something of one's own; what became of an idea is told apart, and so is
    what a post made of it did."""
    since = clock.now() - NEWS
    rows = items_visible_to(person).filter(idea=None).select_related("decided_by__picture", "by__picture", "project")
    rows = rows.prefetch_related(Prefetch("media", with_renditions()))
    rows = rows.filter(by=person, decided_at__gte=since).exclude(decided_by=person)
    return rows.exclude(used_at__gt=F("decided_at")).order_by("-decided_at").first()


def undecided(person: Person) -> QuerySet[Item]:
    """Items that wait for the curator."""
    return items_visible_to(person).filter(state=ItemState.NEW)


@written.once()
def how_many_undecided() -> QuerySet[Item]:
    """The same for who curates, for the number beside the navigation."""
    return _standing().filter(state=ItemState.NEW)


def items_saying(person: Person, words: str) -> QuerySet[Item] | None:
    """Items that say these words, for the search over everything; nothing without words. Of each its pictures."""
    if not words.strip():
        return None
    rows = saying(items_visible_to(person), words).select_related("by__picture", "project")
    return rows.prefetch_related(Prefetch("media", with_renditions())).order_by("-made_at", "-pk")


def project_choices(person: Person) -> QuerySet[Project]:
    """Projects that a photo can be of, those of this colleague first."""
    return contacts.projects_for(person)


# Pictures


def medium(person: Person, pk: int) -> Medium:
    """A picture of the library that this colleague may see, or one that they added themselves. NotFound otherwise."""
    rows = Medium.objects.select_related("item__capture").prefetch_related("renditions__file")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    in_library = found.item_id is not None and items_visible_to(person).filter(pk=found.item_id).exists()
    if not in_library and (found.item_id is not None or found.by_id != person.pk):
        raise NotFound
    return found


def media_by_number(numbers: Collection[int]) -> dict[int, Medium]:
    """Pictures to show where something was made of them; whether that may be seen was decided there."""
    rows = Medium.objects.filter(pk__in=numbers).prefetch_related("renditions__file")
    return {one.pk: one for one in rows}


def recording(medium: Medium) -> Rendition | None:
    """The film, voice note or document itself; None for a picture."""
    return next((one for one in medium.renditions.all() if one.format in WHOLE), None)


def not_ready_sentence(medium: Medium) -> str:
    """Why a film, a voice note or a document can't be seen: it is being made ready, or it can't be used."""
    if medium.refused:
        return _(Reason(medium.refused).sentence)
    return _("This is still being made ready. It goes on by itself.")


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

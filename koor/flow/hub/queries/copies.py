"""Pictures that look like one that is in the library already."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Least
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from koor.flow.hub import logic
from koor.flow.hub.models import BYTES, Item, Likeness, Medium, Rendition
from koor.flow.hub.queries.consent import blocks_of
from koor.flow.hub.queries.library import items_visible_to
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.kernel import clock, together

MOST = 20  # pictures alike that are looked at


def lookalikes(person: Person, item: Item) -> list[Item]:
    """Other items with nearly the same picture, such as one that was sent twice; the nearest first, at most four."""
    return nearest(*together.lists(*near(person, item)))


def nearest(pictures: Sequence[Medium], sizes: Sequence[Rendition]) -> list[Item]:
    """What `near` found, as items of which that picture is the one to show."""
    together.hang(pictures, "renditions", sizes)
    found: dict[int, Item] = {}
    for picture in pictures:
        if picture.item is not None and picture.item.pk not in found:
            together.hang([picture.item], "media", [picture])
            found[picture.item.pk] = picture.item
    return list(found.values())[:4]


def near(person: Person, item: Item) -> tuple[QuerySet[Medium] | None, QuerySet[Rendition] | None]:
    """The pictures alike, the nearest first, and their sizes: two questions. Two that differ in few bits have one of
    their eight bytes in common: by these the database finds them without looking at all."""
    prints = {medium.dhash for medium in item.media.all() if medium.dhash is not None} - {*logic.BLANK}
    if not prints:
        return None, None
    apart = _apart(prints)
    said = Likeness.objects.filter(Q(one=item, other=OuterRef("item")) | Q(other=item, one=OuterRef("item")))
    found = alike(prints).exclude(item=item).filter(~Exists(said), item__in=items_visible_to(person))
    seen = found.values("pk")[:MOST]
    pictures = Medium.objects.filter(pk__in=seen).annotate(apart=apart).order_by("apart", "-pk")
    sizes = Rendition.objects.filter(medium__in=seen).select_related("file").order_by("width")
    return pictures.select_related("item__by").defer("item__words"), sizes


def alike(prints: Collection[int]) -> QuerySet[Medium]:
    """Pictures that look like one of these fingerprints, the nearest first."""
    shared = [byte for one in prints for byte in logic.bytes_of(one)]
    rows = Medium.objects.alias(bytes=BYTES).filter(bytes__overlap=shared).exclude(dhash__in=logic.BLANK)
    return rows.annotate(apart=_apart(prints)).filter(apart__lte=logic.ALIKE_BITS).order_by("apart", "-pk")


def _apart(prints: Collection[int]) -> Least:
    return Least(*(_bits_apart(one) for one in prints), Value(64))


@dataclass(frozen=True)
class Difference:
    """One thing about two items, as it is of each."""

    label: str
    values: tuple[str, str]

    @property
    def differs(self) -> bool:
        return self.values[0] != self.values[1]


def differences(one: Item, other: Item) -> list[Difference]:
    """What there is to know before one of the two is kept. Give both with their parts."""
    asked = (
        (_("Shown by"), _maker), (_("Came in"), _came_in), (_("Size"), _size), (_("Used"), _used),
        (_("Consent"), _consent), (_("In words"), _in_words), (_("Tags"), _tags), (_("Decided"), _decided),
    )  # fmt: skip
    return [Difference(label, (tell(one), tell(other))) for label, tell in asked]


def _maker(item: Item) -> str:
    return item.by.name if item.by else "–"


def _came_in(item: Item) -> str:
    return _day(item.made_at)


def _day(moment: datetime) -> str:
    return date_format(clock.local(moment, house().zone), "j F Y, H:i")


def _size(item: Item) -> str:
    return ", ".join(f"{one.width} × {one.height}" for one in item.media.all() if one.width) or "–"


def _used(item: Item) -> str:
    return _day(item.used_at) if item.used_at else _("not used yet")


def _consent(item: Item) -> str:
    said = [block for block in blocks_of(item) if block.of_consent]
    if said:
        return _("still to be asked") if all(block.code != "no" for block in said) else _("not to be published")
    return _("Everybody agrees") if item.portrayed.all() else _("Nobody in it, as far as we know.")


def _in_words(item: Item) -> str:
    return next((one.alt for one in item.media.all() if one.alt), "–")


def _tags(item: Item) -> str:
    return ", ".join(item.tags) or "–"


def _decided(item: Item) -> str:
    return str(item.get_state_display())


def likeness(person: Person, one: Item, other: Item) -> Likeness | None:
    """What was said of these two."""
    low, high = sorted((one.pk, other.pk))
    return Likeness.objects.filter(one=low, other=high).first()


def with_copies(person: Person, item: int) -> QuerySet[Item]:
    """An item, and those of which it was kept: their uses count as its own."""
    kept = Likeness.objects.filter(kept=item)
    return Item.objects.filter(Q(pk=item) | Q(pk__in=kept.values("one")) | Q(pk__in=kept.values("other")))


def _bits_apart(dhash: int | None) -> Func:
    """In how many of its 64 bits a picture's fingerprint differs from this one."""
    template = "bit_count((%(expressions)s)::bit(64))::int"
    return Func(F("dhash"), Value(dhash), template=template, arg_joiner=" # ", output_field=IntegerField())

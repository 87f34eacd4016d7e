"""Pictures that look like one that is in the library already."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F, Func, IntegerField, Value
from django.db.models.functions import Least

from koor.flow.hub import logic
from koor.flow.hub.models import BYTES, Item, Medium
from koor.flow.hub.queries.library import SIZES, items_visible_to
from koor.ground.people.models import Person
from koor.kernel import together


def lookalikes(person: Person, item: Item) -> list[Item]:
    """Other items with nearly the same picture, such as one that was sent twice; the nearest first, at most four."""
    prints = {medium.dhash for medium in item.media.all() if medium.dhash is not None} - {*logic.BLANK}
    if not prints:
        return []
    numbers = _near(person, item, prints)
    near = Medium.objects.filter(pk__in=numbers).select_related("item__by")
    by_number = {picture.pk: picture for picture in near.defer("item__words").prefetch_related(SIZES)}
    found: dict[int, Item] = {}
    for picture in (by_number[pk] for pk in numbers):
        if picture.item is not None and picture.item.pk not in found:
            together.hang([picture.item], "media", [picture])  # the one that is alike is the one to show
            found[picture.item.pk] = picture.item
    return list(found.values())[:4]


def _near(person: Person, item: Item, prints: Collection[int]) -> list[int]:
    """The pictures alike, the nearest first. Two that differ in few bits have one of their eight bytes in common: by
    these the database finds them without looking at all."""
    apart = Least(*(_bits_apart(one) for one in prints), Value(64))
    rows = Medium.objects.alias(bytes=BYTES).filter(
        bytes__overlap=[byte for one in prints for byte in logic.bytes_of(one)]
    )
    near = rows.annotate(apart=apart).filter(apart__lte=logic.ALIKE_BITS).exclude(item=item)
    seen = near.filter(item__in=items_visible_to(person))
    return list(seen.order_by("apart", "-pk").values_list("pk", flat=True)[:20])


def _bits_apart(dhash: int | None) -> Func:
    """In how many of its 64 bits a picture's fingerprint differs from this one."""
    template = "bit_count((%(expressions)s)::bit(64))::int"
    return Func(F("dhash"), Value(dhash), template=template, arg_joiner=" # ", output_field=IntegerField())

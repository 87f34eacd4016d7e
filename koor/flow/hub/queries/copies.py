"""Pictures that look like one that is in the library already."""

from __future__ import annotations

from django.db.models import F, Func, IntegerField, Value
from django.db.models.functions import Least

from koor.flow.hub import logic
from koor.flow.hub.models import Item, Medium
from koor.flow.hub.queries.library import SIZES, items_visible_to
from koor.ground.people.models import Person
from koor.kernel import together


def lookalikes(person: Person, item: Item) -> list[Item]:
    """Other items with nearly the same picture, such as one that was sent twice; the nearest first, at most four."""
    prints = {medium.dhash for medium in item.media.all()} - {None, *logic.BLANK}
    if not prints:
        return []
    apart = Least(*(_bits_apart(one) for one in prints), Value(64))
    rows = Medium.objects.filter(item__in=items_visible_to(person)).exclude(item=item).exclude(dhash=None)
    near = rows.annotate(apart=apart).filter(apart__lte=logic.ALIKE_BITS).order_by("apart", "-pk")
    found: dict[int, Item] = {}
    for picture in near.select_related("item__by").prefetch_related(SIZES)[:20]:
        if picture.item is not None and picture.item.pk not in found:
            together.hang([picture.item], "media", [picture])  # the one that is alike is the one to show
            found[picture.item.pk] = picture.item
    return list(found.values())[:4]


def _bits_apart(dhash: int | None) -> Func:
    """In how many of its 64 bits a picture's fingerprint differs from this one."""
    template = "bit_count((%(expressions)s)::bit(64))::int"
    return Func(F("dhash"), Value(dhash), template=template, arg_joiner=" # ", output_field=IntegerField())

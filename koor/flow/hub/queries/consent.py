"""Reads of consent: what may be published, the pictures that somebody is in, what was signed."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from koor.flow.hub import logic
from koor.flow.hub.choices import Agrees, ItemKind, ItemState
from koor.flow.hub.models import Item, Medium, Portrayed, Rendition
from koor.flow.hub.queries.library import items, items_visible_to
from koor.ground.people.models import Person
from koor.kernel.access import NotFound


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

"""Reads for looking at the faces in a picture."""

from __future__ import annotations

from dataclasses import dataclass

from koor.flow.hub import access
from koor.flow.hub.choices import Agrees, FaceState
from koor.flow.hub.media.boxes import Box
from koor.flow.hub.models import Face, Item, Medium, Unblurred
from koor.flow.hub.queries.consent import Shown, shown_to
from koor.flow.hub.queries.copies import lookalikes
from koor.flow.hub.queries.library import PORTRAYED, medium
from koor.ground.people.models import Person
from koor.kernel import clock, together
from koor.kernel.access import NotFound


@dataclass
class Place:
    """A face in dots of the picture, with its number in the order in which one reads."""

    number: int
    face: Face
    left: int
    top: int
    wide: int
    high: int
    ticked: bool = True

    @property
    def box(self) -> Box:
        return Box(self.face.left, self.face.top, self.face.wide, self.face.high)


@dataclass(frozen=True)
class Looked:
    """A picture with the places in it, and what this colleague may do. `own`: the picture as it was before blurring
    is kept, and is theirs."""

    medium: Medium
    open: list[Place]
    blurred: list[Place]
    people: list[Shown]
    own: Unblurred | None
    kept: bool
    others: list[tuple[int, Medium]]  # further photos of the same item, each by its number there

    @property
    def all_agree(self) -> bool:
        """Everybody who is named said yes, and there are no more faces than names."""
        fine = all(one.seen == Agrees.YES or one.hidden for one in self.people)
        return bool(self.people) and fine and len(self.open) <= len(self.people)

    @property
    def settled(self) -> bool:
        """Nothing that is proposed needs blurring, as far as anybody knows."""
        return self.all_agree or self.medium.faces == FaceState.AGREED

    @property
    def looked(self) -> bool:
        return self.medium.faces in (FaceState.AGREED, FaceState.BLURRED)


def looked_at(person: Person, pk: int) -> Looked:
    """A photo and its faces, for who may blur it. NotFound for others."""
    found = medium(person, pk)
    item = found.item
    if found.kind != "photo" or not access.may_blur(person, found):
        raise NotFound
    if item is not None:
        together.attach(item, media=Medium.objects.order_by("order", "pk"), portrayed=PORTRAYED)
    places = list(found.places.all())
    kept = Unblurred.objects.defer("sealed").filter(medium=found, ends_at__gt=clock.now()).first()
    named = list(item.portrayed.all()) if item is not None else []
    for row in named:
        row.item = item
    photos = [one for one in item.media.all() if one.kind == "photo"] if item is not None else []
    return Looked(
        found,
        _placed(found, [one for one in places if one.blurred_at is None]),
        _placed(found, [one for one in places if one.blurred_at is not None]),
        shown_to(person, named),
        kept if kept is not None and access.may_see_unblurred(person, kept) else None,
        kept is not None,
        [(at, one) for at, one in enumerate(photos, start=1) if one.pk != found.pk],
    )


def still_seen_alike(person: Person, looked: Looked) -> list[Item]:
    """Other items with nearly the same picture, such as one that was sent twice, in which nobody blurred anything."""
    item = looked.medium.item
    if item is None or looked.medium.faces != FaceState.BLURRED:
        return []
    return [one for one in lookalikes(person, item) if all(each.faces != FaceState.BLURRED for each in one.media.all())]


def _placed(found: Medium, places: list[Face]) -> list[Place]:
    wide, high = found.width or 1, found.height or 1
    boxes = [(one, Box(one.left, one.top, one.wide, one.high).dots(wide, high)) for one in places]
    return [Place(number, one, *dots) for number, (one, dots) in enumerate(boxes, start=1)]

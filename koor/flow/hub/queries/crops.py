"""Which part of a picture is shown in the shapes of platforms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from koor.flow.hub.choices import MediumKind
from koor.flow.hub.media import crops
from koor.flow.hub.media.crops import Box, Cut
from koor.flow.hub.models import Item, Medium, Rendition
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import RATIOS, WHOLE
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel.access import NotFound


def whole_picture(medium: Medium) -> Rendition | None:
    """The largest clean picture there is, to cut from. No query when renditions are fetched."""
    if medium.kind != MediumKind.PHOTO:
        return None
    jpegs = [one for one in medium.renditions.all() if one.format == "jpeg"]
    return max(jpegs, key=lambda one: one.width, default=None)


def focus_of(medium: Medium) -> Cut | None:
    """What the picture is about; None when nobody said."""
    if medium.focus_x is None or medium.focus_y is None:
        return None
    return Cut(medium.focus_x, medium.focus_y)


def cut_of(medium: Medium, shape: str) -> Cut:
    """How a picture is cut to this shape: as somebody adjusted it, else around what it is about."""
    kept = medium.cuts.get(shape) if isinstance(medium.cuts, dict) else None
    return crops.cut_of(kept, focus_of(medium) or Cut())


def box_of(medium: Medium, shape: str, rendition: Rendition) -> Box | None:
    """The part of this rendition that is shown in a shape."""
    if shape not in RATIOS or not rendition.width or not rendition.height:
        return None
    return crops.box(rendition.width, rendition.height, RATIOS[shape], cut_of(medium, shape))


def shape_on(account: Account, medium: Medium, chosen: str = "") -> str:
    """The shape that a picture goes to this account in; empty when it goes whole. `chosen` for this post.

    A picture that the platform shows whole goes whole, until somebody said what it is about."""
    whole = whole_picture(medium)
    if whole is None or chosen == WHOLE or not whole.height:
        return ""
    if chosen in RATIOS:
        return chosen
    shapes = [shape for shape in channels.limits_of(account).shapes if shape in RATIOS]
    size = (whole.width, whole.height)
    if not shapes or (focus_of(medium) is None and not medium.cuts and crops.fits(*size, shapes, RATIOS)):
        return ""
    return crops.nearest(*size, shapes, RATIOS)


def frame_of(account: Account, medium: Medium, chosen: str = "") -> list[str | float]:
    """How a picture goes to this account, to remember: its shape, and which part that is, in parts of its sides from
    0 to 1; one empty word when it goes whole."""
    shape, whole = shape_on(account, medium, chosen), whole_picture(medium)
    box = box_of(medium, shape, whole) if whole is not None else None
    if whole is None or box is None:
        return [""]
    left, wide = (round(side / whole.width, 5) for side in (box.left, box.width))
    top, high = (round(side / whole.height, 5) for side in (box.top, box.height))
    return [shape, left, top, wide, high]


def box_within(rendition: Rendition, parts: Sequence[float]) -> Box:
    """The part of this rendition that `frame_of` remembered."""
    left, top, wide, high = parts
    return Box(
        round(left * rendition.width),
        round(top * rendition.height),
        max(1, round(wide * rendition.width)),
        max(1, round(high * rendition.height)),
    )


@dataclass(frozen=True)
class Shaped:
    """A shape with how the picture is cut to it and which platforms like it."""

    shape: str
    ratio: float
    cut: Cut
    own: bool  # adjusted by somebody
    places: list[str]


def shapes_of(person: Person, medium: Medium) -> list[Shaped]:
    """All shapes, with the platforms that like them. No query."""
    wanted = _platforms()
    own = medium.cuts if isinstance(medium.cuts, dict) else {}
    return [
        Shaped(shape, ratio, cut_of(medium, shape), shape in own, sorted(wanted.get(shape, ())))
        for shape, ratio in RATIOS.items()
    ]


def _platforms() -> dict[str, set[str]]:
    """By shape the platforms that like it, by name; more than one way may lead to a platform."""
    found: dict[str, set[str]] = {}
    for made_with in channels.connectors().values():
        manifest = made_with.manifest
        behind = [(one.name, {"platform": one.key}) for one in manifest.covers] or [(manifest.name, {})]
        for name, settings in behind:
            for shape in made_with.limits_for(settings).shapes:
                found.setdefault(shape, set()).add(_(name))
    return found


def picture_of_item(person: Person, item: Item, pk: int) -> Medium:
    """A photo of an item whose parts are fetched. NotFound when it is none of it."""
    found = next((one for one in item.media.all() if one.pk == pk), None)
    if found is None or whole_picture(found) is None:
        raise NotFound
    return found

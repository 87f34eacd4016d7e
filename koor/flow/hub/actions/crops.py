"""Pictures cut to the shapes of platforms: what a picture is about, and the cut itself, made once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from koor.flow.hub import access
from koor.flow.hub.choices import MediumKind
from koor.flow.hub.media import crops, cutting
from koor.flow.hub.media.crops import Box, Cut
from koor.flow.hub.media.reasons import MediaTrouble
from koor.flow.hub.models import Crop, Item, Medium, Page, Rendition
from koor.flow.hub.queries.crops import box_of, whole_picture
from koor.ground.channels.contract import RATIOS
from koor.ground.people.access import Colleague
from koor.kernel import audit, files
from koor.kernel.access import Refused, require

PORTION = 500  # pictures that go together


def set_focus(
    *, by: Colleague, item: Item, medium: Medium, focus: tuple[int, int] | None, cuts: Mapping[str, Cut] | None = None
) -> Medium:
    """What a picture is about, in percent from the left and from the top, and shapes that are cut otherwise. None:
    nobody says. What was cut already is made anew when it is needed. The same again changes nothing."""
    require(access.may_edit_item(by, item), _("Its maker and the curator can change this."))
    own = {shape: list(cut) for shape, cut in sorted((cuts or {}).items())}
    _check(focus, cuts or {})
    x, y = focus if focus is not None else (None, None)
    with transaction.atomic():
        found = Medium.objects.select_for_update().get(pk=medium.pk, item=item, kind=MediumKind.PHOTO)
        if (found.focus_x, found.focus_y, found.cuts) == (x, y, own):
            return found
        found.focus_x, found.focus_y, found.cuts = x, y, own
        found.save(update_fields=["focus_x", "focus_y", "cuts"])
        forget_crops(found)
        audit.record(by=by, verb="hub.set_focus", target=item, medium=found.pk)
    return found


def _check(focus: tuple[int, int] | None, cuts: Mapping[str, Cut]) -> None:
    points = [*([focus] if focus is not None else []), *((cut.x, cut.y) for cut in cuts.values())]
    zooms = [cut.zoom for cut in cuts.values()]
    far = any(not 0 <= side <= 100 for point in points for side in point)
    if far or set(cuts) - set(RATIOS) or any(not 100 <= zoom <= crops.MOST_ZOOM for zoom in zooms):
        raise Refused(_("That point is not in the picture."), code="outside", field="x")


def cropped(*, by: Colleague, medium: Medium, shape: str) -> Crop | None:
    """The picture in a shape, made when it is not there yet; None when there is nothing to cut. Give a medium with its
    renditions. Raises `MediaTrouble` when it is worth trying again."""
    require(access.may_show(by))
    source = whole_picture(medium)
    box = box_of(medium, shape, source) if source is not None else None
    if source is None or box is None:
        return None
    made_of = f"{source.file.digest}:{','.join(str(side) for side in box)}"
    there = Crop.objects.select_related("file").filter(medium=medium, shape=shape).first()
    if there is not None and there.made_of == made_of:
        return there
    with TemporaryDirectory(prefix="koor-cut-") as folder, files.local(source.file) as path:
        return _keep(medium, shape, made_of, box, cutting.cut(path, Path(folder), box))


def _keep(medium: Medium, shape: str, made_of: str, box: Box, made: Path) -> Crop:
    with transaction.atomic():
        Medium.objects.select_for_update().get(pk=medium.pk)
        there = Crop.objects.select_related("file").filter(medium=medium, shape=shape).first()
        if there is not None and there.made_of == made_of:
            return there  # somebody else was first
        if not Rendition.objects.filter(medium=medium, file__digest=made_of.split(":")[0]).exists():
            raise MediaTrouble("The picture was made anew meanwhile, such as with faces blurred.")
        if there is not None:
            _forget(there)
        kept = files.store(made, mime="image/jpeg", name=f"photo-{shape}.jpg")
        said = {"file": kept, "made_of": made_of, "width": box.width, "height": box.height}
        return Crop.objects.create(medium=medium, shape=shape, **said)


def forget_crops(medium: Medium) -> None:
    """What was cut from a picture goes, because the picture is another one. In the caller's transaction."""
    for one in Crop.objects.select_related("file").filter(medium=medium):
        _forget(one)


def _forget(one: Crop) -> None:
    one.delete()
    files.forget(one.file)


def files_of(medium: Medium) -> list[Rendition | Crop | Page]:
    """Everything that was made of a picture, with its file."""
    made: list[Rendition | Crop | Page] = [*medium.renditions.select_related("file")]
    return [*made, *medium.crops.select_related("file"), *medium.pages.select_related("file")]


def drop_picture(medium: Medium) -> None:
    """A picture goes, with its upload and all that was made of it. Raises ProtectedError while a post shows it. In the
    caller's transaction."""
    kept = _kept_of([medium.pk])
    medium.delete()
    files.forget_all(kept)


def drop_pictures(pks: Sequence[int]) -> None:
    """Many of them, in a few statements; what a post shows stays. In the caller's transaction."""
    for start in range(0, len(pks), PORTION):
        _drop(pks[start : start + PORTION])


def _drop(pks: Sequence[int]) -> None:
    try:
        with transaction.atomic():
            kept = _kept_of(pks)
            Medium.objects.filter(pk__in=pks).delete()
            files.forget_all(kept)
    except ProtectedError:
        half = len(pks) // 2
        for some in (pks[:half], pks[half:]) if half else ():
            _drop(some)


def _kept_of(pks: Sequence[int]) -> set[int]:
    """The numbers of their uploads and of the files of all that was made of them."""
    kept = set(Medium.objects.filter(pk__in=pks).exclude(upload=None).values_list("upload", flat=True))
    for made in (Rendition, Crop, Page):
        kept.update(made._base_manager.filter(medium__in=pks).values_list("file", flat=True))
    return kept

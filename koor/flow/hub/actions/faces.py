"""A colleague's own photo as face, and the logo of the house: opened and cleaned like every picture that comes in."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.hub.media.allowed import Kind
from koor.flow.hub.media.reasons import PictureRefused
from koor.flow.hub.media.renditions import make
from koor.ground.people import actions as people
from koor.ground.people.access import Colleague, may_change_house, may_edit_profile
from koor.ground.people.models import House, Person
from koor.kernel import files
from koor.kernel.access import Refused, require
from koor.kernel.models import StoredFile


def show_logo(*, by: Colleague, image: bytes) -> House:
    """Keep a clean, small size of an image as the sign of the house; about a second. Raises as `show_face` does."""
    require(may_change_house(by), _("Only an administrator changes these."))
    with TemporaryDirectory(prefix="koor-logo-") as folder:
        small, mime = _small(image, Path(folder))
        with transaction.atomic():
            return people.set_logo(by=by, logo=_kept(small, mime, "logo"))


def show_face(*, by: Colleague, person: Person, photo: bytes) -> Person:
    """Keep the smallest clean size of a photo as somebody's face; about a second.

    Public, for it stands beside what they post in the newsroom. Raises Refused with the reason in a sentence,
    MediaTrouble when it is worth trying again."""
    require(may_edit_profile(by, person))
    with TemporaryDirectory(prefix="koor-face-") as folder:
        small, mime = _small(photo, Path(folder))
        with transaction.atomic():
            return people.set_picture(by=by, person=person, picture=_kept(small, mime, "face"))


def _kept(small: Path, mime: str, name: str) -> StoredFile:
    """For everybody to see."""
    return files.store(small, mime=mime, name=f"{name}-{small.name}", public=True)


def _small(image: bytes, folder: Path) -> tuple[Path, str]:
    """The smallest clean size of an image."""
    source, place = folder / "upload", folder / "made"
    place.mkdir()
    source.write_bytes(image)
    try:
        picture = make(source, place, only=Kind.PHOTO)
    except PictureRefused as refusal:
        raise Refused(_(refusal.reason.sentence), code=refusal.reason.value, field="photo") from refusal
    small = min(picture.renditions, key=lambda one: (one.width, one.mime != "image/webp"))
    return place / small.name, small.mime

"""A colleague's own photo as face: opened and cleaned like every picture that comes into the house."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.hub.media.allowed import Kind
from koor.flow.hub.media.reasons import PictureRefused
from koor.flow.hub.media.renditions import make
from koor.ground.people import actions as people
from koor.ground.people.access import Colleague, may_edit_profile
from koor.ground.people.models import Person
from koor.kernel import files
from koor.kernel.access import Refused, require


def show_face(*, by: Colleague, person: Person, photo: bytes) -> Person:
    """Keep the smallest clean size of a photo as somebody's face; about a second.

    Public, for it stands beside what they post in the newsroom. Raises Refused with the reason in a sentence,
    MediaTrouble when it is worth trying again."""
    require(may_edit_profile(by, person))
    with TemporaryDirectory(prefix="koor-face-") as folder:
        source, place = Path(folder) / "upload", Path(folder) / "made"
        place.mkdir()
        source.write_bytes(photo)
        try:
            picture = make(source, place, only=Kind.PHOTO)
        except PictureRefused as refusal:
            raise Refused(_(refusal.reason.sentence), code=refusal.reason.value, field="photo") from refusal
        small = min(picture.renditions, key=lambda one: (one.width, one.mime != "image/webp"))
        with transaction.atomic():
            kept = files.store(place / small.name, mime=small.mime, name=f"face-{small.name}", public=True)
            return people.set_picture(by=by, person=person, picture=kept)

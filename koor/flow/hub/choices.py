from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CaptureState(TextChoices):
    RECEIVED = "received", _("Received")
    READY = "ready", _("Ready")
    REFUSED = "refused", _("Refused")


class ItemKind(TextChoices):
    PHOTO = "photo", _("Photo")
    TEXT = "text", _("Text")
    LINK = "link", _("Link")
    FIND = "find", _("Find from outside")


class ItemState(TextChoices):
    """What the curator did with it."""

    NEW = "new", _("New")
    KEPT = "kept", _("Kept")
    SHELVED = "shelved", _("Put aside")


class Agrees(TextChoices):
    """Does somebody in the picture agree to its being published?"""

    YES = "yes", _("Agrees")
    NO = "no", _("Does not agree")
    ASK = "ask", _("Not asked yet")

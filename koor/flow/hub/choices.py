from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CaptureState(TextChoices):
    RECEIVED = "received", _("Received")
    READY = "ready", _("Ready")
    REFUSED = "refused", _("Refused")


class LetterState(TextChoices):
    """What became of a letter that came in."""

    TAKEN = "taken", _("Taken in")
    REFUSED = "refused", _("Not taken in")
    HELD = "held", _("Of a stranger")
    ASKED = "asked", _("The colleague is asked")
    DISCARDED = "discarded", _("Thrown away")


class WhoIsIn(TextChoices):
    """What somebody says of a photo in a few words, when they answer from a letter."""

    NOBODY = "nobody", _("Nobody")
    ME = "me", _("Only me, and I agree")
    LATER = "later", _("Others: I tell it later, in Koor")


class Secure(TextChoices):
    TLS = "tls", _("TLS from the start (port 993)")
    STARTTLS = "starttls", _("STARTTLS (port 143)")


class MediumKind(TextChoices):
    PHOTO = "photo", _("Photo")
    FILM = "film", _("Film")
    VOICE = "voice", _("Voice note")
    DOCUMENT = "document", _("Document")


class FaceState(TextChoices):
    """What is known of the faces in a picture."""

    UNSEEN = "unseen", _("Nobody looked for faces")
    NONE = "none", _("The house saw no faces")
    PROPOSED = "proposed", _("The house thinks it saw faces")
    AGREED = "agreed", _("Somebody looked: nothing needs blurring")
    BLURRED = "blurred", _("Faces are blurred")


class ItemKind(TextChoices):
    PHOTO = "photo", _("Photo")
    FILM = "film", _("Film")
    VOICE = "voice", _("Voice note")
    DOCUMENT = "document", _("Document")
    TEXT = "text", _("Text")
    LINK = "link", _("Link")
    FIND = "find", _("Find from outside")
    POST = "post", _("Finished post")


class Rights(TextChoices):
    """Whose something is, and what we may do with it."""

    OWN = "own", _("Our own")
    COLLEAGUE = "colleague", _("From a colleague, made in their own time")
    LICENCE = "licence", _("Bought licence")
    PERMIT = "permit", _("From outside, with permission")
    LINK = "link", _("From outside, only to link to")


class ItemState(TextChoices):
    """What the curator did with it."""

    NEW = "new", _("New")
    KEPT = "kept", _("Kept")
    SHELVED = "shelved", _("Put aside")


class Alike(TextChoices):
    """What the curator said of two pictures that look alike."""

    ONE = "one", _("One of the two stays")
    BOTH = "both", _("Both stay")
    DIFFERENT = "different", _("Not a copy")


class Agrees(TextChoices):
    """Does somebody in the picture agree to its being published?"""

    YES = "yes", _("Agrees")
    NO = "no", _("Does not agree")
    ASK = "ask", _("Not asked yet")


class Use(TextChoices):
    """What a picture may be shown for."""

    SHOW = "show", _("Showing our work")
    JOBS = "jobs", _("Finding new colleagues")


class Where(TextChoices):
    """Where a picture may be shown."""

    HOUSE = "house", _("Our own newsroom")
    SOCIAL = "social", _("Social media")


class Proof(TextChoices):
    """How we know that somebody agreed."""

    TOLD = "told", _("told to who was there")
    OWN = "own", _("answered in person")
    SIGNED = "signed", _("signed on their own phone")


class IdeaState(TextChoices):
    """Where an idea stands on the board."""

    NEW = "new", pgettext_lazy("idea", "New")
    CHOSEN = "chosen", pgettext_lazy("idea", "Chosen")
    MAKING = "making", pgettext_lazy("idea", "Being made")
    DONE = "done", pgettext_lazy("idea", "Done")
    NOT_NOW = "not_now", pgettext_lazy("idea", "Not now")

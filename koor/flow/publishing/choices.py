from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Stage(TextChoices):
    """Where a post is on its way out, before its rows take over."""

    DRAFT = "draft", _("Draft")
    WITH_BUDDY = "with_buddy", _("With a buddy")
    RELEASED = "released", _("Released")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class State(TextChoices):
    """State of a row (one post, one account). The names of docs/decisions on delivery; shown everywhere."""

    SCHEDULED = "scheduled", _("Scheduled")
    CLAIMED = "claimed", _("About to go")
    SENDING = "sending", _("On its way")
    WAITING = "waiting", _("Waits for another try")
    UNKNOWN = "unknown", _("Unknown, we look back")
    RECONCILING = "reconciling", _("Looking back")
    PUBLISHED = "published", _("Is up")
    NEEDS_PERSON = "needs_person", _("Needs you")
    MISSED = "missed", _("Missed its moment")
    REJECTED = "rejected", _("Refused by the platform")
    CANCELLED = "cancelled", _("Cancelled")


FINAL = (State.PUBLISHED, State.MISSED, State.REJECTED, State.CANCELLED)


class Whole(TextChoices):
    """State of a post as a whole, derived from its stage and its rows; never stored."""

    DRAFT = "draft", _("Draft")
    WITH_BUDDY = "with_buddy", _("With a buddy")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    NEEDS_PERSON = "needs_person", _("Needs you")
    UNKNOWN = "unknown", _("Unknown, we look back")
    SENDING = "sending", _("On its way")
    WAITING = "waiting", _("Waits for another try")
    SCHEDULED = "scheduled", _("Scheduled")
    HELD = "held", _("Held")
    PARTLY = "partly", _("Partly up")
    PUBLISHED = "published", _("Is up")
    FAILED = "failed", _("Did not get there")
    CANCELLED = "cancelled", _("Cancelled")


class RemovalState(TextChoices):
    """Taking away what is up."""

    ASKED = "asked", _("Is being taken away")
    PERSON = "person", _("A colleague takes it away")
    DONE = "done", _("Taken away")


class Kind(TextChoices):
    """How something that was said is put right."""

    CORRECT = "correct", _("Corrected")
    APOLOGISE = "apologise", _("Apologised")
    WITHDRAW = "withdraw", _("Taken back")


class Way(TextChoices):
    """What is done on one place to put it right. Stored as it stands, so values stay."""

    EDIT = "edit", _("Change the words there")
    REPLY = "reply", _("Say it under it")
    DELETE = "delete", _("Take it away")
    NOTE = "note", _("A note with the article")
    STOP = "stop", _("It has not gone yet: it does not go")
    HAND = "hand", _("A person does it there")


class PutRight(TextChoices):
    """How far that is."""

    ASKED = "asked", _("Is being put right")
    PERSON = "person", _("A colleague does it")
    DONE = "done", _("Put right")
    DROPPED = "dropped", _("Overtaken by a later one")


class Platform(TextChoices):
    """Where something was said that was brought in from an export."""

    X = "x", "X"
    MASTODON = "mastodon", "Mastodon"
    LINKEDIN = "linkedin", "LinkedIn"
    FACEBOOK = "facebook", "Facebook"
    GOOGLE_PLUS = "google_plus", "Google+"


class ArchiveState(TextChoices):
    """How far an export is read."""

    WAITING = "waiting", _("Waits to be read")
    READING = "reading", _("Is being read")
    READY = "ready", _("Read")
    REFUSED = "refused", _("Can't be read")


class Step(TextChoices):
    """What an attempt did on the network."""

    SEND = "send", _("Sent")
    LOOK = "look", _("Looked back")


class Answer(TextChoices):
    """What somebody did with work that was offered to make their own."""

    OPEN = "open", _("Not answered")
    OWN = "own", _("Made their own")
    BY_HAND = "by_hand", _("Posted by hand")
    DECLINED = "declined", _("Not this time")
    LAPSED = "lapsed", _("No longer offered")


class Less(TextChoices):
    """Of what somebody would rather be offered less."""

    TAG = "tag", _("This subject")
    DISCIPLINE = "discipline", _("Work of this group")
    PROJECT = "project", _("This project")
    OFTEN = "often", _("Not so often")
    NEVER = "never", _("Nothing at all")


class Every(TextChoices):
    """How often a post comes back."""

    WEEK = "week", _("every week")
    FORTNIGHT = "fortnight", _("every two weeks")
    MONTH = "month", _("every month")
    YEAR = "year", _("every year")


class SeriesState(TextChoices):
    """Of a post that comes back."""

    RUNNING = "running", _("Comes back")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Comes back no more")


class Skipped(TextChoices):
    """Why a turn of a post that comes back was passed over."""

    MISSED = "missed", _("The house was not at work at that moment.")
    BUSY = "busy", _("The one before it was still on its way.")
    UNWRITTEN = "unwritten", _("It was not written in time.")
    REFUSED = "refused", _("It could not be made.")


class ReaderState(TextChoices):
    """Where somebody is with the newsletter."""

    ASKED = "asked", _("Has to say yes")
    READING = "reading", _("Reads it")
    ENDED = "ended", _("Stopped")


class Ended(TextChoices):
    """Why somebody does not get the newsletter any more."""

    LEFT = "left", _("they stopped it")
    NOBODY = "nobody", _("the address is not there")
    REMOVED = "removed", _("taken off by a colleague")


class LetterState(TextChoices):
    """Where one letter to one reader is."""

    WAITING = "waiting", _("Waits")
    SENDING = "sending", _("On its way")
    SENT = "sent", _("Taken by the mail server")
    UNKNOWN = "unknown", _("Not known")
    REFUSED = "refused", _("The mail server said no")
    HELD = "held", _("Held")
    BACK = "back", _("Came back")


class Found(TextChoices):
    """What was read back of a post that is up."""

    ONCE = "once", _("There, once")
    TWICE = "twice", _("There twice")
    GONE = "gone", _("No longer there")
    UNSURE = "unsure", _("Could not be read back")

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ConversationState(TextChoices):
    OPEN = "open", _("Open")
    SNOOZED = "snoozed", _("Later")
    DONE = "done", _("Done")


class Direction(TextChoices):
    IN = "in", _("From outside")
    OUT = "out", _("From us")
    NOTE = "note", _("Note, inside only")


class Ground(TextChoices):
    """Why a conversation is with somebody."""

    THREAD = "thread", _("already in this conversation")
    DIRECT_LINE = "direct_line", _("direct line")
    KNOWS = "knows", _("knows this person")
    STAND_IN = "stand_in", _("stands in")
    PURPOSE = "purpose", _("responsible for this purpose")
    FIRE = "fire", _("an oh-oh goes to PR")
    PERSON = "person", _("a colleague decided")
    UNSURE = "unsure", _("not sure: the curator decides")

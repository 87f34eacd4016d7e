from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TouchKind(TextChoices):
    MESSAGE_IN = "message_in", _("They wrote")
    MESSAGE_OUT = "message_out", _("We answered")
    CALL = "call", _("Call")
    VISIT = "visit", _("Visit")
    CAPTURE = "capture", _("Work shown")
    MENTION = "mention", _("They mentioned us")
    PROJECT = "project", _("Project")
    NOTE = "note", _("Note")

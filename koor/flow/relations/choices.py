from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TouchKind(TextChoices):
    MESSAGE_IN = "message_in", _("They wrote")
    MESSAGE_OUT = "message_out", _("We answered")
    CALL = "call", _("Call")
    VISIT = "visit", _("Visit")
    MAIL = "mail", _("E-mail")
    MET = "met", _("Met")
    CAPTURE = "capture", _("Work shown")
    MENTION = "mention", _("They mentioned us")
    LIKED = "liked", _("They liked a post of ours")
    SHARED = "shared", _("They shared a post of ours")
    FOLLOWED = "followed", _("They began to follow us")
    PROJECT_START = "project_start", _("Work began")
    PROJECT_END = "project_end", _("Work was done")
    LEAD = "lead", _("Became a lead")
    NOTE = "note", _("Note")


# What a colleague may note in one line
BY_HAND = (TouchKind.CALL, TouchKind.VISIT, TouchKind.MAIL, TouchKind.MET, TouchKind.NOTE)
# Being in touch: somebody said something to somebody. A picture of their house or a mention is not that.
IN_TOUCH = (
    TouchKind.MESSAGE_IN,
    TouchKind.MESSAGE_OUT,
    TouchKind.CALL,
    TouchKind.VISIT,
    TouchKind.MAIL,
    TouchKind.MET,
)


# They did something, and said nothing with it
REACTIONS = (TouchKind.LIKED, TouchKind.SHARED, TouchKind.FOLLOWED)


class Reason(TextChoices):
    """Why one is in touch after a project: something that is of use to them, and to whom they know."""

    WISH = "wish", _("They asked about it, and here is the answer")
    PHOTO = "photo", _("A picture of their own project")
    USEFUL = "useful", _("Something about work like theirs")
    ASK = "ask", _("To hear how it is doing")


class RevisitState(TextChoices):
    DONE = "done", _("In touch")
    PASSED = "passed", _("Passed over")
    NEVER = "never", _("Not about this project")


class LeadState(TextChoices):
    NEW = "new", pgettext_lazy("lead", "New")
    TALKING = "talking", pgettext_lazy("lead", "In conversation")
    WON = "won", pgettext_lazy("lead", "It became work")
    LOST = "lost", pgettext_lazy("lead", "It came to nothing")


OPEN_LEADS = (LeadState.NEW, LeadState.TALKING)


class SendingState(TextChoices):
    WAITING = "waiting", _("On its way")
    SENT = "sent", _("Arrived")
    FAILED = "failed", _("Did not arrive")


class AmbassadorState(TextChoices):
    INVITED = "invited", _("Invited")
    YES = "yes", _("Takes part")
    NO = "no", _("Rather not")
    STOPPED = "stopped", _("Stopped")

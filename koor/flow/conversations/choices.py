from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

FORM = "contact form"  # the channel of what strangers write in the form of the website
LINE = "direct line"  # the channel of what is said on the page of a direct line


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
    OWN_ACCOUNT = "own_account", _("written to their own account")
    DIRECT_LINE = "direct_line", _("direct line")
    ASKED = "asked", _("asked for by name")
    KNOWS = "knows", _("knows this person")
    BEFORE = "before", _("answered this person before")
    STAND_IN = "stand_in", _("stands in")
    FIRE = "fire", _("an oh-oh goes to PR")
    RULE = "rule", _("a rule of the organisation")
    BUYING = "buying", _("a question about buying goes to sales")
    AUTHOR = "author", _("a reply to their post")
    LEARNT = "learnt", _("learnt from corrections")
    SKILL = "skill", _("knows about it")
    PURPOSE = "purpose", _("responsible for this purpose")
    PERSON = "person", _("a colleague decided")
    UNSURE = "unsure", _("not sure: the curator decides")


class RuleState(TextChoices):
    """Whether a rule holds."""

    ACTIVE = "active", _("Holds")
    PAUSED = "paused", pgettext_lazy("a rule", "Paused")
    PROPOSED = "proposed", pgettext_lazy("a rule", "Proposed")


class Hours(TextChoices):
    OFFICE = "office", _("in office hours")
    OUTSIDE = "outside", _("outside office hours")


class ByHand(TextChoices):
    """Ways in which people meet outside Koor's channels."""

    TELEPHONE = "telephone", _("Telephone")
    DOOR = "at the door", _("At the door")
    MAIL = "e-mail", _("E-mail")
    WHATSAPP = "whatsapp", _("WhatsApp on your own phone")
    ELSEWHERE = "elsewhere", pgettext_lazy("a way to reach somebody", "Somewhere else")


class Delivery(TextChoices):
    """How an answer of ours goes out."""

    NONE = "", _("Nothing to send")
    LEDGER = "ledger", _("By Koor")
    BUDDY = "buddy", _("Read by a buddy first")
    BY_HAND = "by_hand", _("By hand, still to do")
    HANDED = "handed", _("By hand, done")
    PAGE = "page", _("On their own page")


class Soon(TextChoices):
    """How soon a colleague usually answers on a direct line, in their own words: nothing is measured."""

    HOUR = "hour", _("within the hour")
    DAY = "day", _("the same day")
    NEXT = "next", _("the next working day")
    DAYS = "days", _("within a few days")


class FactKind(TextChoices):
    KNOWN = "known", _("We know")
    UNKNOWN = "unknown", _("We do not know yet")


class SayKind(TextChoices):
    """What the house says in the open about a fire."""

    HOLDING = "holding", _("Statement")
    CORRECTION = "correction", _("Correction")


class Gathered(TextChoices):
    """How a conversation came to a fire."""

    HAND = "hand", _("put there by hand")
    WORDS = "words", _("found by its words")
    QUERY = "query", _("found by a saved query")
    DRILL = "drill", _("part of the exercise")


class ToldKind(TextChoices):
    FACT = "fact", _("What they told")
    PROMISE = "promise", _("What we promised")
    TRIED = "tried", _("What was tried")


class RepeatKind(TextChoices):
    SAID = "said", _("They said so")
    ASKED = "asked", _("We asked again")


class AlarmAnswer(TextChoices):
    """What a person made of an alarm."""

    NONE = "", _("Waits")
    FIRE = "fire", _("A fire was opened")
    WAVED = "waved", _("Waved away")


class DeedKind(TextChoices):
    """What can be done with a message of somebody else; the values are those of `channels.contract.Act`."""

    LIKE = "like", pgettext_lazy("a message", "Like")
    HIDE = "hide", pgettext_lazy("a message", "Hide for others")
    DELETE = "delete", pgettext_lazy("a message", "Delete there")
    MUTE = "mute", _("Mute this person")
    BLOCK = "block", _("Block this person")
    REPORT = "report", _("Report it to the platform")


AGAIN = {*DeedKind} - {DeedKind.REPORT}  # once more does no harm when nobody knows whether it arrived
SHUTS = {DeedKind.MUTE, DeedKind.BLOCK}  # after these a conversation is mostly over

DONE_WORDS = {
    DeedKind.LIKE: _("liked by %(name)s"),
    DeedKind.HIDE: _("hidden by %(name)s"),
    DeedKind.DELETE: _("deleted by %(name)s"),
    DeedKind.MUTE: _("muted by %(name)s"),
    DeedKind.BLOCK: _("blocked by %(name)s"),
    DeedKind.REPORT: _("reported by %(name)s"),
}


class DeedState(TextChoices):
    ASKED = "asked", _("on its way")
    DONE = "done", _("done")
    FAILED = "failed", _("did not work")
    UNSURE = "unsure", _("unknown whether it arrived: look there yourself")
    UNDOING = "undoing", _("is being undone")
    UNDONE = "undone", _("undone")

from enum import StrEnum

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SourceKind(TextChoices):
    FEED = "feed", _("Feed")
    ACCOUNT = "account", _("Account on a platform")
    FILE = "file", _("Import")


class EventState(TextChoices):
    STORED = "stored", pgettext_lazy("event", "Stored")
    READ = "read", pgettext_lazy("event", "Read")
    QUARANTINED = "quarantined", pgettext_lazy("event", "Could not be read")
    DROPPED = "dropped", pgettext_lazy("event", "Put aside")


class Label(TextChoices):
    """What a mention is. Empty: nobody has said."""

    NONE = "", _("Not looked at")
    AHA = "aha", _("Aha")
    OHOH = "ohoh", _("Oh-oh")
    NOISE = "noise", _("Noise")


class Question(TextChoices):
    """What the learner is asked about a text."""

    TRIAGE = "triage", _("Aha, oh-oh or noise?")
    DISCIPLINE = "discipline", _("Who knows about it?")
    TOPIC = "topic", _("What is it about?")


class Form(TextChoices):
    """How the body of a raw event is written, so that it can be read again."""

    JSONL = "jsonl", _("JSON lines")
    CSV = "csv", _("Table (CSV)")
    RSS = "rss", _("Feed (RSS or Atom)")
    HOOK = "hook", _("As a platform sent it")
    LIVE = "live", _("As it came over an open line")


class Counted(StrEnum):
    """Of what mentions are counted."""

    ALL = "all"
    LABEL = "label"
    SOURCE = "source"
    QUERY = "query"
    TOPIC = "topic"
    BURNS = "burns"  # marked oh-oh, or thought so while nobody has said


class BurstAnswer(StrEnum):
    """What a person made of a burst. Waved away it stays part of what is usual; an incident is left out of that."""

    NONE = ""
    CONFIRMED = "confirmed"
    WAVED = "waved"


class Promise(IntegerChoices):
    """How often the learner must be right to mark by itself, of a hundred times."""

    NEVER = 0, _("It only proposes")
    NINETY = 90, _("When it is right 90 times of 100")
    NINETY_FIVE = 95, _("When it is right 95 times of 100")


# How the topics that Koor brings are called; those of the house itself are called as it writes them
_TOPICS = {
    "warmte": pgettext_lazy("topic", "Heating"),
    "water": pgettext_lazy("topic", "Water"),
    "lucht": pgettext_lazy("topic", "Air"),
    "stroom": pgettext_lazy("topic", "Electricity"),
    "planning": pgettext_lazy("topic", "Appointments"),
    "geld": pgettext_lazy("topic", "Money"),
    "werk": pgettext_lazy("topic", "Jobs"),
}


NO_TOPIC = "-"  # what a person says of what is about none of them; no name of one is only that


def first_name(label: str) -> str:
    """A topic as people read it, until the house calls it something else: `queries.topic_name`."""
    return str(_TOPICS.get(label, label.capitalize()))

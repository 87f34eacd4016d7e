"""What the listening room holds on who said something, and on colleagues who look at it."""

import functools
import operator

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from koor.flow.listening.actions.repeats import hand_on_copies
from koor.flow.listening.models import Mention
from koor.flow.listening.queries.event_words import AS_SENT, event_in_words
from koor.ground.channels import queries as channels
from koor.kernel.personal import OUTSIDE, Find, Subject, also, by_hand, holds, holds_none


def said_by(way: str = "") -> Find:
    """What came from one of somebody's addresses; `way` leads from the row to what was said."""

    def find(subject: Subject) -> Q | None:
        if subject.kind != OUTSIDE or not subject.addresses:
            return None
        asked = Q()
        for platform in {platform for platform, _value in subject.addresses}:
            spelled = [_spelled(way, value) for on, value in subject.addresses if on == platform]
            asked |= _heard_at(way, platform) & functools.reduce(operator.or_, spelled)
        return asked or None

    return find


def _heard_at(way: str, platform: str) -> Q:
    """Of sources on this platform, as `queries.platform_of` tells it."""
    account = Q(**{f"{way}source__account__connector__in": _connectors(platform)})
    brought = Q(**{f"{way}source__account": None})
    told = Q(**{f"{way}source__settings__platform": platform})
    by_name = Q(**{f"{way}source__name": platform})
    return account | (brought & (told | by_name))


def _connectors(platform: str) -> list[str]:
    """The platform itself, and those that know people by such an address."""
    return [platform, *(key for key, one in channels.connectors().items() if one.manifest.known_by == platform)]


def _spelled(way: str, value: str) -> Q:
    handle = Q(**{f"{way}handle__iexact": value}) | Q(**{f"{way}handle__iexact": f"@{value}"})
    nameless = Q(**{f"{way}handle": "", f"{way}author__iexact": value})
    return handle | nameless


def _wished(subject: Subject) -> Q | None:
    """A wish that was heard in what they said."""
    said = said_by()(subject)
    found = Mention.objects.filter(said).order_by().values("pk") if said else None
    return None if found is None else Q(origin=Mention._meta.label_lower, origin_id__in=found)


def _gone(rows: QuerySet[Mention], subject: Subject) -> int:
    """Whoever said the same is shown in their place."""
    pks = list(rows.values_list("pk", flat=True))
    hand_on_copies(pks)
    Mention.objects.filter(pk__in=pks).delete()
    return len(pks)


also("hub.Voice", OUTSIDE, _wished)
holds("listening.Proposal", _("What Koor thought of it"), outside=said_by("mention__"), shown=("label",),
      when="made_at", aside=True)  # fmt: skip
holds("listening.Correction", _("What a colleague said that it is"), outside=said_by("mention__"),
      colleague=("by",), shown=("label",), when="at")  # fmt: skip
holds("listening.Fingerprint", _("By what it is told that somebody says it again"), outside=said_by("mention__"),
      shown=("said_at",), aside=True)  # fmt: skip
holds("listening.About", _("What it is about"), outside=said_by("mention__"), colleague=("by",), shown=("topic",),
      when="said_at", aside=True)  # fmt: skip
holds("listening.NoQuestion", _("Not a question"), outside=said_by("mention__"), colleague=("by",), shown=("at",),
      when="at", aside=True)  # fmt: skip
holds("listening.Marking", _("Marked many at once"), colleague=("by",), shown=("label", "asked"), when="made_at",
      named=("asked",))  # fmt: skip
holds("listening.Import", _("Brought in a large file"), colleague=("by",), shown=("name", "source_name"),
      when="made_at", age="made_at", files=("file",))  # fmt: skip
holds("listening.Match", _("Met a saved query"), outside=said_by("mention__"), shown=("query__name",), aside=True)
holds("listening.RawEvent", _("As it came in"), outside=said_by("mention__"), shown=AS_SENT, words=event_in_words,
      when="received_at", age="received_at", named=("body",), aside=True)  # fmt: skip
holds("listening.Enclosure", _("Came with what they said"), outside=said_by("mention__"), shown=("name",),
      named=("name",), files=("upload", "file"))  # fmt: skip
holds("listening.Mention", _("Said outside"), outside=said_by(), colleague=("labelled_by",), when="said_at",
      age="said_at", files=("enclosures__upload", "enclosures__file"),
      shown=("author", "handle", "text", "url"), named=("author", "text"), index="search",
      erase=by_hand(_gone), leaves=hand_on_copies)  # fmt: skip
holds("listening.Change", _("What they changed later"), outside=said_by(), shown=("text", "deleted"), when="at",
      age="at", named=("author", "text"))  # fmt: skip
holds("listening.Query", _("Saved queries"), shown=("name", "expression"), when="made_at", named=("name", "expression"))
holds("listening.View", _("Views of the stream"), colleague=("by",), shown=("name", "asked"), when="made_at",
      named=("name", "asked"))  # fmt: skip
holds("listening.Lesson", _("What a colleague taught with it"), outside=said_by("mention__"), colleague=("by",),
      shown=("question", "label", "text"), when="at", named=("text",))  # fmt: skip
holds_none(
    "listening.Source",
    "listening.Away",
    "listening.RefusedDelivery",
    "listening.Learning",
    "listening.Wording",
    "listening.TopicName",
    "listening.Count",
    "listening.Burst",
    because="where and when we listen, our own words, how many mentions there are and how far the learner may go",
)

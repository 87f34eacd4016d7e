"""What conversations hold on who talks with us, and on colleagues who answer."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from koor.kernel.personal import OUTSIDE, Subject, also, holds

THEIRS = ("conversation__contact",)


def _heard(way: str) -> object:
    """What was said became a message of theirs, whatever it was said with."""
    return lambda subject: Q(**{f"{way}message__contact__in": subject.pks})


def _joins(subject: Subject) -> Q:
    return Q(into__contact__in=subject.pks) | Q(gone__contact__in=subject.pks)


holds("conversations.Refusal", _("Not for this colleague"), outside=THEIRS, colleague=("person", "belongs_to"),
      shown=("person__name",), when="at")  # fmt: skip
holds("conversations.Assignment", _("Who had it"), outside=THEIRS, colleague=("person", "by"), when="at",
      shown=("person__name", "ground", "sentence"), named=("sentence",))  # fmt: skip
holds("conversations.Join", _("Conversations that became one"), outside=_joins, colleague=None, shown=("state",),
      when="at")  # fmt: skip
holds("conversations.Message", _("Messages"), outside=("contact", *THEIRS), colleague=("person",), when="at",
      shown=("direction", "text", "channel"), named=("text",), index="search")  # fmt: skip
holds("conversations.Conversation", _("Conversations"), colleague=("assignee",), when="last_at",
      shown=("channel", "state", "sentence", "known", "preview", "asked"),
      named=("sentence", "known", "preview", "asked"))  # fmt: skip
for _table, _way in (("Mention", ""), ("RawEvent", "mention__"), ("Correction", "mention__"), ("Match", "mention__"),
                     ("Proposal", "mention__")):  # fmt: skip
    also(f"listening.{_table}", OUTSIDE, _heard(_way))  # type: ignore[arg-type]

"""What the kernel's own tables hold on people."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from koor.kernel import audit, push, seals
from koor.kernel.models import AuditEntry
from koor.kernel.personal import DELETE, Subject, by_hand, holds, holds_none, stays

FORMER = "–"  # the name of a colleague who was erased, where no page can translate it


def _told_of(subject: Subject) -> Q | None:
    """Lines of the trail about somebody."""
    if subject.row is None:
        return None
    return Q(target_kind=subject.row._meta.label_lower, target_id__in=subject.pks)


def _done_by(subject: Subject) -> Q:
    return (_told_of(subject) or Q()) | Q(actor_id__in=subject.pks)


def _owned(subject: Subject) -> Q:
    return Q(owner_id__in=subject.pks)


def _mails(subject: Subject) -> Q | None:
    asked = Q()
    for value in {value for platform, value in subject.addresses if platform == "email"} | set(subject.written):
        asked |= Q(to__iexact=value) | Q(reply_to__iexact=value)
    return asked or None


def _unnamed(rows: object, subject: Subject) -> int:
    """The line of the deed stays; who it was about and what was said go."""
    return int(rows.update(target_name="", detail={}))  # type: ignore[attr-defined]


def _by_a_former(rows: QuerySet[AuditEntry], subject: Subject) -> int:
    """What a colleague did stays in the trail, which answers for the house; not their name."""
    about = rows.filter(_told_of(subject) or Q(pk__in=[])).update(target_name=FORMER, detail={})
    done = rows.filter(actor_id__in=subject.pks).update(actor_name=FORMER)
    return int(about) + int(done)


def _told(actor: str, verb: str, target: str, detail: dict[str, Any]) -> str:
    """A deed as the log of the house tells it."""
    return audit.sentence(AuditEntry(actor_name=actor, verb=verb, target_name=target, detail=detail))


holds(
    "kernel.AuditEntry", _("What happened"), outside=_told_of, colleague=_done_by, when="at",
    shown=("actor_name", "verb", "target_name", "detail"), named=("target_name", "detail"),
    words=_told, erase=by_hand(_unnamed, key="nameless"), former=by_hand(_by_a_former, key="nameless"), age="at",
    aside=True,
)  # fmt: skip
holds("kernel.Mail", _("Letters sent"), outside=_mails, colleague=_mails, when="made_at",
      shown=("to", "subject", "text"), named=("subject", "text"), age="made_at", old=~Q(state="waiting"),
      former=DELETE)  # fmt: skip
holds("kernel.StoredFile", _("Names of files"), outside=None, colleague=None, shown=("name",), when="at",
      named=("name",), secret=("handle", "path"), erase=stays(_("the file is somebody else’s")))  # fmt: skip
holds("kernel.Upload", _("Files on their way in"), outside=None, colleague=_owned, shown=("name", "size"), when="at",
      named=("name",), secret=("handle", "key"), former=DELETE)  # fmt: skip
holds("kernel.PushDevice", _("Devices for messages"), outside=None, colleague=_owned, shown=("name",), when="made_at",
      secret=("endpoint", "p256dh", "auth"), former=DELETE)  # fmt: skip
holds("kernel.PushWish", _("Hours of rest"), outside=None, colleague=_owned, shown=("quiet_from", "quiet_until"),
      former=DELETE)  # fmt: skip
holds("kernel.Push", _("Messages to their devices"), outside=None, when="made_at", shown=("title", "text"),
      colleague=lambda subject: Q(device__owner_id__in=subject.pks), former=DELETE, aside=True)  # fmt: skip
holds_none("kernel.ToldFact", "kernel.Heard", because="kinds of facts and numbers of rows, never words")
holds_none("kernel.Tombstone", because="keyed digests that tell nobody who it was")
holds_none("kernel.DayKey", "kernel.Knock", because="digests of today, with a key that goes with the day")
holds_none("kernel.Once", because="digests of forms")
holds_none("kernel.Beat", "kernel.PushKey", because="the house itself")
seals.sealed("kernel.PushKey", "sealed", push.CONTEXT)

"""What the library holds on people: who is in a picture, who agreed, who made it, who asked for it."""

from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from koor.flow.hub.actions.blurring import seal_of
from koor.flow.hub.actions.consent import settle
from koor.flow.hub.actions.crops import drop_picture
from koor.flow.hub.actions.mailbox import CONTEXT as OF_THE_MAILBOX
from koor.flow.hub.choices import Agrees
from koor.flow.hub.events import CaptureWithdrawn
from koor.flow.hub.models import Capture, Medium, Portrayed
from koor.flow.hub.queries.mailed import KEY_CONTEXT
from koor.kernel import clock, events, seals, search, sql
from koor.kernel.access import SYSTEM
from koor.kernel.personal import DELETE, WITH, Subject, by_hand, holds, holds_none, nameless, stays

SHOWN = ("item__portrayed__contact", "capture__portrayed__contact")
SHOWN_COLLEAGUE = ("by", "item__portrayed__person", "capture__portrayed__person")


def _pictures(rows: QuerySet[Medium], subject: Subject) -> int:
    """Pictures in which they can be recognised go with all that was made of them; what was blurred may stay."""
    seen = Portrayed.objects.filter(contact__in=subject.pks, hidden_at=None)
    theirs = Q(item__in=seen.values("item")) | Q(capture__in=seen.values("capture"))
    number = 0
    for medium in rows.filter(theirs):
        drop_picture(medium)
        number += 1
    gone = list(Capture.objects.filter(pk__in=seen.values("capture"), withdrawn_at=None).values_list("pk", flat=True))
    Capture.objects.filter(pk__in=gone).update(withdrawn_at=clock.now())
    events.tell_all([CaptureWithdrawn(pk) for pk in gone])
    return number


def _in_picture(subject: Subject) -> Q:
    """Where they were chosen, and where somebody typed the whole name that is theirs alone, however they spelled it."""
    asked = Q(contact__in=subject.pks)
    for name in set(subject.names) & set(subject.words):
        asked |= Q(Exact(sql.bare(F("name")), Value(search.bare(name))), contact=None, person=None)
    return asked


def _portrayed(rows: QuerySet[Portrayed], subject: Subject) -> int:
    """Somebody without a name who says no: what is up elsewhere is taken away by that."""
    for row in rows.select_for_update(of=("self",)).select_related("item"):
        settle(row, Agrees.NO, by=SYSTEM)
    return rows.update(name="–", contact=None, own_word=True)


WORK = stays(_("work for the organisation; only the name goes"))
OURS = stays(_("it is a colleague’s work; only the name goes"))


def _colleague_portrayed(rows: QuerySet[Portrayed], subject: Subject) -> int:
    """A colleague who is erased is seen no more either. What they noted of others stays."""
    theirs = rows.filter(person__in=subject.pks)
    for row in theirs.select_for_update(of=("self",)).select_related("item"):
        settle(row, Agrees.NO, by=SYSTEM)
    return theirs.update(name="–", person=None, own_word=True)


def _letters(subject: Subject) -> Q | None:
    """Letters from one of somebody's addresses."""
    asked = Q(person__in=subject.pks) if subject.kind == "colleague" else Q()
    for value in {value for platform, value in subject.addresses if platform == "email"} | set(subject.written):
        asked |= Q(sender__iexact=value)
    return asked or None


def _one_each(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of each picture its largest file that every program opens."""
    plain = rows.filter(format__in=("jpeg", "mp4", "m4a", "pdf"))
    return plain.order_by("medium_id", "-width").distinct("medium_id")


holds("hub.GoodExample", _("Good examples"), shown=("item__title", "why"), when="made_at", named=("why",))
holds("hub.OccasionPass", _("Occasions put away"), shown=("key",), when="at", aside=True)
holds("hub.Occasion", _("Occasions"), shown=("sentence",), when="changed_at", named=("sentence",))
holds("hub.Fit", _("Thought of for a subject"), shown=("skill__name", "fits"), when="at", aside=True)
holds("hub.Voice", _("Wished for"), shown=("wish__sentence", "place"), when="said_at",
      erase=nameless(contact=None, origin="", origin_id=None, place=""))  # fmt: skip
holds("hub.Wish", _("Wishes"), shown=("sentence",), when="made_at", named=("sentence",))
holds("hub.IdeaToo", _("Ideas that they would like too"), shown=("idea__item__title",), when="at")
holds("hub.Idea", _("Places on the board"), shown=("item__title", "state", "reason"), when="moved_at",
      named=("reason",))  # fmt: skip
holds("hub.Letter", _("Letters that came in"), outside=_letters, colleague=_letters, when="at",
      shown=("sender", "sentence", "state"), named=("sentence",), files=("raw",), age="at", former=DELETE)  # fmt: skip
holds("hub.MailKey", _("Own address for photos"), shown=(), when="made_at", aside=True)
holds("hub.AnswerLink", _("Ways to answer without signing in"), shown=("prompt__question",), when="expires_at",
      aside=True)  # fmt: skip
holds("hub.PromptAnswer", _("Answers to questions"), shown=("prompt__question", "sentence"), when="at",
      named=("sentence",), former=WORK)  # fmt: skip
holds("hub.Prompt", _("Questions to colleagues"), shown=("question", "why"), when="made_at",
      named=("question", "why"))  # fmt: skip
holds("hub.Collected", _("Put in a collection"), shown=("collection__name", "item__title"), when="at")
holds("hub.Collection", _("Collections"), shown=("name",), when="made_at", named=("name",))
holds("hub.Likeness", _("Said of things that look alike"), shown=("answer",), when="at", aside=True)
holds("hub.Signing", _("Asked to sign"), outside=("portrayed__contact",), colleague=("by", "portrayed__person"),
      shown=("portrayed__name",), when="made_at")  # fmt: skip
holds("hub.Consent", _("Consent"), outside=("portrayed__contact",), colleague=("recorded_by", "portrayed__person"),
      when="given_at", shown=("signed_as", "parent", "proof", "uses", "places", "ends_on"),
      named=("signed_as", "parent"))  # fmt: skip
holds("hub.Face", _("Faces pointed out"), outside=tuple(f"medium__{way}" for way in SHOWN), shown=("blurred_at",),
      colleague=("by",), erase=WITH, aside=True)  # fmt: skip
holds("hub.Unblurred", _("Pictures from before blurring"), outside=tuple(f"medium__{way}" for way in SHOWN),
      shown=("ends_at",), when="made_at", erase=WITH, former=WORK, aside=True)  # fmt: skip
holds("hub.Crop", _("Cuts of pictures"), outside=tuple(f"medium__{way}" for way in SHOWN), colleague=None,
      shown=("shape",), erase=WITH, aside=True)  # fmt: skip
holds("hub.Page", _("Pages of documents"), outside=tuple(f"medium__{way}" for way in SHOWN), colleague=None,
      shown=("number",), erase=WITH, aside=True)  # fmt: skip
holds("hub.Rendition", _("Files of pictures"), outside=tuple(f"medium__{way}" for way in SHOWN), files=("file",),
      colleague=tuple(f"medium__{way}" for way in SHOWN_COLLEAGUE), shown=("format", "width", "height"),
      taken=_one_each, erase=WITH, aside=True)  # fmt: skip
holds("hub.Medium", _("Pictures, films, voice notes and documents"), outside=SHOWN, colleague=SHOWN_COLLEAGUE,
      shown=("kind", "alt"), named=("alt",), files=("upload",), erase=by_hand(_pictures))  # fmt: skip
holds("hub.Portrayed", _("In a picture"), outside=_in_picture, former=by_hand(_colleague_portrayed, key="nameless"),
      colleague=("person", "recorded_by"), shown=("name", "agrees", "ends_on"),
      when="recorded_at", named=("name",), erase=by_hand(_portrayed, key="nameless"))  # fmt: skip
holds("hub.Item", _("Things in the library"), outside=("portrayed__contact", "project__contact"), when="made_at",
      colleague=("by", "decided_by", "portrayed__person"), shown=("title", "text", "url"),
      named=("title", "text", "url", "rights", "decision"), erase=OURS)  # fmt: skip
holds("hub.Capture", _("Shown from work"), outside=("project__contact", "portrayed__contact"), when="received_at",
      colleague=("by",), shown=("sentence",), named=("sentence", "reason"), erase=OURS,
      former=WORK)  # fmt: skip
holds_none("hub.Resemblance", because="numbers of things that look alike")
holds_none("hub.Mailbox", because="the mailbox of the house")
seals.sealed("hub.Mailbox", "password", OF_THE_MAILBOX)
seals.sealed("hub.MailKey", "sealed", lambda row: f"{KEY_CONTEXT}:{row.person_id}")
seals.sealed("hub.Unblurred", "sealed", lambda row: seal_of(row.medium_id))

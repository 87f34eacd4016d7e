"""What publishing holds on colleagues, and on who is named in a post."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from koor.kernel.personal import COLLEAGUE, Subject, holds, holds_none


def _pictures(subject: Subject) -> Q:
    """Pictures of posts in which somebody can be recognised."""
    if subject.kind == COLLEAGUE:
        return Q(post__by__in=subject.pks)
    asked = Q()
    for way in ("medium__item__portrayed", "medium__capture__portrayed"):
        asked |= Q(**{f"{way}__contact__in": subject.pks, f"{way}__hidden_at": None})
    return asked


holds("publishing.Comment", _("Said about a draft"), shown=("text",), when="at", named=("text",))
holds("publishing.LessOf", _("Rather less of"), shown=("kind", "label"), when="at")
holds("publishing.Offer", _("Offered to make their own"), shown=("text", "answer"), when="at", named=("text",))
holds("publishing.Sharing", _("Shared with colleagues"), shown=(), when="at")
holds("publishing.Passed", _("Passed on kindly"), shown=(), when="at")
holds("publishing.BothFine", _("Both may be seen"), shown=("why",), when="at", named=("why",))
holds("publishing.Pause", _("Accounts that they paused"), shown=("account__name", "why"), when="at", named=("why",))


def _said_pictures(subject: Subject) -> Q:
    """Pictures with what was said before, in which somebody outside can be recognised."""
    asked = Q()
    for way in ("medium__item__portrayed", "medium__capture__portrayed"):
        asked |= Q(**{f"{way}__contact__in": subject.pks, f"{way}__hidden_at": None})
    return asked


holds("publishing.TagSet", _("Sets of hashtags"), shown=("name", "tags"), when="at")
holds_none("publishing.Manner", because="how the house makes its links")
holds_none("publishing.PostLink", "publishing.RowLink", because="links of our own posts")
holds_none("publishing.ClickDay", because="how often a link was followed on a day; nothing on who did")
holds("publishing.Archive", _("Brought in from a platform"), shown=("platform", "name"), when="at")
holds("publishing.Said", _("Said before"), shown=("platform", "text"), when="at", named=("text",))
holds("publishing.SaidMedium", _("Pictures of what was said before"), outside=_said_pictures, colleague=None,
      shown=())  # fmt: skip
holds_none("publishing.Unread", because="what of an export could not be read; it goes with the export")
holds("publishing.Effect", _("What came of a post"), shown=("reacted", "said"), when="at", named=("said",))
holds("publishing.Reminder", _("Reminders"), shown=("target__account__name",), when="due_at")
holds("publishing.Correction", _("Put right in the open"), shown=("kind", "note"), when="at", named=("note",))
holds("publishing.CorrectionStep", _("Put right on one place"), shown=("way", "text"), when="done_at",
      named=("text", "title", "before"))  # fmt: skip
holds("publishing.Removal", _("Asked to take away"), shown=("because", "answer"), when="asked_at")
holds("publishing.Target", _("Texts for an account"), colleague=("post__by", "agreed_by", "told_by"),
      shown=("account__name", "text", "state", "url"), when="published_at", named=("text",),
      elsewhere="url")  # fmt: skip
holds("publishing.Post", _("Posts"), shown=("title", "text", "stage"), when="made_at",
      named=("title", "text"))  # fmt: skip
holds("publishing.PostMedium", _("Pictures of posts"), outside=_pictures, colleague=_pictures,
      shown=("alt",), named=("alt",))  # fmt: skip
holds("publishing.Series", _("Posts that come back"), shown=("every", "texts", "state"), when="changed_at",
      named=("texts",))  # fmt: skip
holds_none("publishing.ReadBack", because="whether a post of ours still stands where it was sent")
holds_none("publishing.Turn", because="days of a post that comes back; whose it is stands with the series")
holds_none("publishing.Attempt", because="steps of sending, with what a platform answered about our own post")
holds_none("publishing.Pace", because="how fast a platform lets us send")


def _reads_it(subject: Subject) -> Q | None:
    """Who asked for the newsletter with an address of theirs."""
    mine = {value for platform, value in subject.addresses if platform == "email"}
    return Q(address__in=mine) if mine else None


def _letters_to(subject: Subject) -> Q | None:
    mine = {value for platform, value in subject.addresses if platform == "email"}
    return Q(reader__address__in=mine) if mine else None


holds("publishing.Reader", _("Gets the newsletter"), outside=_reads_it, colleague=None, when="asked_at",
      shown=("address", "state", "proof", "confirmed_at", "ended_at", "ended_because"), secret=("token",))  # fmt: skip
holds("publishing.Letter", _("Letters of the newsletter"), outside=_letters_to, colleague=None, when="changed_at",
      shown=("state",))  # fmt: skip

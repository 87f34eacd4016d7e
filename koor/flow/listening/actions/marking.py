"""People say what a mention is, and keep what is worth keeping."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from koor.flow.hub import actions as hub
from koor.flow.hub.models import Item, Wish
from koor.flow.listening import access, queries
from koor.flow.listening.actions.bursting import watch_soon
from koor.flow.listening.actions.proposing import propose_soon
from koor.flow.listening.choices import Label
from koor.flow.listening.events import MentionLabelled
from koor.flow.listening.models import Correction, Mention
from koor.ground.contacts.models import Contact
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock, events
from koor.kernel.access import NotFound, Refused, require

Before = tuple[str, int | None, str | None] | list[Any]  # a mark, by whom, and when
MOST_AT_ONCE = 100
MOST_BEHIND = 2_000  # copies that follow a mark at once, the newest


@transaction.atomic
def mark(
    *, by: Colleague, mention_id: int, label: str, unread: bool = False, koors: bool = False
) -> tuple[Mention, str]:
    """Mark a mention as aha, oh-oh or noise, or take the mark away with an empty label. Also gives the label before,
    for the way back. The same mark again changes nothing. `unread`: nobody looked at it, so nothing is learnt of it.
    `koors`: the way back to what Koor had marked, which is nobody's and no lesson."""
    require(access.may_listen(by), _("Mentions are marked by the curator and by PR."))
    if label not in Label.values:
        raise Refused(_("A mention is an aha, an oh-oh or noise."), code="unknown_label", field="label")
    # others may point at it meanwhile
    mention = queries.seen_by(by).select_for_update(no_key=True).filter(pk=mention_id).first()
    if mention is None:
        raise NotFound
    if mention.ours:
        raise Refused(_("We said this ourselves; there is nothing to mark."), code="ours")
    before = mention.label
    if before == label:
        return mention, before
    mention.label = label
    mention.labelled_by_id = by.pk if label and not koors else None
    mention.labelled_at = clock.now() if label else None
    mention.save(update_fields=["label", "labelled_by", "labelled_at"])
    if by.pk is not None:
        _mark_behind(mention)
        _log(mention, unread=unread)
    audit.record(by=by, verb="listening.mark", target=mention, before=before, after=label)
    events.tell(MentionLabelled(mention.pk))
    if label == Label.OHOH:
        watch_soon()
    return mention, before


@transaction.atomic
def mark_many(
    *, by: Colleague, labels: Mapping[int, str], unread: bool = False, koors: Collection[int] = ()
) -> dict[int, str]:
    """Give several mentions their marks in one step. What each was before, for the way back; what is gone, is
    ours, is not theirs to see or had that mark already is left out. `unread`, `koors`: as for one."""
    require(access.may_listen(by), _("Mentions are marked by the curator and by PR."))
    if len(labels) > MOST_AT_ONCE:
        raise Refused(_("At most 100 at once."), code="too_many")
    were: dict[int, str] = {}
    for pk in sorted(queries.seen_by(by).filter(pk__in=labels, ours=False).values_list("pk", flat=True)):
        _found, before = mark(by=by, mention_id=pk, label=labels[pk], unread=unread, koors=pk in koors)
        if before != labels[pk]:
            were[pk] = before
    return were


def put_back(*, by: Colleague, label: str, pks: Sequence[int], were: Mapping[str, Before]) -> None:
    """These and the copies behind them get the mark back that they had, from whom they had it: what Koor marked is no
    lesson of a person. What somebody marked otherwise since stays so. `were`: as `queries.marked_with` gives it; a copy
    that is not in it had none."""
    require(access.may_listen(by), _("Mentions are marked by the curator and by PR."))
    chosen = [pk for pk in pks if str(pk) in were]
    behind = Q(copy_of__in=chosen, correction=None, ours=False)
    rows = queries.seen_by(by).filter(Q(pk__in=chosen) | behind).filter(label=label, labelled_by=by.pk)
    for mention in Mention.objects.select_for_update(no_key=True).filter(pk__in=rows.values("pk")).order_by("pk"):
        before, whose, at = were.get(str(mention.pk), ("", None, None))
        mention.label, mention.labelled_by_id, mention.labelled_at = before, whose, parse_datetime(at) if at else None
        mention.save(update_fields=["label", "labelled_by", "labelled_at"])
        if mention.pk in chosen:
            _log(mention)
            events.tell(MentionLabelled(mention.pk))


def _mark_behind(mention: Mention) -> None:
    """The copies behind it were looked at with it, so that nobody is told to look at what no page shows; what a person
    said of one of them alone stays. Nobody hears of them: one answer is asked, not one for each repeat."""
    behind = Mention.objects.filter(copy_of=mention.pk, ours=False, correction=None).order_by("-pk")
    if not mention.label:
        behind = behind.exclude(labelled_by=None)  # what Koor marked by itself
    chosen = Mention.objects.filter(pk__in=list(behind.values_list("pk", flat=True)[:MOST_BEHIND]))
    chosen.update(label=mention.label, labelled_by=mention.labelled_by_id, labelled_at=mention.labelled_at)


def _log(mention: Mention, *, unread: bool = False) -> None:
    """What a person says is what the learner learns; what they take back it has never known."""
    Correction.objects.filter(mention=mention).delete()
    if mention.label and mention.labelled_by_id and not unread:
        at = mention.labelled_at or clock.now()
        Correction.objects.create(mention=mention, label=mention.label, by_id=mention.labelled_by_id, at=at)
    propose_soon()


def keep_in_library(*, by: Colleague, mention: Mention) -> Item:
    """Put a mention in the library as a find from outside, with whose it is. Twice gives the same item."""
    require(access.may_listen(by), _("Mentions are kept by the curator and by PR."))
    whose = " ".join(part for part in (mention.author, mention.handle) if part)
    title = " ".join(mention.text.split())[:120] or whose or mention.external_id
    with transaction.atomic():
        item = hub.keep_find(
            by=by, title=title, text=mention.text, url=mention.url, rights=whose, once=f"listening.mention:{mention.pk}"
        )
        audit.record(by=by, verb="listening.keep_in_library", target=mention, item=item.pk)
    return item


def note_wish(
    *,
    by: Colleague,
    mention: Mention,
    sentence: str,
    into: Wish | None = None,
    contact: Contact | None = None,
    once: str = "",
) -> Wish:
    """Whoever said this would like to see or know something: one wish more, or one voice more for a wish. Who it was
    stays here."""
    require(access.may_listen(by), _("Wishes are noted by the curator and by PR."))
    if mention.ours:
        raise Refused(_("We said this ourselves."), code="ours", field="sentence")
    return hub.note_wish(
        by=by,
        sentence=sentence,
        into=into,
        origin=mention._meta.label_lower,
        origin_id=mention.pk,
        place=mention.source.name,
        contact=contact,
        said_at=mention.said_at,
        once=once,
    )

"""Pictures that look alike: one is kept and gets what the other had, both are kept, or they are no copies at all."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from koor.flow.hub import access, logic
from koor.flow.hub.actions.items import decide
from koor.flow.hub.choices import Alike, ItemState
from koor.flow.hub.models import Item, Likeness
from koor.ground.people.access import Colleague, is_system
from koor.kernel import audit, clock
from koor.kernel.access import Refused, require

Had = dict[str, object]


def keep_one(*, by: Colleague, kept: Item, copy: Item) -> Likeness:
    """Of two that are the same the curator keeps one, which gets the tags and the use of the other. That one is put
    aside; its maker reads why. The same answer again changes nothing."""
    with transaction.atomic():
        there, one, other = _locked(by, kept, copy)
        if there is not None and there.kept_id == kept.pk:
            return there
        if there is not None:
            _take_back(by, there)
        first, second = (one, other) if one.pk == kept.pk else (other, one)
        made = _answered(by, kept, copy, Alike.ONE, first, _had(first, second))
        _give(first, second)
        decide(by=by, item=second, state=ItemState.SHELVED, reason=_why(first, second))
        audit.record(by=by, verb="hub.keep_one", target=first, copy=second.pk)
    return made


def keep_both(*, by: Colleague, one: Item, other: Item, copies: bool = True) -> Likeness:
    """Both are worth keeping; or (`copies=False`) they are no copies. They are not put beside each other again."""
    answer = Alike.BOTH if copies else Alike.DIFFERENT
    with transaction.atomic():
        there, *_items = _locked(by, one, other)
        if there is not None and there.answer == answer:
            return there
        if there is not None:
            _take_back(by, there)
        made = _answered(by, one, other, answer, None, {})
        audit.record(by=by, verb="hub.keep_both", target=one, other=other.pk, answer=answer)
    return made


def compare_again(*, by: Colleague, one: Item, other: Item) -> None:
    """Take the answer back: what was given is returned, and they are put beside each other again."""
    with transaction.atomic():
        there, *_items = _locked(by, one, other)
        if there is not None:
            _take_back(by, there)
            audit.record(by=by, verb="hub.compare_again", target=one, other=other.pk)


def _locked(by: Colleague, one: Item, other: Item) -> tuple[Likeness | None, Item, Item]:
    require(access.may_curate(by), _("The curator decides what goes into the library."))
    if one.pk == other.pk:
        raise Refused(_("These are not two."), code="same")
    first, second = Item.objects.select_for_update().filter(pk__in=[one.pk, other.pk]).order_by("pk")
    return Likeness.objects.select_related("kept").filter(one=first, other=second).first(), first, second


def _answered(
    by: Colleague, one: Item, other: Item, answer: str, kept: Item | None, had: dict[str, object]
) -> Likeness:
    low, high = sorted((one.pk, other.pk))
    said = {"answer": answer, "kept": kept, "had": had, "by_id": None if is_system(by) else by.pk, "at": clock.now()}
    return Likeness.objects.create(one_id=low, other_id=high, **said)


def _had(kept: Item, copy: Item) -> Had:
    """What stood there before, to give it back."""
    return {
        "tags": [tag for tag in copy.tags if tag not in kept.tags][: logic.MAX_TAGS - len(kept.tags)],
        "used_at": kept.used_at.isoformat() if kept.used_at else None,
        "state": copy.state,
        "decision": copy.decision,
    }


def _give(kept: Item, copy: Item) -> None:
    kept.tags = list(dict.fromkeys([*kept.tags, *copy.tags]))[: logic.MAX_TAGS]
    kept.used_at = max(filter(None, (kept.used_at, copy.used_at)), default=None)
    kept.save(update_fields=["tags", "used_at"])


def _why(kept: Item, copy: Item) -> str:
    """To who showed the other one, in their language."""
    with translation.override(copy.by.language if copy.by else None):
        if kept.by_id is None or kept.by is None or kept.by_id == copy.by_id:
            return _("We have this picture already, so one of the two stays. Thank you for showing it.")
        said = _("%(name)s showed the same, and that one stays. Good that you both saw it.")
        return said % {"name": kept.by.first_name}


def _take_back(by: Colleague, there: Likeness) -> None:
    if there.kept is not None:
        kept, copy = there.kept, Item.objects.get(pk=there.other_id if there.kept_id == there.one_id else there.one_id)
        given = set(there.had.get("tags", []))
        before = there.had.get("used_at")
        kept.tags = [tag for tag in kept.tags if tag not in given]
        if kept.used_at is not None and kept.used_at == copy.used_at:
            kept.used_at = datetime.fromisoformat(before) if before else None
        kept.save(update_fields=["tags", "used_at"])
        if copy.state == ItemState.SHELVED:
            before_it = ItemState(there.had.get("state", ItemState.NEW))
            decide(by=by, item=copy, state=before_it, reason=there.had.get("decision", ""))
    there.delete()

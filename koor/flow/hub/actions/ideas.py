"""The board of ideas: the curator moves them, whoever came up with one hears every step."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.hub import access
from koor.flow.hub.actions.items import keep_item, reconsider_item, shelve_item
from koor.flow.hub.choices import IdeaState, ItemState
from koor.flow.hub.events import IdeaMoved
from koor.flow.hub.models import Idea, IdeaToo
from koor.ground.people.models import Person
from koor.kernel import audit, clock, events
from koor.kernel.access import Refused, require

REASON = 300  # characters
OF_LIBRARY = {IdeaState.NEW: ItemState.NEW, IdeaState.NOT_NOW: ItemState.SHELVED}  # the others are kept


def move_idea(*, by: Person, idea: Idea, state: str, reason: str = "") -> Idea:
    """Give an idea another place on the board. Refused when it is put off without a kind word to its maker."""
    require(access.may_curate(by), _("The curator moves ideas on the board."))
    reason = reason.strip()
    if state not in IdeaState.values:
        raise Refused(_("Choose where it stands."), code="bad_state", field="state")
    if len(reason) > REASON:
        raise Refused(_("At most %(most)s characters here.") % {"most": REASON}, code="too_long", field="reason")
    if state == IdeaState.NOT_NOW and not reason and idea.item.by_id not in (None, by.pk):
        raise Refused(_("Tell the maker kindly why, in one sentence."), code="no_reason", field="reason")
    with transaction.atomic():
        found = Idea.objects.select_for_update(of=("self",)).select_related("item").get(pk=idea.pk)
        if (found.state, found.reason) == (state, reason):
            return found
        found.state, found.reason, found.moved_by, found.moved_at = state, reason, by, clock.now()
        found.save(update_fields=["state", "reason", "moved_by", "moved_at"])
        audit.record(by=by, verb="hub.move_idea", target=found, state=state)
        _tell_the_library(by, found)
        events.tell(IdeaMoved(found.pk))
    return found


def _tell_the_library(by: Person, idea: Idea) -> None:
    """The item behind it is new, kept or put aside accordingly."""
    wanted = OF_LIBRARY.get(IdeaState(idea.state), ItemState.KEPT)
    if idea.item.state == wanted:
        return
    if wanted == ItemState.NEW:
        reconsider_item(by=by, item=idea.item)
    elif wanted == ItemState.SHELVED:
        shelve_item(by=by, item=idea.item, reason=idea.reason)
    else:
        keep_item(by=by, item=idea.item, reason=idea.reason)


def want_too(*, by: Person, idea: Idea, wants: bool = True) -> Idea:
    """I'd like this too; or no longer. Once each, and nobody's own idea."""
    require(access.may_show(by))
    if wants and idea.item.by_id == by.pk:
        raise Refused(_("It is your own idea."), code="own")
    with transaction.atomic():
        if wants:
            _row, changed = IdeaToo.objects.get_or_create(idea=idea, person=by, defaults={"at": clock.now()})
        else:
            changed = bool(IdeaToo.objects.filter(idea=idea, person=by).delete()[0])
        if changed:
            audit.record(by=by, verb="hub.want_too", target=idea, wants=wants)
    return idea

"""What is removed from the library: out of sight at once, back on request for some days, then gone for good."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from koor.flow.hub import access, logic
from koor.flow.hub.actions.crops import files_of
from koor.flow.hub.choices import ItemKind
from koor.flow.hub.events import ItemRemoved
from koor.flow.hub.models import Item
from koor.ground.people.access import Colleague, is_system
from koor.kernel import audit, clock, events, files
from koor.kernel.access import Refused, require

MOST_ERASED = 200  # in one night


@transaction.atomic
def remove_item(*, by: Colleague, item: Item) -> None:
    """Take a text, link, find or document away; it can come back for some days. A finished post that was kept goes at
    once: its post is there to keep it again. A photo is taken back by its maker instead (`withdraw_capture`)."""
    require(access.may_edit_item(by, item), _("Its maker and the curator can remove this."))
    if item.capture_id is not None:
        raise Refused(_("A photo is taken back by who showed it, or put aside."), code="photo")
    found = Item.objects.select_for_update().filter(pk=item.pk, removed_at=None).first()
    if found is None:
        return
    _check_unused(found)
    audit.record(by=by, verb="hub.remove_item", target=found)
    if found.kind == ItemKind.POST:
        _erase(found)
        return
    found.removed_at = clock.now()
    found.save(update_fields=["removed_at"])
    events.tell(ItemRemoved(found.pk))


def _check_unused(item: Item) -> None:
    """Refused when something of it stands in a post. Who holds on to it says so when it goes; that is taken back."""
    try:
        with transaction.atomic():
            Item.objects.get(pk=item.pk).delete()
            transaction.set_rollback(True)
    except ProtectedError:
        raise Refused(_("It stands in a post, so it stays."), code="in_use") from None


@transaction.atomic
def restore_item(*, by: Colleague, item: Item) -> None:
    """Bring back what was removed, with its idea, its collections and what was said of it. Twice is once."""
    require(access.may_edit_item(by, item), _("Its maker and the curator can bring this back."))
    found = Item.objects.select_for_update().filter(pk=item.pk).first()
    if found is None:
        raise Refused(_("It is gone for good already."), code="erased")
    if found.removed_at is not None:
        found.removed_at = None
        found.save(update_fields=["removed_at"])
        audit.record(by=by, verb="hub.restore_item", target=found)


def erase_removed(*, by: Colleague) -> int:
    """What was removed longer ago than can be undone goes for good; gives how many."""
    require(is_system(by))
    before, erased = clock.now() - timedelta(days=logic.UNDO_DAYS), 0
    for found in Item.objects.filter(removed_at__lt=before).order_by("pk")[:MOST_ERASED]:
        try:
            with transaction.atomic():
                audit.record(by=by, verb="hub.erase_item", target=found)
                _erase(found)
                erased += 1
        except ProtectedError:  # it came into a post all the same
            continue
    return erased


def _erase(item: Item) -> None:
    media = item.media.select_related("upload")
    kept = [one.file for medium in media for one in files_of(medium)]
    kept += [medium.upload for medium in media if medium.upload]  # not ready yet
    item.delete()
    for stored in kept:
        files.forget(stored)

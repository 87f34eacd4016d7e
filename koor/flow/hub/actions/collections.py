"""Collections: things of the library under a name, put in by hand or found by a kept search."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from koor.flow.hub import access
from koor.flow.hub.models import Collected, Collection
from koor.flow.hub.queries.library import items_visible_to
from koor.ground.people.models import Person
from koor.kernel import audit, clock
from koor.kernel.access import NotFound, Refused, require
from koor.kernel.once import once as done_once

MOST, MOST_IN_IT = 200, 500
STEPS = ("first", "earlier", "later", "last")


def make_collection(
    *,
    by: Person,
    name: str,
    shared: bool = False,
    search: Mapping[str, str] | None = None,
    items: Sequence[int] = (),
    once: str = "",
) -> Collection:
    """A collection of these items, or of whatever a search finds. Refused without a name."""
    require(access.may_collect(by), _("Who works with the library makes collections."))
    fields = {"name": _name(name), "shared": shared, "search": dict(search or {})}

    def make() -> Collection:
        if Collection.objects.filter(by=by, removed_at=None).count() >= MOST:
            raise Refused(_("You have %(most)s collections already.") % {"most": MOST}, code="many", field="name")
        made = Collection.objects.create(by=by, made_at=clock.now(), **fields)
        audit.record(by=by, verb="hub.make_collection", target=made)
        if items:
            put_in(by=by, collection=made, items=items)
        return made

    with transaction.atomic():
        pk, _new = done_once(f"hub.make_collection:{by.pk}", once, {**fields, "items": list(items)}, make)
    return Collection.objects.get(pk=pk)


def edit_collection(*, by: Person, collection: Collection, name: str, shared: bool, offered: bool) -> Collection:
    """Another name, shared or not, proposed for holes in the calendar or not (what is shared and the curator's)."""
    changes = {"name": _name(name), "shared": shared, "offered": offered}
    if offered != collection.offered:
        require(access.may_curate(by), _("The curator decides what is proposed."))

    def change(found: Collection) -> list[str]:
        changed = [field for field, value in changes.items() if getattr(found, field) != value]
        for field in changed:
            setattr(found, field, changes[field])
        return changed

    return _changed(by, collection, "hub.edit_collection", change)


def put_in(*, by: Person, collection: Collection, items: Sequence[int]) -> int:
    """Put items at the end; how many were not in it yet. What this colleague may not see stays out."""
    _require_change(by, collection)
    if collection.search:
        raise Refused(_("A kept search fills itself. Make a collection by hand for this."), code="live")
    with transaction.atomic():
        held = Collection.objects.select_for_update().get(pk=collection.pk)
        there = set(held.collected.values_list("item", flat=True))
        seen = set(items_visible_to(by).filter(pk__in=items).values_list("pk", flat=True))
        fresh = [pk for pk in dict.fromkeys(items) if pk in seen and pk not in there]
        if len(there) + len(fresh) > MOST_IN_IT:
            raise Refused(_("At most %(most)s things go into one collection.") % {"most": MOST_IN_IT}, code="full")
        last = held.collected.aggregate(last=Max("order"))["last"] or 0
        now = clock.now()
        rows = [Collected(collection=held, item_id=pk, order=last + n, by=by, at=now) for n, pk in enumerate(fresh, 1)]
        Collected.objects.bulk_create(rows)
        if fresh:
            audit.record(by=by, verb="hub.put_in", target=held, items=fresh)
    return len(fresh)


def take_out(*, by: Person, collection: Collection, items: Sequence[int]) -> int:
    """Take items out; they stay in the library."""
    _require_change(by, collection)
    with transaction.atomic():
        rows = Collected.objects.filter(collection=collection, item__in=items)
        gone = sorted(rows.values_list("item", flat=True))
        rows.delete()
        if gone:
            audit.record(by=by, verb="hub.take_out", target=collection, items=gone)
    return len(gone)


def move_in(*, by: Person, collection: Collection, item: int, to: str) -> None:
    """Another place in the order: first, earlier, later or last."""
    _require_change(by, collection)
    if to not in STEPS:
        raise Refused(_("It moves earlier or later."), code="step")
    with transaction.atomic():
        Collection.objects.select_for_update().get(pk=collection.pk)
        rows = list(Collected.objects.filter(collection=collection))
        at = next((n for n, row in enumerate(rows) if row.item_id == item), None)
        if at is None:
            raise NotFound
        place = {"first": 0, "earlier": max(at - 1, 0), "later": at + 1, "last": len(rows)}[to]
        rows.insert(place, rows.pop(at))
        for order, row in enumerate(rows, 1):
            row.order = order
        Collected.objects.bulk_update(rows, ["order"])
        audit.record(by=by, verb="hub.move_in", target=collection, item=item, to=to)


def remove_collection(*, by: Person, collection: Collection) -> Collection:
    """Take the collection away; what was in it stays in the library. It can come back."""
    return _removed(by, collection, "hub.remove_collection", gone=True)


def restore_collection(*, by: Person, collection: Collection) -> Collection:
    return _removed(by, collection, "hub.restore_collection", gone=False)


def _removed(by: Person, collection: Collection, verb: str, *, gone: bool) -> Collection:
    def change(found: Collection) -> list[str]:
        if (found.removed_at is not None) == gone:
            return []
        found.removed_at = clock.now() if gone else None
        return ["removed_at"]

    return _changed(by, collection, verb, change)


def _changed(by: Person, row: Collection, verb: str, change: Callable[[Collection], list[str]]) -> Collection:
    _require_change(by, row)
    with transaction.atomic():
        found = Collection.objects.select_for_update().get(pk=row.pk)
        changed = change(found)
        if changed:
            found.save(update_fields=changed)
            audit.record(by=by, verb=verb, target=found, changed=changed)
    return found


def _require_change(by: Person, collection: Collection) -> None:
    require(access.may_change_collection(by, collection), _("Its maker changes this collection."))


def _name(name: str) -> str:
    trimmed = " ".join(name.split())
    if not trimmed:
        raise Refused(_("Give it a name."), code="no_name", field="name")
    if len(trimmed) > 120:
        raise Refused(_("At most %(most)s characters here.") % {"most": 120}, code="too_long", field="name")
    return trimmed

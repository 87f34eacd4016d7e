"""Good examples of the week: chosen by the curator with one sentence why; a maker may rather not be shown."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.hub import access
from koor.flow.hub.events import ExampleChosen
from koor.flow.hub.models import GoodExample, Item
from koor.flow.hub.queries.library import items_everybody_sees
from koor.ground.people.models import Person
from koor.ground.people.queries import today
from koor.kernel import audit, clock, events
from koor.kernel.access import Refused, require

A_WEEK = 5  # examples; more teach less


def choose_example(*, by: Person, item: Item, why: str) -> GoodExample:
    """Show something to everybody this week, with why it is good. Choosing it again changes the sentence. Refused
    when its maker declined, when there are enough, or when not everybody may see it."""
    require(access.may_curate(by), _("The curator chooses good examples."))
    why = " ".join(why.split())
    if not 0 < len(why) <= 300:
        raise Refused(_("Say in one sentence why it is good."), code="bad_why", field="why")
    day = today()
    week = day - timedelta(days=day.weekday())
    with transaction.atomic():
        list(Item.objects.select_for_update().filter(pk=item.pk))
        found = GoodExample.objects.filter(item=item).first()
        _check(item, found, enough=GoodExample.objects.filter(week=week, declined_at=None).count() >= A_WEEK)
        if found is None:
            found = GoodExample.objects.create(item=item, why=why, week=week, by=by, made_at=clock.now())
            events.tell(ExampleChosen(found.pk))
        elif found.why == why:
            return found
        found.why = why
        found.save(update_fields=["why"])
        audit.record(by=by, verb="hub.choose_example", target=found)
    return found


def _check(item: Item, found: GoodExample | None, *, enough: bool) -> None:
    if found is not None and found.declined_at is not None:
        raise Refused(_("Its maker would rather not. Choose another."), code="declined", field="why")
    if found is None and enough:
        most = {"most": A_WEEK}
        raise Refused(_("There are %(most)s already this week; more teach less.") % most, code="enough", field="why")
    if not items_everybody_sees().filter(pk=item.pk).exists():
        raise Refused(_("It can't be shown to everybody."), code="hidden", field="why")


def decline_example(*, by: Person, example: GoodExample) -> GoodExample:
    """Its maker would rather not be shown. No reason, and it is not chosen again."""
    require(example.item.by_id == by.pk, _("Whoever made it decides."))
    with transaction.atomic():
        found = GoodExample.objects.select_for_update().get(pk=example.pk)
        if found.declined_at is None:
            found.declined_at = clock.now()
            found.save(update_fields=["declined_at"])
            audit.record(by=by, verb="hub.decline_example", target=found)
    return found


def remove_example(*, by: Person, example: GoodExample) -> None:
    """The curator takes it away again."""
    require(access.may_curate(by), _("The curator chooses good examples."))
    with transaction.atomic():
        found = GoodExample.objects.select_for_update().filter(pk=example.pk, declined_at=None).first()
        if found is not None:
            audit.record(by=by, verb="hub.remove_example", target=found)
            found.delete()

"""Who is in a picture, and whether they agree to its being published."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.hub import access, logic
from koor.flow.hub.choices import Agrees
from koor.flow.hub.events import ConsentRecorded
from koor.flow.hub.models import Item, Portrayed
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock, events
from koor.kernel.access import Refused, require


def record_consent(*, by: Colleague, portrayed: Portrayed, agrees: str) -> Portrayed:
    """Note what somebody in a picture said. Their own *no* can only be changed by themselves."""
    require(access.may_record_consent(by, portrayed), _("Only they can change what they said."))
    if agrees not in Agrees.values:
        raise Refused(_("Choose yes, no or not asked yet."), code="unknown", field="agrees")
    with transaction.atomic():
        found = Portrayed.objects.select_for_update().get(pk=portrayed.pk)
        if found.agrees == agrees and found.recorded_by_id == by.pk:
            return found
        found.agrees, found.recorded_by_id, found.recorded_at = agrees, by.pk, clock.now()
        found.save(update_fields=["agrees", "recorded_by", "recorded_at"])
        audit.record(by=by, verb="hub.record_consent", target=found.item, agrees=agrees, portrayed=found.pk)
        events.tell(ConsentRecorded(found.pk))
    return found


def add_portrayed(
    *, by: Colleague, item: Item, name: str, agrees: str = Agrees.ASK, person: Any = None, contact: Any = None
) -> Portrayed:
    """Somebody was forgotten: name who else is in the picture. The same name again changes nothing but the answer."""
    require(access.may_edit_item(by, item), _("Its maker and the curator can change this."))
    name = " ".join(name.split())[:120]
    if not name:
        raise Refused(_("Who is it?"), code="empty", field="name")
    with transaction.atomic():
        Item.objects.select_for_update().get(pk=item.pk)
        known = item.portrayed.filter(name__iexact=name).first()
        if known is not None:
            return record_consent(by=by, portrayed=known, agrees=agrees)
        if item.portrayed.count() >= logic.MAX_PORTRAYED:
            most = {"most": logic.MAX_PORTRAYED}
            raise Refused(_("Name at most %(most)s people.") % most, code="too_many", field="name")
        made = Portrayed.objects.create(
            item=item,
            capture_id=item.capture_id,
            name=name,
            person=person,
            contact=contact,
            agrees=agrees,
            recorded_by_id=by.pk,
            recorded_at=clock.now(),
        )
        audit.record(by=by, verb="hub.add_portrayed", target=item, agrees=agrees, portrayed=made.pk)
        events.tell(ConsentRecorded(made.pk))
    return made


def remove_portrayed(*, by: Colleague, portrayed: Portrayed) -> None:
    """Somebody is not in the picture after all. Who answered themselves stays."""
    item = portrayed.item
    require(item is not None and access.may_edit_item(by, item), _("Its maker and the curator can change this."))
    if portrayed.person_id is not None and portrayed.recorded_by_id == portrayed.person_id != by.pk:
        raise Refused(_("%(name)s answered this, so it stays.") % {"name": portrayed.name}, code="answered")
    with transaction.atomic():
        audit.record(by=by, verb="hub.remove_portrayed", target=item, portrayed=portrayed.pk)
        portrayed.delete()

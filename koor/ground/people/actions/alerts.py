"""Devices on which a colleague wants a short message, and when they want none."""

from datetime import time

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from koor.ground.people import logic, queries
from koor.ground.people.access import Colleague, may_hear_alerts
from koor.ground.people.models import House, Person
from koor.kernel import audit, clock, notices, push
from koor.kernel.access import Refused, require
from koor.kernel.models import PushDevice


@transaction.atomic
def hear_alerts(*, by: Colleague, person: Person, endpoint: str, p256dh: str, auth: str, name: str) -> PushDevice:
    """From now on this device gets messages, for this colleague. The same device again changes nothing."""
    require(may_hear_alerts(by, person))
    device, new = push.keep_device(
        owner_id=person.pk,
        endpoint=endpoint.strip(),
        p256dh=p256dh.strip(),
        auth=auth.strip(),
        name=logic.one_line(name)[:80] or _("A device"),
        zone=_zone(),
    )
    if new:
        audit.record(by=by, verb="people.hear_alerts", target=person, device=device.name)
    return device


@transaction.atomic
def mute_device(*, by: Colleague, person: Person, device: PushDevice) -> None:
    """No messages on this device any more; what is known of it is deleted."""
    require(may_hear_alerts(by, person) and device.owner_id == person.pk)
    audit.record(by=by, verb="people.mute_device", target=person, device=device.name)
    device.delete()


@transaction.atomic
def set_quiet(*, by: Colleague, person: Person, begins: time | None, ends: time | None) -> None:
    """No messages between these times; they come afterwards. Both empty: messages at any time."""
    require(may_hear_alerts(by, person))
    if (begins is None) != (ends is None):
        raise Refused(_("Give both times, or none."), code="half", field="ends" if ends is None else "begins")
    if push.quiet_of(person.pk) != (begins, ends):
        audit.record(by=by, verb="people.set_quiet", target=person)
    push.set_quiet(person.pk, begins, ends, zone=_zone())


def tell_step(person_id: int) -> None:
    """Whoever was given another step hears it, with the reason; who took it themselves knows."""
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    deed = queries.last_step(person).first() if person else None
    if person is None or deed is None or deed.actor_id == person.pk:
        return
    with translation.override(person.language):
        notices.push(
            to=person.pk,
            title=_("Your step: %(step)s") % {"step": person.get_autonomy_display()},
            text=str(deed.detail.get("why", "")),
            url=reverse("people:me"),
            kind="step",
            key=f"step:{deed.pk}",
        )


def tell_address(*, by: Colleague, person: Person, was: str) -> None:
    """By letter, where they were reached until now and where from now on: whoever has the address gets in."""
    said = {"first": person.name.split(" ", 1)[0], "by": by.name, "now": person.email}
    with translation.override(person.language):
        subject = _("Another address in Koor")
        text = _("Hello %(first)s,\n\n%(by)s gave you another address in Koor: %(now)s. Not as agreed? Tell them.\n")
        for address in (was, person.email):
            notices.mail(to=address, subject=subject, text=text % said, kind="address")


def try_alert(*, by: Colleague, person: Person, device: PushDevice) -> None:
    """A message to see whether it arrives, at once."""
    require(may_hear_alerts(by, person) and device.owner_id == person.pk)
    push.write(
        [device],
        title=_("This is how it looks"),
        text=_("Press it, and Koor opens."),
        url=reverse("people:me_alerts"),
        kind=push.TRYING,
        key=f"try:{clock.now():%Y%m%d%H%M%S}",
    )


def _zone() -> str:
    return House.objects.values_list("zone", flat=True).get()

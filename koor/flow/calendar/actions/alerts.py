"""What the calendar tells on a colleague's phone, if they asked for it."""

from __future__ import annotations

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from koor.flow.calendar import access, queries
from koor.flow.calendar.choices import ChangeState
from koor.flow.calendar.models import Agreement, AgreementChange, SlotAsk, SlotGiven
from koor.ground.governance import permissions
from koor.ground.people.models import Person
from koor.kernel import notices

MOST_GIVEN = 500  # places that are looked at


def tell_proposal(change_id: int) -> None:
    """Whoever can say yes to it hears that it waits: who supplies it, or who plans when a colleague came with it."""
    rows = AgreementChange.objects.filter(pk=change_id, state=ChangeState.WAITING)
    rows = rows.select_related("by", "agreement__team", "agreement__rota")
    change = rows.prefetch_related("agreement__team__people", "agreement__rota__turns").first()
    if change is None:
        return
    for person in permissions.of_all(Person.objects.filter(is_active=True)):
        if not access.may_answer(person, change):
            continue
        with translation.override(person.language):
            notices.push(
                to=person.pk,
                title=_("A promise waits for your yes"),
                text=f"{change.agreement.who}: {change.agreement.what}",
                url=reverse("calendar:agreement", args=[change.agreement_id]),
                kind="asked",
                key=f"promise:{change.pk}",
            )


def tell_agreed(agreement_id: int) -> None:
    """Whoever proposed it hears that the other said yes."""
    agreement = (
        Agreement.objects.select_related("proposed_by", "person", "team", "rota").filter(pk=agreement_id).first()
    )
    to = agreement.proposed_by if agreement else None
    if agreement is None or to is None or not to.is_active:
        return
    with translation.override(to.language):
        notices.push(
            to=to.pk,
            title=_("Agreed: %(what)s") % {"what": agreement.what},
            text=agreement.who,
            url=reverse("calendar:agreement", args=[agreement.pk]),
            kind="decided",
            key=f"agreed:{agreement.pk}",
        )


def tell_ask(ask_id: int) -> None:
    """Whoever is asked for something on a day hears it."""
    rows = SlotAsk.objects.select_related("person", "slot").filter(pk=ask_id, put_away_at=None, person__is_active=True)
    ask = rows.first()
    if ask is None or ask.slot.filled or ask.slot.dropped_at is not None:
        return
    with translation.override(ask.person.language):
        notices.push(
            to=ask.person_id,
            title=_("Do you have something for %(day)s?") % {"day": date_format(ask.slot.day, "l j F")},
            text=str(ask.slot),
            url=reverse("calendar:slot", args=[ask.slot_id]),
            kind="asked",
            key=f"place:{ask.pk}",
        )


def tell_given(slot_id: int, person_id: int) -> None:
    """Whose places became by another's hand hears it: the first of what came at once and still stands, and how many
    more. Who did not look at earlier ones yet has all of them on Today, and is not rung again."""
    told = SlotGiven.objects.select_related("person").filter(slot=slot_id, person=person_id).first()
    if told is None or not told.person.is_active:
        return
    unseen = list(queries.given_to(told.person)[:MOST_GIVEN])
    new = [one for one in unseen if one.at == told.at]
    if not new or any(one.at < told.at for one in unseen):
        return
    with translation.override(told.person.language):
        text = f"{date_format(new[0].slot.day, 'l j F')}: {new[0].slot}"
        beside = _("and %(n)s more") % {"n": len(new) - 1}
        notices.push(
            to=person_id,
            title=_("A place in the calendar is yours now"),
            text=f"{text}, {beside}" if new[1:] else text,
            url=reverse("calendar:given"),
            kind="asked",
            key=f"given:{told.pk}:{told.at.timestamp()}",
        )

"""What the calendar tells on a colleague's phone, if they asked for it."""

from __future__ import annotations

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from koor.flow.calendar import access
from koor.flow.calendar.choices import ChangeState
from koor.flow.calendar.models import Agreement, AgreementChange, SlotAsk, SlotGiven
from koor.ground.governance import permissions
from koor.ground.people.models import Person
from koor.kernel import notices


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
    """Whose a place became by another's hand hears it: the first of what came at once, and how many more."""
    rows = SlotGiven.objects.select_related("person", "slot").filter(person__is_active=True, seen_at=None)
    one = rows.filter(slot=slot_id, person=person_id, slot__person=person_id, slot__dropped_at=None).first()
    if one is None:
        return
    more = rows.filter(person=person_id, at=one.at).count() - 1
    with translation.override(one.person.language):
        text = f"{date_format(one.slot.day, 'l j F')}: {one.slot}"
        beside = _("and %(n)s more") % {"n": more}
        notices.push(
            to=person_id,
            title=_("A place in the calendar is yours now"),
            text=f"{text}, {beside}" if more else text,
            url=reverse("calendar:given"),
            kind="asked",
            key=f"given:{one.pk}:{one.at.timestamp()}",
        )

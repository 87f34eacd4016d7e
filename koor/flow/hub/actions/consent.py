"""Who is in a picture, and whether they agree to its being published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.hub import access, logic
from koor.flow.hub.choices import Agrees, Proof, Use, Where
from koor.flow.hub.events import ConsentRecorded
from koor.flow.hub.models import Capture, Consent, Item, Portrayed
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock, events
from koor.kernel.access import SYSTEM, Refused, require


def record_consent(
    *,
    by: Colleague,
    portrayed: Portrayed,
    agrees: str,
    uses: Sequence[str] = logic.TOLD_FOR,
    places: Sequence[str] = logic.TOLD_AT,
) -> Portrayed:
    """Note what somebody in a picture said. A colleague answers for themselves; who answered on their own phone is only
    ever noted to say no."""
    require(access.may_record_consent(by, portrayed), _("Only they can say this."))
    if agrees not in Agrees.values:
        raise Refused(_("Choose yes, no or not asked yet."), code="unknown", field="agrees")
    with transaction.atomic():
        found = Portrayed.objects.select_for_update(of=("self",)).select_related("item").get(pk=portrayed.pk)
        themselves = found.person_id is not None and found.person_id == by.pk
        if found.own_word and agrees != Agrees.NO:
            raise Refused(_own_word(found), code="own_word", field="agrees")
        allowed = scope(uses, places) if agrees == Agrees.YES else ([], [])
        if (found.agrees, found.recorded_by_id, (found.uses, found.places)) == (agrees, by.pk, allowed):
            return found
        settle(found, agrees, by=by, scope=allowed, proof=Proof.OWN if themselves else Proof.TOLD)
        audit.record(by=by, verb="hub.record_consent", target=found.item, portrayed=found.pk)
    return found


def _own_word(row: Portrayed) -> str:
    sentence = _("%(name)s answered this on their own phone. Only a new signature of theirs changes it.")
    return sentence % {"name": row.name}


def scope(uses: Iterable[str], places: Iterable[str]) -> tuple[list[str], list[str]]:
    """What is allowed, in a fixed order. Refused when it allows nothing."""
    given = set(uses), set(places)
    known = [one for one in Use.values if one in given[0]], [one for one in Where.values if one in given[1]]
    if not all(known):
        raise Refused(_("Choose at least one purpose and one place."), code="scope", field="uses")
    return known


def settle(
    row: Portrayed,
    agrees: str,
    *,
    by: Colleague,
    scope: tuple[list[str], list[str]] = ([], []),
    proof: str = Proof.TOLD,
    ends_on: date | None = None,
    **signed: Any,
) -> Consent | None:
    """The present answer, with the proof of a yes kept. Give the row locked. Tells who listens."""
    now = clock.now()
    row.consents.filter(ended_at=None).update(ended_at=now)
    row.agrees, (row.uses, row.places), row.ends_on = agrees, scope, ends_on
    row.recorded_by_id, row.recorded_at = by.pk, now
    row.save(update_fields=["agrees", "uses", "places", "ends_on", "own_word", "recorded_by", "recorded_at"])
    events.tell(ConsentRecorded(row.pk))
    return _kept(row, proof, by, **signed) if agrees == Agrees.YES else None


def _kept(row: Portrayed, proof: str, by: Colleague, **signed: Any) -> Consent:
    return Consent.objects.create(
        portrayed=row,
        proof=proof,
        uses=row.uses,
        places=row.places,
        ends_on=row.ends_on,
        recorded_by_id=by.pk,
        given_at=row.recorded_at,
        **signed,
    )


def told_at_the_photo(rows: Sequence[Portrayed], *, by: Colleague) -> None:
    """The people of a new capture, with the proof of each yes that its maker heard."""
    for row in rows:
        if row.agrees == Agrees.YES:
            row.uses, row.places = scope(logic.TOLD_FOR, logic.TOLD_AT)
    Portrayed.objects.bulk_create(rows)
    for row in rows:
        if row.agrees == Agrees.YES:
            _kept(row, Proof.OWN if row.person_id == by.pk is not None else Proof.TOLD, by)


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
            may = access.may_record_consent(by, known)
            return record_consent(by=by, portrayed=known, agrees=agrees) if may else known
        if item.portrayed.count() >= logic.MAX_PORTRAYED:
            most = {"most": logic.MAX_PORTRAYED}
            raise Refused(_("Name at most %(most)s people.") % most, code="too_many", field="name")
        made = Portrayed(
            item=item, capture_id=item.capture_id, name=name, person=person, contact=contact,
            agrees=agrees, recorded_by_id=by.pk, recorded_at=clock.now(),
        )  # fmt: skip
        told_at_the_photo([made], by=by)
        audit.record(by=by, verb="hub.add_portrayed", target=item, portrayed=made.pk)
        events.tell(ConsentRecorded(made.pk))
    return made


def tell_who(*, by: Colleague, item: Item) -> None:
    """Whoever stands in the list is everybody who is in it; for what came in without a word about that."""
    require(access.may_edit_item(by, item), _("Its maker and the curator can change this."))
    with transaction.atomic():
        if Capture.objects.filter(item=item, who_told=False).update(who_told=True):
            audit.record(by=by, verb="hub.tell_who", target=item)


def remove_portrayed(*, by: Colleague, portrayed: Portrayed) -> None:
    """Somebody is not in the picture after all. Who answered themselves stays."""
    item = portrayed.item
    require(item is not None and access.may_edit_item(by, item), _("Its maker and the curator can change this."))
    own = portrayed.person_id is not None and portrayed.recorded_by_id == portrayed.person_id != by.pk
    if own or portrayed.own_word:
        raise Refused(_("%(name)s answered this, so it stays.") % {"name": portrayed.name}, code="answered")
    with transaction.atomic():
        audit.record(by=by, verb="hub.remove_portrayed", target=item, portrayed=portrayed.pk)
        portrayed.delete()


def end_terms(today: date) -> int:
    """Yeses whose last day has passed: whoever shows the picture hears of it once. How many."""
    ended = Portrayed.objects.filter(agrees=Agrees.YES, ends_on__lt=today).values_list("pk", flat=True)[:500]
    for pk in list(ended):
        with transaction.atomic():
            row = Portrayed.objects.select_for_update(of=("self",)).select_related("item").get(pk=pk)
            if row.agrees == Agrees.YES and row.ends_on is not None and row.ends_on < today:
                settle(row, Agrees.ASK, by=SYSTEM)
                audit.record(by=SYSTEM, verb="hub.end_consent", target=row.item, portrayed=row.pk)
    return len(ended)

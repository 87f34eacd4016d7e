"""How long each kind of thing is kept, and the daily round that lets the rest go."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from koor.ground.governance import queries
from koor.ground.governance.access import may_erase_personal
from koor.ground.governance.models import Term
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock
from koor.kernel.access import Refused, require
from koor.kernel.personal import Held, Subject, terms

logger = logging.getLogger(__name__)

CHOICES = (30, 90, 180, 365, 730, 1095, 1825, 2555)  # days


@transaction.atomic
def set_term(*, by: Colleague, kind: str, days: int) -> None:
    """Keep a kind of thing so many days; 0: as long as the house stands."""
    require(may_erase_personal(by), _("Whoever looks after personal data does this."))
    if kind not in {one.model for one in terms.kinds()} or days not in (0, *CHOICES):
        raise Refused(_("Choose one of the terms."), code="term", field="days")
    before = queries.terms.days_by_kind().get(kind, 0)
    if before == days:
        return
    if days:
        Term.objects.update_or_create(kind=kind, defaults={"days": days})
    else:
        Term.objects.filter(kind=kind).delete()
    audit.record(by=by, verb="governance.set_term", kind=kind, before=before, days=days)


def end_terms(*, by: Colleague) -> dict[str, int]:
    """Let go what is older than its term; how many rows of each kind. What the law asks to keep stays."""
    require(may_erase_personal(by), _("Whoever looks after personal data does this."))
    chosen, held = {one.kind: one for one in Term.objects.all()}, queries.terms.subjects_held()
    gone: dict[str, int] = {}
    for one in terms.kinds():
        term = chosen.get(one.model)
        number = _ended(by, one, term, held) if term else 0
        if number:
            gone[one.model] = number
    return gone


def _ended(by: Colleague, one: Held, term: Term, held: list[Subject]) -> int:
    """One kind, from where the last round stopped; when it fails, what went before is written down and the other kinds
    go on."""
    number, before = 0, clock.now() - timedelta(days=term.days)
    try:
        for batch, reached in terms.end(one, before, held, term.reached):
            number += batch
            Term.objects.filter(pk=term.pk).update(reached=reached)
    except Exception:
        logger.exception("What is older than its term could not go: %s", one.model)
    if number:
        with transaction.atomic():
            audit.record(by=by, verb="governance.end_terms", rows=number, kinds={one.model: number})
    return number

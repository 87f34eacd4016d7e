"""Reads of the governance room."""

from koor.ground.governance.models import Responsibility
from koor.ground.people.models import Person


def responsible_for(purpose: str) -> list[Person]:
    """Who answers for a purpose: the colleague, or everyone of the discipline; active ones only, by name.

    Empty when nothing was agreed yet, or nobody of them is left."""
    agreed = Responsibility.objects.filter(purpose=purpose).first()
    if agreed is None:
        return []
    rows = Person.objects.filter(is_active=True).order_by("name")
    if agreed.person_id:
        return list(rows.filter(pk=agreed.person_id))
    return list(rows.filter(discipline_id=agreed.discipline_id)) if agreed.discipline_id else []

"""What the curator corrects in a proposal is remembered for its subjects: the next proposal says so."""

from __future__ import annotations

from collections.abc import Iterable

from koor.flow.hub.models import Fit
from koor.ground.people.models import Person, Skill
from koor.kernel import clock


def remember_choice(*, by: Person, subjects: Iterable[Skill], proposed: Iterable[int], chosen: Iterable[int]) -> None:
    """Part of asking. `proposed`: who stood ready to be asked; `chosen`: who was asked by name. Whoever was left out
    or added is remembered; asking somebody takes back that they were left out before."""
    proposed, chosen, subjects = set(proposed), set(chosen), list(subjects)
    left_out, added = proposed - chosen, chosen - proposed
    for skill in subjects:
        for person in Person.objects.filter(pk__in=left_out | added):
            Fit.objects.update_or_create(
                person=person, skill=skill, defaults={"fits": person.pk in added, "by": by, "at": clock.now()}
            )
    Fit.objects.filter(skill__in=subjects, person__in=chosen & proposed, fits=False).delete()

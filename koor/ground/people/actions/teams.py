"""Teams, and rotas in which colleagues take turns."""

from datetime import date
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from koor.ground.people import logic
from koor.ground.people.access import Colleague, may_arrange_teams
from koor.ground.people.events import RotaEnded
from koor.ground.people.models import Person, Rota, RotaTurn, Team
from koor.kernel import audit, events
from koor.kernel.access import Refused, require

MOST = 200  # colleagues in a team or a rota
Group = TypeVar("Group", Team, Rota)


def make_team(*, by: Colleague, name: str, about: str = "") -> Team:
    """A team, still without anyone in it."""
    require(may_arrange_teams(by))
    return _kept(by, "people.make_team", Team(name=_named(name), about=logic.one_line(about)[:200]))


def change_team(*, by: Colleague, team: Team, name: str, about: str = "") -> Team:
    require(may_arrange_teams(by))
    team.name, team.about = _named(name), logic.one_line(about)[:200]
    return _kept(by, "people.change_team", team)


def make_rota(*, by: Colleague, name: str, first_week: date, about: str = "") -> Rota:
    """A rota, still without an order; any day of its first week will do."""
    require(may_arrange_teams(by))
    begins = logic.monday_of(first_week)
    return _kept(by, "people.make_rota", Rota(name=_named(name), about=logic.one_line(about)[:200], first_week=begins))


def change_rota(*, by: Colleague, rota: Rota, name: str, first_week: date, about: str = "") -> Rota:
    require(may_arrange_teams(by))
    rota.name, rota.about = _named(name), logic.one_line(about)[:200]
    rota.first_week = logic.monday_of(first_week)
    return _kept(by, "people.change_rota", rota)


def _named(name: str) -> str:
    name = logic.one_line(name)
    if not 0 < len(name) <= 80:
        raise Refused(_("Give it a name of at most 80 characters."), code="name", field="name")
    return name


def _kept(by: Colleague, verb: str, row: Group) -> Group:
    try:
        with transaction.atomic():
            row.save()
            audit.record(by=by, verb=verb, target=row)
    except IntegrityError:
        raise Refused(_("There is one with this name already."), code="exists", field="name") from None
    return row


@transaction.atomic
def join(*, by: Colleague, group: Team | Rota, person: Person) -> None:
    """A colleague joins a team, or comes last in a rota. Joining twice changes nothing."""
    require(may_arrange_teams(by))
    group = type(group)._default_manager.select_for_update().get(pk=group.pk)
    people = members_of(group)
    if person.pk in people:
        return
    if len(people) >= MOST:
        raise Refused(_("There are %(most)s colleagues in it already.") % {"most": MOST}, code="many", field="person")
    if isinstance(group, Team):
        group.people.add(person)
    else:
        last = group.turns.aggregate(last=Max("place"))["last"]
        RotaTurn.objects.create(rota=group, person=person, place=0 if last is None else last + 1)
    audit.record(by=by, verb="people.join", target=group, name=person.name)


def members_of(group: Team | Rota) -> list[int]:
    """Who is in it, by number; of a rota in the order of their turns."""
    if isinstance(group, Team):
        return list(group.people.order_by("pk").values_list("pk", flat=True))
    return list(group.turns.values_list("person_id", flat=True))


@transaction.atomic
def leave(*, by: Colleague, group: Team | Rota, person: Person) -> None:
    """A colleague leaves it; also by themselves."""
    require(may_arrange_teams(by) or by.pk == person.pk)
    if person.pk not in members_of(group):
        return
    if isinstance(group, Team):
        group.people.remove(person)
    else:
        group.turns.filter(person=person).delete()
    audit.record(by=by, verb="people.leave", target=group, name=person.name)


@transaction.atomic
def turn_earlier(*, by: Colleague, rota: Rota, person: Person) -> None:
    """Somebody's turn comes one place earlier in the order."""
    require(may_arrange_teams(by))
    turns = list(rota.turns.select_for_update())
    at = next((n for n, turn in enumerate(turns) if turn.person_id == person.pk), 0)
    if at == 0:
        return
    turns[at - 1], turns[at] = turns[at], turns[at - 1]
    for n, turn in enumerate(turns):
        turn.place = n
    RotaTurn.objects.bulk_update(turns, ["place"])
    audit.record(by=by, verb="people.turn_earlier", target=rota, name=person.name)


@transaction.atomic
def end_group(*, by: Colleague, group: Team | Rota) -> None:
    """A team or rota is no more. What was agreed with it ends by itself: there is nobody to keep it."""
    require(may_arrange_teams(by))
    audit.record(by=by, verb="people.end_group", target=group)
    if isinstance(group, Rota):
        events.tell(RotaEnded(group.pk))
    group.delete()

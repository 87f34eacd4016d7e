"""Who looks after which accounts, also when somebody left; and the stage for those who practise."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, Q, QuerySet

from koor.ground.channels import access
from koor.ground.channels.choices import AccountState
from koor.ground.channels.models import Account, Application
from koor.ground.governance.choices import Purpose
from koor.ground.people.choices import Autonomy
from koor.ground.people.models import Person


def looked_after_by(person: Person) -> Q:
    """One's own; those of the house whose owner left are looked after by who manages channels."""
    nobodys = Q(personal=False, owner__is_active=False)
    return Q(owner=person) | nobodys if access.may_manage(person) else Q(owner=person)


def left_behind(person: Person) -> QuerySet[Account] | None:
    """The accounts of the house whose owner left, in use; for who can give them another."""
    if not access.may_manage(person):
        return None
    rows = Account.objects.filter(personal=False, owner__is_active=False).exclude(state=AccountState.DISCONNECTED)
    return rows.select_related("owner").order_by("name", "pk")


def of_the_house(colleague: Person) -> QuerySet[Account]:
    """The accounts of the house that this colleague looks after."""
    rows = Account.objects.filter(owner=colleague, personal=False).exclude(state=AccountState.DISCONNECTED)
    return rows.order_by("name", "pk")


def without_stage(person: Person) -> QuerySet[Person] | None:
    """Whoever practises while there is no stage to do it on; for who can make one."""
    from koor.ground.channels.queries import connectors  # which lists these reads

    if not access.may_manage(person):
        return None
    unseen = [name for name, made_with in connectors().items() if not made_with.manifest.public]  # as `access.is_stage`
    stages = Account.objects.filter(purpose=Purpose.PRACTICE, personal=False, connector__in=unseen)
    practises = Person.objects.filter(is_active=True, autonomy=Autonomy.PRACTISE)
    return practises.filter(~Exists(stages.filter(state=AccountState.ACTIVE)))[:1]


def not_registered(person: Person, made_with: Iterable[Any]) -> frozenset[str]:
    """Of these connectors the keys of those where Koor is not known yet, so that nobody can connect an account."""
    asked = {
        one.key
        for one in made_with
        if person.is_active and one.manifest.oauth is not None and not one.manifest.secret_keys
    }
    return frozenset(asked - set(Application.objects.filter(connector__in=asked).values_list("connector", flat=True)))


def refused_applications(person: Person) -> QuerySet[Application] | None:
    """How Koor is registered where a platform no longer accepts it; for who registers it."""
    return Application.objects.filter(refused_at__isnull=False) if access.may_register(person) else None

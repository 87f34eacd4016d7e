"""Who may sign what the house says, and who of them is there."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from koor.flow.conversations import access
from koor.flow.conversations.logic.holding import SHIPPED, Text
from koor.flow.conversations.models import HoldingText
from koor.ground.people import queries as people
from koor.ground.people.choices import Autonomy, Role
from koor.ground.people.models import Person
from koor.kernel.access import NotFound


def signers() -> list[Person]:
    """Colleagues who may sign, by name; those who are away today left out."""
    away = people.away_on(people.today())
    rows = people.everybody().filter(
        is_active=True, autonomy=Autonomy.OWN, roles__overlap=sorted(access.signing_roles())
    )
    return [one for one in rows if one.pk not in away]


def who_could_speak() -> list[Person]:
    """Four of them at most, the captain first."""
    return sorted(signers(), key=lambda one: not one.has_role(Role.CAPTAIN))[:4]


def others_to_sign(person: Person) -> list[Person]:
    """The same, but for this person."""
    return [one for one in signers() if one.pk != person.pk]


def one_of(others: Sequence[Person]) -> str:
    """Three of them at most, any of whom may."""
    names = [one.first_name for one in others[:3]]
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s or %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def who_is_called(besides: int | None) -> list[Person]:
    """Who hears at once that something burns: PR and who may sign, as far as they are there; not who opened it."""
    away = people.away_on(people.today())
    called = {one.pk: one for one in [*filter(access.may_open_fire, people.with_role(Role.PR)), *signers()]}
    return [one for pk, one in called.items() if pk not in away and pk != besides]


def holding_texts(person: Person, language: str = "") -> list[Text]:
    """Texts that a statement begins with: those that come along, as this house changed them, and its own."""
    kept = HoldingText.objects.filter(removed_at=None).order_by("name", "pk")
    own = {(row.key, row.language): Text(row.key, row.language, row.name, row.text, row.pk) for row in kept}
    shipped = [own.pop((one.key, one.language), one) for one in SHIPPED]
    rows = [*shipped, *own.values()]
    return [one for one in rows if not language or one.language == language]


def holding_text(person: Person, id: int) -> HoldingText:
    """A text as this house wrote it, also one that was removed; for who changes them."""
    found = HoldingText.objects.filter(pk=id).first()
    if found is None or not access.may_open_fire(person):
        raise NotFound
    return found

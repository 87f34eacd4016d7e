"""Reads of the people room. First parameter `person` unless Koor itself or the operator asks."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from koor.ground.people.models import House, Person
from koor.kernel.access import Refused
from koor.kernel.memory import remembered


@remembered
def house() -> House:
    """Our organisation. Refused when it was not made yet."""
    found = House.objects.first()
    if found is None:
        raise Refused(_("This house is still empty. Start with: koor init"), code="no_house")
    return found


def everybody() -> QuerySet[Person]:
    """All colleagues, also those who left; for the operator."""
    return Person.objects.order_by("name")


def colleague_by_email(email: str) -> Person:
    """The active colleague with this address; for doors that name a colleague. Refused when there is none."""
    found = Person.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if found is None:
        raise Refused(_("No active colleague has the address %(email)s.") % {"email": email}, code="no_person")
    return found

"""Somebody outside whom colleagues know."""

import pytest

from koor.ground.contacts import actions as contacts
from koor.kernel.access import SYSTEM


@pytest.fixture
def karin(house, noon):
    return contacts.meet_contact(by=SYSTEM, name="Karin Olthof", platform="mastodon", handle="@karin@social.example")


@pytest.fixture
def knows(karin):
    """`knows(rob, how="plan voor de school")`"""

    def make(person, contact=None, **fields):
        return contacts.introduce(by=SYSTEM, person=person, contact=contact or karin, **fields)

    return make

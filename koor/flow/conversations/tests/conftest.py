"""People outside who say things, and accounts to which they say them."""

from datetime import timedelta

import pytest

from koor.flow.conversations import actions
from koor.flow.listening.models import Mention, Source
from koor.ground.channels.models import Account
from koor.ground.contacts import actions as contacts
from koor.kernel import clock
from koor.kernel.access import SYSTEM


@pytest.fixture
def service(marloes, noon):
    """The account of the house where people ask for help; Koor can answer there."""
    return Account.objects.create(
        connector="mastodon", name="Reurslag helpt", purpose="service", owner=marloes, made_at=clock.now()
    )


@pytest.fixture
def heard(service):
    """What comes in on that account."""
    return Source.objects.create(name="Reurslag helpt", kind="account", account=service, made_at=clock.now())


@pytest.fixture
def imported(house, noon):
    """A file that was brought in."""
    return Source.objects.create(name="Reviews", kind="file", made_at=clock.now())


@pytest.fixture
def said(heard):
    """Somebody says something: `said("Dag Henk", by="Fatma Kaya")`."""
    counter = iter(range(1, 10_000))

    def make(text="Boven blijft het koud.", *, by="Fatma Kaya", minutes=12, **fields):
        number = next(counter)
        fields.setdefault("source", heard)
        fields.setdefault("kind", "reply")
        fields.setdefault("external_id", f"status-{number}")
        fields.setdefault("handle", f"@{by.split()[0].lower()}@social.example" if by else "")
        fields.setdefault("said_at", clock.now() - timedelta(minutes=minutes))
        return Mention.objects.create(author=by, text=text, stored_at=clock.now(), **fields)

    return make


@pytest.fixture
def opened(said):
    """The conversation that comes of it: `opened("Dag Henk", by="Fatma Kaya")`."""

    def make(text="Boven blijft het koud.", **fields):
        return actions.open_from_mention(by=SYSTEM, mention=said(text, **fields))

    return make


@pytest.fixture
def fatma(house, noon):
    """A customer, known by her handle."""
    return contacts.meet_contact(by=SYSTEM, name="Fatma Kaya", platform="mastodon", handle="@fatma@social.example")


@pytest.fixture
def knows(fatma):
    """`knows(henk, direct_line=True)`"""

    def make(person, contact=None, **fields):
        return contacts.introduce(by=SYSTEM, person=person, contact=contact or fatma, **fields)

    return make

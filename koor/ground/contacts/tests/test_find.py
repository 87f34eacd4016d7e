"""People outside are found by name, place, work and address, whatever the accents."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.urls import reverse

from koor.ground.contacts import actions, queries
from koor.ground.contacts.models import Contact
from koor.ground.people.models import Person
from koor.kernel import search


@pytest.fixture
def zoe(marloes: Person) -> Contact:
    contact = actions.add_contact(
        by=marloes, name="Zoë Müller-Olthof", organisation="Basisschool De Esch", place="Neede"
    )
    actions.add_handle(by=marloes, contact=contact, platform="mastodon", value="zoe@mastodon.example")
    return contact


@pytest.mark.parametrize("words", ["zoe", "MULLER", "olth nee", "basissch", "zoe@mastodon.example", "@zoe@masto"])
def test_found(marloes: Person, zoe: Contact, words: str) -> None:
    actions.add_contact(by=marloes, name="Joost Abbink")
    assert list(queries.contacts(marloes, words=words)) == [zoe]


@pytest.mark.parametrize("words", ["x", "oë", "%", "'", "zoe xx", "\\", "&|!():*"])
def test_not_found(marloes: Person, zoe: Contact, words: str) -> None:
    assert list(queries.contacts(marloes, words=words)) == []


def test_in_the_search_over_everything(marloes: Person, zoe: Contact, henk: Person) -> None:
    actions.add_project(by=marloes, name="Ventilatie De Esch", organisation=zoe.organisation)
    found = {str(label): [hit.title for hit in hits] for label, hits in search.everywhere(marloes, "esch")}
    assert found["People outside"] == ["Zoë Müller-Olthof"]
    assert found["Organisations"] == ["Basisschool De Esch"]
    assert found["Projects"] == ["Ventilatie De Esch"]
    assert dict(search.everywhere(marloes, "henk"))["Colleagues"][0].title == "Henk Oonk"


def test_the_index_serves_the_search(marloes: Person) -> None:
    Contact.objects.bulk_create(Contact(name=f"Person number{n}", made_at="2026-01-01T00:00Z") for n in range(3_000))
    with connection.cursor() as cursor:
        cursor.execute("analyze contacts_contact")
        rows = queries.sql.saying(Contact.objects.all(), "number77:*", "name", "role", "place", "note")
        plan = rows.values("pk").explain()
        named = Contact.objects.exclude(pk__in=[1]).annotate(said=queries.sql.bare(F("name"))).order_by()
        namesakes = named.filter(said__in={"personnumber77", "elsgroot"}).values_list("said").explain()
    assert "contact_words" in plan
    assert "contact_bare" in namesakes


def test_on_the_page_of_people(visit: Callable[..., Client], henk: Person, marloes: Person) -> None:
    """Whom I know, and beside them whom we know and who works here; odd words find nobody."""
    mine = actions.add_contact(by=marloes, name="Fatma Kaya")
    actions.add_contact(by=marloes, name="Fatma Demir")
    actions.introduce(by=henk, person=henk, contact=mine)
    client, path = visit(henk), reverse("contacts:people")
    shown = {
        "": {"Fatma Kaya"},
        "?q=fatma": {"Fatma Kaya", "Fatma Demir"},
        "?q=marloes": {"Marloes Nijhuis"},
        "?show=all&q=fatma": {"Fatma Kaya", "Fatma Demir"},
        "?show=colleagues&q=marloes": {"Marloes Nijhuis"},
        "?show=x&q=" + "x" * 5000: set(),
        "?show=all&page=" + "9" * 30: {"Fatma Kaya", "Fatma Demir"},
    }
    for asked, names in shown.items():
        page = client.get(path + asked).content.decode()
        found = {name for name in ("Fatma Kaya", "Fatma Demir", "Marloes Nijhuis") if name in page}
        assert found == names, asked

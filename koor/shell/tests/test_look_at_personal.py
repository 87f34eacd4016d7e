"""One person, one page: all that is kept on them, for who may see it, and who looked is written down."""

from collections.abc import Callable

import pytest
from django.test import Client

from koor.flow.conversations.models import Conversation, Message
from koor.ground.contacts.models import Contact, Handle
from koor.ground.people.choices import Role
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.models import AuditEntry
from koor.kernel.personal import COLLEAGUE, OUTSIDE, finding, subject

pytestmark = pytest.mark.django_db
Visit = Callable[[Person | None], Client]


@pytest.fixture
def els(house: object) -> Contact:
    made = Contact.objects.create(name="Els Grootenhuis", note="Has a goat", made_at=clock.now())
    Handle.objects.create(contact=made, platform="mastodon", value="els@social.example")
    talk = Conversation.objects.create(contact=made, made_at=clock.now(), last_at=clock.now())
    Message.objects.create(
        conversation=talk, direction="in", contact=made, text="It drips", at=clock.now(), stored_at=clock.now()
    )
    return made


def test_everything_stands_on_one_page(visit: Visit, ada: Person, els: Contact) -> None:
    page = visit(ada).get(f"/personal/outside/{els.pk}/")
    said = page.content.decode()
    assert all(word in said for word in ("Has a goat", "els@social.example", "It drips"))
    assert page["Cache-Control"] == "no-store"


def test_who_looked_is_written_down_and_shown(visit: Visit, ada: Person, els: Contact) -> None:
    visit(ada).get(f"/personal/outside/{els.pk}/")
    line = AuditEntry.objects.get(verb="governance.look_at_personal")
    assert (line.actor_id, line.target_id) == (ada.pk, els.pk)
    assert "Ada Mulder looked at all" in visit(ada).get(f"/personal/outside/{els.pk}/").content.decode()


def test_the_named_role_may_look(visit: Visit, person: Callable[..., Person], els: Contact) -> None:
    vera = person("Vera Slot", Role.PRIVACY)
    assert visit(vera).get(f"/personal/outside/{els.pk}/").status_code == 200
    assert visit(vera).get("/manage/personal/?q=Els").content.decode().count("Els Grootenhuis") == 1


def test_nobody_else_may(visit: Visit, marloes: Person, bram: Person, els: Contact) -> None:
    for colleague in (marloes, bram):
        assert visit(colleague).get(f"/personal/outside/{els.pk}/").status_code == 404
        assert visit(colleague).get("/manage/personal/").status_code == 404
        assert visit(colleague).get(f"/personal/colleague/{els.pk + 1000}/").status_code == 404
    assert visit(bram).get(f"/personal/colleague/{marloes.pk}/").status_code == 404
    assert not AuditEntry.objects.filter(verb="governance.look_at_personal").exists()


def test_a_colleague_sees_what_is_kept_on_themselves(visit: Visit, bram: Person) -> None:
    said = visit(bram).get("/personal/me/").content.decode()
    assert "bram@reurslag.example" in said
    assert not AuditEntry.objects.exists()
    assert said.index("Make the file") < said.index('id="room1"')  # on a phone it stands above all rooms


def test_others_are_found_where_they_are_named(els: Contact, bram: Person) -> None:
    other = Contact.objects.create(name="Gerrit", note="Lives next to Els Grootenhuis", made_at=clock.now())
    found = finding.everything(subject(OUTSIDE, els.pk))  # type: ignore[arg-type]
    assert [(part.held.model, part.rows[0].pk) for part in found.named] == [("contacts.Contact", other.pk)]


def test_a_namesake_is_left_alone(els: Contact) -> None:
    Contact.objects.create(name="Els Grootenhuis", made_at=clock.now())
    Contact.objects.create(name="Gerrit", note="Lives next to Els Grootenhuis", made_at=clock.now())
    assert finding.everything(subject(OUTSIDE, els.pk)).named == []  # type: ignore[arg-type]


def test_who_was_made_one_with_them_counts(els: Contact) -> None:
    Contact.objects.create(name="E. Grootenhuis", note="Old card", merged_into=els, made_at=clock.now())
    found = finding.everything(subject(OUTSIDE, els.pk))  # type: ignore[arg-type]
    told = next(part for part in found.theirs if part.held.model == "contacts.Contact")
    assert told.number == 2


def test_a_page_asks_few_times(
    visit: Visit, ada: Person, els: Contact, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    client = visit(ada)
    client.get(f"/personal/outside/{els.pk}/")
    with django_assert_max_num_queries(15):  # type: ignore[attr-defined]
        client.get(f"/personal/outside/{els.pk}/")
    assert subject(COLLEAGUE, 0) is None

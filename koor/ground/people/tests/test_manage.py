"""Roles, steps, buddies and leaving: who may, and the house never loses its last key."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse

from koor.ground.people import actions
from koor.ground.people.events import AutonomyChanged
from koor.ground.people.models import Discipline, Invitation, Person, Token
from koor.ground.people.receivers import changed
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry, Mail, Push
from koor.kernel.once import KeyReused
from koor.kernel.tests.test_push import FCM, device_at


def test_a_colleague_is_written_down(marloes: Person) -> None:
    kees = actions.add_person(
        by=marloes, email="Kees@Reurslag.Example", name="  Kees \n Wolbers ", roles=["helper"], discipline="Magazijn"
    )
    assert (kees.email, kees.name, kees.discipline.name) == ("kees@reurslag.example", "Kees Wolbers", "Magazijn")
    assert (kees.autonomy, kees.joined_at, kees.has_usable_password()) == ("practise", None, False)


def test_a_double_click_writes_down_one(marloes: Person) -> None:
    said = {"by": marloes, "email": "kees@reurslag.example", "name": "Kees", "once": "k"}
    assert actions.add_person(**said) == actions.add_person(**said)
    for other in ({"name": "Kees W."}, {"roles": ["helper"]}):
        with pytest.raises(KeyReused):
            actions.add_person(**said | other)


def test_what_can_not_be_written_down(marloes: Person, newcomer: Person) -> None:
    fine = {"email": "kees@reurslag.example", "name": "Kees"}
    for wrong, code in (
        ({"email": "MARLOES@reurslag.example"}, "exists"),
        ({"email": "kees"}, "email"),
        ({"name": ""}, "no_name"),
        ({"name": "x" * 121}, "long_name"),
        ({"name": "@SUM(A1)"}, "formula"),
        ({"roles": ["king"]}, "role"),
        ({"autonomy": "free"}, "autonomy"),
        ({"password": "kort"}, "password"),
    ):
        with pytest.raises(Refused) as refused:
            actions.add_person(by=marloes, **(fine | wrong))
        assert refused.value.code == code
    with pytest.raises(Forbidden):
        actions.add_person(by=newcomer, **fine)
    with pytest.raises(Forbidden):
        actions.add_person(by=marloes, roles=["administrator"], **fine)


def test_another_address(visit: Any, ada: Person, marloes: Person, bram: Person, newcomer: Person) -> None:
    """Whoever has it can ask for a new password: for who came in before it is the administrator's to give."""
    SocialAccount.objects.create(user=bram, provider="organisation", uid="1")
    Person.objects.filter(pk=bram.pk).update(joined_at=clock.now())
    actions.invite(by=ada, email="new@reurslag.example", name="Kees")
    actions.invite(by=ada, email=bram.email, person=bram)
    taken = visit(ada).post(reverse("people:change_email", args=[bram.pk]), {"email": "Marloes@reurslag.example"})
    assert "There is a colleague with this address already" in taken.content.decode()
    visit(ada).post(reverse("people:change_email", args=[bram.pk]), {"email": "New@reurslag.example"})
    bram.refresh_from_db()
    assert bram.email == "new@reurslag.example"
    actions.change_email(by=ada, person=bram, email=" NEW@reurslag.example ")  # the same: nothing is done or told
    assert not SocialAccount.objects.exists()
    assert not Invitation.objects.filter(withdrawn_at=None).exists()
    entry = AuditEntry.objects.filter(verb="people.change_email").get()
    assert entry.detail == {"was": "bram@reurslag.example", "now": "new@reurslag.example"}
    letters = Mail.objects.filter(kind="address")
    assert sorted(letters.values_list("to", flat=True)) == ["bram@reurslag.example", "new@reurslag.example"]
    assert "Ada Mulder gave you another address in Koor: new@reurslag.example." in letters[0].text
    actions.change_email(by=marloes, person=newcomer, email="jelle.n@reurslag.example")
    for by in (marloes, newcomer):
        with pytest.raises(Forbidden):
            actions.change_email(by=by, person=bram, email="mine@reurslag.example")


def test_roles(marloes: Person, bram: Person, ada: Person) -> None:
    actions.change_roles(by=marloes, person=bram, roles=["face", "helper"])
    bram.refresh_from_db()
    assert bram.roles == ["face", "helper"]
    assert AuditEntry.objects.get().detail == {"was": ["helper"], "now": ["face", "helper"]}
    for by, person, roles in ((bram, bram, ["curator"]), (marloes, bram, ["administrator"]), (marloes, ada, [])):
        with pytest.raises(Forbidden):
            actions.change_roles(by=by, person=person, roles=roles)
    with pytest.raises(Refused):
        actions.change_roles(by=ada, person=bram, roles=["king"])


def test_the_last_administrator_stays(ada: Person, bram: Person) -> None:
    with pytest.raises(Refused) as refused:
        actions.change_roles(by=ada, person=ada, roles=[])
    assert refused.value.code == "last_administrator"
    with pytest.raises(Refused):
        actions.let_go(by=SYSTEM, person=ada)
    actions.change_roles(by=ada, person=bram, roles=["administrator"])
    actions.change_roles(by=ada, person=ada, roles=[])


def test_a_step_is_given_by_another(
    visit: Callable[..., Any], marloes: Person, ada: Person, newcomer: Person, hanna: Person
) -> None:
    actions.change_autonomy(by=marloes, person=newcomer, autonomy="buddy", why="Passed\n all lessons")
    newcomer.refresh_from_db()
    assert newcomer.autonomy == "buddy"
    assert AuditEntry.objects.get().detail == {"was": "practise", "now": "buddy", "why": "Passed all lessons"}
    assert "Marloes Nijhuis put you at this step" in visit(newcomer).get(reverse("people:me")).content.decode()
    device_at(FCM, newcomer.pk)
    for _twice in range(2):
        changed(AutonomyChanged(newcomer.pk))
    told = Push.objects.get()
    assert (told.title, told.text, told.url) == ("Your step: With a buddy", "Passed all lessons", "/me/")
    with pytest.raises(Forbidden):
        actions.change_autonomy(by=marloes, person=newcomer, autonomy="own", earned=True)
    actions.change_autonomy(by=SYSTEM, person=newcomer, autonomy="own")
    Person.objects.filter(pk=marloes.pk).update(autonomy="buddy")
    for by, person in ((marloes, marloes), (newcomer, hanna), (hanna, newcomer)):
        with pytest.raises(Forbidden):
            actions.change_autonomy(by=by, person=person, autonomy="practise")
    actions.change_autonomy(by=ada, person=ada, autonomy="buddy")
    device_at(f"{FCM}2", ada.pk)
    changed(AutonomyChanged(ada.pk))
    assert Push.objects.get() == told, "who took a step themselves knows"
    with pytest.raises(Refused):
        actions.change_autonomy(by=ada, person=newcomer, autonomy="flying")


def test_a_buddy_is_another(marloes: Person, bram: Person, henk: Person, ada: Person) -> None:
    actions.change_buddy(by=marloes, person=bram, buddy=henk)
    actions.change_buddy(by=marloes, person=bram, buddy=henk)
    assert AuditEntry.objects.count() == 1
    with pytest.raises(Refused):
        actions.change_buddy(by=marloes, person=bram, buddy=bram)
    actions.let_go(by=ada, person=henk)
    bram.refresh_from_db()
    assert bram.buddy is None


def test_leaving_and_coming_back(ada: Person, marloes: Person, henk: Person, visit: Callable[..., Any]) -> None:
    actions.make_token(by=henk, person=henk, name="planning")
    client = visit(henk)
    assert client.get(reverse("people:me")).status_code == 200
    for _click in range(2):
        actions.let_go(by=marloes, person=henk)
    assert client.get(reverse("people:me")).status_code == 302
    assert Token.objects.get().revoked_at is not None
    for _click in range(2):
        actions.let_back(by=marloes, person=henk)
    henk.refresh_from_db()
    assert (henk.is_active, henk.left_at, henk.roles) == (True, None, ["helper"])
    assert [entry.verb for entry in AuditEntry.objects.order_by("pk")][-2:] == ["people.let_go", "people.let_back"]


def test_who_may_not_be_let_go(ada: Person, marloes: Person, henk: Person, bram: Person) -> None:
    with pytest.raises(Forbidden):
        actions.let_go(by=marloes, person=ada)
    with pytest.raises(Forbidden):
        actions.let_go(by=bram, person=henk)
    with pytest.raises(Refused):
        actions.let_go(by=ada, person=ada)
    with pytest.raises(Refused):
        actions.let_go(by=ada, person=henk, hand_over_to=henk)


def test_arranging_in_the_browser(visit: Callable[..., Any], marloes: Person, bram: Person, henk: Person) -> None:
    client = visit(marloes)
    address = reverse("people:manage_person", args=[bram.pk])
    office = Discipline.objects.get(name="Office")
    said = {"roles": ["face"], "discipline": office.pk, "autonomy": "buddy", "why": "Samen", "buddy": henk.pk}
    assert client.post(address, said).status_code == 302
    bram.refresh_from_db()
    assert (bram.roles, bram.discipline, bram.autonomy, bram.buddy) == (["face"], office, "buddy", henk)
    assert client.post(address, said | {"roles": ["administrator"]}).status_code == 403
    assert "errorlist" in client.post(address, said | {"autonomy": "flying"}).content.decode()
    own = reverse("people:manage_person", args=[marloes.pk])
    kept = {"roles": ["curator", "face"], "discipline": office.pk, "autonomy": "own"}
    assert client.post(own, kept).status_code == 302
    assert client.post(own, kept | {"autonomy": "buddy"}).status_code == 403


def test_leaving_in_the_browser(visit: Callable[..., Any], ada: Person, marloes: Person, bram: Person) -> None:
    client = visit(marloes)
    assert client.get(reverse("people:let_go", args=[ada.pk])).status_code == 403
    client.post(reverse("people:let_go", args=[bram.pk]), {"hand_over_to": ada.pk})
    assert "Left" in client.get(reverse("people:manage_person", args=[bram.pk])).content.decode()
    assert bram.name in client.get(reverse("people:manage"), {"show": "left"}).content.decode()
    client.post(reverse("people:let_back", args=[bram.pk]))
    client.get(reverse("people:me"))  # shows what happened, once
    assert bram.name not in client.get(reverse("people:manage"), {"show": "left"}).content.decode()


def test_disciplines(visit: Callable[..., Any], marloes: Person, newcomer: Person) -> None:
    sales = actions.add_discipline(by=marloes, name="Verkoop & advies")
    assert sales.slug == "verkoop-advies"
    assert actions.add_discipline(by=marloes, name="Verkoop, advies").slug == "verkoop-advies-2"
    assert actions.add_discipline(by=marloes, name="日本").slug == "d"
    actions.rename_discipline(by=marloes, discipline=sales, name="Verkoop")
    actions.rename_discipline(by=marloes, discipline=sales, name="Verkoop")
    for name in ("verkoop", "", "x" * 81):
        with pytest.raises(Refused):
            actions.add_discipline(by=marloes, name=name)
    with pytest.raises(Refused):
        actions.remove_discipline(by=marloes, discipline=newcomer.discipline)
    with pytest.raises(Forbidden):
        actions.add_discipline(by=newcomer, name="Vliegers")
    client = visit(marloes)
    client.post(reverse("people:disciplines"), {"name": "Leerlingen"})
    island = Discipline.objects.get(name="Leerlingen")
    client.post(reverse("people:discipline", args=[island.pk]), {"name": "Leerling-monteurs"})
    island.refresh_from_db()
    assert (island.name, island.slug) == ("Leerling-monteurs", "leerlingen")
    client.post(reverse("people:remove_discipline", args=[island.pk]))
    assert not Discipline.objects.filter(pk=island.pk).exists()
    assert "already" in client.post(reverse("people:disciplines"), {"name": "verkoop"}).content.decode()


def test_who_gets_a_password_at_once_is_in(ada: Person) -> None:
    kees = actions.add_person(by=ada, email="kees@reurslag.example", name="Kees", password="een lange zin is goed")
    assert kees.joined_at is not None

"""Coming in with a link: once, in time, and not after it was taken back."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from koor.ground.people import actions, queries
from koor.ground.people.models import Invitation, Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry, Mail

PASSWORD = "een lange zin is goed"


def stranger() -> Client:
    """Somebody with a link and an English browser."""
    return Client(headers={"Accept-Language": "en"})


def secret_of(link: str) -> str:
    return link.rstrip("/").rsplit("/", 1)[1]


def test_a_letter_with_the_link(marloes: Person, visit: Callable[..., Any]) -> None:
    invitation, link = actions.invite(
        by=marloes, email="Sanne@Reurslag.Example", name="Sanne te Velthuis", roles=["face"]
    )
    letter = Mail.objects.get()
    assert (letter.to, letter.kind) == ("sanne@reurslag.example", "invitation")
    assert link in letter.text
    assert letter == invitation.mail
    assert secret_of(link) not in str(Invitation.objects.values().get())
    page = visit(marloes).get(reverse("people:manage")).content.decode()
    assert f'<a href="{reverse("people:invitations")}">One is invited.</a>' in page
    assert "answers what people ask" in visit(marloes).get(reverse("people:invitations")).content.decode()


def test_coming_in(marloes: Person, visit: Callable[..., Any]) -> None:
    _invitation, link = actions.invite(by=marloes, email="sanne@reurslag.example", name="Sanne", roles=["face"])
    client = stranger()
    path = reverse("people:welcome", args=[secret_of(link)])
    assert "sanne@reurslag.example" in client.get(path).content.decode()
    answer = client.post(path, {"name": "Sanne te Velthuis", "password": PASSWORD})
    assert answer.status_code == 302
    sanne = Person.objects.get(email="sanne@reurslag.example")
    assert (sanne.name, sanne.roles, sanne.autonomy) == ("Sanne te Velthuis", ["face"], "practise")
    assert client.get(reverse("people:me")).status_code == 200  # and is signed in
    assert AuditEntry.objects.filter(verb="people.accept_invitation", actor_id=sanne.pk).exists()


def test_a_link_works_once(marloes: Person, visit: Callable[..., Any]) -> None:
    _invitation, link = actions.invite(by=marloes, email="sanne@reurslag.example", name="Sanne")
    path = reverse("people:welcome", args=[secret_of(link)])
    stranger().post(path, {"name": "Sanne", "password": PASSWORD})
    again = stranger().post(path, {"name": "Somebody else", "password": PASSWORD})
    assert again.status_code == 410
    assert "used already" in again.content.decode()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda invitation, by: actions.withdraw_invitation(by=by, invitation=invitation), "withdrawn"),
        (lambda invitation, by: Invitation.objects.update(expires_at=clock.now() - timedelta(seconds=1)), "expired"),
        (lambda invitation, by: actions.invite(by=by, email=invitation.email, name="Sanne"), "withdrawn"),
        (lambda invitation, by: invitation.delete(), "not known"),
    ],
)
def test_a_link_that_works_no_more(spoil: Any, words: str, marloes: Person, visit: Callable[..., Any]) -> None:
    invitation, link = actions.invite(by=marloes, email="sanne@reurslag.example", name="Sanne")
    spoil(invitation, marloes)
    path = reverse("people:welcome", args=[secret_of(link)])
    for answer in (stranger().get(path), stranger().post(path, {"name": "x", "password": PASSWORD})):
        assert answer.status_code == 410
        assert words in answer.content.decode()
    with pytest.raises(Refused):
        actions.accept_invitation(by=SYSTEM, secret=secret_of(link), name="Sanne", password=PASSWORD)
    assert not Person.objects.filter(name="Sanne").exists()


def test_nonsense_links(visit: Callable[..., Any], house: Any) -> None:
    for secret in ("x", "%00", "a" * 5000, "é"):
        assert stranger().get(f"/invitation/{secret}/").status_code in {404, 410}


def test_a_weak_password_is_told_and_nothing_is_lost(marloes: Person, visit: Callable[..., Any]) -> None:
    _invitation, link = actions.invite(by=marloes, email="sanne@reurslag.example", name="Sanne")
    path = reverse("people:welcome", args=[secret_of(link)])
    page = stranger().post(path, {"name": "Sanne", "password": "kort"}).content.decode()
    assert "errorlist" in page
    assert stranger().get(path).status_code == 200


def test_who_may_invite(newcomer: Person, marloes: Person, ada: Person) -> None:
    with pytest.raises(Forbidden):
        actions.invite(by=newcomer, email="x@reurslag.example", name="X")
    with pytest.raises(Forbidden):
        actions.invite(by=marloes, email="x@reurslag.example", name="X", roles=["administrator"])
    invitation, _link = actions.invite(by=ada, email="x@reurslag.example", name="X", roles=["administrator"])
    assert invitation.roles == ["administrator"]


def test_who_can_not_be_invited(marloes: Person, henk: Person, ada: Person) -> None:
    actions.let_go(by=ada, person=henk)
    for email, name, code in (
        ("marloes@reurslag.example", "M", "exists"),
        ("HENK@reurslag.example", "H", "exists"),
        ("no address", "N", "email"),
        ("n@reurslag.example", " ", "no_name"),
        ("n@reurslag.example", "=1+1", "formula"),
    ):
        with pytest.raises(Refused) as refused:
            actions.invite(by=marloes, email=email, name=name)
        assert refused.value.code == code
    henk.refresh_from_db()
    with pytest.raises(Refused):
        actions.invite(by=marloes, email="", person=henk)


def test_who_is_written_down_comes_in_as_themselves(marloes: Person, visit: Callable[..., Any]) -> None:
    kees = actions.add_person(by=marloes, email="kees@reurslag.example", name="Kees Wolbers", job="Magazijn")
    _invitation, link = actions.invite(by=marloes, email="", person=kees)
    stranger().post(reverse("people:welcome", args=[secret_of(link)]), {"name": "Kees", "password": PASSWORD})
    kees.refresh_from_db()
    assert (kees.name, kees.job) == ("Kees", "Magazijn")
    assert kees.joined_at is not None
    assert kees.check_password(PASSWORD)


def test_a_new_password_is_the_administrators_to_give(marloes: Person, ada: Person, henk: Person) -> None:
    actions.edit_profile(by=henk, person=henk, job="Monteur")
    Person.objects.filter(pk=henk.pk).update(joined_at=clock.now())
    henk.refresh_from_db()
    with pytest.raises(Forbidden):
        actions.invite(by=marloes, email="", person=henk)
    invitation, link = actions.invite(by=ada, email="", person=henk)
    assert invitation.mail is not None
    assert invitation.mail.subject == "A new password for Koor"
    assert invitation.expires_at - invitation.made_at == timedelta(days=2)
    actions.accept_invitation(by=SYSTEM, secret=secret_of(link), name="Henk Oonk", password=PASSWORD)
    henk.refresh_from_db()
    assert henk.check_password(PASSWORD)


def test_who_left_meanwhile_stays_out(marloes: Person, ada: Person) -> None:
    kees = actions.add_person(by=marloes, email="kees@reurslag.example", name="Kees")
    _invitation, link = actions.invite(by=marloes, email="", person=kees)
    actions.let_go(by=ada, person=kees)
    with pytest.raises(Refused):
        actions.accept_invitation(by=SYSTEM, secret=secret_of(link), name="Kees", password=PASSWORD)


def test_withdrawing(marloes: Person, newcomer: Person) -> None:
    invitation, link = actions.invite(by=marloes, email="sanne@reurslag.example", name="Sanne")
    with pytest.raises(Forbidden):
        actions.withdraw_invitation(by=newcomer, invitation=invitation)
    for _click in range(2):
        actions.withdraw_invitation(by=marloes, invitation=invitation)
    assert AuditEntry.objects.filter(verb="people.withdraw_invitation").count() == 1
    used, link = actions.invite(by=marloes, email="joop@reurslag.example", name="Joop")
    actions.accept_invitation(by=SYSTEM, secret=secret_of(link), name="Joop", password=PASSWORD)
    with pytest.raises(Refused):
        actions.withdraw_invitation(by=marloes, invitation=used)


def test_in_the_browser(marloes: Person, visit: Callable[..., Any], noon: datetime) -> None:
    client = visit(marloes)
    page = client.post(reverse("people:invitations"), {"name": "Sanne", "email": "sanne@reurslag.example"})
    link = re.search(r"<code>(http[^<]+)</code>", page.content.decode())
    assert link is not None
    assert link[1] not in client.get(reverse("people:invitations")).content.decode()  # shown this once
    invitation = Invitation.objects.get()
    again = client.post(reverse("people:invite_again", args=[invitation.pk]))
    assert "<code>http" in again.content.decode()
    latest = Invitation.objects.latest("pk")
    assert client.post(reverse("people:withdraw_invitation", args=[latest.pk])).status_code == 302
    assert queries.invitations(marloes).filter(withdrawn_at__isnull=True).count() == 0
    known = client.post(reverse("people:invitations"), {"name": "M", "email": "marloes@reurslag.example"})
    assert "There is a colleague with this address already" in known.content.decode()

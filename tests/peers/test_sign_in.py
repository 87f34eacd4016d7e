"""Signing in with the organisation's own provider: the whole way there and back, against a real one."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.http import HttpResponse
from django.test import Client

from koor.ground.people import actions
from koor.ground.people.choices import Autonomy
from koor.ground.people.models import House, Person, Provider
from koor.kernel.access import SYSTEM, Refused
from koor.kernel.models import AuditEntry
from koor.shell import own_provider
from tests.peers.oidc_server import CLIENT, SECRET, OidcServer

pytestmark = [pytest.mark.peers("oidc"), pytest.mark.django_db(transaction=True)]

BACK = "http://testserver/sign-in/oidc/organisation/login/callback/"
GO = "/sign-in/oidc/organisation/login/"
PEOPLE = {
    "bram": {"email": "Bram@Reurslag.example", "email_verified": True, "name": "Bram Wolters"},
    "unsure": {"email": "bram@reurslag.example", "email_verified": False, "name": "Bram?"},
    "second": {"email": "bram@reurslag.example", "email_verified": True, "name": "Another Bram"},
    "nobody": {"email": "nobody@elsewhere.example", "email_verified": True, "name": "=Nora Nobody"},
    "moved": {"email": "bram@reurslag.example", "email_verified": True, "name": "Bram Wolters"},
}
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def server(oidc_server: Callable[..., OidcServer], monkeypatch: pytest.MonkeyPatch) -> OidcServer:
    found = oidc_server(redirect=BACK, people=PEOPLE)
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", found.place)
    return found


@pytest.fixture
def believed(server: OidcServer, house: House) -> Callable[..., Provider]:
    """The administrator arranged it; `believed(admits_unknown=True)`."""

    def arrange(**fields: Any) -> Provider:
        given = {"issuer": server.issuer, "client_id": CLIENT, "secret": SECRET, "label": "Sign in with Reurslag"}
        return actions.set_provider(by=SYSTEM, **(given | fields))

    return arrange


def arrive(server: OidcServer, name: str, client: Client | None = None) -> tuple[Client, HttpResponse]:
    """From our button to the provider, in there as this name, and back."""
    client = client or Client(headers=ENGLISH)
    there = client.get(GO)
    assert there.status_code == 302, there.content.decode()[-500:]
    return client, client.get(server.sign_in(there["Location"], name))


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def last_line() -> AuditEntry:
    found = AuditEntry.objects.order_by("-pk").first()
    assert found
    return found


def test_a_colleague_comes_in(server: OidcServer, believed: Callable[..., Provider], bram: Person) -> None:
    believed()
    page = Client(headers=ENGLISH).get("/sign-in/login/").content.decode()
    assert f'href="{GO}?process=login"' in page
    assert "Sign in with Reurslag" in page
    client, answer = arrive(server, "bram")
    assert answer["Location"] == "/"
    assert int(client.session["_auth_user_id"]) == bram.pk
    link = SocialAccount.objects.get()
    assert (link.user_id, link.uid, link.extra_data) == (bram.pk, "bram", {})
    bram.refresh_from_db()
    assert bram.has_usable_password()
    assert last_line().verb == "people.come_in_by_provider"
    assert is_in(arrive(server, "bram")[0])  # and again, now by the number
    assert AuditEntry.objects.filter(verb="people.come_in_by_provider").count() == 1
    assert SocialAccount.objects.get().extra_data == {}


def test_the_way_there_carries_what_protects_it(server: OidcServer, believed: Callable[..., Provider]) -> None:
    believed()
    asked = parse_qs(urlsplit(Client().get(GO)["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) >= 16
    assert asked["redirect_uri"] == [BACK]
    assert SECRET not in str(asked)


def test_an_address_that_is_not_verified(server: OidcServer, believed: Callable[..., Provider], bram: Person) -> None:
    believed()
    client, answer = arrive(server, "unsure")
    assert answer.status_code == 403
    assert "really yours" in answer.content.decode()
    assert not is_in(client)
    assert last_line().detail == {"email": "bram@reurslag.example", "why": "unverified"}
    believed(trusts_addresses=True)
    assert is_in(arrive(server, "unsure")[0])


def test_a_stranger_stays_outside(server: OidcServer, believed: Callable[..., Provider], bram: Person) -> None:
    believed()
    client, answer = arrive(server, "nobody")
    assert answer.status_code == 403
    assert "nobody@elsewhere.example" in answer.content.decode()
    assert not is_in(client)
    assert Person.objects.count() == 1
    assert last_line().verb == "people.refuse_by_provider"


def test_a_stranger_may_come_in_where_the_house_says_so(server: OidcServer, believed: Callable[..., Provider]) -> None:
    believed(admits_unknown=True)
    assert is_in(arrive(server, "nobody")[0])
    new = Person.objects.get()
    assert (new.name, new.roles, new.autonomy) == ("Nora Nobody", [], Autonomy.PRACTISE)
    assert new.joined_at
    assert not new.has_usable_password()


def test_who_left_stays_outside(server: OidcServer, believed: Callable[..., Provider], bram: Person) -> None:
    believed(admits_unknown=True)
    client, _answer = arrive(server, "bram")
    Person.objects.update(is_active=False)
    assert client.get("/").status_code == 302  # where they were in already
    for name in ("bram", "second"):  # by the number, and by the address
        client, answer = arrive(server, name)
        assert answer.status_code == 403
        assert not is_in(client)
    assert last_line().detail["why"] == "left"


def test_another_with_the_same_address_is_not_the_colleague(
    server: OidcServer, believed: Callable[..., Provider], bram: Person, ada: Person
) -> None:
    believed()
    arrive(server, "bram")
    client, answer = arrive(server, "second")
    assert answer.status_code == 403
    assert not is_in(client)
    assert actions.forget_links(by=ada) == 1
    assert is_in(arrive(server, "second")[0])


def test_a_wrong_state_opens_nothing(server: OidcServer, believed: Callable[..., Provider], bram: Person) -> None:
    believed()
    client = Client(headers=ENGLISH)
    back = server.sign_in(client.get(GO)["Location"], "bram")
    state = parse_qs(urlsplit(back).query)["state"][0]
    for address, visitor in (
        (back.replace(state, "x" * len(state)), client),
        (back, Client(headers=ENGLISH)),  # another browser, as when a link is slipped to somebody
        (f"{BACK}?code=abc", client),
        (f"{BACK}?state={state}&error=access_denied", Client(headers=ENGLISH)),
    ):
        answer = visitor.get(address)
        assert answer.status_code == 401
        assert "You are not signed in" in answer.content.decode()
        assert not is_in(visitor)


def test_a_code_works_once(server: OidcServer, believed: Callable[..., Provider], bram: Person) -> None:
    believed()
    client = Client(headers=ENGLISH)
    back = server.sign_in(client.get(GO)["Location"], "bram")
    assert client.get(back).status_code == 302
    client.logout()
    assert client.get(back).status_code == 401
    assert not is_in(client)


def test_a_second_step_is_still_asked(server: OidcServer, believed: Callable[..., Provider], bram: Person) -> None:
    believed()
    TOTP.activate(bram, generate_totp_secret())
    client, answer = arrive(server, "bram")
    assert "/sign-in/2fa/authenticate/" in answer["Location"]
    assert not is_in(client)


def test_nobody_ties_an_account_to_themselves(
    server: OidcServer, believed: Callable[..., Provider], bram: Person, henk: Person
) -> None:
    believed()
    client = Client(headers=ENGLISH)
    client.force_login(henk)
    there = client.get(f"{GO}?process=connect")
    assert client.get(server.sign_in(there["Location"], "bram")).status_code == 401
    assert not SocialAccount.objects.exists()
    assert client.get("/sign-in/3rdparty/").status_code == 404


def test_the_door_stays_shut_to_addresses_inside(
    server: OidcServer, believed: Callable[..., Provider], monkeypatch: pytest.MonkeyPatch
) -> None:
    """allauth's own calls too: the provider's document may name a place in the house's network at any time."""
    believed()
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", "")
    answer = Client(headers=ENGLISH).get(GO)
    assert answer.status_code == 502
    assert "does not answer as it should" in answer.content.decode()


def test_a_provider_that_is_gone(server: OidcServer, believed: Callable[..., Provider], bram: Person) -> None:
    believed()
    client = Client(headers=ENGLISH)
    back = server.sign_in(client.get(GO)["Location"], "bram")
    server.__exit__()
    assert Client(headers=ENGLISH).get(GO).status_code == 502
    assert client.get(back).status_code in {401, 502}
    assert not is_in(client)


def test_switched_off_or_taken_away(server: OidcServer, believed: Callable[..., Provider], ada: Person) -> None:
    believed(is_on=False)
    assert GO not in Client().get("/sign-in/login/").content.decode()
    assert Client().get(GO).status_code == 404
    actions.remove_provider(by=ada)
    assert not Provider.objects.exists()


def test_the_administrator_arranges_it(server: OidcServer, house: House, ada: Person, bram: Person) -> None:
    client = Client(headers=ENGLISH)
    client.force_login(ada)
    typed = {"issuer": server.issuer + "/", "client_id": CLIENT, "secret": SECRET, "label": "Work", "is_on": "on"}
    page = client.post("/manage/sign-in/", typed | {"look": "1"}).content.decode()
    assert "tells all that is needed" in page
    assert not Provider.objects.exists()
    assert SECRET not in page
    assert client.post("/manage/sign-in/", typed).status_code == 302
    provider = Provider.objects.get()
    assert provider.issuer == server.issuer  # as the provider writes it
    assert SECRET.encode() not in bytes(provider.secret)
    assert SECRET not in client.get("/manage/sign-in/").content.decode()
    assert SECRET not in str(AuditEntry.objects.values())
    assert own_provider.Adapter().list_apps(None)[0].secret == SECRET  # type: ignore[arg-type]
    assert client.post("/manage/sign-in/", typed | {"secret": "", "label": "Ours"}).status_code == 302
    assert own_provider.Adapter().list_apps(None)[0].secret == SECRET  # type: ignore[arg-type]
    assert is_in(arrive(server, "bram")[0])


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"issuer": "login.example.org"}, "such as https://"),
        ({"issuer": "http://10.0.0.8"}, "without encryption"),
        ({"issuer": "https://10.0.0.8"}, "KOOR_ALLOW_HOSTS"),
        ({"issuer": "{issuer}/nowhere"}, "answers with 404"),
        ({"issuer": "{issuer}", "secret": ""}, "Give the secret"),
        ({"issuer": "{issuer}", "label": " "}, "required"),
    ],
)
def test_what_will_not_do_is_told(
    server: OidcServer, house: House, ada: Person, typed: dict[str, str], says: str
) -> None:
    client = Client(headers=ENGLISH)
    client.force_login(ada)
    given = {"issuer": server.issuer, "client_id": CLIENT, "secret": SECRET, "label": "Work", "is_on": "on"} | typed
    given["issuer"] = given["issuer"].format(issuer=server.issuer)
    assert says in client.post("/manage/sign-in/", given).content.decode()
    assert not Provider.objects.exists()


def test_a_secret_goes_to_no_other_provider(
    server: OidcServer, believed: Callable[..., Provider], oidc_server: Callable[..., OidcServer], ada: Person
) -> None:
    believed()
    other = oidc_server(redirect=BACK, people=PEOPLE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KOOR_ALLOW_HOSTS", f"{server.place},{other.place}")
        with pytest.raises(Refused) as refused:
            believed(issuer=other.issuer, secret="")
    assert refused.value.field == "secret"
    assert Provider.objects.get().issuer == server.issuer


def test_only_an_administrator(server: OidcServer, house: House, hanna: Person, marloes: Person) -> None:
    for person in (hanna, marloes):
        client = Client(headers=ENGLISH)
        client.force_login(person)
        for address in ("", "remove/"):
            assert client.get(f"/manage/sign-in/{address}").status_code == 403
        assert client.post("/manage/sign-in/forget/").status_code == 403

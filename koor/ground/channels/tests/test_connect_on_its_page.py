"""Connecting on a platform's own page: there and back, choosing, again; and everything that may come back instead."""

import dataclasses
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from koor.ground.channels import actions, panels, queries
from koor.ground.channels.choices import AccountState, Health
from koor.ground.channels.contract import Tokens
from koor.ground.channels.logic import sign_in
from koor.ground.channels.models import Account, AccountSecret, Application, Connecting, Grant
from koor.ground.channels.tests.platform import CLIENT, SECRET, Platform, connector, said
from koor.ground.people.models import House, Person
from koor.kernel import clock, secrets
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.http import NotSent, Unclear
from koor.kernel.models import AuditEntry


def test_the_way_there(choir: Platform, registered: Application, marloes: Person) -> None:
    mark, address = actions.begin_connecting(by=marloes, connector="choir")
    asked = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
    assert address.startswith("https://choir.example/agree?")
    assert asked["redirect_uri"] == queries.way_back("choir")
    assert (asked["response_type"], asked["client_id"], asked["scope"]) == ("code", CLIENT, "sing read")
    assert (asked["code_challenge_method"], asked["access_type"]) == ("S256", "offline")
    row = Connecting.objects.get()
    assert row.state == mark == secrets.digest(asked["state"])
    assert asked["state"] not in str(Connecting.objects.values())
    assert SECRET not in address
    assert not choir.asked


def test_the_challenge_of_the_standard() -> None:
    """RFC 7636, appendix B."""
    assert (
        sign_in.challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    )


def test_an_account_of_the_house_and_one_of_her_own(agreed: Callable[..., Connecting], marloes: Person) -> None:
    row = agreed(marloes)
    assert [place.name for place in queries.places_of(row)] == ["Els Wolters", "Reurslag"]
    own, ours = actions.connect_chosen(by=marloes, connecting=row, keys=["1", "7"], purpose="work")
    assert (own.personal, ours.personal, own.place, ours.place) == (True, False, "1", "7")
    assert own.grant == ours.grant == Grant.objects.get()
    assert ours.url == "", "what is no address of the web becomes no link"
    session = queries.session_for(ours)
    assert session.secrets == {"access_token": "els:access-1", "page_token": "p4ge"}
    assert session.settings == {"author": "page"}
    assert ours.grant.person == marloes
    assert not Connecting.objects.exists()


def test_a_short_token_is_made_a_long_one_before_it_is_kept(
    choir: Platform, agreed: Callable[..., Connecting], marloes: Person, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lengthen(session: object, tokens: Tokens) -> Tokens:
        return dataclasses.replace(tokens, expires_at=noon + timedelta(days=60))

    monkeypatch.setattr(queries.connector("choir").connect, "lengthen", lengthen, raising=False)
    actions.connect_chosen(by=marloes, connecting=agreed(marloes), keys=["7"])
    assert queries.tokens_of(Grant.objects.get()).expires_at == noon + timedelta(days=60)


def test_nothing_secret_is_kept_open(agreed: Callable[..., Connecting], marloes: Person) -> None:
    row = agreed(marloes)
    hidden = ["els:access", "refresh-1", "p4ge", SECRET]
    kept = str([*Connecting.objects.values(), *Application.objects.values()])
    actions.connect_chosen(by=marloes, connecting=row, keys=["7"])
    kept += str([*Grant.objects.values(), *Account.objects.values(), *AuditEntry.objects.values()])
    kept += repr(queries.session_for(Account.objects.get())) + repr(queries.tokens_of(Grant.objects.get()))
    assert not [word for word in hidden if word in kept]


def test_tokens_open_for_their_own_row_alone(
    on_choir: Account, marloes: Person, agreed: Callable[..., Connecting]
) -> None:
    other = actions.connect_chosen(by=marloes, connecting=agreed(marloes, "rob"), keys=["9"])[0]
    sealed = Grant.objects.get(pk=on_choir.grant_id).sealed
    Grant.objects.filter(pk=other.grant_id).update(sealed=sealed)
    with pytest.raises(Refused):
        queries.session_for(other)


def test_a_state_counts_once_and_in_one_browser(
    choir: Platform, registered: Application, marloes: Person, hanna: Person
) -> None:
    mark, address = actions.begin_connecting(by=marloes, connector="choir")
    back = choir.agree(address)
    for person, marks, answered in (
        (marloes, [], back),  # another browser, as when a link is slipped to somebody
        (marloes, [mark], {**back, "state": "x"}),
        (marloes, [mark], {"code": back["code"]}),
        (hanna, [mark], back),
    ):
        with pytest.raises(Refused, match="not yours"):
            actions.arrive(by=person, connector="choir", marks=marks, answered=answered)
    actions.arrive(by=marloes, connector="choir", marks=[mark], answered=back)
    with pytest.raises(Refused, match="not yours"):
        actions.arrive(by=marloes, connector="choir", marks=[mark], answered=choir.agree(address))


def test_a_state_ends(choir: Platform, registered: Application, marloes: Person, noon: datetime) -> None:
    mark, address = actions.begin_connecting(by=marloes, connector="choir")
    with clock.fixed(noon + timedelta(minutes=16)), pytest.raises(Refused, match="too long"):
        actions.arrive(by=marloes, connector="choir", marks=[mark], answered=choir.agree(address))
    with clock.fixed(noon + timedelta(hours=2)):
        assert actions.sweep_connecting() == 1


@pytest.mark.parametrize(
    ("brought", "says"),
    [
        ({"error": "access_denied"}, "did not agree"),
        ({"error": "server_error"}, "Try it again"),
        ({"error": "invalid_scope"}, "administrator"),
        ({"error": "something_else"}, "something_else"),
        ({"error": "<script>alert(1)</script>"}, r"account: \?\."),
        ({"iss": "https://evil.example"}, "Somebody else answered"),
        ({"iss": None}, "Somebody else answered"),
        ({"code": ""}, "without an answer"),
        ({"code": "made-up"}, "gave no access"),
    ],
)
def test_what_comes_back_instead(
    choir: Platform, registered: Application, marloes: Person, brought: dict[str, Any], says: str
) -> None:
    mark, address = actions.begin_connecting(by=marloes, connector="choir")
    back = {name: value for name, value in choir.agree(address, **brought).items() if value is not None}
    with pytest.raises(Refused, match=says):
        actions.arrive(by=marloes, connector="choir", marks=[mark], answered=back)
    with pytest.raises(Refused, match="not yours"):  # whatever came, the state is used
        actions.arrive(by=marloes, connector="choir", marks=[mark], answered=choir.agree(address))
    assert not Grant.objects.exists()


@pytest.mark.parametrize(
    "answer",
    [
        NotSent("no way"), Unclear("broke off"), said(500, {"error": "server_error"}), said(200, b"<html>"),
        said(200, b""), said(200, []), said(200, {"access_token": ""}), said(200, {"access_token": "a b"}),
        said(200, {"access_token": "x" * 9000}), said(200, {"access_token": 5}), said(200, b"[" * 100_000),
        said(200, {"access_token": "good", "token_type": "mac"}), said(200, {"error": "invalid_grant"}),
        said(401, {"error": "invalid_client"}), said(429, {}), said(302, b""), said(400, {"error": {"a": 1}}),
    ],
)  # fmt: skip
def test_a_token_address_that_says_anything_at_all(
    choir: Platform, registered: Application, marloes: Person, answer: object
) -> None:
    mark, address = actions.begin_connecting(by=marloes, connector="choir")
    choir.trouble = answer
    with pytest.raises(Refused) as refused:
        actions.arrive(by=marloes, connector="choir", marks=[mark], answered=choir.agree(address))
    assert SECRET not in str(refused.value)
    assert not Grant.objects.exists()


def test_a_registration_that_no_longer_counts_is_told(
    choir: Platform, registered: Application, marloes: Person, ada: Person
) -> None:
    actions.register_application(by=SYSTEM, connector="choir", client_id=CLIENT, client_secret="another")
    mark, address = actions.begin_connecting(by=marloes, connector="choir")
    with pytest.raises(Refused, match="administrator"):
        actions.arrive(by=marloes, connector="choir", marks=[mark], answered=choir.agree(address))
    assert Application.objects.get().refused_at is not None
    assert queries.refused_applications(marloes) is None
    [todo] = panels.registrations_that_need_me(ada, list(queries.refused_applications(ada) or []))
    assert (todo.title, todo.url) == ("Choir no longer accepts Koor", "/platforms/choir/application/")


def test_again_replaces_the_tokens_and_nothing_else(
    choir: Platform, on_choir: Account, agreed: Callable[..., Connecting], marloes: Person, bram: Person
) -> None:
    actions.edit_account(by=marloes, account=on_choir, name="Our choir", purpose="work", audience=["jobseekers"])
    actions.set_member(by=marloes, account=on_choir, person=bram, may=["draft"])
    old = on_choir.grant_id
    Account.objects.update(health=Health.TROUBLE, health_note="No")
    Grant.objects.update(refused_at=clock.now())
    back = actions.connect_again_by(by=marloes, connecting=agreed(marloes, account=on_choir))
    assert (back.pk, back.name, back.purpose, back.audience) == (on_choir.pk, "Our choir", "work", ["jobseekers"])
    assert back.settings == {"author": "page"}
    assert (back.health, back.health_note, back.members.count()) == (Health.UNKNOWN, "", 1)
    assert queries.session_for(back).secrets == {"access_token": "els:access-2", "page_token": "p4ge"}
    assert not Grant.objects.filter(pk=old).exists()
    assert AuditEntry.objects.filter(verb="channels.agree_again").count() == 1


def test_again_takes_along_what_hung_on_the_same_tokens(agreed: Callable[..., Connecting], marloes: Person) -> None:
    own, ours = actions.connect_chosen(by=marloes, connecting=agreed(marloes), keys=["1", "7"])
    actions.connect_again_by(by=marloes, connecting=agreed(marloes, account=ours))
    own.refresh_from_db()
    ours.refresh_from_db()
    assert own.grant_id == ours.grant_id
    assert queries.session_for(own).secrets["access_token"] == "els:access-2"
    assert Grant.objects.count() == 1


def test_choosing_one_that_is_there_renews_it(
    on_choir: Account, agreed: Callable[..., Connecting], marloes: Person
) -> None:
    made = actions.connect_chosen(by=marloes, connecting=agreed(marloes), keys=["7"])
    assert [one.pk for one in made] == [on_choir.pk]
    assert Account.objects.filter(connector="choir").count() == 1


def test_again_as_somebody_else_changes_nothing(
    on_choir: Account, agreed: Callable[..., Connecting], marloes: Person
) -> None:
    before = queries.session_for(on_choir).secrets
    with pytest.raises(Refused, match="You agreed as Rob, which is not Reurslag"):
        actions.connect_again_by(by=marloes, connecting=agreed(marloes, "rob", account=on_choir))
    assert queries.session_for(on_choir).secrets == before


def test_a_disconnected_one_is_in_use_again(
    on_choir: Account, agreed: Callable[..., Connecting], marloes: Person
) -> None:
    actions.disconnect_account(by=marloes, account=on_choir)
    assert not Grant.objects.exists()
    assert not AccountSecret.objects.exists()
    on_choir.refresh_from_db()
    back = actions.connect_again_by(by=marloes, connecting=agreed(marloes, account=on_choir))
    assert back.state == AccountState.ACTIVE


def test_who_may(
    choir: Platform, registered: Application, agreed: Callable[..., Connecting], rob: Person, ada: Person
) -> None:
    row = agreed(rob)
    made = actions.connect_chosen(by=rob, connecting=row, keys=["1"])[0]
    assert (made.personal, made.owner) == (True, rob)
    with pytest.raises(Refused, match="connected already"):
        actions.connect_chosen(by=ada, connecting=agreed(ada), keys=["1"])
    with pytest.raises(Forbidden):
        actions.begin_connecting(by=ada, connector="choir", account=made)
    with pytest.raises(Forbidden):
        actions.register_application(by=rob, connector="choir", client_id="x", client_secret="y")


def test_not_registered_yet(choir: Platform, marloes: Person) -> None:
    with pytest.raises(Refused, match="administrator"):
        actions.begin_connecting(by=marloes, connector="choir")


def test_nowhere_to_speak_is_said_in_words(choir: Platform, registered: Application, marloes: Person) -> None:
    for there, says in (([], "nowhere on this platform"), (None, "does not tell"), (NotSent("is away"), "is away")):
        choir.people["els"] = there
        mark, address = actions.begin_connecting(by=marloes, connector="choir")
        with pytest.raises(Refused, match=says):
            actions.arrive(by=marloes, connector="choir", marks=[mark], answered=choir.agree(address))
    assert not Grant.objects.exists()


def test_what_was_brought_back_is_chosen_from_once(agreed: Callable[..., Connecting], marloes: Person) -> None:
    row = agreed(marloes)
    with pytest.raises(Refused, match="at least one"):
        actions.connect_chosen(by=marloes, connecting=row, keys=["somewhere else"])
    [account] = actions.connect_chosen(by=marloes, connecting=row, keys=["7"])
    with pytest.raises(Refused, match="not yours"):
        actions.connect_chosen(by=marloes, connecting=row, keys=["1"])
    row = agreed(marloes, account=account)
    twice = Connecting.objects.get(pk=row.pk)
    actions.connect_again_by(by=marloes, connecting=row)
    with pytest.raises(Refused, match="not yours"):
        actions.connect_again_by(by=marloes, connecting=twice)
    assert Account.objects.filter(connector="choir").count() == 1


def test_a_lost_key_is_mended_by_agreeing_again(
    choir: Platform, on_choir: Account, agreed: Callable[..., Connecting], marloes: Person, ada: Person
) -> None:
    """Nothing that it sealed can be opened: not the secret of the application, not the tokens, not what came along."""
    for kept in (Application, Grant, AccountSecret):
        kept.objects.update(sealed=b"of a key that is gone")
    with pytest.raises(Refused, match="Connect the account again"):
        queries.session_for(on_choir)
    actions.register_application(by=ada, connector="choir", client_id=CLIENT, client_secret=SECRET)
    choir.refreshes = False
    back = actions.connect_again_by(by=marloes, connecting=agreed(marloes, account=on_choir))
    assert queries.session_for(back).secrets == {"access_token": "els:access-2", "page_token": "p4ge"}


def test_where_nothing_can_be_looked_at_agreeing_again_is_enough(
    choir: Platform, on_choir: Account, agreed: Callable[..., Connecting], marloes: Person, monkeypatch: Any
) -> None:
    Account.objects.update(health=Health.TROUBLE, health_note="No")
    blind = dataclasses.replace(queries.connector("choir").manifest, checks=False)
    monkeypatch.setitem(queries.connectors(), "choir", dataclasses.replace(connector(), manifest=blind))
    back = actions.connect_again_by(by=marloes, connecting=agreed(marloes, account=on_choir))
    assert (back.health, back.health_note) == (Health.WELL, "")


def test_a_platform_without_a_page_is_not_connected_there(house: House, marloes: Person, ada: Person) -> None:
    with pytest.raises(Refused, match="not connected that way"):
        actions.begin_connecting(by=marloes, connector="bluesky")
    with pytest.raises(Refused, match="nothing has to be registered"):
        actions.register_application(by=ada, connector="bluesky", client_id="x", client_secret="y")


def test_an_application_has_a_number(choir: Platform, ada: Person) -> None:
    for number in (" ", "9" * 301):
        with pytest.raises(Refused, match="Number of the application"):
            actions.register_application(by=ada, connector="choir", client_id=number, client_secret="y")
    assert not Application.objects.exists()


def test_a_secret_belongs_to_its_client(registered: Application, ada: Person) -> None:
    word = queries.opened_application(registered)["verify_token"]
    actions.register_application(by=ada, connector="choir", client_id=CLIENT)
    with pytest.raises(Refused, match="Give the secret"):
        actions.register_application(by=ada, connector="choir", client_id="another")
    row = actions.register_application(by=ada, connector="choir", client_id="another", client_secret="new")
    assert queries.opened_application(row) == {"client_secret": "new", "verify_token": word}


def test_not_by_pasting(registered: Application, marloes: Person) -> None:
    with pytest.raises(Refused, match="on its own page"):
        actions.add_account(by=marloes, connector="choir", name="Choir", owner=marloes)

"""P10: tokens are renewed before they end, one renewal at a time, and what passes disconnects nobody."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from koor.ground.channels import actions, panels, queries, tasks
from koor.ground.channels.actions import renewing
from koor.ground.channels.choices import AccountState, Health
from koor.ground.channels.contract import Because, NotSent, OAuth, Outcome, Tokens, Unclear
from koor.ground.channels.models import Account, AccountSecret, Application, Connecting, Grant
from koor.ground.channels.tests.platform import OAUTH, Platform, connector, said
from koor.ground.people.models import Person
from koor.kernel import clock, seals, secrets

HOUR = timedelta(hours=1)


@pytest.fixture
def later(noon: datetime, on_choir: Account) -> Iterator[datetime]:
    """Just before the access token of the choir ends."""
    with clock.fixed(noon + timedelta(minutes=55)) as moment:
        yield moment


def opened(account: Account) -> dict[str, str]:
    return dict(queries.session_for(Account.objects.get(pk=account.pk)).secrets)


def test_P10_nothing_is_asked_while_it_works(choir: Platform, on_choir: Account, noon: datetime) -> None:
    with clock.fixed(noon + timedelta(minutes=45)):
        assert opened(on_choir)["access_token"] == "els:access-1"
    assert choir.renewals == 0


def test_P10_renewed_before_it_ends(choir: Platform, on_choir: Account, later: datetime) -> None:
    assert opened(on_choir)["access_token"] == "els:access-2"
    assert opened(on_choir)["access_token"] == "els:access-2"
    assert choir.renewals == 1
    assert queries.tokens_of(Grant.objects.get()).refresh == "refresh-2"


def test_P10_renewed_by_another_a_moment_ago(choir: Platform, on_choir: Account, later: datetime) -> None:
    waiting = [lambda: opened(on_choir)]

    def seen(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        found = execute(sql, *rest)
        if waiting and 'FROM "channels_grant"' in sql and sql.endswith("LIMIT 1"):  # looked at, and not held yet
            waiting.pop()()
        return found

    with connection.execute_wrapper(seen):
        assert opened(on_choir)["access_token"] == "els:access-2"
    assert (waiting, choir.renewals) == ([], 1)


def test_P10_an_empty_refresh_token_never_overwrites(choir: Platform, on_choir: Account, noon: datetime) -> None:
    choir.rotates = False
    for hour in (1, 2, 3):
        with clock.fixed(noon + hour * HOUR):
            assert opened(on_choir)["access_token"] == f"els:access-{hour + 1}"
    assert queries.tokens_of(Grant.objects.get()).refresh == "refresh-1"


def test_P10_agreeing_again_keeps_a_refresh_token_to_go_on_with(
    choir: Platform, on_choir: Account, agreed: Callable[..., Connecting], marloes: Person, noon: datetime
) -> None:
    """Also where the platform gives none the second time, as some do."""
    choir.refreshes = False
    actions.connect_again_by(by=marloes, connecting=agreed(marloes, account=on_choir))
    choir.refreshes = True
    with clock.fixed(noon + HOUR):
        assert opened(on_choir)["access_token"] == "els:access-3"


@pytest.mark.parametrize(
    "trouble",
    [
        NotSent("could not be reached"), Unclear("did not answer in time"), said(500, {"error": "server_error"}),
        said(503, b""), said(502, b"<html>"), said(200, b"<html>"), said(200, {"access_token": ""}), said(429, {}),
        said(200, {"error": "invalid_grant"}), said(400, b"invalid_grant"), said(400, {"error": "slow_down"}),
        said(401, {"error": "invalid_client"}), said(403, {"error": "invalid_grant"}), said(302, b""),
    ],
)  # fmt: skip
def test_P10_a_passing_error_never_disconnects(
    choir: Platform, on_choir: Account, later: datetime, trouble: Any, noon: datetime
) -> None:
    choir.trouble = trouble
    assert opened(on_choir)["access_token"] == "els:access-1"  # it works for five minutes more
    assert opened(on_choir)["access_token"] == "els:access-1"
    assert choir.renewals == 1  # and the platform is left alone for a while
    with clock.fixed(noon + 2 * HOUR):
        session = queries.session_for(Account.objects.get())
        with pytest.raises(NotSent):
            session.http.request("POST", "https://choir.example/sing")
        actions.look_at(on_choir.pk)
    account = Account.objects.get()
    assert (account.state, Grant.objects.get().refused_at) == (AccountState.ACTIVE, None)
    assert account.health != Health.TROUBLE
    choir.trouble = None
    with clock.fixed(noon + 3 * HOUR):
        assert opened(on_choir)["access_token"] == "els:access-2"
    assert Grant.objects.get().failures == 0


def test_P10_a_definite_no_is_told_to_the_owner(
    choir: Platform, on_choir: Account, later: datetime, marloes: Person
) -> None:
    choir.ended = True
    session = queries.session_for(on_choir)
    assert session.http.request("POST", "https://choir.example/sing").status == 401
    assert not [url for _method, url, _body in choir.asked if url.endswith("/sing")]
    account = Account.objects.get()
    assert (account.health, account.state) == (Health.TROUBLE, AccountState.ACTIVE)
    assert "Connect it again" in account.health_note
    assert queries.session_for(account).http.request("GET", "https://choir.example/me").status == 401
    assert choir.renewals == 1  # it is not asked again and again
    [todo] = panels.accounts_that_need_me(marloes, list(queries.troubled_accounts_of(marloes)))
    assert (todo.button, todo.url) == ("Connect it again", f"/accounts/{account.pk}/again/")


def test_P10_scopes_that_were_lost_are_seen_when_it_is_looked_at(
    choir: Platform, on_choir: Account, later: datetime
) -> None:
    choir.people.clear()
    actions.look_at(on_choir.pk)
    assert Account.objects.get().health == Health.TROUBLE


@pytest.mark.django_db(transaction=True)
def test_P10_twenty_posts_make_one_renewal(choir: Platform, agreed: Callable[..., Connecting], marloes: Person) -> None:
    """A refresh token that comes back a second time ends everything there, as with real servers."""
    on_choir = actions.connect_chosen(by=marloes, connecting=agreed(marloes), keys=["7"])[0]
    Grant.objects.update(expires_at=None)
    _end_soon(seconds=1)
    choir.slow = 0.3
    found: list[str] = []

    def post() -> None:
        try:
            found.append(opened(on_choir)["access_token"])
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert found == ["els:access-2"] * 20
    assert (choir.renewals, choir.ended) == (1, False)


def _end_soon(seconds: float) -> None:
    """The access token that is there ends in so many seconds."""
    grant = Grant.objects.get()
    tokens = queries.tokens_of(grant)
    ending = Tokens(tokens.access, tokens.refresh, clock.now() + timedelta(seconds=seconds), tokens.scopes)
    renewing.keep_tokens(grant, ending)
    Grant.objects.update(renewed_at=clock.now() - HOUR)


def test_P10_one_that_is_being_renewed_is_used_meanwhile(
    choir: Platform, on_choir: Account, later: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("koor.ground.channels.actions.renewing.locks.held", _taken)
    assert opened(on_choir)["access_token"] == "els:access-1"
    assert choir.renewals == 0


def test_P10_who_waits_too_long_for_a_renewal_tries_again_later(
    choir: Platform, on_choir: Account, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("koor.ground.channels.actions.renewing.locks.held", _taken)
    monkeypatch.setattr(renewing, "LONGEST_WAIT", 0)
    with clock.fixed(noon + 2 * HOUR), pytest.raises(NotSent, match="is being renewed"):
        queries.session_for(on_choir).http.request("POST", "https://choir.example/sing")
    assert (choir.renewals, Account.objects.get().state) == (0, AccountState.ACTIVE)


def test_P10_a_no_that_another_process_just_heard_counts(
    choir: Platform, on_choir: Account, later: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("koor.ground.channels.actions.renewing.locks.held", _refused_meanwhile)
    assert queries.session_for(on_choir).http.request("POST", "https://choir.example/sing").status == 401
    assert choir.renewals == 0


def test_P10_a_registration_that_is_away_disconnects_nobody(
    choir: Platform, on_choir: Account, noon: datetime, ada: Person
) -> None:
    with clock.fixed(noon + 2 * HOUR):
        Application.objects.update(sealed=b"of a key that is gone")
        with pytest.raises(NotSent, match="can't be opened"):
            queries.session_for(on_choir).http.request("POST", "https://choir.example/sing")
    with clock.fixed(noon + 3 * HOUR):
        actions.forget_application(by=ada, connector="choir")
        with pytest.raises(NotSent, match="not registered"):
            queries.session_for(on_choir).http.request("POST", "https://choir.example/sing")
    assert Account.objects.get().health != Health.TROUBLE
    assert Grant.objects.get().refused_at is None


class _refused_meanwhile:
    """A lock that another process had, and let go when the platform had said no."""

    def __init__(self, _name: str) -> None: ...

    def __enter__(self) -> bool:
        return bool(Grant.objects.update(refused_at=clock.now()))

    def __exit__(self, *_: object) -> None: ...


class _taken:
    """A lock that somebody else has."""

    def __init__(self, _name: str) -> None: ...

    def __enter__(self) -> bool:
        return False

    def __exit__(self, *_: object) -> None: ...


def test_the_key_of_the_house_is_changed_meanwhile(
    choir: Platform, on_choir: Account, noon: datetime, tmp_path: Any, settings: Any
) -> None:
    before = bytes(Grant.objects.get().sealed)
    secrets.rotate()
    assert opened(on_choir)["access_token"] == "els:access-1"
    assert seals.reseal().anew == 3  # the tokens, what belongs to the account, the application
    assert seals.reseal().anew == 0
    kept = AccountSecret.objects.get().sealed
    assert bytes(Grant.objects.get().sealed) != before
    AccountSecret.objects.update(sealed=b"of a key that is gone long since")
    assert seals.reseal() == seals.Resealed(0, 1)  # and that stops no other
    AccountSecret.objects.update(sealed=kept)
    assert all(
        bytes(row.sealed).startswith(secrets.head())
        for row in (Grant.objects.get(), AccountSecret.objects.get(), Application.objects.get())
    )
    with clock.fixed(noon + HOUR):
        assert opened(on_choir) == {"access_token": "els:access-2", "page_token": "p4ge"}


@pytest.fixture
def sixty_days(choir: Platform, monkeypatch: pytest.MonkeyPatch) -> Platform:
    """A platform that gives sixty days and no refresh token."""
    choir.refreshes, choir.life = False, 60 * 86400
    ends = connector(OAuth(**{**vars(OAUTH), "refreshes": False}))
    monkeypatch.setitem(queries.connectors(), "choir", ends)
    return choir


def test_the_owner_hears_a_week_before_it_ends(
    sixty_days: Platform, noon: datetime, agreed: Callable[..., Connecting], marloes: Person
) -> None:
    account = actions.connect_chosen(by=marloes, connecting=agreed(marloes), keys=["7"])[0]
    with clock.fixed(noon + timedelta(days=52)):
        assert not queries.accounts_to_agree_for(marloes)
    with clock.fixed(noon + timedelta(days=54)):
        rows = list(queries.accounts_to_agree_for(marloes))
        assert rows == [account]
        [todo] = panels.accounts_to_agree_for(marloes, rows)
        assert (todo.title, todo.button) == ("Reurslag works until 23 January", "Connect it again")
        assert opened(account)["access_token"] == "els:access-1"
    with clock.fixed(noon + timedelta(days=61)):
        assert queries.session_for(account).http.request("GET", "https://choir.example/me").status == 401
    assert Account.objects.get(pk=account.pk).health == Health.TROUBLE
    assert sixty_days.renewals == 0


def test_the_end_of_the_refresh_token_counts(
    choir: Platform, on_choir: Account, noon: datetime, marloes: Person
) -> None:
    choir.trouble = said(
        200, {"access_token": "new", "expires_in": 3600, "refresh_token": "r", "refresh_token_expires_in": 5 * 86400}
    )
    with clock.fixed(noon + HOUR):
        opened(on_choir)
        assert list(queries.accounts_to_agree_for(marloes)) == [on_choir]


def test_the_hourly_look_renews(choir: Platform, on_choir: Account, later: datetime) -> None:
    tasks.check_account(on_choir.pk)
    assert (choir.renewals, Account.objects.get().health) == (1, Health.WELL)


def test_what_came_in_by_itself_asks_nobody(choir: Platform, on_choir: Account, later: datetime) -> None:
    queries.session_for(on_choir, fresh=False)
    assert choir.renewals == 0


def test_tokens_stand_in_no_job_and_no_log(
    choir: Platform, on_choir: Account, later: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    choir.trouble = RuntimeError("els:access-1 refresh-1")
    tasks.check_accounts(timestamp=0)
    actions.look_at(on_choir.pk)
    told = str([job.args for job in ProcrastinateJob.objects.all()]) + caplog.text + str(Account.objects.values())
    assert "RuntimeError" in caplog.text
    assert not [word for word in ("access-1", "refresh-1", "p4ge") if word in told]


def test_a_connector_of_its_own_way(choir: Platform, on_choir: Account, later: datetime, monkeypatch: Any) -> None:
    """Its answer counts as the platform's would; what it raises disconnects nobody."""
    own = connector()
    monkeypatch.setitem(queries.connectors(), "choir", own)
    own.connect.refresh = lambda session, tokens: Tokens(f"{tokens.access}+", expires_at=clock.now() + HOUR)
    assert opened(on_choir)["access_token"] == "els:access-1+"
    assert queries.tokens_of(Grant.objects.get()).refresh == "refresh-1"
    assert actions.fresh_tokens(0) == Outcome("definitely_not", because=Because.AUTH, answer="ended")  # type: ignore[arg-type]

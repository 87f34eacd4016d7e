"""The named cast that all tests share, a fixed clock, and a worker that runs the jobs at once."""

import os
import secrets
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.utils import translation

from koor.ground.people.choices import Autonomy, Role
from koor.ground.people.models import Discipline, House, Person
from koor.kernel import clock, panels
from koor.kernel.access import Refused
from koor.shell.sessions import SessionStore

pytest_plugins = ["tests.mastodon_server.fixture", "tests.peers.fixture"]

# After a test its house is emptied, with what is never removed from a real one.
os.environ.setdefault("PGOPTIONS", "-c koor.emptied=yes")

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # a Tuesday, 13:00 in Amsterdam


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Tests read the message ids; a page speaks the language of its visitor all the same."""
    with translation.override("en"):
        yield


@pytest.fixture
def noon() -> Iterator[datetime]:
    """The clock stands still on a Tuesday in November."""
    with clock.fixed(NOON):
        yield NOON


@pytest.fixture(autouse=True)
def only_the_page(request: pytest.FixtureRequest) -> None:
    """Where queries are counted, a page is counted without the numbers that other rooms put beside the navigation."""
    if "django_assert_num_queries" in request.fixturenames:
        request.getfixturevalue("monkeypatch").setattr(panels, "_counts", {})


@pytest.fixture
def house(db: None) -> House:
    return House.objects.create(
        pk=1, name="Reurslag", place="Borculo", language="en", identity=uuid.uuid4(), made_at=clock.now()
    )


@pytest.fixture
def person(house: House) -> Callable[..., Person]:
    """Make a colleague: `person("Bram Wolters", Role.HELPER, discipline="Installers")`."""

    def make(name: str, *roles: str, discipline: str = "Installers", **fields: Any) -> Person:
        island, _new = Discipline.objects.get_or_create(name=discipline, defaults={"slug": discipline.lower()})
        email = fields.pop("email", f"{name.split()[0].lower()}@reurslag.example")
        fields.setdefault("autonomy", Autonomy.OWN)
        fields.setdefault("language", "en")
        colleague = Person(name=name, email=email, roles=list(roles), discipline=island, **fields)
        colleague.set_password("a long enough password")
        colleague.save()
        return colleague

    return make


@pytest.fixture
def bram(person: Callable[..., Person]) -> Person:
    """A technician in the field."""
    return person("Bram Wolters", Role.HELPER)


@pytest.fixture
def henk(person: Callable[..., Person]) -> Person:
    """Another technician, whom customers know."""
    return person("Henk Oonk", Role.HELPER)


@pytest.fixture
def anneke(person: Callable[..., Person]) -> Person:
    """Service: answers questions."""
    return person("Anneke Boschker", Role.HELPER, discipline="Service")


@pytest.fixture
def rob(person: Callable[..., Person]) -> Person:
    """Sales: a known face."""
    return person("Rob Tankink", Role.FACE, discipline="Sales")


@pytest.fixture
def hanna(person: Callable[..., Person]) -> Person:
    """The captain."""
    return person("Hanna Reurslag", Role.CAPTAIN, discipline="Office")


@pytest.fixture
def marloes(person: Callable[..., Person]) -> Person:
    """The curator."""
    return person("Marloes Nijhuis", Role.CURATOR, discipline="Office")


@pytest.fixture
def pieter(person: Callable[..., Person]) -> Person:
    """PR on duty."""
    return person("Pieter Wessels", Role.PR, discipline="Office")


@pytest.fixture
def ada(person: Callable[..., Person]) -> Person:
    """The administrator."""
    return person("Ada Mulder", Role.ADMINISTRATOR, discipline="Office")


@pytest.fixture
def newcomer(person: Callable[..., Person]) -> Person:
    """A colleague without any role, still practising."""
    return person("Jelle Nieuwenhuis", autonomy=Autonomy.PRACTISE, discipline="Apprentices")


@pytest.fixture
def visit() -> Callable[[Person | None], Client]:
    """A browser: `visit(bram).get("/")`; `visit(None)` is a stranger."""

    def sign_in(colleague: Person | None) -> Client:
        client = Client()
        if colleague is not None:
            client.cookies[settings.SESSION_COOKIE_NAME] = a_session_of(colleague)
        return client

    return sign_in


def a_session_of(colleague: Person) -> str:
    """As signing in leaves it, written in one statement. What happens at the door itself is tested at the door."""
    session, key = SessionStore(), secrets.token_hex(16)
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(colleague.pk), colleague.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    kept = {"session_data": session.encode(session._session), "expire_date": session.get_expiry_date()}
    Session.objects.create(session_key=key, **kept)
    return key


@pytest.fixture
def run_jobs() -> Callable[[], None]:
    """Run every job that waits, in this process, until none is left. Wants `transaction=True` on the database mark.
    What the clock would begin (some fifty jobs a minute) is not among it: a test that wants it defers it."""
    from procrastinate.contrib.django import app
    from procrastinate.periodic import PeriodicRegistry

    def run() -> None:
        with (
            app.replace_connector(app.connector.get_worker_connector()) as worker_app,
            pytest.MonkeyPatch.context() as on,
        ):
            on.setattr(worker_app, "periodic_registry", PeriodicRegistry())
            worker_app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="never")

    def run_beside() -> None:
        """In a thread of its own: a test with a browser has an event loop running already."""
        with ThreadPoolExecutor(1) as thread:
            thread.submit(run).result()

    return run_beside


@pytest.fixture
def before_held() -> Callable[[type[Model], Callable[[], Any]], AbstractContextManager[None]]:
    """`with before_held(Slot, deed):` what somebody else does after a row was looked at, just before it is held."""

    @contextmanager
    def run(model: type[Model], deed: Callable[[], Any]) -> Iterator[None]:
        waiting, table = [deed], f'FROM "{model._meta.db_table}"'

        def asked(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            if waiting and table in sql and sql.rpartition(" FOR ")[2].startswith(("UPDATE", "NO KEY UPDATE")):
                waiting.pop()()
            return execute(sql, *rest)

        with connection.execute_wrapper(asked):
            yield
        assert not waiting

    return run


@pytest.fixture
def at_once() -> Callable[..., list[Any]]:
    """Do a thing in several threads that start together; what each answered, or the refusal that it got.

    Wants `transaction=True` on the database mark."""

    def run(deed: Callable[[int], Any], times: int = 6) -> list[Any]:
        gate = Barrier(times)

        def one(number: int) -> Any:
            gate.wait()
            try:
                return deed(number)
            except Refused as refused:
                return refused
            finally:
                connection.close()

        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(one, range(times)))

    return run

"""Loaded by `addopts = -p tests.plugin` before pytest-django reads settings: tests never meet the real house.

It points KOOR_HOME to a folder of this process and DATABASE_URL to the test cluster, closes the network except for
loopback and unix sockets, and decides which tests are left out on this machine. The database itself: tests/database.py.
"""

from __future__ import annotations

import gc
import ipaddress
import os
import shutil
import socket
import stat
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import hypothesis
import pytest

from koor.kernel import collector, postgres
from tests import compiled
from tools import messages, peers

KEPT = ("KOOR_TEST_", "KOOR_LIVE_", "KOOR_SEED")  # the rest of KOOR_* speaks of a real house
# The whole browser, and the one without a window: that takes half the processor time, but shows no messages of a phone
WHOLE = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), "")
CHROMIUM = shutil.which("chromium-headless-shell") or WHOLE
# The longest, and those that mostly wait for another process, so that the rest is done meanwhile
FIRST = (
    "test_the_demo.py", "test_every_page.py", "test_deliver_worse.py", "test_house_stands.py", "test_without_signal.py",
    "test_backup.py", "test_make_renditions.py", "test_supervisor.py", "test_simulator.py", "test_erase_personal.py",
    "test_postgres.py", "test_deliver_killed.py", "test_naughty_strings.py", "test_faces.py",
    "test_messages_on_a_phone.py", "test_match_fast.py", "test_bad_addresses.py", "test_hear_together.py",
)  # fmt: skip
NEAR = ("test_the_loop.py", "test_direct_line.py", "test_a_fire.py", "test_show_a_photo.py")  # journeys of `make test`
ALL = os.environ.get("KOOR_TEST_ALL") == "1"  # make test-long
QUICK = os.environ.get("KOOR_TEST_QUICK") == "1" and not ALL  # make test
NO_CHROMIUM = "no Chromium on this machine"
NOT_ASKED = "takes long: make test-long"
BROAD = "walks far: make check"
NO_PEER = "no real server here: "
NO_EXTRA = "this extra is not installed: "


def test_home() -> Path:
    """The folder that all test sessions of this user share; made when it is not there. $KOOR_TEST_HOME moves it."""
    given = os.environ.get("KOOR_TEST_HOME")
    home = Path(given) if given else Path(tempfile.gettempdir()) / f"koor-test-{os.geteuid()}-pg{postgres.MAJOR}"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    seen = home.lstat()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != os.geteuid():
        raise pytest.UsageError(f"{home} belongs to someone else: set KOOR_TEST_HOME")
    return home.resolve()


def session_home() -> Path:
    """KOOR_HOME of this process: uploads and keys of concurrent sessions must not meet."""
    return test_home() / f"run-{os.getpid()}"


def _set_environment() -> None:
    for name in [name for name in os.environ if name.startswith("KOOR_") and not name.startswith(KEPT)]:
        del os.environ[name]
    session_home().mkdir(mode=0o700, exist_ok=True)
    (session_home() / "static").mkdir(exist_ok=True)  # WhiteNoise warns without it
    os.environ["KOOR_HOME"] = str(session_home())
    os.environ["DATABASE_URL"] = database_url(postgres.NAME)
    os.environ["DJANGO_SETTINGS_MODULE"] = "koor.settings"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's own loop would forbid the ORM in the same test


def database_url(name: str) -> str:
    """How a child process of a test finds this database of the test cluster."""
    host = quote(str(postgres.socket_folder(test_home())), safe="")
    return f"postgresql://{postgres.NAME}@/{name}?host={host}"


# ── The network ──────────────────────────────────────────────────────────────────────────────────────────────────────


class OutsideWorldError(OSError):
    """A test tried to leave this machine."""


LIVE_HOSTS = {urlsplit(value).hostname for name, value in os.environ.items() if name.startswith("KOOR_LIVE_")}
_live_addresses: set[str] = set()
_connect, _connect_ex, _sendto = socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto
_getaddrinfo = socket.getaddrinfo


def _is_near(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost") or host in _live_addresses:
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


def _check(address: Any) -> None:
    if isinstance(address, tuple) and address and not _is_near(str(address[0])):
        raise OutsideWorldError(f"tests stay on this machine; {address[0]} is outside (tests/plugin.py)")


def _guarded_connect(self: socket.socket, address: Any) -> None:
    _check(address)
    return _connect(self, address)


def _guarded_connect_ex(self: socket.socket, address: Any) -> int:
    _check(address)
    return _connect_ex(self, address)


def _guarded_sendto(self: socket.socket, *arguments: Any) -> int:
    _check(arguments[-1])
    return _sendto(self, *arguments)


def _guarded_getaddrinfo(host: Any, *arguments: Any, **named: Any) -> Any:
    """No name but localhost is looked up, except the hosts of KOOR_LIVE_…"""
    name = host.decode() if isinstance(host, bytes) else host
    if name in LIVE_HOSTS and name:
        found = _getaddrinfo(host, *arguments, **named)
        _live_addresses.update(str(entry[4][0]) for entry in found)
        return found
    literal = not name or name.replace(".", "").isdigit() or ":" in name
    if literal or _is_near(name):
        return _getaddrinfo(host, *arguments, **named)
    raise socket.gaierror(socket.EAI_NONAME, f"tests look up no names; {name} is outside (tests/plugin.py)")


def _close_network() -> None:
    socket.socket.connect = _guarded_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = _guarded_connect_ex  # type: ignore[method-assign]
    socket.socket.sendto = _guarded_sendto  # type: ignore[assignment, method-assign]
    socket.getaddrinfo = _guarded_getaddrinfo


# ── Hooks ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Fixtures come last, so that our `django_db_setup` is found before the one of pytest-django."""
    messages.compile_all()
    config.pluginmanager.import_plugin("tests.database")
    if config.getoption("tx", None) and not hasattr(config, "workerinput"):  # others will run the tests
        compiled.compile_once(config)
    # No clock in tests: on a busy machine an example takes as long as it takes
    slow, examples = [hypothesis.HealthCheck.too_slow], 100 if ALL else 50
    hypothesis.settings.register_profile("koor", deadline=None, max_examples=examples, suppress_health_check=slow)
    hypothesis.settings.load_profile("koor")


def pytest_unconfigure() -> None:
    shutil.rmtree(session_home(), ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest come first, so that no process ends with one of them while the others wait. With KOOR_TEST_ALL=1
    (`make test-long`) nothing is left out here, and nothing tried again: what is missing then fails, but for documents
    of others (KOOR_TEST_SPECS). A browser and a foreign server share two cores with all the rest and can be late: they
    get a second chance, and the last lines name them."""
    collector.rest()
    items.sort(key=turn)
    if ALL:
        return
    for item in items:
        if item.get_closest_marker("browser") or item.get_closest_marker("peers"):
            item.add_marker(pytest.mark.flaky(reruns=1))
        if (mark := item.get_closest_marker("browser")) and not (WHOLE if mark.kwargs.get("whole") else CHROMIUM):
            item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip(reason=NOT_ASKED))
        if QUICK and is_broad(item):
            item.add_marker(pytest.mark.skip(reason=BROAD))
        for name in _missing_extras(item):
            item.add_marker(pytest.mark.skip(reason=NO_EXTRA + name))
        for name in _missing_peers(item):
            item.add_marker(pytest.mark.skip(reason=NO_PEER + name))


def is_broad(item: pytest.Item) -> bool:
    """By its mark, and the journeys of a browser but those that carry the house."""
    far = item.path.parent.name == "journeys" and item.path.name not in NEAR
    return far or item.get_closest_marker("broad") is not None


def turn(item: pytest.Item) -> int:
    """When it comes: the long ones by name, the other journeys, then the rest as they were found."""
    if item.path.name in FIRST:
        return FIRST.index(item.path.name)
    return len(FIRST) + (item.path.parent.name not in ("journeys", "disasters"))


def _missing_peers(item: pytest.Item) -> list[str]:
    """The servers of `@pytest.mark.peers("oidc", …)` that are not on this machine."""
    return [name for mark in item.iter_markers("peers") for name in mark.args if not peers.is_there(name)]


def _missing_extras(item: pytest.Item) -> list[str]:
    """The extra of `@pytest.mark.optional("fast", "numba")`, by its package, when it is not installed."""
    return [mark.args[0] for mark in item.iter_markers("optional") if find_spec(mark.args[1]) is None]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The last lines say what this machine left out, what it had to do twice, and the tables that tests made."""
    for report in terminalreporter.stats.get("passed", []):
        for table in [value for name, value in report.user_properties if name == "table"]:
            terminalreporter.write_line(f"\n{table}")
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.write_line(f"tried again: {report.nodeid}", yellow=True)
    reasons = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
    browser = sum(NO_CHROMIUM in reason for reason in reasons)
    if browser:
        terminalreporter.write_line(
            f"{browser} browser tests were skipped: {NO_CHROMIUM}. As root: apt-get install chromium", yellow=True
        )
    broad = sum(BROAD in reason for reason in reasons)
    if broad:
        terminalreporter.write_line(f"{broad} broad tests were left to make check", yellow=True)
    for name in peers.PEERS:
        number = sum(NO_PEER + name in reason for reason in reasons)
        if number:
            terminalreporter.write_line(f"{number} tests with the peer {name} were skipped: make peers", yellow=True)
    for reason in sorted({reason.split(NO_EXTRA)[1].rstrip("')") for reason in reasons if NO_EXTRA in reason}):
        number = sum(NO_EXTRA + reason in other for other in reasons)
        terminalreporter.write_line(
            f"{number} tests of the extra {reason} were skipped: requirements/{reason}.txt", yellow=True
        )


gc.set_threshold(100_000, 50, 1000)  # while all is loaded hardly anything is let go of; then collector.rest()
_set_environment()
_close_network()

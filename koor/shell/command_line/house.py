"""`koor start | web | worker`: the house as processes, and what a start prepares.

What supervises imports no Django: it should stay small and never fall."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import partial

from koor.shell.command_line.frame import Command, running, setup
from koor.shell.supervisor import MARK, CannotStart, Part, Plan, Supervisor

THREADS = 8  # of a web process; each may hold a database connection
WORKER_JOBS = 4  # that the worker for all but sending does at once
SENDING_SECONDS = 20.0  # to finish a post when the house stops; the ledger deals with what is cut off


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def koor(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "koor", *arguments]


def number(name: str, default: int) -> int:
    """A whole number above zero from the environment. Raises CannotStart in words."""
    given = os.environ.get(name, "").strip() or str(default)
    if not given.isdigit() or int(given) < 1:
        raise CannotStart(f"{name} must be a whole number above 0, not {given!r}")
    return int(given)


# The parts


def web_part(host: str, port: int) -> Part:
    """granian; a fixed number of threads, for its default of 512 would ask for as many database connections."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws"]
    command += ["--workers", str(number("KOOR_WEB_PROCESSES", 1)), "--respawn-failed-workers"]
    command += ["--blocking-threads", str(number("KOOR_WEB_THREADS", THREADS)), "--backpressure", "256"]
    command += ["--workers-kill-timeout", "5", "--log-level", "error"]
    return Part("web", [*command, "koor.shell.wsgi:application"], stop_seconds=10)


def worker_parts() -> list[Part]:
    senders = number("KOOR_SENDERS", 1)
    return [
        Part("worker", koor("worker", "--only", "other")),
        Part("listener", koor("worker", "--only", "listening")),
        *(Part(f"sender {n}", koor("worker", "--only", "sending"), SENDING_SECONDS) for n in range(1, senders + 1)),
    ]


def supervise(
    parts: list[Part],
    *,
    listens: bool,
    whole: bool = False,
    prepare: Sequence[str] = (),
    prepared: Callable[[], Sequence[str] | None] = lambda: None,
) -> None:
    """Raises CannotStart."""
    from koor import settings
    from koor.kernel.postgres import Cluster, embedded

    plan = Plan(
        home=settings.KOOR_HOME,
        parts=parts,
        address=settings.KOOR_URL,
        host=os.environ.get("KOOR_HOST") or "127.0.0.1" if listens else None,
        port=settings.KOOR_PORT if listens else None,
        whole=whole,
        cluster=Cluster(settings.KOOR_HOME) if embedded() else None,
        prepare=prepare,
        prepared=prepared,
        environment={"DJANGO_SETTINGS_MODULE": "koor.settings", "PYTHONUNBUFFERED": "1"},
    )
    Supervisor(plan, tell).run()


def listening() -> Part:
    from koor import settings

    return web_part(os.environ.get("KOOR_HOST") or "127.0.0.1", settings.KOOR_PORT)


# The commands


def start(args: argparse.Namespace) -> None:
    from koor import settings
    from koor.shell.prepared import still_holds

    prepare = koor("prepare", *(["--demo"] if args.demo else []))
    prepared = partial(still_holds, settings.KOOR_HOME, demo=args.demo)
    supervise([listening(), *worker_parts()], listens=True, whole=True, prepare=prepare, prepared=prepared)


def web(args: argparse.Namespace) -> None:
    supervise([listening()], listens=True)


def worker(args: argparse.Namespace) -> None:
    if args.only is None:
        supervise(worker_parts(), listens=False)
        return
    setup()
    from django.conf import settings

    from koor.shell import worker as work

    supervised = os.environ.get(MARK)  # then the supervisor holds the database
    with nullcontext() if supervised else running(settings.KOOR_HOME):
        if args.only == "listening":
            work.listen()
        else:
            work.work(sending=args.only == "sending", at_once=WORKER_JOBS)


def prepare(args: argparse.Namespace) -> None:
    from koor.shell import preparation

    preparation.prepare(tell, demo=args.demo)


def demo_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--demo", action="store_true", help="load the demo organisation into an empty house")


def worker_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", choices=["sending", "other", "listening"], help="one process (default: all)")


COMMANDS = [
    Command("start", start, about="Start the house: database, web, workers.", arguments=demo_option, needs_house=False),
    Command("web", web, about="Only the web server.", needs_house=False),
    Command("worker", worker, about="Only the workers.", arguments=worker_options, needs_house=False),
    Command("prepare", prepare, about="Migrate, gather static files (start does this).", arguments=demo_option),
]

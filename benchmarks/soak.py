"""A storm at the signed door (`make soak`): so many messages a minute, for so many minutes, against a house that runs.

A whole house of its own (database, web server, workers) on loopback, in a folder that is thrown away. Each message comes one to
five times, out of order; a tenth are changed and a twentieth taken back, some of them before they came. Meanwhile posts are
planned. In the end it counts: nothing lost, nothing twice, how soon a message stood in the inbox, whether posts went in time."""

from __future__ import annotations

import argparse
import heapq
import http.client
import json
import os
import random
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

A_MINUTE, SENDERS, WRITERS = 1_000, 6, 2_000
LATEST_COPY = 20.0  # seconds after the first one
LOOK_EVERY = 0.25  # seconds between two looks at what is visible
WAIT_AFTER = 300.0  # seconds at most until the last message stands
SLOWEST, LATEST_POST = 10.0, 60.0  # goals, in seconds
WORDS = [
    "ketel",
    "warmtepomp",
    "lekt",
    "offerte",
    "maandag",
    "boven",
    "koud",
    "storing",
    "rekening",
    "afspraak",
    "filter",
    "geluid",
    "monteur",
    "bedankt",
]


@dataclass(order=True)
class Copy:
    """One delivery, at its moment of the storm."""

    at: float
    number: int
    body: bytes = field(compare=False)
    first: str = field(compare=False, default="")  # of which message this is the first copy


@dataclass
class Storm:
    """What is sent, and what must stand in the end."""

    copies: list[Copy] = field(default_factory=list)
    stands: dict[str, str] = field(default_factory=dict)  # by the id of a message its last words

    @property
    def seconds(self) -> float:
        return max(copy.at for copy in self.copies)


def storm(number: int, a_minute: int, seed: int) -> Storm:
    """A plan of `number` messages. The same seed gives the same storm."""
    chance, made = random.Random(seed), Storm()
    for n in range(number):
        key, at = f"storm-{n}", n * 60 / a_minute
        text = " ".join(chance.choices(WORDS, k=chance.randint(4, 14))) + f" ({n})"
        who = chance.randrange(WRITERS)
        event = {"id": key, "from": {"id": f"w{who}", "name": f"Schrijver {who}"}, "text": text, "at": _moment(at)}
        _copies(made, chance, at, event, first=key)
        made.stands[key] = text
        if chance.random() < 0.10:
            later = text + " (anders)"
            edit = {"type": "edited", "id": key, "text": later, "at": _moment(at + 30)}
            _copies(made, chance, max(0.0, at + chance.uniform(-3, 15)), edit)
            made.stands[key] = later
        if chance.random() < 0.05:
            _copies(made, chance, max(0.0, at + chance.uniform(-3, 15)), {"type": "deleted", "id": key})
            del made.stands[key]
    heapq.heapify(made.copies)
    return made


def _moment(seconds: float) -> float:
    return round(time.time() - 60 + seconds, 3)


def _copies(made: Storm, chance: random.Random, at: float, event: dict[str, Any], first: str = "") -> None:
    body = json.dumps(event).encode()
    for copy in range(chance.randint(1, 5)):
        moment = at if copy == 0 else at + chance.uniform(0, LATEST_COPY)
        made.copies.append(Copy(moment, len(made.copies), body, "" if copy else first))


class Sending(threading.Thread):
    """One of several who send what is due; a delivery that was not kept is sent again."""

    def __init__(self, made: Storm, start: float, port: int, path: str, secret: bytes, lock: threading.Lock) -> None:
        super().__init__(daemon=True)
        self.made, self.start_at, self.port, self.path, self.secret, self.lock = made, start, port, path, secret, lock
        self.sent, self.again, self.slowest, self.arrived = 0, 0, 0.0, dict[str, float]()
        self.line: http.client.HTTPConnection | None = None

    def run(self) -> None:
        while True:
            with self.lock:
                copy = heapq.heappop(self.made.copies) if self.made.copies else None
            if copy is None:
                return
            time.sleep(max(0.0, self.start_at + copy.at - time.monotonic()))
            begun = time.monotonic()
            if copy.first:
                self.arrived[copy.first] = time.time()
            while not self._kept(copy.body):
                self.again += 1
                time.sleep(0.5)
            self.sent += 1
            self.slowest = max(self.slowest, time.monotonic() - begun)

    def _kept(self, body: bytes) -> bool:
        from koor.kernel import signed

        try:
            if self.line is None:
                self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            headers = signed.headers(self.secret, secrets.token_hex(8), int(time.time()), body)
            self.line.request("POST", self.path, body, headers)
            answer = self.line.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self.line = None
            return False
        return answer.status == 200


class Watching(threading.Thread):
    """Notes when each message first stands where the inbox reads, and asks for the inbox itself now and then."""

    def __init__(self, account: int, curator: int) -> None:
        super().__init__(daemon=True)
        self.account, self.curator, self.over = account, curator, threading.Event()
        self.seen: dict[str, float] = {}
        self.pages: list[float] = []

    def run(self) -> None:
        from django.db import connection

        rounds = 0
        while not self.over.is_set():
            self.look()
            if rounds % 40 == 0:
                self._page()
            rounds += 1
            self.over.wait(LOOK_EVERY)
        connection.close()

    def look(self) -> None:
        from koor.flow.conversations.models import Message

        since = datetime.now(UTC) - timedelta(seconds=60)
        rows = Message.objects.filter(account=self.account, stored_at__gte=since, direction="in")
        found = rows.exclude(conversation__waiting_since=None).values_list("external_id", flat=True)
        names, now = list(found), time.time()
        for name in names:
            self.seen.setdefault(name, now)

    def _page(self) -> None:
        from django.test import Client

        from koor.ground.people.models import Person

        visitor = Client()
        visitor.force_login(Person.objects.get(pk=self.curator))
        begin = time.perf_counter()
        assert visitor.get("/inbox/").status_code == 200
        self.pages.append(time.perf_counter() - begin)


@contextmanager
def running_house() -> Iterator[int]:
    """The whole house, on loopback; gives its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="koor-soak-") as folder:
        os.environ.pop("DATABASE_URL", None)
        address = f"http://127.0.0.1:{port}"
        os.environ |= {"KOOR_HOME": folder, "KOOR_PORT": str(port), "KOOR_HOST": "127.0.0.1", "KOOR_URL": address}
        os.environ |= {"KOOR_DEBUG": "", "DJANGO_SETTINGS_MODULE": "koor.settings"}
        command = [sys.executable, "-m", "koor", "start", "--demo"]
        house = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=sys.stderr)
        try:
            _stands(house, port)
            yield port
        finally:
            house.terminate()
            house.wait(60)


def _stands(house: subprocess.Popen[bytes], port: int) -> None:
    for _second in range(180):
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            line.request("GET", "/health/")
            if line.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            pass
        if house.poll() is not None:
            break
        time.sleep(1)
    raise SystemExit("the house did not start")


def measured(minutes: float, a_minute: int, seed: int) -> dict[str, Any]:
    with running_house() as port:
        from koor.kernel.postgres import Cluster

        with Cluster(Path(os.environ["KOOR_HOME"])):
            import django
            from django.conf import settings

            django.setup()
            settings.ALLOWED_HOSTS = ["*"]
            try:
                return _blown(port, storm(max(1, round(minutes * a_minute)), a_minute, seed))
            finally:
                django.db.connections.close_all()


def _blown(port: int, made: Storm) -> dict[str, Any]:
    path, account, curator, secret = door()
    copies, messages, lasts = len(made.copies), sum(bool(copy.first) for copy in made.copies), made.seconds
    posts = _planned(curator, lasts)
    watching = Watching(account, curator.pk)
    watching.start()
    start, lock = time.monotonic() + 1, threading.Lock()
    senders = [Sending(made, start, port, path, secret, lock) for _n in range(SENDERS)]
    for one in senders:
        one.start()
    for one in senders:
        one.join()
    blown = time.monotonic() - start
    _settled(made, account)
    watching.look()
    watching.over.set()
    watching.join()
    found = {
        "messages": messages,
        "copies": copies,
        "seconds": round(blown),
        "sent_again": sum(s.again for s in senders),
    }
    found["slowest_answer_s"] = round(max(one.slowest for one in senders), 2)
    arrived = {key: at for one in senders for key, at in one.arrived.items()}
    return found | _counted(made, account) | _how_soon(arrived, watching) | _posted(posts)


def door() -> tuple[str, int, Any, bytes]:
    from koor.flow.listening import actions as listening
    from koor.ground.channels import actions as channels
    from koor.ground.people.models import Person

    curator, word = Person.objects.get(name__startswith="Marloes "), secrets.token_hex(16)
    account = channels.add_account(
        by=curator, connector="webhook", name="Storm", owner=curator, purpose="service", settings={"site": "storm"},
        secrets={"signing_secret": word},
    )  # fmt: skip
    listening.listen_to_account(by=curator, account_id=account.pk)
    return f"/hooks/webhook/{account.pk}/", account.pk, curator, word.encode()


def _planned(curator: Any, seconds: float) -> list[int]:
    """Posts on the stage inside the house, one for every half minute of the storm."""
    from koor.flow.publishing import actions
    from koor.ground.channels import actions as channels
    from koor.ground.people.queries import house

    paper = channels.add_account(by=curator, connector="paper", name="Storm op papier", owner=curator, purpose="news")
    from zoneinfo import ZoneInfo

    made, begin = [], datetime.now(ZoneInfo(house().zone)).replace(tzinfo=None, microsecond=0)
    for n in range(max(1, int(seconds // 30))):
        due = begin + timedelta(seconds=90 + 30 * n)
        post = actions.create_post(by=curator, text=f"Bericht {n} in de storm.", accounts=[paper], due_local=due)
        actions.let_go(by=curator, post=post)
        made.append(post.pk)
    return made


def _settled(made: Storm, account: int) -> None:
    """Until all stands, or for so long."""
    until = time.monotonic() + WAIT_AFTER
    while time.monotonic() < until:
        found = _counted(made, account)
        if not (found["lost"] or found["other_words"] or found["left_over"]):
            return
        time.sleep(1)


def _counted(made: Storm, account: int) -> dict[str, Any]:
    from koor.flow.conversations.models import Message

    rows = Message.objects.filter(account=account, direction="in").values_list("external_id", "text")
    stored, twice = dict[str, str](), 0
    for key, text in rows:
        twice += key in stored
        stored[key] = text
    return {
        "stored": len(stored),
        "expected": len(made.stands),
        "twice": twice,
        "lost": len(made.stands.keys() - stored.keys()),
        "left_over": len(stored.keys() - made.stands.keys()),
        "other_words": sum(stored.get(key, text) != text for key, text in made.stands.items()),
    }


def _how_soon(arrived: dict[str, float], watching: Watching) -> dict[str, Any]:
    waits = sorted(watching.seen[key] - at for key, at in arrived.items() if key in watching.seen)
    pages = sorted(watching.pages)
    return {
        "seen": len(waits),
        "p50_s": round(_part(waits, 0.5), 2),
        "p95_s": round(_part(waits, 0.95), 2),
        "slowest_s": round(_part(waits, 1.0), 2),
        "inbox_p95_s": round(_part(pages, 0.95), 2),
    }


def _part(values: list[float], part: float) -> float:
    return values[min(len(values) - 1, int(part * len(values)))] if values else 0.0


def _posted(posts: list[int]) -> dict[str, Any]:
    from koor.flow.publishing.models import Target

    until = time.monotonic() + WAIT_AFTER
    while Target.objects.filter(post__in=posts).exclude(state="published").exists() and time.monotonic() < until:
        time.sleep(1)
    rows = Target.objects.filter(post__in=posts).values_list("due_at", "published_at")
    late = [(up - due).total_seconds() for due, up in rows if up and due]
    return {"posts": len(posts), "posts_up": len(late), "post_latest_s": round(max(late, default=0.0), 1)}


def words(found: dict[str, Any]) -> str:
    """The figures as lines, with the goals."""
    good = not (found["lost"] or found["twice"] or found["other_words"] or found["left_over"])
    return "\n".join([
        f"{found['messages']:,} messages in {found['copies']:,} deliveries over {found['seconds']} s, "
        f"{found['sent_again']} sent again, slowest answer {found['slowest_answer_s']} s",
        f"stored {found['stored']:,} of {found['expected']:,} that must stand: lost {found['lost']}, "
        f"twice {found['twice']}, taken back and still there {found['left_over']}, other words {found['other_words']}"
        + ("" if good else "  NOT GOOD"),
        f"visible after {found['p50_s']} s (half), {found['p95_s']} s (p95, goal {SLOWEST:.0f}), {found['slowest_s']} s "
        f"(slowest); the inbox itself {found['inbox_p95_s']} s (p95)",
        f"posts meanwhile: {found['posts_up']} of {found['posts']} up, the latest {found['post_latest_s']} s late",
    ])  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--a-minute", type=int, default=A_MINUTE)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    found = measured(args.minutes, args.a_minute, args.seed)
    print(json.dumps(found) if args.json else words(found))
    if found["lost"] or found["twice"] or found["other_words"] or found["left_over"] or found["p95_s"] > SLOWEST:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

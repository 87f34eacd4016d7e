"""Posts that are due in the same minute (`koor bench publish`): how late each goes, and how fast all go beside a bare loop.

In a house of its own that is thrown away, with its own PostgreSQL (fsync on) and two real sender processes, on a Mastodon server on loopback
in a process of its own, which counts copies. The bare loop sends the same requests with the same client library and as many at
once, and keeps nothing: no ledger, no lock, no look whether it may."""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.house import endable, own_house

ROOT = Path(__file__).parents[1]
ACCOUNTS, PEOPLE = 10, 10
LEAD = 12.0  # seconds from planning to the moment, so that the senders stand ready
PATIENCE = 900.0
LETTERS = "bdfgklmnprstvwz"


class Server:
    """The Mastodon test server as a process; `slow` seconds for each answer."""

    def __init__(self, slow: float) -> None:
        command = [sys.executable, "-m", "tests.mastodon_server", "--rule", "rate_limits=false"]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        said = json.loads(self.process.stdout.readline())
        self.url, self.token, self.allow = said["url"], said["tokens"]["reurslag"], said["KOOR_ALLOW_HOSTS"]
        if slow:
            fault = {"route": "POST /api/v1/statuses", "answer": "slow", "times": -1, "seconds": slow}
            self.steer("faults", fault)

    def steer(self, what: str, body: dict[str, Any]) -> Any:
        asked = urllib.request.Request(
            f"{self.url}/_control/{what}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(asked) as answer:
            return json.loads(answer.read() or b"null")

    def copies(self, texts: list[str]) -> int:
        """Live copies of all these texts."""
        return sum(self.each(texts))

    def each(self, texts: list[str]) -> list[int]:
        """Live copies of each of these texts."""
        with urllib.request.urlopen(f"{self.url}/_control/copies") as answer:
            live = json.loads(answer.read())["texts"]
        return [live.get(text, 0) for text in texts]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


def text_of(number: int) -> str:
    """Words that nobody else says."""
    chance = random.Random(number)
    words = ["".join(chance.choice(LETTERS) + chance.choice("aeiou") for _two in range(3)) for _word in range(16)]
    return f"{number}: {' '.join(words)}."


def filled(server: Server, number: int) -> list[str]:
    """The house, its accounts and the posts, released and planned for tomorrow; their texts."""
    from django.core.management import call_command
    from django.db import transaction

    from koor.flow.publishing import actions
    from koor.flow.publishing.models import Post
    from koor.flow.publishing.tasks import deliver
    from koor.ground.channels import actions as channels
    from koor.kernel import clock, jobs
    from koor.kernel.access import SYSTEM

    call_command("migrate", verbosity=0, interactive=False)
    people = _people()
    more: dict[str, Any] = {"settings": {"server": server.url}, "secrets": {"access_token": server.token}}
    accounts = [
        channels.add_account(by=SYSTEM, connector="mastodon", name=f"Mastodon {one}", owner=people[0], **more)
        for one in range(ACCOUNTS)
    ]
    texts = [text_of(one) for one in range(number)]
    tomorrow = _local(clock.now() + timedelta(days=1))
    with transaction.atomic():
        first = actions.create_post(by=people[0], text=texts[0], accounts=[accounts[0]], due_local=tomorrow)
        actions.let_go(by=people[0], post=first)
        _the_others(Post.objects.get(pk=first.pk), texts, people, accounts)
        jobs.later_all(deliver, [{"target": pk} for pk in _rows()], in_bulk=False)
    return texts


def _rows() -> list[int]:
    from koor.flow.publishing.models import Target

    return list(Target.objects.order_by("pk").values_list("pk", flat=True))


def _the_others(first: Any, texts: list[str], people: list[Any], accounts: list[Any]) -> None:
    """As the first one, in other words of other people on other accounts."""
    from koor.flow.publishing.models import Post, Target

    row = first.targets.get()
    posts, rows = [], []
    for one, text in enumerate(texts[1:], 1):
        copy = Post(**_fields(first))
        copy.text, copy.by_id, copy.slot_id = text, people[one % PEOPLE].pk, None
        posts.append(copy)
    for one, post in enumerate(Post.objects.bulk_create(posts), 1):
        mine = {"post_id": post.pk, "account_id": accounts[one % ACCOUNTS].pk, "agreed_by_id": post.by_id}
        rows.append(Target(**{**_fields(row), **mine, "text": post.text}))
    Target.objects.bulk_create(rows)


def _fields(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}


def _people() -> list[Any]:
    import uuid

    from koor.ground.people.choices import Autonomy, Role
    from koor.ground.people.models import Discipline, House, Person
    from koor.kernel import clock

    House.objects.create(pk=1, name="Reurslag", place="Borculo", language="nl", identity=uuid.uuid4(),
                         made_at=clock.now(), brake=30_000)  # fmt: skip
    island = Discipline.objects.create(name="Office", slug="office")
    more = {"roles": [Role.CURATOR], "discipline": island, "autonomy": Autonomy.OWN, "language": "nl"}
    return [
        Person.objects.create(name=f"Collega {one}", email=f"c{one}@reurslag.example", **more) for one in range(PEOPLE)
    ]


def _local(moment: Any) -> Any:
    from zoneinfo import ZoneInfo

    return moment.astimezone(ZoneInfo("Europe/Amsterdam")).replace(tzinfo=None, microsecond=0)


def all_due_at(moment: Any) -> None:
    """Bring the moment of all near, with their jobs: as if it had been planned so."""
    from django.db import connection

    from koor.flow.publishing.models import Target

    # Without a wall time of its own, for the senders put a moment that differs from that one right
    Target.objects.update(due_at=moment, wake_at=moment, due_day=None, due_time=None)
    with connection.cursor() as cursor:
        cursor.execute(
            "update procrastinate_jobs set scheduled_at = %s where status = 'todo' and task_name like '%%publishing.deliver'",
            [moment],
        )


def sent(workers: int, server: Server, number: int) -> dict[str, Any]:
    """Start the senders, let the moment come, and wait until all are up."""
    from koor.flow.publishing.models import Target
    from koor.kernel import clock

    environment = {**os.environ, "KOOR_ALLOW_HOSTS": server.allow}
    command = [sys.executable, "-m", "koor", "worker", "--only", "sending"]
    senders = [subprocess.Popen(command, cwd=ROOT, env=environment) for _one in range(workers)]
    try:
        moment = clock.now() + timedelta(seconds=LEAD)
        all_due_at(moment)
        until = time.monotonic() + LEAD + PATIENCE
        while time.monotonic() < until and Target.objects.exclude(state="published").exists():
            time.sleep(0.5)
    finally:
        for one in senders:
            one.terminate()
        for one in senders:
            one.wait()
    rows = list(Target.objects.filter(state="published").values_list("last_sent_at", "published_at"))
    late = sorted((at - moment).total_seconds() for at, _up in rows if at)
    seconds = max((up - moment).total_seconds() for _at, up in rows if up)
    return {"published": len(rows), "late": late, "seconds": seconds, "rate": len(rows) / seconds}


def bare(server: Server, texts: list[str], at_once: int) -> float:
    """The same requests by the same library, as many at once; posts a second."""
    import httpx2

    def send(mine: list[str]) -> None:
        with httpx2.Client(timeout=30) as client:
            for text in mine:
                headers = {"Authorization": f"Bearer {server.token}", "Idempotency-Key": f"bare-{hash(text)}"}
                said = {"status": f"{text} Los.", "visibility": "public", "language": "nl"}
                client.post(f"{server.url}/api/v1/statuses", data=said, headers=headers).raise_for_status()

    began = time.monotonic()
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(send, [texts[start::at_once] for start in range(at_once)]))
    return len(texts) / (time.monotonic() - began)


def percentile(values: list[float], share: float) -> float:
    return round(values[min(len(values) - 1, int(len(values) * share))], 2)


def measure(number: int, workers: int, slow: float) -> dict[str, Any]:
    server = Server(slow)
    try:
        os.environ["KOOR_ALLOW_HOSTS"] = server.allow
        with own_house():
            texts = filled(server, number)
            found = sent(workers, server, number)
            copies = server.copies(texts)
            from koor.flow.publishing.queries.invariants import broken

            promises = len(list(broken()))
        rate = statistics.median(bare(server, texts[: min(number, 400)], workers) for _round in range(3))
    finally:
        server.stop()
    late = found.pop("late")
    return {
        "posts": number, "workers": workers, "answer_ms": round(slow * 1000), "published": found["published"],
        "copies": copies, "broken": promises, "seconds": round(found["seconds"], 1), "rate": round(found["rate"], 1),
        "bare": round(rate, 1), "ratio": round(found["rate"] / rate, 2),
        "late": {name: percentile(late, share) for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))},
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--answer", type=int, default=0, help="milliseconds that the platform takes")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with endable():
        found = measure(given.posts, given.workers, given.answer / 1000)
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()

"""A job begins as soon as it is there, also one that came while the worker asked for another."""

import asyncio
from typing import Any

import pytest
from procrastinate import App
from procrastinate.testing import InMemoryConnector

from koor.shell import worker


class Asked:
    """How often a worker asked for a job, of which there is none; at the first time somebody calls meanwhile."""

    def __init__(self, called: worker.Attentive) -> None:
        self.times, self.called = 0, called

    async def fetch_job(self, **_which: Any) -> None:
        self.times += 1
        if self.times == 1:
            await self.called._handle_notification(channel="any", notification={"type": "job_inserted", "job_id": 1})


def test_who_calls_while_it_asks_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    one = worker.Attentive(App(connector=InMemoryConnector()), wait=False)
    one.worker_id = 1
    asked = Asked(one)
    monkeypatch.setattr(one.app.job_manager, "fetch_job", asked.fetch_job)
    asyncio.run(one._fetch_and_process_jobs())
    assert asked.times == 2
    asyncio.run(one._fetch_and_process_jobs())
    assert asked.times == 3, "without a call once is enough"


def test_it_looks_by_itself_for_what_nobody_tells_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job with a moment of its own is not called when that moment comes."""
    given: dict[str, Any] = {}

    class Noted(worker.Attentive):
        def __init__(self, app: App, **options: Any) -> None:
            super().__init__(app, **options)
            given.update(options)

        async def run(self) -> None:
            return None

    monkeypatch.setattr(worker, "Attentive", Noted)
    asyncio.run(worker._run(App(connector=InMemoryConnector()), fetch_job_polling_interval=worker.LOOKS_EVERY))
    assert given["fetch_job_polling_interval"] <= 1

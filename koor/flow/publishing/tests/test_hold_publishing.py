"""One switch stops everything that would be posted."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from koor.flow.publishing import actions
from koor.flow.publishing.actions.deliver import deliver, sweep
from koor.flow.publishing.models import Target
from koor.flow.publishing.tests.conftest import again
from koor.ground.channels.models import Account
from koor.ground.people.models import House, Person
from koor.kernel import clock, identity
from koor.kernel.access import Forbidden, Refused
from koor.kernel.models import AuditEntry


def test_the_curator_pr_and_the_administrator_hold_it(
    marloes: Person, pieter: Person, ada: Person, bram: Person
) -> None:
    for person in (marloes, pieter, ada):
        actions.hold_publishing(by=person, why="Brand")
    with pytest.raises(Forbidden):
        actions.hold_publishing(by=bram, why="Zomaar")
    with pytest.raises(Forbidden):
        actions.resume_publishing(by=bram)
    assert House.objects.get().publishing_held == "Brand"
    assert AuditEntry.objects.filter(verb="publishing.hold_publishing").count() == 3


def test_the_administrator_finds_the_switch(ada: Person, bram: Person, visit: Callable[..., Client]) -> None:
    browser = visit(ada)
    assert "/posts/hold/" in browser.get("/posts/", follow=True).content.decode()
    browser.post("/posts/hold/", {"why": "Kapot"})
    for page in ("/posts/", "/manage/organisation/"):
        assert "/posts/resume/" in browser.get(page, follow=True).content.decode(), page
    assert "Nothing is posted from this house now." in browser.get("/").content.decode()
    assert "/posts/resume/" not in visit(bram).get("/posts/", follow=True).content.decode()
    browser.post("/posts/resume/")
    assert House.objects.get().publishing_held == ""


def test_who_may_act_sees_on_today_that_nobody_posts(
    noon: datetime, released: Callable[..., Target], stage: Account, ada: Person, visit: Callable[..., Client]
) -> None:
    released("Een.", stage)
    with clock.fixed(noon + timedelta(minutes=20)):
        assert "One post is late" in visit(ada).get("/").content.decode()


def test_a_reason_is_asked(marloes: Person) -> None:
    with pytest.raises(Refused) as refused:
        actions.hold_publishing(by=marloes, why=" ")
    assert refused.value.field == "why"


def test_what_is_too_late_when_it_may_again_is_missed(
    noon: datetime, released: Callable[..., Target], stage: Account, marloes: Person
) -> None:
    early, late = released("Een.", stage), released("Twee.", stage, due_local=datetime(2026, 11, 24, 23))
    actions.hold_publishing(by=marloes, why="Brand")
    with clock.fixed(noon + timedelta(hours=13)):
        assert sweep() == 0
        deliver(early.pk)
        deliver(late.pk)
        assert (again(early).state, again(late).state) == ("scheduled", "scheduled")
        actions.resume_publishing(by=marloes)
        assert sweep() == 2
        deliver(early.pk)
        deliver(late.pk)
    assert (again(early).state, again(late).state) == ("missed", "published")


def test_once_is_enough_to_go_on(marloes: Person) -> None:
    actions.resume_publishing(by=marloes)
    assert not AuditEntry.objects.filter(verb="publishing.resume_publishing").exists()


def test_who_lets_it_go_on_says_that_this_is_the_house(
    marloes: Person, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    settings.KOOR_HOME = tmp_path
    identity.set_apart(tmp_path)
    actions.hold_publishing(by=marloes, why="Teruggezet")
    with django_capture_on_commit_callbacks(execute=True):
        actions.resume_publishing(by=marloes)
    assert not identity.is_apart(tmp_path)

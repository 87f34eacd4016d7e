"""Work of a colleague is offered; a text in one's own words stands ready; two taps and it is up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from koor.flow.publishing import actions as publishing
from koor.flow.publishing.choices import State
from koor.flow.publishing.models import Post, Target
from koor.ground.channels import actions as channels
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM
from tests.journeys.conftest import Visitor
from tests.mastodon_server import MastodonServer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Screen = Callable[..., Visitor]


def test_offered_begun_and_posted_in_two_taps(
    screen: Screen,
    bram: Person,
    rob: Person,
    run_jobs: Callable[[], None],
    mastodon: MastodonServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Person.objects.update(joined_at=clock.now())
    news = channels.add_account(by=SYSTEM, connector="newsroom", name="Newsroom", owner=bram)
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"{mastodon.host}:{mastodon.port}")
    own = channels.add_account(
        by=SYSTEM, connector="mastodon", name="Rob on Mastodon", owner=rob, personal=True,
        settings={"server": mastodon.url}, secrets={"access_token": mastodon.token},
    )  # fmt: skip
    for text in (
        "Morning all, the school breathes again.",
        "Morning all, classrooms need fresh air before anything else.",
    ):
        publishing.create_post(by=rob, text=text, accounts=[own])
    post = publishing.create_post(by=bram, text="Eight classrooms have had fresh air since Friday.", accounts=[news])
    publishing.let_go(by=bram, post=post)
    run_jobs()
    phone = screen(rob, width=390, height=844)
    phone.go("/")
    phone.page.get_by_role("link", name="Say it my way").click()  # the first tap
    begun = phone.page.get_by_label("In your words").input_value()
    assert begun.startswith("Morning all, classrooms need fresh air before anything else. ")
    assert begun.endswith("I work at Reurslag.")
    phone.page.get_by_role("button", name="Post it now").click()  # the second
    phone.page.wait_for_url("**/posts/*/")
    run_jobs()
    mine = Post.objects.get(after=post)
    row = Target.objects.get(post=mine)
    assert (mine.by, row.account, row.state) == (rob, own, State.PUBLISHED)
    phone.go("/")
    expect(phone.page.get_by_role("link", name="Say it my way")).to_have_count(0)
    assert phone.complaints == []

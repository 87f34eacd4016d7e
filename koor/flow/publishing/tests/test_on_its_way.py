"""Between letting go and being up: one truthful state, that refreshes itself."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.models import Post, Target
from koor.flow.publishing.queries import any_post, standing
from koor.ground.channels.models import Account
from koor.ground.people.models import Person

Visit = Callable[[Person | None], Client]
Released = Callable[..., Target]


@pytest.fixture
def gone(marloes: Person, stage: Account, visit: Visit) -> tuple[Client, Post]:
    """Marloes just posted, and the worker did not come yet."""
    browser = visit(marloes)
    browser.post("/posts/new/", {"text": "Hallo.", "accounts": stage.pk, "when": "now", "do": "go"})
    return browser, Post.objects.get()


def test_what_goes_now_is_on_its_way_and_nothing_else(gone: tuple[Client, Post]) -> None:
    browser, post = gone
    page = browser.get(f"/posts/{post.pk}/").content.decode()
    assert "Stage is on its way." in page
    assert "Scheduled" not in page
    assert "/now/" not in page  # no button for what happens already
    assert "/move/" not in page
    assert page.count("On its way") == 2  # the post and its one place
    assert standing.whole_of(any_post(post.pk)).state == "sending"


def test_the_page_looks_again_until_it_is_up(gone: tuple[Client, Post]) -> None:
    browser, post = gone
    page = browser.get(f"/posts/{post.pk}/").content.decode()
    assert f'hx-get="/posts/{post.pk}/?looked=1"' in page
    assert f'<noscript><a href="/posts/{post.pk}/"' in page
    later = browser.get(f"/posts/{post.pk}/?looked=4").content.decode()
    assert "delay:16s" in later  # the longer it takes the less often one looks
    assert "delay:30s" in browser.get(f"/posts/{post.pk}/?looked=99999999999999999999").content.decode()
    deliver(post.targets.get().pk)
    done = browser.get(f"/posts/{post.pk}/?looked=1").content.decode()
    assert "Stage is up." in done
    assert 'id="going"' not in done


def test_what_goes_tomorrow_can_go_now(noon: datetime, marloes: Person, stage: Account, visit: Visit) -> None:
    browser, later = visit(marloes), noon + timedelta(days=1)
    said = {"text": "Hallo.", "accounts": stage.pk, "when": "later", "do": "go"}
    browser.post("/posts/new/", said | {"day": later.date().isoformat(), "time": "09:00"})
    post = Post.objects.get()
    page = browser.get(f"/posts/{post.pk}/").content.decode()
    assert "Scheduled" in page
    assert "/now/" in page
    assert 'id="going"' not in page
    row = post.targets.get()
    page = browser.post(f"/posts/rows/{row.pk}/now/", follow=True).content.decode()
    assert "Stage is on its way." in page
    assert "/now/" not in page

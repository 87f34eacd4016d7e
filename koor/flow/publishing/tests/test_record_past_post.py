"""What was said before the ledger: it is up, nothing is sent."""

from datetime import datetime, timedelta

import pytest

from koor.flow.publishing import actions
from koor.flow.publishing.actions.deliver import deliver, sweep
from koor.flow.publishing.models import Target
from koor.flow.publishing.queries import whole_state
from koor.flow.publishing.tests.conftest import again
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM, Forbidden
from tests.mastodon_server import MastodonServer


def test_it_is_up_and_nothing_is_sent(
    noon: datetime, bram: Person, on_mastodon: Account, mastodon: MastodonServer
) -> None:
    at = noon - timedelta(days=20)
    target = actions.record_past_post(
        by=SYSTEM, maker=bram, account=on_mastodon, text="Vroeger.", published_at=at, url="https://a.example/1",
        remote_id="77",
    )  # fmt: skip
    assert (target.state, target.published_at, target.url, whole_state(target.post)) == (
        "published", at, "https://a.example/1", "published",
    )  # fmt: skip
    sweep()
    deliver(target.pk)
    assert again(target).attempts_made == mastodon.requests("POST /api/v1/statuses") == 0


def test_the_same_number_again_is_the_same_row(noon: datetime, bram: Person, on_mastodon: Account) -> None:
    for _time in range(2):
        actions.record_past_post(
            by=SYSTEM, maker=bram, account=on_mastodon, text="Vroeger.", published_at=noon, remote_id="77"
        )
    assert Target.objects.count() == 1


def test_in_the_newsroom_it_has_a_page(noon: datetime, bram: Person, news: Account) -> None:
    target = actions.record_past_post(
        by=SYSTEM, maker=bram, account=news, text="Frisse lucht. Mooi.", published_at=noon
    )
    assert target.slug.startswith("frisse-lucht-")
    assert target.url.endswith(f"/newsroom/{target.slug}/")


def test_not_by_anybody(noon: datetime, bram: Person, henk: Person, on_mastodon: Account) -> None:
    with pytest.raises(Forbidden):
        actions.record_past_post(by=henk, maker=bram, account=on_mastodon, text="Nooit.", published_at=noon)


def test_one_idea_on_two_accounts_is_one_post(noon: datetime, bram: Person, news: Account, stage: Account) -> None:
    first = actions.record_past_post(by=SYSTEM, maker=bram, account=news, text="Vroeger.", published_at=noon)
    second = actions.record_past_post(
        by=SYSTEM, maker=bram, account=stage, text="Vroeger, kort.", published_at=noon, post=first.post
    )
    assert second.post == first.post
    assert [row.text for row in first.post.targets.order_by("pk")] == ["Vroeger.", "Vroeger, kort."]

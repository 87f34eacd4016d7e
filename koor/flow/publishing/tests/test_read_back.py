"""What is up is read back at night: still there, and once. What was taken away there is shown, never posted again."""

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from koor.flow.publishing import actions
from koor.flow.publishing.actions.deliver import deliver, sweep
from koor.flow.publishing.actions.read_back import read_back
from koor.flow.publishing.models import Post, ReadBack, Target
from koor.flow.publishing.queries.read_back import of_account, of_house, twice
from koor.flow.publishing.queries.standing import standing_of
from koor.flow.publishing.tests.conftest import again
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Attempt, Delivery, NotSeen, Seen, Session
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import Refused
from koor.kernel.models import AuditEntry
from tests.mastodon_server import MastodonServer

pytestmark = pytest.mark.django_db
TEXT = "Acht lokalen in Eibergen hebben frisse lucht."
STATUSES = "POST /api/v1/statuses"


@pytest.fixture
def up(released: Callable[..., Target], on_mastodon: Account, mastodon: MastodonServer) -> Target:
    target = released(TEXT, on_mastodon)
    deliver(target.pk)
    return again(target)


def night(number: int) -> dict[str, int]:
    with clock.fixed(clock.now() + timedelta(days=number)):
        return read_back()


def remove_there(mastodon: MastodonServer, remote_id: str) -> None:
    with mastodon.world.lock:
        del mastodon.world.statuses[remote_id]


def put_there(mastodon: MastodonServer) -> str:
    """A second copy, as by somebody who posted it by hand as well."""
    import json
    import urllib.request

    body = json.dumps({"status": TEXT}).encode()
    headers = {"Authorization": f"Bearer {mastodon.token}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(f"{mastodon.url}/api/v1/statuses", body, headers)) as answer:
        return str(json.loads(answer.read())["id"])


def test_what_is_there_once(up: Target) -> None:
    assert night(1) == {"once": 1}
    assert (of_account(up.account_id)["once"], of_house()["twice"]) == (1, 0)
    assert read_back() == {}, "looked at within these hours"


def test_p28_taken_away_there_is_shown_and_never_posted_again(
    up: Target, bram: Person, marloes: Person, mastodon: MastodonServer
) -> None:
    remove_there(mastodon, up.remote_id)
    assert night(1) == {"gone": 1}
    assert again(up).removed_at is None, "once not seen is not believed"
    assert night(2) == {"gone": 1}
    after = again(up)
    assert after.removed_at is not None
    assert after.state == "published"
    shown = standing_of(bram, after)
    assert shown.title == "Taken away"
    assert "taken away on the platform itself" in shown.sentence
    with clock.fixed(clock.now() + timedelta(days=2)):
        sweep()
        deliver(up.pk)
        for verb in (actions.retry, actions.send_again):
            with pytest.raises(Refused):
                verb(by=marloes, target=again(up))
    assert night(3) == {}
    assert (mastodon.copies(TEXT), mastodon.requests(STATUSES)) == (0, 1)
    assert AuditEntry.objects.filter(verb="publishing.found_gone").count() == 1


def test_there_again_the_next_night(up: Target, mastodon: MastodonServer) -> None:
    with mastodon.world.lock:
        kept = mastodon.world.statuses.pop(up.remote_id)
    assert night(1) == {"gone": 1}
    with mastodon.world.lock:
        mastodon.world.statuses[up.remote_id] = kept
    assert night(2) == {"once": 1}
    assert again(up).removed_at is None


def test_a_second_copy_is_told(
    up: Target, bram: Person, marloes: Person, henk: Person, mastodon: MastodonServer, visit: Callable[..., Client]
) -> None:
    other = put_there(mastodon)
    assert night(1) == {"twice": 1}
    found = ReadBack.objects.get()
    assert (found.other_id, found.other_url != "") == (other, True)
    assert [list(twice(one)) for one in (marloes, bram, henk)] == [[up], [up], []]
    assert "It stands twice on" in visit(bram).get("/").content.decode()
    page = visit(marloes).get(reverse("channels:account", args=[up.account_id])).content.decode()
    assert "1 post is there twice." in page
    remove_there(mastodon, other)
    assert night(2) == {"once": 1}
    assert list(twice(marloes)) == []


def test_a_platform_that_answers_with_a_trap_gives_no_link(
    released: Callable[..., Target], on_mastodon: Account, mastodon: MastodonServer
) -> None:
    mastodon.world.base = "javascript:alert(1)//"
    target = released(TEXT, on_mastodon)
    thread = released("Eerst.\n---\nDan.", on_mastodon, options={on_mastodon.pk: {"thread": "yes"}})
    for one in (target, thread, thread):
        deliver(one.pk)
    put_there(mastodon)
    assert night(1)["twice"] == 1
    kept = (again(target).url, again(thread).url, ReadBack.objects.get(target=target).other_url)
    assert (again(target).state, again(thread).state, *kept) == ("published", "published", "", "", "")


@pytest.fixture
def by_words(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A platform where a post is known by its words alone."""
    known = channels.connector("mastodon")
    manifest = dataclasses.replace(known.manifest, delivery=Delivery.READABLE)
    monkeypatch.setitem(channels.connectors(), "mastodon", dataclasses.replace(known, manifest=manifest))
    return known.publish


@pytest.mark.parametrize(
    ("weakest", "of_this_account", "found"),
    [(Delivery.BLIND, Delivery.READABLE, {"once": 1}), (Delivery.READABLE, Delivery.BLIND, {})],
)
def test_where_accounts_differ_each_is_read_as_its_own_settings_allow(
    up: Target, monkeypatch: pytest.MonkeyPatch, weakest: Delivery, of_this_account: Delivery, found: dict[str, int]
) -> None:
    known = channels.connector("mastodon")
    by = (("server", up.account.settings["server"], of_this_account),)
    made = dataclasses.replace(known, manifest=dataclasses.replace(known.manifest, delivery=weakest, delivery_by=by))
    monkeypatch.setitem(channels.connectors(), "mastodon", made)
    assert night(1) == found


@pytest.mark.usefixtures("by_words")
def test_words_that_somebody_edited_there_are_not_taken_for_gone(up: Target, mastodon: MastodonServer) -> None:
    remove_there(mastodon, up.remote_id)
    for number in (1, 2, 3):
        assert night(number) == {"unsure": 1}
    assert again(up).removed_at is None


def test_a_film_that_is_listed_under_another_number_does_not_stand_twice(
    up: Target, bram: Person, by_words: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find(session: Session, attempt: Attempt) -> Seen | NotSeen:
        return NotSeen() if "1_77" in attempt.taken else Seen("1_77", "https://pages.example/1_77")

    monkeypatch.setattr(by_words, "find", find)
    assert night(1) == {"unsure": 1}
    assert list(twice(bram)) == []


def test_a_platform_that_does_not_answer_proves_nothing(up: Target, mastodon: MastodonServer) -> None:
    mastodon.fault("500", route="*", times=-1)
    assert night(1) == {"unsure": 1}
    assert night(2) == {"unsure": 1}
    assert again(up).removed_at is None


def test_one_that_breaks_something_proves_nothing(up: Target, by_words: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def find(session: Session, attempt: Attempt) -> Seen:
        raise KeyError("id")

    monkeypatch.setattr(by_words, "find", find)
    assert [night(1), night(2)] == [{"unsure": 1}] * 2
    assert again(up).removed_at is None


@pytest.mark.parametrize(("in_reply_to", "found"), [("", "gone"), ("12", "unsure")])
def test_where_a_post_is_made_in_stages_an_answer_that_is_not_listed_may_be_there(
    up: Target, monkeypatch: pytest.MonkeyPatch, mastodon: MastodonServer, in_reply_to: str, found: str
) -> None:
    known = channels.connector("mastodon")
    made = dataclasses.replace(known, manifest=dataclasses.replace(known.manifest, delivery=Delivery.STAGED))
    monkeypatch.setitem(channels.connectors(), "mastodon", made)
    monkeypatch.setattr(known.publish, "find", lambda session, attempt: NotSeen())
    Post.objects.filter(pk=up.post_id).update(in_reply_to=in_reply_to)
    assert night(1) == {found: 1}


def test_a_night_has_its_bounds(
    released: Callable[..., Target], on_mastodon: Account, monkeypatch: pytest.MonkeyPatch, mastodon: MastodonServer
) -> None:
    from koor.flow.publishing.actions import read_back as nightly

    monkeypatch.setattr(nightly, "MOST_EACH", 3)
    for number in range(5):
        deliver(released(f"Bericht {number}, {chr(97 + number) * 20}", on_mastodon).pk)
    assert night(1) == {"once": 3}
    assert night(1) == {"once": 2}, "the others are next"


def test_what_is_told_by_a_person_or_stays_inside_is_not_read_back(
    released: Callable[..., Target], stage: Account, news: Account
) -> None:
    for account in (stage, news):
        deliver(released(f"Binnen op {account.name}.", account).pk)
    assert night(1) == {}


# ── One text to many places ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def eleven(account: Callable[..., Account]) -> list[Account]:
    return [account(f"Newsroom {number}", "newsroom") for number in range(11)]


def test_one_text_to_eleven_places_is_read_by_somebody_first(
    eleven: list[Account], write: Callable[..., Any], bram: Person, marloes: Person
) -> None:
    post = write(TEXT, *eleven)
    assert actions.let_go(by=bram, post=post).stage == "with_buddy"
    with pytest.raises(Refused) as refused:
        actions.release_post(by=bram, post=post)
    assert refused.value.code == "far"
    assert actions.approve_post(by=marloes, post=post).stage == "released"


def test_ten_places_or_words_of_their_own_go_at_once(
    eleven: list[Account], write: Callable[..., Any], bram: Person
) -> None:
    assert actions.let_go(by=bram, post=write(TEXT, *eleven[:10])).stage == "released"
    own = write("Anders.", *eleven, texts={one.pk: f"Voor {one.name} in eigen woorden." for one in eleven})
    assert actions.let_go(by=bram, post=own).stage == "released"


def test_places_that_come_later_count_too(eleven: list[Account], write: Callable[..., Any], bram: Person) -> None:
    from datetime import datetime

    later = datetime.combine(clock.now().date() + timedelta(days=3), datetime.min.time())
    post = write(TEXT, *eleven[:10], due_local=later)
    actions.let_go(by=bram, post=post)
    assert actions.edit_post(by=bram, post=post, accounts=eleven).stage == "with_buddy"
    assert not post.targets.filter(due_at__isnull=False).exists()


def test_what_is_said_on_purpose_while_it_burns_goes(eleven: list[Account], marloes: Person) -> None:
    assert actions.speak(by=marloes, text=TEXT, accounts=eleven).stage == "released"


def test_the_compose_page_says_so(
    eleven: list[Account], bram: Person, visit: Callable[..., Client], marloes: Person
) -> None:
    said = {"text": TEXT, "accounts": [one.pk for one in eleven], "when": "now", "do": "look"}
    page = visit(bram).post("/posts/new/", said).content.decode()
    assert "It goes to more than 10 places." in page
    assert "Let somebody read it first" in page

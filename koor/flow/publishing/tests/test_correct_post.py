"""Correct, apologise, take back: one step, everywhere, as each place allows; and everybody may read it."""

import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from koor.flow.publishing import actions
from koor.flow.publishing.actions import correcting
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.models import Correction, CorrectionStep, Post, Target
from koor.flow.publishing.queries import corrections
from koor.flow.publishing.tests.conftest import again, row
from koor.ground.channels import actions as channel_actions
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Because, Outcome, Verdict
from koor.ground.channels.models import Account
from koor.ground.people.access import Colleague
from koor.ground.people.models import House, Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry
from tests.mastodon_server import MastodonServer

Released = Callable[..., Target]
WRONG, RIGHT, NOTE = (
    "Acht lokalen hebben frisse lucht.",
    "Zes lokalen hebben frisse lucht.",
    "Het zijn er zes, niet acht.",
)
Visit = Callable[[Person | None], Client]


@pytest.fixture
def by_hand(account: Callable[..., Account], rob: Person) -> Account:
    """The house on LinkedIn, where Rob posts by hand."""
    return account("We on LinkedIn", "by_hand", owner=rob)


@pytest.fixture
def up(released: Released) -> Callable[..., Post]:
    """A post that is up on these accounts."""

    def make(*accounts: Account, text: str = WRONG) -> Post:
        post = released(text, *accounts).post
        for one in post.targets.all():
            deliver(one.pk)
        return post

    return make


def put_right(by: Colleague, post: Post, kind: str = "correct", **more: object) -> Correction:
    said: dict[str, Any] = {"note": NOTE, "text": RIGHT if kind == "correct" else "", "places": {}} | more
    return actions.correct_post(by=by, post=post, kind=kind, **said)


def step_on(account: Account) -> CorrectionStep:
    return CorrectionStep.objects.select_related("reply", "target").get(target__account=account)


def test_in_the_newsroom_the_words_change_and_everybody_reads_why(
    noon: datetime, house: House, up: Callable[..., Post], news: Account, bram: Person, visit: Visit
) -> None:
    post = up(news)
    slug = row(post).slug
    with clock.fixed(noon + timedelta(hours=1)):
        put_right(bram, post)
    page = visit(None).get(f"/newsroom/{slug}/").content.decode()
    assert RIGHT.rstrip(".") in page
    assert NOTE in page
    assert "CorrectionComment" in page
    assert NOTE in visit(None).get("/newsroom/corrections/").content.decode()
    feed = visit(None).get("/newsroom/feed.json").json()["items"][0]
    assert NOTE in feed["content_text"]
    assert feed["date_modified"] > feed["date_published"]
    assert NOTE in visit(None).get("/newsroom/feed.atom").content.decode()
    assert step_on(news).before == WRONG
    assert AuditEntry.objects.filter(verb="publishing.correct_post", actor_id=bram.pk).count() == 1


def test_a_wrong_title_is_put_right_where_people_see_it(
    noon: datetime, house: House, released: Released, news: Account, on_mastodon: Account, by_hand: Account,
    bram: Person, visit: Visit,
) -> None:  # fmt: skip
    post = released(WRONG, news, on_mastodon, title="Frisse lucht in Eibergne").post
    for one in post.targets.all():
        deliver(one.pk)
    slug, key = row(post, news).slug, row(post, on_mastodon).key
    asked = visit(bram).post(f"/posts/{post.pk}/correct/", {"kind": "correct", "note": NOTE, "text": WRONG,
                             "title": "Frisse lucht in Eibergen", "do": "look"}).content.decode()  # fmt: skip
    assert "The title and the words are changed there" in asked
    assert f"place-{row(post, on_mastodon).pk}" not in asked, "nobody sees a title there"
    put_right(bram, post, text=WRONG, title="Frisse lucht in Eibergen")
    page = visit(None).get(f"/newsroom/{slug}/").content.decode()
    assert ">Frisse lucht in Eibergen</h1>" in page
    assert "Eibergne" not in visit(None).get("/newsroom/feed.json").content.decode()
    assert [step.target.account for step in CorrectionStep.objects.select_related("target__account")] == [news]
    assert (row(post, on_mastodon).text, row(post, on_mastodon).key) == (WRONG, key)
    told = AuditEntry.objects.get(verb="publishing.put_title_right").detail
    assert (told["before"], told["after"]) == ("Frisse lucht in Eibergne", "Frisse lucht in Eibergen")


def test_a_title_of_its_own_gives_way_and_an_unsure_place_without_titles_holds_nothing_up(
    noon: datetime, released: Released, account: Callable[..., Account], on_mastodon: Account, bram: Person
) -> None:
    press = account("Press")
    post = released(WRONG, press, on_mastodon, title="Frisse lucht").post
    Account.objects.filter(pk=press.pk).update(connector="newsletter")
    Target.objects.filter(account=press).update(options={"title": "Eibergne"})
    asked = {"state": "needs_person", "because": "unsure", "wake_at": None}
    Target.objects.filter(post=post).update(**asked)
    with pytest.raises(Refused, match="First tell whether it is up on Press"):
        put_right(bram, post, text=WRONG, title="Eibergen")
    Target.objects.filter(account=press).update(state="scheduled", because="", wake_at=noon, due_at=noon)
    put_right(bram, post, text=WRONG, title="Eibergen")
    assert (row(post, press).post.title, row(post, press).options) == ("Eibergen", {})
    Account.objects.filter(pk=press.pk).update(connector="wordpress")  # where it is up, and can be changed
    up = {
        "state": "published",
        "published_at": noon,
        "wake_at": None,
        "remote_id": "7",
        "url": "https://blog.example/7",
    }
    Target.objects.filter(account=press).update(options={"title": "Eibergne"}, **up)
    put_right(bram, post, text=WRONG, title="Eibergen, gemeente Berkelland")
    assert row(post, press).options == {}
    assert CorrectionStep.objects.filter(target__account=press).latest("pk").state == "asked"


def test_no_title_changes_while_it_is_not_known_what_is_up(
    noon: datetime, released: Released, news: Account, on_mastodon: Account, bram: Person
) -> None:
    post = released(WRONG, news, on_mastodon, title="Frisse lucht in Eibergne").post
    deliver(row(post, news).pk)
    now = {"state": "unknown", "key": "k", "wake_at": noon, "last_sent_at": noon}
    Target.objects.filter(pk=row(post, on_mastodon).pk).update(**now)
    with pytest.raises(Refused, match="may be up already"):
        put_right(bram, post, text=WRONG, title="Frisse lucht in Eibergen")
    assert Post.objects.get(pk=post.pk).title == "Frisse lucht in Eibergne"


def test_a_platform_that_edits_gets_the_right_words(
    noon: datetime, up: Callable[..., Post], on_mastodon: Account, bram: Person, mastodon: MastodonServer
) -> None:
    post = up(on_mastodon)
    put_right(bram, post)
    correcting.ask_platform(by=SYSTEM, target_id=row(post).pk)
    assert step_on(on_mastodon).state == "done"
    assert (mastodon.copies(WRONG), mastodon.copies(RIGHT)) == (0, 1)
    assert row(post).text == RIGHT
    assert AuditEntry.objects.filter(verb="publishing.put_right_there").count() == 1


@pytest.mark.parametrize(
    ("chain", "url"), [([], "https://x.example/987"), (["first"], "https://x.example/987"), ([], "javascript:alert(1)")]
)
def test_an_edit_that_gets_a_number_of_its_own_is_known_by_it(
    noon: datetime, up: Callable[..., Post], on_mastodon: Account, bram: Person, chain: list[str],
    url: str, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    post = up(on_mastodon)
    first = row(post)
    chain = [first.remote_id if one == "first" else one for one in chain]
    Target.objects.filter(pk=first.pk).update(handle={**first.handle, "chain": chain})
    made_new = Outcome(Verdict.DONE, "987", url)
    monkeypatch.setattr(channels.connector("mastodon").correct, "edit", lambda session, remote_id, draft: made_new)
    put_right(bram, post)
    correcting.ask_platform(by=SYSTEM, target_id=first.pk)
    after = row(post)
    is_link = url.startswith("https:")
    assert (after.remote_id, after.url, after.text) == ("987", url if is_link else first.url, RIGHT)
    assert after.handle["chain"] == (["987"] if chain else [])


def test_a_thread_is_put_right_under_it(
    noon: datetime, up: Callable[..., Post], on_mastodon: Account, bram: Person
) -> None:
    """An edit would change its first part alone."""
    post = up(on_mastodon)
    first = row(post)
    Target.objects.filter(pk=first.pk).update(handle={**first.handle, "chain": [first.remote_id, "2"]})
    put_right(bram, post)
    assert step_on(on_mastodon).way == "reply"


def test_an_apology_goes_under_it_once(
    noon: datetime, up: Callable[..., Post], on_mastodon: Account, bram: Person, mastodon: MastodonServer
) -> None:
    post = up(on_mastodon)
    first = put_right(bram, post, "apologise", once="a")
    assert put_right(bram, post, "apologise", once="a") == first
    step = step_on(on_mastodon)
    assert step.reply is not None
    assert step.reply.post.in_reply_to == row(post).remote_id
    for _time in range(3):
        deliver(step.reply.pk)
    assert mastodon.copies(NOTE) == 1
    assert corrections.told(corrections.public().get()).done == ("Mastodon",)


def test_taken_back_everywhere_and_what_could_not_be_done_is_for_a_person(
    noon: datetime, house: House, up: Callable[..., Post], news: Account, on_mastodon: Account, by_hand: Account,
    bram: Person, rob: Person, mastodon: MastodonServer, visit: Visit,
) -> None:  # fmt: skip
    post = up(news, on_mastodon, by_hand)
    hand = row(post, by_hand)
    actions.link_target(by=rob, target=again(hand))
    slug = row(post, news).slug
    put_right(bram, post, "withdraw")
    from koor.flow.publishing.actions import remove

    remove.ask_platform(by=SYSTEM, target_id=row(post, on_mastodon).pk)
    assert mastodon.copies(WRONG) == 0
    gone = visit(None).get(f"/newsroom/{slug}/")
    assert (gone.status_code, NOTE in gone.content.decode()) == (410, True)
    told = corrections.told(corrections.public().get())
    assert (set(told.done), told.open, told.title) == ({"Newsroom", "Mastodon"}, ("LinkedIn",), "")
    actions.tell_removed(by=rob, target=again(hand))
    assert corrections.told(corrections.public().get()).open == ()


def test_what_koor_cannot_correct_is_ready_for_who_can(
    noon: datetime, up: Callable[..., Post], by_hand: Account, bram: Person, rob: Person
) -> None:
    post = up(by_hand)
    hand = row(post, by_hand)
    actions.link_target(by=rob, target=again(hand))
    put_right(bram, post)
    [step] = corrections.asked_to_do(rob).rows()
    assert (step.text, step.state) == (RIGHT, "person")
    actions.tell_corrected(by=rob, step=step)
    assert not corrections.asked_to_do(rob).rows()


def test_what_has_not_gone_does_not_go(
    noon: datetime, released: Released, news: Account, stage: Account, bram: Person
) -> None:
    target = released(WRONG, news, due_local=datetime(2026, 11, 25, 9, 0))
    put_right(bram, target.post)
    after = again(target)
    assert (after.state, after.text) == ("cancelled", RIGHT)


def test_killed_after_the_platform_changed_it(
    transactional_db: None, noon: datetime, up: Callable[..., Post], on_mastodon: Account, bram: Person,
    child: Callable[..., object], mastodon: MastodonServer,
) -> None:  # fmt: skip
    post = up(on_mastodon)
    put_right(bram, post)
    target = row(post).pk
    killed = child(lambda: correcting.ask_platform(by=SYSTEM, target_id=target), "publishing.after_edit")
    assert killed.wait() == -signal.SIGKILL  # type: ignore[attr-defined]
    assert step_on(on_mastodon).state == "asked"
    with clock.fixed(noon + timedelta(minutes=3)):
        assert correcting.sweep_corrections() == 1
        correcting.ask_platform(by=SYSTEM, target_id=target)
    assert step_on(on_mastodon).state == "done"
    assert (mastodon.copies(WRONG), mastodon.copies(RIGHT)) == (0, 1)


def test_the_last_correction_counts(
    noon: datetime, up: Callable[..., Post], on_mastodon: Account, bram: Person, mastodon: MastodonServer
) -> None:
    post = up(on_mastodon)
    put_right(bram, post, text="Zeven lokalen.")
    put_right(bram, post)
    for _time in range(2):
        correcting.ask_platform(by=SYSTEM, target_id=row(post).pk)
    assert mastodon.copies(RIGHT) == 1
    assert set(CorrectionStep.objects.values_list("state", flat=True)) == {"dropped", "done"}


def test_a_house_that_is_held_changes_nothing_outside(
    noon: datetime, up: Callable[..., Post], on_mastodon: Account, bram: Person, mastodon: MastodonServer
) -> None:
    post = up(on_mastodon)
    actions.hold_publishing(by=SYSTEM, why="Proef")
    put_right(bram, post)
    correcting.ask_platform(by=SYSTEM, target_id=row(post).pk)
    assert mastodon.copies(WRONG) == 1


@pytest.mark.parametrize("wrong", [{"note": " "}, {"text": WRONG}, {"note": "x" * 1001}])
def test_refused(noon: datetime, up: Callable[..., Post], news: Account, bram: Person, wrong: dict[str, str]) -> None:
    with pytest.raises(Refused):
        put_right(bram, up(news), **wrong)
    assert not Correction.objects.exists()


def test_the_house_itself_puts_right_what_it_may(noon: datetime, up: Callable[..., Post], news: Account) -> None:
    post = up(news)
    put_right(SYSTEM, post)
    assert (row(post).text, Correction.objects.get().by) == (RIGHT, None)


def test_others_do_not(noon: datetime, up: Callable[..., Post], news: Account, henk: Person) -> None:
    with pytest.raises(Forbidden):
        put_right(henk, up(news))


def test_the_page_shows_what_happens_where_before_anything_does(
    noon: datetime, up: Callable[..., Post], news: Account, on_mastodon: Account, bram: Person, visit: Visit
) -> None:
    post = up(news, on_mastodon)
    page = f"/posts/{post.pk}/correct/"
    client = visit(bram)
    assert b"What happens where" in client.get(page).content
    said = {"kind": "apologise", "note": NOTE, "text": WRONG}
    looked = client.post(page, said | {"do": "look"})
    assert (looked.status_code, Correction.objects.count()) == (200, 0)
    assert client.post(page, said | {"do": "go"}).status_code == 422, "it was shown with nothing"
    marks = {f"mark-{one.target.pk}": one.mark for one in looked.context["plans"]}
    done = client.post(page, said | marks | {"do": "go"})
    assert done.status_code == 302
    assert {step.way for step in Correction.objects.get().steps.all()} == {"note", "reply"}
    assert NOTE.encode() in client.get(f"/posts/{post.pk}/").content


def test_what_stands_nowhere_or_cannot_be_done_there_is_refused_in_words(
    noon: datetime, released: Released, on_mastodon: Account, news: Account, bram: Person
) -> None:
    """And what has not gone needs no apology."""
    post = released(WRONG, on_mastodon, news).post
    first = row(post, on_mastodon)
    deliver(first.pk)
    for wrong, code in (({"places": {first.pk: ("delete", "")}}, "way"), ({"text": " "}, "empty")):
        with pytest.raises(Refused) as refused:
            put_right(bram, post, **wrong)
        assert refused.value.code == code
    assert not Correction.objects.exists()
    put_right(bram, post, "apologise")
    assert {step.target_id for step in CorrectionStep.objects.all()} == {first.pk}
    Target.objects.filter(pk=first.pk).update(removed_at=noon)
    with pytest.raises(Refused) as refused:
        put_right(bram, post, "apologise")
    assert refused.value.code == "nowhere"


@pytest.mark.parametrize(
    ("reply", "tries"),
    [(OSError("weg"), correcting.TRIES), (Outcome(Verdict.DEFINITELY_NOT, because=Because.REJECTED), 1)],
)
def test_what_a_platform_does_not_change_is_asked_again_and_then_for_a_person(
    noon: datetime, up: Callable[..., Post], on_mastodon: Account, bram: Person, reply: Exception | Outcome, tries: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    asked: list[datetime] = []

    def edit(session: object, remote_id: str, draft: object) -> Outcome:
        asked.append(clock.now())
        if isinstance(reply, Exception):
            raise reply
        return reply

    monkeypatch.setattr(channels.connector("mastodon").correct, "edit", edit)
    post = up(on_mastodon)
    put_right(bram, post)
    while (wake := step_on(on_mastodon).wake_at) is not None:
        with clock.fixed(wake):
            correcting.ask_platform(by=SYSTEM, target_id=row(post).pk)
    assert len(asked) == tries
    waits = [later - earlier for earlier, later in pairwise(asked)]
    assert waits == sorted(waits), "each time it waits longer"
    [step] = corrections.asked_to_do(bram).rows()
    assert (step.state, row(post).text) == ("person", WRONG)
    done = actions.tell_corrected(by=bram, step=step)
    with clock.fixed(noon + timedelta(days=9)):
        again_said = actions.tell_corrected(by=bram, step=step)
    assert again_said.done_at == done.done_at, "said twice is said once"


def test_right_words_in_a_name_that_said_yes_to_others_are_asked_again(
    noon: datetime, released: Released, news: Account, account: Callable[..., Account], rob: Person, bram: Person,
    marloes: Person,
) -> None:  # fmt: skip
    of_rob = account("Rob", "newsroom", owner=rob)
    Account.objects.filter(pk=of_rob.pk).update(personal=True)
    of_rob.refresh_from_db()
    channel_actions.set_member(by=SYSTEM, account=of_rob, person=bram, may=["see", "draft"])
    post = released(WRONG, news, of_rob, due_local=datetime(2026, 11, 25, 9)).post
    actions.agree(by=rob, target=row(post, of_rob))
    actions.reschedule(by=bram, target=row(post, news), due_local=None)
    deliver(row(post, news).pk)
    put_right(marloes, post)
    stopped = row(post, of_rob)
    assert (stopped.state, stopped.text, stopped.agreed_at) == ("cancelled", RIGHT, None)
    actions.reschedule(by=bram, target=stopped, due_local=datetime(2026, 11, 26, 9))
    assert (row(post, of_rob).due_at, row(post, of_rob).because) == (None, "owner")

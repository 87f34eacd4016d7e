"""Pages of publishing: who sees them, what they say, and that they cost the same with one row and with thirty."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from koor.flow.calendar.models import Slot
from koor.flow.hub.models import Item, Medium, Portrayed
from koor.flow.publishing import actions
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.models import Post, Target
from koor.flow.publishing.queries import lists
from koor.flow.publishing.tests.conftest import again, row
from koor.ground.channels import actions as channels
from koor.ground.channels.models import Account
from koor.ground.people.choices import Autonomy
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM
from koor.kernel.panels import todos_of

Visit = Callable[[Person | None], Client]
Write = Callable[..., Post]
Released = Callable[..., Target]


@pytest.fixture
def jelle(person: Callable[..., Person], henk: Person) -> Person:
    """Has a buddy."""
    return person("Jelle", "helper", autonomy=Autonomy.BUDDY, buddy=henk)


def test_strangers_are_asked_to_sign_in(write: Write, stage: Account, visit: Visit) -> None:
    post = write("Hallo.", stage)
    stranger = visit(None)
    for path in ("", "mine/", "new/", f"{post.pk}/", f"{post.pk}/edit/", f"rows/{row(post).pk}/"):
        assert stranger.get(f"/posts/{path}").status_code == 302


def test_a_newcomer_finds_what_is_theirs_and_not_the_drafts_of_others(
    write: Write, stage: Account, newcomer: Person, visit: Visit
) -> None:
    post = write("Nog niet klaar.", stage)
    browser = visit(newcomer)
    assert browser.get("/posts/").headers["Location"] == "/posts/mine/"
    assert browser.get("/posts/mine/").status_code == 200
    assert browser.get("/posts/new/").status_code == 200
    for path in (f"{post.pk}/", f"{post.pk}/edit/", f"rows/{row(post).pk}/"):
        assert browser.get(f"/posts/{path}").status_code == 404
    assert browser.post(f"/posts/{post.pk}/go/").status_code == 404


# ── Writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_item_becomes_a_post_in_two_steps(
    noon: datetime, bram: Person, news: Account, write: Write, visit: Visit
) -> None:
    write("Eerder al eens.", news)
    item = Item.objects.create(kind="text", by=bram, text="Acht lokalen hebben frisse lucht.", made_at=noon)
    browser = visit(bram)
    page = browser.get(f"/posts/new/?item={item.pk}").content.decode()
    assert "Acht lokalen hebben frisse lucht." in page
    assert f'value="{news.pk}" checked' in page
    assert "Post it now" in page
    sent = {"item": item.pk, "text": item.text, "accounts": [news.pk], "when": "now", "do": "go", "once": "k"}
    for _click in range(2):
        answer = browser.post("/posts/new/", sent)
    made = Post.objects.get(item=item)
    assert answer.headers["Location"] == f"/posts/{made.pk}/"
    assert (made.stage, row(made).state) == ("released", "scheduled")


def test_a_draft_is_kept_and_changed(bram: Person, stage: Account, news: Account, visit: Visit) -> None:
    browser = visit(bram)
    browser.post("/posts/new/", {"text": "Eerste.", "accounts": [stage.pk], "when": "now", "do": "keep"})
    made = Post.objects.get()
    page = browser.get(f"/posts/{made.pk}/edit/").content.decode()
    assert "Eerste." in page
    browser.post(
        f"/posts/{made.pk}/edit/",
        {"text": "Tweede.", "accounts": [stage.pk, news.pk], f"text-{news.pk}": "Krant.", "when": "now", "do": "keep"},
    )
    assert (row(made, stage).text, row(made, news).text) == ("Tweede.", "Krant.")
    browser.post(f"/posts/{made.pk}/edit/", {"text": "Derde.", "accounts": [news.pk], "when": "now", "do": "keep"})
    assert row(made, news).text == "Derde.", "without words of its own it says the same again"


def test_planned_for_a_moment(noon: datetime, bram: Person, news: Account, visit: Visit) -> None:
    sent = {
        "text": "Vrijdag.",
        "accounts": [news.pk],
        "when": "later",
        "day": "2026-11-27",
        "time": "09:00",
        "do": "go",
    }
    page = visit(bram).post("/posts/new/", sent, follow=True).content.decode()
    assert "It is planned." in page
    assert "Goes" in page
    assert row(Post.objects.get()).due_day.isoformat() == "2026-11-27"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"text": ""}, "Write a sentence"),
        ({"when": "later"}, "Choose a day and a time."),
        ({"when": "later", "day": "2020-01-01", "time": "09:00"}, "has passed"),
        ({"link": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"accounts": []}, "at least one place"),
        ({"text": "x" * 20_001}, "20000"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    noon: datetime, bram: Person, news: Account, visit: Visit, sent: dict[str, Any], says: str
) -> None:
    whole = {"text": "Hallo daar.", "accounts": [news.pk], "when": "now", "do": "go", **sent}
    answer = visit(bram).post("/posts/new/", whole)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert says in page
    if sent.get("text") is None:
        assert "Hallo daar." in page
    assert not Post.objects.exists()


def jpeg() -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (640, 480), "green").save(content, "JPEG")
    return SimpleUploadedFile("a.jpg", content.getvalue(), "image/jpeg")


def test_a_picture_is_put_with_it_and_described(bram: Person, news: Account, stage: Account, visit: Visit) -> None:
    browser = visit(bram)
    page = browser.post(
        "/posts/new/", {"text": "Kijk.", "accounts": [news.pk], "when": "now", "do": "look", "picture": jpeg()}
    )
    medium = Medium.objects.get()
    assert f'name="medium" value="{medium.pk}"' in page.content.decode()
    sent = {"text": "Kijk.", "accounts": [news.pk], "when": "now", "do": "go", "medium": [medium.pk]}
    answer = browser.post("/posts/new/", {**sent, f"alt-{medium.pk}": " "})
    assert answer.status_code == 422
    assert "what the picture shows" in answer.content.decode()
    assert not Post.objects.filter(stage="released").exists()
    browser.post("/posts/new/", {**sent, f"alt-{medium.pk}": "Een groen vlak"})
    assert Post.objects.filter(stage="released").get().media.get().alt == "Een groen vlak"
    browser.post("/posts/new/", {**sent, "accounts": [stage.pk], f"alt-{medium.pk}": " "})  # nobody outside sees it
    assert Post.objects.filter(stage="released", practice=True).exists()


def test_a_file_that_is_no_picture(bram: Person, news: Account, visit: Visit) -> None:
    odd = SimpleUploadedFile("a.jpg", b"<svg/>", "image/jpeg")
    answer = visit(bram).post(
        "/posts/new/", {"text": "Kijk.", "accounts": [news.pk], "when": "now", "do": "keep", "picture": odd}
    )
    assert answer.status_code == 422
    assert "Kijk." in answer.content.decode()


def test_pictures_of_others_are_not_taken(
    noon: datetime, bram: Person, henk: Person, news: Account, visit: Visit
) -> None:
    item = Item.objects.create(kind="photo", by=henk, made_at=noon)
    medium = Medium.objects.create(item=item)
    Portrayed.objects.create(item=item, name="Els", agrees="no", recorded_at=noon)
    sent = {"text": "Kijk.", "accounts": [news.pk], "when": "now", "do": "keep", "medium": [medium.pk]}
    assert visit(bram).post("/posts/new/", sent).status_code == 404


def test_what_stands_beside_it_follows_the_typing(
    noon: datetime, bram: Person, on_mastodon: Account, news: Account, visit: Visit
) -> None:
    browser = visit(bram)
    sent = {"text": "x" * 501, "accounts": [on_mastodon.pk], "when": "now", "shown": str(on_mastodon.pk)}
    page = browser.post("/posts/look/", sent).content.decode()
    assert "501 of 500" in page
    assert 'class="stop"' in page
    assert 'id="places"' not in page
    more = browser.post(
        "/posts/look/", {**sent, "text": "Kort.", "accounts": [on_mastodon.pk, news.pk]}
    ).content.decode()
    assert 'id="places"' in more
    assert "5 of 500" in more


def test_frequency_and_consent_stand_beside_it(
    noon: datetime, bram: Person, news: Account, released: Released, visit: Visit
) -> None:
    deliver(released("Net nog.", news).pk)
    item = Item.objects.create(kind="photo", by=bram, title="Els", made_at=noon)
    Medium.objects.create(item=item, alt="Els")
    Portrayed.objects.create(item=item, name="Els Wolters", agrees="ask", recorded_at=noon)
    page = visit(bram).get(f"/posts/new/?item={item.pk}").content.decode()
    assert "Els Wolters" in page
    assert "Not yet:" in page
    assert "the previous one is 1 hour earlier" in page


def test_a_slot_brings_its_moment(noon: datetime, bram: Person, news: Account, visit: Visit) -> None:
    slot = Slot.objects.create(day=noon.date() + timedelta(days=3), person=bram, account=news)
    page = visit(bram).get(f"/posts/new/?slot={slot.pk}").content.decode()
    assert 'value="2026-11-27"' in page
    assert 'value="09:00"' in page
    assert "Plan it" in page


def test_a_time_that_the_clock_skips_is_told(noon: datetime, bram: Person, news: Account, visit: Visit) -> None:
    sent = {
        "text": "Nacht.",
        "accounts": [news.pk],
        "when": "later",
        "day": "2027-03-28",
        "time": "02:30",
        "do": "look",
    }
    assert "the clock skips" in visit(bram).post("/posts/new/", sent).content.decode()


def test_who_practises_is_offered_a_stage(newcomer: Person, stage: Account, news: Account, visit: Visit) -> None:
    newcomer.roles = ["helper"]
    newcomer.save()
    page = visit(newcomer).get("/posts/new/").content.decode()
    assert f'value="{stage.pk}" checked' in page
    sent = {"text": "Oefenen.", "accounts": [news.pk], "when": "now", "do": "go"}
    assert "real stage" in visit(newcomer).post("/posts/new/", sent).content.decode()


# ── With a buddy ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_read_along_on_the_phone(jelle: Person, henk: Person, news: Account, visit: Visit) -> None:
    browser = visit(jelle)
    sent = {"text": "Mijn eerste.", "accounts": [news.pk], "when": "now", "do": "go"}
    assert "Henk reads it first" in browser.post("/posts/new/", sent, follow=True).content.decode()
    post = Post.objects.get()
    todo = next(todo for todo in todos_of(henk) if "read along" in todo.title)
    reader = visit(henk)
    page = reader.get(todo.url).content.decode()
    assert "Fine, let it go" in page
    reader.post(f"/posts/{post.pk}/comment/", {"text": "Mooi. Noem Els.", "once": "a"})
    assert "Mooi. Noem Els." in browser.get(f"/posts/{post.pk}/").content.decode()
    assert browser.post(f"/posts/{post.pk}/approve/").status_code == 403
    assert "in Jelle&#x27;s name" in reader.post(f"/posts/{post.pk}/approve/", follow=True).content.decode()
    post.refresh_from_db()
    assert (post.stage, post.released_by) == ("released", henk)
    assert not [todo for todo in todos_of(henk) if "read along" in todo.title]


def test_an_empty_comment_is_said(jelle: Person, henk: Person, news: Account, write: Write, visit: Visit) -> None:
    post = actions.let_go(by=jelle, post=write("Mijn eerste.", news, by=jelle))
    assert visit(henk).post(f"/posts/{post.pk}/comment/", {"text": " "}).status_code == 422


def test_taken_back_put_away_and_out_again(jelle: Person, news: Account, write: Write, visit: Visit) -> None:
    post = actions.let_go(by=jelle, post=write("Mijn eerste.", news, by=jelle))
    browser = visit(jelle)
    browser.post(f"/posts/{post.pk}/take-back/")
    post.refresh_from_db()
    assert post.stage == "draft"
    browser.post(f"/posts/{post.pk}/withdraw/")
    post.refresh_from_db()
    assert post.stage == "withdrawn"
    browser.post(f"/posts/{post.pk}/restore/")
    post.refresh_from_db()
    assert post.stage == "draft"


# ── How it stands ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_row_in_plain_words_with_its_history(
    released: Released, on_mastodon: Account, bram: Person, visit: Visit, mastodon: Any
) -> None:
    mastodon.fault("500", accepted=True)
    target = released("Acht lokalen.", on_mastodon)
    deliver(target.pk)
    page = visit(bram).get(f"/posts/{target.post_id}/").content.decode()
    assert "Unknown, we look back" in page
    assert "sent, no clear answer" in page
    assert "So it never comes twice" in page


def test_buttons_of_a_row(noon: datetime, released: Released, stage: Account, bram: Person, visit: Visit) -> None:
    target = released("Morgen.", stage, due_local=datetime(2026, 11, 25, 9))
    browser = visit(bram)
    page = browser.get(f"/posts/{target.post_id}/").content.decode()
    assert "Post it now" in page
    assert "Another time" in page
    browser.post(f"/posts/rows/{target.pk}/move/", {"day": "2026-11-26", "time": "10:00"})
    assert again(target).due_day.isoformat() == "2026-11-26"  # type: ignore[union-attr]
    assert browser.post(f"/posts/rows/{target.pk}/move/", {"day": "soon"}).status_code == 422
    assert browser.post(f"/posts/rows/{target.pk}/move/", {"day": "2020-01-01", "time": "10:00"}).status_code == 409
    browser.post(f"/posts/rows/{target.pk}/cancel/")
    assert again(target).state == "cancelled"
    browser.post(f"/posts/rows/{target.pk}/retry/")
    assert again(target).due_at == noon
    browser.post(f"/posts/rows/{target.pk}/now/")
    deliver(target.pk)
    assert "Is up" in browser.get(f"/posts/{target.post_id}/").content.decode()
    late = browser.post(f"/posts/rows/{target.pk}/cancel/")
    assert late.status_code == 409
    assert "It is up already." in late.content.decode()


def test_taking_an_article_away(noon: datetime, released: Released, news: Account, bram: Person, visit: Visit) -> None:
    target = released("Frisse lucht.", news)
    deliver(target.pk)
    slug = again(target).slug
    assert visit(None).get(f"/newsroom/{slug}/").status_code == 200
    visit(bram).post(f"/posts/rows/{target.pk}/take-down/")
    assert visit(None).get(f"/newsroom/{slug}/").status_code == 410


def test_by_hand_on_the_phone(noon: datetime, released: Released, by_hand: Account, rob: Person, visit: Visit) -> None:
    words = "Kom luisteren." + " Het is stil." * 20
    target = released(words, by_hand, by=rob)
    deliver(target.pk)
    todo = next(todo for todo in todos_of(rob) if "Post it on" in todo.title)
    browser = visit(rob)
    assert "…</q>" in browser.get("/").content.decode()  # cut short, and it says so
    page = browser.get(todo.url).content.decode()
    assert f'data-share-text="{words}"' in page
    wrong = browser.post(f"/posts/rows/{target.pk}/link/", {"url": "geen adres"})
    assert wrong.status_code == 422
    browser.post(f"/posts/rows/{target.pk}/link/", {"url": "https://www.linkedin.com/feed/update/7"})
    assert (again(target).state, again(target).told_by) == ("published", rob)
    assert not [todo for todo in todos_of(rob) if "Post it on" in todo.title]


def test_a_person_tells_whether_it_is_up(
    noon: datetime, released: Released, stage: Account, bram: Person, visit: Visit
) -> None:
    target = released("Acht lokalen.", stage)
    Target.objects.filter(pk=target.pk).update(state="needs_person", because="unsure", wake_at=None)
    todo = next(todo for todo in todos_of(bram) if "Is it up" in todo.title)
    browser = visit(bram)
    page = browser.get(todo.url).content.decode()
    for button in ("It is there", "It is not there: post it", "Leave it as it is"):
        assert button in page
    browser.post(f"/posts/rows/{target.pk}/again/")
    assert again(target).state == "waiting"
    assert browser.post(f"/posts/rows/{target.pk}/link/", {"url": ""}).status_code == 409
    Target.objects.filter(pk=target.pk).update(state="needs_person", because="unsure", wake_at=None)
    browser.post(f"/posts/rows/{target.pk}/leave/")
    assert again(target).state == "cancelled"


def test_the_captain_says_yes_in_her_own_words(
    noon: datetime, account: Callable[..., Account], hanna: Person, marloes: Person, write: Write, visit: Visit
) -> None:
    own = account("Hanna", "by_hand", owner=hanna, personal=True)
    channels.set_member(by=SYSTEM, account=own, person=marloes, may=["see", "draft"])
    post = actions.let_go(by=marloes, post=write("Een school vroeg ons.", own, by=marloes))
    todo = next(todo for todo in todos_of(hanna) if "for you to say" in todo.title)
    browser = visit(hanna)
    assert "Fine, in my name" in browser.get(todo.url).content.decode()
    too_long = browser.post(f"/posts/rows/{row(post).pk}/agree/", {"text": "x" * 3001})
    assert too_long.status_code == 409
    browser.post(f"/posts/rows/{row(post).pk}/agree/", {"text": "Daar ben ik stil van."})
    assert (row(post).text, row(post).agreed_by) == ("Daar ben ik stil van.", hanna)


def test_share_on_in_ones_own_words(
    noon: datetime, released: Released, news: Account, bram: Person, rob: Person, by_hand: Account, visit: Visit
) -> None:
    target = released("Acht lokalen in Eibergen hebben sinds vrijdag frisse lucht.", news)
    deliver(target.pk)
    browser = visit(rob)
    page = browser.get(f"/posts/new/?after={target.post_id}").content.decode()
    assert "Fine work by my colleague Bram." in page
    assert f'value="{by_hand.pk}" checked' in page
    sent = {"after": target.post_id, "accounts": [by_hand.pk], "when": "now", "do": "go"}
    copy = browser.post("/posts/new/", {**sent, "text": target.text + "!"})
    assert copy.status_code == 422
    assert "still Bram&#x27;s words" in copy.content.decode()
    browser.post("/posts/new/", {**sent, "text": "Bij mijn scholen hoor je hem ook niet. Kom gerust luisteren."})
    own = Post.objects.get(after=target.post)
    assert own.stage == "released"
    assert "Rob" in visit(bram).get(f"/posts/{target.post_id}/").content.decode()


def test_what_failed_is_on_its_makers_today(
    released: Released, on_mastodon: Account, bram: Person, mastodon: Any
) -> None:
    mastodon.fault("422", accepted=False)
    target = released("Acht lokalen.", on_mastodon)
    deliver(target.pk)
    assert [todo for todo in todos_of(bram) if "did not get on" in todo.title]


# ── Lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_switch(marloes: Person, bram: Person, visit: Visit) -> None:
    browser = visit(marloes)
    assert "Stop posting" in browser.get("/posts/").content.decode()
    browser.post("/posts/hold/", {"why": "Brand"})
    page = browser.get("/posts/").content.decode()
    assert "Nothing is posted from this house now." in page
    assert "Let posting go on" in page
    assert browser.post("/posts/hold/", {"why": ""}, follow=True).status_code == 200
    assert visit(bram).post("/posts/resume/").status_code == 403
    browser.post("/posts/resume/")
    assert "Stop posting" in browser.get("/posts/").content.decode()


def test_what_is_shown_can_be_narrowed(
    noon: datetime,
    released: Released,
    write: Write,
    news: Account,
    stage: Account,
    marloes: Person,
    jelle: Person,
    visit: Visit,
) -> None:
    deliver(released("Staat erop.", news).pk)
    released("Staat klaar.", news, due_local=datetime(2026, 11, 27, 9))
    write("Nog een kladje.", news)
    actions.let_go(by=jelle, post=write("Wordt gelezen.", news, by=jelle))
    lost = released("Te laat.", news)
    Target.objects.filter(pk=lost.pk).update(state="missed", wake_at=None)
    browser = visit(marloes)
    for show, text in [
        ("attention", "Te laat"), ("ready", "Staat klaar"), ("buddy", "Wordt gelezen"),
        ("drafts", "Nog een kladje"), ("up", ">Staat erop</a>"),
    ]:  # fmt: skip
        page = browser.get(f"/posts/?show={show}").content.decode()
        assert text in page
        assert page.count("<li data-row>") == 1
    assert browser.get("/posts/?show=nonsense").content.decode().count("<li data-row>") == 5
    assert browser.get("/posts/?q=kladje").content.decode().count("<li data-row>") == 1
    assert "1 post asks for attention." in browser.get("/posts/").content.decode()


def test_an_empty_house(marloes: Person, visit: Visit) -> None:
    browser = visit(marloes)
    assert "Write the first post" in browser.get("/posts/").content.decode()
    assert browser.get("/posts/?show=answers").status_code == 200
    assert browser.get("/posts/new/").status_code == 200


def asked(browser: Client, path: str) -> int:
    """How many queries a page takes, once everything that is asked once is there."""
    browser.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status_code == 200
    return len(captured)


MOST = 15  # queries of a page, with what the navigation counts


def test_lists_take_the_same_number_of_queries_for_one_post_and_for_thirty(
    noon: datetime, write: Write, news: Account, stage: Account, marloes: Person, visit: Visit
) -> None:
    def make(number: int) -> None:
        post = write(f"Bericht {number}.", news, stage, by=marloes, media=[(Medium.objects.create(), "x")])
        actions.let_go(by=marloes, post=post)

    make(0)
    browser = visit(marloes)
    before = [asked(browser, path) for path in ("/posts/", "/posts/mine/")]
    for number in range(1, 30):
        make(number)
    assert [asked(browser, path) for path in ("/posts/", "/posts/mine/")] == before
    assert max(before) <= MOST


@pytest.mark.parametrize("rows", [1, 30])
def test_a_list_of_posts_is_read_in_four_queries(
    rows: int, noon: datetime, write: Write, news: Account, marloes: Person, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        write(f"Bericht {number}.", news, by=marloes, media=[(Medium.objects.create(), "x")])
    lists.attention(marloes)  # what her role allows is asked once
    with django_assert_num_queries(4):
        found = list(lists.posts(marloes)[:30])
        shown = [(str(post), [target.account.name for target in post.targets.all()], post.by.name) for post in found]
    assert len(shown) == rows


def test_a_post_takes_the_same_number_of_queries_for_one_place_and_for_twelve(
    noon: datetime, write: Write, account: Callable[..., Account], marloes: Person, visit: Visit
) -> None:
    accounts = [account(f"Stage {number}") for number in range(12)]
    browser = visit(marloes)
    counts = []
    for places in (accounts[:1], accounts):
        post = actions.let_go(by=marloes, post=write("Overal.", *places, by=marloes))
        for target in post.targets.all():
            deliver(target.pk)
        paths = (f"/posts/{post.pk}/", "/posts/new/", f"/posts/{write('Klad.', *places, by=marloes).pk}/edit/")
        counts.append([asked(browser, path) for path in paths])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= MOST

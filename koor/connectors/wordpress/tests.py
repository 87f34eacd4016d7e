"""The connector against a real WordPress (`python -m tools.peers wordpress`), and how it reads answers.

The answers written down here are as WordPress 6.1 gave them on 22 November 2026, shortened."""

from __future__ import annotations

import base64
import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest

from koor.connectors.wordpress import act, check, client, converse, correct, listen, page, publish
from koor.ground.channels.contract import (
    Act,
    Attempt,
    Because,
    CannotKnow,
    Draft,
    Medium,
    NotSeen,
    Outcome,
    Prepared,
    Seen,
    Session,
    Verdict,
)
from koor.kernel.http import Door
from tests.connectors.scripted import Scripted, answer
from tests.peers.wordpress_server import WordpressServer

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
REFUSED = {"code": "rest_cannot_create", "message": "Sorry, you are not allowed.", "data": {"status": 401}}


def attempt(draft: Draft, key: str = "key-1", number: int = 1, **handle: Any) -> Attempt:
    return Attempt(number, key, draft, Prepared(handle=handle), NOON)


def session_with(http: Any, site: str = "https://www.reurslag.nl") -> Session:
    return Session(http, 1, {"site": site, "user": "koor"}, {"app_password": "pass word"}, now=NOON)


def page_of(draft: Draft, key: str = "key-1", **more: Any) -> dict[str, Any]:
    return {"id": 7, "slug": page.slug(draft, key), "link": "https://www.reurslag.nl/?p=7", **more}


class TestPage:
    @pytest.mark.parametrize(
        ("text", "options", "title", "rest"),
        [
            ("Kop\n\nEn dan.", {}, "Kop", "En dan."),
            ("Een regel alleen.", {}, "Een regel alleen.", "Een regel alleen."),
            ("x" * 200 + "\nmeer", {}, "x" * 70 + "…", "x" * 200 + "\nmeer"),
            ("Kop\n\nEn dan.", {"title": "Anders"}, "Anders", "Kop\n\nEn dan."),
        ],
    )
    def test_its_title(self, text: str, options: dict[str, str], title: str, rest: str) -> None:
        assert page.parted(Draft(text, options=options)) == (title, rest)

    def test_its_address_follows_from_the_key(self) -> None:
        draft = Draft("Één café & meer: 8 lokalen!")
        assert page.slug(draft, "a") == page.slug(draft, "a")
        assert page.slug(draft, "a").startswith("een-cafe-meer-8-lokalen-")
        assert page.slug(draft, "a") != page.slug(draft, "b")
        assert len(page.slug(Draft("ドイツ"), "a")) == 10
        assert len(page.slug(Draft("x" * 5000), "a")) < 80

    def test_nothing_in_it_is_an_order(self) -> None:
        """Markup is shown as it was written, also blocks and shortcodes."""
        made = page.content(Draft('<script>x</script> [gallery] <!-- wp:html --> & https://x.example/?a=1&b="2"'), ())
        assert "<script" not in made
        assert "[gallery]" not in made
        assert made.count("<!-- wp:") == 1
        assert '<a href="https://x.example/?a=1&amp;b=">' in made

    def test_paragraphs_lines_and_the_link(self) -> None:
        made = page.content(Draft("Kop\n\nEen\ntwee\n\n\n\ndrie", link="https://x.example/"), ())
        assert made.count("<p>") == 3
        assert "Een<br>twee" in made

    def test_other_words_keep_the_pictures(self) -> None:
        present = page.content(Draft("Oud"), [{"id": 3, "url": "https://x.example/a.png", "alt": 'Een "punt"'}])
        made = page.with_pictures_of(Draft("Nieuw"), present)
        assert "Oud" not in made
        assert made.count("wp:image") == 2


class TestAnswers:
    def test_a_second_page_goes_again(self) -> None:
        """The first attempt arrived after all: the site gave the second one a number behind our address."""
        draft = Draft("Hallo")
        first = page_of(draft)
        second = {**first, "id": 8, "slug": f"{first['slug']}-2"}

        def reply(method: str, url: str, more: Any) -> Any:
            return answer(200, [first]) if method == "GET" else answer(201 if method == "POST" else 200, second)

        http = Scripted(reply)
        outcome = publish.send(session_with(http), attempt(draft))
        assert (outcome.verdict, outcome.remote_id) == (Verdict.DONE, "7")
        assert [method for method, _url in http.asked] == ["POST", "GET", "DELETE"]

    def test_looked_for_before_another_try(self) -> None:
        draft = Draft("Hallo")
        http = Scripted(answer(200, [page_of(draft)]))
        assert publish.send(session_with(http), attempt(draft, number=2)).remote_id == "7"
        assert [method for method, _url in http.asked] == ["GET"]

    def test_what_stands_under_another_address_is_not_it(self) -> None:
        http = Scripted(answer(200, [{"id": 9, "slug": "iets-anders", "link": "x"}]))
        assert publish.find(session_with(http), attempt(Draft("Hallo"))) == NotSeen()

    def test_more_answers_of_ours_than_were_read(self) -> None:
        said = {"parent": 4, "author": 1, "content": {"raw": "Iets anders"}}
        made = attempt(Draft("Dank je", in_reply_to="comment-4"), post=3, parent=4)

        def found(rows: list[Any]) -> Any:
            told = lambda _method, url, _more: answer(200, {"id": 1} if "users/me" in url else rows)  # noqa: E731
            return publish.find(session_with(Scripted(told)), made)

        assert found([{**said, "id": 8}]) == NotSeen()
        assert isinstance(found([{**said, "id": number} for number in range(100)]), CannotKnow)
        assert found([{**said, "id": 8, "content": {"raw": "Dank je"}, "author": 2}]) == NotSeen()
        assert isinstance(found([{**said, "id": 8, "content": {"raw": "Dank je"}}]), Seen)

    @pytest.mark.parametrize("code", ["invalid_taxonomy", "rest_plugin_thing", "db_insert_error"])
    def test_an_error_that_may_come_after_the_page_was_made(self, code: str) -> None:
        http = Scripted(answer(400, {"code": code, "message": "x"}))
        assert publish.send(session_with(http), attempt(Draft("Hallo"))).verdict is Verdict.UNKNOWN

    def test_a_refusal_in_words_without_the_password(self) -> None:
        http = Scripted(answer(400, {"code": "rest_invalid_param", "message": "<b>No</b> pass word here"}))
        outcome = publish.send(session_with(http), attempt(Draft("Hallo")))
        assert (outcome.verdict, outcome.because) == (Verdict.DEFINITELY_NOT, Because.REJECTED)
        assert outcome.answer == "400: rest_invalid_param No … here"

    def test_an_answer_that_is_there_already_is_looked_for(self) -> None:
        """WordPress refuses the same words twice, which is a hint and no proof."""
        http = Scripted(answer(409, {"code": "comment_duplicate", "message": "Duplicate comment detected"}))
        made = attempt(Draft("Dank je", in_reply_to="comment-3"), post=1, parent=3)
        assert publish.send(session_with(http), made).verdict is Verdict.UNKNOWN

    @pytest.mark.parametrize("remote_id", ["", "x", "12; drop", "comment-", "at://x", "１２"])
    def test_what_is_not_of_the_site(self, remote_id: str) -> None:
        session = session_with(Scripted(answer(200, {})))
        assert correct.delete(session, remote_id).because is Because.REJECTED
        assert correct.edit(session, remote_id, Draft("x")).because is Because.REJECTED
        assert act.act(session, Act.HIDE, remote_id).because is Because.REJECTED

    def test_a_category_that_is_not_there(self) -> None:
        draft = Draft("Hallo", options={"categories": "Nieuws, Onzin"})
        http = Scripted(answer(200, [{"id": 3, "name": "Nieuws"}]))
        prepared = publish.prepare(session_with(http), draft)
        assert prepared.values == {"name": "Onzin"}

    @pytest.mark.parametrize(
        ("given", "site"),
        [
            ("www.reurslag.nl", "https://www.reurslag.nl"),
            (" https://reurslag.nl/blog/ ", "https://reurslag.nl/blog"),
            ("https://reurslag.nl/index.php", "https://reurslag.nl"),
        ],
    )
    def test_the_address_of_a_site(self, given: str, site: str) -> None:
        assert client.site(session_with(None, given)) == site


def comment(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": number, "post": 1, "parent": 0, "author": 0, "author_name": "Els", "date_gmt": "2026-11-22T13:24:44",
        "content": {"rendered": f"<p>Vraag {number}</p>\n"}, "link": "https://x.example/#c",
        "status": "approved", **more,
    }  # fmt: skip


class Below:
    """Comments below pages, newest first, as the interface gives them."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def request(self, method: str, url: str, **more: Any) -> Any:
        if "users/me" in url:
            return answer(200, {"id": 2, "slug": "koor", "link": "x"})
        offset = int(url.partition("offset=")[2].partition("&")[0] or 0)
        newest = sorted(self.rows, key=lambda row: -row["id"])
        return answer(200, newest[offset : offset + listen.PAGE])


class TestListen:
    def read(self, below: Below, cursor: str) -> tuple[list[str], str]:
        got: list[str] = []
        for _page in range(20):
            batch = listen.fetch(session_with(below), cursor, {"kind": "comments"})
            assert not batch.problem
            got, cursor = [*got, *(item.text for item in batch.items)], batch.cursor
            if not batch.more:
                break
        return got, cursor

    def test_a_storm_without_a_gap(self) -> None:
        below = Below()
        below.rows = [comment(1)]
        _first, cursor = self.read(below, "")
        below.rows += [comment(number) for number in range(2, 450)]
        got, cursor = self.read(below, cursor)
        assert set(got) == {f"Vraag {number}" for number in range(2, 450)}
        assert self.read(below, cursor)[0] == []

    def test_what_is_thrown_away_meanwhile_hides_nothing(self) -> None:
        below = Below()
        below.rows = [comment(1)]
        _first, cursor = self.read(below, "")
        below.rows += [comment(number) for number in range(2, 160)]
        first = listen.fetch(session_with(below), cursor, {})
        below.rows = [row for row in below.rows if row["id"] not in range(100, 115)]
        rest, _cursor = self.read(below, first.cursor)
        assert {f"Vraag {number}" for number in range(2, 60)} <= set(rest)

    def test_what_can_not_be_read_stops_nothing(self) -> None:
        below = Below()
        below.rows = [comment(3), comment(2, content=None), comment(1, parent="x")]
        batch = listen.fetch(session_with(below), "", {})
        assert ([item.external_id for item in batch.items], len(batch.broken)) == (["comment-3"], 2)

    def test_who_says_it_and_what_it_answers(self) -> None:
        below = Below()
        below.rows = [comment(4, parent=3, author=2), comment(3, content={"rendered": "<p>A &amp; <b>B</b></p>"})]
        theirs, ours = listen.fetch(session_with(below), "", {}).items
        assert (theirs.text, theirs.in_reply_to, theirs.handle) == ("A & B", "1", "")
        assert (ours.in_reply_to, ours.handle) == ("comment-3", "koor@www.reurslag.nl")


# ── A real site ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def real(wordpress_server: WordpressServer) -> Session:
    door = Door(allow=frozenset({wordpress_server.place}))
    secret = {"app_password": wordpress_server.passwords["koor"]}
    return Session(door, 1, {"site": wordpress_server.url, "user": "koor", "status": "publish"}, secret)


def publish_it(session: Session, draft: Draft, key: str) -> tuple[Attempt, Outcome]:
    prepared = publish.prepare(session, draft)
    assert not prepared.problem, prepared
    made = Attempt(1, key, draft, prepared, datetime.now(UTC))
    return made, publish.send(session, made)


def titled(server: WordpressServer, title: str) -> list[dict[str, Any]]:
    return [one for one in server.ask("/wp/v2/posts", "&per_page=100") if one["title"]["rendered"] == title]


@pytest.mark.peers("wordpress")
class TestRealSite:
    def test_once_however_often(self, wordpress_server: WordpressServer, real: Session) -> None:
        draft = Draft("Acht lokalen\n\nEn <b>nu</b> [gallery] écht warm.\nhttps://reurslag.example/a?b=1&c=2")
        made, outcome = publish_it(real, draft, "once")
        assert outcome.verdict is Verdict.DONE, outcome
        again = publish.send(real, made)  # as when nobody heard that the first arrived
        assert (again.verdict, again.remote_id) == (Verdict.DONE, outcome.remote_id)
        assert publish.send(real, dataclasses.replace(made, number=2)).remote_id == outcome.remote_id
        (there,) = titled(wordpress_server, "Acht lokalen")
        assert str(there["id"]) == outcome.remote_id
        assert "&lt;b&gt;nu&lt;/b&gt; &#91;gallery&#93; écht" in there["content"]["rendered"]
        assert 'href="https://reurslag.example/a?b=1&amp;c=2"' in there["content"]["rendered"]
        assert publish.find(real, made) == Seen(outcome.remote_id, outcome.url)

    def test_pictures_with_words_once(self, wordpress_server: WordpressServer, real: Session) -> None:
        pictures = (Medium(PIXEL, "image/png", "Een punt"), Medium(PIXEL + b" ", "image/png", 'Nog "een"'))
        options = {"title": "Met beeld", "excerpt": "Kort", "categories": "nieuws", "tags": "#lucht, warmte"}
        draft = Draft("Kijk.", pictures, options=options)
        prepared = publish.prepare(real, draft)
        assert publish.prepare(real, draft) == prepared, "what is there already is not brought again"
        outcome = publish.send(real, Attempt(1, "picture", draft, prepared, NOON))
        there = wordpress_server.ask(f"/wp/v2/posts/{outcome.remote_id}")
        above = wordpress_server.ask(f"/wp/v2/media/{there['featured_media']}")
        assert (above["alt_text"], there["excerpt"]["rendered"].strip()) == ("Een punt", "<p>Kort</p>")
        assert there["content"]["rendered"].count("<img") == 1
        assert len(there["tags"]) == 2
        assert Door(allow=frozenset({wordpress_server.place})).request("GET", above["source_url"]).content == PIXEL

    def test_as_a_draft_nobody_sees_it(self, wordpress_server: WordpressServer, real: Session) -> None:
        made, outcome = publish_it(real, Draft("Nog niet", options={"status": "draft"}), "draft")
        assert outcome.verdict is Verdict.DONE
        assert titled(wordpress_server, "Nog niet") == []
        assert isinstance(publish.find(real, made), Seen)

    def test_other_words_and_away(self, wordpress_server: WordpressServer, real: Session) -> None:
        draft = Draft("Kop\n\nOud", (Medium(PIXEL, "image/png", "Punt"),), options={"featured": "within"})
        made, outcome = publish_it(real, draft, "edit")
        changed = correct.edit(real, outcome.remote_id, Draft("Kop\n\nNieuw"))
        assert (changed.verdict, changed.remote_id) == (Verdict.DONE, outcome.remote_id)
        there = wordpress_server.ask(f"/wp/v2/posts/{outcome.remote_id}")
        assert "Nieuw" in there["content"]["rendered"]
        assert "Oud" not in there["content"]["rendered"]
        assert there["content"]["rendered"].count("<img") == 1
        assert [correct.delete(real, outcome.remote_id).verdict for _time in range(2)] == [Verdict.DONE] * 2
        assert titled(wordpress_server, "Kop") == []
        assert publish.find(real, made) == NotSeen()

    def test_a_comment_answered_once_and_kept_away(self, wordpress_server: WordpressServer, real: Session) -> None:
        _made, outcome = publish_it(real, Draft("Wie weet dit?"), "talk")
        said = wordpress_server.comment(outcome.remote_id, "Ik! <3")
        items = listen.fetch(real, "", {"kind": "comments"}).items
        (heard,) = [item for item in items if item.external_id == f"comment-{said}"]
        assert (heard.author, heard.text, heard.in_reply_to) == ("Els Wolters", "Ik! <3", outcome.remote_id)
        assert heard.created_at is not None
        assert abs((heard.created_at - datetime.now(UTC)).total_seconds()) < 60, "in its own time zone"
        made, answered = publish_it(real, Draft("Dank je <3 & tot ziens", in_reply_to=heard.external_id), "thanks")
        assert answered.verdict is Verdict.DONE
        assert publish.send(real, made).verdict is Verdict.UNKNOWN
        assert publish.find(real, made) == Seen(answered.remote_id, answered.url)
        whole = converse.thread(real, heard.external_id)
        assert [item.text for item in whole.items] == ["Ik! <3", "Dank je <3 & tot ziens"]
        assert whole.items[1].handle == check.check(real).handle
        assert [act.act(real, Act.HIDE, heard.external_id).verdict for _time in range(2)] == [Verdict.DONE] * 2
        shown = wordpress_server.ask("/wp/v2/comments", f"&post={outcome.remote_id}")
        assert f"comment-{said}" not in [f"comment-{one['id']}" for one in shown]
        assert act.undo(real, Act.HIDE, heard.external_id).verdict is Verdict.DONE
        assert [act.act(real, Act.DELETE, heard.external_id).verdict for _time in range(2)] == [Verdict.DONE] * 2

    def test_who_we_are(self, wordpress_server: WordpressServer, real: Session) -> None:
        health = check.check(real)
        assert (health.works, health.handle) == (True, f"koor@127.0.0.1:{wordpress_server.port}")
        assert check.check(dataclasses.replace(real, secrets={"app_password": "x"})).because is Because.AUTH
        newcomer = {"app_password": wordpress_server.passwords["newcomer"]}
        less = dataclasses.replace(real, settings={**real.settings, "user": "newcomer"}, secrets=newcomer)
        assert check.check(less).because is Because.AUTH
        _made, outcome = publish_it(less, Draft("Mag ik niet"), "may-not")
        assert (outcome.verdict, outcome.because) == (Verdict.DEFINITELY_NOT, Because.AUTH)

    def test_not_a_site_at_all(self, real: Session) -> None:
        nowhere = dataclasses.replace(real, settings={**real.settings, "site": f"{real.settings['site']}/wp-includes"})
        assert not check.check(nowhere).works
        made = Attempt(1, "x", Draft("x"), Prepared(), NOON)
        assert isinstance(publish.find(nowhere, made), CannotKnow)

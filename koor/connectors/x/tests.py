"""X: counting as its own library does, requests as its own document describes (KOOR_TEST_SPECS, read 22 November 2026),
answers as docs.x.com shows them. Nobody has seen this working with X itself."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from koor.connectors.x import check, connect, converse, correct, limits, listen, publish
from koor.connectors.x.manifest import MANIFEST
from koor.ground.channels.contract import (
    Attempt,
    Because,
    CannotKnow,
    Delivery,
    Draft,
    Medium,
    NotSeen,
    Prepared,
    Seen,
    Session,
    Unclear,
    Verdict,
)
from tests.connectors.scripted import Shut, answer
from tests.connectors.specified import specification
from tools import peers

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
US = "2244994945"
HELD = MANIFEST.limits
PICTURE = Medium(b"jpeg", "image/jpeg", "Een dak", "7.jpg")
DUPLICATE = {
    "detail": "You are not allowed to create a Tweet with duplicate content.",
    "title": "Forbidden",
    "status": 403,
}


def made(number: str = "1445880548472328192") -> Any:
    return answer(201, {"data": {"id": number, "text": "Hallo"}})


class X:
    """Answers by the beginning of "METHOD /path" as somebody wrote down; each request is held against X's document."""

    def __init__(self, specified: bool = False) -> None:
        self.routes: list[tuple[str, Any]] = []
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self.document = specification("x-openapi.json") if specified else None

    def when(self, begins: str, reply: Any) -> X:
        self.routes.append((begins, reply))
        return self

    def request(self, method: str, url: str, **more: Any) -> Any:
        place = url.removeprefix("https://api.x.com")
        self.asked.append((method, place, more))
        if self.document is not None:
            body = more.get("json")
            if "files" in more:
                body = {"media": more["files"]["media"][1], "segment_index": int(more["data"]["segment_index"])}
            self.document.check(method, place, body)
        for begins, reply in self.routes:
            if f"{method} {place}".startswith(begins):
                reply = reply.pop(0) if isinstance(reply, list) else reply
                if isinstance(reply, Exception):
                    raise reply
                return reply
        return answer(404, {"title": "Not Found", "detail": "nothing is there", "status": 404})


def session(http: Any, **settings: str) -> Session:
    settings = {"user_id": US, "reads": "yes"} | settings
    return Session(http, 1, settings, {"access_token": "token-1"}, now=NOON)


def tried(draft: Draft, number: int = 1, **handle: Any) -> Attempt:
    return Attempt(number, "key-1", draft, Prepared(handle=handle), NOON)


SAID = [
    "Hallo",
    "reurslag.nl",
    "x.nl",
    "kijk op reurslag.nl/a",
    "www.ab.nl",
    "zin.Volgende",
    "a@b.nl",
    "koor.example",
    "http://koor.nl/a_b(c)",
    "https://nl.wikipedia.org/wiki/Dak_(bouw)",
    "(zie https://reurslag.nl/dak)",
    "👩‍👩‍👧‍👦",
    "🇳🇱",
    "é",
    "e\u0301",
    "漢字",
    "1️⃣",
    "https://reurslag.nl.",
    "bla.technology",
    "x.museum",
    "foo.photography!",
    "✔️",
    "❤",
    "©",
    "https://t.co/abc",
    "a.b.com",
    "Dr.de",
    "bijv.nl is",
    "node.js",
    "e.g.this",
    "https://reurslag.nl/?a=1&b=2#c.",
    '"https://reurslag.nl"',
    "reurslag.nl,en",
    "@els.nl",
    "#dak.nl",
    "\u202eom",
    "a\u200bb",
    "naïve — “ja” …",
    "€ 5",
    "مرحبا",
    "שלום",
    "Привет",
    "ﷺ",
    "👍🏽 ok",
    "🏳️‍🌈",
    "https://münchen.de/x",
    "http://reurslag.nl:8080/x",
    "ab.nl/",
    "x" * 300,
    "HTTPS://REURSLAG.NL/A",
    "a https://reurslag.nl b reurslag.com c",
    "1.000,50",
    "3.14",
    "v1.2.nl",
    "foo_bar.nl",
    "https://x.nl…",
    "‼️",
    "™",
    "😀😀",
    "🫠",
    "https://ab.nl/a,b",
]


class TestCounting:
    """docs.x.com, Counting characters: 280, a link 23, emoji and scripts beyond the light ones 2."""

    @pytest.mark.parametrize(
        ("said", "weighs"),
        [
            ("Hallo", 5),
            ("é", 1),
            ("漢字", 4),
            ("👩‍👩‍👧‍👦", 2),
            ("🇳🇱", 2),
            ("1️⃣", 2),
            ("https://reurslag.nl/heel/lang", 23),
            ("reurslag.nl", 23),
            ("els@reurslag.nl", 15),
            ("zin.Volgende", 12),
            ("(https://reurslag.nl)", 25),
            ("€ 5", 4),
        ],
    )
    def test_by_the_rules(self, said: str, weighs: int) -> None:
        assert limits.weight(said) == weighs

    @pytest.mark.peers("twitter-text")
    def test_as_the_library_of_x_itself(self) -> None:
        work = (
            "const t = require(process.argv[1]); const said = JSON.parse(require('fs').readFileSync(0));"
            "console.log(JSON.stringify(said.map(one => t.parseTweet(one).weightedLength)))"
        )
        library = str(peers.place("twitter-text") / "node_modules" / "twitter-text")
        done = subprocess.run(
            [str(peers.node()), "-e", work, library], input=json.dumps(SAID), capture_output=True, text=True, check=True
        )
        theirs = dict(zip(SAID, json.loads(done.stdout), strict=True))
        assert {said: limits.weight(said) for said in SAID} == theirs

    def test_the_counter_while_writing(self) -> None:
        assert limits.length(Draft("Lees", link="https://reurslag.nl/a"), HELD) == 4 + 2 + 23
        assert limits.length(Draft("x" * 500, options={"thread": "yes"}), HELD) <= 280

    @pytest.mark.parametrize(
        ("draft", "thousandths"),
        [
            (Draft("Hallo"), 15),
            (Draft("Hallo reurslag.nl"), 200),
            (Draft("Hallo", link="https://reurslag.nl"), 200),
            (Draft("Hallo", (PICTURE, dataclasses.replace(PICTURE, alt=""))), 20),
            (Draft("een\n---\ntwee reurslag.nl", options={"thread": "yes"}), 215),
        ],
    )
    def test_what_it_costs_is_told_beforehand(self, draft: Draft, thousandths: int) -> None:
        assert limits.cost(draft, HELD) == thousandths
        sentence, values = limits.beforehand(draft, HELD)
        assert f"${values['dollars']}" in sentence % values
        assert values["dollars"] * 1000 == thousandths
        assert len(str(values["dollars"])) == (5 if thousandths % 10 else 4)


class TestThread:
    def test_is_cut_where_it_reads_well(self) -> None:
        text = "Eerste zin is lang genoeg. " * 12 + "\n\n" + "Tweede alinea. " * 10
        pieces = limits.parts(Draft(text))
        assert all(0 < limits.weight(piece) <= 280 for piece in pieces)
        assert "".join("".join(pieces).split()) == "".join(text.split())
        assert all(piece.endswith(".") for piece in pieces)

    def test_where_the_writer_wants_it(self) -> None:
        assert limits.parts(Draft("een\n---\ntwee\n\n-----\ndrie --- vier\n---\n")) == ["een", "twee", "drie --- vier"]

    @pytest.mark.parametrize(
        "text", ["x" * 999, "漢" * 400, "👩‍👩‍👧‍👦" * 300, "a " * 700, "\n\n" * 300 + "a", "‮" + "é" * 400]
    )
    def test_any_text_is_cut_into_parts_that_fit(self, text: str) -> None:
        assert all(limits.weight(piece) <= 280 for piece in limits.parts(Draft(text)))

    def test_never_in_a_link(self) -> None:
        link = "https://reurslag.nl/" + "a" * 400
        assert link in limits.parts(Draft("woord " * 45 + link))[-1]

    def test_goes_part_by_part(self) -> None:
        draft = Draft("een\n---\ntwee\n---\ndrie", (PICTURE,), options={"thread": "yes"})
        handle = {"parts": ["een", "twee", "drie"], "media": ["71"]}
        first = publish.send(session(X().when("POST", made("1"))), tried(draft, **handle))
        assert (first.verdict, first.remote_id, first.more) == (Verdict.DONE, "1", True)
        bodies = [publish.body_of(tried(draft, **handle, chain=chain)) for chain in ([], ["1"], ["1", "2"])]
        assert bodies == [
            {"text": "een", "media": {"media_ids": ["71"]}},
            {"text": "twee", "reply": {"in_reply_to_tweet_id": "1"}},
            {"text": "drie", "reply": {"in_reply_to_tweet_id": "2"}},
        ]
        last = publish.send(session(X().when("POST", made("3"))), tried(draft, **handle, chain=["1", "2"]))
        assert (last.verdict, last.more) == (Verdict.DONE, False)

    def test_too_many_parts(self) -> None:
        draft = Draft("\n---\n".join("x" * 30), options={"thread": "yes"})
        assert publish.prepare(session(Shut()), draft).because is Because.REJECTED


class TestPost:
    def test_answers_and_pictures(self) -> None:
        http = (
            X(specified=True)
            .when("POST /2/media/upload/initialize", answer(200, {"data": {"id": "71", "media_key": "3_71"}}))
            .when("POST /2/media/upload/71/append", answer(200, {"data": {"expires_at": 1}}))
            .when("POST /2/media/upload/71/finalize", answer(200, {"data": {"id": "71", "size": 4}}))
            .when("POST /2/media/metadata", answer(200, {"data": {"id": "71"}}))
            .when("POST /2/tweets", made())
            .when("DELETE /2/tweets/1", answer(200, {"data": {"deleted": True}}))
            .when("GET /2/users/me", answer(200, {"data": {"id": US, "username": "reurslag", "name": "Reurslag"}}))
            .when("GET /2/users/2244994945/", answer(200, {"meta": {"result_count": 0}}))
            .when(
                "GET /2/tweets/1",
                answer(
                    200,
                    {
                        "data": {
                            "id": "1",
                            "edit_controls": {
                                "is_edit_eligible": True,
                                "editable_until": "2026-11-22T12:20:00.000Z",
                                "edits_remaining": 4,
                            },
                        }
                    },
                ),
            )
        )
        ours = session(http)
        draft = Draft("Kijk", (PICTURE,), in_reply_to="9")
        prepared = publish.prepare(ours, draft)
        assert prepared.handle == {"parts": ["Kijk"], "media": ["71"]}
        assert publish.send(ours, tried(draft, **prepared.handle)).verdict is Verdict.DONE
        assert http.asked[-1][2]["json"] == {
            "text": "Kijk",
            "media": {"media_ids": ["71"]},
            "reply": {"in_reply_to_tweet_id": "9"},
        }
        assert publish.find(ours, tried(draft, **prepared.handle)) == NotSeen()
        assert correct.delete(ours, "1").verdict is Verdict.DONE
        assert correct.edit(ours, "1", Draft("Beter")).verdict is Verdict.DONE
        assert check.check(ours).handle == "@reurslag"
        assert not listen.fetch(ours, json.dumps({"since": "5"}), {"kind": "mentions"}).problem
        assert isinstance(connect.places(ours), tuple)

    def test_a_film_goes_in_pieces_and_is_waited_for(self) -> None:
        pending = {"data": {"id": "71", "processing_info": {"state": "pending", "check_after_secs": 0}}}
        done = {"data": {"id": "71", "processing_info": {"state": "succeeded"}}}
        http = (
            X()
            .when("POST /2/media/upload/initialize", answer(200, {"data": {"id": "71"}}))
            .when("POST /2/media/upload/71/append", answer(204, b""))
            .when("POST /2/media/upload/71/finalize", answer(200, done))
            .when("GET /2/media/upload", answer(200, pending))
        )
        size, read = 9_000_000, []

        def reader(first: int, after: int) -> bytes:
            read.append((first, after))
            return b"x" * (after - first)

        film = Medium(b"", "video/mp4", "", "9.mp4", size, reader=reader)
        assert publish.prepare(session(http), Draft("Kijk", (film,))).handle["media"] == ["71"]
        assert read == [(0, 4_000_000), (4_000_000, 8_000_000), (8_000_000, 9_000_000)]
        assert http.asked[0][2]["json"] == {
            "media_type": "video/mp4",
            "total_bytes": size,
            "media_category": "tweet_video",
        }
        assert [more["data"] for _m, place, more in http.asked if place.endswith("append")][-1] == {
            "segment_index": "2"
        }

    def test_a_film_goes_alone(self) -> None:
        film = Medium(b"x", "video/mp4")
        assert publish.prepare(session(Shut()), Draft("Kijk", (film, PICTURE))).because is Because.REJECTED

    @pytest.mark.parametrize(
        ("reply", "because", "wait"),
        [
            (
                answer(429, {"title": "Too Many Requests"}, {"x-rate-limit-reset": str(int(NOON.timestamp()) + 90)}),
                Because.RATE,
                90,
            ),
            (
                answer(
                    429,
                    {"title": "Too Many Requests"},
                    {
                        "x-rate-limit-reset": "1",
                        "x-user-limit-24hour-remaining": "0",
                        "x-user-limit-24hour-reset": str(int(NOON.timestamp()) + 7200),
                    },
                ),
                Because.RATE,
                7200,
            ),
            (answer(402, {"title": "CreditsDepleted", "detail": "no credits"}), Because.AUTH, None),
            (
                answer(
                    403,
                    {
                        "detail": "Reply to this conversation is not allowed because you have not been mentioned or "
                        "otherwise engaged by the author of the post you are replying to.",
                        "status": 403,
                    },
                ),
                Because.REJECTED,
                None,
            ),
            (
                answer(400, {"errors": [{"message": "text is too long"}], "title": "Invalid Request", "detail": "x"}),
                Because.REJECTED,
                None,
            ),
        ],
    )
    def test_a_no_that_is_certain(self, reply: Any, because: Because, wait: int | None) -> None:
        outcome = publish.send(session(X().when("POST", reply)), tried(Draft("Hallo")))
        assert (outcome.verdict, outcome.because, outcome.retry_after) == (Verdict.DEFINITELY_NOT, because, wait)

    def test_a_duplicate_is_a_hint_and_no_proof(self) -> None:
        first = publish.send(session(X().when("POST", answer(403, DUPLICATE))), tried(Draft("Hallo")))
        assert first.verdict is Verdict.UNKNOWN
        there = X().when("POST", answer(403, DUPLICATE)).when("GET", answer(200, {"data": [own()], "meta": {}}))
        assert publish.send(session(there), tried(Draft("Hallo"), 2)).remote_id == "77"
        gone = X().when("POST", answer(403, DUPLICATE)).when("GET", answer(200, {"meta": {"result_count": 0}}))
        assert publish.send(session(gone), tried(Draft("Hallo"), 2)).because is Because.REJECTED
        unread = X().when("POST", answer(403, DUPLICATE)).when("GET", answer(503, b""))
        assert publish.send(session(unread), tried(Draft("Hallo"), 2)).verdict is Verdict.UNKNOWN

    @pytest.mark.parametrize(
        "reply",
        [
            answer(201, b""),
            answer(201, {"data": {"id": "x", "text": "y"}}),
            answer(200, {"errors": [{"title": "?"}]}),
            answer(500, {"title": "x", "detail": "x"}),
        ],
    )
    def test_what_proves_nothing(self, reply: Any) -> None:
        assert publish.send(session(X().when("POST", reply)), tried(Draft("Hallo"))).verdict is Verdict.UNKNOWN


def own(**more: Any) -> dict[str, Any]:
    return {"id": "77", "text": "Hallo", "created_at": "2026-11-22T12:00:01.000Z", **more}


class TestFind:
    @pytest.mark.parametrize(
        ("draft", "handle", "row", "there"),
        [
            (Draft("Hallo"), {}, own(), True),
            (Draft("Hallo & dag <b>"), {}, own(text="Hallo &amp; dag &lt;b&gt;"), True),
            (
                Draft("Lees https://reurslag.nl/a en www.koor.nl"),
                {},
                own(text="Lees https://t.co/a1 en https://t.co/b2"),
                True,
            ),
            (Draft("Hallo"), {}, own(text="Hallo!"), False),
            (Draft("Hallo"), {}, own(referenced_tweets=[{"type": "replied_to", "id": "3"}]), False),
            (
                Draft("Hallo", in_reply_to="3"),
                {},
                own(text="@els Hallo", referenced_posts=[{"type": "replied_to", "id": "3"}]),
                True,
            ),
            (Draft("Hallo", in_reply_to="3"), {}, own(referenced_tweets=[{"type": "replied_to", "id": "3"}]), True),
            (
                Draft("Hallo"),
                {"media": ["71"]},
                own(text="x https://t.co/p", attachments={"media_keys": ["3_71"]}),
                True,
            ),
            (Draft("Hallo"), {}, own(attachments={"media_keys": ["3_72"]}), False),
            (Draft(""), {"parts": ["een", "Hallo"], "chain": ["76"]}, own(), False),
            (
                Draft(""),
                {"parts": ["een", "Hallo"], "chain": ["76"]},
                own(referenced_tweets=[{"type": "replied_to", "id": "76"}]),
                True,
            ),
        ],
    )
    def test_among_what_we_said(self, draft: Draft, handle: Any, row: Any, there: bool) -> None:
        http = X().when("GET /2/users/2244994945/tweets", answer(200, {"data": [row], "meta": {"result_count": 1}}))
        found = publish.find(session(http), tried(draft, **handle))
        assert found == (Seen("77", "https://x.com/i/status/77") if there else NotSeen())

    def test_all_pages_or_nothing(self) -> None:
        pages = [
            answer(200, {"data": [own(text="x")], "meta": {"next_token": "n"}}),
            answer(200, {"data": [own()], "meta": {}}),
        ]
        assert isinstance(publish.find(session(X().when("GET", pages)), tried(Draft("Hallo"))), Seen)
        endless = X().when("GET", answer(200, {"data": [own(text="x")], "meta": {"next_token": "n"}}))
        assert isinstance(publish.find(session(endless), tried(Draft("Hallo"))), CannotKnow)

    def test_an_application_that_may_not_read(self) -> None:
        assert isinstance(publish.find(session(Shut(), reads="no"), tried(Draft("Hallo"))), CannotKnow)
        assert MANIFEST.delivery_for({"reads": "no"}) == Delivery.BLIND
        assert MANIFEST.delivery_for({"reads": "yes"}) == Delivery.READABLE


class TestCorrect:
    @pytest.mark.parametrize(
        "post",
        [
            {"id": "1"},
            {
                "id": "1",
                "edit_controls": {
                    "is_edit_eligible": False,
                    "editable_until": "2026-11-22T12:20:00Z",
                    "edits_remaining": 5,
                },
            },
            {
                "id": "1",
                "edit_controls": {
                    "is_edit_eligible": True,
                    "editable_until": "2026-11-22T11:20:00Z",
                    "edits_remaining": 5,
                },
            },
            {
                "id": "1",
                "edit_controls": {
                    "is_edit_eligible": True,
                    "editable_until": "2026-11-22T12:20:00Z",
                    "edits_remaining": 0,
                },
            },
        ],
    )
    def test_only_where_x_allows_it(self, post: Any) -> None:
        http = X().when("GET /2/tweets/1", answer(200, {"data": post}))
        outcome = correct.edit(session(http), "1", Draft("Beter"))
        assert (outcome.because, [method for method, *_rest in http.asked]) == (Because.REJECTED, ["GET"])

    def test_what_is_gone_is_taken_away(self) -> None:
        gone = {"title": "Not Found Error", "type": "https://api.x.com/2/problems/resource-not-found", "detail": "x"}
        for reply in (answer(404, gone), answer(200, {"errors": [gone]})):
            assert correct.delete(session(X().when("DELETE", reply)), "1").verdict is Verdict.DONE


def number(seconds: int, more: int = 0) -> int:
    return ((int(NOON.timestamp()) + seconds) * 1000 - 1288834974657 << 22) + more


class Mentions:
    """Who mentions us, newest first, in pages of at most so many, as X gives them."""

    def __init__(self, most: int = 3) -> None:
        self.numbers: list[int] = []
        self.most = most

    def request(self, method: str, url: str, **more: Any) -> Any:
        from urllib.parse import parse_qsl, urlsplit

        asked = dict(parse_qsl(urlsplit(url).query))
        rows = sorted((one for one in self.numbers if one > int(asked.get("since_id", 0))), reverse=True)
        first = int(asked.get("pagination_token", 0))
        page, meta = rows[first : first + self.most], {}
        if rows[first + self.most :]:
            meta["next_token"] = str(first + self.most)
        data = [
            {"id": str(one), "text": f"n{one}", "author_id": "5", "created_at": "2026-11-22T12:00:00Z"} for one in page
        ]
        users = [{"id": "5", "name": "Els", "username": "els"}]
        return answer(200, {"data": data, "meta": meta, "includes": {"users": users}} if data else {"meta": meta})


def read_all(http: Any, cursor: str) -> tuple[set[str], str]:
    seen: set[str] = set()
    for _page in range(50):
        batch = listen.fetch(session(http), cursor, {"kind": "mentions"})
        assert not batch.problem
        seen, cursor = seen | {item.external_id for item in batch.items}, batch.cursor
        if not batch.more:
            break
    return seen, cursor


class TestListen:
    def test_without_gaps_also_when_many_came(self) -> None:
        http = Mentions()
        http.numbers = [number(0)]
        _seen, cursor = read_all(http, "")
        later = [number(600 + seconds) for seconds in range(0, 200, 10)]
        http.numbers += later
        seen, cursor = read_all(http, cursor)
        assert {str(one) for one in later} <= seen
        http.numbers.append(number(700, 1))  # shown late, though it was said before the newest
        seen, _cursor = read_all(http, cursor)
        assert str(number(700, 1)) in seen

    def test_trouble_between_pages_leaves_no_gap(self) -> None:
        cursor = json.dumps({"since": "5", "newest": "9", "token": "n"})
        for reply in (answer(503, b""), answer(200, b"<html>"), Unclear("x"), answer(429, {"title": "x"})):
            batch = listen.fetch(session(X().when("GET", reply)), cursor, {})
            assert (bool(batch.problem), batch.cursor) == (True, cursor)
        lost = X().when("GET", answer(400, {"title": "Invalid Request", "detail": "pagination_token"}))
        batch = listen.fetch(session(lost), cursor, {})
        assert (json.loads(batch.cursor), batch.more) == ({"since": "5"}, True)

    def test_what_was_said(self) -> None:
        row = {
            "id": "12",
            "author_id": "5",
            "created_at": "2026-11-22T12:00:00.000Z",
            "lang": "nl",
            "text": "@reurslag mooi &amp; https://t.co/a",
            "referenced_tweets": [{"type": "replied_to", "id": "11"}],
            "entities": {"urls": [{"url": "https://t.co/a", "expanded_url": "https://els.nl/dak"}]},
        }
        (item,), broken = listen.read_all([row, {"id": "13"}], {"5": {"name": "Els", "username": "els"}})
        assert (item.text, item.kind, item.in_reply_to) == ("@reurslag mooi & https://els.nl/dak", "reply", "11")
        assert (item.handle, item.url) == ("@els", "https://x.com/els/status/12")
        assert broken[0].external_id == "13"

    def test_opening_a_conversation_costs_nothing(self) -> None:
        assert not converse.thread(session(Shut()), "12").problem


class TestAccount:
    @pytest.mark.parametrize(
        ("reply", "reads"), [(answer(200, {"meta": {}}), "yes"), (answer(403, {"title": "Forbidden"}), "no")]
    )
    def test_whether_it_reads_back(self, reply: Any, reads: str) -> None:
        us = answer(200, {"data": {"id": US, "username": "reurslag", "name": "Reurslag"}})
        (place,) = connect.places(session(X().when("GET /2/users/me", us).when("GET", reply)))  # type: ignore[misc]
        assert place.settings == {"user_id": US, "reads": reads}

    def test_credits_that_are_used_up(self) -> None:
        health = check.check(session(X().when("GET", answer(402, {"title": "CreditsDepleted"}))))
        assert (health.works, health.because) == (False, Because.REJECTED)
        assert "credits" in health.sentence.lower()


def test_the_last_five_minutes_are_read_again() -> None:
    moved = listen._moved({}, [{"id": str(number(0))}], {})
    assert number(0) - int(moved["since"]) == int(timedelta(minutes=5).total_seconds() * 1000) << 22


@pytest.mark.parametrize("text", ["http://a.nl/x " * 1500, "http://a.nl/x a.nl " * 1100, "http://a.nl/" * 1700])
def test_a_text_full_of_links_is_cut_quickly(text: str) -> None:
    began = time.process_time()
    pieces = limits.parts(Draft(text))
    assert time.process_time() - began < 1
    assert all(limits.weight(piece) <= 280 for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(piece.startswith(("http://a.nl/", "a.nl")) for piece in pieces)

"""The connector against a real Bluesky server, where `make peers` brought one; and how it reads texts and answers."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from koor.connectors.bluesky import act, check, client, converse, correct, facets, limits, listen, publish, reading
from koor.connectors.bluesky.manifest import MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import (
    Act,
    Attempt,
    Because,
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
from tests.connectors.scripted import UNSURE, Scripted, answer
from tests.peers.bluesky_server import HANDLE, PASSWORD, BlueskyNetwork, BlueskyServer

NOON = datetime(2026, 11, 24, 12, 0, 0, 123_456, tzinfo=UTC)
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
FILM = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0\0\0\x08mdat" * 40
LOGIN = {"did": "did:plc:us", "handle": "reurslag.bsky.social", "accessJwt": "token"}


@pytest.fixture(autouse=True)
def nobody_signed_in() -> Iterator[None]:
    client._logins.clear()
    yield
    client._logins.clear()


def attempt(draft: Draft, key: str = "key-1", handle: dict[str, Any] | None = None) -> Attempt:
    return Attempt(1, key, draft, Prepared(handle=handle or {}), NOON)


def session_with(http: Any) -> Session:
    return Session(http, 1, {"handle": "reurslag.bsky.social"}, {"app_password": "pass-word"}, now=NOON)


class Server(Scripted):
    """Lets us in, and answers everything else with what a test wrote down."""

    def request(self, method: str, url: str, **more: Any) -> Any:
        if "createSession" in url:
            self.asked.append((method, url))
            return answer(200, LOGIN)
        return super().request(method, url, **more)


class TestText:
    def test_places_are_counted_in_bytes(self) -> None:
        text = "Één café ☕ #koffie bij @els.test: https://reurslag.example/a?b=1."
        marks = facets.marks(text, {"els.test": "did:plc:els"})
        raw = text.encode()
        cut = [raw[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode() for one in marks]
        assert cut == ["#koffie", "@els.test", "https://reurslag.example/a?b=1"]
        assert [one["features"][0]["$type"].split("#")[1] for one in marks] == ["tag", "mention", "link"]

    @pytest.mark.parametrize(
        "text", ["mail@els.test", "#1", "a#b", "@els", "kijk op els.test", "&#8217;", "@@els.test"]
    )
    def test_what_is_none(self, text: str) -> None:
        assert facets.marks(text, {"els.test": "did:plc:els"}) == []

    def test_somebody_who_is_not_there_stays_text(self) -> None:
        assert facets.marks("Dag @els.test", {}) == []

    def test_a_tag_in_a_link_is_a_link(self) -> None:
        (only,) = facets.marks("https://reurslag.example/#open", {})
        assert only["features"][0]["uri"] == "https://reurslag.example/#open"

    def test_no_text_makes_it_slow(self) -> None:
        for text in ("@" * 50_000, "a." * 50_000, "#" * 50_000, "https://" * 20_000, "@a." * 30_000):
            ends = [mark["index"]["byteEnd"] for mark in facets.marks(text, {})]
            assert ends == sorted(ends)
            assert not ends or ends[-1] <= len(text)

    @pytest.mark.parametrize(("signs", "goes"), [(300, True), (301, False)])
    def test_characters_as_people_see_them(self, signs: int, goes: bool) -> None:
        family = "👩‍👩‍👧"
        long = family * 100 + "x" * (signs - 100)
        assert (publish.prepare(session_with(Server(answer(500))), Draft(long)).problem == "") == goes

    def test_and_in_bytes(self) -> None:
        """150 characters of 25 bytes are too much, and are said to be while somebody writes."""
        draft = Draft("👩‍👩‍👧‍👦" * 150)
        assert limits.length(draft, MANIFEST.limits) == 375
        assert publish.prepare(session_with(Server(answer(500))), draft).because is Because.REJECTED

    def test_the_link_below_pictures_counts(self) -> None:
        draft = Draft("x" * 290, (Medium(PIXEL, "image/png"),), link="https://reurslag.example/")
        assert limits.length(draft, MANIFEST.limits) == 290 + 2 + 25


class TestRecord:
    def test_the_same_over_all_attempts(self) -> None:
        one = attempt(Draft("Dag", language="nl", link="https://reurslag.example/", title="Reurslag"))
        assert publish.record(one) == publish.record(dataclasses.replace(one, number=2))
        assert publish.record(one) == {
            "$type": "app.bsky.feed.post",
            "text": "Dag",
            "createdAt": "2026-11-24T12:00:00.123Z",
            "langs": ["nl"],
            "embed": {
                "$type": "app.bsky.embed.external",
                "external": {"uri": "https://reurslag.example/", "title": "Reurslag", "description": ""},
            },
        }

    def test_beside_pictures_the_link_stands_in_the_text(self) -> None:
        draft = Draft("Dag", (Medium(PIXEL, "image/png", "Een punt"),), link="https://reurslag.example/")
        made = publish.record(attempt(draft, handle={"images": [{"ref": 1}]}))
        assert made["text"] == "Dag\n\nhttps://reurslag.example/"
        assert made["embed"]["images"] == [{"alt": "Een punt", "image": {"ref": 1}}]

    def test_a_picture_says_its_shape(self) -> None:
        draft = Draft("Dag", (Medium(PIXEL, "image/png", "Een punt", width=1536, height=2048),))
        made = publish.record(attempt(draft, handle={"images": [{"ref": 1}]}))
        assert made["embed"]["images"][0]["aspectRatio"] == {"width": 1536, "height": 2048}

    def test_its_name_is_sortable_and_its_own(self) -> None:
        one = attempt(Draft("Dag"))
        later = dataclasses.replace(one, started_at=NOON + timedelta(seconds=1))
        names = [publish.name_of(each) for each in (one, attempt(Draft("Dag"), "key-2"), later)]
        assert all(len(name) == 13 and set(name) <= set(publish.SORTABLE) for name in names)
        assert len(set(names)) == 3
        assert max(names) == names[2]


class TestAnswers:
    def test_a_record_of_our_name_is_up(self) -> None:
        """Another answer than this got lost; the server says that our record is there already."""
        http = Server(answer(400, {"error": "InvalidSwap", "message": "Record was at bafy"}), ("POST",))
        outcome = publish.send(session_with(http), attempt(Draft("Dag")))
        assert outcome.verdict is Verdict.DONE
        assert outcome.remote_id.startswith("at://did:plc:us/app.bsky.feed.post/")

    def test_the_number_of_a_post_by_its_address(self) -> None:
        ours = "at://did:plc:us/app.bsky.feed.post/3lbq2abcdefgh"
        there = session_with(Server(answer(200, {"uri": ours})))
        for who in ("reurslag.bsky.social", "did:plc:us", "Reurslag.bsky.social"):
            assert publish.number_at(there, f"https://bsky.app/profile/{who}/post/3lbq2abcdefgh") == ours
        for none in ("https://bsky.app/profile/els.test/post/3lbq2abcdefgh", "https://bsky.app/profile/us", ""):
            assert publish.number_at(there, none) == ""
        gone = session_with(Server(answer(400, {"error": "RecordNotFound"})))
        assert publish.number_at(gone, "https://bsky.app/profile/did:plc:us/post/3lbq2abcdefgh") == ""

    def test_a_token_that_has_ended_is_fetched_anew(self) -> None:
        http = Server(answer(400, {"error": "ExpiredToken"}))
        outcome = publish.send(session_with(http), attempt(Draft("Dag")))
        assert (outcome.verdict, outcome.because) == (Verdict.DEFINITELY_NOT, Because.NOT_REACHED)
        publish.send(session_with(http), attempt(Draft("Dag")))
        assert sum("createSession" in url for _method, url in http.asked) == 2

    def test_signs_in_once_for_many(self) -> None:
        http = Server(answer(500))
        for _time in range(3):
            publish.find(session_with(http), attempt(Draft("Dag")))
        assert sum("createSession" in url for _method, url in http.asked) == 1
        assert LOGIN["accessJwt"] not in repr(client._logins)

    def test_how_long_to_wait(self) -> None:
        headers = {"RateLimit-Reset": str(int(NOON.timestamp()) + 91)}
        outcome = publish.send(
            session_with(Server(answer(429, {"error": "RateLimitExceeded"}, headers))), attempt(Draft("x"))
        )
        assert (outcome.because, outcome.retry_after) == (Because.RATE, 90)

    def test_only_our_own_is_taken_away(self) -> None:
        for uri in ("at://did:plc:other/app.bsky.feed.post/3k", "https://bsky.app/x", ""):
            outcome = correct.delete(session_with(Server(answer(200, {}))), uri)
            assert (outcome.verdict, outcome.because) == (Verdict.DEFINITELY_NOT, Because.REJECTED)


# ── Reading, from a service that pages backwards ─────────────────────────────────────────────────────────────────────


class Told:
    """A reading service as its lexicons describe it (docs.bsky.app, 22 November 2026): notifications from the newest to
    the oldest in pages, posts with the number of answers below them, and their threads."""

    def __init__(self, size: int = 3) -> None:
        self.rows: list[dict[str, Any]] = []
        self.feed: list[dict[str, Any]] = []
        self.threads: dict[str, Any] = {}
        self.size, self.asked = size, list[str]()
        self.forgets = False

    def say(self, number: int, reason: str = "mention", at: datetime | None = None, **more: Any) -> dict[str, Any]:
        moment = (at or NOON + timedelta(hours=number)).isoformat().replace("+00:00", "Z")
        record = {"$type": "app.bsky.feed.post", "text": f"Vraag {number}", "createdAt": moment, **more}
        by = {"did": "did:plc:els", "handle": "els.test", "displayName": "Els Wolters"}
        uri = f"at://did:plc:els/app.bsky.feed.post/{number}"
        row = {
            "uri": uri,
            "cid": "c",
            "author": by,
            "reason": reason,
            "record": record,
            "isRead": False,
            "indexedAt": moment,
        }
        self.rows.append(row)
        return row

    def request(self, method: str, url: str, **more: Any) -> Any:
        name, query = url.split("/xrpc/")[1].split("?")[0], parse_qs(urlsplit(url).query)
        self.asked.append(name)
        if name == "com.atproto.server.createSession":
            return answer(200, LOGIN)
        if name == "app.bsky.feed.getAuthorFeed":
            return answer(200, {"feed": self.feed})
        if name == "app.bsky.feed.getPostThread":
            thread = self.threads.get(query["uri"][0])
            return answer(200, {"thread": thread}) if thread else answer(400, {"error": "NotFound"})
        if name == "app.bsky.feed.getQuotes":
            return answer(200, {"posts": []})
        return self.page(query["cursor"][0] if "cursor" in query else "")

    def page(self, cursor: str) -> Any:
        if cursor and self.forgets:
            self.forgets = False
            return answer(400, {"error": "InvalidRequest", "message": "Malformed cursor"})
        newest = sorted(self.rows, key=lambda row: str(row.get("indexedAt")), reverse=True)
        rows = [row for row in newest if not cursor or str(row.get("indexedAt")) < cursor][: self.size]
        more = {"cursor": str(rows[-1].get("indexedAt"))} if len(rows) == self.size else {}
        return answer(200, {"notifications": rows, "posts": rows, **more})


def reader(told: Told, hours: float = 10_000) -> Session:
    return dataclasses.replace(session_with(told), now=NOON + timedelta(hours=hours))


class TestListen:
    def test_a_walk_leaves_no_gap_whatever_comes_meanwhile(self) -> None:
        told = Told()
        told.say(0)
        _first, cursor = all_new(reader(told), "")
        for number in range(1, 40):
            told.say(number)
        got: list[str] = []
        for page in range(40):
            batch = listen.fetch(reader(told), cursor, {"kind": "notifications"})
            got += [item.text for item in batch.items]
            cursor = batch.cursor
            if page < 5:
                told.say(100 + page)  # above what is being walked through
            if not batch.more:
                break
        later, _cursor = all_new(reader(told), cursor)
        wanted = {f"Vraag {number}" for number in [*range(1, 40), *range(100, 105)]}
        assert wanted <= {*got, *(item.text for item in later)}

    def test_then_nothing_new(self) -> None:
        told = Told()
        told.say(1)
        _first, cursor = all_new(reader(told), "")
        again, _cursor = all_new(reader(told), cursor)
        assert [item.text for item in again] == ["Vraag 1"]  # the last quarter of an hour, which the reader knows
        assert len(told.asked) < 8

    def test_a_place_that_the_service_forgot(self) -> None:
        told = Told()
        told.say(0)
        _first, cursor = all_new(reader(told), "")
        for number in range(1, 8):
            told.say(number)
        cursor = listen.fetch(reader(told), cursor, {}).cursor
        told.forgets = True
        assert {f"Vraag {number}" for number in range(1, 5)} <= {one.text for one in all_new(reader(told), cursor)[0]}

    def test_what_people_do(self) -> None:
        told = Told(size=20)
        for number, reason in enumerate(
            ["mention", "reply", "quote", "like", "repost", "follow", "starterpack-joined"]
        ):
            told.say(number, reason)
        batch = listen.fetch(reader(told), "", {})
        assert [item.kind for item in batch.items] == ["mention", "reply", "mention", "favourite", "boost", "follow"]
        first = batch.items[0]
        assert (first.author, first.handle, first.url) == (
            "Els Wolters", "@els.test", "https://bsky.app/profile/els.test/post/0",
        )  # fmt: skip

    def test_the_thread_of_our_post_when_it_grew(self) -> None:
        told = Told()
        ours = {"uri": "at://did:plc:us/app.bsky.feed.post/3k", "replyCount": 0, "quoteCount": 0}
        told.feed = [{"post": ours}, {"post": {"uri": "at://did:plc:els/app.bsky.feed.post/9", "replyCount": 5}}]
        _first, cursor = all_new(reader(told, 0.9), "")
        _first, cursor = all_new(reader(told, 1), cursor)
        answering = {"reply": {"parent": {"uri": ours["uri"]}, "root": {"uri": ours["uri"]}}}
        row = told.say(7, at=NOON - timedelta(days=900), **answering)  # no notification: it is older than all
        told.rows.clear()
        ours["replyCount"] = 1
        told.threads[str(ours["uri"])] = {"post": {**row, "uri": ours["uri"]}, "replies": [{"post": row}]}
        assert all_new(reader(told, 1.1), cursor)[0] == []
        found, cursor = all_new(reader(told, 2), cursor)
        assert [(item.text, item.kind) for item in found] == [("Vraag 7", "reply")]
        assert all_new(reader(told, 3), cursor)[0] == []

    def test_what_can_not_be_read_stops_nothing(self) -> None:
        told = Told(size=20)
        told.say(1)
        bad: list[Any] = [
            {"uri": 5},
            "text",
            None,
            {**told.say(2), "author": None},
            {**told.say(3), "record": {"text": 5}},
        ]
        told.rows = [*told.rows[:1], *(row for row in bad if isinstance(row, dict))]
        batch = listen.fetch(reader(told), "", {})
        assert [item.text for item in batch.items] == ["Vraag 1"]
        assert len(batch.broken) == 3
        items, broken = logic.read_all(bad, lambda row: reading.from_view(row, "did:plc:us"))
        assert (items, len(broken)) == ((), 5)

    def test_a_moment_in_the_future_does_not_hide_what_is_yet_to_come(self) -> None:
        told = Told(size=20)
        told.say(1, at=NOON + timedelta(days=9000))
        _first, cursor = all_new(reader(told, 2), "")
        told.say(3)
        assert "Vraag 3" in [item.text for item in all_new(reader(told, 4), cursor)[0]]

    def test_a_server_that_reads_nothing(self) -> None:
        http = Server(answer(400, {"error": "InvalidRequest", "message": "No service configured for app.bsky"}))
        batch = listen.fetch(session_with(http), "", {})
        assert (batch.because, bool(batch.problem), batch.cursor) == (Because.REJECTED, True, "")

    def test_a_page_that_points_at_itself_ends(self) -> None:
        row = Told().say(1)
        http = Server(answer(200, {"notifications": [row], "cursor": "same"}))
        place = listen.Place(mark="2020-01-01T00:00:00+00:00", page="same", looked="2026-11-24T12:00:00Z")
        assert not listen.fetch(session_with(http), str(place), {}).more


class TestReading:
    def test_a_shortened_link_as_it_is(self) -> None:
        said = "Zie é reurslag.example/ee... en meer"
        first = said.encode().index(b"reurslag")
        index = {"byteStart": first, "byteEnd": first + len("reurslag.example/ee...")}
        facet = {"index": index, "features": [{"uri": "https://reurslag.example/een-verhaal"}]}
        assert reading.text({"text": said, "facets": [facet]}) == "Zie é https://reurslag.example/een-verhaal en meer"
        for wrong in ({"byteStart": -5, "byteEnd": 9}, {"byteStart": 0, "byteEnd": 10**9}, {"byteStart": True}, {}):
            assert reading.text({"text": said, "facets": [{**facet, "index": wrong}]}) == said

    def test_a_card_stands_below(self) -> None:
        record = {"text": "Kijk", "embed": {"external": {"uri": "https://reurslag.example/"}}}
        assert reading.text(record) == "Kijk\n\nhttps://reurslag.example/"

    def test_who_has_no_verified_name_is_known_by_number(self) -> None:
        by = {"did": "did:plc:els", "handle": "handle.invalid"}
        assert (reading.handle(by), reading.profile(by)) == ("did:plc:els", "https://bsky.app/profile/did:plc:els")

    def test_an_old_date_counts_and_a_date_to_come_does_not(self) -> None:
        view = {"indexedAt": "2026-11-24T12:00:00Z"}
        for told, counts in (("2020-01-01T00:00:00Z", 2020), ("2099-01-01T00:00:00Z", 2026), ("nonsense", 2026)):
            found = reading.said_at(view, {"createdAt": told})
            assert found is not None
            assert found.year == counts

    def test_a_thread_with_holes(self) -> None:
        post = {"uri": "at://did:plc:els/app.bsky.feed.post/1"}
        gone = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": "x", "notFound": True}
        assert listen.flat({"post": post, "parent": gone, "replies": [gone, {"post": post}, None]}) == [post, post]
        assert [listen.flat(one) for one in (None, [], {"post": 5}, gone)] == [[]] * 4


class TestAnswering:
    POST: ClassVar[dict[str, Any]] = {"uri": "at://did:plc:els/app.bsky.feed.post/1", "cid": "c1", "record": {}}

    def below(self, **post: Any) -> Prepared:
        http = Server(answer(200, {"posts": [{**self.POST, **post}]}))
        return publish.prepare(session_with(http), Draft("Dank je", in_reply_to=self.POST["uri"]))

    def test_below_the_post_and_in_its_thread(self) -> None:
        this = {"uri": self.POST["uri"], "cid": "c1"}
        assert self.below().handle == {"reply": {"root": this, "parent": this}}
        root = {"uri": "at://did:plc:us/app.bsky.feed.post/0", "cid": "c0"}
        assert self.below(record={"reply": {"root": root, "parent": root}}).handle["reply"]["root"] == root
        made = attempt(Draft("Dank je", in_reply_to=self.POST["uri"]), handle=self.below().handle)
        assert publish.record(made)["reply"] == {"root": this, "parent": this}

    def test_who_lets_nobody_answer(self) -> None:
        assert self.below(viewer={"replyDisabled": True}).because is Because.REJECTED

    def test_never_loose_from_what_it_answers(self) -> None:
        outcome = publish.send(session_with(Server(answer(500))), attempt(Draft("Ja", in_reply_to=self.POST["uri"])))
        assert (outcome.verdict, outcome.because) == (Verdict.DEFINITELY_NOT, Because.NOT_REACHED)

    def test_what_is_gone(self) -> None:
        http = Server(answer(400, {"error": "RecordNotFound"}))
        draft = Draft("Ja", in_reply_to=self.POST["uri"])
        assert publish.prepare(session_with(http), draft).because is Because.REJECTED


class TestThread:
    WORDS = "Een zin die niet zo kort is als hij lijkt. " * 20

    def test_each_part_fits_and_names_what_it_goes_under(self) -> None:
        draft = Draft(self.WORDS, options={"thread": "yes"}, link="https://reurslag.example/")
        handle = dict(publish.prepare(session_with(Server(answer(500))), draft).handle)
        assert len(handle["parts"]) == 3
        assert all(limits.measure(part) <= 300 for part in handle["parts"])
        chain: list[str] = []
        made = []
        for cid in ("c1", "c2", "c3"):
            one = attempt(draft, f"key.{len(chain)}", {**handle, "chain": list(chain)})
            above = [answer(200, {"uri": uri, "cid": f"c{n + 1}", "value": {}}) for n, uri in enumerate(chain)]
            http = Writing(list(reversed(above))[:1] + above[:1] if len(above) > 1 else above)
            outcome = publish.send(session_with(http), one)
            assert outcome.verdict is Verdict.DONE, cid
            assert outcome.more == (len(chain) < 2)
            made.append(http.written["record"])
            chain.append(outcome.remote_id)
        assert len(set(chain)) == 3
        assert chain == sorted(chain)
        assert "reply" not in made[0]
        assert made[2]["reply"] == {"root": {"uri": chain[0], "cid": "c1"}, "parent": {"uri": chain[1], "cid": "c2"}}
        assert ["embed" in one for one in made] == [False, False, True]
        assert sorted(one["createdAt"] for one in made) == [one["createdAt"] for one in made]

    def test_nothing_goes_when_what_is_above_can_not_be_read(self) -> None:
        handle = {"parts": ["een", "twee"], "chain": ["at://did:plc:us/app.bsky.feed.post/1"]}
        http = Server(answer(400, {"error": "RecordNotFound"}))
        outcome = publish.send(session_with(http), attempt(Draft("een\n---\ntwee"), handle=handle))
        assert outcome.verdict is Verdict.DEFINITELY_NOT
        assert all(method == "GET" or "createSession" in url for method, url in http.asked)

    def test_without_the_choice_it_is_too_long(self) -> None:
        assert publish.prepare(session_with(Server(answer(500))), Draft(self.WORDS)).because is Because.REJECTED

    def test_too_many_parts(self) -> None:
        draft = Draft("\n---\n".join(["zin"] * 26), options={"thread": "yes"})
        prepared = publish.prepare(session_with(Server(answer(500))), draft)
        assert prepared.values == {"count": 26, "limit": 25}

    def test_of_one_part_the_place_to_cut_is_not_posted(self) -> None:
        draft = Draft("---\nEen zin.", options={"thread": "yes"})
        ready = publish.prepare(session_with(Server(answer(500))), draft)
        assert publish.record(attempt(draft, handle=dict(ready.handle)))["text"] == "Een zin."

    def test_nothing_but_places_to_cut(self) -> None:
        draft = Draft("---\n---", options={"thread": "yes"})
        assert publish.prepare(session_with(Server(answer(500))), draft).because is Because.REJECTED

    def test_what_people_know_beforehand(self) -> None:
        draft = Draft(self.WORDS, options={"thread": "yes"})
        assert limits.beforehand(draft, MANIFEST.limits)[1] == {"parts": 3}
        assert limits.beforehand(Draft("Kort"), MANIFEST.limits) == ("", {})


class Writing:
    """Lets us in, answers questions in turn, and keeps what is written."""

    def __init__(self, answers: list[Any]) -> None:
        self.answers, self.written = answers, dict[str, Any]()

    def request(self, method: str, url: str, **more: Any) -> Any:
        if "createSession" in url:
            return answer(200, LOGIN)
        if method == "GET":
            return self.answers.pop(0)
        self.written = more["json"]
        return answer(200, {"uri": f"at://{LOGIN['did']}/{self.written['collection']}/{self.written['rkey']}"})


class TestFilm:
    def test_it_goes_alone(self) -> None:
        film = Medium(b"x", "video/mp4", "Een film", "1.mp4")
        draft = Draft("Kijk", (film, Medium(PIXEL, "image/png")))
        assert publish.prepare(session_with(Server(answer(500))), draft).because is Because.REJECTED

    def test_with_its_words_and_shape(self) -> None:
        film = Medium(b"x", "video/mp4", "Een film", "1.mp4", width=1920, height=1080)
        made = publish.record(attempt(Draft("Kijk", (film,)), handle={"film": [{"ref": 1}]}))
        ratio = {"width": 1920, "height": 1080}
        assert made["embed"] == {
            "$type": "app.bsky.embed.video", "video": {"ref": 1}, "alt": "Een film", "aspectRatio": ratio,
        }  # fmt: skip


class TestHiding:
    ANSWER = "at://did:plc:els/app.bsky.feed.post/3kabcdefghij2"
    GATE = f"at://{LOGIN['did']}/app.bsky.feed.threadgate/3kroot"

    def seen(self, writer: str = LOGIN["did"]) -> Any:
        root = {"uri": f"at://{writer}/app.bsky.feed.post/3kroot", "cid": "c0"}
        post = {"uri": self.ANSWER, "cid": "c1", "record": {"reply": {"root": root, "parent": root}}}
        return answer(200, {"posts": [post]})

    def test_the_rules_of_others_stay(self) -> None:
        value = {"$type": "app.bsky.feed.threadgate", "allow": [], "hiddenReplies": ["at://x/y/z"]}
        http = Writing([self.seen(), answer(200, {"uri": self.GATE, "cid": "c5", "value": value})])
        assert act.act(session_with(http), Act.HIDE, self.ANSWER).verdict is Verdict.DONE
        assert http.written["swapRecord"] == "c5"
        assert http.written["record"] == {**value, "hiddenReplies": ["at://x/y/z", self.ANSWER]}

    def test_a_first_one_lets_everybody_answer(self) -> None:
        http = Writing([self.seen(), answer(400, {"error": "RecordNotFound"})])
        assert act.act(session_with(http), Act.HIDE, self.ANSWER).verdict is Verdict.DONE
        assert http.written["swapRecord"] is None
        assert "allow" not in http.written["record"]

    def test_in_a_thread_of_others_it_is_refused(self) -> None:
        http = Writing([self.seen("did:plc:piet")])
        outcome = act.act(session_with(http), Act.HIDE, self.ANSWER)
        assert (outcome.verdict, outcome.because) == (Verdict.DEFINITELY_NOT, Because.REJECTED)
        assert not http.written

    def test_what_was_changed_meanwhile_is_read_again(self) -> None:
        class Busy(Writing):
            def request(self, method: str, url: str, **more: Any) -> Any:
                said = super().request(method, url, **more)
                if "putRecord" in url and more["json"]["swapRecord"] == "c5":
                    return answer(400, {"error": "InvalidSwap"})
                return said

        gates = [answer(200, {"uri": self.GATE, "cid": cid, "value": {"post": "x"}}) for cid in ("c5", "c6")]
        http = Busy([self.seen(), *gates])
        assert act.act(session_with(http), Act.HIDE, self.ANSWER).verdict is Verdict.DONE
        assert http.written["swapRecord"] == "c6"

    def test_twice_is_once(self) -> None:
        value = {"hiddenReplies": [self.ANSWER]}
        http = Writing([self.seen(), answer(200, {"uri": self.GATE, "cid": "c5", "value": value})])
        assert act.act(session_with(http), Act.HIDE, self.ANSWER).verdict is Verdict.DONE
        assert not http.written


class TestActing:
    URI = "at://did:plc:els/app.bsky.feed.post/3kabcdefghij2"

    @pytest.mark.parametrize("what", UNSURE)
    @pytest.mark.parametrize("deed", MANIFEST.acts)
    def test_done_only_when_it_is_proven(self, what: str, deed: Act) -> None:
        outcome = act.act(session_with(Server(UNSURE[what])), deed, self.URI)
        assert (outcome.verdict is Verdict.DONE) == (deed is Act.MUTE and what == "200 empty")

    def test_its_record_has_one_name(self) -> None:
        names = [
            act.name_for(about) for about in (self.URI, self.URI, "did:plc:els", "did:plc:piet", f"{self.URI[:-1]}3")
        ]
        assert names[0] == names[1]
        assert len(set(names)) == 4
        assert all(act.TID.fullmatch(name) for name in names)

    def test_no_post_of_this_platform(self) -> None:
        assert act.act(session_with(Server(answer(200, {}))), Act.LIKE, "12").because is Because.REJECTED


# ── A real server ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def real(bluesky_server: BlueskyServer) -> Session:
    door = Door(allow=frozenset({bluesky_server.place}))
    return Session(door, 1, {"server": bluesky_server.url, "handle": HANDLE}, {"app_password": PASSWORD})


def publish_it(session: Session, draft: Draft, key: str) -> tuple[Attempt, Outcome]:
    prepared = publish.prepare(session, draft)
    assert not prepared.problem, prepared
    made = Attempt(1, key, draft, prepared, datetime.now(UTC))
    return made, publish.send(session, made)


def multihash_of(content: bytes) -> str:
    """The name of a blob: CID version 1, raw, SHA-256, in base32."""
    raw = b"\x01\x55\x12\x20" + hashlib.sha256(content).digest()
    return "b" + base64.b32encode(raw).decode().lower().rstrip("=")


def up(server: BlueskyServer, session: Session, text: str) -> list[dict[str, Any]]:
    return [one for one in server.posts(client.login(session).did) if one["value"]["text"] == text]


@pytest.mark.peers("bluesky")
class TestRealServer:
    def test_posted_once_however_often(self, bluesky_server: BlueskyServer, real: Session) -> None:
        made, outcome = publish_it(real, Draft("Acht lokalen. #lucht", language="nl"), "once")
        assert outcome.verdict is Verdict.DONE
        again = publish.send(real, dataclasses.replace(made, number=2))
        assert (again.verdict, again.remote_id) == (Verdict.DONE, outcome.remote_id)
        (post,) = up(bluesky_server, real, "Acht lokalen. #lucht")
        assert post["uri"] == outcome.remote_id
        assert post["value"]["facets"][0]["features"][0]["tag"] == "lucht"
        assert publish.find(real, made) == Seen(outcome.remote_id, outcome.url)

    def test_a_picture_and_a_name(self, bluesky_server: BlueskyServer, real: Session) -> None:
        picture = Medium(PIXEL, "image/png", "Een punt")
        _made, first = publish_it(real, Draft("Dag @els.test en @niemand.test", (picture,)), "picture")
        assert first.verdict is Verdict.DONE
        (one,) = up(bluesky_server, real, "Dag @els.test en @niemand.test")
        assert one["value"]["embed"]["images"][0]["alt"] == "Een punt"
        assert len(one["value"]["facets"]) == 1, "who is not there is no name"

    def test_a_picture_that_the_server_forgot(self, bluesky_server: BlueskyServer, real: Session) -> None:
        """Prepared long ago: a second attempt brings the picture along once more."""
        draft = Draft("Nog eens.", (Medium(PIXEL + b" ", "image/png", "Een punt"),))
        prepared = publish.prepare(real, dataclasses.replace(draft, media=()))
        digest = multihash_of(draft.media[0].content)
        blob = {"$type": "blob", "ref": {"$link": digest}, "mimeType": "image/png", "size": len(draft.media[0].content)}
        made = Attempt(2, "forgot", draft, dataclasses.replace(prepared, handle={"images": [blob]}), datetime.now(UTC))
        assert publish.send(real, dataclasses.replace(made, number=1)).because is Because.REJECTED
        assert publish.send(real, made).verdict is Verdict.DONE

    def test_not_there_and_taken_away(self, bluesky_server: BlueskyServer, real: Session) -> None:
        made = Attempt(1, "never", Draft("Nooit"), Prepared(), datetime.now(UTC))
        assert publish.find(real, made) == NotSeen()
        _made, outcome = publish_it(real, Draft("Even maar."), "gone")
        assert [correct.delete(real, outcome.remote_id).verdict for _time in range(2)] == [Verdict.DONE] * 2
        assert up(bluesky_server, real, "Even maar.") == []

    def test_who_we_are(self, real: Session) -> None:
        health = check.check(real)
        assert (health.works, health.handle) == (True, f"@{HANDLE}")
        wrong = check.check(dataclasses.replace(real, secrets={"app_password": "another"}))
        assert (wrong.works, wrong.because) == (False, Because.AUTH)

    def test_a_thread_part_by_part_each_once(self, bluesky_server: BlueskyServer, real: Session) -> None:
        draft = Draft("Deel een van de draad.\n---\nDeel twee.\n---\nDeel drie.", options={"thread": "yes"})
        prepared, chain = publish.prepare(real, draft), list[str]()
        began = datetime.now(UTC)
        for number in range(3):
            ready = dataclasses.replace(prepared, handle={**prepared.handle, "chain": list(chain)})
            made = Attempt(1, f"thread.{number}", draft, ready, began)
            first = publish.send(real, made)
            again = publish.send(real, dataclasses.replace(made, number=2))
            assert (first.verdict, again.remote_id) == (Verdict.DONE, first.remote_id), (first, again)
            assert publish.find(real, made) == Seen(first.remote_id, first.url, number < 2)
            chain.append(first.remote_id)
        whole = [publish.kept(real, uri) for uri in chain]
        assert [one["value"]["text"] for one in whole] == ["Deel een van de draad.", "Deel twee.", "Deel drie."]
        assert whole[2]["value"]["reply"]["root"] == {"uri": chain[0], "cid": whole[0]["cid"]}
        assert whole[2]["value"]["reply"]["parent"] == {"uri": chain[1], "cid": whole[1]["cid"]}

    def test_a_film(self, bluesky_server: BlueskyServer, real: Session) -> None:
        film = Medium(FILM, "video/mp4", "Een film", "1.mp4", width=1920, height=1080)
        _made, outcome = publish_it(real, Draft("Zo draait het.", (film,)), "film")
        assert outcome.verdict is Verdict.DONE, outcome
        (post,) = up(bluesky_server, real, "Zo draait het.")
        assert post["value"]["embed"]["$type"] == "app.bsky.embed.video"
        assert post["value"]["embed"]["video"]["mimeType"] == "video/mp4"

    def test_a_text_that_it_refuses(self, real: Session) -> None:
        """Past our own check, for the server's answer to be read."""
        outcome = publish.send(real, Attempt(1, "long", Draft("x" * 301), Prepared(), datetime.now(UTC)))
        assert (outcome.verdict, outcome.because) == (Verdict.DEFINITELY_NOT, Because.REJECTED)


# ── The whole network, with the service that reads it ────────────────────────────────────────────────────────────────


@pytest.fixture
def both(bluesky_network: BlueskyNetwork) -> tuple[Session, Session]:
    """We and Els, each with an account of their own on a real network."""
    door = Door(allow=frozenset({bluesky_network.place}))
    here, secret = {"server": bluesky_network.url}, {"app_password": PASSWORD}
    us = Session(door, 1, {**here, "handle": HANDLE}, secret)
    return us, Session(door, 2, {**here, "handle": "els.test"}, secret)


def soon(ask: Callable[[], Any], seconds: float = 20) -> Any:
    """What the reading service knows a moment after it was said."""
    until = time.monotonic() + seconds
    while not (found := ask()) and time.monotonic() < until:
        time.sleep(0.2)
    return found


def all_new(session: Session, cursor: str, **settings: str) -> tuple[list[Any], str]:
    """A visit, as listening makes it."""
    items: list[Any] = []
    for _page in range(20):
        batch = listen.fetch(session, cursor, {"kind": "notifications", **settings})
        assert not batch.problem, batch
        assert not batch.broken, batch
        items, cursor = [*items, *batch.items], batch.cursor
        if not batch.more:
            break
    return items, cursor


@pytest.mark.long
@pytest.mark.peers("bluesky", "redis", "postgresql")
class TestRealNetwork:
    def test_heard_answered_and_kept_away(self, both: tuple[Session, Session]) -> None:
        us, els = both
        _first, cursor = all_new(us, "")
        _made, ours = publish_it(us, Draft("Wie weet iets van warmtepompen? #warmtepomp", language="nl"), "ask")
        soon(lambda: converse.thread(els, ours.remote_id).items)
        below = Draft("Ik wel: https://reurslag.example/warm", language="nl", in_reply_to=ours.remote_id)
        _made, theirs = publish_it(els, below, "els-1")
        _made, named = publish_it(els, Draft("Dag @reurslag.test, nog iets."), "els-2")
        heard = soon(lambda: (found := all_new(us, cursor)) and len(found[0]) >= 2 and found)
        items = {item.external_id: item for item in heard[0]}
        reply, mention = items[theirs.remote_id], items[named.remote_id]
        assert (reply.kind, reply.in_reply_to, reply.handle, reply.language) == (
            "reply",
            ours.remote_id,
            "@els.test",
            "nl",
        )
        assert (mention.kind, mention.text) == ("mention", "Dag @reurslag.test, nog iets.")
        assert all_new(us, "")[0], "a cursor that is lost begins anew"
        made, answered = publish_it(us, Draft("Dank je.", in_reply_to=theirs.remote_id), "thanks")
        assert publish.send(us, made).remote_id == answered.remote_id
        record = publish.seen(us, answered.remote_id)["record"]
        assert record["reply"]["root"]["uri"] == ours.remote_id
        whole = soon(lambda: len((found := converse.thread(us, theirs.remote_id)).items) == 3 and found)
        assert [item.text for item in whole.items] == [
            "Wie weet iets van warmtepompen? #warmtepomp", "Ik wel: https://reurslag.example/warm", "Dank je.",
        ]  # fmt: skip
        for deed in (Act.LIKE, Act.HIDE, Act.MUTE, Act.BLOCK, Act.REPORT):
            outcomes = [act.act(us, deed, theirs.remote_id, "Prutsers") for _time in range(2)]
            assert [outcome.verdict for outcome in outcomes] == [Verdict.DONE] * 2, (deed, outcomes)
            if deed in MANIFEST.undoes:
                assert [act.undo(us, deed, theirs.remote_id).verdict for _time in range(2)] == [Verdict.DONE] * 2

    def test_a_hashtag_and_words(self, both: tuple[Session, Session]) -> None:
        us, els = both
        publish_it(els, Draft("Koud vandaag. #ketelhuis"), "tag")
        found = soon(lambda: all_new(us, "", kind="hashtag", tag="#ketelhuis")[0])
        assert [(item.text, item.kind) for item in found] == [("Koud vandaag. #ketelhuis", "hashtag")]
        assert all_new(us, "", kind="search", words="Koud vandaag")[0]

    def test_an_answer_whose_notification_was_lost(self, both: tuple[Session, Session]) -> None:
        """Read in the thread of our post alone, as when its writer gave it an old date."""
        us, els = both
        _first, cursor = all_new(us, "")
        _first, cursor = all_new(us, cursor)
        _made, ours = publish_it(us, Draft("Nog een vraag."), "again")
        soon(lambda: converse.thread(els, ours.remote_id).items)
        _made, theirs = publish_it(els, Draft("Antwoord", in_reply_to=ours.remote_id), "old")
        soon(lambda: len(converse.thread(us, ours.remote_id).items) == 2)
        later = dataclasses.replace(us, now=datetime.now(UTC) + timedelta(minutes=11))
        place = listen.Place.of(cursor)
        batch = listen.fetch(later, str(dataclasses.replace(place, mark="2100-01-01T00:00:00+00:00")), {})
        assert batch.more
        found = listen.fetch(later, batch.cursor, {})
        assert theirs.remote_id in [item.external_id for item in found.items]


def test_the_catalogue_tells_the_truth() -> None:
    assert not MANIFEST.edits

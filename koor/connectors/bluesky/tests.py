"""The connector against a real Bluesky server, where `make peers` brought one; and how it reads texts and answers."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from koor.connectors.bluesky import check, client, correct, facets, limits, publish
from koor.connectors.bluesky.manifest import MANIFEST
from koor.ground.channels.contract import (
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
from tests.connectors.scripted import Scripted, answer
from tests.peers.bluesky_server import HANDLE, PASSWORD, BlueskyServer

NOON = datetime(2026, 11, 24, 12, 0, 0, 123_456, tzinfo=UTC)
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
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

    def test_a_text_that_it_refuses(self, real: Session) -> None:
        """Past our own check, for the server's answer to be read."""
        outcome = publish.send(real, Attempt(1, "long", Draft("x" * 301), Prepared(), datetime.now(UTC)))
        assert (outcome.verdict, outcome.because) == (Verdict.DEFINITELY_NOT, Because.REJECTED)


def test_the_catalogue_tells_the_truth() -> None:
    assert not MANIFEST.edits
    assert not MANIFEST.listens

"""YouTube: requests as Google's own discovery document describes them (KOOR_TEST_SPECS; it comes with PyPI
google-api-python-client), answers as developers.google.com/youtube/v3 shows them, read on 22 November 2026. Nobody has
seen this working with YouTube itself."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from koor.connectors.youtube import check, connect, converse, correct, limits, listen, publish, upload
from koor.connectors.youtube.manifest import MANIFEST
from koor.ground.channels.contract import (
    Attempt,
    Because,
    CannotKnow,
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

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CHANNEL, VIDEO, COMMENT = "UCours", "dQw4w9WgXcQ", "UgxKREWxIgDrw8w2e_Z4AaABAg"
SIZE = upload.PIECE * 2 + 1000
UP = "https://www.googleapis.com/upload/youtube/v3/videos?uploadType=resumable&upload_id=xa298sd_f"


def error(status: int, reason: str, words: str = "no") -> Any:
    return answer(
        status, {"error": {"code": status, "message": words, "errors": [{"reason": reason, "message": words}]}}
    )


@dataclasses.dataclass
class YouTube:
    """As much of YouTube as a film needs: uploads in pieces, and how a film stands. `breaks` cuts off after so many
    pieces. With `specified` each request is held against Google's own document."""

    specified: bool = False
    breaks: int = 99
    shows: bool = True
    there: int = 0
    films: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, Any]]] = dataclasses.field(default_factory=list)
    uploads: int = 0
    pieces: int = 0
    told: dict[str, Any] = dataclasses.field(default_factory=dict)

    def request(self, method: str, url: str, **more: Any) -> Any:
        place, query = urlsplit(url).path, dict(parse_qsl(urlsplit(url).query))
        self.asked.append((method, place, more))
        if self.specified and "upload_id" not in query:
            specification("youtube.v3.json").check(method, url, more.get("json"))
        if place.startswith("/upload"):
            return self._upload(method, place, query, more)
        if place.endswith("/videos") and method == "GET":
            return answer(200, {"items": [film for film in self.films.values() if film["id"] == query["id"]]})
        if place.endswith("/videos") and method == "PUT":
            film = self.films.get(more["json"]["id"])
            if film is None:
                return error(404, "videoNotFound")
            changed = {key: value for key, value in more["json"].items() if key != "id"}
            film |= changed if self.shows else {}
            return answer(200, film)
        if place.endswith("/channels"):
            return answer(200, {"items": [{"id": CHANNEL, "snippet": {"title": "Reurslag", "customUrl": "@reurslag"}}]})
        if method == "DELETE":
            return answer(204, b"")
        return answer(200, {"id": "Ugnew", "snippet": {}} if method in ("POST", "PUT") else {"items": []})

    def _upload(self, method: str, place: str, query: dict[str, str], more: dict[str, Any]) -> Any:
        if place.endswith(("/thumbnails/set", "/captions")):
            return answer(200, {"items": []})
        if method == "POST":
            self.uploads, self.told, self.there = self.uploads + 1, more["json"], 0
            return answer(200, b"", {"Location": UP})
        span = more["headers"]["Content-Range"]
        if not span.startswith("bytes */"):
            self.pieces += 1
            if self.pieces > self.breaks:
                self.breaks = 99
                raise Unclear("broke off")
            first, last = span.removeprefix("bytes ").split("/")[0].split("-")
            assert int(first) == self.there
            assert len(more["content"]) == int(last) + 1 - int(first)
            self.there = int(last) + 1
        if self.there == SIZE:
            self.films[VIDEO] = {"id": VIDEO, **self.told}
            return answer(201, self.films[VIDEO])
        return answer(308, b"", {"Range": f"bytes=0-{self.there - 1}"} if self.there else {})


def session(http: Any, **more: Any) -> Session:
    return Session(http, 1, {"channel": CHANNEL}, {"access_token": "token-1"}, now=NOON, **more)


def film(**more: Any) -> Medium:
    return Medium(b"", "video/mp4", "", "9.mp4", SIZE, reader=lambda first, after: b"x" * (after - first), **more)


def draft(text: str = "Zo legt Anouk een dak.\n\nEn nog veel meer.", **more: Any) -> Draft:
    return Draft(text, more.pop("media", (film(),)), language="nl", **more)


def tried(given: Draft, handle: Any = None) -> Attempt:
    return Attempt(1, "key-1", given, Prepared(handle=handle or {}), NOON)


class TestFilm:
    def test_is_brought_as_private_and_shown_in_one_step(self) -> None:
        http = YouTube(specified=True)
        given = draft(options={"tags": "dak, zink ,dak", "kids": "no"}, link="https://koor.example/dak")
        prepared = publish.prepare(session(http), given)
        assert prepared.handle == {"video": VIDEO}
        assert http.told == {
            "snippet": {
                "title": "Zo legt Anouk een dak.",
                "description": "Zo legt Anouk een dak.\n\nEn nog veel meer.\n\nhttps://koor.example/dak",
                "tags": ["dak", "zink"],
                "defaultLanguage": "nl",
            },
            "status": {
                "privacyStatus": "private", "selfDeclaredMadeForKids": False, "embeddable": True, "license": "youtube"
            },
        }  # fmt: skip
        attempt = tried(given, prepared.handle)
        assert publish.find(session(http), attempt) == NotSeen()
        for _time in range(2):
            outcome = publish.send(session(http), attempt)
            assert (outcome.verdict, outcome.remote_id) == (Verdict.DONE, VIDEO)
        assert publish.find(session(http), attempt) == Seen(VIDEO, f"https://www.youtube.com/watch?v={VIDEO}")
        assert (http.uploads, len(http.films)) == (1, 1)

    @pytest.mark.parametrize("breaks", [0, 1, 2])
    def test_is_gone_on_with_where_it_stopped(self, breaks: int) -> None:
        http, kept = YouTube(breaks=breaks), [{}]  # type: ignore[var-annotated]
        first = publish.prepare(session(http, keep=kept.append), draft())
        assert (first.because, kept[-1]) == (Because.NOT_REACHED, {"upload": UP})
        again = publish.prepare(session(http, kept=kept[-1], keep=kept.append), draft())
        assert (again.handle, http.uploads, len(http.films)) == ({"video": VIDEO}, 1, 1)

    def test_the_address_is_kept_before_the_first_byte(self) -> None:
        http, kept = YouTube(), []  # type: ignore[var-annotated]

        def keep(handle: Any) -> None:
            kept.append((dict(handle), http.pieces))

        publish.prepare(session(http, keep=keep), draft())
        assert kept == [({"upload": UP}, 0), ({"video": VIDEO}, 3)]

    def test_a_whole_film_is_not_brought_again(self) -> None:
        http = YouTube()
        assert publish.prepare(session(http, kept={"video": VIDEO}), draft()).handle == {"video": VIDEO}
        assert not http.asked

    def test_an_upload_that_youtube_forgot_begins_again(self) -> None:
        kept: list[Any] = []

        class Forgot(YouTube):
            def _upload(self, method: str, place: str, query: dict[str, str], more: dict[str, Any]) -> Any:
                return answer(404, b"") if method == "PUT" else super()._upload(method, place, query, more)

        first = publish.prepare(session(Forgot(), kept={"upload": UP}, keep=kept.append), draft())
        assert (first.because, kept) == (Because.NOT_REACHED, [{}])

    def test_the_token_goes_to_google_only(self) -> None:
        class Elsewhere(YouTube):
            def _upload(self, method: str, place: str, query: dict[str, str], more: dict[str, Any]) -> Any:
                return answer(200, b"", {"Location": "https://googleapis.com.evil.example/up"})

        http = Elsewhere()
        assert publish.prepare(session(http), draft()).problem
        assert len(http.asked) == 1

    def test_a_picture_and_captions_go_along(self) -> None:
        http = YouTube(specified=True)
        given = draft(media=(film(), Medium(b"png", "image/png")), options={"captions": "1\n00:00 --> 00:02\nHallo"})
        assert publish.prepare(session(http), given).handle == {"video": VIDEO, "picture": "yes", "captions": "yes"}
        (said,) = [more["content"] for _m, place, more in http.asked if place.endswith("/captions")]
        assert b'"videoId": "dQw4w9WgXcQ"' in said
        assert "Hallo" in said.decode()

    def test_a_picture_that_is_not_taken_holds_nothing_up(self) -> None:
        class NoPicture(YouTube):
            def _upload(self, method: str, place: str, query: dict[str, str], more: dict[str, Any]) -> Any:
                refused = place.endswith("/thumbnails/set")
                return error(403, "forbidden") if refused else super()._upload(method, place, query, more)

        given = draft(media=(film(), Medium(b"png", "image/png")))
        assert publish.prepare(session(NoPicture()), given).handle == {"video": VIDEO, "picture": "no"}

    def test_a_film_that_youtube_keeps_private_is_not_called_shown(self) -> None:
        http = YouTube(shows=False)
        prepared = publish.prepare(session(http), draft())
        outcome = publish.send(session(http), tried(draft(), prepared.handle))
        assert (outcome.verdict, outcome.because) == (Verdict.DEFINITELY_NOT, Because.REJECTED)

    def test_a_film_that_is_gone_is_not_shown_anew(self) -> None:
        assert isinstance(publish.find(session(YouTube()), tried(draft(), {"video": VIDEO})), CannotKnow)

    @pytest.mark.parametrize(
        "given",
        [
            draft(title="x" * 101),
            draft("a < b"),
            draft(title="<b>"),
            draft("é" * 2501, title="Dak"),
            draft(media=(Medium(b"x", "image/png"),)),
            draft(media=(film(), film())),
            draft(options={"tags": ",".join(f"tag nummer {n}" for n in range(40))}),
            draft(options={"captions": "x" * 1901}),
            draft("\n \n", title=""),
        ],
    )
    def test_what_youtube_does_not_take_is_told_before_anything_is_brought(self, given: Draft) -> None:
        prepared = publish.prepare(session(Shut()), given)
        assert prepared.because is Because.REJECTED
        assert prepared.problem % prepared.values

    def test_the_counter_and_the_title_while_writing(self) -> None:
        assert limits.length(draft("é"), MANIFEST.limits) == 2
        sentence, values = limits.beforehand(draft(), MANIFEST.limits)
        assert sentence % values == "Title: Zo legt Anouk een dak."


class Fixed:
    """Gives what somebody wrote down, one after the other, and the last one for ever."""

    def __init__(self, *replies: Any) -> None:
        self.replies = list(replies)
        self.asked: list[tuple[str, str, dict[str, Any]]] = []

    def request(self, method: str, url: str, **more: Any) -> Any:
        self.asked.append((method, url, more))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, Exception):
            raise reply
        return reply


class TestAnswers:
    @pytest.mark.parametrize(
        ("reply", "because", "wait"),
        [
            (error(403, "quotaExceeded"), Because.RATE, 3 * 3600),
            (error(400, "uploadLimitExceeded"), Because.RATE, 3 * 3600),
            (error(403, "rateLimitExceeded"), Because.RATE, None),
            (error(403, "forbidden"), Because.AUTH, None),
            (error(401, "authError"), Because.AUTH, None),
            (error(403, "commentsDisabled"), Because.REJECTED, None),
            (error(400, "invalidMetadata"), Because.REJECTED, None),
            (error(404, "videoNotFound"), Because.REJECTED, None),
        ],
    )
    def test_a_no_that_is_certain(self, reply: Any, because: Because, wait: int | None) -> None:
        outcome = publish.send(session(Fixed(reply)), tried(draft(), {"video": VIDEO}))
        assert (outcome.verdict, outcome.because, outcome.retry_after) == (Verdict.DEFINITELY_NOT, because, wait)

    @pytest.mark.parametrize(
        "reply",
        [
            answer(200, {"id": "another", "status": {"privacyStatus": "public"}}),
            answer(200, {"id": VIDEO}),
            answer(200, {"id": VIDEO, "status": {"privacyStatus": "unlisted"}}),
            error(500, "backendError"),
            answer(404, b"<html>"),
        ],
    )
    def test_what_proves_nothing(self, reply: Any) -> None:
        assert publish.send(session(Fixed(reply)), tried(draft(), {"video": VIDEO})).verdict is Verdict.UNKNOWN


def said(
    number: str, text: str = "Mooi", by: str = "UCels", at: str = "2026-11-22T12:00:01Z", **more: Any
) -> dict[str, Any]:
    snippet = {
        "authorDisplayName": "@els", "authorChannelId": {"value": by}, "textDisplay": text, "videoId": VIDEO,
        "publishedAt": at, **more,
    }  # fmt: skip
    return {"id": number, "snippet": snippet}


class TestComment:
    def test_under_a_comment_and_under_a_film(self) -> None:
        http = YouTube(specified=True)
        for place in (COMMENT, f"{COMMENT}.9abc", VIDEO):
            assert publish.send(session(http), tried(Draft("Dank je", in_reply_to=place))).remote_id == "Ugnew"
        assert [more["json"] for _m, _p, more in http.asked] == [
            {"snippet": {"parentId": COMMENT, "textOriginal": "Dank je"}},
            {"snippet": {"parentId": COMMENT, "textOriginal": "Dank je"}},
            {"snippet": {"videoId": VIDEO, "topLevelComment": {"snippet": {"textOriginal": "Dank je"}}}},
        ]

    @pytest.mark.parametrize(
        ("row", "there"),
        [
            (said("Ug1", "Dank je", by=CHANNEL), True),
            (said("Ug1", "Dank je"), False),
            (said("Ug1", "Dank je wel", by=CHANNEL), False),
            (said("Ug1", "Dank je", by=CHANNEL, at="2026-11-22T11:00:00Z"), False),
        ],
    )
    def test_is_read_back(self, row: Any, there: bool) -> None:
        found = publish.find(
            session(Fixed(answer(200, {"items": [row]}))), tried(Draft("Dank je", in_reply_to=COMMENT))
        )
        assert found == (Seen("Ug1") if there else NotSeen())

    def test_more_than_were_read(self) -> None:
        http = Fixed(answer(200, {"items": [], "nextPageToken": "n"}))
        assert isinstance(publish.find(session(http), tried(Draft("Dank je", in_reply_to=COMMENT))), CannotKnow)


class TestCorrect:
    def test_what_is_not_changed_is_sent_along(self) -> None:
        http = YouTube(
            specified=True, films={VIDEO: {"id": VIDEO, "snippet": {"title": "Dak", "tags": ["a"], "categoryId": "22"}}}
        )
        assert correct.edit(session(http), VIDEO, Draft("Beter")).verdict is Verdict.DONE
        assert http.asked[-1][2]["json"]["snippet"] == {
            "title": "Dak",
            "tags": ["a"],
            "categoryId": "22",
            "description": "Beter",
        }
        assert correct.delete(session(http), VIDEO).verdict is Verdict.DONE
        assert correct.delete(session(http), COMMENT).verdict is Verdict.DONE

    def test_what_is_gone_is_taken_away(self) -> None:
        assert correct.delete(session(Fixed(error(404, "videoNotFound"))), VIDEO).verdict is Verdict.DONE
        assert correct.delete(session(Fixed(error(404, "notFound"))), VIDEO).because is Because.REJECTED


class Comments:
    """The comments of a channel, newest thread first, two threads a page, with one answer each beside them."""

    def __init__(self) -> None:
        self.threads: dict[str, tuple[str, list[str]]] = {}

    def request(self, method: str, url: str, **more: Any) -> Any:
        query = dict(parse_qsl(urlsplit(url).query))
        first = int(query.get("pageToken") or 0)
        if urlsplit(url).path.endswith("/comments"):
            rows = [said(f"{query['parentId']}.{text}", text) for text in self.threads[query["parentId"]][1]]
        else:
            order = sorted(self.threads, key=lambda one: self.threads[one][0], reverse=True)
            rows = [self._thread(number) for number in order]
        found: dict[str, Any] = {"items": rows[first : first + 2]}
        return answer(200, found | ({"nextPageToken": str(first + 2)} if rows[first + 2 :] else {}))

    def _thread(self, number: str) -> dict[str, Any]:
        at, answers = self.threads[number]
        top = said(number, f"top {number}", at=at)
        beside = {"comments": [said(f"{number}.{text}", text, at=at) for text in answers[:1]]}
        return {"id": number, "snippet": {"topLevelComment": top, "totalReplyCount": len(answers)}, "replies": beside}


def read_round(http: Any, cursor: str) -> tuple[set[str], str]:
    seen: set[str] = set()
    for _page in range(50):
        batch = listen.fetch(session(http), cursor, {"kind": "comments"})
        assert not batch.problem
        seen, cursor = seen | {item.text for item in batch.items}, batch.cursor
        if not batch.more:
            break
    return seen, cursor


class TestListen:
    def test_without_gaps(self) -> None:
        http = Comments()
        http.threads = {"a": ("2026-11-22T10:00:00Z", [])}
        seen, cursor = read_round(http, "")
        assert seen == {"top a"}
        http.threads |= {f"n{n}": (f"2026-11-22T11:00:{n:02}Z", []) for n in range(9)}
        seen, cursor = read_round(http, cursor)
        assert {f"top n{n}" for n in range(9)} <= seen

    def test_answers_in_a_thread_that_was_read_before(self) -> None:
        http = Comments()
        http.threads = {"a": ("2026-11-22T10:00:00Z", ["een"]), "b": ("2026-11-22T11:00:00Z", [])}
        _seen, cursor = read_round(http, "")
        http.threads["a"][1].extend(["twee", "drie", "vier"])
        seen, _cursor = read_round(http, cursor)
        assert {"twee", "drie", "vier"} <= seen

    @pytest.mark.parametrize(
        "reply", [answer(500, b""), answer(200, b"<html>"), answer(200, {"items": 5}), Unclear("x")]
    )
    @pytest.mark.parametrize("todo", [[], [["a", ""]]])
    def test_trouble_leaves_no_gap(self, reply: Any, todo: Any) -> None:
        cursor = json.dumps({"since": "2026", "newest": "", "token": "n", "todo": todo, "counts": {"a": 1}})
        batch = listen.fetch(session(Fixed(reply)), cursor, {})
        assert (bool(batch.problem), batch.cursor) == (True, cursor)

    def test_what_cannot_be_read_stops_nothing_and_our_own_is_left_out(self) -> None:
        batch = listen.read_all([said("1"), said("2", by=CHANNEL), {"id": "3"}, 5], CHANNEL)
        assert ([item.external_id for item in batch.items], len(batch.broken)) == (["1"], 2)
        assert batch.items[0].url == f"https://www.youtube.com/watch?v={VIDEO}&lc=1"

    def test_requests_and_the_thread(self) -> None:
        http = YouTube(specified=True)
        assert not listen.fetch(session(http), "", {}).problem
        at = json.dumps({"since": "x", "todo": [["a", "t"]]})
        assert not listen.fetch(session(http), at, {}).problem
        assert not converse.thread(session(http), VIDEO).problem
        assert not converse.thread(session(http), f"{COMMENT}.1").problem


class TestAccount:
    def test_the_channel(self) -> None:
        http = YouTube(specified=True)
        (place,) = connect.places(session(http))  # type: ignore[misc]
        assert (place.key, place.name, place.settings) == (CHANNEL, "Reurslag", {"channel": CHANNEL})
        assert check.check(session(http)).handle == "@reurslag"

    @pytest.mark.parametrize(
        ("reply", "because"),
        [
            (answer(200, {"items": []}), Because.REJECTED),
            (error(401, "authError"), Because.AUTH),
            (error(403, "quotaExceeded"), Because.RATE),
            (answer(503, b""), Because.NOT_REACHED),
        ],
    )
    def test_health(self, reply: Any, because: Because) -> None:
        health = check.check(session(Fixed(reply)))
        assert (health.works, health.because) == (False, because)

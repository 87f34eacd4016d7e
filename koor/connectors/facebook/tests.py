"""Facebook by the payloads of its documentation (developers.facebook.com, read 22 November 2026)."""

from __future__ import annotations

import dataclasses
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from koor.connectors import meta
from koor.connectors.facebook import act, check, connect, converse, correct, limits, listen, publish, receive, upload
from koor.ground.channels.contract import (
    Act,
    Attempt,
    Because,
    CannotKnow,
    Draft,
    Health,
    Medium,
    NotSeen,
    Outcome,
    Prepared,
    Seen,
    Session,
    Tokens,
    Verdict,
)
from tests.connectors.scripted import Scripted, answer

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
POST = "546349135390552_1116689038356556"
PICTURE = Medium(b"jpeg", "image/jpeg", "A heat pump on a roof", "1.jpg")


class Meta:
    """Answers by a part of the address; what was asked is kept."""

    def __init__(self, **answers: Any) -> None:
        self.answers, self.asked = answers, []  # type: ignore[var-annotated]

    def request(self, method: str, url: str, **more: Any) -> Any:
        self.asked.append((method, url.removeprefix(meta.FACEBOOK), more))
        for part, found in self.answers.items():
            if url.split("?")[0].endswith(part):
                return found.pop(0) if isinstance(found, list) else found
        return answer(404, {"error": {"message": "Unsupported get request", "code": 100, "error_subcode": 33}})


def session(http: Any, **secrets: str) -> Session:
    opened = {"access_token": "page-t0ken", "client_secret": "app-secret", **secrets}
    return Session(http, 1, {"page": "546349135390552", "client_id": "12"}, opened, now=NOON)


def attempt(draft: Draft, handle: dict[str, Any] | None = None) -> Attempt:
    return Attempt(1, "key", draft, Prepared(handle=handle or {}), NOON)


def error(status: int, code: int, **more: Any) -> Any:
    return answer(status, {"error": {"message": "No", "type": "OAuthException", "code": code, **more}})


def test_words_and_a_link() -> None:
    http = Meta(feed=answer(200, {"id": POST}))
    draft = Draft("Hello Fans!", link="https://reurslag.example/vacature")
    done = publish.send(session(http), attempt(draft))
    assert (done.verdict, done.remote_id, done.url) == (Verdict.DONE, POST, f"https://www.facebook.com/{POST}")
    [(method, path, more)] = http.asked
    assert (method, path) == ("POST", "/546349135390552/feed")
    assert more["json"] == {"message": "Hello Fans!", "link": "https://reurslag.example/vacature"}
    assert more["headers"] == {"Authorization": "Bearer page-t0ken"}


def test_pictures_go_up_unseen_first() -> None:
    http = Meta(photos=[answer(200, {"id": "11"}), answer(200, {"id": "12"})], feed=answer(200, {"id": POST}))
    draft = Draft("Two", (PICTURE, PICTURE))
    prepared = publish.prepare(session(http), draft)
    assert prepared.handle == {"photos": ["11", "12"]}
    assert http.asked[0][2]["data"] == {"published": "false", "alt_text_custom": "A heat pump on a roof"}
    publish.send(session(http), attempt(draft, dict(prepared.handle)))
    assert http.asked[-1][2]["json"]["attached_media"] == [{"media_fbid": "11"}, {"media_fbid": "12"}]


def test_beside_a_picture_or_a_film_the_link_goes_under_the_words() -> None:
    link, film = "https://reurslag.example/vacature", Medium(b"mp4", "video/mp4", name="1.mp4")
    http = Meta(feed=answer(200, {"id": POST}), videos=answer(200, {"success": True}))
    publish.send(session(http), attempt(Draft("See", (PICTURE,), link=link), {"photos": ["11"]}))
    publish.send(session(http), attempt(Draft("See", (film,), link=link), BROUGHT))
    assert http.asked[0][2]["json"]["message"] == http.asked[1][2]["data"]["description"] == f"See\n\n{link}"
    counted = [limits.length(Draft("See", media, link=link), limits.limits_for({})) for media in ((PICTURE,), ())]
    assert counted == [len(f"See\n\n{link}"), 3]


FILM = Medium(b"0123456789", "video/mp4", name="1.mp4")
BROUGHT = {"video": "77", "upload": "5"}
BEGUN = answer(200, {"video_id": "77", "upload_session_id": "5", "start_offset": "0", "end_offset": "6"})
END = answer(200, {"start_offset": "10", "end_offset": "10"})


def at(first: int, after: int) -> Any:
    return answer(200, {"start_offset": str(first), "end_offset": str(after)})


def test_a_film_goes_up_unseen_in_pieces_and_one_short_step_shows_it() -> None:
    assert publish.prepare(session(Meta()), Draft("Both", (PICTURE, FILM))).because is Because.REJECTED
    http, kept = Meta(videos=[BEGUN, at(6, 10), END]), []
    here = dataclasses.replace(session(http), keep=kept.append)
    prepared = publish.prepare(here, Draft("See", (FILM,)))
    assert prepared.handle == BROUGHT
    assert [one["at"] for one in kept] == [0, 6, 10]
    assert [more["data"]["upload_phase"] for _method, _path, more in http.asked] == ["start", "transfer", "transfer"]
    assert [more["files"]["video_file_chunk"][1] for _method, _path, more in http.asked[1:]] == [b"012345", b"6789"]
    http.answers = {"videos": answer(200, {"success": True})}
    assert publish.send(here, attempt(Draft("See", (FILM,)), BROUGHT)).remote_id == "77"
    shown = next(more["data"] for _method, path, more in http.asked[3:] if path.endswith("videos"))
    assert shown == {"upload_phase": "finish", "upload_session_id": "5", "description": "See"}
    assert publish.send(here, attempt(Draft("See", (FILM,)))).because is Because.REJECTED


@pytest.mark.parametrize(
    ("kept", "told", "pieces"),
    [
        ({**BROUGHT, "at": 6, "to": 10}, [END], [b"6789"]),
        ({**BROUGHT, "at": 10, "to": 10}, [], []),
        (  # a piece came through, and its answer did not
            {**BROUGHT, "at": 0, "to": 4},
            [error(400, 6000, error_subcode=1363037, error_data={"start_offset": "4", "end_offset": "10"}), END],
            [b"0123", b"456789"],
        ),
    ],
)
def test_a_film_is_gone_on_with_where_it_stopped(kept: Any, told: Any, pieces: list[bytes]) -> None:
    http = Meta(videos=told)
    here = dataclasses.replace(session(http), kept=kept)
    assert publish.prepare(here, Draft("See", (FILM,))).handle == BROUGHT
    assert [more["files"]["video_file_chunk"][1] for _method, _path, more in http.asked] == pieces


@pytest.mark.parametrize(
    ("kept", "told", "because"),
    [
        ({}, [error(400, 100)], Because.REJECTED),
        ({}, [answer(200, {"video_id": "../me", "upload_session_id": "5"})], Because.NOT_REACHED),
        ({}, [BEGUN, at(0, 6)], Because.NOT_REACHED),
        ({}, [BEGUN, answer(200, b"<html>")], Because.NOT_REACHED),
        ({}, [BEGUN, error(500, 2, is_transient=True)], Because.NOT_REACHED),
    ],
)
def test_a_film_that_can_not_be_brought_says_why(kept: Any, told: Any, because: Because) -> None:
    here = dataclasses.replace(session(Meta(videos=told)), kept=kept)
    assert publish.prepare(here, Draft("See", (FILM,))).because is because


def test_a_refused_piece_begins_the_upload_anew_and_some_times_later_it_is_the_film() -> None:
    """Meta says "retry" of a timeout (1363030) and of half a piece (1363033); an upload that ended is refused too."""
    kept: list[Any] = [{**BROUGHT, "at": 6, "to": 10}]
    told, because = [error(400, 100)], []
    for _time in range(upload.ANEW + 1):
        here = dataclasses.replace(session(Meta(videos=told)), kept=kept[-1], keep=kept.append)
        because.append(publish.prepare(here, Draft("See", (FILM,))).because)
        told = [BEGUN, error(400, 6000, error_subcode=1363030)]
    assert because == [Because.NOT_REACHED] * upload.ANEW + [Because.REJECTED]
    assert kept[1] == {"anew": 1}
    assert kept[-1] == {}


@pytest.mark.parametrize(
    ("told", "number"),
    [
        (answer(200, {"id": "77", "post_id": "546349135390552_99"}), "546349135390552_99"),
        (answer(200, {"id": "77", "post_id": "99"}), "546349135390552_99"),
        (answer(200, {"id": "77"}), "77"),
        (answer(200, {"id": "77", "post_id": "../me"}), "77"),
        (answer(200, ["no"]), "77"),
        (answer(500, {"error": {"message": "No", "code": 1}}), "77"),
    ],
)
def test_a_film_is_known_by_the_post_that_it_stands_in(told: Any, number: str) -> None:
    http = Meta(videos=answer(200, {"success": True}), **{"/77": told})
    done = publish.send(session(http), attempt(Draft("See", (FILM,)), BROUGHT))
    assert (done.verdict, done.remote_id, done.url) == (Verdict.DONE, number, f"https://www.facebook.com/{number}")
    [(_method, _path, _more), (method, path, more)] = http.asked
    assert (method, path, more["params"], more["timeout"]) == ("GET", "/77", {"fields": "post_id"}, 5.0)


def test_a_film_whose_post_was_not_told_is_not_taken_for_a_second_one() -> None:
    shown = {"data": [{"target": {"id": "77"}}]}
    rows = [{"id": POST, "message": "See", "created_time": "2026-11-24T12:00:05+0000", "attachments": shown}]
    here = session(Meta(published_posts=answer(200, {"data": rows})))
    made = attempt(Draft("See", (FILM,)))
    assert publish.find(here, made) == Seen(POST)
    assert publish.find(here, dataclasses.replace(made, taken=frozenset({"77"}))) == NotSeen()
    whole = attempt(Draft("", (FILM,)))  # without words and without a number: sent whole by an older Koor
    assert isinstance(publish.find(here, whole), CannotKnow)


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({"published": True, "status": {"video_status": "ready"}, "post_id": "99"}, Seen("546349135390552_99", "x")),
        ({"published": True, "status": {"video_status": "ready"}}, Seen("77", "x")),
        ({"published": True, "status": {"video_status": "processing"}}, CannotKnow()),
        ({"published": False, "status": {"video_status": "uploading"}}, NotSeen()),
        ({"published": False, "status": {"video_status": "ready"}}, NotSeen()),
        ({"published": True, "status": {"video_status": "uploading"}}, CannotKnow()),  # from here on it proves nothing
        ({"published": False, "status": {"video_status": "upload_complete"}}, CannotKnow()),
        ({"published": False, "status": {"video_status": "ready"}, "post_id": "99"}, CannotKnow()),
        (
            {"published": False, "status": {"video_status": "ready", "publishing_phase": {"status": "in_progress"}}},
            CannotKnow(),
        ),
        ({"status": {"video_status": "ready"}}, CannotKnow()),
        ({"published": False}, CannotKnow()),
        ({"id": "77"}, CannotKnow()),
        (None, CannotKnow()),
    ],
)
def test_a_film_tells_itself_whether_it_is_shown(told: Any, found: Any) -> None:
    """Also one without words: its number is known before the first byte."""
    there = {} if told is None else {"/77": answer(200, told)}
    here = session(Meta(published_posts=answer(200, {"data": []}), **there))
    seen = publish.find(here, attempt(Draft("", (FILM,)), BROUGHT))
    assert type(seen) is type(found)
    assert getattr(seen, "remote_id", "") == getattr(found, "remote_id", "")
    if isinstance(found, Seen):  # a night later, asked whether there is another one beside it
        for number in ("77", found.remote_id):
            beside = dataclasses.replace(attempt(Draft("", (FILM,)), BROUGHT), taken=frozenset({number}))
            assert isinstance(publish.find(here, beside), CannotKnow)
    listed = {"id": POST, "attachments": {"data": [{"target": {"id": "77"}}]}}
    here = session(Meta(published_posts=answer(200, {"data": [listed]}), **there))
    assert publish.find(here, attempt(Draft("", (FILM,)), BROUGHT)) == Seen(POST)


def test_an_answer() -> None:
    http = Meta(comments=answer(200, {"id": "9_8"}))
    done = publish.send(session(http), attempt(Draft("Thanks", in_reply_to="9_7"), {"photos": ["5"]}))
    assert (done.remote_id, http.asked[0][1]) == ("9_8", "/9_7/comments")
    assert http.asked[0][2]["json"] == {"message": "Thanks", "attachment_id": "5"}


def test_whose_answer_it_is_and_whether_all_were_read() -> None:
    """Facebook hides who wrote a comment from who may not know: then words like ours prove nothing."""
    made = attempt(Draft("Thanks", in_reply_to="9_7"), {})
    said = {"id": "9_8", "message": "Thanks", "created_time": "2026-11-24T12:00:01+0000"}

    def found(rows: list[Any], **more: Any) -> Any:
        return publish.find(session(Meta(comments=answer(200, {"data": rows, **more}))), made)

    ours = {**said, "id": "9_9", "from": {"id": "546349135390552"}}
    assert found([{**said, "from": {"id": "8"}}]) == NotSeen()
    assert isinstance(found([said]), CannotKnow)
    assert found([said, ours]) == Seen("9_9")
    assert isinstance(found([], paging={"next": "https://graph.example/more"}), CannotKnow)


@pytest.mark.parametrize(
    ("told", "verdict", "because"),
    [
        (error(400, 190, error_subcode=463), Verdict.DEFINITELY_NOT, Because.AUTH),
        (error(400, 200), Verdict.DEFINITELY_NOT, Because.AUTH),
        (error(400, 32), Verdict.DEFINITELY_NOT, Because.RATE),
        (error(403, 4), Verdict.DEFINITELY_NOT, Because.RATE),
        (error(400, 100), Verdict.DEFINITELY_NOT, Because.REJECTED),
        (error(400, 1), Verdict.UNKNOWN, Because.NONE),
        (error(400, 100, is_transient=True), Verdict.UNKNOWN, Because.NONE),
        (error(400, 506), Verdict.UNKNOWN, Because.NONE),
        (error(500, 2, is_transient=True), Verdict.UNKNOWN, Because.NONE),
        (error(200, 100), Verdict.UNKNOWN, Because.NONE),
    ],
)
def test_what_meta_means(told: Any, verdict: Verdict, because: Because) -> None:
    outcome = publish.send(session(Scripted(told)), attempt(Draft("Hi")))
    assert (outcome.verdict, outcome.because) == (verdict, because)


def test_how_long_to_wait() -> None:
    usage = '{"546": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 19}]}'
    told = answer(400, {"error": {"message": "Too many", "code": 80001}}, {"X-Business-Use-Case-Usage": usage})
    assert publish.send(session(Scripted(told)), attempt(Draft("Hi"))).retry_after == 19 * 60


def test_read_back() -> None:
    rows = [
        {"id": "1_1", "message": "Another", "created_time": "2026-11-24T12:00:05+0000"},
        {"id": "1_0", "message": "Hi", "created_time": "2026-11-24T09:00:05+0000"},
        {
            "id": "1_2",
            "message": "Hi ",
            "created_time": "2026-11-24T12:00:05+0000",
            "permalink_url": "https://f.example/2",
        },
    ]
    here = session(Meta(published_posts=answer(200, {"data": rows})))
    assert publish.find(here, attempt(Draft("Hi"))) == Seen("1_2", "https://f.example/2")
    assert publish.find(here, attempt(Draft("Ho"))) == NotSeen()
    taken = Attempt(1, "key", Draft("Hi"), Prepared(), NOON, frozenset({"1_2"}))
    assert publish.find(here, taken) == NotSeen()
    full = session(Meta(published_posts=answer(200, {"data": [rows[0]] * 100})))
    assert isinstance(publish.find(full, attempt(Draft("Hi"))), CannotKnow)


def test_read_back_by_the_pictures() -> None:
    inside = {"data": [{"subattachments": {"data": [{"target": {"id": "11"}}, {"target": {"id": "12"}}]}}]}
    rows = [{"id": "1_3", "created_time": "2026-11-24T12:00:05+0000", "attachments": inside}]
    here = session(Meta(published_posts=answer(200, {"data": rows})))
    assert publish.find(here, attempt(Draft("", (PICTURE,)), {"photos": ["12"]})) == Seen("1_3")
    assert publish.find(here, attempt(Draft("", (PICTURE,)), {"photos": ["13"]})) == NotSeen()


COMMENT = {
    "id": "1_50", "message": "Nice", "created_time": "2026-11-24T11:00:00+0000", "from": {"id": "8", "name": "Els"},
    "permalink_url": "https://f.example/50",
}  # fmt: skip


def test_comments_page_after_page() -> None:
    ours = {
        "id": "1_52",
        "message": "Thanks",
        "created_time": "2026-11-24T11:30:00+0000",
        "from": {"id": "546349135390552"},
    }
    nameless = {"id": "1_51", "message": "Hm", "created_time": "2026-11-24T10:00:00+0000", "parent": {"id": "1_50"}}
    first = {"data": [ours, COMMENT, {"id": "1_60"}], "paging": {"next": "https://x", "cursors": {"after": "AA"}}}
    http = Meta(
        published_posts=answer(200, {"data": [{"id": POST, "comments": first}]}),
        comments=answer(200, {"data": [nameless]}),
    )
    batch = listen.fetch(session(http), "", {"kind": "comments"})
    assert [(one.external_id, one.author, one.in_reply_to, one.kind) for one in batch.items] == [
        ("1_51", "Facebook", "1_50", "reply"),
        ("1_50", "Els", POST, "reply"),
    ]
    assert [one.external_id for one in batch.broken] == ["1_60"]
    assert batch.cursor == (datetime(2026, 11, 24, 11, tzinfo=UTC) - timedelta(minutes=10)).isoformat()
    assert http.asked[1][2]["params"]["after"] == "AA"


def test_mentions() -> None:
    http = Meta(tagged=answer(200, {"data": [COMMENT]}))
    batch = listen.fetch(session(http), "", {"kind": "mentions"})
    assert [(one.text, one.kind) for one in batch.items] == [("Nice", "mention")]


def test_around_a_post() -> None:
    assert converse.thread(session(Meta(comments=answer(200, {"data": [COMMENT]}))), POST).items[0].in_reply_to == POST


def test_right_again_and_deeds() -> None:
    yes = session(Meta(**{POST: answer(200, {"success": True}), "likes": answer(200, {"success": True})}))
    assert correct.edit(yes, POST, Draft("New")).verdict is Verdict.DONE
    assert correct.delete(yes, POST).verdict is Verdict.DONE
    assert all(act.act(yes, deed, POST, "").verdict is Verdict.DONE for deed in (Act.LIKE, Act.HIDE, Act.DELETE))
    assert all(act.undo(yes, deed, POST).verdict is Verdict.DONE for deed in (Act.LIKE, Act.HIDE))
    assert correct.delete(session(Meta()), POST).because is Because.REJECTED
    assert correct.delete(session(Scripted(answer(200, {"success": False}))), POST).verdict is Verdict.UNKNOWN


def test_pages_with_tokens_of_their_own() -> None:
    rows = [
        {"id": "1", "name": "Reurslag", "username": "reurslag", "access_token": "p1", "tasks": ["CREATE_CONTENT"]},
        {"id": "2", "name": "Only looks", "access_token": "p2", "tasks": ["ANALYZE"]},
        {"id": "3", "name": "No token"},
    ]
    found = connect.places(session(Meta(accounts=answer(200, {"data": rows}))))
    assert isinstance(found, tuple)
    assert [(place.key, place.name, place.handle, place.personal) for place in found] == [
        ("1", "Reurslag", "@reurslag", False)
    ]
    assert (found[0].settings, found[0].secrets) == ({"page": "1"}, {"access_token": "p1"})
    assert "p1" not in repr(found)


def test_a_long_lived_token_has_no_end_that_counts() -> None:
    http = Meta(access_token=answer(200, {"access_token": "long", "token_type": "bearer", "expires_in": 5183944}))
    assert connect.lengthen(session(http), Tokens("short", scopes=("a",))) == Tokens("long", scopes=("a",))
    assert "short" in http.asked[0][2]["params"].values()
    no = connect.lengthen(session(Scripted(error(400, 190))), Tokens("short"))
    assert isinstance(no, Outcome)
    assert no.because is Because.AUTH


def test_does_it_work() -> None:
    row = {"id": "546349135390552", "name": "Reurslag", "link": "https://www.facebook.com/reurslag"}
    works = check.check(session(Meta(**{"546349135390552": answer(200, row)})))
    assert works == Health(True, handle="Reurslag", url="https://www.facebook.com/reurslag")
    assert check.check(session(Scripted(error(400, 190)))).because is Because.AUTH
    assert check.check(session(Scripted(error(500, 2)))).because is Because.NOT_REACHED


def change(field: str = "feed", **value: Any) -> dict[str, Any]:
    usual = {
        "from": {"id": "8", "name": "Els"}, "item": "comment", "verb": "add", "comment_id": "1_50", "post_id": POST,
        "parent_id": POST, "created_time": 1795518000, "message": "Nice",
    }  # fmt: skip
    return {"field": field, "value": {**usual, **value}}


def pushed(*changes: Any, page: str = "546349135390552") -> bytes:
    return json.dumps({"object": "page", "entry": [{"id": page, "time": 1, "changes": list(changes)}]}).encode()


def test_heard_at_once() -> None:
    body = pushed(
        change(),
        change(verb="edited", message="Nicer"),
        change(verb="remove"),
        change("mention", item="post", post_id="8_9", sender_id="8", sender_name="Els", message="See @reurslag"),
        change(item="reaction"),
        change(**{"from": {"id": "546349135390552"}}),
        change(created_time="soon"),
        "nonsense",
    )
    batch = receive.read(session(Scripted(None)), body)
    assert [(one.external_id.split(":")[0], one.kind, one.in_reply_to, one.text) for one in batch.items] == [
        ("1_50", "reply", POST, "Nice"),
        ("1_50", "edited", "1_50", "Nicer"),
        ("1_50", "deleted", "1_50", ""),
        ("8_9", "mention", "", "See @reurslag"),
    ]
    assert len(batch.broken) == 2
    assert receive.read(session(Scripted(None)), pushed(change(), page="99")).items == ()
    for nothing in (
        b"",
        b"[]",
        b"[" * 100_000,
        b'{"entry": 5}',
        b'{"entry": [{"id": "546349135390552", "changes": 3}]}',
    ):
        assert receive.read(session(Scripted(None)), nothing).items == ()


def test_signed_with_the_secret_of_the_application() -> None:
    body = pushed(change())
    signed = "sha256=" + hmac.new(b"app-secret", body, "sha256").hexdigest()
    assert receive.genuine(session(None), {"X-Hub-Signature-256": signed}, body)
    assert not receive.genuine(session(None), {"X-Hub-Signature-256": signed}, body + b" ")
    assert not receive.genuine(session(None, client_secret=""), {"X-Hub-Signature-256": signed}, body)
    asked = {"hub.mode": "subscribe", "hub.verify_token": "word", "hub.challenge": "42"}
    assert receive.greet(session(None, verify_token="word"), asked) == "42"  # noqa: S106
    assert receive.greet(session(None), {**asked, "hub.verify_token": ""}) == ""

"""Instagram by the payloads of its documentation (developers.facebook.com, read 22 November 2026)."""

from __future__ import annotations

import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from koor.connectors import meta
from koor.connectors.instagram import act, check, connect, converse, limits, listen, publish, receive
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
    Tokens,
    Verdict,
)
from tests.connectors.scripted import Scripted, answer

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PHOTO = Medium(b"jpeg", "image/jpeg", "A roof", "1.jpg", address="https://koor.example/lent/a/media.jpg")
FILM = Medium(b"", "video/mp4", name="1.mp4", address="https://koor.example/lent/b/media.mp4")
ROOM = answer(200, {"data": [{"quota_usage": 2, "config": {"quota_total": 50, "quota_duration": 86400}}]})


class Meta:
    """Containers get numbers from 100 on; `states` are what they answer, one after the other, and then FINISHED."""

    def __init__(self, states: list[str] | None = None, limit: Any = ROOM, **answers: Any) -> None:
        self.states, self.limit, self.answers = list(states or []), limit, answers
        self.made: list[dict[str, Any]] = []
        self.asked: list[tuple[str, str, dict[str, Any]]] = []

    def request(self, method: str, url: str, **more: Any) -> Any:
        path = url.removeprefix(meta.INSTAGRAM).removeprefix(meta.THREADS)
        self.asked.append((method, path, more))
        last = path.rsplit("/", 1)[-1]
        if last in self.answers:
            return self.answers[last]
        if last == "content_publishing_limit":
            return self.limit
        if method == "POST" and last in ("media", "threads"):
            self.made.append(more["json"])
            return answer(200, {"id": str(99 + len(self.made))})
        state = self.states.pop(0) if self.states else "FINISHED"
        return answer(200, {"id": last, "status_code": state, "status": state})


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("koor.connectors.meta.time.sleep", lambda _seconds: None)


def session(http: Any, **more: Any) -> Session:
    opened = {"access_token": "ig-t0ken", "client_secret": "app-secret"}
    return Session(http, 1, {"account": "178414"}, opened, now=NOON, **more)


def attempt(draft: Draft, container: str = "100") -> Attempt:
    return Attempt(1, "key", draft, Prepared(handle={"container": container} if container else {}), NOON)


def test_one_picture() -> None:
    http = Meta(["IN_PROGRESS", "FINISHED"], media_publish=answer(200, {"id": "555"}))
    kept: list[Any] = []
    prepared = publish.prepare(session(http, keep=kept.append), Draft("Look #roof", (PHOTO,)))
    assert (prepared.handle, kept) == ({"container": "100"}, [{"container": "100"}])
    assert http.made == [{"image_url": PHOTO.address, "alt_text": "A roof", "caption": "Look #roof"}]
    done = publish.send(session(http), attempt(Draft("Look #roof", (PHOTO,))))
    assert (done.verdict, done.remote_id) == (Verdict.DONE, "555")
    assert http.asked[-1][2]["json"] == {"creation_id": "100"}


def test_a_carousel() -> None:
    http = Meta()
    prepared = publish.prepare(session(http), Draft("Both", (PHOTO, FILM)))
    assert prepared.handle == {"container": "102"}
    assert http.made[1] == {"media_type": "REELS", "video_url": FILM.address, "is_carousel_item": True}
    assert http.made[2] == {"media_type": "CAROUSEL", "children": "100,101", "caption": "Both"}


def test_a_link_does_not_go_along_and_that_is_said() -> None:
    draft = Draft("Look", (PHOTO,), link="https://reurslag.example")
    assert limits.beforehand(draft, limits.limits_for({}))[0].startswith("The link does not go along")
    assert limits.beforehand(replace(draft, text=f"Look {draft.link}"), limits.limits_for({}))[0] == ""
    assert limits.laid_out(draft, {}).link == ""


def test_what_was_made_goes_on() -> None:
    """A try that ended while Instagram was busy makes no second container; one that went bad is made anew."""
    http = Meta()
    kept = {"container": "100"}
    assert publish.prepare(session(http, kept=kept), Draft("Hi", (FILM,))).handle == kept
    assert http.made == []
    gone = Meta(["EXPIRED"])
    publish.prepare(session(gone, kept=kept), Draft("Hi", (FILM,)))
    assert len(gone.made) == 1


def test_not_ready_passes_and_an_error_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meta, "WAIT_FOR_MEDIA", 0.0)
    slow = publish.prepare(session(Meta(["IN_PROGRESS"] * 9)), Draft("Hi", (FILM,)))
    assert slow.because is Because.NOT_REACHED
    assert publish.prepare(session(Meta(["ERROR"])), Draft("Hi", (FILM,))).because is Because.REJECTED


def test_a_house_that_nobody_reaches() -> None:
    prepared = publish.prepare(session(Meta()), Draft("Hi", (replace(PHOTO, address=""),)))
    assert prepared.because is Because.REJECTED
    assert "by hand" in prepared.problem


def test_words_alone_are_no_post() -> None:
    assert publish.prepare(session(Meta()), Draft("Hi")).because is Because.REJECTED


def test_as_many_as_may_go_in_a_day() -> None:
    full = answer(200, {"data": [{"quota_usage": 50, "config": {"quota_total": 50}}]})
    http = Meta(limit=full)
    prepared = publish.prepare(session(http), Draft("Hi", (PHOTO,)))
    assert (prepared.because, prepared.retry_after, prepared.values) == (Because.RATE, 3600, {"most": 50})
    assert http.made == []
    told = answer(400, {"error": {"message": "Max", "code": 9, "error_subcode": 2207042}})
    assert publish.send(session(Scripted(told)), attempt(Draft("Hi"))).because is Because.RATE


def test_the_container_tells() -> None:
    rows = [{"id": "5", "caption": "Other"}, {"id": "6", "caption": "Hi", "permalink": "https://i.example/6"}]
    posts = answer(200, {"data": rows})
    draft = Draft("Hi", (PHOTO,))
    assert publish.find(session(Meta(["PUBLISHED"], media=posts)), attempt(draft)) == Seen("6", "https://i.example/6")
    assert publish.find(session(Meta(["FINISHED"])), attempt(draft)) == NotSeen()
    assert publish.find(session(Meta(["EXPIRED"])), attempt(draft)) == NotSeen()
    for unsure in (session(Meta(["PUBLISHED"], media=answer(200, {"data": []}))), session(Meta(["?"]))):
        assert isinstance(publish.find(unsure, attempt(draft)), CannotKnow)
    assert isinstance(publish.find(session(Meta()), attempt(draft, "")), CannotKnow)


def test_an_answer_is_words() -> None:
    draft = Draft("Thanks", in_reply_to="17")
    assert publish.prepare(session(Meta()), draft) == Prepared()
    http = Meta(replies=answer(200, {"id": "18"}))
    assert publish.send(session(http), attempt(draft, "")).remote_id == "18"
    said = {"id": "18", "text": "Thanks", "timestamp": "2026-11-24T12:00:01+0000", "from": {"id": "178414"}}
    there = Meta(replies=answer(200, {"data": [said]}))
    assert publish.find(session(there), attempt(draft, "")) == Seen("18")
    assert publish.prepare(session(Meta()), replace(draft, media=(PHOTO,))).because is Because.REJECTED


def test_whose_answer_it_is_and_whether_all_were_read() -> None:
    """Somebody else's same words are not ours; of whom nobody tells, or when there are more, nothing is certain."""
    made = attempt(Draft("Thanks", in_reply_to="17"), "")
    said = {"id": "18", "text": "Thanks", "timestamp": "2026-11-24T12:00:01+0000"}

    def found(rows: list[Any], **more: Any) -> Any:
        return publish.find(session(Meta(replies=answer(200, {"data": rows, **more}))), made)

    assert found([{**said, "from": {"id": "5", "username": "els"}}]) == NotSeen()
    assert isinstance(found([said]), CannotKnow)
    assert isinstance(found([{**said, "from": "els"}]), CannotKnow)
    ours = {**said, "id": "19", "from": {"id": "178414"}}
    assert found([{**said, "from": {"id": "5"}}, said, ours]) == Seen("19")
    others = [{"id": str(number), "text": "Nice", "from": {"id": "5"}} for number in range(50)]
    assert isinstance(found(others), CannotKnow)
    assert isinstance(found(others[:3], paging={"next": "https://graph.example/more"}), CannotKnow)
    assert found(others[:3], paging={"cursors": {"after": "x"}}) == NotSeen()


def test_comments_and_answers_to_them() -> None:
    ours = {"id": "3", "text": "Thanks", "timestamp": "2026-11-24T10:05:00+0000", "from": {"id": "178414"}}
    theirs = {"id": "4", "text": "Yes", "timestamp": "2026-11-24T10:10:00+0000", "username": "rob"}
    comment = {"id": "2", "text": "Nice", "timestamp": "2026-11-24T10:00:00+0000", "username": "els"}
    comment["replies"] = {"data": [ours, theirs]}  # type: ignore[assignment]
    http = Meta(
        media=answer(200, {"data": [{"id": "1", "permalink": "https://i.example/1", "comments_count": 2}]}),
        comments=answer(200, {"data": [comment, {"id": "9"}]}),
    )
    batch = listen.fetch(session(http), "", {"kind": "comments"})
    assert [(one.external_id, one.handle, one.in_reply_to) for one in batch.items] == [
        ("2", "@els", "1"),
        ("4", "@rob", "2"),
    ]
    assert len(batch.broken) == 1
    again = listen.fetch(session(http), batch.cursor, {"kind": "comments"})
    assert [one.external_id for one in again.items] == ["2", "4"]  # ten minutes are read twice
    assert again.cursor == batch.cursor
    assert len(converse.thread(session(http), "1").items) == 2


def test_deeds() -> None:
    yes = session(Scripted(answer(200, {"success": True})))
    assert all(act.act(yes, deed, "2", "").verdict is Verdict.DONE for deed in (Act.HIDE, Act.DELETE))
    assert act.undo(yes, Act.HIDE, "2").verdict is Verdict.DONE


def test_who_agreed() -> None:
    row = {"user_id": "178414", "username": "reurslag", "name": "Reurslag", "account_type": "BUSINESS", "id": "9"}
    found = connect.places(session(Meta(me=answer(200, row))))
    assert isinstance(found, tuple)
    assert (found[0].key, found[0].handle, found[0].settings) == ("178414", "@reurslag", {"account": "178414"})
    assert check.check(session(Meta(me=answer(200, row)))).works


def test_sixty_days() -> None:
    http = Scripted(answer(200, {"access_token": "long", "token_type": "bearer", "expires_in": 5183944}))
    for change in (connect.lengthen, connect.refresh):
        found = change(session(http), Tokens("short"))
        assert isinstance(found, Tokens)
        assert found.expires_at
        assert (found.expires_at - NOON).days == 59
    ended = answer(400, {"error": {"message": "Session has expired", "code": 190}})
    for told, because in ((ended, Because.AUTH), (answer(500, {}), Because.NONE)):
        no = connect.refresh(session(Scripted(told)), Tokens("short"))
        assert isinstance(no, Outcome)
        assert no.because is because


COMMENT = {"id": "17", "from": {"id": "5", "username": "els"}, "text": "Nice", "media": {"id": "12"}}


def pushed(*entries: dict[str, Any]) -> bytes:
    return json.dumps(
        {"object": "instagram", "entry": [{"id": "178414", "time": 1795518000, **one} for one in entries]}
    ).encode()


def test_heard_at_once() -> None:
    """As Meta describes it: the event in the entry, or a list of changes."""
    here, below = session(Scripted(None)), {**COMMENT, "id": "18", "parent_id": "17"}
    body = pushed(
        {"field": "comments", "value": COMMENT},
        {"changes": [{"field": "comments", "value": below}, {"field": "comments", "value": 3}, "nonsense"]},
        {"field": "comments", "value": {**COMMENT, "from": {"id": "178414", "username": "reurslag"}}},
        {"field": "story_insights", "value": {}},
        {"messaging": [{}]},
        {"id": "99", "field": "comments", "value": COMMENT},
    )
    batch = receive.read(here, body)
    assert [(one.external_id, one.handle, one.in_reply_to, one.kind) for one in batch.items] == [
        ("17", "@els", "12", "reply"),
        ("18", "@els", "17", "reply"),
    ]
    assert batch.items[0].created_at == datetime.fromtimestamp(1795518000, UTC)
    assert len(batch.broken) == 2
    for nothing in (b"", b"[]", b"[" * 100_000, b'{"entry": 5}'):
        assert receive.read(here, nothing).items == ()


def test_signed_with_the_secret_of_the_application() -> None:
    body, here = pushed({"field": "comments", "value": COMMENT}), session(None)
    signed = "sha256=" + hmac.new(b"app-secret", body, "sha256").hexdigest()
    assert receive.genuine(here, {"X-Hub-Signature-256": signed}, body)
    assert not receive.genuine(replace(here, secrets={}), {"X-Hub-Signature-256": signed}, body)
    known = replace(here, secrets={**here.secrets, "verify_token": "word"})
    asked = {"hub.mode": "subscribe", "hub.verify_token": "word", "hub.challenge": "42"}
    assert (receive.greet(known, asked), receive.greet(here, asked)) == ("42", "")

"""Threads by the payloads of its documentation (developers.facebook.com/docs/threads, read 22 November 2026)."""

from __future__ import annotations

import hmac
import json
from dataclasses import replace
from typing import Any

import pytest

from koor.connectors.instagram.tests import FILM, NOON, PHOTO, Meta, attempt, session
from koor.connectors.instagram.tests import at_once as at_once
from koor.connectors.threads import act, check, connect, converse, correct, limits, listen, publish, receive
from koor.ground.channels.contract import (
    Act,
    Attempt,
    Because,
    CannotKnow,
    Draft,
    NotSeen,
    Prepared,
    Seen,
    Tokens,
    Verdict,
)
from tests.connectors.scripted import Scripted, answer


def test_words_and_a_link() -> None:
    http = Meta(threads_publish=answer(200, {"id": "1234567"}))
    draft = Draft("Hi", link="https://reurslag.example")
    assert publish.prepare(session(http), draft).handle == {"container": "100"}
    assert http.made == [{"media_type": "TEXT", "text": "Hi", "link_attachment": "https://reurslag.example"}]
    assert publish.send(session(http), attempt(draft)).remote_id == "1234567"
    assert http.asked[-1][1:] == (
        "/178414/threads_publish",
        {**http.asked[-1][2], "json": {"creation_id": "100"}},
    )


def test_pictures_and_an_answer() -> None:
    http = Meta()
    publish.prepare(session(http), Draft("See", (PHOTO,), in_reply_to="77"))
    assert http.made[0] == {
        "media_type": "IMAGE", "image_url": PHOTO.address, "alt_text": "A roof", "text": "See", "reply_to_id": "77",
    }  # fmt: skip
    publish.prepare(session(http), Draft("Both", (PHOTO, FILM)))
    assert http.made[-1] == {"media_type": "CAROUSEL", "children": "101,102", "text": "Both"}


def test_beside_a_picture_the_link_goes_under_the_words() -> None:
    http, link = Meta(), "https://reurslag.example"
    publish.prepare(session(http), Draft("See", (PHOTO,), link=link))
    assert http.made[0]["text"] == f"See\n\n{link}"
    assert limits.length(Draft("See", (PHOTO,), link=link), limits.limits_for({})) == len(f"See\n\n{link}")


@pytest.mark.parametrize(
    ("text", "long"), [("abc", 3), ("é", 1), ("👍", 4), ("👨‍👩‍👧", 18), ("漢字", 2), ("a👍b", 6), ("", 0)]
)
def test_counted_as_threads_does(text: str, long: int) -> None:
    assert limits.length(Draft(text), limits.limits_for({})) == long


def test_at_the_limit() -> None:
    assert not publish.prepare(session(Meta()), Draft("👍" * 125)).problem
    assert publish.prepare(session(Meta()), Draft("👍" * 126)).because is Because.REJECTED


def test_the_container_tells() -> None:
    posts = answer(200, {"data": [{"id": "6", "text": "Hi", "permalink": "https://t.example/6"}]})
    assert publish.find(session(Meta(["PUBLISHED"], threads=posts)), attempt(Draft("Hi"))) == Seen(
        "6", "https://t.example/6"
    )
    assert publish.find(session(Meta(["PUBLISHED"], replies=posts)), attempt(Draft("Hi", in_reply_to="1"))) == Seen(
        "6", "https://t.example/6"
    )
    assert publish.find(session(Meta(["IN_PROGRESS"])), attempt(Draft("Hi"))) == NotSeen()
    assert isinstance(publish.find(session(Meta()), attempt(Draft("Hi"), "")), CannotKnow)


def test_the_number_of_a_post_by_its_address() -> None:
    ours = [row("5", permalink="https://www.threads.com/@reurslag/post/DAbc_12-x"), {"id": "6"}]
    http = Meta(threads=answer(200, {"data": []}), replies=answer(200, {"data": ours}))
    assert publish.number_at(session(http), "https://www.threads.net/@reurslag/post/DAbc_12-x?hl=nl") == "5"
    assert publish.number_at(session(http), "https://www.threads.net/@reurslag/post/DAbc_12-y") == ""
    assert publish.number_at(session(http), "https://example.org/") == ""
    assert publish.number_at(session(Meta(threads=answer(500, {}))), "https://www.threads.net/@x/post/DAbc_12-x") == ""


def row(number: str, **more: Any) -> dict[str, Any]:
    usual = {"id": number, "text": "Nice", "timestamp": "2026-11-24T10:00:00+0000", "username": "els"}
    return {**usual, "permalink": f"https://t.example/{number}", **more}


def test_answers_and_mentions() -> None:
    answers = [row("2"), row("3", is_reply_owned_by_me=True), row("4", replied_to={"id": "2"}), {"id": "5"}]
    http = Meta(
        threads=answer(200, {"data": [{"id": "1", "has_replies": True}, {"id": "9", "has_replies": False}]}),
        conversation=answer(200, {"data": answers}),
        mentions=answer(200, {"data": [row("8")]}),
    )
    batch = listen.fetch(session(http), "", {"kind": "replies"})
    assert [(one.external_id, one.in_reply_to, one.kind) for one in batch.items] == [
        ("2", "1", "reply"),
        ("4", "2", "reply"),
    ]
    assert len(batch.broken) == 1
    assert [one.kind for one in listen.fetch(session(http), "", {"kind": "mentions"}).items] == ["mention"]
    assert len(converse.thread(session(http), "1").items) == 2


def test_hidden_and_taken_away() -> None:
    yes = session(Scripted(answer(200, {"success": True})))
    assert act.act(yes, Act.HIDE, "2", "").verdict is Verdict.DONE
    assert act.undo(yes, Act.HIDE, "2").verdict is Verdict.DONE
    assert correct.delete(yes, "2").verdict is Verdict.DONE


def test_who_agreed_and_for_sixty_days() -> None:
    me = Meta(me=answer(200, {"id": "178414", "username": "reurslag"}))
    found = connect.places(session(me))
    assert isinstance(found, tuple)
    assert (found[0].key, found[0].name, found[0].url) == ("178414", "reurslag", "https://www.threads.net/@reurslag")
    assert check.check(session(me)).handle == "@reurslag"
    told = answer(200, {"access_token": "long", "token_type": "bearer", "expires_in": 5183944})
    longer = connect.refresh(session(Scripted(told)), Tokens("short"))
    assert isinstance(longer, Tokens)
    assert longer.expires_at
    assert longer.expires_at > NOON


THREAD = Draft("One.\n---\nTwo.\n---\nThree.", options={"thread": "yes"})
PARTS = ["One.", "Two.", "Three."]


def part(*chain: str) -> Attempt:
    handle = {"container": "100", "parts": PARTS, "chain": list(chain)}
    return Attempt(len(chain) + 1, "key", THREAD, Prepared(handle=handle), NOON)


def test_a_thread_goes_by_parts_each_under_the_one_before() -> None:
    http = Meta(threads_publish=answer(200, {"id": "501"}))
    assert publish.prepare(session(http), replace(THREAD, media=(PHOTO,))).handle == {
        "container": "100",
        "parts": PARTS,
    }
    assert (http.made[0]["text"], http.made[0]["media_type"], len(http.made)) == ("One.", "IMAGE", 1)
    first = publish.send(session(http), part())
    assert (first.remote_id, first.more, len(http.made)) == ("501", True, 1)
    second = publish.send(session(http), part("501"))
    assert (second.verdict, second.more) == (Verdict.DONE, True)
    assert http.made[1] == {"media_type": "TEXT", "text": "Two.", "reply_to_id": "501"}
    assert http.asked[-1][2]["json"] == {"creation_id": "101"}
    assert not publish.send(session(http), part("501", "502")).more
    assert http.made[2] == {"media_type": "TEXT", "text": "Three.", "reply_to_id": "502"}


def test_a_container_that_was_not_made_is_no_post() -> None:
    """Whatever became of it: nobody sees a container, so the part goes again."""
    for broken, because in ((answer(500, b""), Because.NOT_REACHED), (answer(401, {}), Because.AUTH)):
        http = Meta(threads=broken, threads_publish=answer(200, {"id": "502"}))
        outcome = publish.send(session(http), part("501"))
        assert (outcome.verdict, outcome.because) == (Verdict.DEFINITELY_NOT, because)
        assert not any(path.endswith("threads_publish") for _method, path, _more in http.asked)
    lost = Meta(threads_publish=answer(500, b""))
    assert publish.send(session(lost), part("501")).verdict is Verdict.UNKNOWN


def test_a_later_part_is_known_by_what_it_answers() -> None:
    said = {"id": "502", "text": "Two.", "timestamp": "2026-11-24T12:00:01+0000", "permalink": "https://t.example/502"}

    def found(rows: list[Any], **more: Any) -> Any:
        return publish.find(session(Meta(replies=answer(200, {"data": rows, **more}))), part("501"))

    assert found([{**said, "replied_to": {"id": "501"}}]) == Seen("502", "https://t.example/502", True)
    assert found([{**said, "replied_to": {"id": "77"}}]) == NotSeen()
    assert isinstance(found([said]), CannotKnow)
    assert isinstance(found([{**said, "text": "Two!", "replied_to": {"id": "501"}}]), CannotKnow)
    assert isinstance(found([{**said, "replied_to": "501"}]), CannotKnow)
    assert isinstance(found([], paging={"next": "https://graph.example/more"}), CannotKnow)
    assert found([{**said, "id": "501", "replied_to": {"id": "501"}}]) == NotSeen()


def test_cut_and_told_beforehand() -> None:
    held = limits.limits_for({})
    long = Draft("Een zin die nog verder gaat. " * 60, options={"thread": "yes"})
    pieces = limits.posts(long, held)
    assert all(0 < limits.measure(piece) <= 500 for piece in pieces)
    assert limits.length(long, held) <= 500
    assert limits.beforehand(long, held) == ("%(parts)s posts in a thread.", {"parts": len(pieces)})
    assert limits.beforehand(replace(long, options={}), held) == ("", {})
    endless = Draft("\n---\n".join("x" * 30), options={"thread": "yes"})
    assert publish.prepare(session(Meta()), endless).because is Because.REJECTED


def pushed(field: str, **value: Any) -> bytes:
    usual = {
        "id": "8901234", "username": "els", "text": "Nice", "media_type": "TEXT_POST", "permalink": "https://t.example/8",
        "timestamp": "2026-11-24T10:33:16+0000", "replied_to": {"id": "567890"},
        "root_post": {"id": "123456", "owner_id": "178414", "username": "reurslag"},
    }  # fmt: skip
    event = {"value": {**usual, **value}, "field": field}
    told = {
        "app_id": "123456",
        "topic": "moderate",
        "target_id": "78901",
        "time": 1723226877,
        "subscription_id": "234567",
    }
    return json.dumps({**told, "has_uid_field": False, "values": event}).encode()


def test_heard_at_once() -> None:
    here = session(Scripted(None))
    (one,) = receive.read(here, pushed("replies")).items
    assert (one.external_id, one.handle, one.in_reply_to, one.kind) == ("8901234", "@els", "567890", "reply")
    other = pushed("replies", root_post={"id": "1", "owner_id": "99"})
    assert receive.read(here, other) == receive.read(here, pushed("publish"))
    ours = replace(here, settings={**here.settings, "username": "reurslag"})
    assert receive.read(ours, pushed("replies", username="reurslag")).items == ()
    for strange, broken in (
        (b"{", 1),
        (b'{"values": 5}', 1),
        (b'{"values": [null, {"field": "replies", "value": 3}]}', 2),
        (pushed("replies", id=None, timestamp=5), 1),
    ):
        batch = receive.read(here, strange)
        assert (len(batch.broken), batch.items) == (broken, ())
    assert receive.read(here, b"5").items == receive.read(here, b"{}").items == ()


@pytest.mark.parametrize(
    ("text", "is_ours"),
    [
        ("Dank @Reurslag.", True), ("(@reurslag)", True), ("@reurslag", True), ("@reurslag's pomp", True),
        ("Nice", False), ("@reurslag.nl", False), ("@reurslag_", False), ("x@reurslag", False), ("reurslag", False),
    ],
)  # fmt: skip
def test_a_mention_is_for_the_account_that_it_names(text: str, is_ours: bool) -> None:
    """All accounts of one application are told the same."""
    here = session(Scripted(None))
    ours = replace(here, settings={**here.settings, "username": "reurslag"})
    event = pushed("mentions", root_post=None, replied_to=None, text=text)
    assert [one.kind for one in receive.read(ours, event).items] == ["mention"] * is_ours
    assert not receive.read(here, event).items  # connected before its name was kept: a visit finds it


@pytest.mark.parametrize("above", [None, {}, {"id": "123456"}, {"id": "1", "owner_id": "99"}])
def test_an_answer_is_ours_only_under_our_own_post(above: object) -> None:
    assert not receive.read(session(Scripted(None)), pushed("replies", root_post=above)).items


def test_signed_with_the_secret_of_the_application() -> None:
    body, here = pushed("replies"), session(None)
    signed = "sha256=" + hmac.new(b"app-secret", body, "sha256").hexdigest()
    assert receive.genuine(here, {"X-Hub-Signature-256": signed}, body)
    assert not receive.genuine(here, {"X-Hub-Signature-256": signed}, body + b" ")
    known = replace(here, secrets={**here.secrets, "verify_token": "word"})
    asked = {"hub.mode": "subscribe", "hub.verify_token": "word", "hub.challenge": "42"}
    assert (receive.greet(known, asked), receive.greet(here, asked)) == ("42", "")

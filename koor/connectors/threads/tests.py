"""Threads by the payloads of its documentation (developers.facebook.com/docs/threads, read 22 November 2026)."""

from __future__ import annotations

from typing import Any

import pytest

from koor.connectors.instagram.tests import FILM, NOON, PHOTO, Meta, attempt, session
from koor.connectors.instagram.tests import at_once as at_once
from koor.connectors.threads import act, check, connect, converse, correct, limits, listen, publish
from koor.ground.channels.contract import Act, Because, CannotKnow, Draft, NotSeen, Seen, Tokens, Verdict
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

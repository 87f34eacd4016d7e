"""The door for systems of one's own: who signed it, when, and what it says."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from koor.connectors.webhook import receive
from koor.ground.channels.contract import Session
from koor.kernel import signed
from tests.connectors.scripted import Shut

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ELS = {"id": "els", "name": "Els Wiggers"}
MESSAGE = {"id": "4711", "from": ELS, "text": "Is it in stock?", "at": "2026-11-24T09:00:00+01:00"}


def session(word: str = "a long word", now: datetime = NOON) -> Session:
    return Session(Shut(), 1, {"site": "shop"}, {"signing_secret": word}, now=now)


def sent(body: bytes, secret: bytes = b"a long word", at: datetime = NOON) -> dict[str, str]:
    return signed.headers(secret, "key-1", int(at.timestamp()), body)


def read(*events: Any) -> Any:
    return receive.read(session(), json.dumps({"events": list(events)}).encode())


def test_signed_now_and_whole() -> None:
    body = b'{"id": "1"}'
    assert receive.genuine(session(), sent(body), body)
    rotating = sent(body) | {"Webhook-Signature": "v1,AAAA " + sent(body)["Webhook-Signature"]}
    assert receive.genuine(session(), rotating, body)
    coded = signed.written(b"0123456789abcdef")
    assert receive.genuine(session(coded), sent(body, b"0123456789abcdef"), body)


def test_what_is_refused() -> None:
    body = b'{"id": "1"}'
    good = sent(body)
    for headers in ({}, sent(body, b"another"), sent(body + b" "), {**good, "Webhook-Timestamp": "1764000000"},
                    {**good, "Webhook-Id": "key-2"}, {**good, "Webhook-Signature": ""},
                    {**good, "Webhook-Signature": good["Webhook-Signature"].removeprefix("v1,")},
                    {**good, "Webhook-Timestamp": "soon"}, {**good, "Webhook-Timestamp": "-5"},
                    {**good, "Webhook-Timestamp": "²"}, {**good, "Webhook-Signature": "v1,é"}):  # fmt: skip
        assert not receive.genuine(session(), headers, body), headers
    assert not receive.genuine(session(""), sent(body, b""), body)
    assert not receive.genuine(session("whsec_%%%"), sent(body), body)


@pytest.mark.parametrize(("apart", "well"), [(-301, False), (-299, True), (299, True), (301, False)])
def test_old_and_early(apart: int, well: bool) -> None:
    body = b"{}"
    assert receive.genuine(session(), sent(body, at=NOON + timedelta(seconds=apart)), body) is well


def test_a_message() -> None:
    (item,) = receive.read(session(), json.dumps(MESSAGE).encode()).items
    assert (item.external_id, item.author, item.handle) == ("4711", "Els Wiggers", "els@shop")
    assert (item.text, item.kind) == ("Is it in stock?", "direct")
    assert item.created_at == datetime(2026, 11, 24, 8, tzinfo=UTC)


def test_what_became_of_it() -> None:
    changed = {"type": "edited", "id": 4711, "text": "Is the small one?", "at": 1795348800}
    edited, deleted = read(changed, {"type": "deleted", "id": "4711"}).items
    assert (edited.kind, edited.in_reply_to, edited.text) == ("edited", "4711", "Is the small one?")
    assert (deleted.kind, deleted.in_reply_to) == ("deleted", "4711")
    assert edited.external_id == read(changed).items[0].external_id != deleted.external_id


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_edit_to_nothing_is_refused_in_words(text: str) -> None:
    found = read({"type": "edited", "id": "4711", "text": text, "at": 1795348800}, MESSAGE)
    assert len(found.items) == 1
    assert found.broken[0].reason == "This edit leaves no words. What was taken back is told as deleted."


def test_what_cannot_be_read_stops_nothing_else() -> None:
    broken = (None, 3, "x", [], {}, {**MESSAGE, "id": True}, {**MESSAGE, "from": {}}, {**MESSAGE, "from": "els"},
              {**MESSAGE, "at": "yesterday"}, {**MESSAGE, "at": "2026-11-24T09:00"}, {**MESSAGE, "at": 1e30},
              {**MESSAGE, "text": None}, {**MESSAGE, "kind": "boost"}, {**MESSAGE, "type": "liked"},
              {"type": "edited", "id": "1", "text": "x"}, {**MESSAGE, "id": "x" * 151})  # fmt: skip
    found = read(*broken, MESSAGE)
    assert len(found.items) == 1
    assert len(found.broken) == len(broken)
    for body in (b"", b"{", b"[" * 100_000, b"\xff", b"null", b'{"events": 3}'):
        assert receive.read(session(), body).broken


def test_too_many_at_once() -> None:
    found = read(*({**MESSAGE, "id": n} for n in range(receive.MOST + 5)))
    assert (len(found.items), len(found.broken)) == (receive.MOST, 1)

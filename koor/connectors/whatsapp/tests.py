"""WhatsApp with payloads as Meta publishes them: what comes in, who signed it, and what an answer means."""

from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from koor.connectors.whatsapp import publish, receive
from koor.ground.channels.contract import Attempt, Because, Draft, Medium, NotSent, Prepared, Session, Unclear, Verdict
from tests.connectors.scripted import Scripted, Shut, answer

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
FIXTURES = Path(__file__).parent / "fixtures"
SECRETS = {"access_token": "s3cret", "app_secret": "app", "verify_token": "word"}
OURS = "106540352242922"


def session(http: Any = None, **secrets: str) -> Session:
    return Session(http or Shut(), 1, {"number_id": OURS}, SECRETS | secrets, now=NOON)


def told(name: str) -> bytes:
    return (FIXTURES / f"{name}.json").read_bytes()


def signed(body: bytes, signer: str = "app") -> dict[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(signer.encode(), body, sha256).hexdigest()}


def attempt(**options: str) -> Attempt:
    draft = Draft("Ik kom morgen.", in_reply_to="wamid.X", options={"to": "16505551234"} | options)
    return Attempt(1, "KEY", draft, Prepared(), NOON)


def error(code: int, status: int = 400) -> Any:
    return answer(status, {"error": {"message": "(#1) s3cret", "code": code, "error_data": {"details": "why"}}})


def test_only_what_was_signed_now_and_whole_is_genuine() -> None:
    body = told("text")
    assert receive.genuine(session(), signed(body), body)
    for headers in ({}, {"X-Hub-Signature-256": ""}, signed(body, "former"), signed(body + b" "), signed(b""),
                    {"X-Hub-Signature-256": signed(body)["X-Hub-Signature-256"].removeprefix("sha256=")},
                    {"X-Hub-Signature-256": "sha256=é"}):  # fmt: skip
        assert not receive.genuine(session(), headers, body)
    assert not receive.genuine(session(app_secret=""), signed(body, ""), body)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"hub.mode": "subscribe", "hub.verify_token": "word", "hub.challenge": "1158201444"}, "1158201444"),
        ({"hub.mode": "subscribe", "hub.verify_token": "other", "hub.challenge": "1"}, ""),
        ({"hub.mode": "unsubscribe", "hub.verify_token": "word", "hub.challenge": "1"}, ""),
        ({}, ""),
    ],
)
def test_the_handshake(query: dict[str, str], said: str) -> None:
    assert receive.greet(session(), query) == said
    assert receive.greet(session(verify_token=""), query | {"hub.verify_token": ""}) == ""


def test_a_text() -> None:
    (item,) = receive.read(session(), told("text")).items
    assert (item.author, item.handle, item.kind) == ("Sheena Nelson", "+16505551234", "direct")
    assert item.text == "Does it come in another color?"
    assert item.raw["answering"] == {"to": "16505551234"}


def test_a_picture_and_a_voice_note_are_brought_over() -> None:
    def meta(_method: str, url: str, more: Any) -> Any:
        assert more["headers"]["Authorization"] == "Bearer s3cret"
        return answer(200, b"bytes") if "lookaside" in url else answer(200, {"url": "https://lookaside.example/x"})

    picture = receive.read(session(Scripted(meta)), told("image")).items[0]
    assert (picture.text, picture.files[0].content, picture.files[0].problem) == ("Taj Mahal", b"bytes", "")
    voice = receive.read(session(Scripted(meta)), told("voice")).items[0]
    assert voice.files[0].name == "audio.ogg"
    gone = receive.read(session(Scripted(answer(404, {"error": {"code": 100}}))), told("image")).items[0]
    assert gone.files[0].problem


@pytest.mark.parametrize("hiccup", [answer(500, b""), answer(429, b""), NotSent("no network"), Unclear("cut off")])
def test_a_picture_that_cannot_be_had_now_is_asked_for_again(hiccup: Any) -> None:
    with pytest.raises((NotSent, Unclear)):
        receive.read(session(Scripted(hiccup)), told("image"))
    last = receive.read(session(Scripted(hiccup)), told("image"), last=True).items[0]
    assert (last.text, last.files[0].content) == ("Taj Mahal", b"")
    assert last.files[0].problem


def test_what_cannot_be_read_stops_nothing_else() -> None:
    found = receive.read(session(), told("half_broken"))
    assert [one.external_id for one in found.broken] == ["wamid.BAD"]
    assert found.items[0].text.startswith("De Berk\nSchoolstraat 1\nhttps://www.openstreetmap.org")
    for strange in (b"", b"[]", b"[" * 100_000, b'{"entry": 5}', b'{"entry":[{"changes":[5]}]}', b"\xff"):
        assert not receive.read(session(), strange).items


def test_another_number_of_the_same_app_is_not_ours() -> None:
    assert receive.read(session(), told("text").replace(OURS.encode(), b"1")).items == ()


def test_what_became_of_ours() -> None:
    went, failed = (receive.read(session(), told(name)).items[0] for name in ("delivered", "failed"))
    assert (went.kind, went.in_reply_to, went.raw["key"]) == ("status", "wamid.OURS", "KEY")
    assert (failed.kind, failed.in_reply_to) == ("bounce", "wamid.OURS")
    assert "24 hours" in failed.text
    assert failed.raw["key"] == "KEY"


def test_a_message_as_the_interface_takes_it() -> None:
    assert publish.body_of(attempt()) == {
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": "16505551234", "type": "text",
        "biz_opaque_callback_data": "KEY", "context": {"message_id": "wamid.X"},
        "text": {"body": "Ik kom morgen.", "preview_url": False},
    }  # fmt: skip
    template = publish.body_of(attempt(template="go_on", template_language="nl", template_values="Els"))["template"]
    assert template["language"] == {"code": "nl"}
    assert template["components"][0]["parameters"] == [{"type": "text", "text": "Els"}]


def test_a_picture_is_brought_to_meta_first() -> None:
    http = Scripted(answer(200, {"id": "4490709327384033"}))
    draft = Draft("Kijk", (Medium(b"x"),), in_reply_to="wamid.X", options={"to": "1"})
    prepared = publish.prepare(session(http), draft)
    assert prepared.handle == {"media_id": "4490709327384033", "kind": "image"}
    body = publish.body_of(Attempt(1, "KEY", draft, prepared, NOON))
    assert body["image"] == {"id": "4490709327384033", "caption": "Kijk"}


def test_one_that_went() -> None:
    outcome = publish.send(session(Scripted(answer(200, {"messages": [{"id": "wamid.NEW"}]}))), attempt())
    assert (outcome.verdict, outcome.remote_id) == (Verdict.DONE, "wamid.NEW")


@pytest.mark.parametrize(
    ("reply", "because"),
    [
        (error(131047), Because.REJECTED), (error(100), Because.REJECTED), (error(131026), Because.REJECTED),
        (error(130429), Because.RATE), (error(131056), Because.RATE), (error(190, 401), Because.AUTH),
        (error(131042), Because.AUTH), (error(10, 403), Because.AUTH),
    ],
)  # fmt: skip
def test_what_an_error_proves(reply: Any, because: Because) -> None:
    outcome = publish.send(session(Scripted(reply)), attempt())
    assert (outcome.verdict, outcome.because) == (Verdict.DEFINITELY_NOT, because)
    assert "s3cret" not in outcome.answer


def test_an_error_of_theirs_proves_nothing() -> None:
    assert publish.send(session(Scripted(error(131000, 500))), attempt()).verdict is Verdict.UNKNOWN
    assert json.loads(told("text"))

"""Each chat's own language, and what its answers mean. The answers are as the documentation of each tells, read on
22 November 2026; a loopback server hears what really goes over the wire."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from koor.connectors.chat import limits, publish, wording
from koor.ground.channels.contract import Attempt, Because, CannotKnow, Draft, Medium, Prepared, Session, Verdict
from koor.kernel.http import Door
from tests.connectors.scripted import Scripted, answer

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ADDRESSES = {
    "slack": "https://hooks.slack.com/services/T0/B0/s3cret",
    "teams": "https://prod-1.westeurope.logic.azure.com/workflows/1/triggers/manual/paths/invoke?sig=s3cret",
    "mattermost": "https://chat.reurslag.example/hooks/s3cret",
}


def session(kind: str, http: Any, address: str = "") -> Session:
    return Session(http, 1, {"kind": kind}, {"address": address or ADDRESSES[kind]}, now=NOON)


def attempt(draft: Draft) -> Attempt:
    return Attempt(1, "key-1", draft, Prepared(), NOON)


def plain(status: int, text: str) -> Any:
    return answer(status, text.encode())


class TestWording:
    def test_slack_calls_nobody_and_formats_nothing(self) -> None:
        text = wording.slack_text("<!channel> & *vet* <https://a.example|bank> https://b.example/?x=1&y=_z_ `c`")
        assert "<!channel>" not in text
        assert "&lt;!channel&gt; &amp; *\u2060vet*\u2060" in text
        assert "<https://b.example/?x=1&amp;y=_z_>" in text
        assert "|bank>" not in text

    def test_slack_in_parts(self) -> None:
        made = wording.body("slack", Draft("woord " * 2_000, title="Kop", link="https://reurslag.example/"))
        assert made["blocks"][0]["text"] == {"type": "plain_text", "text": "Kop", "emoji": False}
        parts = [block["text"]["text"] for block in made["blocks"][1:]]
        assert all(len(part) <= 3_000 for part in parts)
        assert len(made["blocks"]) <= 50
        assert parts[-1].endswith("<https://reurslag.example/>")
        assert "".join("".join(parts).split()).startswith("woord" * 2_000)

    def test_slack_at_its_longest_and_strangest(self) -> None:
        for text in ("&" * 12_000, "*" * 12_000, "\n" * 11_000 + "x", "<>" * 6_000):
            made = wording.body("slack", Draft(text))
            assert len(made["blocks"]) <= 50
            assert all(1 <= len(block["text"]["text"]) <= 3_000 for block in made["blocks"])

    def test_teams_is_a_card_without_marks(self) -> None:
        draft = Draft("Dag [bank](https://a.example) **x**\n\nzie https://b.example/c", link="https://d.example/")
        made = wording.body("teams", draft)
        card = made["attachments"][0]["content"]
        runs = [run for part in card["body"] for run in part["inlines"]]
        assert {part["type"] for part in card["body"]} == {"RichTextBlock"}
        assert runs[0]["text"] == "Dag [bank]("
        assert runs[-1]["selectAction"] == {"type": "Action.OpenUrl", "url": "https://b.example/c"}
        assert card["actions"][0]["url"] == "https://d.example/"
        assert json.dumps(made)

    def test_teams_stays_below_28_kilobytes(self) -> None:
        draft = Draft("é" * limits.MOST["teams"], title="x" * 140, link="https://d.example/")
        assert len(json.dumps(wording.body("teams", draft), ensure_ascii=False).encode()) < 28_000
        assert limits.length(Draft("👩‍👩‍👧‍👦" * 1_500), limits.limits_for({"kind": "teams"})) > 6_000

    def test_mattermost_shows_what_was_written(self) -> None:
        text = wording.markdown_text("# Kop\n@channel ![x](https://a.example/t.gif) *vet* https://b.example/a_b_c")
        assert text.startswith("\\# Kop  \n@\u2060channel")
        assert "\\!\\[x\\]\\(" in text
        assert "\\*vet\\*" in text
        assert text.endswith("https://b.example/a_b_c")
        assert len(wording.markdown_text("*" * limits.MOST["mattermost"])) < 16_383


class TestAddress:
    @pytest.mark.parametrize(
        ("kind", "address"),
        [
            ("slack", "http://hooks.slack.com/services/x"),
            ("slack", "https://hooks.slack.com.evil.example/x"),
            ("slack", "https://evil.example/hooks.slack.com"),
            ("slack", "https://hooks.slack.com@evil.example/x"),
            ("slack", "https://hooks.slack.com:8443/x"),
            ("teams", "https://logic.azure.com.evil.example/x"),
            ("teams", "https://evillogic.azure.com/x"),
            ("mattermost", "http://chat.reurslag.example/hooks/x"),
            ("mattermost", "ftp://chat.reurslag.example/hooks/x"),
            ("mattermost", "https://[::1/x"),
            ("slack", " "),
        ],
    )
    def test_nowhere_else(self, kind: str, address: str) -> None:
        http = Scripted(plain(200, "ok"))
        outcome = publish.send(session(kind, http, address), attempt(Draft("Hallo")))
        assert (outcome.verdict, outcome.because, http.asked) == (Verdict.DEFINITELY_NOT, Because.AUTH, [])
        assert publish.prepare(session(kind, http, address), Draft("Hallo")).because is Because.AUTH

    def test_a_name_that_leads_inside_is_for_the_door(self) -> None:
        outcome = publish.send(
            session("mattermost", Door(allow=frozenset()), "https://127.0.0.1/hooks/s3cret"), attempt(Draft("x"))
        )
        assert (outcome.verdict, outcome.because) == (Verdict.DEFINITELY_NOT, Because.NOT_REACHED)
        assert "s3cret" not in outcome.answer


class TestAnswers:
    @pytest.mark.parametrize(
        ("kind", "status", "said"),
        [("slack", 200, "ok"), ("mattermost", 200, "ok"), ("teams", 202, ""), ("teams", 200, "1"), ("teams", 200, "")],
    )
    def test_taken(self, kind: str, status: int, said: str) -> None:
        outcome = publish.send(session(kind, Scripted(plain(status, said))), attempt(Draft("Hallo")))
        assert outcome.verdict is Verdict.DONE
        assert outcome.remote_id.startswith("hook-")

    @pytest.mark.parametrize(
        ("kind", "status", "said", "because"),
        [
            ("slack", 404, "no_service", Because.AUTH),
            ("slack", 410, "channel_is_archived", Because.AUTH),
            ("slack", 403, "action_prohibited", Because.AUTH),
            ("slack", 400, "invalid_payload", Because.REJECTED),
            ("slack", 400, "msg_blocks_too_long", Because.REJECTED),
            ("mattermost", 400, '{"id":"web.incoming_webhook.invalid.app_error"}', Because.AUTH),
            ("teams", 401, '{"error":{"code":"DirectApiAuthorizationRequired"}}', Because.AUTH),
            ("teams", 429, "", Because.RATE),
        ],
    )
    def test_refused(self, kind: str, status: int, said: str, because: Because) -> None:
        outcome = publish.send(session(kind, Scripted(plain(status, said))), attempt(Draft("Hallo")))
        assert (outcome.verdict, outcome.because) == (Verdict.DEFINITELY_NOT, because)

    @pytest.mark.parametrize("kind", ADDRESSES)
    @pytest.mark.parametrize(
        ("status", "said"),
        [(200, "<html>ok</html>"), (200, "okay"), (500, "ok"), (404, "<html>"), (302, ""), (400, "?"), (202, "busy")],
    )
    def test_all_else_is_unknown(self, kind: str, status: int, said: str) -> None:
        outcome = publish.send(session(kind, Scripted(plain(status, said))), attempt(Draft("Hallo")))
        assert (outcome.verdict, outcome.remote_id) == (Verdict.UNKNOWN, "")

    def test_what_a_server_repeats_stands_nowhere(self) -> None:
        for status in (200, 400, 404, 500):
            http = Scripted(plain(status, f"no_service at {ADDRESSES['slack']}"))
            assert "s3cret" not in repr(publish.send(session("slack", http), attempt(Draft("Hallo"))))

    def test_nothing_can_be_found_again(self) -> None:
        assert isinstance(publish.find(session("slack", None), attempt(Draft("Hallo"))), CannotKnow)

    def test_no_pictures(self) -> None:
        draft = Draft("Hallo", (Medium(b"x", "image/png"),))
        assert publish.prepare(session("slack", None), draft).because is Because.REJECTED


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[Any]]]:
    """A chat on loopback that the administrator named."""
    heard: list[Any] = []

    class Chat(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Chat) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"127.0.0.1:{server.server_port}")
        yield f"http://127.0.0.1:{server.server_port}/hooks/s3cret", heard
        server.shutdown()


def test_over_the_wire_to_a_server_of_the_house(hook: tuple[str, list[Any]]) -> None:
    address, heard = hook
    outcome = publish.send(session("mattermost", Door(), address), attempt(Draft("Hallo", title="Kop")))
    assert outcome.verdict is Verdict.DONE
    assert heard == [{"text": "#### Kop\n\nHallo"}]

"""The connector against the Mastodon test server; and against a live one, when KOOR_LIVE_MASTODON_URL is set."""

from __future__ import annotations

import base64
import dataclasses
import os
import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from koor.connectors.mastodon import act, check, client, converse, correct, limits, listen, publish
from koor.connectors.mastodon.manifest import MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import (
    Act,
    Attempt,
    Because,
    CannotKnow,
    Draft,
    Limits,
    Medium,
    NotSeen,
    Outcome,
    Prepared,
    Seen,
    Session,
    Verdict,
)
from koor.kernel.http import Door
from tests.mastodon_server import MastodonServer, writing

LIVE = os.environ.get("KOOR_LIVE_MASTODON_URL", "")
LIVE_TOKEN = os.environ.get("KOOR_LIVE_MASTODON_TOKEN", "")
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def session_on(url: str, token: str, **settings: str) -> Session:
    parts = urlsplit(url)
    allow = frozenset({(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))})
    return Session(Door(allow=allow), 1, {"server": url, **settings}, {"access_token": token})


@pytest.fixture
def session(mastodon: MastodonServer) -> Session:
    return session_on(mastodon.url, mastodon.token)


@dataclasses.dataclass
class Place:
    """A server to post on: the test server, or a live one. `copies` counts by reading with nothing of the connector."""

    session: Session
    made: list[str] = dataclasses.field(default_factory=list)

    def publish(self, draft: Draft, key: str = "") -> tuple[Attempt, Outcome]:
        attempt = Attempt(1, key or uuid.uuid4().hex, draft, publish.prepare(self.session, draft), datetime.now(UTC))
        assert not attempt.prepared.problem, attempt.prepared
        outcome = publish.send(self.session, attempt)
        self.made += [outcome.remote_id] if outcome.remote_id else []
        return attempt, outcome

    def read(self, remote_id: str) -> Any:
        return client.ask(self.session, "GET", f"/api/v1/statuses/{remote_id}").json()


@pytest.fixture(
    params=["test server", pytest.param("live", marks=pytest.mark.skipif(not LIVE, reason="no live server"))]
)
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    live = request.param == "live"
    server = None if live else request.getfixturevalue("mastodon")
    place = Place(session_on(LIVE, LIVE_TOKEN) if live else session_on(server.url, server.token))
    yield place
    for remote_id in place.made:
        correct.delete(place.session, remote_id)


def words() -> str:
    """A text of its own in each test, so that a live server's memory does not matter."""
    return (
        f"Koor probeert iets uit: {uuid.uuid4().hex[:12]}\n\nMet een link https://koor.example/{uuid.uuid4().hex} #koor"
    )


def attempt_for(session: Session, draft: Draft, number: int = 1, **more: Any) -> Attempt:
    prepared = publish.prepare(session, draft)
    assert not prepared.problem, prepared
    return Attempt(number, uuid.uuid4().hex, draft, prepared, more.pop("started_at", datetime.now(UTC)), **more)


class TestPublish:
    def test_a_text_is_there_once(self, place: Place) -> None:
        draft = Draft(words(), language="nl", options={"visibility": "unlisted"})
        attempt, outcome = place.publish(draft)
        assert outcome.verdict is Verdict.DONE
        status = place.read(outcome.remote_id)
        assert (status["visibility"], status["url"]) == ("unlisted", outcome.url)
        assert publish.find(place.session, attempt) == Seen(outcome.remote_id, outcome.url)

    def test_a_picture_with_its_description(self, place: Place) -> None:
        medium = Medium(PIXEL, "image/png", "Een rode punt", "punt.png")
        attempt, outcome = place.publish(Draft(words(), (medium,), options={"visibility": "unlisted"}))
        assert place.read(outcome.remote_id)["media_attachments"][0]["description"] == "Een rode punt"
        assert isinstance(publish.find(place.session, attempt), Seen)

    def test_a_content_warning(self, place: Place) -> None:
        options = {"content_warning": "Werk op hoogte", "visibility": "unlisted"}
        attempt, outcome = place.publish(Draft(words(), options=options))
        status = place.read(outcome.remote_id)
        assert (status["spoiler_text"], status["sensitive"]) == ("Werk op hoogte", True)
        assert isinstance(publish.find(place.session, attempt), Seen)

    def test_a_poll(self, session: Session, mastodon: MastodonServer) -> None:
        draft = Draft("Wat wil je zien?", options={"poll": "De ketel\n\nHet dak\n", "poll_hours": "2"})
        outcome = publish.send(session, attempt_for(session, draft))
        poll = mastodon.world.statuses[outcome.remote_id].poll
        assert poll is not None
        assert (poll.options, round(poll.expires_at - mastodon.world.now())) == (["De ketel", "Het dak"], 7200)
        assert correct.edit(session, outcome.remote_id, Draft("Wat wil je nu zien?")).verdict is Verdict.DONE
        kept = mastodon.world.statuses[outcome.remote_id].poll
        assert kept is not None
        assert kept.options == ["De ketel", "Het dak"]

    def test_the_link_stands_under_the_text(self, session: Session, mastodon: MastodonServer) -> None:
        publish.send(session, attempt_for(session, Draft("Lees verder", link="https://koor.example/a")))
        assert mastodon.copies("Lees verder\n\nhttps://koor.example/a") == 1

    def test_a_thread_part_by_part_each_once(self, session: Session, mastodon: MastodonServer) -> None:
        """Each part under the one before it, with the warning; the picture with the first. An unclear answer is looked
        up by what it answers, also where two parts say the same."""
        parent = mastodon.inject("mention", text="@reurslag hoi")["status_id"]
        texts = ["Deel een.", "En nog eens.", "En nog eens.", "Tot slot."]
        options = {"thread": "yes", "content_warning": "Techniek", "visibility": "unlisted"}
        link = "https://reurslag.example/"
        picture = Medium(PIXEL, "image/png", "Een punt")
        draft = Draft("\n---\n".join(texts), (picture,), link=link, in_reply_to=str(parent), options=options)
        first, chain = attempt_for(session, draft), [str(parent)]
        handle = {**first.prepared.handle}
        assert re.fullmatch(r"@\S+ Deel een\.", first.prepared.handle["parts"][0])
        for number, text in enumerate(texts):
            handle |= {"chain": chain[1:]}
            attempt = dataclasses.replace(first, key=f"{first.key}.{number}", prepared=Prepared(handle=handle))
            assert publish.find(session, attempt) == NotSeen()
            outcome = publish.send(session, attempt)
            assert (outcome.verdict, outcome.more) == (Verdict.DONE, number < 3)
            assert publish.find(session, attempt) == Seen(outcome.remote_id, outcome.url, number < 3)
            said = client.ask(session, "GET", f"/api/v1/statuses/{outcome.remote_id}").json()
            assert (said["in_reply_to_id"], said["spoiler_text"], said["visibility"], text in said["content"]) == (
                chain[-1], "Techniek", "unlisted", True,
            )  # fmt: skip
            assert (len(said["media_attachments"]), "reurslag.example" in said["content"]) == (number == 0, number == 3)
            chain.append(outcome.remote_id)

    def test_a_thread_is_cut_as_the_server_counts(self, session: Session) -> None:
        held = Limits(characters=50, link_characters=23)
        draft = Draft("woord " * 30 + "https://reurslag.example/" + "x" * 80, options={"thread": "yes"})
        warned = dataclasses.replace(draft, options={**draft.options, "content_warning": "x" * 20})
        for one, most in ((draft, 50), (warned, 50)):
            cut = limits.posts(one, held)
            assert len(cut) > 2
            assert limits.length(one, held) <= most
            assert cut[-1].endswith("https://reurslag.example/" + "x" * 80), "a link stays whole"
        assert limits.beforehand(draft, held)[1] == {"parts": len(limits.posts(draft, held))}
        many = dataclasses.replace(draft, text="\n---\n".join(["zin"] * 26))
        assert "26" in str(publish.prepare(session, many).values)
        nothing = publish.prepare(session, dataclasses.replace(draft, text="---\n---"))
        assert nothing.problem.startswith("There is nothing to say")

    def test_media_are_waited_for(self, session: Session, mastodon: MastodonServer) -> None:
        mastodon.rules(media_seconds=0.6)
        draft = Draft("Foto", (Medium(b"jpeg"),))
        assert publish.send(session, attempt_for(session, draft)).verdict is Verdict.DONE
        assert mastodon.requests("GET /api/v1/media/:id") >= 2

    def test_media_that_are_pending_with_200(
        self, session: Session, mastodon: MastodonServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mastodon.rules(media_seconds=0.6, media_pending_code=200)
        draft = Draft("Foto", (Medium(b"jpeg"),))
        assert publish.send(session, attempt_for(session, draft)).verdict is Verdict.DONE
        assert mastodon.requests("GET /api/v1/media/:id") >= 2
        monkeypatch.setattr(publish, "PROCESSING_SECONDS", 0.5)
        mastodon.rules(media_seconds=60)
        assert not publish.prepare(session, draft).problem

    def test_media_that_take_too_long_are_tried_later(
        self, session: Session, mastodon: MastodonServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(publish, "PROCESSING_SECONDS", 0.5)
        mastodon.rules(media_seconds=60)
        assert publish.prepare(session, Draft("Foto", (Medium(b"jpeg"),))).because is Because.NOT_REACHED

    def test_media_that_the_server_refuses(self, session: Session, mastodon: MastodonServer) -> None:
        mastodon.rules(mime_types=("image/png",))
        prepared = publish.prepare(session, Draft("Foto", (Medium(b"jpeg"),)))
        assert prepared.because is Because.REJECTED
        assert "content type is invalid" in str(prepared.values["answer"])

    @pytest.mark.parametrize(
        ("answer", "because"), [("422", Because.REJECTED), ("500", Because.NOT_REACHED), ("reset", Because.NOT_REACHED)]
    )
    def test_media_that_can_not_be_processed(
        self, session: Session, mastodon: MastodonServer, answer: str, because: Because
    ) -> None:
        mastodon.rules(media_seconds=60)
        mastodon.fault(answer, "GET /api/v1/media/:id")
        assert publish.prepare(session, Draft("Foto", (Medium(b"jpeg"),))).because is because

    def test_preparing_makes_nothing_public(self, session: Session, mastodon: MastodonServer) -> None:
        for _time in range(2):
            publish.prepare(session, Draft("Foto", (Medium(b"jpeg"),)))
        assert mastodon.requests("POST /api/v1/statuses") == 0

    @pytest.mark.parametrize(
        ("draft", "says"),
        [
            (Draft(""), "nothing to say"),
            (Draft("x" * 501), "at most %(limit)s"),
            (Draft("a", (Medium(b"x"),) * 5), "pictures"),
            (Draft("a", (Medium(b"x", "application/pdf"),)), "can't be posted here"),
            (Draft("a", (Medium(b"x" * 16_000_001),)), "larger than"),
            (Draft("a", (Medium(b"x", alt="x" * 1501),)), "description"),
            (Draft("a", (Medium(b"x"),), options={"poll": "ja\nnee"}), "without pictures"),
            (Draft("a", options={"poll": "alleen een"}), "two to four"),
            (Draft("a", options={"poll": "ja\n" + "n" * 51}), "50 characters"),
            (Draft("a", options={"poll": "ja\nnee", "poll_hours": "24 h"}), "as a number"),
        ],
    )
    def test_what_can_not_go_is_said_before_anything_leaves(
        self, session: Session, mastodon: MastodonServer, draft: Draft, says: str
    ) -> None:
        prepared = publish.prepare(session, draft)
        assert says in prepared.problem
        assert prepared.because is Because.REJECTED
        assert not mastodon.world.counts

    def test_the_servers_own_limit_counts(self, session: Session) -> None:
        tight = dataclasses.replace(session, limits=dataclasses.replace(MANIFEST.limits, characters=10))
        assert publish.prepare(tight, Draft("x" * 11)).values == {"count": 11, "limit": 10}

    @pytest.mark.parametrize(
        ("answer", "because"),
        [("401", Because.AUTH), ("429", Because.RATE), ("500", Because.NOT_REACHED), ("reset", Because.NOT_REACHED)],
    )
    def test_an_upload_that_fails(
        self, session: Session, mastodon: MastodonServer, answer: str, because: Because
    ) -> None:
        mastodon.fault(answer, "POST /api/v2/media")
        assert publish.prepare(session, Draft("Foto", (Medium(b"jpeg"),))).because is because


class TestAnswer:
    def test_an_answer_names_the_person_and_stays_as_private(self, session: Session, mastodon: MastodonServer) -> None:
        said = mastodon.inject("direct", text="@reurslag Mijn ketel lekt, bel me op 06-12345678")
        outcome = publish.send(session, attempt_for(session, Draft("We komen er aan", in_reply_to=said["status_id"])))
        status = mastodon.world.statuses[outcome.remote_id]
        assert (status.text, status.visibility) == ("@els@social.example We komen er aan", "direct")
        assert status.in_reply_to == said["status_id"]

    def test_the_mention_counts(self, session: Session, mastodon: MastodonServer) -> None:
        said = mastodon.inject("mention", text="@reurslag hoi")
        fits = Draft("x" * (500 - len("@els ")), in_reply_to=said["status_id"])
        assert not publish.prepare(session, fits).problem
        assert publish.prepare(session, Draft(fits.text + "x", in_reply_to=said["status_id"])).values["count"] == 501

    def test_a_thread_of_our_own_names_nobody(self, session: Session, mastodon: MastodonServer) -> None:
        first = publish.send(session, attempt_for(session, Draft("Eerst")))
        publish.send(session, attempt_for(session, Draft("Dan", in_reply_to=first.remote_id)))
        assert mastodon.copies("Dan") == 1

    def test_what_is_answered_is_no_status(self, session: Session, mastodon: MastodonServer) -> None:
        said = mastodon.inject("mention", text="@reurslag hoi")
        mastodon.fault("html", "GET /api/v1/statuses/:id")
        draft = Draft("Dag", in_reply_to=said["status_id"])
        assert publish.prepare(session, draft).because is Because.NOT_REACHED

    def test_what_is_answered_is_gone(self, session: Session) -> None:
        prepared = publish.prepare(session, Draft("Dag", in_reply_to="12"))
        assert prepared.because is Because.REJECTED

    def test_it_goes_away_meanwhile(self, session: Session, mastodon: MastodonServer) -> None:
        said = mastodon.inject("mention", text="@reurslag hoi")
        attempt = attempt_for(session, Draft("Dag", in_reply_to=said["status_id"]))
        mastodon.world.remove(mastodon.world.statuses[said["status_id"]])
        outcome = publish.send(session, attempt)
        assert (outcome.verdict, outcome.because) == (Verdict.DEFINITELY_NOT, Because.REJECTED)


# What the answers mean. With `accepted` the post is there although the answer says otherwise.
DEFINITE = [("401", Because.AUTH), ("403", Because.AUTH), ("html_403", Because.NOT_REACHED), ("422", Because.REJECTED)]
UNSURE = [
    *("500", "502", "503", "504", "html", "html_404", "error_200", "empty", "truncated", "redirect"),
    *("timeout", "reset", "half_close"),
]


class TestSend:
    @pytest.mark.parametrize("answer", UNSURE)
    @pytest.mark.parametrize("accepted", [True, False])
    def test_unknown_and_then_found_or_not(
        self,
        session: Session,
        mastodon: MastodonServer,
        monkeypatch: pytest.MonkeyPatch,
        answer: str,
        accepted: bool,
    ) -> None:
        monkeypatch.setattr(client, "WRITE_SECONDS", 0.5)
        attempt = attempt_for(session, Draft("Eén keer", options={"content_warning": "Let op"}))
        mastodon.fault(answer, accepted=accepted, seconds=1)
        assert publish.send(session, attempt).verdict is Verdict.UNKNOWN
        assert mastodon.copies("Eén keer") == int(accepted)
        assert isinstance(publish.find(session, attempt), Seen if accepted else NotSeen)

    @pytest.mark.parametrize(("answer", "because"), DEFINITE)
    def test_definitely_not(self, session: Session, mastodon: MastodonServer, answer: str, because: Because) -> None:
        mastodon.fault(answer, accepted=False)
        outcome = publish.send(session, attempt_for(session, Draft("Nee")))
        assert (outcome.verdict, outcome.because) == (Verdict.DEFINITELY_NOT, because)
        assert mastodon.copies("Nee") == 0

    @pytest.mark.parametrize(
        ("answer", "least", "most"),
        [("429", 60, 121), ("429_seconds", 30, 30), ("429_date", 30, 46), ("429_absurd", 10_800, 10_800)],
    )
    def test_too_many_requests(
        self, session: Session, mastodon: MastodonServer, answer: str, least: int, most: int
    ) -> None:
        mastodon.fault(answer, accepted=False)
        outcome = publish.send(session, attempt_for(session, Draft("Nee")))
        assert (outcome.verdict, outcome.because) == (Verdict.DEFINITELY_NOT, Because.RATE)
        assert outcome.retry_after is not None
        assert least <= outcome.retry_after <= most

    def test_too_many_requests_without_a_word(self, session: Session, mastodon: MastodonServer) -> None:
        mastodon.fault("429_absent", accepted=False)
        assert publish.send(session, attempt_for(session, Draft("Nee"))).retry_after is None

    def test_a_compatible_server_answers_400(self, session: Session, mastodon: MastodonServer) -> None:
        mastodon.rules(refusal=400, max_characters=10)
        outcome = publish.send(session, attempt_for(session, Draft("x" * 11)))
        assert (outcome.verdict, outcome.because) == (Verdict.DEFINITELY_NOT, Because.REJECTED)

    def test_nobody_is_there(self, session: Session) -> None:
        gone = dataclasses.replace(session, settings={"server": "http://127.0.0.1:9"})
        outcome = publish.send(gone, Attempt(1, "k", Draft("x"), Prepared(), datetime.now(UTC)))
        assert (outcome.verdict, outcome.because) == (Verdict.DEFINITELY_NOT, Because.NOT_REACHED)

    def test_the_same_key_on_every_attempt(self, session: Session, mastodon: MastodonServer) -> None:
        attempt = attempt_for(session, Draft("Eén keer"))
        first = publish.send(session, attempt)
        second = publish.send(session, dataclasses.replace(attempt, number=2))
        assert (first.remote_id, mastodon.copies("Eén keer")) == (second.remote_id, 1)

    def test_looking_saves_what_an_ignored_key_would_double(self, session: Session, mastodon: MastodonServer) -> None:
        mastodon.rules(honours_idempotency_key=False)
        attempt = attempt_for(session, Draft("Eén keer"))
        mastodon.fault("500")
        publish.send(session, attempt)
        if isinstance(publish.find(session, attempt), NotSeen):
            publish.send(session, dataclasses.replace(attempt, number=2))
        assert mastodon.copies("Eén keer") == 1


class TestFind:
    def seen(self, session: Session, draft: Draft, **more: Any) -> Seen | NotSeen | CannotKnow:
        attempt = attempt_for(session, draft, **more)
        assert publish.send(session, attempt).verdict is Verdict.DONE
        return publish.find(session, attempt)

    @pytest.mark.parametrize(
        "text",
        [
            "Dag @els@social.example en @onbekend@elders.example, dit is 'm",
            "a < b && c > d\n\n\n\nen een lege regel  met   spaties",
            "Lang https://reurslag.example/een/heel/lang/adres/dat/wordt/ingekort?a=1&b=2 einde",
            "👨‍👩‍👧 🇳🇱 é é ﷽ \u200b nul breed \u202eomgekeerd",
            "#WarmtePomp #koor",
            "<script>alert(1)</script>",
        ],
    )
    def test_recognised_whatever_the_markup(self, session: Session, mastodon: MastodonServer, text: str) -> None:
        mastodon.inject("post", text="ik besta")
        assert isinstance(self.seen(session, Draft(text)), Seen)

    def test_a_picture_without_words(self, session: Session) -> None:
        assert isinstance(self.seen(session, Draft("", (Medium(b"x", alt="De ketel"),))), Seen)

    def test_a_picture_uploaded_again_in_between(self, session: Session) -> None:
        attempt = attempt_for(session, Draft("Foto", (Medium(b"x"),)))
        publish.send(session, attempt)
        again = dataclasses.replace(attempt, prepared=publish.prepare(session, attempt.draft))
        assert again.prepared.handle != attempt.prepared.handle
        assert isinstance(publish.find(session, again), Seen)

    def test_edited_by_hand_since(self, session: Session, mastodon: MastodonServer) -> None:
        attempt = attempt_for(session, Draft("Met een tikfuot"))
        made = publish.send(session, attempt)
        client.ask(session, "PUT", f"/api/v1/statuses/{made.remote_id}", json={"status": "Met een tikfout"})
        assert publish.find(session, attempt) == Seen(made.remote_id, made.url)

    def test_shown_differently_but_the_source_is_ours(
        self, session: Session, mastodon: MastodonServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        attempt = attempt_for(session, Draft("Een tekst met -- streepjes in het midden"))
        publish.send(session, attempt)
        shown = writing.marked_up
        monkeypatch.setattr(writing, "marked_up", lambda text, *rest: shown(text.replace("--", "—"), *rest))
        assert isinstance(publish.find(session, attempt), Seen)

    def test_much_alike_and_no_way_to_see(
        self, session: Session, mastodon: MastodonServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A server that shows a text differently and does not give its source: then a person looks."""
        attempt = attempt_for(session, Draft("Een tekst met -- streepjes in het midden"))
        publish.send(session, attempt)
        shown = writing.marked_up
        monkeypatch.setattr(writing, "marked_up", lambda text, *rest: shown(text.replace("--", "—"), *rest))
        mastodon.fault("html_404", "GET /api/v1/statuses/:id/source")
        assert isinstance(publish.find(session, attempt), CannotKnow)
        mastodon.fault("500", "GET /api/v1/statuses/:id/source")
        assert isinstance(publish.find(session, attempt), CannotKnow)

    @pytest.mark.parametrize("text", ["Een heel andere tekst", "Goedemorgen allemaal, dit is een andere tekst"])
    def test_other_words_are_not_it(self, session: Session, mastodon: MastodonServer, text: str) -> None:
        mastodon.inject("post", by="reurslag", text=text)
        draft = Draft("Goedemorgen allemaal, hier is de onze")
        assert isinstance(publish.find(session, attempt_for(session, draft)), NotSeen)

    def test_another_warning_is_not_it(self, session: Session, mastodon: MastodonServer) -> None:
        publish.send(session, attempt_for(session, Draft("Au", options={"content_warning": "Bloed"})))
        other = Draft("Au", options={"content_warning": "Spin"})
        assert isinstance(publish.find(session, attempt_for(session, other)), NotSeen)

    def test_the_same_words_to_another_are_not_it(self, session: Session, mastodon: MastodonServer) -> None:
        one, other = (mastodon.inject("mention", text=f"@reurslag {n}")["status_id"] for n in (1, 2))
        publish.send(session, attempt_for(session, Draft("Dank je", in_reply_to=one)))
        assert isinstance(publish.find(session, attempt_for(session, Draft("Dank je", in_reply_to=other))), NotSeen)

    def test_the_oldest_of_two(self, session: Session, mastodon: MastodonServer) -> None:
        mastodon.rules(honours_idempotency_key=False)
        attempt = attempt_for(session, Draft("Dubbel"))
        first = publish.send(session, attempt)
        publish.send(session, attempt)
        assert publish.find(session, attempt) == Seen(first.remote_id, first.url)

    def test_another_post_with_the_same_words_is_not_it(self, session: Session, mastodon: MastodonServer) -> None:
        other = publish.send(session, attempt_for(session, Draft("Goedemorgen")))
        attempt = attempt_for(session, Draft("Goedemorgen"), taken=frozenset({other.remote_id}))
        assert isinstance(publish.find(session, attempt), NotSeen)

    def test_the_same_words_of_last_week_are_not_it(self, session: Session, mastodon: MastodonServer) -> None:
        mastodon.world.offset = -7 * 86_400
        publish.send(session, attempt_for(session, Draft("Goedemorgen")))
        mastodon.world.offset = 0
        assert isinstance(publish.find(session, attempt_for(session, Draft("Goedemorgen"))), NotSeen)

    def test_a_server_whose_clock_is_behind(self, session: Session, mastodon: MastodonServer) -> None:
        mastodon.world.offset = -300
        assert isinstance(self.seen(session, Draft("Achter")), Seen)

    def test_many_posts_since(self, session: Session, mastodon: MastodonServer) -> None:
        attempt = attempt_for(session, Draft("De eerste"))
        publish.send(session, attempt)
        for number in range(90):
            mastodon.inject("post", by="reurslag", text=f"Later {number}")
        assert isinstance(publish.find(session, attempt), Seen)

    def test_too_many_posts_since_can_not_be_known(self, session: Session, mastodon: MastodonServer) -> None:
        for number in range(210):
            mastodon.inject("post", by="reurslag", text=f"Later {number}")
        assert isinstance(publish.find(session, attempt_for(session, Draft("Nooit"))), CannotKnow)

    def test_a_page_that_is_short_is_not_the_last_one(self, session: Session, mastodon: MastodonServer) -> None:
        attempt = attempt_for(session, Draft("De eerste"))
        publish.send(session, attempt)
        for number in range(5):
            mastodon.inject("post", by="reurslag", text=f"Later {number}")
        mastodon.rules(page_keeps=2)
        assert isinstance(publish.find(session, attempt), Seen)

    def test_a_boost_with_the_same_words_is_not_it(self, session: Session, mastodon: MastodonServer) -> None:
        said = mastodon.inject("post", text="Mooi werk")
        client.write(session, "POST", f"/api/v1/statuses/{said['status_id']}/reblog")
        assert isinstance(publish.find(session, attempt_for(session, Draft("Mooi werk"))), NotSeen)

    @pytest.mark.parametrize("lists_private", [True, False])
    @pytest.mark.parametrize("visibility", ["private", "direct"])
    def test_private_posts(
        self, session: Session, mastodon: MastodonServer, visibility: str, lists_private: bool
    ) -> None:
        mastodon.rules(lists_private=lists_private, version="4.5.2" if lists_private else "takahe/0.11.0")
        said = mastodon.inject("mention", text="@reurslag vraag")
        draft = Draft("Onder ons", in_reply_to=said["status_id"], options={"visibility": visibility})
        assert isinstance(self.seen(session, draft), Seen)
        missing = publish.find(session, attempt_for(session, dataclasses.replace(draft, text="Nooit")))
        assert isinstance(missing, NotSeen if lists_private else CannotKnow)

    @pytest.mark.parametrize("answer", ["500", "401", "429", "html", "timeout", "empty"])
    def test_can_not_look_is_not_the_same_as_not_there(
        self, session: Session, mastodon: MastodonServer, monkeypatch: pytest.MonkeyPatch, answer: str
    ) -> None:
        monkeypatch.setattr(client, "READ_SECONDS", 0.3)
        attempt = attempt_for(session, Draft("Misschien"))
        mastodon.fault(answer, "GET /api/v1/accounts/:id/statuses", seconds=1)
        assert isinstance(publish.find(session, attempt), CannotKnow)


class TestListen:
    def fetch(self, session: Session, cursor: str = "", **settings: str) -> Any:
        return listen.fetch(session, cursor, {"kind": "notifications", **settings})

    def test_what_people_do(self, session: Session, mastodon: MastodonServer) -> None:
        mine = publish.send(session, attempt_for(session, Draft("Wie weet dit?"))).remote_id
        mastodon.inject("reply", text="@reurslag Ik! <3", to=mine, language="nl")
        mastodon.inject("direct", text="@reurslag onder ons")
        mastodon.inject("mention", text="@reurslag dag")
        for kind in ("favourite", "reblog", "follow"):
            mastodon.inject(kind, to=mine)
        batch = self.fetch(session)
        assert [item.kind for item in batch.items] == ["reply", "direct", "mention", "favourite", "boost", "follow"]
        reply, liked = batch.items[0], batch.items[3]
        assert (reply.author, reply.handle, reply.text) == ("Els Wolters", "@els@social.example", "@reurslag Ik! <3")
        assert (reply.in_reply_to, reply.language, reply.created_at is not None) == (mine, "nl", True)
        assert (liked.in_reply_to, liked.text) == (mine, "Wie weet dit?")
        assert not batch.broken

    def test_somebody_on_our_own_server_gets_its_domain(self, session: Session, mastodon: MastodonServer) -> None:
        mastodon.inject("mention", by="kees", text="@reurslag hoi")
        assert self.fetch(session).items[0].handle == f"@kees@127.0.0.1:{mastodon.port}"

    def test_forward_without_a_gap_and_then_nothing_new(self, session: Session, mastodon: MastodonServer) -> None:
        mastodon.inject("mention", text="@reurslag begin")
        cursor = self.fetch(session).cursor
        for number in range(100):
            mastodon.inject("mention", text=f"@reurslag {number}")
        got: list[str] = []
        for _page in range(10):
            batch = self.fetch(session, cursor)
            got += [item.text for item in batch.items]
            cursor = batch.cursor
            if not batch.more:
                break
        assert {f"@reurslag {number}" for number in range(100)} <= set(got)

    def test_what_arrives_late_is_still_seen(self, session: Session, mastodon: MastodonServer) -> None:
        """A post from another server gets a number by its own moment, below those that were read already."""
        now = mastodon.world.now()
        for minutes in (60, 30, 1):
            mastodon.world.offset -= minutes * 60
            mastodon.inject("post", text=f"{minutes} minuten geleden #koor")
            mastodon.world.offset += minutes * 60
        settings = {"kind": "hashtag", "tag": "#Koor"}
        first = listen.fetch(session, "", settings)
        assert len(first.items) == 3
        mastodon.world._last_id = int((now - 600) * 1000) << 16
        late = mastodon.world.new_id()
        status = mastodon.world.statuses[mastodon.inject("post", text="Later aangekomen #koor")["status_id"]]
        del mastodon.world.statuses[status.id]
        status.id, status.created = late, now - 600
        mastodon.world.statuses[late] = status
        second = listen.fetch(session, first.cursor, settings)
        assert "Later aangekomen #koor" in [item.text for item in second.items]
        assert second.items[0].kind == "hashtag"

    def test_an_entry_that_can_not_be_read_stops_nothing(self) -> None:
        session = Session(Door(), 1, {"server": "https://x.example"})
        good = {"id": "2", "account": {"username": "a"}, "content": "<p>x</p>", "created_at": "2026-01-01T00:00:00Z"}
        rows = [good, {"id": "1", "account": None}, "nonsense", None]
        items, broken = logic.read_all(rows[::-1], lambda row: listen.from_status(session, row))
        assert ([item.external_id for item in items], len(broken)) == (["2"], 3)
        assert broken[-1].external_id == "1"

    @pytest.mark.parametrize(
        ("answer", "because"),
        [("401", Because.AUTH), ("429", Because.RATE), ("500", Because.NOT_REACHED), ("html", Because.NOT_REACHED)],
    )
    def test_a_failure_keeps_the_cursor(
        self, session: Session, mastodon: MastodonServer, answer: str, because: Because
    ) -> None:
        cursor = self.fetch(session).cursor
        mastodon.fault(answer, "GET /api/v1/notifications")
        batch = self.fetch(session, cursor)
        assert (batch.cursor, batch.because, bool(batch.problem)) == (cursor, because, True)

    def test_a_cursor_from_elsewhere_begins_anew(self, session: Session, mastodon: MastodonServer) -> None:
        mastodon.inject("mention", text="@reurslag dag")
        assert len(self.fetch(session, "nonsense").items) == 1

    def test_a_content_warning_comes_along(self, session: Session, mastodon: MastodonServer) -> None:
        said = mastodon.inject("mention", text="@reurslag au")
        mastodon.world.statuses[said["status_id"]].spoiler = "Bloed"
        assert self.fetch(session).items[0].text == "Bloed\n\n@reurslag au"


class TestConverse:
    def test_the_thread_around_a_post(self, session: Session, mastodon: MastodonServer) -> None:
        first = mastodon.inject("mention", text="@reurslag eerst")["status_id"]
        ours = publish.send(session, attempt_for(session, Draft("Daarna", in_reply_to=first))).remote_id
        mastodon.inject("reply", text="@reurslag en dan", to=ours)
        batch = converse.thread(session, ours)
        assert [item.text for item in batch.items] == ["@reurslag eerst", "@els Daarna", "@reurslag en dan"]

    def test_a_thread_that_is_gone(self, session: Session) -> None:
        assert converse.thread(session, "12").because is Because.REJECTED


class TestAct:
    def test_a_like_twice_counts_once_and_is_taken_back(self, session: Session, mastodon: MastodonServer) -> None:
        said = mastodon.inject("post", text="Mooi")["status_id"]
        assert [act.act(session, Act.LIKE, said).verdict for _time in range(2)] == [Verdict.DONE] * 2
        assert len(mastodon.world.statuses[said].favourited_by) == 1
        assert act.undo(session, Act.LIKE, said).verdict is Verdict.DONE
        assert not mastodon.world.statuses[said].favourited_by

    @pytest.mark.parametrize(("deed", "those"), [(Act.MUTE, "muting"), (Act.BLOCK, "blocking")])
    def test_the_writer_of_a_post_and_back_twice(
        self, session: Session, mastodon: MastodonServer, deed: Act, those: str
    ) -> None:
        said = mastodon.inject("mention", text="@reurslag Prutsers")["status_id"]
        writer, us = mastodon.world.statuses[said].account, mastodon.world.account("reurslag")
        for _time in range(2):
            assert act.act(session, deed, said).verdict is Verdict.DONE
            assert getattr(us, those) == {writer}
        for _time in range(2):
            assert act.undo(session, deed, said).verdict is Verdict.DONE
            assert not getattr(us, those)

    def test_a_report_names_the_post_and_goes_on_to_its_server(
        self, session: Session, mastodon: MastodonServer
    ) -> None:
        said = mastodon.inject("mention", text="@reurslag Prutsers")["status_id"]
        assert act.act(session, Act.REPORT, said, "x" * 2000).verdict is Verdict.DONE
        [report] = mastodon.world.reports
        assert (report["status_ids"], report["forwarded"], len(report["comment"])) == ([said], True, 1000)

    def test_a_post_that_is_gone(self, session: Session) -> None:
        for deed in (Act.LIKE, Act.MUTE, Act.REPORT):
            outcome = act.act(session, deed, "12")
            assert (outcome.verdict, outcome.because) == (Verdict.DEFINITELY_NOT, Because.REJECTED)


class TestCorrect:
    def test_other_words_keep_the_picture(self, place: Place) -> None:
        medium = Medium(PIXEL, "image/png", "punt", "punt.png")
        _attempt, made = place.publish(Draft(words(), (medium,), options={"visibility": "unlisted"}))
        outcome = correct.edit(place.session, made.remote_id, Draft("Verbeterd", language="nl"))
        assert (outcome.verdict, outcome.remote_id) == (Verdict.DONE, made.remote_id)
        status = place.read(made.remote_id)
        assert "Verbeterd" in status["content"]
        assert len(status["media_attachments"]) == 1

    def test_take_away_twice(self, place: Place) -> None:
        _attempt, made = place.publish(Draft(words(), options={"visibility": "unlisted"}))
        assert correct.delete(place.session, made.remote_id).verdict is Verdict.DONE
        assert correct.delete(place.session, made.remote_id).verdict is Verdict.DONE

    def test_not_found_on_a_page_counts_at_home_only(self, session: Session, mastodon: MastodonServer) -> None:
        mastodon.fault("html_404", "DELETE /api/v1/statuses/:id", times=2, accepted=False)
        assert correct.delete(session, "12").verdict is Verdict.DONE
        mastodon.fault("html_404", "GET /api/v1/accounts/verify_credentials")
        assert correct.delete(session, "12").verdict is Verdict.UNKNOWN

    def test_what_is_not_ours_can_not_be_edited(self, session: Session, mastodon: MastodonServer) -> None:
        said = mastodon.inject("post", text="Van Els")["status_id"]
        outcome = correct.edit(session, said, Draft("Van ons"))
        assert (outcome.verdict, outcome.because) == (Verdict.DEFINITELY_NOT, Because.REJECTED)

    def test_an_edit_that_may_have_arrived(self, session: Session, mastodon: MastodonServer) -> None:
        made = publish.send(session, attempt_for(session, Draft("Oud"))).remote_id
        mastodon.fault("500", "PUT /api/v1/statuses/:id")
        assert correct.edit(session, made, Draft("Nieuw")).verdict is Verdict.UNKNOWN

    def test_an_edit_that_can_not_begin(self, session: Session, mastodon: MastodonServer) -> None:
        made = publish.send(session, attempt_for(session, Draft("Oud"))).remote_id
        for answer, because in (("429", Because.RATE), ("500", Because.NOT_REACHED), ("401", Because.AUTH)):
            mastodon.fault(answer, "GET /api/v1/statuses/:id")
            outcome = correct.edit(session, made, Draft("Nieuw"))
            assert (outcome.verdict, outcome.because) == (Verdict.DEFINITELY_NOT, because)
        assert mastodon.copies("Oud") == 1


class TestCheck:
    def test_it_works(self, place: Place) -> None:
        health = check.check(place.session)
        assert health.works, health
        assert health.handle.startswith("@")
        assert health.limits is not None
        assert (health.limits.characters or 0) >= 100

    def test_the_limits_are_the_servers(self, session: Session, mastodon: MastodonServer) -> None:
        mastodon.rules(max_characters=5000, max_media=6, mime_types=("image/png",))
        told = check.check(session).limits
        assert told is not None
        assert (told.characters, told.media, told.media_kinds) == (5000, 6, ("image/png",))

    def test_the_older_address_of_the_instance(self, session: Session, mastodon: MastodonServer) -> None:
        mastodon.fault("html_404", "GET /api/v2/instance")
        assert check.check(session).works
        assert mastodon.requests("GET /api/v1/instance") == 1

    def test_a_server_that_does_not_tell_scopes(self, session: Session, mastodon: MastodonServer) -> None:
        mastodon.fault("html_404", "GET /api/v1/apps/verify_credentials")
        assert check.check(session).works
        mastodon.fault("429", "GET /api/v1/apps/verify_credentials")
        assert check.check(session).because is Because.RATE
        mastodon.fault("500", "GET /api/v2/instance")
        assert check.check(session).because is Because.NOT_REACHED

    def test_a_token_that_may_only_read(self, session: Session) -> None:
        health = check.check(dataclasses.replace(session, secrets={"access_token": "token-readonly"}))
        assert (health.works, health.because) == (False, Because.AUTH)

    @pytest.mark.parametrize(
        ("answer", "because"),
        [("401", Because.AUTH), ("429", Because.RATE), ("503", Because.NOT_REACHED), ("html", Because.NOT_REACHED)],
    )
    def test_what_is_wrong(self, session: Session, mastodon: MastodonServer, answer: str, because: Because) -> None:
        mastodon.fault(answer, "GET /api/v1/accounts/verify_credentials")
        health = check.check(session)
        assert (health.works, health.because) == (False, because)

    def test_not_a_mastodon(self, session: Session, mastodon: MastodonServer) -> None:
        nowhere = dataclasses.replace(session, settings={"server": f"{mastodon.url}/files"})
        assert check.check(nowhere).works  # only the server counts, not a path behind it


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("Hallo", ""),
        ("Zie https://reurslag.example/een/heel/lang/adres/dat/niet/telt en meer", ""),
        ("Dag @els@social.example, en @jan", "let op"),
        ("👨‍👩‍👧 é 🇳🇱", ""),
        ("mail els@social.example", ""),
    ],
)
def test_counts_as_the_server_counts(text: str, warning: str) -> None:
    draft = Draft(text, options={"content_warning": warning})
    assert limits.length(draft, MANIFEST.limits) == writing.count(text, warning)


def test_a_link_without_a_limit_of_its_own() -> None:
    assert limits.length(Draft("https://koor.example/abc"), Limits()) == 24


@pytest.mark.parametrize(
    ("given", "server"),
    [
        ("mastodon.social", "https://mastodon.social"),
        (" https://mastodon.social/@reurslag ", "https://mastodon.social"),
        ("http://127.0.0.1:8130/", "http://127.0.0.1:8130"),
    ],
)
def test_the_address_of_a_server(given: str, server: str) -> None:
    assert client.server(Session(Door(), 1, {"server": given})) == server


def test_plain_http_only_where_the_house_allows_it(mastodon: MastodonServer) -> None:
    closed = Session(Door(allow=frozenset()), 1, {"server": mastodon.url}, {"access_token": mastodon.token})
    outcome = publish.send(closed, Attempt(1, "k", Draft("x"), Prepared(), datetime.now(UTC)))
    assert (outcome.verdict, outcome.because) == (Verdict.DEFINITELY_NOT, Because.NOT_REACHED)
    assert not mastodon.world.counts

"""LinkedIn, by answers as Microsoft Learn documents them (Posts, Images, Videos, Documents and Comments API, read on
22 November 2026). Nobody has seen this working with LinkedIn itself."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import pytest

from koor.connectors.linkedin import check, connect, converse, correct, limits, listen, little, media, mention, publish
from koor.connectors.linkedin.manifest import MANIFEST, VERSION
from koor.ground.channels import logic
from koor.ground.channels.contract import (
    Attempt,
    Because,
    CannotKnow,
    Delivery,
    Draft,
    Health,
    Medium,
    Named,
    NotSeen,
    Prepared,
    Seen,
    Session,
    Unclear,
    Verdict,
)
from tests.connectors.scripted import Shut, answer

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ME, PAGE = "urn:li:person:abc-1", "urn:li:organization:2414183"
POST = "urn:li:share:6844785523593134080"
COMMENT = "urn:li:comment:(urn:li:activity:6631349431612559360,6636062862760562688)"
DUPLICATE = {
    "message": "Content is a duplicate of urn:li:share:7141138937766391808",
    "errorDetails": {"inputErrors": [{"description": "Duplicate post is detected", "code": "DUPLICATE_POST"}]},
    "status": 422,
}
MADE = answer(201, b"", {"x-restli-id": POST})
PICTURE = Medium(b"jpeg", "image/jpeg", "Een dak", "7.jpg")
DOCUMENT = Medium(b"%PDF-1.7", "application/pdf", "Wat we deden", "verslag.pdf")


class LinkedIn:
    """Answers by the beginning of "METHOD /path" as somebody wrote down, and keeps what was asked."""

    def __init__(self, **routes: Any) -> None:
        self.routes: list[tuple[str, Any]] = []
        self.asked: list[tuple[str, str, dict[str, Any]]] = []

    def when(self, begins: str, reply: Any) -> LinkedIn:
        self.routes.append((begins, reply))
        return self

    def request(self, method: str, url: str, **more: Any) -> Any:
        place = unquote(url.removeprefix("https://api.linkedin.com"))
        self.asked.append((method, place, more))
        for begins, reply in self.routes:
            if f"{method} {place}".startswith(begins):
                reply = reply.pop(0) if isinstance(reply, list) else reply
                if isinstance(reply, Exception):
                    raise reply
                return reply
        return answer(404, {"message": "not found", "status": 404})

    def body(self, begins: str) -> Any:
        return next(more["json"] for method, place, more in self.asked if f"{method} {place}".startswith(begins))


def session(http: Any, kind: str = "page") -> Session:
    author = PAGE if kind == "page" else ME
    return Session(http, 1, {"kind": kind, "author": author}, {"access_token": "token-1"}, now=NOON)


def tried(draft: Draft, number: int = 1, **handle: Any) -> Attempt:
    return Attempt(number, "key-1", draft, Prepared(handle=handle), NOON)


def own(**more: Any) -> dict[str, Any]:
    at = int(NOON.timestamp() * 1000)
    return {"id": POST, "author": PAGE, "commentary": "Hallo", "createdAt": at, "lifecycleState": "PUBLISHED", **more}


class TestText:
    """https://learn.microsoft.com/linkedin/marketing/community-management/shares/little-text-format"""

    @pytest.mark.parametrize(
        ("said", "goes"),
        [
            ("Hallo", "Hallo"),
            (r"a|b {c} [d] (e) <f> g*h_i~j @k \l", r"a\|b \{c\} \[d\] \(e\) \<f\> g\*h\_i\~j \@k \\l"),
            ("Trots #dak", r"Trots {hashtag|\#|dak}"),
            ("#een_twee", r"{hashtag|\#|een\_twee}"),
            ("nr. #12 en C# zo", r"nr. \#12 en C\# zo"),
            ("https://x.example/#deel", r"https://x.example/\#deel"),
            ("@[Acme (NL)](urn:li:organization:1) zag het", r"@[Acme \(NL\)](urn:li:organization:1) zag het"),
            ("@[Els](https://www.linkedin.com/company/els) en", "Els en"),
            ("@[stuk](javascript:1)", r"\@\[stuk\]\(javascript:1\)"),
        ],
    )
    def test_signs_with_a_meaning(self, said: str, goes: str) -> None:
        assert little.commentary(said, {}) == goes

    @pytest.mark.parametrize("said", ["a|b {c} [d] (e) <f> g*h_i~j @k \\l", "Trots #dak", "👩‍🚒 #été", "\u202eom"])
    def test_it_comes_back_as_it_went(self, said: str) -> None:
        assert little.plain(little.commentary(said, {})) == said

    def test_a_page_by_its_address(self) -> None:
        said = "Met @[Acme](https://www.linkedin.com/company/acme-nl/)"
        assert little.commentary(said, {"acme-nl": "urn:li:organization:9"}) == "Met @[Acme](urn:li:organization:9)"

    def test_counts_what_people_see(self) -> None:
        held = MANIFEST.limits
        assert limits.length(Draft("@[Acme](urn:li:organization:1) (x)"), held) == 8
        assert limits.length(Draft("🙂"), held) == 2
        assert limits.length(Draft("a", (PICTURE,), link="https://x.example/"), held) == 21
        assert limits.length(Draft("a", link="https://x.example/"), held) == 1

    def test_long_and_hostile(self) -> None:
        for said in ("@[" * 5000, "#" * 9000, "{hashtag|" * 900, "\\" * 9000):
            assert little.plain(little.commentary(said, {})) == said


class TestPost:
    def test_a_text(self) -> None:
        http = LinkedIn().when("POST /rest/posts", MADE)
        outcome = publish.send(session(http, "person"), tried(Draft("Hallo (dag)")))
        assert (outcome.verdict, outcome.remote_id) == (Verdict.DONE, POST)
        assert outcome.url == f"https://www.linkedin.com/feed/update/{POST}/"
        (_method, _place, more) = http.asked[0]
        assert more["headers"]["Linkedin-Version"] == VERSION
        assert more["headers"]["X-Restli-Protocol-Version"] == "2.0.0"
        assert more["json"] == {
            "author": ME,
            "commentary": r"Hallo \(dag\)",
            "visibility": "PUBLIC",
            "distribution": {
                "feedDistribution": "MAIN_FEED",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
        }

    def test_who_sees_it(self) -> None:
        draft = Draft("Hallo", options={"visibility": "CONNECTIONS"})
        assert publish.post(session(Shut(), "person"), draft, {})["visibility"] == "CONNECTIONS"
        assert publish.prepare(session(Shut()), draft).because is Because.REJECTED

    def test_a_link_becomes_a_card(self) -> None:
        made = publish.post(session(Shut()), Draft("Lees", link="https://koor.example/a", title="Het dak"), {})
        assert made["content"] == {"article": {"source": "https://koor.example/a", "title": "Het dak"}}
        beside = publish.post(
            session(Shut()), Draft("Lees", (PICTURE,), link="https://koor.example/a"), {"media": ["u"]}
        )
        assert beside["commentary"] == "Lees\n\nhttps://koor.example/a"
        assert beside["content"] == {"media": {"id": "u", "altText": "Een dak"}}

    def test_a_page_that_is_named_is_looked_up(self) -> None:
        http = LinkedIn().when(
            "GET /rest/organizations?q=vanityName&vanityName=acme", answer(200, {"elements": [{"id": 9}]})
        )
        draft = Draft("Met @[Acme](https://www.linkedin.com/company/acme) en @[X](https://linkedin.com/company/weg)")
        prepared = publish.prepare(session(http), draft)
        assert prepared.handle["pages"] == {"acme": "urn:li:organization:9"}
        made = publish.post(session(Shut()), draft, prepared.handle)
        assert made["commentary"] == "Met @[Acme](urn:li:organization:9) en X"

    @pytest.mark.parametrize("number", [1, 2])
    @pytest.mark.parametrize("kind", ["person", "page"])
    @pytest.mark.parametrize("reply", [answer(422, DUPLICATE), answer(409, {"message": "Conflict", "status": 409})])
    def test_a_duplicate_is_a_hint_and_no_proof(self, number: int, kind: str, reply: Any) -> None:
        """Only when a page was read back until it was certain, and LinkedIn still says so, it is another post's."""
        outcome = publish.send(session(LinkedIn().when("POST", reply), kind), tried(Draft("Hallo"), number))
        looked = kind == "page" and number == 2
        assert outcome.verdict is (Verdict.DEFINITELY_NOT if looked else Verdict.UNKNOWN)

    @pytest.mark.parametrize(
        ("reply", "because", "wait"),
        [
            (answer(422, {"message": "ERROR :: /commentary :: too long", "status": 422}), Because.REJECTED, None),
            (answer(426, {"code": "NONEXISTENT_VERSION", "message": "Requested version 20260901 is not active"}),
             Because.NOT_REACHED, None),
            (answer(429, {"message": "Resource level throttle DAY limit", "status": 429}), Because.RATE, 3 * 3600),
            (answer(401, {"code": "EXPIRED_ACCESS_TOKEN", "message": "expired"}), Because.AUTH, None),
            (answer(403, {"code": "ACCESS_DENIED", "message": "Not enough permissions"}), Because.AUTH, None),
        ],
    )  # fmt: skip
    def test_a_no_that_is_certain(self, reply: Any, because: Because, wait: int | None) -> None:
        outcome = publish.send(session(LinkedIn().when("POST", reply)), tried(Draft("Hallo")))
        assert (outcome.verdict, outcome.because, outcome.retry_after) == (Verdict.DEFINITELY_NOT, because, wait)

    @pytest.mark.parametrize(
        "reply",
        [
            answer(201, b""),
            answer(201, b"", {"x-restli-id": "urn:li:person:1"}),
            answer(200, {"id": POST}),
            answer(422, b"<html>"),
        ],
    )
    def test_what_proves_nothing(self, reply: Any) -> None:
        assert publish.send(session(LinkedIn().when("POST", reply)), tried(Draft("Hallo"))).verdict is Verdict.UNKNOWN

    def test_it_is_asked_once(self) -> None:
        http = LinkedIn().when("POST", Unclear("did not answer in time"))
        assert publish.send(session(http), tried(Draft("Hallo"))).verdict is Verdict.UNKNOWN
        assert len(http.asked) == 1


class TestMedia:
    def test_one_picture_and_several(self) -> None:
        begun = [
            answer(200, {"value": {"uploadUrl": f"https://www.linkedin.com/up/{n}", "image": f"urn:li:image:{n}"}})
            for n in (1, 2)
        ]
        http = LinkedIn().when("POST /rest/images?action=initializeUpload", begun).when("PUT", answer(201, b""))
        two = (PICTURE, dataclasses.replace(PICTURE, alt="Een muur"))
        prepared = publish.prepare(session(http), Draft("Kijk", two))
        assert prepared.handle == {"media": ["urn:li:image:1", "urn:li:image:2"]}
        assert http.asked[1][2]["headers"]["Authorization"] == "Bearer token-1"
        content = publish.post(session(Shut()), Draft("Kijk", two), prepared.handle)["content"]
        assert [one["altText"] for one in content["multiImage"]["images"]] == ["Een dak", "Een muur"]

    def test_the_token_goes_to_linkedin_only(self) -> None:
        begun = answer(200, {"value": {"uploadUrl": "https://linkedin.com.evil.example/up", "image": "urn:li:image:1"}})
        http = LinkedIn().when("POST", begun).when("PUT", answer(201, b""))
        publish.prepare(session(http), Draft("Kijk", (PICTURE,)))
        assert "Authorization" not in http.asked[1][2]["headers"]

    def test_what_was_brought_is_not_brought_again(self) -> None:
        kept: list[Any] = []
        begun = [
            answer(200, {"value": {"uploadUrl": "https://www.linkedin.com/up", "image": "urn:li:image:1"}}),
            answer(500, {"message": "x"}),
            answer(200, {"value": {"uploadUrl": "https://www.linkedin.com/up", "image": "urn:li:image:2"}}),
        ]
        http = LinkedIn().when("POST", begun).when("PUT", answer(201, b""))
        first = dataclasses.replace(session(http), keep=kept.append)
        assert publish.prepare(first, Draft("Kijk", (PICTURE, PICTURE))).because is Because.NOT_REACHED
        again = dataclasses.replace(first, kept=kept[-1])
        assert publish.prepare(again, Draft("Kijk", (PICTURE, PICTURE))).handle == {
            "media": ["urn:li:image:1", "urn:li:image:2"]
        }

    def test_a_film_goes_in_pieces_that_are_read_one_by_one(self) -> None:
        whole, read = bytes(range(10)), []
        steps = [
            {"uploadUrl": f"https://www.linkedin.com/up/{n}", "firstByte": n, "lastByte": min(n + 3, 9)}
            for n in (0, 4, 8)
        ]
        http = (
            LinkedIn()
            .when(
                "POST /rest/videos?action=initializeUpload",
                answer(200, {"value": {"video": "urn:li:video:1", "uploadInstructions": steps, "uploadToken": ""}}),
            )
            .when("POST /rest/videos?action=finalizeUpload", answer(200, b""))
            .when("PUT", [answer(200, b"", {"ETag": f'"part{n}"'}) for n in range(3)])
            .when("GET /rest/videos/urn:li:video:1", answer(200, {"status": "AVAILABLE"}))
        )
        film = Medium(
            b"",
            "video/mp4",
            "",
            "9.mp4",
            10,
            reader=lambda first, after: read.append((first, after)) or whole[first:after],
        )  # type: ignore[func-returns-value]
        prepared = publish.prepare(session(http), Draft("Kijk", (film,)))
        assert (prepared.handle, read) == ({"media": ["urn:li:video:1"]}, [(0, 4), (4, 8), (8, 10)])
        assert b"".join(more["content"] for method, _place, more in http.asked if method == "PUT") == whole
        assert http.body("POST /rest/videos?action=finalizeUpload")["finalizeUploadRequest"]["uploadedPartIds"] == [
            "part0",
            "part1",
            "part2",
        ]
        assert http.body("POST /rest/videos?action=initialize")["initializeUploadRequest"]["fileSizeBytes"] == 10

    def test_a_document_goes_when_it_is_ready_with_its_title(self) -> None:
        """https://learn.microsoft.com/linkedin/marketing/community-management/shares/documents-api"""
        begun = answer(200, {"value": {"uploadUrl": "https://www.linkedin.com/up", "document": "urn:li:document:1"}})
        states = [answer(200, {"status": state}) for state in ("PROCESSING", "AVAILABLE")]
        http = (
            LinkedIn()
            .when("POST /rest/documents?action=initializeUpload", begun)
            .when("PUT https://www.linkedin.com/up", answer(201, b""))
            .when("GET /rest/documents/urn:li:document:1", states)
            .when("POST /rest/posts", MADE)
        )
        draft = Draft("Ons verslag", (DOCUMENT,), title="Jaarverslag")
        prepared = publish.prepare(session(http), draft)
        assert publish.send(session(http), tried(draft, **prepared.handle)).verdict is Verdict.DONE
        assert [method for method, _place, _more in http.asked] == ["POST", "PUT", "GET", "GET", "POST"]
        assert http.body("POST /rest/documents") == {"initializeUploadRequest": {"owner": PAGE}}
        put = http.asked[1][2]
        assert (put["content"], put["headers"]["Content-Type"]) == (b"%PDF-1.7", "application/pdf")
        assert http.body("POST /rest/posts")["content"] == {
            "media": {"id": "urn:li:document:1", "title": "Jaarverslag"}
        }
        nameless = publish.post(session(Shut()), dataclasses.replace(draft, title=""), prepared.handle)
        assert nameless["content"]["media"]["title"] == DOCUMENT.alt

    @pytest.mark.parametrize(
        ("reply", "because"),
        [
            (answer(200, {"status": "PROCESSING"}), Because.NOT_REACHED),
            (answer(200, {"status": "PROCESSING_FAILED"}), Because.REJECTED),
            (answer(403, {"message": "no", "status": 403}), Because.NONE),
        ],
    )
    def test_a_document_that_is_not_ready_is_brought_once(
        self, monkeypatch: pytest.MonkeyPatch, reply: Any, because: Because
    ) -> None:
        monkeypatch.setattr(media, "PROCESSING_SECONDS", 0.0)
        http = LinkedIn().when("GET /rest/documents/", reply)
        again = dataclasses.replace(session(http), kept={"media": ["urn:li:document:1"]})
        prepared = publish.prepare(again, Draft("Ons verslag", (DOCUMENT,)))
        assert (prepared.because, bool(prepared.problem)) == (because, because is not Because.NONE)
        assert [method for method, _place, _more in http.asked] == ["GET"]

    def test_how_large_a_document_may_be(self) -> None:
        large = dataclasses.replace(DOCUMENT, content=b"", size=60_000_000)
        assert logic.problem(Draft("x", (large,)), MANIFEST.limits, 1) is None
        heavy = dataclasses.replace(large, size=100_000_001)
        found = publish.prepare(session(Shut()), Draft("x", (heavy,)))
        assert (found.because, found.values["limit"]) == (Because.REJECTED, 100)

    def test_a_film_goes_alone(self) -> None:
        film = Medium(b"x", "video/mp4")
        assert publish.prepare(session(Shut()), Draft("Kijk", (film, PICTURE))).because is Because.REJECTED


class TestFind:
    def test_of_a_person_nothing_can_be_known(self) -> None:
        assert isinstance(publish.find(session(Shut(), "person"), tried(Draft("Hallo"))), CannotKnow)
        assert MANIFEST.delivery_for({"kind": "person"}) == Delivery.BLIND
        assert MANIFEST.delivery_for({"kind": "page"}) == Delivery.READABLE

    @pytest.mark.parametrize(
        ("row", "there"),
        [
            (own(), True),
            (own(commentary=r"Hal\(lo"), False),
            (own(author=ME), False),
            (own(createdAt=int(NOON.timestamp() * 1000) - 3_600_000), False),
            (own(content={"media": {"id": "urn:li:image:1"}}), False),
        ],
    )
    def test_a_page_is_read_back(self, row: Any, there: bool) -> None:
        http = LinkedIn().when("GET /rest/posts?author=", answer(200, {"elements": [row]}))
        found = publish.find(session(http), tried(Draft("Hallo")))
        assert found == (Seen(POST, f"https://www.linkedin.com/feed/update/{POST}/") if there else NotSeen())

    def test_by_its_picture_also_when_the_words_were_cut(self) -> None:
        row = own(commentary="Hal…", content={"multiImage": {"images": [{"id": "urn:li:image:2"}]}})
        http = LinkedIn().when("GET", answer(200, {"elements": [row]}))
        assert isinstance(
            publish.find(session(http), tried(Draft("Hallo", (PICTURE,)), media=["urn:li:image:2"])), Seen
        )

    def test_another_post_of_ours_is_not_it(self) -> None:
        http = LinkedIn().when("GET", answer(200, {"elements": [own()]}))
        attempt = dataclasses.replace(tried(Draft("Hallo")), taken=frozenset({POST}))
        assert publish.find(session(http), attempt) == NotSeen()

    def test_more_than_can_be_read(self) -> None:
        http = LinkedIn().when("GET", answer(200, {"elements": [own(commentary="x")] * 50}))
        assert isinstance(publish.find(session(http), tried(Draft("Hallo"))), CannotKnow)


class TestAnswer:
    def test_under_a_comment(self) -> None:
        http = LinkedIn().when(
            "POST /rest/socialActions/", answer(201, {"commentUrn": COMMENT, "id": "6636062862760562688"})
        )
        outcome = publish.send(session(http), tried(Draft("Dank je (wel)", in_reply_to=COMMENT)))
        assert (outcome.verdict, outcome.remote_id) == (Verdict.DONE, COMMENT)
        assert http.asked[0][1] == f"/rest/socialActions/{COMMENT}/comments"
        assert http.asked[0][2]["json"] == {
            "actor": PAGE,
            "object": "urn:li:activity:6631349431612559360",
            "message": {"text": "Dank je (wel)"},
            "parentComment": COMMENT,
        }

    def test_is_read_back(self) -> None:
        row = {
            "actor": PAGE,
            "commentUrn": COMMENT,
            "message": {"text": "Dank je"},
            "created": {"time": int(NOON.timestamp() * 1000)},
        }
        http = LinkedIn().when("GET /rest/socialActions/", answer(200, {"elements": [row]}))
        attempt = tried(Draft("Dank je", in_reply_to=COMMENT))
        assert isinstance(publish.find(session(http), attempt), Seen)
        assert isinstance(publish.find(session(http, "person"), attempt), CannotKnow)

    def test_its_own_limits(self) -> None:
        assert publish.prepare(session(Shut()), Draft("x" * 1251, in_reply_to=COMMENT)).because is Because.REJECTED
        assert publish.prepare(session(Shut()), Draft("x", (PICTURE,), in_reply_to=COMMENT)).because is Because.REJECTED


class TestMention:
    def test_by_a_number_or_the_address_of_a_page(self) -> None:
        page = "https://nl.linkedin.com/company/bouwmaat/about/"
        assert mention.written("Els [de] Boer", "urn:li:person:aB1", "") == "@[Els de Boer](urn:li:person:aB1)"
        assert mention.written("Bouwmaat", "bouwmaat", page) == "@[Bouwmaat](https://www.linkedin.com/company/bouwmaat)"
        assert mention.written("Els", "els-de-boer", "https://www.linkedin.com/in/els-de-boer") == ""
        assert little.MENTION.fullmatch(mention.written("Bouwmaat", "bouwmaat", page))

    def test_a_page_is_found_by_the_name_in_its_address(self) -> None:
        row = {"id": 5, "localizedName": "Bouwmaat B.V."}
        http = LinkedIn().when("GET /rest/organizations", answer(200, {"elements": [row, "x", {"id": 6}]}))
        found = (Named("Bouwmaat B.V.", "@[Bouwmaat B.V.](urn:li:organization:5)", "linkedin.com/company/bouw-maat"),)
        assert mention.look_up(session(http), "Bouw maat") == found
        assert http.asked[0][1] == "/rest/organizations?q=vanityName&vanityName=bouw-maat"
        mention.look_up(session(http), "https://www.linkedin.com/company/bouw-maat/posts")
        assert http.asked[1][1] == http.asked[0][1]

    @pytest.mark.parametrize(
        ("told", "because"),
        [(answer(403, {"message": "no"}), Because.AUTH), (answer(500, b""), Because.NOT_REACHED)],
    )
    def test_who_may_not_look_hears_so(self, told: Any, because: Because) -> None:
        found = mention.look_up(session(LinkedIn().when("GET", told)), "bouwmaat")
        assert isinstance(found, Health)
        assert found.because is because
        assert mention.look_up(session(LinkedIn()), "bouwmaat") == ()


class TestCorrect:
    def test_other_words(self) -> None:
        http = LinkedIn().when(f"POST /rest/posts/{POST}", answer(204, b""))
        assert correct.edit(session(http), POST, Draft("Nieuw (2)")).verdict is Verdict.DONE
        (_method, _place, more) = http.asked[0]
        assert more["headers"]["X-RestLi-Method"] == "PARTIAL_UPDATE"
        assert more["json"] == {"patch": {"$set": {"commentary": r"Nieuw \(2\)"}}}

    def test_who_is_named_stays_named(self) -> None:
        row = {"id": 2414183, "localizedName": "Bouwmaat"}
        there = answer(200, {"elements": [row]})
        http = LinkedIn().when("GET /rest/organizations", there).when(f"POST /rest/posts/{POST}", answer(204, b""))
        text = "Met @[Bouwmaat](https://www.linkedin.com/company/bouwmaat) en @[Els](urn:li:person:aB1)"
        assert correct.edit(session(http), POST, Draft(text)).verdict is Verdict.DONE
        said = http.body(f"POST /rest/posts/{POST}")["patch"]["$set"]["commentary"]
        assert said == "Met @[Bouwmaat](urn:li:organization:2414183) en @[Els](urn:li:person:aB1)"
        shut = LinkedIn().when("GET /rest/organizations", answer(500, b""))
        assert correct.edit(session(shut), POST, Draft(text)).verdict is Verdict.DEFINITELY_NOT

    def test_taken_away(self) -> None:
        http = LinkedIn().when("DELETE", answer(204, b""))
        assert correct.delete(session(http), POST).verdict is Verdict.DONE
        assert correct.delete(session(http), COMMENT).verdict is Verdict.DONE
        above = "urn:li:activity:6631349431612559360"
        assert http.asked[1][1] == f"/rest/socialActions/{above}/comments/6636062862760562688?actor={PAGE}"


def said(number: int, text: str = "Mooi", by: str = ME, **more: Any) -> dict[str, Any]:
    urn = f"urn:li:comment:(urn:li:activity:1,{number})"
    at = int(NOON.timestamp() * 1000) + number
    return {
        "actor": by,
        "commentUrn": urn,
        "message": {"text": text},
        "created": {"time": at},
        "object": "urn:li:activity:1",
        **more,
    }


class Page:
    """A page with posts and comments, as LinkedIn tells of them."""

    def __init__(self, **posts: list[dict[str, Any]]) -> None:
        self.posts = {f"urn:li:share:{number.strip('p')}": rows for number, rows in posts.items()}

    def request(self, method: str, url: str, **more: Any) -> Any:
        place = unquote(url)
        if "/rest/posts?" in place:
            return answer(200, {"elements": [{"id": urn} for urn in self.posts]})
        if "/rest/socialMetadata" in place:
            return answer(
                200, {"results": {urn: {"commentSummary": {"count": len(rows)}} for urn, rows in self.posts.items()}}
            )
        start = int(place.rsplit("start=", 1)[1])
        rows = next((rows for urn, rows in self.posts.items() if f"/{urn}/" in place), [])
        return answer(200, {"elements": rows[start : start + 100]})


def read_round(http: Any, cursor: str) -> tuple[list[str], str]:
    """All pages that wait now, and the cursor after them."""
    found: list[str] = []
    for _page in range(20):
        batch = listen.fetch(session(http), cursor, {"kind": "comments"})
        assert not batch.problem
        found, cursor = [*found, *(item.text for item in batch.items)], batch.cursor
        if not batch.more:
            break
    return found, cursor


class TestListen:
    def test_each_comment_is_read_and_what_did_not_change_is_left(self) -> None:
        page = Page(p1=[said(1, "een"), said(2, "van ons", by=PAGE)], p2=[said(3, "drie")], p3=[])
        found, cursor = read_round(page, "")
        assert sorted(found) == ["drie", "een"]
        page.posts["urn:li:share:3"].append(said(4, "vier"))
        found, _cursor = read_round(page, cursor)
        assert "vier" in found

    def test_one_taken_away_and_one_that_came_is_found_by_turns(self) -> None:
        page = Page(p1=[said(1, "een")], p2=[said(2, "twee")])
        _found, cursor = read_round(page, "")
        page.posts["urn:li:share:2"][:] = [said(5, "vijf")]
        seen: list[str] = []
        for _look in range(3):
            found, cursor = read_round(page, cursor)
            seen += found
        assert "vijf" in seen

    def test_more_than_one_page_under_a_post(self) -> None:
        found, _cursor = read_round(Page(p1=[said(n, str(n)) for n in range(1, 251)]), "")
        assert len(found) == 250

    def test_what_cannot_be_read_stops_nothing(self) -> None:
        batch = listen.read_all(session(Shut()), [said(1), {"actor": ME}, {**said(2), "created": {"time": "x"}}], "")
        assert (len(batch.items), len(batch.broken)) == (1, 2)

    @pytest.mark.parametrize(
        "reply", [answer(500, b""), answer(200, b"<html>"), answer(200, {"elements": 5}), Unclear("x")]
    )
    def test_trouble_leaves_no_gap(self, reply: Any) -> None:
        before = json.dumps({"todo": [["urn:li:share:1", 0]], "counts": {"urn:li:share:1": 3}, "turn": 2})
        batch = listen.fetch(session(LinkedIn().when("GET", reply)), before, {"kind": "comments"})
        assert (bool(batch.problem), batch.cursor) == (True, before)

    def test_the_thread(self) -> None:
        http = LinkedIn().when(
            "GET /rest/socialActions/urn:li:activity:1/", answer(200, {"elements": [said(2), said(1)]})
        )
        batch = converse.thread(session(http), "urn:li:comment:(urn:li:activity:1,9)")
        assert [item.external_id[-2:] for item in batch.items] == ["1)", "2)"]


class TestAccount:
    def test_places(self) -> None:
        http = (
            LinkedIn()
            .when("GET /v2/userinfo", answer(200, {"sub": "abc-1", "name": "Bram"}))
            .when(
                "GET /rest/organizationAcls?",
                answer(200, {"elements": [{"organization": PAGE, "role": "ADMINISTRATOR"}]}),
            )
            .when(
                "GET /rest/organizations/2414183", answer(200, {"localizedName": "Reurslag", "vanityName": "reurslag"})
            )
        )
        person, page = connect.places(session(http))  # type: ignore[misc]
        assert (person.personal, person.settings) == (True, {"kind": "person", "author": ME})
        assert (page.name, page.settings) == ("Reurslag", {"kind": "page", "author": PAGE})

    def test_an_application_without_pages(self) -> None:
        http = (
            LinkedIn()
            .when("GET /v2/userinfo", answer(200, {"sub": "abc-1", "name": "Bram"}))
            .when("GET /rest/organizationAcls", answer(403, {"message": "no"}))
        )
        assert len(connect.places(session(http))) == 1  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("kind", "reply", "because"),
        [
            ("page", answer(426, {"code": "NONEXISTENT_VERSION", "message": "x"}), Because.REJECTED),
            ("page", answer(404, {"message": "gone"}), Because.REJECTED),
            ("person", answer(401, {"message": "expired"}), Because.AUTH),
            ("person", answer(503, b""), Because.NOT_REACHED),
            ("person", answer(200, {"hello": 1}), Because.NOT_REACHED),
        ],
    )
    def test_health(self, kind: str, reply: Any, because: Because) -> None:
        health = check.check(session(LinkedIn().when("GET", reply), kind))
        assert (health.works, health.because) == (False, because)

    def test_pages_ask_for_what_their_application_was_granted(self) -> None:
        oauth = MANIFEST.oauth
        assert oauth is not None
        assert "rw_organization_admin" in oauth.scopes_for({"product": "community"})
        assert oauth.scopes_for({"product": "share"}) == oauth.scopes


def test_only_a_page_is_listened_to() -> None:
    (kind,) = MANIFEST.sources
    assert kind.there_for({"kind": "page"})
    assert not kind.there_for({"kind": "person"})

"""What an answer says, and how long a text is."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from koor.ground.channels import logic
from koor.ground.channels.actions.asked import check_kind
from koor.ground.channels.contract import Delivery, Draft, Limits, Manifest, Medium, Outcome, Session, Tokens, Verdict
from koor.ground.channels.logic import sign_in
from koor.ground.channels.tests.platform import OAUTH
from koor.kernel.access import Refused
from koor.kernel.http import Answer, Door
from tests.connectors.scripted import answer

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
UNIX = int(NOON.timestamp())


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "30"}, 30),
        ({"Retry-After": "30"}, 30),
        ({"retry-after": "0"}, 1),
        ({"retry-after": "99999999999"}, logic.LONGEST_WAIT),
        ({"retry-after": "Tue, 24 Nov 2026 12:01:00 GMT"}, 60),
        ({"retry-after": "Tue, 24 Nov 2026 12:01:00"}, 60),
        ({"retry-after": "Tue, 24 Nov 2026 11:00:00 GMT"}, 1),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "soon", "x-ratelimit-reset": "2026-11-24T12:02:00.000Z"}, 120),
        ({"x-ratelimit-reset": str(UNIX + 90)}, 90),
        ({"x-ratelimit-reset": "9" * 30}, logic.LONGEST_WAIT),
        ({"x-ratelimit-reset": "never"}, None),
        ({}, None),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], seconds: int | None) -> None:
    assert logic.retry_after(headers, NOON) == seconds


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-11-24T12:00:00.000Z", NOON),
        ("2026-11-24T13:00:00+01:00", NOON),
        ("2026-11-24T12:00:00", NOON),
        ("yesterday", None),
        ("", None),
        (5, None),
    ],
)
def test_moments(text: object, found: datetime | None) -> None:
    assert logic.moment(text) == found


def test_one_line_about_an_answer() -> None:
    session = Session(Door(), 1, {}, {"token": "s3cret", "empty": ""})
    body = b'{"error": "the token s3cret\\nis bad"}'
    assert logic.brief(Answer(401, {}, body, ""), session) == "401: the token …\nis bad"
    assert logic.brief(Answer(500, {}, b"<html>", ""), session) == "500"
    assert len(logic.brief(Answer(422, {}, b'{"error": "' + b"x" * 1000 + b'"}', ""), session)) < 200


def test_sentences_with_places() -> None:
    assert logic.filled_in("%(a)s and more", {"a": 1}) == "1 and more"
    assert logic.filled_in("%(b)s and 100 %", {"a": 1}) == "%(b)s and 100 %"


def test_films_have_a_limit_of_their_own() -> None:
    limits = Limits(media=1, media_bytes=10, film_bytes=100)
    film, picture = Medium(b"x" * 50, "video/mp4"), Medium(b"x" * 50)
    assert logic.problem(Draft("a", (film,)), limits, 1) is None
    assert logic.problem(Draft("a", (picture,)), limits, 1) is not None


def test_some_platforms_are_for_people_only() -> None:
    manifest = Manifest("x", "X", "x", Delivery.BLIND, Limits(), company=False, by_hand=True)
    with pytest.raises(Refused, match="only be a personal account"):
        check_kind(manifest, personal=False)


def test_a_draft_that_does_not_fit_says_why() -> None:
    limits = Limits(characters=5, media=1, media_bytes=2_000_000, media_kinds=("image/jpeg",), alt_characters=8)
    photo = Medium(b"x", name="roof.jpg", alt="A roof")
    wrong = {
        "nothing to say": Draft(" "),
        "6 characters": Draft("Longer"),
        "2 pictures": Draft("Roof", (photo, photo)),
        "image/heic": Draft("Roof", (Medium(b"x", "image/heic"),)),
        "2 MB": Draft("Roof", (Medium(b"", name="roof.jpg", size=2_000_001),)),
        "8 characters": Draft("Roof", (Medium(b"x", name="roof.jpg", alt="A roof in the sun"),)),
    }
    for words, draft in wrong.items():
        found = logic.problem(draft, limits, len(draft.text))
        assert found is not None
        assert words in logic.filled_in(found.problem, found.values)
    assert logic.problem(Draft("Roof", (photo,)), limits, 4) is None


def test_what_may_have_arrived_is_looked_for_first() -> None:
    assert logic.unknown("the line broke" * 100) == Outcome(Verdict.UNKNOWN, answer=("the line broke" * 100)[:200])
    assert logic.not_reached(OSError("no route")).verdict is Verdict.DEFINITELY_NOT


def test_an_application_is_named_in_the_headers_where_a_platform_wants_that() -> None:
    """And nowhere else: what it says of itself may hold signs of any kind (RFC 6749, 2.3.1)."""
    oauth = replace(OAUTH, basic=True)
    headers, body = sign_in.token_request(oauth, "a:b", "ge heim", {"code": "1"})
    assert base64.b64decode(headers["Authorization"].removeprefix("Basic ")) == b"a%3Ab:ge%20heim"
    assert body == {"code": "1"}


def test_tokens_in_a_list_of_one_and_a_life_that_is_none() -> None:
    said = {"data": [{"access_token": "t", "expires_in": 0}]}
    found = sign_in.tokens_from(answer(200, said), NOON)
    assert isinstance(found, Tokens)
    assert (found.access, found.expires_at) == ("t", None)
    assert not sign_in.is_due(found, NOON, NOON + timedelta(days=900)), "what never ends is not renewed"
    for life in (True, float("inf"), -1, "soon"):
        assert sign_in.moment_after(NOON, life) is None

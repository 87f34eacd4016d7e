"""The test server does what the documentation says; the connector leans on these facts."""

from __future__ import annotations

from typing import Any

import pytest

from koor.kernel.http import Unclear
from tests.mastodon_server import MastodonServer, writing
from tests.mastodon_server.conftest import Caller


def post(call: Caller, text: str, key: str = "", **more: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return call("POST", "/api/v1/statuses", json={"status": text, **more}, headers=headers)


def test_a_key_gives_the_same_status_for_one_hour(mastodon: MastodonServer, call: Caller) -> None:
    first = post(call, "Eén keer", "k1").json()
    assert post(call, "Eén keer", "k1").json()["id"] == first["id"]
    assert mastodon.copies("Eén keer") == 1
    mastodon.world.offset += 3601
    assert post(call, "Eén keer", "k1").json()["id"] != first["id"]


def test_compatible_servers_ignore_the_key(mastodon: MastodonServer, call: Caller) -> None:
    mastodon.rules(honours_idempotency_key=False)
    post(call, "Dubbel", "k1")
    post(call, "Dubbel", "k1")
    assert mastodon.copies("Dubbel") == 2


@pytest.mark.parametrize(
    ("text", "spoiler", "counts"),
    [
        ("Hallo", "", 5),
        ("Zie https://reurslag.example/een/heel/lang/adres/dat/niet/telt en meer", "", 4 + 23 + 8),
        ("Dag @els@social.example", "", 8),
        ("Dag @els", "let op", 14),
        ("👨‍👩‍👧 é", "", 3),
    ],
)
def test_counting(text: str, spoiler: str, counts: int) -> None:
    assert writing.count(text, spoiler) == counts


def test_refuses_what_is_too_long_or_empty(call: Caller) -> None:
    assert post(call, "x" * 500).status == 200
    assert post(call, "x" * 501).json()["error"] == "Validation failed: Text character limit of 500 exceeded"
    assert post(call, "  ").status == 422


def test_media_is_processed_before_it_can_be_used(mastodon: MastodonServer, call: Caller) -> None:
    mastodon.rules(media_seconds=60)
    uploaded = call("POST", "/api/v2/media", files={"file": ("a.jpg", b"jpeg", "image/jpeg")})
    media_id = uploaded.json()["id"]
    assert (uploaded.status, uploaded.json()["url"]) == (202, None)
    assert call("GET", f"/api/v1/media/{media_id}").status == 206
    assert post(call, "Foto", media_ids=[media_id]).status == 422
    mastodon.world.offset += 61
    assert call("GET", f"/api/v1/media/{media_id}").status == 200
    assert post(call, "Foto", media_ids=[media_id]).json()["media_attachments"][0]["id"] == media_id
    assert post(call, "Nog eens", media_ids=[media_id]).status == 422


@pytest.mark.parametrize(("mime", "content"), [("text/html", b"<p>"), ("image/svg+xml", b"<svg>"), ("image/png", b"")])
def test_refuses_files_that_are_no_pictures(call: Caller, mime: str, content: bytes) -> None:
    assert call("POST", "/api/v2/media", files={"file": ("a", content, mime)}).status == 422


def test_paging_forward_leaves_no_gap(mastodon: MastodonServer, call: Caller) -> None:
    me = mastodon.world.account("reurslag").id
    ids = [post(call, f"Bericht {n}").json()["id"] for n in range(7)]

    def listed(query: str) -> list[str]:
        return [s["id"] for s in call("GET", f"/api/v1/accounts/{me}/statuses?limit=2&{query}").json()]

    assert listed("") == [ids[6], ids[5]]
    assert listed(f"max_id={ids[5]}") == [ids[4], ids[3]]
    assert listed(f"since_id={ids[0]}") == [ids[6], ids[5]]
    assert listed(f"min_id={ids[0]}") == [ids[2], ids[1]]


def test_notifications_of_people_outside(mastodon: MastodonServer, call: Caller) -> None:
    mine = post(call, "Wie kent dit?").json()["id"]
    mastodon.inject("reply", text="@reurslag Ik!", to=mine)
    mastodon.inject("favourite", to=mine)
    mastodon.inject("follow")
    kinds = [n["type"] for n in call("GET", "/api/v1/notifications").json()]
    assert kinds == ["follow", "favourite", "mention"]
    only = call("GET", "/api/v1/notifications?types[]=mention").json()
    assert only[0]["status"]["in_reply_to_id"] == mine


def test_private_posts_are_not_for_strangers(call: Caller) -> None:
    private = post(call, "Onder ons", visibility="private").json()["id"]
    assert call("GET", f"/api/v1/statuses/{private}").status == 200
    assert call("GET", f"/api/v1/statuses/{private}", token="token-kees").status == 404


def test_edit_and_delete_are_for_the_author(mastodon: MastodonServer, call: Caller) -> None:
    mine = post(call, "Oud").json()["id"]
    assert call("PUT", f"/api/v1/statuses/{mine}", token="token-kees", json={"status": "x"}).status == 404
    edited = call("PUT", f"/api/v1/statuses/{mine}", json={"status": "Nieuw"}).json()
    assert (edited["id"], edited["content"]) == (mine, "<p>Nieuw</p>")
    assert edited["edited_at"]
    assert len(call("GET", f"/api/v1/statuses/{mine}/history").json()) == 2
    assert call("DELETE", f"/api/v1/statuses/{mine}").json()["text"] == "Nieuw"
    assert mastodon.copies("Nieuw") == 0
    assert call("GET", f"/api/v1/statuses/{mine}").status == 404


def test_tokens_and_scopes(call: Caller) -> None:
    assert call("GET", "/api/v1/notifications", token="wrong").status == 401
    assert call("POST", "/api/v1/statuses", token="token-readonly", json={"status": "x"}).status == 403


def test_rate_limits(mastodon: MastodonServer, call: Caller) -> None:
    mastodon.world.offset += 300 - mastodon.world.now() % 300  # the start of a window
    answers = [call("GET", "/api/v1/notifications") for _ in range(301)]
    assert answers[0].headers["X-RateLimit-Remaining"] == "299"
    assert [a.status for a in answers[-2:]] == [200, 429]
    assert "X-RateLimit-Reset" in answers[-1].headers
    mastodon.world.offset += 301
    assert call("GET", "/api/v1/notifications").status == 200


def test_controls_over_http(mastodon: MastodonServer, call: Caller) -> None:
    call("POST", "/_control/rules", json={"honours_idempotency_key": False})
    call("POST", "/_control/faults", json={"route": "POST /api/v1/statuses", "answer": "500", "accepted": True})
    said = call(
        "POST", "/_control/inject", json={"kind": "mention", "from": "els@social.example", "text": "@reurslag?"}
    )
    assert said.json()["status_id"]
    assert post(call, "Toch geplaatst").status == 500
    assert call("GET", "/_control/copies?text=Toch%20geplaatst").json()["live"] == 1
    assert call("GET", "/_control/requests").json()["counts"] == {"POST /api/v1/statuses": 1}
    call("POST", "/_control/reset")
    assert call("GET", "/_control/copies").json() == {"texts": {}}
    assert call("POST", "/_control/rules", json={"nonsense": 1}).status == 422


@pytest.mark.parametrize("answer", ["timeout", "reset", "reset_mid_body", "half_close"])
def test_faults_below_http(mastodon: MastodonServer, call: Caller, answer: str) -> None:
    mastodon.fault(answer, seconds=0.1)
    with pytest.raises(Unclear):
        post(call, "Weg")
    assert mastodon.copies("Weg") == (0 if answer == "reset_mid_body" else 1)
    assert post(call, "Weer").status == 200


@pytest.mark.parametrize(
    ("answer", "status"),
    [("500", 500), ("html", 200), ("empty", 200), ("error_200", 200), ("429_date", 429), ("truncated", 200)],
)
@pytest.mark.parametrize("accepted", [True, False])
def test_faults_in_answers(mastodon: MastodonServer, call: Caller, answer: str, status: int, accepted: bool) -> None:
    mastodon.fault(answer, accepted=accepted)
    assert post(call, "Misschien").status == status
    assert mastodon.copies("Misschien") == int(accepted)

"""What is sent twice because its answer got lost on the way is done once: a program that calls again, and a phone that
plays its queue again."""

import json
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.models import Post, Target
from koor.ground.channels.models import Account
from koor.ground.people import actions as people
from koor.ground.people.models import Person
from tests.mastodon_server import MastodonServer

TEXT = "Acht lokalen in Eibergen hebben frisse lucht."
STATUSES = "POST /api/v1/statuses"


@pytest.mark.parametrize("delivered", [False, True])
def test_p25_a_retried_api_call_is_one_post(
    bram: Person, on_mastodon: Account, mastodon: MastodonServer, delivered: bool
) -> None:
    """Also long after: the key leads to the same post, whatever became of it meanwhile."""
    _row, token = people.make_token(by=bram, person=bram, name="a program")
    headers = {"authorization": f"Bearer {token}", "idempotency-key": "of this program"}
    client, found = Client(headers=headers), set()
    body = json.dumps({"text": TEXT, "accounts": [on_mastodon.pk]})
    for _call in range(3):
        answer = client.post("/api/v1/posts", body, content_type="application/json")
        assert answer.status_code == 200
        found.add(answer.json()["id"])
        if delivered:
            deliver(Target.objects.get().pk)
    deliver(Target.objects.get().pk)
    assert (len(found), Post.objects.count(), Target.objects.get().state) == (1, 1, "published")
    assert (mastodon.copies(TEXT), mastodon.requests(STATUSES)) == (1, 1)
    other = client.post("/api/v1/posts", body.replace("Acht", "Zes"), content_type="application/json")
    assert other.status_code == 409, "the same key for something else is a mistake of the program"
    assert Post.objects.count() == 1


@pytest.mark.parametrize("delivered", [False, True])
def test_p25_an_offline_queue_played_again_is_one_post(
    bram: Person, on_mastodon: Account, mastodon: MastodonServer, visit: Callable[..., Client], delivered: bool
) -> None:
    """The form as the phone kept it, with the key that it was given when it was opened."""
    kept = {"text": TEXT, "accounts": [on_mastodon.pk], "when": "now", "do": "go", "once": str(uuid4())}
    places = set()
    for _time in range(3):
        answer = visit(bram).post("/posts/new/", kept)
        assert answer.status_code == 302, answer.content.decode()[:500]
        places.add(answer["Location"])
        if delivered:
            deliver(Target.objects.get().pk)
    deliver(Target.objects.get().pk)
    assert (len(places), Post.objects.count(), Target.objects.get().state) == (1, 1, "published")
    assert (mastodon.copies(TEXT), mastodon.requests(STATUSES)) == (1, 1)

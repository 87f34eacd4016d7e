"""What the pages of an account and a platform say fits what can be done there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from koor.ground.channels.models import Account, Grant
from koor.ground.people.models import Person

Visit = Callable[[Person | None], Client]


def seen(client: Client, address: str) -> str:
    return client.get(address).content.decode()


@pytest.mark.parametrize("key", ["whatsapp", "webhook"])
def test_where_nothing_is_posted_no_page_speaks_of_posts(
    key: str, marloes: Person, visit: Visit, noon: datetime
) -> None:
    row = Account.objects.create(connector=key, name="The door", owner=marloes, made_at=noon)
    page = seen(visit(marloes), f"/accounts/{row.pk}/")
    assert "in one post" not in page
    assert "Set a rhythm" not in page


def test_who_only_answers_is_not_for_reading(marloes: Person, visit: Visit) -> None:
    client = visit(marloes)
    assert "it is for reading" not in seen(client, "/platforms/whatsapp/")
    assert "who writes gets an answer" in seen(client, "/platforms/whatsapp/")
    assert "it is for reading" in seen(client, "/platforms/webhook/")


def test_where_no_pictures_go_along_there_is_no_number(marloes: Person, visit: Visit) -> None:
    page = seen(visit(marloes), "/platforms/chat/")
    assert "<dt>Pictures</dt><dd>none</dd>" in page


def test_what_works_for_a_few_days_more_says_until_when(marloes: Person, visit: Visit, noon: datetime) -> None:
    grant = Grant.objects.create(
        connector="linkedin",
        person=marloes,
        sealed=b"",
        agreed_at=noon,
        renewed_at=noon,
        ends_at=noon + timedelta(days=6),
    )
    row = Account.objects.create(
        connector="linkedin", name="Ours", owner=marloes, made_at=noon, grant=grant, place="p", health="well"
    )
    assert "It works until 30 November 2026." in seen(visit(marloes), f"/accounts/{row.pk}/")

"""Who showed something reads where it is up and how many people answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from koor.flow.hub.models import Capture, Item
from koor.flow.listening.models import Mention, Source
from koor.flow.publishing.models import Post, Target
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.growth.insight import queries

Visit = Callable[[Person | None], Client]


@pytest.fixture
def shown(noon: datetime, bram: Person) -> Item:
    capture = Capture.objects.create(client_id=uuid4(), by=bram, sentence="Pipes", state="ready", received_at=noon)
    return Item.objects.create(kind="photo", title="Pipes", by=bram, capture=capture, made_at=noon)


def test_the_maker_reads_where_it_is_up_and_what_it_did(
    noon: datetime, bram: Person, marloes: Person, shown: Item, visit: Visit
) -> None:
    account = Account.objects.create(connector="paper", name="Our newsroom", owner=marloes, made_at=noon)
    post = Post.objects.create(
        by=marloes, text="Look.", item=shown, stage="released", made_at=noon, changed_at=noon, released_at=noon
    )
    row = Target.objects.create(
        post=post, account=account, text="Look.", state="published", remote_id="77", published_at=noon
    )
    source = Source.objects.create(account=account, name="Answers", kind="account", made_at=noon)
    for number, ours in enumerate((False, False, True)):
        Mention.objects.create(
            source=source, external_id=str(number), kind="reply", author="A", text="!", in_reply_to="77",
            said_at=noon, stored_at=noon, ours=ours,
        )  # fmt: skip
    assert [(one.pk, one.answers) for one in queries.what_became_of(bram, shown)] == [(row.pk, 2)]
    page = visit(bram).get(f"/capture/{shown.capture_id}/").content.decode()
    assert "Our newsroom" in page
    assert "2 answers" in page
    effect = queries.last_effect(bram)
    assert effect is not None
    assert (effect.own, effect.answers) == (False, 2)
    Target.objects.update(removed_at=noon + timedelta(hours=1))
    assert not queries.what_became_of(bram, shown)

"""A thread is shown beforehand as the posts that it will be cut into."""

from collections.abc import Callable

import pytest
from django.test import Client

from koor.flow.publishing.queries.previews import preview_of
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Draft
from koor.ground.channels.models import Account
from koor.ground.people.models import Person

pytestmark = pytest.mark.django_db
LONG = "Acht lokalen hebben frisse lucht. " * 12


@pytest.fixture
def on_x(account: Callable[..., Account]) -> Account:
    made = account("Ons X", "paper")
    Account.objects.filter(pk=made.pk).update(connector="x")
    return Account.objects.select_related("owner").get(pk=made.pk)


def test_each_part_as_it_will_be_cut(on_x: Account) -> None:
    shown = preview_of(on_x, LONG, link="https://reurslag.example/", options={"thread": "yes"})
    cut = channels.connector("x").posts(
        Draft(LONG, link="https://reurslag.example/", options={"thread": "yes"}), channels.limits_of(on_x)
    )
    assert len(shown.thread) == len(cut) > 1
    assert shown.thread[0][0].startswith(cut[0][:30])
    assert shown.link == "", "it stands in the last part"
    assert "reurslag.example" in "".join(shown.thread[-1])


def test_one_post_is_shown_whole(on_x: Account) -> None:
    assert preview_of(on_x, LONG).thread == ()
    assert preview_of(on_x, "Kort.", options={"thread": "yes"}).thread == ()
    assert preview_of(on_x, "", options={"thread": "yes"}).thread == ()


def test_on_the_page(on_x: Account, bram: Person, visit: Callable[..., Client]) -> None:
    said = {"text": LONG, "accounts": [on_x.pk], "when": "now", "do": "look", f"option-{on_x.pk}-thread": "yes"}
    names = visit(bram).post("/posts/new/", said).content.decode()
    assert "1 of 2" in names

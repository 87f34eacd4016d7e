"""Who really speaks with somebody: in words, for those who talk with them, and quick for ten thousand messages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from koor.flow.relations import queries
from koor.flow.relations.logic.closeness import closeness
from koor.flow.relations.models import Touch
from koor.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("moments", "days", "how"), [(12, 3, "often"), (12, 200, "now_and_then"), (4, 300, "now_and_then"), (1, 1, "once")]
)
def test_in_words(moments, days, how):
    assert closeness(moments, days) == how


def spoke(contact, person, times):
    Touch.objects.bulk_create(
        Touch(
            contact=contact, person=person, kind="message_out", at=clock.now() - timedelta(minutes=n), sentence="n",
            source=f"test:{person.pk}:{n}",
        )
        for n in range(times)
    )  # fmt: skip


def test_seen_by_those_who_talk_with_them(karin, rob, henk, knows):
    knows(rob)
    spoke(karin, rob, 11)
    spoke(karin, henk, 1)
    found = queries.beside(rob, karin, may_read=True)
    assert [(one.name, one.how) for one in found.speaks] == [(henk.name, "once"), (rob.name, "often")]
    assert found.knows
    assert queries.beside(henk, karin, may_read=False).speaks == []


def test_on_the_page_and_not_for_a_newcomer(visit, karin, rob, newcomer, knows):
    knows(rob)
    spoke(karin, rob, 4)
    path = reverse("contacts:contact", args=[karin.pk])
    assert "Who speaks with them" in visit(rob).get(path).content.decode()
    assert "Who speaks with them" not in visit(newcomer).get(path).content.decode()


def test_ten_thousand_messages_open_as_quickly(visit, karin, rob, knows):
    knows(rob)
    path = reverse("contacts:contact", args=[karin.pk])
    browser = visit(rob)
    browser.get(path)
    before = _count(browser, path)
    spoke(karin, rob, 10_000)
    assert _count(browser, path) == before <= 15


def _count(browser, path):
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(path).status_code == 200
    return len(asked)

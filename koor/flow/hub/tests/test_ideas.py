"""The board of ideas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from koor.flow.hub import actions, queries
from koor.flow.hub.choices import IdeaState
from koor.flow.hub.models import Idea, Item
from koor.ground.people.models import Person
from koor.kernel.access import Forbidden, Refused
from koor.kernel.models import AuditEntry

Visit = Callable[[Person | None], Client]


@pytest.fixture
def idea(bram: Person) -> Idea:
    return actions.add_text_item(by=bram, text="A film of the pump at night").idea


def test_it_moves_with_its_item_in_the_library(idea: Idea, marloes: Person, bram: Person) -> None:
    for state, of_item in (("making", "kept"), ("not_now", "shelved"), ("done", "kept"), ("new", "new")):
        for _ in range(2):
            moved = actions.move_idea(by=marloes, idea=idea, state=state, reason="Kindly")
        assert (moved.state, Item.objects.get().state) == (state, of_item)
    assert AuditEntry.objects.filter(verb="hub.move_idea").count() == 4
    item = actions.shelve_item(by=marloes, item=idea.item, reason="After the winter")
    assert (Idea.objects.get().state, Idea.objects.get().reason) == ("not_now", "After the winter")
    actions.reconsider_item(by=marloes, item=item)
    assert Idea.objects.get().state == IdeaState.NEW


def test_what_is_kept_already_is_not_decided_again(idea: Idea, marloes: Person) -> None:
    for state in ("chosen", "making", "done"):
        actions.move_idea(by=marloes, idea=idea, state=state)
    assert Item.objects.get().state == "kept"
    assert AuditEntry.objects.filter(verb="hub.keep_item").count() == 1


def test_not_now_needs_a_kind_word(idea: Idea, marloes: Person, bram: Person) -> None:
    for state, reason in (("not_now", " "), ("nowhere", ""), ("done", "x" * 301)):
        with pytest.raises(Refused):
            actions.move_idea(by=marloes, idea=idea, state=state, reason=reason)
    with pytest.raises(Forbidden):
        actions.move_idea(by=bram, idea=idea, state="done")


def test_its_maker_hears_every_step(idea: Idea, marloes: Person, bram: Person, henk: Person) -> None:
    assert queries.news_for(bram).step is None
    actions.move_idea(by=marloes, idea=idea, state="making", reason="On Friday")
    assert queries.news_for(bram).step == idea
    assert queries.news_for(henk).step is None
    assert queries.last_decision(bram) is None


def test_too_is_no_vote(idea: Idea, bram: Person, henk: Person) -> None:
    later = actions.add_text_item(by=bram, text="Another").idea
    for _ in range(2):
        actions.want_too(by=henk, idea=idea)
    assert [(one.pk, one.liked) for one in queries.ideas(henk)] == [(later.pk, 0), (idea.pk, 1)]
    with pytest.raises(Refused):
        actions.want_too(by=bram, idea=idea)
    actions.want_too(by=henk, idea=idea, wants=False)
    assert queries.idea(henk, idea.pk).liked == 0


def test_the_board(visit: Visit, idea: Idea, marloes: Person, henk: Person) -> None:
    curator, colleague = visit(marloes), visit(henk)
    by_script = {"headers": {"Accept": "application/json"}}
    refused = curator.post(f"/ideas/{idea.pk}/move/", {"state": "not_now"}, **by_script)  # type: ignore[arg-type]
    assert (refused.status_code, refused.json()["page"]) == (422, f"/ideas/{idea.pk}/?state=not_now#move")
    assert 'value="not_now"' in curator.get(f"/ideas/{idea.pk}/?state=not_now").content.decode()
    assert curator.post(f"/ideas/{idea.pk}/move/", {"state": "chosen"}, **by_script).json()["sentence"]  # type: ignore[arg-type]
    assert curator.post(f"/ideas/{idea.pk}/move/", {"state": "not_now"}).status_code == 422
    assert colleague.post(f"/ideas/{idea.pk}/move/", {"state": "done"}).status_code == 403
    colleague.post(f"/ideas/{idea.pk}/too/")
    assert "would like it too" in colleague.get("/ideas/").content.decode()
    assert "pump at night" in colleague.get("/ideas/all/chosen/").content.decode()
    curator.post(f"/ideas/{idea.pk}/move/", {"state": "not_now", "reason": "Too dark now"})
    assert colleague.get(f"/ideas/{idea.pk}/").status_code == 404  # put aside is between maker and curator


@pytest.mark.usefixtures("bare_navigation")
def test_the_board_costs_the_same_for_one_and_for_forty(
    visit: Visit, idea: Idea, marloes: Person, bram: Person, django_assert_max_num_queries: Any
) -> None:
    for number in range(40):
        actions.add_text_item(by=bram, text=f"Number {number}")
    browser = visit(marloes)
    browser.get("/ideas/")
    with django_assert_max_num_queries(4):
        assert "All of them" in browser.get("/ideas/").content.decode()

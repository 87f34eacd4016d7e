"""Wishes of people outside: noted, counted together, asked about, answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from koor.flow.hub import actions, queries
from koor.flow.hub.actions import Ground
from koor.flow.hub.logic import Photo
from koor.flow.hub.models import Item, Voice, Wish
from koor.ground.people.models import Person
from koor.kernel.access import Forbidden, Refused
from koor.kernel.models import AuditEntry

Visit = Callable[[Person | None], Client]
STILL = "How quiet is it when it freezes?"


def wish(by: Person, sentence: str = STILL, **more: Any) -> Wish:
    return actions.note_wish(by=by, sentence=sentence, **more)


def test_a_wish_is_one_sentence_with_its_voices(bram: Person, marloes: Person) -> None:
    first = wish(bram, place="Mastodon", origin="listening.mention", origin_id=7)
    for _ in range(2):
        actions.note_wish(by=marloes, into=first, place="Telephone", origin="listening.mention", origin_id=8)
    found = queries.wishes(bram).get()
    assert (found.sentence, found.voiced, found.asked, found.answered) == (STILL, 2, False, False)
    for sentence in ("", " ", "x" * 301):
        with pytest.raises(Refused):
            wish(bram, sentence)


def test_a_double_click_notes_once(bram: Person) -> None:
    assert wish(bram, once="k") == wish(bram, once="k")
    assert Voice.objects.count() == 1


def test_the_same_wish_counts_together_and_comes_apart(bram: Person, marloes: Person) -> None:
    one, other, third = wish(bram), wish(bram, "Is it loud at night?"), wish(bram, "Does frost matter?")
    actions.merge_wishes(by=marloes, wish=third, into=other)
    assert actions.merge_wishes(by=marloes, wish=other, into=one) == one
    assert [(found.pk, found.voiced) for found in queries.wishes(bram)] == [(one.pk, 3)]
    assert len(queries.around_wish(bram, one).voices) == 3
    assert actions.note_wish(by=bram, into=Wish.objects.get(pk=third.pk)) == one
    with pytest.raises(Refused):
        actions.merge_wishes(by=marloes, wish=one, into=third)
    actions.part_wish(by=marloes, wish=other)
    assert {found.pk for found in queries.wishes(bram)} == {one.pk, other.pk}
    for deed in (actions.merge_wishes, actions.part_wish, actions.close_wish):
        with pytest.raises(Forbidden):
            deed(by=bram, wish=one, **({"into": other} if deed is actions.merge_wishes else {}))  # type: ignore[operator]


def test_an_answer_comes_back_to_the_wish(
    bram: Person, henk: Person, marloes: Person, photo: Photo, show: Callable[..., Item]
) -> None:
    asked = wish(bram, origin="conversations.conversation", origin_id=3)
    merged = wish(bram, "Loud?", origin="conversations.conversation", origin_id=4)
    actions.merge_wishes(by=marloes, wish=merged, into=asked)
    prompt = actions.ask_colleagues(by=marloes, question=STILL, people=[henk, bram], ground=Ground(wish=merged))
    said = actions.answer_prompt(by=henk, prompt=prompt, sentence="Forty decibel, I measured.")
    kept = actions.keep_answer(by=marloes, answer=said)
    chosen = show(bram, "It hums a little")
    actions.answer_wish(by=marloes, wish=asked, item=chosen)
    assert set(queries.around_wish(marloes, asked).items) == {kept, chosen}
    told = queries.wished(marloes, "conversations.conversation", [3, 4, 5])
    assert {key: [(one.wish, set(one.items)) for one in many] for key, many in told.items()} == {
        3: [(asked, {kept.pk, chosen.pk})],
        4: [(asked, {kept.pk, chosen.pk})],
    }
    row = queries.wishes(marloes).get()
    assert (row.asked, row.answered) == (True, True)
    actions.answer_wish(by=marloes, wish=asked, item=chosen, answers=False)
    assert queries.around_wish(marloes, asked).items == [kept]


def test_the_pages(visit: Visit, bram: Person, marloes: Person, show: Callable[..., Item]) -> None:
    colleague, curator = visit(bram), visit(marloes)
    assert "one sentence is enough" in colleague.get("/wishes/").content.decode()
    for _ in range(2):
        page = colleague.post("/wishes/", {"sentence": STILL, "once": "k"})["Location"]
    other = wish(bram, "And in summer?")
    assert STILL in colleague.get(page).content.decode()
    assert colleague.post("/wishes/", {"sentence": ""}).status_code == 422
    assert colleague.post(f"{page}same/", {"into": other.pk}).status_code == 403
    assert curator.post(f"{page}same/", {"into": "x"}).status_code == 422
    kept = curator.post(f"{page}same/", {"into": other.pk})["Location"]
    assert curator.get(page)["Location"] == kept == f"/wishes/{other.pk}/"
    item = show(bram, "It is quiet")
    assert colleague.get(f"/library/{item.pk}/wish/").status_code == 404
    curator.post(f"/library/{item.pk}/wish/", {"wish": other.pk})
    assert "It is quiet" in colleague.get(kept).content.decode()
    curator.post(f"{kept}close/")
    assert "And in summer?" in colleague.get("/wishes/?closed=1").content.decode()
    assert curator.post(f"/library/{item.pk}/wish/", {"wish": "9" * 30}).status_code == 404


def test_counting_together_twice_changes_nothing(bram: Person, marloes: Person) -> None:
    one, other = wish(bram), wish(bram, "Is it loud at night?")
    for _ in range(2):
        assert actions.merge_wishes(by=marloes, wish=other, into=one) == one
    assert AuditEntry.objects.filter(verb="hub.merge_wishes").count() == 1

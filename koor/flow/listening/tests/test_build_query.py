"""Boxes that somebody fills in become an expression that means the same."""

import contextlib
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from koor.flow.listening import actions
from koor.flow.listening.logic.builder import Boxes, expression_of
from koor.flow.listening.logic.match import meets
from koor.flow.listening.logic.query import QueryError, read_query
from koor.ground.people.models import Person

Visit = Callable[[Person | None], Client]


@pytest.mark.parametrize(
    ("boxes", "expression"),
    [
        (Boxes(), ""),
        (Boxes(every="storing pomp"), "storing pomp"),
        (Boxes(every="AND NEAR/3 lang:nl (x) -y a&b"), '"AND" "NEAR/3" "lang:nl" "(x)" "-y" "a&b"'),
        (Boxes(phrase='"koude  douche"'), '"koude douche"'),
        (Boxes(one_of="storing, niet warm\nkapot*"), '(storing OR "niet warm" OR kapot*)'),
        (Boxes(every="pomp", none_of="fiets"), "pomp NOT fiets"),
        (Boxes(every="pomp", none_of="fiets, oude pomp"), 'pomp NOT (fiets OR "oude pomp")'),
        (Boxes(tags="#pomp warmte"), "(#pomp OR #warmte)"),
        (
            Boxes(every="pomp", author="Els de Vries", language="nl", pictures=True),
            'pomp author:"Els de Vries" lang:nl has:media',
        ),
    ],
)
def test_what_comes_out(boxes: Boxes, expression: str) -> None:
    assert expression_of(boxes) == expression
    if expression:
        read_query(expression)


@given(st.text(alphabet='ab#@*"() ,\nORNTA:-é', max_size=25), st.text(alphabet="ab ,ORNT*", max_size=12))
def test_whatever_is_typed_is_read_or_told(typed: str, left_out: str) -> None:
    made = expression_of(Boxes(every="aa", one_of=typed, none_of=left_out))
    with contextlib.suppress(QueryError):
        assert not meets(read_query(made), "")


def test_the_page_leads_to_a_query_with_its_preview(
    visit: Visit, bring_in: Callable[..., actions.Tally], marloes: Person, newcomer: Person
) -> None:
    bring_in({"text": "De pomp is stuk"}, {"text": "Oude pomp"})
    client, address = visit(marloes), reverse("listening:build_query")
    assert "All of these words" in client.get(address).content.decode()
    made = client.get(address, {"made": "1", "every": "pomp", "none_of": "oude"})
    assert made["Location"] == reverse("listening:add_query") + "?expression=pomp+NOT+oude"
    page = client.get(made["Location"]).content.decode()
    assert "It meets 1 of the 2 newest mentions." in page
    wrong = client.get(address, {"made": "1", "none_of": "oude"})
    assert "This only leaves words out." in wrong.content.decode()
    assert "There is nothing here yet." in client.get(address, {"made": "1"}).content.decode()
    assert visit(newcomer).get(address).status_code == 404

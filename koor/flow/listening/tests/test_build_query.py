"""Boxes that somebody fills in become an expression that means the same."""

import contextlib
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from koor.flow.listening import actions
from koor.flow.listening.logic.builder import Boxes, boxes_of, expression_of
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
        (Boxes(every="warmtepomp, boiler,ketel; 3,5"), 'warmtepomp boiler ketel "3,5"'),
        (Boxes(one_of="3,5 bar, lek"), '("3,5 bar" OR lek)'),
        (Boxes(phrase="nee, dank je"), '"nee, dank je"'),
        (Boxes(tags="#pomp,#warmte;lek"), "(#pomp OR #warmte OR #lek)"),
        (Boxes(author="Els de Vries, bob"), '(author:"Els de Vries" OR author:"bob")'),
        (
            Boxes(every="pomp", author="Els de Vries", language="nl", pictures=True),
            'pomp author:"Els de Vries" lang:nl has:media',
        ),
    ],
)
def test_what_comes_out(boxes: Boxes, expression: str) -> None:
    assert expression_of(boxes) == expression
    if expression:
        back = boxes_of(expression)
        assert back is not None
        assert set(read_query(expression_of(back)).clauses) == set(read_query(expression).clauses)


@pytest.mark.parametrize(
    ("expression", "boxes"),
    [
        ("storing OR kapot", Boxes(one_of="storing\nkapot")),
        ('pomp NOT fiets NOT "oude pomp"', Boxes(every="pomp", none_of="fiets\noude pomp")),
        ('"koude douche" (pomp OR ketel) lang:NL', Boxes(phrase="koude douche", one_of="pomp\nketel", language="nl")),
        ("pomp,ketel warm,", Boxes(every="warm", phrase="pomp ketel")),
        ('pomp "koude douche" "geen druk"', Boxes(every="pomp", phrase="koude douche", one_of="geen druk")),
        ('"koude douche" "geen druk" "te heet"', None),
        ('author:"Vries, Els"', Boxes(author="Vries Els")),
        ("pomp NEAR/5 lekt", None),
        ("(a1 OR b1) (c1 OR d1)", None),
        ("source:mastodon pomp", None),
        ("pomp OR (ketel NOT oud)", None),
        ("((((", None),
        ("pomp " * 301, None),
    ],
)
def test_what_boxes_can_hold_is_put_back_in_them(expression: str, boxes: Boxes | None) -> None:
    assert boxes_of(expression) == boxes


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


def test_a_saved_query_opens_in_boxes_where_they_can_hold_it(visit: Visit, house: object, marloes: Person) -> None:
    saved = actions.add_query(by=marloes, name="Pompen", expression="pomp NOT (fiets OR oude)")
    client, address = visit(marloes), reverse("listening:build_query")
    page = client.get(address, {"query": saved.pk})
    assert page.context["form"].initial["none_of"] == "fiets\noude"
    made = client.get(address, {"made": "1", "query": saved.pk, "every": "ketel"})
    assert made["Location"] == f"/listen/queries/{saved.pk}/?expression=ketel"
    assert "Not saved yet" in client.get(made["Location"]).content.decode()
    actions.edit_query(by=marloes, query=saved, name="Pompen", expression="pomp NEAR/3 lekt")
    unfit = client.get(address, {"query": saved.pk}).content.decode()
    assert "This query asks for more than boxes can hold." in unfit
    assert "pomp NEAR/3 lekt" in unfit

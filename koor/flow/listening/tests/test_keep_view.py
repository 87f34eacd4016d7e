"""Views of the stream, and copies behind the first of them."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from koor.flow.listening import actions, queries
from koor.flow.listening.models import Mention, View
from koor.ground.people.models import Person
from koor.kernel.access import Forbidden, Refused
from koor.kernel.models import AuditEntry

BringIn = Callable[..., actions.Tally]
Visit = Callable[[Person | None], Client]


def test_a_view_of_ones_own_and_one_for_everybody(visit: Visit, marloes: Person, pieter: Person) -> None:
    curator, pr = visit(marloes), visit(pieter)
    kept = {"label": "ohoh", "q": "pomp", "name": "Brandjes"}
    page = curator.post(reverse("listening:keep_view"), {**kept, "shared": "on"}, follow=True)
    assert page.redirect_chain == [("/listen/?label=ohoh&q=pomp", 302)]
    assert "Brandjes" in page.content.decode()
    assert "Brandjes" in pr.get(reverse("listening:stream")).content.decode()
    pr.post(reverse("listening:keep_view"), {"who": "els", "name": "Els", "shared": "on"})
    mine = View.objects.get(name="Els")
    assert (mine.by, mine.asked) == (pieter, "who=els")
    assert "Els" not in str(curator.get(reverse("listening:stream")).context["views"])
    assert pr.post(reverse("listening:drop_view", args=[View.objects.get(by=None).pk])).status_code == 403
    assert curator.post(reverse("listening:drop_view", args=[mine.pk])).status_code == 404
    pr.post(reverse("listening:drop_view", args=[mine.pk]))
    assert list(View.objects.values_list("name", flat=True)) == ["Brandjes"]
    page = curator.post(reverse("listening:keep_view"), {"q": "pomp", "name": " ", "shared": "on"}, follow=True)
    assert page.context["view_form"].initial == {"name": " ", "shared": True}, "what was chosen stays"
    assert AuditEntry.objects.filter(verb__in=["listening.keep_view", "listening.drop_view"]).count() == 3


def test_a_name_with_every_sign_comes_back_as_it_was(visit: Visit, pieter: Person) -> None:
    who = "José & zn + 1% #els; a=b"
    page = visit(pieter).post(reverse("listening:keep_view"), {"who": who, "name": "José"}, follow=True)
    assert page.context["filters"].who == who
    assert View.objects.get().asked.startswith("who=José %26 zn")


def test_what_can_not_be_kept(marloes: Person, pieter: Person, anneke: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    fine = queries.Filters(words="pomp")
    for name, filters in (("", fine), ("Alles", queries.Filters())):
        with pytest.raises(Refused):
            actions.keep_view(by=marloes, name=name, filters=filters)
    with pytest.raises(Forbidden):
        actions.keep_view(by=anneke, name="x", filters=fine)
    with pytest.raises(Forbidden):
        actions.keep_view(by=pieter, name="x", filters=fine, shared=True)
    actions.keep_view(by=marloes, name="Pomp", filters=fine)
    actions.keep_view(by=marloes, name="POMP", filters=queries.Filters(words="ketel"))
    assert [(one.name, one.asked) for one in queries.beside_the_stream(marloes)[2]] == [("POMP", "q=ketel")]
    monkeypatch.setattr("koor.flow.listening.actions.viewing.MOST", 1)
    with pytest.raises(Refused):
        actions.keep_view(by=marloes, name="Nog een", filters=fine)


def test_copies_stand_behind_the_first(visit: Visit, bring_in: BringIn, marloes: Person) -> None:
    bring_in({"text": "De pomp"}, {"text": "Iets anders"})
    bring_in({"id": "c1", "text": "De pomp"}, {"id": "c2", "text": "De pomp"}, source="Ander")
    first, *others = Mention.objects.filter(text="De pomp").order_by("pk")
    Mention.objects.filter(pk__in=[one.pk for one in others]).update(copy_of=first)
    client, address = visit(marloes), reverse("listening:stream")
    page = client.get(address)
    assert {(row.mention.pk, row.copies) for row in page.context["stream"].rows if row.copies} == {(first.pk, 2)}
    assert len(page.context["stream"].rows) == 2
    assert "and 2 more like it" in page.content.decode()
    opened = client.get(address, {"same": first.pk}).context["stream"].rows
    assert {row.mention.pk for row in opened} == {first.pk, *(one.pk for one in others)}
    there = client.get(address, {"source": others[0].source_id}).context["stream"].rows
    assert len(there) == 2

"""Several marks in one step, what is new, and files to take along."""

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from koor.flow.listening import actions, queries
from koor.flow.listening.models import Correction, Mention
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM
from koor.kernel.models import AuditEntry

BringIn = Callable[..., actions.Tally]
Visit = Callable[[Person | None], Client]


def _text(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode()


def test_several_are_marked_and_taken_back_in_one_step(visit: Visit, bring_in: BringIn, marloes: Person) -> None:
    bring_in(*({"text": f"Bericht {n}"} for n in range(3)))
    one, two, three = Mention.objects.order_by("pk")
    actions.mark(by=marloes, mention_id=one.pk, label="aha")
    client, address = visit(marloes), reverse("listening:mark_many")
    ticked = {"m": [one.pk, two.pk, "x", 10**9], "label": "noise", "back": "/listen/?label=open"}
    answered = client.post(address, ticked, follow=True)
    assert answered.redirect_chain == [("/listen/?label=open", 302)]
    page = answered.content.decode()
    assert "Marked 2." in page
    assert [row.label for row in Mention.objects.order_by("pk")] == ["noise", "noise", ""]
    assert AuditEntry.objects.filter(verb="listening.mark").count() == 3
    undo = next(part.split('"')[0] for part in page.split('action="') if part.startswith(address + "?"))
    client.post(undo.replace("&amp;", "&"))
    assert [row.label for row in Mention.objects.order_by("pk")] == ["aha", "", ""]
    assert "Tick what you want to mark first." in client.post(address, {"label": "aha"}, follow=True).content.decode()
    assert client.post(address, {"m": [three.pk], "label": "fire"}).status_code in (400, 409, 422)


def test_the_way_back_to_what_koor_marked_is_no_lesson(visit: Visit, bring_in: BringIn, marloes: Person) -> None:
    bring_in({"text": "De pomp"}, {"text": "De ketel"})
    pks = [one.pk for one in Mention.objects.order_by("pk")]
    many, client = reverse("listening:mark_many"), visit(marloes)
    for way, sent in ((many, {"m": pks}), (reverse("listening:mark", args=[pks[0]]), {})):
        Mention.objects.update(label="aha", labelled_by=None, labelled_at=clock.now())
        page = client.post(way, {**sent, "label": "noise", "back": "/listen/"}, follow=True).content.decode()
        assert Correction.objects.exists()
        undo = next(part.split('"')[0] for part in page.split('action="') if part.startswith(way + "?"))
        client.post(undo.replace("&amp;", "&"))
        assert set(Mention.objects.values_list("label", "labelled_by")) == {("aha", None)}
        assert not Correction.objects.exists()


def test_a_line_tells_what_is_new(visit: Visit, noon: datetime, bring_in: BringIn, marloes: Person) -> None:
    bring_in({"text": "De pomp"})
    query = actions.add_query(by=SYSTEM, name="Pomp", expression="pomp")
    client, address = visit(marloes), reverse("listening:news")
    drawn = client.get(reverse("listening:stream")).context
    since, asked = drawn["since"], {"since": drawn["since"], "seen": drawn["seen"]}
    assert client.get(address, asked).json() == {"number": 0, "words": "", "burns": ""}
    with clock.fixed(noon + timedelta(minutes=1)):
        bring_in({"id": "a", "text": "Nog een pomp"}, {"id": "b", "text": "Ketel"})
    assert client.get(address, asked).json()["words"] == "2 new: show them"
    assert client.get(address, {**asked, "query": query.pk}).json()["number"] == 1
    assert client.get(address, {"since": since}).json()["number"] == 3, "what is stored together has one moment"
    assert client.get(address, {"since": "9" * 30}).json()["number"] == 3
    assert client.get(address).json()["number"] == 3


def test_a_table_that_no_spreadsheet_runs(visit: Visit, bring_in: BringIn, marloes: Person) -> None:
    query = actions.add_query(by=marloes, name="=Pomp", expression="pomp")
    hostile = ["=HYPERLINK(1) pomp", "+1", "-1", "@x", "gewoon"]
    bring_in(*({"text": text, "author": "=cmd|' /C calc'!A0"} for text in hostile), {"id": "z", "text": "\tpomp"})
    client, address = visit(marloes), reverse("listening:export")
    answer = client.post(address, {"form": "csv"})
    assert "attachment" in answer["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(_text(answer).lstrip("\ufeff"))))
    assert len(rows) == 6
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t"))]
    taken = [
        json.loads(line) for line in _text(client.post(address, {"form": "jsonl", "query": query.pk})).splitlines()
    ]
    assert [(row["text"], row["queries"]) for row in taken] == [("pomp", ["=Pomp"]), (hostile[0], ["=Pomp"])]
    entry = AuditEntry.objects.filter(verb="listening.export").latest("pk")
    assert (entry.actor_id, entry.detail["filters"]) == (marloes.pk, {"label": "all", "query": query.pk})
    assert client.post(address, {"form": "exe"}).status_code in (400, 409, 422)
    assert client.get(address).status_code == 405


def test_files_are_read_in_parts_and_have_an_end(
    bring_in: BringIn, marloes: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(*({"text": f"Bericht {n}"} for n in range(7)))
    monkeypatch.setattr("koor.flow.listening.queries.arriving.AT_ONCE", 2)
    assert [row["text"] for row in queries.taken_out(marloes, queries.Filters(), 5)] == [
        f"Bericht {n}" for n in (6, 5, 4, 3, 2)
    ]
    assert len(list(queries.taken_out(marloes, queries.Filters(), 100))) == 7


def test_only_for_who_may_listen(visit: Visit, bring_in: BringIn, newcomer: Person, anneke: Person) -> None:
    bring_in({"text": "De pomp"})
    for person in (newcomer, anneke):
        client = visit(person)
        assert client.get(reverse("listening:news")).status_code == 404
        assert client.post(reverse("listening:export"), {"form": "csv"}).status_code == 404
        assert client.post(reverse("listening:mark_many"), {"m": 1, "label": "aha"}).status_code == 404
    assert not AuditEntry.objects.filter(verb="listening.export").exists()

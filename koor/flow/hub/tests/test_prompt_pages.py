"""Questions to colleagues as pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from koor.flow.hub import actions
from koor.flow.hub.models import Item, Prompt
from koor.ground.people.models import Absence, Discipline, House, Person

Visit = Callable[[Person | None], Client]


def test_asking_and_answering(visit: Visit, marloes: Person, bram: Person, henk: Person) -> None:
    curator, colleague = visit(marloes), visit(bram)
    sent = {
        "question": "Who can show a pump?",
        "disciplines": [Discipline.objects.get(name="Installers").pk],
        "once": "k",
    }
    for _ in range(2):
        address = curator.post("/questions/add/", sent)["Location"]
    prompt = Prompt.objects.get()
    assert set(prompt.asked.all()) == {bram, henk}
    assert "Who can show a pump?" in colleague.get(address).content.decode()
    colleague.post(f"{address}answer/", {"sentence": "I have one on Friday."})
    page = curator.get(address).content.decode()
    assert "I have one on Friday." in page
    kept = curator.post(f"/answers/{prompt.answers.get().pk}/keep/")
    assert kept["Location"] == f"/library/{Item.objects.get().pk}/"
    curator.post(f"{address}close/")
    assert "closed" in colleague.get(address).content.decode()
    assert "Who can show a pump?" in curator.get("/questions/?closed=1").content.decode()
    assert colleague.post(f"{address}answer/", {"sentence": "Another"}).status_code == 422


def test_who_is_chosen_and_not_asked_is_named(visit: Visit, marloes: Person, bram: Person, henk: Person) -> None:
    Absence.objects.create(person=henk, first_day=date(2020, 1, 1), last_day=date(2100, 1, 1))
    sent = {"question": "Who can show a pump?", "people": [bram.pk, henk.pk]}
    page = visit(marloes).post("/questions/add/", sent, follow=True).content.decode()
    assert "Asked 1 colleague." in page
    assert "Not asked: Henk Oonk is away." in page


def test_no_is_as_easy_as_yes(visit: Visit, marloes: Person, bram: Person) -> None:
    prompt = actions.ask_colleagues(by=marloes, question="Who?", people=[bram])
    assert visit(bram).post(f"/questions/{prompt.pk}/answer/", {"declined": "1"})["Location"] == "/"
    page = visit(marloes).get(f"/questions/{prompt.pk}/").content.decode()
    assert "Answers will stand here" in page


def test_a_wrong_question_keeps_what_was_typed(visit: Visit, marloes: Person, bram: Person) -> None:
    page = visit(marloes).post("/questions/add/", {"question": "Who can show it?", "until": "2026-99-99"})
    assert page.status_code == 422
    assert "Who can show it?" in page.content.decode()
    nobody = visit(marloes).post("/questions/add/", {"question": "Who can show it?"})
    assert "Nobody is asked yet" in nobody.content.decode()
    assert not Prompt.objects.exists()


def test_an_empty_answer_keeps_the_page(visit: Visit, marloes: Person, bram: Person) -> None:
    prompt = actions.ask_colleagues(by=marloes, question="Who?", people=[bram])
    assert visit(bram).post(f"/questions/{prompt.pk}/answer/", {"sentence": " "}).status_code == 422


@pytest.mark.usefixtures("bare_navigation")
def test_the_list_costs_the_same_for_one_and_for_thirty(
    visit: Visit, marloes: Person, bram: Person, henk: Person, django_assert_num_queries: Any
) -> None:
    browser = visit(marloes)
    House.objects.update(questions_a_week=100)

    def ask(number: int) -> None:
        made = actions.ask_colleagues(by=marloes, question=f"Number {number}", people=[bram, henk])
        actions.answer_prompt(by=bram, prompt=made, sentence="Me")

    ask(0)
    browser.get("/questions/")
    with django_assert_num_queries(4):
        browser.get("/questions/")
    for number in range(1, 30):
        ask(number)
    with django_assert_num_queries(4):
        browser.get("/questions/")

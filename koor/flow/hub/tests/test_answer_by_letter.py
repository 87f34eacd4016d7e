"""A question comes by mail; it is answered from there, once, without signing in; nobody gets too many."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from koor.flow.hub import actions
from koor.flow.hub.models import AnswerLink, Capture, Prompt, PromptAnswer
from koor.flow.hub.tests.conftest import jpeg
from koor.ground.people.models import House, Person
from koor.kernel import clock
from koor.kernel.access import Refused
from koor.kernel.models import Mail

Visit = Callable[[Person | None], Client]


@pytest.fixture
def prompt(noon: datetime, marloes: Person, bram: Person) -> Prompt:
    return actions.ask_colleagues(by=marloes, question="Who can show a heat pump?", people=[bram])


def address() -> str:
    found = re.search(r"https?://[^/]+(/answer/\S+)", Mail.objects.get().text)
    assert found
    return found[1]


def test_one_sentence_from_the_letter_once(prompt: Prompt, bram: Person, visit: Visit) -> None:
    letter = Mail.objects.get()
    assert (letter.to, letter.subject) == (bram.email, "A question for you: Who can show a heat pump?")
    stranger = visit(None)
    assert "Who can show a heat pump?" in stranger.get(address()).content.decode()
    thanks = stranger.post(address(), {"sentence": "I have one at the Lindelaan."})
    assert "Thank you" in thanks.content.decode()
    assert PromptAnswer.objects.get().by == bram
    again = stranger.post(address(), {"sentence": "And another."})
    assert (again.status_code, PromptAnswer.objects.get().sentence) == (410, "I have one at the Lindelaan.")


def test_one_photo_from_the_letter(prompt: Prompt, bram: Person, visit: Visit) -> None:
    photo = SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")
    assert visit(None).post(address(), {"photo": photo}).status_code == 200
    shown = Capture.objects.get()
    assert (shown.by, PromptAnswer.objects.get().capture) == (bram, shown)
    assert not shown.who_told  # so that it is not published yet


@pytest.mark.parametrize("who", ["nobody", "me", "later"])
def test_who_is_in_the_photo_from_the_letter(prompt: Prompt, bram: Person, visit: Visit, who: str) -> None:
    photo = SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")
    visit(None).post(address(), {"photo": photo, "who": who})
    shown = Capture.objects.get()
    named = [(bram, "yes")] if who == "me" else []
    assert [(one.person, one.agrees) for one in shown.portrayed.all()] == named
    assert shown.who_told is (who != "later")


def test_nothing_is_no_answer_and_the_address_stays_open(prompt: Prompt, visit: Visit) -> None:
    answer = visit(None).post(address(), {"sentence": " "})
    assert (answer.status_code, AnswerLink.objects.get().used_at) == (422, None)


def test_what_is_no_photo_or_too_large_is_said_and_the_address_stays_open(
    prompt: Prompt, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("koor.kernel.uploads.MAX_FILE_BYTES", 5000)
    for name, content, why in (("a.jpg", jpeg() + b"x" * 5000, "larger than 40 MB"), ("a.svg", b"<svg/>", "SVG")):
        sent = {"sentence": "Here it is.", "photo": SimpleUploadedFile(name, content, "image/jpeg")}
        answer = visit(None).post(address(), sent)
        assert (answer.status_code, AnswerLink.objects.get().used_at) == (422, None)
        assert why in answer.content.decode()
        assert "Here it is." in answer.content.decode()


def test_an_old_address_a_closed_question_and_a_guess_do_nothing(
    prompt: Prompt, marloes: Person, bram: Person, visit: Visit
) -> None:
    assert visit(None).get("/answer/koor_guess/").status_code == 410
    with clock.fixed(clock.now() + timedelta(days=15)):
        assert visit(None).get(address()).status_code == 410
    actions.close_prompt(by=marloes, prompt=prompt)
    assert visit(None).get(address()).status_code == 410


def test_who_left_answers_nothing(prompt: Prompt, bram: Person, visit: Visit) -> None:
    Person.objects.filter(pk=bram.pk).update(is_active=False)
    assert visit(None).post(address(), {"sentence": "Hello"}).status_code == 410


def test_nobody_gets_more_questions_than_the_house_allows(
    prompt: Prompt, marloes: Person, bram: Person, henk: Person
) -> None:
    House.objects.update(questions_a_week=1)
    both = actions.ask_colleagues(by=marloes, question="And a boiler?", people=[bram, henk])
    assert list(both.asked.all()) == [henk]
    with pytest.raises(Refused, match="enough questions this week"):
        actions.ask_colleagues(by=marloes, question="Or a stove?", people=[bram])
    with clock.fixed(clock.now() + timedelta(days=8)):
        assert actions.ask_colleagues(by=marloes, question="Or a stove?", people=[bram]).asked.count() == 1

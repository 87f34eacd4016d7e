"""A letter: where the answer goes stands at the answer box, and nothing that was written in it is lost."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from koor.flow.conversations import actions, queries
from koor.flow.listening.models import RawEvent, Source
from koor.ground.channels.models import Account
from koor.kernel import clock
from koor.kernel.access import SYSTEM, NotFound

WHOLE = "Van: Utrecht\nNaar: Zwolle\nDatum: 3 mei\nHoeveel mensen: 12"
TO = "els@elsewhere.example"


@pytest.fixture
def box(marloes, noon):
    account = Account.objects.create(
        connector="mail", name="hallo@", purpose="service", owner=marloes, made_at=clock.now(), handle="hallo@x.example"
    )
    return Source.objects.create(name="hallo@", kind="account", account=account, made_at=clock.now())


@pytest.fixture
def arrived(box, said):
    """A letter came in: `arrived("what is shown", "all of it")`."""

    def make(text, whole=WHOLE, **fields):
        told = {"raw": {"letter": whole, "answering": {"to": TO, "subject": "Reis"}}}
        body, number = json.dumps(told), RawEvent.objects.count()
        event = RawEvent.objects.create(
            source=box, external_id=f"<{number}@x>", body=body, form="line", state="read", received_at=clock.now()
        )
        mention = said(text, source=box, event=event, kind="direct", handle="els@school.example", **fields)
        return actions.open_from_mention(by=SYSTEM, mention=mention)

    return make


def test_where_the_answer_goes_stands_at_the_answer_box(arrived, marloes, visit):
    talk = arrived("Hoi")
    assert f"{TO}</p>" in visit(marloes).get(reverse("conversations:inbox_one", args=[talk.pk])).content.decode()
    assert actions.answer(by=marloes, conversation=talk, text="Hoi Els").target.options["to"] == TO


def test_what_was_left_out_is_one_step_away(arrived, marloes, visit):
    talk = arrived("Reis\n\nVan: Utrecht")
    letter = reverse("conversations:letter", args=[talk.messages.get().pk])
    there = visit(marloes)
    assert letter in there.get(reverse("conversations:inbox_one", args=[talk.pk])).content.decode()
    page = there.get(f"{letter}?place=inbox").content.decode()
    assert "Hoeveel mensen: 12" in page
    assert reverse("conversations:inbox_one", args=[talk.pk]) in page


def test_a_letter_that_stands_there_whole_has_no_other_page(arrived, marloes, visit):
    talk = arrived("Reis\n\nKom je?", "Kom je?\n")
    letter = reverse("conversations:letter", args=[talk.messages.get().pk])
    assert letter not in visit(marloes).get(reverse("conversations:inbox_one", args=[talk.pk])).content.decode()


def test_only_letters_and_only_for_who_sees_the_conversation(arrived, opened, marloes, henk, visit):
    letter = arrived("Hoi").messages.get()
    assert visit(henk).get(reverse("conversations:letter", args=[letter.pk])).status_code == 404
    with pytest.raises(NotFound):
        queries.letter(marloes, opened("Geen brief", by="Joost Wender").messages.get().pk)


def test_many_letters_take_no_more_queries_than_one(arrived, marloes, visit):
    there, counted = visit(marloes), []
    for number in range(3):
        page = reverse("conversations:inbox_one", args=[arrived(f"Vraag {number}").pk])
        with CaptureQueriesContext(connection) as asked:
            there.get(page)
        counted.append(len(asked))
    assert counted[1] == counted[2]

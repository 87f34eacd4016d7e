"""A question goes to who declared to know about it, to sales when it is about buying, and where corrections point."""

import pytest

from koor.flow.conversations.logic import topics
from koor.flow.conversations.queries import reasons
from koor.flow.listening import queries as listening
from koor.ground.governance import actions as governance
from koor.ground.people import actions as people
from koor.ground.people.choices import Autonomy
from koor.kernel.access import SYSTEM


@pytest.fixture
def can(db):
    def declare(person, *names, kind="subject"):
        for name in names:
            people.declare_skill(by=person, person=person, name=name, kind=kind)

    return declare


def told(conversation):
    return str(reasons.why(conversation, None, reasons.people_in([conversation])))


def test_to_who_declared_to_know_it(opened, can, henk, bram):
    can(henk, "vloerverwarming")
    can(bram, "zonnepanelen")
    conversation = opened("Hoe krijg ik de lucht uit de vloerverwarming?", by="Els Vos")
    assert (conversation.assignee, conversation.ground) == (henk, "skill")
    assert told(conversation) == "With Henk, who knows about this: vloerverwarming."
    assert opened("De omvormer zoemt, hoort dat?", by="Jan Pot").assignee == bram


def test_several_who_know_it_are_asked_and_who_practises_is_not(opened, can, henk, bram, newcomer):
    for one in (henk, bram, newcomer):
        can(one, "warmtepompen")
    assert newcomer.autonomy == Autonomy.PRACTISE
    conversation = opened("Mijn warmtepomp bromt, is dat normaal?", by="Els Vos")
    assert set(conversation.offered) == {henk.pk, bram.pk}


def test_in_another_language_who_speaks_it(opened, can, henk, bram, house):
    house.language = "nl"
    house.save()
    for one in (henk, bram):
        can(one, "warmtepompen")
    can(bram, "Engels", kind="language")
    assert opened("Is it normal that our heat pump hums when it is cold?", by="Els Vos").assignee == bram
    assert set(opened("Is het normaal dat onze warmtepomp bromt?", by="Jan Pot").offered) == {henk.pk, bram.pk}


def test_buying_goes_to_sales(opened, can, bram, rob):
    can(bram, "warmtepompen")
    governance.set_responsibility(by=SYSTEM, purpose="sales", person=rob, agreed="")
    conversation = opened("Wat kost een warmtepomp voor een rijtjeshuis?", by="Els Vos")
    assert (conversation.assignee, conversation.ground) == (rob, "buying")
    assert told(conversation) == "With Rob, because this is about buying."


def test_who_answered_about_something_else_comes_after_who_knows(opened, can, bram, anneke, marloes):
    from koor.flow.conversations import actions

    can(bram, "zonnepanelen")
    can(anneke, "facturen")
    first = opened("Klopt mijn factuur?", by="Els Vos")
    actions.answer(by=anneke, conversation=first, text="Ik kijk even.", last_message=None)
    actions.finish(by=anneke, conversation=first)
    assert opened("Waarom is de opbrengst van de zonnepanelen laag?", by="Els Vos").assignee == bram
    first.refresh_from_db()


def test_what_corrections_taught_where_the_promise_is_kept(opened, monkeypatch, anneke, bram, can):
    def guess(question, text, lang=""):
        return "service" if sure else ""

    sure = True
    monkeypatch.setattr(listening, "sure_of", guess)
    conversation = opened("De krul is zoek", by="Els Vos")
    assert (conversation.assignee, conversation.ground) == (anneke, "learnt")
    assert told(conversation) == "With Anneke, because questions like this go to Service."
    sure = False
    assert opened("De krul is zoek", by="Jan Pot").ground == "unsure"


@pytest.mark.parametrize(
    ("text", "first", "buying"),
    [
        ("Wat kost een warmtepomp?", "quotes", True),
        ("How much is a charging point?", "quotes", True),
        ("De factuur van de warmtepomp klopt niet", "invoices", False),
        ("Bedankt voor de zonnepanelen. De kraan lekt", "breakdown", False),
        ("De factuur is betaald. Hoe vaak vervang ik het filter?", "ventilation", False),
        ("Hallo", None, False),
        ("", None, False),
        ("🔥" * 5000, None, False),
        ("'" * 10_000 + "warmtepomp" * 1_000, None, False),
    ],
)
def test_what_a_message_asks(text, first, buying):
    want = topics.wanted(text)
    assert (want.topics[0].key if want.topics else None) == first
    assert want.buying is buying


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hoe zet ik de verwarming lager als we niet thuis zijn?", "nl"),
        ("How do I set the heating when we are not home?", "en"),
        ("Wie stelle ich die Heizung ein, wenn wir nicht zu Hause sind und die Sonne scheint?", "de"),
        ("ok", ""),
        ("", ""),
        ("今日は", ""),
    ],
)
def test_in_which_language(text, language):
    assert topics.tongue(text) == language


def test_a_skill_that_nobody_has_points_to_nobody():
    want = topics.wanted("Mijn warmtepomp bromt")
    assert topics.who_knows(want, {}) == ((), "")
    assert topics.who_knows(want, {"warmtepompen": []}) == ((), "")


def test_who_knows_all_of_it_comes_first():
    want = topics.wanted("Mijn warmtepomp maakt veel geluid")
    assert topics.who_knows(want, {"warmtepompen": [1, 2], "geluid": [2, 3]}) == ((2,), "warmtepompen")

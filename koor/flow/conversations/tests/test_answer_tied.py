"""Who asks about a fire: gathered by hand, by words, by a query; answered together, and each in their own words."""

import pytest

from koor.flow.conversations import actions as conversations
from koor.flow.conversations.actions import fires as actions
from koor.flow.conversations.actions import fires_people, fires_said
from koor.flow.conversations.logic import fires as logic
from koor.flow.conversations.models import Conversation, Fire, FireTie, Told
from koor.flow.conversations.queries import fire_room, fires
from koor.flow.listening.models import Match, Query
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, Refused

pytestmark = pytest.mark.django_db
ASKED = (("Fatma Kaya", "Is het water gevaarlijk?"), ("Joost Wender", "Komt er ook water bij mij?"))


@pytest.fixture
def burning(noon, marloes):
    return actions.open_fire(by=marloes, title="Lek")


@pytest.fixture
def ties(burning, opened, marloes):
    for name, text in ASKED:
        fires_people.put_with_fire(by=marloes, fire=burning, conversation=opened(text, by=name))
    return list(fires.waiting_ties(burning))


def test_words_gather_what_was_said_and_what_comes_in(burning, opened, marloes, bram):
    first, other = opened("Er is een lekkage"), opened("De rekening klopt niet", by="Ria Dam")
    before = opened("Een lekkage, maar die is al over", by="Els Wiggers", minutes=3 * 24 * 60)
    assert opened("Wanneer komt de rekening?", by="Els Wiggers") == before  # about something else
    with pytest.raises(Forbidden):
        fires_people.gather(by=bram, fire=burning, sought="lekkage")
    with pytest.raises(Refused):
        fires_people.gather(by=marloes, fire=burning, sought=" , ")
    assert fires_people.gather(by=marloes, fire=burning, sought="water, lekk") == 1
    assert fires_people.gather(by=marloes, fire=burning, sought="water, lekk") == 0
    later = opened("Overal water!", by="Kees Vrielink")
    fires_people.gather_arrived([later.messages.get().pk])
    fires_people.gather_arrived([later.messages.get().pk])
    assert set(FireTie.objects.values_list("conversation", flat=True)) == {first.pk, later.pk}
    assert other.fire_ties.count() == before.fire_ties.count() == 0


def test_who_looked_and_found_nobody_goes_on(burning, marloes):
    def answered():
        return next(one.done for one in fire_room.room(marloes, burning).steps if one.key == "people")

    assert not answered()
    assert fires_people.gather(by=marloes, fire=burning, sought="lekkage") == 0
    burning.refresh_from_db()
    assert answered()


def test_a_saved_query_gathers(burning, opened, marloes):
    conversation = opened("Iets heel anders")
    query = Query.objects.create(name="Brand", expression="x", made_at=clock.now(), changed_at=clock.now())
    mention = conversation.messages.get().mention
    Match.objects.create(query=query, mention=mention, said_at=mention.said_at)
    assert fires_people.gather(by=marloes, fire=burning, query=query) == 1
    assert FireTie.objects.get().how == "query"


def test_left_out_by_hand_it_stays_out(burning, opened, marloes):
    conversation = opened("Er is een lekkage")
    tie = fires_people.put_with_fire(by=marloes, fire=burning, conversation=conversation)
    fires_people.leave_out(by=marloes, tie=tie)
    assert fires_people.gather(by=marloes, fire=burning, sought="lekkage") == 0
    assert list(fires.ties(burning)) == []
    fires_people.put_with_fire(by=marloes, fire=burning, conversation=conversation)
    assert list(fires.ties(burning)) == [tie]


def test_an_exercise_and_what_really_burns_stay_apart(burning, opened, marloes):
    conversation = opened("Er is een lekkage")
    conversation.purpose = "practice"
    conversation.save()
    assert fires_people.gather(by=marloes, fire=burning, sought="lekkage") == 0
    with pytest.raises(Refused) as refused:
        fires_people.put_with_fire(by=marloes, fire=burning, conversation=conversation)
    assert refused.value.code == "practice"


def test_ten_prepared_answers_and_no_more(burning, marloes, bram):
    with pytest.raises(Forbidden):
        fires_people.prepare_answer(by=bram, fire=burning, question="Is het veilig?", answer="Ja.")
    for number in range(10):
        row = fires_people.prepare_answer(by=marloes, fire=burning, question=f"Vraag {number}", answer="Ja.")
    with pytest.raises(Refused):
        fires_people.prepare_answer(by=marloes, fire=burning, question="Nog een", answer="Ja.")
    fires_people.prepare_answer(by=marloes, fire=burning, question="Beter", answer="Nee.", known=row)
    assert burning.answers.last().question == "Beter"
    fires_people.drop_answer(by=marloes, answer=row)
    assert burning.answers.count() == 9


def test_each_gets_words_of_their_own_to_begin_with(burning, ties, marloes):
    fires_people.prepare_answer(
        by=marloes, fire=burning, question="Is het water gevaarlijk", answer="Nee, het is schoon."
    )
    mine = fires.may_read(marloes, burning)
    first, second = fires.asked(burning, list(burning.answers.all()), seen=mine)
    assert "Fatma" in first.proposal
    assert "het is schoon" in first.proposal
    assert logic.plain(first.proposal, ["Fatma"]) != logic.plain(second.proposal, ["Joost"])
    assert first.last_message == first.tie.conversation.messages.get().pk


def test_where_no_prepared_answer_fits_it_begins_with_what_the_house_says(burning, ties, marloes, hanna):
    mine = fires.may_read(marloes, burning)
    row = fires_said.write_statement(by=marloes, fire=burning, text="De leiding is dicht.", accounts=[])
    assert not any("dicht" in one.proposal for one in fires.asked(burning, (), seen=mine))  # nobody signed it
    fires_said.sign_statement(by=hanna, statement=row)
    fires_people.prepare_answer(by=marloes, fire=burning, question="Is het water gevaarlijk", answer="Nee, schoon.")
    first, second = fires.asked(burning, list(burning.answers.all()), seen=mine)
    assert ("schoon" in first.proposal, "dicht" in first.proposal) == (True, False)
    assert "De leiding is dicht." in fires.asked(burning, (), seen=mine)[1].proposal
    assert second.proposal != first.proposal


def test_an_answer_that_one_sends_oneself_stands_ready_and_asks_for_no_second(burning, marloes, visit):
    form = {"name": "Els Roelvink", "reached": "06 1234 5678", "text": "Is het water gevaarlijk?"}
    conversations.set_contact_form(by=marloes, is_on=True, intro="", account=None, sites=[], shows_people=False)
    conversations.write_in_form(by=SYSTEM, **form)
    tie = fires_people.put_with_fire(by=marloes, fire=burning, conversation=Conversation.objects.get())
    there, page, box = visit(marloes), f"/fires/{burning.pk}/people/", f'name="t{tie.pk}-text"'
    seen = tie.conversation.messages.get().pk
    said = {f"t{tie.pk}-text": "Nee, het is schoon.", f"t{tie.pk}-last_message": seen, "send": tie.pk}
    there.post(f"/fires/{burning.pk}/reply/", said)
    shown = there.get(page).content.decode()
    parts = (
        "1 answer is yours to send",
        "Written, not sent yet",
        f"/inbox/{tie.conversation_id}/#ready",
        "1 person waits",
    )
    assert [part for part in parts if part not in shown] == []
    assert box not in shown
    conversations.write_in_form(by=SYSTEM, **form | {"text": "En ruikt het?"})
    assert box in there.get(page).content.decode()


def test_who_speaks_finds_their_own_customer_behind_ten_others(burning, ties, rob, visit, monkeypatch):
    """Whoever waits longer with a colleague takes no place on the page of who may not read it."""
    monkeypatch.setattr(logic, "MOST_TOGETHER", 1)
    Fire.objects.update(speaker=rob)
    Conversation.objects.filter(pk=ties[1].conversation_id).update(assignee=rob)
    page = visit(rob).get(f"/fires/{burning.pk}/people/").content.decode()
    assert f'id="t{ties[1].pk}"' in page
    assert f'id="t{ties[0].pk}"' not in page
    (row,) = fires.asked(burning, (), seen={ties[1].conversation_id})
    both = fires.asked(burning, (), seen={one.conversation_id for one in ties})
    assert [one.tie.pk for one in both] == [ties[0].pk]
    assert logic.plain(row.proposal, ["Joost"]) != logic.plain(both[0].proposal, ["Fatma"])


def test_seventy_people_in_a_row_get_no_two_the_same():
    answers = (("Is het veilig", "Ja, het is veilig."),)
    made = [
        logic.plain(logic.proposal(n, name="Jan", asked="Is het veilig?", answers=answers, language="nl"), ["Jan"])
        for n in range(36)
    ]
    assert len(set(made)) == len(made)


def test_the_same_words_are_not_sent_to_two(burning, ties, marloes):
    first, second = ties
    fires_people.answer_tied(by=marloes, tie=first, text="Dag Fatma, het is schoon water.")
    with pytest.raises(Refused) as refused:
        fires_people.answer_tied(by=marloes, tie=second, text="Dag Joost!  Het is schoon water...")
    assert (refused.value.code, "Fatma" in str(refused.value)) == ("same", True)
    fires_people.answer_tied(by=marloes, tie=second, text="Beste Joost, bij jou is niets. Ik bel je morgen.")
    assert not Told.objects.exists()  # of what many hear nobody keeps a promise for each
    assert list(fires.waiting_ties(burning)) == []


def test_a_click_twice_answers_once_and_a_colleague_is_not_run_over(burning, ties, marloes, pieter):
    tie = ties[0]
    seen = tie.conversation.messages.get().pk
    for _time in range(2):
        fires_people.answer_tied(by=marloes, tie=tie, text="Schoon water.", last_message=seen, once="k")
    assert tie.conversation.messages.filter(direction="out").count() == 1
    with pytest.raises(Refused) as refused:
        fires_people.answer_tied(by=pieter, tie=tie, text="Iets anders.", last_message=seen)
    assert refused.value.code == "collision"


def test_who_does_not_have_it_does_not_answer(burning, ties, bram, marloes):
    with pytest.raises(Forbidden):
        fires_people.answer_tied(by=bram, tie=ties[0], text="Hallo")
    conversations.assign(by=marloes, conversation=ties[0].conversation, person=bram)
    tie = FireTie.objects.get(pk=ties[0].pk)
    assert fires_people.answer_tied(by=bram, tie=tie, text="Hallo").answer.person == bram

"""Nothing that is typed while something burns is lost: not by a tick that misses, a deed beside it or a collision."""

import pytest

from koor.flow.conversations import actions as conversations
from koor.flow.conversations.actions import fires as actions
from koor.flow.conversations.actions import fires_people
from koor.flow.conversations.models import Fire, FireFact, FireLine, FireTie, Message
from koor.flow.conversations.queries import fires
from koor.kernel import clock

pytestmark = pytest.mark.django_db
FIRST, SECOND = "Dag Fatma, het is schoon.", "Dag Joost, bij jou komt niets."


@pytest.fixture
def ties(noon, marloes, opened):
    fire = actions.open_fire(by=marloes, title="Lek")
    for name, text in (("Fatma Kaya", "Is het water gevaarlijk?"), ("Joost Wender", "Komt het ook bij mij?")):
        fires_people.put_with_fire(by=marloes, fire=fire, conversation=opened(text, by=name))
    return list(fires.waiting_ties(fire))


@pytest.fixture
def press(ties, marloes, visit):
    """`press("reply/", {tie: text})`: a button of the page, with what stands in its boxes, as it was begun."""
    browser = visit(marloes)
    address = f"/fires/{ties[0].fire_id}/"

    def press(where, texts, **fields):
        page = browser.get(f"{address}people/").context
        begun = {f"t{row.tie.pk}-begun": form["begun"].value() for row, form in page["asked"]}
        seen = {f"t{row.tie.pk}-last_message": row.last_message for row, _form in page["asked"]}
        boxes = {f"t{row.tie.pk}-text": form["text"].value() for row, form in page["asked"]}
        typed = {f"t{tie.pk}-text": text.replace("\n", "\r\n") for tie, text in texts.items()}
        path = where if where.startswith("/") else address + where
        return browser.post(path, begun | seen | boxes | typed | fields)

    return press


def boxes(answer):
    return {row.tie.pk: form["text"].value() for row, form in answer.context["asked"]}


def test_a_box_that_was_not_ticked_keeps_its_words(press, ties):
    first, second = ties
    answer = press("reply/", {first: FIRST, second: SECOND}, send=[first.pk])
    assert (answer.status_code, boxes(answer)) == (200, {second.pk: SECOND})
    assert "1 answer is on its way." in answer.content.decode()
    assert Message.objects.get(direction="out").text == FIRST


def test_without_own_words_the_page_comes_anew(press, ties):
    first, _second = ties
    assert press("reply/", {first: FIRST}, send=[first.pk]).status_code == 302


def test_nothing_ticked_keeps_all(press, ties):
    answer = press("reply/", dict(zip(ties, (FIRST, SECOND), strict=True)))
    assert list(boxes(answer).values()) == [FIRST, SECOND]
    assert "Tick whom you answer now." in answer.content.decode()


def test_a_collision_keeps_both_and_shows_what_was_said(press, ties, pieter, marloes, visit):
    first, second = ties
    browser = visit(marloes)
    seen = first.conversation.messages.get().pk
    conversations.answer(by=pieter, conversation=first.conversation, text="Ik ben er al.")
    given = {f"t{first.pk}-text": FIRST, f"t{first.pk}-last_message": seen, f"t{second.pk}-text": SECOND}
    answer = browser.post(f"/fires/{first.fire_id}/reply/", given | {"send": [first.pk]})
    assert (answer.status_code, boxes(answer)) == (422, {second.pk: SECOND, first.pk: FIRST})
    page = answer.content.decode()
    assert "Ik ben er al." in page
    row = next(row for row, _form in answer.context["asked"] if row.tie == first)
    assert row.last_message > seen
    again = given | {f"t{first.pk}-last_message": row.last_message, "send": [first.pk]}
    assert browser.post(f"/fires/{first.fire_id}/reply/", again).status_code == 200
    assert Message.objects.filter(direction="out").last().text == FIRST


def test_who_lost_the_conversation_meanwhile_keeps_the_words(ties, bram, anneke, marloes, visit):
    first, second = ties
    Fire.objects.update(speaker=bram)
    for tie in ties:
        conversations.assign(by=marloes, conversation=tie.conversation, person=bram)
    conversations.assign(by=marloes, conversation=FireTie.objects.get(pk=first.pk).conversation, person=anneke)
    given = {f"t{first.pk}-text": FIRST, f"t{second.pk}-text": SECOND, "send": [first.pk, second.pk]}
    answer = visit(bram).post(f"/fires/{first.fire_id}/reply/", given)
    assert Message.objects.get(direction="out").text == SECOND
    assert answer.status_code == 422
    assert FIRST in answer.content.decode()
    said = {"fire": first.fire, "text": "Water", "source": "Els", "at": clock.now(), "written_at": clock.now()}
    FireFact.objects.bulk_create(FireFact(**said, conversation=tie.conversation) for tie in ties)
    for page in ("", "people/"):  # it leads to what he may read, and to no other
        shown = visit(bram).get(f"/fires/{first.fire_id}/{page}").content.decode()
        assert (f'"/talk/{second.conversation_id}/"' in shown, f'/{first.conversation_id}/"' in shown) == (True, False)
        assert "/inbox/" not in shown
    assert visit(bram).get(f"/talk/{second.conversation_id}/").status_code == 200


def test_a_number_that_came_along_shows_nobody(ties, bram, anneke, marloes, visit):
    """Who may not read a conversation does not learn who asks in it by guessing its number."""
    first, second = ties
    Fire.objects.update(speaker=bram)
    conversations.assign(by=marloes, conversation=first.conversation, person=anneke)
    name = FireTie.objects.get(pk=first.pk).conversation.contact.name
    given = {f"t{first.pk}-text": "x", "send": [first.pk]}
    shown = visit(bram).post(f"/fires/{first.fire_id}/reply/", given).content.decode()
    assert "x</textarea>" in shown
    assert name not in shown
    page = visit(bram).get(f"/fires/{first.fire_id}/people/").content.decode()
    assert "2 people wait for an answer." in page
    assert "1 person is answered by the colleague who has the conversation.<" in page
    assert "1 person waits in a conversation that nobody has yet." in page
    conversations.assign(by=marloes, conversation=second.conversation, person=anneke)
    fires_people.prepare_answer(by=marloes, fire=first.fire, question="Safe?", answer="Yes.")
    page = visit(bram).get(f"/fires/{first.fire_id}/people/").content.decode()
    assert "2 people are answered by the colleagues who have their conversations, with the answers" in page
    assert "nobody has" not in page


def test_not_about_this_loses_nothing_and_can_be_undone(press, ties):
    first, second = ties
    answer = press(f"/fires/ties/{first.pk}/leave/", {first: FIRST, second: SECOND})
    assert (answer.status_code, boxes(answer)) == (200, {second.pk: SECOND, first.pk: FIRST})
    assert FireTie.objects.get(pk=first.pk).left_at is not None
    answer = press(f"/fires/ties/{first.pk}/back/", {first: FIRST, second: SECOND})
    assert (answer.status_code, boxes(answer)) == (200, {first.pk: FIRST, second.pk: SECOND})
    assert FireTie.objects.get(pk=first.pk).left_at is None
    assert press(f"/fires/ties/{first.pk}/leave/", {}).status_code == 302


def test_to_gather_more_keeps_what_was_typed(press, ties):
    answer = press("people/", {ties[0]: FIRST}, words="water")
    assert boxes(answer)[ties[0].pk] == FIRST
    answer = press("people/", {ties[0]: FIRST}, words=" ,")
    assert (answer.status_code, boxes(answer)[ties[0].pk]) == (422, FIRST)


def test_boxes_of_another_fire_are_nobodys(press, ties, marloes):
    other = actions.open_fire(by=marloes, title="Ander")
    FireTie.objects.filter(pk=ties[1].pk).update(fire=other)
    answer = press("reply/", {ties[0]: FIRST, ties[1]: SECOND})
    assert boxes(answer) == {ties[0].pk: FIRST}


def test_sent_twice_it_goes_and_is_told_once(press, ties):
    for _time in range(2):
        press("reply/", {ties[0]: FIRST}, send=[ties[0].pk], once="k")
    assert Message.objects.filter(direction="out").count() == 1
    assert FireLine.objects.filter(verb="answered").count() == 1


def test_a_change_that_is_refused_stands_with_what_it_changes(ties, marloes, visit):
    fire = ties[0].fire
    known = fires_people.prepare_answer(by=marloes, fire=fire, question="Is het veilig?", answer="Ja.")
    given = {"known": known.pk, "question": "Is het overal veilig?", "answer": " "}
    answer = visit(marloes).post(f"/fires/{fire.pk}/answers/", given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("Is het overal veilig?") == 1
    assert 'id="question"' not in page.split("Is het overal veilig?")[0].rsplit("<form", 1)[1]


def test_two_forms_on_the_page_of_what_was_learnt_keep_each_other(ties, marloes, visit):
    fire = ties[0].fire
    actions.end_fire(by=marloes, fire=fire)
    given = {"cause": "Een koppeling.", "thanks": "Dank allemaal."}
    page = visit(marloes).post(f"/fires/{fire.pk}/after/", given).content.decode()
    assert all(text in page for text in given.values())
    page = visit(marloes).post(f"/fires/{fire.pk}/thank/", given | {"thanks": ""}).content.decode()
    assert "Een koppeling." in page

"""A wish that was said in a conversation: noted once, also when it was noted in the stream before."""

import pytest

from koor.flow.conversations import actions, queries
from koor.flow.hub import actions as hub
from koor.flow.hub import queries as wishes
from koor.flow.hub.models import Wish
from koor.flow.listening import actions as listening
from koor.kernel.access import NotFound

pytestmark = pytest.mark.django_db
STILL = "How quiet is it when it freezes?"


def voiced(person):
    return [one.voiced for one in wishes.wishes(person)]


@pytest.mark.parametrize("by", ["Fatma Kaya", ""])
def test_noted_in_the_stream_and_in_the_conversation_that_came_of_it(said, marloes, by):
    mention = said("How quiet is it?", by=by)
    wish = listening.note_wish(by=marloes, mention=mention, sentence=STILL)
    conversation = actions.open_from_mention(by=marloes, mention=mention)
    actions.note_wish(by=marloes, conversation=conversation, sentence="", into=wish)
    assert voiced(marloes) == [1]
    if by:  # whoever talks with them sees it too
        assert [one.wish for one in queries.wished_in(marloes, conversation)] == [wish]


def test_the_other_way_round(opened, said, marloes, fatma):
    conversation = opened("How quiet is it?")
    wish = actions.note_wish(by=marloes, conversation=conversation, sentence=STILL)
    listening.note_wish(by=marloes, mention=said("And at night?"), sentence="", into=wish, contact=fatma)
    assert voiced(marloes) == [1]


def test_the_other_way_round_also_when_nobody_knows_who(said, marloes):
    mention = said("How quiet is it?", by="")
    conversation = actions.open_from_mention(by=marloes, mention=mention)
    wish = actions.note_wish(by=marloes, conversation=conversation, sentence=STILL)
    listening.note_wish(by=marloes, mention=mention, sentence="", into=wish)
    assert voiced(marloes) == [1]
    assert [one.wish for one in wishes.wished(marloes, mention._meta.label_lower, [mention.pk])[mention.pk]] == [wish]
    listening.note_wish(by=marloes, mention=said("And I?", by=""), sentence="", into=wish)
    assert voiced(marloes) == [2]


def test_two_wishes_that_turn_out_to_be_one(opened, marloes):
    conversation = opened("How quiet is it?")
    one = actions.note_wish(by=marloes, conversation=conversation, sentence=STILL)
    other = actions.note_wish(by=marloes, conversation=conversation, sentence="Is it loud?")
    hub.merge_wishes(by=marloes, wish=other, into=one)
    assert voiced(marloes) == [1]


def test_two_people_are_two(opened, said, marloes):
    wish = actions.note_wish(by=marloes, conversation=opened("How quiet is it?"), sentence=STILL)
    for name in ("Henk Wolters", "Truus Bos"):
        actions.note_wish(
            by=marloes, conversation=opened("Loud?", by=name), sentence="", into=Wish.objects.get(pk=wish.pk)
        )
    assert voiced(marloes) == [3]


def test_of_a_conversation_that_one_does_not_see_nothing_is_noted(opened, bram):
    with pytest.raises(NotFound):
        actions.note_wish(by=bram, conversation=opened("How quiet is it?"), sentence=STILL)
    assert not Wish.objects.exists()

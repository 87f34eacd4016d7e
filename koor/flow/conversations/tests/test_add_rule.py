"""Rules for who answers: made by who may, refused when they say nothing, and followed by routing."""

import pytest

from koor.flow.conversations import actions
from koor.flow.conversations.models import Rule
from koor.flow.conversations.queries import reasons
from koor.ground.channels.models import Account
from koor.ground.governance import actions as governance
from koor.ground.people.models import Team
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule(marloes):
    """`rule({"words": "storing"}, anneke)`: the curator makes a rule."""

    def make(when, *people, by=marloes, ask=()):
        return actions.add_rule(by=by, when=when, ask=[*(("person", one.pk) for one in people), *ask])

    return make


def told(conversation):
    return str(reasons.why(conversation, None, reasons.people_in([conversation])))


def test_a_rule_decides_and_says_why(opened, rule, anneke):
    rule({"where": "platform:mastodon", "words": "storing OR kapot"}, anneke)
    conversation = opened("Weer een storing aan de ketel", by="Els Vos")
    assert (conversation.assignee, conversation.ground) == (anneke, "rule")
    assert told(conversation) == (
        "With Anneke, by a rule of ours. It was written on Mastodon and meets “storing OR kapot”."
    )
    assert opened("Mooi werk", by="Jan Pot").assignee is None


def test_who_is_known_comes_before_a_rule(opened, rule, knows, henk, anneke):
    knows(henk)
    rule({"words": "storing"}, anneke)
    assert opened("Een storing").assignee == henk


def test_a_rule_comes_before_the_purpose_and_the_subject(opened, rule, anneke, bram, pieter):
    governance.set_responsibility(by=SYSTEM, purpose="service", person=bram, agreed="")
    rule({"purpose": "service", "words": "factuur"}, anneke)
    assert opened("Klopt mijn factuur?", by="Els Vos").assignee == anneke
    assert opened("Hoe laat zijn jullie open", by="Jan Pot").assignee == bram


def test_an_ohoh_goes_to_pr_unless_a_rule_names_it(opened, rule, anneke, pieter, rob):
    rule({"words": "lekkage"}, anneke)
    assert opened("Een lekkage op school", by="Els Vos", label="ohoh").assignee == pieter
    rule({"label": "ohoh", "words": "school"}, rob)
    assert opened("Een lekkage op school", by="Jan Pot", label="ohoh").assignee == rob


@pytest.mark.parametrize(
    ("when", "text", "met"),
    [
        ({"language": "en"}, "Can you tell me what it is that you do for us?", True),
        ({"language": "en"}, "Kunnen jullie mij vertellen wat dat is?", False),
        ({"hours": "office"}, "Hallo", True),
        ({"hours": "outside"}, "Hallo", False),
        ({"buying": True}, "Wat kost een warmtepomp?", True),
        ({"buying": True}, "Mijn warmtepomp bromt", False),
        ({"label": "aha"}, "Hallo", False),
        ({"purpose": "service"}, "Hallo", True),
        ({"purpose": "sales"}, "Hallo", False),
    ],
)
def test_each_condition(opened, rule, anneke, when, text, met):
    rule(when, anneke)
    assert (opened(text, by="Els Vos").ground == "rule") is met


def test_on_this_account_only(opened, rule, anneke, service, marloes):
    other = Account.objects.create(
        connector="mastodon", name="Nieuws", purpose="news", owner=marloes, made_at=clock.now()
    )
    rule({"where": f"account:{other.pk}"}, anneke)
    assert opened("Hallo", by="Els Vos").assignee is None
    rule({"where": f"account:{service.pk}"}, anneke)
    assert opened("Hallo", by="Jan Pot").assignee == anneke


def test_to_several_is_for_whoever_takes_it_first(opened, rule, anneke, bram, henk):
    team = Team.objects.create(name="Serviceteam")
    team.people.set([anneke, bram])
    rule({"words": "storing"}, henk, ask=[("team", team.pk)])
    conversation = opened("Storing", by="Els Vos")
    assert conversation.assignee is None
    assert set(conversation.offered) == {henk.pk, anneke.pk, bram.pk}
    assert told(conversation).startswith("With nobody yet: whoever takes it first. A rule of ours asks ")


def test_a_rule_with_a_colleague_who_left_asks_the_others_or_goes_on(opened, rule, anneke, bram, henk):
    rule({"words": "storing"}, henk)
    rule({"words": "storing*"}, anneke, bram)
    henk.is_active = False
    henk.save()
    bram.is_active = False
    bram.save()
    conversation = opened("Storing", by="Els Vos")
    assert (conversation.assignee, conversation.ground) == (anneke, "rule")
    anneke.is_active = False
    anneke.save()
    assert opened("Storing", by="Jan Pot").ground == "unsure"


def test_an_expression_that_can_not_be_read_any_more_never_holds(opened, rule, anneke):
    made = rule({"words": "storing"}, anneke)
    Rule.objects.filter(pk=made.pk).update(when={"words": "(storing"})
    assert opened("Een storing", by="Els Vos").ground == "unsure"


def test_what_is_gone_makes_no_rule_wider(opened, rule, anneke):
    rule({"where": "account:999999"}, anneke)
    rule({"project": 999999}, anneke)
    assert opened("Hallo", by="Els Vos").ground == "unsure"


@pytest.mark.parametrize(
    ("when", "field"),
    [
        ({}, "words"),
        ({"words": "  "}, "words"),
        ({"words": "(storing"}, "words"),
        ({"words": "NOT storing"}, "words"),
        ({"words": "stor*ing"}, "words"),
    ],
)
def test_refused_when_it_says_nothing(rule, anneke, when, field):
    with pytest.raises(Refused) as refused:
        rule(when, anneke)
    assert refused.value.field == field
    assert not Rule.objects.exists()


def test_refused_when_nobody_is_asked(rule, anneke, marloes):
    anneke.is_active = False
    anneke.save()
    empty = Team.objects.create(name="Leeg")
    for ask in ([], [("team", empty.pk)], [("person", anneke.pk)], [("person", 10**9)], [("cat", 1)]):
        with pytest.raises(Refused):
            actions.add_rule(by=marloes, when={"words": "storing"}, ask=ask)


def test_who_may_not_make_rules_proposes_one_that_does_not_hold(opened, rule, anneke, bram):
    made = rule({"words": "storing"}, anneke, by=bram)
    assert made.state == "proposed"
    assert opened("Storing", by="Els Vos").ground == "unsure"
    for deed in (
        lambda: actions.set_rule(by=bram, rule=made, active=True),
        lambda: actions.change_rule(by=bram, rule=made, when={"words": "x"}, ask=[("person", bram.pk)]),
        lambda: actions.move_rule(by=bram, rule=made, up=True),
        lambda: actions.remove_rule(by=bram, rule=made),
    ):
        with pytest.raises(Forbidden):
            deed()


def test_twice_is_once(marloes, anneke):
    for _ in range(2):
        actions.add_rule(by=marloes, when={"words": "storing"}, ask=[("person", anneke.pk)], once="k1")
    assert Rule.objects.count() == 1


def test_a_rule_asks_a_few(rule, person):
    many = [person(f"K{number} Colleague", email=f"k{number}@reurslag.example") for number in range(11)]
    with pytest.raises(Refused) as refused:
        rule({"words": "storing"}, *many)
    assert (refused.value.code, refused.value.field) == ("many_asked", "ask_1")


def test_nobody_oversees_more_than_two_hundred(rule, marloes, anneke):
    """The last one, clicked twice, is there once and not refused."""
    now = clock.now()
    asked = [["person", anneke.pk]]
    Rule.objects.bulk_create(
        Rule(place=at, state="active", when={"words": f"w{at}"}, ask=asked, made_at=now, changed_at=now)
        for at in range(199)
    )
    given = {"by": marloes, "when": {"words": "storing"}, "ask": [("person", anneke.pk)]}
    assert actions.add_rule(**given, once="k") == actions.add_rule(**given, once="k")
    with pytest.raises(Refused) as refused:
        actions.add_rule(**given, once="other")
    assert refused.value.code == "many"
    assert Rule.objects.count() == 200

"""Where rules are at odds: one that is never reached, one that contradicts, and no word of those that only meet."""

import pytest

from koor.flow.conversations.logic import rules as logic
from koor.flow.listening.logic.query import read_query


def rule(pk, words="", ask="a", **when):
    if words:
        when["words"] = words
    return logic.Rule(pk, when, (("person", ask),), read_query(words) if words else None)


@pytest.mark.parametrize(
    ("first", "later", "covered"),
    [
        (rule(1, "storing"), rule(2, "storing"), True),
        (rule(1, "storing OR kapot"), rule(2, "storing"), True),
        (rule(1, "storing"), rule(2, "storing OR kapot"), False),
        (rule(1, "storing"), rule(2, "storing ketel"), True),
        (rule(1, "stor*"), rule(2, "storing"), True),
        (rule(1, "storing"), rule(2, "stor*"), False),
        (rule(1, "stor*"), rule(2, "storingen* OR storing"), True),
        (rule(1, "douche"), rule(2, '"koude douche"'), True),
        (rule(1, '"koude douche"'), rule(2, "koude douche"), False),
        (rule(1, "pomp NOT fiets"), rule(2, "pomp"), False),
        (rule(1, "pomp NOT fiets"), rule(2, "pomp NOT fiets"), True),
        (rule(1, "pomp"), rule(2, "pomp NOT fiets"), True),
        (rule(1, "storing"), rule(2, "storing", where="platform:x"), True),
        (rule(1, "storing", where="platform:x"), rule(2, "storing"), False),
        (rule(1, where="platform:x"), rule(2, where="platform:x", hours="outside"), True),
        (rule(1, where="platform:x"), rule(2, where="platform:y"), False),
        (rule(1, "storing"), rule(2, language="en"), False),
        (rule(1, language="nl"), rule(2, language="en"), False),
    ],
)
def test_covers(first, later, covered):
    assert logic.covers(first, later) is covered
    assert bool(logic.at_odds([first, later])) is covered


def test_the_same_for_others_contradicts_and_for_the_same_is_too_many():
    (odds,) = logic.at_odds([rule(1, "storing"), rule(2, "storing", ask="b")])
    assert (odds.first, odds.later, odds.same) == (1, 2, False)
    (odds,) = logic.at_odds([rule(1, "storing"), rule(2, "storing")])
    assert odds.same


def test_one_that_can_not_be_read_covers_nothing():
    broken = logic.Rule(1, {"words": "("}, (("person", 1),), None, unreadable=True)
    assert logic.at_odds([broken, rule(2, "storing")]) == []
    assert not logic.holds(broken, logic.Heard(text="storing"))


def test_a_rule_without_conditions_never_holds():
    assert not logic.holds(logic.Rule(1, {}), logic.Heard(text="storing"))


def test_an_unknown_condition_never_holds():
    assert not logic.holds(logic.Rule(1, {"moon": "full"}), logic.Heard(text="storing"))
    assert logic.unmet(logic.Rule(1, {"moon": "full"}), logic.Heard()) == ["moon"]

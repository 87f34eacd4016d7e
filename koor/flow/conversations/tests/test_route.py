"""Routing, exhaustively: each ground decides when it is the first that can; absence, refusals, several at once."""

import itertools
from datetime import date

import pytest

from koor.flow.conversations import logic
from koor.flow.conversations.logic import Decision, Presence, Situation, route

ANNEKE, BRAM, HENK, ROB, PIETER, YUSUF, SANNE, HANNA, JELLE = range(1, 10)

# Every ground alone, in the order in which they are asked
ALONE = [
    ("thread", {"thread": ANNEKE}, ANNEKE, ("thread", ANNEKE)),
    ("own_account", {"own_account": ROB}, ROB, ("own_account", ROB)),
    ("direct_line", {"direct_line": HENK}, HENK, ("direct_line", HENK)),
    ("asked", {"asked": [BRAM]}, BRAM, ("asked", BRAM)),
    ("knows", {"knows": [YUSUF]}, YUSUF, ("knows", YUSUF)),
    ("before", {"before": [SANNE]}, SANNE, ("before", SANNE)),
    ("fire", {"ohoh": True, "on_duty": [PIETER]}, PIETER, ("fire", 0)),
    ("author", {"author": HANNA}, HANNA, ("author", HANNA)),
    ("purpose", {"purpose": "service", "responsible": [JELLE]}, JELLE, ("purpose", "service")),
]


@pytest.mark.parametrize(("ground", "facts", "person", "reason"), ALONE, ids=[row[0] for row in ALONE])
def test_each_ground_alone(ground, facts, person, reason):
    assert route(Situation(**facts)) == Decision(person, ground, (reason,))


@pytest.mark.parametrize(("first", "second"), list(itertools.combinations(range(len(ALONE)), 2)))
def test_the_earlier_ground_decides(first, second):
    decision = route(Situation(**ALONE[second][1], **ALONE[first][1]))
    assert (decision.person, decision.ground) == (ALONE[first][2], ALONE[first][0])


@pytest.mark.parametrize("row", range(len(ALONE)))
def test_whoever_is_away_has_a_stand_in(row):
    _ground, facts, person, reason = ALONE[row]
    away = {person: Presence(here=False, until=date(2026, 11, 29), stand_in=99)}
    decision = route(Situation(**facts, presence=away))
    assert (decision.person, decision.ground) == (99, "stand_in")
    assert decision.reasons == (("stand_in", person), ("until", "2026-11-29"), reason)


@pytest.mark.parametrize("row", range(len(ALONE)))
def test_away_without_a_stand_in_goes_on_to_the_next_and_is_told(row):
    ground, facts, person, _reason = ALONE[row]
    away = {person: Presence(here=False)}
    later = {} if ground == "purpose" else {"purpose": "sales", "responsible": [77]}
    decision = route(Situation(**facts, **later, presence=away))
    if later:
        assert decision == Decision(77, "purpose", (("purpose", "sales"), ("away", person)))
    else:
        assert decision == Decision(None, "unsure", (("unsure", 0), ("away", person)))


@pytest.mark.parametrize("row", range(len(ALONE)))
def test_whoever_passed_is_not_asked_again(row):
    _ground, facts, person, _reason = ALONE[row]
    decision = route(Situation(**facts, passed=frozenset({person})))
    assert (decision.person, decision.reasons) == (None, (("unsure", 0), ("passed", person)))


@pytest.mark.parametrize("row", range(len(ALONE)))
def test_a_stand_in_who_passed_is_not_asked_again(row):
    _ground, facts, person, _reason = ALONE[row]
    away = {person: Presence(here=False, stand_in=99)}
    assert route(Situation(**facts, presence=away, passed=frozenset({99}))).person is None


def test_nothing_known_is_for_the_curator():
    assert route(Situation()) == Decision(None, "unsure", (("unsure", 0),))


@pytest.mark.parametrize("ground", ["knows", "purpose", "fire"])
def test_several_are_offered_it_and_the_first_who_takes_it_has_it(ground):
    facts = {
        "knows": {"knows": [BRAM, HENK]},
        "purpose": {"purpose": "service", "responsible": [BRAM, HENK]},
        "fire": {"ohoh": True, "on_duty": [BRAM, HENK]},
    }[ground]
    decision = route(Situation(**facts))
    assert (decision.person, decision.ground, decision.offered) == (None, ground, (BRAM, HENK))
    assert decision.reasons[0][0] == ground


def test_of_several_only_those_who_are_there():
    away = {BRAM: Presence(here=False, stand_in=ROB)}
    assert route(Situation(knows=[BRAM, HENK, JELLE], presence=away)).offered == (HENK, JELLE)
    assert route(Situation(knows=[BRAM, HENK], presence=away)).person == HENK


def test_stand_ins_only_when_nobody_is_there():
    away = {BRAM: Presence(here=False), HENK: Presence(here=False, stand_in=ROB)}
    decision = route(Situation(knows=[BRAM, HENK], presence=away))
    assert decision == Decision(ROB, "stand_in", (("stand_in", HENK), ("knows", HENK), ("away", BRAM)))


def test_answered_before_is_the_latest_who_is_there():
    assert route(Situation(before=[BRAM, HENK])).person == BRAM
    assert route(Situation(before=[BRAM, HENK], presence={BRAM: Presence(here=False)})).person == HENK


def test_a_fire_without_anyone_on_duty_goes_on():
    assert route(Situation(ohoh=True, purpose="news", responsible=[HANNA])).person == HANNA
    assert route(Situation(on_duty=[PIETER], purpose="news", responsible=[HANNA])).person == HANNA


def test_a_name_that_two_have_is_the_one_who_knows_this_person():
    assert route(Situation(asked=[BRAM, HENK])).person is None
    decision = route(Situation(asked=[BRAM, HENK], knows=[HENK, ROB]))
    assert (decision.person, decision.ground) == (HENK, "asked")
    assert route(Situation(asked=[BRAM, HENK], knows=[BRAM, HENK])).offered == (BRAM, HENK)


def test_a_refusal_about_this_person_is_remembered_but_not_for_a_direct_line():
    declined = frozenset({HENK})
    assert route(Situation(knows=[HENK], declined=declined)).person is None
    assert route(Situation(before=[HENK, BRAM], declined=declined)).person == BRAM
    assert route(Situation(direct_line=HENK, declined=declined)).person == HENK


def test_the_same_colleague_twice_is_one():
    assert route(Situation(purpose="service", responsible=[BRAM, BRAM])).person == BRAM


def test_every_mix_has_a_reason_and_never_names_somebody_who_is_not_there():
    """All combinations of grounds, each colleague there, away with or without a stand-in, or having passed."""
    grounds = [row for row in ALONE if row[0] in {"thread", "direct_line", "knows", "fire", "purpose"}]
    states = ("here", "away", "covered", "passed")
    for present in itertools.product([False, True], repeat=len(grounds)):
        chosen = [row for row, there in zip(grounds, present, strict=True) if there]
        for how in itertools.product(states, repeat=len(chosen)):
            facts = {key: value for row in chosen for key, value in row[1].items()}
            presence = {
                row[2]: Presence(here=False, stand_in=90 + row[2] if state == "covered" else None)
                for row, state in zip(chosen, how, strict=True)
                if state in {"away", "covered"}
            }
            passed = frozenset(row[2] for row, state in zip(chosen, how, strict=True) if state == "passed")
            decision = route(Situation(**facts, presence=presence, passed=passed))
            expected = next(
                (
                    (row[2] if state == "here" else 90 + row[2])
                    for row, state in zip(chosen, how, strict=True)
                    if state in {"here", "covered"}
                ),
                None,
            )
            assert decision.person == expected
            assert decision.reasons
            assert (decision.ground == "unsure") == (expected is None)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Dag Henk, na het spoelen ging het goed", "henk"),
        ("dag henk", "henk"),
        ("@Henk wanneer kom je?", "henk"),
        ("  Hallo @Bram!", "bram"),
        ("Beste Renée, dank", "renee"),
        ("Goedemorgen Rob", "rob"),
        ("Hi Anneke, thanks", "anneke"),
        ("Vraagje aan Rob: hoe duur?", "rob"),
        ("Hartelijk dank Henk", ""),
        ("De monteur Henk was goed", ""),
        ("Dag", ""),
        ("", ""),
        ("Dag " + "x" * 1000, ""),
        ("💥" * 500 + "Dag Henk", ""),
    ],
)
def test_a_greeting_names_a_colleague(text, name):
    assert logic.greeted(text) == name

"""`koor route evaluate`: a file is read line by line and tried; what can't be read is said with its line."""

import json

import pytest

from koor.flow.conversations import actions
from koor.flow.conversations.logic import trial
from koor.flow.conversations.models import Conversation
from koor.flow.conversations.queries import ruling
from koor.flow.listening.logic.learner.questions import label_of
from koor.ground.people import actions as people

HOUSE = {
    "house": {
        "language": "nl",
        "colleagues": [
            {"name": "Henk Oonk", "discipline": "Warmte", "knows": ["vloerverwarming"], "speaks": ["nl"]},
            {"name": "Anneke Bos", "discipline": "Kantoor", "knows": ["facturen"], "teams": ["Balie"]},
            {"name": "Rob Prins", "discipline": "Verkoop", "roles": ["face"]},
            {"name": "Femke Vos", "discipline": "Pers", "roles": ["pr"]},
        ],
        "responsible": {"sales": "Rob Prins"},
        "rules": [{"when": {"words": "parkeren"}, "ask": [["team", "Balie"]]}],
    }
}
RIGHT = [
    {"text": "Hoe ontlucht ik de vloerverwarming?", "expect": "Warmte"},
    {"text": "Klopt mijn factuur?", "expect": ["Anneke Bos"]},
    {"text": "Wat kost een warmtepomp?", "expect": "Rob Prins"},
    {"text": "Mag ik bij jullie parkeren?", "expect": "Anneke Bos"},
    {"text": "Schande", "label": "ohoh", "expect": "Femke Vos"},
    {"text": "Hoi", "direct_line": "Rob Prins", "expect": "Rob Prins"},
    {"text": "Hoi", "direct_line": "Rob Prins", "away": {"Rob Prins": "Henk Oonk"}, "expect": "Henk Oonk"},
    {"text": "Hoi", "knows": ["Henk Oonk"], "full": ["Henk Oonk"], "expect": "curator"},
    {"text": "Dag Henk, weet je nog?", "expect": "Henk Oonk"},
    {"text": "Mooi", "expect": "curator"},
]


def lines(*told):
    return [json.dumps(one) for one in told]


def test_each_line_as_routing_would_have_done():
    found = trial.run(lines(HOUSE, *RIGHT))
    assert found["wrong"] == []
    assert (found["conversations"], found["routed"], found["to_curator"]) == (10, 8, 2)
    assert (found["first_hop_accuracy"], found["share_to_curator"]) == (1.0, 0.2)
    assert found["per_discipline"]["Warmte"]["conversations"] == 3
    assert found["per_ground"]["rule"]["first_hop_accuracy"] == 1.0


def test_what_went_wrong_is_shown():
    found = trial.run(lines(HOUSE, {"id": 7, "text": "Klopt mijn factuur?", "expect": "Verkoop"}))
    (wrong,) = found["wrong"]
    assert (wrong["id"], wrong["went_to"], wrong["expected"]) == (7, ["Anneke Bos"], ["Rob Prins"])
    assert found["first_hop_accuracy"] == 0.0


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ([], "no conversation"),
        (["{"], "line 1 is no JSON"),
        (["[1]"], "line 1 is no object"),
        (["[" * 100_000], "line 1 is no JSON"),
        (lines({"text": "Hoi"}), "the first line must tell of the house"),
        (lines(HOUSE, {"text": "Hoi", "expect": "Niemand"}), "line 2: there is no colleague and no discipline"),
        (lines(HOUSE, {"text": "Hoi", "knows": ["Wie"]}), "line 2: there is no colleague called 'Wie'"),
        (lines(HOUSE, {"text": "Hoi", "knows": 4}), "line 2 does not have the form"),
        (lines(HOUSE, {"text": "Hoi", "at": "gisteren"}), "line 2 does not have the form"),
        (lines({"house": {"colleagues": [{}]}}), "line 1 does not have the form"),
        (
            lines({"house": {"rules": [{"when": {"words": "(x"}, "ask": []}]}}),
            "line 1: rule 1: Position 1: This bracket is not closed.",
        ),
    ],
)
def test_what_can_not_be_read_is_said(raw, said):
    with pytest.raises(trial.Unreadable, match="^.*" + "".join("." if c in "([])'" else c for c in said)):
        trial.run(raw)


@pytest.mark.django_db
def test_a_file_that_tells_of_no_house_is_tried_on_our_own(marloes, anneke, bram):
    people.declare_skill(by=bram, person=bram, name="zonnepanelen", kind="subject")
    actions.add_rule(by=marloes, when={"words": "factuur"}, ask=[("discipline", anneke.discipline_id)])
    told = lines(
        {"text": "De omvormer zoemt", "expect": "Bram Wolters"},
        {"text": "Klopt mijn factuur?", "expect": "Service"},
    )
    found = trial.run(told, lambda: trial.house_of(ruling.house_told()))
    assert (found["first_hop_accuracy"], found["share_to_curator"]) == (1.0, 0.0)
    assert not Conversation.objects.exists()


def test_a_year_that_is_made_up():
    from benchmarks.route_year import Year

    year = [json.dumps(line) for line in Year(seed=3, lines="all", number=400).written()]
    found = trial.run(year)
    assert found["conversations"] == 400
    assert found["first_hop_accuracy"] > 0.88
    assert found["share_to_curator"] < 0.2


def test_a_pupil_that_heard_enough_corrections_guesses():
    """Until then it only listens, and an empty line is no conversation."""
    house = trial.house_of(HOUSE["house"])
    pupil = trial.Pupil(house)
    told = {"Warmte": "de ketel lekt en blijft koud", "Kantoor": "de rekening klopt niet met de offerte"}
    assert pupil.guess(told["Warmte"]) == ""
    for number in range(200):
        for name, text in told.items():
            pupil.correct(f"{text} {number}", label_of(name))
    pupil.correct("iets heel anders", "nobody")
    assert {name: pupil.guess(text) for name, text in told.items()} == {name: label_of(name) for name in told}
    assert trial.run([*lines(HOUSE), "", "  ", *lines(*RIGHT)])["conversations"] == 10

"""Why somebody answers, in a sentence for whoever reads it: the colleague, another colleague, the list."""

import pytest

from koor.flow.conversations.queries import reasons

GROUNDS = ["thread", "own_account", "direct_line", "asked", "knows", "before", "fire", "author", "purpose"]


@pytest.fixture
def hers(opened, fatma):
    return opened("Boven blijft het koud.")


def told(conversation, viewer):
    named = reasons.people_in([conversation])
    return str(reasons.why(conversation, viewer, named)), reasons.short(conversation, viewer, named)


@pytest.mark.parametrize("ground", GROUNDS)
def test_each_ground_reads_for_the_one_and_about_the_one(hers, henk, bram, ground):
    hers.assignee, hers.ground, hers.reasons = henk, ground, [[ground, henk.pk]]
    if ground == "purpose":
        hers.reasons = [["purpose", "service"]]
    mine, short_mine = told(hers, henk)
    others, short_others = told(hers, bram)
    assert mine.startswith("With you, because")
    assert others.startswith("With Henk")
    assert "%" not in mine + others + short_mine + short_others
    assert short_others == f"Henk, {short_mine}"


@pytest.mark.parametrize("ground", GROUNDS)
def test_who_stands_in_reads_for_whom_and_until_when(hers, henk, bram, ground):
    hers.assignee, hers.ground = bram, "stand_in"
    hers.reasons = [["stand_in", henk.pk], ["until", "2026-11-29"], [ground, henk.pk]]
    words, short = told(hers, bram)
    assert words.startswith("With you, because you stand in for Henk.")
    assert "Henk is away until" in words
    assert short == "you stand in for Henk"
    hers.reasons = [["stand_in", henk.pk], [ground, henk.pk]]
    words, short = told(hers, henk)
    assert words.startswith("With Bram, who stands in for Henk.")
    assert words.endswith("Henk is away.")
    assert short == "Bram, stands in for Henk"


def test_given_by_a_colleague(hers, henk, bram, anneke):
    hers.assignee, hers.ground, hers.reasons, hers.sentence = henk, "person", [["person", anneke.pk]], "Jij was er."
    assert told(hers, henk) == (
        "With you, because Anneke asks you. Anneke says: “Jij was er.”",
        "from Anneke",
    )
    assert told(hers, anneke)[0].startswith("With Henk, because you asked.")
    assert told(hers, anneke)[1] == "Henk, from you"
    assert told(hers, bram)[0].startswith("With Henk, because Anneke asked.")
    hers.reasons, hers.sentence = [["person", henk.pk]], ""
    assert told(hers, henk) == ("With you: you took it.", "took it")
    assert told(hers, bram) == ("With Henk, who took it.", "Henk, took it")


def test_after_a_colleague_left_and_with_one_who_is_away(hers, henk, bram):
    hers.assignee, hers.ground, hers.reasons = bram, "thread", [["left", henk.pk], ["away", henk.pk]]
    assert told(hers, bram)[0] == (
        "With you, because Henk does not work here any more. Henk is away, and nobody stands in."
    )
    assert told(hers, henk)[0].startswith("With Bram, because Henk does not work here any more.")


def test_with_nobody_yet(hers, henk, bram, anneke, rob):
    hers.assignee, hers.offered, hers.ground, hers.reasons = None, [henk.pk, bram.pk], "knows", []
    words, short = told(hers, anneke)
    assert words == "With nobody yet: whoever takes it first. Henk and Bram know Fatma."
    assert short == "for Henk and Bram"
    hers.offered = [henk.pk, bram.pk, anneke.pk, rob.pk]
    assert told(hers, anneke)[1] == "for Henk, Bram and 2 others"
    hers.offered = [henk.pk]
    assert told(hers, anneke)[1] == "for Henk"
    hers.offered = []
    assert told(hers, anneke) == ("Not sure whose this is. The curator decides.", "the curator chooses")


def test_a_name_that_is_gone_is_a_colleague(hers, bram):
    hers.assignee, hers.ground, hers.reasons = bram, "person", [["person", 999_999]]
    assert told(hers, bram)[0] == "With you, because a colleague asks you."

"""The pages of rules: who sees them, what a rule would change, where it is at odds, and in both languages."""

import pytest
from django.urls import reverse

from koor.flow.conversations import actions
from koor.flow.conversations.models import Assignment, Conversation, Rule

pytestmark = pytest.mark.django_db

PAGES = ("rules", "add_rule")
DEEDS = ("move_rule", "pause_rule", "resume_rule", "remove_rule")


@pytest.fixture
def rule(marloes, anneke):
    return actions.add_rule(
        by=marloes, when={"where": "platform:mastodon", "words": "storing"}, ask=[("person", anneke.pk)]
    )


def page(visit, who, name, *args, **asked):
    return visit(who).get(reverse(f"conversations:{name}", args=args), asked)


@pytest.mark.parametrize("name", PAGES)
def test_for_the_curator_and_pr_only(visit, marloes, pieter, bram, ada, name):
    assert page(visit, None, name).status_code == 302
    assert page(visit, bram, name).status_code == 404
    assert page(visit, marloes, name).status_code == 200
    assert page(visit, pieter, name).status_code == 200


@pytest.mark.parametrize("deed", DEEDS)
def test_deeds_are_for_them_too(visit, rule, bram, deed):
    assert visit(bram).post(reverse(f"conversations:{deed}", args=[rule.pk])).status_code == 404
    assert Rule.objects.filter(state="active").count() == 1
    assert visit(None).post(reverse(f"conversations:{deed}", args=[rule.pk])).status_code == 302


def test_the_list_reads_as_sentences(visit, rule, opened, marloes):
    opened("Een storing", by="Els Vos")
    opened("Mooi", by="Jan Pot")
    words = page(visit, marloes, "rules").content.decode()
    assert (
        "When somebody writes on <b>Mastodon</b> and it holds <b>storing</b>, then ask <b>Anneke Boschker</b>." in words
    )
    assert "decided 1 of the 1 that it meets" in words
    assert "Of the latest 2 conversations they decide 1." in words


def test_tried_before_it_holds(visit, opened, marloes, anneke):
    for number in range(3):
        opened(f"Storing nummer {number}", by=f"Klant{number} Vos")
    given = {"words": "storing", "ask_1": f"person:{anneke.pk}", "try": "1"}
    answered = visit(marloes).post(reverse("conversations:add_rule"), given)
    words = answered.content.decode()
    assert answered.status_code == 200
    assert not Rule.objects.exists()
    assert "Of the latest 3 conversations it would have changed 3." in words
    assert "the curator chooses" in words
    del given["try"]
    assert visit(marloes).post(reverse("conversations:add_rule"), given).status_code == 302
    assert Rule.objects.get().ask == [["person", anneke.pk]]


def test_an_offer_is_told_with_the_names_it_went_to(visit, opened, marloes, anneke, bram, henk):
    opened("Storing", by="Els Vos")
    Conversation.objects.update(offered=[bram.pk, henk.pk])
    Assignment.objects.update(ground="skill")
    given = {"words": "storing", "ask_1": f"person:{anneke.pk}", "try": "1"}
    words = visit(marloes).post(reverse("conversations:add_rule"), given).content.decode()
    assert f"{bram.first_name} and {henk.first_name}" in words
    assert "several colleagues" not in words


def test_the_order_is_told_whole(visit, marloes):
    words = page(visit, marloes, "rules").content.decode()
    steps = (
        "by what corrections taught",
        "declared to know",
        "before about something else",
        "responsible for the account",
    )
    assert sorted(steps, key=words.index) == list(steps)


def test_what_somebody_known_answers_would_not_change(visit, opened, knows, henk, marloes, anneke):
    knows(henk)
    opened("Een storing")
    given = {"words": "storing", "ask_1": f"person:{anneke.pk}", "try": "1"}
    words = visit(marloes).post(reverse("conversations:add_rule"), given).content.decode()
    assert "Of the latest 1 conversation it would have changed 0." in words
    assert "With whom they know" in words


def test_a_change_is_tried_against_the_rule_as_it_is(visit, rule, opened, marloes, anneke, bram):
    opened("Een storing", by="Els Vos")
    address = reverse("conversations:rule", args=[rule.pk])
    same = {"where": "platform:mastodon", "words": "storing", "ask_1": f"person:{anneke.pk}", "try": "1"}
    assert "would have changed 0" in visit(marloes).post(address, same).content.decode()
    other = same | {"ask_1": f"person:{bram.pk}"}
    words = visit(marloes).post(address, other).content.decode()
    assert "would have changed 1" in words
    assert "<s>Anneke</s>" in words
    narrower = same | {"words": "storing ketel"}
    assert "further down the order" in visit(marloes).post(address, narrower).content.decode()


def test_a_contradiction_stands_at_the_rule(visit, rule, opened, marloes, bram, anneke):
    other = actions.add_rule(
        by=marloes, when={"where": "platform:mastodon", "words": "storing ketel"}, ask=[("person", bram.pk)]
    )
    assert "Contradicts rule 1" in page(visit, marloes, "rules").content.decode()
    assert "Contradicts rule 1" in page(visit, marloes, "rule", other.pk).content.decode()
    wide = {"words": "storing", "ask_1": f"person:{bram.pk}", "try": "1"}
    address = reverse("conversations:rule", args=[rule.pk])
    assert "so that one is never reached" in visit(marloes).post(address, wide).content.decode()


def test_rules_that_meet_the_same_now_and_then_say_so(visit, rule, opened, marloes, bram):
    actions.add_rule(by=marloes, when={"words": "factuur"}, ask=[("person", bram.pk)])
    opened("De storing staat niet op de factuur", by="Els Vos")
    assert "Met together with rule 1 1 time" in page(visit, marloes, "rules").content.decode()


def test_a_colleague_who_left_stands_at_the_rule(visit, rule, marloes, anneke):
    anneke.is_active = False
    anneke.save()
    for name, arguments in (("rules", ()), ("rule", (rule.pk,))):
        words = page(visit, marloes, name, *arguments).content.decode()
        assert "Anneke Boschker does not work here any more. Choose somebody else." in words


@pytest.mark.parametrize(
    ("words", "said"),
    [("(storing", "This bracket is not closed."), ("a*b", "A * can only stand"), ("x " * 6_000, "10000")],
)
def test_an_expression_that_can_not_be_read_is_pointed_at(visit, marloes, anneke, words, said):
    given = {"words": words, "ask_1": f"person:{anneke.pk}"}
    answered = visit(marloes).post(reverse("conversations:add_rule"), given)
    assert answered.status_code == 422
    assert said in answered.content.decode()
    assert not Rule.objects.exists()


@pytest.mark.parametrize("ask", ["", "person:999999", "person:", "person:x", "cat:1", "person:1; DROP"])
def test_hostile_choices_are_refused(visit, marloes, ask):
    given = {"words": "storing", "ask_1": ask}
    assert visit(marloes).post(reverse("conversations:add_rule"), given).status_code == 422


def test_hostile_words_are_only_words(visit, marloes, anneke):
    anneke.name = "<b>Anneke</b> {who}"
    anneke.save()
    actions.add_rule(
        by=marloes, when={"words": '"<script>alert(1)</script>" OR {x} OR %s'}, ask=[("person", anneke.pk)]
    )
    words = page(visit, marloes, "rules").content.decode()
    assert "<script>alert" not in words
    assert "<b>Anneke" not in words


def test_moved_paused_and_taken_away_by_hand(visit, rule, marloes, bram):
    other = actions.add_rule(by=marloes, when={"words": "lek"}, ask=[("person", bram.pk)])
    browser = visit(marloes)
    browser.post(reverse("conversations:move_rule", args=[other.pk]), {"to": "up"})
    assert list(Rule.objects.values_list("pk", flat=True)) == [other.pk, rule.pk]
    browser.post(reverse("conversations:pause_rule", args=[other.pk]))
    assert "Let it hold" in browser.get(reverse("conversations:rules")).content.decode()
    browser.post(reverse("conversations:resume_rule", args=[other.pk]))
    assert browser.get(reverse("conversations:remove_rule", args=[other.pk])).status_code == 200
    browser.post(reverse("conversations:remove_rule", args=[other.pk]))
    assert list(Rule.objects.values_list("pk", flat=True)) == [rule.pk]
    assert browser.get(reverse("conversations:rule", args=[other.pk])).status_code == 404


def test_few_queries_however_many_rules(visit, rule, opened, marloes, bram, django_assert_max_num_queries):
    opened("Een storing", by="Els Vos")
    for number in range(30):
        actions.add_rule(by=marloes, when={"words": f"woord{number}"}, ask=[("person", bram.pk)])
    browser = visit(marloes)
    browser.get(reverse("conversations:rules"))
    with django_assert_max_num_queries(15):
        browser.get(reverse("conversations:rules"))
    with django_assert_max_num_queries(15):
        browser.get(reverse("conversations:rule", args=[rule.pk]))


def test_dutch(visit, rule, marloes):
    marloes.language = "nl"
    marloes.save()
    words = page(visit, marloes, "rules").content.decode()
    assert "Als iemand schrijft" in words
    assert "vraag dan" in words

"""Copies stand behind the first of them only where that is shown, or was looked at with them."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.test import Client
from django.urls import reverse

from koor.flow.listening import actions, queries
from koor.flow.listening.models import About, Match, Mention
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.personal import terms

BringIn = Callable[..., actions.Tally]
SAID = "De warmtepomp van Reurslag doet het al drie dagen niet en niemand neemt de telefoon op"
OTHER = SAID.replace("niemand", "geen mens")


def shown(person: Person, **asked: object) -> list[str]:
    """What the first page shows. It is asked by a statement that was written before; from a moment that is still to
    come it is asked anew."""
    filters = queries.Filters(**asked)  # type: ignore[arg-type]
    pages = [queries.stream(person, filters, before).rows for before in ("", "9000000000000000-1")]
    first, anew = ([one.mention.external_id for one in rows] for rows in pages)
    assert first == anew
    return sorted(first)


def test_what_is_new_counts_no_copies(noon: datetime, bring_in: BringIn, marloes: Person) -> None:
    bring_in({"text": SAID})
    since = clock.now()
    with clock.fixed(noon + timedelta(minutes=5)):
        bring_in(
            {"id": "copy", "text": SAID},
            {"id": "other", "text": "Wat een mooie zonnepanelen liggen er op het dak van Bo"},
        )
        assert queries.arrived(marloes, queries.Filters(), since) == 1
        assert queries.arrived(marloes, queries.Filters(words="warmtepomp"), since) == 0
        other = Mention.objects.get(external_id="other").pk
        assert queries.arrived(marloes, queries.Filters(), since, [other]) == 0, "the page shows it already"


def test_a_first_that_is_kept_no_longer_hands_its_copies_on(noon: datetime, bring_in: BringIn, marloes: Person) -> None:
    bring_in({"text": SAID}, {"text": SAID}, {"text": SAID})
    Mention.objects.filter(external_id="p1").update(said_at=noon - timedelta(days=400))
    held = next(one for one in terms.kinds() if one.model == "listening.Mention")
    assert [gone for gone, _seen in terms.end(held, noon - timedelta(days=365), [])] == [1]
    assert shown(marloes) == ["p2"]
    assert Mention.objects.get(external_id="p3").copy_of == Mention.objects.get(external_id="p2")


def test_a_topic_in_the_stream_folds_copies(
    noon: datetime, bring_in: BringIn, marloes: Person, visit: Callable[[Person], Client]
) -> None:
    bring_in({"text": SAID}, {"text": SAID}, {"text": "De factuur is veel te hoog"})
    topics = {"p1": "warmte", "p2": "warmte", "p3": "geld"}
    for one in Mention.objects.all():
        About.objects.create(mention=one, said_at=one.said_at, topic=topics[one.external_id])
    assert shown(marloes, topic="warmte") == ["p1"]
    assert shown(marloes, topic="geld") == ["p3"]
    assert [one.external_id for one in queries.about(marloes, "warmte")] == ["p1"]
    page = visit(marloes).get(reverse("listening:stream"), {"topic": "warmte"}).content.decode()
    assert '<option value="warmte" selected>Heating</option>' in page
    assert "About Heating" in page
    found = visit(marloes).get(reverse("listening:stream"), {"topic": "warmte", "label": "open"})
    assert found.context["stream"].rows[0].copies == 1


def test_a_query_shows_what_it_met(noon: datetime, bring_in: BringIn, marloes: Person) -> None:
    query = actions.add_query(by=marloes, name="x", expression="mens")
    bring_in({"text": SAID}, {"text": OTHER})
    assert Match.objects.count() == 1
    assert shown(marloes, query=query.pk) == ["p2"]
    assert shown(marloes) == ["p1"]


def test_words_show_what_says_them(noon: datetime, bring_in: BringIn, marloes: Person) -> None:
    bring_in({"text": SAID}, {"text": OTHER})
    assert shown(marloes, words="mens") == ["p2"]
    assert shown(marloes, words="warmtepomp") == ["p1"]


def test_a_mark_is_of_what_stood_behind_it(noon: datetime, bring_in: BringIn, marloes: Person) -> None:
    bring_in({"text": SAID}, {"text": SAID})
    with clock.fixed(noon + timedelta(minutes=5)):
        actions.mark(by=marloes, mention_id=Mention.objects.get(external_id="p1").pk, label="noise")
        counted = queries.figures(marloes, queries.Filters())
        assert (counted.counts["open"], counted.now.open, counted.counts["noise"]) == (0, 0, 2)
    assert shown(marloes, label="open") == []
    assert shown(marloes, label="noise") == ["p1"]
    with clock.fixed(noon + timedelta(days=1)):
        bring_in({"id": "later", "text": SAID})
        assert shown(marloes, label="open") == ["later"]
        assert shown(marloes) == ["p1"]


def test_a_mark_taken_away_leaves_one_to_look_at(noon: datetime, bring_in: BringIn, marloes: Person) -> None:
    bring_in({"text": SAID}, {"text": SAID})
    first = Mention.objects.get(external_id="p1").pk
    actions.mark(by=marloes, mention_id=first, label="noise")
    actions.mark(by=marloes, mention_id=first, label="")
    assert shown(marloes, label="open") == ["p1"]
    assert queries.figures(marloes, queries.Filters()).counts["open"] == 2


def test_what_was_said_of_a_copy_alone_stays(noon: datetime, bring_in: BringIn, marloes: Person) -> None:
    bring_in({"text": SAID}, {"text": SAID}, {"text": SAID})
    first, alone, _along = Mention.objects.order_by("pk").values_list("pk", flat=True)
    actions.mark(by=marloes, mention_id=alone, label="aha")
    for label in ("ohoh", "noise", ""):
        actions.mark(by=marloes, mention_id=first, label=label)
        assert list(Mention.objects.order_by("pk").values_list("label", flat=True)) == [label, "aha", label]

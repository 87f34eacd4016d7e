"""One mark for all on the page, or for all that the filters meet, with the way back."""

from collections.abc import Callable

import pytest
from django.test import Client

from koor.flow.listening import actions, queries
from koor.flow.listening.models import Correction, Marking, Mention
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db
BringIn = Callable[..., actions.Tally]
Visit = Callable[[Person | None], Client]


@pytest.fixture
def flood(bring_in: BringIn, marloes: Person) -> list[int]:
    bring_in(*({"text": f"Reclame nummer {n}"} for n in range(120)), {"text": "De pomp"})
    first = Mention.objects.get(external_id="p1")
    actions.mark(by=marloes, mention_id=first.pk, label="aha")
    return list(Mention.objects.filter(text__startswith="Reclame").order_by("pk").values_list("pk", flat=True))


def test_all_on_the_page(flood: list[int], marloes: Person, visit: Visit) -> None:
    browser = visit(marloes)
    page = browser.get("/listen/")
    shown = [said.mention.pk for said in page.context["stream"].rows]
    assert f'name="p" value="{shown[0]}"' in page.content.decode()
    said = browser.post(
        "/listen/marks/", {"label": "noise", "which": "page", "p": shown, "back": "/listen/"}, follow=True
    )
    assert "Marked" in said.content.decode()
    assert set(Mention.objects.filter(label="noise").values_list("pk", flat=True)) == set(shown)


def test_all_that_the_filters_meet_by_the_worker_and_back_again(
    flood: list[int], bring_in: BringIn, marloes: Person, pieter: Person, visit: Visit
) -> None:
    browser, sent = visit(marloes), {"label": "noise", "which": "all", "back": "/listen/?q=reclame"}
    answers = [browser.post("/listen/marks/", sent)["Location"] for _click in range(2)]
    one = Marking.objects.get()
    assert answers == [f"/listen/marks/{one.pk}/"] * 2, "asked twice is once"
    assert "0 of 120 done." in browser.get(answers[0]).content.decode()
    bring_in({"id": "later", "text": "Reclame van straks"})
    actions.go_on_marking(one.pk)
    assert set(Mention.objects.filter(label="noise").values_list("pk", flat=True)) == set(flood)
    assert not Correction.objects.filter(label="noise").exists(), "nobody read them: nothing is learnt of them"
    assert "Done: 120 got this mark." in browser.get(answers[0]).content.decode()
    assert visit(pieter).get(answers[0]).status_code == 404
    actions.mark(by=pieter, mention_id=flood[5], label="ohoh")
    browser.post(f"{answers[0]}back/")
    actions.go_on_marking(one.pk)
    left = Mention.objects.exclude(label="").order_by("pk").values_list("external_id", "label")
    assert list(left) == [("p1", "aha"), ("p6", "ohoh")], "what somebody marked since stays so"
    assert "each has the mark that it had before" in browser.get(answers[0]).content.decode()
    verbs = ["listening.mark_all", "listening.take_marking_back"]
    assert AuditEntry.objects.filter(verb__in=verbs).count() == 2


def test_who_may_not_any_more_marks_nothing_more(flood: list[int], marloes: Person, anneke: Person) -> None:
    with pytest.raises(Forbidden):
        actions.mark_all(by=anneke, filters=queries.Filters(), label="noise")
    for label in ("", "wrong", "aha", "ohoh"):
        with pytest.raises(Refused):
            actions.mark_all(by=marloes, filters=queries.Filters(), label=label)
    with pytest.raises(Refused):
        actions.mark_all(by=marloes, filters=queries.Filters(words="nergens"), label="noise")
    one = actions.mark_all(by=marloes, filters=queries.Filters(), label="noise")
    Marking.objects.update(by=anneke)
    actions.go_on_marking(one.pk)
    assert not Mention.objects.filter(label="noise").exists()
    assert actions.forget_markings(by=SYSTEM) == 0


def test_each_gets_back_what_it_had_from_whom(bring_in: BringIn, marloes: Person, pieter: Person) -> None:
    same = "Deze installateur heeft bij ons de hele zolder laten lekken en niemand belt terug na drie weken"
    bring_in(*({"id": f"c{n}", "text": same, "author": f"Iemand {n}", "handle": f"@i{n}"} for n in range(4)))
    bring_in({"id": "a", "text": "Zolder te huur"}, {"id": "b", "text": "De zolder lekt, wie kan komen?"})
    copies, guessed = Mention.objects.exclude(copy_of=None), Mention.objects.filter(external_id__in=["a"])
    assert copies.count() == 3
    (copies.exclude(external_id="c3") | guessed).update(label="aha", labelled_by=None, labelled_at=clock.now())
    actions.mark(by=pieter, mention_id=Mention.objects.get(external_id="b").pk, label="ohoh")
    fields = ("external_id", "label", "labelled_by", "labelled_at", "correction__label", "correction__by")
    before = list(Mention.objects.order_by("pk").values_list(*fields))
    one = actions.mark_all(by=marloes, filters=queries.Filters(words="zolder"), label="noise")
    assert len(one.mentions) == 3, "repeats follow the first of them"
    actions.go_on_marking(one.pk)
    assert set(Mention.objects.values_list("label", flat=True)) == {"noise"}
    assert (Correction.objects.count(), queries.changed_by(Marking.objects.get())) == (0, 3), "nobody read them"
    actions.take_marking_back(by=marloes, marking=one)
    actions.go_on_marking(one.pk)
    assert list(Mention.objects.order_by("pk").values_list(*fields)) == before

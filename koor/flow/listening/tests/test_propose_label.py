"""The learner says what a mention may be, why, and marks by itself only where it was asked to and keeps its promise."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from koor.flow.listening import actions, queries
from koor.flow.listening.actions import proposing
from koor.flow.listening.choices import Label, Promise
from koor.flow.listening.models import Correction, Learning, Mention, Proposal
from koor.flow.listening.queries import learnt
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry

Said = Callable[..., Mention]
BRAND_NEW = {"created_at": "2026-11-24T09:00:00+01:00"}


def _teach(pieter: Person, bring_in: Callable[..., actions.Tally], many: int = 110) -> None:
    """Marks of a person: complaints about leaks, and thanks."""
    pairs = [(f"De leiding lekt alweer, nummer {n}", f"Bedankt voor het mooie werk, nummer {n}") for n in range(many)]
    bring_in(*({"id": f"t{n}{k}", "text": text} for n, pair in enumerate(pairs) for k, text in enumerate(pair)))
    rows = Mention.objects.filter(external_id__startswith="t").order_by("pk")
    Correction.objects.bulk_create(
        Correction(mention=row, label="ohoh" if "lekt" in row.text else "aha", by=pieter, at=timezone.now())
        for row in rows
    )
    for label, word in (("ohoh", "lekt"), ("aha", "mooie")):
        rows.filter(text__contains=word).update(label=label, labelled_by=pieter, labelled_at=timezone.now())


def test_a_new_mention_gets_a_proposal_with_its_words(said: Said) -> None:
    mention = said("Mijn ketel lekt en niemand neemt op, wat een slechte service")
    assert actions.propose() == 1
    proposal = Proposal.objects.get(mention=mention)
    assert proposal.label == Label.OHOH
    assert 0.34 < proposal.sure < 1
    assert 1 <= len(proposal.reasons) <= 5
    assert set(proposal.reasons) & {"lekt", "slechte", "niemand"}
    mention.refresh_from_db()
    assert mention.label == ""  # a person decides


def test_what_we_say_ourselves_gets_none(said: Said) -> None:
    Mention.objects.filter(pk=said("Van ons").pk).update(ours=True)
    assert actions.propose() == 0


def test_a_mark_is_a_correction_and_taking_it_away_takes_it_out(said: Said, pieter: Person) -> None:
    mention = said("De pomp is stuk")
    start = queries.taught().learner
    actions.mark(by=pieter, mention_id=mention.pk, label=Label.NOISE)
    assert list(Correction.objects.values_list("mention", "label", "by")) == [(mention.pk, "noise", pieter.pk)]
    assert queries.taught().learner.counts.tolist() == [0, 0, 1]
    actions.mark(by=pieter, mention_id=mention.pk, label=Label.OHOH)
    assert queries.taught().learner.counts.tolist() == [0, 1, 0]
    actions.mark(by=pieter, mention_id=mention.pk, label=Label.NONE)
    assert not Correction.objects.exists()
    assert (queries.taught().learner.moved == start.start).all()


def test_who_is_erased_was_never_learnt(said: Said, pieter: Person) -> None:
    kept, gone = said("De pomp is stuk"), said("Mevrouw Jansen is boos")
    actions.mark(by=pieter, mention_id=kept.pk, label=Label.OHOH)
    alone = queries.taught().learner
    before = alone.moved.copy()
    actions.mark(by=pieter, mention_id=gone.pk, label=Label.OHOH)
    assert (queries.taught().learner.moved != before).any()
    gone.delete()
    assert (queries.taught().learner.moved == before).all()


def test_koor_does_not_learn_from_itself(said: Said) -> None:
    actions.mark(by=SYSTEM, mention_id=said().pk, label=Label.OHOH)
    assert not Correction.objects.exists()


def test_posts_like_it_are_named(said: Said, pieter: Person) -> None:
    first = said("De warmtepomp maakt lawaai in de nacht")
    actions.mark(by=pieter, mention_id=first.pk, label=Label.OHOH)
    second = said("Onze warmtepomp maakt ook lawaai, slecht")
    actions.propose()
    assert Proposal.objects.get(mention=second).alike == [first.pk]
    assert [one.pk for one in queries.mention(pieter, second.pk).alike] == [first.pk]


def test_below_200_corrections_it_marks_nothing(
    said: Said, pieter: Person, bring_in: Callable[..., actions.Tally]
) -> None:
    _teach(pieter, bring_in, 90)
    mention = said("De leiding lekt alweer, nummer 1")
    actions.propose()
    mention.refresh_from_db()
    assert mention.label == ""


def test_above_200_it_marks_what_it_is_sure_of(
    said: Said, pieter: Person, bring_in: Callable[..., actions.Tally]
) -> None:
    _teach(pieter, bring_in)
    sure, unsure = said("De leiding lekt alweer, nummer 7"), said("Zomaar iets over fietsen")
    actions.propose()
    sure.refresh_from_db()
    unsure.refresh_from_db()
    assert (sure.label, sure.labelled_by, unsure.label) == (Label.OHOH, None, "")
    assert AuditEntry.objects.filter(verb="listening.mark", actor_id=None).count() == 1
    assert queries.mention(pieter, sure.pk).proposal is not None  # why, beside Koor's name


def test_the_house_may_say_never(said: Said, pieter: Person, bring_in: Callable[..., actions.Tally]) -> None:
    _teach(pieter, bring_in)
    Learning.objects.create(pk=1, promise=Promise.NEVER)
    mention = said("De leiding lekt alweer, nummer 7")
    actions.propose()
    mention.refresh_from_db()
    assert mention.label == ""


def test_the_curator_says_how_far_it_may_go(marloes: Person, pieter: Person) -> None:
    actions.promise(by=marloes, promise=90)
    actions.promise(by=marloes, promise=90)
    assert queries.promised() == 90
    assert AuditEntry.objects.filter(verb="listening.promise").count() == 1
    with pytest.raises(Refused):
        actions.promise(by=marloes, promise=50)
    with pytest.raises(Forbidden):
        actions.promise(by=pieter, promise=95)


# Pages


def test_the_stream_and_the_page_show_what_koor_thinks(client: Client, said: Said, pieter: Person) -> None:
    first = said("Mijn ketel lekt, wat een slechte service")
    actions.mark(by=pieter, mention_id=first.pk, label=Label.OHOH)
    mention = said("Onze ketel lekt ook, slechte service")
    actions.propose()
    client.force_login(pieter)
    for address in ("/listen/", f"/listen/mentions/{mention.pk}/"):
        page = client.get(address).content.decode()
        assert "Koor denkt: oh-oh" in page or "Koor thinks: oh-oh" in page
        assert '<b dir="auto">lekt</b>' in page
        assert f"/listen/mentions/{first.pk}/" in page
    client.post(f"/listen/mentions/{mention.pk}/mark/", {"label": "aha"})
    page = client.get(f"/listen/mentions/{mention.pk}/").content.decode()
    assert "Koor denkt: oh-oh" not in page  # what it thinks that it is about stays
    assert "Koor thinks: oh-oh" not in page


def test_the_stream_asks_no_more_for_many_proposals(
    client: Client, said: Said, pieter: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    actions.mark(by=pieter, mention_id=said("De ketel lekt, slecht").pk, label=Label.OHOH)
    said("Onze ketel lekt ook")
    actions.propose()
    client.force_login(pieter)
    client.get("/listen/")
    few, many = _asked(client), None
    for number in range(12):
        said(f"Die ketel lekt weer {number}")
    actions.propose()
    many = _asked(client)
    assert many <= few <= 15


def _asked(client: Client) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        assert client.get("/listen/").status_code == 200
    return len(asked)


def test_the_learners_page(client: Client, marloes: Person, pieter: Person, newcomer: Person) -> None:
    client.force_login(marloes)
    assert client.get("/listen/learner/").status_code == 200
    assert client.post("/listen/learner/", {"promise": "90"}).status_code == 302
    assert queries.promised() == 90
    assert client.post("/listen/learner/", {"promise": "12"}).status_code == 422
    client.force_login(pieter)
    assert b'<form method="post" class="stack after"' not in client.get("/listen/learner/").content
    assert client.post("/listen/learner/", {"promise": "95"}).status_code in (403, 404)
    client.force_login(newcomer)
    assert client.get("/listen/learner/").status_code == 404


def test_so_many_in_one_go_and_the_rest_right_after(said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("De ketel lekt", "Mooi gedaan", "Slechte service"):
        said(text)
    again: list[bool] = []
    monkeypatch.setattr(proposing, "propose_soon", lambda: again.append(True))
    for place in (proposing, learnt):
        monkeypatch.setattr(place, "AT_ONCE", 2)
    monkeypatch.setattr(learnt, "OPEN", 0)
    assert (actions.propose(), len(again)) == (2, 1)
    assert (actions.propose(), len(again)) == (1, 1)
    assert Proposal.objects.count() == 3


def test_what_we_say_ourselves_is_no_wish(said: Said, marloes: Person) -> None:
    mention = said("Wie wil weten hoe stil een pomp is?")
    Mention.objects.update(ours=True)
    mention.refresh_from_db()
    with pytest.raises(Refused, match="We said this ourselves"):
        actions.note_wish(by=marloes, mention=mention, sentence="How quiet is it?")

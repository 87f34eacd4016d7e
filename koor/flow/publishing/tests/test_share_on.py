"""Work is offered to whom it suits; they post it, plan it, post it by hand or kindly pass."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from koor.flow.hub import actions as hub
from koor.flow.hub.events import ItemRemoved
from koor.flow.hub.models import Item, Medium
from koor.flow.publishing import actions
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.models import LessOf, Offer, Post, Sharing, Target
from koor.flow.publishing.queries import offers as queries
from koor.flow.publishing.receivers import offer_it_no_more
from koor.ground.channels.models import Account
from koor.ground.contacts.models import Contact, Project
from koor.ground.people.choices import Autonomy
from koor.ground.people.models import Absence, House, Person
from koor.kernel import clock
from koor.kernel.access import Forbidden, NotFound, Refused
from koor.kernel.models import AuditEntry
from koor.kernel.panels import todos_of

Visit = Callable[[Person | None], Client]
Released = Callable[..., Target]
SCHOOL = "Acht lokalen in Eibergen hebben sinds vrijdag frisse lucht."


@pytest.fixture
def up(noon: datetime, released: Released, news: Account) -> Target:
    """A post of Bram's that is up."""
    Person.objects.update(joined_at=noon)
    target = released(SCHOOL, news)
    deliver(target.pk)
    target.refresh_from_db()
    return target


@pytest.fixture
def offer(rob: Person, by_hand: Account, henk: Person, up: Target) -> Offer:
    """Offered to Rob (who has a place of his own) and to Henk (an installer too, with no account)."""
    Person.objects.update(joined_at=clock.now())
    actions.share_what_is_up(up.pk)
    return Offer.objects.get(person=rob)


def test_a_post_that_is_up_is_offered_of_itself_once(offer: Offer, up: Target, henk: Person, marloes: Person) -> None:
    actions.share_what_is_up(up.pk)
    assert Sharing.objects.get().by is None
    assert {one.person.name for one in Offer.objects.all()} == {"Rob Tankink", "Henk Oonk"}
    assert queries.reason_sentences(Offer.objects.get(person=henk)) == ["You are in Installers too."]
    assert queries.reason_sentences(offer) == ["You have a place of your own to show it."]
    texts = list(Offer.objects.values_list("text", flat=True))
    assert len(set(texts)) == 2
    assert all(text.endswith("I work at Reurslag.") for text in texts)


def test_the_house_may_have_another_sentence_or_none(house: House, up: Target, rob: Person, by_hand: Account) -> None:
    House.objects.update(works_here="Ik hoor bij Reurslag.")
    Person.objects.update(joined_at=clock.now())
    actions.share_what_is_up(up.pk)
    assert Offer.objects.get(person=rob).text.endswith("Ik hoor bij Reurslag.")


def test_nobody_is_offered_more_than_the_house_allows(
    noon: datetime, released: Released, news: Account, rob: Person, by_hand: Account
) -> None:
    Person.objects.update(joined_at=noon)
    for number in range(4):
        target = released(f"Bericht {number} over iets heel anders dan {'x' * number}.", news)
        deliver(target.pk)
        actions.share_what_is_up(target.pk)
    assert Offer.objects.filter(person=rob).count() == 2


def test_who_is_away_or_never_came_in_gets_nothing(up: Target, henk: Person, anneke: Person) -> None:
    Absence.objects.create(person=henk, first_day=clock.now().date(), last_day=clock.now().date())
    actions.share_what_is_up(up.pk)
    assert not Offer.objects.exists()


def test_an_own_version_a_practice_and_an_answer_are_not_offered(offer: Offer, rob: Person, by_hand: Account) -> None:
    post = actions.take_offer(by=rob, offer=offer, text=offer.text, account=by_hand)
    actions.share_what_is_up(post.targets.get().pk)
    assert Sharing.objects.count() == 1


def test_two_taps_and_it_goes(offer: Offer, rob: Person, by_hand: Account, up: Target, visit: Visit) -> None:
    todo = next(todo for todo in todos_of(rob) if todo.title == "Make this yours")
    browser = visit(rob)
    page = browser.get(todo.url).content.decode()
    assert "You have a place of your own to show it." in page
    assert "Post it now" in page
    sent = {"text": offer.text, "account": by_hand.pk, "do": "go"}
    for _double in range(2):
        browser.post(todo.url, sent)
    own = Post.objects.get(after=up.post)
    assert (own.stage, own.by, own.targets.get().account) == ("released", rob, by_hand)
    assert not [todo for todo in todos_of(rob) if todo.title == "Make this yours"]


def test_planned_for_a_moment(offer: Offer, rob: Person, by_hand: Account, visit: Visit) -> None:
    sent = {"text": offer.text, "account": by_hand.pk, "do": "plan"}
    assert visit(rob).post(f"/posts/offers/{offer.pk}/", sent).status_code == 422
    visit(rob).post(f"/posts/offers/{offer.pk}/", {**sent, "day": "2026-11-26", "time": "09:00"})
    row = Target.objects.get(account=by_hand)
    assert (str(row.due_day), row.state) == ("2026-11-26", "scheduled")


def test_the_words_of_a_colleague_are_refused(offer: Offer, rob: Person, by_hand: Account, visit: Visit) -> None:
    sent = {"text": f"{SCHOOL}\n\nI work at Reurslag.", "account": by_hand.pk, "do": "go"}
    answer = visit(rob).post(f"/posts/offers/{offer.pk}/", sent)
    assert (answer.status_code, Post.objects.filter(by=rob).count()) == (422, 0)
    assert "Somebody said it in these words already." in answer.content.decode()


def test_with_a_buddy_it_is_read_first(offer: Offer, rob: Person, henk: Person, by_hand: Account) -> None:
    Person.objects.filter(pk=rob.pk).update(autonomy=Autonomy.BUDDY, buddy=henk)
    rob.refresh_from_db()
    post = actions.take_offer(by=rob, offer=offer, text=offer.text, account=by_hand)
    assert post.stage == "with_buddy"


def test_only_the_person_takes_away_where_they_work(
    offer: Offer, rob: Person, marloes: Person, by_hand: Account
) -> None:
    later = datetime(2026, 11, 27, 9, 0)
    post = actions.take_offer(by=rob, offer=offer, text=offer.text, account=by_hand, due_local=later)
    with pytest.raises(Refused, match="Only Rob takes away"):
        actions.edit_post(by=marloes, post=post, text="Korter.", texts={by_hand.pk: "Korter."})
    actions.edit_post(by=rob, post=post, text="Korter.", texts={by_hand.pk: "Korter."})
    assert post.targets.get().text == "Korter."


def test_without_an_account_it_is_posted_by_hand(offer: Offer, henk: Person, marloes: Person, visit: Visit) -> None:
    own = Offer.objects.get(person=henk)
    page = visit(henk).get(f"/posts/offers/{own.pk}/").content.decode()
    assert "Nothing has to be connected" in page
    assert "data-share-text" in page
    visit(henk).post(f"/posts/offers/{own.pk}/up/", {"url": "https://linkedin.example/henk/1"})
    own.refresh_from_db()
    assert (own.answer, own.url) == ("by_hand", "https://linkedin.example/henk/1")
    board = visit(marloes).get("/posts/offers/").content.decode()
    assert "Henk" in board
    assert "1 took part" in board


def test_declining_needs_no_reason_and_nobody_sees_it(offer: Offer, rob: Person, marloes: Person, visit: Visit) -> None:
    before = AuditEntry.objects.count()
    visit(rob).post(f"/posts/offers/{offer.pk}/decline/")
    offer.refresh_from_db()
    assert (offer.answer, AuditEntry.objects.count(), LessOf.objects.count()) == ("declined", before, 0)
    board = visit(marloes).get("/posts/offers/").content.decode()
    assert 'alt="Rob' not in board
    assert "nobody yet" in board
    visit(rob).post(f"/posts/offers/{offer.pk}/reopen/")
    offer.refresh_from_db()
    assert offer.answer == "open"


def test_not_for_me_is_learnt_and_can_be_taken_back(offer: Offer, rob: Person, visit: Visit) -> None:
    browser = visit(rob)
    browser.post(f"/posts/offers/{offer.pk}/decline/", {"less": ["never:", "tag:made-up"]})
    kept = LessOf.objects.get()
    assert (kept.person, kept.kind) == (rob, "never")
    assert "Offered less" in browser.get("/me/").content.decode()
    browser.post(f"/posts/offers/less/{kept.pk}/")
    assert not LessOf.objects.exists()


def test_an_offer_is_ones_own(offer: Offer, henk: Person, marloes: Person, by_hand: Account, visit: Visit) -> None:
    with pytest.raises(NotFound):
        queries.offer(henk, offer.pk)
    assert visit(henk).get(f"/posts/offers/{offer.pk}/").status_code == 404
    with pytest.raises(Forbidden):
        actions.decline_offer(by=henk, offer=offer)
    with pytest.raises(Forbidden):
        actions.take_offer(by=marloes, offer=offer, text="x", account=by_hand)


def test_passing_on_a_post_passes_the_offer(offer: Offer, rob: Person, up: Target, visit: Visit) -> None:
    for _click in range(2):
        visit(rob).post(f"/posts/{up.post_id}/pass/")
    assert not [todo for todo in todos_of(rob) if todo.title == "Make this yours"]


def test_whom_one_knows_is_named_while_they_are_known(offer: Offer) -> None:
    """Of who was erased no name stays behind in why something was offered."""
    fatma = Contact.objects.create(name="Fatma Kaya", made_at=clock.now())
    offer.reasons = [["knows", str(fatma.pk)], ["place", ""]]
    assert queries.reason_sentences(offer)[0] == "You know Fatma Kaya."
    fatma.delete()
    assert queries.reason_sentences(offer) == ["You have a place of your own to show it."]


def test_the_curator_offers_somebody_else_and_stops(
    offer: Offer, marloes: Person, anneke: Person, rob: Person, visit: Visit
) -> None:
    Person.objects.update(joined_at=clock.now())
    browser = visit(marloes)
    browser.post(f"/posts/shared/{offer.sharing_id}/to/", {"person": anneke.pk})
    assert "Marloes thought of you." in queries.reason_sentences(Offer.objects.get(person=anneke))
    browser.post(f"/posts/shared/{offer.sharing_id}/stop/")
    assert set(Offer.objects.values_list("answer", flat=True)) == {"lapsed"}
    with pytest.raises(Forbidden):
        actions.stop_sharing(by=rob, sharing=offer.sharing)
    assert visit(rob).get("/posts/offers/").status_code == 403


def test_something_from_the_library_is_offered(
    noon: datetime, marloes: Person, bram: Person, henk: Person, visit: Visit
) -> None:
    Person.objects.update(joined_at=noon)
    project = Project.objects.create(name="De Esch")
    project.people.add(henk)
    item = Item.objects.create(kind="text", text="Stil in de gymzaal.", by=bram, project=project, made_at=noon)
    assert "Offer it to colleagues" in visit(marloes).get(f"/library/{item.pk}/").content.decode()
    for _click in range(2):
        visit(marloes).post(f"/posts/share/{item.pk}/")
    offer = Offer.objects.get()
    assert (offer.person, offer.reasons[0]) == (henk, ["project", "De Esch"])
    assert visit(henk).get(f"/posts/offers/{offer.pk}/").status_code == 200


def test_the_next_round_reaches_who_has_room_by_then(noon: datetime, up: Target, henk: Person, house: House) -> None:
    House.objects.update(offers_a_week=1)
    Person.objects.update(joined_at=noon)
    Offer.objects.create(sharing=Sharing.objects.create(post=up.post, at=noon), person=henk, at=noon)
    assert queries.still_offered().count() == 1
    with clock.fixed(noon + timedelta(days=8)):
        assert queries.still_offered().count() == 0


def test_the_page_of_what_is_offered_costs_the_same_for_many(
    offer: Offer, marloes: Person, visit: Visit, django_assert_num_queries: Any, bram: Person
) -> None:
    browser = visit(marloes)
    browser.get("/posts/offers/")
    with CaptureQueriesContext(connection) as one:
        browser.get("/posts/offers/")
    for number in range(20):
        item = Item.objects.create(kind="text", text=f"Tekst {number}", by=bram, made_at=clock.now())
        actions.share_on(by=marloes, item=item)
    with CaptureQueriesContext(connection) as many:
        browser.get("/posts/offers/")
    assert len(many) <= len(one) + 1 <= 16


# ── What can't be, and what comes twice ──────────────────────────────────────────────────────────────────────────────


def test_what_the_curator_stopped_is_not_offered_again_of_itself(offer: Offer, up: Target, marloes: Person) -> None:
    actions.stop_sharing(by=marloes, sharing=offer.sharing)
    actions.share_what_is_up(up.pk)  # it comes up in one place more
    assert Sharing.objects.get().ended_at is not None
    assert actions.go_round(offer.sharing_id) == 0
    assert not queries.first_offer_to(offer.person).rows()


def test_what_is_not_up_is_not_shared(marloes: Person, write: Callable[..., Post], stage: Account) -> None:
    with pytest.raises(Refused, match="Only what is up"):
        actions.share_on(by=marloes, post=write("Nog niet klaar.", stage))
    assert not Sharing.objects.exists()


def test_what_may_not_be_shown_is_not_offered(noon: datetime, marloes: Person, bram: Person, visit: Visit) -> None:
    item = Item.objects.create(
        kind="text", text="Stil.", by=bram, made_at=noon, rights_kind="licence", rights_until=date(2026, 1, 1)
    )
    with pytest.raises(Refused) as refused:
        actions.share_on(by=marloes, item=item)
    assert refused.value.code == "not_publishable"
    assert not Sharing.objects.exists()


def test_offering_it_to_somebody_who_has_it_is_no_second_offer(offer: Offer, marloes: Person, rob: Person) -> None:
    assert actions.offer_to(by=marloes, sharing=offer.sharing, person=rob) == offer
    assert Offer.objects.filter(person=rob).count() == 1


def test_who_is_away_is_not_offered_it_by_hand_either(
    offer: Offer, marloes: Person, anneke: Person, visit: Visit
) -> None:
    Absence.objects.create(person=anneke, first_day=clock.now().date(), last_day=clock.now().date())
    page = visit(marloes).post(f"/posts/shared/{offer.sharing_id}/to/", {"person": anneke.pk}, follow=True)
    assert "Not now: Anneke is away" in page.content.decode()
    assert not Offer.objects.filter(person=anneke).exists()


def test_taken_twice_it_is_one_post_and_no_longer_by_hand(offer: Offer, rob: Person, by_hand: Account) -> None:
    first = actions.take_offer(by=rob, offer=offer, text=offer.text, account=by_hand)
    assert actions.take_offer(by=rob, offer=offer, text="Something else", account=by_hand) == first
    assert Post.objects.filter(by=rob).count() == 1
    with pytest.raises(Refused, match="your own already"):
        actions.posted_by_hand(by=rob, offer=offer)


def test_something_from_the_library_takes_its_picture_and_its_link_along(
    noon: datetime, marloes: Person, bram: Person, rob: Person, by_hand: Account
) -> None:
    Person.objects.update(joined_at=noon)
    item = Item.objects.create(
        kind="link", title="De stille pomp", url="https://reurslag.example/pomp", by=bram, made_at=noon
    )
    medium = Medium.objects.create(item=item, by=bram)
    actions.share_on(by=marloes, item=item)
    offer = Offer.objects.get(person=rob)
    post = actions.take_offer(
        by=rob, offer=offer, text=offer.text, account=by_hand, due_local=datetime(2026, 11, 27, 9, 0)
    )
    assert (post.item, post.link) == (item, "https://reurslag.example/pomp")
    assert [(one.medium, one.alt) for one in post.media.all()] == [(medium, "De stille pomp")]


def test_what_came_back_to_the_library_is_offered_on(offer: Offer, marloes: Person, bram: Person) -> None:
    item = hub.add_text_item(by=bram, text="Mos op het dak")
    offered = actions.share_on(by=marloes, item=item)
    hub.remove_item(by=bram, item=item)
    hub.restore_item(by=bram, item=item)
    offer_it_no_more(ItemRemoved(item.pk))  # heard only now
    assert queries.still_offered().filter(pk=offered.pk).exists()
    hub.remove_item(by=bram, item=item)
    offer_it_no_more(ItemRemoved(item.pk))
    assert not queries.still_offered().filter(pk=offered.pk).exists()

"""Who may be one person: joined on proof, proposed with reasons, and never again once somebody said no."""

import pytest
from django.urls import reverse

from koor.ground.contacts import actions, queries
from koor.ground.contacts.logic.likeness import Facts, nick, one_name, verdict
from koor.ground.contacts.models import Contact, Merge
from koor.ground.contacts.queries import likeness
from koor.ground.people import actions as people
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db
MAIL = "els@thuis.example"


@pytest.mark.parametrize(
    ("facts", "asks", "joins"),
    [
        (Facts(verified=True, name=True), True, True),
        (Facts(verified=True), True, True),
        (Facts(verified=True, other_name=True), True, False),  # a mailbox of two
        (Facts(address=True, name=True, phone=True, place=True), True, False),  # much, and no proof
        (Facts(name=True), True, False),
        (Facts(name=True, other_address=True), False, False),
        (Facts(place=True, organisation=True), False, False),
        (Facts(nick=True, place=True), True, False),
        (Facts(), False, False),
    ],
)
def test_how_sure_it_is(facts, asks, joins):
    found = verdict(facts)
    assert (found.asks, found.joins) == (asks, joins)


@pytest.fixture
def els(marloes):
    return actions.add_contact(by=marloes, name="Els Wiggers", email=MAIL)


@pytest.fixture
def double(marloes, els):
    return actions.add_contact(by=marloes, name="E. Wiggers", email=MAIL)


def pairs(person):
    return likeness.proposed_pairs(person, queries.doubles(person))


def confirm(contact, by):
    return actions.confirm_handle(by=by, handle=contact.handles.get(value=MAIL))


def test_one_address_is_proposed_with_its_reasons(els, double, marloes):
    (pair,) = pairs(marloes)
    assert (pair.one, pair.other) == (els, double)
    assert "the same e-mail address" in pair.why
    assert actions.join_on_proof(by=SYSTEM, contact_id=els.pk) == []


def test_a_confirmed_address_joins_and_can_be_taken_apart_for_ever(els, double, marloes):
    confirm(els, marloes)
    (merge,) = actions.join_on_proof(by=SYSTEM, contact_id=double.pk)
    assert (merge.kept, merge.gone, merge.by) == (els, double, None)
    assert merge.proof[0] == "verified"
    assert likeness.joined_by_koor(marloes) == [merge]
    actions.undo_merge(by=marloes, merge=merge)
    assert actions.join_on_proof(by=SYSTEM, contact_id=double.pk) == []
    assert pairs(marloes) == []


def test_a_shared_mailbox_is_asked_about_not_joined(els, marloes):
    confirm(els, marloes)
    other = actions.add_contact(by=marloes, name="Gerard Bos", email=MAIL)
    assert actions.join_on_proof(by=SYSTEM, contact_id=other.pk) == []
    (pair,) = pairs(marloes)
    assert "but another name" in pair.why


@pytest.mark.parametrize(
    ("first", "second"),
    [("Jan de Vries", "Els de Vries"), ("Bakkerij Jansen", "Piet Jansen"), ("J. de Vries", "Els de Vries")],
)
def test_one_surname_and_one_mailbox_are_asked_about_not_joined(marloes, first, second):
    one, other = (actions.add_contact(by=marloes, name=name, email=MAIL) for name in (first, second))
    confirm(one, marloes)
    assert actions.join_on_proof(by=SYSTEM, contact_id=other.pk) == []
    (pair,) = pairs(marloes)
    assert "but another name" in pair.why


@pytest.mark.parametrize("at_once", [True, False])
def test_a_surname_alone_does_not_make_two_people_one(marloes, at_once):
    family, _jan = (actions.add_contact(by=marloes, name=name, email=MAIL) for name in ("De Vries", "Jan de Vries"))
    confirm(family, marloes)
    if not at_once:
        assert len(actions.join_on_proof(by=SYSTEM, contact_id=family.pk)) == 1
    els = actions.add_contact(by=marloes, name="Els de Vries", email=MAIL)
    assert actions.join_on_proof(by=SYSTEM, contact_id=family.pk) == []
    assert actions.join_on_proof(by=SYSTEM, contact_id=els.pk) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("jan de vries", "jan de vries", True),
        ("jan", "jan de vries", True),
        ("j. de vries", "jan de vries", True),
        ("jan de vries", "j.p. de vries", True),
        ("jan de vries", "els de vries", False),
        ("bakkerij jansen", "piet jansen", False),
        ("e. de vries", "jan de vries", False),
        ("", "jan", False),
    ],
)
def test_what_may_be_one_name(one, other, same):
    assert one_name(one, other) is one_name(other, one) is same


def test_two_people_are_not_asked_about_again(els, double, marloes, henk):
    with pytest.raises(Forbidden):
        actions.not_the_same(by=henk, one=els, other=double)
    actions.not_the_same(by=marloes, one=double, other=els)
    assert pairs(marloes) == []
    actions.not_the_same(by=marloes, one=els, other=double)


@pytest.mark.django_db(transaction=True)
def test_it_goes_by_itself_once_the_address_is_confirmed(els, double, marloes, run_jobs):
    confirm(els, marloes)
    run_jobs()
    assert Contact.objects.get(pk=double.pk).merged_into == els


def test_on_their_word_by_who_knows_them(els, henk, bram, visit):
    actions.introduce(by=henk, person=henk, contact=els)
    met = actions.meet_contact(by=SYSTEM, name="elsje", platform="mastodon", handle="@els@buurt.example")
    path = reverse("contacts:add_handle", args=[els.pk])
    page = visit(henk).post(path, {"platform": "mastodon", "value": "@els@buurt.example"}).content.decode()
    assert "are one person" in page
    merge = reverse("contacts:merge", args=[els.pk, met.pk])
    assert visit(bram).post(merge).status_code == 403
    assert visit(henk).post(merge).status_code == 302
    made = Merge.objects.get()
    assert made.proof == ["said"]
    with pytest.raises(Forbidden):
        actions.undo_merge(by=bram, merge=made)
    actions.undo_merge(by=henk, merge=made)


def test_not_when_another_colleague_knows_the_other(els, henk, bram):
    actions.introduce(by=henk, person=henk, contact=els)
    other = actions.add_contact(by=bram, name="Elsje")
    actions.introduce(by=bram, person=bram, contact=other)
    with pytest.raises(Forbidden):
        actions.merge_contacts(by=henk, kept=els, gone=other)


def test_the_page(visit, els, double, marloes, henk, django_assert_num_queries):
    path = reverse("contacts:doubles")
    assert visit(henk).get(path).status_code == 404
    browser = visit(marloes)
    assert "The same e-mail address" in browser.get(path).content.decode()
    two = reverse("contacts:two_people", args=[els.pk, double.pk])
    assert browser.post(two).status_code == 302
    assert "Nobody, as far as" in browser.get(path).content.decode()
    assert browser.post(reverse("contacts:confirm_handle", args=[els.handles.get().pk])).status_code == 302
    assert els.handles.get().verified_at is not None


def test_many_pairs_cost_the_same(visit, marloes, django_assert_num_queries):
    browser = visit(marloes)
    for number in range(3):
        actions.add_contact(by=marloes, name=f"Anna {number}")
        actions.add_contact(by=marloes, name=f"Anna {number}")
    browser.get(reverse("contacts:doubles"))
    with django_assert_num_queries(10):
        browser.get(reverse("contacts:doubles"))


def test_a_vcard_of_fifty_megabytes_is_a_photo_or_refused_clearly(marloes):
    card = b"BEGIN:VCARD\r\nFN:Els\r\nPHOTO;ENCODING=b:" + b"A" * 50_000_000 + b"\r\nEND:VCARD\r\n"
    assert [row["name"] for row in actions.read_contacts(by=marloes, name="all.vcf", data=card).rows] == ["Els"]
    card = card.replace(b"PHOTO", b"NOTE")
    with pytest.raises(Refused) as refused:
        actions.read_contacts(by=marloes, name="all.vcf", data=card)
    assert refused.value.code
    assert str(refused.value)


@pytest.mark.parametrize(
    ("platform", "value", "name"),
    [
        ("mastodon", "fatmak@social.example", "fatmak"),
        ("bluesky", "fatmak.bsky.social", "fatmak"),
        ("x", "jan", ""),  # too short to say anything
        ("email", "fatmak@thuis.example", ""),
        ("phone", "+31612345678", ""),
    ],
)
def test_the_name_that_somebody_chose(platform, value, name):
    assert nick(platform, value) == name


def test_one_name_on_two_platforms_and_one_place_make_one_ask(marloes):
    one = actions.add_contact(by=marloes, name="Fatma Kaya", place="Borculo")
    other = actions.add_contact(by=marloes, name="fatmak", place="borculo")
    actions.add_handle(by=marloes, contact=one, platform="mastodon", value="@fatmak@social.example")
    actions.add_handle(by=marloes, contact=other, platform="bluesky", value="fatmak.bsky.social")
    found = likeness.facts(one, other)
    assert (found.nick, found.place, found.name) == (True, True, False)


def test_who_was_joined_already_is_not_joined_again(els, double, marloes):
    confirm(els, marloes)
    confirm(els, marloes)
    assert AuditEntry.objects.filter(verb="contacts.confirm_handle").count() == 1
    assert len(actions.join_on_proof(by=SYSTEM, contact_id=els.pk)) == 1
    assert actions.join_on_proof(by=SYSTEM, contact_id=double.pk) == []
    assert actions.join_on_proof(by=SYSTEM, contact_id=999_999_999) == []


def test_who_left_takes_nobody_apart(els, double, henk, ada):
    actions.introduce(by=henk, person=henk, contact=els)
    merge = actions.merge_contacts(by=henk, kept=els, gone=double)
    people.let_go(by=ada, person=henk)
    henk.refresh_from_db()
    with pytest.raises(Forbidden):
        actions.undo_merge(by=henk, merge=merge)

"""Ambassadors: invited, free to say no and to stop, thanked; nothing but what is up can be shared."""

from datetime import timedelta

import pytest
from django.urls import reverse

from koor.flow.hub import actions as hub
from koor.flow.publishing import actions as publishing
from koor.flow.relations import actions, queries
from koor.flow.relations.models import Ambassador, SharedOn
from koor.ground.channels import actions as channels
from koor.ground.contacts import actions as contacts
from koor.ground.people.choices import Role
from koor.kernel import audit
from koor.kernel.access import SYSTEM, Forbidden, NotFound, Refused
from koor.kernel.models import AuditEntry, Mail

pytestmark = pytest.mark.django_db
GETS = "You see our newest work first"


@pytest.fixture
def story(house, marloes, bram, noon):
    account = channels.add_account(by=SYSTEM, connector="newsroom", name="News", owner=marloes, purpose="news")
    item = hub.add_text_item(by=marloes, title="Done in De Esch", text="Done")
    target = publishing.record_past_post(
        by=SYSTEM, maker=bram, account=account, text="De Esch is klaar", published_at=account.made_at, item=item,
        remote_id="1", title="De Esch is klaar",
    )  # fmt: skip
    return target


@pytest.fixture
def one(karin, marloes, story):
    return actions.invite_ambassador(by=marloes, contact=karin, gets=GETS, asks="Pictures of schools", posts=[story])


def path_of(one):
    return queries.address_of(one).split("/", 3)[3].join(("/", ""))


def test_on_their_own_page_they_say_yes_share_are_thanked_and_stop(visit, one, marloes, story):
    stranger, path = visit(None), path_of(one)
    page = stranger.get(path).content.decode()
    assert GETS in page
    assert "De Esch is klaar" in page
    assert "data-share-text" not in page
    assert stranger.get(path).headers["Referrer-Policy"] == "same-origin"  # with none, browsers' forms are refused
    assert stranger.post(path, {"answer": "yes"}).status_code == 302
    one.refresh_from_db()
    assert one.state == "yes"
    assert one.agreed["gets"] == GETS
    assert "stop on this page" in one.agreed["words"]
    assert "data-share-text" in stranger.get(path).content.decode()
    assert stranger.post(path, {"shared": str(story.pk)}).status_code == 302
    stranger.post(path, {"shared": str(story.pk)})
    assert SharedOn.objects.count() == 1
    assert "showed our work to others" in visit(marloes).get("/").content.decode()
    actions.thank_ambassador(by=marloes, ambassador=one, sentence="Lovely, thank you")
    assert "Lovely, thank you" in stranger.get(path).content.decode()
    assert not queries.to_thank(marloes).exists()
    stranger.post(path, {"answer": "stopped"})
    page = stranger.get(path).content.decode()
    assert "Nobody asks again" in page
    assert "De Esch is klaar" not in page


def test_a_no_is_a_no(visit, one, marloes):
    visit(None).post(path_of(one), {"answer": "no"})
    with pytest.raises(Refused) as refused:
        actions.invite_ambassador(by=marloes, contact=one.contact, gets="More")
    assert refused.value.code == "said_no"
    page = visit(marloes).get(reverse("relations:ambassador", args=[one.contact_id])).content.decode()
    assert "Koor does not ask again" in page


def test_the_house_ends_it_and_may_ask_again(visit, one, marloes):
    actions.end_ambassador(by=marloes, ambassador=one)
    page = visit(None).get(path_of(one)).content.decode()
    assert "This has ended" in page
    assert visit(None).post(path_of(one), {"answer": "yes"}).status_code == 409
    assert actions.invite_ambassador(by=marloes, contact=one.contact, gets="More").state == "invited"


def test_ending_it_does_not_undo_their_no(one, marloes):
    actions.answer_invitation(by=SYSTEM, ambassador=one, state="no")
    with pytest.raises(Refused) as refused:
        actions.end_ambassador(by=marloes, ambassador=one)
    assert refused.value.code == "ended"
    with pytest.raises(Refused):
        actions.invite_ambassador(by=marloes, contact=one.contact, gets="More")


def test_ended_twice_is_ended_once(one, marloes):
    for _ in range(2):
        assert actions.end_ambassador(by=marloes, ambassador=one).state == "stopped"
    assert AuditEntry.objects.filter(verb="relations.end_ambassador").count() == 1


def test_tapped_twice_is_thanked_once(visit, one, marloes):
    actions.answer_invitation(by=SYSTEM, ambassador=one, state="yes")
    page, path = (reverse(f"relations:{name}", args=[one.contact_id]) for name in ("ambassador", "ambassador_thank"))
    browser = visit(marloes)
    assert 'name="once"' in browser.get(page).content.decode()
    for _ in range(2):
        assert browser.post(path, {"sentence": "Lovely", "once": "k1"}).status_code == 302
    assert one.thanks.count() == 1
    assert browser.post(path, {"sentence": "Lov\0ely"}).status_code == 422
    assert browser.post(path, {"sentence": " "}).status_code == 422
    assert actions.thank_ambassador(by=marloes, ambassador=one, sentence="Lov\0ely").sentence == "Lovely"


def test_a_guess_opens_nothing(visit, one):
    assert visit(None).get("/with-us/with-us_guessed/").status_code == 404
    assert visit(None).get(f"/with-us/{one.digest}/").status_code == 404
    with pytest.raises(NotFound):
        queries.ambassador_by_link("x" * 5000)
    row = Ambassador.objects.get()
    assert queries.address_of(row).split("/")[-2].encode() not in bytes(row.sealed)


def test_only_what_is_on_their_page_can_be_told(visit, one, story, bram):
    visit(None).post(path_of(one), {"answer": "yes"})
    for number in ("999999", "9" * 30, "x"):
        assert visit(None).post(path_of(one), {"shared": number}).status_code == 409
    assert not SharedOn.objects.exists()


def test_a_collection_shows_what_is_up_of_it(karin, marloes, story):
    made = hub.make_collection(by=marloes, name="Schools", shared=True, items=[story.post.item_id])
    one = actions.invite_ambassador(by=marloes, contact=karin, gets=GETS, collection=made)
    assert [article.pk for article in queries.may_share(one)] == [story.pk]


def test_who_may_invite(karin, rob, bram, newcomer, knows):
    with pytest.raises(Forbidden):
        actions.invite_ambassador(by=bram, contact=karin, gets=GETS)
    with pytest.raises(Forbidden):
        actions.invite_ambassador(by=newcomer, contact=karin, gets=GETS)
    knows(bram)
    assert actions.invite_ambassador(by=bram, contact=karin, gets=GETS).person == bram


def test_the_invitation_by_mail_in_their_language(visit, one, marloes, karin, settings):
    settings.EMAIL_HOST = "mail.example"
    contacts.edit_contact(by=SYSTEM, contact=karin, email="karin@school.example", language="nl")
    path = reverse("relations:ambassador_mail", args=[karin.pk])
    for _ in range(2):
        assert visit(marloes).post(path, {"once": "k1"}).status_code == 302
    letter = Mail.objects.get()
    assert (letter.to, letter.reply_to) == ("karin@school.example", marloes.email)
    assert letter.text.startswith("Dag Karin")
    assert queries.address_of(one) in letter.text
    assert "with-us" not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_the_pages(visit, one, marloes, henk, karin, story):
    assert "Karin Olthof" in visit(marloes).get(reverse("relations:ambassadors")).content.decode()
    assert "Karin Olthof" not in visit(henk).get(reverse("relations:ambassadors")).content.decode()
    path = reverse("relations:ambassador", args=[karin.pk])
    assert visit(henk).get(path).status_code == 404
    page = visit(marloes).get(path).content.decode()
    assert "with-us" in page
    assert visit(marloes).post(path, {"gets": " "}).status_code == 422
    assert visit(marloes).post(path, {"gets": "Coffee", "posts": [story.pk]}).status_code == 302
    assert Ambassador.objects.get().gets == "Coffee"


@pytest.mark.parametrize(("gets", "code"), [(" ", "empty"), ("x" * 501, "too_long")])
def test_what_they_get_is_said_in_short(karin, marloes, gets, code):
    with pytest.raises(Refused) as refused:
        actions.invite_ambassador(by=marloes, contact=karin, gets=gets)
    assert (refused.value.code, refused.value.field) == (code, "gets")
    assert not Ambassador.objects.exists()


def test_who_answered_is_not_mailed_again(visit, one, marloes, karin, settings):
    settings.EMAIL_HOST = "mail.example"
    contacts.edit_contact(by=SYSTEM, contact=karin, email="karin@school.example")
    path = reverse("relations:ambassador_mail", args=[karin.pk])
    actions.answer_invitation(by=SYSTEM, ambassador=one, state="yes")
    assert visit(marloes).post(path).status_code == 409
    assert not Mail.objects.exists()


@pytest.mark.parametrize(("said", "code"), [(" \0", "empty"), ("x" * 301, "too_long")])
def test_thanks_are_one_line(one, marloes, said, code):
    with pytest.raises(Refused) as refused:
        actions.thank_ambassador(by=marloes, ambassador=one, sentence=said)
    assert (refused.value.code, refused.value.field) == (code, "sentence")


def test_yes_said_twice_is_one_yes(visit, one):
    for _ in range(2):
        assert visit(None).post(path_of(one), {"answer": "yes"}).status_code == 302
    (answered,) = AuditEntry.objects.filter(verb="relations.answer_invitation")
    assert audit.sentence(answered).endswith("answered the invitation: Takes part")
    assert visit(None).post(path_of(one), {"answer": "perhaps"}).status_code == 409


def test_before_their_yes_nothing_is_told(visit, one, story):
    assert visit(None).post(path_of(one), {"shared": str(story.pk)}).status_code == 409
    assert not SharedOn.objects.exists()


def test_what_was_chosen_stays_however_old_it_is(visit, one, marloes, bram, person, story):
    """Also when a colleague changes it who does not see the collection."""
    other = person("Fien Mentink", Role.CURATOR)
    own = hub.make_collection(by=other, name="Fien's own", shared=False, items=[story.post.item_id])
    actions.invite_ambassador(by=marloes, contact=one.contact, gets=GETS, collection=own, posts=[story])
    for n in range(12):
        publishing.record_past_post(
            by=SYSTEM, maker=bram, account=story.account, text=f"Nieuw {n}", remote_id=f"new-{n}",
            published_at=story.published_at + timedelta(minutes=n + 1), title=f"Nieuw {n}",
        )  # fmt: skip
    path = reverse("relations:ambassador", args=[one.contact_id])
    page = visit(marloes).get(path).content.decode()
    assert f'value="{story.pk}"' in page
    assert page.count('name="posts"') == 13
    said = {"gets": "Coffee", "posts": [story.pk], "collection": own.pk}
    assert visit(marloes).post(path, said).status_code == 302
    one.refresh_from_db()
    assert (one.gets, one.collection, list(one.posts.all())) == ("Coffee", own, [story])


def test_one_tap_ends_it_and_a_stranger_ends_nothing(visit, one, marloes, henk):
    path = reverse("relations:ambassador_end", args=[one.contact_id])
    assert visit(henk).post(path).status_code == 404
    assert visit(marloes).post(path).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.ended_by_us) == ("stopped", True)


@pytest.mark.parametrize("name", ["ambassador_end", "ambassador_mail", "ambassador_thank"])
def test_who_was_never_invited_has_nothing_to_end(visit, karin, marloes, name):
    assert visit(marloes).post(reverse(f"relations:{name}", args=[karin.pk])).status_code == 404

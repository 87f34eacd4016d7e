"""The contact form: anybody writes, a colleague answers by mail, machines learn nothing, and twice is once."""

from datetime import time, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from koor.flow.conversations import actions, logic, queries
from koor.flow.conversations.models import Conversation, Message
from koor.ground.channels.models import Account
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, Refused

PAGE = reverse("conversations:contact")
FROM = reverse("conversations:contact_from_site")
SITE = "https://www.reurslag.example"
WORDS = {"name": "Els Roelvink", "reached": "els@school.example", "text": "Boven blijft het koud."}


@pytest.fixture
def address(marloes, noon):
    return Account.objects.create(
        connector="mail", name="hallo@", purpose="service", owner=marloes, made_at=clock.now(), handle="hallo@x.example"
    )


@pytest.fixture
def form(address, marloes):
    wishes = {"is_on": True, "intro": "", "account": address, "sites": [SITE], "shows_people": True}
    return actions.set_contact_form(by=marloes, **wishes)


def test_closed_until_somebody_opens_it(house, noon):
    assert Client().get(PAGE).status_code == 404
    assert Client().post(PAGE, WORDS).status_code == 404
    with pytest.raises(Refused, match="closed"):
        actions.write_in_form(by=SYSTEM, **WORDS)


def test_a_stranger_writes_and_is_answered_by_mail(form, address, marloes):
    assert queries.form_is_open()
    assert f'href="{PAGE}"' in Client().get(reverse("publishing:newsroom")).content.decode()
    answer = Client(enforce_csrf_checks=False).post(PAGE, WORDS)
    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("conversations:contact_sent"))
    assert "We have your message" in Client().get(f"{answer.url.split('?')[0]}?lang=en").content.decode()
    talk = Conversation.objects.get()
    assert (talk.contact.name, talk.channel, talk.account) == ("Els Roelvink", "contact form", address)
    assert talk.waiting_since is not None
    said = actions.answer(by=marloes, conversation=talk, text="Ik kom morgen.")
    assert said.target.options["to"] == "els@school.example"
    assert said.target.options["subject"]


def test_the_answer_goes_to_the_address_that_was_given(form, marloes, visit):
    """Also when another became known later, and the conversation says where it goes."""
    actions.write_in_form(by=SYSTEM, **WORDS)
    talk = Conversation.objects.get()
    talk.contact.handles.create(platform="email", value="els@elsewhere.example")
    page = visit(marloes).get(reverse("conversations:inbox_one", args=[talk.pk])).content.decode()
    assert "els@school.example</p>" in page
    said = actions.answer(by=marloes, conversation=talk, text="Ik kom morgen.")
    assert said.target.options["to"] == "els@school.example"


def test_without_an_address_of_the_house_it_says_where_to_send_it(form, marloes, visit):
    actions.set_contact_form(by=marloes, is_on=True, intro="", account=None, sites=[], shows_people=False)
    actions.write_in_form(by=SYSTEM, **WORDS)
    talk = Conversation.objects.get()
    assert actions.answer(by=marloes, conversation=talk, text="Ik kom morgen.").delivery == "by_hand"
    page = visit(marloes).get(reverse("conversations:talk_one", args=[talk.pk])).content.decode()
    assert '<a href="mailto:els@school.example">els@school.example</a>' in page[page.index("to-send") :]


def test_what_came_before_addresses_were_kept_is_answered_as_before(form, marloes):
    actions.write_in_form(by=SYSTEM, **WORDS)
    Message.objects.update(reached="")
    talk = Conversation.objects.get()
    talk.contact.handles.create(platform="phone", value="+31612345678")  # known later: the answer goes by mail still
    said = actions.answer(by=marloes, conversation=talk, text="Ik kom morgen.")
    assert said.target.options["to"] == "els@school.example"


def test_with_a_telephone_number_a_colleague_calls(form, marloes, visit):
    actions.write_in_form(by=SYSTEM, **WORDS | {"reached": "+31 (0)6 1234 5678"})
    for place in ("inbox_one", "talk_one"):
        page = visit(marloes).get(reverse(f"conversations:{place}", args=[Conversation.objects.get().pk]))
        assert '<a href="tel:+31612345678">+31 (0)6 1234 5678</a>' in page.content.decode()
    Message.objects.update(reached="06 1234 5678 (na zes)")
    page = visit(marloes).get(reverse("conversations:talk_one", args=[Conversation.objects.get().pk]))
    assert "06 1234 5678 (na zes)" in page.content.decode()
    assert "tel:" not in page.content.decode()
    said = actions.answer(by=marloes, conversation=Conversation.objects.get(), text="Ik bel je zo.")
    assert said.delivery == "by_hand"


def test_the_same_words_are_one_message(form):
    for _time in range(5):
        assert Client().post(PAGE, WORDS).status_code == 302
    assert Message.objects.count() == 1
    Client().post(PAGE, WORDS | {"text": "En de kelder ook."})
    assert (Message.objects.count(), Conversation.objects.count()) == (2, 1)


def test_machines_learn_nothing(form):
    answer = Client().post(PAGE, WORDS | {"website": "http://spam.example"})
    assert (answer.status_code, Message.objects.count()) == (302, 0)
    assert Client().post(PAGE, WORDS | {"text": "http://a.example " * 6}).status_code == 422
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "bad"),
    [("name", "E"), ("name", " \n"), ("reached", "els"), ("reached", "els@x\nBcc: y@z.example"), ("reached", "12"),
     ("text", " "), ("text", "\x00"), ("text", "x" * 6001)],
)  # fmt: skip
def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(field, bad, form):
    answer = Client().post(f"{PAGE}?lang=en", WORDS | {field: bad})
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    other = "text" if field != "text" else "reached"
    assert WORDS[other] in answer.content.decode()


def test_one_network_address_can_not_fill_the_inbox(form, settings):
    """Whatever names it gives; told by a proxy only where that is trusted."""
    settings.KOOR_TRUSTED_PROXIES = ["127.0.0.1"]
    words = [WORDS | {"reached": f"els{number}@school.example"} for number in range(logic.PLACE_AN_HOUR + 1)]
    sent = [Client().post(PAGE, one, headers={"X-Forwarded-For": "198.41.0.4"}).status_code for one in words]
    assert sent == [302] * logic.PLACE_AN_HOUR + [429]
    assert Client().post(PAGE, words[-1], headers={"X-Forwarded-For": "198.41.0.5"}).status_code == 302
    settings.KOOR_TRUSTED_PROXIES = []
    elsewhere = {"headers": {"X-Forwarded-For": "1.2.3.4"}, "REMOTE_ADDR": "198.41.0.4"}
    assert Client().post(PAGE, WORDS, **elsewhere).status_code == 429


def test_too_many_at_once_are_refused(form):
    for number in range(logic.FORM_AN_HOUR):
        actions.write_in_form(by=SYSTEM, **WORDS | {"text": f"Vraag {number}"})
    assert Client().post(PAGE, WORDS).status_code == 429
    with clock.fixed(clock.now() + timedelta(hours=2)):
        assert Client().post(PAGE, WORDS).status_code == 302


def test_from_the_website_of_the_house_and_from_no_other(form):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(FROM, WORDS, headers={"Origin": SITE}).status_code == 302
    for origin in (
        "https://evil.example",
        "null",
        "",
        "https://www.reurslag.example.evil.example",
        "http://www.reurslag.example",
    ):
        assert strict.post(FROM, WORDS | {"text": "Nog eens"}, headers={"Origin": origin}).status_code == 403
    assert strict.post(PAGE, WORDS, headers={"Origin": SITE}).status_code == 403  # the page itself wants its token
    assert Message.objects.count() == 1


def test_they_may_choose_who_opened_a_line(form, marloes, henk):
    wishes = {"about": "warmtepompen", "answers": "", "days": [1, 2, 3, 4, 5], "limit": 10, "aside": ""}
    wishes |= {"opens": time(8), "closes": time(17), "shows_phone": False, "shows_mail": False, "stand_in": None}
    line = actions.open_line(by=henk, person=henk, contact=None, project=_project(marloes), **wishes)
    assert "Henk" in Client().get(PAGE).content.decode()
    assert Client().post(PAGE, WORDS | {"line": str(line.pk)}).status_code == 302
    assert Conversation.objects.get().assignee == henk
    assert Client().post(PAGE, WORDS | {"line": "999999", "text": "x"}).status_code == 422


def _project(by):
    from koor.ground.contacts import actions as contacts

    return contacts.add_project(by=by, name="School De Berk")


def test_names_in_every_script_and_naughty_strings(form):
    naughty = ["王小明", "محمد علي", "O'Brien\"; DROP TABLE x;--", "<script>alert(1)</script>", "ﷺ‮oof", "{{ 7*7 }}"]
    for number, name in enumerate(naughty):
        actions.write_in_form(by=SYSTEM, name=name, reached=f"n{number}@school.example", text=name)
    assert Conversation.objects.count() == len(naughty)


def test_only_who_conducts_sets_it(form, bram, visit):
    assert visit(bram).get(reverse("conversations:contact_form")).status_code == 404
    with pytest.raises(Forbidden):
        actions.set_contact_form(by=bram, is_on=False, intro="", account=None, sites=[], shows_people=False)


def test_its_page_keeps_what_is_set(form, marloes, visit, address):
    page = reverse("conversations:contact_form")
    assert FROM in visit(marloes).get(page).content.decode()
    wrong = visit(marloes).post(page, {"is_on": "on", "sites": "not a site!"})
    assert (wrong.status_code, bool(wrong.context["form"].errors["sites"])) == (422, True)
    kept = visit(marloes).post(
        page, {"is_on": "on", "account": address.pk, "sites": "reurslag.example\nHTTPS://Reurslag.example/x"}
    )
    assert kept.status_code == 302
    form.refresh_from_db()
    assert (form.sites, form.shows_people) == (["https://reurslag.example"], False)


def test_who_looks_after_it_is_told_what_is_wrong(address, marloes, bram):
    wishes = {"is_on": True, "intro": "", "account": address, "sites": [], "shows_people": False}
    stage = Account.objects.create(connector="paper", name="Paper", purpose="news", owner=marloes, made_at=clock.now())
    many = [f"https://site-{number}.example" for number in range(logic.MOST_SITES + 1)]
    for wrong, field in (
        ({"account": stage}, "account"), ({"sites": many}, "sites"), ({"sites": ["https://[x"]}, "sites"),
        ({"sites": ["https://x.example:99999"]}, "sites"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            actions.set_contact_form(by=marloes, **wishes | wrong)
        assert refused.value.field == field
    with pytest.raises(Forbidden):
        actions.set_contact_form(by=bram, **wishes)


def test_a_message_without_end_is_refused_at_its_words(form):
    with pytest.raises(Refused) as refused:
        actions.write_in_form(by=SYSTEM, **WORDS | {"text": "x" * (logic.LONGEST_IN_FORM + 1)})
    assert (refused.value.code, refused.value.field) == ("too_long", "text")


@pytest.mark.parametrize("chosen", ["", "second"])
def test_its_page_keeps_any_choice_of_address(chosen, address, marloes, visit):
    """None, or the second of two: nothing of it is passed on twice or lost."""
    second = Account.objects.create(
        connector="mail", name="ook@", purpose="service", owner=marloes, made_at=clock.now(), handle="ook@x.example"
    )
    given = {"is_on": "on", "account": second.pk if chosen else "", "sites": ""}
    assert visit(marloes).post(reverse("conversations:contact_form"), given).status_code == 302
    assert queries.contact_form().account == (second if chosen else None)

"""Leads: made with their story, seen by whom they concern, sent once, and taken out as a list."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from koor.flow.conversations import actions as conversations
from koor.flow.relations import actions, queries
from koor.flow.relations.choices import LeadState, SendingState
from koor.flow.relations.logic import signing
from koor.flow.relations.models import Lead, Receiver, Sending, Touch
from koor.flow.relations.receivers import somebody_else_goes_on
from koor.ground.contacts import actions as contacts
from koor.ground.contacts.models import Acquaintance
from koor.ground.governance import actions as governance
from koor.ground.people import actions as people
from koor.ground.people.choices import Role
from koor.ground.people.events import PersonLeft
from koor.kernel import audit, clock, identity
from koor.kernel.access import SYSTEM, Forbidden, NotFound, Refused
from koor.kernel.models import AuditEntry, Push
from koor.kernel.panels import todos_of
from koor.kernel.tests.test_push import FCM, device_at

pytestmark = pytest.mark.django_db
WANTS = "a heat pump for the school"


@pytest.fixture
def talk(karin, anneke):
    said = "Wat kost een warmtepomp?"
    return conversations.tell_by_hand(by=anneke, contact=karin, channel="telephone", direction="in", text=said)


@pytest.fixture
def lead(karin, talk, anneke, rob):
    governance.set_responsibility(by=SYSTEM, purpose="sales", person=rob, agreed="Rob belt terug")
    return actions.make_lead(by=anneke, contact=karin, conversation=talk, wants=WANTS)


@pytest.fixture
def crm(httpserver: HTTPServer, monkeypatch, ada):
    """Another system that checks what it gets, as its maker would."""
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"localhost:{httpserver.port}")
    written = actions.arrange_receiver(by=ada, name="CRM", url=httpserver.url_for("/leads"), is_on=True)
    got = Taken(signing.read(written))
    httpserver.expect_request("/leads").respond_with_handler(got)
    return got


class Taken:
    def __init__(self, secret: bytes) -> None:
        self.secret, self.answers = secret, [200]
        self.leads: dict[str, dict] = {}
        self.calls: list[str] = []

    def __call__(self, request: Request) -> Response:
        key = request.headers["Webhook-Id"]
        self.calls.append(key)
        right = signing.signature(self.secret, key, int(request.headers["Webhook-Timestamp"]), request.data)
        if request.headers["Webhook-Signature"] != right:
            return Response(status=401)
        status = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if status < 300:
            self.leads.setdefault(key, json.loads(request.data))
        return Response(status=status)


def later(minutes: int):
    return clock.fixed(clock.now() + timedelta(minutes=minutes))


def test_it_goes_with_its_story_to_who_sells(lead, rob, anneke, karin):
    assert (lead.to, lead.state) == (rob, LeadState.NEW)
    assert "Wat kost een warmtepomp?" in json.dumps(lead.story, ensure_ascii=False)
    assert Touch.objects.get(kind="lead").contact == karin
    assert [one.wants for one in queries.new_leads_for(rob)] == [WANTS]
    assert AuditEntry.objects.filter(verb="relations.make_lead", actor_id=anneke.pk).exists()


def test_notes_stay_inside(talk, karin, anneke, rob):
    conversations.note(by=anneke, conversation=talk, text="moeilijke buurman")
    lead = actions.make_lead(by=anneke, contact=karin, conversation=talk, wants=WANTS, to=rob)
    assert "buurman" not in json.dumps(lead.story)


def test_made_once(karin, talk, anneke, rob):
    both = [actions.make_lead(by=anneke, contact=karin, wants=WANTS, to=rob, once="k1") for _ in range(2)]
    assert both[0] == both[1]
    assert Lead.objects.count() == 1


@pytest.mark.parametrize(("wants", "code"), [(" ", "empty"), ("x" * 301, "too_long")])
def test_refused(karin, talk, anneke, wants, code):
    with pytest.raises(Refused) as refused:
        actions.make_lead(by=anneke, contact=karin, wants=wants)
    assert refused.value.code == code


def test_who_does_not_know_them_makes_none(karin, newcomer):
    with pytest.raises(Forbidden):
        actions.make_lead(by=newcomer, contact=karin, wants=WANTS)


def test_seen_by_whom_it_concerns(lead, rob, anneke, henk, marloes):
    for who in (rob, anneke, marloes):
        assert queries.lead(who, lead.pk) == lead
    assert not queries.leads(henk).exists()
    with pytest.raises(NotFound):
        queries.lead(henk, lead.pk)
    with pytest.raises(Forbidden):
        actions.change_lead(by=henk, lead=lead, state="won")


def test_it_is_handed_on_and_ends(lead, rob, hanna):
    actions.hand_lead(by=rob, lead=lead, to=hanna)
    row = actions.change_lead(by=hanna, lead=lead, state="lost", why="too dear")
    assert (row.to, row.state, row.why) == (hanna, "lost", "too dear")
    assert not queries.leads(rob, state="open").exists()
    assert queries.leads(rob, state="lost").get() == lead
    with pytest.raises(Refused):
        actions.change_lead(by=hanna, lead=lead, state="gone")


# --- sent ---


def test_a_signature_as_the_standard_has_it():
    secret = signing.read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    said = signing.signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert said == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_it_arrives_signed_with_its_story(lead, rob, crm):
    sending = actions.send_lead(by=rob, lead=lead)
    actions.deliver_lead(by=SYSTEM, sending_id=sending.pk)
    sending.refresh_from_db()
    assert sending.state == SendingState.SENT
    (got,) = crm.leads.values()
    assert got["data"]["wants"] == WANTS
    assert got["data"]["contact"]["handles"][0]["platform"] == "mastodon"
    assert got["data"]["story"] == lead.story
    assert got["data"]["with"]["name"] == rob.name
    actions.deliver_lead(by=SYSTEM, sending_id=sending.pk)
    actions.send_lead(by=rob, lead=lead)
    assert len(crm.calls) == 1


def test_it_is_tried_again_under_the_same_key(lead, rob, crm, noon):
    crm.answers = [500, 429, 204]
    sending = actions.send_lead(by=rob, lead=lead)
    for minutes in (0, 2, 9):
        with later(minutes):
            actions.sweep_leads(by=SYSTEM)
    sending.refresh_from_db()
    assert (sending.state, sending.attempts) == (SendingState.SENT, 3)
    assert len(crm.calls) == 3
    assert len(set(crm.calls)) == 1
    assert Receiver.objects.get().problem == ""


def test_who_mended_the_receiver_need_not_wait_for_the_next_try(lead, rob, ada, crm, visit):
    crm.answers = [503, 200]
    sending = actions.send_lead(by=rob, lead=lead)
    actions.sweep_leads(by=SYSTEM)
    assert "Try it now" in visit(ada).get(reverse("relations:receiver")).content.decode()
    page = visit(rob).get(reverse("relations:lead", args=[lead.pk])).content.decode()
    assert "Tried again today" in page
    assert "Send it again" in page
    assert actions.send_failed_again(by=ada) == 1
    actions.sweep_leads(by=SYSTEM)
    sending.refresh_from_db()
    assert sending.state == SendingState.SENT
    assert actions.send_failed_again(by=ada) == 0


def test_it_gives_up_is_seen_and_sent_again(lead, rob, ada, crm, visit):
    crm.answers = [410]
    sending = actions.send_lead(by=rob, lead=lead)
    actions.deliver_lead(by=SYSTEM, sending_id=sending.pk)
    sending.refresh_from_db()
    assert sending.state == SendingState.FAILED
    assert "410" in sending.problem
    page = visit(ada).get(reverse("relations:receiver")).content.decode()
    assert "1 lead did not arrive" in page
    assert WANTS not in page
    assert "A lead did not arrive" in visit(ada).get("/").content.decode()
    crm.answers = [200]
    assert actions.send_failed_again(by=ada) == 1
    actions.deliver_lead(by=SYSTEM, sending_id=sending.pk)
    assert Sending.objects.get().state == SendingState.SENT


def test_eight_tries_are_enough(lead, rob, crm, noon):
    crm.answers = [503]
    actions.send_lead(by=rob, lead=lead)
    for n in range(12):
        with later(n * 800):
            actions.sweep_leads(by=SYSTEM)
    assert Sending.objects.get().state == SendingState.FAILED
    assert len(crm.calls) == signing.TRIES


def test_nothing_leaves_while_it_is_off(lead, rob, ada, crm):
    sending = actions.send_lead(by=rob, lead=lead)
    receiver = Receiver.objects.get()
    actions.arrange_receiver(by=ada, name="CRM", url=receiver.url, is_on=False)
    actions.deliver_lead(by=SYSTEM, sending_id=sending.pk)
    assert crm.calls == []
    assert Sending.objects.get().state == SendingState.WAITING
    with pytest.raises(Refused):
        actions.send_lead(by=rob, lead=lead)


def test_the_secret_is_sealed_shown_once_and_renewed(crm, ada, rob, visit):
    row = Receiver.objects.get()
    assert crm.secret not in bytes(row.secret)
    page = visit(ada).get(reverse("relations:receiver")).content.decode()
    assert "whsec_" not in page
    shown = visit(ada).post(reverse("relations:receiver_secret")).content.decode()
    assert "whsec_" in shown
    assert "401" in actions.try_receiver(by=ada)
    assert visit(rob).get(reverse("relations:receiver")).status_code == 404


@pytest.mark.parametrize("url", ["http://crm.example/x", "ftp://crm.example", "crm.example", "https://[", ""])
def test_only_addresses_that_can_be_called(ada, url):
    with pytest.raises(Refused) as refused:
        actions.arrange_receiver(by=ada, name="CRM", url=url, is_on=True)
    assert refused.value.field == "url"


def test_the_own_network_is_not_called(ada):
    actions.arrange_receiver(by=ada, name="CRM", url="https://127.0.0.1/leads", is_on=True)
    assert actions.try_receiver(by=ada) != ""


def test_a_copy_of_the_house_calls_nobody(ada, crm, settings, tmp_path):
    settings.KOOR_HOME = tmp_path
    identity.set_apart(tmp_path)
    assert "restored or copied" in actions.try_receiver(by=ada)
    assert crm.calls == []


@pytest.mark.parametrize(("status", "state"), [(200, SendingState.SENT), (500, SendingState.WAITING)])
def test_a_long_answer_is_judged_by_how_it_began(lead, rob, crm, httpserver, status, state):
    httpserver.clear()
    httpserver.expect_request("/leads").respond_with_data("x" * 200_000, status=status)
    sending = actions.send_lead(by=rob, lead=lead)
    actions.deliver_lead(by=SYSTEM, sending_id=sending.pk)
    sending.refresh_from_db()
    assert (sending.state, sending.attempts) == (state, 1)


# --- pages and the list ---


def test_from_a_conversation_to_who_sells_in_one_form(visit, karin, talk, anneke, rob):
    browser = visit(anneke)
    path = reverse("relations:new_lead", args=[karin.pk])
    assert path in browser.get(reverse("conversations:talk_one", args=[talk.pk])).content.decode()
    page = browser.get(f"{path}?conversation={talk.pk}").content.decode()
    assert "Wat kost een warmtepomp?" in page
    said = {"wants": WANTS, "to": rob.pk, "conversation": talk.pk}
    assert browser.post(path, {**said, "wants": ""}).status_code == 422
    answered = browser.post(path, said)
    made = Lead.objects.get()
    assert answered["Location"] == reverse("relations:lead", args=[made.pk])
    assert made.conversation == talk
    assert WANTS in visit(rob).get("/").content.decode()
    assert WANTS in visit(rob).get(reverse("relations:leads")).content.decode()
    shown = visit(rob).get(reverse("relations:lead", args=[made.pk])).content.decode()
    assert "Wat kost een warmtepomp?" in shown
    stands = reverse("relations:lead_stands", args=[made.pk])
    assert visit(rob).post(stands, {"state": "talking"}).status_code == 302
    assert visit(rob).post(stands, {"state": "x"}).status_code == 422


def test_the_list_is_harmless_and_not_for_everybody(visit, lead, rob, newcomer, karin):
    contacts.edit_contact(by=SYSTEM, contact=karin, role="=cmd()")
    answered = visit(rob).get(reverse("relations:leads_list"))
    text = b"".join(answered.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["wants"], row["role"], row["name"]) == (WANTS, "'=cmd()", "Karin Olthof")
    assert AuditEntry.objects.filter(verb="relations.export_leads").exists()
    assert visit(newcomer).get(reverse("relations:leads_list")).status_code == 404


def test_the_list_costs_the_same_for_many(visit, lead, rob, anneke, karin, django_assert_num_queries):
    browser = visit(rob)
    browser.get(reverse("relations:leads"))
    with django_assert_num_queries(4):
        browser.get(reverse("relations:leads"))
    for n in range(12):
        actions.make_lead(by=anneke, contact=karin, wants=f"{WANTS} {n}", to=rob)
    with django_assert_num_queries(4):
        browser.get(reverse("relations:leads"))


# --- odd hands ---


def test_who_left_gets_no_lead(visit, karin, talk, anneke, lead, rob, henk, ada):
    people.let_go(by=ada, person=henk)
    henk.refresh_from_db()
    with pytest.raises(Refused) as refused:
        actions.make_lead(by=anneke, contact=karin, wants=WANTS, to=henk)
    assert refused.value.code == "left"
    with pytest.raises(Refused) as refused:
        actions.hand_lead(by=rob, lead=lead, to=henk)
    assert refused.value.code == "left"
    for to in (henk.pk, "9" * 30, "x", ""):
        assert visit(rob).post(reverse("relations:lead_hand", args=[lead.pk]), {"to": to}).status_code == 409
    lead.refresh_from_db()
    assert lead.to == rob


def test_one_that_somebody_spoke_with_is_on_today_of_whom_it_is_handed_to(visit, lead, rob, hanna):
    actions.change_lead(by=rob, lead=lead, state="talking")
    actions.hand_lead(by=rob, lead=lead, to=hanna)
    page, go_on = reverse("relations:lead", args=[lead.pk]), reverse("relations:lead_go_on", args=[lead.pk])
    browser = visit(hanna)
    assert f'href="{page}"' in browser.get("/").content.decode()
    assert visit(rob).post(go_on).status_code == 403
    for state, asked in (("lost", False), ("talking", True)):
        Lead.objects.filter(pk=lead.pk).update(state=state)
        assert (go_on in browser.get(page).content.decode()) == asked
    assert browser.post(go_on)["Location"] == page
    assert f'href="{page}"' not in browser.get("/").content.decode()
    assert go_on not in browser.get(page).content.decode()


def test_handed_twice_is_handed_once(visit, lead, rob, hanna):
    for _ in range(2):
        assert visit(rob).post(reverse("relations:lead_hand", args=[lead.pk]), {"to": hanna.pk}).status_code == 302
    assert AuditEntry.objects.filter(verb="relations.hand_lead").count() == 1


def test_said_twice_how_it_stands_changes_it_once(lead, rob):
    for _ in range(2):
        actions.change_lead(by=rob, lead=lead, state="lost", why=" too dear ")
    assert AuditEntry.objects.filter(verb="relations.change_lead").count() == 1
    with pytest.raises(Refused) as refused:
        actions.change_lead(by=rob, lead=lead, state="lost", why="x" * 201)
    assert (refused.value.code, refused.value.field) == ("too_long", "why")


def test_a_lead_has_only_the_story_of_whom_it_is_about(visit, talk, anneke, rob):
    """The number of somebody else's conversation tells nothing of it, here or at the receiver's."""
    other = contacts.add_contact(by=anneke, name="Els Wiggers")
    contacts.introduce(by=anneke, person=anneke, contact=other)
    path = reverse("relations:new_lead", args=[other.pk])
    assert visit(anneke).get(f"{path}?conversation={talk.pk}").status_code == 404
    said = {"wants": WANTS, "to": rob.pk, "conversation": talk.pk}
    assert visit(anneke).post(path, said).status_code == 404
    with pytest.raises(NotFound):
        actions.make_lead(by=anneke, contact=other, conversation=talk, wants=WANTS)
    assert not Lead.objects.exists()


def test_made_and_sent_in_one_go(karin, talk, anneke, rob, crm):
    made = actions.make_lead(by=anneke, contact=karin, conversation=talk, wants=WANTS, to=rob, send=True)
    actions.sweep_leads(by=SYSTEM)
    assert made.sending.state == SendingState.SENT
    assert [one["data"]["wants"] for one in crm.leads.values()] == [WANTS]


def test_sent_by_one_tap(visit, lead, rob, henk, crm):
    path = reverse("relations:lead_send", args=[lead.pk])
    assert visit(henk).post(path).status_code == 404
    for _ in range(2):
        assert visit(rob).post(path).status_code == 302
    assert Sending.objects.get().state == SendingState.WAITING


def test_a_receiver_that_is_not_there_is_tried_later(lead, rob, ada, monkeypatch):
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", "localhost:9")
    actions.arrange_receiver(by=ada, name="CRM", url="http://localhost:9/leads", is_on=True)
    sending = actions.send_lead(by=rob, lead=lead)
    actions.deliver_lead(by=SYSTEM, sending_id=sending.pk)
    sending.refresh_from_db()
    assert sending.problem
    assert (sending.state, sending.attempts) == (SendingState.WAITING, 1)


def test_a_secret_of_another_house_is_said_and_not_tried_again(lead, rob, ada, crm, visit):
    Receiver.objects.update(secret=b"sealed elsewhere")
    sending = actions.send_lead(by=rob, lead=lead)
    actions.deliver_lead(by=SYSTEM, sending_id=sending.pk)
    sending.refresh_from_db()
    assert sending.state == SendingState.FAILED
    assert "Make another one" in sending.problem
    assert crm.calls == []
    crm.secret = signing.read(actions.renew_secret(by=ada))
    assert visit(ada).post(reverse("relations:receiver_again")).status_code == 302
    actions.sweep_leads(by=SYSTEM)
    sending.refresh_from_db()
    assert sending.state == SendingState.SENT
    assert actions.send_failed_again(by=ada) == 0


def test_without_a_receiver_there_is_nothing_to_try(visit, ada, rob):
    for name in ("receiver_try", "receiver_secret"):
        assert visit(ada).post(reverse(f"relations:{name}")).status_code == 409
        assert visit(rob).post(reverse(f"relations:{name}")).status_code in {403, 404}


def test_the_receiver_is_arranged_and_tried_on_its_page(visit, ada, crm):
    page = reverse("relations:receiver")
    said = {"name": "CRM of sales", "url": Receiver.objects.get().url, "is_on": "on"}
    assert "CRM of sales" in visit(ada).post(page, said).content.decode()
    assert visit(ada).post(page, {**said, "url": "ftp://x"}).status_code == 422
    assert Receiver.objects.get().name == "CRM of sales"
    assert "It arrived." in visit(ada).post(reverse("relations:receiver_try"), follow=True).content.decode()
    crm.answers = [500]
    assert "500" in visit(ada).post(reverse("relations:receiver_try"), follow=True).content.decode()


def test_what_is_no_secret_is_not_read_as_one():
    with pytest.raises(ValueError, match="not a secret"):
        signing.read("whsec_*")


def test_who_left_leaves_no_lead_and_no_ambassador_behind(lead, karin, knows, anneke, rob, person, marloes):
    ours = actions.invite_ambassador(by=rob, contact=karin, gets="You see our newest work first")
    somebody_else_goes_on(PersonLeft(rob.pk, anneke.pk))
    assert (fresh(lead).to, fresh(ours).person) == (rob, rob)  # let in again before this was heard
    people.let_go(by=SYSTEM, person=rob)
    somebody_else_goes_on(PersonLeft(rob.pk, None))
    assert (fresh(lead).to, fresh(ours).person) == (anneke, marloes)  # who made it, and the curator
    knows(anneke)
    people.let_go(by=SYSTEM, person=marloes)
    somebody_else_goes_on(PersonLeft(marloes.pk, None))
    assert fresh(ours).person == anneke
    assert _logged("relations.pass_ambassador_on") == f"the ambassador {ours.contact} has another colleague"
    bram = person("Bram Wolters")
    device_at(FCM, bram.pk)
    people.let_go(by=SYSTEM, person=anneke, hand_over_to=bram)
    somebody_else_goes_on(PersonLeft(anneke.pk, bram.pk))
    assert (fresh(lead).to, fresh(ours).person) == (bram, bram)
    told = Push.objects.get()
    assert (told.title, told.url) == ("A lead is with you now", reverse("relations:lead", args=[lead.pk]))
    people.let_go(by=SYSTEM, person=bram)
    Acquaintance.objects.all().delete()
    somebody_else_goes_on(PersonLeft(bram.pk, None))
    assert (fresh(lead).to, fresh(ours).person) == (None, None)
    assert _logged("relations.pass_ambassador_on").endswith("left, and they have nobody yet")
    curator = person("Femke Vos", Role.CURATOR)
    assert f"Nobody goes on with the lead of {karin}" in [str(one.title) for one in todos_of(curator)]
    assert _logged("relations.hand_lead") == f"who had the lead {lead} left, and it has nobody yet"


def _logged(verb):
    return audit.sentence(AuditEntry.objects.filter(verb=verb).latest("pk"))


def test_a_lead_goes_to_who_is_there(karin, talk, anneke, rob, person):
    other = person("Zoë Sales", discipline="Sales")
    governance.set_responsibility(by=SYSTEM, purpose="sales", discipline=rob.discipline, agreed="Sales belt terug")
    today = clock.now().date()
    assert queries.who_sells() == rob
    people.declare_absence(by=rob, person=rob, first_day=today, last_day=today)
    assert queries.who_sells() == other


def fresh(row):
    return type(row).objects.get(pk=row.pk)

"""WhatsApp, the whole road: through the one door into a conversation, the answer to a server on loopback, in time."""

import hmac
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from koor.flow.conversations import actions, queries
from koor.flow.conversations.models import Conversation, Message
from koor.flow.listening import actions as listening
from koor.flow.listening.models import Mention, RawEvent, Source
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.models import Target
from koor.ground.channels import actions as channels
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Refused
from koor.kernel.http import Unclear
from tests.connectors.scripted import answer

FIXTURES = Path(__file__).parents[3] / "connectors/whatsapp/fixtures"
SECRETS = {"access_token": "s3cret", "app_secret": "app", "verify_token": "word"}
SAID_AT = datetime.fromtimestamp(1764064800, UTC)


@pytest.fixture(autouse=True)
def _now():
    with clock.fixed(SAID_AT + timedelta(hours=1)):
        yield


@pytest.fixture
def account(house, marloes, httpserver, monkeypatch):
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"localhost:{httpserver.port}")
    settings = {"number_id": "106540352242922", "api": httpserver.url_for("/v26.0"), "template": "go_on"}
    settings["template_text"] = "Dag {{1}}, mogen we je nog antwoorden?"
    made = channels.add_account(
        by=marloes, connector="whatsapp", name="WhatsApp", owner=marloes, purpose="service", settings=settings,
        secrets=SECRETS,
    )  # fmt: skip
    listening.listen_to_account(by=marloes, account_id=made.pk)
    return made


@pytest.fixture
def arrive(account):
    """A delivery comes in and is read: `arrive("text")`; gives how it was answered."""

    def run(body, signer="app", **headers):
        body = body if isinstance(body, bytes) else (FIXTURES / f"{body}.json").read_bytes()
        signed = "sha256=" + hmac.new(signer.encode(), body, sha256).hexdigest()
        headers = {"X-Hub-Signature-256": signed} | headers
        address = reverse("listening:hook", args=["whatsapp", account.pk])
        client = Client(enforce_csrf_checks=True)
        answer = client.post(address, body, content_type="application/json", headers=headers)
        for event in RawEvent.objects.filter(form="hook"):
            listening.read_delivered(event.pk)
        for mention in Mention.objects.filter(message=None).order_by("pk"):
            actions.hear_all([mention.pk])
        return answer.status_code

    return run


def taken(httpserver, **reply):
    request = httpserver.expect_request("/v26.0/106540352242922/messages", method="POST")
    request.respond_with_json(reply or {"messages": [{"id": "wamid.OURS"}]})


def sent(httpserver):
    return [json.loads(request.data) for request, _answer in httpserver.log if request.path.endswith("/messages")]


def test_a_message_is_answered(account, arrive, httpserver, marloes):
    assert arrive("text") == 200
    talk = Conversation.objects.get()
    assert (talk.contact.name, talk.contact.handles.get().platform, talk.channel) == (
        "Sheena Nelson",
        "phone",
        "whatsapp",
    )
    taken(httpserver)
    said = actions.answer(by=marloes, conversation=talk, text="Ja, ook in blauw.")
    deliver(said.target.pk)
    target = Target.objects.get(pk=said.target.pk)
    assert (target.state, target.remote_id) == ("published", "wamid.OURS")
    assert (sent(httpserver)[0]["to"], sent(httpserver)[0]["text"]["body"]) == ("16505551234", "Ja, ook in blauw.")


def test_five_times_in_any_order_is_once(arrive):
    for name in ("text", "half_broken", "text", "text", "half_broken", "text", "half_broken", "text", "half_broken"):
        assert arrive(name) == 200
    assert (Message.objects.count(), Conversation.objects.count()) == (2, 1)
    assert RawEvent.objects.filter(state="quarantined").count() == 1
    assert not RawEvent.objects.filter(form="hook").exists()


@pytest.mark.parametrize(
    "headers", [{"X-Hub-Signature-256": ""}, {"X-Hub-Signature-256": "sha256=00"}, {"X-Hub-Signature-256": "sha1=00"}]
)
def test_a_wrong_signature_is_refused(headers, arrive):
    assert arrive("text", **headers) == 403
    assert arrive("text", signer="the former one") == 403
    assert not RawEvent.objects.exists()


def test_too_much_and_nothing_are_refused(arrive):
    assert arrive(b"x" * 3_600_000) == 413
    assert arrive(b"") == 413


def test_what_makes_no_sense_goes_to_the_quarantine(arrive):
    assert arrive(b'{"entry": "no"}') == 200
    assert arrive(b"no json") == 200
    assert RawEvent.objects.get(state="quarantined").body == "no json"


def test_the_handshake(account, marloes, visit):
    address = reverse("listening:hook", args=["whatsapp", account.pk])
    query = {"hub.mode": "subscribe", "hub.verify_token": "word", "hub.challenge": "<b>42</b>"}
    good = Client().get(address, query)
    assert (good.status_code, good.content, good["Content-Type"]) == (200, b"<b>42</b>", "text/plain; charset=utf-8")
    assert Client().get(address).status_code == 403
    pages = f"/accounts/{account.pk}/", f"/listen/sources/{Source.objects.get().pk}/"
    assert not any("turned away" in visit(marloes).get(one).content.decode() for one in pages), "somebody just looked"
    assert Client().get(address, query | {"hub.verify_token": "x"}).status_code == 403
    for page in (visit(marloes).get(one).content.decode() for one in pages):
        assert "asked whether this is our address, and was turned away" in page
        assert "The verify token is another than the one that stands here." in page
    for odd, why in ({"hub.challenge": ""}, "hub.challenge is missing"), ({"hub.mode": "no"}, "hub.mode or"):
        assert Client().get(address, query | odd).status_code == 403
        assert why in visit(marloes).get(pages[0]).content.decode()
    Client().get(address, query)
    assert "turned away" not in visit(marloes).get(pages[0]).content.decode(), "it asked again, and heard the word"
    assert Client().get(reverse("listening:hook", args=["mastodon", account.pk])).status_code == 404
    assert (
        Client().post(reverse("listening:hook", args=["whatsapp", 999_999]), b"x", content_type="x/y").status_code
        == 404
    )


def test_after_a_day_only_the_approved_message_goes(account, arrive, httpserver, marloes, visit):
    arrive("text")
    talk = Conversation.objects.get()
    taken(httpserver)
    with clock.fixed(SAID_AT + timedelta(hours=25)):
        with pytest.raises(Refused, match="24 hours"):
            actions.answer(by=marloes, conversation=talk, text="Ja, ook in blauw.")
        page = visit(marloes).get(reverse("conversations:inbox_one", args=[talk.pk])).content.decode()
        assert "Dag Sheena, mogen we je nog antwoorden?" in page
        address = reverse("conversations:send_template", args=[talk.pk])
        for _time in range(2):
            assert visit(marloes).post(address, {"once": "a-key", "place": "inbox"}).status_code == 302
        (message,) = Message.objects.filter(direction="out")
        deliver(message.target.pk)
    assert [one["template"]["name"] for one in sent(httpserver)] == ["go_on"]
    assert sent(httpserver)[0]["template"]["components"][0]["parameters"][0]["text"] == "Sheena"


def test_who_has_a_buddy_sends_no_template_alone(arrive, httpserver, marloes, hanna):
    arrive("text")
    marloes.autonomy, marloes.buddy = "buddy", hanna
    marloes.save()
    with clock.fixed(SAID_AT + timedelta(hours=25)):
        message = actions.send_template(by=marloes, conversation=Conversation.objects.get())
    assert (message.delivery, message.target.post.stage) == ("buddy", "with_buddy")
    assert sent(httpserver) == []


def test_within_the_day_no_template_is_needed(arrive, marloes):
    arrive("text")
    with pytest.raises(Refused):
        actions.send_template(by=marloes, conversation=Conversation.objects.get())


def test_a_lost_answer_is_known_by_what_meta_tells(account, arrive, httpserver, marloes):
    arrive("text")
    httpserver.expect_request("/v26.0/106540352242922/messages").respond_with_data("", status=502)
    said = actions.answer(by=marloes, conversation=Conversation.objects.get(), text="Ja.")
    deliver(said.target.pk)
    target = Target.objects.get(pk=said.target.pk)
    assert target.state == "unknown"
    body = (FIXTURES / "delivered.json").read_bytes()
    arrive(body.replace(b"KEY", b"another"))
    assert Target.objects.get(pk=target.pk).state == "unknown"
    for _time in range(3):
        arrive(body.replace(b"KEY", target.key.encode()))
    target.refresh_from_db()
    assert (target.state, target.remote_id, len(sent(httpserver))) == ("published", "wamid.OURS", 1)


def test_a_lost_answer_that_failed_is_known_by_what_meta_tells(account, arrive, httpserver, marloes):
    arrive("text")
    httpserver.expect_request("/v26.0/106540352242922/messages").respond_with_data("", status=502)
    talk = Conversation.objects.get()
    said = actions.answer(by=marloes, conversation=talk, text="Ja.")
    deliver(said.target.pk)
    target = Target.objects.get(pk=said.target.pk)
    failed = (FIXTURES / "failed.json").read_bytes().replace(b"KEY", target.key.encode())
    for _time in range(3):
        arrive(failed)
        actions.wait_again(by=SYSTEM, target_id=target.pk)
    target.refresh_from_db()
    said.refresh_from_db()
    talk.refresh_from_db()
    assert (target.state, target.remote_id, target.wake_at) == ("rejected", "wamid.OURS", None)
    assert "24 hours" in target.note
    assert said.failed
    assert talk.waiting_since is not None
    assert talk.messages.filter(kind="bounce").count() == 1
    arrive((FIXTURES / "delivered.json").read_bytes().replace(b"KEY", target.key.encode()))
    target.refresh_from_db()
    assert target.state == "rejected"


def test_the_answer_to_a_send_comes_after_the_word_that_it_failed(account, arrive, monkeypatch, marloes):
    arrive("text")
    said = actions.answer(by=marloes, conversation=Conversation.objects.get(), text="Ja.")

    def slow(*_asked, **_more):
        key = Target.objects.get(pk=said.target.pk).key
        arrive((FIXTURES / "failed.json").read_bytes().replace(b"KEY", key.encode()))
        return answer(200, {"messages": [{"id": "wamid.OURS"}]})

    monkeypatch.setattr("koor.connectors.whatsapp.client.ask", slow)
    deliver(said.target.pk)
    assert Target.objects.get(pk=said.target.pk).state == "rejected"


def test_a_photo_is_waited_for_while_the_network_falters(account, arrive, httpserver):
    httpserver.expect_request("/v26.0/1003383421387256").respond_with_data("", status=503)
    for tried in range(1, 6):
        with pytest.raises(Unclear):
            arrive("image")
        assert RawEvent.objects.get(form="hook").tries == tried
        assert not Mention.objects.exists()
    assert arrive("image") == 200
    assert not RawEvent.objects.filter(form="hook").exists()
    assert Message.objects.get().text == "Taj Mahal"
    assert Mention.objects.get().enclosures.get().problem


def test_one_that_failed_after_all_opens_the_question_again(account, arrive, httpserver, marloes):
    arrive("text")
    taken(httpserver)
    talk = Conversation.objects.get()
    said = actions.answer(by=marloes, conversation=talk, text="Ja.")
    deliver(said.target.pk)
    for _time in range(3):
        arrive("failed")
    said.refresh_from_db()
    talk.refresh_from_db()
    assert said.failed
    assert talk.waiting_since is not None
    assert talk.messages.filter(kind="bounce").count() == 1


def test_its_page_shows_what_meta_calls(account, visit, marloes, arrive):
    page = visit(marloes).get(reverse("channels:account", args=[account.pk])).content.decode()
    assert reverse("listening:hook", args=["whatsapp", account.pk]) in page
    assert not any(secret in page for secret in SECRETS.values() if len(secret) > 3 and secret != "word")
    source = Source.objects.get(account=account)
    assert source.next_at is None
    with pytest.raises(Refused):
        listening.fetch_now(by=marloes, source=source)
    assert queries.conversation is not None

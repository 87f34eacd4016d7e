"""The pages of a fire: few queries, for who may see it, and forms that say what is wrong."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from koor.flow.conversations.actions import drills, fires_people, fires_said
from koor.flow.conversations.actions import fires as actions
from koor.flow.conversations.actions.stages import stages
from koor.flow.conversations.models import Fire, FireFact, FireTask
from koor.flow.conversations.views import fires
from koor.ground.channels.models import Account
from koor.kernel import clock
from koor.kernel.access import SYSTEM

pytestmark = pytest.mark.django_db
PAGES = ("", "speaker/", "posts/", "statement/", "tell/", "say/", "answers/", "people/", "end/", "after/", "log/")


@pytest.fixture
def drill(noon, marloes, hanna):
    fire = drills.start_drill(by=SYSTEM, scenario="leak", language="en")
    for number in range(8):
        drills.say(by=SYSTEM, fire_id=fire.pk, number=number)
    actions.add_task(by=marloes, fire=fire, text="Call the school", person=marloes)
    fires_people.prepare_answer(by=marloes, fire=fire, question="Is it safe?", answer="Yes.")
    written = fires_said.write_statement(by=marloes, fire=fire, text="We are there.", accounts=stages("en"))
    fires_said.sign_statement(by=hanna, statement=written)
    fires_said.tell_colleagues(by=marloes, fire=fire, say="We know about it.")
    return fire


def test_every_page_opens_with_few_queries(drill, marloes, hanna, visit):
    for person in (marloes, hanna):
        client = visit(person)
        for page in ["/fires/", "/fires/texts/", *(f"/fires/{drill.pk}/{page}" for page in PAGES)]:
            client.get(page)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(page).status_code == 200, page
            assert len(asked) <= 15, (person.name, page, len(asked))


def test_who_has_nothing_to_do_with_it_finds_nothing(drill, bram, visit):
    client = visit(bram)
    for page in PAGES:
        assert client.get(f"/fires/{drill.pk}/{page}").status_code == 404, page
    assert client.get("/fires/texts/").status_code == 404
    assert client.post("/fires/open/", {"title": "Leak"}).status_code == 403


def test_forms_say_what_is_wrong_and_keep_what_was_typed(drill, marloes, visit):
    client = visit(marloes)
    address = f"/fires/{drill.pk}"
    wrong = {
        "/fires/open/": {"fact": "Smoke"},
        f"{address}/fact/": {"text": "Smoke over there"},
        f"{address}/task/": {},
        f"{address}/statement/": {"text": "In {place} there is smoke."},
        f"{address}/tell/": {"point": "0545 12 34 56"},
        f"{address}/answers/": {"question": "Is it safe?"},
        f"{address}/people/": {},
        f"{address}/after/": {"cause": "A fitting."},
    }
    for page, given in wrong.items():
        answer = client.post(page, given)
        assert answer.status_code == 422, page
        assert all(text in answer.content.decode() for text in given.values()), page


def test_what_one_does_on_the_page(drill, marloes, hanna, visit):
    client = visit(marloes)
    address = f"/fires/{drill.pk}"
    client.post(f"{address}/speaker/", {"person": hanna.pk})
    client.post(f"{address}/fact/", {"text": "The power is off", "source": "Henk", "time": "13:30"})
    client.post(f"{address}/title/", {"title": "Water in the school"})
    client.post(f"/fires/tasks/{FireTask.objects.get().pk}/done/")
    assert '<p class="small quiet">Marloes, ' in client.get(f"{address}/").content.decode()  # who did it, and when
    client.post(f"/fires/facts/{FireFact.objects.get(text='The power is off').pk}/drop/")
    found = Fire.objects.get(pk=drill.pk)
    assert (found.speaker, found.title, found.tasks.get().done_by) == (hanna, "Water in the school", marloes)
    assert FireFact.objects.get(text="The power is off").gone_at is not None
    tie = found.ties.filter(left_at=None).first()
    answer = client.post(f"{address}/reply/", {"send": [tie.pk], f"t{tie.pk}-text": "It is safe."})
    tie.refresh_from_db()
    assert (answer.status_code, tie.answer.text) == (302, "It is safe.")


def test_what_is_done_asks_for_nothing(drill, marloes, visit):
    client, address = visit(marloes), f"/fires/{drill.pk}/"
    burning = client.get(address).content.decode()
    assert "Add a task" in burning
    page = client.get(f"{address}statement/").content.decode()
    assert page.index(">Say more<") < page.index(">Begin from a text<")  # folded with the form that it fills
    assert ">Begin from a text<" not in page[page.rindex("<aside") :]
    actions.end_fire(by=marloes, fire=drill)
    out = client.get(address).content.decode()
    assert "It is out." in out
    assert "Add a task" not in out
    assert 'name="kind" value="unknown"' not in out
    assert client.post(f"{address}task/", {"text": ""}).content.decode().count("Add a task") == 1


def test_from_a_conversation_in_one_tap(opened, marloes, visit):
    conversation = opened("It burns", label="ohoh")
    client = visit(marloes)
    for place in ("inbox", "talk"):
        assert "open a fire" in client.get(f"/{place}/{conversation.pk}/").content.decode()
    answer = client.post(f"/fires/of-conversation/{conversation.pk}/")
    assert answer.url == f"/fires/{Fire.objects.get().pk}/"
    assert "About:" in client.get(f"/inbox/{conversation.pk}/").content.decode()


def test_a_statement_offers_no_place_that_asks_for_a_picture(noon, marloes):
    fields = {"owner": marloes, "purpose": "news", "made_at": clock.now()}
    fire = actions.open_fire(by=marloes, title="Leak")
    for key in ("mastodon", "instagram"):
        Account.objects.create(connector=key, name=key, **fields)
    assert [account.name for account in fires.places_for(marloes, fire)] == ["mastodon"]

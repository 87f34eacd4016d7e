"""Every page of listening: for whom it is, what it costs, what it says."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from koor.flow.hub.models import Item
from koor.flow.listening import actions, queries
from koor.flow.listening.choices import EventState, SourceKind
from koor.flow.listening.models import Import, Mention, Query, RawEvent, Source
from koor.ground.channels import actions as channels
from koor.ground.people.models import Person
from koor.kernel import clock, panels, search
from koor.kernel.access import SYSTEM
from koor.kernel.models import StoredFile

BringIn = Callable[..., actions.Tally]
Visit = Callable[[Person | None], Client]
Said = Callable[..., Mention]

PAGES = ("stream", "learner", "queries", "sources", "quarantine", "add_query", "build_query", "choose_source", "import")


@pytest.fixture
def full(noon: datetime, bring_in: BringIn, marloes: Person) -> dict[str, int]:
    """One of everything that has a page of its own."""
    query = actions.add_query(by=marloes, name="Pomp", expression="pomp*")
    bring_in({"text": "De pomp is stuk"}, "nope")
    event = RawEvent.objects.get(state=EventState.QUARANTINED)
    source = Source.objects.get()
    return {"mention": Mention.objects.get().pk, "query": query.pk, "source": source.pk, "event": event.pk}


def test_strangers_sign_in_and_newcomers_find_nothing(visit: Visit, full: dict[str, int], newcomer: Person) -> None:
    addresses = [reverse(f"listening:{page}") for page in PAGES]
    addresses += [reverse(f"listening:{name}", args=[pk]) for name, pk in full.items()]
    addresses += [reverse("listening:edit_source", args=[full["source"]]), reverse("listening:add_feed", args=["feed"])]
    for address in addresses:
        assert visit(None).get(address).status_code == 302, address
        assert visit(newcomer).get(address).status_code == 404, address


def test_writes_are_not_for_strangers_and_newcomers(visit: Visit, full: dict[str, int], newcomer: Person) -> None:
    writes = [
        ("mark", full["mention"]),
        ("keep", full["mention"]),
        ("pause_query", full["query"]),
        ("resume_query", full["query"]),
        ("pause_source", full["source"]),
        ("resume_source", full["source"]),
        ("fetch_source", full["source"]),
        ("drop_event", full["event"]),
        ("drop_events", full["source"]),
        ("restore_event", full["event"]),
    ]
    for name, pk in writes:
        address = reverse(f"listening:{name}", args=[pk])
        assert visit(None).post(address).status_code == 302, name
        assert visit(newcomer).post(address, {"label": "aha"}).status_code in (403, 404), name
        assert visit(newcomer).get(address).status_code in (404, 405), name
    assert Mention.objects.get().label == ""


def test_pr_listens_and_asks_but_connects_nothing(visit: Visit, full: dict[str, int], pieter: Person) -> None:
    client = visit(pieter)
    for page in ("stream", "queries", "sources", "add_query"):
        assert client.get(reverse(f"listening:{page}")).status_code == 200, page
    assert client.get(reverse("listening:source", args=[full["source"]])).status_code == 200
    for page in ("quarantine", "choose_source", "import"):
        assert client.get(reverse(f"listening:{page}")).status_code == 404, page
    assert client.post(reverse("listening:pause_source", args=[full["source"]])).status_code == 403


@pytest.mark.parametrize("rows", [1, 30])
def test_what_a_page_costs(
    rows: int,
    noon: datetime,
    visit: Visit,
    bring_in: BringIn,
    marloes: Person,
) -> None:
    for n in range(rows):
        actions.add_query(by=marloes, name=f"Vraag {n}", expression=f"pomp OR woord{n}")
        bring_in(
            {"text": f"De pomp {n}", "created_at": (noon - timedelta(hours=n)).isoformat()}, f"nope {n}", source=f"B{n}"
        )
    for mention in Mention.objects.all()[: max(1, rows // 2)]:
        actions.mark(by=marloes, mention_id=mention.pk, label="ohoh")
    client = visit(marloes)
    client.get(reverse("listening:stream"))  # what a process reads once
    cost = {}
    for page in ("stream", "queries", "sources", "quarantine"):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(f"listening:{page}")).status_code == 200
        cost[page] = len(asked)
    assert cost == {"stream": 15, "queries": 7, "sources": 8, "quarantine": 7}


def test_the_stream_answers_its_question(visit: Visit, noon: datetime, said: Said, marloes: Person) -> None:
    client = visit(marloes)
    page = client.get(reverse("listening:stream")).content.decode()
    assert "Nothing is listened to yet." in page
    said("Oud", created_at="2026-11-01T09:00:00Z")
    page = client.get(reverse("listening:stream")).content.decode()
    assert "Nothing is marked oh-oh. It was quiet in the last 24 hours." in page
    fresh = said("De pomp brandt")
    page = client.get(reverse("listening:stream")).content.decode()
    assert "Nothing is marked oh-oh. 1 from the last 24 hours to look at." in page
    actions.mark(by=marloes, mention_id=fresh.pk, label="ohoh")
    page = client.get(reverse("listening:stream")).content.decode()
    assert "1 mention is an oh-oh. Everything of the last 24 hours was looked at." in page
    assert 'class="fire"' in page
    assert 'class="fire"' not in client.get(reverse("listening:stream"), {"q": "pomp"}).content.decode()


def test_filters(visit: Visit, bring_in: BringIn, marloes: Person) -> None:
    query = actions.add_query(by=marloes, name="Pomp", expression="pomp")
    bring_in({"text": "De pomp"}, {"text": "De ketel"})
    bring_in({"id": "x", "text": "Elders", "lang": "de", "handle": "Anna@x.example"}, source="Ander")
    actions.mark(by=marloes, mention_id=Mention.objects.get(text="De ketel").pk, label="noise")
    other = Source.objects.get(name="Ander")

    def shown(**asked: Any) -> set[str]:
        stream = visit(marloes).get(reverse("listening:stream"), asked).context["stream"]
        return {row.mention.text for row in stream.rows}

    everything = {"De pomp", "De ketel", "Elders"}
    assert shown() == everything
    assert shown(label="open") == {"De pomp", "Elders"}
    assert shown(label="noise") == {"De ketel"}
    assert shown(label="aha") == shown(label="ours") == set()
    assert shown(query=query.pk) == {"De pomp"}
    assert shown(source=other.pk) == {"Elders"}
    assert shown(q="kETel") == {"De ketel"}
    assert shown(q="pomp", source=other.pk) == set()
    assert shown(language="de") == {"Elders"}
    assert shown(who="ANNA@x.example") == {"Elders"}
    assert shown(who="els roelvink") == everything
    assert shown(who="anna@x.example", language="nl") == set()
    assert shown(who="els roelvink", query=query.pk, label="open") == {"De pomp"}
    assert shown(label="x", query="-1", source="9" * 30, q=" ", before="9-9-9") == everything
    assert shown(q="\x01&|!:*") == set()
    assert shown(before="99999999999999999999999999-1") == everything


def test_beyond_a_thousand_a_page_says_more_than(
    visit: Visit, bring_in: BringIn, marloes: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("koor.flow.listening.queries.counts.MOST", 3)
    query = actions.add_query(by=marloes, name="Pomp", expression="pomp")
    bring_in(*({"text": f"De pomp {n}", "lang": "nl"} for n in range(4)))
    asked = {"query": query.pk, "language": "nl"}
    page = visit(marloes).get(reverse("listening:stream"), asked)
    assert [(tab.label, tab.number) for tab in page.context["tabs"] if tab.more] == [("all", 3)]
    assert "3+" in page.content.decode()
    Mention.objects.first().delete()
    tabs = visit(marloes).get(reverse("listening:stream"), asked).context["tabs"]
    assert [(tab.label, tab.number) for tab in tabs] == [("all", 3), ("open", 3), ("aha", 0), ("ohoh", 0), ("noise", 0)]


def test_the_pages_of_a_query_follow_each_other(visit: Visit, bring_in: BringIn, marloes: Person) -> None:
    query = actions.add_query(by=marloes, name="Pomp", expression="pomp")
    bring_in(*({"text": f"De pomp {n}"} for n in range(65)), {"id": "z", "text": "De ketel"})
    texts, before = [], ""
    while True:
        shown = queries.stream(marloes, queries.Filters(query=query.pk), before)
        texts += [row.mention.text for row in shown.rows]
        if not (before := shown.older):
            break
    assert texts == [f"De pomp {n}" for n in range(64, -1, -1)]


def test_pages_by_key_do_not_move_when_something_comes_in(
    noon: datetime, bring_in: BringIn, marloes: Person, visit: Visit
) -> None:
    same = noon.isoformat()
    bring_in(*({"text": f"Bericht {n}", "created_at": same} for n in range(70)))
    client, address = visit(marloes), reverse("listening:stream")
    first = client.get(address).context["stream"]
    bring_in({"id": "later", "text": "Later", "created_at": same})
    second = client.get(address, {"before": first.older}).context["stream"]
    third = client.get(address, {"before": second.older}).context["stream"]
    texts = [row.mention.text for stream in (first, second, third) for row in stream.rows]
    assert texts == [f"Bericht {n}" for n in range(69, -1, -1)]
    assert third.older == ""


def test_what_was_asked_for_is_marked(visit: Visit, said: Said, marloes: Person) -> None:
    actions.add_query(by=marloes, name="Pomp", expression='pomp* OR "koude douche" NOT fiets')
    said("Een <b>koude</b> douche en pompen; een koude. Douche")
    page = visit(marloes).get(reverse("listening:stream")).content.decode()
    assert "Een &lt;b&gt;koude&lt;/b&gt; douche" in page
    assert "<mark>pompen</mark>" in page
    assert "<mark>koude. Douche</mark>" in page


def test_marking_from_the_stream_and_the_way_back(visit: Visit, said: Said, marloes: Person) -> None:
    mention, client = said(), visit(marloes)
    address = reverse("listening:mark", args=[mention.pk])
    answered = client.post(address, {"label": "ohoh", "back": "/listen/?label=open"}, follow=True)
    assert answered.redirect_chain == [("/listen/?label=open", 302)]
    page = answered.content.decode()
    assert "Marked as an oh-oh." in page
    undo = next(part.split('"')[0] for part in page.split('action="') if part.startswith(address + "?"))
    client.post(undo.replace("&amp;", "&"))
    mention.refresh_from_db()
    assert mention.label == ""


def test_marking_with_script_draws_the_row_anew(visit: Visit, said: Said, marloes: Person) -> None:
    mention = said()
    address = reverse("listening:mark", args=[mention.pk])
    answered = visit(marloes).post(address, {"label": "aha"}, headers={"HX-Request": "true"})
    page = answered.content.decode()
    assert page.lstrip().startswith(f'<li class="mention" data-row id="m{mention.pk}"')
    assert "Marloes Nijhuis" in page


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "foo", ""])
def test_one_is_not_sent_elsewhere(visit: Visit, said: Said, marloes: Person, back: str) -> None:
    mention = said()
    answered = visit(marloes).post(reverse("listening:mark", args=[mention.pk]), {"label": "aha", "back": back})
    assert answered["Location"] == reverse("listening:mention", args=[mention.pk])


def test_an_unknown_mark_is_refused_in_words(visit: Visit, said: Said, marloes: Person) -> None:
    answered = visit(marloes).post(reverse("listening:mark", args=[said().pk]), {"label": "fire"})
    assert 400 <= answered.status_code < 500
    assert "An aha" in answered.content.decode() or "oh-oh" in answered.content.decode()


def test_one_mention_with_what_it_answers(visit: Visit, bring_in: BringIn, marloes: Person) -> None:
    bring_in(
        {"id": "a", "text": "Lang " * 1_000},
        {"id": "b", "text": "Daarop", "in_reply_to": "a", "url": "https://x.example/b"},
    )
    shown = visit(marloes).get(reverse("listening:mention", args=[Mention.objects.get(external_id="b").pk]))
    page = shown.content.decode()
    assert shown.context["answers"].external_id == "a"
    assert 'href="https://x.example/b"' in page
    assert "it came with its source" in page
    scrolls = "All that was said; it scrolls"  # what is long keeps the marks within reach
    first = visit(marloes).get(reverse("listening:mention", args=[Mention.objects.get(external_id="a").pk]))
    assert scrolls in first.content.decode()
    assert scrolls not in page
    assert visit(marloes).get(reverse("listening:mention", args=[10_000])).status_code == 404


def test_keeping_in_the_library_goes_there(visit: Visit, said: Said, marloes: Person) -> None:
    answered = visit(marloes).post(reverse("listening:keep", args=[said().pk]))
    assert answered["Location"] == reverse("hub:item", args=[Item.objects.get().pk])


def test_a_find_that_the_library_refuses_says_why(
    visit: Visit, said: Said, marloes: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from koor.kernel.access import Refused

    def refuse(**_fields: Any) -> None:
        raise Refused("The library is full.")

    monkeypatch.setattr("koor.flow.hub.actions.keep_find", refuse)
    mention = said()
    answered = visit(marloes).post(reverse("listening:keep", args=[mention.pk]), follow=True)
    assert "The library is full." in answered.content.decode()


def test_a_query_is_tried_and_kept(visit: Visit, said: Said, marloes: Person) -> None:
    said("De pomp")
    client, address = visit(marloes), reverse("listening:add_query")
    tried = client.post(address, {"name": "Pomp", "expression": "pomp of ketel", "try": "1"})
    assert not Query.objects.exists()
    assert tried.context["preview"].met == 0
    assert "“of” in small letters" in tried.content.decode()
    tried = client.post(address, {"name": "", "expression": "pomp", "try": "1"})
    assert tried.context["preview"].met == 1
    assert (tried.status_code, tried.context["form"].errors) == (200, {}), "a name is asked when it is kept"
    kept = client.post(address, {"name": "Pomp", "expression": "pomp"})
    query = Query.objects.get()
    assert kept["Location"] == reverse("listening:query", args=[query.pk])
    page = client.get(kept["Location"]).content.decode()
    assert "It meets 1 of the 1 newest mentions." in page
    actions.pause_query(by=marloes, query=query)
    met = client.get(reverse("listening:stream"), {"query": query.pk}).content.decode()
    assert '<h2 id="stream">Pomp</h2>' in met
    assert f'<option value="{query.pk}" selected>Pomp</option>' in met


def test_a_query_that_can_not_be_read_shows_the_place(visit: Visit, marloes: Person) -> None:
    answered = visit(marloes).post(reverse("listening:add_query"), {"name": "X", "expression": "storing AND OR koud"})
    assert answered.status_code == 422
    page = answered.content.decode()
    assert "is missing between AND and OR" in page
    assert "            ^^" in page
    again = visit(marloes).post(reverse("listening:add_query"), {"name": "X" * 81, "expression": "a" * 10_001})
    assert again.status_code == 422


def test_a_query_is_changed_and_paused(visit: Visit, full: dict[str, int], marloes: Person) -> None:
    client, address = visit(marloes), reverse("listening:query", args=[full["query"]])
    assert client.post(address, {"name": "Pompen", "expression": "pomp"})["Location"] == address
    assert client.post(address, {"name": "Pompen", "expression": "("}).status_code == 422
    Query.objects.create(name="Ketel", expression="k1", made_at=clock.now(), changed_at=clock.now())
    taken = client.post(address, {"name": "ketel", "expression": "pomp"})
    assert taken.status_code == 422
    assert "already" in taken.content.decode()
    client.post(reverse("listening:pause_query", args=[full["query"]]))
    assert "Paused" in client.get(address).content.decode()
    assert "paused" in client.get(reverse("listening:queries")).content.decode()
    client.post(reverse("listening:resume_query", args=[full["query"]]))
    assert Query.objects.get(pk=full["query"]).active


def test_pr_sees_a_query_and_what_it_met(visit: Visit, full: dict[str, int], pieter: Person) -> None:
    page = visit(pieter).get(reverse("listening:query", args=[full["query"]])).content.decode()
    assert "pomp*" in page


def test_a_feed_is_added_and_paused(visit: Visit, noon: datetime, marloes: Person) -> None:
    client = visit(marloes)
    assert (
        reverse("listening:add_feed", args=["feed"]) in client.get(reverse("listening:choose_source")).content.decode()
    )
    address = reverse("listening:add_feed", args=["feed"])
    assert client.get(address).status_code == 200
    assert client.post(address, {"name": "Krant", "url": "nergens"}).status_code == 422
    made = client.post(address, {"name": "Krant", "url": "https://x.example/feed"})
    source = Source.objects.get()
    assert made["Location"] == reverse("listening:source", args=[source.pk])
    page = client.get(made["Location"]).content.decode()
    assert "The first visit is still to come." in page
    client.post(reverse("listening:pause_source", args=[source.pk]))
    assert "Paused." in client.get(made["Location"]).content.decode()
    client.post(reverse("listening:resume_source", args=[source.pk]))
    edit = reverse("listening:edit_source", args=[source.pk])
    assert "https://x.example/feed" in client.get(edit).content.decode()
    assert client.post(edit, {"name": "", "url": "https://x.example/feed"}).status_code == 422
    client.post(edit, {"name": "Krant 2", "url": "https://x.example/2"})
    source.refresh_from_db()
    assert (source.name, source.settings["url"]) == ("Krant 2", "https://x.example/2")
    assert client.get(reverse("listening:add_feed", args=["notifications"])).status_code == 404


def test_an_account_is_listened_to(visit: Visit, hanna: Person, marloes: Person) -> None:
    settings, secrets = {"server": "https://x.example"}, {"access_token": "secret"}
    account = channels.add_account(
        by=SYSTEM, connector="mastodon", name="Reurslag", owner=hanna, settings=settings, secrets=secrets
    )
    client = visit(marloes)
    page = client.get(reverse("listening:choose_source")).content.decode()
    address = reverse("listening:add_source", args=[account.pk, "hashtag"])
    assert address in page
    channels.disconnect_account(by=SYSTEM, account=account)
    assert address not in client.get(reverse("listening:choose_source")).content.decode()
    client.post(address, {"name": "Over pompen", "tag": "#warmtepomp"})
    source = Source.objects.get()
    assert (source.account, source.settings) == (account, {"kind": "hashtag", "tag": "#warmtepomp"})
    Source.objects.update(last_problem="The server could not be reached.", next_at=clock.now())
    page = client.get(reverse("listening:source", args=[source.pk])).content.decode()
    assert "The server could not be reached." in page
    assert reverse("channels:account", args=[account.pk]) in page
    Source.objects.update(settings={"kind": "gone"})
    assert client.get(reverse("listening:edit_source", args=[source.pk])).status_code == 200


def test_looking_now_tells_what_came(
    visit: Visit, noon: datetime, marloes: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = actions.add_source(by=SYSTEM, name="K", kind="feed", settings={"url": "https://x.example/"})
    client, address = visit(marloes), reverse("listening:fetch_source", args=[source.pk])
    outcomes = [actions.Tally(stored=2), actions.Tally()]
    monkeypatch.setattr(actions, "fetch_now", lambda **_about: outcomes.pop(0))
    assert "2 new mentions." in client.post(address, follow=True).content.decode()
    assert "Nothing new." in client.post(address, follow=True).content.decode()
    outcomes.append(actions.Tally())
    Source.objects.update(last_problem="The feed could not be reached.")
    assert "The feed could not be reached." in client.post(address, follow=True).content.decode()
    monkeypatch.undo()
    Source.objects.update(kind=SourceKind.FILE)
    assert "nothing to fetch" in client.post(address, follow=True).content.decode()


def upload(name: str, content: bytes) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content)


def test_a_file_is_imported(visit: Visit, marloes: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    actions.add_query(by=SYSTEM, name="Pomp", expression="pomp")
    client, address = visit(marloes), reverse("listening:import")
    assert client.get(address, {"source": "Reviews"}).context["form"].initial == {"source": "Reviews"}
    table = b"text,x\nDe pomp,1\nKetel,2\nDe pomp,1\nkapot\n"
    answered = client.post(address, {"source": "Reviews", "file": upload("r.csv", table)}, follow=True)
    page = answered.content.decode()
    assert "2 new mentions. One was met by a query. One was there already. One could not be read." in page
    assert Source.objects.get().name == "Reviews"
    wrong = client.post(address, {"source": "Reviews", "file": upload("r.csv", b"a,b\n1,2\n")})
    assert wrong.status_code == 422
    assert "No column is called" in wrong.content.decode()
    empty = client.post(address, {"source": "Reviews", "file": upload("leeg.jsonl", b"")}, follow=True)
    assert "There was no post in this file." in empty.content.decode()
    of_it = client.get(reverse("listening:stream"), {"source": Source.objects.get().pk}).content.decode()
    assert '<h2 id="stream">From Reviews</h2>' in of_it
    monkeypatch.setattr("koor.flow.listening.views.sources.AT_ONCE", 10)
    monkeypatch.setattr("koor.flow.listening.actions.bringing_in.OFTEN", 1)
    assert client.post(address, {"source": "Nieuw", "file": upload("r.csv", b"a,b\n1,2\nxxxx\n")}).status_code == 422
    begun = client.post(address, {"source": "Groot", "file": upload("r.csv", table)})
    far = Import.objects.get()
    assert (begun["Location"], far.file is not None) == (f"/listen/imports/{far.pk}/", True)
    assert "It is being brought in." in client.get(begun["Location"]).content.decode()
    page = client.get(reverse("listening:source", args=[far.source_id])).content.decode()
    assert begun["Location"] in page, "who left the page finds it back"
    for _twice in range(2):
        actions.go_on_importing(far.pk)
    page = client.get(begun["Location"]).content.decode()
    assert '<span id="answer">It is in.</span>' in page
    assert "2 new mentions." in page
    far.refresh_from_db()
    assert (far.read, far.file) == (4, None)
    assert begun["Location"] not in client.get(reverse("listening:source", args=[far.source_id])).content.decode()
    Import.objects.update(tally={"read": 1200, "quarantined": 1000, "passed_over": 200})
    page = client.get(begun["Location"]).content.decode()
    assert "Nothing of it could be read." in page
    assert "1,000 could not be read. 200 more" in page
    assert not StoredFile.objects.exists(), "the file goes once it is in"
    monkeypatch.setattr("koor.flow.listening.forms.BIGGEST", 10)
    assert client.post(address, {"source": "R", "file": upload("r.csv", table)}).status_code == 422
    assert client.post(address, {"source": "R"}).status_code == 422


def test_mending(visit: Visit, full: dict[str, int], marloes: Person, bring_in: BringIn) -> None:
    client, address = visit(marloes), reverse("listening:event", args=[full["event"]])
    assert "This is not JSON." in client.get(reverse("listening:quarantine")).content.decode()
    assert "nope" in client.get(address).content.decode()
    wrong = client.post(address, {"body": '{"id": "9"}'})
    assert wrong.status_code == 422
    assert "“author” is missing." in wrong.content.decode()
    mended = '{"id": "9", "author": "Els", "text": "De pomp", "created_at": "2026-11-20"}'
    done = client.post(address, {"body": mended})
    assert done["Location"] == reverse("listening:quarantine")
    assert Mention.objects.filter(external_id="9", matches__isnull=False).exists()
    assert client.get(address).status_code == 404
    assert client.get(reverse("listening:quarantine"), {"source": full["source"]}).status_code == 200
    assert client.get(reverse("listening:quarantine"), {"source": "10000"}).status_code == 404


def test_putting_aside_and_back(visit: Visit, full: dict[str, int], marloes: Person, bring_in: BringIn) -> None:
    bring_in("another", "[" * 30_000)
    client, address = visit(marloes), reverse("listening:event", args=[full["event"]])
    dropped = client.post(reverse("listening:drop_event", args=[full["event"]]))
    assert dropped["Location"].startswith("/listen/quarantine/")
    assert "This was put aside." in client.get(address).content.decode()
    client.post(reverse("listening:restore_event", args=[full["event"]]))
    assert RawEvent.objects.get(pk=full["event"]).state == EventState.QUARANTINED
    page, source = client.get(reverse("listening:quarantine"), {"source": full["source"]}), full["source"]
    assert "Put all of them aside" in page.content.decode()
    bring_in("elsewhere", source="Oud")
    every = client.get(reverse("listening:quarantine")).content.decode()
    assert f'<a href="?source={source}">' in every.partition("all of one source")[2], "where all of it is handled"
    RawEvent.objects.exclude(source=source).delete()
    put = client.post(reverse("listening:drop_events", args=[source]), follow=True).content.decode()
    assert "3 entries were put aside." in put
    assert "Everything could be read." in client.get(reverse("listening:quarantine")).content.decode()
    client.post(reverse("listening:restore_events", args=[source]))
    assert RawEvent.objects.filter(state=EventState.QUARANTINED).count() == 3
    for event in RawEvent.objects.filter(state=EventState.QUARANTINED):
        assert client.get(reverse("listening:event", args=[event.pk])).status_code == 200


def test_pages_speak_dutch(visit: Visit, full: dict[str, int], marloes: Person) -> None:
    marloes.language = "nl"
    marloes.save()
    client = visit(marloes)
    assert "Wat wordt er gezegd, en brandt er iets?" in client.get(reverse("listening:stream")).content.decode()
    assert "Dit is geen JSON." in client.get(reverse("listening:quarantine")).content.decode()
    wrong = client.post(reverse("listening:add_query"), {"name": "X", "expression": "a1 AND OR b1"})
    assert "Tussen AND en OR ontbreekt" in wrong.content.decode()
    Mention.objects.update(language="de-AT")
    for address in (reverse("listening:mention", args=[full["mention"]]), reverse("listening:stream")):
        assert "Duits" in client.get(address).content.decode(), address


def test_elsewhere(visit: Visit, noon: datetime, said: Said, marloes: Person, newcomer: Person) -> None:
    said("De pomp")
    assert panels.counts_of(["listening:stream"], marloes) == {"listening:stream": 1}
    assert panels.counts_of(["listening:stream"], newcomer) == {"listening:stream": 0}
    ((label, (hit,)),) = search.everywhere(marloes, "pomp")
    assert (str(label), hit.title) == ("Mentions", "Els Roelvink")
    assert search.everywhere(newcomer, "pomp") == []

    def troubles(person: Person) -> list[str]:
        return [todo.text for todo in panels.todos_of(person) if "not heard" in todo.title]

    assert troubles(marloes) == []
    Source.objects.update(failures=3, last_problem="The feed could not be reached.")
    assert troubles(marloes) == ["The feed could not be reached."]
    assert troubles(newcomer) == []


def test_days_are_those_of_our_own_zone(noon: datetime, bring_in: BringIn, marloes: Person) -> None:
    bring_in(
        {"text": "Net voor middernacht", "created_at": "2026-11-23T22:59:59Z"},
        {"text": "Net erna", "created_at": "2026-11-23T23:00:00Z"},
        {"text": "Te lang geleden", "created_at": "2026-11-01T09:00:00Z"},
    )
    days = queries.figures(marloes, queries.Filters()).days
    assert [(day.start.date().isoformat(), day.total) for day in days[-2:]] == [("2026-11-23", 1), ("2026-11-24", 1)]
    assert (len(days), sum(day.total for day in days)) == (14, 2)


def test_a_source_tells_how_late_it_hears(visit: Visit, noon: datetime, bring_in: BringIn, marloes: Person) -> None:
    moments = [noon - timedelta(minutes=n) for n in (1, 2, 3, 4, 600)]
    bring_in(*({"text": f"Bericht {n}", "created_at": at.isoformat()} for n, at in enumerate(moments)), source="Feed")
    source = Source.objects.get()
    assert queries.source(marloes, source.pk).delay is None
    Source.objects.update(kind=SourceKind.FEED)
    assert queries.source(marloes, source.pk).delay == timedelta(minutes=3)
    page = visit(marloes).get(reverse("listening:source", args=[source.pk])).content.decode()
    assert "half of what was said lately stood here within" in page


def test_a_source_tells_a_single_day_once(visit: Visit, noon: datetime, bring_in: BringIn, marloes: Person) -> None:
    bring_in(*({"text": f"Bericht {n}", "created_at": (noon - timedelta(minutes=n)).isoformat()} for n in (1, 2)))
    page = visit(marloes).get(reverse("listening:sources")).content.decode()
    assert "2 mentions, said <time" in page
    assert "said between" not in page
    bring_in({"id": "before", "text": "Eerder", "created_at": (noon - timedelta(days=2)).isoformat()})
    assert "said between" in visit(marloes).get(reverse("listening:sources")).content.decode()

"""Sources are added, fetched page by page, and say honestly how they are."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_httpserver import HTTPServer

from koor.flow.listening import actions, queries, tasks
from koor.flow.listening.actions import fetching
from koor.flow.listening.choices import EventState, SourceKind
from koor.flow.listening.models import Mention, RawEvent, Source
from koor.ground.channels import actions as channels
from koor.ground.channels.contract import Batch, Because, Broken, Incoming
from koor.ground.channels.models import Account
from koor.ground.people.models import House, Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, NotFound, Refused
from tests.mastodon_server import MastodonServer
from tests.mastodon_server.control import inject

ITEM = "<item><guid>{0}</guid><title>Nieuws {0}</title><description>&lt;p&gt;De pomp&lt;/p&gt;</description></item>"


def rss(*numbers: int) -> str:
    return f'<rss version="2.0"><channel><title>Krant</title>{"".join(map(ITEM.format, numbers))}</channel></rss>'


@pytest.fixture
def site(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> HTTPServer:
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"{httpserver.host}:{httpserver.port}")
    return httpserver


def serve(site: HTTPServer, content: str, status: int = 200) -> None:
    site.clear()
    site.expect_request("/feed").respond_with_data(content, status=status, content_type="application/rss+xml")


@pytest.fixture
def feed(house: House, noon: datetime, site: HTTPServer) -> Source:
    serve(site, rss(1, 2))
    return actions.add_source(by=SYSTEM, name="Krant", kind="feed", settings={"url": site.url_for("/feed")})


@pytest.fixture
def account(mastodon: MastodonServer, hanna: Person, monkeypatch: pytest.MonkeyPatch) -> Account:
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"{mastodon.host}:{mastodon.port}")
    secrets, settings = {"access_token": mastodon.token}, {"server": mastodon.url}
    return channels.add_account(
        by=SYSTEM, connector="mastodon", name="Reurslag", owner=hanna, settings=settings, secrets=secrets
    )


def again(source: Source) -> Source:
    source.refresh_from_db()
    return source


class Pages:
    """A connector's `fetch` that answers what a test says, one page after the other."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *batches: Batch | Exception) -> None:
        self.batches, self.asked = list(batches), list[str]()
        monkeypatch.setattr("koor.connectors.feed.listen.fetch", self.fetch)

    def fetch(self, session: Any, cursor: str, settings: Any) -> Batch:
        self.asked.append(cursor)
        batch = self.batches.pop(0) if len(self.batches) > 1 else self.batches[0]
        if isinstance(batch, Exception):
            raise batch
        return batch


def post(number: int, **more: Any) -> Incoming:
    return Incoming(external_id=f"i{number}", author="Els", text=f"Bericht {number}", created_at=clock.now(), **more)


def test_a_feed_is_fetched_and_its_entries_come_once(feed: Source, noon: datetime) -> None:
    tally = actions.fetch(feed.pk)
    assert (tally.read, tally.stored) == (2, 2)
    mention = Mention.objects.get(external_id="1")
    assert (mention.kind, mention.author) == ("article", "Krant")
    assert "De pomp" in mention.text
    source = again(feed)
    assert (source.last_success_at, source.next_at, source.last_problem) == (noon, noon + timedelta(minutes=15), "")
    assert actions.fetch(feed.pk).duplicates == 2
    assert again(feed).gap_at is None


def test_a_feed_of_only_new_entries_may_have_missed_some(feed: Source, noon: datetime, site: HTTPServer) -> None:
    serve(site, rss())
    actions.fetch(feed.pk)
    serve(site, rss(1, 2))
    actions.fetch(feed.pk)
    assert again(feed).gap_at is None, "these are the first, nothing came before them"
    serve(site, rss(7, 8, 9))
    actions.fetch(feed.pk)
    assert again(feed).gap_at == noon


@pytest.mark.django_db(transaction=True)
def test_a_new_source_is_fetched_by_the_worker(feed: Source, run_jobs: Callable[[], None]) -> None:
    tasks.fetch_due.func(timestamp=0)
    run_jobs()
    assert Mention.objects.count() == 2


def test_only_what_is_due_is_fetched(feed: Source, noon: datetime) -> None:
    assert queries.due_sources() == [feed.pk]
    actions.fetch(feed.pk)
    assert queries.due_sources() == []
    with clock.fixed(noon + timedelta(minutes=16)):
        assert queries.due_sources() == [feed.pk]
    actions.pause_source(by=SYSTEM, source=feed)
    with clock.fixed(noon + timedelta(minutes=16)):
        assert queries.due_sources() == []
        assert actions.fetch(feed.pk).read == 0


def test_failures_wait_longer_each_time_and_are_told(
    feed: Source, noon: datetime, site: HTTPServer, marloes: Person, visit: Callable[[Person], Client]
) -> None:
    serve(site, "weg", 500)
    waits = []
    for _ in range(12):
        actions.fetch(feed.pk)
        next_at = again(feed).next_at
        assert next_at is not None
        waits.append((next_at - noon).total_seconds() / 60)
    assert waits[:5] == [2, 4, 8, 16, 32]
    assert max(waits) == 360
    assert (feed.failures, feed.last_success_at) == (12, None)
    assert (feed.failing_since, feed.hopeless) == (noon, False)
    said = "The feed could not be read: the server answers with an error (500)."
    pages = f"/listen/sources/{feed.pk}/", "/listen/sources/"
    for page in (visit(marloes).get(one).content.decode() for one in pages):
        assert said in page
        assert "Since" in page
        assert "The next try:" in page
        assert "Stop listening there" not in page
    with clock.fixed(noon + timedelta(days=61)):
        actions.fetch(feed.pk)
        assert (again(feed).failing_since, feed.hopeless) == (noon, True)
    serve(site, "weg", 410)
    actions.fetch(feed.pk)
    assert (again(feed).gone, feed.hopeless, feed.next_at) == (True, True, noon + timedelta(days=1))
    assert "gone for good" in visit(marloes).get(pages[0]).content.decode()
    assert "Stop listening there" in visit(marloes).get(pages[0]).content.decode()
    assert "Stop listening there" in visit(marloes).get("/?all=1").content.decode()
    serve(site, rss(1))
    actions.fetch(feed.pk)
    assert (again(feed).failures, feed.last_problem, feed.failing_since, feed.gone) == (0, "", None, False)


@pytest.mark.parametrize(
    ("batch", "minutes", "failures"),
    [
        (Batch(problem="Wait", because=Because.RATE, retry_after=1800), 30, 0),
        (Batch(problem="Wait", because=Because.RATE, retry_after=10**9), 360, 0),
        (Batch(problem="Wait", because=Because.RATE, retry_after=-5), 2, 0),
        (Batch(problem="No", because=Because.AUTH), 360, 1),
        (RuntimeError("broken\nconnector"), 2, 1),
    ],
)
def test_what_a_problem_asks_is_done(
    feed: Source, noon: datetime, monkeypatch: pytest.MonkeyPatch, batch: Batch, minutes: int, failures: int
) -> None:
    Pages(monkeypatch, batch)
    actions.fetch(feed.pk)
    source = again(feed)
    assert (source.next_at, source.failures) == (noon + timedelta(minutes=minutes), failures)
    assert source.last_problem
    assert "\n" not in source.last_problem


def test_pages_follow_each_other_and_the_cursor_moves_with_each(feed: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = Pages(
        monkeypatch, Batch((post(1),), cursor="a", more=True), Batch((post(2),), cursor="b"), Batch(cursor="c")
    )
    assert actions.fetch(feed.pk).stored == 2
    assert (pages.asked, again(feed).cursor) == (["", "a"], "b")


def test_a_source_that_repeats_itself_for_ever_is_left(feed: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = Pages(monkeypatch, Batch((post(1),), cursor="", more=True))
    actions.fetch(feed.pk)
    assert pages.asked == [""]


def test_a_visit_ends_after_some_pages(feed: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    batches = [Batch((post(n),), cursor=str(n), more=True) for n in range(50)]
    Pages(monkeypatch, *batches)
    assert actions.fetch(feed.pk).stored == fetching.MOST_PAGES
    assert actions.fetch(feed.pk).stored == fetching.MOST_PAGES


def test_a_worker_that_was_stopped_moves_no_cursor_back(feed: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile(session: Any, cursor: str, settings: Any) -> Batch:
        Source.objects.filter(pk=feed.pk).update(cursor="further")
        return Batch((post(1),), cursor="old", more=True)

    pages = Pages(monkeypatch, Batch())
    monkeypatch.setattr("koor.connectors.feed.listen.fetch", meanwhile)
    actions.fetch(feed.pk)
    assert (again(feed).cursor, Mention.objects.count(), pages.asked) == ("further", 0, [])


def test_what_a_connector_can_not_read_is_set_aside(feed: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    long = post(2, url="javascript:x", handle="@" + "x" * 500, in_reply_to="9")
    huge = Incoming(external_id="i3", author="Els", text="x" * 200_000)
    broken = (Broken("{\x00", "KeyError: 'id'", "i4"), Broken("?", "nothing"))
    picture = Incoming(external_id="i5", author="Els", text="")
    Pages(monkeypatch, Batch((post(1), long, huge, picture), broken, "a"))
    tally = actions.fetch(feed.pk)
    assert (tally.stored, tally.quarantined) == (3, 3)
    mention = Mention.objects.get(external_id="i2")
    assert (mention.url, len(mention.handle), mention.in_reply_to) == ("", 200, "9")
    assert RawEvent.objects.filter(state=EventState.QUARANTINED).count() == 3


def test_what_the_database_refuses_is_a_problem_that_people_see(
    feed: Source, marloes: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    Pages(monkeypatch, Batch((post(1),), cursor="a"))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE listening_mention ADD CONSTRAINT no_els CHECK (author <> 'Els')")
    assert actions.fetch(feed.pk).stored == 0
    assert (again(feed).failures, feed.cursor) == (1, "")
    assert "could not be stored" in queries.source(marloes, feed.pk).problem


def test_likes_and_follows_are_kept_raw_and_are_no_mentions(feed: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    Pages(monkeypatch, Batch((post(1, kind="favourite"), post(2, kind="follow"), post(3)), cursor="a"))
    tally = actions.fetch(feed.pk)
    assert (tally.read, tally.stored, tally.beside) == (3, 1, 2)
    assert RawEvent.objects.count() == 3


def test_mastodon_brings_mentions_replies_and_hashtags(
    noon: datetime, account: Account, mastodon: MastodonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr("koor.kernel.events.tell_all", lambda many: told.extend(many))
    notes = actions.add_source(by=SYSTEM, name="Aan ons", kind="notifications", settings={}, account=account)
    tags = actions.add_source(
        by=SYSTEM, name="Over pompen", kind="hashtag", settings={"tag": "#warmtepomp", "x": "y"}, account=account
    )
    assert tags.settings == {"kind": "hashtag", "tag": "#warmtepomp"}
    inject(mastodon.world, "mention", "els@social.example", "Els", "@reurslag de #warmtepomp is stuk")
    assert actions.fetch(notes.pk).stored == 1
    mention = Mention.objects.get(source=notes)
    assert (mention.author, mention.handle) == ("Els", "@els@social.example")
    assert len(told) == 1
    assert actions.fetch(tags.pk).stored == 1
    assert Mention.objects.get(source=tags).kind == "hashtag"
    assert len(told) == 1


@pytest.mark.django_db(transaction=True)
def test_a_new_account_is_listened_to_by_itself(
    account: Account, mastodon: MastodonServer, run_jobs: Callable[[], None]
) -> None:
    inject(mastodon.world, "mention", "els@social.example", "Els", "@reurslag hoe warm is het bij jullie")
    from procrastinate.contrib.django.models import ProcrastinateJob

    run_jobs()
    source = Source.objects.get()
    assert (source.name, source.account, source.settings) == ("Reurslag", account, {"kind": "notifications"})
    assert actions.listen_to_account(by=SYSTEM, account_id=account.pk) == []
    first = ProcrastinateJob.objects.filter(task_name="koor:listening.fetch_source", queueing_lock=None)
    assert [job.args for job in first] == [{"source": source.pk}]
    with connection.cursor() as cursor:  # it follows after a second, or has been already
        cursor.execute("update procrastinate_jobs set scheduled_at = now() where status = 'todo'")
    run_jobs()
    assert Mention.objects.get().author == "Els"


def test_what_can_not_be_listened_to_by_itself_is_left(house: House, hanna: Person, account: Account) -> None:
    paper = channels.add_account(by=SYSTEM, connector="paper", name="Reurslag", owner=hanna)
    gone = Account.objects.create(connector="hyves", name="Oud", owner=hanna, made_at=clock.now())
    for nothing in (paper.pk, gone.pk, 10_000):
        assert actions.listen_to_account(by=SYSTEM, account_id=nothing) == []
    Source.objects.create(name="reurslag", kind=SourceKind.FILE, made_at=clock.now())
    (made,) = actions.listen_to_account(by=SYSTEM, account_id=account.pk)
    assert made.name == "Reurslag 2"


def test_what_was_said_to_a_colleague_alone_is_theirs(
    account: Account, hanna: Person, marloes: Person, mastodon: MastodonServer
) -> None:
    hanna.roles = ["captain", "pr"]
    hanna.save()
    (source,) = actions.listen_to_account(by=SYSTEM, account_id=account.pk)
    for kind in ("direct", "mention"):
        inject(mastodon.world, kind, "els@social.example", "Els", f"{kind} aan @reurslag")
    actions.fetch(source.pk)

    def seen(person: Person) -> set[str]:
        return {row.mention.kind for row in queries.stream(person, queries.Filters()).rows}

    assert seen(marloes) == seen(hanna) == {"direct", "mention"}
    Account.objects.update(personal=True)
    assert (seen(marloes), seen(hanna)) == ({"mention"}, {"direct", "mention"})
    actions.recount()  # an account seldom becomes somebody's own
    assert queries.figures(marloes, queries.Filters()).counts["all"] == 1
    direct = Mention.objects.get(kind="direct")
    with pytest.raises(NotFound):
        queries.mention(marloes, direct.pk)


def test_what_an_account_no_longer_offers_needs_a_person(noon: datetime, account: Account, marloes: Person) -> None:
    source = actions.add_source(by=SYSTEM, name="Aan ons", kind="notifications", settings={}, account=account)
    actions.pause_source(by=marloes, source=source)
    with pytest.raises(Refused, match="This stands here already, paused, as “Aan ons”"):
        actions.add_source(by=SYSTEM, name="Nog eens", kind="notifications", settings={}, account=account)
    actions.resume_source(by=marloes, source=source)
    Source.objects.update(settings={"kind": "gone"})
    actions.fetch(source.pk)
    assert again(source).next_at == noon + timedelta(hours=6)
    assert source.last_problem == "This account can't be listened to in that way."


def test_a_token_that_was_withdrawn_needs_a_person(noon: datetime, account: Account, mastodon: MastodonServer) -> None:
    source = actions.add_source(by=SYSTEM, name="Aan ons", kind="notifications", settings={}, account=account)
    mastodon.world.tokens.clear()
    actions.fetch(source.pk)
    assert again(source).next_at == noon + timedelta(hours=6)
    assert source.last_problem == "The server no longer accepts the access token of this account."


def test_through_a_paused_account_nothing_is_heard(noon: datetime, account: Account, marloes: Person) -> None:
    source = actions.add_source(by=SYSTEM, name="Aan ons", kind="notifications", settings={}, account=account)
    channels.pause_account(by=SYSTEM, account=account)
    assert actions.fetch(source.pk).read == 0
    assert again(source).next_at == noon + timedelta(minutes=2)
    assert source.tried_at is None
    assert queries.source(marloes, source.pk).problem == "Its account is paused: nothing is heard through it."


def test_credentials_that_can_not_be_opened_are_told(
    account: Account, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = actions.add_source(by=SYSTEM, name="Aan ons", kind="notifications", settings={}, account=account)

    def sealed(*_args: Any) -> None:
        raise Refused("The credentials can't be opened.")

    monkeypatch.setattr("koor.ground.channels.queries.session_for", sealed)
    actions.fetch(source.pk)
    assert again(source).last_problem == "The credentials can't be opened."


def test_a_person_fetches_at_once(feed: Source, marloes: Person, pieter: Person) -> None:
    assert actions.fetch_now(by=marloes, source=feed).stored == 2
    with pytest.raises(Forbidden):
        actions.fetch_now(by=pieter, source=feed)
    imported = Source.objects.create(name="Bestand", kind=SourceKind.FILE, made_at=clock.now())
    with pytest.raises(Refused):
        actions.fetch_now(by=marloes, source=imported)
    assert actions.fetch(imported.pk).read == 0


@pytest.mark.parametrize(
    ("name", "kind", "settings", "field"),
    [
        ("", "feed", {"url": "https://x.example/"}, "name"),
        ("krant", "feed", {"url": "https://x.example/"}, "name"),
        ("Nieuw", "feed", {}, "url"),
        ("Nieuw", "feed", {"url": "the same"}, "url"),
        ("Nieuw", "feed", {"url": "javascript:alert(1)"}, "url"),
        ("Nieuw", "notifications", {"url": "https://x.example/"}, "kind"),
    ],
)
def test_what_can_not_be(feed: Source, name: str, kind: str, settings: dict[str, str], field: str) -> None:
    if settings.get("url") == "the same":
        settings = {"url": feed.settings["url"]}
    with pytest.raises(Refused) as refused:
        actions.add_source(by=SYSTEM, name=name, kind=kind, settings=settings)
    assert refused.value.field == field


def test_another_address_is_read_from_the_beginning(feed: Source, marloes: Person, noon: datetime) -> None:
    actions.fetch(feed.pk)
    before = again(feed).cursor
    changed = actions.edit_source(by=marloes, source=feed, name="Krant 2", settings=dict(feed.settings))
    assert (changed.name, changed.cursor) == ("Krant 2", before)
    changed = actions.edit_source(by=marloes, source=feed, name="Krant", settings={"url": "https://x.example/feed"})
    assert (changed.cursor, changed.next_at, changed.last_success_at) == ("", noon, None)
    assert changed.settings == {"kind": "feed", "url": "https://x.example/feed"}


def test_an_import_has_only_a_name(house: House, marloes: Person) -> None:
    source = Source.objects.create(name="Bestand", kind=SourceKind.FILE, made_at=clock.now())
    assert actions.edit_source(by=marloes, source=source, name="Reviews", settings={"url": "x"}).settings == {}
    assert actions.resume_source(by=marloes, source=source).next_at is None


def test_pause_and_resume(feed: Source, marloes: Person, noon: datetime) -> None:
    Source.objects.filter(pk=feed.pk).update(next_at=None, failures=4, last_problem="x")
    paused = actions.pause_source(by=marloes, source=feed)
    assert (paused.active, paused.failures) == (False, 4)
    resumed = actions.resume_source(by=marloes, source=feed)
    assert (resumed.active, resumed.next_at, resumed.failures, resumed.last_problem) == (True, noon, 0, "")


def test_what_sources_cover_is_told(feed: Source, marloes: Person, newcomer: Person) -> None:
    actions.fetch(feed.pk)
    (heard,) = queries.sources(marloes)
    assert (heard.mentions, heard.broken, heard.trouble) == (2, 0, False)
    whole = queries.source(marloes, feed.pk)
    assert (whole.mentions, whole.last) == (heard.mentions, heard.last)
    assert "newest entries" in whole.covers
    assert not queries.in_trouble(marloes)
    Source.objects.update(failures=3, last_problem="weg")
    assert list(queries.in_trouble(marloes)) == [feed]
    Source.objects.update(failures=0, next_at=clock.now())  # only ever asked to come less often
    assert not queries.in_trouble(marloes)
    with clock.fixed(clock.now() + timedelta(hours=3)):
        assert list(queries.in_trouble(marloes)) == [feed]
        Source.objects.update(last_problem="")
        assert "worker" in queries.source(marloes, feed.pk).problem  # it was due and nobody came
        assert list(queries.in_trouble(marloes)) == [feed]
    assert not queries.in_trouble(newcomer)
    for missing in (
        lambda: queries.sources(newcomer),
        lambda: queries.source(marloes, 10_000),
        lambda: queries.source(newcomer, feed.pk),
    ):
        with pytest.raises(NotFound):
            missing()


def test_who_may(feed: Source, pieter: Person) -> None:
    for refused in (
        lambda: actions.add_source(by=pieter, name="x", kind="feed", settings={"url": "https://x.example"}),
        lambda: actions.edit_source(by=pieter, source=feed, name="x"),
        lambda: actions.pause_source(by=pieter, source=feed),
        lambda: actions.resume_source(by=pieter, source=feed),
    ):
        with pytest.raises(Forbidden):
            refused()


def test_what_a_platform_sends_stands_where_a_visit_would_store_it(
    noon: datetime, monkeypatch: pytest.MonkeyPatch, hanna: Person
) -> None:
    page = Account.objects.create(
        connector="facebook", name="Pagina", owner=hanna, settings={"page": "5"}, made_at=noon
    )
    comments, mentions = actions.listen_to_account(by=SYSTEM, account_id=page.pk)
    assert (comments.settings["kind"], mentions.settings["kind"]) == ("comments", "mentions")
    assert queries.pushed_source("facebook", page.pk) == comments
    usual = {"from": {"id": "8", "name": "Els"}, "verb": "add", "created_time": int(noon.timestamp()) - 60}
    named = {**usual, "item": "post", "post_id": "8_9", "message": "Zie Reurslag"}
    said = [("feed", {**usual, "item": "comment", "comment_id": "5_1", "post_id": "5_0", "message": "Mooi"}),
            ("mention", named), ("mention", {**named, "verb": "edited", "message": "Zie daar"})]  # fmt: skip
    for field, value in said:
        body = json.dumps({"entry": [{"id": "5", "changes": [{"field": field, "value": value}]}]}).encode()
        actions.take_delivery(by=SYSTEM, source=comments, body=body)
        actions.read_delivered(RawEvent.objects.get(form="hook").pk)
    told = Mention.objects.order_by("pk").values_list("source", "external_id", "text")
    assert list(told) == [(comments.pk, "5_1", "Mooi"), (mentions.pk, "8_9", "Zie daar")]
    for source in (comments, mentions):
        actions.pause_source(by=SYSTEM, source=source)
    heard = queries.pushed_source("facebook", page.pk)
    assert heard == comments, "a platform sends a thing once: it is kept"
    actions.take_delivery(by=SYSTEM, source=heard, body=body.replace(b"5_1", b"5_2").replace(b"8_9", b"8_10"))
    kept = RawEvent.objects.get(form="hook")
    actions.read_delivered(kept.pk)
    with clock.fixed(noon + timedelta(minutes=2)):
        assert queries.unread_deliveries() == []
        actions.resume_source(by=SYSTEM, source=comments)
        assert queries.unread_deliveries() == [kept.pk]
        actions.read_delivered(kept.pk)
    assert not RawEvent.objects.filter(form="hook").exists()
    actions.resume_source(by=SYSTEM, source=mentions)
    actions.pause_source(by=SYSTEM, source=comments)
    below = {**usual, "item": "comment", "comment_id": "5_3", "post_id": "5_0", "message": "Jammer"}
    body = json.dumps({"entry": [{"id": "5", "changes": [{"field": "feed", "value": below}]}]}).encode()
    actions.take_delivery(by=SYSTEM, source=mentions, body=body)
    actions.read_delivered(RawEvent.objects.get(form="hook").pk)
    assert not Mention.objects.filter(external_id="5_3").exists(), "comments are paused: it waits there"
    monkeypatch.setattr("koor.flow.listening.actions.delivered.MOST_WAITING", 1)
    actions.take_delivery(by=SYSTEM, source=mentions, body=body.replace(b"5_3", b"5_4"))
    actions.read_delivered(RawEvent.objects.get(form="hook", source=mentions).pk)
    comments.refresh_from_db()
    assert comments.gap_at == clock.now(), "too much waits: the source says that it missed something"
    with pytest.raises(Refused, match="too much waits"):  # so that the platform sends it again later
        actions.take_delivery(by=SYSTEM, source=comments, body=body.replace(b"5_3", b"5_5"))
    monkeypatch.undo()
    actions.resume_source(by=SYSTEM, source=comments)
    actions.read_delivered(RawEvent.objects.get(form="hook", source=comments).pk)
    assert Mention.objects.get(external_id="5_3").source == comments
    actions.remove_source(by=SYSTEM, source=mentions, takes_along=False)
    value = {**named, "verb": "remove", "post_id": "8_9"}
    body = json.dumps({"entry": [{"id": "5", "changes": [{"field": "mention", "value": value}]}]}).encode()
    actions.take_delivery(by=SYSTEM, source=comments, body=body)
    actions.read_delivered(RawEvent.objects.get(form="hook").pk)
    assert not Mention.objects.filter(external_id="8_9", text__contains="Zie").exists(), "taken back by who wrote it"


def test_what_was_stored_of_a_platform_can_be_read_again(feed: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    from koor.flow.listening.logic.reading import read_again

    Pages(
        monkeypatch, Batch((post(1, kind="reply", in_reply_to="5", language="nl", raw={"pictures": []}),), cursor="a")
    )
    actions.fetch(feed.pk)
    body = RawEvent.objects.get().body
    assert json.loads(body)["text"] == "Bericht 1"
    entry = read_again(body, "jsonl")
    assert isinstance(entry, Incoming)
    assert (entry.kind, entry.in_reply_to, entry.external_id) == ("reply", "5", "i1")

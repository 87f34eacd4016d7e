"""Sources that lie, break, drip and flood: each says clearly what is wrong, the others go on, and nothing is lost."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from koor.connectors.feed import listen
from koor.flow.listening import actions
from koor.flow.listening.actions import fetching
from koor.flow.listening.choices import EventState
from koor.flow.listening.logic.reading import fitted
from koor.flow.listening.models import Mention, RawEvent, Source
from koor.ground.channels.contract import Batch, Broken, Incoming, Session
from koor.ground.people.models import House
from koor.kernel.access import SYSTEM
from koor.kernel.http import Answer

GOOD = "<item><guid>goed</guid><title>Gewoon goed</title></item>"


def rss(*items: str, head: str = "") -> str:
    return f'<?xml version="1.0" encoding="utf-8"?>{head}<rss version="2.0"><channel>{"".join(items)}</channel></rss>'


@pytest.fixture
def site(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> HTTPServer:
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"{httpserver.host}:{httpserver.port}")
    return httpserver


@pytest.fixture
def feed(house: House, noon: datetime, site: HTTPServer) -> Callable[..., Source]:
    """A source of what the site serves, fetched once."""

    def fetched(content: str | bytes, mime: str = "application/rss+xml", **headers: str) -> Source:
        site.clear()
        site.expect_request("/feed").respond_with_data(content, content_type=mime, headers=headers)
        found = Source.objects.filter(name="Krant").first() or actions.add_source(
            by=SYSTEM, name="Krant", kind="feed", settings={"url": site.url_for("/feed")}
        )
        actions.fetch(found.pk)
        found.refresh_from_db()
        return found

    return fetched


def heard() -> list[str]:
    return list(Mention.objects.order_by("pk").values_list("text", flat=True))


Feed = Callable[..., Source]


class TestTexts:
    @pytest.mark.parametrize(
        ("title", "seen"),
        [
            ("&#8238;kcab&#8236; vooruit", "\u202ekcab\u202c vooruit"),
            ("a&#7;b\x7fc", "a\ufffdbc"),
            ("x&#0;y&#11;z&#xFFFE;&#xffff;", "x\ufffdy\ufffdz\ufffd\ufffd"),
            ("half &#55357; teken", "half \ufffd teken"),
            ("lach &#55357;&#56832; &#xD83D;&#xDE00;", "lach \U0001f600 \U0001f600"),
            ("&#xDE00;&#xD83D; &#0; &#99999999999;", None),
            ("x" * 30_000, None),
            ("<![CDATA[<script>alert(1)</script>Tekst]]>", "Tekst"),
            ("Z\u0351\u036b\u0343\u0349\u0359" * 50, None),
            ("\ufeff\u200b\u2060", None),
        ],
    )
    def test_of_any_signs(self, feed: Feed, title: str, seen: str | None) -> None:
        feed(rss(f"<item><guid>1</guid><title>{title}</title><link>https://a.example/</link></item>", GOOD))
        assert "Gewoon goed" in heard()
        assert all(sign not in text for text in heard() for sign in ("\x00", "\x07", "\x7f", "<script"))
        assert all(len(text) <= 100_000 for text in heard())
        if seen is not None:
            assert seen in heard()

    def test_a_text_of_a_hundred_thousand_signs_and_one_more(self) -> None:
        most = Incoming("1", "Els", text="x" * 100_000)
        assert isinstance(fitted(most), Incoming)
        beyond = fitted(Incoming("2", "Els", text="x" * 100_001))
        assert isinstance(beyond, Broken)
        assert "100,000" in beyond.reason

    @given(st.text(st.characters(), max_size=60), st.text(st.characters(), max_size=20))
    @settings(max_examples=60, deadline=None)
    def test_whatever_unicode_holds(self, text: str, name: str) -> None:
        entry = fitted(Incoming(name + "x", name, handle=name, text=text, url=text, language=name, in_reply_to=name))
        kept = entry.raw if isinstance(entry, Broken) else json.dumps(entry.raw) + entry.text
        kept.encode()
        assert "\x00" not in kept


class TestClocks:
    @pytest.mark.parametrize("date", ["Fri, 01 Jan 9999 00:00:00 GMT", "Tue, 24 Nov 2099 00:00:00 GMT"])
    def test_far_ahead_counts_as_now(self, feed: Feed, noon: datetime, date: str) -> None:
        feed(rss(f"<item><guid>1</guid><title>Later</title><pubDate>{date}</pubDate></item>"))
        assert Mention.objects.get().said_at == noon

    @pytest.mark.parametrize("date", ["Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 01 Jan 1900 00:00:00 GMT", "gisteren"])
    def test_long_ago_and_unreadable(self, feed: Feed, noon: datetime, date: str) -> None:
        feed(rss(f"<item><guid>1</guid><title>Ooit</title><pubDate>{date}</pubDate></item>", GOOD))
        assert "Gewoon goed" in heard()
        assert Mention.objects.count() + RawEvent.objects.filter(state=EventState.QUARANTINED).count() == 2
        assert all(datetime(1970, 1, 1, tzinfo=UTC) <= one.said_at <= noon for one in Mention.objects.all())


class TestBodies:
    def test_a_bomb_of_entities(self, feed: Feed) -> None:
        bombs = "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 12))
        head = f'<!DOCTYPE r [<!ENTITY b0 "{"x" * 100}">{bombs}]>'
        began = time.process_time()
        feed(rss("<item><guid>1</guid><title>&b11;</title></item>", head=head))
        assert time.process_time() - began < 5
        assert sum(map(len, heard())) <= listen.LONGEST_TEXT

    @pytest.mark.parametrize("what", ["file:///etc/passwd", "http://169.254.169.254/", "/etc/passwd"])
    def test_nothing_from_elsewhere_is_read(self, feed: Feed, site: HTTPServer, what: str) -> None:
        head = f'<!DOCTYPE r [<!ENTITY f SYSTEM "{what}"><!ENTITY % p SYSTEM "{site.url_for("/dtd")}"> %p;]>'
        feed(rss("<item><guid>1</guid><title>a &f; b</title></item>", GOOD, head=head))
        assert not any("root:" in text for text in heard())
        assert [request.path for request, _answer in site.log] == ["/feed"]

    def test_a_bomb_of_gzip(self, feed: Feed) -> None:
        source = feed(gzip.compress(b"x" * 50_000_000), **{"Content-Encoding": "gzip"})
        assert source.last_problem
        assert source.failures == 1

    def test_a_number_of_a_million_digits(self, feed: Feed) -> None:
        body = '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": ' + "9" * 1_000_000 + "}]}"
        assert feed(body, "application/feed+json").last_problem

    @pytest.mark.parametrize("body", ["[" * 200_000, '{"version": "https://jsonfeed.org/1", "items": ' + "[" * 90_000])
    def test_nested_too_deep(self, feed: Feed, body: str) -> None:
        assert feed(body, "application/feed+json").last_problem

    @pytest.mark.parametrize(
        ("charset", "written"),
        [("utf-16", "utf-8"), ("utf-8", "latin-1"), ("nonsense", "utf-8"), ("cp1252", "utf-8"), ("koi8-r", "latin-1")],
    )
    def test_another_charset_than_it_says(self, feed: Feed, charset: str, written: str) -> None:
        body = rss("<item><guid>1</guid><title>Café De Pomp</title></item>", GOOD).encode(written)
        source = feed(body, f"application/rss+xml; charset={charset}")
        assert source.last_problem or any("De Pomp" in text for text in heard())

    def test_a_feed_that_leads_in_circles(self, feed: Feed, site: HTTPServer) -> None:
        source = feed(rss(GOOD))
        site.clear()
        site.expect_request("/feed").respond_with_data("", status=302, headers={"Location": "/elders"})
        site.expect_request("/elders").respond_with_data("", status=302, headers={"Location": "/feed"})
        before = source.cursor
        actions.fetch(source.pk)
        source.refresh_from_db()
        assert (bool(source.last_problem), source.cursor, heard()) == (True, before, ["Gewoon goed"])
        assert len(site.log) < 10

    def test_a_body_without_end(self, feed: Feed, site: HTTPServer) -> None:
        source = feed(rss(GOOD))

        def endless(request: Request) -> Response:
            return Response((b"x" * 100_000 for _piece in range(10_000)), content_type="application/rss+xml")

        site.clear()
        site.expect_request("/feed").respond_with_handler(endless)
        actions.fetch(source.pk)
        source.refresh_from_db()
        assert source.last_problem

    def test_a_body_that_drips(self, feed: Feed, site: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
        source = feed(rss(GOOD))
        monkeypatch.setattr(listen, "SECONDS", 0.5)

        def drip(request: Request) -> Response:
            def pieces() -> Any:
                for _piece in range(1200):  # a minute, would somebody wait for it
                    time.sleep(0.05)
                    yield b" "

            return Response(pieces(), content_type="application/rss+xml")

        site.clear()
        site.expect_request("/feed").respond_with_handler(drip)
        began = time.monotonic()
        actions.fetch(source.pk)
        assert time.monotonic() - began < 30
        source.refresh_from_db()
        assert source.last_problem


class Endless:
    """A connector whose source never ends: each page says that another waits."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, page: Callable[[int], Batch]) -> None:
        self.asked, self.page = 0, page
        monkeypatch.setattr("koor.connectors.feed.listen.fetch", self.fetch)

    def fetch(self, session: Session, cursor: str, settings: Any) -> Batch:
        self.asked += 1
        return self.page(self.asked)


class TestForEver:
    def said(self, number: int) -> tuple[Incoming, ...]:
        return (Incoming(f"i{number}", "Els", text=f"Bericht {number}"),)

    def test_the_same_place_again(self, feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
        source = feed(rss(GOOD))
        pages = Endless(monkeypatch, lambda number: Batch(self.said(1), cursor="zelfde", more=True))
        actions.fetch(source.pk)
        assert pages.asked == 2
        assert Mention.objects.count() == 2

    def test_always_another_place(self, feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
        source = feed(rss(GOOD))
        pages = Endless(monkeypatch, lambda number: Batch(self.said(1), cursor=f"plek {number}", more=True))
        actions.fetch(source.pk)
        assert pages.asked == fetching.MOST_PAGES
        assert Mention.objects.count() == 2

    def test_nothing_but_what_is_broken(self, feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
        source = feed(rss(GOOD))

        def page(number: int) -> Batch:
            broken = tuple(Broken(f"kapot {number} {n}", "nonsense") for n in range(100))
            return Batch(broken=broken, items=self.said(number), cursor=f"plek {number}", more=True)

        Endless(monkeypatch, page)
        actions.fetch(source.pk)
        assert RawEvent.objects.filter(state=EventState.QUARANTINED).count() == 200
        assert Mention.objects.count() == 1 + fetching.MOST_PAGES

    def test_another_source_goes_on(self, feed: Feed, site: HTTPServer, noon: datetime) -> None:
        broken = feed(b"\x00\x01" * 1000)
        site.expect_request("/ander").respond_with_data(rss(GOOD), content_type="application/rss+xml")
        other = actions.add_source(by=SYSTEM, name="Ander", kind="feed", settings={"url": site.url_for("/ander")})
        actions.fetch(other.pk)
        assert (bool(broken.last_problem), heard()) == (True, ["Gewoon goed"])
        assert broken.next_at == noon + timedelta(hours=6)


class One:
    def __init__(self, content: bytes) -> None:
        self.content = content

    def request(self, *_all: Any, **_more: Any) -> Answer:
        return Answer(200, {"content-type": "application/xml"}, self.content, "http://krant.example/")


PARTS = st.sampled_from(
    ["<item>", "</item>", "<title>", "</title>", "<guid>", "</guid>", "<![CDATA[", "]]>", "<!--", "-->", "&", "&amp;",
     "&#0;", "&#xD800;", "<rss>", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>", "</entry>", "<?x", "?>",
     "<pubDate>", "</pubDate>", "<link href='", "'/>", "\x00", "é", "x", " ", "<!DOCTYPE r [", "]>", "<ENTITY"]
)  # fmt: skip


@given(st.lists(PARTS, max_size=40))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_feeds_put_together_of_their_own_pieces(parts: list[str]) -> None:
    """Whatever the pieces: an answer, no exception, and everything fit to keep or with a reason."""
    body = ('<rss version="2.0"><channel>' + "".join(parts)).encode()
    batch = listen.fetch(Session(One(body), 0, {}), "", {"url": "http://krant.example/"})
    for one in [fitted(item) for item in batch.items] + [fetching.kept(broken) for broken in batch.broken]:
        assert one.external_id

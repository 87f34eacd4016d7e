"""Feeds as they should be, and as they are."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from koor.connectors.feed import listen
from koor.ground.channels.contract import Batch, Because, Incoming, Session
from koor.kernel.http import Door

FIXTURES = Path(__file__).parent / "fixtures"


@dataclasses.dataclass
class Site:
    """A site on loopback that answers with one document, and keeps what it was asked."""

    server: HTTPServer
    body: bytes = b""
    mime: str = "application/rss+xml"
    status: int = 200
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    asked: list[Request] = dataclasses.field(default_factory=list)

    def answer(self, request: Request) -> Response:
        self.asked.append(request)
        if self.headers.get("ETag") and request.headers.get("If-None-Match") == self.headers["ETag"]:
            return Response(status=304)
        return Response(self.body, self.status, {**self.headers, "Content-Type": self.mime})

    def fetch(self, cursor: str = "", path: str = "/feed") -> Batch:
        allow = frozenset({(self.server.host, self.server.port)})
        session = Session(Door(plain_reads=True, allow=allow), 0, {}, now=datetime(2026, 11, 24, 12, tzinfo=UTC))
        return listen.fetch(session, cursor, {"kind": "feed", "url": self.server.url_for(path)})

    def serves(self, name: str, mime: str = "application/xml") -> Site:
        self.body, self.mime = (FIXTURES / name).read_bytes(), mime
        return self


def drops() -> Iterator[bytes]:
    for _n in range(8):
        yield b"<rss>"
        time.sleep(0.05)


@pytest.fixture
def site(httpserver: HTTPServer) -> Site:
    site = Site(httpserver)
    httpserver.expect_request("/feed").respond_with_handler(site.answer)
    return site


def rss(*items: str, head: str = "<title>Krant</title>") -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode()


def kinds_of(item: Incoming) -> list[str]:
    return [one["type"] for one in item.raw["media"]]


class TestKinds:
    def test_rss(self, site: Site) -> None:
        batch = site.serves("rss.xml").fetch()
        odd, undated, article = batch.items
        assert article.text == "Warmtepomp stiller dan ooit & zuiniger\n\nEerste alinea met een link.\n\nTweede alinea."
        assert (article.external_id, article.author, article.language) == ("nieuws-1201", "Jan Jansen", "nl")
        assert (article.kind, article.url) == ("article", "https://nieuws.example/warmtepomp")
        assert article.created_at == datetime(2026, 11, 17, 8, 30, tzinfo=UTC)
        assert (undated.created_at, undated.external_id) == (None, "https://nieuws.example/undated")
        assert (undated.author, undated.text) == ("Installatienieuws & meer", "Zonder datum en zonder guid\n\nTekst")
        assert odd.created_at is None
        assert [broken.reason for broken in batch.broken] == ["This part can't be read."]

    def test_atom(self, site: Site) -> None:
        (item,) = site.serves("atom.xml", "application/atom+xml").fetch().items
        assert item.text == "Subsidie voor isolatie\n\nAanvragen kan vanaf maandag."
        assert (item.author, item.language) == ("Gemeente Berkelland", "nl")
        assert item.created_at == datetime(2026, 11, 19, 7, 15, tzinfo=UTC)

    def test_rss_1(self, site: Site) -> None:
        (item,) = site.serves("rdf.xml").fetch().items
        assert (item.text, item.created_at) == ("Ketels van vroeger", datetime(2026, 10, 1, 12, tzinfo=UTC))

    def test_json_feed(self, site: Site) -> None:
        batch = site.serves("feed.json", "application/feed+json").fetch()
        short, article = batch.items
        assert (article.text, article.author) == ("Onze nieuwe ketel\n\nHij doet het.", "Els Wolters")
        assert (short.text, short.author, short.created_at) == ("Kort & goed", "Blog van Els", None)
        assert len(batch.broken) == 1

    def test_what_comes_with_an_entry(self, site: Site) -> None:
        site.body = rss(
            '<item><guid>1</guid><title>a</title><enclosure url="https://a.example/1.mp3" type="audio/mpeg"/></item>',
            '<item><guid>2</guid><media:content xmlns:media="http://search.yahoo.com/mrss/" medium="video"'
            ' url="https://a.example/2" type="application/x-shockwave-flash"/></item>',
            "<item><guid>3</guid></item>",
        )
        batch = site.fetch()
        assert [kinds_of(item) for item in batch.items] == [["video"], ["audio/mpeg"]]
        assert len(batch.broken) == 1
        items = [
            {"image": "https://a.example/i"},
            {"attachments": [{"url": "https://a.example/1.png", "mime_type": "image/png"}]},
        ]
        items += [{"content_text": 7}, {"attachments": [7, {"url": 7}, "x"], "image": {"a": 1}}, {"attachments": 7}]
        rows = [{"id": str(number), **item} for number, item in enumerate(items)]
        site.body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": rows}).encode()
        batch = site.fetch()
        assert [(item.external_id, kinds_of(item)) for item in batch.items] == [("1", ["image/png"]), ("0", ["image"])]
        assert len(batch.broken) == 3

    def test_the_same_entry_has_the_same_id(self, site: Site) -> None:
        site.serves("rss.xml")
        assert [i.external_id for i in site.fetch().items] == [i.external_id for i in site.fetch().items]


class TestUnchanged:
    def test_costs_nothing_the_second_time(self, site: Site) -> None:
        site.serves("rss.xml").headers = {"ETag": '"v1"', "Last-Modified": "Tue, 17 Nov 2026 08:30:00 GMT"}
        first = site.fetch()
        second = site.fetch(first.cursor)
        assert (second.items, second.cursor, second.problem) == ((), first.cursor, "")
        assert site.asked[1].headers["If-Modified-Since"] == "Tue, 17 Nov 2026 08:30:00 GMT"

    def test_a_cursor_from_elsewhere(self, site: Site) -> None:
        assert site.serves("rss.xml").fetch("nonsense").items
        assert site.serves("rss.xml").fetch("[1]").items


class TestBroken:
    def test_cut_off_halfway(self, site: Site) -> None:
        site.body = rss("<item><title>Heel</title><link>https://a.example/1</link></item>", "<item><title>Half")[:-40]
        batch = site.fetch()
        assert "Heel" in [item.text for item in batch.items]
        assert batch.broken[-1].external_id == "end of feed"

    def test_another_charset_than_declared(self, site: Site) -> None:
        site.body = rss("<item><title>Café</title><guid>1</guid></item>").decode().encode("latin-1")
        site.mime = "text/xml; charset=iso-8859-1"
        assert site.fetch().items[0].text == "Café"

    @pytest.mark.parametrize(
        ("body", "says"),
        [
            (b"", "can't be read"),
            (b"just words", "can't be read"),
            (b"<!doctype html><html><body>Hallo</body></html>", "a page and not a feed"),
            (b"\x00\x01\x02\xff", "can't be read"),
            (b'{"version": "1.0", "items": []}', "can't be read"),
            (b"<rss", "can't be read"),
        ],
    )
    def test_no_feed_at_all(self, site: Site, body: bytes, says: str) -> None:
        site.body = body
        batch = site.fetch("")
        assert says in batch.problem
        assert (batch.because, batch.cursor) == (Because.REJECTED, "")

    def test_an_empty_feed_is_a_feed(self, site: Site) -> None:
        site.body = rss()
        assert site.fetch() == Batch(cursor="{}")

    def test_entities_that_grow(self, site: Site) -> None:
        bombs = "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 10))
        site.body = (
            f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY b0 "{"x" * 100}">{bombs}]>'
            "<rss version='2.0'><channel><item><title>&b9;</title></item></channel></rss>"
        ).encode()
        assert sum(len(item.text) for item in site.fetch().items) <= listen.LONGEST_TEXT

    def test_an_entity_that_reads_a_file(self, site: Site) -> None:
        site.body = (
            b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
            b"<rss version='2.0'><channel><item><title>a &f;</title><guid>1</guid></item></channel></rss>"
        )
        assert "root:" not in json.dumps([item.text for item in site.fetch().items])

    def test_more_entries_than_are_read(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(listen, "ENTRIES", 3)
        site.body = rss(*(f"<item><guid>{n}</guid><title>{n}</title></item>" for n in range(5)))
        batch = site.fetch()
        assert [item.external_id for item in batch.items] == ["2", "1", "0"]
        assert "more entries" in batch.broken[0].reason

    def test_a_text_of_a_million_signs(self, site: Site) -> None:
        site.body = rss(f"<item><guid>1</guid><description>{'x' * 1_000_000}</description></item>")
        assert len(site.fetch().items[0].text) == listen.LONGEST_TEXT

    def test_a_very_long_id(self, site: Site) -> None:
        site.body = rss(f"<item><guid>{'x' * 1000}</guid><title>a</title></item>")
        assert site.fetch().items[0].external_id.startswith("sha256:")

    @pytest.mark.parametrize(("link", "url"), [("/pad?a=b", "http://"), ("http://[bad", ""), ("nummer", "")])
    def test_addresses_that_are_not_whole(self, site: Site, link: str, url: str) -> None:
        site.body = rss(f"<item><title>a</title><link>{link}</link><guid isPermaLink='false'>1</guid></item>")
        (item,) = site.fetch().items
        assert item.url == (site.server.url_for(link) if url else "")

    def test_a_year_that_does_not_exist(self, site: Site) -> None:
        site.body = rss("<item><guid>1</guid><title>a</title><pubDate>Tue, 17 Nov 0000 09:30:00 GMT</pubDate></item>")
        assert len(site.fetch().items) == 1

    def test_an_address_that_is_a_script(self, site: Site) -> None:
        site.body = rss("<item><title>a</title><link>javascript:alert(1)</link><guid>1</guid></item>")
        assert site.fetch().items[0].url == ""

    @pytest.mark.parametrize(
        ("status", "because"),
        [
            (401, Because.AUTH),
            (403, Because.AUTH),
            (404, Because.REJECTED),
            (410, Because.REJECTED),
            (429, Because.RATE),
            (500, Because.NOT_REACHED),
            (302, Because.NOT_REACHED),
        ],
    )
    def test_answers_that_are_none(self, site: Site, status: int, because: Because) -> None:
        site.status, site.headers = status, {"Retry-After": "90"}
        batch = site.fetch("{}")
        assert (batch.because, batch.cursor, bool(batch.problem)) == (because, "{}", True)
        assert (batch.retry_after, batch.gone) == (90, status == 410)

    def test_too_large(self, site: Site) -> None:
        site.body = b"x" * 2000
        small = Door(plain_reads=True, allow=frozenset({(site.server.host, site.server.port)}), max_bytes=1000)
        batch = listen.fetch(Session(small, 0, {}), "", {"url": site.server.url_for("/feed")})
        assert (batch.because, "larger than" in batch.problem) == (Because.REJECTED, True)

    @pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://169.254.169.254/", "file:///etc/passwd", "", "x y"])
    def test_addresses_that_the_door_refuses(self, url: str) -> None:
        batch = listen.fetch(Session(Door(plain_reads=True, allow=frozenset()), 0, {}), "", {"url": url})
        assert batch.because == Because.REJECTED
        assert "not called" in batch.problem or batch.problem == "This address can't be called."

    def test_a_site_that_is_away(self) -> None:
        door = Door(plain_reads=True, allow=frozenset({("127.0.0.1", 9)}))
        batch = listen.fetch(Session(door, 0, {}), "", {"url": "http://127.0.0.1:9/"})
        assert batch.because is Because.NOT_REACHED
        assert batch.problem == "The feed could not be reached: nobody answers at this address and port."

    def test_a_site_that_sends_us_round(self, site: Site) -> None:
        site.status, site.headers = 302, {"Location": "/feed"}
        assert "from one address to the next" in site.fetch().problem

    def test_a_feed_that_comes_in_drops(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(listen, "SECONDS", 0.2)
        site.server.expect_request("/drops").respond_with_handler(lambda _: Response(drops(), 200))
        assert "had not sent the whole feed" in site.fetch(path="/drops").problem


class TestPage:
    def test_a_page_that_names_its_feed(self, site: Site) -> None:
        page = b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>'
        site.server.expect_request("/").respond_with_data(page, content_type="text/html")
        first = site.serves("rss.xml").fetch(path="/")
        assert (len(first.items), first.more) == (3, False)
        assert json.loads(first.cursor)["feed"] == site.server.url_for("/feed")
        site.server.expect_request("/gone").respond_with_data("", status=404)
        moved = first.cursor.replace("/feed", "/gone")  # the feed is elsewhere by now, and the page says so
        assert site.fetch(moved, path="/").cursor == first.cursor
        site.status = 404
        site.server.clear_log()
        gone = site.fetch(first.cursor, path="/")
        assert (gone.because, gone.cursor) == (Because.REJECTED, first.cursor)
        assert gone.problem == "There is no feed at this address any more."
        assert [request.path for request, _answer in site.server.log] == ["/feed", "/"], "asked once, not twice"

    def test_pages_that_name_each_other_for_ever(self, site: Site) -> None:
        for n in range(4):
            page = f'<html><link rel="alternate" type="application/rss+xml" href="/page{n + 1}">'
            site.server.expect_request(f"/page{n}").respond_with_data(page, content_type="text/html")
        for cursor in ("", json.dumps({"feed": site.server.url_for("/page2")})):
            batch = site.fetch(cursor, path="/page0")
            assert ("a page and not a feed" in batch.problem, batch.more, batch.cursor) == (True, False, cursor)

    def test_a_page_that_names_itself(self, site: Site) -> None:
        site.body, site.mime = b'<html><link rel="alternate" type="application/atom+xml" href="/feed">', "text/html"
        assert "a page and not a feed" in site.fetch().problem

"""The newsroom: what strangers, feed readers and search engines get."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree as xml

import feedparser
import pytest
from django.test import Client

from koor.flow.publishing.models import Post, Target
from koor.flow.publishing.views.newsroom import clean
from koor.ground.channels.models import Account
from koor.ground.people.models import Person

Visit = Callable[[Person | None], Client]
Publish = Callable[..., Target]


@pytest.fixture
def publish(noon: datetime, bram: Person) -> Publish:
    """A row that is up in the newsroom."""
    account = Account.objects.create(connector="newsroom", name="News", owner=bram, made_at=noon)

    def make(text: str, slug: str, **changes: Any) -> Target:
        hours = changes.pop("hours", 1)
        at = noon - timedelta(hours=hours)
        post = Post.objects.create(by=changes.pop("by", bram), text=text, made_at=at, changed_at=at, stage="released")
        fields: dict[str, Any] = {"state": "published", "published_at": at} | changes
        return Target.objects.create(post=post, account=changes.pop("account", account), text=text, slug=slug, **fields)

    return make


def test_an_empty_newsroom_says_what_will_come(noon: datetime, house: object, visit: Visit) -> None:
    page = visit(None).get("/newsroom/")
    assert page.status_code == 200
    assert "the first story appears" in page.content.decode()


def test_a_link_goes_along_everywhere(publish: Publish, visit: Visit) -> None:
    target = publish("Fresh air\n\nEight classrooms.", "fresh-air")
    link = "https://elsewhere.example/story"
    Post.objects.filter(pk=target.post_id).update(link=link)
    for address in ("/newsroom/fresh-air/", "/newsroom/feed.atom", "/newsroom/feed.json"):
        assert link in visit(None).get(address).content.decode(), address
    Target.objects.filter(pk=target.pk).update(text=f"Fresh air\n\nSee {link} now.")
    assert visit(None).get("/newsroom/feed.json").json()["items"][0]["content_text"] == f"See {link} now."


def test_the_newest_is_in_front_and_the_rest_behind_it(publish: Publish, visit: Visit) -> None:
    publish("Old cabinet\n\nAll labelled.", "old-cabinet", hours=30)
    publish("Fresh air\n\nEight classrooms.", "fresh-air")
    page = visit(None).get("/newsroom/").content.decode()
    assert page.index("Fresh air") < page.index("Old cabinet")
    assert "Bram Wolters" in page
    assert "Who you see at work here" in page  # nobody can be asked as long as the contact form is closed


def test_an_article_has_its_words_its_maker_and_structured_data(publish: Publish, visit: Visit) -> None:
    publish("Fresh air\n\nEight classrooms. See https://example.org/a?b=c now.\n\nCome and listen.", "fresh-air")
    page = visit(None).get("/newsroom/fresh-air/").content.decode()
    assert '<h1 lang="en">Fresh air</h1>' in page
    assert 'href="https://example.org/a?b=c"' in page.replace("&amp;", "&")
    data = json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert (data["@type"], data["author"]["name"]) == ("NewsArticle", "Bram Wolters")
    assert 'property="og:title" content="Fresh air"' in page


def test_who_shares_a_page_shows_what_it_is(publish: Publish, visit: Visit) -> None:
    """Open Graph (ogp.me) and the cards of X, as other sites read them."""
    publish('Fresh "air"\n\nEight classrooms & a hall.', "fresh-air")
    for path, kind, title in (("fresh-air/", "article", "Fresh &quot;air&quot;"), ("", "website", "Reurslag")):
        page = visit(None).get(f"/newsroom/{path}").content.decode()
        head = page.split("</head>")[0]
        told = dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[\w:]+)" content="([^"]*)"', head))
        assert (told["og:type"], told["og:title"]) == (kind, title)
        assert told["og:url"].startswith("http")
        assert told["og:url"].endswith(f"/newsroom/{path}")
        assert told["og:site_name"] == "Reurslag"
        assert told["twitter:card"] == ("summary_large_image" if "og:image" in told else "summary")
        assert all(told.get(one, "http").startswith("http") for one in ("og:image", "twitter:image"))


def test_hostile_words_stay_words(publish: Publish, visit: Visit) -> None:
    nasty = '</script><img src=x onerror=alert(1)> & "quoted"\n\n<b>bold</b>\x0b'
    publish(nasty, "nasty")
    browser = visit(None)
    page = browser.get("/newsroom/nasty/").content.decode()
    assert "<img src=x" not in page
    assert "<b>bold</b>" not in page
    assert feedparser.parse(browser.get("/newsroom/feed.atom").content).bozo == 0
    assert json.loads(browser.get("/newsroom/feed.json").content)["items"][0]["id"].endswith("/newsroom/nasty/")


@pytest.mark.parametrize("changes", [
    {"state": "scheduled", "published_at": None}, {"state": "rejected", "published_at": None},
])  # fmt: skip
def test_what_is_not_up_is_not_there(publish: Publish, visit: Visit, changes: dict[str, Any]) -> None:
    publish("Secret plans", "secret-plans", **changes)
    browser = visit(None)
    assert browser.get("/newsroom/secret-plans/").status_code == 404
    for address in ("/newsroom/", "/newsroom/feed.atom", "/newsroom/feed.json", "/sitemap.xml"):
        assert "ecret" not in browser.get(address).content.decode()


def test_what_was_taken_away_is_gone(publish: Publish, visit: Visit, noon: datetime) -> None:
    publish("Wrong figure", "wrong-figure", removed_at=noon)
    browser = visit(None)
    answer = browser.get("/newsroom/wrong-figure/")
    assert answer.status_code == 410
    assert "Wrong figure" not in answer.content.decode()
    assert "wrong-figure" not in browser.get("/newsroom/feed.atom").content.decode()


def test_other_accounts_are_not_in_the_newsroom(publish: Publish, visit: Visit, bram: Person, noon: datetime) -> None:
    paper = Account.objects.create(connector="paper", name="Paper", owner=bram, made_at=noon)
    row = publish("On paper", "on-paper")
    Target.objects.filter(pk=row.pk).update(account=paper)
    assert "On paper" not in visit(None).get("/newsroom/").content.decode()


def test_the_atom_feed_is_read_by_a_reader_and_answers_unchanged(publish: Publish, visit: Visit) -> None:
    publish("Fresh air\n\nEight classrooms.", "fresh-air")
    browser = visit(None)
    answer = browser.get("/newsroom/feed.atom")
    feed = feedparser.parse(answer.content)
    assert feed.version == "atom10"
    assert (feed.feed.title, feed.entries[0].title, feed.entries[0].author) == ("Reurslag", "Fresh air", "Bram Wolters")
    again = browser.get("/newsroom/feed.atom", headers={"if-modified-since": answer["Last-Modified"]})
    assert again.status_code == 304
    for address in ("/newsroom/feed.atom", "/newsroom/feed.json", "/sitemap.xml"):
        mark = browser.get(address)["ETag"]
        assert browser.get(address, headers={"if-none-match": mark}).status_code == 304
    publish("Another story", "another-story")
    assert browser.get("/newsroom/feed.atom", headers={"if-none-match": answer["ETag"]}).status_code == 200


def test_the_json_feed_says_its_version(publish: Publish, visit: Visit) -> None:
    publish("Fresh air\n\nEight classrooms.", "fresh-air")
    feed = visit(None).get("/newsroom/feed.json").json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["items"][0]["content_text"] == "Eight classrooms."


def test_search_engines_find_the_articles_and_nothing_else(publish: Publish, visit: Visit) -> None:
    publish("Fresh air", "fresh-air")
    browser = visit(None)
    root = xml.fromstring(browser.get("/sitemap.xml").content)
    assert [node.text for node in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")][1].endswith(
        "/fresh-air/"
    )
    assert "Disallow: /\n" in browser.get("/robots.txt").content.decode()


def test_strangers_may_keep_a_page_and_colleagues_may_not(publish: Publish, visit: Visit, bram: Person) -> None:
    assert "public" in visit(None).get("/newsroom/")["Cache-Control"]
    assert not visit(bram).get("/newsroom/").has_header("Cache-Control")


def test_further_pages(publish: Publish, visit: Visit) -> None:
    for n in range(15):
        publish(f"Story {n}", f"story-{n}", hours=n + 1)
    browser = visit(None)
    assert "Story 14" in browser.get("/newsroom/?page=2").content.decode()
    assert browser.get("/newsroom/?page=9").status_code == 404
    assert browser.get("/newsroom/?page=x").status_code == 200


@pytest.mark.parametrize("rows", [1, 30])
def test_the_front_page_takes_the_same_number_of_queries(
    rows: int, publish: Publish, visit: Visit, django_assert_num_queries: Any
) -> None:
    for n in range(rows):
        publish(f"Story {n}", f"story-{n}", hours=n + 1)
    browser = visit(None)
    browser.get("/newsroom/")
    with django_assert_num_queries(5):
        browser.get("/newsroom/")


def test_words_that_xml_cannot_hold_are_left_out() -> None:
    assert clean("a\x00b\x0bc\ufffe\ud800d\n") == "abcd\n"

"""Links with a campaign, short ones of our own with honest counts, sets of hashtags, and the hub that is told."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from koor.flow.publishing import actions
from koor.flow.publishing.actions import telling
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.logic import linking
from koor.flow.publishing.models import ClickDay, Post, RowLink, Target
from koor.flow.publishing.queries import links
from koor.flow.publishing.tests.conftest import again, row
from koor.ground.channels.models import Account
from koor.ground.people.models import House, Person
from koor.kernel import clock, memory
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.http import NotSent
from tests.connectors.scripted import answer
from tests.mastodon_server import MastodonServer

Visit = Callable[[Person | None], Client]
LINK = "https://reurslag.example/lucht?a=1#b"
PHONE: dict[str, Any] = {"HTTP_USER_AGENT": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/605.1"}


@pytest.fixture
def manner(house: House, marloes: Person) -> Callable[..., None]:
    def say(**changes: object) -> None:
        usual = {"tags": True, "medium": "social", "short": True, "hub": ""}
        actions.set_manner(by=marloes, **usual | changes)  # type: ignore[arg-type]

    return say


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("https://a.example/", "https://a.example/?utm_source=x&utm_medium=social&utm_campaign=lente"),
        ("https://a.example/b?c=d#e", "https://a.example/b?c=d&utm_source=x&utm_medium=social&utm_campaign=lente#e"),
        ("https://a.example/?utm_source=eigen", "https://a.example/?utm_source=eigen&utm_medium=social&utm_campaign=lente"),
        ("https://[kapot", "https://[kapot"),
    ],
)  # fmt: skip
def test_a_campaign_in_a_link(link: str, said: str) -> None:
    assert linking.tagged(link, source="x", medium="social", campaign="lente") == said


@pytest.mark.parametrize(
    ("method", "headers", "reader"),
    [
        ("GET", {"user-agent": PHONE["HTTP_USER_AGENT"]}, True),
        ("HEAD", {"user-agent": PHONE["HTTP_USER_AGENT"]}, False),
        ("GET", {"user-agent": PHONE["HTTP_USER_AGENT"], "sec-purpose": "prefetch;prerender"}, False),
        ("GET", {"user-agent": PHONE["HTTP_USER_AGENT"], "x-moz": "prefetch"}, False),
        ("GET", {}, False),
        *(
            ("GET", {"user-agent": one}, False)
            for one in (
                "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
                "facebookexternalhit/1.1", "WhatsApp/2.23", "Slackbot-LinkExpanding 1.0", "LinkedInBot/1.0",
                "Mastodon/4.3 (http.rb/5.2)", "Mozilla/5.0 (compatible; Bluesky Cardyb/1.1)",
                "TelegramBot (like TwitterBot)",
                "curl/8.5", "python-requests/2.32", "Mozilla/5.0 HeadlessChrome/120", "Go-http-client/2.0",
            )
        ),
    ],
)  # fmt: skip
def test_who_reads(method: str, headers: dict[str, str], reader: bool) -> None:
    assert linking.is_reader(method, headers) is reader


def test_a_link_goes_out_short_and_is_followed(
    noon: datetime, manner: Callable[..., None], released: Callable[..., Target], on_mastodon: Account, visit: Visit
) -> None:
    manner()
    target = released("Frisse lucht in acht lokalen.", on_mastodon, link=LINK)
    kept = RowLink.objects.get()
    page = f"/s/{kept.code}"
    assert visit(None).get(page, **PHONE).status_code == 404, "nothing of it went yet"
    deliver(target.pk)
    assert links.link_of(again(target)).endswith(page)
    went = visit(None).get(page, **PHONE)
    assert went.status_code == 302
    assert went["Location"] == (
        "https://reurslag.example/lucht?a=1&utm_source=mastodon&utm_medium=social"
        "&utm_campaign=frisse-lucht-in-acht-lokalen#b"
    )
    assert not went.cookies
    visit(None).head(page, **PHONE)
    visit(None).get(page, HTTP_USER_AGENT="Googlebot/2.1")
    visit(None).get(page, **PHONE)
    assert list(ClickDay.objects.values_list("n", flat=True)) == [2]
    assert visit(None).get("/s/nergens").status_code == 404
    [told] = links.clicks_of(Post.objects.prefetch_related("targets__account").get(pk=target.post_id))
    assert told.n == 2


def test_the_platform_gets_the_same_link_on_every_try(
    noon: datetime, manner: Callable[..., None], released: Callable[..., Target], on_mastodon: Account,
    mastodon: MastodonServer, marloes: Person,
) -> None:  # fmt: skip
    manner(short=False)
    target = released("Frisse lucht.", on_mastodon, link=LINK)
    first = links.link_of(target)
    manner(tags=False)
    assert links.link_of(again(target)) == first
    assert "utm_source=mastodon" in first


def test_as_this_post_wants_it(
    noon: datetime, manner: Callable[..., None], write: Callable[..., Post], on_mastodon: Account, bram: Person
) -> None:
    manner(short=False)
    post = write("Frisse lucht.", on_mastodon, link=LINK)
    actions.choose_link(by=bram, post=post, campaign="Open dag", plain=False)
    assert "utm_campaign=open-dag" in links.link_of(row(post))
    actions.choose_link(by=bram, post=post, campaign="", plain=True)
    assert links.link_of(row(post)) == LINK
    actions.choose_link(by=bram, post=post, campaign="", plain=False)
    assert "utm_campaign=frisse-lucht" in links.link_of(row(post)), "as usual again"


def test_another_campaign_before_it_goes_is_what_goes(
    noon: datetime, manner: Callable[..., None], released: Callable[..., Target], on_mastodon: Account, bram: Person
) -> None:
    manner(short=False)
    target = released("Frisse lucht.", on_mastodon, link=LINK, due_local=datetime(2026, 11, 27, 9))
    actions.choose_link(by=bram, post=target.post, campaign="Open dag", plain=False)
    assert "utm_campaign=open-dag" in RowLink.objects.get().url


def test_without_a_rule_a_link_stays_as_it_is(
    noon: datetime, released: Callable[..., Target], on_mastodon: Account
) -> None:
    assert links.link_of(released("Frisse lucht.", on_mastodon, link=LINK)) == LINK
    assert not RowLink.objects.exists()


def test_sets_of_hashtags(noon: datetime, house: House, marloes: Person, henk: Person, visit: Visit) -> None:
    kept = actions.keep_tags(by=marloes, name="Lucht", tags="ventilatie, #Achterhoek ventilatie 2026")
    assert kept.tags == "#ventilatie #Achterhoek"
    with pytest.raises(Forbidden):
        actions.keep_tags(by=henk, name="x", tags="x")
    with pytest.raises(Refused):
        actions.keep_tags(by=marloes, name="x", tags="  ")
    with pytest.raises(Refused) as refused:
        actions.keep_tags(by=marloes, name="x", tags=" ".join(f"#veel{number:060}" for number in range(12)))
    assert refused.value.code == "too_long"
    page = visit(marloes).post(
        "/posts/new/", {"text": "Frisse lucht. #ventilatie", "do": f"tags-{kept.pk}", "when": "now"}
    )
    assert "Frisse lucht. #ventilatie\n\n#Achterhoek" in page.content.decode()
    assert visit(marloes).get("/posts/links/").status_code == 200
    assert visit(henk).get("/posts/links/").status_code == 403
    with pytest.raises(Forbidden):
        actions.drop_tags(by=henk, tag_set=kept)
    actions.drop_tags(by=marloes, tag_set=kept)
    assert "Achterhoek" not in visit(marloes).get("/posts/links/").content.decode()


def test_a_hub_is_called_in_private_or_not_at_all(
    noon: datetime, manner: Callable[..., None], news: Account, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.KOOR_URL = "https://nieuws.example"  # type: ignore[attr-defined]
    with pytest.raises(Refused) as refused:
        manner(hub="http://hub.example/")
    assert refused.value.code == "hub"
    monkeypatch.setattr(telling, "door", None)  # nobody is called
    assert not telling.tell_hub(by=SYSTEM, attempt=1)


def test_the_hub_is_told_and_told_again(
    noon: datetime, manner: Callable[..., None], released: Callable[..., Target], news: Account, visit: Visit,
    monkeypatch: pytest.MonkeyPatch, settings: object,
) -> None:  # fmt: skip
    settings.KOOR_URL = "https://nieuws.example"  # type: ignore[attr-defined]
    asked: list[tuple[str, str]] = []
    replies = [NotSent("weg"), answer(204), answer(204), answer(204)]

    class Hub:
        def request(self, method: str, url: str, *, data: dict[str, str]) -> object:
            asked.append((url, data["hub.url"]))
            reply = replies.pop(0)
            if isinstance(reply, Exception):
                raise reply
            return reply

    monkeypatch.setattr(telling, "door", Hub())
    manner(hub="https://hub.example/")
    memory.forget()
    went = released("Frisse lucht.", news)
    deliver(went.pk)
    telling.follow_published(went.pk)
    telling.follow_published(went.pk)
    with connection.cursor() as cursor:
        cursor.execute("select args ->> 'attempt' from procrastinate_jobs where task_name like '%%tell_hub'")
        assert cursor.fetchall() == [("1",)], "asked for once, however often it changed"
    assert not telling.tell_hub(by=SYSTEM, attempt=1)
    with clock.fixed(noon + timedelta(minutes=2)):
        assert telling.tell_hub(by=SYSTEM, attempt=2)
    assert ("https://hub.example/", "https://nieuws.example/newsroom/feed.atom") in asked
    feed = visit(None).get("/newsroom/feed.json")
    assert feed.json()["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]
    assert 'rel="hub"' in visit(None).get("/newsroom/feed.atom")["Link"]

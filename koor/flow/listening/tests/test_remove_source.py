"""A source is removed: what was heard stays, or goes a day later; until then all of it can come back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from koor.flow.listening import actions, queries
from koor.flow.listening.choices import SourceKind
from koor.flow.listening.models import Mention, RawEvent, Source
from koor.flow.listening.tests.conftest import number_of
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db
BringIn = Callable[..., actions.Tally]
Visit = Callable[[Person | None], Client]


@pytest.fixture
def reviews(bring_in: BringIn, noon: datetime) -> Source:
    bring_in({"text": "De pomp is stuk"}, {"text": "Iets anders"}, "nope")
    bring_in({"text": "Blijft"}, source="Ander")
    return Source.objects.get(name="Reviews")


def test_it_goes_and_what_was_heard_stays(
    reviews: Source, bring_in: BringIn, marloes: Person, pieter: Person, visit: Visit
) -> None:
    browser, page = visit(marloes), f"/listen/sources/{reviews.pk}/"
    empty = Source.objects.create(name="Leeg", kind=SourceKind.FILE, made_at=clock.now())
    asked = browser.get(f"/listen/sources/{empty.pk}/remove/").content.decode()
    assert "Nothing stands in the stream from here." in asked
    assert 'type="radio"' not in asked, "there is nothing to choose about"
    assert "2 mentions were heard here." in browser.get(f"{page}remove/").content.decode()
    assert visit(pieter).get(f"{page}remove/").status_code == 404
    with pytest.raises(Forbidden):
        actions.remove_source(by=pieter, source=reviews, takes_along=True)
    assert browser.post(f"{page}remove/", {}).status_code == 422, "one has to choose"
    gone = browser.post(f"{page}remove/", {"mentions": "stay"}, follow=True).content.decode()
    assert "“Reviews” is gone. It can come back." in gone
    assert "1 removed source can come back" in gone
    assert "Removed. What was heard stays." in visit(pieter).get(page).content.decode()
    assert queries.quarantine(marloes).count() == 0
    with clock.fixed(clock.now() + timedelta(days=40)):
        assert actions.take_along(by=SYSTEM) == 0
    bring_in({"id": "n1", "text": "Nieuw"})
    assert Source.objects.filter(name="Reviews").count() == 2, "its name was free"
    assert (
        "There is a source called “Reviews” already." in browser.post(f"{page}restore/", follow=True).content.decode()
    )
    actions.edit_source(by=marloes, source=Source.objects.get(name="Reviews", removed_at=None), name="Nieuwe")
    assert "Reviews" in browser.get("/listen/sources/removed/").content.decode()
    Source.objects.exclude(name="Reviews").update(removed_at=clock.now())
    for asked in ("", "?label=aha", "?q=nergens"):
        shown = browser.get(f"/listen/{asked}").content.decode()
        assert 'aria-label="Marks"' in shown, "what stays is still looked through"
    Source.objects.filter(name="Nieuwe").update(removed_at=None)
    assert browser.post(f"{page}restore/").status_code == 302
    assert browser.post(f"{page}restore/").status_code == 404
    assert queries.quarantine(marloes).count() == 1
    assert "Removed." not in browser.get(page).content.decode()
    verbs = AuditEntry.objects.filter(verb__in=["listening.remove_source", "listening.restore_source"])
    assert verbs.count() == 2


def test_what_was_heard_goes_with_it_after_a_day(
    reviews: Source, marloes: Person, noon: datetime, visit: Visit, monkeypatch: pytest.MonkeyPatch, before_held: Any
) -> None:
    monkeypatch.setattr("koor.kernel.personal.terms.BATCH", 1)
    actions.remove_source(by=marloes, source=reviews, takes_along=True)
    assert actions.take_along(by=SYSTEM) == 0, "it can still come back"
    assert Mention.objects.filter(source=reviews).count() == 2
    with clock.fixed(noon + timedelta(days=1, minutes=1)):
        assert "Bring it back" not in visit(marloes).get(f"/listen/sources/{reviews.pk}/").content.decode()
        with pytest.raises(Refused, match="is going by now"):
            actions.restore_source(by=marloes, source=reviews)
        with before_held(Source, lambda: actions.take_along(by=SYSTEM)):
            assert actions.take_along(by=SYSTEM) == 0, "another worker took all of it in that moment"
        assert AuditEntry.objects.filter(verb="listening.forget_source").count() == 1
    assert not Source.objects.filter(pk=reviews.pk).exists()
    assert RawEvent.objects.count() == Mention.objects.count() == 1
    assert number_of("source", str(reviews.pk)) == 0


def test_a_feed_listens_again_unless_another_does_by_now(marloes: Person, noon: datetime) -> None:
    settings = {"url": "https://blad.example/feed"}
    feed = actions.add_source(by=marloes, name="Vakblad", kind="feed", settings=settings)
    actions.remove_source(by=marloes, source=feed, takes_along=False)
    assert queries.due_sources() == []
    other = actions.add_source(by=marloes, name="Blad", kind="feed", settings=settings)
    with pytest.raises(Refused, match="This is listened to already"):
        actions.restore_source(by=marloes, source=feed)
    actions.remove_source(by=marloes, source=other, takes_along=False)
    back = actions.restore_source(by=marloes, source=feed)
    assert (back.active, back.kind, queries.due_sources()) == (True, SourceKind.FEED, [feed.pk])


def test_what_came_over_a_colleagues_own_account_is_theirs(
    noon: datetime, marloes: Person, pieter: Person, visit: Visit
) -> None:
    account = Account.objects.create(connector="mastodon", name="P", personal=True, owner=pieter, made_at=noon)
    own = actions.add_source(by=SYSTEM, name="Pieter", kind="notifications", settings={}, account=account)
    page = f"/listen/sources/{own.pk}/remove/"
    assert "for the colleague whose account it is" in visit(marloes).get(page).content.decode()
    assert visit(marloes).post(page, {"mentions": "go"}).status_code == 422
    with pytest.raises(Refused):
        actions.remove_source(by=marloes, source=own, takes_along=True)
    assert visit(marloes).post(page, {"mentions": "stay"}).status_code == 302

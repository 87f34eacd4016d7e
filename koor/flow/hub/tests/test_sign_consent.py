"""Somebody in a picture signs on their own phone, in their own language, and can take it back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from koor.flow.hub import actions, queries
from koor.flow.hub.choices import Use, Where
from koor.flow.hub.models import Item, Portrayed
from koor.flow.hub.tests.conftest import ASK, NO, YES
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import Forbidden, NotFound, Refused
from koor.kernel.models import AuditEntry

Show = Callable[..., Item]
Visit = Callable[[Person | None], Client]


def fresh(row: Portrayed) -> Portrayed:
    return Portrayed.objects.get(pk=row.pk)


def given(**changed: Any) -> actions.Signed:
    return actions.Signed(
        **{"name": "Els Wiggers", "uses": [Use.SHOW], "places": [Where.HOUSE], "once": "a", **changed}
    )


@pytest.fixture
def els(bram: Person, show: Show) -> Portrayed:
    return show(bram, "The new boiler", Els=ASK, photos=2).portrayed.get()


def test_a_yes_holds_for_what_was_signed(bram: Person, marloes: Person, els: Portrayed) -> None:
    _asked, token = actions.ask_to_sign(by=bram, portrayed=els)
    key = actions.sign(token=token, signed=given())
    row = fresh(els)
    assert (row.agrees, row.uses, row.places, row.ends_on) == (YES, ["show"], ["house"], None)
    news, jobs, outside = (
        Account(connector=connector, purpose=purpose)
        for connector, purpose in (("newsroom", "news"), ("newsroom", "jobs"), ("mastodon", "news"))
    )
    assert row.item is not None
    assert queries.publishable(marloes, row.item, account=news) == (True, [])
    assert queries.publishable(marloes, row.item, account=Account(connector="paper", purpose="jobs")) == (True, [])
    assert queries.publishable(marloes, row.item, account=outside)[1] == ["Els agreed, but not for this place."]
    assert queries.publishable(marloes, row.item, account=jobs)[1] == ["Els agreed to something else than this is for."]
    assert queries.kept_consent(key).signed_as == "Els Wiggers"
    trail = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))[-2:]
    assert trail == ["hub.ask_to_sign", "hub.sign_consent"]
    assert token not in str(list(AuditEntry.objects.values()))


def test_the_same_form_twice_is_once_and_another_is_refused(bram: Person, els: Portrayed) -> None:
    _asked, token = actions.ask_to_sign(by=bram, portrayed=els)
    key = actions.sign(token=token, signed=given())
    assert actions.sign(token=token, signed=given()) == key
    with pytest.raises(Refused, match="answered already"):
        actions.sign(token=token, signed=given(once="b", uses=[Use.JOBS]))
    with pytest.raises(Refused, match="answered already"):
        actions.decline(token=token)
    assert els.consents.count() == 1


def test_a_yes_is_taken_back_once(bram: Person, els: Portrayed) -> None:
    _asked, token = actions.ask_to_sign(by=bram, portrayed=els)
    key = actions.sign(token=token, signed=given())
    first = actions.withdraw_consent(key=key)
    assert actions.withdraw_consent(key=key).ended_at == first.ended_at
    row = fresh(els)
    assert (row.agrees, row.uses) == (NO, [])
    with pytest.raises(NotFound):
        actions.withdraw_consent(key="guessed")


def test_who_answered_on_their_own_phone_is_overruled_by_nobody(
    bram: Person, marloes: Person, els: Portrayed, visit: Visit
) -> None:
    """Neither a no nor a yes that was taken back; only a new signature makes it a yes again."""
    actions.decline(token=actions.ask_to_sign(by=bram, portrayed=els)[1])
    for _turn in range(2):
        row = fresh(els)
        for maker in (bram, marloes):
            with pytest.raises(Refused, match="own phone"):
                actions.record_consent(by=maker, portrayed=row, agrees=YES)
            with pytest.raises(Refused, match="it stays"):
                actions.remove_portrayed(by=maker, portrayed=row)
        assert "so it stays" in visit(bram).post(f"/consent/{els.pk}/remove/").content.decode()
        assert "not in it" not in visit(bram).get(f"/library/{els.item_id}/").content.decode()
        key = actions.sign(token=actions.ask_to_sign(by=bram, portrayed=row)[1], signed=given())
        assert fresh(els).agrees == YES
        actions.withdraw_consent(key=key)
    actions.sign(token=actions.ask_to_sign(by=bram, portrayed=els)[1], signed=given(once="c"))
    assert actions.record_consent(by=bram, portrayed=fresh(els), agrees=NO).agrees == NO  # a no is always heard


def test_an_old_or_wrong_address_does_nothing(noon: Any, bram: Person, els: Portrayed) -> None:
    asked, token = actions.ask_to_sign(by=bram, portrayed=els)
    with clock.fixed(asked.expires_at + timedelta(seconds=1)), pytest.raises(Refused, match="no longer valid"):
        actions.sign(token=token, signed=given())
    with pytest.raises(NotFound):
        actions.sign(token="yes_guessed", signed=given())
    assert fresh(els).agrees == ASK


@pytest.mark.parametrize("wrong", [{"name": " "}, {"uses": []}, {"places": ["moon"]}])
def test_what_is_not_complete_is_not_signed(bram: Person, els: Portrayed, wrong: dict[str, Any]) -> None:
    _asked, token = actions.ask_to_sign(by=bram, portrayed=els)
    with pytest.raises(Refused):
        actions.sign(token=token, signed=given(**wrong))
    assert fresh(els).agrees == ASK


def test_who_may_ask(bram: Person, henk: Person, marloes: Person, els: Portrayed, show: Show) -> None:
    with pytest.raises(Forbidden):
        actions.ask_to_sign(by=henk, portrayed=els)
    actions.ask_to_sign(by=marloes, portrayed=els)
    colleague = show(bram, Henk=ASK, people={"Henk": henk}).portrayed.get()
    with pytest.raises(Forbidden):
        actions.ask_to_sign(by=bram, portrayed=colleague)
    for _time in range(actions.signing.OPEN_AT_ONCE - 1):
        actions.ask_to_sign(by=bram, portrayed=els)
    with pytest.raises(Refused):
        actions.ask_to_sign(by=bram, portrayed=els)


def test_a_yes_for_a_year_ends(noon: Any, bram: Person, els: Portrayed) -> None:
    _asked, token = actions.ask_to_sign(by=bram, portrayed=els)
    actions.sign(token=token, signed=given(ends_on=date(2026, 11, 25)))
    assert actions.end_terms(date(2026, 11, 25)) == 0
    assert els.item is not None
    with clock.fixed(clock.now() + timedelta(days=2)):
        assert queries.publishable(bram, Item.objects.get(pk=els.item.pk))[1] == ["The yes of Els has ended."]
    assert actions.end_terms(date(2026, 11, 26)) == 1
    assert actions.end_terms(date(2026, 11, 26)) == 0
    assert fresh(els).agrees == ASK


def test_a_colleagues_no_is_seen_by_nobody(
    bram: Person, henk: Person, marloes: Person, rob: Person, show: Show, visit: Visit
) -> None:
    asked, refused = (show(bram, said, Henk=ASK, people={"Henk": henk}) for said in ("One", "Two"))
    actions.record_consent(by=henk, portrayed=refused.portrayed.get(), agrees=NO)
    for reader in (bram, marloes):
        pages = [visit(reader).get(f"/library/{one.pk}/").content.decode() for one in (asked, refused)]
        assert all("</svg>Does not agree" not in page for page in pages)
        assert all("There is no yes of Henk yet." in page for page in pages)
    assert set(queries.items(marloes, consent=NO)) == set()
    assert set(queries.items(marloes, consent=ASK)) == {asked, refused}
    assert not queries.items_visible_to(rob).filter(pk__in=[asked.pk, refused.pk])
    assert "not published" in visit(henk).get("/capture/with-me/").content.decode()


def code_of(page: str) -> str:
    found = re.search(r"http://[^<\"]+(/yes/[^/]+/)", page)
    assert found
    return found[1]


def test_from_the_code_to_the_address_that_one_keeps(bram: Person, els: Portrayed, visit: Visit) -> None:
    shown = visit(bram).post(f"/consent/{els.pk}/ask/").content.decode()
    assert "<svg" in shown
    assert visit(bram).get(f"/consent/{els.pk}/ask/").headers["Location"] == f"/library/{els.item_id}/"  # reloaded
    phone, address = Client(headers={"Accept-Language": "de-DE,de;q=0.9,en;q=0.5"}), code_of(shown)
    page = phone.get(address)
    assert page.headers["X-Robots-Tag"] == "noindex"
    # with none at all a browser's form is taken for a stranger's
    assert page.headers["Referrer-Policy"] == "same-origin"
    text = page.content.decode()
    assert 'lang="de"' in text
    assert "Dürfen wir diese Bilder mit Ihnen zeigen?" in text
    assert not re.search(r'type="checkbox"[^>]* checked', text)  # what for and where is theirs to say
    assert "btn first" not in text  # no is as easy as yes
    assert els.item is not None
    assert text.count('<img class="photo"') == els.item.media.count() == 2  # a yes is for all of them
    assert f'<a href="{address}photo-2.jpg" target="_blank"' in text
    assert "(2/2)" in text
    assert phone.get(f"{address}photo-2.jpg").headers["Content-Type"] == "image/jpeg"
    assert [phone.get(f"{address}photo-{wrong}.jpg").status_code for wrong in (0, 3)] == [404, 404]
    form = {"name": "Els Wiggers", "uses": ["show"], "places": ["house"], "once": "x1", "lang": "de", "answer": "yes"}
    assert phone.post(address, {**form, "places": []}).status_code == 422
    assert phone.post(address, {**form, "child": "on"}).status_code == 422
    kept = phone.post(address, form)
    assert phone.post(address, form).url == kept.url  # type: ignore[attr-defined]
    assert phone.get(address).status_code == 410
    assert "Els Wiggers" in phone.get(kept.url).content.decode()  # type: ignore[attr-defined]
    assert "agrees" in visit(bram).get(f"/consent/{els.pk}/signed/").content.decode()
    phone.post(kept.url)  # type: ignore[attr-defined]
    assert "Ihr Ja ist beendet" in phone.get(kept.url).content.decode()  # type: ignore[attr-defined]
    assert fresh(els).agrees == NO


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("nl", "Mogen we deze foto"),
        ("en", "May we show"),
        ("pl", "Czy możemy"),
        ("tr", "gösterebilir"),
        ("ar", 'dir="rtl"'),
    ],
)
def test_in_six_languages(bram: Person, els: Portrayed, lang: str, said: str) -> None:
    _asked, token = actions.ask_to_sign(by=bram, portrayed=els)
    page = Client().get(f"/yes/{token}/", {"lang": lang}).content.decode()
    assert f'<html lang="{lang}"' in page
    assert said in page


def test_no_is_as_easy_as_yes(bram: Person, els: Portrayed) -> None:
    _asked, token = actions.ask_to_sign(by=bram, portrayed=els)
    page = Client().post(f"/yes/{token}/", {"answer": "no", "lang": "en"}).content.decode()
    assert "will not be published" in page
    assert fresh(els).agrees == NO
    assert Client().get("/yes/guessed/").status_code == Client().get("/yes/kept/guessed/").status_code == 404


def test_a_parent_signs_for_a_child(bram: Person, els: Portrayed) -> None:
    _asked, token = actions.ask_to_sign(by=bram, portrayed=els)
    form = {"name": "Saar", "uses": "show", "places": "house", "child": "on", "parent": "Els Wiggers", "until": "year"}
    Client().post(f"/yes/{token}/", {**form, "answer": "yes"})
    kept = els.consents.get()
    assert (kept.signed_as, kept.parent, kept.proof) == ("Saar", "Els Wiggers", "signed")
    assert kept.ends_on is not None

"""The pages of the room: who comes in, what they show, and what a row more costs (nothing)."""

import dataclasses
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from koor.ground.channels import access, actions, queries
from koor.ground.channels.choices import AccountState, Health, May
from koor.ground.channels.contract import Because
from koor.ground.channels.contract import Health as Told
from koor.ground.channels.models import Account, Grant, Member
from koor.ground.people.models import Person
from koor.kernel import panels, search
from koor.kernel.access import SYSTEM

Visit = Callable[[Person | None], Client]
Make = Callable[..., Account]
PAGES = ["accounts", "choose", "platforms"]
OF_ONE = ["account", "edit", "secrets", "disconnect"]
BUTTONS = ["pause", "resume", "look", "connect", "disconnect", "member"]


def url(name: str, *arguments: object) -> str:
    return reverse(f"channels:{name}", args=arguments)


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


class TestWhoComesIn:
    def test_a_stranger_signs_in_first(self, account: Make, visit: Visit) -> None:
        row = account()
        addresses = [*map(url, PAGES), url("add", "paper"), url("platform", "paper")]
        addresses += [url(name, row.pk) for name in [*OF_ONE, *BUTTONS]]
        for address in addresses:
            for answer in (visit(None).get(address), visit(None).post(address)):
                assert answer.status_code == 302
                assert "/sign-in/" in answer["Location"]

    def test_a_newcomer_reads_and_changes_nothing(self, account: Make, newcomer: Person, visit: Visit) -> None:
        row, client = account("Newsroom", "newsroom"), visit(newcomer)
        for address in [*map(url, PAGES), url("account", row.pk), url("platform", "mastodon")]:
            assert client.get(address).status_code == 200
        for name in OF_ONE[1:]:
            assert client.get(url(name, row.pk)).status_code == 403
        for name in BUTTONS:
            assert client.post(url(name, row.pk)).status_code in (403, 422)
        row.refresh_from_db()
        assert row.state == AccountState.ACTIVE

    def test_what_is_not_theirs_is_not_there(self, account: Make, rob: Person, bram: Person, visit: Visit) -> None:
        row = account(personal=True, owner=rob)
        for pk in (row.pk, 0):
            for name in OF_ONE:
                assert visit(bram).get(url(name, pk)).status_code == 404
            for name in BUTTONS:
                assert visit(bram).post(url(name, pk)).status_code == 404

    def test_each_on_their_own_stage(self, account: Make, marloes: Person, bram: Person, visit: Visit) -> None:
        account()
        assert 'class="back' in visit(marloes).get(url("accounts")).content.decode()
        assert 'class="front' in visit(bram).get(url("accounts")).content.decode()


class TestAccounts:
    def test_an_empty_house(self, marloes: Person, visit: Visit) -> None:
        said = text_of(visit(marloes), url("accounts"))
        assert "No channel is connected yet." in said
        assert "Connect an account" in said

    def test_the_answer_is_in_words(self, account: Make, on_mastodon: Account, marloes: Person, visit: Visit) -> None:
        account()
        assert "No trouble, but 1 of 2 was not looked at yet." in text_of(visit(marloes), url("accounts"))
        actions.note_health(by=SYSTEM, account=on_mastodon, health=Told(True, ""))
        assert "2 accounts, and all are well." in text_of(visit(marloes), url("accounts"))
        actions.note_health(by=SYSTEM, account=on_mastodon, health=Told(False, "No", because=Because.AUTH))
        actions.pause_account(by=SYSTEM, account=account("Third"))
        said = text_of(visit(marloes), url("accounts"))
        assert "1 of 3 needs attention. 1 is paused." in said
        assert "needs attention" in said

    @pytest.mark.parametrize(("days", "says"), [(3, "works until 27 Nov"), (8, "works"), (None, "works")])
    def test_access_that_ends_soon_says_when(
        self, on_mastodon: Account, marloes: Person, noon: datetime, visit: Visit, days: int | None, says: str
    ) -> None:
        actions.note_health(by=SYSTEM, account=on_mastodon, health=Told(True))
        ends = noon + timedelta(days=days) if days else None
        grant = Grant.objects.create(connector="mastodon", person=marloes, sealed=b"", ends_at=ends, agreed_at=noon,
                                     renewed_at=noon)  # fmt: skip
        Account.objects.update(grant=grant)
        for address in (url("accounts"), url("platform", "mastodon"), url("account", on_mastodon.pk)):
            said = text_of(visit(marloes), address)
            assert says in said
            assert ("until 27 Nov" in said) is (days == 3)

    def test_a_row_more_costs_nothing(
        self,
        account: Make,
        marloes: Person,
        bram: Person,
        visit: Visit,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        """3 queries for the accounts with owner, picture and members, however many; the page as a whole at most 15."""

        def row(number: int) -> None:
            made = account(f"Account {number:02}", personal=number % 2 == 1)
            actions.set_member(by=SYSTEM, account=made, person=bram, may=[May.SEE])

        def cost() -> int:
            client.get(url("accounts"))
            with CaptureQueriesContext(connection) as asked:
                client.get(url("accounts"))
            with django_assert_num_queries(3):
                list(queries.accounts_visible_to(marloes))
            return len(asked)

        client = visit(marloes)
        access.may_oversee(marloes)  # keeps what the roles may with the person
        row(0)
        one = cost()
        for number in range(1, 30):
            row(number)
        assert cost() == one <= 15

    def test_the_31st_is_on_the_next_page(self, account: Make, marloes: Person, visit: Visit) -> None:
        for number in range(31):
            account(f"Account {number:02}")
        assert "Account 30" not in text_of(visit(marloes), url("accounts"))
        assert "Account 30" in text_of(visit(marloes), url("accounts") + "?page=2")


class TestAccount:
    def test_what_it_is(
        self, noon: datetime, on_mastodon: Account, marloes: Person, bram: Person, visit: Visit
    ) -> None:
        actions.set_member(by=marloes, account=on_mastodon, person=bram, may=[May.PUBLISH])
        actions.note_health(by=SYSTEM, account=on_mastodon, health=Told(True, handle="@reurslag@m.example"))
        said = text_of(visit(marloes), url("account", on_mastodon.pk))
        for part in ("It works.", "@reurslag@m.example", "News", "Marloes Nijhuis", "Bram Wolters", "publish", "500"):
            assert part in said
        assert "token-reurslag" not in visit(marloes).get(url("account", on_mastodon.pk)).content.decode()

    def test_what_is_wrong_is_said_in_words(self, on_mastodon: Account, marloes: Person, visit: Visit) -> None:
        told = Told(False, "Gone: %(answer)s", {"answer": "401"}, Because.AUTH)
        actions.note_health(by=SYSTEM, account=on_mastodon, health=told)
        assert "Gone: 401" in text_of(visit(marloes), url("account", on_mastodon.pk))

    @pytest.mark.parametrize(
        ("fields", "says"),
        [
            ({"state": AccountState.PAUSED}, "nothing goes out"),
            ({"state": AccountState.DISCONNECTED}, "Connect it again"),
            ({"health": Health.TROUBLE}, "It needs attention."),
            ({"health": Health.UNKNOWN}, "has not looked"),
            ({"connector": "hyves"}, "hyves, which this house no longer has"),
        ],
    )
    def test_every_state(self, account: Make, marloes: Person, visit: Visit, fields: dict[str, str], says: str) -> None:
        row = account()
        Account.objects.filter(pk=row.pk).update(**fields)
        assert says in text_of(visit(marloes), url("account", row.pk))
        assert visit(marloes).get(url("accounts")).status_code == 200

    def test_buttons(self, account: Make, on_mastodon: Account, marloes: Person, visit: Visit) -> None:
        client, row = visit(marloes), account()

        def press(name: str, of: Account = row) -> str:
            answer = client.post(url(name, of.pk), follow=True)
            assert answer.redirect_chain == [(url("account", of.pk), 302)]
            return answer.content.decode()

        paused = press("pause")
        assert "is paused" in paused
        assert paused.index("Use it again") < paused.index("Change it")
        assert "Pause it" not in paused
        assert "in use again" in press("resume")
        assert "in a moment" in press("look", on_mastodon)
        assert "is disconnected" in press("disconnect")
        assert "in use again" in press("connect")
        assert "Nothing goes out" in client.get(url("disconnect", row.pk)).content.decode()
        actions.disconnect_account(by=SYSTEM, account=on_mastodon)
        assert "Fill in the credentials" in press("connect", on_mastodon)

    def test_members(self, account: Make, marloes: Person, bram: Person, visit: Visit) -> None:
        row, client = account(), visit(marloes)
        assert client.post(url("member", row.pk), {"person": bram.pk, "may": ["see", "answer"]}).status_code == 302
        assert Member.objects.get().may == ["see", "answer"]
        assert client.post(url("member", row.pk), {"person": bram.pk}).status_code == 302
        assert not Member.objects.exists()
        for wrong in ({}, {"person": marloes.pk, "may": ["see"]}, {"person": bram.pk, "may": ["rule"]}):
            assert client.post(url("member", row.pk), wrong).status_code == 422


class TestAdd:
    def test_a_curator_connects_one_of_the_house(self, marloes: Person, visit: Visit) -> None:
        client = visit(marloes)
        assert "Of the house" in text_of(client, url("add", "mastodon"))
        given = {"name": "Reurslag", "purpose": "news", "asked-server": "https://m.example", "asked-access_token": "t"}
        answer = client.post(url("add", "mastodon"), {**given, "asked-visibility": "public", "whose": "house"})
        row = Account.objects.get()
        assert answer["Location"] == url("account", row.pk)
        assert (row.personal, queries.session_for(row).secrets) == (False, {"access_token": "t"})

    def test_or_their_own(self, marloes: Person, visit: Visit) -> None:
        given = {"name": "Mine", "purpose": "news", "asked-platform": "linkedin", "whose": "mine"}
        visit(marloes).post(url("add", "by_hand"), given)
        assert Account.objects.get().personal

    def test_a_colleague_connects_their_own(self, bram: Person, visit: Visit) -> None:
        client = visit(bram)
        assert "your own account" in text_of(client, url("add", "by_hand"))
        client.post(url("add", "by_hand"), {"name": "Bram", "purpose": "work", "asked-platform": "x", "whose": "house"})
        row = Account.objects.get()
        assert (row.personal, row.owner, row.settings) == (True, bram, {"platform": "x"})

    def test_what_is_wrong_stands_at_its_field_and_the_secret_is_not_shown(self, marloes: Person, visit: Visit) -> None:
        given = {"name": "R", "purpose": "news", "asked-access_token": "very-secret", "asked-visibility": "public"}
        answer = visit(marloes).post(url("add", "mastodon"), given).content.decode()
        assert "This field is required" in answer
        assert "very-secret" not in answer
        long = {**given, "asked-server": "https://" + "x" * 1995}
        assert Account.objects.count() == 0
        assert "2000" in visit(marloes).post(url("add", "mastodon"), {**long, "name": "x" * 121}).content.decode()

    def test_the_platform_is_asked_before_anything_is_kept(
        self, marloes: Person, visit: Visit, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What it refuses stands on the form; what can't be reached now is kept, and told so."""
        known, answers = queries.connector("mastodon"), [Told(False, "Not this key.", because=Because.AUTH)]
        check = SimpleNamespace(check=lambda session: answers[0])
        monkeypatch.setitem(queries.connectors(), "mastodon", dataclasses.replace(known, check=check))
        given = {"name": "Reurslag", "purpose": "news", "asked-server": "https://m.example", "whose": "house"}
        given |= {"asked-access_token": "very-secret", "asked-visibility": "public"}
        page = visit(marloes).post(url("add", "mastodon"), given).content.decode()
        assert ("Not this key." in page, 'value="Reurslag"' in page, "very-secret" in page) == (True, True, False)
        assert not Account.objects.exists()
        answers[0] = Told(False, "nobody answers", because=Because.NOT_REACHED)
        page = visit(marloes).post(url("add", "mastodon"), given, follow=True).content.decode()
        assert "Reurslag is kept, but: nobody answers. Koor looks again within the hour." in page
        row = Account.objects.get()
        assert row.health == Health.UNKNOWN
        answers[0] = Told(False, "Not this key.", because=Because.AUTH)
        page = visit(marloes).post(url("secrets", row.pk), {"asked-access_token": "next-secret"}).content.decode()
        assert ("Not this key." in page, "next-secret" in page) == (True, False)
        assert queries.session_for(row).secrets == {"access_token": "very-secret"}, "the old ones stay"
        answers[0] = Told(True)
        page = visit(marloes).post(url("secrets", row.pk), {"asked-access_token": "next"}, follow=True)
        assert "Reurslag is connected." in page.content.decode()
        assert queries.session_for(row).secrets == {"access_token": "next"}

    def test_where_nothing_can_be_asked_an_address_that_is_none_is_refused(self, marloes: Person, visit: Visit) -> None:
        given = {"name": "#nieuws", "purpose": "news", "asked-kind": "teams", "asked-address": "geen adres"}
        page = visit(marloes).post(url("add", "chat"), given).content.decode()
        assert ("This is no address of a webhook" in page, Account.objects.exists()) == (True, False)
        assert "Fill it in once more: what is secret does not come back." in page
        given["asked-address"] = "https://prod-1.westeurope.logic.azure.com/workflows/1/invoke?sig=s3cret"
        assert visit(marloes).post(url("add", "chat"), given).status_code == 302
        page = visit(marloes).post(url("secrets", Account.objects.get().pk), {"asked-address": "geen adres"})
        assert "This is no address of a webhook" in page.content.decode()

    def test_only_what_may_be_made(self, bram: Person, marloes: Person, visit: Visit) -> None:
        assert "Newsroom" in text_of(visit(marloes), url("choose"))
        assert "Newsroom" not in text_of(visit(bram), url("choose"))
        assert "An administrator makes Koor known there first." in text_of(visit(bram), url("choose"))
        assert f"{url('add', 'by_hand')}?platform=linkedin" in visit(bram).get(url("add", "linkedin")).content.decode()
        assert visit(bram).get(url("add", "newsroom")).status_code == 403
        assert visit(marloes).get(url("add", "feed")).status_code == 403
        assert visit(marloes).get(url("add", "hyves")).status_code == 404

    def test_what_the_room_refuses_stands_at_its_field_too(self, marloes: Person, visit: Visit) -> None:
        given = {"name": "\u200b \u200b", "purpose": "practice", "whose": "house"}
        assert visit(marloes).post(url("add", "paper"), {**given, "name": " x "}).status_code == 302
        client = visit(marloes)
        client.post(url("add", "paper"), {**given, "name": "One", "once": "k"})
        again = client.post(url("add", "paper"), {**given, "name": "Other", "once": "k"})
        assert (again.status_code, "used before" in again.content.decode()) == (200, True)

    def test_pressed_twice_made_once(self, marloes: Person, visit: Visit) -> None:
        for _twice in range(2):
            given = {"name": "Stage", "purpose": "practice", "once": "k", "whose": "house"}
            assert visit(marloes).post(url("add", "paper"), given).status_code == 302
        assert Account.objects.count() == 1


class TestChange:
    def test_edit(self, account: Make, marloes: Person, rob: Person, visit: Visit) -> None:
        row = account("LinkedIn", "by_hand")
        assert "linkedin" in visit(marloes).get(url("edit", row.pk)).content.decode()
        given = {"name": "X", "purpose": "sales", "owner": rob.pk, "asked-platform": "x", "asked-profile": ""}
        assert visit(marloes).post(url("edit", row.pk), given).status_code == 302
        row.refresh_from_db()
        assert (row.name, row.owner, row.settings) == ("X", rob, {"platform": "x"})
        assert visit(marloes).post(url("edit", row.pk), {**given, "name": ""}).status_code == 200

    def test_edit_one_whose_platform_is_gone(self, account: Make, marloes: Person, visit: Visit) -> None:
        row = account()
        Account.objects.filter(pk=row.pk).update(connector="hyves", settings={"a": "b"})
        given = {"name": "Old", "purpose": "news", "owner": marloes.pk}
        assert visit(marloes).post(url("edit", row.pk), given).status_code == 302
        row.refresh_from_db()
        assert (row.name, row.settings) == ("Old", {"a": "b"})

    def test_secrets(self, on_mastodon: Account, marloes: Person, visit: Visit) -> None:
        assert "token-reurslag" not in visit(marloes).get(url("secrets", on_mastodon.pk)).content.decode()
        assert visit(marloes).post(url("secrets", on_mastodon.pk), {}).status_code == 200


class TestPlatforms:
    def test_the_catalogue(self, newcomer: Person, visit: Visit) -> None:
        said = text_of(visit(newcomer), url("platforms"))
        for name in ("Mastodon", "Newsroom", "Paper", "By hand", "Feeds"):
            assert name in said

    @pytest.mark.parametrize("key", sorted(queries.connectors()))
    def test_each_tells_what_it_was_tried_against(self, marloes: Person, visit: Visit, key: str) -> None:
        manifest = queries.connector(key).manifest
        said = text_of(visit(marloes), url("platform", key))
        assert manifest.source in said
        assert "Tried against" in said

    def test_by_hand_tells_the_limits_of_each(self, marloes: Person, visit: Visit) -> None:
        said = text_of(visit(marloes), url("platform", "by_hand"))
        assert "LinkedIn 3,000" in said
        assert "never on a person's own profile" in unescape(
            text_of(visit(marloes), url("covered", "by_hand", "facebook"))
        )
        for key, part in (("by_hand", "hyves"), ("hyves", "x")):
            assert visit(marloes).get(url("covered", key, part)).status_code == 404

    def test_our_accounts_there(self, on_mastodon: Account, marloes: Person, visit: Visit) -> None:
        assert on_mastodon.name in text_of(visit(marloes), url("platform", "mastodon"))


class TestElsewhere:
    def test_my_accounts_on_my_page(self, account: Make, rob: Person, visit: Visit) -> None:
        account("Rob on LinkedIn", "by_hand", personal=True, owner=rob)
        assert "Rob on LinkedIn" in text_of(visit(rob), reverse("people:me"))

    def test_what_does_not_work_is_on_today(self, on_mastodon: Account, marloes: Person, bram: Person) -> None:
        assert not [todo for todo in panels.todos_of(marloes) if on_mastodon.name in f"{todo.title} {todo.text}"]
        told = Told(False, "Gone: %(answer)s", {"answer": "401"}, Because.AUTH)
        actions.note_health(by=SYSTEM, account=on_mastodon, health=told)
        (todo,) = [todo for todo in panels.todos_of(marloes) if todo.rank == 25]
        assert (todo.text, todo.url) == ("Gone: 401", url("account", on_mastodon.pk))
        assert panels.counts_of(["channels:accounts"], marloes)["channels:accounts"] == 1
        assert panels.counts_of(["channels:accounts"], bram)["channels:accounts"] == 0

    def test_found_by_name(self, account: Make, rob: Person, bram: Person) -> None:
        row = account("Café Reurslag", personal=True, owner=rob)
        hits = [hit.url for _label, found in search.everywhere(rob, "cafe reur") for hit in found]
        assert url("account", row.pk) in hits
        assert not [hit for _label, found in search.everywhere(bram, "cafe") for hit in found]
        assert not [hit for _label, found in search.everywhere(rob, "?!") for hit in found]


def test_an_address_asks_first_what_differs(visit: Visit, marloes: Person) -> None:
    browser, path = visit(marloes), url("add", "mail")
    page = browser.get(path).content.decode()
    asked, _fold, folded = page.partition("What is seldom different")
    assert ("asked-imap_host" in asked, "asked-imap_port" in asked, "asked-imap_port" in folded) == (True, False, True)
    assert 'value="Reurslag"' in asked
    assert 'value="service" selected' in asked
    wrong = browser.post(path, {"asked-imap_port": ""}).content.decode()
    assert "asked-imap_port" in wrong.partition("What is seldom different")[0]  # what is wrong is not folded away

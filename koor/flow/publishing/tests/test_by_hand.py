"""What somebody posts themselves: laid ready, reminded of twice, and what came of it."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from koor.flow.publishing import actions
from koor.flow.publishing.actions import by_hand as reminding
from koor.flow.publishing.actions.by_hand import remind, remind_due
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.models import Effect, Reminder, Target
from koor.flow.publishing.queries import lists
from koor.flow.publishing.tests.conftest import again
from koor.ground.channels.models import Account
from koor.ground.contacts import actions as contacts
from koor.ground.people.models import Absence, Person
from koor.kernel import clock, notices, push
from koor.kernel.access import Forbidden, Refused
from koor.kernel.models import Push, PushDevice, PushWish
from koor.kernel.panels import todos_of

Visit = Callable[[Person | None], Client]
Released = Callable[..., Target]
FRIDAY = datetime.fromisoformat("2026-11-27T10:00:00+01:00")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = []
    monkeypatch.setattr(notices, "push", lambda **given: said.append(given))
    return said


@pytest.fixture
def ready(released: Released, by_hand: Account, rob: Person) -> Target:
    with clock.fixed(FRIDAY):
        target = released("Buiten is het klaar.\n\n#dak #zink #goot #werk", by_hand, by=rob, link="https://a.example/x")
        deliver(target.pk)
    return again(target)


class TestReminders:
    def test_at_its_moment_and_once_more_on_the_next_working_day(
        self, ready: Target, rob: Person, told: list[dict[str, Any]]
    ) -> None:
        with clock.fixed(FRIDAY):
            assert remind(ready.pk)
            assert not remind(ready.pk)
        for hours in range(1, 24 * 14):
            with clock.fixed(FRIDAY + timedelta(hours=hours)):
                remind_due()
        assert [one["to"] for one in told] == [rob.pk, rob.pk]
        assert len({one["key"] for one in told}) == 2
        kept = Reminder.objects.get(target=ready)
        assert (kept.told, kept.next_at, kept.left) == (2, None, True)

    def test_the_second_comes_on_monday_at_the_same_time(self, ready: Target, told: list[dict[str, Any]]) -> None:
        with clock.fixed(FRIDAY):
            remind(ready.pk)
        assert Reminder.objects.get(target=ready).next_at == FRIDAY + timedelta(days=3)

    def test_not_on_a_day_off_or_while_they_are_away(
        self, ready: Target, rob: Person, told: list[dict[str, Any]]
    ) -> None:
        monday = (FRIDAY + timedelta(days=3)).date()
        Absence.objects.create(person=rob, first_day=monday, last_day=monday + timedelta(days=2))
        with clock.fixed(FRIDAY):
            remind(ready.pk)
        assert Reminder.objects.get(target=ready).next_at == FRIDAY + timedelta(days=6)

    def test_what_was_posted_is_left_in_peace(self, ready: Target, rob: Person, told: list[dict[str, Any]]) -> None:
        with clock.fixed(FRIDAY):
            remind(ready.pk)
            actions.link_target(by=rob, target=ready)
            assert not remind(ready.pk)
        with clock.fixed(FRIDAY + timedelta(days=4)):
            remind_due()
            assert not reminding._again(Reminder.objects.get(target=ready).pk), "another worker was first"
        assert len(told) == 1
        assert not Reminder.objects.get(target=ready).left

    def test_left_it_stands_on_nobodys_today_and_is_still_ready(
        self, ready: Target, rob: Person, told: list[dict[str, Any]], visit: Visit
    ) -> None:
        assert list(lists.asked_of(rob)) == [ready]
        for days in (0, 3, 4):
            with clock.fixed(FRIDAY + timedelta(days=days)):
                remind(ready.pk)
                remind_due()
        assert list(lists.asked_of(rob)) == []
        page = visit(rob).get(f"/posts/rows/{ready.pk}/").text
        assert "ask again. It stays ready" in page
        assert "data-share-text" in page

    def test_what_nobody_heard_of_is_found(self, ready: Target, told: list[dict[str, Any]]) -> None:
        with clock.fixed(FRIDAY + timedelta(hours=1)):
            assert remind_due() == 1
            assert remind_due() == 0
        assert len(told) == 1

    def test_another_moment_is_another_reminder(self, ready: Target, rob: Person, told: list[dict[str, Any]]) -> None:
        with clock.fixed(FRIDAY):
            remind(ready.pk)
            actions.reschedule(by=rob, target=ready, due_local=datetime(2026, 12, 1, 9))
        moved = datetime.fromisoformat("2026-12-01T09:00:00+01:00")
        with clock.fixed(moved):
            deliver(ready.pk)
            remind(ready.pk)
            remind_due()
        assert len(told) == 2

    def test_who_left_is_not_reminded_but_the_owner_of_the_account(
        self, ready: Target, rob: Person, marloes: Person, told: list[dict[str, Any]]
    ) -> None:
        Account.objects.filter(pk=ready.account_id).update(owner=marloes, personal=False)
        with clock.fixed(FRIDAY):
            remind(ready.pk)
        Person.objects.filter(pk=rob.pk).update(is_active=False)
        left = []
        for days in range(3, 9):
            with clock.fixed(FRIDAY + timedelta(days=days)):
                remind_due()
            left.append(Reminder.objects.get().left)
        assert [one["to"] for one in told] == [rob.pk, marloes.pk, marloes.pk]
        assert (left[0], left[-1], list(lists.asked_of(marloes))) == (False, True, [])

    def test_hidden_from_who_was_reminded_alone(
        self, ready: Target, rob: Person, marloes: Person, told: list[dict[str, Any]]
    ) -> None:
        Account.objects.filter(pk=ready.account_id).update(owner=marloes, personal=False)
        for days in (0, 3, 4):
            with clock.fixed(FRIDAY + timedelta(days=days)):
                remind(ready.pk)
                remind_due()
        assert (list(lists.asked_of(rob)), list(lists.asked_of(marloes))) == ([], [ready])

    def test_nobody_there_to_be_told(self, ready: Target, told: list[dict[str, Any]]) -> None:
        Person.objects.update(is_active=False)
        for days in range(6):
            with clock.fixed(FRIDAY + timedelta(days=days)):
                remind(ready.pk)
                remind_due()
        kept = Reminder.objects.get()
        assert (told, kept.told, kept.left) == ([], 0, False)

    def test_it_outlasts_the_hours_of_rest(self, ready: Target, rob: Person) -> None:
        made = {"endpoint": "https://fcm.googleapis.com/x", "p256dh": "a", "auth": "b", "name": "t", "digest": "d"}
        PushDevice.objects.create(owner_id=rob.pk, made_at=FRIDAY, **made)
        PushWish.objects.create(owner_id=rob.pk, quiet_from=time(9), quiet_until=time(8), zone="Europe/Amsterdam")
        with clock.fixed(FRIDAY):
            remind(ready.pk)
            push.deliver(Push.objects.get().pk)
        assert Push.objects.get().state == Push.State.WAITING


class TestEffect:
    @pytest.fixture
    def up(self, ready: Target, rob: Person) -> Target:
        with clock.fixed(FRIDAY):
            actions.link_target(by=rob, target=ready, url="https://www.linkedin.com/feed/1")
        return again(ready)

    def test_it_stands_with_the_post_and_can_be_taken_back(self, up: Target, rob: Person, visit: Visit) -> None:
        els = contacts.add_contact(by=rob, name="Els Bakker")
        said = {"url": "", "reacted": "37", "said": "Dat wil ik ook", "who": "els bakker"}
        answer = visit(rob).post(f"/posts/rows/{up.pk}/effect/", said)
        assert answer.status_code == 302
        page = visit(rob).get(f"/posts/{up.post_id}/").text
        assert "37 people reacted" in page
        assert "Els Bakker said: “Dat wil ik ook”" in page
        assert Effect.objects.get().contact == els
        visit(rob).post(f"/posts/rows/{up.pk}/effect/", {"reacted": ""})
        assert "reacted" not in visit(rob).get(f"/posts/{up.post_id}/").text
        assert again(up).url == "https://www.linkedin.com/feed/1"

    def test_a_link_to_another_place_is_given_back(self, ready: Target, rob: Person, visit: Visit) -> None:
        rows = f"/posts/rows/{ready.pk}"
        elsewhere, there = "https://linkedin.com.example/1", "https://lnkd.in/abc"
        refused = visit(rob).post(f"{rows}/link/", {"url": elsewhere})
        assert (refused.status_code, again(ready).state) == (409, "needs_person")
        assert "This link leads to linkedin.com.example, not to LinkedIn." in refused.text
        assert f'value="{elsewhere}"' in refused.text
        assert visit(rob).post(f"{rows}/link/", {"url": there}).status_code == 302
        refused = visit(rob).post(f"{rows}/effect/", {"url": elsewhere, "reacted": "3"})
        assert (refused.status_code, again(ready).url) == (409, there)
        assert f'value="{elsewhere}"' in refused.text
        assert visit(rob).post(f"{rows}/effect/", {"url": "https://www.linkedin.com/feed/1"}).status_code == 302
        Account.objects.update(settings={"platform": "other"})  # of which nobody knows where its posts stand
        assert visit(rob).post(f"{rows}/effect/", {"url": elsewhere}).status_code == 302

    def test_a_name_that_is_nobodys_or_more_than_ones(self, up: Target, rob: Person, visit: Visit) -> None:
        for at in ("Bakker BV", "De Boer"):
            organisation = contacts.add_organisation(by=rob, name=at)
            contacts.add_contact(by=rob, name="Els Bakker", organisation=organisation)
        for who in ("Niemand", "Els Bakker"):
            answer = visit(rob).post(f"/posts/rows/{up.pk}/effect/", {"said": "Mooi", "who": who})
            assert answer.status_code == 409
            assert 'value="Mooi"' in answer.text
        actions.note_effect(by=rob, target=up, said="Mooi", who="Els Bakker (De Boer)")
        assert Effect.objects.get().contact is not None

    def test_not_before_it_is_up_and_not_by_anybody(self, ready: Target, henk: Person, rob: Person) -> None:
        with pytest.raises(Refused):
            actions.note_effect(by=rob, target=ready, reacted=3)
        with pytest.raises(Forbidden):
            actions.note_effect(by=henk, target=ready, reacted=3)

    @pytest.mark.parametrize(("said", "code"), [({"said": "x" * 301}, "too_long"), ({"reacted": -1}, "number")])
    def test_more_than_a_line_or_less_than_nobody(
        self, up: Target, rob: Person, said: dict[str, Any], code: str
    ) -> None:
        """Also of what comes in by another way than the form."""
        with pytest.raises(Refused) as refused:
            actions.note_effect(by=rob, target=up, **said)
        assert refused.value.code == code

    @pytest.mark.parametrize(("field", "value"), [("reacted", "-1"), ("reacted", "veel"), ("said", "x" * 301)])
    def test_bad_input(self, up: Target, rob: Person, visit: Visit, field: str, value: str) -> None:
        assert visit(rob).post(f"/posts/rows/{up.pk}/effect/", {field: value}).status_code == 422
        assert not Effect.objects.exists()

    def test_it_is_asked_for_on_a_few_days(self, up: Target, rob: Person) -> None:
        def asked(days: float) -> bool:
            with clock.fixed(FRIDAY + timedelta(days=days)):
                return any("#effect" in todo.url for todo in todos_of(rob))

        assert [asked(days) for days in (0.5, 1.5, 3.5, 4.5)] == [False, True, True, False]
        actions.note_effect(by=rob, target=up, reacted=0)
        assert not asked(1.5)

    def test_nothing_is_fine_too(self, up: Target, rob: Person) -> None:
        with clock.fixed(FRIDAY + timedelta(days=1.5)):
            actions.note_effect(by=rob, target=up)
            assert not any("#effect" in todo.url for todo in todos_of(rob))

    def test_a_number_longer_than_any(self, up: Target, rob: Person, visit: Visit) -> None:
        Target.objects.filter(pk=up.pk).update(remote_id="")
        for number in ("1" * 400, "²³"):
            url = f"https://www.linkedin.com/feed/{number}"
            assert visit(rob).post(f"/posts/rows/{up.pk}/effect/", {"url": url}).status_code < 500
            assert again(up).remote_id == ""


class TestLaidReady:
    def test_what_is_good_to_know_and_the_link_stand_there(self, ready: Target, rob: Person, visit: Visit) -> None:
        page = visit(rob).get(f"/posts/rows/{ready.pk}/").text
        assert "#dak #zink #goot #werk" in page
        assert "Hashtags: 4. More than 3 add nothing there." in page

    def test_few_questions(self, ready: Target, rob: Person, visit: Visit) -> None:
        browser = visit(rob)
        for _state in ("ready", "up"):
            with CaptureQueriesContext(connection) as asked:
                browser.get(f"/posts/rows/{ready.pk}/")
            assert len(asked) <= 15, [one["sql"][:120] for one in asked]
            actions.link_target(by=rob, target=again(ready))

    def test_hashtags_in_the_first_comment(self, ready: Target, rob: Person, visit: Visit) -> None:
        Target.objects.filter(pk=ready.pk).update(options={"tags": "comment"})
        page = visit(rob).get(f"/posts/rows/{ready.pk}/").text
        assert 'data-copy="#dak #zink #goot #werk"' in page
        assert 'data-share-text="Buiten is het klaar.\n\nhttps://a.example/x"' in page

    def test_on_instagram_the_link_stands_apart(
        self, ready: Target, by_hand: Account, rob: Person, visit: Visit
    ) -> None:
        Account.objects.filter(pk=by_hand.pk).update(settings={"platform": "instagram"})
        page = visit(rob).get(f"/posts/rows/{ready.pk}/").text
        assert 'data-copy="https://a.example/x"' in page
        assert 'data-share-text="Buiten is het klaar.\n\n#dak #zink #goot #werk"' in page

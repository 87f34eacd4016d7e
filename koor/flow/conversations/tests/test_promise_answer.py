"""How soon we answer: working time, the narrowest promise, and the next in line who is asked before it breaks."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from koor.flow.conversations import access, actions, logic, queries
from koor.flow.conversations.actions import promises as promising
from koor.flow.conversations.models import CalledIn, Conversation, Promise
from koor.ground.people import actions as people_actions
from koor.ground.people.models import Absence, Rota, RotaTurn
from koor.ground.people.queries import house
from koor.kernel import audit, clock
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Europe/Amsterdam")
OFFICE = logic.Hours(time(8), time(17), lambda day: day == date(2026, 12, 25))


def at(day, hour, minute=0, month=11):
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("since", "minutes", "due"),
    [
        (at(23, 9), 240, at(23, 13)),  # Monday morning
        (at(23, 15), 240, at(24, 10)),  # goes on the next morning
        (at(23, 6), 60, at(23, 9)),  # before opening
        (at(20, 16, 30), 60, at(23, 8, 30)),  # Friday evening to Monday
        (at(21, 12), 60, at(23, 9)),  # Saturday
        (at(24, 16, month=12), 120, at(28, 9, month=12)),  # Christmas is free
        (at(23, 17), 1, at(24, 8, 1)),  # at closing
        (at(27, 16, 30, month=3), 60, at(30, 8, 30, month=3)),  # the clock goes forward in between
    ],
)
def test_working_time(since, minutes, due):
    assert logic.due(since, minutes, OFFICE) == due


def test_the_evening_rota_makes_time_pass():
    late = logic.Hours(time(8), time(17), lambda day: False, time(21))
    assert logic.due(at(20, 16, 30), 120, late) == at(20, 18, 30)
    assert logic.due(at(20, 20), 120, late) == at(23, 9)
    always = logic.Hours(time(8), time(17), lambda day: False, time(21), True)
    assert logic.due(at(20, 20), 120, always) == at(21, 9)
    assert logic.after_work(late, at(20, 18))
    assert not logic.after_work(late, at(20, 16))
    assert not logic.after_work(late, at(21, 18))


def test_a_house_that_never_works_breaks_no_program():
    never = logic.Hours(time(8), time(17), lambda day: True)
    assert logic.due(at(23, 9), 60, never) == at(23, 10)


def test_the_narrowest_promise_holds():
    every = logic.Agreed("", "", 480, 30)
    service = logic.Agreed("", "service", 240, 30)
    mastodon = logic.Agreed("mastodon", "", 60, 30)
    both = logic.Agreed("mastodon", "service", 30, 10)
    agreed = [every, service, mastodon, both]
    assert logic.promise_for(agreed, "mastodon", "service") == both
    assert logic.promise_for(agreed, "mastodon", "sales") == mastodon
    assert logic.promise_for(agreed, "telephone", "service") == service
    assert logic.promise_for(agreed, "telephone", "") == every
    assert logic.promise_for([service], "telephone", "") is None


@pytest.fixture
def promised(marloes):
    return actions.promise_answer(by=marloes, channel="", purpose="", minutes=60, ask_before=20)


@pytest.fixture
def hers(opened, knows, henk):
    knows(henk, direct_line=True)
    return opened("Boven blijft het koud.", minutes=0)


@pytest.fixture
def promised_hers(promised, hers):
    return hers


def later(minutes):
    return clock.fixed(clock.now() + timedelta(minutes=minutes))


def test_who_waits_is_promised_an_answer(promised_hers, henk):
    hers = promised_hers
    hers.refresh_from_db()
    assert hers.due_at - hers.waiting_since == timedelta(minutes=60)
    assert hers.ask_at - hers.waiting_since == timedelta(minutes=40)
    actions.finish(by=henk, conversation=hers)
    hers.refresh_from_db()
    assert (hers.due_at, hers.ask_at) == (None, None)


def test_a_promise_holds_for_who_waits_already(hers, marloes):
    assert hers.due_at is None
    one = actions.promise_answer(by=marloes, channel="mastodon", purpose="service", minutes=120, ask_before=30)
    hers.refresh_from_db()
    assert hers.due_at - hers.waiting_since == timedelta(hours=2)
    actions.withdraw_promise(by=marloes, promise=one)
    hers.refresh_from_db()
    assert hers.due_at is None


def test_the_next_in_line_is_asked_once_and_may_answer(promised_hers, henk, anneke, knows, visit):
    hers = promised_hers
    knows(anneke)
    assert actions.ask_the_next() == 0
    with later(41):
        assert (actions.ask_the_next(), actions.ask_the_next()) == (1, 0)
        called = CalledIn.objects.get()
        assert (called.person, called.ground) == (anneke, "knows")
        hers.refresh_from_db()
        assert hers.assignee == henk
        assert access.may_handle(anneke, hers)
        assert [row.conversation for row in queries.talk(anneke)] == [hers]
        page = visit(anneke).get(reverse("conversations:talk_one", args=[hers.pk])).content.decode()
        assert "You were asked too" in page
        today = visit(anneke).get("/").content.decode()
        assert "Fatma Kaya still waits for Henk" in today
        assert "asks for you" not in today
        theirs = visit(henk).get(reverse("conversations:talk_one", args=[hers.pk])).content.decode()
        assert "Anneke was asked too, who knows Fatma." in theirs
        actions.take(by=anneke, conversation=hers)
    hers.refresh_from_db()
    assert hers.assignee == anneke
    assert not CalledIn.objects.filter(over_at=None).exists()


def test_who_was_asked_beside_gets_it_herself_when_he_is_away(promised_hers, henk, anneke, knows, opened):
    knows(anneke)
    today = clock.now().date()
    with later(41):
        actions.ask_the_next()
        Absence.objects.create(person=henk, first_day=today, last_day=today, stand_in=anneke)
        assert opened("Het blijft koud.", minutes=0).assignee == anneke
    assert not CalledIn.objects.filter(over_at=None).exists()


def test_when_it_is_over_nobody_is_asked_any_more(promised_hers, henk, anneke, knows):
    knows(anneke)
    with later(41):
        actions.ask_the_next()
        actions.finish(by=henk, conversation=promised_hers)
    assert not access.may_see(anneke, promised_hers)


def test_put_off_it_is_back_before_the_promise_breaks(promised_hers, henk, visit):
    browser = visit(henk)
    deed = reverse("conversations:snooze", args=[promised_hers.pk])
    assert "our promise breaks" in browser.post(deed, {"until": "week"}, follow=True).content.decode()
    with later(41):
        assert actions.wake_due(by=SYSTEM) == 1
        assert actions.ask_the_next() == 1


def test_put_off_before_it_was_promised_it_is_back_as_well(hers, henk, marloes):
    actions.snooze(by=henk, conversation=hers, until=clock.now() + timedelta(days=7))
    actions.promise_answer(by=marloes, channel="", purpose="", minutes=60, ask_before=20)
    with later(30):
        assert actions.wake_due(by=SYSTEM) == 0
    with later(41):
        assert actions.wake_due(by=SYSTEM) == 1


def test_who_is_away_is_not_asked(promised_hers, marloes, anneke, knows):
    knows(anneke)
    today = clock.now().date()
    Absence.objects.create(person=anneke, first_day=today, last_day=today)
    with later(41):
        actions.ask_the_next()
    assert CalledIn.objects.get().person == marloes  # the curator


def test_in_the_evening_whose_turn_it_is(hers, marloes, anneke, visit):
    rota = Rota.objects.create(name="Avond", first_week=date(2020, 1, 6))
    RotaTurn.objects.create(rota=rota, person=anneke, place=1)
    with pytest.raises(Refused):
        actions.keep_evenings(by=marloes, rota=rota, until=time(10))
    actions.promise_answer(by=marloes, channel="", purpose="", minutes=540, ask_before=60)
    actions.keep_evenings(by=marloes, rota=rota, until=time(22))
    hers.refresh_from_db()
    with clock.fixed(hers.ask_at):
        assert logic.after_work(queries.hours(), clock.local(clock.now(), "Europe/Amsterdam"))
        actions.ask_the_next()
    called = CalledIn.objects.get()
    assert (called.person, called.ground) == (anneke, "turn")
    actions.withdraw_promise(by=marloes, promise=Promise.objects.get())
    page = visit(marloes).get(reverse("conversations:promises")).content.decode()
    assert "Nothing is promised yet." in page
    assert "Evenings" in page  # whose turn it is stays to be changed
    actions.keep_evenings(by=marloes, rota=None, until=None)
    last = AuditEntry.objects.get(verb="conversations.leave_evenings")
    assert audit.sentence(last) == "Marloes Nijhuis took the evening rota away: nobody answers after hours"


def test_who_may_promise(henk, marloes, visit):
    with pytest.raises(Forbidden):
        actions.promise_answer(by=henk, channel="", purpose="", minutes=60, ask_before=0)
    assert visit(henk).get(reverse("conversations:promises")).status_code == 404
    for minutes, before in ((0, 0), (99_999, 0), (30, 30)):
        with pytest.raises(Refused):
            actions.promise_answer(by=marloes, channel="", purpose="", minutes=minutes, ask_before=before)
    assert not Promise.objects.exists()


def test_the_pages(visit, marloes, hers):
    browser = visit(marloes)
    assert "Nothing is promised yet." in browser.get(reverse("conversations:promises")).content.decode()
    new = reverse("conversations:promise_answer")
    shown = browser.get(new).content.decode()
    assert [f'value="{key}"' in shown for key in ("mastodon", "webhook", "chat")] == [True, True, False]
    given = {"channel": "direct line", "purpose": "service", "hours": "4", "ask_before": "30"}
    assert browser.post(new, given).status_code == 302
    Promise.objects.update(channel="")
    given["channel"] = ""
    assert browser.post(new, given).status_code == 422
    assert "Within 4 working hours" in browser.get(reverse("conversations:promises")).content.decode()
    one = Promise.objects.get()
    change = reverse("conversations:change_promise", args=[one.pk])
    assert browser.post(change, {**given, "hours": "0.5", "ask_before": "10"}).status_code == 302
    assert "Within 30 working minutes" in browser.get(reverse("conversations:promises")).content.decode()
    actions.promise_answer(by=marloes, channel="mastodon", purpose="", minutes=60, ask_before=0)
    listed = browser.get(reverse("conversations:promises")).content.decode()
    assert "2 promises. Only hours in which somebody works count." in listed
    assert "When the time is over, the next in line is asked." in listed
    assert "0 minutes before, " not in listed.replace("10 minutes", "")
    Promise.objects.exclude(pk=one.pk).delete()
    inbox = browser.get(reverse("conversations:inbox")).content.decode()
    assert 'class="due">before ' in inbox
    assert "Promised before" in inbox
    browser.post(reverse("conversations:withdraw_promise", args=[one.pk]))
    assert not Promise.objects.exists()
    assert AuditEntry.objects.filter(verb="conversations.withdraw_promise").exists()
    assert browser.post(reverse("conversations:promises"), {"rota": "", "until": ""}).status_code == 302


def test_nobody_is_asked_without_a_promise(hers):
    with later(60 * 24 * 30):
        assert actions.ask_the_next() == 0


def test_when_nobody_is_free_it_is_tried_again(promised_hers, marloes, anneke, knows):
    knows(anneke)
    today = clock.now().date()
    for person in (anneke, marloes):
        Absence.objects.create(person=person, first_day=today, last_day=today)
    with later(41):
        assert actions.ask_the_next() == 0
    promised_hers.refresh_from_db()
    assert promised_hers.ask_at is not None
    Absence.objects.all().delete()
    with later(52):
        assert actions.ask_the_next() == 1


def test_another_promise_asks_nobody_twice(promised_hers, marloes, anneke, knows):
    knows(anneke)
    with later(41):
        actions.ask_the_next()
        actions.keep_evenings(by=marloes, rota=None, until=None)
        assert actions.ask_the_next() == 0


def test_what_they_write_after_does_not_postpone_it(promised_hers, opened):
    first = promised_hers.due_at
    assert first is not None
    with later(30):
        again = opened("Is daar iemand?", minutes=0)
    assert (again, again.due_at) == (promised_hers, first)


def test_another_worker_asked_already(promised_hers, knows, anneke, monkeypatch):
    """What was due when it was looked up, and is not any more when it is held."""
    knows(anneke)
    looked = Conversation.objects.filter(pk=promised_hers.pk)
    monkeypatch.setattr(promising, "soon", lambda: looked)
    assert actions.ask_the_next() == 0
    assert not CalledIn.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_other_office_hours_hold_for_who_waits_already(promised_hers, marloes, run_jobs):
    """Noon, UTC: one in the afternoon here. Closed at one, the hour that was promised is tomorrow's; or tonight's."""
    since = promised_hers.waiting_since
    people_actions.change_house(by=SYSTEM, house=house(), closes=time(13))
    run_jobs()
    promised_hers.refresh_from_db()
    assert promised_hers.due_at == at(25, 9)
    rota = people_actions.make_rota(by=marloes, name="Avond", first_week=date(2026, 11, 2))
    actions.keep_evenings(by=marloes, rota=rota, until=time(21))
    promised_hers.refresh_from_db()
    assert promised_hers.due_at == since + timedelta(hours=1)
    people_actions.end_group(by=marloes, group=rota)
    run_jobs()
    promised_hers.refresh_from_db()
    assert promised_hers.due_at.date() == since.date() + timedelta(days=1)

"""There is more than usual: who has duty hears it, one step opens a fire, and waved away it is ordinary."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from koor.flow.conversations.actions import alarms as actions
from koor.flow.conversations.actions import fires
from koor.flow.conversations.actions.ohoh import mark_ohoh
from koor.flow.conversations.models import Alarm, Conversation, Fire
from koor.flow.conversations.queries import alarms as queries
from koor.flow.listening import actions as listening
from koor.flow.listening.models import About, Burst, Count, Match, Mention, Proposal, Query, Source
from koor.ground.governance.models import RolePermission
from koor.ground.people import queries as people
from koor.ground.people.choices import Role
from koor.ground.people.models import Absence, Person, Rota, RotaTurn
from koor.kernel import clock, events
from koor.kernel.access import SYSTEM, Forbidden, NotFound, Refused
from koor.kernel.models import AuditEntry, Mail
from koor.kernel.templatetags.koor import when

pytestmark = pytest.mark.django_db


@pytest.fixture
def rising(said, heard):
    """`rising(8, people=5, minutes=30, query=…)`: so many say oh-oh, one a minute up to then."""
    Source.objects.filter(pk=heard.pk).update(made_at=clock.now() - timedelta(days=20))

    def make(posts=8, *, people=5, minutes=1, query=None, label="ohoh"):
        made = [
            said(f"Weer koud, {n}", by=f"Buur{n % people} Jansen", minutes=minutes + n, label=label)
            for n in range(posts)
        ]
        if query is not None:
            Match.objects.bulk_create(Match(query=query, mention=one, said_at=one.said_at) for one in made)
        return made

    return make


@pytest.fixture
def look(monkeypatch):
    """Look for bursts, and let the fact be heard: the alarm that comes of it, or none."""

    def hear(fact):
        actions.sound_alarm(by=SYSTEM, burst_id=fact.burst_id)

    monkeypatch.setattr(events, "tell", lambda fact: hear(fact) if hasattr(fact, "burst_id") else None)

    def run():
        before = Alarm.objects.count()
        listening.watch(by=SYSTEM)
        return Alarm.objects.first() if Alarm.objects.count() > before else None

    return run


@pytest.fixture
def femke(person):
    return person("Femke Vos", Role.PR)


@pytest.fixture
def app(noon):
    return Query.objects.create(name="Warmte-app", expression="app", made_at=clock.now(), changed_at=clock.now())


def test_pr_hears_what_how_many_and_since_when_and_nothing_is_opened(rising, look, femke, marloes):
    rising()
    one = look()
    assert (one.posts, one.people, one.query, one.burst.kind) == (8, 5, None, "burns")
    letter = Mail.objects.get()
    assert letter.to == femke.email
    assert "8 oh-ohs by 5 people" in letter.text
    assert letter.text.count("- Weer koud") == 3
    with timezone.override(ZoneInfo(people.house().zone)):
        assert when(one.since, "at") in letter.text
    assert when(one.since, "at") not in letter.text
    assert "Jansen" not in letter.text
    assert not Fire.objects.exists()
    assert look() is None


def test_it_stands_above_the_stream_also_while_that_is_open(rising, look, femke, marloes, visit):
    rising()
    browser = visit(femke)
    assert browser.get("/listen/news/").json()["burns"] == ""
    address = f'href="/fires/alarms/{look().pk}/"'
    assert address in browser.get("/listen/news/").json()["burns"]
    assert address in browser.get("/listen/").content.decode()
    RolePermission.objects.create(role="pr", permission="conversations.fire", allowed=False)
    assert address not in visit(femke).get("/listen/").content.decode()


def test_it_is_told_by_a_fact_that_the_worker_hears(rising, femke):
    rising()
    assert len(listening.watch(by=SYSTEM)) == 1
    one = Burst.objects.get()
    assert actions.sound_alarm(by=SYSTEM, burst_id=one.pk)
    assert actions.sound_alarm(by=SYSTEM, burst_id=one.pk) is None


def test_calm_asks_two_questions(rising, look, femke):
    rising(7)
    with CaptureQueriesContext(connection) as asked:
        assert look() is None
    assert len([one for one in asked if "listening_" in one["sql"]]) == 2


@pytest.mark.parametrize(("posts", "people"), [(7, 7), (8, 4)])
def test_few_posts_or_few_people_are_no_alarm(rising, look, femke, posts, people):
    rising(posts, people=people)
    assert look() is None


def test_praise_our_own_words_and_what_is_old_do_not_count(rising, look, femke):
    rising(8, label="aha")
    Mention.objects.filter(pk__in=[one.pk for one in rising(8)]).update(ours=True)
    rising(8, minutes=120)
    assert look() is None


def test_what_nobody_marked_counts_by_what_koor_thinks(rising, look, femke):
    made = rising(8, label="")
    for one in made:
        Proposal.objects.create(mention=one, label="ohoh", sure=0.7, reasons=["koud"], made_at=clock.now())
    assert look().posts == 8


def test_a_house_where_it_is_always_like_this_is_left_alone(rising, look, femke):
    for day in range(1, 8):
        rising(8, minutes=day * 24 * 60)
    rising(8)
    assert look() is None


def test_when_nobody_looks_the_curator_and_who_signs_are_called_and_it_stays_on_the_page(
    rising, look, app, femke, marloes, hanna, bram, noon, visit
):
    made = rising(15, people=6, query=app)
    one = look()
    made[0].text = "حريق"
    made[0].save()
    page, place = visit(hanna), f"/fires/alarms/{one.pk}/"
    assert actions.call_others(by=SYSTEM) == 0
    assert place not in page.get("/").content.decode()
    with clock.fixed(noon + timedelta(minutes=15)):
        assert (actions.call_others(by=SYSTEM), actions.call_others(by=SYSTEM)) == (1, 0)
        letters = Mail.objects.exclude(to=femke.email)
        assert {letter.to for letter in letters} == {marloes.email, hanna.email}
        assert all("Nobody decided" in letter.text for letter in letters)
        assert place in page.get("/").content.decode()
        shown = page.get(place).content.decode()
        assert "Who decides: Femke Vos." in shown
        assert f"{place}open/" not in shown
        assert f"?query={app.pk}" in visit(femke).get(place).content.decode()
    with clock.fixed(noon + timedelta(days=3)):
        assert actions.call_others(by=SYSTEM) == 0
        assert "nobody decided" in visit(femke).get("/fires/").content.decode()
        actions.wave_away(by=femke, alarm=one)
        assert "Waved away" in visit(femke).get("/fires/").content.decode()


def test_where_nobody_else_is_there_nobody_is_called(rising, look, app, femke, noon):
    Person.objects.exclude(pk=femke.pk).update(is_active=False)
    rising(15, people=6, query=app)
    look()
    with clock.fixed(noon + timedelta(minutes=15)):
        actions.call_others(by=SYSTEM)
    assert not Mail.objects.exclude(to=femke.email).exists()
    assert not AuditEntry.objects.filter(verb="conversations.call_others").exists()


def test_who_has_the_turn_of_pr_is_called_and_gets_the_ohohs(femke, pieter, marloes, bram, opened, visit):
    browser, today = visit(femke), clock.now().date()
    monday = today - timedelta(days=today.weekday())
    mixed, useless = (Rota.objects.create(name=name, first_week=monday) for name in ("PR", "Installers"))
    for place, person in enumerate((pieter, femke)):
        RotaTurn.objects.create(rota=mixed, person=person, place=place)
    RotaTurn.objects.create(rota=useless, person=bram, place=0)
    refused = browser.post("/fires/duty/", {"rota": useless.pk})
    assert (refused.status_code, "Nobody of this rota" in refused.content.decode()) == (422, True)
    assert visit(bram).post("/fires/duty/", {"rota": mixed.pk}).status_code == 404
    for _time in range(2):
        assert browser.post("/fires/duty/", {"rota": mixed.pk}).status_code == 302
    assert AuditEntry.objects.filter(verb="conversations.keep_duty").count() == 1
    assert queries.on_duty() == [pieter]
    assert opened("De kelder staat blank", label="ohoh").assignee == pieter
    hers = opened("Er druppelt iets", by="Noor")
    Conversation.objects.filter(pk=hers.pk).update(ground="person", assignee=marloes)
    mark_ohoh(by=marloes, conversation=Conversation.objects.get(pk=hers.pk))
    assert [one.person for one in hers.called_in.all()] == [pieter]
    away = Absence.objects.create(person=pieter, first_day=today, last_day=today)
    assert queries.on_duty() == [femke]
    away.delete()
    assert browser.post("/fires/duty/", {"rota": ""}).status_code == 302
    assert set(queries.on_duty()) == {femke, pieter}


def test_who_is_away_is_not_called(rising, femke, marloes):
    today = clock.now().date()
    Absence.objects.create(person=femke, first_day=today, last_day=today)
    assert queries.on_duty() == [marloes]
    marloes.roles = []
    marloes.save()
    assert queries.on_duty() == [femke]


def test_a_saved_query_is_its_own_subject_and_told_once(rising, look, app, femke):
    rising(9, people=6, query=app)
    assert look().query == app
    assert look() is None
    assert Alarm.objects.count() == 1


def test_of_a_query_also_what_was_not_marked(rising, look, app, femke):
    rising(9, people=6, query=app, label="")
    assert look().query == app


def test_of_a_topic_too(rising, look, femke):
    made = rising(9, people=6, label="")
    About.objects.bulk_create(About(mention=one, topic="warmte", said_at=one.said_at) for one in made)
    assert look() is None
    Count.objects.create(kind="topic", key="warmte", at=clock.now() - timedelta(days=9), number=1)
    one = look()
    assert (one.about, one.query) == ("Heating", None)
    assert "9 posts by 6 people" in Mail.objects.get().text


def test_on_the_first_day_nobody_knows_what_is_usual_of_a_query(rising, look, app, femke, heard, visit):
    rising(9, people=6, query=app, label="")
    Source.objects.update(made_at=clock.now() - timedelta(hours=5))
    assert look() is None
    rising(8)
    rising(9, people=6, query=app, minutes=2)
    one = look()
    assert one.query is None
    assert "Most of it is about: Warmte-app (9)" in Mail.objects.get().text
    one.burst.top = 40
    one.burst.save()
    assert "Since then it grew" not in visit(femke).get(f"/fires/alarms/{one.pk}/").content.decode(), "praise alone"
    for posts in (8, 8, 24 - one.posts):
        rising(posts)
    page = visit(femke).get(f"/fires/alarms/{one.pk}/").content.decode()
    assert f'<a href="/listen/?query={app.pk}">Warmte-app</a> (9)' in page
    assert "Since then it grew to 40 within an hour." in page
    said = Mention.objects.get(matches__query=app, text="Weer koud, 8", label="ohoh")
    Mention.objects.filter(label="ohoh", matches=None).update(text="Regen", said_at=said.said_at - timedelta(minutes=5))
    Alarm.objects.update(since=said.said_at - timedelta(minutes=6))
    actions.open_fire_of_alarm(by=femke, alarm=one)
    fire = Fire.objects.get()
    assert (fire.title, fire.query) == ("Weer koud, 8", app), "what half of them are about, not what was said first"


def test_one_step_opens_the_fire_with_who_asked(rising, look, app, femke, visit):
    made = rising(8, query=app)
    one = look()
    browser = visit(femke)
    page = browser.get("/").content.decode()
    assert f"/fires/alarms/{one.pk}/" in page
    shown = browser.get(f"/fires/alarms/{one.pk}/").content.decode()
    assert "Weer koud, 7" in shown
    assert "Buur0 Jansen</bdi> (2)" in shown
    assert "8 posts by 5 people" in browser.get("/fires/").content.decode()
    for _time in range(2):
        assert browser.post(f"/fires/alarms/{one.pk}/open/").url == f"/fires/{Fire.objects.get().pk}/"
    fire = Fire.objects.get()
    assert (fire.alarm_at, fire.query, fire.opened_by) == (made[-1].said_at, app, femke)
    assert Burst.objects.get().answer == "confirmed"
    assert look() is None
    with pytest.raises(Refused):
        actions.wave_away(by=femke, alarm=one)
    assert "Yes. A fire was opened." in browser.get(f"/fires/alarms/{one.pk}/").content.decode()
    assert browser.post(f"/fires/alarms/{one.pk}/wave/").url == f"/fires/alarms/{one.pk}/"


def test_while_the_fire_burns_more_of_the_same_belongs_to_it(rising, look, app, femke, noon):
    rising(8, query=app)
    fire = actions.open_fire_of_alarm(by=femke, alarm=look())
    with clock.fixed(noon + timedelta(hours=3)):
        rising(30, query=app)
        assert look() is None
        assert list(Burst.objects.order_by("pk").values_list("answer", flat=True)) == ["confirmed", "confirmed"]
        fires.end_fire(by=femke, fire=fire)
    with clock.fixed(noon + timedelta(days=3)):
        assert look() is None
        rising(8, query=app)
        assert look().query == app  # what burned is left out of what is usual


def test_waved_away_teaches(rising, look, femke, visit, noon):
    rising(12)
    one = look()
    browser = visit(femke)
    for _time in range(2):
        assert browser.post(f"/fires/alarms/{one.pk}/wave/").status_code == 302
    assert Burst.objects.get().answer == "waved"
    for days, posts, told in ((2, 12, False), (4, 13, False), (6, 20, True)):
        with clock.fixed(noon + timedelta(days=days)):
            look()
            rising(posts)
            assert (look() is not None) is told
    page = browser.get(f"/fires/alarms/{one.pk}/").content.decode()
    assert "No. It was waved away." in page
    actions.open_fire_of_alarm(by=femke, alarm=one)
    assert Burst.objects.order_by("pk").first().answer == "confirmed"


def test_gone_mentions_still_open_a_fire(rising, look, app, femke):
    rising(8, query=app)
    one = look()
    Mention.objects.all().delete()
    assert actions.open_fire_of_alarm(by=femke, alarm=one).title == "Warmte-app"


def test_others_see_and_do_nothing(rising, look, femke, bram, visit):
    rising()
    one = look()
    with pytest.raises(NotFound):
        queries.alarm(bram, one.pk)
    for deed in (actions.open_fire_of_alarm, actions.wave_away):
        with pytest.raises(Forbidden):
            deed(by=bram, alarm=one)
    assert f"/fires/alarms/{one.pk}/" not in visit(bram).get("/").content.decode()
    assert not Conversation.objects.exists()

"""Oh-ohs rise above the usual: who has duty hears it, one step opens a fire, and waved away it is quieter."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from koor.flow.conversations.actions import alarms as actions
from koor.flow.conversations.actions import fires
from koor.flow.conversations.logic import alarms as logic
from koor.flow.conversations.models import Alarm, Conversation, Fire
from koor.flow.conversations.queries import alarms as queries
from koor.flow.listening.models import Match, Mention, Query
from koor.ground.people.choices import Role
from koor.ground.people.models import Absence
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, NotFound, Refused
from koor.kernel.models import Mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def rising(said):
    """`rising(8, people=5, minutes=30, query=…)`: so many say oh-oh, one a minute up to then."""

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
def femke(person):
    return person("Femke Vos", Role.PR)


@pytest.fixture
def app(noon):
    return Query.objects.create(name="Warmte-app", expression="app", made_at=clock.now(), changed_at=clock.now())


@pytest.mark.parametrize(
    ("posts", "people", "usual", "burns"),
    [
        (8, 5, 0.0, True), (7, 5, 0.0, False), (8, 4, 0.0, False), (8, 8, 2.0, True), (8, 8, 2.7, False),
        (9, 9, 3.0, True), (14, 9, 5.0, False), (15, 9, 5.0, True), (59, 40, 20.0, False), (60, 40, 20.0, True),
    ],
)  # fmt: skip
def test_the_rule(posts, people, usual, burns):
    assert logic.rises(posts, people, usual) is burns


def test_the_usual_hour_is_the_mean_or_this_hour_of_the_day():
    assert logic.usual_hour(672, 10, 28) == 1.0
    assert logic.usual_hour(672, 84, 28) == 3.0
    assert logic.usual_hour(10, 5, 0) == 5.0


def test_waved_away_it_is_quiet_for_longer_up_to_a_week():
    hours = [logic.quiet_for(n) / timedelta(hours=1) for n in (0, 1, 2, 7, 8, 400)]
    assert hours == [1, 2, 4, 128, 168, 168]


def test_pr_hears_of_it_and_nothing_is_opened(rising, femke, marloes):
    rising()
    one = actions.sound_alarm(by=SYSTEM)
    assert (one.posts, one.people, one.query) == (8, 5, None)
    assert [letter.to for letter in Mail.objects.all()] == [femke.email]
    assert "Jansen" not in Mail.objects.get().text
    assert not Fire.objects.exists()
    assert actions.sound_alarm(by=SYSTEM) is None


def test_calm_asks_one_question(rising, femke):
    rising(7)
    with CaptureQueriesContext(connection) as asked:
        assert actions.sound_alarm(by=SYSTEM) is None
    assert len([one for one in asked if "SELECT" in one["sql"]]) == 1


def test_praise_our_own_words_and_what_is_old_do_not_count(rising, femke):
    rising(8, label="aha")
    Mention.objects.filter(pk__in=[one.pk for one in rising(8)]).update(ours=True)
    rising(8, minutes=120)
    assert actions.sound_alarm(by=SYSTEM) is None


def test_a_house_where_it_is_always_like_this_is_left_alone(rising, femke):
    for day in range(1, 8):
        rising(8, minutes=day * 24 * 60)
    rising(8)
    assert actions.sound_alarm(by=SYSTEM) is None


def test_who_is_away_is_not_called(rising, femke, marloes):
    today = clock.now().date()
    Absence.objects.create(person=femke, first_day=today, last_day=today)
    assert actions.on_duty() == [marloes]
    marloes.roles = []
    marloes.save()
    assert actions.on_duty() == [femke]


def test_a_saved_query_is_its_own_subject(rising, app, femke, noon):
    rising(9, people=6, query=app)
    assert actions.sound_alarm(by=SYSTEM).query == app
    assert actions.sound_alarm(by=SYSTEM) is None
    rising(8, people=6)
    assert actions.sound_alarm(by=SYSTEM).query is None
    rising(8, people=6, minutes=5, query=Query.objects.create(name="x", expression="x", made_at=noon, changed_at=noon))
    assert actions.sound_alarm(by=SYSTEM) is None


def test_one_step_opens_the_fire_with_who_asked(rising, app, femke, visit):
    made = rising(8, query=app)
    one = actions.sound_alarm(by=SYSTEM)
    browser = visit(femke)
    page = browser.get("/").content.decode()
    assert f"/fires/alarms/{one.pk}/" in page
    assert "Weer koud, 7" in browser.get(f"/fires/alarms/{one.pk}/").content.decode()
    assert "8 oh-ohs by 5 people" in browser.get("/fires/").content.decode()
    for _time in range(2):
        assert browser.post(f"/fires/alarms/{one.pk}/open/").url == f"/fires/{Fire.objects.get().pk}/"
    fire = Fire.objects.get()
    assert (fire.alarm_at, fire.query, fire.opened_by) == (made[-1].said_at, app, femke)
    assert actions.sound_alarm(by=SYSTEM) is None
    with pytest.raises(Refused):
        actions.wave_away(by=femke, alarm=one)
    assert "Yes. A fire was opened." in browser.get(f"/fires/alarms/{one.pk}/").content.decode()
    assert browser.post(f"/fires/alarms/{one.pk}/wave/").url == f"/fires/alarms/{one.pk}/"


def test_while_the_fire_burns_its_subject_is_quiet(rising, app, femke, noon):
    rising(8, query=app)
    fire = actions.open_fire_of_alarm(by=femke, alarm=actions.sound_alarm(by=SYSTEM))
    with clock.fixed(noon + timedelta(hours=3)):
        rising(8, query=app)
        assert actions.sound_alarm(by=SYSTEM) is None
        fires.end_fire(by=femke, fire=fire)
        assert actions.sound_alarm(by=SYSTEM) is not None


def test_waved_away_teaches(rising, femke, visit, noon):
    rising()
    browser = visit(femke)
    for hours in (0, 2, 6):
        with clock.fixed(noon + timedelta(hours=hours, minutes=-1)):
            rising()
            assert actions.sound_alarm(by=SYSTEM) is None or hours == 0
        with clock.fixed(noon + timedelta(hours=hours, minutes=1)):
            one = actions.sound_alarm(by=SYSTEM) or Alarm.objects.latest("pk")
            assert browser.post(f"/fires/alarms/{one.pk}/wave/").status_code == 302
            actions.wave_away(by=femke, alarm=one)
    assert Alarm.objects.count() == 3
    assert queries.waved_in_a_row(None) == 3
    page = browser.get(f"/fires/alarms/{one.pk}/").content.decode()
    assert "No. It was waved away." in page
    actions.open_fire_of_alarm(by=femke, alarm=one)
    assert queries.waved_in_a_row(None) == 0


def test_gone_mentions_still_open_a_fire(rising, app, femke):
    rising(8, query=app)
    one = actions.sound_alarm(by=SYSTEM)
    Mention.objects.all().delete()
    assert actions.open_fire_of_alarm(by=femke, alarm=one).title == "Warmte-app"


def test_others_see_and_do_nothing(rising, femke, bram, visit):
    rising()
    one = actions.sound_alarm(by=SYSTEM)
    with pytest.raises(NotFound):
        queries.alarm(bram, one.pk)
    for deed in (actions.open_fire_of_alarm, actions.wave_away):
        with pytest.raises(Forbidden):
            deed(by=bram, alarm=one)
    assert f"/fires/alarms/{one.pk}/" not in visit(bram).get("/").content.decode()
    assert not Conversation.objects.exists()

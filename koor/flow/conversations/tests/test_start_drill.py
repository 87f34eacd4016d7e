"""An exercise: invented messages on the practice stage alone, an end of its own, and a clock."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from koor.flow.conversations import queries
from koor.flow.conversations.actions import drills, fires_people, fires_said
from koor.flow.conversations.actions.alerts_of_fires import ask_to_sign
from koor.flow.conversations.actions.stages import stages
from koor.flow.conversations.events import FireOpened
from koor.flow.conversations.logic.drills import LANGUAGES, SCENARIOS, STAGES
from koor.flow.conversations.models import Conversation, Fire, Message
from koor.flow.conversations.queries import fire_room, fires
from koor.flow.conversations.receivers import who_has_duty_hears_it
from koor.flow.conversations.tasks import end_drills
from koor.flow.publishing import actions as publishing
from koor.flow.publishing.actions.deliver import deliver
from koor.ground.channels import queries as channels
from koor.ground.channels.models import Account
from koor.ground.contacts import actions as contacts_actions
from koor.ground.contacts import queries as contacts
from koor.ground.contacts.forms import ProjectForm
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Refused
from koor.kernel.models import Mail, Push
from koor.kernel.tests.test_push import FCM, device_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def drill(noon, marloes, hanna):
    return drills.start_drill(by=SYSTEM, scenario="leak", language="nl")


def played(fire, upto=99):
    voices = SCENARIOS[fire.scenario][fire.language].voices[:upto]
    for number, voice in enumerate(voices):
        with clock.fixed(fire.alarm_at + timedelta(seconds=voice.after)):
            drills.say(by=SYSTEM, fire_id=fire.pk, number=number)
            drills.say(by=SYSTEM, fire_id=fire.pk, number=number)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_scenario_plays_within_a_few_minutes(noon, marloes, pieter, scenario, language):
    fire = drills.start_drill(by=SYSTEM, scenario=scenario, language=language)
    played(fire)
    voices = SCENARIOS[scenario][language].voices
    assert Message.objects.count() == len(voices)
    assert max(voice.after for voice in voices) <= 360
    assert set(Conversation.objects.values_list("purpose", flat=True)) == {"practice"}
    assert fires.waiting_ties(fire).count() == len({voice.name for voice in voices})


def test_only_on_paper_and_as_many_jobs_as_messages(drill):
    made = Account.objects.filter(name__in=STAGES["nl"])
    assert {(one.connector, one.purpose) for one in made} == {("paper", "practice")}
    jobs = ProcrastinateJob.objects.filter(task_name="koor:conversations.drill_says")
    assert jobs.count() == len(SCENARIOS["leak"]["nl"].voices)
    assert drill.practice


def test_one_at_a_time_and_known_scenarios_only(drill):
    with pytest.raises(Refused) as refused:
        drills.start_drill(by=SYSTEM, scenario="rude")
    assert refused.value.code == "drill"
    drills.end_drill(by=SYSTEM, fire_id=drill.pk)
    for wrong in ({"scenario": "volcano"}, {"scenario": "leak", "minutes": 0}, {"scenario": "leak", "minutes": 9999}):
        with pytest.raises(Refused):
            drills.start_drill(by=SYSTEM, **wrong)


def test_it_is_started_from_the_page(noon, marloes, bram, visit):
    browser = visit(marloes)
    assert "Start an exercise" in browser.get("/fires/").content.decode()
    assert browser.post("/fires/exercise/", {"scenario": "volcano"}).status_code == 422
    wished = {"scenario": "leak", "once": "a"}
    started = browser.post("/fires/exercise/", wished)
    fire = Fire.objects.get()
    assert browser.post("/fires/exercise/", wished).url == started.url  # a second click
    assert (started.url, fire.practice, fire.scenario) == (f"/fires/{fire.pk}/", True, "leak")
    again = browser.post("/fires/exercise/", {"scenario": "leak"})
    assert (again.status_code, "An exercise is going on already" in again.content.decode()) == (422, True)
    assert visit(bram).post("/fires/exercise/", {"scenario": "leak"}).status_code == 403


def test_from_the_alarm_to_a_signed_statement_on_three_channels(drill, marloes, hanna, noon):
    played(drill, 3)
    with clock.fixed(noon + timedelta(minutes=4)):
        there = stages("nl")
        written = fires_said.write_statement(by=marloes, fire=drill, text="Er is water. Wij zijn er.", accounts=there)
    with clock.fixed(noon + timedelta(minutes=6, seconds=20)):
        signed = fires_said.sign_statement(by=hanna, statement=written)
        for pk in signed.post.targets.values_list("pk", flat=True):
            deliver(pk)
    room = fire_room.room(marloes, drill)
    assert (room.took, room.ran) == (timedelta(minutes=6, seconds=20), "6:20")
    told = fires.operator_list()[0]
    assert (told["three_channels_after"], told["exercise"], told["log_whole"]) == (380, True, True)


def test_nothing_of_it_leaves_the_house(drill, marloes, hanna):
    news = Account.objects.create(
        connector="newsroom", name="Nieuws", purpose="news", owner=marloes, made_at=clock.now()
    )
    for deed in (
        lambda: fires_said.write_statement(by=marloes, fire=drill, text="Er is water.", accounts=[news]),
        lambda: fires_said.pause_posts(by=marloes, fire=drill, accounts=[news]),
    ):
        with pytest.raises(Refused) as refused:
            deed()
        assert refused.value.code == "practice"
    fires_said.tell_colleagues(by=marloes, fire=drill, say="Wij weten ervan.")
    assert not Mail.objects.filter(kind="fire").exists()


def test_answers_stay_on_paper(drill, marloes):
    played(drill, 1)
    tie = fires.waiting_ties(drill).get()
    answered = fires_people.answer_tied(by=marloes, tie=tie, text="Het is veilig.").answer
    assert answered.target.account.connector == "paper"


def test_the_invented_are_in_no_list_of_people(drill, marloes, visit):
    played(drill)
    assert not contacts.contacts(marloes)
    invented = Conversation.objects.first().contact
    assert not contacts.contacts(marloes, words=invented.name)
    assert contacts.contact(marloes, invented.pk) == invented  # the exercise itself opens them
    assert contacts.doubles(marloes) == []
    Conversation.objects.update(assignee=marloes)
    contacts_actions.introduce(by=marloes, person=marloes, contact=invented)
    assert queries.lately_met(marloes) == []
    assert invented not in ProjectForm(by=marloes).fields["contact"].queryset


def test_colleagues_do_not_see_it_on_today(drill, marloes, bram):
    fires_said.tell_colleagues(by=marloes, fire=drill, say="Wij weten ervan.")
    assert (list(fires.notices(bram)), list(fires.notices(marloes))) == ([], [drill])


def test_each_notice_of_it_says_that_it_is_an_exercise(drill, marloes, hanna, visit):
    device_at(FCM, hanna.pk)
    who_has_duty_hears_it(FireOpened(drill.pk))
    written = fires_said.write_statement(by=marloes, fire=drill, text="Er is water.", accounts=stages("nl"))
    ask_to_sign(written.pk)
    assert list(Push.objects.order_by("pk").values_list("title", "kind")) == [
        ("Exercise: Something burns", "waits"),
        ("Exercise: A statement waits for your name", "waits"),
    ]
    assert not Mail.objects.exists()
    assert "Exercise: A statement waits for your name" in visit(hanna).get("/").content.decode()


def test_it_ends_by_itself_and_then_nobody_says_anything(drill, noon):
    played(drill, 2)
    with clock.fixed(noon + timedelta(minutes=29)):
        assert drills.end_what_is_over(by=SYSTEM) == 0
    with clock.fixed(noon + timedelta(minutes=30)):
        assert (drills.end_what_is_over(by=SYSTEM), drills.end_what_is_over(by=SYSTEM)) == (1, 0)
        assert drills.say(by=SYSTEM, fire_id=drill.pk, number=5) is None
    assert not Conversation.objects.exclude(state="done").exists()
    assert not Fire.objects.get(pk=drill.pk).burns


def test_a_stage_stays_while_a_draft_is_for_it_and_goes_by_itself(drill, marloes, noon):
    first = channels.accounts_to_draft_for(marloes)[0]
    post = publishing.create_post(by=marloes, text="Om te oefenen.", accounts=[first])
    drills.end_drill(by=SYSTEM, fire_id=drill.pk)
    assert list(channels.accounts_to_draft_for(marloes)) == [first]
    publishing.let_go(by=marloes, post=post)
    end_drills(0)
    assert list(channels.accounts_to_draft_for(marloes)) == [first]
    deliver(post.targets.get().pk)
    publishing.create_post(by=marloes, text="Nooit af.", accounts=[first])
    with clock.fixed(noon + timedelta(days=8)):
        end_drills(0)
        assert not channels.accounts_to_draft_for(marloes)


def test_a_second_exercise_goes_on_with_the_same_people_and_stages(drill, marloes):
    played(drill)
    moments = {"opened_at": clock.now(), "alarm_at": clock.now()}
    other = Fire.objects.create(title="Nog een", practice=True, opened_by=marloes, **moments)
    drills.end_drill(by=SYSTEM, fire_id=drill.pk)
    assert len(channels.accounts_to_draft_for(marloes)) == 3  # something burns for practice still
    drills.end_drill(by=SYSTEM, fire_id=other.pk)
    numbers = set(Account.objects.values_list("pk", flat=True)), set(Message.objects.values_list("contact", flat=True))
    assert not channels.accounts_to_draft_for(marloes)  # none to choose while no exercise is on
    again = drills.start_drill(by=SYSTEM, scenario="leak", language="nl")
    assert {one.name for one in channels.accounts_to_draft_for(marloes)} == set(STAGES["nl"])
    played(again)
    assert (
        set(Account.objects.values_list("pk", flat=True)),
        set(Message.objects.values_list("contact", flat=True)),
    ) == numbers

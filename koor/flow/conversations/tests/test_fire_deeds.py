"""What one does while something burns, with hurried hands: twice, without words, too late, or with another's number."""

from datetime import timedelta

import pytest

from koor.flow.conversations import actions as conversations
from koor.flow.conversations.actions import alerts_of_fires, drills, fires_people, fires_said
from koor.flow.conversations.actions import fires as actions
from koor.flow.conversations.models import Conversation, Fire, FireLine, FireTie, HoldingText, Statement
from koor.flow.conversations.queries import fire_room, fires
from koor.flow.publishing.models import Pause
from koor.ground.channels import actions as channels
from koor.ground.people import actions as people
from koor.ground.story import actions as story
from koor.ground.story import queries as stories
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, NotFound, Refused
from koor.kernel.models import Mail, Push
from koor.kernel.tests.test_push import FCM, device_at

pytestmark = pytest.mark.django_db
LEARNT = "Press every fitting before the floor is closed."


@pytest.fixture
def burning(noon, marloes):
    return actions.open_fire(by=marloes, title="Leak in a school", fact="There is water.", source="the caretaker")


@pytest.fixture
def stage(marloes):
    return channels.add_account(by=SYSTEM, connector="paper", name="Paper", owner=marloes, purpose="news")


@pytest.fixture
def drill(noon, marloes, hanna):
    return drills.start_drill(by=SYSTEM, scenario="leak", language="en")


def verbs(fire):
    return list(FireLine.objects.filter(fire=fire).values_list("verb", flat=True))


def test_what_says_nothing_is_refused_at_its_field(burning, marloes, stage):
    texts = {"by": marloes, "key": "own", "language": "en"}
    for field, deed in (
        ("text", lambda: fires_said.write_statement(by=marloes, fire=burning, text=" \0 ", accounts=[stage])),
        ("say", lambda: fires_said.tell_colleagues(by=marloes, fire=burning, say=" \0 ")),
        ("thanks", lambda: fires_said.thank(by=marloes, fire=burning, thanks=" ")),
        ("answer", lambda: fires_people.prepare_answer(by=marloes, fire=burning, question="Safe?", answer="\0")),
        ("text", lambda: fires_said.keep_holding_text(**texts, name="Ours", text=" ")),
        ("name", lambda: fires_said.keep_holding_text(**texts, name=" ", text="We are there.")),
    ):
        with pytest.raises(Refused) as refused:
            deed()
        assert (refused.value.code, refused.value.field) == ("empty", field)
    assert verbs(burning) == ["opened", "fact"]
    assert not Statement.objects.exists()
    assert not HoldingText.objects.exists()


# ── Where it begins ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_was_said_and_became_a_conversation_is_one_fire(said, marloes, visit):
    mention = said("Smoke everywhere.", label="ohoh")
    conversation = conversations.open_from_mention(by=SYSTEM, mention=mention)
    fire = actions.open_fire_from_mention(by=marloes, mention=mention)
    assert actions.open_fire_from_conversation(by=marloes, conversation=conversation) == fire
    assert FireTie.objects.get().conversation == conversation
    assert visit(marloes).post(f"/fires/of-mention/{mention.pk}/").url == f"/fires/{fire.pk}/"
    assert Fire.objects.count() == 1


def test_a_conversation_in_which_only_we_spoke_begins_one_too(fatma, marloes):
    told = conversations.tell_by_hand(
        by=marloes, contact=fatma, channel="telephone", direction="out", text="We shut the water off."
    )
    fire = actions.open_fire_from_conversation(by=marloes, conversation=told)
    assert (fire.title, fire.facts.count(), fire.alarm_at) == ("We shut the water off.", 0, clock.now())


def test_one_that_is_not_there_is_not_found(marloes):
    with pytest.raises(NotFound):
        drills.end_drill(by=SYSTEM, fire_id=999_999_999)


# ── What the house says ──────────────────────────────────────────────────────────────────────────────────────────────


def test_koor_signs_nothing_by_itself(burning, marloes, stage):
    written = fires_said.write_statement(by=marloes, fire=burning, text="We are there.", accounts=[stage])
    with pytest.raises(Forbidden):
        fires_said.sign_statement(by=SYSTEM, statement=written)


def test_who_may_sign_hears_that_somebody_waits(burning, marloes, hanna, pieter, stage):
    for place, person in enumerate((marloes, hanna)):
        device_at(f"{FCM}{place}", person.pk)
    written = fires_said.write_statement(by=marloes, fire=burning, text="We are there.", accounts=[stage])
    for _time in range(2):
        assert alerts_of_fires.ask_to_sign(written.pk) == 1
    row = Push.objects.get()
    assert (row.title, row.url) == ("A statement waits for your name", f"/fires/{burning.pk}/statement/")
    fires_said.write_statement(by=marloes, fire=burning, text="Other words.", accounts=[stage])
    assert alerts_of_fires.ask_to_sign(written.pk) == 0  # there are other words by now


def test_why_one_signs_alone_may_hold_anything(burning, marloes, hanna, stage, visit, noon):
    written = fires_said.write_statement(by=marloes, fire=burning, text="We are there.", accounts=[stage])
    with clock.fixed(noon + timedelta(minutes=11)):
        client = visit(marloes)
        client.post(f"/fires/statements/{written.pk}/sign/", {"alone": " \0 "})
        written.refresh_from_db()
        assert written.signed_at is None
        client.post(f"/fires/statements/{written.pk}/sign/", {"alone": "Hanna is\0 in the air"})
    written.refresh_from_db()
    assert written.alone == "Hanna is in the air"


def test_the_letter_says_who_speaks(burning, marloes, hanna, bram):
    bram.joined_at = clock.now()
    bram.save()
    actions.choose_speaker(by=marloes, fire=burning, person=hanna)
    fires_said.tell_colleagues(by=marloes, fire=burning, say="We know about it.")
    assert alerts_of_fires.tell_everybody(burning.pk, 1) == 1
    assert "Hanna Reurslag speaks for us" in Mail.objects.get(to=bram.email).text


def test_of_an_exercise_nobody_hears_at_home(drill, marloes, bram):
    bram.joined_at = clock.now()
    bram.save()
    fires_said.tell_colleagues(by=marloes, fire=drill, say="We know about it.")
    assert alerts_of_fires.tell_everybody(drill.pk, 1) == 0
    assert not Mail.objects.exists()


# ── Who asks ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_exercise_and_what_burns_stay_apart(burning, drill, opened, marloes, visit):
    conversation = opened("Is it safe?")
    with pytest.raises(Refused) as refused:
        fires_people.put_with_fire(by=marloes, fire=drill, conversation=conversation)
    assert refused.value.code == "practice"
    page = visit(marloes).post(f"/fires/{drill.pk}/put/{conversation.pk}/", follow=True).content.decode()
    assert "stay apart" in page
    assert not FireTie.objects.filter(conversation=conversation).exists()
    tie = fires_people.put_with_fire(by=marloes, fire=burning, conversation=conversation)
    Conversation.objects.update(purpose="practice")
    with pytest.raises(Refused) as refused:
        fires_people.answer_tied(by=marloes, tie=tie, text="It is safe.")
    assert refused.value.code == "practice"


def test_answered_with_two_clicks_it_stands_in_the_log_once(burning, opened, marloes):
    tie = fires_people.put_with_fire(by=marloes, fire=burning, conversation=opened("Is it safe?"))
    for _click in range(2):
        fires_people.put_with_fire(by=marloes, fire=burning, conversation=tie.conversation)
        fires_people.answer_tied(by=marloes, tie=tie, text="It is safe, Fatma.", once="k")
    assert verbs(burning)[2:] == ["put", "answered"]
    for _click in range(2):
        fires_people.leave_out(by=marloes, tie=FireTie.objects.get())
    assert verbs(burning)[4:] == ["left_out"]


# ── Out, and after ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_thanked_once_it_is_out(burning, marloes):
    with pytest.raises(Refused) as refused:
        fires_said.thank(by=marloes, fire=burning, thanks="Thanks, all of you.")
    assert refused.value.code == "burns"
    actions.end_fire(by=marloes, fire=burning)
    for _click in range(2):
        told = fires_said.thank(by=marloes, fire=burning, thanks="Thanks, all of you.")
    assert told.told == 1
    steps = {step.key: step.done for step in fire_room.room(marloes, told).steps}
    assert steps == {"after": False, "release": True, "thanks": True}


def test_when_it_burns_again_thanks_are_no_longer_what_we_say(burning, marloes, bram):
    fires_said.tell_colleagues(by=marloes, fire=burning, say="We know about it.")
    actions.end_fire(by=marloes, fire=burning)
    fires_said.thank(by=marloes, fire=burning, thanks="Thanks, all of you.")
    again = actions.reopen_fire(by=marloes, fire=burning)
    assert (again.say, again.thanks) == ("We know about it.", "")
    assert [one.say for one in fires.notices(bram)] == ["We know about it."]
    actions.end_fire(by=marloes, fire=again)
    assert fires_said.thank(by=marloes, fire=again, thanks="Thanks, all of you.").told == 3


def test_when_nothing_was_told_before_nothing_is_said_again(burning, marloes, bram):
    actions.end_fire(by=marloes, fire=burning)
    fires_said.thank(by=marloes, fire=burning, thanks="Thanks, all of you.")
    actions.reopen_fire(by=marloes, fire=burning)
    assert list(fires.notices(bram)) == []


def test_once_it_is_out_nothing_is_held_or_told_any_more(burning, marloes, stage, visit):
    """From a page that somebody left open: it would stay quiet for good, and everybody would hear that it burns."""
    actions.end_fire(by=marloes, fire=burning)
    client = visit(marloes)
    for page, said in (("posts", {"accounts": [stage.pk]}), ("tell", {"say": "It burns."})):
        answer = client.post(f"/fires/{burning.pk}/{page}/", said)
        assert (answer.status_code, "It burns no longer." in answer.content.decode()) == (409, True)
    for deed in (
        lambda: fires_said.pause_posts(by=marloes, fire=burning, accounts=[stage]),
        lambda: fires_said.tell_colleagues(by=marloes, fire=burning, say="It burns."),
    ):
        with pytest.raises(Refused) as refused:
            deed()
        assert refused.value.code == "out"
    assert not Pause.objects.exists()
    assert Fire.objects.get().told == 0


def test_an_exercise_is_over_when_it_is_over(drill, marloes, visit):
    drills.say(by=SYSTEM, fire_id=drill.pk, number=0)
    client = visit(marloes)
    assert client.post(f"/fires/{drill.pk}/end/").status_code == 302
    conversation = Conversation.objects.get()
    assert (conversation.state, conversation.waiting_since) == ("done", None)  # nobody waits for an invented person
    page = client.post(f"/fires/{drill.pk}/reopen/", follow=True).content.decode()
    assert "Start another one" in page
    assert not Fire.objects.get().burns


def test_a_house_without_anybody_has_no_exercise(house, noon, ada):
    ada.delete()
    with pytest.raises(Refused) as refused:
        drills.start_drill(by=SYSTEM, scenario="leak")
    assert refused.value.code == "nobody"
    assert not Fire.objects.exists()


def test_what_was_learnt_goes_with_our_story_once(burning, marloes, visit):
    story.write_version(by=marloes, why="Warm houses", dos="We call back.")
    path = f"/fires/{burning.pk}/to-story/"
    page = visit(marloes).post(path, follow=True).content.decode()
    assert "First write down what was learnt" in page
    actions.keep_learnt(by=marloes, fire=burning, cause="A fitting", done="Shut off", learnt=LEARNT)
    for _click in range(2):
        visit(marloes).post(path)
    assert stories.draft(marloes).dos.splitlines() == ["We call back.", LEARNT]
    assert verbs(burning).count("story") == 1


def test_a_story_that_is_full_loses_nothing(burning, marloes):
    story.write_version(by=marloes, why="Warm houses", dos="x" * 1990)
    actions.keep_learnt(by=marloes, fire=burning, cause="A fitting", done="Shut off", learnt=LEARNT)
    with pytest.raises(Refused) as refused:
        actions.put_in_story(by=marloes, fire=burning)
    assert refused.value.code == "too_long"
    assert stories.draft(marloes).dos == "x" * 1990


def test_who_left_sees_no_fire_any_more(burning, hanna, ada):
    assert fires.fire(hanna, burning.pk) == burning
    people.let_go(by=ada, person=hanna)
    hanna.refresh_from_db()
    with pytest.raises(NotFound):
        fires.fire(hanna, burning.pk)

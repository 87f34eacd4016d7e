"""What the house says while it burns: written by one, signed by another, on three channels, once; and what waits."""

from datetime import datetime, timedelta

import pytest

from koor.flow.conversations.actions import fires as actions
from koor.flow.conversations.actions import fires_said
from koor.flow.conversations.actions.alerts_of_fires import ask_to_sign, tell_everybody
from koor.flow.conversations.models import Fire, FireHeard, FireLine, HoldingText, Statement
from koor.flow.conversations.queries import fire_room, fires, signing
from koor.flow.publishing import actions as publishing
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.models import Pause, Target
from koor.ground.channels import actions as channels
from koor.ground.people import actions as people
from koor.ground.people.choices import Autonomy
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import Mail, Push
from koor.kernel.tests.test_push import FCM, device_at

pytestmark = pytest.mark.django_db
SAID = "Er is water in twee lokalen. Onze mensen zijn er. Om 22.00 uur vertellen we hier meer."


@pytest.fixture
def burning(noon, marloes):
    return actions.open_fire(by=marloes, title="Lek in een school", fact="Er staat water.", source="de conciërge")


@pytest.fixture
def places(marloes):
    """The newsroom, and two stages that stand for others."""
    made = [("Nieuws", "newsroom", "news"), ("Sociaal", "paper", "service"), ("Folder", "paper", "news")]
    return [
        channels.add_account(by=SYSTEM, connector=connector, name=name, owner=marloes, purpose=purpose)
        for name, connector, purpose in made
    ]


@pytest.fixture
def written(burning, places, marloes, hanna):
    return fires_said.write_statement(by=marloes, fire=burning, text=SAID, accounts=places)


def up(statement):
    for pk in statement.post.targets.values_list("pk", flat=True):
        deliver(pk)


def test_two_who_write_at_once_read_each_other(written, burning, marloes, hanna, visit):
    client, page = visit(hanna), f"/fires/{burning.pk}/statement/"
    asked = client.get(page).content.decode()
    assert f'name="seen" value="{written.pk}"' in asked
    fires_said.write_statement(by=marloes, fire=burning, text="Other words of Marloes.", accounts=[])
    kept = client.post(page, {"text": "Words of Hanna.", "seen": written.pk})
    assert kept.status_code == 422
    answer = kept.content.decode()
    assert "Marloes wrote other words meanwhile" in answer
    assert "Other words of Marloes." in answer
    assert "Words of Hanna." in answer
    latest = burning.statements.get(replaced_at=None)
    assert client.post(page, {"text": "Words of Hanna.", "seen": latest.pk}).status_code == 302
    assert burning.statements.get(replaced_at=None).text == "Words of Hanna."


def test_who_wrote_it_goes_on_while_it_waits(written, burning, marloes, hanna, visit):
    Fire.objects.update(speaker=hanna, posts_at=clock.now())
    hers, theirs = (visit(one).get(f"/fires/{burning.pk}/").content.decode() for one in (marloes, hanna))
    assert all(part in hers for part in ("You wrote it, so Hanna signs.", "Meanwhile: Tell colleagues what to say"))
    assert "Meanwhile" not in theirs
    with clock.fixed(clock.now() + timedelta(minutes=10)):
        assert "Meanwhile" not in visit(marloes).get(f"/fires/{burning.pk}/").content.decode()


def test_another_signs_and_it_stands_on_three_channels(written, burning, marloes, hanna):
    with pytest.raises(Refused) as refused:
        fires_said.sign_statement(by=marloes, statement=written)
    assert (refused.value.code, "Hanna" in str(refused.value)) == ("own", True)
    signed = fires_said.sign_statement(by=hanna, statement=written)
    assert (signed.signed_by, signed.post.by, signed.alone) == (hanna, hanna, "")
    up(signed)
    room = fire_room.room(marloes, burning)
    assert (room.stand.up, room.took, room.now) == (3, timedelta(), "speaker")
    assert {row.state for row in Target.objects.filter(post=signed.post)} == {"published"}


def test_who_may_sign_is_called_also_at_night_and_by_letter_once(written, marloes, hanna):
    device_at(FCM, hanna.pk)
    for _time in range(2):
        ask_to_sign(written.pk)
    row = Push.objects.get()
    assert (row.title, row.kind) == ("A statement waits for your name", "alarm")
    assert Mail.objects.get().to == hanna.email


def test_twice_is_once(written, hanna, pieter):
    first = fires_said.sign_statement(by=hanna, statement=written)
    again = fires_said.sign_statement(by=pieter, statement=written)
    assert (again.signed_by, again.post) == (hanna, first.post)
    assert FireLine.objects.filter(verb="signed").count() == 1


def test_who_may_sign(written, bram, pieter, henk):
    for person in (bram, henk):
        with pytest.raises(Forbidden):
            fires_said.sign_statement(by=person, statement=written)
    pieter.autonomy = Autonomy.BUDDY
    pieter.save()
    with pytest.raises(Forbidden):
        fires_said.sign_statement(by=pieter, statement=written)


def test_who_is_alone_signs_their_own_words_and_the_log_says_so(burning, places, marloes):
    written = fires_said.write_statement(by=marloes, fire=burning, text=SAID, accounts=places)
    assert fires_said.sign_statement(by=marloes, statement=written).alone
    assert FireLine.objects.filter(verb="signed_alone").exists()


def test_who_is_away_can_not_be_waited_for(written, marloes, hanna):
    assert signing.others_to_sign(marloes) == [hanna]
    assert [signing.one_of(names) for names in ([hanna], [hanna, marloes])] == ["Hanna", "Hanna or Marloes"]
    day = clock.now().date()
    people.declare_absence(by=hanna, person=hanna, first_day=day, last_day=day)
    assert fires_said.sign_statement(by=marloes, statement=written).signed_by == marloes


def test_when_nobody_answers_there_is_a_way_with_a_reason(written, marloes, hanna, noon):
    with clock.fixed(noon + timedelta(minutes=11)):
        with pytest.raises(Refused) as refused:
            fires_said.sign_statement(by=marloes, statement=written)
        assert refused.value.field == "alone"
        signed = fires_said.sign_statement(by=marloes, statement=written, alone="Hanna zit in het vliegtuig")
    assert signed.alone == "Hanna zit in het vliegtuig"


def test_other_words_take_the_place_of_what_was_not_signed(written, burning, places, marloes, hanna):
    other = fires_said.write_statement(by=marloes, fire=burning, text="Andere woorden.", accounts=places[:1])
    with pytest.raises(Refused) as refused:
        fires_said.sign_statement(by=hanna, statement=written)
    assert refused.value.code == "replaced"
    assert fires_said.write_statement(by=marloes, fire=burning, text="Andere woorden.", accounts=places[:1]) == other
    assert Statement.objects.filter(replaced_at=None).get() == other


def test_what_still_has_to_be_filled_in_is_named(burning, places, marloes):
    text = signing.holding_texts(marloes, "nl")[0].text
    with pytest.raises(Refused) as refused:
        fires_said.write_statement(by=marloes, fire=burning, text=text, accounts=places)
    assert (refused.value.code, "plaats" in str(refused.value)) == ("gaps", True)


def test_where_it_does_not_fit_a_short_one_goes(burning, marloes, hanna):
    tight = channels.add_account(by=SYSTEM, connector="paper", name="Kort", owner=marloes, purpose="news")
    tight.limits = {"characters": 40}
    tight.save()
    with pytest.raises(Refused) as refused:
        fires_said.write_statement(by=marloes, fire=burning, text=SAID, accounts=[tight])
    assert refused.value.field == "short"
    written = fires_said.write_statement(by=marloes, fire=burning, text=SAID, accounts=[tight], short="Wij zijn er.")
    signed = fires_said.sign_statement(by=hanna, statement=written)
    assert signed.post.targets.get().text == "Wij zijn er."


def test_what_was_planned_is_held_and_the_statement_goes_all_the_same(burning, places, marloes, hanna, visit):
    planned = publishing.create_post(
        by=marloes, text="Taart!", accounts=places[:1], due_local=datetime(2026, 11, 24, 20)
    )
    publishing.let_go(by=marloes, post=planned)
    fires_said.pause_posts(by=marloes, fire=burning, accounts=places)
    written = fires_said.write_statement(by=marloes, fire=burning, text=SAID, accounts=places)
    up(fires_said.sign_statement(by=hanna, statement=written))
    burning.refresh_from_db()
    room = fire_room.room(marloes, burning)
    assert (room.stand.up, room.stand.held, planned.targets.get().because) == (3, 1, "paused")
    actions.end_fire(by=marloes, fire=burning)
    assert not Pause.objects.filter(ended_at=None).exists()
    assert planned.targets.get().because == "paused"
    back = f'href="/fires/{burning.pk}/"'
    assert back in visit(marloes).get("/posts/held/").content.decode()
    publishing.release_held(by=marloes, target=planned.targets.get())
    assert fire_room.room(marloes, burning).stand.held == 0


def test_everybody_is_told_once_and_sees_it_on_today(burning, marloes, bram, hanna, visit):
    for person in (bram, hanna):
        person.joined_at = clock.now()
        person.save()
    with pytest.raises(Forbidden):
        fires_said.tell_colleagues(by=bram, fire=burning, say="Wij weten ervan.")
    for _time in range(2):
        fires_said.tell_colleagues(by=marloes, fire=burning, say="Wij weten ervan.", point="0545 12 34 56")
    assert (tell_everybody(burning.pk, 1), tell_everybody(burning.pk, 1)) == (2, 0)
    assert Mail.objects.filter(kind="fire", to=bram.email, text__contains="0545 12 34 56").count() == 1
    assert "Wij weten ervan." in visit(bram).get("/").content.decode()
    assert "0545 12 34 56" in visit(bram).get(f"/fires/{burning.pk}/say/").content.decode()
    assert visit(bram).get(f"/fires/{burning.pk}/").status_code == 404
    actions.end_fire(by=marloes, fire=burning)
    assert list(fires.notices(bram)) == []
    fires_said.thank(by=marloes, fire=burning, thanks="Dank allemaal.")
    assert [one.say for one in fires.notices(bram)] == ["Dank allemaal."]
    assert FireHeard.objects.filter(number=1).count() == 2


def test_a_text_of_the_house_takes_the_place_of_the_one_that_came_along(marloes, bram):
    with pytest.raises(Forbidden):
        fires_said.keep_holding_text(by=bram, key="incident", language="nl", name="Mis", text="x")
    for _time in range(2):
        fires_said.keep_holding_text(
            by=marloes, key="incident", language="nl", name="Er is iets", text="Zo zeggen wij het."
        )
    assert HoldingText.objects.count() == 1
    assert signing.holding_texts(marloes, "nl")[0].text == "Zo zeggen wij het."
    assert {one.language for one in signing.holding_texts(marloes)} == {"nl", "en"}


def test_a_text_of_our_own_is_removed_and_put_back(marloes, bram, visit):
    browser, page = visit(marloes), "/fires/texts/"
    own = fires_said.keep_holding_text(by=marloes, key="own-1", language="nl", name="Stroom uit", text="Geen stroom.")
    ours = fires_said.keep_holding_text(by=marloes, key="incident", language="nl", name="Er is iets", text="Zo.")
    shown = browser.get(page).content.decode()
    assert ("Remove it" in shown, "Back to how it came" in shown) == (True, True)
    assert visit(bram).post(f"{page}{own.pk}/remove/").status_code == 404
    for one in (own, ours):
        assert browser.post(f"{page}{one.pk}/remove/").status_code == 302
    assert "Stroom uit" not in {one.name for one in signing.holding_texts(marloes, "nl")}
    assert signing.holding_texts(marloes, "nl")[0].text.startswith("{Wanneer}")
    assert f"{page}{ours.pk}/back/" in browser.get(page).content.decode()
    browser.post(f"{page}{own.pk}/back/")
    assert "Stroom uit" in {one.name for one in signing.holding_texts(marloes, "nl")}


def test_a_text_to_begin_with_comes_after_what_was_typed(burning, places, marloes, visit):
    typed = {"text": "Wij komen vandaag.", "title": "Een lek", "short": "", "accounts": [places[0].pk], "seen": 0}
    form = visit(marloes).post(f"/fires/{burning.pk}/statement/", typed | {"begin": "incident"}).context["form"]
    assert form["text"].value().startswith("Wij komen vandaag.\n\n{When} there was")
    assert (form["title"].value(), form["accounts"].value()) == ("Een lek", [str(places[0].pk)])
    again = typed | {"text": signing.holding_texts(marloes, burning.language)[0].text, "begin": "rumour"}
    form = visit(marloes).post(f"/fires/{burning.pk}/statement/", again).context["form"]
    assert form["text"].value().startswith("It is being said that")
    assert not Statement.objects.exists()


def test_it_stays_quiet_while_something_else_burns(burning, places, marloes):
    other = actions.open_fire(by=marloes, title=burning.title)
    fires_said.pause_posts(by=marloes, fire=burning, accounts=places)
    fires_said.pause_posts(by=marloes, fire=other, accounts=places[:1])
    actions.end_fire(by=marloes, fire=burning)
    assert Pause.objects.filter(ended_at=None).count() == len(places)
    actions.end_fire(by=marloes, fire=other)
    assert not Pause.objects.filter(ended_at=None).exists()


def test_when_it_burns_again_holding_is_a_step_again(burning, places, marloes):
    fires_said.pause_posts(by=marloes, fire=burning, accounts=places)
    actions.end_fire(by=marloes, fire=burning)
    assert actions.reopen_fire(by=marloes, fire=burning).posts_at is None
    fires_said.pause_posts(by=marloes, fire=burning, accounts=places)
    assert Pause.objects.filter(ended_at=None).count() == len(places)

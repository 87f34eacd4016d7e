"""A fire is opened in one tap; what we know has a source, and nobody alters its log."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from koor.flow.conversations import logic
from koor.flow.conversations.actions import fires as actions
from koor.flow.conversations.actions import fires_log, fires_said, merge
from koor.flow.conversations.actions.changing import follow_changes
from koor.flow.conversations.events import FireOpened
from koor.flow.conversations.models import Conversation, Fire, FireFact, FireLine, FireTask, FireTie
from koor.flow.conversations.queries import fire_room
from koor.flow.conversations.queries import fires as queries
from koor.flow.conversations.receivers import who_has_duty_hears_it
from koor.flow.listening.actions.changing import change_what_is_here
from koor.flow.listening.models import Change, Mention
from koor.ground.people import actions as people
from koor.kernel import clock, personal
from koor.kernel.access import SYSTEM, Forbidden, NotFound, Refused
from koor.kernel.models import AuditEntry, Mail, Push
from koor.kernel.personal import erasing, terms
from koor.kernel.tests.test_push import FCM, device_at

pytestmark = pytest.mark.django_db
ENDED = ("listening.Mention", "conversations.Conversation")


@pytest.fixture
def burning(noon, marloes):
    return actions.open_fire(by=marloes, title="Lek in een school", fact="Er staat water.", source="de conciërge")


def test_the_curator_and_pr_open_it_and_nobody_else(noon, marloes, pieter, bram):
    for person in (marloes, pieter):
        actions.open_fire(by=person, title="Lek")
    with pytest.raises(Forbidden):
        actions.open_fire(by=bram, title="Lek")
    assert Fire.objects.count() == 2


def test_pr_and_who_signs_hear_it_at_once_and_so_do_who_speaks_and_who_has_a_task(
    burning, marloes, pieter, hanna, henk, bram, visit
):
    for number, person in enumerate((marloes, pieter, hanna, henk, bram)):
        device_at(FCM + str(number), person.pk)
    for _time in range(2):
        who_has_duty_hears_it(FireOpened(burning.pk))
    assert {row.device.owner_id for row in Push.objects.all()} == {pieter.pk, hanna.pk}
    assert {(row.title, row.kind) for row in Push.objects.all()} == {("Something burns", "alarm")}
    assert sorted(Mail.objects.values_list("to", flat=True)) == [hanna.email, pieter.email]
    actions.choose_speaker(by=marloes, fire=burning, person=henk)
    actions.add_task(by=marloes, fire=burning, text="Bel de school", person=bram)
    actions.add_task(by=marloes, fire=burning, text="Zelf", person=marloes)
    told = dict(Push.objects.order_by("pk").values_list("device__owner_id", "title")[2:])
    assert told == {
        henk.pk: "Something burns, and you speak for us",
        bram.pk: "Something burns, and there is something for you to do",
    }
    assert "Bel de school" in Mail.objects.get(to=bram.email).text
    assert "Something burns, and you speak for us" in visit(henk).get("/").content.decode()
    captain = visit(hanna).get("/").content.decode()
    assert "Something burns" in captain
    assert 'href="/fires/"' in captain


def test_of_what_burnt_out_before_it_was_told_nobody_is_called(burning, marloes, pieter):
    device_at(FCM, pieter.pk)
    actions.end_fire(by=marloes, fire=burning)
    who_has_duty_hears_it(FireOpened(burning.pk))
    assert not Push.objects.exists()
    assert not Mail.objects.exists()


def test_a_double_click_opens_one(noon, marloes):
    first = actions.open_fire(by=marloes, title="Lek", once="k")
    assert actions.open_fire(by=marloes, title="Lek", once="k") == first
    assert [line.verb for line in FireLine.objects.all()] == ["opened"]


def test_one_tap_from_a_conversation(opened, marloes):
    conversation = opened("Het brandt bij de buren!", minutes=20)
    fire = actions.open_fire_from_conversation(by=marloes, conversation=conversation)
    assert actions.open_fire_from_conversation(by=marloes, conversation=conversation) == fire
    assert (fire.title, FireTie.objects.get().conversation) == ("Het brandt bij de buren!", conversation)
    fact = FireFact.objects.get()
    assert (fact.text, fact.at, fire.alarm_at) == (fire.title, clock.now() - timedelta(minutes=20), fact.at)
    assert str(conversation.pk) in fact.source


def test_one_tap_from_what_was_said_somewhere(said, marloes):
    mention = said("Overal rook.", url="https://social.example/1")
    fire = actions.open_fire_from_mention(by=marloes, mention=mention)
    assert actions.open_fire_from_mention(by=marloes, mention=mention) == fire
    assert FireFact.objects.get().source == mention.source.name


@pytest.mark.parametrize("ended", [False, True])
def test_who_takes_back_what_a_fire_began_with_leaves_no_words_in_it(opened, said, marloes, heard, ended):
    in_talk = actions.open_fire_from_conversation(by=marloes, conversation=opened("Kees liet het gas open!", by="Noor"))
    heard_of = actions.open_fire_from_mention(by=marloes, mention=said("Bij Kees brandt het.", by="Els"))
    named = actions.open_fire_from_mention(by=marloes, mention=said("Kees weer.", by="Jan"))
    actions.rename_fire(by=marloes, fire=named, title="Gaslek")
    actions.add_fact(by=marloes, fire=in_talk, text="De brandweer is er.", source="brandweer")
    goes_on = opened("Nog iets", by="Piet")
    Conversation.objects.filter(pk=goes_on.pk).update(contact=None)
    merge(by=marloes, conversation=goes_on, other=in_talk.conversation)
    if ended:
        for fire in (in_talk, heard_of):
            actions.end_fire(by=marloes, fire=fire)
    Change.objects.bulk_create(
        Change(source=heard, external_id=one, event=one, deleted=True, at=clock.now(), stored_at=clock.now())
        for one in Mention.objects.exclude(author="Piet").values_list("external_id", flat=True)
    )
    change_what_is_here(heard, set(Mention.objects.values_list("external_id", flat=True)))
    follow_changes(by=SYSTEM, change_ids=Change.objects.values_list("pk", flat=True))
    unnamed = "–" if ended else "Something burns"
    assert list(Fire.objects.order_by("pk").values_list("title", flat=True)) == [unnamed, unnamed, "Gaslek"]
    assert list(FireFact.objects.values_list("text", flat=True)) == ["De brandweer is er."]


def test_what_was_said_gives_a_short_name(opened, marloes):
    long = "Sinds vanmorgen hebben wij in de hele straat geen warm water en niemand neemt de telefoon op. Wat nu?"
    fire = actions.open_fire_from_conversation(by=marloes, conversation=opened(long))
    assert fire.title == "Sinds vanmorgen hebben wij in de hele straat geen warm water en…"
    assert FireFact.objects.get().text == long
    stops = "Hoi. De lift staat weer stil. Er zit iemand in en die belt ons nu al een kwartier, niemand komt."
    assert (logic.heading(stops), logic.heading("a" * 200)) == ("Hoi. De lift staat weer stil.", "a" * 63 + "…")


@pytest.mark.parametrize("title", ["", "   ", "\x00"])
def test_it_has_a_name(noon, marloes, title):
    with pytest.raises(Refused) as refused:
        actions.open_fire(by=marloes, title=title)
    assert refused.value.field == "title"


def test_a_fact_has_a_source_and_lies_behind_us(burning, marloes, bram):
    mine = actions.open_fire(
        by=marloes, title="Rook", fact="Er komt rook uit de kelder."
    )  # in a hurry: it is who tells it
    assert FireFact.objects.get(fire=mine).source == marloes.name
    with pytest.raises(Refused) as refused:
        actions.add_fact(by=marloes, fire=burning, text="De stroom is eraf.")
    assert refused.value.field == "source"
    later = clock.now() + timedelta(hours=1)
    with pytest.raises(Refused):
        actions.add_fact(by=marloes, fire=burning, text="De stroom is eraf.", source="Henk", at=later)
    with pytest.raises(Forbidden):
        actions.add_fact(by=bram, fire=burning, text="De stroom is eraf.", source="Henk")
    actions.add_fact(by=marloes, fire=burning, text="Is er iemand gewond?", kind="unknown")
    room = fire_room.room(marloes, burning)
    assert ([fact.text for fact in room.known], len(room.unknown)) == (["Er staat water."], 1)


def test_what_was_not_so_stays_in_the_log(burning, marloes):
    fact = FireFact.objects.get()
    for _time in range(2):
        actions.drop_fact(by=marloes, fact=fact)
    assert fire_room.room(marloes, burning).known == []
    assert FireLine.objects.filter(verb="struck", text="Er staat water.").count() == 1


def test_who_speaks_and_what_to_do(burning, marloes, hanna, bram):
    for _time in range(2):
        actions.choose_speaker(by=marloes, fire=burning, person=hanna)
    task = actions.add_task(by=marloes, fire=burning, text="Bel de school", person=bram)
    with pytest.raises(Forbidden):
        actions.finish_task(by=hanna, task=task)
    for _time in range(2):
        actions.finish_task(by=bram, task=task)
    assert [line.verb for line in FireLine.objects.all()] == ["opened", "fact", "speaker", "task", "task_done"]
    hanna.is_active = False
    hanna.save()
    with pytest.raises(Refused):
        actions.choose_speaker(by=marloes, fire=burning, person=hanna)


def test_who_sees_it(burning, marloes, hanna, bram, henk, rob):
    actions.choose_speaker(by=marloes, fire=burning, person=rob)
    actions.add_task(by=marloes, fire=burning, text="Bel de school", person=bram)
    for person in (marloes, hanna, rob, bram):
        assert queries.fire(person, burning.pk) == burning
    with pytest.raises(NotFound):
        queries.fire(henk, burning.pk)


def test_the_database_refuses_to_alter_the_log(burning):
    line = FireLine.objects.first()
    for change in ({"text": "Iets anders"}, {"name": "Een ander"}, {"at": clock.now()}, {"text": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FireLine.objects.filter(pk=line.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        line.delete()
    with pytest.raises(Exception, match=r"referenced|protected"), transaction.atomic():
        burning.delete()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL koor.emptied = ''; TRUNCATE conversations_fireline")
    assert queries.log_of(burning)[1] is None


def test_a_line_that_was_altered_all_the_same_is_seen(burning):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE conversations_fireline DISABLE TRIGGER line_stays")
        cursor.execute("UPDATE conversations_fireline SET text = 'Iets anders' WHERE number = 2")
        cursor.execute("ALTER TABLE conversations_fireline ENABLE TRIGGER line_stays")
    assert queries.log_of(burning)[1] == 2
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE conversations_fireline")
    assert queries.log_of(burning)[1] == 1  # an empty log is none


def test_words_can_be_erased_and_everybody_sees_that_something_stood_there(burning):
    FireLine.objects.filter(number=2).update(text="", salt="")
    lines, broken = queries.log_of(burning)
    assert (lines[1].text, broken) == ("", None)
    with pytest.raises(IntegrityError), transaction.atomic():
        FireLine.objects.filter(number=2).update(text="Toch iets", salt="x")


def test_every_deed_stands_in_the_log_of_the_house(burning):
    verbs = AuditEntry.objects.filter(verb__startswith="conversations.fire_").values_list("verb", flat=True)
    assert sorted(verbs) == ["conversations.fire_fact", "conversations.fire_opened"]


def test_out_and_learnt(burning, marloes, bram):
    for _time in range(2):
        actions.end_fire(by=marloes, fire=burning)
    with pytest.raises(Refused) as refused:
        actions.keep_learnt(by=marloes, fire=burning, cause="Een koppeling", done="Afgesloten", learnt=" ")
    assert refused.value.field == "learnt"
    actions.keep_learnt(by=marloes, fire=burning, cause="Een koppeling", done="Afgesloten", learnt="Eerst persen.")
    assert [one.learnt for one in queries.learnt(bram)] == ["Eerst persen."]
    actions.reopen_fire(by=marloes, fire=burning)
    assert list(queries.learnt(bram)) == []


def test_from_a_conversation_of_an_exercise_it_is_an_exercise(opened, marloes):
    conversation = opened("Het brandt bij de buren!")
    conversation.purpose = "practice"
    conversation.save()
    assert actions.open_fire_from_conversation(by=marloes, conversation=conversation).practice


def test_the_words_of_somebody_outside_are_no_reason_on_the_calendar(opened, marloes):
    conversation = opened("Jan de Boer staat te schreeuwen")
    fire = actions.open_fire_from_conversation(by=marloes, conversation=conversation)
    assert "Boer" not in fires_said.pause_posts(by=marloes, fire=fire, accounts=[]).paused_as


def test_a_task_in_a_fire_opens_no_conversations(opened, marloes, rob, visit):
    conversation = opened("Het brandt bij de buren!")
    fire = actions.open_fire_from_conversation(by=marloes, conversation=conversation)
    FireTask.objects.create(fire=fire, text="Bel de school", person=rob, made_at=clock.now())
    assert queries.may_read(rob, fire) == set()
    assert queries.may_read(marloes, fire) == {conversation.pk}
    assert visit(rob).get(f"/fires/{fire.pk}/people/").status_code in {200, 404}


def test_an_erased_colleague_is_not_in_the_log_any_more(burning, marloes, hanna):
    actions.choose_speaker(by=marloes, fire=burning, person=hanna)
    fires_log.line(burning, by=hanna, verb="fact", text="Het water is schoon.")
    actions.add_fact(by=marloes, fire=burning, text="De school is dicht.", source="Vitens")
    name = hanna.name
    people.let_go(by=marloes, person=hanna)
    erasing.erase(personal.subject("colleague", hanna.pk))
    lines, broken = queries.log_of(burning)
    assert broken is None
    assert not [line for line in lines if name in f"{line.name} {line.text}"]
    assert [line.name for line in lines if line.who == hanna.pk] == ["–"]
    assert [line.text for line in lines][-3:] == ["", "Het water is schoon.", "De school is dicht."]
    nameless = FireLine.objects.filter(who=hanna.pk)
    for change in ({"text": "Iets anders"}, {"name": name}, {"verb": "ended"}, {"who": marloes.pk}):
        with pytest.raises(IntegrityError), transaction.atomic():
            nameless.update(**change)


def test_what_it_began_with_goes_by_its_term_with_the_words(noon, said, opened, marloes):
    of_mention = actions.open_fire_from_mention(by=marloes, mention=said("Fatma Kaya staat in het water."))
    of_talk = actions.open_fire_from_conversation(by=marloes, conversation=opened("Dit is Fatma Kaya."))
    actions.add_fact(by=marloes, fire=of_talk, text="Er staat water.", source="de conciërge")
    later = clock.now() + timedelta(days=1)
    Conversation.objects.update(state="done")
    gone = {
        one.model: sum(number for number, _seen in terms.end(one, later, []))
        for one in terms.kinds()
        if one.model in ENDED
    }
    assert gone["listening.Mention"] >= 1
    assert gone["conversations.Conversation"] == 1
    assert set(Fire.objects.values_list("title", flat=True)) == {"Something burns"}
    assert [fact.source for fact in FireFact.objects.all()] == ["de conciërge"]
    trail = AuditEntry.objects.filter(target_id__in=[of_mention.pk, of_talk.pk], target_kind="conversations.fire")
    assert not trail.filter(target_name__contains="Fatma").exists()

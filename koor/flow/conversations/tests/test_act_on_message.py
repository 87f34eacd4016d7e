"""Like, mute, block, report and take away: where the platform lets us, once, with its outcome shown."""

from datetime import timedelta

import pytest
from django.urls import reverse

from koor.flow.conversations import actions, queries
from koor.flow.conversations.actions import acting
from koor.flow.conversations.models import Conversation, Deed
from koor.flow.publishing.models import Target
from koor.ground.channels import actions as channels
from koor.ground.channels.contract import Because, Outcome, Verdict
from koor.ground.people.choices import Autonomy
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry, Push
from koor.kernel.tests.test_push import FCM, device_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def live(mastodon, monkeypatch):
    """The Mastodon test server, which the house may call."""
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"{mastodon.host}:{mastodon.port}")
    return mastodon


@pytest.fixture
def service(live, marloes, noon):
    """The account of the house there."""
    return channels.add_account(
        by=SYSTEM,
        connector="mastodon",
        name="Reurslag helpt",
        purpose="service",
        owner=marloes,
        settings={"server": live.url},
        secrets={"access_token": live.token},
    )


@pytest.fixture
def rude(live, opened, marloes):
    """Kees says something; it really stands there."""
    there = live.inject("mention", by="kees", text="@reurslag Prutsers!")["status_id"]
    actions.take(by=marloes, conversation=opened("Prutsers!", by="Kees de Vries", external_id=there))
    return Conversation.objects.get().messages.get()


def done(deed):
    acting.perform(by=SYSTEM, deed_id=deed.pk)
    return Deed.objects.get(pk=deed.pk)


def kees(live):
    return live.world.account("kees").id


def us(live):
    return live.world.account("reurslag")


def test_like_and_undo(rude, live, marloes):
    deed = done(actions.act_on(by=marloes, message=rude, kind="like"))
    status = live.world.statuses[rude.external_id]
    assert (deed.state, status.favourited_by) == ("done", {us(live).id})
    assert actions.act_on(by=marloes, message=rude, kind="like") == deed
    assert done(actions.undo_act(by=marloes, deed=deed)).state == "undone"
    assert not status.favourited_by
    assert actions.act_on(by=marloes, message=rude, kind="like") != deed
    assert AuditEntry.objects.filter(verb="conversations.act_on").count() == 2


@pytest.mark.parametrize(("kind", "those"), [("mute", "muting"), ("block", "blocking")])
def test_mute_and_block_the_writer_and_undo(rude, live, marloes, visit, kind, those):
    """Who answers them no more is offered to be done; an open page hears that it went."""
    page, over = reverse("conversations:inbox_one", args=[rude.conversation_id]), "Done with this conversation"
    assert over not in visit(marloes).get(page).content.decode()
    before = queries.live(marloes, rude.conversation_id).mark
    deed = done(actions.act_on(by=marloes, message=rude, kind=kind))
    assert (deed.state, getattr(us(live), those)) == ("done", {kees(live)})
    assert queries.live(marloes, rude.conversation_id).mark != before
    assert over in visit(marloes).get(page).content.decode()
    assert done(actions.undo_act(by=marloes, deed=deed)).state == "undone"
    assert not getattr(us(live), those)
    assert over not in visit(marloes).get(page).content.decode()


def test_a_report_with_words_is_sent_once(rude, live, marloes):
    deed = done(actions.act_on(by=marloes, message=rude, kind="report", words="Scheldt."))
    assert deed.state == "done"
    [report] = live.world.reports
    assert (report["comment"], report["status_ids"]) == ("Scheldt.", [rude.external_id])
    with pytest.raises(Refused, match="does not let us undo"):
        actions.undo_act(by=marloes, deed=deed)


def test_a_report_whose_answer_never_came_is_not_sent_again(rude, live, marloes):
    live.fault("500", "POST /api/v1/reports", accepted=True, times=1)
    deed = done(actions.act_on(by=marloes, message=rude, kind="report"))
    assert deed.state == "unsure"
    acting.sweep()
    assert done(deed).state == "unsure"
    assert len(live.world.reports) == 1


def test_a_report_that_was_cut_off_is_not_sent_again(visit, rude, live, marloes):
    deed = actions.act_on(by=marloes, message=rude, kind="report")
    Deed.objects.filter(pk=deed.pk).update(tries=1)
    assert done(deed).state == "unsure"
    assert not live.world.reports
    shown = visit(marloes).get(reverse("conversations:inbox_one", args=[rude.conversation_id])).content.decode()
    assert "gave no clear answer" in shown
    assert reverse("conversations:leave_act", args=[deed.pk]) in shown


def test_what_may_be_asked_twice_is_tried_again(rude, live, marloes):
    live.fault("500", "POST /api/v1/statuses/:id/favourite", times=1)
    deed = done(actions.act_on(by=marloes, message=rude, kind="like"))
    assert (deed.state, deed.tries) == ("asked", 1)
    with clock.fixed(clock.now() + timedelta(minutes=5)):
        assert acting.sweep() == 1
        assert done(deed).state == "done"


@pytest.mark.parametrize("kind", ["like", "mute", "block"])
def test_of_what_nobody_knows_whether_it_arrived_it_is_asked_again(visit, rude, live, marloes, kind):
    deed = actions.act_on(by=marloes, message=rude, kind=kind)
    Deed.objects.filter(pk=deed.pk).update(state="unsure", tries=acting.TRIES, wake_at=None, answer="502")
    shown = visit(marloes).get(reverse("conversations:inbox_one", args=[rude.conversation_id])).content.decode()
    assert f'value="{kind}"' in shown
    again = actions.act_on(by=marloes, message=rude, kind=kind)
    assert (again.pk, again.state, again.tries) == (deed.pk, "asked", 0)
    assert done(again).state == "done"
    assert AuditEntry.objects.filter(verb="conversations.act_on").count() == 2


def test_a_report_of_which_nobody_knows_is_not_offered_again(visit, rude, live, marloes):
    deed = actions.act_on(by=marloes, message=rude, kind="report", words="Scheldt.")
    Deed.objects.filter(pk=deed.pk).update(state="unsure", wake_at=None)
    shown = visit(marloes).get(reverse("conversations:inbox_one", args=[rude.conversation_id])).content.decode()
    assert 'value="report"' not in shown
    assert actions.act_on(by=marloes, message=rude, kind="report").state == "unsure"


def test_refused_for_good_is_told(visit, rude, marloes, monkeypatch):
    no = Outcome(Verdict.DEFINITELY_NOT, because=Because.REJECTED, answer="404 Record not found")
    monkeypatch.setattr("koor.connectors.mastodon.act.act", lambda *a: no)
    deed = done(actions.act_on(by=marloes, message=rude, kind="like"))
    assert (deed.state, deed.answer) == ("failed", "404 Record not found")
    browser, page = visit(marloes), reverse("conversations:inbox_one", args=[rude.conversation_id])
    today, why = browser.get("/").content.decode(), "What they wrote is not there any more."
    assert ("“Like” at Kees de Vries did not work" in today, why in today, "Record" in today) == (True, True, False)
    shown, theirs = browser.get(page).content.decode(), 'lang="en">404 Record not found<'
    again, leave = (reverse(f"conversations:{name}", args=[deed.pk]) for name in ("act_again", "leave_act"))
    assert all(part in shown for part in ("Like: did not work", why, theirs, again, leave))
    browser.post(again, {"place": "inbox"})
    assert done(deed).state == "failed"
    assert browser.post(leave, {"place": "inbox"}).status_code == 302
    assert "did not work" not in browser.get("/").content.decode()
    assert leave not in (shown := browser.get(page).content.decode())
    assert again in shown
    assert AuditEntry.objects.filter(verb="conversations.leave_act").count() == 1
    Deed.objects.filter(pk=deed.pk).update(state="asked", wake_at=clock.now(), asked_by=None)  # whose traces are gone
    assert done(deed).state == "failed"


def test_who_asked_reads_that_it_did_not_work_whoever_looks_first(visit, rude, live, marloes, pieter, monkeypatch):
    deed = done(actions.act_on(by=marloes, message=rude, kind="block"))
    device_at(FCM, pieter.pk)
    with monkeypatch.context() as away:
        away.setattr("koor.connectors.mastodon.act.undo", lambda *a: Outcome(Verdict.UNKNOWN, answer="502"))
        for hours in (1, 2):
            with clock.fixed(clock.now() + timedelta(hours=hours)):
                deed = actions.undo_act(by=pieter, deed=deed)
                Deed.objects.filter(pk=deed.pk).update(tries=acting.TRIES)
                deed = done(deed)
    assert (deed.state, deed.by, deed.asked_by) == ("unsure", marloes, pieter)
    assert Push.objects.filter(key__startswith=f"deed:{deed.pk}:").count() == 2
    page, leave = (reverse("conversations:inbox_one", args=[rude.conversation_id]),
                   reverse("conversations:leave_act", args=[deed.pk]))  # fmt: skip
    assert leave not in (hers := visit(marloes).get(page).content.decode())
    assert "nobody knows whether it was undone" in hers
    assert visit(marloes).post(leave).status_code == 403
    assert "Undoing “Block this person” at Kees de Vries did not work" in visit(pieter).get("/").content.decode()
    assert leave in visit(pieter).get(page).content.decode()
    visit(pieter).post(reverse("conversations:act_again", args=[deed.pk]))
    assert done(deed).state == "undone"
    assert not us(live).blocking


def test_what_could_not_be_undone_is_told_too(visit, rude, live, marloes, monkeypatch):
    deed = done(actions.act_on(by=marloes, message=rude, kind="like"))
    no = Outcome(Verdict.DEFINITELY_NOT, because=Because.AUTH)
    monkeypatch.setattr("koor.connectors.mastodon.act.undo", lambda *a: no)
    assert done(actions.undo_act(by=marloes, deed=deed)).state == "done"
    browser, page = visit(marloes), reverse("conversations:inbox_one", args=[rude.conversation_id])
    assert "Undoing “Like” at Kees de Vries did not work" in browser.get("/").content.decode()
    assert "no longer lets this account in" in browser.get(page).content.decode()


def test_not_what_the_platform_cannot(rude, marloes):
    with pytest.raises(Refused, match="does not let us do that"):
        actions.act_on(by=marloes, message=rude, kind="delete")
    with pytest.raises(Refused, match="does not let us do that"):
        actions.act_on(by=marloes, message=rude, kind="nonsense")


def test_not_of_somebody_elses_conversation_nor_while_practising(rude, henk, marloes):
    with pytest.raises(Forbidden):
        actions.act_on(by=henk, message=rude, kind="like")
    marloes.autonomy = Autonomy.PRACTISE
    marloes.save()
    with pytest.raises(Forbidden):
        actions.act_on(by=marloes, message=rude, kind="like")


def test_practised_on_paper(opened, service, marloes):
    service.connector, service.purpose = "paper", "practice"
    service.save()
    one = actions.take(by=marloes, conversation=opened(external_id="paper-1"))
    deed = done(actions.act_on(by=marloes, message=one.messages.get(), kind="delete"))
    assert deed.state == "done"


def test_on_the_page(visit, rude, live, marloes):
    browser = visit(marloes)
    page = reverse("conversations:inbox_one", args=[rude.conversation_id])
    act = reverse("conversations:act", args=[rude.pk])
    shown = browser.get(page).content.decode()
    assert act in shown
    assert 'value="delete"' not in shown
    sure = browser.post(act, {"kind": "report", "place": "inbox"})["Location"]
    assert "can't be undone" in browser.get(sure).content.decode()
    browser.post(act, {"kind": "report", "sure": "1", "place": "inbox", "words": "Scheldt."})
    assert Deed.objects.get().words == "Scheldt."
    assert browser.post(act, {"kind": "block", "place": "inbox"})["Location"].startswith(page)
    done(Deed.objects.get(kind="block"))
    shown = browser.get(page).content.decode()
    undo = reverse("conversations:undo_act", args=[Deed.objects.get(kind="block").pk])
    assert "blocked by Marloes" in shown
    assert undo in shown
    browser.post(undo, {"place": "inbox"})
    assert Deed.objects.get(kind="block").state == "undoing"


def test_nothing_where_koor_does_not_know_where_it_stands(visit, opened, imported, marloes):
    one = actions.take(by=marloes, conversation=opened(source=imported, kind="review"))
    page = visit(marloes).get(reverse("conversations:inbox_one", args=[one.pk])).content.decode()
    assert "/do/" not in page
    sure = reverse("conversations:act_sure", args=[one.messages.get().pk, "report"])
    assert visit(marloes).get(sure).status_code == 404


def test_an_answer_of_ours_is_taken_away(visit, rude, live, marloes):
    message = actions.answer(by=marloes, conversation=rude.conversation, text="Pardon?")
    row = Target.objects.filter(pk=message.target_id)
    row.update(state="published", remote_id="123", published_at=clock.now(), wake_at=None)
    browser = visit(marloes)
    page = reverse("conversations:inbox_one", args=[rude.conversation_id])
    take = reverse("conversations:take_away", args=[message.pk])
    assert take in browser.get(page).content.decode()
    assert "Pardon?" in browser.get(take).content.decode()
    assert browser.post(take, {"place": "inbox"})["Location"].startswith(page)
    removal = Target.objects.get(pk=message.target_id).removal
    assert removal.state == "asked"
    assert "is being taken away" in (asked := browser.get(page).content.decode())
    assert take not in asked
    type(removal).objects.update(state="person", wake_at=None)
    assert "a colleague is asked to" in browser.get(page).content.decode()
    assert browser.get(reverse("conversations:take_away", args=[rude.pk])).status_code == 404


def test_what_nobody_can_do_is_refused_in_words(rude, marloes):
    with pytest.raises(Refused) as long:
        actions.act_on(by=marloes, message=rude, kind="report", words="x" * 1001)
    type(rude).objects.filter(pk=rude.pk).update(external_id="")
    with pytest.raises(Refused) as lost:
        actions.act_on(by=marloes, message=rude, kind="like")
    assert (long.value.code, lost.value.code) == ("too_long", "nowhere")
    assert not Deed.objects.exists()


def test_of_what_broke_nobody_knows_whether_it_arrived(rude, marloes, monkeypatch):
    def broken(*_all):
        raise KeyError("id")

    deed = actions.act_on(by=marloes, message=rude, kind="report")
    monkeypatch.setattr("koor.connectors.mastodon.act.act", broken)
    assert actions.undo_act(by=marloes, deed=like_of(rude, marloes)).state == "asked", "not done yet: nothing to undo"
    acting.perform(by=SYSTEM, deed_id=deed.pk)
    deed.refresh_from_db()
    assert (deed.answer, deed.state == "done") == ("KeyError", False)


def like_of(message, by):
    return actions.act_on(by=by, message=message, kind="like")

"""Answers that Koor sends itself: by the ledger of publishing, on the account that was written to."""

from datetime import timedelta

import pytest
from django.urls import reverse

from koor.flow.conversations import actions
from koor.flow.conversations.models import Message
from koor.flow.publishing import actions as publishing
from koor.flow.publishing.models import Post, Target
from koor.ground.channels.models import Account
from koor.ground.people.choices import Autonomy
from koor.kernel.access import SYSTEM, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def hers(opened, knows, henk):
    knows(henk, direct_line=True)
    return opened(external_id="status-9")


def put(message, state="published", **fields):
    """As the ledger would leave it: what is over wakes no more."""
    awake = state in {"waiting", "unknown"}
    Target.objects.filter(pk=message.target_id).update(
        state=state,
        key=f"k{message.pk}",
        wake_at=message.at if awake else None,
        published_at=message.at,
        last_sent_at=message.at,
        **fields,
    )


def test_goes_by_the_ledger_as_a_reply(hers, henk, service):
    message = actions.answer(by=henk, conversation=hers, text="Dag Fatma, ik kom maandag.")
    target = message.target
    assert (message.delivery, message.account, target.account) == ("ledger", service, service)
    assert (target.post.in_reply_to, target.post.by, target.text) == ("status-9", henk, "Dag Fatma, ik kom maandag.")
    assert target.due_at is not None
    hers.refresh_from_db()
    assert (hers.waiting_since, message.waited) == (None, timedelta(minutes=12))


def test_what_the_platform_asks_for_an_answer_stands_beside_it(hers, marloes, service, visit):
    at = reverse("conversations:inbox_one", args=[hers.pk])
    assert "charges" not in visit(marloes).get(at).content.decode()
    Account.objects.filter(pk=service.pk).update(connector="x")
    assert "X charges $0.015 for an answer, and $0.20 with a link in it." in visit(marloes).get(at).content.decode()


def test_a_double_click_makes_one_post(hers, henk):
    for _ in range(2):
        actions.answer(by=henk, conversation=hers, text="Ik kom maandag.", once="klik")
    assert Post.objects.count() == 1


def test_a_collision_sends_nothing(hers, henk, marloes):
    seen = hers.messages.get().pk
    actions.answer(by=marloes, conversation=hers, text="Henk komt maandag.", last_message=seen)
    with pytest.raises(Refused):
        actions.answer(by=henk, conversation=hers, text="Ik kom maandag.", last_message=seen)
    assert Post.objects.count() == 1


def test_the_state_stands_in_words_at_the_bubble(hers, henk, visit):
    message = actions.answer(by=henk, conversation=hers, text="Ik kom maandag.")
    browser, address = visit(henk), reverse("conversations:talk_one", args=[hers.pk])
    for state, words in (
        ("published", "is up"),
        ("unknown", "unknown whether it arrived; Koor looks"),
        ("rejected", "refused by the platform; it did not go"),
        ("waiting", "did not go yet; Koor tries again"),
    ):
        put(message, state)
        assert words in browser.get(address).content.decode()


def test_a_call_that_was_noted_takes_no_road_away(hers, henk, visit):
    noted = {"channel": "telephone", "direction": "in", "text": "Ze belde: het tikt nog."}
    actions.tell_by_hand(by=henk, contact=hers.contact, **noted)
    page = visit(henk).get(reverse("conversations:talk_one", args=[hers.pk])).content.decode()
    assert "on Reurslag helpt" in page
    message = actions.answer(by=henk, conversation=hers, text="Ik kom maandag.")
    assert (message.delivery, message.channel) == ("ledger", "mastodon")


def test_what_never_went_waits_again(hers, henk):
    message = actions.answer(by=henk, conversation=hers, text="Ik kom maandag.")
    put(message, "needs_person")
    actions.wait_again(by=SYSTEM, target_id=message.target_id)
    hers.refresh_from_db()
    assert hers.waiting_since is None
    put(message, "rejected")
    for _ in range(2):
        actions.wait_again(by=SYSTEM, target_id=message.target_id)
    hers.refresh_from_db()
    message.refresh_from_db()
    assert message.failed
    assert hers.waiting_since is not None


def test_a_buddy_reads_it_first_and_the_other_waits_until_then(hers, henk, bram):
    henk.autonomy, henk.buddy = Autonomy.BUDDY, bram
    henk.save()
    message = actions.answer(by=henk, conversation=hers, text="Ik kom maandag.")
    hers.refresh_from_db()
    assert message.delivery == "buddy"
    assert hers.waiting_since is not None
    publishing.approve_post(by=bram, post=message.target.post)
    for _ in range(2):
        actions.mark_released(by=SYSTEM, post_id=message.target.post_id)
    hers.refresh_from_db()
    message.refresh_from_db()
    assert (message.delivery, hers.waiting_since) == ("ledger", None)


def test_on_somebody_elses_own_account_it_goes_by_hand(hers, henk, rob, service, marloes):
    service.owner, service.personal = rob, True
    service.save()
    assert actions.answer(by=henk, conversation=hers, text="Ik kom maandag.").delivery == "by_hand"


@pytest.mark.parametrize(("connector", "delivery"), [("paper", "ledger"), ("by_hand", "by_hand"), ("gone", "by_hand")])
def test_by_which_road(hers, henk, service, connector, delivery):
    service.connector = connector
    service.save()
    assert actions.answer(by=henk, conversation=hers, text="Ik kom maandag.").delivery == delivery


def test_a_reply_to_a_colleagues_post_is_theirs_and_shows_it(opened, bram, service, visit):
    target = publishing.record_past_post(
        by=SYSTEM, maker=bram, account=service, text="Twaalf groepen", published_at=service.made_at, remote_id="p1"
    )
    conversation = opened("Wat mooi", by="Karin Olthof", in_reply_to=target.remote_id)
    assert (conversation.assignee, conversation.ground) == (bram, "author")
    opened("Wat kost dat?", by="Karin Olthof", in_reply_to=target.remote_id, minutes=2)
    page = visit(bram).get(reverse("conversations:talk_one", args=[conversation.pk])).content.decode()
    assert page.count("About our post") == 1  # above the first of both
    assert reverse("publishing:post", args=[target.post_id]) in page
    assert "Twaalf groepen" in page


def test_a_reply_to_our_answer_goes_on_in_that_conversation(hers, henk, opened):
    message = actions.answer(by=henk, conversation=hers, text="Ik kom maandag.")
    put(message, remote_id="ours-1")
    actions.finish(by=henk, conversation=hers)
    again = opened("Fijn", in_reply_to="ours-1")
    assert again.pk == hers.pk
    assert Message.objects.count() == 3

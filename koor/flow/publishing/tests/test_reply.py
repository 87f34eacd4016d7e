"""Answers go by the same ledger as any post."""

from collections.abc import Callable
from datetime import datetime

import pytest

from koor.flow.publishing import actions
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.tests.conftest import again
from koor.ground.channels.models import Account
from koor.ground.people.choices import Autonomy
from koor.ground.people.models import Person
from koor.kernel.access import Forbidden, Refused
from tests.mastodon_server import MastodonServer


@pytest.fixture
def question(mastodon: MastodonServer) -> str:
    """Els asks something; the number of her post."""
    return mastodon.inject("mention", text="@reurslag Maakt zo'n pomp lawaai?")["status_id"]


def test_an_answer_is_posted_under_what_it_answers(
    on_mastodon: Account, anneke: Person, question: str, mastodon: MastodonServer
) -> None:
    target = actions.reply(by=anneke, account=on_mastodon, text="Minder dan je koelkast.", in_reply_to=question)
    assert (target.state, target.post.in_reply_to, target.post.stage) == ("scheduled", question, "released")
    deliver(target.pk)
    after = again(target)
    assert after.state == "published"
    assert mastodon.world.statuses[after.remote_id].in_reply_to == question


def test_the_same_answer_twice_is_one(on_mastodon: Account, anneke: Person, question: str) -> None:
    one = actions.reply(by=anneke, account=on_mastodon, text="Nee.", in_reply_to=question, once="k")
    assert actions.reply(by=anneke, account=on_mastodon, text="Nee.", in_reply_to=question, once="k") == one


def test_with_a_buddy_it_is_read_first(
    on_mastodon: Account, person: Callable[..., Person], question: str, marloes: Person
) -> None:
    jelle = person("Jelle", "helper", autonomy=Autonomy.BUDDY)
    target = actions.reply(by=jelle, account=on_mastodon, text="Nee hoor.", in_reply_to=question)
    assert (target.post.stage, target.due_at) == ("with_buddy", None)
    actions.approve_post(by=marloes, post=target.post)
    deliver(target.pk)
    assert again(target).state == "published"


def test_who_practises_answers_nobody_outside(
    on_mastodon: Account, person: Callable[..., Person], question: str
) -> None:
    jelle = person("Jelle", "helper", autonomy=Autonomy.PRACTISE)
    with pytest.raises(Refused) as refused:
        actions.reply(by=jelle, account=on_mastodon, text="Nee hoor.", in_reply_to=question)
    assert refused.value.code == "practise"


def test_practising_an_answer(stage: Account, person: Callable[..., Person]) -> None:
    jelle = person("Jelle", "helper", autonomy=Autonomy.PRACTISE)
    target = actions.reply(by=jelle, account=stage, text="Nee hoor.", in_reply_to="paper-1")
    deliver(target.pk)
    assert (again(target).state, again(target).post.practice) == ("published", True)


def test_an_empty_answer(on_mastodon: Account, anneke: Person) -> None:
    with pytest.raises(Refused) as refused:
        actions.reply(by=anneke, account=on_mastodon, text=" ", in_reply_to="1")
    assert refused.value.code == "empty"


def test_an_answer_that_is_too_long(on_mastodon: Account, anneke: Person) -> None:
    with pytest.raises(Refused) as refused:
        actions.reply(by=anneke, account=on_mastodon, text="x" * 501, in_reply_to="1")
    assert refused.value.code == "limits"


def test_where_nobody_can_be_answered(news: Account, anneke: Person) -> None:
    with pytest.raises(Refused) as refused:
        actions.reply(by=anneke, account=news, text="Nee.", in_reply_to="1")
    assert refused.value.code == "no_replies"


def test_who_may_not_answer_there(by_hand: Account, anneke: Person) -> None:
    with pytest.raises(Forbidden):
        actions.reply(by=anneke, account=by_hand, text="Nee.", in_reply_to="1")


def test_an_answer_takes_no_place_in_the_calendar(
    noon: datetime, on_mastodon: Account, anneke: Person, question: str
) -> None:
    assert actions.reply(by=anneke, account=on_mastodon, text="Nee.", in_reply_to=question).post.slot is None

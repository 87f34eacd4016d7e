"""Nobody speaks in somebody else's name: the owner of an account says yes to what was written for it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from koor.flow.publishing import actions
from koor.flow.publishing.models import Post
from koor.flow.publishing.queries import lists
from koor.flow.publishing.tests.conftest import row
from koor.ground.channels import actions as channels
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, Refused

Write = Callable[..., Post]


@pytest.fixture
def of_hanna(account: Callable[..., Account], hanna: Person, marloes: Person) -> Account:
    """The captain's own account, for which the curator may draft."""
    made = account("Hanna", "newsroom", owner=hanna)
    Account.objects.filter(pk=made.pk).update(personal=True)
    made.refresh_from_db()
    channels.set_member(by=SYSTEM, account=made, person=marloes, may=["see", "draft"])
    return made


@pytest.fixture
def post(noon: datetime, write: Write, marloes: Person, of_hanna: Account, news: Account) -> Post:
    return actions.let_go(by=marloes, post=write("Een school vroeg ons.", of_hanna, news, by=marloes))


def test_the_row_of_the_owner_waits_and_the_other_goes(post: Post, of_hanna: Account, news: Account) -> None:
    waits, goes = row(post, of_hanna), row(post, news)
    assert (waits.due_at, waits.because, waits.wake_at) == (None, "owner", None)
    assert goes.due_at is not None


def test_the_owner_says_yes(post: Post, hanna: Person, of_hanna: Account, noon: datetime) -> None:
    agreed = actions.agree(by=hanna, target=row(post, of_hanna))
    assert (agreed.agreed_by, agreed.due_at, agreed.because) == (hanna, noon, "")
    assert actions.agree(by=hanna, target=agreed).agreed_at == agreed.agreed_at


def test_in_her_own_words(post: Post, hanna: Person, of_hanna: Account, news: Account) -> None:
    agreed = actions.agree(by=hanna, target=row(post, of_hanna), text="Daar ben ik stil van.")
    assert (agreed.text, agreed.revision) == ("Daar ben ik stil van.", 2)
    assert row(post, news).text == "Een school vroeg ons."


def test_nobody_else_says_yes_for_her(post: Post, marloes: Person, rob: Person, of_hanna: Account) -> None:
    for other in (marloes, rob):
        with pytest.raises(Forbidden):
            actions.agree(by=other, target=row(post, of_hanna))


def test_other_words_afterwards_are_asked_again(post: Post, hanna: Person, marloes: Person, of_hanna: Account) -> None:
    actions.agree(by=hanna, target=row(post, of_hanna))
    actions.edit_post(by=marloes, post=post, texts={of_hanna.pk: "Ik ben de beste directeur van het oosten."})
    after = row(post, of_hanna)
    assert (after.agreed_at, after.due_at, after.because) == (None, None, "owner")


def test_words_that_do_not_fit_are_refused(post: Post, hanna: Person, of_hanna: Account) -> None:
    with pytest.raises(Refused):
        actions.agree(by=hanna, target=row(post, of_hanna), text="x" * 20_001)
    assert row(post, of_hanna).agreed_at is None


def test_a_yes_that_comes_too_late_is_no_dead_end(
    noon: datetime, write: Write, marloes: Person, hanna: Person, of_hanna: Account, visit: Callable[..., Client]
) -> None:
    planned = write("Een school.", of_hanna, by=marloes, due_local=datetime(2026, 11, 25, 9))
    post = actions.let_go(by=marloes, post=planned)
    assert list(lists.failed_of(marloes)) == []
    with clock.fixed(noon + timedelta(days=4)):
        for who in (hanna, marloes):
            page = visit(who).get(f"/posts/{post.pk}/").content.decode()
            assert all(f"/{act}/" in page for act in ("move", "cancel")), who
        with pytest.raises(Refused):
            actions.agree(by=hanna, target=row(post))
        assert list(lists.failed_of(marloes)) == [row(post)]
        assert "Hanna did not say yes before its moment" in visit(marloes).get("/").content.decode()
        actions.reschedule(by=hanna, target=row(post), due_local=datetime(2026, 11, 30, 9))
        actions.cancel_target(by=marloes, target=row(post))
        page = visit(hanna).get(f"/posts/{post.pk}/").content.decode()
        assert ("/agree/" in page, "/move/" in page) == (False, True)
        with pytest.raises(Refused, match="cancelled"):
            actions.agree(by=hanna, target=row(post))
        actions.reschedule(by=hanna, target=row(post), due_local=datetime(2026, 11, 30, 9))
        assert (row(post).state, row(post).because) == ("scheduled", "owner")
        assert actions.agree(by=hanna, target=row(post)).due_at == datetime(2026, 11, 30, 8, tzinfo=UTC)
        assert list(lists.failed_of(marloes)) == []


def test_the_yes_is_to_what_was_read_and_own_words_survive_a_refusal(
    post: Post, hanna: Person, marloes: Person, of_hanna: Account, visit: Callable[..., Client]
) -> None:
    def shown(page: str) -> tuple[str, str]:
        version, box = (
            re.search(r'name="version" value="([\w-]+)"', page),
            re.search(r"<textarea id=[^>]*>([^<]*)", page),
        )
        assert version
        assert box
        return version[1], box[1]

    hers, where = visit(hanna), f"/posts/rows/{row(post, of_hanna).pk}/agree/"
    seen, words = shown(hers.get(f"/posts/{post.pk}/").content.decode())
    actions.edit_post(by=marloes, post=post, texts={of_hanna.pk: "Ik ben de beste directeur van het oosten."})
    for typed, stands in ((words, "Ik ben de beste directeur van het oosten."), ("Dank.\r\n\r\nH.", "Dank.\n\nH.")):
        answer = hers.post(where, {"text": typed, "version": seen})
        assert answer.status_code == 409
        now, box = shown(answer.content.decode())
        assert (box, row(post, of_hanna).agreed_at) == (stands, None)
    assert hers.post(where, {"text": "x" * 20_001, "version": now}).status_code == 409
    assert row(post, of_hanna).agreed_at is None, "words that can't be kept are no yes to those of another"
    for _double_click in range(2):
        assert hers.post(where, {"text": "Dank.", "version": now}).status_code == 302
    assert row(post, of_hanna).text == "Dank."
    assert "has its yes already" in hers.post(where, {"text": "Nog eens anders.", "version": now}).content.decode()

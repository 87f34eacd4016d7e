"""Somebody takes back their yes: every live copy goes, by itself where Koor can, else by a person."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from koor.flow.hub import actions as hub
from koor.flow.hub.events import CaptureRestored, ConsentRecorded
from koor.flow.hub.logic import Photo
from koor.flow.hub.models import Item, Medium, Portrayed
from koor.flow.publishing import actions
from koor.flow.publishing.actions import remove
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.events import TargetPublished
from koor.flow.publishing.models import Post, Target
from koor.flow.publishing.queries import lists
from koor.flow.publishing.queries.standing import standing_of
from koor.flow.publishing.receivers import let_it_stand, look_again, take_away
from koor.flow.publishing.tests.conftest import again
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import Forbidden, Refused
from koor.kernel.models import AuditEntry
from tests.mastodon_server import MastodonServer

Released = Callable[..., Target]


@pytest.fixture
def els(bram: Person, noon: datetime) -> Portrayed:
    """Els stands in a picture, and said yes."""
    item = Item.objects.create(kind="text", title="A new boiler", text="x", by=bram, made_at=noon)
    return hub.add_portrayed(by=bram, item=item, name="Els", agrees="yes")


def says_no(els: Portrayed, bram: Person) -> None:
    hub.record_consent(by=bram, portrayed=els, agrees="no")


def test_in_the_house_it_is_gone_at_once(released: Released, news: Account, bram: Person, els: Portrayed) -> None:
    target = released("Frisse lucht.", news, item=els.item)
    deliver(target.pk)
    assert again(target).state == "published"
    assert lists.going_away(els) == []
    says_no(els, bram)
    els.refresh_from_db()
    assert lists.going_away(els) == [target]  # listed at once, before anybody was asked
    take_away(ConsentRecorded(els.pk))
    assert again(target).removed_at is not None
    assert lists.going_away(els) == []
    assert [(one.because, one.state) for one in lists.copies_of(els)] == [("consent", "done")]


def test_what_its_maker_takes_back_goes_too_and_can_be_erased(
    released: Released, news: Account, by_hand: Account, bram: Person, rob: Person, noon: datetime, visit: Any
) -> None:
    capture = hub.capture(by=bram, photos=[Photo("a.jpg", b"a")], sentence="A new boiler")
    item = Item.objects.create(kind="photo", title="A new boiler", by=bram, made_at=noon, capture=capture, used_at=noon)
    picture = capture.media.get()
    Medium.objects.filter(pk=picture.pk).update(item=item, alt="A boiler")
    picture.refresh_from_db()
    target = released("Frisse lucht.", news, by_hand, by=rob, item=item, media=[picture])
    rows = [target.post.targets.get(account=one) for one in (news, by_hand)]
    Target.objects.filter(pk=rows[0].pk).update(remote_id="1")
    Target.objects.filter(post=target.post).update(state="published", wake_at=None, published_at=noon)
    assert remove.follow_withdrawn(capture.pk) == 0
    said = visit(bram).post(f"/capture/{capture.pk}/withdraw/", follow=True).content.decode()
    assert "Newsroom" in said
    assert remove.follow_withdrawn(capture.pk) == 2
    assert remove.follow_withdrawn(capture.pk) == 0
    assert again(rows[0]).removed_at is not None
    assert [one.because for one in remove.Removal.objects.all()] == ["withdrawn", "withdrawn"]
    said = visit(bram).post(f"/capture/{capture.pk}/restore/", follow=True).content.decode()
    assert "What was taken away elsewhere does not come back" in said
    for left in (1, 0):
        let_it_stand(CaptureRestored(capture.pk))
        assert (len(lists.asked_to_remove(rob).rows()), remove.Removal.objects.count()) == (0, 1), left
    hub.withdraw_capture(by=bram, capture=capture)
    assert remove.follow_withdrawn(capture.pk) == 1
    let_it_stand(CaptureRestored(capture.pk))  # of before, heard late
    assert len(lists.asked_to_remove(rob).rows()) == 1
    with clock.fixed(noon + timedelta(days=8)):
        assert remove.let_go_of_withdrawn() == 0  # one may still be up
        actions.tell_removed(by=rows[1].account.owner, target=again(rows[1]))
        assert remove.let_go_of_withdrawn() == 1
        assert hub.erase_withdrawn(by=remove.SYSTEM) == 1
    assert lists.taken_back(capture) == ([], [])


def test_what_was_planned_with_it_does_not_go_without_it_unasked(
    write: Callable[..., Post], released: Released, news: Account, bram: Person, rob: Person, noon: datetime,
    visit: Any, before_held: Any,
) -> None:  # fmt: skip
    capture = hub.capture(by=bram, photos=[Photo("a.jpg", b"a")], sentence="A new boiler")
    item = Item.objects.create(kind="photo", title="A new boiler", by=bram, made_at=noon, capture=capture)
    Medium.objects.filter(capture=capture).update(item=item, alt="A boiler")
    shows = {"by": rob, "item": item, "media": [capture.media.get()], "due_local": datetime(2026, 12, 15, 9)}
    planned, draft = released("Kijk eens.", news, **shows), write("Nog niet.", news, **shows)
    hub.withdraw_capture(by=bram, capture=capture)
    row = Target.objects.filter(pk=planned.pk)
    woken = again(planned).wake_at
    row.update(state="needs_person", because="unsure", wake_at=None)
    with clock.fixed(noon + timedelta(days=8)):
        assert remove.let_go_of_withdrawn() == 1  # the draft; of the other nobody knows whether it is up
        row.update(state="scheduled", because="", wake_at=woken)
        with before_held(Post, lambda: row.update(state="published", wake_at=None, published_at=noon)):
            assert remove.let_go_of_withdrawn() == 0  # it came up in that moment
        row.update(state="scheduled", wake_at=woken, published_at=None)
        assert remove.let_go_of_withdrawn() == 1
        hub.erase_withdrawn(by=remove.SYSTEM)
    after = again(planned)
    assert (after.state, after.because, draft.targets.get().state) == ("needs_person", "consent", "scheduled")
    assert "taken back by who showed it" in visit(rob).get(f"/posts/{planned.post_id}/").content.decode()
    assert AuditEntry.objects.filter(verb="publishing.let_go_of_withdrawn").count() == 2


def test_on_a_platform_within_minutes_and_until_it_is_gone(
    released: Released, on_mastodon: Account, mastodon: MastodonServer, bram: Person, els: Portrayed
) -> None:
    target = released("Frisse lucht.", on_mastodon, item=els.item)
    deliver(target.pk)
    assert mastodon.copies("Frisse lucht.") == 1
    says_no(els, bram)
    assert remove.follow_consent(els.pk) == 1
    assert remove.follow_consent(els.pk) == 0
    mastodon.fault("503", route="DELETE /api/v1/statuses/:id", accepted=False)
    remove.ask_platform(by=remove.SYSTEM, target_id=target.pk)
    waits = remove.Removal.objects.get(target=target)
    assert (waits.state, waits.tries) == ("asked", 1)
    assert waits.wake_at is not None
    assert timedelta(0) < waits.wake_at - clock.now() <= remove.PATIENCE
    with clock.fixed(waits.wake_at):
        assert remove.sweep_removals() == 1
        remove.ask_platform(by=remove.SYSTEM, target_id=target.pk)
    assert mastodon.copies("Frisse lucht.") == 0
    assert again(target).removed_at is not None


def test_a_platform_that_no_longer_lets_us_in_leaves_it_to_a_person(
    released: Released, on_mastodon: Account, mastodon: MastodonServer, bram: Person, marloes: Person, els: Portrayed
) -> None:
    target = released("Frisse lucht.", on_mastodon, item=els.item)
    deliver(target.pk)
    says_no(els, bram)
    remove.follow_consent(els.pk)
    mastodon.fault("401", route="DELETE /api/v1/statuses/:id", accepted=False)
    remove.ask_platform(by=remove.SYSTEM, target_id=target.pk)
    assert remove.Removal.objects.get(target=target).state == "person"
    assert lists.asked_to_remove(marloes).rows() == lists.asked_to_remove(bram).rows() == [target]


def test_where_koor_cannot_a_person_does_and_says_so(
    released: Released, by_hand: Account, bram: Person, rob: Person, henk: Person, els: Portrayed
) -> None:
    target = released("Frisse lucht.", by_hand, by=rob, item=els.item)
    deliver(target.pk)
    actions.link_target(by=rob, target=again(target))
    says_no(els, bram)
    remove.follow_consent(els.pk)
    assert lists.asked_to_remove(rob).rows() == [target]
    assert lists.asked_to_remove(henk).rows() == []
    with pytest.raises(Forbidden):
        actions.tell_removed(by=henk, target=again(target))
    done = actions.tell_removed(by=rob, target=again(target))
    assert actions.tell_removed(by=rob, target=again(target)).removed_at == done.removed_at
    assert lists.asked_to_remove(rob).rows() == []


def test_nobody_is_asked_to_post_it_by_hand_any_more(
    noon: datetime, released: Released, by_hand: Account, bram: Person, rob: Person, els: Portrayed
) -> None:
    ready = released("Frisse lucht.", by_hand, by=rob, item=els.item)
    deliver(ready.pk)
    later = released("Morgen.", by_hand, by=rob, item=els.item, due_local=datetime(2026, 11, 25, 9))
    assert again(ready).because == "by_hand"
    says_no(els, bram)
    take_away(ConsentRecorded(els.pk))
    with clock.fixed(noon + timedelta(days=1)):
        deliver(later.pk)
    assert [(again(one).state, again(one).because) for one in (ready, later)] == [("needs_person", "consent")] * 2
    assert "tell" in standing_of(rob, again(ready)).acts  # Rob posted it just before he heard
    done = actions.link_target(by=rob, target=again(ready), url="https://www.linkedin.com/feed/update/7")
    look_again(TargetPublished(ready.pk))
    assert (done.state, lists.asked_to_remove(rob).rows()) == ("published", [ready])


def test_what_stays_allowed_stays_up(
    released: Released, news: Account, on_mastodon: Account, bram: Person, els: Portrayed
) -> None:
    target = released("Frisse lucht.", news, item=els.item)
    deliver(target.pk)
    hub.record_consent(by=bram, portrayed=els, agrees="yes", places=["house"])
    assert remove.follow_consent(els.pk) == 0
    hub.record_consent(by=bram, portrayed=els, agrees="yes", places=["social"])
    assert remove.follow_consent(els.pk) == 1


def test_a_yes_for_the_newsroom_does_not_go_to_a_platform(
    write: Callable[..., object], news: Account, on_mastodon: Account, bram: Person, els: Portrayed
) -> None:
    hub.record_consent(by=bram, portrayed=els, agrees="yes", places=["house"])
    post = write("Frisse lucht.", news, on_mastodon, item=els.item)
    with pytest.raises(Refused, match="not for this place"):
        actions.let_go(by=bram, post=post)  # type: ignore[arg-type]


def test_what_comes_up_too_late_goes_again(released: Released, news: Account, bram: Person, els: Portrayed) -> None:
    target = released("Frisse lucht.", news, item=els.item)
    deliver(target.pk)
    Portrayed.objects.filter(pk=els.pk).update(agrees="no")  # between the claim and the answer of the platform
    look_again(TargetPublished(target.pk))
    assert again(target).removed_at is not None


def test_nobody_says_that_it_is_gone_before_somebody_asked(released: Released, news: Account, bram: Person) -> None:
    target = released("Frisse lucht.", news)
    deliver(target.pk)
    with pytest.raises(Refused) as refused:
        actions.tell_removed(by=bram, target=again(target))
    assert refused.value.code == "not_asked"


def test_nothing_is_asked_before_its_moment_nor_for_what_is_not_there(
    released: Released, on_mastodon: Account, mastodon: MastodonServer, bram: Person, els: Portrayed, noon: datetime
) -> None:
    target = released("Frisse lucht.", on_mastodon, item=els.item)
    deliver(target.pk)
    says_no(els, bram)
    remove.follow_consent(els.pk)
    with clock.fixed(noon - timedelta(minutes=1)):
        remove.ask_platform(by=remove.SYSTEM, target_id=target.pk)
    remove.ask_platform(by=remove.SYSTEM, target_id=0)
    assert mastodon.copies("Frisse lucht.") == 1
    assert remove.follow_consent(0) == 0


def test_whatever_goes_wrong_it_may_still_be_up_and_is_asked_again(
    released: Released, on_mastodon: Account, bram: Person, els: Portrayed, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = released("Frisse lucht.", on_mastodon, item=els.item)
    deliver(target.pk)
    says_no(els, bram)
    remove.follow_consent(els.pk)

    def torn(_account: Account) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("koor.flow.publishing.actions.remove.channels.session_for", torn)
    remove.ask_platform(by=remove.SYSTEM, target_id=target.pk)
    waits = remove.Removal.objects.get(target=target)
    assert (waits.state, waits.tries, waits.answer) == ("asked", 1, "ZeroDivisionError")
    assert waits.wake_at is not None


def test_what_never_left_the_house_stays_there(
    released: Released, stage: Account, bram: Person, els: Portrayed
) -> None:
    target = released("Frisse lucht.", stage, item=els.item)
    deliver(target.pk)
    assert again(target).state == "published"
    says_no(els, bram)
    els.refresh_from_db()
    assert lists.going_away(els) == []
    assert remove.follow_consent(els.pk) == 0
    assert again(target).removed_at is None

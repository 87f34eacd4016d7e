"""Autonomy decides which steps there are: alone, with a buddy, or in the house only."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest
from django.test import Client

from koor.flow.calendar.models import Slot
from koor.flow.hub.actions import record_consent
from koor.flow.hub.models import Item, Medium, Portrayed
from koor.flow.publishing import actions
from koor.flow.publishing.models import Post, Target
from koor.flow.publishing.queries import lists
from koor.flow.publishing.tests.conftest import row
from koor.ground.channels.models import Account
from koor.ground.people.choices import Autonomy
from koor.ground.people.models import Absence, Person
from koor.kernel.access import Forbidden, Refused

Write = Callable[..., Post]


@pytest.fixture
def jelle(person: Callable[..., Person], henk: Person) -> Person:
    """Has a buddy."""
    return person("Jelle", "helper", autonomy=Autonomy.BUDDY, buddy=henk)


def test_on_ones_own_it_is_due_at_once(
    noon: datetime, released: Callable[..., Target], bram: Person, news: Account
) -> None:
    target = released("Acht lokalen.", news)
    assert (target.post.stage, target.post.released_by, target.due_at, target.wake_at) == ("released", bram, noon, noon)
    assert target.agreed_by == bram


def test_a_planned_row_is_due_at_its_wall_time(noon: datetime, released: Callable[..., Target], news: Account) -> None:
    target = released("Morgen.", news, due_local=datetime(2026, 11, 25, 9, 30))
    assert target.due_at == target.wake_at == datetime(2026, 11, 25, 8, 30, tzinfo=UTC)


def test_twice_is_once(released: Callable[..., Target], bram: Person, news: Account) -> None:
    target = released("Acht lokalen.", news)
    assert actions.release_post(by=bram, post=target.post).released_at == target.post.released_at
    assert actions.send_to_buddy(by=bram, post=target.post).stage == "released"


def test_with_a_buddy_it_is_read_first(write: Write, jelle: Person, henk: Person, news: Account) -> None:
    post = actions.let_go(by=jelle, post=write("Mijn eerste.", news, by=jelle))
    assert (post.stage, post.buddy, row(post).due_at) == ("with_buddy", henk, None)
    with pytest.raises(Forbidden):
        actions.release_post(by=jelle, post=post)


def test_who_goes_alone_asks_a_colleague_all_the_same(
    noon: datetime,
    write: Write,
    bram: Person,
    jelle: Person,
    henk: Person,
    news: Account,
    visit: Callable[[Person], Client],
    person: Callable[..., Person],
) -> None:
    sanne = person("Sanne", "helper", autonomy=Autonomy.PRACTISE)
    Absence.objects.create(person=henk, first_day=noon.date(), last_day=noon.date())
    post = write("Acht lokalen.", news)
    browser, path = visit(bram), f"/posts/{post.pk}/ask/"
    assert path in browser.get(f"/posts/{post.pk}/").content.decode()
    page = browser.get(path).content.decode()
    assert not any(f'value="{one.pk}"' in page for one in (bram, sanne))
    assert f"{henk.name}, away until" in page
    for nobody in (bram, sanne):  # who practises lets nothing of others go
        with pytest.raises(Refused):
            actions.ask_to_read(by=bram, post=post, reader=nobody)
    for _twice in range(2):
        assert browser.post(path, {"person": jelle.pk}).status_code == 302
    asked = Post.objects.get(pk=post.pk)
    assert (asked.stage, asked.buddy, row(asked).due_at) == ("with_buddy", jelle, None)
    assert actions.approve_post(by=jelle, post=asked).stage == "released"  # who reads need not go alone
    mine = write("Mijn eerste.", news, by=jelle)
    assert visit(jelle).get(f"/posts/{mine.pk}/ask/").status_code == 403
    with pytest.raises(Forbidden):
        actions.ask_to_read(by=jelle, post=mine, reader=bram)


def test_a_buddy_who_is_away_has_a_stand_in(
    noon: datetime, write: Write, jelle: Person, henk: Person, rob: Person, news: Account
) -> None:
    Absence.objects.create(person=henk, first_day=noon.date(), last_day=noon.date(), stand_in=rob)
    assert actions.let_go(by=jelle, post=write("Mijn eerste.", news, by=jelle)).buddy == rob


def test_without_a_buddy_the_curator_reads_it(
    write: Write, person: Callable[..., Person], henk: Person, marloes: Person, news: Account
) -> None:
    anne = person("Anne", "helper", autonomy=Autonomy.BUDDY)
    post = actions.let_go(by=anne, post=write("Mijn eerste.", news, by=anne))
    assert post.buddy is None
    with pytest.raises(Forbidden):
        actions.approve_post(by=henk, post=post)
    assert actions.approve_post(by=marloes, post=post).stage == "released"


def test_practice_needs_nobody(write: Write, person: Callable[..., Person], stage: Account) -> None:
    for autonomy in (Autonomy.PRACTISE, Autonomy.BUDDY):
        maker = person(f"Maker{autonomy} X", "helper", autonomy=autonomy)
        assert actions.let_go(by=maker, post=write("Oefenen.", stage, by=maker)).stage == "released"


def test_back_to_the_desk(write: Write, jelle: Person, henk: Person, news: Account) -> None:
    post = actions.let_go(by=jelle, post=write("Mijn eerste.", news, by=jelle))
    assert actions.take_back(by=jelle, post=post).stage == "draft"
    with pytest.raises(Refused) as refused:
        actions.approve_post(by=henk, post=post)
    assert refused.value.code == "taken_back"


def test_the_buddy_approves_and_the_maker_does_not(write: Write, jelle: Person, henk: Person, news: Account) -> None:
    post = actions.let_go(by=jelle, post=write("Mijn eerste.", news, by=jelle))
    with pytest.raises(Forbidden):
        actions.approve_post(by=jelle, post=post)
    assert actions.approve_post(by=henk, post=post).released_by == henk
    assert actions.approve_post(by=henk, post=post).stage == "released"
    assert row(post).agreed_by == jelle, "it goes in the maker's name"


def test_nowhere_to_go(write: Write, bram: Person) -> None:
    with pytest.raises(Refused) as refused:
        actions.let_go(by=bram, post=write("Hallo."))
    assert (refused.value.code, refused.value.field) == ("nowhere", "accounts")


def test_too_long_as_the_platform_counts(write: Write, bram: Person, on_mastodon: Account) -> None:
    with pytest.raises(Refused) as refused:
        actions.let_go(by=bram, post=write("x" * 501, on_mastodon))
    assert (refused.value.code, refused.value.field) == ("limits", f"text-{on_mastodon.pk}")
    assert "501" in str(refused.value)
    with_link = "x" * 470 + " https://reurslag.example/" + "y" * 100
    assert actions.let_go(by=bram, post=write(with_link, on_mastodon)).stage == "released"


def test_who_is_in_it_agrees_or_it_does_not_go(
    noon: datetime, write: Write, bram: Person, news: Account, stage: Account
) -> None:
    item = Item.objects.create(kind="photo", by=bram, made_at=noon)
    Medium.objects.create(item=item)
    els = Portrayed.objects.create(item=item, name="Els Wolters", agrees="ask", recorded_at=noon)
    with pytest.raises(Refused) as refused:
        actions.let_go(by=bram, post=write("Kijk.", news, item=item, media=[]))
    assert refused.value.code == "consent"
    assert "Els Wolters" in str(refused.value)
    assert actions.let_go(by=bram, post=write("Oefenen.", stage, item=item, media=[])).stage == "released"
    record_consent(by=bram, portrayed=els, agrees="yes")
    assert actions.let_go(by=bram, post=write("Kijk.", news, item=item, media=[])).stage == "released"


def test_a_slot_is_filled_and_free_again(noon: datetime, write: Write, bram: Person, news: Account) -> None:
    slot = Slot.objects.create(day=date(2026, 11, 27), person=bram)
    post = actions.let_go(by=bram, post=write("Beloofd.", news, slot=slot))
    slot.refresh_from_db()
    assert slot.filled
    actions.cancel_target(by=bram, target=row(post))
    slot.refresh_from_db()
    assert not slot.filled


def test_what_is_planned_without_a_slot_gets_one(
    noon: datetime, write: Write, bram: Person, news: Account, stage: Account
) -> None:
    post = actions.let_go(by=bram, post=write("Vrijdag.", news, due_local=datetime(2026, 11, 27, 9)))
    assert post.slot is not None
    assert (post.slot.day, post.slot.time, post.slot.filled, post.slot.account) == (
        date(2026, 11, 27),
        time(9),
        True,
        news,
    )
    assert actions.let_go(by=bram, post=write("Nu.", news)).slot is None
    assert actions.let_go(by=bram, post=write("Oefenen.", stage, due_local=datetime(2026, 11, 27, 9))).slot is None


def test_a_moment_that_passed_while_it_was_read(noon: datetime, write: Write, bram: Person, news: Account) -> None:
    from koor.kernel import clock

    post = write("Morgen.", news, due_local=datetime(2026, 11, 25, 9, 30))
    with clock.fixed(datetime(2026, 11, 27, 12, tzinfo=UTC)), pytest.raises(Refused) as refused:
        actions.let_go(by=bram, post=post)
    assert refused.value.code == "past"


def test_whose_buddy_left_is_read_by_who_reads_for_others(
    write: Write, jelle: Person, henk: Person, marloes: Person, news: Account
) -> None:
    post = actions.let_go(by=jelle, post=write("Mijn eerste.", news, by=jelle))
    assert not lists.to_read(marloes).exists()
    henk.is_active = False
    henk.save()
    assert [one.pk for one in lists.to_read(marloes)] == [post.pk]

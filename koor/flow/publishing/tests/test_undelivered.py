"""A letter that came back: for good it ends a reader, for now only when that goes on for days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from koor.flow.publishing import actions
from koor.flow.publishing.actions import posting_letters
from koor.flow.publishing.models import Letter, Reader, Target
from koor.flow.publishing.tests.test_newsletter import letters, post_office, readers, states, up
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock
from tests.peers.mail_server import MailServer

__all__ = ["letters", "post_office", "readers"]  # fixtures
ELS = "els@school.example"
HOURS = (0, 1, 4, 7, 14, 27)  # when the six tries of a letter are due

pytestmark = pytest.mark.broad


def number_of(letter: Letter) -> str:
    return f"<koor.letter.{letter.pk}.{letter.reader.token[:10]}@reurslag.example>"


@pytest.fixture
def issue(readers: Account, released: Callable[..., Target], noon: datetime) -> Callable[[int], Letter]:
    """One goes to all so many days later; the letter of Els."""

    def make(day: int) -> Letter:
        with clock.fixed(noon + timedelta(days=day)):
            target = up(released, readers, f"De krant van dag {day}, met {chr(97 + day) * 12} erin")
            posting_letters.post_letters(target.pk)
        return Letter.objects.select_related("reader").get(target=target, reader__address=ELS)

    return make


def els() -> tuple[str, str]:
    row = Reader.objects.get(address=ELS)
    return row.state, row.ended_because


def test_for_good_ends_it_at_once(issue: Callable[[int], Letter]) -> None:
    letter = issue(0)
    assert actions.came_back(number_of(letter))
    assert (els(), Letter.objects.get(pk=letter.pk).state) == (("ended", "nobody"), "back")


def test_for_now_ends_nothing_until_it_goes_on_for_days(issue: Callable[[int], Letter]) -> None:
    for day, found in ((0, "reading"), (3, "reading"), (6, "ended")):
        letter = issue(day)
        assert actions.came_back(number_of(letter), not_now="4.2.2")
        assert els()[0] == found, day


def test_often_on_one_day_is_no_more_than_once(issue: Callable[[int], Letter]) -> None:
    for day in (0, 1, 2, 3):
        actions.came_back(number_of(issue(day)), not_now="5.2.2")
    assert els() == ("reading", "")


def test_one_that_arrived_begins_the_count_again(issue: Callable[[int], Letter]) -> None:
    for day in (0, 3):
        actions.came_back(number_of(issue(day)), not_now="4.2.2")
    issue(6)
    for day in (9, 12):
        actions.came_back(number_of(issue(day)), not_now="4.2.2")
    assert els() == ("reading", "")


def test_a_report_that_comes_late_counts_with_its_own_issue(issue: Callable[[int], Letter]) -> None:
    written = [issue(day) for day in (0, 3, 6, 9)]
    for letter in written[:3]:
        actions.came_back(number_of(letter), not_now="4.2.2")
    assert els() == ("ended", "nobody")


def test_the_mail_server_says_not_now_issue_after_issue(
    post_office: MailServer, readers: Account, released: Callable[..., Target], noon: datetime
) -> None:
    post_office.says_no["RCPT"] = "452 4.2.2 mailbox full"
    Reader.objects.exclude(address=ELS).delete()
    found = []
    for week in range(3):
        with clock.fixed(noon + timedelta(days=7 * week)):
            target = up(released, readers, f"Week {week}, met {chr(97 + week) * 12} erin")
        for hour in HOURS:
            with clock.fixed(noon + timedelta(days=7 * week, hours=hour)):
                posting_letters.post_letters(target.pk)
        found.append((states(target)[ELS], els()[0]))
    assert found == [("refused", "reading"), ("refused", "reading"), ("refused", "ended")]


def test_a_mail_server_that_is_away_loses_no_letter(
    post_office: MailServer, readers: Account, released: Callable[..., Target], noon: datetime
) -> None:
    target = up(released, readers)
    here = dict(readers.settings)
    Account.objects.filter(pk=readers.pk).update(settings={**here, "smtp_host": "localhost", "smtp_port": "1"})
    for hour in (0, 1, 3, 12, 24, 48, 72, 96):
        with clock.fixed(noon + timedelta(hours=hour)):
            posting_letters.post_letters(target.pk)
    assert set(states(target).values()) == {"waiting"}
    Account.objects.filter(pk=readers.pk).update(settings=here)
    with clock.fixed(noon + timedelta(hours=97)):
        posting_letters.post_letters(target.pk)
    assert len(post_office.letters) == 3


@pytest.mark.parametrize("said", ["451 4.3.0 Temporary lookup failure", "452 4.2.2 mailbox full"])
def test_trouble_that_all_readers_have_ends_nobody(
    post_office: MailServer, readers: Account, released: Callable[..., Target], noon: datetime, said: str
) -> None:
    post_office.says_no["RCPT"] = said
    for week in range(3):
        with clock.fixed(noon + timedelta(days=7 * week)):
            target = up(released, readers, f"Week {week}, met {chr(97 + week) * 12} erin")
            Letter.objects.filter(target=target).update(tries=posting_letters.TRIES - 1)
            posting_letters.post_letters(target.pk)
        assert set(states(target).values()) == {"refused"}
    assert set(Reader.objects.values_list("state", flat=True)) == {"reading"}


def test_trouble_on_the_way_is_not_the_readers(
    issue: Callable[[int], Letter], readers: Account, marloes: Person
) -> None:
    statuses = ("4.4.7", "4.3.2", "4.7.1", "5.4.4")
    more = [f"{name}@school.example" for name in ("ab", "bo", "cas", "dora")]  # most get it: what all miss ends nobody
    actions.bring_in_readers(by=marloes, account=readers, lines=more, proof="Paper list")
    said = dict(zip(Reader.objects.order_by("pk").values_list("pk", flat=True), statuses, strict=False))
    for day in (0, 3, 6):
        letters = Letter.objects.filter(target=issue(day).target_id, reader__in=said).select_related("reader")
        for letter in letters:
            assert actions.came_back(number_of(letter), not_now=said[letter.reader_id])
        assert set(letters.values_list("state", flat=True)) == {"back"}
    assert set(Reader.objects.values_list("state", flat=True)) == {"reading"}

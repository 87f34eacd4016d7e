"""An issue that is on its way to its readers stops with its account, and goes on when a person lets it go."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from koor.flow.publishing import actions
from koor.flow.publishing.actions import holding_letters, posting_letters
from koor.flow.publishing.models import Letter, Pause, Reader, Target
from koor.flow.publishing.queries import pausing, standing
from koor.flow.publishing.tests.conftest import again
from koor.flow.publishing.tests.test_newsletter import letters, post_office, readers, states, up
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM
from tests.peers.mail_server import MailServer

__all__ = ["letters", "post_office", "readers"]  # fixtures

WHY = "Er is een lek."


@pytest.fixture
def half(
    post_office: MailServer, readers: Account, released: Callable[..., Target], marloes: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> Target:  # fmt: skip
    """An issue whose account was paused while its first letter was on its way."""
    target, done = up(released, readers), []

    def once(name: str) -> None:
        if name == "publishing.letter_claimed" and not done:
            done.append(name)
            actions.pause_accounts([readers], by=marloes, reason=WHY)

    monkeypatch.setattr(posting_letters, "fault", once)
    posting_letters.post_letters(target.pk)
    return again(target)


def test_it_stops_within_one_letter(half: Target, post_office: MailServer) -> None:
    assert (len(post_office.letters), sorted(states(half).values())) == (1, ["held", "held", "sent"])
    posting_letters.sweep_letters()
    posting_letters.post_letters(half.pk)
    assert len(post_office.letters) == 1


def test_it_waits_for_a_person_and_then_each_gets_it_once(
    half: Target, post_office: MailServer, readers: Account, marloes: Person, visit: Callable[..., Client]
) -> None:
    actions.end_pause([readers], by=marloes)
    posting_letters.post_letters(half.pk)
    assert len(post_office.letters) == 1, "open again is not let go"
    page = visit(marloes).get("/posts/held/").content.decode()
    assert "2 letters have not gone" in page
    visit(marloes).post(f"/posts/rows/{half.pk}/release/", {"place": "held"})
    for _time in range(2):
        posting_letters.post_letters(half.pk)
    assert len({str(one["To"]) for one in post_office.letters}) == len(post_office.letters) == 3
    assert set(states(half).values()) == {"sent"}
    assert (again(half).state, again(half).because, list(pausing.held(marloes))) == ("published", "", [])


def test_let_go_while_the_account_is_still_quiet(half: Target, post_office: MailServer, marloes: Person) -> None:
    actions.release_held(by=marloes, target=half)
    posting_letters.post_letters(half.pk)
    assert len(post_office.letters) == 3


def test_it_says_so(half: Target, marloes: Person) -> None:
    told = standing.standing_of(marloes, half)
    assert (told.title, "release" in told.acts, WHY in told.sentence) == ("Its last letters are held", True, True)
    assert list(pausing.held_by(WHY)) == [half]


def test_paused_again_after_it_was_let_go(
    half: Target, post_office: MailServer, readers: Account, marloes: Person
) -> None:
    actions.release_held(by=marloes, target=half)
    actions.end_pause([readers], by=marloes)
    actions.pause_accounts([readers], by=marloes, reason="Nog een lek.")
    posting_letters.post_letters(half.pk)
    assert (len(post_office.letters), sorted(states(half).values())) == (1, ["held", "held", "sent"])


def test_what_was_not_written_yet_is_held_too(
    post_office: MailServer, readers: Account, released: Callable[..., Target], marloes: Person
) -> None:
    target = up(released, readers)
    Letter.objects.all().delete()
    actions.pause_accounts([readers], by=marloes, reason=WHY)
    posting_letters.begin_issue(target.pk)
    posting_letters.post_letters(target.pk)
    assert (post_office.letters, set(states(target).values())) == ([], {"held"})


def test_taken_away_or_stopped_meanwhile_it_never_goes(half: Target, post_office: MailServer, marloes: Person) -> None:
    held = Letter.objects.filter(state="held").select_related("reader")
    actions.stop_newsletter(by=SYSTEM, token=held[0].reader.token)
    assert held.count() == 1
    actions.take_down(by=marloes, target=half)
    assert list(pausing.held(marloes)) == []
    posting_letters.post_letters(half.pk)
    assert (held.count(), len(post_office.letters), Reader.objects.count()) == (0, 1, 3)


def test_one_that_all_have_is_not_held(
    post_office: MailServer, readers: Account, released: Callable[..., Target], marloes: Person
) -> None:
    target = up(released, readers)
    posting_letters.post_letters(target.pk)
    actions.pause_accounts([readers], by=marloes, reason=WHY)
    posting_letters.post_letters(target.pk)
    assert (again(target).because, list(pausing.held(marloes))) == ("", [])


def test_let_go_at_the_moment_that_it_would_be_held(
    post_office: MailServer, readers: Account, released: Callable[..., Target], marloes: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    target, done = up(released, readers), []
    actions.pause_accounts([readers], by=marloes, reason=WHY)
    real = holding_letters.letters_paused

    def late(number: int) -> Pause | None:
        found = real(number)
        if found is not None and not done:
            done.append(number)
            actions.release_held(by=marloes, target=again(target))
        return found

    monkeypatch.setattr(holding_letters, "letters_paused", late)
    posting_letters.post_letters(target.pk)
    assert done
    assert "held" not in states(target).values()

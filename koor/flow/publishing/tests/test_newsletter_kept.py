"""Nobody gets an issue twice or against their will: after a restore, when all is held, and when it was taken away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from koor.flow.publishing import actions
from koor.flow.publishing.actions import posting_letters
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.actions.undelivered import MAIL_SERVER
from koor.flow.publishing.events import TargetPublished
from koor.flow.publishing.models import Letter, Reader, Target
from koor.flow.publishing.receivers import write_to_readers
from koor.flow.publishing.tests.conftest import again
from koor.flow.publishing.tests.test_newsletter import letters, post_office, readers, states, up
from koor.ground.channels.models import Account
from koor.ground.people.models import House, Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM
from koor.kernel.identity import COPIED, RESTORED
from tests.peers.mail_server import MailServer

__all__ = ["letters", "post_office", "readers"]  # fixtures


@pytest.mark.parametrize("why", [COPIED, f"{RESTORED}2026-11-21: look at what was due."])
class TestRestored:
    def test_letters_that_may_have_gone_go_never(
        self, why: str, post_office: MailServer, readers: Account, released: Callable[..., Target], marloes: Person
    ) -> None:
        target = up(released, readers)
        one = Letter.objects.filter(target=target).order_by("pk")[:1]
        Letter.objects.filter(pk__in=one).update(state="sending", wake_at=None)
        House.objects.update(publishing_held=why)
        actions.resume_publishing(by=marloes)
        with clock.fixed(clock.now() + timedelta(hours=1)):
            posting_letters.sweep_letters()
            posting_letters.post_letters(target.pk)
        assert (set(states(target).values()), post_office.letters) == ({"unknown"}, [])

    def test_an_issue_that_is_said_to_be_there_is_not_written_again(
        self, why: str, post_office: MailServer, readers: Account, released: Callable[..., Target], marloes: Person
    ) -> None:
        target = released("Acht lokalen warm", readers)
        House.objects.update(publishing_held=why)
        actions.resume_publishing(by=marloes)
        assert again(target).state == "needs_person"
        actions.link_target(by=marloes, target=again(target))
        write_to_readers(TargetPublished(target.pk))
        posting_letters.post_letters(target.pk)
        assert (again(target).state, states(target), post_office.letters) == ("published", {}, [])

    def test_an_issue_that_is_said_not_to_be_there_goes(
        self, why: str, post_office: MailServer, readers: Account, released: Callable[..., Target], marloes: Person
    ) -> None:
        target = released("Acht lokalen warm", readers)
        House.objects.update(publishing_held=why)
        actions.resume_publishing(by=marloes)
        actions.send_again(by=marloes, target=again(target))
        deliver(target.pk)
        write_to_readers(TargetPublished(target.pk))
        posting_letters.post_letters(target.pk)
        assert len(post_office.letters) == 3


class TestMeanwhile:
    """What a person does between two letters of one batch holds for the second."""

    @pytest.fixture
    def after_one(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
        """Do something once the first letter went."""

        def set_up(deed: Callable[[], object]) -> None:
            def once(name: str) -> None:
                if name == "publishing.letter_posted" and not done:
                    done.append(deed())

            done: list[object] = []
            monkeypatch.setattr(posting_letters, "fault", once)

        return set_up

    def test_held(
        self, post_office: MailServer, readers: Account, released: Callable[..., Target], marloes: Person,
        after_one: Callable[[Callable[[], object]], None],
    ) -> None:  # fmt: skip
        target = up(released, readers)
        after_one(lambda: actions.hold_publishing(by=marloes, why="Brand"))
        posting_letters.post_letters(target.pk)
        assert (len(post_office.letters), sorted(states(target).values())) == (1, ["sent", "waiting", "waiting"])
        actions.resume_publishing(by=marloes)
        posting_letters.post_letters(target.pk)
        assert len(post_office.letters) == 3

    def test_taken_away(
        self, post_office: MailServer, readers: Account, released: Callable[..., Target], marloes: Person,
        after_one: Callable[[Callable[[], object]], None],
    ) -> None:  # fmt: skip
        target = up(released, readers)
        after_one(lambda: actions.take_down(by=marloes, target=again(target)))
        for _time in range(2):
            posting_letters.post_letters(target.pk)
        assert (len(post_office.letters), list(states(target).values())) == (1, ["sent"])

    def test_the_account_is_off(
        self, post_office: MailServer, readers: Account, released: Callable[..., Target],
        after_one: Callable[[Callable[[], object]], None],
    ) -> None:  # fmt: skip
        target = up(released, readers)
        after_one(lambda: Account.objects.filter(pk=readers.pk).update(state="paused"))
        posting_letters.post_letters(target.pk)
        assert len(post_office.letters) == 1

    def test_taken_away_before_the_first(
        self, post_office: MailServer, readers: Account, released: Callable[..., Target], marloes: Person
    ) -> None:
        target = up(released, readers)
        actions.take_down(by=marloes, target=target)
        actions.tell_removed(by=marloes, target=target)
        posting_letters.post_letters(target.pk)
        posting_letters.begin_issue(target.pk)
        posting_letters.post_letters(target.pk)
        assert (post_office.letters, states(target)) == ([], {})


@pytest.mark.parametrize("said", ["450 later", "550 too many messages in an hour"])
def test_a_letter_does_not_come_back_to_life_after_its_reader_stopped(
    post_office: MailServer,
    readers: Account,
    released: Callable[..., Target],
    monkeypatch: pytest.MonkeyPatch,
    said: str,
) -> None:
    target, row = up(released, readers), Reader.objects.get(address="els@school.example")
    Letter.objects.filter(target=target).exclude(reader=row).delete()
    post_office.says_no["RCPT"] = said

    def meanwhile(name: str) -> None:
        if name == "publishing.letter_posted":
            actions.stop_newsletter(by=SYSTEM, token=row.token)

    monkeypatch.setattr(posting_letters, "fault", meanwhile)
    posting_letters.post_letters(target.pk)
    assert states(target) == {row.address: "refused"}
    post_office.says_no.clear()
    Reader.objects.update(state="reading")
    with clock.fixed(clock.now() + timedelta(days=1)):
        posting_letters.post_letters(target.pk)
    assert post_office.letters == []


def test_what_waits_for_who_stopped_asks_for_no_work_and_never_goes(
    post_office: MailServer, readers: Account, released: Callable[..., Target], monkeypatch: pytest.MonkeyPatch
) -> None:
    target = up(released, readers)
    Reader.objects.update(state="ended", ended_at=clock.now(), ended_because="left")
    asked: list[int] = []
    monkeypatch.setattr(posting_letters, "_later", lambda pk, *_wait: asked.append(pk))
    posting_letters.sweep_letters()
    assert asked == []
    Reader.objects.update(state="asked")
    for row in Reader.objects.all():
        actions.say_yes(by=SYSTEM, token=row.token)
    posting_letters.post_letters(target.pk)
    assert (post_office.letters, states(target)) == ([], {})


@pytest.mark.parametrize(
    ("step", "said", "kept"),
    [
        ("MAIL", "553 Sender address rejected: not owned by user", "waiting"),
        ("MAIL", "550 5.1.1 user unknown", "waiting"),
        ("RCPT", "550 Domain x.example has exceeded the max emails per hour allowed. Message discarded.", "waiting"),
        ("RCPT", "550 Sender verify failed", "refused"),
        ("RCPT", "550 Access denied", "refused"),
        ("DATA", "550 Message rejected: DKIM", "refused"),
        ("DATA", "550 5.1.1 no such user", "refused"),
    ],
)
def test_a_mail_server_that_says_no_to_all_empties_no_list(
    post_office: MailServer, readers: Account, released: Callable[..., Target], step: str, said: str, kept: str
) -> None:
    post_office.says_no[step] = said
    for number in range(3):
        target = up(released, readers, f"Nummer {number} van de krant")
        posting_letters.post_letters(target.pk)
        assert kept in states(target).values()
    assert set(Reader.objects.values_list("state", flat=True)) == {"reading"}


def test_a_mail_server_that_knows_nobody_empties_no_list(
    post_office: MailServer, readers: Account, released: Callable[..., Target]
) -> None:
    """Two issues of which it says that of all: who was said to be gone in such an issue is not gone."""
    post_office.says_no["RCPT"] = "550 5.1.1 no such user"
    for number in range(3):
        target = up(released, readers, f"Nummer {number} van de krant")
        posting_letters.post_letters(target.pk)
        assert "refused" in states(target).values()
    assert set(Reader.objects.values_list("state", flat=True)) == {"reading"}
    post_office.says_no.clear()


def test_an_issue_that_hardly_anybody_gets_waits_for_a_person(
    post_office: MailServer, readers: Account, released: Callable[..., Target], marloes: Person
) -> None:
    """Nothing went, so who it was said of gets it too once the mail server is well; and nobody gets it twice."""
    lines = [f"lezer{number}@klant.example" for number in range(12)]
    actions.bring_in_readers(
        by=marloes, account=readers, lines=lines, proof="Kwamen mee van de oude krant, zie de map."
    )
    post_office.says_no["RCPT"] = "550 5.1.1 no such user"
    target = up(released, readers)
    posting_letters.post_letters(target.pk)
    assert set(states(target).values()) == {"held"}
    held = again(target)
    assert (held.because, held.note) == ("paused", MAIL_SERVER)
    post_office.says_no.clear()
    posting_letters.sweep_letters()
    posting_letters.post_letters(target.pk)
    assert post_office.letters == []
    actions.release_held(by=marloes, target=again(target))
    posting_letters.post_letters(target.pk)
    assert set(states(target).values()) == {"sent"}
    assert len(post_office.letters) == len(states(target))

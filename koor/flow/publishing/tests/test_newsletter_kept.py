"""Nobody gets an issue twice or against their will: after a restore, when all is held, and when it was taken away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from koor.flow.publishing import actions
from koor.flow.publishing.actions import posting_letters
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.events import TargetPublished
from koor.flow.publishing.models import Letter, Target
from koor.flow.publishing.receivers import write_to_readers
from koor.flow.publishing.tests.conftest import again
from koor.flow.publishing.tests.test_newsletter import letters, post_office, readers, states, up
from koor.ground.channels.models import Account
from koor.ground.people.models import House, Person
from koor.kernel import clock
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

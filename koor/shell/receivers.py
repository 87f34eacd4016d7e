"""What allauth tells of how colleagues sign in, for the audit trail: what they changed, not when they come and go."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as second_step
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.dispatch import Signal

from koor.ground.people.models import Person
from koor.kernel import audit


def _hear(signal: Signal, verb: str) -> None:
    def heard(user: Person, authenticator: Authenticator | None = None, **_k: Any) -> None:
        kind = {"kind": str(authenticator.type)} if authenticator is not None else {}
        with transaction.atomic():
            audit.record(by=user, verb=verb, target=user, **kind)

    signal.connect(heard, weak=False, dispatch_uid=verb)


_hear(account.password_changed, "shell.change_password")
_hear(account.password_set, "shell.set_password")
_hear(account.password_reset, "shell.reset_password")
_hear(second_step.authenticator_added, "shell.add_second_step")
_hear(second_step.authenticator_removed, "shell.remove_second_step")
_hear(second_step.authenticator_reset, "shell.renew_second_step")

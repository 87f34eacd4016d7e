"""What a connector works with: an account with its credentials opened, behind the guarded door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from koor.ground.channels.contract import Because, Manifest, NotSent, Outcome, Session, Tokens
from koor.ground.channels.models import Account, Application
from koor.ground.channels.queries.folders import connector, limits_of
from koor.ground.channels.queries.sealed import application, opened_application, secrets_of
from koor.kernel import clock
from koor.kernel.http import Answer, Door


def session_for(account: Account, http: Any = None, *, fresh: bool = True) -> Session:
    """An account as its connector sees it, with opened credentials and the guarded door.

    Tokens of a platform are renewed first where their end is near; `fresh=False`, for what came in by itself, asks
    nobody. Where there are none just now the door stays shut, so that this is told as any answer of a platform.
    Refused when the credentials can't be opened: the key of the house is another one than they were sealed with."""
    made_with = connector(account.connector)
    door, opened = http or door_for(made_with.manifest), {}
    if account.grant_id is not None and fresh:
        found = _fresh(account.grant_id, http)
        opened = {"access_token": found.access} if isinstance(found, Tokens) else {}
        door = door if isinstance(found, Tokens) else Shut(found)
    if made_with.manifest.oauth is not None and made_with.manifest.pushed:
        known = application(account.connector)
        opened |= opened_application(known) if known else {}
    return Session(
        http=door,
        account=account.pk,
        settings={key: str(value) for key, value in account.settings.items()},
        secrets={**opened, **secrets_of(account)},
        limits=limits_of(account),
    )


def _fresh(grant_id: int, http: Any) -> Tokens | Outcome:
    from koor.ground.channels.actions import fresh_tokens

    return fresh_tokens(grant_id, http)


@dataclass(frozen=True)
class Shut:
    """A door without a key: nothing leaves. It answers as the platform would when access has ended for good, and else
    as when it can't be reached, which passes."""

    why: Outcome

    def request(self, method: str, url: str, **_more: Any) -> Answer:
        if self.why.because == Because.AUTH:
            return Answer(401, {}, b'{"error": "this account has to be connected again"}', url)
        raise NotSent(f"Not sent: {self.why.answer}")


def session_to_connect(key: str, application: Application, tokens: Tokens, http: Any = None) -> Session:
    """Before there is an account, and when its tokens are renewed: what `connect.py` works with."""
    opened = opened_application(application) | {"access_token": tokens.access, "refresh_token": tokens.refresh}
    settings = {str(name): str(value) for name, value in application.settings.items()}
    settings["client_id"] = application.client_id
    return Session(http or door_for(connector(key).manifest), 0, settings, opened, now=clock.now())


def session_without_account(key: str, http: Any = None) -> Session:
    """A session for a connector that needs no account, such as a feed."""
    return Session(http=http or door_for(connector(key).manifest), account=0, settings={})


def door_for(manifest: Manifest) -> Door:
    """Plain http is for public reading only: never where a secret goes along."""
    return Door(plain_reads=not manifest.keeps_secrets)

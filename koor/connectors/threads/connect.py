"""The account of who agreed; a token of sixty days that renews itself."""

from __future__ import annotations

from koor.connectors import meta
from koor.ground.channels.contract import Health, Outcome, Place, Session, Tokens
from koor.ground.channels.logic import unknown

HOST = "https://graph.threads.net"


def lengthen(session: Session, tokens: Tokens) -> Tokens | Outcome:
    """From an hour to sixty days."""
    asked = {"grant_type": "th_exchange_token", "client_secret": session.secrets.get("client_secret", "")}
    return meta.exchanged(session, f"{HOST}/access_token", asked | {"access_token": tokens.access})


def refresh(session: Session, tokens: Tokens) -> Tokens | Outcome:
    """Sixty days more, for a token that is older than a day and has not ended."""
    asked = {"grant_type": "th_refresh_token", "access_token": tokens.access}
    return meta.exchanged(session, f"{HOST}/refresh_access_token", asked)


def places(session: Session) -> tuple[Place, ...] | Health:
    """The one account that they agreed for."""
    try:
        found = meta.read(session, f"{meta.THREADS}/me", fields="id,username,name")
        if not meta.number_in(found):
            raise meta.Failed(unknown("no account in the answer"))
    except meta.Failed as failed:
        return meta.trouble(failed)
    number, handle = str(found["id"]), str(found.get("username") or "")
    name = str(found.get("name") or handle or number)
    settings = {"account": number, "username": handle}
    return (Place(number, name, f"@{handle}", f"https://www.threads.net/@{handle}", settings=settings),)

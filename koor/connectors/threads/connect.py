"""The account of who agreed; a token of sixty days that renews itself."""

from __future__ import annotations

from koor.connectors import meta
from koor.ground.channels.contract import Health, Outcome, Place, Session, Tokens
from koor.ground.channels.logic import unknown

HOST = "https://graph.threads.net"


def lengthen(session: Session, tokens: Tokens) -> Tokens | Outcome:
    return meta.lengthened(session, HOST, "th", tokens)


def refresh(session: Session, tokens: Tokens) -> Tokens | Outcome:
    return meta.refreshed(session, HOST, "th", tokens)


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

"""The professional account of who agreed; a token of sixty days that renews itself."""

from __future__ import annotations

from koor.connectors import meta
from koor.ground.channels.contract import Health, Outcome, Place, Session, Tokens
from koor.ground.channels.logic import unknown

HOST = "https://graph.instagram.com"


def lengthen(session: Session, tokens: Tokens) -> Tokens | Outcome:
    return meta.lengthened(session, HOST, "ig", tokens)


def refresh(session: Session, tokens: Tokens) -> Tokens | Outcome:
    return meta.refreshed(session, HOST, "ig", tokens)


def places(session: Session) -> tuple[Place, ...] | Health:
    """The one account that they agreed for."""
    try:
        found = meta.read(session, f"{meta.INSTAGRAM}/me", fields="user_id,username,name,account_type")
        if not str(found.get("user_id") or "").isdigit():
            raise meta.Failed(unknown("no account in the answer"))
    except meta.Failed as failed:
        return meta.trouble(failed)
    number, handle = str(found["user_id"]), str(found.get("username") or "")
    name = str(found.get("name") or handle or number)
    return (Place(number, name, f"@{handle}", f"https://www.instagram.com/{handle}/", settings={"account": number}),)

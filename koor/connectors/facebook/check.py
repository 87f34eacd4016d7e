"""Does the page still let us in."""

from __future__ import annotations

from koor.connectors import meta
from koor.ground.channels.contract import Health, Session
from koor.ground.channels.logic import unknown


def check(session: Session) -> Health:
    """One look. What is away for a moment passes."""
    address = f"{meta.FACEBOOK}/{meta.safe(session.settings.get('page', ''))}"
    try:
        found = meta.read(session, address, fields="id,name,username,link")
    except meta.Failed as failed:
        return meta.trouble(failed)
    if not meta.number_in(found):
        return meta.trouble(meta.Failed(unknown("no page in the answer")))
    handle = str(found.get("username") or "")
    return Health(
        True, handle=f"@{handle}" if handle else str(found.get("name") or ""), url=str(found.get("link") or "")
    )

"""Does the account work, and as whom."""

from __future__ import annotations

from koor.connectors.x import client
from koor.ground.channels import logic
from koor.ground.channels.contract import Because, Health, Session
from koor.ground.channels.contract import message_id as _

SENTENCES = {
    Because.AUTH: _("X no longer lets this account in. Connect it again."),
    Because.RATE: _("X asks to wait a little."),
    Because.REJECTED: _("X does not know this account any more."),
}
NO_CREDITS = _("The credits of the application at X are used up. Nothing goes until somebody adds to them.")


def check(session: Session) -> Health:
    """One look. What is away for a moment is `NOT_REACHED`, and passes."""
    try:
        us = client.me(session)
    except client.Failed as failed:
        return trouble(failed)
    name = str(us.get("username") or "")
    return Health(True, handle=f"@{name}", url=f"https://x.com/{name}")


def trouble(failed: client.Failed) -> Health:
    """What went wrong, in a sentence for the owner."""
    if failed.status == 402:
        return Health(False, NO_CREDITS, because=Because.REJECTED)
    return logic.not_working(failed, SENTENCES, _("X could not be reached: %(answer)s"))

"""Does the account work, as whom, and with which rights."""

from __future__ import annotations

from koor.connectors.wordpress import client
from koor.ground.channels import logic
from koor.ground.channels.contract import Because, Health, Session
from koor.ground.channels.contract import message_id as _

SENTENCES = {
    Because.AUTH: _("The site does not accept user name and application password: %(answer)s"),
    Because.RATE: _("The server asks to wait a little."),
    Because.REJECTED: _("There is no WordPress at this address, or its REST interface is closed: %(answer)s"),
}


def check(session: Session) -> Health:
    """One look at our user. A site that is away for a moment is `NOT_REACHED`, and passes."""
    try:
        us = client.me(session)
    except client.Failed as failed:
        return logic.not_working(failed, SENTENCES, _("The server could not be reached: %(answer)s"))
    handle, may = f"{us.get('slug', '')}@{client.host(session)}", us.get("capabilities")
    may = may if isinstance(may, dict) else {}
    if not may.get("publish_posts") or not may.get("moderate_comments"):
        sentence = _("This user may not post and look after comments there. Give it the role of editor.")
        return Health(False, sentence, because=Because.AUTH, handle=handle, url=client.site(session))
    return Health(True, handle=handle, url=client.site(session))

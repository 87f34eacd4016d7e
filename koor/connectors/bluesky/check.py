"""Does the account work, and as whom: signing in."""

from __future__ import annotations

from koor.connectors.bluesky import client
from koor.ground.channels import logic
from koor.ground.channels.contract import Because, Health, Session
from koor.ground.channels.contract import message_id as _

SENTENCES = {
    Because.AUTH: _("Bluesky does not accept name and app password. Make a new app password and fill it in here."),
    Because.RATE: _("The server asks to wait a little."),
    Because.REJECTED: _("There is no Bluesky server at this address, or no account of this name."),
}


def check(session: Session) -> Health:
    """Sign in anew. A server that is away for a moment is `NOT_REACHED`, and passes."""
    client.forget(session)
    try:
        us = client.login(session)
    except client.Failed as failed:
        return logic.not_working(failed, SENTENCES, _("The server could not be reached: %(answer)s"))
    url = f"https://bsky.app/profile/{us.handle}"
    if not us.active:
        sentence = _("This account is not in use on its server.")
        return Health(False, sentence, because=Because.AUTH, handle=f"@{us.handle}", url=url)
    return Health(True, handle=f"@{us.handle}", url=url)

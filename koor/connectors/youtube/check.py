"""Does the account work, and as which channel."""

from __future__ import annotations

from koor.connectors.youtube import client
from koor.ground.channels import logic
from koor.ground.channels.contract import Because, Health, Session
from koor.ground.channels.contract import message_id as _

SENTENCES = {
    Because.AUTH: _("YouTube no longer lets this account in. Connect it again."),
    Because.RATE: _("What YouTube lets the application do in a day is used up. It goes on by itself."),
    Because.REJECTED: _("This Google account has no YouTube channel."),
}


def check(session: Session) -> Health:
    """One look. What is away for a moment is `NOT_REACHED`, and passes."""
    try:
        channel = client.me(session)
    except client.Failed as failed:
        return trouble(failed)
    snippet = channel.get("snippet")
    snippet = snippet if isinstance(snippet, dict) else {}
    handle = str(snippet.get("customUrl") or snippet.get("title") or "")
    return Health(True, handle=handle, url=f"https://www.youtube.com/channel/{channel['id']}")


def trouble(failed: client.Failed) -> Health:
    """What went wrong, in a sentence for the owner."""
    return logic.not_working(failed, SENTENCES, _("YouTube could not be reached: %(answer)s"))

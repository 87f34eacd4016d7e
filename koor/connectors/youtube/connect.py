"""The channel that was signed in with at Google."""

from __future__ import annotations

from koor.connectors.youtube import client
from koor.connectors.youtube.check import trouble
from koor.ground.channels.contract import Health, Place, Session


def places(session: Session) -> tuple[Place, ...] | Health:
    """One channel: at Google's page a person chooses which."""
    try:
        channel = client.me(session)
    except client.Failed as failed:
        return trouble(failed)
    number, snippet = str(channel["id"]), channel.get("snippet")
    snippet = snippet if isinstance(snippet, dict) else {}
    name, url = str(snippet.get("title") or "YouTube"), f"https://www.youtube.com/channel/{number}"
    return (Place(number, name, str(snippet.get("customUrl") or ""), url, settings={"channel": number}),)

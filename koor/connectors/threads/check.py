"""Does the account still let us in."""

from __future__ import annotations

from koor.connectors.threads import connect
from koor.ground.channels.contract import Health, Session


def check(session: Session) -> Health:
    """One look. What is away for a moment passes."""
    found = connect.places(session)
    return found if isinstance(found, Health) else Health(True, handle=found[0].handle, url=found[0].url)

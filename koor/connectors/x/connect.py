"""The account that was signed in with at X, and whether the application may read it back."""

from __future__ import annotations

from koor.connectors.x import client
from koor.connectors.x.check import trouble
from koor.ground.channels.contract import Because, Health, Place, Session


def places(session: Session) -> tuple[Place, ...] | Health:
    """One account. Applications of the old free kind may post and not read."""
    try:
        us = client.me(session)
        reads = _reads(session, str(us["id"]))
    except client.Failed as failed:
        return trouble(failed)
    name, number = str(us.get("username") or ""), str(us["id"])
    settings = {"user_id": number, "reads": "yes" if reads else "no"}
    return (Place(number, str(us.get("name") or name), f"@{name}", f"https://x.com/{name}", settings=settings),)


def _reads(session: Session, number: str) -> bool:
    try:
        client.data_of(session, "GET", f"/2/users/{number}/tweets?max_results=5")
    except client.Failed as failed:
        if failed.outcome.because is not Because.AUTH:
            raise
        return False
    return True

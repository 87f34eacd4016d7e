"""Does the account still let us in."""

from __future__ import annotations

from koor.connectors import meta
from koor.connectors.instagram import connect
from koor.ground.channels.contract import Health, Session


def check(session: Session) -> Health:
    """One look. What is away for a moment passes."""
    found = connect.places(session)
    return found if isinstance(found, Health) else Health(True, handle=found[0].handle, url=found[0].url)


def used_up(session: Session) -> int | None:
    """How many posts may go in a day, when that many went; None while there is room. Raises `Failed`."""
    address = f"{meta.INSTAGRAM}/{meta.safe(session.settings.get('account', ''))}/content_publishing_limit"
    rows = meta.rows_of(meta.read(session, address, fields="quota_usage,config"))
    row = rows[0] if rows and isinstance(rows[0], dict) else {}
    config = row.get("config") if isinstance(row.get("config"), dict) else {}
    used, most = row.get("quota_usage"), config.get("quota_total") if isinstance(config, dict) else None
    full = isinstance(used, int) and isinstance(most, int) and used >= most
    return most if full else None

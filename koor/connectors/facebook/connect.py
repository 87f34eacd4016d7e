"""The pages for which a person may post, each with a token of its own that does not expire."""

from __future__ import annotations

from koor.connectors import meta
from koor.ground.channels.contract import Health, Outcome, Place, Session, Tokens

MOST_PAGES = 100


def lengthen(session: Session, tokens: Tokens) -> Tokens | Outcome:
    """A token of two months; the tokens of pages that it gives do not expire, so its own end is not kept."""
    found = meta.exchanged(
        session,
        f"{meta.FACEBOOK}/oauth/access_token",
        {
            "grant_type": "fb_exchange_token",
            "client_id": session.settings.get("client_id", ""),
            "client_secret": session.secrets.get("client_secret", ""),
            "fb_exchange_token": tokens.access,
        },
    )
    return Tokens(found.access, scopes=tokens.scopes) if isinstance(found, Tokens) else found


def places(session: Session) -> tuple[Place, ...] | Health:
    """Pages on which they may make posts, of those that they let Koor see."""
    fields = "id,name,username,link,access_token,tasks"
    try:
        rows = meta.rows_of(meta.read(session, f"{meta.FACEBOOK}/me/accounts", fields=fields, limit=str(MOST_PAGES)))
    except meta.Failed as failed:
        return meta.trouble(failed)
    return tuple(_place(row) for row in rows if isinstance(row, dict) and _may_post(row))


def _may_post(row: dict[str, object]) -> bool:
    tasks = row.get("tasks")
    allowed = not isinstance(tasks, list) or bool({"CREATE_CONTENT", "MANAGE"} & set(map(str, tasks)))
    return allowed and bool(row.get("id")) and bool(row.get("access_token"))


def _place(row: dict[str, object]) -> Place:
    number, name, handle = str(row["id"]), str(row.get("name") or row["id"]), str(row.get("username") or "")
    return Place(
        number,
        name,
        f"@{handle}" if handle else "",
        str(row.get("link") or f"https://www.facebook.com/{number}"),
        settings={"page": number},
        secrets={"access_token": str(row["access_token"])},
    )

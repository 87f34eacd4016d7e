"""Setting right what was said: other words for a page or an answer, or to the bin with it."""

from __future__ import annotations

from koor.connectors.wordpress import client, page
from koor.connectors.wordpress.client import Failed
from koor.connectors.wordpress.publish import COMMENT, address
from koor.ground.channels import logic
from koor.ground.channels.contract import Because, Draft, Outcome, Session, Verdict

NOT_OURS = Outcome(Verdict.DEFINITELY_NOT, because=Because.REJECTED, answer="this is no page of the site")


def edit(session: Session, remote_id: str, draft: Draft) -> Outcome:
    """Give a page other words. Its pictures, its address and whether it is on the site stay."""
    route = route_of(remote_id)
    if not route:
        return NOT_OURS
    try:
        present = client.read(session, route, {"context": "edit"})
    except Failed as failed:
        return logic.not_begun(failed.outcome)
    raw = str((present.get("content") or {}).get("raw", ""))
    said = {"content": page.with_pictures_of(draft, raw)}
    if route.startswith("comments/"):
        said = {"content": draft.text.strip().replace("&", "&amp;").replace("<", "&lt;")}
    elif draft.options.get("title") or draft.title or page.parted(draft)[1] != draft.text.strip():
        said["title"] = page.parted(draft)[0]
    try:
        return Outcome(Verdict.DONE, remote_id, address(client.write(session, route, json=said)), answer="200")
    except Failed as failed:
        return failed.outcome


def delete(session: Session, remote_id: str) -> Outcome:
    """To the bin of the site. What lies there already, or is gone, counts as taken away."""
    route = route_of(remote_id)
    if not route:
        return NOT_OURS
    try:
        client.write(session, route, "DELETE")
    except Failed as failed:
        if failed.code in client.GONE:
            return Outcome(Verdict.DONE, remote_id, answer="was not there any more")
        return failed.outcome
    return Outcome(Verdict.DONE, remote_id, answer="200")


def route_of(remote_id: str) -> str:
    """Where the site has it; empty for what can't be of the site."""
    number = remote_id.removeprefix(COMMENT)
    if not (number.isascii() and number.isdecimal()):
        return ""
    return f"comments/{number}" if remote_id.startswith(COMMENT) else f"posts/{number}"

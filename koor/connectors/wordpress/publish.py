"""Posting once. WordPress takes anything twice: the same slug becomes `-2`. So the slug is ours and follows from the
key, and what stands there under it is looked for before anything is sent again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from koor.connectors.wordpress import client, page
from koor.connectors.wordpress.client import Failed
from koor.connectors.wordpress.manifest import MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import (
    Attempt,
    Because,
    CannotKnow,
    Draft,
    Medium,
    NotSeen,
    Outcome,
    Prepared,
    Seen,
    Session,
    Verdict,
)
from koor.ground.channels.contract import message_id as _

ANY = "publish,future,draft,pending,private"
MOST_TERMS = 20
COMMENT = "comment-"
COMMENTS = 100  # of ours that are read back


class Unknown(Exception):
    """A category that the site does not have."""


def prepare(session: Session, draft: Draft) -> Prepared:
    """Check the limits, bring the media there, look up categories and tags. No page is made."""
    held = session.limits or MANIFEST.limits
    problem = logic.problem(draft, held, logic.length(draft, held))
    if problem:
        return problem
    handle: dict[str, Any] = {}
    try:
        if draft.in_reply_to:
            return _answering(session, draft)
        if draft.media:
            handle["media"] = [_upload(session, medium) for medium in draft.media]
        for key, makes in (("categories", False), ("tags", True)):
            if names := _names(draft.options.get(key, "")):
                handle[key] = [_term(session, key, name, makes) for name in names]
    except Unknown as error:
        sentence = _("The site has no category “%(name)s”. Make it there, or choose another one.")
        return Prepared(problem=sentence, values={"name": str(error)}, because=Because.REJECTED)
    except Failed as failed:
        return _could_not(failed)
    return Prepared(handle=handle)


def _could_not(failed: Failed) -> Prepared:
    sentences = {
        Because.AUTH: _("The site does not accept the application password, or this user may not do this there."),
        Because.RATE: _("The server asks to wait a little."),
        Because.REJECTED: _("The server does not take this: %(answer)s"),
    }
    return logic.not_prepared(failed, sentences, _("The server could not be reached: %(answer)s"))


def _answering(session: Session, draft: Draft) -> Prepared:
    """Below which page and which comment an answer stands. Raises `Failed`."""
    if draft.media:
        sentence = _("An answer below a page has no pictures there.")
        return Prepared(problem=sentence, because=Because.REJECTED)
    number = draft.in_reply_to.removeprefix(COMMENT)
    if not number.isdecimal():
        return Prepared(problem=_("Koor does not know what this answers on the site."), because=Because.REJECTED)
    if not draft.in_reply_to.startswith(COMMENT):
        return Prepared(handle={"post": int(number), "parent": 0})
    found = client.read(session, f"comments/{number}")
    if not isinstance(found.get("post"), int):
        raise Failed(logic.unknown("no comment in the answer"))
    return Prepared(handle={"post": found["post"], "parent": int(number)})


def _upload(session: Session, medium: Medium) -> dict[str, Any]:
    """Bring a picture there, or find the one that is there already. Raises `Failed`."""
    own = f"koor-{sha256(medium.content + medium.alt.encode()).hexdigest()[:16]}"
    there = client.read(session, "media", {"slug": own, "context": "edit"})
    found: Mapping[str, Any] = {}
    if isinstance(there, list) and there and isinstance(there[0], dict):
        found = there[0]
    else:
        name = f"{own}.{medium.mime.rpartition('/')[2].replace('jpeg', 'jpg')}"
        found = client.write(
            session,
            "media",
            files={"file": (name, medium.content, medium.mime)},
            data={"slug": own, "alt_text": medium.alt, "title": medium.alt[:100] or medium.name},
        )
    if not isinstance(found.get("source_url"), str) or not isinstance(found.get("id"), int):
        raise Failed(logic.unknown("no media in the answer"))
    film = medium.mime.startswith("video/")
    return {"id": found["id"], "url": found["source_url"], "alt": medium.alt, **({"film": True} if film else {})}


def _names(typed: str) -> list[str]:
    return [name for part in re.split(r"[,\n]", typed) if (name := part.strip().lstrip("#")[:100])][:MOST_TERMS]


def _term(session: Session, kind: str, name: str, makes: bool) -> int:
    """The number of a category or tag. Raises `Failed`, `Unknown`."""
    for found in client.read(session, kind, {"search": name, "per_page": "100"}):
        if isinstance(found, dict) and logic.plain_text(str(found.get("name", ""))).casefold() == name.casefold():
            return int(found["id"])
    if not makes:
        raise Unknown(name)
    return int(client.write(session, kind, json={"name": name})["id"])


def send(session: Session, attempt: Attempt) -> Outcome:
    """The one step that makes the page, or the answer below one."""
    try:
        if attempt.draft.in_reply_to:
            return _answered(session, attempt)
        if attempt.number > 1 and isinstance(there := _there(session, attempt), Seen):
            return Outcome(Verdict.DONE, there.remote_id, there.url, answer="was there already")
        made = client.write(session, "posts", json=body_of(session, attempt))
    except Failed as failed:
        return failed.outcome
    own = page.slug(attempt.draft, attempt.key)
    if made.get("slug") == own:
        return Outcome(Verdict.DONE, str(made["id"]), address(made), answer="201")
    return _second(session, attempt, made)


def _second(session: Session, attempt: Attempt, made: Mapping[str, Any]) -> Outcome:
    """The site gave another address: with our number behind it, a page of ours was there; then this one goes."""
    own = page.slug(attempt.draft, attempt.key)
    if re.fullmatch(rf"{re.escape(own)}-\d+", str(made.get("slug", ""))):
        try:
            first = _there(session, attempt)
            if isinstance(first, Seen) and first.remote_id != str(made["id"]):
                client.write(session, f"posts/{made['id']}", "DELETE")
                return Outcome(Verdict.DONE, first.remote_id, first.url, answer="was there already")
        except Failed as failed:
            return logic.unknown(f"a second page was made: {failed.outcome.answer}")
    return Outcome(Verdict.DONE, str(made["id"]), address(made), answer="201, with another address")


def body_of(session: Session, attempt: Attempt) -> dict[str, Any]:
    """The page as it is sent: the same over all attempts."""
    draft, handle = attempt.draft, attempt.prepared.handle
    media: list[Mapping[str, Any]] = list(handle.get("media", ()))
    body: dict[str, Any] = {"slug": page.slug(draft, attempt.key), "status": status(session, draft)}
    if media and draft.options.get("featured") != "within" and not media[0].get("film"):
        body["featured_media"] = media.pop(0)["id"]
    body |= {"title": page.parted(draft)[0], "content": page.content(draft, media)}
    if excerpt := draft.options.get("excerpt", "").strip():
        body["excerpt"] = excerpt
    return body | {key: list(handle[key]) for key in ("categories", "tags") if handle.get(key)}


def status(session: Session, draft: Draft) -> str:
    chosen = draft.options.get("status") or session.settings.get("status")
    return "draft" if chosen == "draft" else "publish"


def address(made: Mapping[str, Any]) -> str:
    return str(made.get("link") or "")


def find(session: Session, attempt: Attempt) -> Seen | NotSeen | CannotKnow:
    """Look for the page under its slug, or for our answer among those below the page."""
    try:
        return _answer_there(session, attempt) if attempt.draft.in_reply_to else _there(session, attempt)
    except Failed as failed:
        return CannotKnow(failed.outcome.answer)


def _there(session: Session, attempt: Attempt) -> Seen | NotSeen:
    own = page.slug(attempt.draft, attempt.key)
    rows = _rows(client.read(session, "posts", {"slug": own, "status": ANY, "context": "edit"}))
    fits = [row for row in rows if row.get("slug") == own and isinstance(row.get("id"), int)]
    return Seen(str(fits[0]["id"]), address(fits[0])) if fits else NotSeen()


def _rows(found: Any) -> list[Mapping[str, Any]]:
    if not isinstance(found, list):
        raise Failed(logic.unknown("no list in the answer"))
    return [row for row in found if isinstance(row, dict)]


def _answered(session: Session, attempt: Attempt) -> Outcome:
    handle = attempt.prepared.handle
    if "post" not in handle:
        return Outcome(Verdict.DEFINITELY_NOT, because=Because.NOT_REACHED, answer="what it answers was not read")
    body = {"post": handle["post"], "parent": handle["parent"], "content": _said(attempt)}
    made = client.write(session, "comments", json=body)
    return Outcome(Verdict.DONE, f"{COMMENT}{made['id']}", address(made), answer="201")


def _said(attempt: Attempt) -> str:
    """As plain text: what looks like markup is shown as it was written."""
    return attempt.draft.text.strip().replace("&", "&amp;").replace("<", "&lt;")


def _answer_there(session: Session, attempt: Attempt) -> Seen | NotSeen | CannotKnow:
    """Among what our user said below this comment: WordPress takes the same words there only once."""
    handle, us = attempt.prepared.handle, client.me(session)["id"]
    query = {
        "post": str(handle.get("post", 0)),
        "author": str(us),
        "status": "all",
        "context": "edit",
        "per_page": str(COMMENTS),
    }
    rows = client.read(session, "comments", query)
    wanted = _heart(attempt.draft.text)
    for row in _rows(rows):
        number, content = f"{COMMENT}{row.get('id')}", row.get("content")
        told = content.get("raw", "") if isinstance(content, dict) else ""
        same = row.get("parent") == handle.get("parent") and number not in attempt.taken and row.get("author", us) == us
        if same and _heart(logic.plain_text(str(told))) == wanted:
            return Seen(number, address(row))
    return CannotKnow("more answers than were read") if len(rows) >= COMMENTS else NotSeen()


def _heart(text: str) -> str:
    return "".join(text.split())

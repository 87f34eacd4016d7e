"""Posting once. LinkedIn takes no key; of a page its own posts can be read back, of a person nothing can.

A comment is an answer: it stands under what it answers, and can be read back where the page's posts can."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from koor.connectors.linkedin import client, limits, little, media
from koor.connectors.linkedin.manifest import DOCUMENTS, MOST_IN_A_COMMENT
from koor.ground.channels import logic
from koor.ground.channels.contract import (
    Attempt,
    Because,
    CannotKnow,
    Draft,
    NotSeen,
    NotSent,
    Outcome,
    Prepared,
    Response,
    Seen,
    Session,
    Unclear,
    Verdict,
)
from koor.ground.channels.contract import message_id as _

CLOCKS_DIFFER = timedelta(minutes=10)  # between LinkedIn's clock and ours, at most
PAGE, PAGES = 50, 4  # of our own posts that are read back
COMMENTS = 100


def prepare(session: Session, draft: Draft) -> Prepared:
    """Check the limits, bring the media, find the pages that are named. Nothing becomes public."""
    held = session.limits or limits.limits_for(session.settings)
    problem = (
        logic.problem(draft, held, limits.length(draft, held)) or limits.problem(draft) or _problem(session, draft)
    )
    if problem:
        return problem
    handle: dict[str, Any] = {}
    try:
        if draft.media and not draft.in_reply_to:
            handle["media"] = media.brought(session, draft)
        if pages := little.pages_named(draft.text):
            handle["pages"] = numbers_of(session, pages)
    except client.Failed as failed:
        return _could_not(failed)
    except OSError:
        return Prepared(problem=_("The file can't be read at the moment."), because=Because.NONE)
    return Prepared(handle=handle)


def _problem(session: Session, draft: Draft) -> Prepared | None:
    """What LinkedIn does not have."""
    if draft.in_reply_to and draft.media:
        return Prepared(problem=_("A comment on LinkedIn goes without pictures."), because=Because.REJECTED)
    if draft.in_reply_to and len(draft.text.strip()) > MOST_IN_A_COMMENT:
        sentence = _("A comment on LinkedIn is at most %(limit)s characters.")
        return Prepared(problem=sentence, values={"limit": MOST_IN_A_COMMENT}, because=Because.REJECTED)
    if client.is_page(session) and draft.options.get("visibility") == "CONNECTIONS":
        return Prepared(problem=_("What a page says on LinkedIn is for everyone."), because=Because.REJECTED)
    return None


def _could_not(failed: client.Failed) -> Prepared:
    sentences = {
        Because.AUTH: _("LinkedIn no longer lets this account in."),
        Because.RATE: _("LinkedIn asks to wait a little."),
        Because.REJECTED: _("LinkedIn does not take this: %(answer)s"),
    }
    return logic.not_prepared(failed, sentences, _("LinkedIn could not be reached: %(answer)s"))


def numbers_of(session: Session, names: list[str]) -> dict[str, str]:
    """The URNs of pages by the name in their address. Who is not there, or may not be looked up, stays plain text."""
    found = {}
    for name in names:
        try:
            rows = client.read(session, f"/rest/organizations?q=vanityName&vanityName={name}", "FINDER").get("elements")
        except client.Failed as failed:
            if failed.status in (400, 403, 404):
                continue
            raise
        if isinstance(rows, list) and rows and isinstance(rows[0], dict) and rows[0].get("id"):
            found[name] = f"urn:li:organization:{rows[0]['id']}"
    return found


def send(session: Session, attempt: Attempt) -> Outcome:
    """The one step that makes the post public."""
    draft = attempt.draft
    try:
        if draft.in_reply_to:
            path = f"/rest/socialActions/{client.path_of(draft.in_reply_to)}/comments"
            response = client.ask(session, "POST", path, json=comment(session, draft), seconds=client.WRITE_SECONDS)
        else:
            body = post(session, draft, attempt.prepared.handle)
            response = client.ask(session, "POST", "/rest/posts", json=body, seconds=client.WRITE_SECONDS)
    except NotSent as error:
        return logic.not_reached(error)
    except Unclear as error:
        return logic.unknown(str(error))
    return _classified(session, attempt, response)


def _classified(session: Session, attempt: Attempt, response: Response) -> Outcome:
    urn = _made(attempt.draft, response)
    if response.status == 201 and urn:
        return Outcome(Verdict.DONE, urn, client.address(client.parts_of(urn)[0] or urn), answer="201")
    if client.is_duplicate(response) and attempt.number > 1 and client.is_page(session):
        # Ours was looked for until it was certain that it is not there: so it is the words of another post
        said = client.said(response, session)
        return Outcome(Verdict.DEFINITELY_NOT, because=Because.REJECTED, answer=said)
    return client.refusal(session, response) or logic.unknown(client.said(response, session))


def _made(draft: Draft, response: Response) -> str:
    """The URN of what was made: of a post in a header, of a comment in the answer."""
    if not draft.in_reply_to:
        told = str(response.headers.get("x-restli-id", "") or response.headers.get("x-linkedin-id", ""))
        return told if client.URN.fullmatch(told) else ""
    entity = client.entity_of(response)
    told = str(entity.get("commentUrn") or entity.get("$URN") or "")
    return told if client.COMMENT.fullmatch(told) else ""


def post(session: Session, draft: Draft, handle: Mapping[str, Any]) -> dict[str, Any]:
    """A post as the interface takes it: the same over all attempts."""
    chosen = draft.options.get("visibility", "")
    body: dict[str, Any] = {
        "author": client.author(session),
        "commentary": little.commentary(little.wording(draft), handle.get("pages", {})),
        "visibility": "CONNECTIONS" if chosen == "CONNECTIONS" and not client.is_page(session) else "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    }
    if content := _content(draft, [str(one) for one in handle.get("media", ())]):
        body["content"] = content
    return body


def _content(draft: Draft, urns: list[str]) -> dict[str, Any]:
    if len(urns) > 1:
        images = [{"id": urn, "altText": one.alt} for urn, one in zip(urns, draft.media, strict=False)]
        return {"multiImage": {"images": images}}
    if urns:
        one = draft.media[0]
        named = one.mime in DOCUMENTS or one.mime.startswith("video/")
        told = {"title": (draft.title or one.alt or one.name)[:400]} if named else {"altText": one.alt}
        return {"media": {"id": urns[0], **told}}
    if draft.link:  # LinkedIn looks nothing up: the card says what we say
        title = draft.title or urlsplit(draft.link).hostname or draft.link
        return {"article": {"source": draft.link, "title": title[:400]}}
    return {}


def comment(session: Session, draft: Draft) -> dict[str, Any]:
    """An answer as the interface takes it; under a comment it is an answer to that one."""
    above, _number = client.parts_of(draft.in_reply_to)
    text = little.shown(little.wording(draft))
    made: dict[str, Any] = {
        "actor": client.author(session),
        "object": above or draft.in_reply_to,
        "message": {"text": text if not draft.link or draft.link in text else f"{text}\n\n{draft.link}"},
    }
    return made | ({"parentComment": draft.in_reply_to} if above else {})


def find(session: Session, attempt: Attempt) -> Seen | NotSeen | CannotKnow:
    """Look for it among what our page said since the first attempt. Of a person nothing can be read."""
    if not client.is_page(session):
        return CannotKnow("LinkedIn shows a program nothing of what a person posts")
    try:
        rows = _comments(session, attempt) if attempt.draft.in_reply_to else _posts(session, attempt)
        found = next((row for row in rows if _is_it(session, attempt, row)), None)
    except client.Failed as failed:
        return CannotKnow(failed.outcome.answer)
    if found is None:
        return NotSeen()
    urn = str(found.get("commentUrn") or found.get("$URN") or found.get("id"))
    return Seen(urn, client.address(client.parts_of(urn)[0] or urn))


def _posts(session: Session, attempt: Attempt) -> Iterator[Mapping[str, Any]]:
    """Our posts since the first attempt, newest first. Raises `client.Failed` when they could not all be read."""
    first, author = attempt.started_at - CLOCKS_DIFFER, client.path_of(client.author(session))
    for number in range(PAGES):
        path = f"/rest/posts?author={author}&q=author&count={PAGE}&start={number * PAGE}&sortBy=CREATED"
        rows = elements(client.read(session, path, "FINDER"))
        yield from rows
        if len(rows) < PAGE or any(_made_at(row) < first for row in rows):
            return
    raise client.Failed(logic.unknown("too many posts since then to read them all back"))


def _comments(session: Session, attempt: Attempt) -> Iterator[Mapping[str, Any]]:
    """What stands under what we answered."""
    place = client.path_of(attempt.draft.in_reply_to)
    for number in range(PAGES):
        path = f"/rest/socialActions/{place}/comments?count={COMMENTS}&start={number * COMMENTS}"
        rows = elements(client.read(session, path))
        yield from rows
        if len(rows) < COMMENTS:
            return
    raise client.Failed(logic.unknown("too many comments to read them all"))


def elements(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The rows of a list. Raises `client.Failed` when it is none: then nothing is known."""
    rows = found.get("elements")
    if not isinstance(rows, list):
        raise client.Failed(logic.unknown("no list in the answer"))
    return [row for row in rows if isinstance(row, dict)]


def _made_at(row: Mapping[str, Any]) -> datetime:
    created = row.get("created")
    told = created.get("time") if isinstance(created, dict) else row.get("createdAt") or row.get("publishedAt")
    number = told if isinstance(told, int) and not isinstance(told, bool) else 0
    return datetime.fromtimestamp(min(max(number, 0) / 1000, 4e9), UTC) if number else datetime.max.replace(tzinfo=UTC)


def _is_it(session: Session, attempt: Attempt, row: Mapping[str, Any]) -> bool:
    """Whether this is ours: by its media, which carry our numbers, else by its words."""
    urn = str(row.get("commentUrn") or row.get("$URN") or row.get("id") or "")
    writer = row.get("actor") if attempt.draft.in_reply_to else row.get("author")
    late = _made_at(row) < attempt.started_at - CLOCKS_DIFFER
    if not urn or urn in attempt.taken or late or writer != client.author(session):
        return False
    if attempt.draft.in_reply_to:
        said = row.get("message")
        text = str(said.get("text", "")) if isinstance(said, dict) else ""
        return little.heart(text) == little.heart(comment(session, attempt.draft)["message"]["text"])
    ours = {str(one) for one in attempt.prepared.handle.get("media", ())}
    if ours or _shown(row):
        return bool(ours & _shown(row))
    wanted = little.plain(post(session, attempt.draft, attempt.prepared.handle)["commentary"])
    return little.heart(little.plain(str(row.get("commentary", "")))) == little.heart(wanted)


def _shown(row: Mapping[str, Any]) -> set[str]:
    """The URNs of the media that a post shows."""
    content = row.get("content")
    content = content if isinstance(content, dict) else {}
    one, several = content.get("media"), content.get("multiImage")
    rows = [one, *(several.get("images") or [])] if isinstance(several, dict) else [one]
    return {str(row["id"]) for row in rows if isinstance(row, dict) and row.get("id")}

"""Posting once. Mastodon keeps an Idempotency-Key for an hour; servers that speak its interface ignore it, and Mastodon
stores it only after the post was made. So the key is sent, and `find` looks before anything is sent again. A thread
goes by parts, each under the one before it."""

from __future__ import annotations

import dataclasses
import difflib
import json
import re
import time
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from koor.connectors.mastodon import client, limits
from koor.ground.channels import logic
from koor.ground.channels.contract import (
    Attempt,
    Because,
    CannotKnow,
    Draft,
    Limits,
    Medium,
    NotSeen,
    NotSent,
    Outcome,
    Prepared,
    Seen,
    Session,
    Unclear,
    Verdict,
)
from koor.ground.channels.contract import message_id as _
from koor.ground.channels.logic import parts
from koor.kernel.normal import normal

PROCESSING_SECONDS = 25.0  # that a picture or film may take before we come back later
CLOCKS_DIFFER = timedelta(minutes=10)  # between the server's clock and ours, at most
PAGE = 40  # statuses in one page, the most that Mastodon gives
PAGES = 5  # of our own posts that are read back
ALIKE = 0.8  # from this likeness on a text may be ours, shown in the server's own way
WIDER = ("direct", "private", "unlisted", "public")  # from narrow to wide


def prepare(session: Session, draft: Draft) -> Prepared:
    """Check the limits, upload the media and wait for them, read what is answered. Nothing becomes public."""
    held = session.limits or limits.limits_for(session.settings)
    if problem := _problem(draft, held) or limits.problem(draft):
        return problem
    try:
        handle = _answering(session, draft) if draft.in_reply_to else {}
        media = [_upload(session, medium) for medium in draft.media]
    except client.Failed as failure:
        return _could_not(failure)
    whole = dataclasses.replace(draft, text=_text(draft, handle))
    handle |= {"media_ids": media} if media else {}
    handle |= {"parts": limits.posts(whole, held) or [""]} if parts.is_thread(draft) else {}
    return _problem(whole, held) or Prepared(handle=handle)


def _problem(draft: Draft, held: Limits) -> Prepared | None:
    pieces = limits.posts(draft, held)
    said = draft if pieces else dataclasses.replace(draft, text="")  # no more than places to cut
    return logic.problem(said, held, limits.length(draft, held)) or parts.too_many(pieces)


def _could_not(failed: client.Failed) -> Prepared:
    sentences = {
        Because.AUTH: _("The server no longer accepts the access token of this account."),
        Because.RATE: _("The server asks to wait a little."),
        Because.REJECTED: _("The server does not take this: %(answer)s"),
    }
    return logic.not_prepared(failed, sentences, _("The server could not be reached: %(answer)s"))


def _answering(session: Session, draft: Draft) -> dict[str, Any]:
    """Whom an answer names, and how widely it may be seen: never wider than what it answers."""
    parent = client.read(session, f"/api/v1/statuses/{draft.in_reply_to}")
    if not client.is_status(parent):
        raise client.Failed(logic.unknown("no status in the answer"))
    ours = str(parent["account"].get("id")) == str(client.me(session)["id"])
    mention = "" if ours else f"@{parent['account'].get('acct', '')}"
    return {"mention": mention, "visibility": str(parent.get("visibility", "public"))}


def _upload(session: Session, medium: Medium) -> str:
    """Upload one piece and wait until the server has processed it; gives its id. Raises `client.Failed`."""
    named = {"file": (medium.name, medium.content, medium.mime)}
    described = {"description": medium.alt} if medium.alt else {}
    if medium.focus is not None:  # from -1 to 1, upwards
        described["focus"] = f"{medium.focus[0] * 2 - 1:.2f},{1 - medium.focus[1] * 2:.2f}"
    try:
        response = client.ask(
            session, "POST", "/api/v2/media", files=named, data=described or None, seconds=client.WRITE_SECONDS
        )
    except (NotSent, Unclear) as error:  # an upload that nobody sees may be repeated: the server forgets it in a day
        raise client.Failed(logic.not_reached(error)) from error
    found = logic.json_of(response)
    if response.status not in (200, 202) or not isinstance(found, dict) or not found.get("id"):
        raise client.Failed(client.refusal(session, response) or logic.unknown(logic.brief(response, session)))
    if response.status == 202:
        _wait_for(session, str(found["id"]))
    return str(found["id"])


def _wait_for(session: Session, media_id: str) -> None:
    """Until the media are processed: 206 while they are not, 200 with an address when they are.

    GoToSocial answers 200 with a null address meanwhile; where that lasts, the post may go all the same.
    Raises `client.Failed`."""
    until, pause = time.monotonic() + PROCESSING_SECONDS, 0.25
    while True:
        try:
            response = client.ask(session, "GET", f"/api/v1/media/{media_id}")
        except (NotSent, Unclear) as error:
            raise client.Failed(logic.not_reached(error)) from error
        found = logic.json_of(response)
        if response.status not in (200, 206):
            raise client.Failed(client.refusal(session, response) or logic.unknown(logic.brief(response, session)))
        if response.status == 200 and isinstance(found, dict) and found.get("url"):
            return
        if time.monotonic() + pause > until:
            break
        time.sleep(pause)
        pause = min(pause * 2, 3.0)
    if response.status == 206:
        raise client.Failed(logic.unknown("the media are still being processed"))


def send(session: Session, attempt: Attempt) -> Outcome:
    """The one step that makes the post public, or the first part of a thread that is not up."""
    now = _now(attempt)
    outcome = client.write(
        session,
        "POST",
        "/api/v1/statuses",
        headers={"Idempotency-Key": attempt.key},
        json=_body(session, now.draft, now.prepared.handle),
    )
    return dataclasses.replace(outcome, more=outcome.verdict is Verdict.DONE and parts.goes_on(attempt))


def _now(attempt: Attempt) -> Attempt:
    """What goes now as a post of its own: pictures, the poll and who is answered go with the first part of a thread."""
    if not parts.pieces_of(attempt):
        return attempt
    draft, handle, chain = attempt.draft, attempt.prepared.handle, parts.chain_of(attempt)
    draft = dataclasses.replace(draft, text=parts.piece_of(attempt, ""), link="")
    if chain:
        options = {key: value for key, value in draft.options.items() if key not in ("poll", "poll_hours")}
        draft = dataclasses.replace(draft, in_reply_to=chain[-1], media=(), options=options)
        handle = {key: value for key, value in handle.items() if key == "visibility"}
    known = attempt.taken | set(chain)
    return dataclasses.replace(attempt, draft=draft, prepared=Prepared(handle=handle), taken=known)


def _body(session: Session, draft: Draft, handle: Mapping[str, Any]) -> dict[str, Any]:
    warning = draft.options.get("content_warning", "").strip()
    body: dict[str, Any] = {"status": _text(draft, handle), "visibility": visibility(session, draft, handle)}
    if handle.get("media_ids"):
        body["media_ids"] = list(handle["media_ids"])
    if draft.in_reply_to:
        body["in_reply_to_id"] = draft.in_reply_to
    if warning:
        body |= {"spoiler_text": warning, "sensitive": True}
    if re.fullmatch(r"[a-z]{2,3}", draft.language):
        body["language"] = draft.language
    choices, hours = limits.poll_of(draft)
    if choices and not draft.media:
        body["poll"] = {
            "options": choices,
            "expires_in": 3600 * int(hours if hours.isdecimal() else 24),
            "multiple": False,
        }
    return body


def _text(draft: Draft, handle: Mapping[str, Any]) -> str:
    """The text, with the person who is answered named in it: without that Mastodon tells them nothing."""
    text, mention = logic.wording(draft), str(handle.get("mention", ""))
    return f"{mention} {text}" if len(mention) > 1 and mention.lower() not in text.lower() else text


def visibility(session: Session, draft: Draft, handle: Mapping[str, Any]) -> str:
    """Who sees it: as chosen, else the account's habit; an answer never wider than what it answers."""
    chosen = draft.options.get("visibility") or session.settings.get("visibility") or "public"
    chosen = chosen if chosen in WIDER else "public"
    parent = str(handle.get("visibility", "public"))
    return min(chosen, parent, key=WIDER.index) if parent in WIDER else chosen


def find(session: Session, attempt: Attempt) -> Seen | NotSeen | CannotKnow:
    """Look for the post, or the part that goes now, among what our account said since the first attempt."""
    goes_on, attempt = parts.goes_on(attempt), _now(attempt)
    try:
        own = client.me(session)
        for status in _since(session, attempt, own):
            if _is_it(session, attempt, status):
                return Seen(str(status["id"]), client.address(status), goes_on)
        narrow = visibility(session, attempt.draft, attempt.prepared.handle)
        if narrow in ("private", "direct") and not _lists_narrow(session):
            return CannotKnow("this server does not list private posts to their author")
    except client.Failed as failure:
        return CannotKnow(failure.outcome.answer)
    return NotSeen()


def _since(session: Session, attempt: Attempt, own: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Our statuses that may be it, oldest first. Raises `client.Failed` when they could not all be read."""
    first = attempt.started_at - CLOCKS_DIFFER
    found: dict[str, Mapping[str, Any]] = {}
    for path, query in _places(session, attempt, str(own["id"])):
        for status in _pages(session, path, query, first):
            if client.writer_of(status) == str(own["id"]) and not status.get("reblog"):
                found[str(status["id"])] = status
    yield from (found[key] for key in sorted(found, key=order) if key not in attempt.taken)


def _places(session: Session, attempt: Attempt, own_id: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Where a post of ours can be seen. Takahē leaves private posts out of the first; home and the thread have them."""
    yield f"/api/v1/accounts/{own_id}/statuses", [("exclude_reblogs", "true")]
    if visibility(session, attempt.draft, attempt.prepared.handle) in ("private", "direct"):
        yield "/api/v1/timelines/home", []
    if attempt.draft.in_reply_to:
        yield f"/api/v1/statuses/{attempt.draft.in_reply_to}/context", []


def _pages(session: Session, path: str, query: list[tuple[str, str]], first: datetime) -> Iterator[Mapping[str, Any]]:
    """All statuses of a list since `first`. A short page is not the last one: GoToSocial filters after it counted.

    Raises `client.Failed` when the list can't be read to its end."""
    known: set[str] = set()
    for _number in range(PAGES):
        oldest = [("max_id", min(known, key=order))] if known else []
        found = client.read(session, path, [*query, ("limit", str(PAGE)), *oldest])
        if isinstance(found, dict):  # a thread comes whole
            yield from (s for s in found.get("descendants", []) if client.is_status(s) and _after(s, first))
            return
        fresh = [status for status in found if client.is_status(status) and str(status["id"]) not in known]
        yield from (status for status in fresh if _after(status, first))
        if not fresh or not all(_after(status, first) for status in fresh):
            return
        known |= {str(status["id"]) for status in fresh}
    raise client.Failed(logic.unknown("too many posts since then to read them all back"))


def order(remote_id: str) -> tuple[int, str]:
    """Ids rise with time, as numbers (Mastodon, Takahē) or as text of one length (GoToSocial)."""
    return len(remote_id), remote_id


def _after(status: Mapping[str, Any], first: datetime) -> bool:
    created = logic.moment(status.get("created_at"))
    return created is None or created >= first


def _is_it(session: Session, attempt: Attempt, status: Mapping[str, Any]) -> bool:
    """Whether this status is our post: by its media, which carry our numbers, else by its words."""
    handle, draft = attempt.prepared.handle, attempt.draft
    attached = [str(piece.get("id")) for piece in status.get("media_attachments", [])]
    if set(attached) & {str(media_id) for media_id in handle.get("media_ids", [])}:
        return True
    if len(attached) != len(draft.media) or status.get("in_reply_to_id") not in (None, draft.in_reply_to or None):
        return False
    if heart(str(status.get("spoiler_text", ""))) != heart(draft.options.get("content_warning", "")):
        return False
    wanted = heart(_text(draft, handle))
    if not wanted:
        return [heart(str(piece.get("description") or "")) for piece in status.get("media_attachments", [])] == [
            heart(medium.alt) for medium in draft.media
        ]
    return wanted == heart(logic.plain_text(str(status["content"]))) or _was_it(session, status, wanted)


def _was_it(session: Session, status: Mapping[str, Any], wanted: str) -> bool:
    """The slower look, for a status that is much alike: its source, and its first version when it was edited.

    Raises `client.Failed` when it can't be told."""
    shown = heart(logic.plain_text(str(status["content"])))
    if status.get("edited_at"):
        versions = _quietly(session, f"/api/v1/statuses/{status['id']}/history")
        first = versions[0] if isinstance(versions, list) and versions else {}
        return heart(logic.plain_text(str(first.get("content", "")))) == wanted
    if likeness(shown, wanted) < ALIKE:
        return False
    source = _quietly(session, f"/api/v1/statuses/{status['id']}/source")
    if not isinstance(source, dict):
        raise client.Failed(logic.unknown("a post much like this one is there; whether it is this one can't be seen"))
    return heart(str(source.get("text", ""))) == wanted


def likeness(one: str, other: str) -> float:
    """How much two texts are alike, 0 to 1, by their first 2,000 signs."""
    matcher = difflib.SequenceMatcher(None, one[:2000], other[:2000], autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0


def _quietly(session: Session, path: str) -> Any:
    """A read that some servers do not have: None there. Raises `client.Failed` otherwise."""
    try:
        return client.read(session, path)
    except client.Failed as failure:
        if failure.status in (400, 404, 405, 410, 501):
            return None
        raise


def heart(text: str) -> str:
    """What a server leaves the same of a text: no whitespace, no invisible signs, no domains in mentions."""
    whole = normal(limits.without_domains(text))
    return "".join(c for c in whole if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc", "Mn"))


def _lists_narrow(session: Session) -> bool:
    """Whether the server lists private and direct posts to their author: Mastodon and its forks do."""
    found = client.read(session, "/api/v2/instance")
    version = json.dumps(found.get("version", "")).lower() if isinstance(found, dict) else ""
    known = re.match(r'"(\d+)\.', version)
    other = any(name in version for name in ("takahe", "gotosocial", "pleroma", "akkoma", "pixelfed", "git-"))
    return bool(known) and int(known[1] if known else 0) >= 4 and not other

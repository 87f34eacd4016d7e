"""Posting on a page, and looking whether it is there. Source: docs/pages-api/posts and graph-api/reference/page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from koor.connectors import meta
from koor.connectors.facebook import limits as own
from koor.connectors.facebook import upload
from koor.connectors.facebook.manifest import MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import (
    Attempt,
    Because,
    CannotKnow,
    Draft,
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

PAGE = 100  # rows that are read back
ASIDE = 5.0  # seconds for what is asked after it is up
UNSHOWN = frozenset({"ready", "uploading"})  # states of a film in which "not published" says that nobody sees it


def prepare(session: Session, draft: Draft) -> Prepared:
    """Brings pictures, or a film, to the page unpublished: nobody sees them until a post shows them."""
    limits = session.limits or MANIFEST.limits
    problem = logic.problem(draft, limits, own.length(draft, limits)) or own.problem(draft)
    if problem is not None:
        return problem
    try:
        if draft.media and own.is_film(draft.media[0]):
            return Prepared(handle=upload.brought(session, page_of(session), draft.media[0]))
        return Prepared(handle={"photos": [_uploaded(session, one) for one in draft.media]} if draft.media else {})
    except meta.Failed as failed:
        return meta.not_prepared(failed)
    except OSError:
        return Prepared(problem=_("The file can't be read at the moment."), because=Because.NONE)


def _uploaded(session: Session, medium: Medium) -> str:
    outcome = meta.write(
        session,
        "POST",
        f"{meta.FACEBOOK}/{page_of(session)}/photos",
        meta.number_in,
        data={"published": "false", **({"alt_text_custom": medium.alt} if medium.alt else {})},
        files={"source": (medium.name, medium.content, medium.mime)},
    )
    if outcome.verdict is not Verdict.DONE:
        raise meta.Failed(outcome)
    return outcome.remote_id


def page_of(session: Session) -> str:
    return meta.safe(session.settings.get("page", ""))


def send(session: Session, attempt: Attempt) -> Outcome:
    """The one step that makes it public."""
    draft, photos = attempt.draft, [str(one) for one in attempt.prepared.handle.get("photos", [])]
    if draft.media and own.is_film(draft.media[0]):
        return _film_sent(session, attempt)
    if draft.in_reply_to:
        body: dict[str, Any] = {"message": meta.wording(draft)} | ({"attachment_id": photos[0]} if photos else {})
        address = f"{meta.FACEBOOK}/{meta.safe(draft.in_reply_to)}/comments"
        outcome = meta.write(session, "POST", address, meta.number_in, json=body)
    else:
        address = f"{meta.FACEBOOK}/{page_of(session)}/feed"
        outcome = meta.write(session, "POST", address, meta.number_in, json=_body(draft, photos))
    if outcome.verdict is not Verdict.DONE:
        return outcome
    return Outcome(Verdict.DONE, outcome.remote_id, f"https://www.facebook.com/{outcome.remote_id}", answer="200")


def _film_sent(session: Session, attempt: Attempt) -> Outcome:
    """Shows the film that is there. Known by the post that it stands in, as Facebook lists it and hangs comments under;
    where Facebook does not tell that yet, by the film."""
    film, handle = _film_of(attempt), attempt.prepared.handle
    if not film:  # made ready by a Koor that sent films whole
        words = "the film was not brought beforehand"
        return Outcome(Verdict.DEFINITELY_NOT, because=Because.REJECTED, answer=words)
    data = {"upload_phase": "finish", "upload_session_id": str(handle.get("upload", ""))}
    told = {**data, "description": meta.wording(attempt.draft)}
    address = f"{meta.FACEBOOK}/{page_of(session)}/videos"
    outcome = meta.write(session, "POST", address, meta.success(film), data=told)
    if outcome.verdict is not Verdict.DONE:
        return outcome
    number = _post_of(session, film) or film
    return Outcome(Verdict.DONE, number, f"https://www.facebook.com/{number}", answer="200")


def _film_of(attempt: Attempt) -> str:
    return str(attempt.prepared.handle.get("video", ""))


def _post_of(session: Session, film: str) -> str:
    """The number of the post of a film; empty where it is not told at once. The film is up, whatever comes of this."""
    try:
        address = f"{meta.FACEBOOK}/{meta.safe(film)}"
        found = logic.json_of(meta.ask(session, "GET", address, seconds=ASIDE, params={"fields": "post_id"}))
    except (NotSent, Unclear):
        return ""
    number = str(found.get("post_id") or "") if isinstance(found, dict) else ""
    return _on_page(session, number)


def _on_page(session: Session, number: str) -> str:
    """The number of a post with its page before it; empty for what is none."""
    if not number or number != meta.safe(number):
        return ""
    return number if "_" in number else f"{page_of(session)}_{number}"


def _body(draft: Draft, photos: list[str]) -> dict[str, Any]:
    body: dict[str, Any] = {"message": meta.wording(draft)}
    if photos:
        body["attached_media"] = [{"media_fbid": number} for number in photos]
    elif draft.link:
        body["link"] = draft.link
    return body


def find(session: Session, attempt: Attempt) -> Seen | NotSeen | CannotKnow:
    """Read the page back since the first attempt; of an answer what stands under the post."""
    draft = attempt.draft
    since = str(int((attempt.started_at - meta.CLOCKS_DIFFER).timestamp()))
    fields = "id,message,created_time,permalink_url,from,attachments{target,subattachments{target}}"
    if draft.in_reply_to:
        address, fields = f"{meta.FACEBOOK}/{meta.safe(draft.in_reply_to)}/comments", "id,message,created_time,from"
    else:
        address = f"{meta.FACEBOOK}/{page_of(session)}/published_posts"
    try:
        found = meta.read(session, address, fields=fields, since=since, limit=str(PAGE))
        alike = [row for row in meta.rows_of(found) if isinstance(row, dict) and _is_it(session, attempt, row)]
    except meta.Failed as failed:
        return CannotKnow(failed.outcome.answer)
    ours = next((row for row in alike if meta.writer_of(row) or not draft.in_reply_to), None)
    if ours is not None:
        return Seen(str(ours["id"]), str(ours.get("permalink_url") or ""))
    if alike:
        return CannotKnow("the same words stand there, and not who wrote them")
    if film := _film_of(attempt):
        return _by_the_film(session, attempt, film)
    if not meta.heart(draft.text) and any(own.is_film(one) for one in draft.media):
        return CannotKnow("a film without words and without a number can't be recognised")
    return CannotKnow("too many posts to read them all back") if meta.goes_on(found, PAGE) else NotSeen()


def _by_the_film(session: Session, attempt: Attempt, film: str) -> Seen | NotSeen | CannotKnow:
    """What the film itself says while no post of it is listed. It is only not there where Facebook says so in so many
    words; whether a film that is asked for twice stays one film is nowhere written."""
    try:
        told = meta.read(session, f"{meta.FACEBOOK}/{meta.safe(film)}", fields="published,status,post_id,permalink_url")
    except meta.Failed as failed:
        return CannotKnow(failed.outcome.answer)
    status = told.get("status")
    state = str(status.get("video_status") or "") if isinstance(status, dict) else ""
    post, shown = _on_page(session, str(told.get("post_id") or "")), told.get("published")
    if attempt.taken & {film, post}:
        return CannotKnow("the film is there under a number that is known already")
    if shown is True and state == "ready":
        return Seen(post or film, f"https://www.facebook.com/{post or film}")
    if shown is False and state in UNSHOWN and not told.get("post_id") and not _being_shown(status):
        return NotSeen()
    return CannotKnow(f"Facebook does not say whether the film is shown ({state or 'no state'})")


def _being_shown(status: Any) -> bool:
    """Whether showing it began, where Facebook tells of that."""
    phase = status.get("publishing_phase") if isinstance(status, dict) else None
    return isinstance(phase, dict) and phase.get("status") != "not_started"


def _is_it(session: Session, attempt: Attempt, row: Mapping[str, Any]) -> bool:
    """By the pictures, which carry our numbers, else by its words; also where its writer is not told."""
    created = logic.moment(row.get("created_time"))
    ours = meta.writer_of(row) in ("", page_of(session))
    if not ours or str(row.get("id", "")) in attempt.taken or not row.get("id"):
        return False
    if created is not None and created < attempt.started_at - meta.CLOCKS_DIFFER:
        return False
    shown = set(_targets(row))
    if shown & attempt.taken:  # the post of a film that is known by its own number
        return False
    brought = {_film_of(attempt), *(str(one) for one in attempt.prepared.handle.get("photos", []))}
    if shown & (brought - {""}):
        return True
    return meta.heart(str(row.get("message") or "")) == meta.heart(meta.wording(attempt.draft)) != ""


def _targets(found: Any) -> list[str]:
    """The numbers of everything that is attached, however deep."""
    if isinstance(found, list):
        return [number for one in found for number in _targets(one)]
    if not isinstance(found, dict):
        return []
    own = [str(found["target"]["id"])] if isinstance(found.get("target"), dict) and "id" in found["target"] else []
    inside = [found.get("attachments"), found.get("subattachments"), found.get("data")]
    return own + [number for one in inside for number in _targets(one)]

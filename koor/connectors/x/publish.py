"""Posting once. X takes no key; our own posts are read back before anything is sent again. A thread goes by parts."""

from __future__ import annotations

import dataclasses
import html
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from koor.connectors.x import client, limits, media
from koor.ground.channels import logic
from koor.ground.channels.contract import (
    Attempt,
    Because,
    CannotKnow,
    Draft,
    NotSeen,
    Outcome,
    Prepared,
    Seen,
    Session,
    Verdict,
)
from koor.ground.channels.contract import message_id as _
from koor.ground.channels.logic import parts
from koor.kernel.normal import normal

CLOCKS_DIFFER = timedelta(minutes=10)  # between the clock of X and ours, at most
PAGE, PAGES = 100, 5  # of our own posts that are read back
FIELDS = {"post.fields": "created_at,attachments,entities", "expansions": "referenced_posts"}
A_LINK = "\ue000"  # stands for any link: X writes them in its own way


def prepare(session: Session, draft: Draft) -> Prepared:
    """Check the limits, bring the media, freeze the parts. Nothing becomes public."""
    held = session.limits or limits.limits_for(session.settings)
    pieces = limits.posts(draft, held)
    problem = logic.problem(draft, held, limits.length(draft, held)) or limits.problem(draft) or parts.too_many(pieces)
    if problem is not None:
        return problem
    handle: dict[str, Any] = {"parts": pieces}
    try:
        if draft.media:
            handle["media"] = media.brought(session, draft)
    except client.Failed as failed:
        return _could_not(failed)
    except OSError:
        return Prepared(problem=_("The file can't be read at the moment."), because=Because.NONE)
    return Prepared(handle=handle)


def _could_not(failed: client.Failed) -> Prepared:
    sentences = {
        Because.AUTH: _("X does not let this account in, or its credits are used up: %(answer)s"),
        Because.RATE: _("X asks to wait a little."),
        Because.REJECTED: _("X does not take this: %(answer)s"),
    }
    return logic.not_prepared(failed, sentences, _("X could not be reached: %(answer)s"))


def send(session: Session, attempt: Attempt) -> Outcome:
    """The one step that makes a post public: the first part that is not up yet."""
    outcome, response = client.write(session, "POST", "/2/tweets", client.number_in, json=body_of(attempt))
    if outcome.verdict is Verdict.DONE:
        return dataclasses.replace(outcome, more=parts.goes_on(attempt))
    if response is not None and client.is_duplicate(response) and attempt.number > 1:
        return _again(session, attempt, client.said(response, session))
    return outcome


def _again(session: Session, attempt: Attempt, said: str) -> Outcome:
    """X saw these words before. After a whole round of looks that is another post's; a read more makes sure."""
    found = find(session, attempt)
    if isinstance(found, Seen):
        return Outcome(Verdict.DONE, found.remote_id, found.url, answer="was there already", more=found.more)
    if isinstance(found, NotSeen):
        return Outcome(Verdict.DEFINITELY_NOT, because=Because.REJECTED, answer=said)
    return logic.unknown(said)


def body_of(attempt: Attempt) -> dict[str, Any]:
    """The part that goes now: the same over all attempts. Pictures go with the first."""
    chain, draft = parts.chain_of(attempt), attempt.draft
    body: dict[str, Any] = {"text": parts.piece_of(attempt, limits.wording(draft))}
    numbers = [str(one) for one in attempt.prepared.handle.get("media", ())]
    if numbers and not chain:
        body["media"] = {"media_ids": numbers}
    if above := chain[-1] if chain else draft.in_reply_to:
        body["reply"] = {"in_reply_to_tweet_id": above}
    return body


def find(session: Session, attempt: Attempt) -> Seen | NotSeen | CannotKnow:
    """Look for the part that was sent last among what our account said since the first attempt."""
    if session.settings.get("reads") == "no":
        return CannotKnow("this application may not read")
    wanted, known = body_of(attempt), {*attempt.taken, *parts.chain_of(attempt)}
    try:
        ours = client.my_number(session)
        for post in _since(session, ours, attempt.started_at - CLOCKS_DIFFER):
            if str(post["id"]) not in known and _is_it(wanted, post):
                return Seen(str(post["id"]), client.address(str(post["id"])), parts.goes_on(attempt))
    except client.Failed as failed:
        return CannotKnow(failed.outcome.answer)
    return NotSeen()


def _since(session: Session, ours: str, first: datetime) -> Iterator[Mapping[str, Any]]:
    """Our posts since then. Raises `client.Failed` when they could not all be read."""
    asked = {"max_results": str(PAGE), "exclude": "retweets", **FIELDS}
    asked["start_time"] = first.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for _page in range(PAGES):
        found = client.data_of(session, "GET", f"/2/users/{ours}/tweets?{urlencode(asked)}")
        rows, meta = found.get("data", []), found.get("meta")
        if not isinstance(rows, list) or not isinstance(meta, dict):
            raise client.Failed(logic.unknown("no list in the answer"))
        yield from (row for row in rows if isinstance(row, dict) and row.get("id"))
        if not meta.get("next_token"):
            return
        asked["pagination_token"] = str(meta["next_token"])
    raise client.Failed(logic.unknown("too many posts since then to read them all back"))


def _is_it(wanted: Mapping[str, Any], post: Mapping[str, Any]) -> bool:
    """Whether this post is ours: by its media, which carry our numbers, else by its words and what it answers."""
    numbers = set(wanted.get("media", {}).get("media_ids", ()))
    attached = post.get("attachments")
    keys = attached.get("media_keys") if isinstance(attached, dict) else None
    keys = keys if isinstance(keys, list) else []
    if numbers or keys:
        return bool(numbers & {str(key).rsplit("_", 1)[-1] for key in keys})
    answers = wanted.get("reply", {}).get("in_reply_to_tweet_id", "")
    above = replied_to(post)
    if above is not None and above != answers:
        return False
    ours, theirs = str(wanted["text"]), _shown(post)
    if answers:
        ours, theirs = without_names(ours), without_names(theirs)
    return heart(ours) == heart(theirs)


def replied_to(post: Mapping[str, Any]) -> str | None:
    """The number of what a post answers, empty when it answers nothing; None where X does not tell."""
    rows = post.get("referenced_posts", post.get("referenced_tweets"))  # both names are in use
    if not isinstance(rows, list):
        return "" if not post.get("in_reply_to_user_id") else None
    found = (str(row.get("id")) for row in rows if isinstance(row, dict) and row.get("type") == "replied_to")
    return next(found, "")


def without_names(text: str) -> str:
    """An answer without the names that X puts before it by itself."""
    return re.sub(r"^(?:@\w{1,15}\s*)+", "", text)


def _shown(post: Mapping[str, Any]) -> str:
    """The words of a post, with its links as any link."""
    return html.unescape(re.sub(r"https?://t\.co/\w+", A_LINK, str(post.get("text", ""))))


def heart(text: str) -> str:
    """What X leaves the same of a text: no whitespace, no invisible signs, any link for a link."""
    text = normal(text)
    for first, last in reversed(limits.links(text)):
        text = text[:first] + A_LINK + text[last:]
    return "".join(sign for sign in text if not sign.isspace() and unicodedata.category(sign) not in ("Cf", "Cc"))

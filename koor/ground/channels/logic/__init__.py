"""Pure decisions about platforms: how long a text is, what a page says without its markup, what an answer means.

No Django: connectors use these too. What one platform does in its own way stays in its folder."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import regex

from koor.ground.channels.contract import (
    Because,
    Broken,
    Draft,
    Health,
    Incoming,
    Limits,
    Medium,
    Outcome,
    Prepared,
    Response,
    Session,
    Verdict,
    unread,
)
from koor.ground.channels.contract import message_id as _
from koor.kernel import plainly
from koor.kernel.normal import normal
from koor.kernel.plain import plain_text as plain_text
from koor.kernel.plain import squeezed as squeezed
from koor.kernel.signs import signs

LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\"'.,;:!?)\]]")
LONGEST_WAIT = 3 * 3600  # seconds that an answer may make us wait; beyond that we ask again ourselves
_HEAVY = re.compile(r"[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")  # code points that weigh 2 on X
_EMOJI = regex.compile(r"\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|[0-9#*]\uFE0F?\u20E3")


def graphemes(text: str) -> int:
    """How many characters a person sees: a flag, a family and an accented letter are one each (Unicode UAX 29)."""
    return len(signs(text))


def length(draft: Draft, limits: Limits) -> int:
    """The length of a text as most platforms count: characters as people see them, a link as `link_characters`."""
    counted = limits.link_characters
    text = draft.text if counted is None else LINK.sub("x" * counted, draft.text)
    return weight(text) if limits.weighted else graphemes(text)


def link_below(draft: Draft) -> str:
    """The link that stands below a text, unless it is in it already."""
    return draft.link if draft.link and draft.link not in draft.text else ""


def wording(draft: Draft, *, card: bool = False) -> str:
    """The text as it is posted, with its link below it. `card`: where the platform shows the link of a post without
    media as a card."""
    below = "" if card and not draft.media else link_below(draft)
    return f"{draft.text.strip()}\n\n{below}".strip()


def weight(text: str) -> int:
    """The length as twitter-text counts, configuration 3: light scripts 1 a code point, an emoji 2, all else 2.

    Source: github.com/twitter/twitter-text, config/v3.json and its README, read November 2026."""
    text = normal(text)
    if not _EMOJI.search(text):
        return len(text) + len(_HEAVY.findall(text))
    return sum(2 if _EMOJI.search(one) else len(one) + len(_HEAVY.findall(one)) for one in signs(text))


def limits_as_json(limits: Limits) -> dict[str, Any]:
    """Limits as plain JSON, to keep with an account."""
    return {field.name: getattr(limits, field.name) for field in dataclasses.fields(limits)}


def limits_from(kept: Mapping[str, Any], usual: Limits) -> Limits:
    """Limits as they were kept; what was not kept is as usual."""
    known = {field.name for field in dataclasses.fields(Limits)}
    found: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in kept.items() if key in known
    }
    return dataclasses.replace(usual, **found)


def problem(draft: Draft, limits: Limits, characters: int) -> Prepared | None:
    """Why a draft can't go within these limits, in one sentence; None when it can. `characters` is its length."""
    for wrong, sentence, values in _checks(draft, limits, characters):
        if wrong:
            return Prepared(problem=sentence, values=values, because=Because.REJECTED)
    return _media_problem(draft, limits)


def _checks(draft: Draft, limits: Limits, characters: int) -> list[tuple[bool, str, dict[str, str | int]]]:
    return [
        (
            not draft.text.strip() and not draft.media,
            _("There is nothing to say yet: write a sentence or add a picture."),
            {},
        ),
        (
            limits.characters is not None and characters > limits.characters,
            _("This text is %(count)s characters; here it may be at most %(limit)s."),
            {"count": characters, "limit": limits.characters or 0},
        ),
        (
            len(draft.media) > limits.media,
            _("There are %(count)s pictures; here there may be at most %(limit)s."),
            {"count": len(draft.media), "limit": limits.media},
        ),
    ]


def _media_problem(draft: Draft, limits: Limits) -> Prepared | None:
    if limits.needs_media and not draft.media and not draft.in_reply_to:
        return _rejected(_("Here a picture or a film goes along: add one."))
    for medium in draft.media:
        most = _most_bytes(medium, limits)
        if limits.media_kinds and medium.mime not in limits.media_kinds:
            if medium.mime.startswith("video/"):
                return _rejected(_("A film can't be posted here. Leave it out, or choose another place for it."))
            if medium.mime == "application/pdf":
                return _rejected(_("A document can't be posted here. Choose another place, or pictures of its pages."))
            return _rejected(_("A file of the kind %(kind)s can't be posted here."), kind=medium.mime)
        if most is not None and max(len(medium.content), medium.size) > most:
            sentence = _("%(name)s is larger than the %(limit)s MB that may be posted here.")
            return _rejected(sentence, name=medium.name, limit=most // 1_000_000)
        if limits.alt_characters is not None and graphemes(medium.alt) > limits.alt_characters:
            sentence = _("The description of %(name)s is longer than %(limit)s characters.")
            return _rejected(sentence, name=medium.name, limit=limits.alt_characters)
    return None


def _most_bytes(medium: Medium, limits: Limits) -> int | None:
    own = limits.film_bytes if medium.mime.startswith(("video/", "audio/")) else None
    own = limits.document_bytes if medium.mime == "application/pdf" else own
    return limits.media_bytes if own is None else own


def _rejected(sentence: str, **values: str | int) -> Prepared:
    return Prepared(problem=sentence, values=values, because=Because.REJECTED)


def filled_in(sentence: str, values: Mapping[str, Any]) -> str:
    """A sentence with its places filled; as it is when they do not fit, for it may come from an older version."""
    try:
        return sentence % values
    except (KeyError, ValueError, TypeError):
        return sentence


def passes(health: Health) -> bool:
    """Whether this failure says nothing about the account: out of reach, asked too often, an answer without sense."""
    return not health.works and health.because not in (Because.AUTH, Because.REJECTED)


def moment(text: Any) -> datetime | None:
    """An ISO 8601 moment as platforms write it (with Z, with or without fractions), aware; None when it is none."""
    if not isinstance(text, str):
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def retry_after(headers: Mapping[str, str], now: datetime) -> int | None:
    """Seconds to wait after "too many requests", 1 to LONGEST_WAIT; None when the answer does not tell.

    Reads Retry-After (seconds or a date, RFC 9110 10.2.3), then X-RateLimit-Reset as a moment or as Unix seconds."""
    told = headers.get("retry-after", headers.get("Retry-After", "")).strip()
    seconds = _number(told)
    if seconds is None and told:
        seconds = _until(_http_date(told), now)
    if seconds is None:
        reset = headers.get("x-ratelimit-reset", headers.get("X-RateLimit-Reset", "")).strip()
        unix = _number(reset)
        until = datetime.fromtimestamp(min(unix, 4e9), UTC) if unix is not None else moment(reset)
        seconds = _until(until, now)
    return None if seconds is None else int(min(max(seconds, 1), LONGEST_WAIT))


def _number(text: str) -> float | None:
    return float(text) if text.isascii() and text.isdecimal() else None


def _http_date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _until(then: datetime | None, now: datetime) -> float | None:
    return None if then is None else (then - now).total_seconds()


def json_in(text: str) -> Any:
    """What a message says in JSON. Raises ValueError when it is none, also for one that is nested too deep."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def place_in(cursor: str) -> dict[str, str]:
    """Where a visit goes on, of a cursor that says it in JSON; nothing of one that does not."""
    try:
        found = json_in(cursor or "{}")
    except ValueError:
        return {}
    return {key: str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def json_of(response: Response) -> Any:
    """The body as JSON; None when it is none (an empty page, HTML, cut off)."""
    try:
        return response.json()
    except ValueError:
        return None


def brief(response: Response, session: Session, signs: int = 160) -> str:
    """One line about an answer for the log: the status, and the error that it names in at most so many signs.

    Never a header, never a body; and no credential, also when the platform repeats it."""
    body = json_of(response)
    told = body.get("error") if isinstance(body, dict) else None
    return line(response.status, told if isinstance(told, str) else "", session, signs)


def line(status: int, words: str, session: Session, signs: int = 160) -> str:
    """A status and what was said with it, in one line without a credential."""
    said = squeezed(words)
    for secret in session.secrets.values():
        said = said.replace(secret, "…") if secret else said
    return f"{status}: {said[:signs]}" if said else str(status)


class Failed(Exception):
    """A question of a connector that was not answered as documented; `outcome` says what that means. `status` is the
    HTTP status, 0 without an answer; `code` the platform's own name of the error."""

    def __init__(self, outcome: Outcome, status: int = 0, code: str = "") -> None:
        super().__init__(outcome.answer)
        self.outcome = outcome
        self.status = status
        self.code = code


def moment_of(session: Session) -> datetime:
    """What time it is for a connector; aware."""
    return session.now or datetime.now(UTC)


def told(failed: Failed, sentences: Mapping[Because, str], otherwise: str) -> tuple[str, Because]:
    """What a question without an answer means for a person: a message id, and why. `otherwise` is for what passes."""
    because = failed.outcome.because if failed.outcome.because in sentences else Because.NOT_REACHED
    return sentences.get(because, otherwise), because


def trouble(failed: Failed, sentences: Mapping[Because, str], otherwise: str) -> dict[str, Any]:
    """The same as the fields of a `Batch`, with why where nothing was reached."""
    sentence, because = told(failed, sentences, with_why(otherwise, failed))
    return {"problem": sentence, "because": because, "retry_after": failed.outcome.retry_after}


def with_why(sentence: str, failed: Failed) -> str:
    """What passes, with what the door met or the server answered; a message id with that behind it."""
    said = plainly.ANSWERED % {"status": failed.status} if failed.status >= 500 else failed.outcome.answer
    return plainly.with_why(sentence, said)


def not_prepared(failed: Failed, sentences: Mapping[Because, str], otherwise: str) -> Prepared:
    """The same for a draft that can't go now. The sentences may hold `answer`, a short line without secrets."""
    sentence, because = told(failed, sentences, otherwise)
    outcome = failed.outcome
    return Prepared(
        problem=sentence, values={"answer": outcome.answer}, because=because, retry_after=outcome.retry_after
    )


def not_working(failed: Failed, sentences: Mapping[Because, str], otherwise: str) -> Health:
    """The same for a look at an account. The sentences may hold `answer`."""
    sentence, because = told(failed, sentences, otherwise)
    return Health(False, sentence, {"answer": failed.outcome.answer}, because)


def not_reached(why: Exception) -> Outcome:
    """Nothing left the house: trying again is safe."""
    return Outcome(Verdict.DEFINITELY_NOT, because=Because.NOT_REACHED, answer=str(why)[:200])


def unknown(answer: str) -> Outcome:
    """It may have arrived: look before trying again."""
    return Outcome(Verdict.UNKNOWN, answer=answer[:200])


def not_begun(outcome: Outcome) -> Outcome:
    """What had to be read before a write could not be: nothing was done. Where that is not certain it is not said."""
    if outcome.verdict is Verdict.UNKNOWN:
        return outcome
    return dataclasses.replace(outcome, because=outcome.because or Because.NOT_REACHED)


def read_all(rows: Iterable[Any], reader: Callable[[Any], Incoming]) -> tuple[tuple[Incoming, ...], tuple[Broken, ...]]:
    """Each row by itself: one that can't be read is set aside and stops nothing."""
    items, broken = [], []
    for row in rows:
        try:
            items.append(reader(row))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            number = str(row.get("id") or row.get("uri") or "") if isinstance(row, dict) else ""
            broken.append(unread(json.dumps(row)[:4000], error, number))
    return tuple(items), tuple(broken)


MOST_AUDIENCES = 10
LONGEST_AUDIENCE = 60


def audience_of(names: Iterable[str]) -> list[str]:
    """Who hears an account, as people typed it: each group once, in their spelling."""
    plain = (" ".join(name.split())[:LONGEST_AUDIENCE].strip() for name in names)
    return list({name.casefold(): name for name in plain if name}.values())[:MOST_AUDIENCES]

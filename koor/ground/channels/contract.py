"""What a connector promises: plain dataclasses in and out, no Django, so that a platform is one folder
and nothing else. `channels.queries.connector()` finds the folder; every folder passes `tests/connectors/`.

A connector folder has `manifest.py` with `MANIFEST: Manifest`, and those of these modules that are real:

    publish.py   prepare(session, draft) -> Prepared          harmless, repeatable: upload media, check limits
                 send(session, attempt) -> Outcome            one network step that makes the post public
                 find(session, attempt) -> Seen | NotSeen | CannotKnow
    converse.py  replies and likes are drafts with `in_reply_to`; `thread(session, remote_id) -> list[Incoming]`
    listen.py    fetch(session, cursor, settings) -> Batch    one page forward from the cursor, never a gap
    correct.py   edit(session, remote_id, draft) -> Outcome · delete(session, remote_id) -> Outcome
    check.py     check(session) -> Health                     does the account work, as whom, with which limits

The first parameter is always a `Session`; all network goes through `session.http`, the guarded door of the kernel.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol


class Delivery(enum.StrEnum):
    """How "never twice" is kept on a platform; see docs/decisions on delivery classes."""

    KEY = "key"
    CLIENT_ID = "client_id"
    STAGED = "staged"
    READABLE = "readable"
    BLIND = "blind"


class TriedAgainst(enum.StrEnum):
    """The strongest thing that this connector was seen working with."""

    LIVE = "live"
    REAL_SERVER = "real server"
    TEST_SERVER = "test server"
    SPECIFICATION = "specification"
    DOCUMENTATION = "documentation"


@dataclass(frozen=True)
class Limits:
    """Limits as the platform counts them. `None` means that the platform sets none."""

    characters: int | None = None
    link_characters: int | None = None  # a link counts as this many, whatever its length
    media: int = 0  # pieces in one post
    media_bytes: int | None = None
    media_kinds: tuple[str, ...] = ()  # MIME types accepted
    alt_characters: int | None = None


@dataclass(frozen=True)
class Asked:
    """One thing that a person fills in to connect an account. `label` and `hint` are message ids (English)."""

    key: str
    label: str
    hint: str = ""
    secret: bool = False
    required: bool = True


@dataclass(frozen=True)
class Manifest:
    """A platform in one page; the catalogue shows it truthfully. Texts are message ids in English."""

    key: str
    name: str
    what: str  # one sentence: what this platform is and who is there
    delivery: Delivery
    limits: Limits
    asks: tuple[Asked, ...] = ()
    works_well: str = ""
    why_people: str = ""
    personal: bool = True  # may an account belong to one colleague
    company: bool = True
    publishes: bool = False
    replies: bool = False
    listens: bool = False
    edits: bool = False
    deletes: bool = False
    by_hand: bool = False  # a person posts; Koor prepares
    public: bool = True  # False: nothing leaves the house (paper)
    api_version: str = ""
    checked_on: date | None = None
    source: str = ""  # where the facts come from
    tried_against: TriedAgainst = TriedAgainst.DOCUMENTATION
    notes: str = ""


class Response(Protocol):
    """What `Http.request` returns; the body is read whole, within the door's size limit."""

    status: int
    headers: Mapping[str, str]  # case-insensitive
    content: bytes

    def json(self) -> Any: ...
    @property
    def text(self) -> str: ...


class Http(Protocol):
    """The guarded door, given by the caller (`koor.kernel.http`).

    Raises `NotSent` when it is certain that no byte of the body left (refused address, DNS, connect failure),
    `Unclear` for anything after that (timeout, reset, broken answer)."""

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        data: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        content: bytes | None = None,
        timeout: float = 30.0,
    ) -> Response: ...


class NotSent(Exception):
    """No byte of the body left: repeating is safe."""


class Unclear(Exception):
    """Something may have arrived: look before repeating."""


@dataclass(frozen=True)
class Session:
    """An account as a connector sees it."""

    http: Http
    account: int
    settings: Mapping[str, str]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    now: datetime | None = None  # aware; fixed by tests


@dataclass(frozen=True)
class Medium:
    """One picture or film, ready for a platform. `content` is loaded by the caller and never logged."""

    content: bytes = field(repr=False)
    mime: str = "image/jpeg"
    alt: str = ""
    name: str = "photo.jpg"


@dataclass(frozen=True)
class Draft:
    """What is to be said, in one account's own words."""

    text: str
    media: tuple[Medium, ...] = ()
    language: str = ""
    title: str = ""
    link: str = ""
    in_reply_to: str = ""  # the platform's own id
    options: Mapping[str, str] = field(default_factory=dict)  # such as visibility, content_warning


@dataclass(frozen=True)
class Prepared:
    """The answer of `prepare`: what `send` needs beside the draft (media ids, container), as plain JSON."""

    handle: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""  # a sentence for a person; not empty means: this can't go as it is


@dataclass(frozen=True)
class Attempt:
    """One numbered try. `key` follows from target and revision: the same over all tries."""

    number: int
    key: str
    draft: Draft
    prepared: Prepared
    started_at: datetime  # of the first attempt with this key


class Verdict(enum.StrEnum):
    """What an answer means for the ledger. Anything not proven is `UNKNOWN`."""

    DONE = "done"
    DEFINITELY_NOT = "definitely_not"
    UNKNOWN = "unknown"


class Because(enum.StrEnum):
    """Why it did definitely not go; decides what happens next."""

    NONE = ""
    RATE = "rate"  # wait `retry_after` seconds
    AUTH = "auth"  # the account needs its owner
    REJECTED = "rejected"  # the platform will not take this text or picture
    NOT_REACHED = "not_reached"  # try again later


@dataclass(frozen=True)
class Outcome:
    """Result of a network step, already classified. `answer` is a short, secret-free line for the log."""

    verdict: Verdict
    remote_id: str = ""
    url: str = ""
    because: Because = Because.NONE
    retry_after: int | None = None  # seconds
    answer: str = ""


@dataclass(frozen=True)
class Seen:
    remote_id: str
    url: str = ""


@dataclass(frozen=True)
class NotSeen:
    """Looked properly and it was not there (yet)."""


@dataclass(frozen=True)
class CannotKnow:
    """This platform or this answer does not allow an answer."""

    why: str = ""


@dataclass(frozen=True)
class Incoming:
    """Something that somebody else said, from any platform or file. Text is plain, markup removed."""

    external_id: str
    author: str  # display name
    handle: str = ""  # such as @els@social.example, the platform's own spelling
    text: str = ""
    url: str = ""
    language: str = ""
    created_at: datetime | None = None
    in_reply_to: str = ""
    kind: str = "mention"  # mention, reply, direct, hashtag, article, boost, favourite
    avatar_url: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Broken:
    """An entry that could not be read; the rest goes on."""

    raw: str
    reason: str
    external_id: str = ""


@dataclass(frozen=True)
class Batch:
    """One page forward. `more` says that another page waits now."""

    items: tuple[Incoming, ...] = ()
    broken: tuple[Broken, ...] = ()
    cursor: str = ""
    more: bool = False


@dataclass(frozen=True)
class Health:
    """Does the account work? `sentence` is a message id for the owner; `limits` overrides the manifest's."""

    works: bool
    sentence: str = ""
    handle: str = ""
    url: str = ""
    limits: Limits | None = None

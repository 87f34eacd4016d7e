"""What a connector promises: plain dataclasses in and out, no Django, so that a platform is one folder
and nothing else. `channels.queries.connector()` finds the folder; every folder passes `tests/connectors/`.

A connector folder has `manifest.py` with `MANIFEST: Manifest`, and those of these modules that are real
(a capability flag in the manifest is set exactly when its module is there):

    publish.py   `publishes`       prepare(session, draft) -> Prepared   harmless, repeatable: uploads, limits
                                   send(session, attempt) -> Outcome     one network step that makes the post public
                                   find(session, attempt) -> Seen | NotSeen | CannotKnow
    converse.py  `replies`         thread(session, remote_id) -> Batch   what was said around a post, oldest first
                 `likes` `shares`  like(session, remote_id) -> Outcome · share(session, remote_id) -> Outcome
    listen.py    `sources`         fetch(session, cursor, settings) -> Batch   one page forward, never a gap
    correct.py   `edits` `deletes` edit(session, remote_id, draft) -> Outcome · delete(session, remote_id) -> Outcome
    act.py       `acts` `undoes`   act(session, deed, remote_id, words) -> Outcome · undo(session, deed, remote_id)
    receive.py   `pushed`          greet(session, query) -> str   what a platform wants to hear back; empty: not for us
                                   genuine(session, headers, body) -> bool   whether the platform itself sent this
                                   read(session, body, last) -> Batch   what it says; events of our own answers are
                                   `status` or `bounce`, with our `key` in `raw`. Raises `NotSent` or `Unclear` while
                                   a file can't be had; it is read again, and without the file at the `last` try
    check.py     `checks`          check(session) -> Health   does the account work, as whom, with which limits
    limits.py    (no flag)         limits_for(settings) -> Limits · length(draft, limits) -> int   for a platform that
                                   counts in a way of its own; without it the manifest's limits and `logic.length` hold

An answer to somebody is a draft with `in_reply_to`. In `fetch`, `settings` are the source's own: `settings["kind"]`
names one of `manifest.sources`, the other keys are what that source asks.

The first parameter is always a `Session`; all network goes through `session.http`, the guarded door of the kernel, or
where a platform speaks no HTTP (`http=False`) through `kernel.imap` and `kernel.smtp`, which keep the same rules.
A function never raises for what a platform answers: that is an `Outcome`, a `Batch` with `problem`, or a `Health`.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from koor.kernel.doors import Http as Http
from koor.kernel.doors import Response as Response
from koor.kernel.http import NotSent as NotSent
from koor.kernel.http import Unclear as Unclear


def message_id(text: str) -> str:
    """Mark a text for translation (import it as `_`); the caller translates it where a person reads it."""
    return text


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


class Act(enum.StrEnum):
    """What can be done with a message that somebody else sent us. Stored as it stands, so values stay."""

    LIKE = "like"
    HIDE = "hide"  # others do not see it any more
    DELETE = "delete"  # somebody else's message, where the platform lets us
    MUTE = "mute"  # its writer: we do not see them any more
    BLOCK = "block"  # its writer: they can't reach us any more
    REPORT = "report"  # to who looks after the platform, with `words`


class Shape(enum.StrEnum):
    """A shape that platforms like pictures in; its ratio is in `RATIOS`. Stored as it stands, so values stay."""

    LANDSCAPE = "landscape"
    SQUARE = "square"
    PORTRAIT = "portrait"
    STORY = "story"


RATIOS: Mapping[str, float] = {  # width by height
    Shape.LANDSCAPE: 1.91,
    Shape.SQUARE: 1.0,
    Shape.PORTRAIT: 4 / 5,
    Shape.STORY: 9 / 16,
}
WHOLE = "whole"  # the option `shape` of a post: nothing is cut off


@dataclass(frozen=True)
class Limits:
    """Limits as the platform counts them. `None` means that the platform sets none."""

    characters: int | None = None
    link_characters: int | None = None  # a link counts as this many, whatever its length
    weighted: bool = False  # emoji and scripts beyond Latin, Greek, Cyrillic, Hebrew and Arabic count as 2 (X)
    media: int = 0  # pieces in one post
    media_bytes: int | None = None  # of one piece
    film_bytes: int | None = None  # of one film, where that differs
    media_kinds: tuple[str, ...] = ()  # MIME types accepted
    alt_characters: int | None = None
    shapes: tuple[str, ...] = ()  # the shapes of pictures that look well there; empty: any shape


@dataclass(frozen=True)
class Asked:
    """One thing that a person fills in. `label`, `hint` and the names of `choices` are message ids (English)."""

    key: str
    label: str
    hint: str = ""
    secret: bool = False
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()  # (value, name); empty means free text
    default: str = ""


@dataclass(frozen=True)
class SourceKind:
    """One thing that can be listened to, such as the notifications of an account or a feed."""

    key: str
    name: str  # message id
    asks: tuple[Asked, ...] = ()
    needs_account: bool = True
    pushed: bool = False  # the platform sends it by itself; nothing is fetched


@dataclass(frozen=True)
class Covered:
    """A platform that a connector reaches by a choice in its settings, as `by_hand` reaches LinkedIn.

    `key` is the value of the setting `platform`; texts are message ids."""

    key: str
    name: str
    what: str
    why_people: str
    works_well: str
    interface: str  # what the platform's own interface allows a program to do


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
    likes: bool = False
    shares: bool = False
    edits: bool = False
    deletes: bool = False
    checks: bool = False
    acts: tuple[Act, ...] = ()  # what can be done with a message of somebody else
    undoes: tuple[Act, ...] = ()  # of those, what can be undone
    sources: tuple[SourceKind, ...] = ()  # what it can listen to; empty means that it does not listen
    options: tuple[Asked, ...] = ()  # choices for one post (`Draft.options`), such as visibility
    by_hand: bool = False  # a person posts; Koor prepares
    covers: tuple[Covered, ...] = ()  # the platforms behind it, where it is more than one
    network: bool = True  # False: everything happens inside the house, no address is called
    http: bool = True  # False: it speaks another language, through a door of the kernel's own, as mail does
    pushed: bool = False  # it sends us what happens, by an address of ours
    answer_hours: int | None = None  # after their last message an answer may go for so long; then only a template
    answers_only: bool = False  # nothing is posted here; who writes to us is answered
    known_by: str = ""  # how contacts know its people, where that is no name of the platform: `email`, `phone`
    public: bool = True  # False: nothing leaves the house (paper)
    api_version: str = ""
    checked_on: date | None = None
    source: str = ""  # where the facts come from
    tried_against: TriedAgainst = TriedAgainst.DOCUMENTATION
    notes: str = ""

    @property
    def listens(self) -> bool:
        """Whether there is anything to fetch."""
        return any(not kind.pushed for kind in self.sources)

    @property
    def posts(self) -> bool:
        """Whether something can be posted here, by Koor or by hand."""
        return (self.publishes or self.by_hand) and not self.answers_only

    @property
    def takes_accounts(self) -> bool:
        """Whether an account can be made with it; a feed needs none."""
        return self.publishes or self.by_hand or any(kind.needs_account for kind in self.sources)

    @property
    def secret_keys(self) -> frozenset[str]:
        """The asked things that are sealed and never shown again."""
        return frozenset(asked.key for asked in self.asks if asked.secret)


@dataclass(frozen=True)
class Session:
    """An account as a connector sees it."""

    http: Http
    account: int
    settings: Mapping[str, str]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    limits: Limits | None = None  # what holds for this account; None: the manifest's
    now: datetime | None = None  # aware; fixed by tests


@dataclass(frozen=True)
class Medium:
    """One picture or film, ready for a platform. `content` is loaded by the caller and never logged."""

    content: bytes = field(repr=False)
    mime: str = "image/jpeg"
    alt: str = ""
    name: str = "photo.jpg"
    size: int = 0  # in bytes, where the content is not loaded
    focus: tuple[float, float] | None = None  # what it is about: from the left and from the top, 0 to 1
    width: int = 0  # dots; 0 where it is not known, and of a voice note
    height: int = 0


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
    author: str = ""  # the colleague who says it


class Because(enum.StrEnum):
    """Why it did definitely not go; decides what happens next."""

    NONE = ""
    RATE = "rate"  # wait `retry_after` seconds
    AUTH = "auth"  # the account needs its owner
    REJECTED = "rejected"  # the platform will not take this text or picture
    NOT_REACHED = "not_reached"  # try again later


@dataclass(frozen=True)
class Prepared:
    """The answer of `prepare`: what `send` needs beside the draft (media ids, container), as plain JSON.

    With a `problem` it can't go: `because` is `REJECTED` when the draft must change, else as in an `Outcome`.
    Keep the handle of the first attempt: it holds what `find` recognises the post by."""

    handle: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""  # a message id for a person, with the places of `values`, such as %(limit)s
    values: Mapping[str, str | int] = field(default_factory=dict)
    because: Because = Because.NONE
    retry_after: int | None = None  # seconds


@dataclass(frozen=True)
class Attempt:
    """One numbered try. `key` follows from target and revision: the same over all tries."""

    number: int
    key: str
    draft: Draft
    prepared: Prepared
    started_at: datetime  # of the first attempt with this key; aware
    taken: frozenset[str] = frozenset()  # remote ids of this account's other posts: never an answer to `find`


class Verdict(enum.StrEnum):
    """What an answer means for the ledger. Anything not proven is `UNKNOWN`."""

    DONE = "done"
    DEFINITELY_NOT = "definitely_not"
    UNKNOWN = "unknown"


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
class Enclosed:
    """A file that came with what somebody said, as it came. Empty content, with `problem`: it was left where it was."""

    name: str
    content: bytes = field(repr=False)
    problem: str = ""  # a message id


@dataclass(frozen=True)
class Incoming:
    """Something that somebody else said, from any platform or file. Text is plain, markup removed.

    `raw["answering"]` is what an answer has to carry: options of the draft, such as the subject of a letter."""

    external_id: str
    author: str  # display name
    handle: str = ""  # such as @els@social.example, the platform's own spelling
    text: str = ""
    url: str = ""
    language: str = ""
    created_at: datetime | None = None
    in_reply_to: str = ""
    kind: str = (
        "mention"  # mention, reply, direct, hashtag, article, boost, favourite, follow; by machines: automatic, bounce
    )
    avatar_url: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)
    files: tuple[Enclosed, ...] = ()


@dataclass(frozen=True)
class Broken:
    """An entry that could not be read; the rest goes on."""

    raw: str
    reason: str
    external_id: str = ""


@dataclass(frozen=True)
class Batch:
    """One page forward. `more` says that another page waits now.

    With a `problem` nothing was read and `cursor` is the one that was given, so that the next try leaves no gap."""

    items: tuple[Incoming, ...] = ()
    broken: tuple[Broken, ...] = ()
    cursor: str = ""
    more: bool = False
    problem: str = ""  # a message id for the person who looks after the source
    because: Because = Because.NONE
    retry_after: int | None = None  # seconds


@dataclass(frozen=True)
class Health:
    """Does the account work? `sentence` is a message id for the owner; `limits` overrides the manifest's.

    When it does not work, `because` tells what to do: `AUTH` and `REJECTED` need the owner; `NOT_REACHED` and `RATE`
    pass by themselves and never disconnect an account."""

    works: bool
    sentence: str = ""  # with the places of `values`
    values: Mapping[str, str | int] = field(default_factory=dict)
    because: Because = Because.NONE
    handle: str = ""
    url: str = ""
    limits: Limits | None = None

"""What a connector promises: plain dataclasses in and out, no Django, so that a platform is one folder
and nothing else. `channels.queries.folders` finds it; every folder passes `tests/connectors/`.

A connector folder has `manifest.py` with `MANIFEST: Manifest`, and those of these modules that are real
(a capability flag in the manifest is set exactly when its module is there):

    publish.py   `publishes`       prepare(session, draft) -> Prepared   harmless, repeatable: uploads, limits
                                   send(session, attempt) -> Outcome     one network step that makes the post public
                                   find(session, attempt) -> Seen | NotSeen | CannotKnow
                                   number_at(session, address) -> str   optional: by which number the platform knows our
                                   post at this address, where that is not its digits; empty: none of ours
    converse.py  `replies`         thread(session, remote_id) -> Batch   what was said around a post, oldest first
    listen.py    `sources`         fetch(session, cursor, settings) -> Batch   one page forward, never a gap
    stream.py    `streams`         opening(session, cursor, settings) -> Opening | Batch   where it is heard at
                                   once; a `Batch` with its `problem` where the platform offers no such line
                                   read(session, message, settings) -> Told   what one message says; no network
                                   named(session, items) -> items   optional: who said it, for what is kept
    correct.py   `edits` `deletes` edit(session, remote_id, draft) -> Outcome · delete(session, remote_id) -> Outcome
    act.py       `acts` `undoes`   act(session, deed, remote_id, words) -> Outcome · undo(session, deed, remote_id)
    receive.py   `pushed`          greet(session, query) -> str   what a platform wants to hear back; empty: not for us
                                   why_no_greeting(session, query) -> str   optional: why it does not hear that, in
                                   a sentence; empty where nobody asked
                                   genuine(session, headers, body) -> bool   whether the platform itself sent this
                                   why_not(session, headers, body) -> str   optional: why it is not, in a sentence
                                   read(session, body, last) -> Batch   what it says; events of our own answers are
                                   `status` or `bounce`, with our `key` in `raw`. Raises `NotSent` or `Unclear` while
                                   a file can't be had; it is read again, and without the file at the `last` try
    check.py     `checks`          check(session) -> Health   does the account work, as whom, with which limits
    connect.py   `oauth`           places(session) -> tuple[Place, ...] | Health   where this person may post, after
                                   they agreed there; when that can not be told a `Health` that does not work
                                   lengthen(session, tokens) -> Tokens | Outcome   optional: for a long-lived token
                                   refresh(session, tokens) -> Tokens | Outcome   optional: only where it is not as in
                                   RFC 6749 section 6. Only `Because.AUTH` says that the person has to agree again
    readers.py   `readers`         post(session, copy) -> Outcome · is_nobody(answer) -> bool   a letter for one reader;
                                   is_not_now(answer) -> bool
                                   `publish` makes only an issue: the room above keeps who reads, and who has it
    limits.py    (no flag)         limits_for(settings) -> Limits · length(draft, limits) -> int   for a platform that
                                   counts in a way of its own; without it the manifest's limits and `logic.length` hold
                                   beforehand(draft, limits) -> sentence, values   optional: what people should know
                                   before it goes, such as what it costs (a Decimal, written as people write it)
                                   laid_out(draft, settings) -> Laid   optional: how it is laid ready or shown
                                   problem(draft) -> Prepared | None   optional: what it does not take beside lengths
                                   posts(draft, limits) -> list[str]   optional: the parts of a thread, as they are cut
    mention.py   (no flag)         written(name, value, page) -> str   how a text names who has this address; empty: not
                                   look_up(session, words) -> tuple[Named, ...] | Health   optional: who is found

An answer to somebody is a draft with `in_reply_to`. In `fetch`, `settings` are the source's own: `settings["kind"]`
names one of `manifest.sources`, the other keys are what that source asks.

A thread is a chain of parts, each sent once: `prepare` freezes the parts in the handle; `send` posts the first that is
not up and says `more` while others are to come; it is called again as an attempt of its own, with a key of its own, and
`handle["chain"]` then names the parts that are up, in order. `find` looks for the part that was sent last.

With `oauth`, `session.secrets` holds `access_token` (fresh) and what `Place.secrets` added; `session.settings` holds
`Place.settings`. In `connect.py` they also hold the application's `client_id` (settings) and `client_secret` (secrets);
in `receive.py` `client_secret` and `verify_token`, a word of ours that the platform's page asks for.

The first parameter is always a `Session`; all network goes through `session.http`, the guarded door of the kernel, or
where a platform speaks no HTTP (`http=False`) through `kernel.imap` and `kernel.smtp`, which keep the same rules.
A function never raises for what a platform answers: that is an `Outcome`, a `Batch` with `problem`, or a `Health`.
"""

from __future__ import annotations

import enum
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from koor.ground.channels.contract.custom import Custom as Custom
from koor.ground.channels.contract.custom import Laid as Laid
from koor.ground.channels.contract.custom import Named as Named
from koor.ground.channels.contract.custom import Where as Where
from koor.ground.channels.contract.lines import NamesLater as NamesLater
from koor.ground.channels.contract.lines import Opening as Opening
from koor.ground.channels.contract.lines import Told as Told
from koor.ground.channels.contract.manifest import BELOW_OURS as BELOW_OURS
from koor.ground.channels.contract.manifest import NAMING_US as NAMING_US
from koor.ground.channels.contract.manifest import RATIOS as RATIOS
from koor.ground.channels.contract.manifest import THREAD as THREAD
from koor.ground.channels.contract.manifest import WHOLE as WHOLE
from koor.ground.channels.contract.manifest import Act as Act
from koor.ground.channels.contract.manifest import Asked as Asked
from koor.ground.channels.contract.manifest import Covered as Covered
from koor.ground.channels.contract.manifest import Delivery as Delivery
from koor.ground.channels.contract.manifest import Limits as Limits
from koor.ground.channels.contract.manifest import Manifest as Manifest
from koor.ground.channels.contract.manifest import Shape as Shape
from koor.ground.channels.contract.manifest import SourceKind as SourceKind
from koor.ground.channels.contract.manifest import TriedAgainst as TriedAgainst
from koor.ground.channels.contract.sign_in import OAuth as OAuth
from koor.ground.channels.contract.sign_in import Place as Place
from koor.ground.channels.contract.sign_in import Tokens as Tokens
from koor.ground.channels.contract.words import message_id as _
from koor.ground.channels.contract.words import message_id as message_id
from koor.kernel.doors import Http as Http
from koor.kernel.doors import Response as Response
from koor.kernel.http import NotSent as NotSent
from koor.kernel.http import Unclear as Unclear

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Session:
    """An account as a connector sees it."""

    http: Http
    account: int
    settings: Mapping[str, str]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    limits: Limits | None = None  # what holds for this account; None: the manifest's
    now: datetime | None = None  # aware; fixed by tests
    # What a `prepare` of this very post kept that did not come to its end, and how one keeps it: at once, for good,
    # before the step that would be lost without it (an upload that can be gone on with).
    kept: Mapping[str, Any] = field(default_factory=dict, repr=False)
    keep: Callable[[Mapping[str, Any]], None] = field(default=lambda handle: None, repr=False, compare=False)


@dataclass(frozen=True)
class Medium:
    """One picture or film, ready for a platform. `content` is loaded by the caller and never logged; of a film whose
    connector takes `pieces` it is empty, and `reader` gives the bytes from a place up to another."""

    content: bytes = field(repr=False)
    mime: str = "image/jpeg"
    alt: str = ""
    name: str = "photo.jpg"
    size: int = 0  # in bytes, where the content is not loaded
    address: str = ""  # where the platform may fetch it for some hours, signed; empty: the house has no such address
    focus: tuple[float, float] | None = None  # what it is about: from the left and from the top, 0 to 1
    width: int = 0  # dots; 0 where it is not known, and of a voice note
    height: int = 0
    reader: Callable[[int, int], bytes] | None = field(default=None, repr=False, compare=False)

    @property
    def bytes_long(self) -> int:
        return len(self.content) or self.size

    def piece(self, first: int, after: int) -> bytes:
        """The bytes from `first` up to `after`, or up to its end. Raises OSError when they can't be read."""
        return self.reader(first, after) if self.reader is not None else self.content[first:after]


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


@dataclass(frozen=True)
class Copy:
    """One reader's copy of an issue. Its number is the same over all tries; lines are in the reader's language."""

    number: str
    to: str
    draft: Draft
    off: str  # the address where the reader stops it, with one tap or by a program (RFC 8058)
    stop: str = ""  # what stands on that link
    why: str = ""  # why they get it
    at: datetime | None = None  # aware


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
    more: bool = False  # DONE, and a part of a chain (a thread) whose next part is to come


@dataclass(frozen=True)
class Seen:
    remote_id: str
    url: str = ""
    more: bool = False  # as in an `Outcome`


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

    `raw["answering"]` is what an answer has to carry: options of the draft, such as the subject of a letter.

    What becomes of a message later comes as an event of its own, before or after it and as often as it likes: kind
    `edited` with the new text and its moment, or `deleted`; `in_reply_to` is the id of the message."""

    external_id: str
    author: str  # display name
    handle: str = ""  # such as @els@social.example, the platform's own spelling
    text: str = ""
    url: str = ""
    language: str = ""
    created_at: datetime | None = None
    in_reply_to: str = ""
    kind: str = (
        "mention"  # mention, reply, direct, hashtag, article, boost, favourite, follow; by machines: automatic, bounce;
        # of an earlier one: edited, deleted
    )
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)
    files: tuple[Enclosed, ...] = ()


@dataclass(frozen=True)
class Broken:
    """An entry that could not be read; the rest goes on."""

    raw: str
    reason: str
    external_id: str = ""


def unread(raw: str, error: BaseException, external_id: str = "") -> Broken:
    """An entry that could not be read, in words for people; what was met goes to the log."""
    log.info("An entry can't be read: %s: %s", type(error).__name__, str(error)[:100])
    return Broken(raw, _("This part can't be read."), external_id)


@dataclass(frozen=True)
class Batch:
    """One page forward. `more` says that another page waits now.

    With a `problem` nothing was read and `cursor` is the one that was given, so that the next try leaves no gap."""

    items: tuple[Incoming, ...] = ()
    broken: tuple[Broken, ...] = ()
    cursor: str = ""
    more: bool = False
    problem: str = ""  # a message id for the person who looks after the source
    gone: bool = False  # the place says itself that it will not come back
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

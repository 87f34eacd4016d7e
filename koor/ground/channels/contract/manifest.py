"""A platform in one page: what its folder can do, what it asks, how long things may be."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from koor.ground.channels.contract.custom import Custom
from koor.ground.channels.contract.sign_in import OAuth
from koor.ground.channels.contract.words import message_id as _


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
    document_bytes: int | None = None  # of one document, where that differs
    media_kinds: tuple[str, ...] = ()  # MIME types accepted
    alt_characters: int | None = None
    needs_media: bool = False  # a post without a picture or film is none; an answer may be words alone
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
    lines: bool = False  # free text of several lines
    seldom: bool = False  # the default fits nearly everybody: folded away
    of_house: bool = False  # begins with the name of the house


THREAD = Asked(
    "thread",
    _("When it is longer than one post"),
    _("A line with only --- begins a new part where you want it."),
    required=False,
    choices=(("yes", _("A thread")),),
)  # among the options of a post, where a platform has threads: `logic.parts`

# What is heard, where platforms give alike: `SourceKind.covers`
BELOW_OURS = _(
    "What is said below what this account posted, as far as the platform gives it. What is said elsewhere is not heard."
)
NAMING_US = _("Public posts that name us, as far as the platform gives them. Without our name nothing is heard.")


@dataclass(frozen=True)
class SourceKind:
    """One thing that can be listened to, such as the notifications of an account or a feed."""

    key: str
    name: str  # message id
    asks: tuple[Asked, ...] = ()
    needs_account: bool = True
    pushed: bool = False  # the platform sends it by itself; nothing is fetched
    only: tuple[str, str] | None = None  # (setting, value): only accounts set like that have it, such as a page
    covers: str = ""  # message id: what is heard and what is not, in a sentence or two
    streamed: bool = False  # heard at once over a line that stays open, by `stream.py`; visits go on unless `pushed`
    chosen: bool = False  # everything passes by; what a saved query meets is kept

    def there_for(self, settings: Mapping[str, Any]) -> bool:
        """Whether an account with these settings can be listened to in this way."""
        return self.only is None or settings.get(self.only[0]) == self.only[1]


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
    custom: Custom | None = None  # how a post does well there
    hosts: tuple[str, ...] = ()  # where its posts stand, and its short addresses; empty: nobody knows


@dataclass(frozen=True)
class Manifest:
    """A platform in one page; the catalogue shows it truthfully. Texts are message ids in English."""

    key: str
    name: str
    what: str  # one sentence: what this platform is and who is there
    delivery: Delivery  # the weakest, where accounts differ
    limits: Limits
    asks: tuple[Asked, ...] = ()
    works_well: str = ""
    why_people: str = ""
    personal: bool = True  # may an account belong to one colleague
    company: bool = True
    publishes: bool = False
    replies: bool = False
    edits: bool = False
    titled: bool = False  # people see the title of a post there
    edits_title: bool = False  # and an edit changes it too
    deletes: bool = False
    checks: bool = False
    oauth: OAuth | None = None  # accounts are connected through the platform's own sign-in page
    fetches: bool = False  # it takes no files: it fetches them from an address that the whole world can reach
    acts: tuple[Act, ...] = ()  # what can be done with a message of somebody else
    undoes: tuple[Act, ...] = ()  # of those, what can be undone
    sources: tuple[SourceKind, ...] = ()  # what it can listen to; empty means that it does not listen
    options: tuple[Asked, ...] = ()  # choices for one post (`Draft.options`), such as visibility
    by_hand: bool = False  # a person posts; Koor prepares
    readers: bool = False  # the house keeps who reads it, and each of them gets a copy
    covers: tuple[Covered, ...] = ()  # the platforms behind it, where it is more than one
    network: bool = True  # False: everything happens inside the house, no address is called
    http: bool = True  # False: it speaks another language, through a door of the kernel's own, as mail does
    pushed: bool = False  # it sends us what happens, by an address of ours
    answer_hours: int | None = None  # after their last message an answer may go for so long; then only a template
    answers_only: bool = False  # nothing is posted here; who writes to us is answered
    known_by: str = ""  # how contacts know its people, where that is no name of the platform: `email`, `phone`
    public: bool = True  # False: nothing leaves the house (paper)
    closed: bool = False  # only who was let in reads it: a chat at work, a letter
    # Of each option or setting that says who reads a post: the values with which everybody does; "": nothing chosen
    everyone: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    api_version: str = ""
    checked_on: date | None = None
    source: str = ""  # where the facts come from
    tried_against: TriedAgainst = TriedAgainst.DOCUMENTATION
    notes: str = ""
    delivery_by: tuple[tuple[str, str, Delivery], ...] = ()  # (setting, value, class): accounts set like that have it
    retired_on: date | None = None  # from then on the platform answers no more to this `api_version`
    pieces: bool = False  # reads films by `Medium.piece`; they are never loaded whole

    def delivery_for(self, settings: Mapping[str, Any]) -> Delivery:
        """How "never twice" is kept for an account with these settings."""
        fitting = (found for key, value, found in self.delivery_by if settings.get(key) == value)
        return next(fitting, self.delivery)

    def for_everybody(self, options: Mapping[str, Any], settings: Mapping[str, Any]) -> bool:
        """Whether everybody reads a post with these options, from an account with these settings."""
        chosen = {key: str(options.get(key) or settings.get(key) or "") for key in self.everyone}
        return self.public and not self.closed and all(chosen[key] in fits for key, fits in self.everyone.items())

    @property
    def listens(self) -> bool:
        """Whether there is anything to fetch."""
        return any(not kind.pushed for kind in self.sources)

    @property
    def streams(self) -> bool:
        """Whether something is heard over a line that stays open."""
        return any(kind.streamed for kind in self.sources)

    @property
    def posts(self) -> bool:
        """Whether something can be posted here, by Koor or by hand."""
        return (self.publishes or self.by_hand) and not self.answers_only

    @property
    def takes_accounts(self) -> bool:
        """Whether an account can be made with it; a feed needs none."""
        return self.publishes or self.by_hand or any(kind.needs_account for kind in self.sources)

    @property
    def keeps_secrets(self) -> bool:
        """Whether an account of it has credentials: filled in by a person, or given by the platform itself."""
        return bool(self.secret_keys) or self.oauth is not None

    @property
    def secret_keys(self) -> frozenset[str]:
        """The asked things that are sealed and never shown again."""
        return frozenset(asked.key for asked in self.asks if asked.secret)

"""What the server knows: accounts, tokens, statuses, media, notifications; and its clock. One lock guards it all."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

ALL_SCOPES = "read write follow push"


@dataclass
class Rules:
    """What a test may set through `/_control/rules`; the defaults are those of a plain Mastodon 4 server."""

    version: str = "4.5.2"
    max_characters: int = 500
    max_media: int = 4
    image_bytes: int = 16 * 2**20
    video_bytes: int = 99 * 2**20
    description_limit: int = 1500
    mime_types: tuple[str, ...] = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "video/mp4")
    honours_idempotency_key: bool = True  # GoToSocial and Takahē ignore it
    lists_private: bool = True  # Takahē lists public and unlisted posts only
    media_seconds: float = 0.0  # images: 0 means ready at once (200); films always take at least a moment (202)
    media_fails: bool = False
    media_pending_code: int = 206  # GoToSocial answers 200 with a null address
    rate_limits: bool = True
    page_keeps: int = 1000  # of a page, after counting: GoToSocial filters what it has already counted
    streaming: bool = True  # Takahē has no stream
    refusal: int = 422  # the code for a text that is not accepted; compatible servers answer 400


@dataclass
class Account:
    id: str
    username: str
    domain: str = ""  # empty: lives here
    display_name: str = ""
    bot: bool = False
    followers: set[str] = field(default_factory=set)
    following: set[str] = field(default_factory=set)
    muting: set[str] = field(default_factory=set)
    blocking: set[str] = field(default_factory=set)
    disabled: bool = False

    @property
    def acct(self) -> str:
        return f"{self.username}@{self.domain}" if self.domain else self.username


@dataclass
class Media:
    id: str
    owner: str
    mime: str
    content: bytes
    description: str
    ready_at: float
    status_id: str = ""
    failed: bool = False


@dataclass
class Poll:
    id: str
    options: list[str]
    votes: list[int]
    expires_at: float
    multiple: bool = False
    hide_totals: bool = False


@dataclass
class Status:
    id: str
    account: str
    text: str
    created: float
    visibility: str = "public"
    spoiler: str = ""
    sensitive: bool = False
    language: str | None = None
    in_reply_to: str = ""
    media: list[str] = field(default_factory=list)
    poll: Poll | None = None
    reblog_of: str = ""
    edited: float | None = None
    history: list[dict[str, Any]] = field(default_factory=list)
    favourited_by: set[str] = field(default_factory=set)
    key: str = ""


@dataclass
class Notification:
    id: str
    to: str
    kind: str
    by: str
    created: float
    status_id: str = ""


class World:
    """The whole state. Use it under `lock`."""

    def __init__(self, base: str = "", rules: Rules | None = None) -> None:
        self.base = base
        self.rules = rules or Rules()
        self.lock = threading.RLock()
        self.offset = 0.0  # seconds that the clock was moved
        self._last_id = 0
        self._serial = 0
        self.accounts: dict[str, Account] = {}
        self.tokens: dict[str, tuple[str, str]] = {}  # token: (account id, scopes)
        self.statuses: dict[str, Status] = {}
        self.deleted: list[Status] = []
        self.media: dict[str, Media] = {}
        self.reports: list[dict[str, Any]] = []
        self.notifications: list[Notification] = []
        self.keys: dict[tuple[str, str], tuple[str, float]] = {}  # (account, key): (status, until)
        self.windows: dict[tuple[str, str, int], int] = {}  # rate limits: (account, family, window): requests
        self.log: deque[dict[str, Any]] = deque(maxlen=50_000)
        self.counts: dict[str, int] = {}
        self.lines = 0  # open now
        self.cut = 0  # how often a test cut them
        self.raw_messages: list[str | bytes] = []  # what a test puts on the next line that looks, as it is
        self._people()

    def _people(self) -> None:
        reurslag = self.account("reurslag", "Reurslag")
        kees = self.account("kees", "Kees de Vries")
        self.tokens = {
            "token-reurslag": (reurslag.id, ALL_SCOPES),
            "token-kees": (kees.id, ALL_SCOPES),
            "token-readonly": (reurslag.id, "read"),
        }

    def now(self) -> float:
        """Seconds since 1970, moved by `/_control/clock`."""
        return time.time() + self.offset

    def new_id(self) -> str:
        """A snowflake like Mastodon's: milliseconds and a serial, rising whatever the clock does."""
        self._last_id = max(self._last_id + 1, int(self.now() * 1000) << 16)
        return str(self._last_id)

    def serial(self) -> str:
        """A small rising number, as notifications and media have."""
        self._serial += 1
        return str(self._serial)

    def account(self, acct: str, name: str = "") -> Account:
        """The account with this name, made when it is new."""
        username, _, domain = acct.lstrip("@").partition("@")
        found = next((a for a in self.accounts.values() if a.acct.lower() == acct.lstrip("@").lower()), None)
        if found is None:
            found = Account(self.new_id(), username, domain, name or username)
            self.accounts[found.id] = found
        return found

    def known(self) -> set[str]:
        return {account.acct for account in self.accounts.values()}

    def notify(self, to: str, kind: str, by: str, status_id: str = "") -> Notification | None:
        """Tell a local account that something happened; nobody is told of their own doings."""
        if to == by or self.accounts[to].domain:
            return None
        note = Notification(self.serial(), to, kind, by, self.now(), status_id)
        self.notifications.append(note)
        return note

    def remove(self, status: Status) -> None:
        """Take a status away, with its boosts and with the notifications about it."""
        for gone in [status, *[s for s in self.statuses.values() if s.reblog_of == status.id]]:
            self.statuses.pop(gone.id, None)
            self.deleted.append(gone)
        self.notifications = [n for n in self.notifications if n.status_id != status.id]

    def live_copies(self, text: str) -> list[Status]:
        """The oracle: statuses with exactly this text that can be seen now."""
        return [s for s in self.statuses.values() if s.text == text and not s.reblog_of]


def stamp(seconds: float) -> str:
    """ISO 8601 with milliseconds and Z, as the documentation prescribes for dates."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

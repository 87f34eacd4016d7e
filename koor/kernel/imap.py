"""A mailbox on another machine, read over IMAP: always encrypted, never without limits, by the rules of the door out.

A letter is known by the box's validity and its own number (RFC 9051, 2.3.1.1); who reads keeps both. No Django here."""

from __future__ import annotations

import base64
import imaplib
import os
import re
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date

from koor.kernel import plainly
from koor.kernel.addresses import parse_allowed
from koor.kernel.http import CONNECT_SECONDS, Refused, checked_addresses

PORTS = frozenset({143, 993})
TLS, STARTTLS = "tls", "starttls"
IDLE_SECONDS = 15.0  # between two pieces of an answer
MOST_BYTES = 60_000_000  # of one answer
HEAD_BYTES = 100_000
_PIECE = 1_000_000
_FOR_NOW = re.compile(r"(?i)\s*\[(unavailable|inuse|limit|throttled|overquota|serverbug|contactadmin)\b")  # RFC 5530
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class MailboxTrouble(Exception):
    """Why a mailbox can't be read. `code` is one of "closed" (an address that is not called), "away", "certificate",
    "no_tls", "login", "folder", "broke", "letter" (one that the server does not give, while others go on); the text is
    what was met, for an administrator, and holds no password."""

    def __init__(self, code: str, said: object = "") -> None:
        super().__init__(" ".join(str(said).split())[:200])
        self.code = code


@dataclass(frozen=True)
class Server:
    """Where a mailbox is and how one comes in. `secure`: TLS from the start, or STARTTLS."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    secure: str = TLS


@dataclass(frozen=True)
class Waiting:
    """A letter in the box: its number and its size in bytes."""

    uid: int
    size: int


@contextmanager
def opened(server: Server, folder: str = "INBOX", *, seconds: float = 50.0) -> Iterator[Box]:
    """The folder of this mailbox, for so long at most. Raises `MailboxTrouble`, also from what is asked of the box."""
    try:
        line = _Line(server, time.monotonic() + seconds)
    except Refused as error:
        raise MailboxTrouble("closed", error) from error
    except ssl.SSLCertVerificationError as error:
        raise MailboxTrouble("certificate", plainly.why(error, server.host)) from error
    except ssl.SSLError as error:
        raise MailboxTrouble("no_tls", plainly.why(error, server.host)) from error
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxTrouble("away", _met(error, server.host)) from error
    try:
        with _in_words():
            line.come_in(server)
            yield Box(line, folder)
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            line.logout()


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise MailboxTrouble("certificate", plainly.why(error)) from error
    except (OSError, imaplib.IMAP4.error, UnicodeError) as error:
        raise MailboxTrouble("broke", _met(error)) from error


def _met(error: Exception, host: str = "") -> str:
    """What the server said, or in plain words what the line met."""
    if isinstance(error, imaplib.IMAP4.error) and not isinstance(error, imaplib.IMAP4.abort):
        return str(error)
    return plainly.why(error, host, plainly.BROKE_OFF if isinstance(error, imaplib.IMAP4.abort) else plainly.NOT_MADE)


class Box:
    """One folder of a mailbox. `validity` changes when its numbers mean other letters than before; `following` is the
    number that the next letter will get."""

    def __init__(self, line: _Line, folder: str) -> None:
        self.line = line
        good, said = line.select(_quoted(folder))
        if good != "OK":
            raise MailboxTrouble("folder", _text(said))
        self.validity = self._number("UIDVALIDITY")
        self.following = self._number("UIDNEXT")

    def after(self, uid: int, most: int = 50) -> list[Waiting]:
        """Letters with a higher number, the oldest first."""
        return self._sized([one for one in self._search(f"UID {uid + 1}:*") if one > uid][:most])

    def since(self, day: date) -> list[Waiting]:
        """Letters that came on this day or later, by the server's clock."""
        return self._sized(self._search(f"SINCE {day.day}-{_MONTHS[day.month - 1]}-{day.year}"))

    def having(self, header: str, value: str) -> list[int]:
        """Letters of which this header holds this text, at most 50."""
        bare = re.sub(r'[^\x21-\x7e]|["\\\\]', "", value)[:900]
        return self._search(f'HEADER {header} "{bare}"')[-50:] if bare else []

    def letter(self, uid: int) -> bytes:
        """The whole letter, unread as before; empty when it is gone."""
        return self._fetch(uid, "(BODY.PEEK[])")

    def head(self, uid: int) -> bytes:
        """How a letter begins."""
        return self._fetch(uid, f"(BODY.PEEK[HEADER]<0.{HEAD_BYTES}>)")

    def mark_read(self, uid: int) -> None:
        self._do("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    def move(self, uid: int, folder: str) -> None:
        """To another folder, which is made when it is not there."""
        self.mark_read(uid)
        verb = "MOVE" if "MOVE" in self.line.capabilities else "COPY"
        if self.line.uid(verb, str(uid), _quoted(folder))[0] != "OK":
            self.line.create(_quoted(folder))
            self._do(verb, str(uid), _quoted(folder))
        if verb == "COPY":
            self._do("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)")
            if "UIDPLUS" in self.line.capabilities:  # else it waits for whoever tidies up: others may have deleted too
                self._do("EXPUNGE", str(uid))

    def _number(self, name: str) -> int:
        _name, said = self.line.response(name)
        found = said[-1] if said else None
        return int(found) if isinstance(found, bytes) and found.isdigit() else 0

    def _search(self, asked: str) -> list[int]:
        said = self._do("SEARCH", asked)
        return sorted({int(one) for row in said if isinstance(row, bytes) for one in row.split() if one.isdigit()})

    def _sized(self, uids: Sequence[int]) -> list[Waiting]:
        if not uids:
            return []
        sizes: dict[int, int] = {}
        for row in self._do("FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)"):
            text = row.decode("ascii", "replace") if isinstance(row, bytes) else ""
            uid, size = re.search(r"\bUID (\d+)", text), re.search(r"\bRFC822\.SIZE (\d+)", text)
            if uid and size:
                sizes[int(uid[1])] = int(size[1])
        return [Waiting(uid, sizes[uid]) for uid in uids if uid in sizes]

    def _fetch(self, uid: int, what: str) -> bytes:
        for row in self._do("FETCH", str(uid), what, no="letter"):
            if isinstance(row, tuple):
                return bytes(row[1])
        return b""

    def _do(self, verb: str, *asked: str, no: str = "broke") -> Sequence[object]:
        with _in_words():
            good, said = self.line.uid(verb, *asked)
        if good != "OK":
            lasts = good == "NO" and not _FOR_NOW.match(_text(said))
            raise MailboxTrouble(no if lasts else "broke", _text(said))
        return [row for row in said if row is not None]


class _Line(imaplib.IMAP4):
    """The connection: to an address that was checked, for a limited time, with answers of a limited size."""

    def __init__(self, server: Server, deadline: float) -> None:
        self.deadline, self.first = deadline, server.secure == TLS
        super().__init__(server.host, server.port)

    def _left(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("it took too long")
        return min(left, IDLE_SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        allow = parse_allowed(os.environ.get("KOOR_ALLOW_HOSTS", ""))
        failure = OSError("no address")
        seconds = min(self._left(), CONNECT_SECONDS)
        for address in checked_addresses(self.host, self.port, allow=allow, seconds=seconds, ports=PORTS):
            try:
                plain = socket.create_connection((address, self.port), timeout=self._left())
            except OSError as error:
                failure = error
            else:
                return self._secured(plain) if self.first else plain
        raise failure

    def _secured(self, plain: socket.socket) -> socket.socket:
        try:
            return ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
        except OSError:
            plain.close()
            raise

    def come_in(self, server: Server) -> None:
        if not self.first:
            if "STARTTLS" not in self.capabilities:
                raise MailboxTrouble("no_tls", "the server offers no STARTTLS")
            self.sock.settimeout(self._left())
            self.starttls(ssl.create_default_context())
        try:
            if "AUTH=PLAIN" in self.capabilities:
                self.authenticate("PLAIN", lambda _challenge: f"\0{server.user}\0{server.password}".encode())
            else:
                self.login(_quoted(server.user), server.password)
        except self.abort:
            raise
        except self.error as error:
            raise MailboxTrouble("login", _text([error.args[0] if error.args else ""])) from error
        _good, said = self.capability()  # a server tells more to who came in
        self.capabilities = tuple(" ".join(_text([row]) for row in said).upper().split())

    def read(self, size: int) -> bytes:
        if size > MOST_BYTES:
            raise self.abort("the server sends more than was asked for")
        pieces: list[bytes] = []
        while size > 0:
            self.sock.settimeout(self._left())
            piece = self.file.read(min(size, _PIECE))
            if not piece or not isinstance(piece, bytes):
                raise self.abort("the connection broke off")
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def readline(self) -> bytes:
        self.sock.settimeout(self._left())
        return super().readline()


def _text(said: Sequence[object]) -> str:
    first = said[0] if said else ""
    return first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first or "")


def _quoted(name: str) -> str:
    """A name as IMAP writes it: modified UTF-7 (RFC 3501, 5.1.3) between quotes."""
    if re.search(r"[\x00-\x1f\x7f]", name):
        raise MailboxTrouble("folder", "a name can't hold control characters")
    return '"' + _utf7(name).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _utf7(name: str) -> str:
    def shifted(found: re.Match[str]) -> str:
        packed = base64.b64encode(found[0].encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
        return f"&{packed}-"

    return re.sub(r"[^\x20-\x7e]+", shifted, name.replace("&", "&-"))

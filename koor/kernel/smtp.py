"""A letter handed to a mail server: always encrypted, for a limited time, by the rules of the door out. No Django.

What a server's answer proves is told by the class of what is raised; RFC 5321, 4.2.1 and 6.1: with a 2xx after the
letter it is theirs, with 4xx or 5xx they did not take it, and without an answer nobody knows."""

from __future__ import annotations

import base64
import os
import smtplib
import socket
import ssl
import time
from collections.abc import Sequence
from contextlib import suppress

from koor.kernel import plainly
from koor.kernel.addresses import parse_allowed
from koor.kernel.http import CONNECT_SECONDS, NotSent, Refused, Unclear, checked_addresses
from koor.kernel.imap import TLS, Server

PORTS = frozenset({465, 587})
SENDER, RECIPIENT, LETTER = "MAIL", "RCPT", "DATA"  # the steps of a letter, as RFC 5321 calls them


class NotTaken(NotSent):
    """The server said no. `code` is one of "closed" (an address that is not called), "away", "certificate", "no_tls",
    "login", "later" (it may take it another time), "no"; the text is what it said, without a password. `step` is what
    it said no to: SENDER, RECIPIENT or LETTER, or nothing when it did not come that far."""

    def __init__(self, code: str, said: object = "", step: str = "") -> None:
        super().__init__(" ".join(str(said).split())[:200])
        self.code, self.step = code, step


def deliver(server: Server, *, sender: str, to: Sequence[str], letter: bytes, seconds: float = 45.0) -> None:
    """Hand over one letter, for all of `to` or for none. Raises `NotTaken` and `Unclear`."""
    line = _come_in(server, seconds)
    try:
        _asked(line, sender, to)
        _handed(line, letter)
    finally:
        _leave(line)


def look(server: Server, *, seconds: float = 20.0) -> None:
    """Whether the server lets us in; nothing is sent. Raises `NotTaken`."""
    _leave(_come_in(server, seconds))


def _come_in(server: Server, seconds: float) -> _Line:
    try:
        line = _Line(server, time.monotonic() + seconds)
    except Refused as error:
        raise NotTaken("closed", error) from error
    except ssl.SSLCertVerificationError as error:
        raise NotTaken("certificate", plainly.why(error, server.host)) from error
    except ssl.SSLError as error:
        raise NotTaken("no_tls", plainly.why(error, server.host)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotTaken("away", met(error, server.host)) from error
    try:
        line.come_in()
    except ssl.SSLCertVerificationError as error:
        _leave(line)
        raise NotTaken("certificate", plainly.why(error, server.host)) from error
    except smtplib.SMTPNotSupportedError as error:
        _leave(line)
        raise NotTaken("no_tls", error) from error
    except smtplib.SMTPAuthenticationError as error:
        _leave(line)
        raise NotTaken("later" if 400 <= error.smtp_code < 500 else "login", _said(error)) from error
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        _leave(line)
        raise NotTaken("away", met(error, server.host)) from error
    return line


def _asked(line: _Line, sender: str, to: Sequence[str]) -> None:
    """Envelope first: nothing of the letter has left yet, so whatever goes wrong here is a no."""
    try:
        line.patient()
        code, said = line.mail(sender)
        if code != 250:
            raise NotTaken(_kind(code), _words(code, said), SENDER)
        for address in to:
            line.patient()
            code, said = line.rcpt(address)
            if code not in (250, 251):
                raise NotTaken(_kind(code), _words(code, said), RECIPIENT)
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        raise NotTaken("away", met(error)) from error


def _handed(line: _Line, letter: bytes) -> None:
    try:
        line.patient()
        code, said = line.docmd("DATA")
    except (OSError, smtplib.SMTPException) as error:
        raise NotTaken("away", met(error)) from error
    if code != 354:
        raise NotTaken(_kind(code), _words(code, said), LETTER)
    try:
        line.patient()
        line.send(_dotted(letter))
        line.patient()
        code, said = line.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise Unclear(f"the mail server did not say whether it took it: {met(error)}"[:200]) from error
    if code == 250:
        return
    if 400 <= code < 600:
        raise NotTaken(_kind(code), _words(code, said), LETTER)
    raise Unclear(_words(code, said))


def _dotted(letter: bytes) -> bytes:
    """As it goes over the line: CRLF, dots doubled, and the dot that ends it (RFC 5321, 4.5.2)."""
    lines = letter.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n").split(b"\n")
    return b"\r\n".join(b"." + one if one.startswith(b".") else one for one in lines) + b"\r\n.\r\n"


def _kind(code: int) -> str:
    return "later" if 400 <= code < 500 else "login" if code in (530, 534, 535, 538) else "no"


def _words(code: int, said: bytes) -> str:
    return " ".join(f"{code} {said.decode('utf-8', 'replace')}".split())[:200]


def _said(error: smtplib.SMTPResponseException) -> str:
    said = error.smtp_error
    return _words(error.smtp_code, said if isinstance(said, bytes) else str(said).encode())


def met(error: Exception, host: str = "") -> str:
    """What the server said, or in plain words what the line met."""
    if isinstance(error, smtplib.SMTPResponseException):
        return _said(error)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return str(error)
    broke = isinstance(error, smtplib.SMTPServerDisconnected)
    return plainly.why(error, host, plainly.BROKE_OFF if broke else plainly.NOT_MADE)


def _leave(line: _Line) -> None:
    with suppress(OSError, smtplib.SMTPException):
        line.settle(2.0)
        line.quit()
    line.close()


class _Line(smtplib.SMTP):
    """The connection: to an address that was checked, for a limited time."""

    def __init__(self, server: Server, deadline: float) -> None:
        self.server, self.deadline = server, deadline
        super().__init__(server.host, server.port, local_hostname="koor.invalid", timeout=self._left())

    def _left(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("it took too long")
        return left

    def patient(self) -> None:
        """What is left of the time is for the next step."""
        self.settle(self._left())

    def settle(self, seconds: float) -> None:
        if self.sock is not None:
            self.sock.settimeout(seconds)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        allow = parse_allowed(os.environ.get("KOOR_ALLOW_HOSTS", ""))
        failure = OSError("no address")
        for address in checked_addresses(host, port, allow=allow, seconds=min(timeout, CONNECT_SECONDS), ports=PORTS):
            try:
                plain = socket.create_connection((address, port), timeout=min(self._left(), CONNECT_SECONDS))
            except OSError as error:
                failure = error
            else:
                plain.settimeout(self._left())
                return self._secured(plain) if self.server.secure == TLS else plain
        raise failure

    def _secured(self, plain: socket.socket) -> socket.socket:
        try:
            return ssl.create_default_context().wrap_socket(plain, server_hostname=self.server.host)
        except OSError:
            plain.close()
            raise

    def come_in(self) -> None:
        self._host = self.server.host  # the name that STARTTLS checks
        self.patient()
        self.ehlo_or_helo_if_needed()
        if self.server.secure != TLS:
            self.patient()
            self.starttls(context=ssl.create_default_context())
            self.ehlo()
        self.patient()
        self._prove()

    def _prove(self) -> None:
        """By PLAIN, else by LOGIN; passwords in UTF-8 (RFC 4616), for which smtplib has no way."""
        offered = self.esmtp_features.get("auth", "").upper().split()
        if not offered:
            raise smtplib.SMTPNotSupportedError("the server asks for no password on this port")
        user, password = self.server.user, self.server.password
        if "PLAIN" in offered:
            steps = ["PLAIN " + _base64(f"\0{user}\0{password}")]
        else:
            steps = ["LOGIN", _base64(user), _base64(password)]
        code, said = self.docmd("AUTH", steps[0])
        for step in steps[1:]:
            if code == 334:
                self.patient()
                code, said = self.docmd(step)
        if code != 235:
            raise smtplib.SMTPAuthenticationError(code, said)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()

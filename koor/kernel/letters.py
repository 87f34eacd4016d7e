"""Letters that come in, read as what they are: written by strangers and programs. No Django and no network here.

Only what stands in the letter is told. Who sent it is a claim; `proven` says what the own mail server found of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

from koor.kernel import letter_reports, letter_text
from koor.kernel.letter_reports import Report
from koor.kernel.plain import squeezed

MOST_BYTES = 50_000_000  # of a whole letter, as it lies on the server
MOST_PARTS = 200
MOST_TEXT = 200_000  # bytes of a text part that are looked at
MOST_HEADER = 8_000  # characters of one header that are looked at
MOST_FILES = 30
MOST_REFERENCES = 20
WORDS = 500  # characters
LOGO_BYTES = 50_000  # a picture in the text that is smaller belongs to a signature

_LISTS = ("list-id", "list-unsubscribe", "list-post", "feedback-id")
_MACHINES = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply")
_NOBODY = re.compile(r"(?i)^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)([+@.-]|$)")
_ANSWER = re.compile(r"(?i)^\s*((re|fwd?|antw|aw|doorst|wg|tr)\s*(\[\d+\])?\s*:\s*)+")
_QUOTED = re.compile(
    r"(?i)^\s*(>|-{3,}|_{5,}|\*{3,}|(on|op|am|le)\b.{0,200}(wrote|schreef|schrieb|écrit)\b"
    r"|(from|van|von|de|sent|verzonden|verstuurd|gesendet)\s*:|begin forwarded message)"
)
_SIGNATURE = re.compile(
    r"(?i)^\s*(--\s*$"
    r"|((sent|verstuurd|verzonden) (from|vanaf|met|vanuit)|gesendet von|(get|download) outlook)\b"
    r"|(met vriendelijke groet|met vriendelijke groeten|vriendelijke groet|groeten?|groetjes|mvg|gr|kind regards"
    r"|best regards|regards|cheers|best|thanks)\s*[,.!]?(\s+[\w.-]+)?\s*$)"
)
_GREETING = re.compile(
    r"(?i)^\s*(hoi|hallo|hi|hello|hey|dag|beste|dear|goede?\s?(morgen|middag|avond)|good (morning|afternoon))\b"
    r"[^.!?:]{0,30}[,!.]?\s*$"
)
_SAYS_NOTHING = re.compile(r"(?i)^\W*((img|dsc|pxl|image|photo|foto|picture|no subject|geen onderwerp)s?[\W_\d]*)?\W*$")
_LONG_HEADER = re.compile(rb"(?im)^content-[a-z-]{1,40}:(?:[^\r\n]{4000}|(?:[^\r\n]{0,3999}\r?\n[ \t]){100})")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}")
_ID = re.compile(r"<([^<>\s]{1,998})>")
_NO_PICTURE = frozenset({"text/calendar", "text/vcard", "text/x-vcard", "application/pgp-signature"})


class Unreadable(Exception):
    """Too large, too deep or broken; the code says which."""


@dataclass(frozen=True)
class File:
    """One attachment or picture in the text."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """What one letter holds. `sender` is folded to lower case and empty when there is not exactly one."""

    message_id: str
    sender: str
    to: tuple[str, ...]
    subject: str  # without Re: and the like; empty when it says nothing
    words: str  # the first lines that somebody wrote, without greeting, signature and what was quoted
    files: tuple[File, ...]
    answers: bool  # it answers another letter
    automatic: bool  # no machine may answer it: a list, an absence, a bounce (RFC 3834)
    packed: bool  # holds winmail.dat: Outlook packed its pictures so that only Outlook opens them
    left_out: int  # files beyond MOST_FILES
    results: tuple[str, ...]  # Authentication-Results, the topmost first
    name: str = ""  # of the sender, as they call themselves
    reply_to: str = ""  # where they want the answer; empty when that is the sender
    reply_name: str = ""  # of whom the answer goes to then
    at: datetime | None = None  # when it was written, as it says
    in_reply_to: str = ""  # the letter that it answers, without < and >
    references: tuple[str, ...] = ()  # the letters before it, the oldest first, without < and >
    text: str = ""  # all that was written, history and signature too
    fresh: str = ""  # what is new in it
    report: Report = field(default_factory=Report)  # what a server tells of a letter of ours
    machine: bool = False  # nobody wrote it; a list is automatic too, but somebody wrote what it brings


def address_of(text: str) -> str:
    """The address, in lower case, when this is one and nothing else; else empty."""
    bare = text.strip()
    return bare.lower() if len(bare) < 255 and _ADDRESS.fullmatch(bare) else ""


def bare_subject(said: str) -> str:
    """What stands in the header, decoded and without Re: and the like."""
    return _ANSWER.sub("", " ".join(_decoded("subject", said).split()))[:WORDS]


def read(raw: bytes) -> Letter:
    """Raises `Unreadable`."""
    if len(raw) > MOST_BYTES:
        raise Unreadable("too_large")
    if _LONG_HEADER.search(raw):
        raise Unreadable("broken")
    try:
        parsed = BytesParser(policy=policy.default).parsebytes(raw)
        assert isinstance(parsed, EmailMessage)
        return _letter(parsed)
    except Unreadable:
        raise
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError, AssertionError) as error:
        raise Unreadable("broken") from error  # what the standard library makes of a letter that breaks every rule


def _letter(parsed: EmailMessage) -> Letter:
    parts = list(_parts(parsed))
    found = [file for part in parts if (file := _file(part)) is not None]
    files = [file for file in found if not _is_packed(file)]
    subject = bare_subject("".join(_raw(parsed, "subject")[:1]))
    sender = _addresses(parsed, "from")
    return Letter(
        message_id=_header(parsed, "message-id").strip()[:500],
        sender=sender[0] if len(sender) == 1 else "",
        to=tuple(a for name in ("to", "cc", "delivered-to", "x-original-to") for a in _addresses(parsed, name)),
        subject="" if _SAYS_NOTHING.match(subject) else subject,
        words=_words(parts),
        files=tuple(files[:MOST_FILES]),
        answers=bool(_raw(parsed, "in-reply-to")),
        automatic=_is_automatic(parsed, sender),
        machine=_is_machine(parsed, sender),
        packed=len(files) < len(found),
        left_out=max(0, len(files) - MOST_FILES),
        results=tuple(_raw(parsed, "authentication-results")),
        **_thread(parsed),
        **_said(parts),
        report=letter_reports.of(parsed),
    )


def _thread(parsed: EmailMessage) -> dict[str, Any]:
    before = [one for line in _raw(parsed, "references") for one in _ids(line)]
    answered = [one for line in _raw(parsed, "in-reply-to") for one in _ids(line)]
    elsewhere = _others(parsed, _addresses(parsed, "from"))
    return {
        "name": _name(parsed, "from"),
        "reply_to": elsewhere[0] if elsewhere else "",
        "reply_name": _name(parsed, "reply-to") if elsewhere else "",
        "at": _when(parsed),
        "in_reply_to": (answered or before[-1:] or [""])[0],
        "references": tuple(before[-MOST_REFERENCES:]),
    }


def _name(parsed: EmailMessage, header: str) -> str:
    names = [name for name, address in getaddresses(_raw(parsed, header)[:1]) if "@" in address]
    return " ".join(_decoded("subject", names[0]).split())[:200] if names else ""


def _ids(line: str) -> list[str]:
    return [found[:400] for found in _ID.findall(line)]


def _when(parsed: EmailMessage) -> datetime | None:
    for line in _raw(parsed, "date")[:1]:
        try:
            found = parsedate_to_datetime(line)
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, OverflowError):
            return None
    return None


def _said(parts: list[Message]) -> dict[str, Any]:
    """What was written: the plain text of it where there is one, else that of its page."""
    shown = [part for part in parts if part.get_content_disposition() != "attachment"]
    plain = "\n\n".join(
        _text(part) for part in shown if part.get_content_type() == "text/plain" and not part.get_filename()
    )
    if plain.strip():
        return {"text": squeezed(plain), "fresh": letter_text.fresh(plain)}
    for part in shown:
        if part.get_content_type() == "text/html":
            whole, said = letter_text.of_page(_text(part))
            return {"text": whole, "fresh": letter_text.fresh(said or whole)}
    return {"text": "", "fresh": ""}


def proven(letter: Letter, server: str) -> bool:
    """Whether the mail server of this name (its authserv-id, RFC 8601) found that the letter comes from the domain
    that it says: DMARC passed, or a DKIM signature of that very domain. Only its topmost word counts: what stands
    lower may have come with the letter. An empty name believes nobody."""
    domain = letter.sender.rpartition("@")[2]
    if not server or not domain or not letter.results:
        return False
    first = _COMMENT.sub(" ", letter.results[0])
    name, _, said = first.partition(";")
    if not name.split() or name.split()[0].lower() != server.strip().lower():
        return False
    return any(_passes(one.lower().split(), domain) for one in said.split(";"))


_COMMENT = re.compile(r"\([^()]*\)")


def _passes(words: list[str], domain: str) -> bool:
    if "dmarc=pass" in words[:1]:
        return f"header.from={domain}" in words
    if "dkim=pass" in words[:1]:
        return f"header.d={domain}" in words or f"header.i=@{domain}" in words
    return False


def _parts(whole: Message) -> Iterator[Message]:
    """The leaves, also of letters in letters."""
    for number, part in enumerate(whole.walk()):
        if number >= MOST_PARTS:
            raise Unreadable("too_many_parts")
        if not part.is_multipart():
            yield part


def _raw(whole: Message, name: str) -> list[str]:
    """The header as it stands, on one line and within limits, each time that it stands there."""
    found = [value for key, value in whole.raw_items() if key.lower() == name]
    return [" ".join(str(value)[:MOST_HEADER].split()) for value in found[:50]]


def _header(whole: Message, name: str) -> str:
    """The first of this name, decoded."""
    said = _raw(whole, name)
    return _decoded(name, said[0]) if said else ""


def _decoded(name: str, said: str) -> str:
    try:
        return str(policy.default.header_factory(name, said))
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""


def _addresses(whole: Message, name: str) -> list[str]:
    said = getaddresses(_raw(whole, name))
    return [address.strip().lower() for _name, address in said if "@" in address and len(address) < 255]


def _content(part: Message, most: int | None = None) -> bytes:
    raw = part.get_payload(decode=True)
    return raw[:most] if isinstance(raw, bytes) else b""


def _file(part: Message) -> File | None:
    """None for text, signatures and small pictures in the text."""
    name, kind = part.get_filename() or "", part.get_content_type()
    disposition = part.get_content_disposition() or ""
    if not (name or disposition == "attachment" or kind.startswith(("image/", "video/", "audio/"))):
        return None
    if kind in _NO_PICTURE or kind.endswith("pkcs7-signature"):
        return None
    content = _content(part)
    if disposition != "attachment" and part.get("content-id") and len(content) < LOGO_BYTES:
        return None
    return File(" ".join(re.split(r"[\\/]", name)[-1].replace("\x00", "").split())[:200], content)


def _is_packed(file: File) -> bool:
    return file.content[:4] == b"\x78\x9f\x3e\x22" or file.name.lower() == "winmail.dat"


def _is_machine(whole: Message, sender: list[str]) -> bool:
    """An absence, a report, a program: nobody wrote it. What is marked as bulk in answer to a letter is an absence of
    the old kind."""
    if _header(whole, "auto-submitted").strip().lower() not in ("", "no") or any(name in whole for name in _MACHINES):
        return True
    if "".join(_raw(whole, "return-path")[:1]).strip() == "<>" or whole.get_content_type() == "multipart/report":
        return True
    precedence = _header(whole, "precedence").strip().lower()
    if precedence == "auto_reply" or (precedence in ("bulk", "junk") and _raw(whole, "in-reply-to")):
        return True
    return len(sender) != 1 or (bool(_NOBODY.match(sender[0])) and not _others(whole, sender))


def _is_automatic(whole: Message, sender: list[str]) -> bool:
    """Also what came by a list or to many, or in the name of nobody: no machine of ours answers it."""
    if _is_machine(whole, sender) or _NOBODY.match(sender[0]) or any(name in whole for name in _LISTS):
        return True
    return _header(whole, "precedence").strip().lower() in ("bulk", "list", "junk")


def _others(whole: Message, sender: list[str]) -> list[str]:
    """Where they want the answer, when that is somewhere else."""
    found = _addresses(whole, "reply-to")
    return found if len(found) == 1 and found != sender else []


def _words(parts: list[Message]) -> str:
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
                said = _text(part)
                words = _first_lines(letter_text.of_page(said)[1] if kind == "text/html" else said)
                if words:
                    return words
    return ""


def _text(part: Message) -> str:
    raw = _content(part, MOST_TEXT)
    try:
        text = raw.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, ValueError):
        text = raw.decode("utf-8", "replace")
    text = text.replace("\x00", "")
    return text


def _first_lines(text: str) -> str:
    """The first paragraph that says something, on one line."""
    said: list[str] = []
    for line in text.splitlines():
        if _QUOTED.match(line) or _SIGNATURE.match(line):
            break
        bare = " ".join(line.replace("\ufffc", " ").split())
        if not bare and said:
            break
        if not (_SAYS_NOTHING.match(bare) or bare.startswith("[cid:") or (not said and _GREETING.match(bare))):
            said.append(bare)
    whole = " ".join(said)
    return whole if len(whole) <= WORDS else whole[: WORDS - 1].rsplit(" ", 1)[0] + "…"

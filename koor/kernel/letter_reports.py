"""What mail servers report of a letter of ours (RFC 3462): that it could not be brought, or only later, or that it was
seen. No Django and no network here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

MOST = 200  # parts, and people in a report
_NUMBER = re.compile(r"(?im)^message-id:\s*<([^<>\s]{1,400})>")
_GONE = re.compile(r"5\.1\.(?:1|2|3|6|10)\b|5\.2\.1\b")  # RFC 3463: a bad address, or a mailbox out of use
# Not now: late for days (4.x.x), a full mailbox (5.2.2), a server that is not found (5.4.x); 5.7.x is about us
_NOT_NOW = re.compile(r"4\.\d{1,3}\.\d{1,3}$|5\.2\.2$|5\.4\.\d{1,3}$")
_WENT_TO = re.compile(r"(?im)^(?:delivered-to|x-original-to):\s*<?([^<>\s]{3,254})>?\s*$")


@dataclass(frozen=True)
class Report:
    """Which letter it is about, and for each one whom it did not reach by what addresses they go."""

    about: str = ""  # its Message-ID, without < and >
    failed: tuple[frozenset[str], ...] = ()
    gone: bool = False  # whether of one of them a server says that the address is not there, or not in use any more
    not_now: str = ""  # what it says (RFC 3463) where it is given up for now, and may be read another time

    def somebody_else_than(self, own: str) -> bool:
        """Whether it did not reach anybody else than us: a copy to ourselves that is sent on may fail as well."""
        return any(own not in addresses for addresses in self.failed)


def of(parsed: Message) -> Report:
    """Empty for what is no report."""
    if parsed.get_content_type() != "multipart/report":
        return Report()
    heads = _heads(parsed)
    number = _NUMBER.search(heads)
    given_up = list(_given_up(parsed))
    went_to = frozenset(map(str.lower, _WENT_TO.findall(heads)))
    said = [str(person.get("status", "")).strip().split(" ")[0] for person in given_up]
    gone = any(_GONE.match(status) for status in said)
    not_now = "" if gone else next((status for status in said if _NOT_NOW.match(status)), "")
    return Report(number[1] if number else "", tuple(went_to | _people(one) for one in given_up), gone, not_now)


def _heads(parsed: Message) -> str:
    """The third part: the letter, or how it began."""
    for part in _inside(parsed):
        if part.get_content_type() == "text/rfc822-headers":
            raw = part.get_payload(decode=True)
            return re.sub(r"\r?\n[ \t]+", " ", raw.decode("utf-8", "replace")) if isinstance(raw, bytes) else ""
        if part.get_content_type() == "message/rfc822":
            return "\n".join(
                f"{name}: {' '.join(str(value).split())}"
                for inner in _inside(part)[:1]
                for name, value in inner.raw_items()
            )
    return ""


def _given_up(parsed: Message) -> Iterator[Message]:
    """Only what a server gave up (RFC 3464, 2.3.3): not what is late, was handed on or was read."""
    if str(parsed.get_param("report-type", "delivery-status")).lower() != "delivery-status":
        return
    for part in _inside(parsed):
        for person in _inside(part) if part.get_content_type() == "message/delivery-status" else ():
            if str(person.get("action", "")).strip().lower() == "failed":
                yield person


def _people(person: Message) -> set[str]:
    """By what addresses they go."""
    said = (str(person.get(name, "")) for name in ("final-recipient", "original-recipient"))
    return {one.rpartition(";")[2].strip(" <>").lower() for one in said if one}


def _inside(part: Message) -> list[Message]:
    inside = part.get_payload()
    return [one for one in inside[:MOST] if isinstance(one, Message)] if isinstance(inside, list) else []

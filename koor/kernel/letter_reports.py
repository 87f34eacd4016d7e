"""What mail servers report of a letter of ours (RFC 3462): that it could not be brought, or only later, or that it was
seen. No Django and no network here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

MOST = 200  # parts, and people in a report
_NUMBER = re.compile(r"(?im)^message-id:\s*<([^<>\s]{1,400})>")
_WENT_TO = re.compile(r"(?im)^(?:delivered-to|x-original-to):\s*<?([^<>\s]{3,254})>?\s*$")


@dataclass(frozen=True)
class Report:
    """Which letter it is about, and for each one whom it did not reach by what addresses they go."""

    about: str = ""  # its Message-ID, without < and >
    failed: tuple[frozenset[str], ...] = ()

    def somebody_else_than(self, own: str) -> bool:
        """Whether it did not reach anybody else than us: a copy to ourselves that is sent on may fail as well."""
        return any(own not in addresses for addresses in self.failed)


def of(parsed: Message) -> Report:
    """Empty for what is no report."""
    if parsed.get_content_type() != "multipart/report":
        return Report()
    heads = _heads(parsed)
    number = _NUMBER.search(heads)
    return Report(
        number[1] if number else "", tuple(_failed(parsed, frozenset(map(str.lower, _WENT_TO.findall(heads)))))
    )


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


def _failed(parsed: Message, went_to: frozenset[str]) -> Iterator[frozenset[str]]:
    """Only what a server gave up (RFC 3464, 2.3.3): not what is late, was handed on or was read."""
    if str(parsed.get_param("report-type", "delivery-status")).lower() != "delivery-status":
        return
    for part in _inside(parsed):
        for person in _inside(part) if part.get_content_type() == "message/delivery-status" else ():
            if str(person.get("action", "")).strip().lower() == "failed":
                said = (str(person.get(name, "")) for name in ("final-recipient", "original-recipient"))
                yield went_to | {one.rpartition(";")[2].strip(" <>").lower() for one in said if one}


def _inside(part: Message) -> list[Message]:
    inside = part.get_payload()
    return [one for one in inside[:MOST] if isinstance(one, Message)] if isinstance(inside, list) else []

"""Reading the mailbox: forward by its own numbers, every letter once, and nothing in it is changed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from hashlib import sha256
from typing import Any

from koor.connectors.mail import box
from koor.connectors.mail.publish import is_own_number
from koor.ground.channels.contract import Batch, Because, Broken, Enclosed, Incoming, Session
from koor.ground.channels.contract import message_id as _
from koor.kernel import imap, letters, plainly
from koor.kernel.imap import Box, MailboxTrouble, Waiting
from koor.kernel.letters import Letter, Unreadable

AT_ONCE = 20  # letters in a page
BYTES_AT_ONCE = 60_000_000  # and so much of them, which may be one
LONGEST = 20_000  # characters of what is new in a letter
BACK = timedelta(days=2)  # is read again when the numbers of the box mean other letters
MANY = 25  # files of one letter that are kept
SENTENCES = {
    "too_large": _("This letter is larger than 50 MB. Only its beginning was read; the rest lies in the mailbox."),
    "too_many_parts": _("This letter has more than 200 parts and was not opened."),
    "letter": _("The mail server does not give this letter. Look at it in the mailbox."),
    "broken": _("This letter breaks the rules of mail and can't be read."),
}


@dataclass(frozen=True)
class Place:
    """How far a mailbox was read; `validity` 0: never."""

    validity: int = 0
    uid: int = 0

    @classmethod
    def of(cls, cursor: str) -> Place:
        try:
            found = json.loads(cursor)
            return cls(int(found["validity"]), int(found["uid"]))
        except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
            return cls()

    def __str__(self) -> str:
        return json.dumps({"validity": self.validity, "uid": self.uid})


def fetch(session: Session, cursor: str, settings: Mapping[str, str]) -> Batch:
    """The next letters. The first time only the place is kept: what lies there was for whoever read it before."""
    try:
        with imap.opened(box.incoming(session), box.folder(session)) as opened:
            return _page(session, opened, Place.of(cursor))
    except MailboxTrouble as trouble:
        because = box.BECAUSE.get(trouble.code, Because.NOT_REACHED)
        passes = plainly.with_why(box.NOT_REACHED, str(trouble)) if plainly.is_known(str(trouble)) else box.NOT_NOW
        return Batch(cursor=cursor, problem=box.NOT_READ.get(trouble.code, passes), because=because)


def _page(session: Session, opened: Box, place: Place) -> Batch:
    if not place.validity:
        return Batch(cursor=str(Place(opened.validity, max(0, opened.following - 1))))
    if place.validity != opened.validity:
        place = Place(opened.validity, _lately(session, opened))
    waiting = opened.after(place.uid, AT_ONCE)
    items: list[Incoming] = []
    broken: list[Broken] = []
    size, last = 0, place.uid
    for one in waiting:
        if size and size + min(one.size, letters.MOST_BYTES) > BYTES_AT_ONCE:
            break
        try:
            found = _read(session, opened, one)
        except MailboxTrouble:
            if last == place.uid:
                raise
            break  # what was read is kept, and the next time begins here
        size, last = size + min(one.size, letters.MOST_BYTES), one.uid
        if isinstance(found, Broken):
            broken.append(found)
        elif found is not None:
            items.append(found)
    more = bool(waiting) and (last != waiting[-1].uid or len(waiting) == AT_ONCE)
    return Batch(tuple(items), tuple(broken), str(Place(opened.validity, last)), more)


def _lately(session: Session, opened: Box) -> int:
    """Where to begin in a box whose numbers are new: some days back; what is known comes in once all the same."""
    now = session.now or datetime.now(UTC)
    found = opened.since((now - BACK).date())
    return found[0].uid - 1 if found else max(0, opened.following - 1)


def _read(session: Session, opened: Box, one: Waiting) -> Incoming | Broken | None:
    """None for what is gone meanwhile, and for the copy of our own answer."""
    number, whole = f"{opened.validity}:{one.uid}", one.size <= letters.MOST_BYTES
    try:
        raw = opened.letter(one.uid) if whole else opened.head(one.uid)
        if not raw:
            return None
        letter = letters.read(raw)
    except MailboxTrouble as trouble:
        if trouble.code != "letter":
            raise
        return _kept(session, b"", trouble.code, number)
    except Unreadable as error:
        return _kept(session, raw, str(error), number)
    if is_own_number(session, letter.message_id) and letter.sender == box.own(session):
        return None
    return incoming(session, letter, raw, too_large=not whole)


def _kept(session: Session, raw: bytes, why: str, number: str) -> Broken:
    """For the quarantine: written so that a person can mend it and let it in, and answer it then."""
    beginning = raw[:20_000].decode("utf-8", "replace")
    heads = _heads(beginning)
    name, address = parseaddr(heads.get("from", "")[:500])
    answering = {
        "to": address,
        "subject": letters.bare_subject(heads.get("subject", "")[:1000]),
        "references": heads.get("message-id", "").strip("<> ")[:400],
    }
    line = {
        "id": number,
        "author": name or address,
        "handle": address,
        "text": beginning,
        "kind": "direct",
        "created_at": (session.now or datetime.now(UTC)).isoformat(),
        "raw": {"answering": answering if address else {}},
    }
    return Broken(json.dumps(line, ensure_ascii=False), SENTENCES.get(why, SENTENCES["broken"]), number)


def _heads(beginning: str) -> dict[str, str]:
    """By name the first of each header, as far as there are any in what can't be read."""
    found: dict[str, str] = {}
    rows = re.sub(r"\r?\n[ \t]+", " ", beginning).split("\n")
    for name, _colon, said in (row.partition(":") for row in rows[:200]):
        found.setdefault(name.strip().lower(), said.strip())
    return found


def incoming(session: Session, letter: Letter, raw: bytes, *, too_large: bool = False) -> Incoming:
    """A letter as something that somebody said to us: whoever the answer goes to."""
    number = letter.message_id.strip("<> ") or f"sha256:{sha256(raw).hexdigest()}"
    author, handle = _who(session, letter)
    return Incoming(
        external_id=number[:200] if len(number) <= 200 else f"sha256:{sha256(number.encode()).hexdigest()}",
        author=author,
        handle=handle,
        text=_text(letter),
        created_at=letter.at or session.now or datetime.now(UTC),
        in_reply_to=letter.report.about or letter.in_reply_to,
        kind=_kind(session, letter),
        raw=_beside(letter, number, handle),
        files=_files(letter, too_large),
    )


def _who(session: Session, letter: Letter) -> tuple[str, str]:
    """Name and address. A website writes in its own name, or in ours, and says whom we answer; a stranger may write in
    the name of somebody we know, and is somebody else then."""
    if letter.reply_to and letter.reply_to != box.own(session) and not letter.machine:
        return letter.reply_name or letter.reply_to, letter.reply_to
    return letter.name or letter.sender or "–", letter.sender


def _kind(session: Session, letter: Letter) -> str:
    if letter.report.about and letter.report.somebody_else_than(box.own(session)):
        return "bounce"
    return "automatic" if letter.machine else "direct"


def _text(letter: Letter) -> str:
    """What is new in it. The subject stands above a letter that begins something."""
    said = letter.fresh or letter.words
    said = said if len(said) <= LONGEST else said[: LONGEST - 1].rstrip() + "…"
    parts = [letter.subject if not letter.in_reply_to and not said.startswith(letter.subject) else "", said]
    return "\n\n".join(part for part in parts if part) or letter.subject


def _beside(letter: Letter, number: str, to: str) -> dict[str, Any]:
    """The letter whole, and what an answer to it carries."""
    before = [one for one in (*letter.references[-10:], number) if not one.startswith("sha256:")]
    answering = {"to": to, "subject": letter.subject, "references": " ".join(before)[-1900:]}
    return {
        "answering": answering if not letter.machine else {},
        "subject": letter.subject,
        "to": list(letter.to[:20]),
        "letter": letter.text[:200_000],
        "automatic": letter.automatic,
        "gone": letter.report.gone,
        "not_now": letter.report.not_now,
    }


def _files(letter: Letter, too_large: bool) -> tuple[Enclosed, ...]:
    kept = [Enclosed(file.name, file.content) for file in letter.files[:MANY]]
    if too_large:
        kept.append(Enclosed("", b"", SENTENCES["too_large"]))
    beyond = len(letter.files) - len(kept) + letter.left_out
    if beyond > 0:
        kept.append(Enclosed(f"+{beyond}", b"", _("There are more files in this letter; they lie in the mailbox.")))
    if letter.packed:
        kept.append(Enclosed("winmail.dat", b"", _("Outlook packed these files so that only Outlook opens them.")))
    return tuple(kept)

"""Sending an answer: one letter with a number of our own, and a copy to ourselves by which it is found again."""

from __future__ import annotations

import re
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from koor.connectors.mail import box
from koor.connectors.mail.manifest import MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import (
    Attempt,
    Because,
    CannotKnow,
    Draft,
    NotSeen,
    Outcome,
    Prepared,
    Seen,
    Session,
    Unclear,
    Verdict,
)
from koor.ground.channels.contract import message_id as _
from koor.kernel import imap, smtp
from koor.kernel.imap import MailboxTrouble
from koor.kernel.letters import address_of
from koor.kernel.smtp import NotTaken

MOST_BYTES = 20_000_000  # of a whole letter: what most servers take
BEFORE = "koor."
LINES = policy.SMTP.clone(max_line_length=998, refold_source="all", utf8=False)


def prepare(session: Session, draft: Draft) -> Prepared:
    """Nothing goes out: whom it is for, and whether it fits."""
    limits = session.limits or MANIFEST.limits
    problem = logic.problem(draft, limits, logic.length(draft, limits))
    if problem is not None:
        return problem
    if not address_of(draft.options.get("to", "")):
        return Prepared(problem=_("Koor does not know to which address this answer goes."), because=Because.REJECTED)
    if sum(max(len(one.content), one.size) for one in draft.media) * 4 // 3 > MOST_BYTES:
        return Prepared(problem=_("With these files the letter is larger than 20 MB."), because=Because.REJECTED)
    return Prepared()


def send(session: Session, attempt: Attempt) -> Outcome:
    """Hand it over, to them and to ourselves, in one step."""
    number = number_of(session, attempt.key)
    try:
        letter = written(session, attempt)
        to = [attempt.draft.options["to"], box.own(session)]
        smtp.deliver(box.outgoing(session), sender=box.own(session), to=to, letter=letter)
    except NotTaken as error:
        return _not(session, error)
    except Unclear as error:
        return logic.unknown(box.without_secret(error, session))
    return Outcome(Verdict.DONE, number, answer="250")


def _not(session: Session, error: NotTaken) -> Outcome:
    because = box.BECAUSE.get(error.code, Because.NOT_REACHED)
    if error.code in ("closed", "no_tls", "certificate"):
        because = Because.AUTH  # nothing is wrong with this letter: the account needs its owner
    answer = box.without_secret(error, session)[:200]
    return Outcome(Verdict.DEFINITELY_NOT, because=because, answer=answer)


def find(session: Session, attempt: Attempt) -> Seen | NotSeen | CannotKnow:
    """Whether our copy came in: what the server took for them it took for us. Where none of ours ever came in, such as
    behind a rule that moves them, one that is missing proves nothing."""
    number = number_of(session, attempt.key)
    try:
        with imap.opened(box.incoming(session), box.folder(session), seconds=40) as opened:
            if opened.having("Message-ID", number):
                return Seen(number)
            ours = opened.having("Message-ID", f"<{BEFORE}")
            return NotSeen() if ours else CannotKnow("no copy of a letter of ours is in the folder that is read")
    except MailboxTrouble as trouble:
        return CannotKnow(box.without_secret(trouble, session))


def number_of(session: Session, key: str) -> str:
    """The Message-ID: the same over all attempts, without < and >."""
    return f"{BEFORE}{re.sub(r'[^A-Za-z0-9]', '', key)}@{_domain(session)}"


def is_own_number(session: Session, message_id: str) -> bool:
    """Whether a letter has a number that we gave."""
    bare = message_id.strip("<> ")
    return bare.startswith(BEFORE) and bare.endswith(f"@{_domain(session)}")


def _domain(session: Session) -> str:
    return box.own(session).rpartition("@")[2]


def written(session: Session, attempt: Attempt) -> bytes:
    """The letter as it goes: the same over all attempts."""
    draft, letter = attempt.draft, EmailMessage(policy=LINES)
    letter["Date"] = format_datetime(attempt.started_at)
    letter["From"] = _address(box.own(session), _sender(session, draft))
    letter["To"] = _address(draft.options["to"])
    letter["Subject"] = _subject(draft)
    letter["Message-ID"] = f"<{number_of(session, attempt.key)}>"
    references = [
        one for one in draft.options.get("references", "").split() if re.fullmatch(r"[\x21-\x7e]{3,400}", one)
    ]
    if references:
        letter["In-Reply-To"] = f"<{references[-1]}>"
        letter["References"] = " ".join(f"<{one}>" for one in references)
    letter.set_content(_text(session, draft), cte="quoted-printable")
    for one in draft.media:
        kind, _slash, form = one.mime.partition("/")
        letter.add_attachment(one.content, kind, form, filename=one.name)
    return letter.as_bytes()


def _address(address: str, name: str = "") -> Address:
    local, _at, domain = address.rpartition("@")
    return Address(display_name=_line(name), username=local, domain=domain)


def _sender(session: Session, draft: Draft) -> str:
    """The colleague, and the house that they speak for."""
    house, who = session.settings.get("sender", "").strip(), draft.author.strip()
    return f"{who} ({house})" if who and house and who != house else who or house


def _subject(draft: Draft) -> str:
    said = _line(draft.options.get("subject", ""))
    return f"Re: {said}" if said else "Re:" if draft.in_reply_to else _line(draft.title)


def _line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]


def _text(session: Session, draft: Draft) -> str:
    """What the colleague wrote, their name below it unless it stands there, and the lines of the house."""
    said = draft.text.strip()
    first = draft.author.split(" ")[0]
    last_lines = said.casefold().split("\n")[-2:]
    parts = [said]
    if first and not any(first.casefold() in line for line in last_lines[-1:] if len(line) < 60):
        parts.append(draft.author)
    footer = session.settings.get("footer", "").strip()
    if footer:
        parts.append(f"-- \n{footer}")
    return "\n\n".join(parts) + "\n"

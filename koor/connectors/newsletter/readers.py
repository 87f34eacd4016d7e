"""One letter to one reader: text, the same as a page with its pictures, and the way out of the list (RFC 8058)."""

from __future__ import annotations

import html
import re
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256

from koor.ground.channels import logic
from koor.ground.channels.contract import Because, Copy, Draft, Outcome, Session, Unclear, Verdict
from koor.kernel import smtp
from koor.kernel.imap import Server
from koor.kernel.letters import address_of
from koor.kernel.smtp import NotTaken

MOST_BYTES = 8_000_000
SUBJECT = 120
LINES = policy.SMTP.clone(max_line_length=998, refold_source="all", utf8=False)
BECAUSE = {"no": Because.REJECTED, "later": Because.NOT_REACHED}  # anything else is the account's trouble
# The address is not there: said to the recipient's address alone, and in so many words (RFC 3463: 5.1.1, 5.1.2, 5.1.3,
# 5.1.6, 5.1.10). A bare 550 says no more than no: to many letters, to our own address, to what it takes for spam.
NOBODY = re.compile(
    r"""^RCPT:\ 55[0135]\ (?!.*(?:spam|block|policy|reputation|relay|sender|verif|exceed|limit|too\ many))
    (?:5\.1\.(?:1|2|3|6|10)\b
    |(?!\d\.\d).*(?:unknown\ (?:user|recipient|mailbox|local)
        |(?:user|recipient|mailbox)\ (?:is\ )?(?:unknown|not\ found)
        |no\ such|no\ (?:mail)?box|not\ exist|n't\ exist|nobody\ (?:of|by|here)))""",
    re.I | re.X,
)
# Said of the reader's own mailbox: full, or out of use for now (RFC 3463: x.2). Not of the mail server's own trouble
# (x.3, x.4), of our address (4.1.8), of trust in us (x.7) or of how many letters go there
NOT_NOW = re.compile(
    r"""^RCPT:\ (?!.*(?:gr[ae]y-?list|\brate\b|too\ (?:quickly|fast|many)))
    (?:4\d\d\ 4\.2\.\d|55\d\ 5\.2\.2\b
    |[45]5\d\ (?!\d\.\d).*(?:mailbox\ (?:is\ )?full|(?:over|exceeded)\ (?:its\ |the\ |their\ )?(?:mailbox\ )?quota))""",
    re.I | re.X,
)
# The mail server has had enough of us for now, whatever number it says that with
ENOUGH = re.compile(
    r"exceed.*\b(?:hour|day|minute|rate)|too (?:many|much) (?:e-?mails?|mails?|messages|letters)|rate.?limit"
    r"|(?:hourly|daily|sending) (?:limit|quota)",
    re.I,
)


def post(session: Session, copy: Copy) -> Outcome:
    """Hand it to the mail server. DONE is a 250 after the letter; no answer after it is UNKNOWN."""
    to = address_of(copy.to)
    if not to:
        return Outcome(Verdict.DEFINITELY_NOT, because=Because.REJECTED, answer="no address")
    try:
        smtp.deliver(outgoing(session), sender=own(session), to=[to], letter=written(session, copy))
    except NotTaken as error:
        return Outcome(Verdict.DEFINITELY_NOT, because=_why(error), answer=_answer(error, session))
    except Unclear as error:
        return logic.unknown(without_secret(error, session))
    return Outcome(Verdict.DONE, copy.number, answer="250")


def _why(error: NotTaken) -> Because:
    """No to our own address or to any more for now, or a server that is away, says nothing of this letter."""
    if error.step == smtp.SENDER or not error.step:
        return Because.RATE if error.code in ("later", "away") else Because.AUTH
    if error.code == "no" and ENOUGH.search(str(error)):
        return Because.RATE
    return BECAUSE.get(error.code, Because.AUTH)


def _answer(error: NotTaken, session: Session) -> str:
    said = without_secret(error, session)
    return f"{error.step}: {said}"[:200] if error.step else said


def is_nobody(answer: str) -> bool:
    """Whether a mail server said that there is no such address, in an answer as `post` gives it."""
    return bool(NOBODY.match(answer))


def is_not_now(answer: str) -> bool:
    """Whether the mailbox of this address takes no letters now, says a mail server in an answer as `post` gives it."""
    return bool(NOT_NOW.match(answer)) and not ENOUGH.search(answer)


def own(session: Session) -> str:
    return session.settings.get("address", "").strip().lower()


def outgoing(session: Session) -> Server:
    said = session.settings
    given = said.get("smtp_port", "")
    port = int(given) if given.isascii() and given.isdecimal() and len(given) < 6 else 465
    password = session.secrets.get("password", "")
    return Server(
        said.get("smtp_host", "").strip(), port, said.get("user", ""), password, said.get("smtp_secure", "tls")
    )


def without_secret(said: object, session: Session) -> str:
    password = session.secrets.get("password", "")
    return (str(said).replace(password, "…") if password else str(said))[:200]


def written(session: Session, copy: Copy) -> bytes:
    """The letter as it goes: the same over all tries."""
    draft, letter = copy.draft, EmailMessage(policy=LINES)
    letter["Date"] = format_datetime(copy.at) if copy.at else ""
    letter["From"] = _address(own(session), session.settings.get("sender", ""))
    letter["To"] = _address(copy.to)
    letter["Subject"] = subject(draft)
    letter["Message-ID"] = f"<{copy.number}@{own(session).rpartition('@')[2]}>"
    letter["List-Unsubscribe"] = f"<{copy.off}>"
    letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter["List-Id"] = f"<{own(session).replace('@', '.')}>"
    letter["Auto-Submitted"] = "no"
    letter.set_content(_text(session, copy), cte="quoted-printable")
    letter.add_alternative(_page(session, copy), subtype="html", cte="quoted-printable")
    page = list(letter.iter_parts())[1]
    assert isinstance(page, EmailMessage)
    for number, one in enumerate(draft.media):
        kind, _slash, form = one.mime.partition("/")
        page.add_related(
            one.content, kind, form, cid=f"<{_cid(copy, number)}>", disposition="inline", filename=one.name
        )
    return letter.as_bytes()


def subject(draft: Draft) -> str:
    """As chosen, else the first line."""
    told = draft.options.get("title", "") or draft.title or draft.text.strip().partition("\n")[0]
    line = " ".join("".join(c if c.isprintable() else " " for c in told).split())
    return line if len(line) <= SUBJECT else f"{line[: SUBJECT - 1].rstrip()}…"


def _address(address: str, name: str = "") -> Address:
    local, _at, domain = address.rpartition("@")
    plain = " ".join("".join(c if c.isprintable() else " " for c in name).split())[:100]
    return Address(display_name=plain, username=local, domain=domain)


def _cid(copy: Copy, number: int) -> str:
    return f"{sha256(copy.number.encode()).hexdigest()[:16]}.{number}@koor.invalid"


def _below(session: Session) -> str:
    return session.settings.get("footer", "").strip()


def _text(session: Session, copy: Copy) -> str:
    pictures = [f"[{one.alt}]" for one in copy.draft.media if one.alt]
    said = [copy.draft.text.strip(), logic.link_below(copy.draft), *pictures]
    end = ["-- ", copy.why, f"{copy.stop}: {copy.off}", "", _below(session)]
    return "\n\n".join(part for part in said if part) + "\n\n" + "\n".join(end).rstrip() + "\n"


def _page(session: Session, copy: Copy) -> str:
    """Plain markup that every mail program shows; nothing in it is fetched from anywhere."""
    draft = copy.draft
    parts = [_paragraph(part) for part in re.split(r"\n\s*\n", draft.text.strip()) if part.strip()]
    if logic.link_below(draft):
        parts.append(_paragraph(logic.link_below(draft)))
    for number, one in enumerate(draft.media):
        source, alt = f"cid:{_cid(copy, number)}", html.escape(one.alt)
        parts.append(f'<p><img src="{source}" alt="{alt}" style="max-width:100%;height:auto"></p>')
    small = 'style="font-size:14px;color:#555"'
    way_out = f'<a href="{html.escape(copy.off)}">{html.escape(copy.stop)}</a>'
    parts.append(f"<hr><p {small}>{html.escape(copy.why)}<br>{way_out}</p>")
    parts.append(f"<p {small}>{'<br>'.join(map(html.escape, _below(session).splitlines()))}</p>")
    inside = "\n".join(parts)
    frame = 'style="max-width:600px;margin:0 auto;padding:16px;font:17px/1.5 Georgia,serif"'
    head = f'<head><meta charset="utf-8"><title>{html.escape(subject(draft))}</title></head>'
    language = html.escape(draft.language or "nl")
    return f'<!doctype html><html lang="{language}">{head}<body><div {frame}>\n{inside}\n</div></body></html>'


def _paragraph(part: str) -> str:
    made, end, said = "", 0, part.strip()
    for found in logic.LINK.finditer(said):
        address = html.escape(found[0])
        made += f'{html.escape(said[end : found.start()])}<a href="{address}">{address}</a>'
        end = found.end()
    return f"<p>{(made + html.escape(said[end:])).replace(chr(10), '<br>')}</p>"

"""The mailbox and the mail server of an account, and what their trouble means."""

from __future__ import annotations

from koor.ground.channels.contract import Because, Session
from koor.ground.channels.contract import message_id as _
from koor.kernel.imap import Server

BECAUSE = {
    "closed": Because.REJECTED,
    "login": Because.AUTH,
    "folder": Because.REJECTED,
    "no_tls": Because.REJECTED,
    "certificate": Because.REJECTED,
    "later": Because.NOT_REACHED,
    "no": Because.REJECTED,
}
READING = {
    "closed": _("The server for incoming mail: %(said)s"),
    "login": _("The mailbox does not accept the user name and password: %(said)s"),
    "folder": _("The mailbox has no such folder: %(said)s"),
    "no_tls": _("The server for incoming mail offers no encryption: %(said)s"),
    "certificate": _("The server for incoming mail can't be trusted: %(said)s"),
}
SENDING = {
    "closed": _("The server for outgoing mail: %(said)s"),
    "login": _("The server for outgoing mail does not accept the user name and password: %(said)s"),
    "no_tls": _("The server for outgoing mail offers no encryption: %(said)s"),
    "certificate": _("The server for outgoing mail can't be trusted: %(said)s"),
}
NOT_READ = {
    "login": _("The mailbox does not accept the user name and password."),
    "folder": _("The mailbox has no such folder."),
}
NOT_NOW = _("The mailbox can't be read now. The page of the account says why.")
NOT_REACHED = _("The server for incoming mail could not be reached.")
AWAY = _("The server for incoming mail could not be reached: %(said)s")
NOT_SENDING = _("The server for outgoing mail could not be reached: %(said)s")


def own(session: Session) -> str:
    """Our address, as it is compared."""
    return session.settings.get("address", "").strip().lower()


def folder(session: Session) -> str:
    return session.settings.get("folder", "") or "INBOX"


def incoming(session: Session) -> Server:
    return _server(session, "imap", 993)


def outgoing(session: Session) -> Server:
    return _server(session, "smtp", 465)


def _server(session: Session, way: str, usual: int) -> Server:
    said = session.settings
    given = said.get(f"{way}_port", "")
    port = int(given) if given.isascii() and given.isdecimal() and len(given) < 6 else usual
    password, secure = session.secrets.get("password", ""), said.get(f"{way}_secure", "tls")
    return Server(said.get(f"{way}_host", "").strip(), port, said.get("user", ""), password, secure)


def without_secret(said: object, session: Session) -> str:
    """What a server said, in case it repeats the password."""
    password = session.secrets.get("password", "")
    return str(said).replace(password, "…") if password else str(said)

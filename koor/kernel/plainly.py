"""What went wrong on the way to another machine, in plain words and without what the system calls it.

The doors (`http`, `imap`, `smtp`) say these words to people and write what was met in the log. Without Django."""

from __future__ import annotations

import errno
import logging
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from typing import Any

log = logging.getLogger("koor.door")


def _(text: str) -> str:
    """Marks a text for translation; `told` translates it where it is shown."""
    return text


NO_NAME = _("no server has this name.")
NOT_LOOKED_UP = _("the name of the server can't be looked up now.")
NOBODY = _("nobody answers at this address and port.")
NO_WAY = _("the network does not lead there now.")
IN_TIME = _("it did not answer in time.")
SENT_ON = _("it keeps sending us on to another address.")
BROKE_OFF = _("the connection broke off.")
EXPIRED = _("the certificate has expired.")
OTHER_NAME = _("the certificate is for another name.")
UNKNOWN_SIGNER = _("nobody whom this house trusts has signed the certificate.")
CERTIFICATE = _("the certificate can't be checked.")
NO_TLS = _("what answers there does not speak TLS. Look at the port.")
NOT_MADE = _("no connection could be made.")
NO_SERVER = _("no mail server is set (SMTP_HOST).")
APART = _("this house was restored or copied; letters wait.")
COPIED = _("This house was restored or copied: look before you publish.")  # as `identity` writes it
OLD_LETTER = _("it comes from a backup, and may have been sent since.")

WORDS = frozenset({NO_NAME, NOT_LOOKED_UP, NOBODY, NO_WAY, IN_TIME, BROKE_OFF, NO_TLS, NOT_MADE}) | {
    *(SENT_ON, EXPIRED, OTHER_NAME, UNKNOWN_SIGNER, CERTIFICATE, NO_SERVER, APART, COPIED, OLD_LETTER)
}
REFUSED = _("%(host)s is not called: it is no public address. An administrator can allow it with KOOR_ALLOW_HOSTS.")
ANSWERED = _("the server answers with an error (%(status)s).")
BARE = _("%(host)s would be called without encryption; use https://.")
RESTORED = _("Restored from a backup of %(day)s, %(time)s (UTC): look at what was due since then before you publish.")
_WITH_PLACES = (  # two answers of the door that name a host, an answer of a server, and what a restore wrote down
    (re.compile(r"the server answers with an error \((?P<status>\d{3})\)\."), ANSWERED),
    (re.compile(r"(?P<host>\S+) is not called: [^.]+\. An administrator can .*"), REFUSED),
    (re.compile(r"(?P<host>\S+) would be called without encryption; use https://\."), BARE),
    (re.compile(r"Restored from a backup of (?P<day>[-\d]+)T(?P<time>\d\d:\d\d)[^ ]*: look at .*"), RESTORED),
)
_CERTIFICATES = {10: EXPIRED, 18: UNKNOWN_SIGNER, 19: UNKNOWN_SIGNER, 20: UNKNOWN_SIGNER, 21: UNKNOWN_SIGNER}
_CERTIFICATES |= {62: OTHER_NAME, 64: OTHER_NAME}  # by OpenSSL's numbers (x509_vfy.h)
_NO_WAY = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.EADDRNOTAVAIL})


def why(error: BaseException, host: str = "", otherwise: str = NOT_MADE) -> str:
    """One of `WORDS`, `otherwise` where nothing better is known; what was met goes to the log, with the host."""
    log.warning("%s: %s: %s", host or "a server", type(error).__name__, " ".join(str(error).split())[:300])
    return next(filter(None, map(_why, _behind(error))), otherwise)


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    """This one and what it came from."""
    for _step in range(6):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__


def _why(error: BaseException) -> str:
    if isinstance(error, socket.gaierror):
        return NOT_LOOKED_UP if error.errno == socket.EAI_AGAIN else NO_NAME
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATES.get(error.verify_code, CERTIFICATE)
    if isinstance(error, TimeoutError):
        return IN_TIME
    if isinstance(error, ssl.SSLError):
        return BROKE_OFF if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError) else NO_TLS
    if isinstance(error, ConnectionRefusedError):
        return NOBODY
    if isinstance(error, ConnectionError | EOFError):
        return BROKE_OFF
    return NO_WAY if isinstance(error, OSError) and error.errno in _NO_WAY else ""


def told(sentence: str, values: Mapping[str, Any]) -> str:
    """A sentence that was kept as a message id, in the reader's language with its places filled, also where words of
    a door stand in a place; as it is when they do not fit, for it may come from an older version."""
    from django.utils.translation import gettext

    filled = {key: in_words(value) if isinstance(value, str) else value for key, value in values.items()}
    try:
        return gettext(sentence) % filled
    except (KeyError, ValueError, TypeError):
        return gettext(sentence)


def is_known(said: str) -> bool:
    """Whether a door says it like this, so that `in_words` has it in every language."""
    return said in WORDS or any(pattern.fullmatch(said) for pattern, _sentence in _WITH_PLACES)


def with_why(sentence: str, said: str) -> str:
    """A message id with what a door said behind it, as `in_words` reads it; alone where that is not known."""
    return f"{sentence.removesuffix('.')}: {said}" if is_known(said) else sentence


def in_words(said: str) -> str:
    """What a door said, also behind another sentence (`with_why`), or why a house is held, in the reader's language;
    anything else as it is."""
    from django.utils.translation import gettext

    if said in WORDS:
        return gettext(said)
    for pattern, sentence in _WITH_PLACES:
        if found := pattern.fullmatch(said):
            return gettext(sentence) % found.groupdict()
    first, _colon, why = said.partition(": ")
    return f"{gettext(f'{first}.').removesuffix('.')}: {in_words(why)}" if is_known(why) else said

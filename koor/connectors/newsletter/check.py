"""Does it work: the mail server lets us in. Nothing is sent."""

from __future__ import annotations

from koor.connectors.newsletter import readers
from koor.ground.channels.contract import Because, Health, Session
from koor.ground.channels.contract import message_id as _
from koor.kernel import smtp
from koor.kernel.letters import address_of
from koor.kernel.smtp import NotTaken

SENTENCES = {
    "closed": (Because.REJECTED, _("The server for outgoing mail is not called: %(said)s")),
    "login": (Because.AUTH, _("The server for outgoing mail does not accept the user name and password: %(said)s")),
    "no_tls": (Because.REJECTED, _("The server for outgoing mail offers no encryption: %(said)s")),
    "certificate": (Because.REJECTED, _("The certificate of the server for outgoing mail is not good: %(said)s")),
}
AWAY = _("The server for outgoing mail could not be reached: %(said)s")


def check(session: Session) -> Health:
    """A server that is away for a moment is `NOT_REACHED`, and passes."""
    if not address_of(readers.own(session)):
        return Health(False, _("This is not an e-mail address."), because=Because.REJECTED)
    try:
        smtp.look(readers.outgoing(session))
    except NotTaken as trouble:
        because, sentence = SENTENCES.get(trouble.code, (Because.NOT_REACHED, AWAY))
        return Health(False, sentence, {"said": readers.without_secret(trouble, session)}, because)
    return Health(True, handle=readers.own(session))

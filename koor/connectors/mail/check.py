"""Does the address work: the mailbox opens, and the mail server lets us in. Nothing is read and nothing is sent."""

from __future__ import annotations

from koor.connectors.mail import box
from koor.ground.channels.contract import Because, Health, Session
from koor.ground.channels.contract import message_id as _
from koor.kernel import imap, smtp
from koor.kernel.imap import MailboxTrouble
from koor.kernel.letters import address_of
from koor.kernel.smtp import NotTaken


def check(session: Session) -> Health:
    """A server that is away for a moment is `NOT_REACHED`, and passes."""
    if not address_of(box.own(session)):
        return Health(False, _("This is not an e-mail address."), because=Because.REJECTED)
    try:
        with imap.opened(box.incoming(session), box.folder(session), seconds=20):
            pass
    except MailboxTrouble as trouble:
        return _not(session, trouble.code, trouble, box.READING.get(trouble.code, box.AWAY))
    try:
        smtp.look(box.outgoing(session))
    except NotTaken as trouble:
        return _not(session, trouble.code, trouble, box.SENDING.get(trouble.code, box.NOT_SENDING))
    return Health(True, handle=box.own(session))


def _not(session: Session, code: str, trouble: Exception, sentence: str) -> Health:
    because = box.BECAUSE.get(code, Because.NOT_REACHED)
    return Health(False, sentence, {"said": box.without_secret(trouble, session)}, because)

"""Around a letter: what was written in the same thread, as it lies in the mailbox."""

from __future__ import annotations

from koor.connectors.mail import box, listen
from koor.ground.channels.contract import Batch, Because, Session
from koor.kernel import imap, letters
from koor.kernel.imap import MailboxTrouble
from koor.kernel.letters import Unreadable

MOST = 20


def thread(session: Session, remote_id: str) -> Batch:
    """The letter itself and those that name it among the letters before them, oldest first."""
    try:
        with imap.opened(box.incoming(session), box.folder(session)) as opened:
            uids = {*opened.having("Message-ID", remote_id), *opened.having("References", remote_id)}
            raws = [opened.letter(uid) for uid in sorted(uids)[:MOST]]
    except MailboxTrouble as trouble:
        because = box.BECAUSE.get(trouble.code, Because.NOT_REACHED)
        return Batch(problem=box.NOT_READ.get(trouble.code, box.NOT_NOW), because=because)
    items = []
    for raw in filter(None, raws):
        try:
            items.append(listen.incoming(session, letters.read(raw), raw))
        except Unreadable:
            continue
    return Batch(tuple(items))

"""The mailbox that photos are sent to: set by the administrator, read every minute, each letter once."""

from __future__ import annotations

import errno
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.hub import access, logic
from koor.flow.hub.actions.mailed import from_the_beginning, take_letter
from koor.flow.hub.choices import LetterState
from koor.flow.hub.models import Letter, Mailbox, MailKey
from koor.flow.hub.queries.mailed import KEY_CONTEXT, mailbox_on, mailbox_sentence
from koor.ground.people.access import Colleague, is_system
from koor.ground.people.models import Person
from koor.kernel import audit, clock, imap, letters, locks, secrets
from koor.kernel.access import Refused, require
from koor.kernel.imap import Box, MailboxTrouble, Server, Waiting

CONTEXT = "hub.mailbox"  # of its seal
AT_ONCE = 20  # letters a visit
TRIES = 5  # of a letter that makes the house stumble
OF_THE_HOUSE = (  # no room, or a disk that does not answer: no fault of the letter
    errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EACCES, errno.EMFILE, errno.ENFILE, errno.ENOMEM,
)  # fmt: skip
FIELD_OF = {"login": "password", "folder": "folder", "no_tls": "secure"}
PLACE = ("host", "port", "secure", "user", "folder")  # another one has other letters
_ONLY = "Only an administrator changes these."


def try_mailbox(*, by: Colleague, password: str = "", **fields: Any) -> int:
    """Go there as the worker would, and change nothing; how many letters came since yesterday. Refused, in words, when
    it does not go. An empty password is the one that is kept."""
    require(access.may_arrange_mailbox(by), _(_ONLY))
    return _visit(fields, password or _kept_password(Mailbox.objects.first(), fields))[0]


def _visit(fields: dict[str, Any], password: str) -> tuple[int, int, int]:
    """How many letters came since yesterday, and where the box is: its validity and the last number."""
    server = Server(fields["host"], fields["port"], fields["user"], password, fields["secure"])
    try:
        with imap.opened(server, fields["folder"], seconds=20) as box:
            lately = box.since(clock.now().date() - timedelta(days=1))
            return len(lately), box.validity, max(0, box.following - 1)
    except MailboxTrouble as trouble:
        sentence = mailbox_sentence(trouble.code, str(trouble))
        raise Refused(sentence, code=trouble.code, field=FIELD_OF.get(trouble.code, "host")) from trouble


def _kept_password(known: Mailbox | None, fields: dict[str, Any]) -> str:
    """Only for the same server and user: a password is shown to nobody else."""
    same = known is not None and all(getattr(known, name) == fields[name] for name in ("host", "port", "user"))
    if known is None or not same:
        raise Refused(_("Give the password of this mailbox."), code="password", field="password")
    try:
        return secrets.unseal(known.password, CONTEXT).decode()
    except secrets.CannotOpen as error:
        raise Refused(mailbox_sentence("key"), code="key", field="password") from error


def set_mailbox(*, by: Colleague, password: str = "", **fields: Any) -> Mailbox:
    """Read this mailbox from now on, when it is on: what lies in it already stays untouched. An empty password keeps
    the one that is there."""
    require(access.may_arrange_mailbox(by), _(_ONLY))
    password = password or _kept_password(Mailbox.objects.first(), fields)
    spot = _visit(fields, password)[1:] if fields["is_on"] else (0, 0)
    with transaction.atomic():
        box = Mailbox.objects.select_for_update().first() or Mailbox(pk=1)
        if box.validity and any(getattr(box, name) != fields[name] for name in PLACE):
            box.validity = box.last_uid = box.tries = 0
        if spot[0] and not (box.validity and box.is_on):  # what comes from now on is for us
            box.validity, box.last_uid = spot
        changed = sorted(name for name, value in fields.items() if getattr(box, name) != value)
        for name, value in fields.items():
            setattr(box, name, value)
        box.password = secrets.seal(password.encode(), CONTEXT)
        box.problem, box.problem_text, box.problem_since = "", "", None
        box.read_at = clock.now() if box.is_on else box.read_at
        box.save()
        audit.record(by=by, verb="hub.set_mailbox", target=box, changed=changed, on=box.is_on)
    return box


def make_address(*, by: Person) -> MailKey:
    """One's own address for photos; a new one in the place of the one that was, which leads nowhere then."""
    require(access.may_show(by))
    token = logic.fresh_token(10)
    with transaction.atomic():
        key, _new = MailKey.objects.update_or_create(
            person=by,
            defaults={
                "digest": secrets.digest(token),
                "sealed": secrets.seal(token.encode(), f"{KEY_CONTEXT}:{by.pk}"),
                "made_at": clock.now(),
            },
        )
        audit.record(by=by, verb="hub.make_address", target=by)
    return key


def read_mailbox(*, by: Colleague) -> int:
    """Take in what came since the last time; gives how many letters were looked at. Trouble is noted, not raised."""
    require(is_system(by))
    row = mailbox_on()
    if row is None:
        return 0
    with locks.held(CONTEXT) as alone:
        if not alone:
            return 0
        try:
            seen = _read(row)
        except MailboxTrouble as trouble:
            _note(row, trouble)
            return 0
    Mailbox.objects.filter(pk=row.pk).update(read_at=clock.now(), problem="", problem_text="", problem_since=None)
    return seen


def _note(row: Mailbox, trouble: MailboxTrouble) -> None:
    since = row.problem_since or clock.now()
    Mailbox.objects.filter(pk=row.pk).update(problem=trouble.code, problem_text=str(trouble), problem_since=since)


def _read(row: Mailbox) -> int:
    try:
        password = secrets.unseal(row.password, CONTEXT).decode()
    except secrets.CannotOpen as error:
        raise MailboxTrouble("key") from error
    with imap.opened(Server(row.host, row.port, row.user, password, row.secure), row.folder) as box:
        return _go_through(row, box)


def _go_through(row: Mailbox, box: Box) -> int:
    """The first time nothing is read: what lies there is not for us. When the numbers of the box mean other letters
    than before, those of the last days are looked at again; what was taken in is known by what it is."""
    if not row.validity:
        _keep_place(row, box.validity, max(0, box.following - 1))
        return 0
    if row.validity == box.validity:
        waiting = box.after(row.last_uid, AT_ONCE)
    else:
        waiting = box.since((row.read_at or clock.now()).date() - timedelta(days=2))
        _keep_place(row, box.validity, 0)
    for one in waiting:
        _once(row, box, one)
    return len(waiting)


def _keep_place(row: Mailbox, validity: int, uid: int) -> None:
    row.validity, row.last_uid, row.tries = validity, uid, 0
    row.save(update_fields=["validity", "last_uid", "tries"])


def _once(row: Mailbox, box: Box, one: Waiting) -> None:
    """A letter over which the house stumbles again and again is refused by what its beginning says, and passed by when
    that does not go either, so that the others come in."""
    row.tries += 1
    row.save(update_fields=["tries"])
    known = Letter.objects.filter(validity=box.validity, uid=one.uid).first()
    taken = known or (_take(row, box, one) if row.tries <= TRIES + 1 else None)
    _keep_place(row, box.validity, max(row.last_uid, one.uid))
    if taken is not None and taken.state in (LetterState.TAKEN, LetterState.ASKED, LetterState.REFUSED):
        _put_away(row, box, one.uid)


def _take(row: Mailbox, box: Box, one: Waiting) -> Letter | None:
    spot = (box.validity, one.uid)
    try:
        if one.size > letters.MOST_BYTES or row.tries > TRIES:
            why = "too_large" if one.size > letters.MOST_BYTES else "broken"
            return from_the_beginning(raw=box.head(one.uid), box=row, spot=spot, why=why)
        raw = box.letter(one.uid)
        return take_letter(raw=raw, box=row, spot=spot) if raw else None
    except OSError as error:
        if error.errno not in OF_THE_HOUSE:
            raise
        row.tries -= 1
        row.save(update_fields=["tries"])
        raise MailboxTrouble("room", str(error)) from error


def _put_away(row: Mailbox, box: Box, uid: int) -> None:
    """Letters of colleagues only: those of others lie as they lay."""
    if row.done_folder:
        box.move(uid, row.done_folder)
    else:
        box.mark_read(uid)

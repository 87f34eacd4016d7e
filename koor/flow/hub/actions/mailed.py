"""A letter that came in becomes what its sender meant: photos in the library, an idea, an answer; once."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from koor.flow.hub import access, logic
from koor.flow.hub.actions import mail_replies
from koor.flow.hub.choices import LetterState
from koor.flow.hub.logic import Photo
from koor.flow.hub.media import allowed
from koor.flow.hub.media.reasons import PictureRefused
from koor.flow.hub.models import AnswerLink, Letter, Mailbox
from koor.flow.hub.queries.mailed import HELD_DAYS, letter_to_confirm, letters_today, whose
from koor.flow.hub.queries.prompts import check_open
from koor.ground.people.access import Colleague, is_system
from koor.ground.people.models import Person
from koor.kernel import audit, clock, files, letters, secrets
from koor.kernel.access import SYSTEM, Refused, require
from koor.kernel.letters import Unreadable
from koor.kernel.personal import tombstones

A_DAY = 20  # letters of one colleague
ASKED_A_DAY = 3  # times that a colleague is asked whether a letter is theirs
MOST_HELD = 50  # letters of strangers at a time
HELD_BYTES = 25_000_000
BEGINNING = 100_000  # bytes
OWN_NAMES = UUID("0e3f5b1c-7d1f-4c66-9d5e-5e0f3f0f6c11")  # of the captures that come by mail


@dataclass(frozen=True)
class From:
    """Whose letter it is and how we know: "secret", "server"; "claimed" for a colleague's name without proof."""

    person: Person | None = None
    link: AnswerLink | None = None
    proof: str = ""

    @property
    def sure(self) -> bool:
        return self.person is not None and self.proof in ("secret", "server")


def take_letter(*, raw: bytes, box: Mailbox, spot: tuple[int, int]) -> Letter | None:
    """What became of it; None for what nobody waits for: a list, an absence, a stranger without a photo."""
    try:
        letter = letters.read(raw)
    except Unreadable as error:
        beginning = re.split(rb"\r?\n\r?\n", raw[:BEGINNING], maxsplit=1)[0]
        return from_the_beginning(raw=beginning, box=box, spot=spot, why=str(error))
    if letter.automatic:
        return None
    who = _from(letter, box)
    if who.person is None and tombstones.stopped([("email", letter.sender.lower())]):
        return None  # they were erased here
    contents = [*(file.content for file in letter.files), f"{letter.subject}\n{letter.words}".encode()]
    key = logic.letter_key(_name(who), letter.message_id or secrets.digest(repr(spot)), contents)
    with transaction.atomic():
        row = Letter.objects.select_for_update().filter(key=key).first()
        if row is not None:
            return row
        row = _row(letter, who, key, spot)
        if who.sure:
            return _of_colleague(row, letter, who.link)
        return _hold(row, letter, raw)


def from_the_beginning(*, raw: bytes, box: Mailbox, spot: tuple[int, int], why: str = "too_large") -> Letter | None:
    """The same for one of which only the beginning can be read: its sender hears why, once."""
    try:
        letter = letters.read(raw)
    except Unreadable:
        return None
    who = _from(letter, box)
    if letter.automatic or not who.sure:
        return None
    why = why if why == "too_large" else "broken"
    key = logic.letter_key(_name(who), letter.message_id or secrets.digest(repr(spot)), [raw, why.encode()])
    with transaction.atomic():
        return Letter.objects.filter(key=key).first() or _refuse(_row(letter, who, key, spot), why)


def _from(letter: letters.Letter, box: Mailbox) -> From:
    person, link = whose(logic.tokens_in(letter.to, box.address))
    if person is not None:
        return From(person, link, "secret")
    known = Person.objects.filter(email__iexact=letter.sender, is_active=True).first() if letter.sender else None
    if known is None:
        return From()
    return From(known, None, "server" if letters.proven(letter, box.server_name) else "claimed")


def _name(who: From) -> str:
    return f"{who.person.pk if who.person else ''} {who.link.pk if who.link else ''} {who.proof}"


def _row(letter: letters.Letter, who: From, key: str, spot: tuple[int, int]) -> Letter:
    return Letter(
        key=key,
        validity=spot[0],
        uid=spot[1],
        sender=letter.sender[:254],
        person=who.person,
        sentence=letter.words or letter.subject,
        files=len(letter.files),
        at=clock.now(),
    )


def _of_colleague(row: Letter, letter: letters.Letter, link: AnswerLink | None) -> Letter:
    """Photos become a capture, words an answer or an idea. What is good is kept when something is not."""
    person = row.person
    assert person is not None
    if letters_today(person) >= A_DAY:
        return _refuse(row, "too_often")
    photos = _photos(letter, row)
    with translation.override(person.language):
        open_link = _open(link, row)
        if photos:
            return _taken(row, lambda: _capture(row, photos, open_link), open_link)
        if not link and letter.answers:
            return _save(row, LetterState.DISCARDED)  # a thank you for ours
        if not row.sentence or (not link and (row.problems or letter.packed)):
            return _refuse(row, "packed" if letter.packed else "no_photo")
        if link and not open_link:
            return _refuse(row, row.reason)
        return _taken(row, lambda: _say(row, open_link), open_link)


def _open(link: AnswerLink | None, row: Letter) -> AnswerLink | None:
    """The question that this answers, while it takes an answer; the reason is noted otherwise."""
    if link is None:
        return None
    locked = AnswerLink.objects.select_for_update(of=("self",)).select_related("prompt", "person").get(pk=link.pk)
    try:
        check_open(locked)
    except Refused as refused:
        row.reason = refused.code
        return None
    row.prompt = locked.prompt
    return locked


def _photos(letter: letters.Letter, row: Letter) -> list[Photo]:
    good: list[Photo] = []
    for file in letter.files:
        try:
            allowed.check(file.content[: allowed.HEAD_BYTES], len(file.content))
        except PictureRefused as refusal:
            row.problems.append([file.name[:100], refusal.reason.value])
        else:
            good.append(Photo(file.name, io.BytesIO(file.content)))
    for one in good[logic.MAX_PHOTOS :]:
        row.problems.append([one.name[:100], "too_many"])
    if letter.left_out:
        row.problems.append([str(letter.left_out), "left_out"])
    return good[: logic.MAX_PHOTOS]


def _capture(row: Letter, photos: list[Photo], link: AnswerLink | None) -> None:
    from koor.flow.hub.actions.captures import capture

    assert row.person is not None
    row.capture = capture(
        by=row.person,
        photos=photos,
        sentence=row.sentence,
        client_id=uuid5(OWN_NAMES, row.key),
        prompt=link.prompt if link else None,
        who_told=False,
    )


def _say(row: Letter, link: AnswerLink | None) -> None:
    from koor.flow.hub.actions.items import add_text_item
    from koor.flow.hub.actions.prompts import answer_prompt

    assert row.person is not None
    if link is not None:
        answer_prompt(by=row.person, prompt=link.prompt, sentence=row.sentence)
    else:
        add_text_item(by=row.person, text=row.sentence, once=row.key)


def _taken(row: Letter, deed: Callable[[], None], link: AnswerLink | None) -> Letter:
    """Photos are answered when they are ready (`mail_replies.answer_letter_of`), words at once."""
    try:
        with transaction.atomic():
            deed()
    except Refused as refused:
        return _refuse(row, refused.code or "no_photo")
    if link is not None:
        link.used_at = clock.now()
        link.save(update_fields=["used_at"])
    _save(row, LetterState.TAKEN)
    audit.record(by=SYSTEM, verb="hub.take_letter", target=row.person, letter=row.pk, files=row.files)
    if row.capture is None:
        mail_replies.words_arrived(row)
    return row


def _save(row: Letter, state: LetterState) -> Letter:
    row.state = state
    row.save()
    return row


def _refuse(row: Letter, reason: str) -> Letter:
    row.reason = reason[:30]
    _save(row, LetterState.REFUSED)
    mail_replies.not_taken(row)
    return row


def _hold(row: Letter, letter: letters.Letter, raw: bytes) -> Letter | None:
    """Without proof: the colleague whose address it bears is asked, at that address; what a stranger sent waits for
    the curator. Nobody else is written to."""
    if not letter.files or len(raw) > HELD_BYTES:
        return None
    if Letter.objects.exclude(raw=None).count() >= MOST_HELD:
        return None
    row.raw = files.store(raw, mime="message/rfc822", name="letter.eml")
    asked = Letter.objects.filter(person=row.person, at__gt=clock.now() - timedelta(days=1)).exclude(digest="")
    if row.person is None or asked.count() >= ASKED_A_DAY:
        row.person = None
        return _save(row, LetterState.HELD)
    token = logic.fresh_token()
    row.digest = secrets.digest(token)
    _save(row, LetterState.ASKED)
    mail_replies.ask_whether_theirs(row, token)
    return row


def confirm_letter(*, by: Person, token: str, theirs: bool) -> Letter:
    """Who was asked says that it is their letter, or that it is not. Refused when it was answered already."""
    with transaction.atomic():
        row = letter_to_confirm(token)
        row = Letter.objects.select_for_update().filter(pk=row.pk, person=by).first() if row else None
        if row is None or row.state != LetterState.ASKED:
            raise Refused(_("This was answered already, or the address is too old."), code="used")
        audit.record(by=by, verb="hub.confirm_letter" if theirs else "hub.deny_letter", target=by, letter=row.pk)
        return _decided(row, by, by if theirs else None)


def keep_letter(*, by: Person, letter: Letter, person: Person) -> Letter:
    """The curator knows of whom it is: it becomes theirs, and they hear of it."""
    require(access.may_curate(by), _("The curator decides what goes into the library."))
    if not person.is_active:
        raise Refused(_("Choose a colleague."), code="nobody", field="person")
    with transaction.atomic():
        row = _held(letter)
        audit.record(by=by, verb="hub.keep_letter", target=person, letter=row.pk)
        return _decided(row, by, person)


def discard_letter(*, by: Person, letter: Letter) -> Letter:
    """The curator throws it away; its sender hears nothing."""
    require(access.may_curate(by), _("The curator decides what goes into the library."))
    with transaction.atomic():
        row = _held(letter)
        audit.record(by=by, verb="hub.discard_letter", letter=row.pk)
        return _decided(row, by, None)


def _held(letter: Letter) -> Letter:
    row = Letter.objects.select_for_update().filter(pk=letter.pk, state=LetterState.HELD).first()
    if row is None:
        raise Refused(_("Somebody decided about this letter already."), code="used")
    return row


def _decided(row: Letter, by: Person, person: Person | None) -> Letter:
    raw, row.raw, row.digest, row.decided_by = row.raw, None, "", by
    content = files.read(raw) if raw is not None and person is not None else b""
    if person is not None and content:
        row.person = person
        row = _of_colleague(row, letters.read(content), None)
    else:
        row.sender, row.sentence = "", ""
        _save(row, LetterState.DISCARDED)
    if raw is not None:
        files.forget(raw)
    return row


def forget_letters(*, by: Colleague) -> int:
    """Letters for which nobody decided are gone after a while, and with them who sent them; gives how many."""
    require(is_system(by))
    before = clock.now() - timedelta(days=HELD_DAYS)
    old = list(Letter.objects.exclude(raw=None).filter(at__lt=before).select_related("raw")[:500])
    for row in old:
        with transaction.atomic():
            raw = row.raw
            row.delete()
            if raw is not None:
                files.forget(raw)
    return len(old)

"""A letter to who has a page of their own: an answer stands there. It holds the first words and the way there; never
more than one an hour, and none after one tap."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from koor.flow.conversations import logic
from koor.flow.conversations.choices import Delivery, Direction
from koor.flow.conversations.models import Line, LineLetter, LineLink, Message
from koor.flow.conversations.queries.lines import letter_of, letters_of, on_the_page, token_of, whose
from koor.ground.people import queries as people
from koor.ground.people.access import Colleague, is_system
from koor.kernel import audit, clock, jobs, notices
from koor.kernel.access import SYSTEM, Refused, require

KIND = "answer-on-page"
APART = timedelta(hours=1)
FIRST_WORDS = 60  # characters


@transaction.atomic
def leave_address(*, by: Colleague = SYSTEM, link: LineLink, address: str, language: str = "") -> LineLetter:
    """Whoever holds the address of a page says where they hear of an answer; again means elsewhere, or after all."""
    where = address.strip()
    line = Line.objects.select_for_update(of=("self",)).select_related("contact").get(pk=link.line_id)
    ended = not line.links.filter(pk=link.pk, ended_at__isnull=True).exists()  # asked again, now that it is held
    if ended or line.closed_at is not None or line.contact is None:
        raise Refused(_("This page is closed."), code="closed")
    try:
        validate_email(where)
    except ValidationError:
        raise Refused(_("This is no e-mail address."), code="address", field="address") from None
    wishes = {"address": where, "language": language[:5], "off_at": None}
    first = wishes | {"made_at": clock.now()} | _now(line)
    row, _made = LineLetter.objects.update_or_create(line=line, defaults=wishes, create_defaults=first)
    letters_of(line.contact).filter(off_at__isnull=False).update(off_at=None)
    audit.record(by=by, verb="conversations.leave_address", target=line)
    return row


@transaction.atomic
def stop_letters(*, by: Colleague = SYSTEM, link: LineLink) -> None:
    """No more letters about this page. Twice changes nothing."""
    line = Line.objects.select_for_update(of=("self",)).select_related("contact").get(pk=link.line_id)
    row = letter_of(line)
    if row is None or row.off_at is not None:
        return
    row.off_at = clock.now()
    row.made_at = row.made_at or clock.now()
    row.save()
    audit.record(by=by, verb="conversations.stop_letters", target=line)


def hear_of_answer(message_id: int) -> None:
    """An answer stands on a page: a letter goes at once, or when an hour has passed since the last."""
    message = Message.objects.filter(pk=message_id, delivery=Delivery.PAGE, direction=Direction.OUT).first()
    line = _line_of(message) if message is not None else None
    row = letter_of(line) if line is not None else None
    if line is None or row is None or row.off_at is not None:
        return
    _ask_later(line, row)


def _ask_later(line: Line, row: LineLetter) -> None:
    from koor.flow.conversations.tasks import write_to_page

    at = row.sent_at + APART if row.sent_at else clock.now()
    jobs.later(write_to_page, at=max(at, clock.now()), only_one=f"conversations.line_letter:{line.pk}", line=line.pk)


def _line_of(message: Message) -> Line | None:
    rows = Line.objects.filter(closed_at__isnull=True).select_related("contact")
    return (
        rows.filter(contact__in=[message.contact_id], contact__isnull=False).first()
        or rows.filter(contact__merged_into=message.contact_id, contact__isnull=False).first()
    )


@transaction.atomic
def write_letter(*, by: Colleague, line_id: int) -> None:
    """One letter about the newest answer that was not told of, unless they were there since. May run twice."""
    require(is_system(by))
    line = Line.objects.select_for_update(of=("self",)).select_related("contact").filter(pk=line_id).first()
    row = letter_of(line) if line is not None and line.closed_at is None else None
    if line is None or line.contact is None or row is None or row.off_at is not None:
        return
    if row.sent_at is not None and clock.now() < row.sent_at + APART:
        _ask_later(line, row)
        return
    latest = on_the_page(whose(line.contact)).first()
    if latest is None or latest.direction == Direction.IN or _was_told(row, latest):
        return
    row.told_at, row.upto, row.sent_at = latest.at, latest.pk, clock.now()
    row.save()
    with translation.override(_language(line, row)):
        _write(line, row, latest)
    audit.record(by=by, verb="conversations.write_letter", target=line)


def _write(line: Line, row: LineLetter, latest: Message) -> None:
    token = token_of(line.links.get(ended_at__isnull=True))
    page = settings.KOOR_URL + reverse("conversations:at_line", args=[token])
    off = settings.KOOR_URL + reverse("conversations:letters_off", args=[token])
    name = latest.person.first_name if latest.person else people.house().name
    values = {"name": name, "words": logic.preview(latest.text)[:FIRST_WORDS].rstrip(" ."), "page": page, "off": off}
    values["house"] = people.house().name
    text = _(
        "%(name)s answered you:\n\n“%(words)s…”\n\nRead it all, and write back, on your own page:\n%(page)s\n\n"
        "%(house)s\n\nNo more such letters: %(off)s"
    )
    subject = _("%(name)s answered you") % values
    notices.mail(to=row.address, subject=subject, text=text % values, kind=KIND, off=off, way_in=True)


def _now(line: Line) -> dict[str, Any]:
    """What stands there already needs no letter any more."""
    latest = on_the_page(whose(line.contact)).first() if line.contact is not None else None
    return {"told_at": latest.at, "upto": latest.pk} if latest is not None else {}


def _was_told(row: LineLetter, latest: Message) -> bool:
    """By the moment, for an answer that a buddy read first may be older by its number than what was told of."""
    return row.told_at is not None and (latest.at, latest.pk) <= (row.told_at, row.upto)


def _language(line: Line, row: LineLetter) -> str:
    """Of the page on which they left the address, else theirs, else that of the house."""
    theirs = line.contact.language if line.contact is not None else ""
    spoken = [one for one in (row.language, theirs) if one in dict(settings.LANGUAGES)]
    return spoken[0] if spoken else people.house().language

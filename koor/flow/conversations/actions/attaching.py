"""Photos and documents that a stranger puts with their words: looked at by their bytes, made clean by the closed
process of the library as those of a letter are, and shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any, TypeAlias

from django.core.files import File
from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from koor.flow.conversations import logic
from koor.flow.conversations.choices import Direction
from koor.flow.conversations.models import Attached, Conversation, Message
from koor.flow.hub.media import allowed
from koor.flow.hub.media.allowed import Kind
from koor.flow.listening.actions.enclosing import kind_of, left_waiting, make_ready
from koor.flow.listening.logic.clean import clean_line
from koor.ground.people.access import Colleague, is_system
from koor.kernel import audit, clock, files, jobs
from koor.kernel.access import Refused, require

Files: TypeAlias = "Sequence[File[Any]]"
A_DAY = timedelta(days=1)
TAKEN = (Kind.PHOTO, Kind.DOCUMENT)


def check_files(given: Files) -> None:
    """Refused when one of them may not go along, or when they are too many or too large together."""
    if len(given) > logic.MOST_FILES:
        raise Refused(_("At most %(most)s files go along.") % {"most": logic.MOST_FILES}, code="files", field="photos")
    for one in given:
        if (why := _refusal(one)) is not None:
            raise Refused(why % {"name": _name(one)}, code="files", field="photos")
    if sum(one.size for one in given) > logic.MOST_BYTES_OF_FILES:
        sentence = _("Together these files are larger than %(most)s MB. Leave one out, or make them smaller.")
        raise Refused(sentence % {"most": logic.MOST_BYTES_OF_FILES // 10**6}, code="files", field="photos")


def check_room(given: Files) -> None:
    """Refused when strangers together put more with their words in a day than the house keeps."""
    lately = Attached.objects.filter(message__direction=Direction.IN, message__stored_at__gt=clock.now() - A_DAY)
    taken = lately.aggregate(bytes=Sum("size", default=0))["bytes"]
    if given and taken + sum(one.size for one in given) > logic.MOST_BYTES_A_DAY:
        sentence = _("Many files came in today. Send your words without them now, and the files tomorrow.")
        raise Refused(sentence, code="full", field="photos")


def _refusal(one: File[Any]) -> str | None:
    if not one.size:
        return _("“%(name)s” is empty: something went wrong on the way.")
    if _kind(one) in TAKEN:
        return None
    return _("“%(name)s” can’t go along: only a photo or a PDF can, each of at most 40 MB.")


def _kind(one: File[Any]) -> str:
    return kind_of(files.head(one, allowed.HEAD_BYTES), one.size)[0]


def _name(one: File[Any]) -> str:
    return clean_line(one.name or "", 200)


def digests(given: Files) -> Iterator[str]:
    """By which the same files are known again."""
    for one in given:
        found = sha256()
        for piece in one.chunks():
            found.update(piece)
        yield found.hexdigest()


def attach(message: Message, given: Files) -> None:
    """In the transaction of who writes, after `check_files`."""
    from koor.flow.conversations.tasks import open_attached as task

    for order, one in enumerate(given):
        name = _name(one)
        upload = files.store(one, mime="application/octet-stream", name=name)
        made = Attached.objects.create(
            message=message, order=order, name=name, size=one.size, kind=_kind(one), upload=upload
        )
        jobs.later(task, attached=made.pk)


def open_attached(attached_id: int) -> None:
    """Make it ready to be shown. May run twice. Raises `MediaTrouble` when it is worth trying again."""
    row = Attached.objects.select_related("upload").filter(pk=attached_id).exclude(upload=None).first()
    if row is not None:
        make_ready(row, lambda: _seen_anew(row))


def _seen_anew(row: Attached) -> None:
    """Open pages fetch the conversation again."""
    Conversation.objects.filter(messages=row.message_id).update(last_at=F("last_at"))


@transaction.atomic
def open_attached_again(*, by: Colleague, attached: Attached) -> None:
    """Once more, for who may see the conversation."""
    from koor.flow.conversations.tasks import open_attached as task

    if attached.upload_id is None:
        raise Refused(_("There is nothing left to open. Ask them to send it again."), code="gone")
    Attached.objects.filter(pk=attached.pk).update(problem="")
    audit.record(by=by, verb="conversations.open_attached_again", target=attached.message.conversation)
    jobs.later(task, only_one=f"conversations.attached:{attached.pk}", attached=attached.pk)


def open_waiting(*, by: Colleague) -> int:
    """Once more what was not made ready: after trouble of the house, or when a process ended in between."""
    from koor.flow.conversations.tasks import open_attached as task

    require(is_system(by))
    found = left_waiting(Attached.objects.all())
    for pk in found:
        jobs.later(task, only_one=f"conversations.attached:{pk}", attached=pk)
    return len(found)

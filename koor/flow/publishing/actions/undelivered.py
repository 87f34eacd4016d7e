"""Letters of the newsletter that did not arrive. An address that is not there gets no more; one that takes none for now
only ends when that goes on for days, issue after issue: a mailbox that is full today is read again next week."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_noop

from koor.flow.publishing.actions.holding_letters import hold_issue
from koor.flow.publishing.actions.newsletter import end_unreachable
from koor.flow.publishing.choices import LetterState, ReaderState
from koor.flow.publishing.models import Letter
from koor.ground.channels import queries as channels
from koor.kernel import clock

MANY = 5  # of whom a mail server says in one issue that they are not there, and of most of those who were tried
MAIL_SERVER = gettext_noop(
    "The mail server says of most readers that they are not there. Look whether it works, then let the letters go."
)
NOT_NOW = "not now"  # how the answer begins of what was given up for now
IN_A_ROW, DAYS = 3, timedelta(days=5)  # so many issues, the first and the last of them so far apart
LATEST = 30  # issues that are looked at
OWN = (f"{NOT_NOW}: 4.2.", f"{NOT_NOW}: 5.2.2")  # the reader's own mailbox; all else may be trouble on the way, or ours
FAILED = Q(state__in=(LetterState.REFUSED, LetterState.BACK)) | Q(state=LetterState.WAITING, tries__gt=0)


def came_back(number: str, *, not_now: str = "") -> bool:
    """A letter of ours came back, says a mail server: for good, or given up for now with this status. Whether it was
    one of the newsletter."""
    letter = _letter(number)
    if letter is None:
        return False
    with transaction.atomic():
        answer = f"{NOT_NOW}: {not_now}"[:200] if not_now else "nobody"
        told = {"state": LetterState.BACK, "wake_at": None, "answer": answer, "changed_at": clock.now()}
        Letter.objects.filter(pk=letter.pk).update(**told)
        if not not_now or not_taken_for_days(letter):
            end_unreachable(letter.reader_id)
    return True


def _letter(number: str) -> Letter | None:
    """By its Message-ID, which holds what only its reader and we know."""
    parts = number.strip("<> ").partition("@")[0].split(".")
    if len(parts) != 4 or parts[:2] != ["koor", "letter"] or not parts[2].isdecimal() or len(parts[2]) > 18:
        return None
    here = Letter.objects.filter(pk=int(parts[2]), reader__state=ReaderState.READING).select_related("reader")
    return here.filter(reader__token__startswith=parts[3][:10]).first() if len(parts[3]) >= 10 else None


def nobody_there(letter: Letter, answer: str) -> bool:
    """Said twice, of two issues that most others got, since they said yes: a mail server may be wrong about everybody
    for an hour, or for a week."""
    part = channels.connector(letter.reader.account.connector).readers
    if not part.is_nobody(answer):
        return False
    earlier = Letter.objects.filter(reader=letter.reader, state=LetterState.REFUSED).exclude(target=letter.target_id)
    since = earlier.filter(changed_at__gte=letter.reader.confirmed_at or letter.reader.asked_at)
    before = {target for target, said in since.values_list("target", "answer") if part.is_nobody(said)}
    if not before:
        return False
    troubled = _most_failed(letter, {*before, letter.target_id})
    return letter.target_id not in troubled and bool(before - troubled)


@transaction.atomic
def held_for_the_mail_server(letter: Letter, answer: str) -> bool:
    """A mail server that knows hardly any reader of a letter is what is wrong: all of it waits for a person, also for
    those of whom it said so, for their letters did not go. Not again when a person let it go."""
    part = channels.connector(letter.reader.account.connector).readers
    if not part.is_nobody(answer):
        return False
    rows = Letter.objects.filter(target=letter.target_id)
    refused = rows.filter(state=LetterState.REFUSED).values_list("pk", "answer")
    unknown = [pk for pk, said in refused if part.is_nobody(said)]
    tried = rows.exclude(state=LetterState.HELD).exclude(state=LetterState.WAITING, tries=0).count()
    if len(unknown) < MANY or len(unknown) * 2 <= tried or letter.target.through:
        return False
    now = clock.now()
    rows.filter(pk__in=unknown).update(state=LetterState.WAITING, wake_at=now, changed_at=now)
    hold_issue(letter.target_id, MAIL_SERVER, "")
    return True


def not_taken_for_days(letter: Letter) -> bool:
    """Whether this letter and those of right before were all given up for now by the reader's own mailbox, since they
    said yes. An issue that most others did not get either says nothing of this reader."""
    since = letter.reader.confirmed_at or letter.reader.asked_at
    rows = Letter.objects.filter(reader=letter.reader_id, pk__lte=letter.pk, target__published_at__gte=since)
    part = channels.connector(letter.reader.account.connector).readers
    found: dict[int, datetime] = {}
    told = rows.order_by("-pk").values_list("state", "answer", "target__published_at", "target")
    for state, answer, at, target in told[:LATEST]:
        back = state == LetterState.BACK and answer.startswith(OWN)
        if at is None or not (back or (state == LetterState.REFUSED and part.is_not_now(answer))):
            break
        found[target] = at
    if not _long_enough(found.values()):
        return False
    troubled = _most_failed(letter, found)
    return _long_enough(at for target, at in found.items() if target not in troubled)


def _long_enough(moments: Iterable[datetime]) -> bool:
    """The newest first."""
    known = list(moments)
    return len(known) >= IN_A_ROW and known[0] - known[-1] >= DAYS


def _most_failed(letter: Letter, targets: Iterable[int]) -> set[int]:
    """The issues that most of the other readers did not get either, of those whose turn it was."""
    others = Letter.objects.filter(target__in=targets).exclude(reader=letter.reader_id)
    tried = others.exclude(state=LetterState.HELD).exclude(state=LetterState.WAITING, tries=0)
    counted = tried.order_by().values_list("target").annotate(failed=Count("pk", filter=FAILED), all=Count("pk"))
    return {target for target, failed, all_of_them in counted if failed * 2 > all_of_them}

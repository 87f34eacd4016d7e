"""An issue goes to its readers, letter by letter, at the pace that the mail server allows. One process at a time posts
an issue; what it leaves on its way when it dies is unknown, and is never sent again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from koor.flow.publishing.actions import newsletter
from koor.flow.publishing.actions.content import draft_of
from koor.flow.publishing.actions.holding_letters import NOT_GONE, hold_if_quiet, letters_paused
from koor.flow.publishing.actions.pausing import SAID
from koor.flow.publishing.actions.undelivered import held_for_the_mail_server, nobody_there, not_taken_for_days
from koor.flow.publishing.choices import LetterState, ReaderState
from koor.flow.publishing.models import Letter, Reader, Target
from koor.ground.channels import queries as channels
from koor.ground.channels.choices import AccountState
from koor.ground.channels.contract import Because, Copy, Draft, Outcome, Session, Verdict
from koor.ground.people.models import House
from koor.ground.people.queries import house
from koor.kernel import clock, jobs, limits, locks
from koor.kernel.access import Refused
from koor.kernel.faults import fault
from koor.kernel.identity import is_apart

BATCH = 20  # letters in one job; others get their turn in between
STEP = 60.0  # seconds that one letter may take
TRIES = 6
WAITS = (5, 30, 120, 360, 720)  # minutes before each next try
TROUBLE = timedelta(minutes=30)  # after the mail server did not let us in


def begin_issue(target_id: int) -> None:
    """An issue is up: its readers are those of this moment. Not of one that a person says is up: its letters went
    before the house was restored, or by another way, and none of those readers gets it twice."""
    target = Target.objects.select_related("account").filter(pk=target_id).first()
    made_with = channels.connectors().get(target.account.connector) if target else None
    if target is None or target.told_by_id or made_with is None or not made_with.manifest.readers:
        return
    with transaction.atomic():
        newsletter.letters_to_all(target.pk, target.account_id)
        _later(target.pk)


def _later(target_id: int, wait: timedelta = timedelta()) -> None:
    from koor.flow.publishing.tasks import post_letters

    at = clock.now() + wait if wait else None
    jobs.later(post_letters, at=at, only_one=f"newsletter {target_id}", target=target_id)


def post_letters(target_id: int) -> None:
    """The next letters of an issue. Safe to call at any time, any number of times."""
    with locks.held(f"publishing.letters:{target_id}") as alone:
        if not alone:
            return
        _cut_off(target_id)
        _none_of_what_was_taken_away(target_id)
        if hold_if_quiet(target_id, SAID) or not _may_go(target_id):
            return  # a person lets it go; the sweep comes back when it may
        target = Target.objects.select_related("account", "post", "post__by").get(pk=target_id)
        waits = _batch(target)
        if waits is not None:
            _later(target.pk, waits)


def _cut_off(target_id: int) -> None:
    """What a process that died had on its way. Nobody else is at it: we hold the lock."""
    Letter.objects.filter(target_id=target_id, state=LetterState.SENDING).update(
        state=LetterState.UNKNOWN, answer="cut off", changed_at=clock.now()
    )


def _none_of_what_was_taken_away(target_id: int) -> None:
    """What waits of an issue that was taken away never goes. What went can't be taken back."""
    gone = Target.objects.exclude(removed_at=None, removal=None).filter(pk=target_id)
    Letter.objects.filter(target__in=gone, state__in=NOT_GONE).delete()


def _may_go(target_id: int) -> bool:
    """Whether a letter of it may go at this very moment."""
    if is_apart(settings.KOOR_HOME) or House.objects.filter(pk=1).exclude(publishing_held="").exists():
        return False
    there = Target.objects.filter(pk=target_id, removed_at=None, removal=None)
    return there.filter(account__state=AccountState.ACTIVE).exists() and letters_paused(target_id) is None


def _batch(target: Target) -> timedelta | None:
    """Post some; how long to wait before the next ones, None when none is waiting now."""
    try:
        session, draft = channels.session_for(target.account), draft_of(target)
    except (Refused, FileNotFoundError):
        return TROUBLE
    for _number in range(BATCH):
        letter = _claimed(target.pk)
        if letter is None:  # none waits now, or none may go any more
            return None
        fault("publishing.letter_claimed")
        outcome = _posted(session, letter, draft, target)
        fault("publishing.letter_posted")
        if not _kept(letter, outcome):
            return TROUBLE
    return timedelta(minutes=BATCH / _pace(session))


def _pace(session: Session) -> int:
    given = session.settings.get("pace", "")
    return min(max(int(given), 1), 6000) if given.isascii() and given.isdecimal() and len(given) < 6 else 60


def _claimed(target_id: int) -> Letter | None:
    """The next one, committed as on its way before a byte goes. Who stopped meanwhile gets none; nor does anybody once
    all is held, the account is off or it was taken away."""
    with transaction.atomic():
        if not _may_go(target_id):
            return None
        now = clock.now()
        waiting = Letter.objects.select_for_update(skip_locked=True, of=("self",)).select_related("reader")
        ready = waiting.filter(target_id=target_id, state=LetterState.WAITING, wake_at__lte=now)
        letter = ready.filter(reader__state=ReaderState.READING).order_by("wake_at", "pk").first()
        if letter is not None:
            letter.state, letter.tries, letter.wake_at, letter.changed_at = (
                LetterState.SENDING, letter.tries + 1, None, now,
            )  # fmt: skip
            letter.save(update_fields=["state", "tries", "wake_at", "changed_at"])
        return letter


def _posted(session: Session, letter: Letter, draft: Draft, target: Target) -> Outcome:
    try:
        with limits.hard_limit(STEP):
            found: Outcome = channels.connector(target.account.connector).readers.post(
                session, copy_of(letter, draft, target)
            )
    except Exception as error:  # whatever it is: it may have gone, so that is what is kept
        return Outcome(Verdict.UNKNOWN, answer=type(error).__name__)
    return found


def copy_of(letter: Letter, draft: Draft, target: Target) -> Copy:
    """The letter in a connector's terms."""
    reader, about = letter.reader, house()
    with override(reader.language or about.language):
        why = _("You get this letter because you asked %(house)s for it.") % {"house": about.name}
        stop = _("Stop this newsletter")
    off = settings.KOOR_URL + reverse("publishing:stop_newsletter", args=[reader.token])
    number = f"koor.letter.{letter.pk}.{reader.token[:10]}"
    return Copy(number, reader.address, draft, off, stop, why, target.published_at)


def _kept(letter: Letter, outcome: Outcome) -> bool:
    """Keep what came of it. False when the trouble is the account's, and not this letter's."""
    ours = outcome.because in (Because.AUTH, Because.RATE)
    with transaction.atomic():  # who stops it now waits for this, and then throws away what waits
        reader = Reader.objects.select_for_update().filter(pk=letter.reader_id, state=ReaderState.READING)
        state, wake = _then(letter, outcome, ours=ours, reads=reader.first() is not None)
        Letter.objects.filter(pk=letter.pk).update(
            state=state, wake_at=wake, answer=outcome.answer[:200], changed_at=clock.now(), tries=letter.tries - ours
        )
    if state == LetterState.REFUSED and held_for_the_mail_server(letter, outcome.answer):
        return True
    if state == LetterState.REFUSED and (nobody_there(letter, outcome.answer) or not_taken_for_days(letter)):
        newsletter.end_unreachable(letter.reader_id)
    return not ours


def _then(letter: Letter, outcome: Outcome, *, ours: bool, reads: bool) -> tuple[LetterState, datetime | None]:
    """What becomes of a letter, and when it goes again: never to who stopped while it was on its way."""
    if outcome.verdict is Verdict.DONE:
        return LetterState.SENT, None
    if outcome.verdict is not Verdict.DEFINITELY_NOT:
        return LetterState.UNKNOWN, None
    again = ours or (outcome.because is Because.NOT_REACHED and letter.tries < TRIES)
    if not again or not reads:
        return LetterState.REFUSED, None
    wait = TROUBLE if ours else timedelta(minutes=WAITS[min(letter.tries, len(WAITS)) - 1])
    return LetterState.WAITING, clock.now() + wait


def sweep_letters() -> None:
    """Issues with letters whose moment has come, or that a process left on its way."""
    waiting = Letter.objects.filter(
        state=LetterState.WAITING, wake_at__lte=clock.now(), reader__state=ReaderState.READING
    )
    left = Letter.objects.filter(state=LetterState.SENDING, changed_at__lt=clock.now() - timedelta(seconds=3 * STEP))
    for pk in {*waiting.values_list("target", flat=True).distinct(), *left.values_list("target", flat=True).distinct()}:
        _later(pk)

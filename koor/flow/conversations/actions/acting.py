"""Like, hide, delete, mute, block, report: what the platform of a message lets us do with it. Asked until it is done;
a report is never sent twice."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from koor.flow.conversations import access
from koor.flow.conversations.actions.alerts import tell_what_did_not_work
from koor.flow.conversations.choices import DeedKind, DeedState
from koor.flow.conversations.models import Conversation, Deed, Message
from koor.ground.channels import access as channels_access
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Act, Because, Outcome, Verdict
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import audit, clock, jobs, limits, locks
from koor.kernel.access import Refused, require

LONGEST = 1000  # characters of a report
TRIES = 8
STEP_IS_OVER = timedelta(minutes=2)
AT_ONCE = 200


@transaction.atomic
def act_on(*, by: Person, message: Message, kind: str, words: str = "") -> Deed:
    """Have it done. Asked again while it holds, it is the same deed; of which nobody knows whether it arrived, it is
    tried again, but for a report."""
    message = _held(by, message)
    kinds, _back = channels.acts_on(message.account.connector if message.account else "")
    if kind not in kinds:
        raise Refused(_("This platform does not let us do that."), code="cannot")
    if len(words) > LONGEST:
        raise Refused(_("Keep it short: at most 1000 characters."), code="too_long", field="words")
    known = Deed.objects.filter(message=message, kind=kind).exclude(state=DeedState.UNDONE).order_by("-pk").first()
    if known is not None and not known.may_be_asked:
        return known
    deed = known or Deed(message=message, kind=kind)
    deed.by, deed.at, deed.words = by, clock.now(), words.strip() or deed.words
    _ask(deed, by, DeedState.ASKED)
    audit.record(by=by, verb="conversations.act_on", target=message.conversation, message=message.pk, kind=kind)
    return deed


@transaction.atomic
def undo_act(*, by: Person, deed: Deed) -> Deed:
    """Take it back, where the platform lets us."""
    message = _held(by, deed.message)
    deed = Deed.objects.select_for_update().get(pk=deed.pk)
    _kinds, back = channels.acts_on(message.account.connector if message.account else "")
    if deed.kind not in back:
        raise Refused(_("The platform does not let us undo this."), code="for_good")
    if not deed.may_be_undone:
        return deed
    _ask(deed, by, DeedState.UNDOING)
    audit.record(by=by, verb="conversations.undo_act", target=message.conversation, kind=deed.kind)
    return deed


@transaction.atomic
def leave_act(*, by: Person, deed: Deed) -> Deed:
    """It did not work, and it stays so: off the Today of who asked."""
    deed = Deed.objects.select_for_update(of=("self",)).select_related("message__conversation").get(pk=deed.pk)
    require(deed.asked_by_id == by.pk, _("Only who asked for it."))
    if deed.seen_at is None and deed.did_not_work:
        deed.seen_at = clock.now()
        deed.save(update_fields=["seen_at"])
        audit.record(by=by, verb="conversations.leave_act", target=deed.message.conversation, kind=deed.kind)
    return deed


def _held(by: Person, message: Message) -> Message:
    row = Message.objects.select_for_update(of=("self",)).select_related("account", "conversation").get(pk=message.pk)
    require(access.may_answer(by, row.conversation), _("This conversation is with a colleague."))
    if row.account is None or not row.external_id or row.direction != "in":
        raise Refused(_("Koor does not know where this stands."), code="nowhere")
    require(channels_access.may_answer(by, row.account), _("You don't answer on this account."))
    return row


def _ask(deed: Deed, by: Person, state: DeedState) -> None:
    deed.state, deed.undoing, deed.tries, deed.because, deed.seen_at = state, state == DeedState.UNDOING, 0, "", None
    deed.asked_by, deed.asked_at, deed.wake_at = by, clock.now(), clock.now()
    deed.save()
    _soon(deed.pk)


def _soon(deed_id: int, wait: timedelta = timedelta()) -> None:
    from koor.flow.conversations.tasks import perform as task

    jobs.later(task, at=clock.now() + wait if wait else None, deed=deed_id)


def perform(*, by: Colleague, deed_id: int) -> None:
    """One try. Safe to call at any time."""
    with locks.held(f"conversations.deed:{deed_id}") as alone:
        deed = _begun(deed_id) if alone else None
        if deed is None:
            return
        outcome = _asked(deed)
        with transaction.atomic():
            row = Deed.objects.select_for_update().get(pk=deed.pk)
            if row.state in (DeedState.ASKED, DeedState.UNDOING):
                _keep(row, outcome)


def _begun(deed_id: int) -> Deed | None:
    """Counted before the network. A report that was begun and never heard of again is not sent again."""
    with transaction.atomic():
        now = clock.now()
        deed = (
            Deed.objects.select_for_update(of=("self",)).select_related("message__account").filter(pk=deed_id).first()
        )
        if deed is None or deed.wake_at is None or deed.wake_at > now:
            return None
        if deed.kind == DeedKind.REPORT and deed.tries and not deed.answer:
            deed.state, deed.because, deed.wake_at = DeedState.UNSURE, Because.NOT_REACHED, None
            tell_what_did_not_work(deed)
        else:
            deed.tries, deed.wake_at, deed.answer = deed.tries + 1, now + STEP_IS_OVER, ""
        deed.save(update_fields=["state", "because", "tries", "wake_at", "answer"])
        return deed if deed.wake_at else None


def _asked(deed: Deed) -> Outcome:
    message, act = deed.message, Act(deed.kind)
    try:
        assert message.account is not None
        part = channels.connector(message.account.connector).act
        with limits.hard_limit(STEP_IS_OVER.total_seconds() / 2):
            session = channels.session_for(message.account)
            if deed.state == DeedState.UNDOING:
                return part.undo(session, act, message.external_id)  # type: ignore[no-any-return]
            return part.act(session, act, message.external_id, deed.words)  # type: ignore[no-any-return]
    except Exception as error:  # whatever it is: it may be done, so that is what is kept
        return Outcome(Verdict.UNKNOWN, answer=type(error).__name__)


def _keep(deed: Deed, outcome: Outcome) -> None:
    undoing = deed.state == DeedState.UNDOING
    deed.answer, deed.wake_at = (outcome.answer or outcome.verdict)[:300], None
    unsure = outcome.verdict == Verdict.UNKNOWN
    for_good = outcome.because in (Because.AUTH, Because.REJECTED)
    if outcome.verdict == Verdict.DONE:
        deed.state = DeedState.UNDONE if undoing else DeedState.DONE
    elif unsure and deed.kind == DeedKind.REPORT:
        deed.state = DeedState.UNSURE
    elif for_good or deed.tries >= TRIES:
        deed.state = DeedState.UNSURE if unsure else DeedState.DONE if undoing else DeedState.FAILED
    else:
        wait = timedelta(seconds=outcome.retry_after or 15 * 2 ** min(deed.tries, 5))
        deed.wake_at = clock.now() + wait
        _soon(deed.pk, wait)
    if deed.wake_at is None and outcome.verdict != Verdict.DONE:
        deed.because = outcome.because or Because.NOT_REACHED
        tell_what_did_not_work(deed)
    deed.save(update_fields=["state", "answer", "because", "wake_at"])
    if deed.wake_at is None:  # open pages fetch it again
        Conversation.objects.filter(pk=deed.message.conversation_id).update(last_at=F("last_at"))


def sweep() -> int:
    """Tries whose moment has passed without their job. How many."""
    rows = list(
        Deed.objects.filter(wake_at__lte=clock.now()).order_by("wake_at").values_list("pk", flat=True)[:AT_ONCE]
    )
    for pk in rows:
        _soon(pk)
    return len(rows)

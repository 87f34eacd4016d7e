"""Taking away what is up: at once in the house, asked of a platform until it is gone, by a person elsewhere.

Taking away twice harms nothing, so this needs no ledger: a try that was cut off is simply made again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from koor.flow.hub.logic import UNDO_DAYS
from koor.flow.hub.models import Capture, Item
from koor.flow.publishing import access
from koor.flow.publishing.actions import content, ledger, repeat
from koor.flow.publishing.actions.write import new_revision
from koor.flow.publishing.choices import RemovalState, Stage, State
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.models import Post, PostMedium, Removal, Target
from koor.flow.publishing.queries import uncovered
from koor.ground.channels import contract
from koor.ground.channels import queries as channels
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock, jobs, limits, locks
from koor.kernel.access import SYSTEM, Refused, require

CONSENT, WITHDRAWN, ASKED = "consent", "withdrawn", "asked"
TRIES = 12
STEP_IS_OVER = timedelta(minutes=2)  # a try that nobody heard of again
PATIENCE = timedelta(minutes=10)  # at most between two tries: our own channels within a quarter of an hour
LOOKS = 200  # in one sweep
WITHOUT = gettext_noop("A picture of it was taken back by who showed it. Look whether it still goes without.")
MAY_BE_UP = Q(removed_at=None) & (
    Q(state__in=[State.PUBLISHED, State.CLAIMED, *logic.UNSURE])
    | Q(state=State.NEEDS_PERSON, because=logic.UNSURE_FOR_GOOD)
    | Q(handle__has_key="chain")  # parts of a thread are
)


@transaction.atomic
def take_down(*, by: Colleague, target: Target, because: str = ASKED) -> Target:
    """Have it taken away: in the house at once, on a platform that lets us within minutes, else by a person."""
    row = ledger.row(target)
    require(access.may_settle(by, row), _("Its maker, the owner of the account and the curator take it away."))
    return take_away(by=by, row=row, because=because)


def take_away(*, by: Colleague, row: Target, because: str = ASKED, by_person: bool = False) -> Target:
    """The same of a row that is held already, for who was asked whether they may. `by_person`: Koor does not ask the
    platform, though it could."""
    if row.removed_at is not None or Removal.objects.filter(target=row).exists():
        return row
    if row.state != State.PUBLISHED and not by_person:
        raise Refused(_("This is not up."), code="not_up")
    removal = Removal(target=row, because=because, asked_at=clock.now(), asked_by_id=by.pk)
    audit.record(by=by, verb="publishing.take_down", target=row.post, account=row.account_id, because=because)
    repeat.not_again(by=by, post=row.post)
    connector = channels.connectors().get(row.account.connector)
    if by_person or connector is None or connector.correct is None or not row.remote_id:
        removal.state = RemovalState.PERSON
        removal.save()
    elif connector.manifest.network:
        removal.wake_at = removal.asked_at
        removal.save()
        _ask_soon(row.pk)
    else:
        connector.correct.delete(channels.session_for(row.account), row.remote_id)
        _gone(removal, row)
    return row


@transaction.atomic
def tell_removed(*, by: Colleague, target: Target) -> Target:
    """A person took it away where Koor can't, and says so."""
    row = ledger.row(target)
    require(access.may_settle(by, row), _("Its maker, the owner of the account and the curator say this."))
    removal = Removal.objects.select_for_update().filter(target=row).first()
    if removal is None:
        raise Refused(_("Nobody asked to take this one away."), code="not_asked")
    if removal.state != RemovalState.DONE:
        audit.record(by=by, verb="publishing.tell_removed", target=row.post, account=row.account_id)
        _gone(removal, row)
    return row


def ask_platform(*, by: Colleague, target_id: int) -> None:
    """One try to have it taken away by its platform. Safe to call at any time."""
    with locks.held(f"publishing.removal:{target_id}") as alone:
        removal = _begun(target_id) if alone else None
        if removal is None:
            return
        target = Target.objects.select_related("post", "account").get(pk=target_id)
        outcome = _asked(target)
        with transaction.atomic():
            row = ledger.row(target)
            removal = Removal.objects.select_for_update().get(pk=removal.pk)
            if removal.state == RemovalState.ASKED:
                _keep(removal, row, outcome)


def _begun(target_id: int) -> Removal | None:
    """Counted before the network, so that a try that dies is not made for ever."""
    with transaction.atomic():
        now = clock.now()
        removal = Removal.objects.select_for_update().filter(target=target_id, state=RemovalState.ASKED).first()
        if removal is None or removal.wake_at is None or removal.wake_at > now:
            return None
        removal.tries, removal.wake_at = removal.tries + 1, now + STEP_IS_OVER
        removal.save(update_fields=["tries", "wake_at"])
        return removal


def _asked(target: Target) -> contract.Outcome:
    try:
        connector = channels.connector(target.account.connector)
        with limits.hard_limit(STEP_IS_OVER.total_seconds() / 2):
            session = channels.session_for(target.account)
            return _deleted(connector.correct, session, target)
    except Exception as error:  # whatever it is: it may still be up, so it is asked again
        return contract.Outcome(contract.Verdict.UNKNOWN, answer=type(error).__name__)


def _deleted(correct: Any, session: contract.Session, target: Target) -> contract.Outcome:
    """A thread goes from its end, so that what is left always has its beginning. Whatever is not gone stops it there;
    the next try takes up again, for what is gone already counts as taken away."""
    outcome = contract.Outcome(contract.Verdict.UNKNOWN)
    for remote_id in reversed(ledger.chain_of(target) or [target.remote_id]):
        outcome = correct.delete(session, remote_id)
        if outcome.verdict is not contract.Verdict.DONE:
            break
    return outcome


def _keep(removal: Removal, row: Target, outcome: contract.Outcome) -> None:
    removal.answer = outcome.answer[:300]
    if outcome.verdict == contract.Verdict.DONE:
        _gone(removal, row)
        return
    for_good = outcome.because in (contract.Because.AUTH, contract.Because.REJECTED)
    if for_good or removal.tries >= TRIES:
        removal.state, removal.wake_at = RemovalState.PERSON, None
    else:
        wait = timedelta(seconds=outcome.retry_after or 30 * 2 ** min(removal.tries, 5))
        removal.wake_at = clock.now() + min(wait, PATIENCE)
        _ask_soon(row.pk, wait=min(wait, PATIENCE))
    removal.save(update_fields=["answer", "state", "wake_at"])


def _gone(removal: Removal, row: Target) -> None:
    removal.state, removal.wake_at = RemovalState.DONE, None
    removal.done_at = clock.now()
    removal.save()
    row.removed_at = removal.done_at
    row.save(update_fields=["removed_at"])
    ledger.hide_pictures(row)


def _ask_soon(target_id: int, wait: timedelta = timedelta()) -> None:
    from koor.flow.publishing.tasks import ask_platform as task

    jobs.later(task, at=clock.now() + wait if wait else None, target=target_id)


def sweep_removals() -> int:
    """Tries whose moment has passed without their job. How many."""
    overdue = Removal.objects.filter(state=RemovalState.ASKED, wake_at__lte=clock.now()).order_by("wake_at")
    rows = list(overdue.values_list("target", flat=True)[:LOOKS])
    for target_id in rows:
        _ask_soon(target_id)
    return len(rows)


# ── Who is in a picture no longer agrees ─────────────────────────────────────────────────────────────────────────────


def follow_consent(portrayed_id: int) -> int:
    """Somebody in a picture changed their answer: every live copy that it no longer covers goes, and what stands ready
    for somebody's hands is ready no more. How many copies."""
    item = Item.objects.filter(portrayed=portrayed_id).first()
    return _uncovered_go(item) if item is not None else 0


def follow_withdrawn(capture_id: int) -> int:
    """Its maker took it back: the same, unless it came back meanwhile. How many copies."""
    item = Item.objects.filter(capture=capture_id).select_related("capture").first()
    return _uncovered_go(item) if item is not None else 0


@transaction.atomic
def follow_restored(capture_id: int) -> int:
    """Its maker brought it back: what no platform was asked for yet stays, unless somebody in it said no. How many
    copies."""
    item = Item.objects.filter(capture=capture_id, capture__withdrawn_at=None).select_related("capture").first()
    if item is None:
        return 0
    shows = Q(target__post__item=item) | Q(target__post__media__medium__item=item)
    untried = Q(state=RemovalState.PERSON) | Q(state=RemovalState.ASKED, tries=0)  # a try may be gone through with
    asked = Removal.objects.filter(shows, untried, because=WITHDRAWN)
    open_ones = Removal.objects.select_for_update().filter(pk__in=asked.values("pk"))
    rows = Target.objects.filter(pk__in=[one.target_id for one in open_ones]).select_related("post", "account")
    stay = [row.pk for row in rows if not uncovered.is_uncovered(item, row)]
    gone, _each = Removal.objects.filter(untried, target__in=stay, because=WITHDRAWN).delete()
    return gone


def _uncovered_go(item: Item) -> int:
    for ready in uncovered.ready_by_hand(item):
        _not_by_hand(ready.pk)
    gone = uncovered.copies(item)
    for row in gone:
        take_down(by=SYSTEM, target=row, because=_why(item))
    return len(gone)


def _why(item: Item) -> str:
    return WITHDRAWN if item.capture is not None and item.capture.withdrawn_at is not None else CONSENT


@transaction.atomic
def _not_by_hand(target_id: int) -> None:
    row = ledger.locked(target_id)
    if row is not None and row.state == State.NEEDS_PERSON and row.because == logic.BY_HAND:
        ledger.keep(row, logic.held(ledger.row_of(row), logic.CONSENT))


def follow_published(target_id: int) -> None:
    """It came up while somebody in it took back their yes, or its maker the whole: it goes again."""
    row = Target.objects.select_related("post", "account").filter(pk=target_id, removed_at=None).first()
    for item in content.made_of(row.post) if row is not None else ():
        if row is not None and uncovered.is_uncovered(item, row):
            take_down(by=SYSTEM, target=row, because=_why(item))
            return


def let_go_of_withdrawn() -> int:
    """What was taken back longer ago than can be undone stands in no post any more that is not up, so that it can be
    erased. How many pictures."""
    before = clock.now() - timedelta(days=UNDO_DAYS)
    old = Capture.objects.filter(withdrawn_at__lt=before)
    shows = Q(medium__capture__in=old) | Q(medium__item__capture__in=old)
    up = Target.objects.filter(MAY_BE_UP).values("post")
    posts = PostMedium.objects.filter(shows).exclude(post__in=up).values_list("post", flat=True).distinct()
    return sum(_let_go_of(pk, shows) for pk in list(posts.order_by("post")))


@transaction.atomic
def _let_go_of(post_id: int, shows: Q) -> int:
    """What was to go with these pictures is other content now: a person says whether it goes without."""
    post = Post.objects.select_for_update().get(pk=post_id)
    rows = list(post.targets.select_for_update(of=("self",)).select_related("account"))
    if post.targets.filter(MAY_BE_UP).exists():
        return 0
    gone, _each = post.media.filter(shows).delete()
    audit.record(by=SYSTEM, verb="publishing.let_go_of_withdrawn", target=post, pictures=gone)
    for row in rows:
        row.post = post
        if row.state not in (State.PUBLISHED, State.CANCELLED):
            new_revision(row)
            row.save()
            _ask_first(row)
    return gone


def _ask_first(row: Target) -> None:
    """Of what would go by itself; what waits for a yes is read by somebody anyway."""
    by_itself = row.state in (State.SCHEDULED, State.WAITING) or row.because == logic.PAUSED
    if row.post.stage == Stage.RELEASED and row.agreed_at is not None and by_itself:
        ledger.keep(row, logic.held(ledger.row_of(row), logic.CONSENT), note=WITHOUT)


# ── Faces are blurred ────────────────────────────────────────────────────────────────────────────────────────────────


def follow_blur(medium_id: int) -> int:
    """What was made ready with the picture as it was, and is not up for certain, is made ready anew; also what a
    platform refused or was not reached for, and what is being made ready at this moment. How many."""
    waiting = (State.SCHEDULED, State.WAITING, State.NEEDS_PERSON, State.MISSED, State.REJECTED, State.CLAIMED)
    shows = Target.objects.filter(post__media__medium=medium_id, state__in=waiting)
    shows = shows.exclude(because=logic.UNSURE_FOR_GOOD).exclude(handle__has_key="chain")
    made = ~Q(prepared_at=None) | Q(state=State.CLAIMED)
    rows = list(shows.filter(made).order_by("pk").values_list("pk", flat=True).distinct())
    return sum(_made_anew(pk, shows.filter(made)) for pk in rows)


@transaction.atomic
def _made_anew(pk: int, shows: QuerySet[Target]) -> bool:
    row = Target.objects.select_for_update().get(pk=pk)
    if not shows.filter(pk=pk).exists():  # it went on meanwhile
        return False
    new_revision(row)
    row.epoch += row.state == State.CLAIMED  # who makes it ready lets go of it, and the sweep begins again
    row.save()
    return True

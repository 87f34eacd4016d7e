"""Some accounts are quiet for a while: what is to go there is held, nothing is lost, and a person lets it go again, one
by one. Answers to people go on, and so does what is said on purpose while it is quiet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from koor.flow.publishing import access
from koor.flow.publishing.actions import ledger
from koor.flow.publishing.actions.checks import check_movable
from koor.flow.publishing.actions.holding_letters import hold_letters, let_letters_go
from koor.flow.publishing.actions.write import create_post, locked
from koor.flow.publishing.choices import LetterState, Stage, State
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.models import Letter, Pause, Post, Target
from koor.ground.channels.models import Account
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.kernel import audit, clock, locks
from koor.kernel.access import Refused, require

WITHIN = timedelta(minutes=10)  # in which the brake counts
SAID = gettext_noop("This account is paused: %(why)s")


@transaction.atomic
def pause_accounts(accounts: Iterable[Account], *, by: Colleague, reason: str) -> list[Pause]:
    """Hold what is to go on these accounts, and what is let go for them from now on. An account that is paused already
    keeps its reason. What is on its way can't be held any more."""
    require(access.may_hold(by), _("Ask the curator, PR on duty or the administrator."))
    why = " ".join(reason.split())[:200]
    if not why:
        raise Refused(_("Say in a few words why, so that others understand."), code="why", field="why")
    made = []
    for account in accounts:
        fresh = {"why": why, "by_id": by.pk, "at": clock.now()}
        pause, new = Pause.objects.get_or_create(account=account, ended_at=None, defaults=fresh)
        if new:
            audit.record(by=by, verb="publishing.pause_account", target=account, why=why)
            made.append(pause)
            _let_go_earlier(account).update(through=False)
            _hold_rows(pause)
            hold_letters(account, SAID, why)
    return made


def _let_go_earlier(account: Account) -> QuerySet[Target]:
    """What was let go in an earlier pause and still has to go: this pause is another one."""
    to_go = Q(state__in=[State.SCHEDULED, State.WAITING], due_at__gt=clock.now())
    writes = Letter.objects.filter(target__account=account, state=LetterState.WAITING).values("target")
    return Target.objects.filter(to_go | Q(pk__in=writes), account=account, through=True)


def _hold_rows(pause: Pause) -> None:
    ready = Q(state__in=[State.SCHEDULED, State.WAITING], due_at__isnull=False)
    by_hand = Q(state=State.NEEDS_PERSON, because=logic.BY_HAND)
    # What somebody has in hand at this moment is not waited for: two that hold each other up would lose the pause. It
    # meets the pause when it is claimed.
    rows = Target.objects.select_for_update(of=("self",), skip_locked=True).select_related("post__by", "account__owner")
    for row in rows.filter(ready | by_hand, account=pause.account_id, through=False, post__in_reply_to=""):
        _hold(row, pause)


def _hold(row: Target, pause: Pause) -> None:
    """On a person's list, with its moment kept."""
    waits = logic.held(ledger.row_of(row), logic.PAUSED)
    ledger.keep(row, waits, note=SAID, values={"why": pause.why})


def held_by_pause(row: Target) -> bool:
    """Whether this row has to wait because its account is paused; then that is written down. At letting go, and once
    more when it is claimed."""
    if row.through or row.post.in_reply_to:
        return False
    pause = Pause.objects.filter(account=row.account_id, ended_at=None).first()
    if pause is None:
        return False
    _hold(row, pause)
    return True


@transaction.atomic
def end_pause(accounts: Iterable[Account], *, by: Colleague) -> None:
    """New posts go again on these accounts. What was held stays held until somebody lets it go, one by one."""
    require(access.may_hold(by), _("Ask the curator, PR on duty or the administrator."))
    for pause in Pause.objects.select_for_update(of=("self",)).filter(account__in=list(accounts), ended_at=None):
        pause.ended_at = clock.now()
        pause.save(update_fields=["ended_at"])
        audit.record(by=by, verb="publishing.end_pause", target=pause.account)


@transaction.atomic
def release_held(*, by: Colleague, target: Target, paced: bool = False) -> Target:
    """Let one row go that was held: at its moment, or now when that has passed; `paced` at a moment of its own then.
    Also while its account is paused."""
    from koor.flow.publishing.actions.release import make_due

    post = locked(target.post)
    row = ledger.row(target)
    require(access.may_hold(by) or access.may_settle(by, row), _("Ask the curator or PR on duty."))
    if row.because != logic.PAUSED or row.state not in (State.NEEDS_PERSON, State.PUBLISHED):
        check_movable(row)
        return row
    audit.record(by=by, verb="publishing.release_held", target=post, account=row.account_id)
    if row.state == State.PUBLISHED:
        let_letters_go(row)
        return row
    row.post, row.through = post, True
    late = row.due_at is not None and row.due_at <= clock.now()
    make_due(row, not_before=(_free_moment(row) if paced else clock.now()) if late else None)
    return row


def release_many(*, by: Colleague, targets: Iterable[Target]) -> dict[str, int]:
    """Let several go that were held, each as if it were the only one; what is late goes one after another, no faster
    than the brake lets an account go. How many `go`, how many `wait` for something else, how many are `not_held`."""
    told = {"go": 0, "wait": 0, "not_held": 0}
    for target in sorted(targets, key=lambda one: (one.due_at or one.post.made_at, one.pk)):
        was_held = Target.objects.filter(pk=target.pk, because=logic.PAUSED).exists()
        try:
            row = release_held(by=by, target=target, paced=True)
        except Refused:  # let go by somebody else meanwhile, and up
            was_held = False
        told["not_held" if not was_held else "wait" if row.state == State.NEEDS_PERSON else "go"] += 1
    return told


def _free_moment(row: Target) -> datetime:
    """The first moment at which nothing else goes that was let go on this account: they do not go all at once. Two that
    look at once would find the same one, so the second waits."""
    locks.until_committed(f"publishing.paced:{row.account_id}")
    now, apart = clock.now(), WITHIN / max(1, house().brake)
    going = Target.objects.filter(account=row.account_id, through=True, due_at__gt=now - apart).exclude(pk=row.pk)
    taken = list(going.filter(state__in=[State.SCHEDULED, State.WAITING]).values_list("due_at", flat=True))
    moment = now
    while any(abs(one - moment) < apart for one in taken if one is not None):
        moment += apart
    return moment


def speak(
    *,
    by: Person,
    text: str,
    accounts: Sequence[Account],
    texts: Mapping[int, str] | None = None,
    title: str = "",
    once: str = "",
) -> Post:
    """Say something now, also where other posts are held: such as what the house says while something burns. By the
    same ledger as every post. For who goes on their own."""
    from koor.flow.publishing.actions.release import release_post

    with transaction.atomic():
        post = create_post(by=by, text=text, accounts=accounts, texts=texts, title=title, once=once)
        if post.stage != Stage.DRAFT:
            return post
        post.targets.update(through=True)
        return release_post(by=by, post=post)

"""Letting go: to a buddy, out of one's hands, at another time, or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.calendar import actions as calendar
from koor.flow.publishing import access
from koor.flow.publishing.actions import ledger
from koor.flow.publishing.actions.alike import held_when_planned
from koor.flow.publishing.actions.checks import check_moment, check_movable, check_ready, check_row, clean, goes_far
from koor.flow.publishing.actions.content import digest_of
from koor.flow.publishing.actions.films import try_again
from koor.flow.publishing.actions.linking import keep_link
from koor.flow.publishing.actions.pausing import held_by_pause
from koor.flow.publishing.actions.write import is_partly_up, locked, new_revision
from koor.flow.publishing.choices import Stage, State, Step
from koor.flow.publishing.events import PostReleased, PostSentToBuddy
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.logic import moments, words
from koor.flow.publishing.models import Post, Target
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.ground.people.queries import house, is_away, stand_in_for, today
from koor.kernel import audit, clock, events
from koor.kernel.access import Refused, require

OVER = (State.MISSED, State.REJECTED, State.CANCELLED)  # without having gone: a person can have it go after all


def let_go(*, by: Person, post: Post) -> Post:
    """The next step that this colleague's autonomy has: released at once, or read by the buddy first."""
    if access.may_release(by, post) and not goes_far(post):
        return release_post(by=by, post=post)
    return send_to_buddy(by=by, post=post)


def let_go_new(*, by: Person, post: Post) -> Post:
    """The same, of a post that this very call wrote. A repeat of the call, by a program or an old page, finds a post of
    which somebody may have said something since: taken back stays taken back."""
    untouched = post.stage == Stage.DRAFT and post.with_buddy_at is None and post.changed_at == post.made_at
    return let_go(by=by, post=post) if untouched else post


@transaction.atomic
def send_to_buddy(*, by: Person, post: Post) -> Post:
    """Ask somebody to read it. The own buddy, who stands in for them, or else whoever approves posts."""
    post = locked(post)
    require(access.may_edit(by, post), _("Only its maker and the curator change this."))
    if post.stage in (Stage.WITH_BUDDY, Stage.RELEASED):
        return post
    check_ready(post)
    if post.buddy is None or not post.buddy.is_active:
        post.buddy = buddy_of(post.by)
    post.stage, post.with_buddy_at, post.changed_at = Stage.WITH_BUDDY, clock.now(), clock.now()
    post.save(update_fields=["stage", "buddy", "with_buddy_at", "changed_at"])
    audit.record(by=by, verb="publishing.send_to_buddy", target=post, buddy=post.buddy_id)
    events.tell(PostSentToBuddy(post.pk))
    return post


@transaction.atomic
def ask_to_read(*, by: Person, post: Post, reader: Person) -> Post:
    """Who goes alone has a colleague read a draft first, such as who showed the picture; their yes lets it go."""
    post = locked(post)
    require(access.may_choose_reader(by, post), _("Who goes alone chooses who reads along; else the buddy does."))
    if post.stage != Stage.DRAFT:
        return post
    if not reader.is_active or reader.pk == by.pk:
        raise Refused(_("Choose a colleague who works here."), code="reader", field="person")
    if access.only_practises(reader):
        sentence = _("Who still practises lets nothing go out. Choose another colleague.")
        raise Refused(sentence, code="reader", field="person")
    post.buddy = reader
    post.save(update_fields=["buddy"])
    return send_to_buddy(by=by, post=post)


def buddy_of(person: Person) -> Person | None:
    """Who reads along with this colleague now; None: whoever approves posts."""
    buddy = person.buddy
    if buddy is None or not buddy.is_active:
        return None
    if is_away(buddy, today()):
        return stand_in_for(buddy, today()) or buddy
    return buddy


@transaction.atomic
def take_back(*, by: Person, post: Post) -> Post:
    """Not yet: it is a draft again, with what the buddy said. What is up somewhere can't be a draft."""
    post = locked(post)
    require(access.may_edit(by, post), _("Only its maker and the curator change this."))
    if post.stage == Stage.WITH_BUDDY:
        if is_partly_up(post):
            sentence = _("Part of it is up. You can change or put away what has not gone yet.")
            raise Refused(sentence, code="partly_up")
        post.stage, post.changed_at = Stage.DRAFT, clock.now()
        post.save(update_fields=["stage", "changed_at"])
        audit.record(by=by, verb="publishing.take_back", target=post)
    return post


@transaction.atomic
def approve_post(*, by: Person, post: Post) -> Post:
    """The buddy says yes: it is released, in the maker's name."""
    post = locked(post)
    require(access.may_approve(by, post), _("A buddy reads it, not its maker."))
    if post.stage == Stage.RELEASED:
        return post
    if post.stage != Stage.WITH_BUDDY:
        raise Refused(_("It was taken back to work on. You will be asked again."), code="taken_back")
    audit.record(by=by, verb="publishing.approve_post", target=post)
    return _release(by, post)


@transaction.atomic
def release_post(*, by: Colleague, post: Post) -> Post:
    """Let it go: each row is due at its moment, or waits for the owner of its account to agree."""
    post = locked(post)
    if post.stage == Stage.RELEASED:
        return post
    require(access.may_release(by, post), _("A buddy reads it first."))
    if goes_far(post):
        raise Refused(
            _("One text to more than %(most)s places: a colleague reads it first.") % {"most": words.MANY}, code="far"
        )
    audit.record(by=by, verb="publishing.release_post", target=post)
    return _release(by, post)


def _release(by: Colleague, post: Post) -> Post:
    rows = check_ready(post)
    post.stage, post.released_at, post.released_by_id = Stage.RELEASED, clock.now(), by.pk
    post.changed_at = clock.now()
    post.save(update_fields=["stage", "released_at", "released_by", "changed_at"])
    for row in rows:
        row.post = post
        speaker = next((one for one in (post.by, by) if access.may_agree(one, row)), None)
        if speaker is not None:
            row.agreed_by_id, row.agreed_at = speaker.pk, row.agreed_at or clock.now()
        if row.agreed_at is None:
            row.because = logic.OWNER
            row.save(update_fields=["because"])
        else:
            make_due(row)
    _take_slot(by, post, rows)
    events.tell(PostReleased(post.pk))
    return post


def make_due(row: Target, *, not_before: datetime | None = None) -> None:
    """From now on the house sends this row at its moment; without a moment at once. What says almost the same as a
    colleague's waits until a person confirms it."""
    if row.due_day and row.due_time:
        row.due_at = moments.instant(row.due_day, row.due_time, row.zone)
    else:
        row.due_at = clock.now()
    if not_before is not None:
        row.due_at = max(row.due_at, not_before)
    keep_link(row)
    if held_by_pause(row) or held_when_planned(row):
        return
    ledger.keep(row, logic.moved(ledger.row_of(row), logic.Next(State.SCHEDULED, row.due_at)))


@transaction.atomic
def agree(*, by: Person, target: Target, text: str = "") -> Target:
    """The owner of an account says yes to what was written for it, in other words if they like."""
    post = locked(target.post)
    row = ledger.row(target)
    require(access.may_agree(by, row), _("Only who may speak for this account says yes."))
    if row.agreed_at is not None:
        if text.strip() and clean(text) != row.text:
            raise Refused(_("This has its yes already. Change the post to say it otherwise."), code="agreed")
        return row
    if row.state == State.CANCELLED:
        raise Refused(_("It was cancelled meanwhile. Give it another moment first."), code="cancelled")
    if text.strip() and text.strip() != row.text:
        row.text = clean(text)
        new_revision(row)
        row.save()
        audit.record(by=by, verb="publishing.own_words", target=post, account=row.account_id)
    row.agreed_by_id, row.agreed_at, row.because = by.pk, clock.now(), ""
    row.save(update_fields=["agreed_by", "agreed_at", "because"])
    audit.record(by=by, verb="publishing.agree", target=post, account=row.account_id)
    if post.stage == Stage.RELEASED:
        check_row(row)
        make_due(row)
    return row


# ── Another time, or not at all ──────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def reschedule(*, by: Colleague, target: Target, due_local: datetime | None) -> Target:
    """Another moment for one row; None is at once. Also for one that missed its moment or was refused."""
    post = locked(target.post)
    row = ledger.row(target)
    require(access.may_settle(by, row) or access.may_edit(by, post))
    check_moment(due_local)
    check_movable(row)
    if row.state in OVER and (row.key or row.handle):
        _bring_anew(row)
    row.due_day = due_local.date() if due_local else None
    row.due_time = due_local.time().replace(microsecond=0) if due_local else None
    row.zone = house().zone
    audit.record(by=by, verb="publishing.reschedule", target=post, account=row.account_id, due=str(due_local or "now"))
    if post.stage != Stage.RELEASED or row.agreed_at is None:
        if post.stage == Stage.RELEASED and row.state in OVER:  # it waits for its yes again
            row.state, row.due_at, row.because = State.SCHEDULED, None, logic.OWNER
        row.save()
        return row
    make_due(row)
    _move_slot(by, post)
    return row


def _bring_anew(row: Target) -> None:
    """What was brought to the platform then may be gone there. The key stays as long as the content does: where it is
    honoured a repeat can't stand there twice. What the platform took and refused afterwards is known there by its key,
    so that gets another. Does not save."""
    last = row.attempts.filter(step=Step.SEND).order_by("-number").first()
    if row.remote_id or last is None or last.body_digest != digest_of(row):
        new_revision(row)
    else:
        row.handle, row.prepared_at, row.shown_as = {}, None, {}


@transaction.atomic
def cancel_target(*, by: Colleague, target: Target) -> Target:
    """This row does not go. What may be up already can't be stopped any more."""
    post = locked(target.post)
    row = ledger.row(target)
    require(access.may_settle(by, row) or access.may_edit(by, post))
    if row.state == State.CANCELLED:
        return row
    check_movable(row)
    audit.record(by=by, verb="publishing.cancel_target", target=post, account=row.account_id)
    ledger.keep(row, logic.moved(ledger.row_of(row), logic.Next(State.CANCELLED)))
    if not post.targets.exclude(state=State.CANCELLED).exists():
        free_slot(post, by=by)
    return row


@transaction.atomic
def retry(*, by: Colleague, target: Target) -> Target:
    """Try a row again that was refused, missed or cancelled before it went; now."""
    if target.state not in (*OVER, State.WAITING, State.NEEDS_PERSON):
        raise Refused(_("There is nothing to try again here."), code="not_failed")
    row = reschedule(by=by, target=target, due_local=None)
    try_again(row)
    audit.record(by=by, verb="publishing.retry", target=row.post, account=row.account_id)
    return row


# ── The calendar ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _take_slot(by: Colleague, post: Post, rows: Iterable[Target]) -> None:
    """The place in the calendar is filled; what is planned for another day gets one."""
    if post.practice or post.in_reply_to:
        return
    if post.slot is not None:
        if post.slot.person_id is None and not post.slot.filled:
            calendar.take_slot(by=post.by, slot=post.slot)  # who fills an open place gave it
        calendar.fill_slot(by=by, slot=post.slot, item=post.item)
        _move_slot(by, post)
        return
    planned = [row for row in rows if row.due_day and row.due_time]
    if planned:
        first = min(planned, key=lambda row: (row.due_day, row.due_time))
        post.slot = calendar.slot_for(
            by=by,
            day=first.due_day or today(),
            at=first.due_time,
            title=str(post),
            account=first.account,
            person=post.by,
            item=post.item,
        )
        post.save(update_fields=["slot"])


def free_slot(post: Post, *, by: Colleague) -> None:
    """What stood ready is gone; the place in the calendar is a promise or a gap again."""
    if post.slot is not None and not post.slot.posts.filter(stage=Stage.RELEASED).exclude(pk=post.pk).exists():
        calendar.unfill_slot(by=by, slot=post.slot)


def _move_slot(by: Colleague, post: Post) -> None:
    """The place in the calendar has the moment of the first row."""
    rows = post.targets.exclude(state=State.CANCELLED).filter(due_day__isnull=False, due_time__isnull=False)
    first = rows.order_by("due_day", "due_time").first()
    if post.slot is not None and first is not None and first.due_day is not None:
        calendar.follow_post(by=by, slot=post.slot, day=first.due_day, at=first.due_time)


@transaction.atomic
def follow_slot(slot_id: int, *, its_time: bool = False) -> None:
    """A slot was moved in the calendar: what stands ready or is being written for it moves along, at the same time of
    day. With `its_time` what comes first goes at its new time: what is planned for another day stays there, and so does
    all of it once the first has gone. Nothing goes to a moment that has passed."""
    posts = Post.objects.select_for_update(of=("self",)).select_related("by", "item", "slot", "buddy")
    for post in posts.filter(slot=slot_id).exclude(stage=Stage.WITHDRAWN).order_by("pk"):
        rows = post.targets.select_for_update(of=("self",)).exclude(state=State.CANCELLED)
        planned = rows.filter(due_day__isnull=False, due_time__isnull=False).order_by("due_day", "due_time")
        first = next(iter(planned), None)
        if first is None or post.slot is None or (its_time and not _moves_along(first)):
            continue
        begins = (first.due_day, first.due_time)
        for row in filter(_moves_along, planned):
            if not its_time:
                _put(row, post, post.slot.day, row.due_time)
            elif (row.due_day, row.due_time) == begins:
                _put(row, post, post.slot.day, post.slot.time or row.due_time)


def _moves_along(row: Target) -> bool:
    """Whether it still stands ready, or is held with its account."""
    return row.state == State.SCHEDULED or (row.state == State.NEEDS_PERSON and row.because == logic.PAUSED)


def _put(row: Target, post: Post, day: date, at: time | None) -> None:
    if at is None or (row.due_day, row.due_time) == (day, at):
        return
    if moments.instant(day, at, row.zone) <= clock.now():
        return
    row.post, row.due_day, row.due_time = post, day, at
    if row.due_at is not None and row.state == State.SCHEDULED:
        make_due(row)
    else:
        row.save(update_fields=["due_day", "due_time"])

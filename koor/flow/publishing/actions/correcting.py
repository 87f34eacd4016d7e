"""Putting right in the open: one step that edits, replies or takes away on every place where a post went.

A reply is a row of the ledger like any other, so it goes once. An edit gives the same words however often it is asked,
and taking away twice harms nothing, so those need none: a try that was cut off is simply made again."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.publishing import access
from koor.flow.publishing.actions import content, ledger, repeat
from koor.flow.publishing.actions.checks import check_known, check_row, clean, titled
from koor.flow.publishing.actions.release import cancel_target, make_due
from koor.flow.publishing.actions.remove import take_away
from koor.flow.publishing.actions.telling import tell_hub_soon
from koor.flow.publishing.actions.write import locked, new_revision
from koor.flow.publishing.choices import Kind, PutRight, Stage, State, Way
from koor.flow.publishing.logic import correcting as logic
from koor.flow.publishing.logic import delivery
from koor.flow.publishing.models import Correction, CorrectionStep, Post, Target
from koor.flow.publishing.queries import corrections, everybody, with_parts
from koor.ground.channels import contract
from koor.ground.channels import queries as channels
from koor.ground.people.access import Colleague
from koor.ground.people.models import House
from koor.kernel import audit, clock, hrefs, jobs, limits, locks
from koor.kernel.access import SYSTEM, Refused, require
from koor.kernel.faults import fault
from koor.kernel.once import once as done_once

TRIES = 12
STEP_IS_OVER = timedelta(minutes=2)  # a try that nobody heard of again
PATIENCE = timedelta(minutes=10)  # at most between two tries
LOOKS = 200  # in one sweep
LONGEST_NOTE = 1000

Said = tuple[str, str]  # the way, and the words


def correct_post(
    *, by: Colleague, post: Post, kind: str, note: str, text: str = "", title: str = "", places: Mapping[int, Said],
    once: str = "",
) -> Correction:  # fmt: skip
    """Put right what was said, on every place where it went. `places` by row: the way and the words there; a row that
    is left out gets the best way that it has. `text` are the right words, for a correction, and `title` the right title
    where that was wrong too."""
    note, text = _checked(clean(note)), clean(text)
    title = titled(title) if kind == Kind.CORRECT else ""
    told: dict[str, Any] = {"post": post.pk, "kind": kind, "note": note, "text": text, "places": sorted(places.items())}
    told |= {"title": title} if title else {}

    def make() -> Correction:
        repeat.held_series(post)
        whole = _held(post)
        require(access.may_correct(by, whole), _("The curator, PR on duty, its maker and the owner put this right."))
        made = Correction.objects.create(
            post=whole, kind=Kind(kind), note=note, public=_is_public(whole), by_id=by.pk, at=clock.now()
        )
        _begin_all(by, made, text, title, places)
        _retitle(by, whole, title)
        Post.objects.filter(pk=whole.pk).update(changed_at=clock.now())
        repeat.not_again(by=by, post=whole, right=text if made.kind == Kind.CORRECT else "")
        tell_hub_soon()
        audit.record(by=by, verb="publishing.correct_post", target=whole, kind=kind, note=note[:200])
        return made

    with transaction.atomic():
        pk, _new = done_once(f"publishing.correct_post:{by.pk}", once, told, make)
    return Correction.objects.get(pk=pk)


def _begin_all(by: Colleague, made: Correction, text: str, title: str, places: Mapping[int, Said]) -> None:
    rows = [one for one in corrections.rows_of(made.post) if not corrections.stays(one, made.kind, text, title)]
    done = [_begin(by, made, row, text, title, places.get(row.pk)) for row in rows]
    if not any(done):
        raise Refused(_("This stands nowhere any more: there is nothing to put right."), code="nowhere")


def _checked(note: str) -> str:
    if not note or len(note) > LONGEST_NOTE:
        sentence = _("Say what was wrong and what is right, in at most %(most)s characters.") % {"most": LONGEST_NOTE}
        raise Refused(sentence, code="note", field="note")
    return note


def _held(post: Post) -> Post:
    """The post with its rows, all held until this is done."""
    locked(post)
    list(Target.objects.select_for_update(of=("self",)).filter(post=post.pk).order_by("pk"))
    return with_parts(Post.objects.filter(pk=post.pk)).get()


def _retitle(by: Colleague, post: Post, title: str) -> None:
    """The post has the right title from now on; what is asked of a platform carries it."""
    if title in ("", post.title):
        return
    _check_told(post)
    Post.objects.filter(pk=post.pk).update(title=title)
    audit.record(by=by, verb="publishing.put_title_right", target=post, before=post.title, after=title)


def _check_told(post: Post) -> None:
    """No title changes of what is on its way, nor where people see it of what nobody told yet whether it is up."""
    rows = list(post.targets.all())
    check_known([row for row in rows if row.state != State.NEEDS_PERSON])
    unsure = (delivery.UNSURE_FOR_GOOD, delivery.HALF)
    for row in rows:
        if row.state == State.NEEDS_PERSON and row.because in unsure and corrections.is_titled(row):
            sentence = _("First tell whether it is up on %(place)s. Then the title can be put right.")
            raise Refused(sentence % {"place": row.account.name}, code="unsure", field="title")


def _own_title_goes(row: Target) -> None:
    """A title of its own that a place was given would stand before the right one. Does not save."""
    row.options = {key: value for key, value in row.options.items() if key != "title"}


def _is_public(post: Post) -> bool:
    """Whether everybody could read it from the house; an answer to one person is not for everybody."""
    said = any(row.published_at and everybody.by_the_house(row) for row in post.targets.all())
    return said and not post.in_reply_to and not post.practice


def _begin(
    by: Colleague, made: Correction, row: Target, text: str, title: str, place: Said | None
) -> CorrectionStep | None:
    ways = logic.ways(made.kind, corrections.place_of(by, row, title))
    if not ways:
        return None
    way, words = place or (ways[0], "")
    if way not in ways:
        sentence = _("On %(place)s that can't be done. Look at it once more.") % {"place": row.account.name}
        raise Refused(sentence, code="way", field=f"way-{row.pk}")
    words = clean(words) or (made.note if way == Way.REPLY else "" if made.kind == Kind.APOLOGISE else text)
    step = CorrectionStep(correction=made, target=row, way=way, text=words, before=row.text, state=PutRight.DONE)
    step.title = title if corrections.retitled(row, title) else ""
    _ways[Way(way)](by, step, row)
    if step.state == PutRight.DONE:
        step.done_at, step.done_by_id = clock.now(), by.pk
    step.save()
    if step.wake_at is not None:
        _overtake(step)
        _ask_soon(row.pk)
    return step


def _note(by: Colleague, step: CorrectionStep, row: Target) -> None:
    step.text = ""


def _stop(by: Colleague, step: CorrectionStep, row: Target) -> None:
    """It has not gone: it does not go. Should somebody let it go later, then with the right words."""
    cancel_target(by=SYSTEM, target=row)
    words = bool(step.text) and row.text == row.post.text
    if step.correction.kind == Kind.CORRECT and (words or step.title):
        fresh = ledger.row(row)
        fresh.text = step.text if words else row.text
        new_revision(fresh)
        if step.title:
            _own_title_goes(fresh)
        if not access.may_agree(by, fresh):  # the owner's yes was to other words
            fresh.agreed_by, fresh.agreed_at = None, None
        fresh.save()


def _edit(by: Colleague, step: CorrectionStep, row: Target) -> None:
    _check_said(step, row)
    if step.text == row.text and not step.title:
        sentence = _("On %(place)s the words are still as they were.") % {"place": row.account.name}
        raise Refused(sentence, code="same", field=f"text-{row.pk}")
    if step.title and "title" in row.options:
        _own_title_goes(row)
        Target.objects.filter(pk=row.pk).update(options=row.options)
    if row.account.connector == ledger.NEWSROOM:
        Target.objects.filter(pk=row.pk).update(text=step.text)
    else:
        step.state, step.wake_at = PutRight.ASKED, clock.now()


def _reply(by: Colleague, step: CorrectionStep, row: Target) -> None:
    """A row of its own in the ledger, under what is put right. In a colleague's own name it waits for their yes."""
    _check_said(step, row)
    now, speaks = clock.now(), access.may_speak_right(by, row)
    said = Post.objects.create(
        by_id=by.pk or row.post.by_id, text=step.text, language=row.post.language, in_reply_to=row.remote_id,
        made_at=now, changed_at=now, stage=Stage.RELEASED, released_at=now, released_by_id=by.pk,
    )  # fmt: skip
    options = {key: value for key, value in row.options.items() if key == "visibility"}
    step.reply = Target.objects.create(
        post=said, account=row.account, text=step.text, zone=row.zone, through=True, options=options,
        agreed_by_id=by.pk if speaks else None, agreed_at=now if speaks else None,
        because="" if speaks else delivery.OWNER,
    )  # fmt: skip
    step.state = PutRight.ASKED
    if speaks:
        check_row(step.reply)
        make_due(step.reply)


def _delete(by: Colleague, step: CorrectionStep, row: Target) -> None:
    take_away(by=by, row=ledger.row(row))
    step.state, step.text = PutRight.ASKED, ""


def _hand(by: Colleague, step: CorrectionStep, row: Target) -> None:
    step.state = PutRight.PERSON
    if step.correction.kind == Kind.WITHDRAW:
        step.state, step.text = PutRight.ASKED, ""
        take_away(by=by, row=ledger.row(row), by_person=True)


_ways = {
    Way.EDIT: _edit, Way.REPLY: _reply, Way.DELETE: _delete, Way.NOTE: _note, Way.STOP: _stop, Way.HAND: _hand,
}  # fmt: skip


def _check_said(step: CorrectionStep, row: Target) -> None:
    if not step.text:
        sentence = _("Write what is said on %(place)s.") % {"place": row.account.name}
        raise Refused(sentence, code="empty", field=f"text-{row.pk}")


def _overtake(step: CorrectionStep) -> None:
    """The words of an earlier correction are not asked any more: the last one counts."""
    earlier = CorrectionStep.objects.filter(target=step.target_id, way=Way.EDIT, state=PutRight.ASKED)
    earlier.exclude(pk=step.pk).update(state=PutRight.DROPPED, wake_at=None)


@transaction.atomic
def tell_corrected(*, by: Colleague, step: CorrectionStep) -> CorrectionStep:
    """A person put it right where Koor can't, and says so."""
    row = ledger.row(step.target)
    require(access.may_tell_corrected(by, row), _("Its maker, the owner of the account and the curator say this."))
    step = CorrectionStep.objects.select_for_update().select_related("correction__post").get(pk=step.pk)
    if step.state == PutRight.DONE:
        return step
    step.state, step.way, step.wake_at = PutRight.DONE, Way.HAND, None
    step.done_at, step.done_by_id = clock.now(), by.pk
    step.save()
    audit.record(
        by=by, verb="publishing.tell_corrected", target=step.correction.post, account=row.account_id,
        place=row.account.name,
    )  # fmt: skip
    return step


# ── On the platform ──────────────────────────────────────────────────────────────────────────────────────────────────


def ask_platform(*, by: Colleague, target_id: int) -> None:
    """One try to have the words changed by the platform. Safe to call at any time."""
    with locks.held(f"publishing.correction:{target_id}") as alone:
        step = _begun(target_id) if alone else None
        if step is None:
            return
        outcome = _asked(step)
        fault("publishing.after_edit")
        with transaction.atomic():
            row = ledger.row(step.target)
            step = CorrectionStep.objects.select_for_update().select_related("correction__post").get(pk=step.pk)
            if step.state == PutRight.ASKED:
                _keep(step, row, outcome, by)


def _begun(target_id: int) -> CorrectionStep | None:
    """Counted before the network. Nothing leaves a house that is held; the sweep comes back."""
    if House.objects.filter(pk=1).exclude(publishing_held="").exists():
        return None
    with transaction.atomic():
        now = clock.now()
        rows = CorrectionStep.objects.select_for_update(of=("self",)).filter(target=target_id, wake_at__lte=now)
        step = rows.select_related("target__post__by", "target__account").order_by("-pk").first()
        if step is None:
            return None
        step.tries, step.wake_at = step.tries + 1, now + STEP_IS_OVER
        step.save(update_fields=["tries", "wake_at"])
        return step


def _asked(step: CorrectionStep) -> contract.Outcome:
    try:
        account = step.target.account
        connector = channels.connector(account.connector)
        draft = dataclasses.replace(content.draft_of(step.target, with_pictures=False), text=step.text)
        with limits.hard_limit(STEP_IS_OVER.total_seconds() / 2):
            session = channels.session_for(account)
            return connector.correct.edit(session, step.target.remote_id, draft)  # type: ignore[no-any-return]
    except Exception as error:  # whatever it is: the same words may be asked again
        return contract.Outcome(contract.Verdict.UNKNOWN, answer=type(error).__name__)


def _keep(step: CorrectionStep, row: Target, outcome: contract.Outcome, by: Colleague) -> None:
    step.answer = outcome.answer[:300]
    for_good = outcome.because in (contract.Because.AUTH, contract.Because.REJECTED)
    if outcome.verdict == contract.Verdict.DONE:
        step.state, step.wake_at, step.done_at = PutRight.DONE, None, clock.now()
        row.text = step.text
        _take_number(row, outcome)
        row.save(update_fields=["text", "remote_id", "url", "handle"])
        audit.record(
            by=by, verb="publishing.put_right_there", target=step.correction.post, account=row.account_id,
            place=row.account.name,
        )  # fmt: skip
    elif for_good or step.tries >= TRIES:
        step.state, step.wake_at = PutRight.PERSON, None
    else:
        wait = min(timedelta(seconds=outcome.retry_after or 30 * 2 ** min(step.tries, 5)), PATIENCE)
        step.wake_at = clock.now() + wait
        _ask_soon(row.pk, wait=wait)
    step.save()


def _take_number(row: Target, outcome: contract.Outcome) -> None:
    """Some platforms make a new post of an edit: from then on that one is answered, and taken away. Does not save."""
    if outcome.remote_id in ("", row.remote_id):
        return
    if chain := ledger.chain_of(row):
        row.handle = {**row.handle, "chain": [outcome.remote_id if one == row.remote_id else one for one in chain]}
    row.remote_id, row.url = outcome.remote_id[:300], hrefs.web(outcome.url) or row.url


def _ask_soon(target_id: int, wait: timedelta = timedelta()) -> None:
    from koor.flow.publishing.tasks import put_right as task

    jobs.later(task, at=clock.now() + wait if wait else None, target=target_id)


def sweep_corrections() -> int:
    """Tries whose moment has passed without their job. How many."""
    overdue = CorrectionStep.objects.filter(wake_at__lte=clock.now()).order_by("wake_at")
    rows = list(overdue.values_list("target", flat=True)[:LOOKS])
    for target_id in rows:
        _ask_soon(target_id)
    return len(rows)

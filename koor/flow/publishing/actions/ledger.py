"""The ledger: every step of a row is one short transaction that also sets when the house looks at it again.

Nothing here calls a network. What decides is in logic/delivery.py; what keeps is here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from koor.flow.hub.models import Medium
from koor.flow.publishing.actions import content
from koor.flow.publishing.choices import State, Step
from koor.flow.publishing.events import TargetByHand, TargetFailed, TargetPublished
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.logic import words
from koor.flow.publishing.models import Attempt, Pace, Post, PostMedium, Target
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Delivery, Manifest, Outcome, Verdict
from koor.ground.people.models import House
from koor.ground.people.queries import house as our_house
from koor.kernel import audit, clock, events, files, hrefs, jobs, written
from koor.kernel.access import SYSTEM, Refused
from koor.kernel.faults import fault
from koor.kernel.models import StoredFile

NEWSROOM = "newsroom"
IN_HAND = (State.CLAIMED, State.SENDING)  # a process works on it; should that die, the sweep finds the row
IN_A_MOMENT = timedelta(seconds=2)
BROUGHT_LASTS = timedelta(hours=20)  # platforms forget after a day what was brought and shown in no post
ONE_MORE = """
insert into publishing_attempt
    (target_id, number, step, key, body_digest, epoch, started_at, verdict, because, answer)
select %s, coalesce(max(number), 0) + 1, %s, %s, %s, %s, %s, '', '', '' from publishing_attempt where target_id = %s
returning number"""  # the next of its row, in one statement


@dataclass(frozen=True)
class Claim:
    """A row that this process may work on, with the attempt that was written for it."""

    target: int
    number: int
    epoch: int


def lock_name(target_id: int) -> str:
    return f"publishing.target:{target_id}"


def locked(target_id: int, *, wait: bool = True, people: bool = True) -> Target | None:
    """The row, held until this transaction ends; None when it is gone, or is held by somebody and we do not `wait`."""
    found = _locked(target_id, wait=wait, people=people).rows()
    return found[0] if found else None


@written.once("pk")
def _locked(pk: int, wait: bool, people: bool) -> QuerySet[Target]:
    rows = Target.objects.select_for_update(of=("self",), skip_locked=not wait)
    along = ("post__by", "account__owner", "account__pace", "row_link") if people else ("account",)
    return rows.select_related(*along).filter(pk=pk)


def row(target: Target) -> Target:
    """The same, of a row that one has. Refused when it is gone."""
    found = locked(target.pk)
    if found is None:
        raise Refused(_("This is gone."), code="gone")
    return found


def manifest_of(target: Target) -> Manifest | None:
    found = channels.connectors().get(target.account.connector)
    return found.manifest if found else None


def row_of(target: Target) -> logic.Row:
    """What the state machine knows of a row."""
    manifest = manifest_of(target)
    return logic.Row(
        state=target.state,
        due_at=target.due_at,
        allowed_late=timedelta(hours=our_house().allowed_late),
        attempts=target.attempts_made,
        looks=target.looks,
        last_sent_at=target.last_sent_at,
        passed=logic.passed(target.steady, *clock.steady()),
        blind=manifest is None or manifest.delivery_for(target.account.settings) == Delivery.BLIND,
        half=bool(chain_of(target)),
        spread=target.pk,
    )


def chain_of(target: Target) -> list[str]:
    """The parts of a thread that are up so far, in order; empty for what is one post."""
    return [str(one) for one in target.handle.get("chain", ())]


def parts_to_come(target: Target) -> bool:
    """Whether a thread has parts after the one that was sent last."""
    return len(target.handle.get("parts", ())) > len(chain_of(target)) + 1


def key_of_part(target: Target) -> str:
    """The key of what goes next: each part of a thread has one of its own."""
    return key_after(target, len(chain_of(target)))


def key_after(target: Target, up: int) -> str:
    """The key of the part that goes when so many are up."""
    return f"{target.key}.{up + 1}" if up else target.key


def keep(target: Target, to: logic.Next, *, note: str = "", values: Mapping[str, Any] | None = None) -> None:
    """Write a step: state and next moment, the job for it, and the fact that others hear. Saves the whole row."""
    before = target.state
    target.state, target.wake_at, target.because = to.state, to.wake_at, to.because
    target.note, target.note_values = note[:300], dict(values or {})
    if to.state == State.PUBLISHED:
        target.published_at = target.published_at or clock.now()
        if not target.last_sent_at:  # by hand: as it was when it was told
            target.shown_as = target.shown_as or content.shown_as(target)
    target.save()
    if to.state not in IN_HAND:
        wake(target)
    if to.state == State.PUBLISHED and before != State.PUBLISHED:
        show_pictures(target)
        events.tell(TargetPublished(target.pk))
    elif to.state == State.NEEDS_PERSON and to.because == logic.BY_HAND:
        events.tell(TargetByHand(target.pk))
    elif to.state in (State.REJECTED, State.MISSED) or (to.state == State.NEEDS_PERSON and to.because != logic.PAUSED):
        events.tell(TargetFailed(target.pk))


def come_back(target_id: int) -> None:
    """Look at this row again in a moment."""
    from koor.flow.publishing.tasks import deliver

    jobs.later(deliver, at=clock.now() + IN_A_MOMENT, only_one=f"publishing.deliver:{target_id}", target=target_id)


def wake(target: Target) -> None:
    """Have the sender look at this row at its moment. The sweep finds it too, should the job get lost."""
    if target.wake_at is None:
        return
    from koor.flow.publishing.tasks import deliver

    soon = target.wake_at <= clock.now()
    only_one = f"publishing.deliver:{target.pk}@{target.wake_at.timestamp()}"
    jobs.later(deliver, at=None if soon else target.wake_at, only_one=only_one, target=target.pk)


def claim(target: Target, to: logic.Next, digest: str, house: House) -> Claim:
    """Take a row: the attempt is written, with key and digest, before anything is asked of the network."""
    _bring_anew(target)
    now = clock.now()
    target.epoch += 1
    target.attempts_made += 1
    target.key = target.key or logic.key_of(str(house.identity), target.pk, target.revision, target.post.made_at)
    keep(target, to)
    return Claim(target.pk, _written(target, Step.SEND, digest, now), target.epoch)


def _bring_anew(target: Target) -> None:
    """What was brought to the platform long ago may be gone there. Of a thread that is half up nothing changes."""
    if not target.handle or chain_of(target):
        return
    at = target.prepared_at or Attempt.objects.filter(target=target).aggregate(at=Max("started_at"))["at"]
    if at is not None and clock.now() - at > BROUGHT_LASTS:
        target.handle, target.prepared_at, target.shown_as = {}, None, {}


def begin_look(target: Target, to: logic.Next, digest: str) -> Claim:
    """A look back is an attempt too: numbered, and written first."""
    target.epoch += 1
    target.looks += 1
    machine, seconds = clock.steady()
    target.steady.setdefault(machine, seconds)  # started again, or another one: it counts from its own first look
    keep(target, to)
    return Claim(target.pk, _written(target, Step.LOOK, digest, clock.now()), target.epoch)


def _written(target: Target, step: Step, digest: str, now: datetime) -> int:
    said: list[Any] = [target.pk, step.value, key_of_part(target), digest, target.epoch, now, target.pk]
    with connection.cursor() as cursor:
        cursor.execute(ONE_MORE, said)
        return int(cursor.fetchone()[0])


@transaction.atomic
def not_prepared(claim: Claim, because: str, retry_after: int | None, note: str, values: Mapping[str, Any]) -> None:
    """It could not be prepared; nothing of it left the house."""
    target = locked(claim.target, people=False)
    if target is None or not _ours(target, claim, State.CLAIMED):
        return
    _end(claim, str(Verdict.DEFINITELY_NOT), because, note % values if values else note)
    _slow_down(target, because, retry_after)
    keep(target, logic.refused(row_of(target), because, retry_after, clock.now()), note=note, values=values)


@transaction.atomic
def keep_stage(claim: Claim, handle: Mapping[str, Any]) -> None:
    """What a preparation can be gone on with, before its next step: when the process ends in that, it is still known.

    Raises `Refused` when the row is no longer ours, so that nobody goes on with it."""
    target = locked(claim.target, people=False)
    if target is None or not _ours(target, claim, State.CLAIMED):
        raise Refused(_("This is gone."), code="gone")
    Target.objects.filter(pk=target.pk).update(handle=dict(handle))


@transaction.atomic
def start_sending(claim: Claim, handle: Mapping[str, Any], *, like: Target | None = None) -> Target | None:
    """The last door: committed before the first byte leaves. None when the row is no longer ours, or all is held.
    `like` is the row as it was claimed, with what goes along."""
    target = locked(claim.target, people=False)
    if target is None or not _ours(target, claim, State.CLAIMED):
        return None
    now = clock.now()
    if like is not None:
        content.take_in_hand(target, like=like)
    if House.objects.filter(pk=1).exclude(publishing_held="").exists():
        keep(target, logic.wait(row_of(target), now, logic.HELD))
        _end(claim, str(Verdict.DEFINITELY_NOT), logic.HELD, "")
        return None
    target.handle = dict(handle)
    if target.prepared_at is None or not handle:  # what was sent ahead is as it was then
        target.shown_as = content.shown_as(target)
    target.prepared_at = target.prepared_at or now
    target.first_sent_at = target.first_sent_at or now
    target.last_sent_at = now
    target.steady = dict([clock.steady()])
    target.looks = 0
    keep(target, logic.on_its_way(row_of(target), now))
    Attempt.objects.filter(target=target, number=claim.number).update(sent_at=now)
    return target


def record(claim: Claim, outcome: Outcome) -> None:
    """Keep the platform's answer. That it is up is kept whatever happened meanwhile; anything else only while the
    row is still ours."""
    with transaction.atomic():
        target = locked(claim.target, people=False)
        if target is None:
            return
        _end(claim, str(outcome.verdict), str(outcome.because), outcome.answer)
        if outcome.verdict == Verdict.DONE and outcome.more:
            part_is_up(target, outcome.remote_id, outcome.url)
        elif outcome.verdict == Verdict.DONE:
            is_up(target, outcome.remote_id, outcome.url)
        elif _ours(target, claim, State.SENDING):
            because = str(outcome.because)
            to = logic.after_send(row_of(target), str(outcome.verdict), because, outcome.retry_after, clock.now())
            _slow_down(target, because, outcome.retry_after)
            keep(target, to, note="" if to.state == State.UNKNOWN else outcome.answer)
        fault("publishing.during_record")
    fault("publishing.after_record")


@transaction.atomic
def record_look(
    claim: Claim, found: str, *, remote_id: str = "", url: str = "", why: str = "", more: bool = False
) -> None:
    """Keep what was read back."""
    target = locked(claim.target, people=False)
    if target is None:
        return
    _end(claim, found, "", why or url)
    if found == logic.SEEN and more:
        part_is_up(target, remote_id, url)
    elif found == logic.SEEN and target.state in logic.UNSURE:
        is_up(target, remote_id, url)
    elif _ours(target, claim, State.RECONCILING):
        keep(target, logic.after_look(row_of(target), found, clock.now()))


def part_is_up(target: Target, remote_id: str, url: str) -> None:
    """A part of a thread is up: it is written down with the row, and the next one goes. Told twice changes nothing."""
    if remote_id not in chain_of(target) and target.state in logic.UNSURE:
        next_after(target, remote_id, url)


def next_after(target: Target, remote_id: str, url: str) -> None:
    """The part that is up is the last of the chain now; what comes after it goes as an attempt of its own."""
    chain = chain_of(target)
    target.handle = {**target.handle, "chain": [*chain, remote_id], "url": target.handle.get("url") or hrefs.web(url)}
    keep(target, logic.next_part(row_of(target), clock.now()))


def is_up(target: Target, remote_id: str, url: str) -> None:
    """It is up, and this is its address."""
    if target.state == State.PUBLISHED:
        if remote_id and target.remote_id and remote_id not in (target.remote_id, *chain_of(target)):
            audit.record(
                by=SYSTEM, verb="publishing.found_twice", target=target, first=target.remote_id, other=remote_id
            )
        return
    if target.state == State.REJECTED and remote_id and target.remote_id == remote_id:
        return  # it was taken, and told of as failed before this answer was written down
    if chain := chain_of(target):  # a thread is known by its first part
        target.handle = {**target.handle, "chain": list(dict.fromkeys([*chain, *filter(None, [remote_id])]))}
        remote_id, url = chain[0], str(target.handle.get("url") or url)
    target.remote_id, target.url = remote_id[:300], hrefs.web(url)
    address_in_newsroom(target)
    keep(target, logic.moved(row_of(target), logic.Next(logic.PUBLISHED)))


def address_in_newsroom(target: Target) -> None:
    """An article has a page in this house. Does not save."""
    if target.account.connector != NEWSROOM:
        return
    target.remote_id = target.remote_id or f"{target.pk:010d}"
    target.slug = slug_for(target)
    target.url = settings.KOOR_URL + reverse("publishing:article", args=[target.slug])


def slug_for(target: Target) -> str:
    """The address of an article: its words, and signs that nobody else's has."""
    said = words.slug_of(target.post.title or words.title_of(target.text))
    return f"{said}-{target.remote_id}".strip("-")[:120]


OF_MEDIUM = ("renditions__file", "pages__file")  # what people see of a picture or a document
SHOWN = tuple(f"medium__{one}" for one in OF_MEDIUM)
IN_NEWSROOM = Target.objects.filter(account__connector=NEWSROOM, state=State.PUBLISHED, removed_at=None)


def show_pictures(target: Target) -> None:
    """Pictures of what stands in the newsroom are for everyone; before that they are not."""
    if target.account.connector != NEWSROOM:
        return
    for one in PostMedium.objects.filter(post=target.post_id).prefetch_related(*SHOWN):
        for file in _files_of(one.medium):
            files.show_to_everyone(file)


def _files_of(medium: Medium) -> list[StoredFile]:
    return [*(one.file for one in medium.renditions.all()), *(one.file for one in medium.pages.all())]


def hide_pictures(target: Target) -> None:
    """Pictures of what was taken away, unless another article still shows them."""
    _hide(PostMedium.objects.filter(post=target.post_id).values_list("medium", flat=True))


def show_other_pictures(post: Post, before: Iterable[int]) -> None:
    """Other pictures go with a post of which an article is up: those of `before` are for everyone no longer."""
    up = IN_NEWSROOM.filter(post=post.pk).select_related("account").first()
    if up is not None:
        show_pictures(up)
        _hide(before)


def _hide(media: Iterable[int]) -> None:
    still = PostMedium.objects.filter(post__targets__in=IN_NEWSROOM.all()).values("medium")
    for one in Medium.objects.filter(pk__in=list(media)).exclude(pk__in=still).prefetch_related(*OF_MEDIUM):
        for file in _files_of(one):
            files.show_to_everyone(file, False)


def _ours(target: Target, claim: Claim, state: str) -> bool:
    """Whether nobody took the row over since the claim."""
    return target.epoch == claim.epoch and target.state == state


def _end(claim: Claim, verdict: str, because: str, answer: str) -> None:
    Attempt.objects.filter(target=claim.target, number=claim.number).update(
        ended_at=clock.now(), verdict=verdict, because=because[:12], answer=answer[:300]
    )


def _slow_down(target: Target, because: str, retry_after: int | None) -> None:
    """The platform asked this account to wait: so does everything else that is to go there."""
    if because != logic.RATE:
        return
    until = clock.now() + logic.pause(row_of(target), logic.RATE, retry_after)
    pace, _new = Pace.objects.select_for_update().get_or_create(account=target.account, defaults={"until": until})
    if pace.until < until:
        pace.until = until
        pace.save(update_fields=["until"])

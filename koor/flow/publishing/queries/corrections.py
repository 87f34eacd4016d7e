"""Putting right: what can be done on each place, how far each step is, and the public list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from koor.flow.publishing import access
from koor.flow.publishing.choices import FINAL, Kind, PutRight, RemovalState, State, Way
from koor.flow.publishing.logic import correcting as logic
from koor.flow.publishing.logic import delivery
from koor.flow.publishing.logic.words import title_of
from koor.flow.publishing.models import Correction, CorrectionStep, Post, Target
from koor.flow.publishing.queries import everybody, posts_visible_to
from koor.ground.channels import logic as counting
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Draft
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import written
from koor.kernel.access import NotFound

STOPPED = (State.REJECTED, State.MISSED, State.CANCELLED)
TOLD = frozenset({delivery.BY_HAND, delivery.ALIKE, delivery.FILM, delivery.PAUSED, delivery.CONSENT, delivery.RIGHTS})


@dataclass(frozen=True)
class Plan:
    """What will happen on one place."""

    target: Target
    ways: tuple[str, ...]
    way: str
    text: str  # what is said there; empty where nothing is
    mark: str
    waits: bool  # for the yes of who speaks there
    retitled: bool  # people see the title there, and it was another one
    as_above: bool  # the right words, as they were given for all
    problem: str = ""

    @property
    def says(self) -> bool:
        return self.way in logic.SAYS and bool(self.text or self.problem)

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(one, str(Way(one).label)) for one in self.ways]


def place_of(by: Colleague, target: Target, title: str = "") -> logic.Place:
    """Give the row with its post, account and `removal` fetched; `title` where that is put right too."""
    known = channels.connectors().get(target.account.connector)
    manifest = known.manifest if known else None
    asked = target.state == State.NEEDS_PERSON and target.because in TOLD
    return logic.Place(
        up=target.state == State.PUBLISHED,
        ready=asked or target.state in (State.SCHEDULED, State.WAITING),
        known=bool(target.remote_id),
        ours=manifest is not None and manifest.publishes and not manifest.network,
        edits=manifest is not None
        and manifest.edits
        and len(target.handle.get("chain", ())) < 2
        and (manifest.edits_title or not retitled(target, title)),
        deletes=manifest is not None and manifest.deletes,
        replies=manifest is not None and manifest.replies,
        speaks=access.may_speak_right(by, target),
        removes=access.may_settle(by, target) or (not target.account.personal and access.may_put_right(by)),
    )


def retitled(target: Target, title: str) -> bool:
    """Whether people see a title there, and this is another one."""
    return title not in ("", target.post.title) and is_titled(target)


def shows_title(post: Post) -> bool:
    """Whether people see a title of this post somewhere."""
    return any(map(is_titled, rows_of(post)))


def is_titled(target: Target) -> bool:
    known = channels.connectors().get(target.account.connector)
    return known is not None and known.manifest.titled


def stays(target: Target, kind: str, text: str, title: str) -> bool:
    """Whether only the title was wrong, and people see none there."""
    alone = kind == Kind.CORRECT and title not in ("", target.post.title) and text in ("", target.post.text)
    return alone and not retitled(target, title)


def rows_of(post: Post) -> list[Target]:
    """Places where there is something to put right. Give the post with its rows fetched."""
    found = []
    for target in post.targets.all():
        target.post = post
        gone = target.removed_at or getattr(target, "removal", None) is not None
        if not gone and _is_outside(target) and (target.state == State.PUBLISHED or target.state not in FINAL):
            found.append(target)
    return found


def _is_outside(target: Target) -> bool:
    """Whether people outside see what is posted there: everybody, or a few."""
    known = channels.connectors().get(target.account.connector)
    return known is None or known.manifest.public


def plans(
    person: Person,
    post: Post,
    *,
    kind: str,
    note: str,
    text: str,
    title: str = "",
    chosen: Mapping[int, str] | None = None,
    said: Mapping[int, tuple[str, str]] | None = None,
) -> list[Plan]:
    """What will happen where. `chosen` is a way by row; `said` by row the words that were sent back, with the mark
    that the place was shown with."""
    made = []
    title = title if kind == Kind.CORRECT else ""
    for target in rows_of(post):
        open_ways = logic.ways(kind, place_of(person, target, title))
        if open_ways and not stays(target, kind, text, title):
            way = (chosen or {}).get(target.pk, "")
            right = (kind, note, text, title)
            made.append(_plan(person, target, open_ways, way, right, (said or {}).get(target.pk)))
    return made


def _plan(
    by: Person, target: Target, ways: tuple[str, ...], way: str, right: tuple[str, str, str, str], said: Any
) -> Plan:
    kind, note, text, title = right
    way = way if way in ways else ways[0]
    usual = _usual(target, kind, way, note, text, title)
    mark = logic.mark(kind, way, usual)
    words = usual
    if said is not None and usual and logic.own_words(said[1], said[0], mark):
        words = said[0]
    waits = way == Way.REPLY and not access.may_agree(by, target) and not access.may_speak_right(by, target)
    as_above = bool(words) and words == text
    return Plan(target, ways, way, words, mark, waits, retitled(target, title), as_above, _problem(target, way, words))


def _usual(target: Target, kind: str, way: str, note: str, text: str, title: str) -> str:
    """What is said there, unless somebody gives it words of its own."""
    if way not in logic.SAYS or kind == Kind.WITHDRAW:
        return ""
    if kind == Kind.APOLOGISE:
        return f"{target.text}\n\n{note}".strip() if way == Way.EDIT else note
    if way == Way.REPLY:
        return _("Correction: %(note)s") % {"note": note} if note else ""
    words = text if target.text == target.post.text else target.text
    return with_title(words, title) if way == Way.HAND and retitled(target, title) else words


def with_title(words: str, title: str) -> str:
    """For somebody who puts both right by hand."""
    return f"{title}\n\n{words}".strip()


def _problem(target: Target, way: str, words: str) -> str:
    """Why the platform would not take it."""
    if way not in (Way.EDIT, Way.REPLY) or not words:
        return ""
    draft = Draft(text=words)
    found = counting.problem(draft, channels.limits_of(target.account), channels.length_of(target.account, draft))
    return counting.filled_in(_(found.problem), found.values) if found else ""


# ── How far it is ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class StepStanding:
    """One step as a person reads it."""

    step: CorrectionStep
    css: str
    icon: str
    said: str
    asks: bool  # a person does it, and this one may


def _state_of(step: CorrectionStep) -> str:
    if step.state != PutRight.ASKED:
        return step.state
    if step.reply is not None:
        done, stopped = step.reply.state == State.PUBLISHED, step.reply.state in STOPPED
        return PutRight.DONE if done else PutRight.PERSON if stopped else PutRight.ASKED
    if step.way in (Way.DELETE, Way.HAND):
        removal = getattr(step.target, "removal", None)
        states = {RemovalState.DONE: PutRight.DONE, RemovalState.PERSON: PutRight.PERSON}
        return states.get(removal.state, PutRight.ASKED) if removal else PutRight.ASKED
    return step.state


def step_standing(person: Person | None, step: CorrectionStep) -> StepStanding:
    state = _state_of(step)
    said = _step_said(step, state)
    looks = {PutRight.DONE: ("aha", "check"), PutRight.PERSON: ("wait", "hand"), PutRight.DROPPED: ("", "close")}
    css, icon = looks.get(PutRight(state), ("", "clock"))
    by_hand = state == PutRight.PERSON and step.correction.kind != Kind.WITHDRAW
    mine = person is not None and access.may_tell_corrected(person, step.target)
    return StepStanding(step, css, icon, said, by_hand and mine)


def _step_said(step: CorrectionStep, state: str) -> str:
    if state == PutRight.DROPPED:
        return _("overtaken by a later correction")
    if state == PutRight.PERSON:
        return _("a colleague does it there, Koor can't")
    if state == PutRight.ASKED and step.reply is not None and step.reply.agreed_at is None:
        return _("waits for the yes of %(name)s") % {"name": step.target.account.owner.first_name}
    if state == PutRight.ASKED:
        return _("on its way")
    done = {
        Way.EDIT: _("the title was changed")
        if step.title and step.text == step.before
        else _("the words were changed"),
        Way.REPLY: _("said under it"),
        Way.DELETE: _("taken away"),
        Way.NOTE: _("a note stands with it"),
        Way.STOP: _("had not gone, and does not go"),
        Way.HAND: _("put right by hand"),
    }
    return done[Way(step.way)]


def _steps() -> QuerySet[CorrectionStep]:
    related = ("target__account__owner", "target__removal", "target__post", "reply")
    return CorrectionStep.objects.select_related("correction", *related).order_by("pk")


def of_post(person: Person, post: Post) -> list[tuple[Correction, list[StepStanding]]]:
    """The corrections of a post, newest first, each with how far it is everywhere. Two queries."""
    if not post.released_at:
        return []
    rows = Correction.objects.filter(post=post).select_related("by__picture").order_by("-at", "-pk")
    found = list(rows.prefetch_related(Prefetch("steps", _steps())))
    return [(one, [step_standing(person, step) for step in one.steps.all()]) for one in found]


def step(person: Person, pk: int) -> CorrectionStep:
    """One step, for whoever may see its post."""
    found = _steps().filter(pk=pk, correction__post__in=posts_visible_to(person)).first()
    if found is None:
        raise NotFound
    return found


def asked_to_do(person: Person) -> written.Asked:
    """What waits for this colleague to put right by hand; for who puts right everything, all of it. The first of
    these, for Today."""
    return _first_to_do(person.pk, everything=access.may_put_right(person))


def _to_do(pk: Any, everything: bool) -> QuerySet[CorrectionStep]:
    failed = Q(state=PutRight.ASKED, way=Way.REPLY, reply__state__in=STOPPED)
    rows = _steps().filter(Q(state=PutRight.PERSON) | failed).exclude(correction__kind=Kind.WITHDRAW)
    if not everything:
        rows = rows.filter(Q(target__post__by=pk) | Q(target__account__owner=pk))
    return rows.order_by("correction__at", "pk")


@written.once("pk")
def _first_to_do(pk: Any, everything: bool) -> QuerySet[CorrectionStep]:
    return _to_do(pk, everything)[:2]


# ── What everybody may read ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Told:
    """One correction in the public list."""

    kind: str
    label: str
    note: str
    at: datetime
    title: str  # of what was put right; empty when it was taken back
    url: str  # its article, while it stands
    done: tuple[str, ...]  # platforms where it was put right
    open: tuple[str, ...]  # and where that still has to be done


def public() -> QuerySet[Correction]:
    """What was put right in the open, newest first."""
    targets = Target.objects.select_related("account").order_by("pk")
    rows = Correction.objects.filter(everybody.ever_said(OuterRef("post")), public=True, post__in_reply_to="")
    rows = rows.filter(post__practice=False).select_related("post")
    parts = (Prefetch("steps", _steps()), Prefetch("post__targets", targets))
    return rows.prefetch_related(*parts).order_by("-at", "-pk")


def told(correction: Correction) -> Told:
    """Give it with its steps and the rows of its post fetched."""
    rows = [one for one in correction.post.targets.all() if one.published_at and everybody.by_the_house(one)]
    article = next((one for one in rows if one.slug and not one.removed_at), None)
    back = correction.kind == Kind.WITHDRAW
    shown = [step for step in correction.steps.all() if step.way != Way.STOP and everybody.by_the_house(step.target)]
    steps = [(step, _state_of(step)) for step in shown]
    return Told(
        kind=correction.kind,
        label=str(Kind(correction.kind).label),
        note=correction.note,
        at=correction.at,
        title="" if back else _title(correction.post, [article] if article is not None else rows),
        url=reverse("publishing:article", args=[article.slug]) if article is not None and not back else "",
        done=_named(step for step, state in steps if state == PutRight.DONE),
        open=_named(step for step, state in steps if state in (PutRight.ASKED, PutRight.PERSON)),
    )


def _title(post: Post, rows: list[Target]) -> str:
    """As it stands there now, in the words of that place."""
    return post.title or title_of(rows[0].text if rows else "")


def _named(steps: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_(channels.platform_of(step.target.account)) for step in steps))


def notes_with(rows: Iterable[Correction]) -> tuple[Told, ...]:
    """What stands with an article: oldest first, without asking the database for more."""
    found = sorted((one for one in rows if one.public), key=lambda one: (one.at, one.pk))
    return tuple(Told(one.kind, str(Kind(one.kind).label), one.note, one.at, "", "", (), ()) for one in found)

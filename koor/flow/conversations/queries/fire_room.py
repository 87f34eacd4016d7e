"""The page of a fire: what we know, what comes next, where the statement stands, and the clock since the alarm."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min
from django.utils.translation import gettext as _

from koor.flow.conversations.choices import FactKind, SayKind
from koor.flow.conversations.logic import fires as logic
from koor.flow.conversations.models import Fire, FireAnswer, FireFact, FireLine, FireTask, Statement
from koor.flow.conversations.queries.fires import LINES, ties, told, waiting_ties
from koor.flow.publishing.models import Target
from koor.flow.publishing.queries import pausing, standing
from koor.ground.people.models import Person
from koor.kernel import clock, together


@dataclass(frozen=True)
class Place:
    """Where a statement goes, and how it stands there."""

    target: Target
    standing: standing.Standing

    @property
    def up_at(self) -> datetime | None:
        return self.target.published_at if self.target.state == "published" else None


@dataclass(frozen=True)
class Room:
    """All that the page of a fire shows."""

    fire: Fire
    known: list[FireFact]
    unknown: list[FireFact]
    gone: list[FireFact]
    tasks: list[FireTask]
    in_hand: Statement | None  # written, waits for a name
    signed: Statement | None  # the latest statement that counts
    corrected: list[Statement]
    places: list[Place]
    lines: list[tuple[FireLine, Any]]
    firsts: dict[str, datetime]  # of each deed in the log
    stand: logic.Stand
    steps: list[logic.Step]

    @property
    def now(self) -> str:
        """The step that comes next; empty when all is done."""
        return next((step.key for step in self.steps if step.now), "")

    @property
    def clock(self) -> list[tuple[str, datetime | None, str]]:
        """From the alarm to a signed statement on three channels: what, when, and how long after the alarm."""
        ups = sorted(place.up_at for place in self.places if place.up_at)[: logic.CHANNELS]
        signed = [self.firsts[verb] for verb in ("signed", "signed_alone") if verb in self.firsts]
        moments: list[tuple[str, datetime | None]] = [
            (_("Somebody speaks for us"), self.firsts.get("speaker")),
            (_("Statement written"), self.firsts.get("statement")),
            (_("Statement signed"), min(signed, default=None)),
        ]
        for number in range(logic.CHANNELS):
            words = _("On %(number)s of %(all)s channels") % {"number": number + 1, "all": logic.CHANNELS}
            moments.append((words, ups[number] if number < len(ups) else None))
        return [(what, at, _after(at - self.fire.alarm_at) if at else "") for what, at in moments]

    @property
    def took(self) -> timedelta | None:
        """How long it took until a signed statement stood on three channels."""
        last = self.clock[-1][1]
        return last - self.fire.alarm_at if last else None

    @property
    def ran(self) -> str:
        """The clock: it stands still when three channels have it, or when it is over."""
        return _after(self.took or (self.fire.ended_at or clock.now()) - self.fire.alarm_at)


def _after(passed: timedelta) -> str:
    """Minutes and seconds, as a stopwatch shows them."""
    minutes, seconds = divmod(max(int(passed.total_seconds()), 0), 60)
    return f"{minutes}:{seconds:02}"


def room(person: Person, one: Fire) -> Room:
    """Two queries, however much there is."""
    facts, tasks, said, rows, lines, firsts = together.lists(*_asked(one))
    signed = [row for row in said if row.signed_at is not None]
    statements = [row for row in signed if row.kind == SayKind.HOLDING]
    places = [Place(row, standing.standing_of(person, row, history=False)) for row in rows]
    posts = {row.post_id for row in statements}
    stand = _stand(one, facts, said, statements, [place for place in places if place.target.post_id in posts])
    return Room(
        fire=one,
        known=[fact for fact in facts if fact.kind == FactKind.KNOWN and fact.gone_at is None],
        unknown=[fact for fact in facts if fact.kind == FactKind.UNKNOWN and fact.gone_at is None],
        gone=[fact for fact in facts if fact.gone_at is not None],
        tasks=tasks,
        in_hand=next((row for row in said if row.signed_at is None), None),
        signed=statements[-1] if statements else None,
        corrected=[row for row in signed if row.kind == SayKind.CORRECTION],
        places=places,
        lines=told(lines),
        firsts=dict(firsts),
        stand=stand,
        steps=logic.steps(stand),
    )


def _asked(one: Fire) -> tuple[Any, ...]:
    lines = FireLine.objects.filter(fire=one)
    rows = Target.objects.filter(post__statement_of_fire__fire=one).order_by("pk")
    return (
        FireFact.objects.filter(fire=one).select_related("by"),
        FireTask.objects.filter(fire=one).select_related("person", "done_by"),
        Statement.objects.filter(fire=one, replaced_at=None).select_related("by", "signed_by"),
        rows.select_related("account__owner", "post__by", "removal"),
        lines.order_by("-number")[:LINES],
        lines.order_by().values_list("verb").annotate(first=Min("at")),
    )


def _stand(
    one: Fire, facts: Sequence[FireFact], said: Sequence[Statement], signed: Sequence[Statement],
    places: Sequence[Place],
) -> logic.Stand:  # fmt: skip
    answers, gathered, waiting, held = together.numbers(
        FireAnswer.objects.filter(fire=one), ties(one), waiting_ties(one), pausing.held_by(one.paused_as)
    )
    return logic.Stand(
        speaker=one.speaker_id is not None,
        posts=one.posts_at is not None,
        facts=sum(fact.kind == FactKind.KNOWN and fact.gone_at is None for fact in facts),
        written=bool(said),
        signed=bool(signed),
        up=sum(place.up_at is not None for place in places),
        wanted=max((len(one.accounts) for one in signed), default=logic.CHANNELS),
        told=one.told > 0,
        answers=answers,
        gathered=gathered,
        sought=bool(one.words) or one.query_id is not None,
        waiting=waiting,
        ended=not one.burns,
        learnt=bool(one.learnt),
        held=held,
        thanked=bool(one.thanks),
    )

"""What the learner has learnt from what people marked. It is kept in the memory of each process and made again from
the log when that says something else; nothing of it is written down, so that what is erased is nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from django.db.models import Count, F, Max
from django.db.models.functions import Left

from koor.flow.listening.choices import Label, Promise
from koor.flow.listening.logic.learner import files
from koor.flow.listening.logic.learner.model import Learner
from koor.flow.listening.logic.learner.promise import ENOUGH, threshold
from koor.flow.listening.logic.learner.reasons import Library
from koor.flow.listening.logic.learner.words import LONGEST
from koor.flow.listening.models import Correction, Learning, Mention
from koor.kernel import clock

LABELS = (Label.AHA.value, Label.OHOH.value, Label.NOISE.value)
AT_ONCE = 300  # mentions that are looked at in one go
OPEN = 100  # of the newest that nobody marked, which are looked at again when people corrected


@dataclass
class Taught:
    """The learner of the stream, with which corrections it has learnt and the texts of them."""

    learner: Learner = field(default_factory=lambda: Learner(LABELS, files.shipped()))
    library: Library = field(default_factory=Library)
    log: list[tuple[int, str]] = field(default_factory=list)
    mark: tuple[int, int | None, datetime | None] = (0, None, None)

    def learn(self, rows: Iterable[tuple[int, str, int, str]]) -> None:
        for pk, label, mention, text in rows:
            place = LABELS.index(label)
            self.learner.learn(self.learner.read(text), place)
            self.library.add(mention, place, text)
            self.log.append((pk, label))


_kept: list[Taught] = []
_one_at_a_time = Lock()


def taught() -> Taught:
    """What the log says now: learnt on from what this process knew when only new lines came, else from nothing."""
    with _one_at_a_time:
        return _taught()


def forget() -> None:
    """Know nothing any more; the next one who asks begins with the log."""
    with _one_at_a_time:
        _kept.clear()


def _taught() -> Taught:
    now = Correction.objects.aggregate(number=Count("pk"), last=Max("pk"), at=Max("at"))
    mark = (now["number"], now["last"], now["at"])
    if _kept and _kept[0].mark == mark:
        return _kept[0]
    lines = list(Correction.objects.order_by("pk").values_list("pk", "label"))
    known = _kept[0] if _kept and _kept[0].log == lines[: len(_kept[0].log)] else Taught()
    text = Left(F("mention__text"), LONGEST)
    rows = Correction.objects.filter(pk__in=[pk for pk, _label in lines[len(known.log) :]]).order_by("pk")
    _kept.clear()  # if learning fails half way, the next one begins anew
    known.learn(rows.values_list("pk", "label", "mention_id", text))
    known.mark = mark
    _kept.append(known)
    return known


def to_propose() -> list[Mention]:
    """Mentions of the last day that nobody looked at: those without a proposal, and the newest once more."""
    recent = Mention.objects.filter(ours=False, label="", stored_at__gte=clock.now() - timedelta(days=1))
    shown = recent.exclude(text="").only("pk", "text").order_by("-pk")
    fresh = list(shown.filter(proposal=None)[:AT_ONCE])
    known = {mention.pk for mention in fresh}
    return [*fresh, *(mention for mention in shown[:OPEN] if mention.pk not in known)]


def promised() -> int:
    """How often it must be right to mark by itself; what the house chose, else the usual."""
    return next(iter(Learning.objects.values_list("promise", flat=True)), Promise.NINETY_FIVE.value)


@dataclass(frozen=True)
class Standing:
    """How far the learner is."""

    promise: int
    corrections: int
    needed: int  # corrections before it may mark by itself
    sure: int | None  # percent from which it marks by itself; None: it only proposes
    right: int | None  # percent of the last corrections that it would have said itself


def standing() -> Standing:
    known, promise = taught(), promised()
    answers = known.learner.answers
    least = threshold(answers, promise / 100) if promise else None
    last = answers[-ENOUGH:]
    right = round(100 * sum(was for _sure, was in last) / len(last)) if len(last) >= 20 else None
    return Standing(
        promise, len(answers), max(ENOUGH - len(answers), 0), None if least is None else int(least * 100), right
    )

"""Slots roll out from what was agreed and from the rhythm of the channels: eight weeks ahead, each once."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from koor.flow.calendar import logic
from koor.flow.calendar.actions.giving import note_given
from koor.flow.calendar.choices import AgreementState
from koor.flow.calendar.models import Agreement, PostingTime, Slot
from koor.flow.calendar.queries.holidays import free_days
from koor.flow.calendar.queries.period import AHEAD
from koor.ground.channels.choices import AccountState
from koor.ground.people import logic as people
from koor.ground.people.models import Absence
from koor.ground.people.queries import house, today
from koor.kernel import audit, clock
from koor.kernel.access import SYSTEM

BATCH = 1000  # agreements at a time


@dataclass
class Ground:
    """What rolling looks at, read once a run."""

    first: date
    last: date
    times: dict[tuple[int, int], list[time]]  # (account, weekday) → its beats
    away: dict[int, list[tuple[date, date]]] = field(default_factory=dict)
    free: frozenset[date] = frozenset()  # public holidays: no working days

    def is_away(self, day: date) -> set[int]:
        return {one for one, days in self.away.items() if any(first <= day <= last for first, last in days)}


def _ground() -> Ground:
    first = today()
    last = first + timedelta(days=AHEAD)
    times: dict[tuple[int, int], list[time]] = defaultdict(list)
    for beat in PostingTime.objects.filter(account__state=AccountState.ACTIVE):
        times[beat.account_id, beat.weekday].append(beat.time)
    away: dict[int, list[tuple[date, date]]] = defaultdict(list)
    on_rota = Absence.objects.filter(first_day__lte=last, last_day__gte=first, person__rota_turns__isnull=False)
    for person, begin, end in on_rota.distinct().values_list("person_id", "first_day", "last_day"):
        away[person].append((begin, end))
    return Ground(first, last, dict(times), dict(away), frozenset(free_days(house(), first, last)))


def standing(first: date, last: date) -> QuerySet[Agreement]:
    """Agreements that give slots between two days."""
    there = Q(person__is_active=True) | Q(team__isnull=False) | Q(rota__isnull=False)
    rows = Agreement.objects.filter(there, state=AgreementState.AGREED, first_day__lte=last)
    rows = rows.filter(Q(last_day=None) | Q(last_day__gte=first))
    return rows.select_related("rota").prefetch_related("accounts", "rota__turns__person").order_by("pk")


def roll_agreement(agreement: Agreement) -> int:
    """Make the slots of the coming eight weeks of one; those made before (also moved or dropped) stay as they are."""
    ground = _ground()
    return _roll(list(standing(ground.first, ground.last).filter(pk=agreement.pk)), ground)


def roll_all() -> int:
    """Roll out every agreement that stands, and then every channel's rhythm. Safe to repeat. How many are new."""
    ground = _ground()
    _leave_free(ground)
    made = 0
    rows = standing(ground.first, ground.last).iterator(chunk_size=BATCH)
    while batch := list(islice(rows, BATCH)):
        made += _roll(batch, ground)
    return made + _beats(ground)


def roll_beats() -> int:
    """Roll out the rhythm of the channels alone."""
    return _beats(_ground())


def _leave_free(ground: Ground) -> None:
    """What every working day gave on a day that is none, such as before the house told its country, goes while nobody
    touched it or was asked for it; it rolls out anew when the day becomes a working day."""
    rows = untouched().filter(agreement__rhythm=logic.DAILY, rolled_for=F("day"), day__in=ground.free, asks=None)
    rows.update(dropped_at=clock.now(), agreement=None, posting_time=None, rolled_for=None)


def _roll(batch: Sequence[Agreement], ground: Ground) -> int:
    rolled = Slot.objects.filter(agreement__in=[one.pk for one in batch], rolled_for__gte=ground.first)
    there = set(rolled.values_list("agreement_id", "rolled_for"))
    new = [slot for one in batch for slot in _slots(one, ground) if (one.pk, slot.day) not in there]
    with transaction.atomic():
        made = _into_open_beats(new, ground)
        Slot.objects.bulk_create(made, ignore_conflicts=True, batch_size=2000)
        _tell_stand_ins(new)
    return len(new)


def _tell_stand_ins(new: Sequence[Slot]) -> None:
    """Whose turn of a rota it became because another is away hears it."""
    turns = {(one.agreement_id, one.rolled_for): _turn(one.agreement, one.day) for one in new if one.agreement}
    others = {(one.agreement_id, one.rolled_for) for one in new if one.person_id is not None}
    asked = {key: turn for key, turn in turns.items() if turn is not None and key in others}
    if not asked:
        return
    rows = Slot.objects.filter(agreement__in={key[0] for key in asked}, rolled_for__in={key[1] for key in asked})
    rows = rows.select_related("agreement").order_by("day", "pk")
    note_given(((one, asked[key]) for one in rows if (key := (one.agreement_id, one.rolled_for)) in asked), by=SYSTEM)


def _turn(agreement: Agreement, day: date) -> int | None:
    """Whose turn of a rota it is, away or not."""
    if agreement.rota is None:
        return None
    order = [turn.person_id for turn in agreement.rota.turns.all() if turn.person.is_active]
    return people.on_turn(order, agreement.rota.first_week, day)


def _slots(agreement: Agreement, ground: Ground) -> Iterable[Slot]:
    days = logic.rolled_days(
        agreement.rhythm, agreement.weekday, agreement.first_day, agreement.last_day, ground.first, ground.last
    )
    accounts = [account.pk for account in agreement.accounts.all()]
    account = accounts[0] if len(accounts) == 1 else None  # several: those of the agreement
    if agreement.rhythm == logic.DAILY:
        days = [day for day in days if day not in ground.free]
    for day in days:
        beats = ground.times.get((accounts[0], day.weekday()), []) if accounts else []
        yield Slot(
            day=day, rolled_for=day, agreement=agreement, person_id=_whose(agreement, day, ground),
            team_id=agreement.team_id, account_id=account, content=agreement.content, title=agreement.about,
            time=agreement.time or next(iter(beats), None),
        )  # fmt: skip


def _whose(agreement: Agreement, day: date, ground: Ground) -> int | None:
    """The colleague; of a rota whose week it is, or the next who is there when they said that they are away."""
    if agreement.rota is None:
        return agreement.person_id
    turn = _turn(agreement, day)
    order = [one.person_id for one in agreement.rota.turns.all() if one.person.is_active]
    return turn if turn is None else logic.next_there(order, turn, ground.is_away(day))


def _into_open_beats(new: list[Slot], ground: Ground) -> list[Slot]:
    """A promise takes the open beat of its channel on that day, where there is one; the rest is to be made."""
    if not ground.times:
        return new
    open_beats: dict[tuple[int | None, date], list[Slot]] = defaultdict(list)
    beats_there = untouched().select_for_update().filter(posting_time__isnull=False, agreement=None, person=None)
    for beat in beats_there.order_by("day", "time", "pk"):
        open_beats[beat.account_id, beat.day].append(beat)
    taken, rest = [], []
    for slot in new:
        beats = open_beats.get((slot.account_id, slot.day), [])
        if not beats:
            rest.append(slot)
            continue
        taken.append(_taken(slot, beats))
    Slot.objects.bulk_update(taken, [*TAKEN_OVER, "time"], batch_size=2000)
    return rest


def _taken(slot: Slot, beats: list[Slot]) -> Slot:
    """The beat at the time that was agreed, else the first, which then goes at that time."""
    agreed = slot.agreement.time if slot.agreement is not None else None
    beat = next((one for one in beats if one.time == agreed), beats[0])
    beats.remove(beat)
    for name in TAKEN_OVER:
        setattr(beat, name, getattr(slot, name))
    beat.time = agreed or beat.time
    return beat


TAKEN_OVER = ["agreement_id", "person_id", "team_id", "content", "title", "rolled_for"]


def untouched() -> QuerySet[Slot]:
    """Coming slots as they rolled out: nobody moved, took, filled or dropped them."""
    return Slot.objects.filter(day__gte=today(), version=0, filled=False, dropped_at=None, item=None)


def follow_terms(agreement: Agreement) -> None:
    """After a change: what nobody touched goes, and rolls out again as it is agreed now. The rest stays as it is."""
    old = untouched().filter(agreement=agreement)
    old.update(dropped_at=clock.now(), agreement=None, posting_time=None, rolled_for=None)
    roll_agreement(agreement)


def _beats(ground: Ground) -> int:
    """A slot for each beat of a channel that nothing stands on that channel for, on that day."""
    beats = list(PostingTime.objects.filter(account__state=AccountState.ACTIVE).order_by("account", "weekday", "time"))
    if not beats:
        return 0
    there = set(
        Slot.objects.filter(posting_time__isnull=False, rolled_for__gte=ground.first).values_list(
            "posting_time_id", "rolled_for"
        )
    )
    covered = _others_on_channels(ground)
    made = []
    for beat in beats:
        for day in logic.rolled_days(logic.WEEKLY, beat.weekday, ground.first, None, ground.first, ground.last):
            if (beat.pk, day) in there:
                continue
            if covered[beat.account_id, day]:
                covered[beat.account_id, day] -= 1
                continue
            made.append(Slot(day=day, rolled_for=day, posting_time=beat, account_id=beat.account_id, time=beat.time))
    Slot.objects.bulk_create(made, ignore_conflicts=True, batch_size=2000)
    return len(made)


def _others_on_channels(ground: Ground) -> Counter[tuple[int, date]]:
    """How many slots stand on a channel on a day beside those of its beats."""
    rows = Slot.objects.filter(dropped_at=None, posting_time=None, day__range=(ground.first, ground.last))
    rows = rows.annotate(channel=Coalesce("account_id", "agreement__accounts")).exclude(channel=None)
    return Counter((channel, day) for _pk, channel, day in rows.values_list("pk", "channel", "day").distinct())


def roll_by_itself() -> int:
    with transaction.atomic():
        made = roll_all()
        if made:
            audit.record(by=SYSTEM, verb="calendar.roll_all", slots=made)
    return made

"""What happens to a row: the state machine of "never twice, never lost". See docs/decisions on delivery.

Three rules carry it. Whatever is not proven is `unknown`. An unknown row is looked for and never sent again before the
last look. Every row is final, or has a moment at which it is looked at again, or is on a person's list."""

import hashlib
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

SCHEDULED, CLAIMED, SENDING, WAITING = "scheduled", "claimed", "sending", "waiting"
UNKNOWN, RECONCILING, PUBLISHED = "unknown", "reconciling", "published"
NEEDS_PERSON, MISSED, REJECTED, CANCELLED = "needs_person", "missed", "rejected", "cancelled"
FINAL = frozenset({PUBLISHED, MISSED, REJECTED, CANCELLED})
UNSURE = frozenset({SENDING, UNKNOWN, RECONCILING})  # it may be up: no edit, no cancel, no second send
READY = frozenset({SCHEDULED, WAITING, CLAIMED})  # nothing of it left the house that was not answered with a "no"

# From where to where. The last line of each is what a person does; all else the house does by itself.
TRANSITIONS: dict[str, frozenset[str]] = {
    SCHEDULED: frozenset({CLAIMED, WAITING, MISSED, NEEDS_PERSON, SCHEDULED, CANCELLED}),
    CLAIMED: frozenset({CLAIMED, SENDING, WAITING, REJECTED, MISSED, NEEDS_PERSON, SCHEDULED, CANCELLED}),
    SENDING: frozenset({PUBLISHED, WAITING, REJECTED, UNKNOWN, NEEDS_PERSON}),
    WAITING: frozenset({CLAIMED, WAITING, MISSED, NEEDS_PERSON, PUBLISHED, SCHEDULED, CANCELLED}),
    UNKNOWN: frozenset({RECONCILING, PUBLISHED, NEEDS_PERSON, WAITING, REJECTED}),
    RECONCILING: frozenset({RECONCILING, PUBLISHED, NEEDS_PERSON, WAITING, REJECTED}),
    NEEDS_PERSON: frozenset({PUBLISHED, WAITING, SCHEDULED, CANCELLED, REJECTED}),
    MISSED: frozenset({SCHEDULED, CANCELLED}),
    REJECTED: frozenset({SCHEDULED, CANCELLED}),
    CANCELLED: frozenset({SCHEDULED}),
    PUBLISHED: frozenset(),
}

# Why a row is as it is. The first four are the contract's reasons for "definitely not".
RATE, AUTH, REFUSED, NOT_REACHED = "rate", "auth", "rejected", "not_reached"
NOT_THERE = "not_there"  # looked for until the last look, and it is not there
UNCLEAR = "unclear"  # sent, and the answer proves nothing
CUT_OFF = "cut_off"  # the process that sent it ended before it knew
BY_HAND = "by_hand"  # a person posts this one
UNSURE_FOR_GOOD = "unsure"  # nobody but a person can tell whether it is up
CONSENT = "consent"  # somebody in it does not agree
ALIKE = "alike"  # a colleague said almost the same; a person says whether both may be seen
RIGHTS = "rights"  # our right to use it has ended
ACCOUNT = "account"  # the account is paused or disconnected
OWNER = "owner"  # waits for the owner of the account to agree
FILM = "film"  # a film that goes with it is still being made ready, or can't be used
HELD = "held"  # nothing is sent from this house now
PAUSED = "paused"  # its account is paused, such as while something burns; a person lets it go
LATE = "late"
LEFT = "left"  # a person left it as it is
NEXT_PART = "next_part"  # parts of a thread are up; the next goes now
HALF = "half"  # parts of a thread are up, and the rest can't go by itself
BROKEN = "broken"  # something of ours broke before anything was sent

DONE, DEFINITELY_NOT = "done", "definitely_not"  # the contract's verdicts; anything else proves nothing
SEEN, NOT_SEEN, CANNOT_KNOW = "seen", "not_seen", "cannot_know"

HARD_LIMIT = 60.0  # seconds of one network step, after which the process ends
LOOKS = tuple(timedelta(seconds=seconds) for seconds in (15, 75, 360, 960))  # after the start of the last attempt
GIVE_UP_LOOKING = timedelta(hours=24)
STEP_IS_OVER = timedelta(seconds=90)  # the hard limit and a margin: nobody can still be sending after it
TOO_LONG_PREPARING = timedelta(minutes=10)  # a process that holds a claim for so long is stopped or stuck
CLAIM_LASTS = timedelta(seconds=90)  # until the sweep looks whether somebody still prepares
BACK_OFF = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 300, 600, 900, 1800))
SLOW = timedelta(minutes=10)  # between two tries while only a person can change the outcome
LONGEST_WAIT = timedelta(hours=3)  # that a platform can make us wait; then we ask again ourselves

# As long as a house says nothing else. Half a day: a post of the morning still makes sense in the evening when a server
# or a line was down, and what was planned for yesterday does not appear among today's news unseen.
ALLOWED_LATE = timedelta(hours=12)


class Impossible(Exception):
    """A step that the state machine does not have: a mistake in the code, never in what a platform says."""


@dataclass(frozen=True)
class Row:
    """What the machine knows of a row."""

    state: str
    due_at: datetime | None = None
    allowed_late: timedelta = ALLOWED_LATE
    attempts: int = 0
    looks: int = 0
    last_sent_at: datetime | None = None  # start of the last attempt whose public step began
    passed: timedelta = timedelta(0)  # since then for certain, by a clock that nobody sets
    blind: bool = False  # the platform can't be asked whether something is up
    half: bool = False  # parts of a thread are up, and others are not
    spread: int = 0  # a number of its own, so that many rows do not wake at one moment


@dataclass(frozen=True)
class Next:
    """Where a row goes. `wake_at` is empty for final states and for what waits for a person."""

    state: str
    wake_at: datetime | None = None
    because: str = ""


def moved(row: Row, to: Next) -> Next:
    """The step itself, checked. Raises Impossible."""
    if to.state not in TRANSITIONS[row.state]:
        raise Impossible(f"{row.state} → {to.state}")
    if (to.wake_at is None) != (to.state in FINAL or to.state == NEEDS_PERSON):
        raise Impossible(f"{to.state} {'without' if to.wake_at is None else 'with'} a moment to wake")
    return to


def held(row: Row, because: str) -> Next:
    """On a person's list before it goes: only of what could be planned at this moment, so never of what is up or may
    be."""
    if SCHEDULED not in TRANSITIONS[row.state]:
        raise Impossible(f"{row.state} is not held any more")
    return moved(replace(row, state=SCHEDULED), Next(NEEDS_PERSON, because=because))


def key_of(house: str, target: int, revision: int, made_at: datetime) -> str:
    """The key of a row's content: the same over all tries, another after an edit, never that of another house.

    The moment of making is in it because a restored database gives numbers out again."""
    whole = f"{house}|{target}|{revision}|{made_at.isoformat()}"
    return hashlib.sha256(whole.encode()).hexdigest()[:40]


def is_missed(row: Row, now: datetime) -> bool:
    return row.due_at is not None and now > row.due_at + row.allowed_late


def at_its_moment(row: Row, now: datetime, *, by_hand: bool = False) -> Next:
    """What to do with a row whose moment has come and of which nothing is on its way."""
    if row.state not in READY:
        raise Impossible(f"{row.state} is not ready to go")
    if is_missed(row, now):
        return moved(row, Next(NEEDS_PERSON, because=HALF) if row.half else Next(MISSED, because=LATE))
    if by_hand:
        return moved(row, Next(NEEDS_PERSON, because=BY_HAND))
    return moved(row, Next(CLAIMED, now + CLAIM_LASTS))


def on_its_way(row: Row, now: datetime) -> Next:
    """The public step begins: committed before the first byte leaves."""
    return moved(row, Next(SENDING, now + LOOKS[0]))


def wait(row: Row, now: datetime, because: str, retry_after: int | None = None) -> Next:
    """Not now; again later. Nothing of this row is up."""
    return moved(row, Next(WAITING, now + pause(row, because, retry_after), because))


def pause(row: Row, because: str, retry_after: int | None = None) -> timedelta:
    """How long until the next try, a little different for each row."""
    step = BACK_OFF[min(max(row.attempts, 1), len(BACK_OFF)) - 1]
    if because == RATE:
        asked = timedelta(seconds=retry_after) if retry_after is not None else max(step, timedelta(minutes=1))
        return min(max(asked, timedelta(seconds=1)), LONGEST_WAIT)
    if because in (AUTH, ACCOUNT):
        step = max(step, SLOW)
    return step * (1 + zlib.crc32(f"{row.spread}:{row.attempts}".encode()) % 20 / 100)


def after_send(row: Row, verdict: str, because: str, retry_after: int | None, now: datetime) -> Next:
    """The answer of the platform, classified. Whatever is not `done` or `definitely_not` proves nothing."""
    if verdict == DONE:
        return moved(row, Next(PUBLISHED))
    if verdict == DEFINITELY_NOT:
        return refused(row, because, retry_after, now)
    return moved(row, Next(UNKNOWN, next_look(row, now), UNCLEAR))


def next_part(row: Row, now: datetime) -> Next:
    """A part of a thread is up, for certain; the next one goes at once, as an attempt of its own."""
    return moved(row, Next(WAITING, now, NEXT_PART))


def refused(row: Row, because: str, retry_after: int | None, now: datetime) -> Next:
    """It did definitely not go: by an answer, or because it could not be prepared."""
    if because == REFUSED:
        return moved(row, Next(NEEDS_PERSON, because=HALF) if row.half else Next(REJECTED, because=REFUSED))
    return wait(row, now, because or NOT_REACHED, retry_after)


def cut_off(row: Row, now: datetime) -> Next:
    """The process that had this row is gone. What was only claimed is free again; what was sending may be up."""
    if row.state == CLAIMED:
        return wait(row, now, CUT_OFF)
    return moved(row, Next(UNKNOWN, next_look(row, now), CUT_OFF))


def next_look(row: Row, now: datetime) -> datetime:
    """The first moment of the schedule that is still to come; now, when all have passed."""
    sent = row.last_sent_at or now
    if sent > now:  # the clock of the wall was ahead then, and was set right
        sent = now - row.passed
    return next((sent + after for after in LOOKS if sent + after > now), now)


def _look_after(row: Row, now: datetime) -> datetime:
    """The next look after one that saw nothing. When the wall's clock is ahead of the time that passed: after that."""
    scheduled = next_look(row, now)
    return scheduled if scheduled > now else now + max(LOOKS[-1] - row.passed, LOOKS[0])


def is_proof(row: Row) -> bool:
    """Whether not seeing it now proves that it is not there: only when as much time has really passed as until the last
    look. The clock of a wall can be set; then a quarter of an hour is over in a moment, or not for hours."""
    return row.last_sent_at is not None and row.passed >= LOOKS[-1]


def moment_has_come(state: str, wake_at: datetime | None, now: datetime) -> bool:
    """Whether there is something to do. Who asks has the row's lock in hand, or only looks whether it is worth taking:
    what somebody claimed or was sending is without its process then, whatever its moment."""
    return wake_at is not None and (wake_at <= now or state in (CLAIMED, SENDING))


def is_stuck(state: str, last_sent_at: datetime | None, wake_at: datetime | None, now: datetime) -> bool:
    """Held by a process that can no longer be doing what it claimed: stopped, or hanging."""
    if state == SENDING and last_sent_at:
        return now > last_sent_at + STEP_IS_OVER
    return state == CLAIMED and wake_at is not None and now > wake_at + TOO_LONG_PREPARING


def sleeps_too_long(last_sent_at: datetime | None, wake_at: datetime, now: datetime) -> bool:
    """Of what may be up: sent by a clock that was ahead, and asleep until that clock's next look."""
    return last_sent_at is not None and last_sent_at > now and wake_at > now + LOOKS[-1]


def passed(since: Mapping[str, float], machine: str, seconds: float) -> timedelta:
    """How much time has passed for certain since readings of steady clocks, machine by machine: by the one that reads
    now. Nothing, when this machine has not read before."""
    return timedelta(seconds=max(0.0, seconds - since[machine])) if machine in since else timedelta(0)


def looking(row: Row, now: datetime) -> Next:
    """A look begins; when the process ends in it, the next one comes soon."""
    return moved(row, Next(RECONCILING, now + STEP_IS_OVER))


def after_look(row: Row, found: str, now: datetime) -> Next:
    """What was read back. Not seen before the last look only means: look again."""
    if found == SEEN:
        return moved(row, Next(PUBLISHED))
    if found == NOT_SEEN:
        if is_proof(row):
            return moved(row, Next(WAITING, now, NOT_THERE))
        return moved(row, Next(RECONCILING, _look_after(row, now), UNCLEAR))
    if row.blind or now >= (row.last_sent_at or now) + GIVE_UP_LOOKING:
        return moved(row, Next(NEEDS_PERSON, because=UNSURE_FOR_GOOD))
    step = BACK_OFF[min(max(row.looks, 1), len(BACK_OFF)) - 1]
    return moved(row, Next(RECONCILING, max(next_look(row, now), now + step), UNCLEAR))


# ── A post as a whole ────────────────────────────────────────────────────────────────────────────────────────────────

PARTLY, FAILED, RELEASED = "partly", "failed", "released"
HELD_BACK = "held"  # of a post: none asks for anything, and one is held with its account


def state_in_post(state: str, because: str) -> str:
    """What a row adds to the state of its post: what is held with its account asks for nothing now."""
    return HELD_BACK if state == NEEDS_PERSON and because == PAUSED else state


def state_of_post(stage: str, rows: Collection[str]) -> str:
    """The state of a post, derived from its rows; never stored. What asks for attention comes first."""
    if stage != RELEASED:
        return stage
    live = [state for state in rows if state != CANCELLED]
    if not live:
        return CANCELLED
    for state, those in (
        (NEEDS_PERSON, {NEEDS_PERSON}),
        (UNKNOWN, {UNKNOWN, RECONCILING}),
        (SENDING, {SENDING, CLAIMED}),
        (HELD_BACK, {HELD_BACK}),
    ):
        if any(one in those for one in live):
            return state
    return _settled(live)


def _settled(live: Iterable[str]) -> str:
    """None is on its way: all up, some up, still to come, or none at all."""
    there = set(live)
    if there == {PUBLISHED}:
        return PUBLISHED
    if PUBLISHED in there:
        return PARTLY
    if WAITING in there:
        return WAITING
    return SCHEDULED if SCHEDULED in there else FAILED

"""How a row stands, in words: its state, its history, and what a person can do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koor.flow.publishing import access
from koor.flow.publishing.choices import RemovalState, Stage, State, Step, Whole
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.models import Attempt, Effect, Post, Removal, Target
from koor.flow.publishing.queries.by_hand import asks_for_effect, by_hand_no_more
from koor.flow.publishing.queries.refusals import in_plain_words, quoted, theirs_of
from koor.flow.publishing.queries.versions import row_version
from koor.ground.channels import queries as channels
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.plainly import told
from koor.kernel.templatetags.koor import when

MOST_NAMED = 4  # places in the heading of a post
AHA, WAIT, OHOH, BLUE, PLAIN = "aha", "wait", "ohoh", "blue", ""


@dataclass(frozen=True)
class Line:
    """One thing that happened, or will."""

    at: datetime
    said: str


@dataclass(frozen=True)
class Standing:
    """A row as a person reads it. `acts` names what this person can do."""

    target: Target
    css: str
    icon: str
    title: str
    sentence: str
    lines: tuple[Line, ...]
    acts: frozenset[str]
    theirs: tuple[str, ...] = ()  # what the platform itself answered to refuse it, oldest first

    @property
    def version(self) -> str:
        """What who says yes to it has before them."""
        return row_version(self.target)

    @property
    def asks(self) -> bool:
        """Whether it waits for a person."""
        return self.target.state == State.NEEDS_PERSON


def standing_of(person: Person | None, target: Target, *, history: bool = True) -> Standing:
    """Give `target` with its post, account and (for the history) attempts fetched."""
    css, icon, title = _title(target)
    lines = tuple(_history(target)) if history else ()
    acts = frozenset(_acts(person, target)) if person is not None else frozenset()
    return Standing(target, css, icon, title, _sentence(target), lines, acts, quoted(target, history=history))


def _going_away(target: Target) -> tuple[str, str, str]:
    if target.removed_at:
        return PLAIN, "undo", _("Taken away")
    return WAIT, "undo", _("Has to be taken away") if _by_person(target) else _("Is being taken away")


def _by_person(target: Target) -> bool:
    removal = removal_of(target)
    return removal is not None and removal.state == RemovalState.PERSON


def is_going_away(target: Target) -> bool:
    """It was taken away, or is to be."""
    return target.removed_at is not None or removal_of(target) is not None


def removal_of(target: Target) -> Removal | None:
    """Whether it is to be taken away. Give the row with its `removal` fetched."""
    return getattr(target, "removal", None)


def letters_held(target: Target) -> bool:
    """An issue of the newsletter that some have and others do not, because its account is quiet."""
    return target.state == State.PUBLISHED and target.because == logic.PAUSED and not target.removed_at


def is_going(target: Target) -> bool:
    """Let go, its moment is there, and what comes of it is known in a moment."""
    due = target.state == State.SCHEDULED and target.due_at is not None and target.due_at <= clock.now()
    return due or target.state in (State.CLAIMED, State.SENDING)


def _title(target: Target) -> tuple[str, str, str]:
    state = target.state
    if is_going_away(target):
        return _going_away(target)
    if letters_held(target):
        return WAIT, "pause", _("Its last letters are held")
    if state == State.SCHEDULED:
        return _planned(target)
    if state == State.NEEDS_PERSON:
        return _asked(target.because)
    said = {
        State.CLAIMED: (PLAIN, "send", _("On its way")),
        State.SENDING: (PLAIN, "send", _("On its way")),
        State.WAITING: (WAIT, "clock", _("Goes again %(when)s") % {"when": when(target.wake_at, "at")}),
        State.UNKNOWN: (WAIT, "unknown", _("Unknown, we look back")),
        State.RECONCILING: (WAIT, "unknown", _("Unknown, we look back")),
        State.PUBLISHED: (AHA, "check", _("Is up")),
        State.MISSED: (OHOH, "mind", _("Missed its moment")),
        State.REJECTED: (OHOH, "mind", _("Refused by the platform")),
        State.CANCELLED: (PLAIN, "close", _("Does not go")),
    }
    return said[State(state)]


def _asked(because: str) -> tuple[str, str, str]:
    asked = {
        logic.BY_HAND: (WAIT, "phone", _("Ready to be posted by hand")),
        logic.CONSENT: (WAIT, "hand", _("Not everybody agrees to it")),
        logic.FILM: (WAIT, "mind", _("What goes with it can't be used")),
        logic.ALIKE: (WAIT, "copy", _("Almost the same words")),
        logic.RIGHTS: (WAIT, "lock", _("Our right to use it has ended")),
        logic.PAUSED: (WAIT, "pause", _("Held")),
        logic.HALF: (WAIT, "question", _("Only the beginning is up")),
    }
    return asked.get(because, (WAIT, "question", _("Is it up? Please look")))


def _planned(target: Target) -> tuple[str, str, str]:
    if target.post.stage == Stage.RELEASED and target.agreed_at is None:
        return WAIT, "person", _("Waits for %(name)s") % {"name": target.account.owner.first_name}
    if target.due_at is None:
        if target.due_day and target.due_time:
            at = datetime.combine(target.due_day, target.due_time)
            return PLAIN, "clock", _("Meant for %(when)s") % {"when": when(at, "at")}
        return PLAIN, "edit", _("Not released yet")
    if is_going(target):
        return PLAIN, "send", _("On its way")
    return PLAIN, "clock", _("Goes %(when)s") % {"when": when(target.due_at, "at")}


def _sentence(target: Target) -> str:
    """What it means and what happens next, when the title does not say it all."""
    said = told(target.note, target.note_values) if target.note else ""
    if target.state in (State.UNKNOWN, State.RECONCILING, State.SENDING) and target.because:
        return _("Only then we try again. So it never comes twice.")
    if target.state == State.REJECTED or (target.because in (logic.ALIKE, logic.FILM) and said):
        return in_plain_words(theirs) if (theirs := theirs_of(target)) else said
    if target.state == State.MISSED:
        return _("It was too late to go by itself. You say whether it still goes.")
    if target.state == State.CANCELLED and target.because == logic.LEFT:
        return _("Left as it is: nobody knows whether it is up.")
    if (target.removed_at or target.because == logic.CONSENT) and said:
        return said
    if letters_held(target):
        return " ".join((said, _("Nobody gets it twice; somebody lets the others go.")))
    if target.state == State.WAITING:
        return _why_it_waits(target.because, said)
    if target.state == State.NEEDS_PERSON and target.because == logic.PAUSED:
        return _held_said(target, said)
    if target.state == State.NEEDS_PERSON and target.because == logic.UNSURE_FOR_GOOD:
        return said or _("It was sent and the platform does not let us look. Only you can tell.")
    if target.state == State.NEEDS_PERSON and target.because == logic.BY_HAND and getattr(target, "left", False):
        return _("We don't ask again. It stays ready for when you want it.")
    if target.state == State.NEEDS_PERSON and target.because == logic.HALF:
        half = _("Parts of this thread that are up: %(up)s. The next one was not taken. Send it again, or leave it so.")
        return half % {"up": len(target.handle.get("chain", ()))}
    return ""


def _held_said(target: Target, why: str) -> str:
    """Why it is held, and when it would go."""
    meant = _("It was meant for %(when)s.") % {"when": when(target.due_at, "at")} if target.due_at else ""
    return " ".join(part for part in (why, meant, _("Nothing is lost: somebody lets it go.")) if part)


def _why_it_waits(because: str, said: str) -> str:
    reasons = {
        logic.RATE: _("The platform asks us to wait."),
        logic.AUTH: _("The platform no longer lets this account in. Its owner can connect it again."),
        logic.ACCOUNT: _("This account is paused. It goes as soon as it is used again."),
        logic.NOT_REACHED: _("The platform could not be reached. Nothing of it is up."),
        logic.NOT_THERE: _("We looked until we were sure: it is not there. Now it goes again."),
        logic.CUT_OFF: _("It was interrupted before anything was sent."),
        logic.FILM: _("The film is still being made ready. It goes as soon as that is done."),
        logic.HELD: _("Nothing is posted from this house now."),
        logic.NEXT_PART: _("A part of this thread is up; the next one goes now."),
    }
    return reasons.get(because, said)


def _history(target: Target) -> Iterable[Line]:
    """What happened, oldest first: agreed, tried, answered, read back."""
    if target.agreed_at and target.post.released_at and target.account.personal and target.agreed_by_id:
        yield Line(target.agreed_at, _("agreed to by its owner"))
    for attempt in sorted(target.attempts.all(), key=lambda one: one.number):
        yield Line(attempt.ended_at or attempt.sent_at or attempt.started_at, attempt_said(attempt))
    if target.state == State.PUBLISHED and target.told_by_id and target.published_at:
        yield Line(target.published_at, _("a colleague said that it is up"))
    if (effect := effect_of(target)) is not None and (came := effect_said(effect)):
        yield Line(effect.at, came)
    if target.removed_at:
        yield Line(target.removed_at, _("taken away"))


def effect_of(target: Target) -> Effect | None:
    """What somebody noted that came of it. Give the row with its `effect` fetched."""
    return getattr(target, "effect", None)


def effect_said(effect: Effect) -> str:
    """In a sentence or two, as far as it was noted."""
    n = effect.reacted
    reacted = "" if n is None else ngettext("%(count)s person reacted", "%(count)s people reacted", n) % {"count": n}
    words = {"name": effect.contact.name if effect.contact else _("somebody"), "said": effect.said}
    said = _("%(name)s said: “%(said)s”") % words if effect.said else ""
    met = _("%(name)s reacted") % words if effect.contact and not said else ""
    return " · ".join(part for part in (reacted, said, met) if part)


def attempt_said(attempt: Attempt) -> str:
    """One attempt in a few words."""
    if attempt.step == Step.LOOK:
        looked = {
            logic.SEEN: _("looked: it is there"),
            logic.NOT_SEEN: _("looked: not there yet"),
            logic.CANNOT_KNOW: _("looked: could not see it"),
        }
        return looked.get(attempt.verdict, _("looks whether it is there"))
    if attempt.verdict == logic.DONE:
        return _("posted, once")
    if attempt.verdict == logic.DEFINITELY_NOT:
        return _refusal_said(attempt)
    if attempt.sent_at is None:
        return _("got ready")
    return _("sent, no clear answer")


def _refusal_said(attempt: Attempt) -> str:
    said = {
        logic.RATE: _("asked to wait"),
        logic.AUTH: _("not let in"),
        logic.REFUSED: _("refused"),
        logic.NOT_REACHED: _("not reached"),
        logic.HELD: _("held back"),
    }
    return said.get(attempt.because, _("did not go"))


ASKED = {logic.BY_HAND: "by_hand", logic.ALIKE: "confirm", logic.PAUSED: "release"}
ASKED |= dict.fromkeys((logic.CONSENT, logic.RIGHTS, logic.FILM), "retry")


def _acts(person: Person, target: Target) -> Iterable[str]:
    """What this person can do with a row; names of the buttons on the page."""
    unsaid = target.post.stage == Stage.RELEASED and target.agreed_at is None
    if unsaid and target.state != State.CANCELLED and access.may_agree(person, target):
        yield "agree"
    if not (access.may_settle(person, target) or access.may_edit(person, target.post)):
        return
    state = target.state
    if state == State.NEEDS_PERSON:
        yield ASKED.get(target.because, "tell")
        if target.because in ASKED:
            yield from ("tell", "move", "cancel") if by_hand_no_more(target) else ("move", "cancel")
    elif unsaid and state in (State.SCHEDULED, State.MISSED, State.REJECTED, State.CANCELLED):
        yield from ("move", "cancel") if state == State.SCHEDULED else ("move",)
    elif target.post.stage == Stage.RELEASED and target.agreed_at is not None:
        if state == State.SCHEDULED and is_going(target):
            yield "cancel"
        elif state in (State.SCHEDULED, State.WAITING):
            yield from ("now", "move", "cancel")
        elif state in (State.MISSED, State.REJECTED) or (state == State.CANCELLED and target.because != logic.LEFT):
            yield from ("retry", "move")
    if letters_held(target):
        yield "release"
    if state == State.PUBLISHED and not target.removed_at:
        yield from _removing(target)
        yield from ("effect",) if asks_for_effect(target) else ()


def _removing(target: Target) -> Iterable[str]:
    removal = removal_of(target)
    if removal is not None:
        yield from ("gone",) if removal.state == RemovalState.PERSON else ()
    else:
        known = channels.connectors().get(target.account.connector)
        yield from ("take_down",) if known is not None and known.manifest.public else ()


WHOLES: dict[str, tuple[str, str]] = {
    Whole.DRAFT: (PLAIN, "edit"),
    Whole.WITH_BUDDY: (BLUE, "people"),
    Whole.WITHDRAWN: (PLAIN, "close"),
    Whole.NEEDS_PERSON: (WAIT, "question"),
    Whole.UNKNOWN: (WAIT, "unknown"),
    Whole.SENDING: (PLAIN, "send"),
    Whole.WAITING: (WAIT, "clock"),
    Whole.SCHEDULED: (BLUE, "clock"),
    Whole.HELD: (WAIT, "pause"),
    Whole.PARTLY: (WAIT, "check"),
    Whole.PUBLISHED: (AHA, "check"),
    Whole.FAILED: (OHOH, "mind"),
    Whole.CANCELLED: (PLAIN, "close"),
}


@dataclass(frozen=True)
class WholeStanding:
    """A post in a list: its state in a word, with sign and colour."""

    state: str
    css: str
    icon: str
    word: str


def whole_of(post: Post) -> WholeStanding:
    """Give the post with its targets fetched."""
    rows = post.targets.all()
    state = logic.state_of_post(post.stage, [_in_post(row) for row in rows])
    css, icon = WHOLES[state]
    return WholeStanding(state, css, icon, str(Whole(state).label))


def _in_post(row: Target) -> str:
    return State.SENDING if is_going(row) else logic.state_in_post(row.state, row.because)


def answer_of(post: Post, standings: Iterable[Standing]) -> str:
    """The post as a whole in one sentence, for the head of its page."""
    if post.stage == Stage.DRAFT:
        return _("It is a draft. Nobody outside sees it.")
    if post.stage == Stage.WITH_BUDDY:
        if post.buddy is None:
            return _("Somebody who reads along looks at it first.")
        return _("%(name)s reads it first.") % {"name": post.buddy.first_name}
    if post.stage == Stage.WITHDRAWN:
        return _("It was put away.")
    rows = list(standings)
    if not rows:
        return _("It goes nowhere.")
    said = [_place_said(one) for one in rows] if len(rows) <= MOST_NAMED else _counted(post, rows)
    whole = ", ".join(said)
    return whole[:1].upper() + whole[1:] + "."


def _counted(post: Post, rows: Sequence[Standing]) -> list[str]:
    """How many stand how. Their names and moments, which stand below it, would fill the screen of a phone."""
    words = Counter(str(Whole(logic.state_of_post(post.stage, [_in_post(one.target)])).label) for one in rows)
    return [f"{word[:1].lower()}{word[1:]}: {number}" for word, number in words.items()]


def _going_away_said(target: Target) -> str:
    name = target.account.name
    if target.removed_at:
        return _("%(place)s was taken away") % {"place": name}
    if _by_person(target):
        return _("%(place)s has to be taken away") % {"place": name}
    return _("%(place)s is being taken away") % {"place": name}


def _place_said(one: Standing) -> str:
    name = one.target.account.name
    state = one.target.state
    if is_going_away(one.target):
        return _going_away_said(one.target)
    if state == State.SCHEDULED and one.target.due_at is None:
        return _("%(place)s waits for a yes") % {"place": name}
    if letters_held(one.target):
        return _("%(place)s is held") % {"place": name}
    if state == State.PUBLISHED:
        return _("%(place)s is up") % {"place": name}
    if is_going(one.target):
        return _("%(place)s is on its way") % {"place": name}
    if state in logic.UNSURE:
        return _("%(place)s is uncertain") % {"place": name}
    if state in (State.SCHEDULED, State.WAITING):
        return _("%(place)s follows") % {"place": name}
    if state == State.NEEDS_PERSON and one.target.because == logic.PAUSED:
        return _("%(place)s is held") % {"place": name}
    if state == State.NEEDS_PERSON:
        return _("%(place)s needs you") % {"place": name}
    if state in (State.MISSED, State.REJECTED):
        return _("%(place)s did not work") % {"place": name}
    return _("%(place)s does not go") % {"place": name}

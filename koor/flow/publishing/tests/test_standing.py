"""How a row reads: every state has a title, says what happens next, and offers only what can be done."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from django.utils import translation

from koor.flow.publishing.choices import State, Step
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.logic.refusals import kind_of
from koor.flow.publishing.models import Attempt, Post, Removal, Target
from koor.flow.publishing.queries import standing
from koor.flow.publishing.tests.conftest import row
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock


@pytest.fixture
def target(noon: datetime, write: Callable[..., Post], stage: Account) -> Target:
    """A row of a released post; what it says is set by each test, and nothing is kept."""
    found = row(write("Acht lokalen.", stage))
    found.post.stage, found.agreed_at = "released", noon
    return found


def read(target: Target, person: Person | None = None, **said: object) -> standing.Standing:
    for name, value in said.items():
        setattr(target, name, value)
    return standing.standing_of(person, target)


@pytest.mark.parametrize(
    ("state", "because", "title", "sentence", "acts"),
    [
        ("claimed", "", "On its way", "", set()),
        ("sending", "", "On its way", "", set()),
        ("waiting", logic.RATE, "Goes again", "asks us to wait", {"now", "move", "cancel"}),
        ("waiting", logic.AUTH, "Goes again", "no longer lets this account in", {"now", "move", "cancel"}),
        ("waiting", logic.HELD, "Goes again", "Nothing is posted", {"now", "move", "cancel"}),
        ("unknown", logic.UNSURE_FOR_GOOD, "Unknown, we look back", "never comes twice", set()),
        ("reconciling", logic.CUT_OFF, "Unknown, we look back", "never comes twice", set()),
        ("published", "", "Is up", "", set()),
        ("needs_person", logic.BY_HAND, "Ready to be posted by hand", "", {"by_hand", "move", "cancel"}),
        ("needs_person", logic.CONSENT, "Not everybody agrees to it", "", {"retry", "move", "cancel"}),
        ("needs_person", logic.UNSURE_FOR_GOOD, "Is it up? Please look", "Only you can tell", {"tell"}),
        ("missed", "", "Missed its moment", "too late to go by itself", {"retry", "move"}),
        ("rejected", logic.REFUSED, "Refused by the platform", "No thanks.", {"retry", "move"}),
        ("cancelled", "", "Does not go", "", {"retry", "move"}),
        ("cancelled", logic.LEFT, "Does not go", "nobody knows whether it is up", set()),
    ],
)
def test_each_state(
    target: Target, bram: Person, state: str, because: str, title: str, sentence: str, acts: set[str]
) -> None:
    note = "" if because == logic.UNSURE_FOR_GOOD else "No thanks."
    found = read(target, bram, state=state, because=because, note=note, wake_at=clock.now())
    assert found.title.startswith(title)
    assert sentence in found.sentence
    assert (set(found.acts), found.asks) == (acts, state == "needs_person")
    assert standing.answer_of(target.post, [found]).endswith(".")
    many = standing.answer_of(target.post, [found] * 5)  # too many to name in a heading
    assert (many.endswith(": 5."), target.account.name in many) == (True, False)


def test_what_is_planned(target: Target, bram: Person, noon: datetime) -> None:
    later = noon + timedelta(days=1)
    assert read(target, bram, due_at=later).title.startswith("Goes ")
    assert read(target, bram, due_at=noon - timedelta(seconds=1)).acts == {"cancel"}
    assert read(target, due_at=None, due_day=later.date(), due_time=time(9)).title.startswith("Meant for")
    assert read(target, due_day=None, due_time=None).title == "Not released yet"
    assert read(target, agreed_at=None).title == "Waits for Marloes"


def test_what_was_taken_away(target: Target, noon: datetime) -> None:
    found = read(target, state=State.PUBLISHED, published_at=noon, removed_at=noon)
    assert (found.title, found.lines[-1].said) == ("Taken away", "taken away")


def test_the_head_of_the_page_says_of_what_goes_away_what_its_row_says(target: Target, noon: datetime) -> None:
    said = [("asked", "Is being taken away"), ("person", "Has to be taken away"), ("done", "Taken away")]
    for removal, title in said:
        target.removal = Removal(state=removal)
        found = read(target, state=State.PUBLISHED, published_at=noon, removed_at=noon if removal == "done" else None)
        words = f"was {title.lower()}" if removal == "done" else title.lower()
        assert (found.title, standing.answer_of(target.post, [found])) == (title, f"Stage {words}.")


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (Attempt(step=Step.LOOK, verdict=logic.SEEN), "looked: it is there"),
        (Attempt(step=Step.LOOK, verdict=logic.NOT_SEEN), "looked: not there yet"),
        (Attempt(step=Step.LOOK, verdict=""), "looks whether it is there"),
        (Attempt(step=Step.SEND, verdict=logic.DONE), "posted, once"),
        (Attempt(step=Step.SEND, verdict=logic.DEFINITELY_NOT, because=logic.RATE), "asked to wait"),
        (Attempt(step=Step.SEND, verdict=logic.DEFINITELY_NOT, because=logic.REFUSED, answer="422"), "refused"),
        (Attempt(step=Step.SEND, verdict=logic.DEFINITELY_NOT, because="odd"), "did not go"),
        (Attempt(step=Step.SEND, verdict=""), "got ready"),
        (Attempt(step=Step.SEND, verdict="", sent_at=datetime(2026, 11, 24)), "sent, no clear answer"),
    ],
)
def test_an_attempt_in_a_few_words(attempt: Attempt, words: str) -> None:
    assert standing.attempt_said(attempt) == words


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ("draft", "It is a draft. Nobody outside sees it."),
        ("with_buddy", "Somebody who reads along looks at it first."),
        ("withdrawn", "It was put away."),
        ("released", "It goes nowhere."),
    ],
)
def test_the_post_as_a_whole(stage: str, words: str) -> None:
    assert standing.answer_of(Post(stage=stage), []) == words


def test_a_refusal_is_told_plainly_with_the_words_of_the_platform_apart(target: Target) -> None:
    refused = {"state": "rejected", "because": logic.REFUSED, "note": "422: media is gone"}
    found = read(target, **refused)
    assert (found.sentence, found.theirs) == ("422: media is gone", ()), "before it was ever sent it is ours"
    found = read(target, first_sent_at=clock.now())
    assert (found.sentence[:35], found.theirs) == ("It does not take what goes along. C", ("422: media is gone",))
    found = read(target, note="LinkedIn does not take this: %(answer)s", note_values={"answer": "400: odd"})
    assert (found.sentence[:28], found.theirs) == ("The platform did not take it", ("400: odd",))
    with translation.override("en"):
        found = read(target, note="There is nothing to try again here.", note_values={})
        assert (found.sentence, found.theirs) == ("There is nothing to try again here.", ()), "ours, in any language"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("403: You are not allowed to create a Tweet with duplicate content.", "duplicate"),
        ("422: Content is a duplicate of urn:li:share:6", "duplicate"),
        ("422: Validation failed: Text character limit of 500 exceeded", "long"),
        ("400: Record/text must not be longer than 300 graphemes", "long"),
        ("400 (100): Param text must be at most 500 characters long.", "long"),
        ("400: field length exceeds maximum length 3000", "long"),
        ("400 (9004): Only photo or video can be accepted as media type.", "media"),
        ("400: This file is too large. It is 3 MB but the maximum size is 976.56KB. blob", "media"),
        ("413", "media"),
        ("400: message too large: limit 5 MB", "media"),
        ("400: no kaleidoscopes of tokenized telescopes", ""),
        ("400 (190): Error validating access token: Session has expired", "auth"),
        ("401", "auth"),
        ("400 (200): The user hasn't authorized the application: requires pages_manage_posts permission", "auth"),
        ("403: quotaExceeded: you have exceeded your quota", "rate"),
        ("400 (368): The action attempted has been deemed abusive", "rules"),
        ("404: status not found", "gone"),
        ("400: odd", ""),
        ("", ""),
        ("\u0000" * 5000, ""),
    ],
)
def test_what_a_platform_means(answer: str, kind: str) -> None:
    assert kind_of(answer) == kind

"""The state machine of a row, step by step and as a whole: never twice, never lost, never stuck."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koor.flow.publishing import choices
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.logic.delivery import Next, Row
from koor.ground.channels.contract import Because, Verdict

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def row(state: str, **more: object) -> Row:
    return Row(state, **{"due_at": NOW, "attempts": 1, "last_sent_at": NOW, "passed": 24 * HOUR, **more})  # type: ignore[arg-type]


def test_the_names_are_those_of_the_choices_and_of_the_contract() -> None:
    assert set(choices.State.values) == set(logic.TRANSITIONS)
    assert set(choices.FINAL) == logic.FINAL
    assert {logic.DONE, logic.DEFINITELY_NOT} < set(Verdict)
    assert {logic.RATE, logic.AUTH, logic.REFUSED, logic.NOT_REACHED} == {str(one) for one in Because} - {""}


# ── One step at a time ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_due_row_is_claimed() -> None:
    assert logic.at_its_moment(row("scheduled"), NOW) == Next("claimed", NOW + logic.CLAIM_LASTS)
    assert logic.at_its_moment(row("waiting"), NOW + 12 * HOUR).state == "claimed"


def test_a_row_that_is_too_late_is_missed_and_not_sent() -> None:
    assert logic.at_its_moment(row("scheduled"), NOW + 12 * HOUR + SECOND) == Next("missed", because="late")
    strict = row("waiting", allowed_late=MINUTE)
    assert logic.at_its_moment(strict, NOW + 2 * MINUTE).state == "missed"


def test_what_a_person_posts_goes_to_their_list() -> None:
    assert logic.at_its_moment(row("scheduled"), NOW, by_hand=True) == Next("needs_person", because="by_hand")


@pytest.mark.parametrize("state", sorted(set(logic.TRANSITIONS) - logic.READY))
def test_nothing_else_is_ever_claimed(state: str) -> None:
    with pytest.raises(logic.Impossible):
        logic.at_its_moment(row(state), NOW)


def test_sending_is_looked_at_soon() -> None:
    assert logic.on_its_way(row("claimed"), NOW) == Next("sending", NOW + 15 * SECOND)


@pytest.mark.parametrize("state", sorted(set(logic.TRANSITIONS) - {"claimed"}))
def test_only_what_is_claimed_is_sent(state: str) -> None:
    with pytest.raises(logic.Impossible):
        logic.on_its_way(row(state), NOW)


def test_done_is_published() -> None:
    assert logic.after_send(row("sending"), "done", "", None, NOW) == Next("published")


@pytest.mark.parametrize("verdict", ["unknown", "", "error", "Done", "published"])
def test_whatever_is_not_proven_is_unknown(verdict: str) -> None:
    assert logic.after_send(row("sending"), verdict, "", None, NOW + SECOND) == Next(
        "unknown", NOW + 15 * SECOND, "unclear"
    )


def test_a_refusal_of_the_content_is_final() -> None:
    assert logic.after_send(row("sending"), "definitely_not", "rejected", None, NOW) == Next(
        "rejected", because="rejected"
    )
    assert logic.refused(row("claimed"), "rejected", None, NOW).state == "rejected"


@pytest.mark.parametrize(
    ("asked", "waits"),
    [(30, 30 * SECOND), (0, SECOND), (-5, SECOND), (10**12, 3 * HOUR), (None, MINUTE)],
)
def test_a_platform_that_asks_to_wait_gets_it_within_reason(asked: int | None, waits: timedelta) -> None:
    went = logic.after_send(row("sending"), "definitely_not", "rate", asked, NOW)
    assert went == Next("waiting", NOW + waits, "rate")


@pytest.mark.parametrize("because", ["auth", "account"])
def test_what_only_a_person_can_mend_is_tried_calmly(because: str) -> None:
    went = logic.wait(row("claimed"), NOW, because)
    assert went.wake_at is not None
    assert 10 * MINUTE <= went.wake_at - NOW <= 12 * MINUTE


def test_a_refusal_without_a_reason_is_tried_again() -> None:
    assert logic.after_send(row("sending"), "definitely_not", "", None, NOW).because == "not_reached"


@pytest.mark.parametrize(("attempts", "least"), [(0, 30), (1, 30), (2, 60), (3, 120), (7, 1800), (400, 1800)])
def test_the_wait_grows_and_stops_growing(attempts: int, least: int) -> None:
    for spread in range(50):
        waits = logic.pause(row("waiting", attempts=attempts, spread=spread), "not_reached").total_seconds()
        assert least <= waits <= least * 1.2


def test_rows_do_not_wake_all_at_once() -> None:
    waits = {logic.pause(row("waiting", spread=spread), "not_reached") for spread in range(100)}
    assert len(waits) > 10


def test_a_dead_process_leaves_what_was_claimed_free_and_what_was_sending_unknown() -> None:
    assert logic.cut_off(row("claimed"), NOW).state == "waiting"
    assert logic.cut_off(row("sending"), NOW + SECOND) == Next("unknown", NOW + 15 * SECOND, "cut_off")
    assert logic.cut_off(row("sending"), NOW + 30 * SECOND).wake_at == NOW + 75 * SECOND


def test_the_looks_are_at_15_75_360_and_960_seconds() -> None:
    asked, moments = row("unknown"), []
    now = NOW
    while (following := logic.next_look(asked, now)) > now:
        moments.append((following - NOW).total_seconds())
        now = following
    assert moments == [15, 75, 360, 960]


def test_a_late_first_look_is_the_last() -> None:
    late = NOW + 3 * HOUR
    assert logic.next_look(row("unknown"), late) == late
    assert logic.after_look(row("reconciling"), "not_seen", late) == Next("waiting", late, "not_there")


def test_not_seen_is_no_proof_before_the_last_look() -> None:
    for seconds, following in [(15, 75), (75, 360), (360, 960), (959, 960)]:
        went = logic.after_look(row("reconciling", passed=seconds * SECOND), "not_seen", NOW + seconds * SECOND)
        assert went == Next("reconciling", NOW + following * SECOND, "unclear")
    assert logic.after_look(row("reconciling"), "not_seen", NOW + 960 * SECOND).state == "waiting"


def test_p14_a_clock_set_forward_proves_nothing() -> None:
    """The wall says that a quarter of an hour has passed, and the steady clock that it was twenty seconds."""
    wall = NOW + 20 * MINUTE
    went = logic.after_look(row("reconciling", passed=20 * SECOND), "not_seen", wall)
    assert (went.state, went.wake_at) == ("reconciling", wall + 940 * SECOND)
    assert logic.after_look(row("reconciling", passed=960 * SECOND), "not_seen", wall).state == "waiting"


def test_p14_a_clock_that_was_ahead_and_is_set_right_holds_nothing_up() -> None:
    """Sent by a clock six hours ahead: looked for by the time that really passes, and found out in a quarter hour."""
    ahead = row("reconciling", last_sent_at=NOW + 6 * HOUR, passed=100 * SECOND)
    assert logic.after_look(ahead, "not_seen", NOW).wake_at == NOW + 260 * SECOND
    known = row("reconciling", last_sent_at=NOW + 6 * HOUR, passed=960 * SECOND)
    assert logic.after_look(known, "not_seen", NOW).state == "waiting"
    assert logic.sleeps_too_long(NOW + 6 * HOUR, NOW + 6 * HOUR, NOW)
    assert not logic.sleeps_too_long(NOW + 6 * HOUR, NOW + 10 * SECOND, NOW)
    assert not logic.sleeps_too_long(NOW, NOW + 6 * HOUR, NOW)


def test_what_another_machine_read_says_nothing_about_this_one() -> None:
    assert logic.passed({"one": 100.0}, "one", 160.5) == timedelta(seconds=60.5)
    assert logic.passed({"one": 100.0}, "other", 9e9) == timedelta(0)
    assert logic.passed({"one": 100.0}, "one", 90.0) == timedelta(0)


def test_not_seen_without_a_send_on_record_is_no_proof() -> None:
    went = logic.after_look(row("reconciling", last_sent_at=None), "not_seen", NOW)
    assert went.state == "reconciling"
    assert went.wake_at == NOW + 15 * SECOND


def test_seen_is_published() -> None:
    assert logic.after_look(row("reconciling"), "seen", NOW) == Next("published")


def test_a_look_that_tells_nothing_is_repeated_until_a_person_is_asked() -> None:
    went = logic.after_look(row("reconciling"), "cannot_know", NOW + 960 * SECOND)
    assert went.state == "reconciling"
    assert went.wake_at == NOW + 990 * SECOND
    assert logic.after_look(row("reconciling"), "cannot_know", NOW + 24 * HOUR) == Next(
        "needs_person", because="unsure"
    )
    assert logic.after_look(row("reconciling", blind=True), "cannot_know", NOW).state == "needs_person"


def test_a_look_that_is_cut_off_comes_again() -> None:
    assert logic.looking(row("unknown"), NOW) == Next("reconciling", NOW + logic.STEP_IS_OVER)


def test_a_final_state_has_no_moment_and_any_other_has_one() -> None:
    with pytest.raises(logic.Impossible):
        logic.moved(row("sending"), Next("unknown"))
    with pytest.raises(logic.Impossible):
        logic.moved(row("sending"), Next("published", NOW))


def test_the_key_follows_from_row_and_revision() -> None:
    key = logic.key_of("house", 7, 1, NOW)
    assert key == logic.key_of("house", 7, 1, NOW)
    others = [("other", 7, 1, NOW), ("house", 8, 1, NOW), ("house", 7, 2, NOW), ("house", 7, 1, NOW + SECOND)]
    assert len({key, *(logic.key_of(*one) for one in others)}) == 5
    assert len(key) == 40


# ── The machine as a whole ───────────────────────────────────────────────────────────────────────────────────────────


def test_unsure_states_lead_back_to_ready_only_by_proof() -> None:
    """Invariant 4, read from the table: from sending and unknown to waiting, and never straight to claimed."""
    for state in logic.UNSURE:
        assert not logic.TRANSITIONS[state] & {"claimed", "scheduled", "sending", "missed", "cancelled"}


def test_published_is_the_end() -> None:
    assert logic.TRANSITIONS["published"] == frozenset()


SENT = st.tuples(
    st.sampled_from(["done", "definitely_not", "unknown", "strange"]),
    st.sampled_from(["", "rate", "auth", "rejected", "not_reached"]),
    st.one_of(st.none(), st.integers(-10, 10**9)),
)
FOUND = st.sampled_from(["seen", "not_seen", "cannot_know"])


@given(data=st.data(), blind=st.booleans(), truth_delay=st.integers(0, 900))
def test_a_row_is_up_at_most_once_and_never_stuck(data: st.DataObject, blind: bool, truth_delay: int) -> None:
    """A platform that applies up to 15 minutes late and answers anything; a process that dies anywhere."""
    state, due, now = "scheduled", NOW, NOW
    attempts = looks = 0
    sent_at: datetime | None = None
    live: list[datetime] = []  # when a copy becomes visible
    for _step in range(60):
        passed = now - (sent_at or now)
        seen = Row(state, due, attempts=attempts, looks=looks, last_sent_at=sent_at, blind=blind, passed=passed)
        if state in logic.READY:
            if data.draw(st.booleans(), "dies while preparing") and state == "claimed":
                went = logic.cut_off(seen, now)
            else:
                went = logic.at_its_moment(seen, now)
                if went.state == "claimed":
                    attempts += 1
                    state = went.state
                    went = logic.on_its_way(Row(state, due, attempts=attempts, last_sent_at=sent_at), now)
                    sent_at = now
        elif state == "sending":
            assert sent_at is not None
            verdict, because, after = data.draw(SENT)
            applied = verdict == "done" or (verdict != "definitely_not" and data.draw(st.booleans(), "applied"))
            if applied:
                late = 0 if verdict == "done" else truth_delay
                live.append(sent_at + late * SECOND)
            died = data.draw(st.booleans(), "dies before it records")
            went = logic.cut_off(seen, now) if died else logic.after_send(seen, verdict, because, after, now)
        else:
            went = logic.looking(seen, now)
            seen = replace(seen, state=went.state)
            looks += 1
            there = [moment for moment in live if moment <= now]
            found = data.draw(st.sampled_from(["cannot_know", "seen" if there else "not_seen"]))
            went = logic.after_look(seen, "cannot_know" if blind else found, now)
        state = went.state
        assert len(live) <= 1, "twice"
        if state in logic.FINAL or state == "needs_person":
            break
        assert went.wake_at is not None, "stuck"
        assert went.wake_at >= now
        now = max(now, went.wake_at)
    if state in {"missed", "rejected"}:
        assert not live, "silently up"
    if state == "published":
        assert len(live) == 1, "silently lost"


# ── The post ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("stage", "rows", "said"),
    [
        ("draft", ["scheduled"], "draft"),
        ("with_buddy", ["scheduled"], "with_buddy"),
        ("withdrawn", ["published"], "withdrawn"),
        ("released", [], "cancelled"),
        ("released", ["cancelled", "cancelled"], "cancelled"),
        ("released", ["scheduled", "cancelled"], "scheduled"),
        ("released", ["published", "cancelled"], "published"),
        ("released", ["published", "published"], "published"),
        ("released", ["published", "scheduled"], "partly"),
        ("released", ["published", "rejected"], "partly"),
        ("released", ["published", "waiting"], "partly"),
        ("released", ["waiting", "scheduled"], "waiting"),
        ("released", ["rejected", "missed"], "failed"),
        ("released", ["rejected", "scheduled"], "scheduled"),
        ("released", ["published", "sending"], "sending"),
        ("released", ["published", "claimed"], "sending"),
        ("released", ["sending", "unknown"], "unknown"),
        ("released", ["published", "reconciling"], "unknown"),
        ("released", ["unknown", "needs_person", "published"], "needs_person"),
    ],
)
def test_the_state_of_a_post_follows_from_its_rows(stage: str, rows: list[str], said: str) -> None:
    assert logic.state_of_post(stage, rows) == said


@given(st.lists(st.sampled_from(sorted(logic.TRANSITIONS)), max_size=6))
def test_every_post_has_a_state(rows: list[str]) -> None:
    assert logic.state_of_post("released", rows) == logic.state_of_post("released", rows[::-1])

"""Facts from below."""

from collections.abc import Sequence

from koor.flow.conversations import actions
from koor.flow.conversations.actions import alarms, fires_people
from koor.flow.conversations.actions.alerts import tell_how_many_answered, tell_who_waits
from koor.flow.conversations.actions.alerts_of_fires import tell_that_it_burns
from koor.flow.conversations.actions.changing import follow_changes
from koor.flow.conversations.actions.line_letters import hear_of_answer
from koor.flow.conversations.actions.mentioning import tell_who_was_named
from koor.flow.conversations.events import (
    ColleagueNamed,
    ConversationAnswered,
    ConversationAssigned,
    FireOpened,
    MessageArrived,
)
from koor.flow.listening.events import BurstSeen, EnclosureReady, MentionChanged, MentionLabelled, MentionStored
from koor.flow.publishing.events import PostReleased, TargetFailed
from koor.ground.contacts.events import ContactsMerged, DirectLineChanged, MergeUndone
from koor.ground.people.events import AbsenceDeclared, HoursChanged, PersonLeft, RotaEnded
from koor.kernel.access import SYSTEM
from koor.kernel.events import hears, hears_all


@hears_all(MentionStored)
def answer_who_speaks_to_us(facts: Sequence[MentionStored]) -> None:
    actions.hear_all(fact.mention_id for fact in facts)


@hears_all(MentionChanged)
def they_said_it_differently(facts: Sequence[MentionChanged]) -> None:
    follow_changes(by=SYSTEM, change_ids=[fact.change_id for fact in facts])


@hears(EnclosureReady)
def show_what_came_with_it(fact: EnclosureReady) -> None:
    actions.touch_for_enclosure(by=SYSTEM, enclosure_id=fact.enclosure_id)


@hears_all(MentionLabelled)
def answer_aha_and_ohoh(facts: Sequence[MentionLabelled]) -> None:
    actions.hear_all(fact.mention_id for fact in facts)


@hears(TargetFailed)
def wait_again(fact: TargetFailed) -> None:
    actions.wait_again(by=SYSTEM, target_id=fact.target_id)


@hears(PostReleased)
def the_answer_goes(fact: PostReleased) -> None:
    actions.mark_released(by=SYSTEM, post_id=fact.post_id)


@hears(AbsenceDeclared)
def cover(fact: AbsenceDeclared) -> None:
    actions.cover_absences(by=SYSTEM)


@hears(PersonLeft)
def hand_over(fact: PersonLeft) -> None:
    actions.hand_over_from(by=SYSTEM, person_id=fact.person_id, to_id=fact.to_id)
    actions.pass_project_lines_on(by=SYSTEM, person_id=fact.person_id, to_id=fact.to_id)


@hears(HoursChanged)
def hold_to_the_new_hours(fact: HoursChanged) -> None:
    actions.hold_all_to_it(by=SYSTEM)


@hears(RotaEnded)
def hold_to_what_is_left(fact: RotaEnded) -> None:
    actions.hold_all_to_it(by=SYSTEM)


@hears(ContactsMerged)
def go_on_as_one(fact: ContactsMerged) -> None:
    actions.join_histories(by=SYSTEM, merge_id=fact.merge_id)


@hears(MergeUndone)
def go_on_apart(fact: MergeUndone) -> None:
    actions.part_again(by=SYSTEM, merge_id=fact.merge_id)


@hears_all(ConversationAssigned)
def somebody_waits(facts: Sequence[ConversationAssigned]) -> None:
    tell_who_waits([fact.conversation_id for fact in facts])


@hears(ColleagueNamed)
def a_note_for_you(fact: ColleagueNamed) -> None:
    tell_who_was_named(fact.message_id)


@hears_all(MessageArrived)
def it_was_answered(facts: Sequence[MessageArrived]) -> None:
    tell_how_many_answered([fact.message_id for fact in facts])


@hears(ConversationAnswered)
def they_hear_of_it(fact: ConversationAnswered) -> None:
    hear_of_answer(fact.message_id)


@hears(DirectLineChanged)
def the_line_goes_along(fact: DirectLineChanged) -> None:
    actions.follow_direct_line(by=SYSTEM, contact_id=fact.contact_id, person_id=fact.person_id)
    if fact.person_id is None:
        actions.find_new_face(by=SYSTEM, contact_id=fact.contact_id)


@hears_all(MessageArrived)
def it_may_be_about_a_fire(facts: Sequence[MessageArrived]) -> None:
    fires_people.gather_arrived([fact.message_id for fact in facts])


@hears_all(MessageArrived)
def they_told_it_before(facts: Sequence[MessageArrived]) -> None:
    actions.notice_repeats(by=SYSTEM, message_ids=[fact.message_id for fact in facts])


@hears(BurstSeen)
def somebody_should_look(fact: BurstSeen) -> None:
    alarms.sound_alarm(by=SYSTEM, burst_id=fact.burst_id)


@hears(FireOpened)
def who_has_duty_hears_it(fact: FireOpened) -> None:
    tell_that_it_burns(fact.fire_id)

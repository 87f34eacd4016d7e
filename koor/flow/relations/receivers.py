"""Facts from below: each becomes a moment on somebody's line, or takes one away."""

from collections.abc import Sequence

from koor.flow.conversations.events import (
    AnswerFailed,
    ConversationAnswered,
    MessageArrived,
    MessageTakenBack,
    MomentNoted,
)
from koor.flow.hub.events import CaptureReady, CaptureWithdrawn
from koor.flow.listening.events import MentionChanged, MentionStored, ReactionHeard
from koor.flow.publishing.events import EffectNoted
from koor.flow.relations import actions
from koor.ground.contacts.events import ProjectChanged
from koor.ground.people.events import PersonLeft
from koor.kernel.access import SYSTEM
from koor.kernel.events import hears, hears_all


@hears_all(MessageArrived)
def they_wrote(facts: Sequence[MessageArrived]) -> None:
    actions.follow_messages(by=SYSTEM, message_ids=[fact.message_id for fact in facts])


@hears_all(ConversationAnswered)
def we_answered(facts: Sequence[ConversationAnswered]) -> None:
    actions.follow_messages(by=SYSTEM, message_ids=[fact.message_id for fact in facts])


@hears_all(MomentNoted)
def somebody_noted(facts: Sequence[MomentNoted]) -> None:
    actions.follow_messages(by=SYSTEM, message_ids=[fact.message_id for fact in facts])


@hears(AnswerFailed)
def it_never_went(fact: AnswerFailed) -> None:
    actions.forget_messages(by=SYSTEM, message_ids=[fact.message_id])


@hears_all(MentionStored)
def they_mentioned_us(facts: Sequence[MentionStored]) -> None:
    actions.follow_mentions(by=SYSTEM, mention_ids=[fact.mention_id for fact in facts])


@hears_all(ReactionHeard)
def they_reacted(facts: Sequence[ReactionHeard]) -> None:
    actions.follow_reactions(by=SYSTEM, contacts_of={fact.event_id: fact.contact_id for fact in facts})


@hears_all(MentionChanged)
def they_said_it_differently(facts: Sequence[MentionChanged]) -> None:
    actions.follow_changes(by=SYSTEM, mention_ids={fact.mention_id for fact in facts if fact.mention_id is not None})


@hears_all(MessageTakenBack)
def they_took_it_back(facts: Sequence[MessageTakenBack]) -> None:
    actions.forget_messages(by=SYSTEM, message_ids=[fact.message_id for fact in facts])


@hears(CaptureReady)
def the_work_was_shown(fact: CaptureReady) -> None:
    actions.follow_capture(by=SYSTEM, capture_id=fact.capture_id)


@hears(CaptureWithdrawn)
def it_was_taken_back(fact: CaptureWithdrawn) -> None:
    actions.forget_capture(by=SYSTEM, capture_id=fact.capture_id)


@hears(ProjectChanged)
def work_began_or_ended(fact: ProjectChanged) -> None:
    actions.follow_project(by=SYSTEM, project_id=fact.project_id)


@hears(EffectNoted)
def they_said_something_of_a_post(fact: EffectNoted) -> None:
    actions.follow_effect(by=SYSTEM, target_id=fact.target_id)


@hears(PersonLeft)
def somebody_else_goes_on(fact: PersonLeft) -> None:
    actions.hand_relations_over(by=SYSTEM, person_id=fact.person_id, to_id=fact.to_id)

"""What publishing hears from the rooms below."""

from koor.flow.calendar.events import SlotLaidOut, SlotMoved, SlotRetimed
from koor.flow.hub.events import (
    CaptureRestored,
    CaptureWithdrawn,
    ConsentRecorded,
    FacesBlurred,
    ItemRemoved,
    MediumReady,
)
from koor.flow.publishing.actions import telling
from koor.flow.publishing.actions.alerts import (
    ask_to_read,
    tell_account_in_trouble,
    tell_it_failed,
    tell_it_goes_nowhere,
    tell_it_went_out,
)
from koor.flow.publishing.actions.archiving import follow_medium
from koor.flow.publishing.actions.by_hand import remind
from koor.flow.publishing.actions.deliver import wake_account
from koor.flow.publishing.actions.films import go_on_with
from koor.flow.publishing.actions.laid_out import make_ready
from koor.flow.publishing.actions.posting_letters import begin_issue
from koor.flow.publishing.actions.release import follow_slot
from koor.flow.publishing.actions.remove import (
    follow_blur,
    follow_consent,
    follow_published,
    follow_restored,
    follow_withdrawn,
)
from koor.flow.publishing.actions.share import share_what_is_up, stop_sharing_item
from koor.flow.publishing.actions.used import note_use
from koor.flow.publishing.events import PostSentToBuddy, TargetByHand, TargetFailed, TargetPublished
from koor.ground.channels.events import AccountDisconnected, AccountInTrouble, AccountResumed
from koor.kernel.events import hears


@hears(SlotMoved)
def move_along(fact: SlotMoved) -> None:
    follow_slot(fact.slot_id)


@hears(SlotRetimed)
def go_at_another_time(fact: SlotRetimed) -> None:
    follow_slot(fact.slot_id, its_time=True)


@hears(SlotLaidOut)
def make_it_ready(fact: SlotLaidOut) -> None:
    make_ready(fact.slot_id, fact.by_id)


@hears(ItemRemoved)
def offer_it_no_more(fact: ItemRemoved) -> None:
    stop_sharing_item(fact.item_id)


@hears(AccountResumed)
def go_on(fact: AccountResumed) -> None:
    wake_account(fact.account_id)


@hears(MediumReady)
def the_film_is_there(fact: MediumReady) -> None:
    go_on_with(fact.medium_id)


@hears(MediumReady)
def show_it_along(fact: MediumReady) -> None:
    follow_medium(fact.medium_id)


@hears(ConsentRecorded)
def take_away(fact: ConsentRecorded) -> None:
    follow_consent(fact.portrayed_id)


@hears(CaptureWithdrawn)
def take_back(fact: CaptureWithdrawn) -> None:
    follow_withdrawn(fact.capture_id)


@hears(CaptureRestored)
def let_it_stand(fact: CaptureRestored) -> None:
    follow_restored(fact.capture_id)


@hears(FacesBlurred)
def make_it_ready_anew(fact: FacesBlurred) -> None:
    follow_blur(fact.medium_id)


@hears(TargetPublished)
def it_was_used(fact: TargetPublished) -> None:
    note_use(fact.target_id)


@hears(TargetPublished)
def tell_the_hub(fact: TargetPublished) -> None:
    telling.follow_published(fact.target_id)


@hears(TargetPublished)
def look_again(fact: TargetPublished) -> None:
    follow_published(fact.target_id)


@hears(TargetPublished)
def offer_it(fact: TargetPublished) -> None:
    share_what_is_up(fact.target_id)


@hears(TargetPublished)
def tell_who_showed_it(fact: TargetPublished) -> None:
    tell_it_went_out(fact.target_id)


@hears(TargetPublished)
def write_to_readers(fact: TargetPublished) -> None:
    begin_issue(fact.target_id)


@hears(TargetFailed)
def tell_whose_it_is(fact: TargetFailed) -> None:
    tell_it_failed(fact.target_id)


@hears(AccountDisconnected)
def tell_who_planned_there(fact: AccountDisconnected) -> None:
    tell_it_goes_nowhere(fact.account_id)


@hears(AccountInTrouble)
def tell_its_owner(fact: AccountInTrouble) -> None:
    tell_account_in_trouble(fact.account_id)


@hears(TargetByHand)
def tell_whose_hands_it_needs(fact: TargetByHand) -> None:
    remind(fact.target_id)


@hears(PostSentToBuddy)
def ask_who_reads_along(fact: PostSentToBuddy) -> None:
    ask_to_read(fact.post_id)

"""What the hub hears: its own facts, for who asked for messages on their phone."""

from koor.flow.hub.actions.alerts import tell_decision, tell_question
from koor.flow.hub.events import ItemDecided, PromptAsked
from koor.kernel.events import hears


@hears(ItemDecided)
def decided(fact: ItemDecided) -> None:
    tell_decision(fact.item_id)


@hears(PromptAsked)
def asked(fact: PromptAsked) -> None:
    tell_question(fact.prompt_id)

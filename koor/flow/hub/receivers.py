"""What the hub hears: its own facts, for who asked for messages on their phone."""

from koor.flow.hub.actions.alerts import tell_decision, tell_example, tell_question, tell_said_for, tell_step
from koor.flow.hub.events import CaptureReady, ExampleChosen, IdeaMoved, ItemDecided, PromptAsked
from koor.kernel.events import hears


@hears(ItemDecided)
def decided(fact: ItemDecided) -> None:
    tell_decision(fact.item_id)


@hears(CaptureReady)
def said_for_them(fact: CaptureReady) -> None:
    tell_said_for(fact.capture_id)


@hears(PromptAsked)
def asked(fact: PromptAsked) -> None:
    tell_question(fact.prompt_id)


@hears(IdeaMoved)
def moved(fact: IdeaMoved) -> None:
    tell_step(fact.idea_id)


@hears(ExampleChosen)
def chosen(fact: ExampleChosen) -> None:
    tell_example(fact.example_id)

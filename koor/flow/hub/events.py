"""Facts of the hub."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CaptureReady:
    """Pictures are processed and the item stands in the library."""

    capture_id: int


@dataclass(frozen=True)
class CaptureWithdrawn:
    """Its maker took it back; whoever uses it should stop."""

    capture_id: int


@dataclass(frozen=True)
class CaptureRestored:
    """Its maker brought back what they took back."""

    capture_id: int


@dataclass(frozen=True)
class ItemDecided:
    """The curator kept an item or put it aside."""

    item_id: int


@dataclass(frozen=True)
class ItemRemoved:
    """A text, link, find or document was removed from the library; whoever would use it should not."""

    item_id: int


@dataclass(frozen=True)
class ConsentRecorded:
    """Somebody in a picture agreed, or no longer does."""

    portrayed_id: int


@dataclass(frozen=True)
class MediumReady:
    """A film or a voice note of a post was made ready, or it can't be."""

    medium_id: int


@dataclass(frozen=True)
class FacesBlurred:
    """Faces in a picture were blurred; copies elsewhere still show them."""

    medium_id: int


@dataclass(frozen=True)
class PromptAsked:
    prompt_id: int


@dataclass(frozen=True)
class IdeaMoved:
    """An idea got another place on the board."""

    idea_id: int


@dataclass(frozen=True)
class ExampleChosen:
    """Something was chosen as a good example of the week."""

    example_id: int

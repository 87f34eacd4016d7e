"""Who may, in the hub. Everybody shows and proposes; the curator decides, asks and keeps order."""

from django.utils.translation import gettext_lazy as _

from koor.flow.hub.models import Capture, Collection, Item, Medium, Portrayed, Unblurred
from koor.ground.governance.permissions import allows, declare
from koor.ground.people.access import Colleague
from koor.ground.people.choices import Role
from koor.ground.people.models import Person
from koor.kernel.access import System

CURATE = declare("hub.curate", _("Decide about the library and ask colleagues for more"), Role.CURATOR)

COLLECT = declare("hub.collect", _("Make collections of the library"), Role.CURATOR, Role.PR, Role.FACE)


ARRANGE_MAILBOX = declare("hub.mailbox", _("Arrange the mailbox to which colleagues send photos"), Role.ADMINISTRATOR)


def may_arrange_mailbox(by: Colleague) -> bool:
    return allows(by, ARRANGE_MAILBOX)


def may_show(by: Colleague) -> bool:
    """Captures, texts, links and answers: everybody who works here."""
    return isinstance(by, System) or by.is_active


def may_curate(by: Colleague) -> bool:
    return allows(by, CURATE)


def may_collect(by: Colleague) -> bool:
    return allows(by, COLLECT)


def may_change_collection(by: Person, collection: Collection) -> bool:
    """Its maker; the curator also those that colleagues share."""
    own = collection.by_id == by.pk or (collection.shared and may_curate(by))
    return by.is_active and may_collect(by) and own


def may_withdraw(by: Colleague, capture: Capture) -> bool:
    """Their own only: what somebody showed is theirs to take back."""
    return isinstance(by, System) or (by.is_active and capture.by_id == by.pk)


def may_edit_item(by: Colleague, item: Item) -> bool:
    if isinstance(by, System):
        return True
    return by.is_active and (item.by_id == by.pk or may_curate(by))


def may_blur(by: Colleague, medium: Medium) -> bool:
    """Who may change its item; of a picture without one, who added it."""
    if isinstance(by, System) or medium.item is not None:
        return isinstance(by, System) or (medium.item is not None and may_edit_item(by, medium.item))
    return by.is_active and by.pk == medium.by_id


def may_try_again(by: Colleague, medium: Medium) -> bool:
    """A film or document that the house gave up: of an item who may change it, else who added it."""
    return may_blur(by, medium)


def may_see_unblurred(by: Colleague, kept: Unblurred) -> bool:
    """Its uploader alone: no curator, no administrator, and not Koor itself."""
    return not isinstance(by, System) and by.is_active and by.pk == kept.uploader_id


def may_record_consent(by: Colleague, portrayed: Portrayed) -> bool:
    """A colleague in the picture answers alone: whether they refused is nobody's to see. Of others the maker and the
    curator write down what they said."""
    if isinstance(by, System):
        return True
    if portrayed.person_id is not None:
        return by.is_active and portrayed.person_id == by.pk
    return by.is_active and (by.pk in _makers(portrayed) or may_curate(by))


def may_ask_to_sign(by: Colleague, portrayed: Portrayed) -> bool:
    """Of people outside: colleagues answer in the house."""
    return portrayed.person_id is None and may_record_consent(by, portrayed)


def _makers(portrayed: Portrayed) -> set[int]:
    """An item and its capture have the same maker, so one of the two is enough."""
    source = portrayed.item or portrayed.capture
    return {source.by_id} if source and source.by_id else set()

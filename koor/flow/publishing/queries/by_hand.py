"""What is posted by hand: what waits for whom, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from koor.flow.hub import queries as hub
from koor.flow.publishing.choices import State
from koor.flow.publishing.logic import delivery
from koor.flow.publishing.models import Reminder, Target
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import WHOLE, Asked, Delivery
from koor.ground.channels.models import Account
from koor.ground.contacts import queries as contacts
from koor.ground.contacts.models import Contact
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import Refused

ASKED_AFTER, ASKED_FOR = timedelta(days=1), timedelta(days=4)  # when somebody is asked what came of it
OFFERED = 60  # names to choose from


def ready() -> QuerySet[Target]:
    """What waits for somebody to post it."""
    rows = Target.objects.filter(state=State.NEEDS_PERSON, because=delivery.BY_HAND, post__practice=False)
    return rows.select_related("post__by", "account__owner")


def left() -> Exists:
    """Of a row: somebody was reminded as often as is kind, and it is left."""
    return Exists(_given_up())


def _given_up() -> QuerySet[Reminder]:
    return Reminder.objects.filter(target=OuterRef("pk"), due_at=OuterRef("due_at"), left=True)


def left_by(person: Person) -> Exists:
    """Of a row: this colleague was reminded as often as is kind, and it is left. Whom old ones reached is unknown."""
    return Exists(_given_up().filter(Q(reached=person) | Q(reached=None)))


def hands_for(row: Target) -> Person | None:
    """Who posts a row: its maker, or the owner of the account where that is a person's own or its maker left."""
    first, owner = (row.account.owner if row.account.personal else row.post.by), row.account.owner
    return next((one for one in (first, owner) if one is not None and one.is_active), None)


def reminders_due() -> QuerySet[Reminder]:
    return Reminder.objects.filter(next_at__lte=clock.now()).order_by("next_at")


def untold(*, since: datetime) -> QuerySet[Target]:
    """What became ready lately and was told to nobody."""
    told = Exists(Reminder.objects.filter(target=OuterRef("pk"), due_at=OuterRef("due_at")))
    return ready().filter(~told, due_at__gte=since, due_at__lte=clock.now())


def by_hand_no_more(row: Target) -> bool:
    """It should not be posted by hand any more. Whoever did before they heard can say so; then it is taken away."""
    known = channels.connectors().get(row.account.connector)
    return row.because in (delivery.CONSENT, delivery.RIGHTS) and known is not None and known.manifest.by_hand


def asks_for_effect(row: Target) -> bool:
    """Whether a person may tell what came of a row: it is up, and Koor can't see what happens there."""
    known = channels.connectors().get(row.account.connector)
    if known is None or row.state != State.PUBLISHED or row.removed_at is not None:
        return False
    blind = known.manifest.network and known.manifest.delivery_for(row.account.settings) == Delivery.BLIND
    return known.manifest.by_hand or blind


def to_tell_of(person: Person) -> QuerySet[Target]:
    """What this colleague posted by hand some days ago and said nothing of yet."""
    by_hand = [key for key, one in channels.connectors().items() if one.manifest.by_hand]
    first, last = clock.now() - ASKED_FOR, clock.now() - ASKED_AFTER
    rows = Target.objects.filter(
        account__connector__in=by_hand, state=State.PUBLISHED, removed_at=None, effect=None, told_by=person,
        published_at__gte=first, published_at__lte=last, post__practice=False, post__in_reply_to="",
    )  # fmt: skip
    return rows.select_related("account__owner", "post").order_by("-published_at")


def contact_called(person: Person, who: str) -> Contact:
    """Who is meant by a name, or a name with an organisation as the form offers it. Refused when that is nobody, or
    more than one."""
    found = [one for one in contacts.contacts(person, words=who.partition(" (")[0])[:50] if _is_called(one, who)]
    if len(found) == 1:
        return found[0]
    if found:
        sentence = _("More people are called that. Choose one with an organisation: %(names)s.")
        raise Refused(sentence % {"names": ", ".join(called(one) for one in found[:5])}, code="which", field="who")
    raise Refused(_("Nobody of that name is among our people. Add them first, or leave it empty."), field="who")


def _is_called(contact: Contact, who: str) -> bool:
    return who.casefold() in (contact.name.casefold(), called(contact).casefold())


def called(contact: Contact) -> str:
    return f"{contact.name} ({contact.organisation.name})" if contact.organisation else contact.name


def names_for(person: Person) -> list[str]:
    """Names to choose from: whom this colleague knows."""
    return [called(one) for one in contacts.relations_of(person).prefetch_related(None)[:OFFERED]]


def _options_of(account: Account) -> Sequence[Asked]:
    known = channels.connectors().get(account.connector)
    return known.manifest.options if known else ()


@dataclass(frozen=True)
class Cut:
    """A shape that a picture can be taken in."""

    shape: str
    name: str
    usual: bool  # the one that is proposed


def cuts_on(account: Account, medium: object, chosen: str = "") -> Sequence[Cut]:
    """In which shapes a picture can be taken to this account; the proposed one first."""
    usual = hub.shape_on(account, medium, chosen) or WHOLE  # type: ignore[arg-type]
    shapes = [usual, *(one for one in (*channels.limits_of(account).shapes, WHOLE) if one != usual)]
    asked = next((one for one in _options_of(account) if one.key == "shape"), None)
    named = {key: _(name) for key, name in (asked.choices if asked else ())}
    return [Cut(one, named.get(one, one), one == usual) for one in dict.fromkeys(shapes)]

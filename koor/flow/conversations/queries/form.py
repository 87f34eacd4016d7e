"""The contact form: how it stands, whom one may choose, and what an answer to it carries."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from koor.flow.conversations.choices import FORM
from koor.flow.conversations.models import Attached, ContactForm, Line, Message
from koor.ground.channels import queries as channels
from koor.ground.channels.choices import AccountState
from koor.ground.channels.models import Account
from koor.ground.people import queries as people
from koor.kernel import clock, memory
from koor.kernel.access import NotFound


def contact_form() -> ContactForm:
    """How it is set; off as long as nobody did."""
    return ContactForm.objects.select_related("account").first() or ContactForm(pk=1, changed_at=clock.now())


@memory.remembered
def form_is_open() -> bool:
    """Whether anybody may write to us; the newsroom asks it in several places."""
    return contact_form().is_on


def accounts_to_answer() -> list[Account]:
    """Addresses of the house from which a letter can be answered."""
    known = [
        key for key, one in channels.connectors().items() if one.manifest.known_by == "email" and one.manifest.replies
    ]
    rows = Account.objects.filter(connector__in=known, personal=False).exclude(state=AccountState.DISCONNECTED)
    return list(rows.order_by("name", "pk"))


def people_in_form() -> list[Line]:
    """Colleagues whom a stranger may choose: who opened a line for a project themselves, each once."""
    if not contact_form().shows_people:
        return []
    rows = Line.objects.filter(contact=None, closed_at=None, person__is_active=True).select_related(
        "person", "person__picture", "stand_in"
    )
    found: dict[int, Line] = {}
    for one in rows.order_by("person__name", "-pk"):
        found.setdefault(one.person_id or 0, one)
    return list(found.values())


def carried_by_form(question: Message) -> dict[str, str]:
    """To whom an answer to what stood in the form goes: the address given with it. Empty when there was none."""
    address = question.reached or _known_address(question, "email")
    if "@" not in address:
        return {}
    return {"to": address, "subject": _("Your message to %(house)s") % {"house": people.house().name}}


def given_in_form(question: Message | None) -> str:
    """The address or number at which they want the answer; empty where it did not come in by the form."""
    if question is None or question.channel != FORM:
        return ""
    return question.reached or _known_address(question, "email", "phone")


def attached_of(message_ids: Iterable[int]) -> dict[int, list[Attached]]:
    """By message what was put with it, in its order. One query; none without messages."""
    wanted = list(message_ids)
    found: dict[int, list[Attached]] = {}
    for one in Attached.objects.filter(message__in=wanted).select_related("file") if wanted else ():
        found.setdefault(one.message_id, []).append(one)
    return found


def attached(message: Message, number: int) -> Attached:
    """One file that was put with a message, which whoever asks may see. Raises NotFound."""
    found = Attached.objects.filter(message=message, pk=number).select_related("message__conversation").first()
    if found is None:
        raise NotFound
    return found


def _known_address(question: Message, *kinds: str) -> str:
    """For what stood in the form before addresses and numbers were kept with it."""
    handles = question.contact.handles.filter(platform__in=kinds) if question.contact else None
    return (handles.order_by("pk").values_list("value", flat=True).last() if handles is not None else None) or ""

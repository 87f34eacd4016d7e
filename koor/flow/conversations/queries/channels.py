"""By which road something was said, in words, and by which road an answer goes."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from koor.flow.conversations.choices import FORM, LINE, ByHand, Direction
from koor.flow.conversations.models import Conversation, Line, Message
from koor.flow.conversations.queries.form import carried_by_form
from koor.ground.channels import access as channels_access
from koor.ground.channels import queries as channels
from koor.ground.channels.models import Account
from koor.ground.contacts.logic.handles import PLATFORMS, Platform
from koor.ground.people.models import Person
from koor.kernel import clock

MACHINES = ("automatic", "bounce")  # kinds of what nobody said
_BY_HAND = dict(ByHand.choices)


def channel_name(channel: str) -> str:
    """The name of a platform, a way by hand, or a source that was brought in."""
    if channel == LINE:
        return _("Direct line")
    if channel == FORM:
        return _("Contact form")
    if channel in _BY_HAND and channel not in channels.connectors():
        return str(_BY_HAND[channel])
    found = channels.connectors().get(channel) or PLATFORMS.get(channel)
    if found is None:
        return channel
    return found.name if isinstance(found, Platform) else _(found.manifest.name)


def heard_on() -> list[str]:
    """The channels on which somebody can write to us."""
    return [key for key, one in channels.connectors().items() if one.listen or one.receive] + [LINE, FORM]


@dataclass(frozen=True)
class Way:
    """How an answer goes out: by Koor on an account or on their own page, or by the person themselves."""

    account: Account | None = None
    why_by_hand: str = ""
    on_page: bool = False
    too_late: str = ""  # the platform lets us write no longer: why, in words
    template: str = ""  # the words of the message that may still go, approved by the platform

    @property
    def by_koor(self) -> bool:
        return self.account is not None or self.on_page


def way_out(person: Person, question: Message | None, contact_id: int | None) -> Way:
    """The road of an answer by this person: the account that was written to, when it can answer and they may; their
    page, where they wrote on it, or where nothing was asked yet."""
    on_page = question is None or question.channel == LINE
    if on_page and _line_is_open(question.contact_id if question else contact_id):
        return Way(on_page=True)
    if question is None or question.account is None:
        return Way(why_by_hand=_("This did not come in by an account of ours, so you send the answer yourself."))
    account = question.account
    if not _answers(account.connector):
        name = channel_name(account.connector)
        return Way(why_by_hand=_("Koor can't answer on %(channel)s, so you send it yourself.") % {"channel": name})
    if question.channel == FORM and not carried_by_form(question):
        return Way(why_by_hand=_("They gave no e-mail address, so you reach them yourself."))
    if not question.external_id:
        return Way(why_by_hand=_("Koor does not know what this is a reply to, so you send it yourself."))
    if not channels_access.may_answer(person, account):
        words = {"account": account.name, "owner": account.owner.first_name}
        return Way(why_by_hand=_("You don't answer on %(account)s; ask %(owner)s, or reach them yourself.") % words)
    return _in_time(account, question)


def _in_time(account: Account, question: Message) -> Way:
    """Some platforms take an answer for so many hours only, and after that a message that they approved beforehand."""
    made_with = channels.connectors().get(account.connector)
    hours = made_with.manifest.answer_hours if made_with else None
    if hours is None or clock.now() <= question.at + timedelta(hours=hours):
        return Way(account)
    words = {"channel": channel_name(account.connector), "hours": hours}
    sentence = _("%(channel)s lets us write for %(hours)s hours after their last message. Those are over.") % words
    first = question.contact.first_name if question.contact else ""
    text = str(account.settings.get("template_text", "")) if account.settings.get("template") else ""
    return Way(account, too_late=sentence, template=text.replace("{{1}}", first or _("there")).strip())


def _line_is_open(contact_id: int | None) -> bool:
    theirs = Q(contact=contact_id) | Q(contact__merged_into=contact_id)
    return contact_id is not None and Line.objects.filter(theirs, closed_at__isnull=True).exists()


def _answers(connector: str) -> bool:
    """Whether Koor answers there: on platforms that take replies, and on paper, which goes nowhere."""
    made_with = channels.connectors().get(connector)
    if made_with is None or made_with.manifest.by_hand:
        return False
    return made_with.manifest.replies or not made_with.manifest.public


def latest_said(conversation: Conversation) -> Message | None:
    """The latest thing that they said, also where a colleague noted it."""
    return _said(conversation).first()


def to_answer(conversation: Conversation) -> Message | None:
    """What an answer answers: the latest that they wrote themselves, so that a call that was noted in between takes no
    road away; else what was noted."""
    return _said(conversation).filter(person=None).first() or latest_said(conversation)


def _said(conversation: Conversation) -> QuerySet[Message]:
    rows = (
        conversation.messages.filter(direction=Direction.IN)
        .exclude(kind__in=MACHINES)
        .select_related("account__owner", "mention__event")
    )
    return rows.order_by("-at", "-pk")

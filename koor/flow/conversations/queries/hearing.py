"""What was said, as rules look at it."""

from datetime import datetime

from koor.flow.conversations.logic import rules, topics
from koor.flow.conversations.models import Conversation, Message
from koor.ground.contacts.models import Contact, Project
from koor.ground.people import queries as people
from koor.kernel import clock


def heard(conversation: Conversation, message: Message | None, want: topics.Wanted) -> rules.Heard:
    """One message in its conversation. A query for the projects."""
    if message is None:
        return rules.Heard(purpose=conversation.purpose)
    said = message.mention.language if message.mention else ""
    return rules.Heard(
        text=message.text,
        where=where(message.channel, conversation.account_id),
        purpose=conversation.purpose,
        labels=labels(conversation.ohoh, message.mention.label if message.mention else ""),
        language=spoken(message.text, said, conversation.contact.language if conversation.contact else ""),
        hours=hours(message.at),
        projects=_projects(conversation.contact) if conversation.contact else frozenset(),
        buying=want.buying,
    )


def where(channel: str, account: int | None) -> frozenset[str]:
    """The platform and the account, as rules name them."""
    found = [f"platform:{channel}"] if channel else []
    return frozenset([*found, f"account:{account}"] if account else found)


def labels(ohoh: bool, label: str) -> frozenset[str]:
    return frozenset({label, "ohoh" if ohoh else ""} - {"", "noise"})


def spoken(text: str, said: str, usual: str) -> str:
    """The language of a message: by its words where those are clear, else as the platform or the contact tells."""
    return topics.tongue(text) or said[:2].lower() or usual[:2].lower()


def hours(at: datetime) -> str:
    house = people.house()
    return rules.hours_of(clock.local(at, house.zone), house.opens, house.closes)


def _projects(contact: Contact) -> frozenset[int]:
    """Work for this person or for their organisation."""
    rows = Project.objects.filter(contact=contact)
    if contact.organisation_id:
        rows = rows | Project.objects.filter(organisation=contact.organisation_id)
    return frozenset(rows.values_list("pk", flat=True))

"""What was said, as rules look at it."""

from datetime import datetime

from koor.flow.conversations.logic import rules, topics
from koor.flow.conversations.models import Conversation, Message
from koor.ground.people import queries as people
from koor.kernel import clock


def heard(
    conversation: Conversation, message: Message | None, want: topics.Wanted, made_for: frozenset[int]
) -> rules.Heard:
    """One message in its conversation. `made_for`: the projects for whoever said it."""
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
        projects=made_for,
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

"""What the other would like to see or know, and where the answer to it can be read."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from koor.flow.conversations import access
from koor.flow.conversations.models import Conversation
from koor.flow.hub import queries as hub
from koor.flow.hub.models import Wish
from koor.flow.publishing.models import Target
from koor.flow.publishing.queries import lists
from koor.ground.people.models import Person

KIND = Conversation._meta.label_lower


@dataclass(frozen=True)
class Wished:
    """A wish in this conversation; `up`: what answers it and can be read outside."""

    wish: Wish
    answered: bool
    up: list[Target] = field(default_factory=list)


def wished_in(person: Person, conversation: Conversation) -> list[Wished]:
    """The wishes of a conversation. One query, two more when there is a wish."""
    found = hub.wished(person, KIND, [conversation.pk]).get(conversation.pk, [])
    items = {item for one in found for item in one.items}
    up = list(lists.up_of(person, items)) if items else []
    return [
        Wished(one.wish, bool(one.items), [row for row in up if row.post.item_id in one.items][:2]) for one in found
    ]


def with_wishes(person: Person, ids: Iterable[int]) -> dict[int, Conversation]:
    """These conversations with whom they are, as far as this colleague may see them."""
    rows = Conversation.objects.filter(access.visible_to(person), pk__in=list(ids)).select_related("contact")
    return {one.pk: one for one in rows}

"""A like, a share, a follow: no mention, for it says nothing in words; told of those whom we know, for their line."""

from collections.abc import Mapping

from koor.flow.listening import queries
from koor.flow.listening.events import ReactionHeard
from koor.flow.listening.models import Source
from koor.ground.channels.contract import Incoming
from koor.ground.contacts import queries as contacts
from koor.kernel import events

REACTIONS = frozenset({"favourite", "boost", "follow"})


def tell_who_reacted(source: Source, entries: Mapping[str, Incoming], new: Mapping[str, int]) -> None:
    """Of what came in for the first time. One query when there is any; none otherwise."""
    platform = queries.known_by(source)
    reacted = {key: one for key, one in entries.items() if key in new and one.kind in REACTIONS and one.handle}
    theirs = {key: (platform, contacts.spelling(platform, one.handle)) for key, one in reacted.items()}
    known = contacts.contacts_by_address(set(theirs.values())) if theirs else {}
    found = sorted((new[key], known[address].pk) for key, address in theirs.items() if address in known)
    events.tell_all(ReactionHeard(event, contact) for event, contact in found)

"""Who it is that said something: somebody outside whom we know by that handle, or the colleague whose account it is."""

from collections.abc import Sequence

from koor.flow.listening.models import Mention, Source
from koor.ground.channels import queries as channels
from koor.ground.contacts import queries as contacts
from koor.ground.contacts.models import Contact
from koor.ground.people.models import Person

LONGEST = 40  # characters of a platform's key


def platform_of(source: Source) -> str:
    """A connector's key; of a file the platform that it came from, when that was told; else the source's own name."""
    if source.account is not None:
        return source.account.connector
    return str(source.settings.get("platform") or source.name[:60])


def known_by(source: Source) -> str:
    """How contacts know the people of this source: `email` for a mailbox, else as `platform_of` tells."""
    made_with = channels.connectors().get(source.account.connector) if source.account is not None else None
    return (made_with.manifest.known_by if made_with else "") or platform_of(source)


def whose(mentions: Sequence[Mention]) -> dict[int, Contact | Person]:
    """By mention, whoever of them we know. One query for people outside, one for colleagues when there are any."""
    addresses = {one.pk: _address(one) for one in mentions if one.name and not one.ours}
    known = contacts.contacts_by_address(set(addresses.values())) if addresses else {}
    found: dict[int, Contact | Person] = {pk: known[key] for pk, key in addresses.items() if key in known}
    owners = {one.pk: one.source.account.owner_id for one in mentions if one.ours and one.source.account is not None}
    if owners:
        people = Person.objects.select_related("picture").in_bulk(set(owners.values()))
        found |= {pk: people[owner] for pk, owner in owners.items()}
    return found


def _address(mention: Mention) -> tuple[str, str]:
    platform = known_by(mention.source)[:LONGEST]
    return platform, contacts.spelling(platform, mention.handle or mention.author)

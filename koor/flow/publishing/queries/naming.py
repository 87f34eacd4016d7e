"""Whom a post can name on a platform: people whose address there we know, and who the platform itself finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from koor.flow.publishing.queries.compose import Written
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Health, Named
from koor.ground.channels.models import Account
from koor.ground.contacts import queries as contacts
from koor.ground.contacts.models import Contact
from koor.ground.people.models import Person
from koor.kernel import numbers, plainly
from koor.kernel.access import Refused

MOST = 8
LONGEST = 300  # characters of one name as it is written


@dataclass(frozen=True)
class Naming:
    """What was searched for at one place, and who is found."""

    words: str = ""
    rows: tuple[Named, ...] = ()
    problem: str = ""  # why the platform did not say; in words
    asks: bool = False  # the platform itself can be asked
    asked: bool = False  # somebody searched


def naming(person: Person, given: Mapping[str, str], account: Account) -> Naming | None:
    """What stands at an account. None where nobody can be named."""
    made_with = channels.connectors().get(account.connector)
    if made_with is None or made_with.mention is None:
        return None
    asks = hasattr(made_with.mention, "look_up")
    words = " ".join(given.get(f"name-{account.pk}", "").split())[:120]
    if given.get("do") not in (f"name-{account.pk}", "enter") or not words:
        return Naming(words, asks=asks)
    found, problem = _there(account, words) if asks else ((), "")
    known = _known(person, account, words)
    texts = {one.text for one in known}
    rows = (*known, *(one for one in found if one.text not in texts))
    return Naming(words, rows[:MOST], problem, asks, asked=True)


def _known(person: Person, account: Account, words: str) -> tuple[Named, ...]:
    rows = contacts.contacts(person, words=words).filter(handles__platform=account.connector).distinct()
    found = (one for row in rows.prefetch_related("handles")[:MOST] for one in _named(row, account))
    return tuple(found)


def _named(contact: Contact, account: Account) -> list[Named]:
    """The addresses of somebody by which a text can name them."""
    written = channels.connectors()[account.connector].mention.written
    own = [one for one in contact.handles.all() if one.platform == account.connector]
    texts = ((one, written(contact.name, one.value, one.url)) for one in own)
    return [Named(contact.name, text, one.value) for one, text in texts if text]


def _there(account: Account, words: str) -> tuple[tuple[Named, ...], str]:
    """Who the platform finds; else why not."""
    made_with = channels.connectors()[account.connector]
    try:
        found = made_with.mention.look_up(channels.session_for(account), words)
    except Refused as refused:
        return (), str(refused)
    return ((), plainly.told(found.sentence, found.values)) if isinstance(found, Health) else (tuple(found), "")


def put_in(written: Written, do: str) -> None:
    """Put a name that was pressed (`named-<account>:<text>`) at the end of the words of that place."""
    place, _colon, text = do.removeprefix("named-").partition(":")
    pk, text = numbers.row(place), " ".join(text.split())[:LONGEST]
    account = next((one for one in written.accounts if one.pk == pk), None)
    if account is not None and text:
        written.texts[account.pk] = f"{written.words_for(account)} {text}".strip()

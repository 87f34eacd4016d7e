"""Letters in a conversation: to which address an answer goes, and what of one does not stand in the conversation."""

from collections.abc import Iterable
from typing import Any

from koor.flow.conversations.choices import FORM
from koor.flow.conversations.models import Message
from koor.flow.conversations.queries.channels import Way
from koor.flow.conversations.queries.form import carried_by_form
from koor.flow.listening import queries as listening
from koor.ground.channels import queries as channels


def with_letters(messages: Iterable[Any]) -> None:
    """Of letters, whether there is more in them than is shown, and where they want the answer. One query, and only
    where there are letters; each message has the key of its connector."""
    heard = (one for one in messages if one.mention_id is not None and one.kind == "direct")
    letters = [one for one in heard if _is_mail(one.connector)]
    beside = listening.beside(one.mention_id for one in letters)
    for one in letters:
        told = beside.get(one.mention_id, {})
        one.is_cut = _squeezed(whole_of(told)) not in _squeezed(one.text)
        one.answering = listening.answering_in(told)


def _is_mail(connector: str | None) -> bool:
    made_with = channels.connectors().get(connector or "")
    return made_with is not None and made_with.manifest.known_by == "email"


def whole_of(told: dict[str, Any]) -> str:
    """All that was written in a letter, with what it carried along; empty for what is none."""
    return str(told.get("letter") or "")


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def goes_to(way: Way, question: Message | None) -> str:
    """The address that an answer is sent to, when it is a letter."""
    if way.account is None or question is None:
        return ""
    if question.channel == FORM:
        return carried_by_form(question).get("to", "")
    if not _is_mail(way.account.connector):
        return ""
    known = getattr(question, "answering", None)
    return str((listening.answering(question.mention) if known is None else known).get("to", ""))

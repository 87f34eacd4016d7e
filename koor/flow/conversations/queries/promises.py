"""What is promised, when the house answers, and who was asked before a promise broke."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koor.flow.calendar import queries as calendar
from koor.flow.conversations import logic
from koor.flow.conversations.models import CalledIn, Conversation, Evening, Promise
from koor.flow.conversations.queries.channels import channel_name
from koor.ground.governance.choices import Purpose
from koor.ground.people import queries as people
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import NotFound
from koor.kernel.memory import remembered_in_a_stream

_BECAUSE = {
    "turn": gettext_lazy("whose turn it is this evening"),
    "knows": gettext_lazy("who knows %(contact)s"),
    "purpose": gettext_lazy("who is responsible for this"),
    "curator": gettext_lazy("the curator"),
    "fire": gettext_lazy("for this is an oh-oh"),
}


def promises(person: Person) -> QuerySet[Promise]:
    """All of them; everybody may know what we promise."""
    return Promise.objects.all()


def promises_told(person: Person) -> list[tuple[Promise, str]]:
    """Each with the name of its channel."""
    return [(one, channel_name(one.channel)) for one in promises(person)]


def promise(person: Person, id: int) -> Promise:
    found = promises(person).filter(pk=id).first()
    if found is None:
        raise NotFound
    return found


@remembered_in_a_stream
def evening() -> Evening | None:
    return Evening.objects.select_related("rota").first()


def hours() -> logic.Hours:
    """When the house answers."""
    ours, late = people.house(), evening()

    def free(day: date) -> bool:
        return day in calendar.free_days(ours, day, day)

    return logic.Hours(ours.opens, ours.closes, free, late.until if late else None, bool(late and late.weekend))


@remembered_in_a_stream
def _agreed() -> list[logic.Agreed]:
    rows = Promise.objects.values_list("channel", "purpose", "minutes", "ask_before")
    return [logic.Agreed(*row) for row in rows]


def moments(conversation: Conversation, when: logic.Hours | None = None) -> tuple[datetime | None, datetime | None]:
    """When a promise to who waits here would break, and when somebody else is asked before it does. `when`: the hours
    of the house, where they were asked already."""
    if conversation.waiting_since is None:
        return None, None
    found = logic.promise_for(_agreed(), conversation.channel, conversation.purpose)
    if found is None:
        return None, None
    when, since = when or hours(), clock.local(conversation.waiting_since, people.house().zone)
    left = max(found.minutes - found.ask_before, 0)
    return logic.due(since, found.minutes, when), logic.due(since, left, when)


def called_in(conversation: Conversation) -> QuerySet[CalledIn]:
    """Who was asked beside whom it is with."""
    rows = CalledIn.objects.filter(conversation=conversation, over_at=None)
    return rows.select_related("person").order_by("pk")


def asked_because(ground: str) -> str:
    """Why somebody was asked, where it is not told of whom."""
    return str(_BECAUSE.get(ground, "")) % {"contact": _("them")}


def with_reasons(conversation: Conversation, called: Iterable[CalledIn]) -> list[tuple[CalledIn, str]]:
    """Each with why, in words."""
    name = conversation.contact.first_name if conversation.contact else _("them")
    return [(one, str(_BECAUSE.get(one.ground, "")) % {"contact": name}) for one in called]


def soon(minutes: int = 0) -> QuerySet[Conversation]:
    """Open conversations in which somebody else has to be asked by now."""
    rows = Conversation.objects.filter(state="open", ask_at__lte=clock.now() + timedelta(minutes=minutes))
    return rows.exclude(purpose=Purpose.PRACTICE)

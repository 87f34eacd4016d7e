"""Somebody's words that a fire took over, as its first fact and as its name: they go with what was said."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from koor.flow.conversations.logic.fires import NAMELESS
from koor.flow.conversations.models import Fire, FireFact, FireLine, Message
from koor.ground.people.queries import house
from koor.kernel import audit


def forget_words(*, facts: Q, fires: Q) -> None:
    """`fires`: that began with these words. A name that a person gave stays; while it burns it is not without one."""
    FireFact.objects.filter(facts).delete()
    renamed = FireLine.objects.filter(verb="renamed").values("fire")
    named = Fire.objects.filter(fires).exclude(pk__in=renamed)
    numbers = list(named.values_list("pk", flat=True))
    audit.unname(Fire, numbers)
    with translation.override(house().language):
        Fire.objects.filter(pk__in=numbers, ended_at=None).update(title=_("Something burns"))
    Fire.objects.filter(pk__in=numbers, ended_at__isnull=False).update(title=NAMELESS)


# Where a fire stands by what began it: the conversation itself, or one that goes on in it
WAYS = ("conversation", "conversation__joined_into")


def forget_messages(taken: Sequence[Message]) -> None:
    """Their writers took these back."""
    talks = {one.conversation_id for one in taken}
    there = Q(pk__in=())
    for way in WAYS:
        there |= Q(**{f"{way}__in": talks}) | Q(**{f"facts__{way}__in": talks})
    if not Fire.objects.filter(there).exists():
        return
    facts = fires = Q(pk__in=())
    for one in taken:
        for way in WAYS:
            facts |= Q(**{way: one.conversation_id}, at=one.at)
            fires |= Q(**{way: one.conversation_id}, alarm_at=one.at)
    forget_words(facts=facts, fires=fires)

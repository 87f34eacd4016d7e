"""What colleagues said is no question, and what of that is not shown: it, and what is like it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Max, Prefetch, Q, Window
from django.db.models.functions import RowNumber

from koor.flow.listening import access
from koor.flow.listening.logic import asked
from koor.flow.listening.models import Mention, NoQuestion
from koor.flow.listening.queries.elsewhere import KIND, Key, unread_elsewhere
from koor.ground.people.models import Person

GROUPS_AWAY = 100  # that what is like them is known by, the newest
OF_EACH = 5  # mentions that stand for a group that was put away: the most telling
AWAY_SHOWN = 10


def put_away() -> list[NoQuestion]:
    """What stands for each of the newest groups that were put away, the newest group first."""
    last = NoQuestion.objects.order_by().values("group").annotate(last=Max("pk")).order_by("-last")
    place, newest = Window(RowNumber(), partition_by="group", order_by="pk"), Window(Max("pk"), partition_by="group")
    rows = NoQuestion.objects.filter(group__in=last.values("group")[:GROUPS_AWAY]).annotate(place=place, newest=newest)
    texts = Prefetch("mention", Mention.objects.only("text"))
    rows = rows.filter(place__lte=OF_EACH).select_related("by").prefetch_related(texts)
    return list(rows.order_by("-newest", "pk"))


def left(groups: Sequence[list[Key]], away: Sequence[NoQuestion]) -> list[list[Key]]:
    """Without what was put away, and without what is like it as far as who put it away may read that: what only others
    read is for them to put away."""
    known = {one.key: one.group for one in away}
    like = [(keys, asked.put_away_in(keys, known)) for keys in groups]
    elsewhere = {key for keys, which in like if which for key in keys if key[0] != KIND}
    unread = _unread(elsewhere, [one for one in away if any(one.group in which for _keys, which in like)])
    open_still = [
        [key for key in keys if all(key in unread[group] for group in which)] if which else keys for keys, which in like
    ]
    everything = {key for keys in open_still for key in keys}
    rows = NoQuestion.objects.filter(
        Q(mention__in=[pk for kind, pk in everything if kind == KIND])
        | Q(origin_id__in=[pk for kind, pk in everything if kind != KIND])
    )
    gone = {one.key for one in rows}
    return [[key for key in keys if key not in gone] for keys in open_still]


def _unread(keys: Collection[Key], rows: Sequence[NoQuestion]) -> dict[UUID, set[Key]]:
    """By group, what of these who put it away may not read; who left or was a command read everything."""
    authors = {one.group: one.by for one in rows}
    here = {by.pk: by for by in authors.values() if keys and by is not None and by.is_active}
    unread = unread_elsewhere([*here.values()], keys)
    return {group: unread.get(by.pk, set()) if by else set() for group, by in authors.items()}


def newest_away(away: Sequence[NoQuestion]) -> list[NoQuestion]:
    """The rows of the groups that are shown as put away."""
    groups = list(dict.fromkeys(row.group for row in away))[:AWAY_SHOWN]
    return [row for row in away if row.group in groups]


def group_put_away(person: Person, group: UUID) -> list[Key]:
    """What is in a group that was put away."""
    rows = NoQuestion.objects.filter(group=group) if access.may_listen(person) else NoQuestion.objects.none()
    return [one.key for one in rows.order_by("pk")]

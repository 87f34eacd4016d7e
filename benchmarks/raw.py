"""The same data as two pages show, fetched by plain SQL; with what the house itself answers, to see that both agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from koor.flow.calendar import queries as calendar
from koor.flow.conversations import queries as conversations
from koor.ground.people.models import Person
from koor.kernel import clock

INBOX = """
select c.id, c.state, c.ohoh, c.preview, c.channel, c.ground, c.reasons, c.offered, c.sentence, c.waiting_since, c.last_at,
       c.in_group, c.grp, c.all_waiting, c.usual, o.id, o.name, o.face, p.id, p.name, p.job, f.path
from (
  select *, row_number() over (partition by grp order by waiting_since asc nulls last, last_at desc, id desc) as rank,
         count(*) over (partition by grp) as in_group, count(waiting_since) over () as all_waiting,
         (select percentile_cont(0.5) within group (order by waited) from conversations_message
          where waited is not null and at >= %(since)s) as usual
  from (select *, case when waiting_since is null then 'calm' when assignee_id = %(me)s then 'mine' when assignee_id is null then 'unsure' else 'theirs' end as grp
        from conversations_conversation where state = 'open') as open_ones
) as c
left join contacts_contact o on o.id = c.contact_id
left join people_person p on p.id = c.assignee_id
left join kernel_storedfile f on f.id = p.picture_id
where c.rank <= 30
order by c.waiting_since asc nulls last, c.last_at desc, c.id desc
"""
CALENDAR = """
select s.*, p.name, p.job, f.path, a.name, a.connector, g.about, g.rhythm, k.name
from calendar_slot s
left join people_person p on p.id = s.person_id
left join kernel_storedfile f on f.id = p.picture_id
left join channels_account a on a.id = s.account_id
left join calendar_agreement g on g.id = s.agreement_id
left join calendar_campaign k on k.id = s.campaign_id
where s.dropped_at is null and s.day between %(first)s and %(last)s
order by s.day, s.time, s.id
"""
AWAY = """
select a.*, p.name from people_absence a join people_person p on p.id = a.person_id
where a.first_day <= %(last)s and a.last_day >= %(first)s and p.is_active
"""


@dataclass(frozen=True)
class Pair:
    """A page's data in two ways."""

    raw: Callable[[], Any]
    by_the_house: Callable[[], Any]
    same: Callable[[], bool]


def fetched(sql: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


@contextmanager
def noted() -> Iterator[list[tuple[str, Any]]]:
    """The statements that are asked inside, with their values."""
    statements: list[tuple[str, Any]] = []

    def note(execute: Callable[..., Any], sql: str, values: Any, many: bool, context: Any) -> Any:
        statements.append((sql, values))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(note):
        yield statements


def is_read(statement: str) -> bool:
    return statement.lstrip("( \n").upper().startswith(("SELECT", "WITH"))


def replayed(statements: list[tuple[str, Any]]) -> list[Any]:
    """The very statements of a page, asked by the driver alone: all that the page shows, as values of Python."""
    found = []
    with connection.cursor() as cursor:
        for sql, values in statements:
            cursor.cursor.execute(sql, values)
            found.append(cursor.cursor.fetchall() if cursor.cursor.description else None)
    return found


def inbox(person: Person) -> Pair:
    def raw() -> list[Any]:
        return fetched(INBOX, {"me": person.pk, "since": clock.now() - timedelta(weeks=4)})

    def ours() -> conversations.Queue:
        return conversations.inbox(person)

    def same() -> bool:
        rows, queue = raw(), ours()
        groups = {name: [row[0] for row in rows if row[12] == name] for name in ("mine", "theirs", "unsure", "calm")}
        shown = {name: [one.conversation.pk for one in getattr(queue, name)] for name in groups}
        counts = {row[12]: row[11] for row in rows}
        names = {row[0]: row[16] for row in rows}
        said = {one.conversation.pk: one.conversation.contact and one.conversation.contact.name for one in queue.rows}
        return groups == shown and counts == queue.counts and names == said and rows[0][13] == queue.waiting

    return Pair(raw, ours, same)


def calendar_month(person: Person, day: date) -> Pair:
    shown = calendar.month(person, day.year, day.month)
    values = {"first": shown.first, "last": shown.last}

    def raw() -> list[Any]:
        return [*fetched(CALENDAR, values), *fetched(AWAY, values)]

    def ours() -> calendar.Period:
        return calendar.month(person, day.year, day.month)

    def same() -> bool:
        rows = fetched(CALENDAR, values)
        return [row[0] for row in rows] == [placed.slot.pk for placed in ours().slots]

    return Pair(raw, ours, same)

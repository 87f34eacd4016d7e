"""Once a night: rows that did their work and that nobody reads again. A house that runs for years stays as light as
it was."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from koor.kernel import clock, events, jobs
from koor.kernel.models import Once, ToldFact
from koor.kernel.once import lasting

HEARD_FOR = timedelta(days=14)  # a fact that all receivers heard
ONCE_FOR = timedelta(days=90)  # a phone that was off for so long sends again, and would be taken for new
TOGETHER = 5000  # rows in one transaction

_FORGET_FACTS = """
WITH gone AS (
    SELECT told.id FROM kernel_toldfact told
    WHERE told.kind = %s AND told.told_at < %s AND NOT EXISTS (
        SELECT FROM unnest(%s::text[]) AS wanted (receiver) WHERE NOT EXISTS (
            SELECT FROM kernel_heard heard WHERE heard.fact_id = told.id AND heard.receiver = wanted.receiver))
    ORDER BY told.id LIMIT %s),
heard AS (DELETE FROM kernel_heard WHERE fact_id IN (SELECT id FROM gone))
DELETE FROM kernel_toldfact WHERE id IN (SELECT id FROM gone)"""


@jobs.every("7 3 * * *", "kernel.keep_light", queue="upkeep")
def keep_light(timestamp: int) -> None:
    now = clock.now()
    for kind in ToldFact.objects.order_by().values_list("kind", flat=True).distinct():
        while _forget_facts(kind, now - HEARD_FOR) == TOGETHER:
            pass
    _forget(Once.objects.filter(at__lt=now - ONCE_FOR).exclude(kind__in=lasting()))
    sessions: Any = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class()
    _forget(sessions.objects.filter(expire_date__lt=now))


def _forget_facts(kind: str, before: datetime) -> int:
    """One that a receiver did not hear stays, for the job that will be tried again."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_FACTS, [kind, before, events.receivers_of(kind), TOGETHER])
        return int(cursor.rowcount)


def _forget(rows: Any) -> None:
    while some := list(rows.order_by().values_list("pk", flat=True)[:TOGETHER]):
        with transaction.atomic():
            rows.model.objects.filter(pk__in=some).delete()

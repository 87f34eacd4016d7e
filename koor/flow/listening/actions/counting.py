"""Counts: the rows of a part are put together, and all are counted anew when somebody asks for it."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction

from koor.flow.listening.models import Count
from koor.kernel import clock, locks

MOST = 50_000
BY_THE_HOUR = timedelta(days=28)  # that counts are kept in parts of five minutes; before that by the day (UTC)

# Delete and insert see the same moment: nobody reads a number twice or not at all
_FOLD = """
WITH parts AS (
    SELECT DISTINCT kind, key, at FROM
        (SELECT kind, key, at FROM listening_count WHERE NOT folded ORDER BY id LIMIT %s) loose
), gone AS (
    DELETE FROM listening_count c USING parts p
    WHERE (c.kind, c.key, c.at) = (p.kind, p.key, p.at) RETURNING c.kind, c.key, c.at, c.number, c.folded
), kept AS (
    INSERT INTO listening_count (kind, key, at, number, folded)
    SELECT kind, key, at, sum(number), true FROM gone GROUP BY 1, 2, 3 HAVING sum(number) <> 0
)
SELECT count(*) FROM gone WHERE NOT folded"""
_DAYS = """
WITH days AS (
    SELECT DISTINCT kind, key, date_bin('1 day', at, timestamptz '2000-01-01 00:00+00') AS day FROM listening_count
    WHERE at < %(before)s AND at <> date_bin('1 day', at, timestamptz '2000-01-01 00:00+00')
), gone AS (
    DELETE FROM listening_count c USING days d
    WHERE (c.kind, c.key) = (d.kind, d.key) AND c.at >= d.day AND c.at < d.day + interval '1 day'
    RETURNING c.kind, c.key, d.day, c.number
), kept AS (
    INSERT INTO listening_count (kind, key, at, number, folded)
    SELECT kind, key, day, sum(number), true FROM gone GROUP BY 1, 2, 3 HAVING sum(number) <> 0
)
SELECT count(*) FROM gone"""

_PART = "date_bin('5 minutes', m.said_at, timestamptz '2000-01-01 00:00+00')"
_MENTIONS = f"""
SELECT v.kind, v.key, {_PART} AS at, count(*) AS n
FROM listening_mention m LEFT JOIN listening_proposal p ON p.mention_id = m.id
CROSS JOIN LATERAL (VALUES ('all', ''), ('label', m.label), ('source', m.source_id::text),
    (CASE WHEN listening_burns(m.label, p.label, p.reasons) THEN 'burns' END, '')) v (kind, key)
WHERE v.kind IS NOT NULL AND listening_counts(m.ours, m.kind, m.source_id) GROUP BY 1, 2, 3"""  # noqa: S608
_MATCHES = f"""
SELECT 'query', x.query_id::text, {_PART}, count(*)
FROM listening_match x JOIN listening_mention m ON m.id = x.mention_id
WHERE listening_counts(m.ours, m.kind, m.source_id) GROUP BY 1, 2, 3"""  # noqa: S608
_TOPICS = f"""
SELECT 'topic', m.topic, {_PART}, count(*) FROM listening_about m WHERE m.topic <> '' GROUP BY 1, 2, 3"""  # noqa: S608
_RECOUNT = f"""
WITH truth AS ({_MENTIONS} UNION ALL {_MATCHES} UNION ALL {_TOPICS}), gone AS (DELETE FROM listening_count)
INSERT INTO listening_count (kind, key, at, number, folded) SELECT kind, key, at, n, true FROM truth"""  # noqa: S608


def _alone() -> None:
    """Who moves rows and who counts anew wait for each other."""
    locks.until_committed("listening.counts")


@transaction.atomic
def fold_counts() -> int:
    """Put the rows of a part together that came since the last time. How many there were."""
    _alone()
    with connection.cursor() as cursor:
        cursor.execute(_FOLD, [MOST])
        return int(cursor.fetchone()[0])


@transaction.atomic
def fold_days() -> int:
    """Put the parts of each day together that nobody looks at by the hour any more, so that sums over all the years
    stay quick. How many rows there were."""
    _alone()
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, {"before": clock.now() - BY_THE_HOUR})
        return int(cursor.fetchone()[0])


@transaction.atomic
def recount() -> int:
    """Count everything anew from what is stored, in one statement; what comes in meanwhile is counted beside it. How
    many numbers there are."""
    _alone()
    with connection.cursor() as cursor:
        cursor.execute(_RECOUNT)
    return Count.objects.count()

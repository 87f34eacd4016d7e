"""Counts in parts of five minutes, which the database keeps by itself: whatever stores, matches, marks or erases adds
what it changed, in its own transaction, by one statement for all rows of a statement."""

from django.db import migrations, models

PART = "date_bin('5 minutes', {}, timestamptz '2000-01-01 00:00+00')"

# Ours is not counted, nor what was said to a colleague alone on their own account
COUNTS = """
CREATE FUNCTION listening_counts(ours boolean, kind text, source bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT ours AND (kind <> 'direct' OR NOT EXISTS (
        SELECT 1 FROM listening_source s JOIN channels_account a ON a.id = s.account_id
        WHERE s.id = source AND a.personal))
$$;
CREATE FUNCTION listening_burns(label text, thought text, reasons jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT label = 'ohoh' OR (label = '' AND thought IS NOT DISTINCT FROM 'ohoh' AND reasons <> '[]')
$$;
"""

_ALL = """
SELECT {sign} AS n, m.source_id, m.label, {part} AS at, listening_burns(m.label, p.label, p.reasons) AS burns
FROM {rows} m LEFT JOIN listening_proposal p ON p.mention_id = m.id
WHERE listening_counts(m.ours, m.kind, m.source_id)"""
_ADD_ALL = """
    INSERT INTO listening_count (kind, key, at, number)
    SELECT v.kind, v.key, c.at, sum(c.n) FROM ({changed}) c
    CROSS JOIN LATERAL (VALUES ('all', ''), ('label', c.label), ('source', c.source_id::text),
                               (CASE WHEN c.burns THEN 'burns' END, '')) v (kind, key)
    WHERE v.kind IS NOT NULL GROUP BY 1, 2, 3 HAVING sum(c.n) <> 0 ORDER BY 1, 2, 3"""


def _all(rows: str, sign: int) -> str:
    return _ALL.format(rows=rows, sign=sign, part=PART.format("m.said_at"))


def _function(name: str, body: str) -> str:
    return f"""
CREATE FUNCTION listening_count_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN{body};
    RETURN NULL;
END $$;
"""


def _trigger(table: str, verb: str, kind: str) -> str:
    seen = {"INSERT": "NEW TABLE AS came", "DELETE": "OLD TABLE AS went",
            "UPDATE": "OLD TABLE AS went NEW TABLE AS came"}[verb]
    return f"""
CREATE TRIGGER counted_{verb.lower()} AFTER {verb} ON listening_{table} REFERENCING {seen}
    FOR EACH STATEMENT EXECUTE FUNCTION listening_count_{kind}_{verb.lower()}();
"""


def _each(kind: str, table: str, came: str, went: str, change: str) -> str:
    """The three functions and triggers of a table."""
    made = "".join(_function(f"{kind}_{verb}", body)
                   for verb, body in (("insert", came), ("delete", went), ("update", change)) if body)
    verbs = [verb for verb, body in (("INSERT", came), ("DELETE", went), ("UPDATE", change)) if body]
    return made + "".join(_trigger(table, verb, kind) for verb in verbs)


MENTIONS = _each(
    "mention", "mention",
    _ADD_ALL.format(changed=_all("came", 1)),
    _ADD_ALL.format(changed=_all("went", -1)),
    # Most updates change no mark: those cost one comparison
    """
    IF EXISTS (SELECT 1 FROM came c JOIN went w USING (id)
               WHERE (c.label, c.said_at, c.ours, c.source_id) IS DISTINCT FROM (w.label, w.said_at, w.ours, w.source_id))
    THEN"""
    + _ADD_ALL.format(changed=_all("came", 1) + " UNION ALL " + _all("went", -1))
    + """;
    END IF""",
)

_QUERY = """
    INSERT INTO listening_count (kind, key, at, number)
    SELECT 'query', x.query_id::text, {part}, {sign} * count(*)
    FROM {rows} x JOIN listening_mention m ON m.id = x.mention_id
    WHERE listening_counts(m.ours, m.kind, m.source_id) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""


def _query(rows: str, sign: int) -> str:
    return _QUERY.format(rows=rows, sign=sign, part=PART.format("m.said_at"))


MATCHES = _each("match", "match", _query("came", 1), _query("went", -1), "")

_THOUGHT = """
    INSERT INTO listening_count (kind, key, at, number)
    SELECT 'burns', '', {part}, sum(x.n)
    FROM ({rows}) x JOIN listening_mention m ON m.id = x.mention_id
    WHERE m.label = '' AND listening_burns('', x.label, x.reasons) AND listening_counts(m.ours, m.kind, m.source_id)
    GROUP BY 3 HAVING sum(x.n) <> 0 ORDER BY 3"""


def _thought(*rows: tuple[str, int]) -> str:
    changed = " UNION ALL ".join(f"SELECT mention_id, label, reasons, {sign} AS n FROM {name}" for name, sign in rows)
    return _THOUGHT.format(rows=changed, part=PART.format("m.said_at"))


PROPOSALS = _each(
    "proposal", "proposal", _thought(("came", 1)), _thought(("went", -1)), _thought(("came", 1), ("went", -1))
)

# What was there before. `actions.counting.recount` does the same later.
FILL = _ADD_ALL.format(changed=_all("listening_mention", 1)) + ";" + _query("listening_match", 1) + ";"

GONE = "".join(
    f"DROP TRIGGER counted_{verb} ON listening_{table}; DROP FUNCTION listening_count_{table}_{verb}();"
    for table, verbs in (("mention", ("insert", "delete", "update")), ("match", ("insert", "delete")),
                         ("proposal", ("insert", "delete", "update")))
    for verb in verbs
) + "DROP FUNCTION listening_burns(text, text, jsonb); DROP FUNCTION listening_counts(boolean, text, bigint);"


class Migration(migrations.Migration):

    dependencies = [
        ('listening', '0009_what_was_changed'),
        ('channels', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Count',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=6)),
                ('key', models.CharField(blank=True, max_length=80)),
                ('at', models.DateTimeField()),
                ('number', models.IntegerField()),
                ('folded', models.BooleanField(db_default=False, default=False)),
            ],
            options={
                'indexes': [
                    models.Index(fields=['kind', 'key', 'at'], include=['number'], name='count_found'),
                    models.Index(fields=['at', 'kind'], include=['key', 'number'], name='count_newest'),
                    models.Index(condition=models.Q(('folded', False)), fields=['id'], name='count_loose'),
                ],
            },
        ),
        migrations.RunSQL(COUNTS + MENTIONS + MATCHES + PROPOSALS, GONE),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]

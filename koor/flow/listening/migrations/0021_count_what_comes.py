"""What comes in is counted by its groups: nobody has thought anything of it yet, and whether it counts is only asked of
what was said to one alone."""

from django.db import migrations

PART = "date_bin('5 minutes', m.said_at, timestamptz '2000-01-01 00:00+00')"
COUNT = """
CREATE OR REPLACE FUNCTION listening_count_mention_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO listening_count (kind, key, at, number)
    SELECT v.kind, v.key, c.at, sum(c.n) FROM ({changed}) c
    CROSS JOIN LATERAL (VALUES ('all', ''), ('label', c.label), ('source', c.source_id::text),
                               (CASE WHEN c.burns THEN 'burns' END, '')) v (kind, key)
    WHERE v.kind IS NOT NULL GROUP BY 1, 2, 3 HAVING sum(c.n) <> 0 ORDER BY 1, 2, 3;
    RETURN NULL;
END $$;
"""
NOW = COUNT.format(changed=f"""
        SELECT m.source_id, m.label, {PART} AS at, m.label = 'ohoh' AS burns, count(*) AS n FROM came m
        WHERE NOT m.ours AND (m.kind <> 'direct' OR listening_counts(m.ours, m.kind, m.source_id)) GROUP BY 1, 2, 3""")
BEFORE = COUNT.format(changed=f"""
        SELECT 1 AS n, m.source_id, m.label, {PART} AS at, listening_burns(m.label, p.label, p.reasons) AS burns
        FROM came m LEFT JOIN listening_proposal p ON p.mention_id = m.id
        WHERE listening_counts(m.ours, m.kind, m.source_id)""")


class Migration(migrations.Migration):

    dependencies = [
        ('listening', '0020_lines'),
    ]

    operations = [
        migrations.RunSQL(NOW, BEFORE),
    ]

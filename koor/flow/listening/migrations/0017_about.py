import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PART = "date_bin('5 minutes', r.said_at, timestamptz '2000-01-01 00:00+00')"


def _added(*rows: tuple[str, int]) -> str:
    changed = " UNION ALL ".join(f"SELECT topic, said_at, {sign} AS n FROM {name}" for name, sign in rows)
    return f"""
    INSERT INTO listening_count (kind, key, at, number)
    SELECT 'topic', r.topic, {PART}, sum(r.n) FROM ({changed}) r
    WHERE r.topic <> '' GROUP BY 2, 3 HAVING sum(r.n) <> 0 ORDER BY 2, 3"""


def _counted(verb: str, seen: str, *rows: tuple[str, int]) -> str:
    return f"""
CREATE FUNCTION listening_count_about_{verb}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN{_added(*rows)};
    RETURN NULL;
END $$;
CREATE TRIGGER counted_{verb} AFTER {verb.upper()} ON listening_about REFERENCING {seen}
    FOR EACH STATEMENT EXECUTE FUNCTION listening_count_about_{verb}();
"""


COUNTED = (
    _counted("insert", "NEW TABLE AS came", ("came", 1))
    + _counted("delete", "OLD TABLE AS went", ("went", -1))
    + _counted("update", "OLD TABLE AS went NEW TABLE AS came", ("came", 1), ("went", -1))
)
GONE = "".join(
    f"DROP TRIGGER counted_{verb} ON listening_about; DROP FUNCTION listening_count_about_{verb}();"
    for verb in ("insert", "delete", "update")
)


class Migration(migrations.Migration):

    dependencies = [
        ('listening', '0016_views'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='About',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(blank=True, max_length=80)),
                ('said_at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mention', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='about', to='listening.mention')),
            ],
            options={
                'indexes': [models.Index(fields=['topic', '-said_at'], name='about_newest')],
            },
        ),
        migrations.RunSQL(COUNTED, GONE),
    ]

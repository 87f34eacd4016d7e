"""Since when a source fails, whether it is gone for good, and what was only asked and turned away."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('listening', '0032_delivered_at'),
    ]

    operations = [
        migrations.AddField(
            model_name='source',
            name='failing_since',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='source',
            name='gone',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='refuseddelivery',
            name='asked',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunSQL(
            # Of what never succeeded nobody knows since when. What a platform sends has no next visit, and its last
            # success may be months ago though all was well: it counts from its next failure.
            "UPDATE listening_source SET failing_since = COALESCE(last_success_at, tried_at, now())"
            " WHERE last_problem <> '' AND next_at IS NOT NULL",
            migrations.RunSQL.noop,
        ),
    ]

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
            "UPDATE listening_source SET failing_since = COALESCE(last_success_at, made_at) WHERE last_problem <> ''",
            migrations.RunSQL.noop,
        ),
    ]

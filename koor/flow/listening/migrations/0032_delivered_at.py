"""When something was delivered last: a visit that went well is none."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('listening', '0031_nothing_unread'),
    ]

    operations = [
        migrations.AddField(
            model_name='source',
            name='delivered_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(  # where nothing is visited, what came was delivered
            'UPDATE listening_source SET delivered_at = last_success_at WHERE next_at IS NULL AND account_id IS NOT NULL',
            migrations.RunSQL.noop,
        ),
    ]

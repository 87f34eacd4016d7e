"""Columns that were written and that nobody read; who did what stands in the audit trail."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('listening', '0030_refused_deliveries'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='burst',
            name='answered_at',
        ),
    ]

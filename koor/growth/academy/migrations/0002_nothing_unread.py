"""Columns that were written and that nobody read; who did what stands in the audit trail."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('academy', '0001_initial'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='result',
            name='tries',
        ),
    ]

"""Columns that were written and that nobody read; who did what stands in the audit trail."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0010_words_apart'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='pushdevice',
            name='reached_at',
        ),
    ]

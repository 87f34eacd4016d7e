"""Columns that were written and that nobody read; who did what stands in the audit trail."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('publishing', '0022_title_by_default'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='pause',
            name='ended_by',
        ),
        migrations.RemoveField(
            model_name='removal',
            name='done_by',
        ),
        migrations.RemoveField(
            model_name='said',
            name='shown_by',
        ),
    ]

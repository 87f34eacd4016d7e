"""Columns that were written and that nobody read; who did what stands in the audit trail."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0004_where_a_term_came_to'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='responsibility',
            name='changed_at',
        ),
    ]

"""Columns that were written and that nobody read; who did what stands in the audit trail."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('calendar', '0007_given'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='agreement',
            name='agreed_at',
        ),
        migrations.RemoveField(
            model_name='agreementchange',
            name='answered_at',
        ),
    ]

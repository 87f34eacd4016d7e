"""The same words promised for another day are another promise: those that stand are known by their day too."""

from django.db import migrations

BY_DAY = """
UPDATE conversations_told SET key = left(key, 200) || ':' || to_char(due, 'YYYY-MM-DD')
WHERE kind = 'promise' AND due IS NOT NULL
"""
BY_WORDS = """
UPDATE conversations_told SET key = left(key, -11) WHERE kind = 'promise' AND due IS NOT NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0028_greeted_and_removed'),
    ]

    operations = [
        migrations.RunSQL(BY_DAY, BY_WORDS),
    ]

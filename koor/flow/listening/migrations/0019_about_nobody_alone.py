from django.db import migrations

# What was said to a colleague alone, on an account of their own, is sorted by topic no more; the counts follow
GONE = """
DELETE FROM listening_about a USING listening_mention m, listening_source s, channels_account c
WHERE m.id = a.mention_id AND m.kind = 'direct' AND s.id = m.source_id AND c.id = s.account_id AND c.personal
"""


class Migration(migrations.Migration):

    dependencies = [
        ('listening', '0018_what_was_waved'),
        ('channels', '0001_initial'),
    ]

    operations = [migrations.RunSQL(GONE, migrations.RunSQL.noop)]

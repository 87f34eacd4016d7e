"""What was joined to another that was joined in its turn goes on in the last one at once; parted, it goes back."""

from django.db import migrations

UP = """
WITH RECURSIVE up (id, above) AS (
    SELECT id, joined_into_id FROM conversations_conversation WHERE joined_into_id IS NOT NULL
    UNION
    SELECT up.id, onward.joined_into_id FROM up JOIN conversations_conversation onward ON onward.id = up.above
    WHERE onward.joined_into_id IS NOT NULL
)
"""
ALONG = UP + """
UPDATE conversations_join held SET stayed = held.stayed || jsonb_build_object('along', came.numbers)
FROM (SELECT above, jsonb_agg(id ORDER BY id) AS numbers FROM up GROUP BY above) came
WHERE came.above = held.gone_id AND held.undone_at IS NULL
"""
AT_ONCE = UP + """
UPDATE conversations_conversation one SET joined_into_id = up.above
FROM up JOIN conversations_conversation last ON last.id = up.above
WHERE up.id = one.id AND last.joined_into_id IS NULL AND one.joined_into_id <> up.above
"""


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0030_who_asked_last'),
    ]

    operations = [
        migrations.RunSQL([ALONG, AT_ONCE], migrations.RunSQL.noop),
    ]

from django.db import migrations

USED = """
UPDATE hub_item SET used_at = used.at
FROM (
  SELECT of.item, max(of.at) AS at FROM (
    SELECT p.item_id AS item, t.published_at AS at FROM publishing_target t JOIN publishing_post p ON p.id = t.post_id
    WHERE t.published_at IS NOT NULL AND p.item_id IS NOT NULL AND NOT p.practice
    UNION ALL
    SELECT m.item_id, t.published_at FROM publishing_target t JOIN publishing_post p ON p.id = t.post_id
    JOIN publishing_postmedium pm ON pm.post_id = p.id JOIN hub_medium m ON m.id = pm.medium_id
    WHERE t.published_at IS NOT NULL AND m.item_id IS NOT NULL AND NOT p.practice
  ) of GROUP BY of.item
) used
WHERE hub_item.id = used.item
"""


class Migration(migrations.Migration):
    """What appeared before the library counted it."""

    dependencies = [
        ('hub', '0006_library_search'),
        ('publishing', '0004_sharing'),
    ]

    operations = [migrations.RunSQL(USED, migrations.RunSQL.noop)]

from django.db import migrations

UNNAMED = """
UPDATE publishing_offer SET reasons = COALESCE(
  (SELECT jsonb_agg(one) FROM jsonb_array_elements(reasons) one WHERE one ->> 0 <> 'knows'), '[]'::jsonb)
WHERE reasons @@ '$[*][0] == "knows"'
"""


class Migration(migrations.Migration):
    """Why something was offered names nobody outside any more: a name would stay there when they are erased."""

    dependencies = [("publishing", "0023_nothing_unread")]

    operations = [migrations.RunSQL(UNNAMED, migrations.RunSQL.noop)]

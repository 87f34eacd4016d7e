"""What was removed from the library can come back for some days."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hub", "0023_tries")]

    operations = [
        migrations.AddField("item", "removed_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "item",
            models.Index(condition=models.Q(("removed_at__isnull", False)), fields=["id"], name="item_removed"),
        ),
    ]

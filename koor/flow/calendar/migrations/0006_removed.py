"""A list of holidays that was taken away can come back for some days."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("calendar", "0005_unready")]

    operations = [migrations.AddField("holidaylist", "removed_at", models.DateTimeField(null=True))]

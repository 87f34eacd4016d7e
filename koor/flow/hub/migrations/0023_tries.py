"""How often the house tried to make something ready, so that it does not give up what it never tried."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hub", "0022_own_word")]

    operations = [
        migrations.AddField("capture", "tries", models.PositiveSmallIntegerField(db_default=0, default=0)),
        migrations.AddField("medium", "tries", models.PositiveSmallIntegerField(db_default=0, default=0)),
    ]

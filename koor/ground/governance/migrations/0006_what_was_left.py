from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0005_nothing_unread"),
    ]

    operations = [
        migrations.AddField(
            model_name="erasing",
            name="left_in",
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]

"""Places that became somebody's by another's hand, so that they are told once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PERSON = settings.AUTH_USER_MODEL


class Migration(migrations.Migration):
    dependencies = [("calendar", "0006_removed"), migrations.swappable_dependency(PERSON)]

    operations = [
        migrations.CreateModel(
            name="SlotGiven",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(null=True)),
                ("by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=PERSON)),
                ("of", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=PERSON)),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="slots_given", to=PERSON)),
                ("slot", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="given", to="calendar.slot")),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("seen_at", None)), fields=["person", "-at"], name="slot_given_to")],
                "constraints": [models.UniqueConstraint(fields=("slot", "person"), name="slot_given_once")],
            },
        ),
    ]

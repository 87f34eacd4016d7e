"""Letters about an answer go by the moment of what was told last, not by its number."""

from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce


def fill(apps, schema_editor):
    message = apps.get_model("conversations", "Message")
    told = Subquery(message.objects.filter(pk=OuterRef("upto")).values("at")[:1])
    rows = apps.get_model("conversations", "LineLetter").objects.filter(upto__gt=0)
    rows.update(told_at=Coalesce(told, F("sent_at"), F("made_at")))


class Migration(migrations.Migration):
    dependencies = [("conversations", "0020_voice_notes")]

    operations = [
        migrations.AddField("lineletter", "told_at", models.DateTimeField(null=True)),
        migrations.AlterField("lineletter", "address", models.EmailField(blank=True, max_length=254)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

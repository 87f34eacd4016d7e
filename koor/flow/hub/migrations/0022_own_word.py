"""Who answered on their own phone: signed, or used the address that they were asked with."""

from django.db import migrations, models
from django.db.models import Exists, OuterRef, Q


def remember(apps, schema_editor):
    Portrayed = apps.get_model("hub", "Portrayed")
    signed = apps.get_model("hub", "Consent").objects.filter(portrayed=OuterRef("pk"), proof="signed")
    used = apps.get_model("hub", "Signing").objects.filter(portrayed=OuterRef("pk"), used_at__isnull=False)
    Portrayed.objects.filter(Q(Exists(signed)) | Q(Exists(used))).update(own_word=True)


class Migration(migrations.Migration):

    dependencies = [
        ('hub', '0021_documents'),
    ]

    operations = [
        migrations.AddField(
            model_name='portrayed',
            name='own_word',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]

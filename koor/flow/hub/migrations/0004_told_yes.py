"""Every yes of before: told to the maker, for showing our work, everywhere."""

from django.db import migrations


def told(apps, _editor):
    Portrayed = apps.get_model("hub", "Portrayed")
    Consent = apps.get_model("hub", "Consent")
    agreed = Portrayed.objects.filter(agrees="yes", uses=[])
    kept = [
        Consent(
            portrayed=row, proof="told", uses=["show"], places=["house", "social"],
            recorded_by_id=row.recorded_by_id, given_at=row.recorded_at,
        )
        for row in agreed.iterator(chunk_size=2000)
    ]
    Consent.objects.bulk_create(kept, batch_size=2000)
    agreed.update(uses=["show"], places=["house", "social"])


class Migration(migrations.Migration):
    dependencies = [("hub", "0003_consent")]
    operations = [migrations.RunPython(told, migrations.RunPython.noop)]

"""Who was invented for an exercise is no person outside."""

from django.db import migrations, models


def mark(apps, schema_editor):
    met = apps.get_model("contacts", "Handle").objects.filter(platform="paper", value__startswith="drill ")
    apps.get_model("contacts", "Contact").objects.filter(pk__in=met.values("contact")).update(invented=True)


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0003_words_apart'),
    ]

    operations = [
        migrations.AddField(
            model_name='contact',
            name='invented',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]

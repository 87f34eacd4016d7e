"""Who was invented for an exercise is no person outside."""

from django.db import migrations, models


def mark(apps, schema_editor):
    """Not who was made one with somebody of an exercise by mistake: that is a customer."""
    handles, contacts = apps.get_model("contacts", "Handle").objects, apps.get_model("contacts", "Contact").objects
    drill = models.Q(platform="paper", value__startswith="drill ")
    alone = contacts.filter(pk__in=handles.filter(drill).values("contact"), email="", phone="", merged_into=None)
    alone = alone.exclude(pk__in=handles.exclude(drill).values("contact"))
    alone.exclude(pk__in=contacts.exclude(merged_into=None).values("merged_into")).update(invented=True)


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

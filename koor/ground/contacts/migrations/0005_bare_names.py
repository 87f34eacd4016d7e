"""An index of names however they are spelled: before somebody is erased namesakes are looked for."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0004_invented'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(models.Func(models.Func('name', function='koor_apart', output_field=models.TextField()), models.Value('[^0-9a-z_\\u0080-\\U0010ffff]+'), models.Value(''), models.Value('g'), function='regexp_replace', output_field=models.TextField()), name='contact_bare'),
        ),
    ]

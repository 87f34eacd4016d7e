"""The index of words anew: emoji by themselves, and words in quotation marks as words."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0010_words_apart'),
        ('people', '0011_one_address'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='person',
            name='person_words',
        ),
        migrations.AddIndex(
            model_name='person',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector(models.Func(django.db.models.functions.text.Concat(models.F('name'), models.Value(' '), models.F('job'), models.Value(' '), models.F('knows'), models.Value(' '), output_field=models.TextField()), function='koor_apart', output_field=models.TextField()), config='simple'), name='person_words'),
        ),
    ]

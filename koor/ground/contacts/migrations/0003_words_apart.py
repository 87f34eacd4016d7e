"""The index of words anew: emoji by themselves, and words in quotation marks as words."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0010_words_apart'),
        ('contacts', '0002_confirmed_addresses'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='contact',
            name='contact_words',
        ),
        migrations.RemoveIndex(
            model_name='organisation',
            name='organisation_words',
        ),
        migrations.RemoveIndex(
            model_name='project',
            name='project_words',
        ),
        migrations.AddIndex(
            model_name='contact',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector(models.Func(django.db.models.functions.text.Concat(models.F('name'), models.Value(' '), models.F('role'), models.Value(' '), models.F('place'), models.Value(' '), models.F('note'), models.Value(' '), output_field=models.TextField()), function='koor_apart', output_field=models.TextField()), config='simple'), name='contact_words'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector(models.Func(django.db.models.functions.text.Concat(models.F('name'), models.Value(' '), models.F('place'), models.Value(' '), models.F('about'), models.Value(' '), output_field=models.TextField()), function='koor_apart', output_field=models.TextField()), config='simple'), name='organisation_words'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector(models.Func(django.db.models.functions.text.Concat(models.F('name'), models.Value(' '), models.F('place'), models.Value(' '), models.F('about'), models.Value(' '), output_field=models.TextField()), function='koor_apart', output_field=models.TextField()), config='simple'), name='project_words'),
        ),
    ]

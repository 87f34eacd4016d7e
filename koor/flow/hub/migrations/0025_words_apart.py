"""The index of words anew: emoji by themselves, and words in quotation marks as words."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('hub', '0024_removed'),
        ('kernel', '0010_words_apart'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='item', name='item_words'),
        migrations.RemoveField(model_name='item', name='words'),
        migrations.AddField(
            model_name='item',
            name='words',
            field=models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector(models.Func(django.db.models.functions.text.Concat('title', models.Value(' '), 'text', models.Value(' '), models.Func('tags', function='koor_joined', output_field=models.TextField()), output_field=models.TextField()), function='koor_apart', output_field=models.TextField()), config='simple'), '||', django.contrib.postgres.search.SearchVector(models.Func(django.db.models.functions.text.Concat('title', models.Value(' '), 'text', models.Value(' '), models.Func('tags', function='koor_joined', output_field=models.TextField()), output_field=models.TextField()), function='koor_apart', output_field=models.TextField()), config='dutch'), django.contrib.postgres.search.SearchConfig('simple')), '||', django.contrib.postgres.search.SearchVector(models.Func(django.db.models.functions.text.Concat('title', models.Value(' '), 'text', models.Value(' '), models.Func('tags', function='koor_joined', output_field=models.TextField()), output_field=models.TextField()), function='koor_apart', output_field=models.TextField()), config='english'), django.contrib.postgres.search.SearchConfig('simple')), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AddIndex(
            model_name='item',
            index=django.contrib.postgres.indexes.GinIndex(fields=['words'], name='item_words'),
        ),
    ]

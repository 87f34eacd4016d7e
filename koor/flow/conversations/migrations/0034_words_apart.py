"""The index of words anew: emoji by themselves, and words in quotation marks as words."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0033_products_by_name'),
        ('kernel', '0010_words_apart'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='message', name='message_search'),
        migrations.RemoveField(model_name='message', name='search'),
        migrations.AddField(
            model_name='message',
            name='search',
            field=models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector(models.Func(models.F('text'), function='koor_apart', output_field=models.TextField()), config='simple'), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AddIndex(
            model_name='message',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='message_search'),
        ),
    ]

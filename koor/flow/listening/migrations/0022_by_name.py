import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('listening', '0021_count_what_comes'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='mention',
            name='mention_who',
        ),
        migrations.AddIndex(
            model_name='mention',
            index=models.Index(django.db.models.functions.text.Lower('handle'), models.OrderBy(models.F('said_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('ours', False), models.Q(('handle', ''), _negated=True)), name='mention_handle'),
        ),
        migrations.AddIndex(
            model_name='mention',
            index=models.Index(django.db.models.functions.text.Lower('author'), models.OrderBy(models.F('said_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('ours', False)), name='mention_name'),
        ),
    ]

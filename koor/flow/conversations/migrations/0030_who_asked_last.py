"""Who asked last is not always whose like it is. What did not work before it was told is taken for read."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

KNOWN = """
UPDATE conversations_deed SET asked_by_id = by_id, asked_at = at, undoing = state = 'undoing' OR (state = 'done' AND because <> '');
UPDATE conversations_deed SET seen_at = at WHERE seen_at IS NULL AND because = '' AND state IN ('failed', 'unsure');
"""
DID_NOT_WORK = models.Q(
    ('seen_at', None),
    models.Q(('state__in', ['failed', 'unsure']), models.Q(('state', 'done'), models.Q(('because', ''), _negated=True)), _connector='OR'),
)


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0029_promises_by_day'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='deed',
            name='undoing',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='deed',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='deed',
            name='asked_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.RunSQL(KNOWN + "SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name='deed', name='deed_did_not_work'),
        migrations.AddIndex(
            model_name='deed', index=models.Index(condition=DID_NOT_WORK, fields=['asked_by'], name='deed_did_not_work')
        ),
    ]

"""A letter that lets somebody in keeps its text until it went, and no longer; also those that went already."""

from django.db import migrations, models

FORGET = """
UPDATE kernel_mail SET text = '', off = '' WHERE state = 'sent'
AND kind IN ('invitation', 'sign-in', 'answer-on-page', 'newsletter', 'ambassador', 'hub.question')"""
MARK = """
UPDATE kernel_mail SET way_in = true
WHERE kind IN ('invitation', 'sign-in', 'answer-on-page', 'newsletter', 'ambassador', 'hub.question')"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0008_fold_plain_text")]

    operations = [
        migrations.AddField(
            model_name="mail", name="way_in", field=models.BooleanField(db_default=False, default=False)
        ),
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
    ]

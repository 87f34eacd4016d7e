from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('listening', '0003_learner'),
    ]

    operations = [
        # What people marked before is the first that is learnt
        migrations.RunSQL(
            """
            INSERT INTO listening_correction (mention_id, label, by_id, at)
            SELECT id, label, labelled_by_id, labelled_at FROM listening_mention
            WHERE label <> '' AND NOT ours AND labelled_by_id IS NOT NULL AND labelled_at IS NOT NULL
            ORDER BY labelled_at, id
            """,
            migrations.RunSQL.noop,
        ),
    ]

"""An open inbox hears at once that something happened (the pulse of the kernel): once a transaction, whatever it writes."""

from django.db import migrations

SAYS = """
CREATE FUNCTION conversations_pulse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('koor_pulse', pg_current_xact_id()::text);
    RETURN NULL;
END $$;
CREATE TRIGGER pulse AFTER INSERT OR UPDATE OR DELETE ON conversations_conversation
    FOR EACH STATEMENT EXECUTE FUNCTION conversations_pulse();
"""
SILENT = """
DROP TRIGGER pulse ON conversations_conversation;
DROP FUNCTION conversations_pulse();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0023_alarm_of_burst'),
    ]

    operations = [
        migrations.RunSQL(SAYS, SILENT),
    ]

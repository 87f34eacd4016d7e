from django.db import migrations

# The log of a fire is not emptied either, unless somebody says in so many words that the house is: the demo goes so.
NOT_EMPTIED = """
CREATE FUNCTION conversations_log_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('koor.emptied', true) IS DISTINCT FROM 'yes' THEN
        RAISE EXCEPTION 'the log of a fire is not altered' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER log_stays BEFORE TRUNCATE ON conversations_fireline
    FOR EACH STATEMENT EXECUTE FUNCTION conversations_log_stays();
"""
MAY_BE_EMPTIED = """
DROP TRIGGER log_stays ON conversations_fireline;
DROP FUNCTION conversations_log_stays();
"""


class Migration(migrations.Migration):

    dependencies = [('conversations', '0031_go_on_at_once')]

    operations = [migrations.RunSQL(NOT_EMPTIED, MAY_BE_EMPTIED)]

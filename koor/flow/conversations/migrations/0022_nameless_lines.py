from django.db import migrations

# The log of a fire: no line is altered or removed. Its words may be blanked, and the name of a colleague who was erased
# becomes a dash; everybody sees both.
MAY_BE_NAMELESS = """
CREATE OR REPLACE FUNCTION conversations_line_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        AND ((NEW.text = '' AND NEW.salt = '') OR (NEW.text, NEW.salt, NEW.name) = (OLD.text, OLD.salt, '–'))
        AND NEW.name IN (OLD.name, '–')
        AND (NEW.id, NEW.fire_id, NEW.number, NEW.at, NEW.who, NEW.verb, NEW.words, NEW.before, NEW.seal)
        IS NOT DISTINCT FROM
        (OLD.id, OLD.fire_id, OLD.number, OLD.at, OLD.who, OLD.verb, OLD.words, OLD.before, OLD.seal)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the log of a fire is not altered' USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
WORDS_ALONE = """
CREATE OR REPLACE FUNCTION conversations_line_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.text = '' AND NEW.salt = ''
        AND (NEW.id, NEW.fire_id, NEW.number, NEW.at, NEW.who, NEW.name, NEW.verb, NEW.words, NEW.before, NEW.seal)
        IS NOT DISTINCT FROM
        (OLD.id, OLD.fire_id, OLD.number, OLD.at, OLD.who, OLD.name, OLD.verb, OLD.words, OLD.before, OLD.seal)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the log of a fire is not altered' USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [('conversations', '0021_letters_by_moment')]

    operations = [migrations.RunSQL(MAY_BE_NAMELESS, WORDS_ALONE)]

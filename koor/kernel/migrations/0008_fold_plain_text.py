"""Text without anything but ASCII has no accents: it is put into lower case, and no more. Not STRICT, for the planner only
puts a function with a CASE in the place of its call when it is not; what is null stays null."""

from django.db import migrations

ACCENTS = r"""normalize(
    regexp_replace(normalize(lower(t COLLATE pg_unicode_fast), NFD), '[\u0300-\u036f]', '', 'g'), NFC)"""


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0007_knocks'),
    ]

    operations = [
        migrations.RunSQL(
            f"""
            CREATE OR REPLACE FUNCTION koor_fold(t text) RETURNS text
            LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
              SELECT CASE WHEN octet_length(t) = length(t) THEN lower(t COLLATE pg_unicode_fast) ELSE {ACCENTS} END
            $$
            """,
            f"""
            CREATE OR REPLACE FUNCTION koor_fold(t text) RETURNS text
            LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$ SELECT {ACCENTS} $$
            """,
        ),
    ]

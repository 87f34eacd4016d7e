"""The index of words anew: emoji and signs by themselves, and what stands beside quotation marks. Which phrases stand near
each other is told from it by two functions: of a phrase each place at which its words follow each other."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models
from django.db.models.functions import Concat

FUNCTIONS = r"""
CREATE FUNCTION koor_stretches(held tsvector, phrases jsonb) RETURNS TABLE (first int, last int)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (place - at)::int, (place - at)::int + size - 1
  FROM jsonb_array_elements(phrases) WITH ORDINALITY AS phrase (parts, number),
    jsonb_array_length(parts) AS size, jsonb_array_elements_text(parts) WITH ORDINALITY AS part (word, at),
    unnest(held) AS one (lexeme, places, weights), unnest(one.places) AS place
  WHERE CASE WHEN right(word, 1) = '*' THEN lexeme ^@ left(word, -1) ELSE lexeme = word END
  GROUP BY number, place - at, size HAVING count(DISTINCT at) = size
$$;
CREATE FUNCTION koor_near(held tsvector, lefts jsonb, rights jsonb, most int) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT EXISTS (SELECT FROM koor_stretches(held, lefts) AS one, koor_stretches(held, rights) AS other
    WHERE other.first - one.last <= most AND one.first - other.last <= most)
$$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0010_words_apart'),
        ('listening', '0028_no_question_elsewhere'),
    ]

    operations = [
        migrations.RunSQL(
            FUNCTIONS,
            'DROP FUNCTION koor_near(tsvector, jsonb, jsonb, int); DROP FUNCTION koor_stretches(tsvector, jsonb)',
        ),
        migrations.RemoveIndex(model_name='mention', name='mention_search'),
        migrations.RemoveField(model_name='mention', name='search'),
        migrations.AddField(
            model_name='mention',
            name='search',
            field=models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector(models.Func(Concat(models.F('author'), models.Value(' '), models.F('text'), models.Value(' '), output_field=models.TextField()), function='koor_apart', output_field=models.TextField()), config='simple'), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AddIndex(
            model_name='mention',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='mention_search'),
        ),
    ]

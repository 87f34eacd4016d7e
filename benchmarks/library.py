"""The library at a hundred thousand items (`koor bench library`), beside what one would do without its index.

A house of its own in a folder that is thrown away. For each thing typed: the milliseconds of server time (of the
processor and of the database) until the first finds with their facets stand on the page, of similar pictures, and of two
named alternatives in the same run: the same words over a vector that is made while searching, and ILIKE on each word. The first must give the same items as Koor."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

from benchmarks.house import own_house

ITEMS, ROUNDS, MOST = 100_000, 5, 100.0
TYPED = (
    "", "w", "wa", "warmtepomp", "warmtepompen zolder", "huizen", "huis", "meterkast borculo", "batteries installed",
    "de leerling op het dak", "marloes", "#zolder", "zeldzaamheid", "walrus",
)  # fmt: skip
CHOSEN = (
    {"state": "new"}, {"kind": "photo", "q": "huis"}, {"tag": "zolder"}, {"evergreen": "1"}, {"used": "yes"}, {"consent": "ask"},
    {"since": "2026-01-01", "until": "2026-06-30", "q": "dak"},
)  # fmt: skip

# Sentences of a few words each, so that common words are in one of eight and rare ones in a few; ten years, newest last
WORDS = (
    "warmtepomp warmtepompen huis huizen zolder zolders meterkast meterkasten dak daken leerling leerlingen Borculo Lochem "
    "zonnepaneel zonnepanelen batterij battery batteries installed installing kabel kabels wandcontactdoos omvormer café "
    "vandaag gisteren klant klanten blij buiten binnen schoon nieuw oud klaar begonnen gemonteerd getest veilig school "
    "boerderij stal stallen winkel kantoor kantoren brug bruggen laadpaal laadpalen regen zon koffie collega collega's"
)
# Captures first, then items beside them: no row is written twice. Every column that may not be empty is named.
CAPTURES = """
insert into hub_capture (client_id, by_id, sentence, project_id, state, reason, received_at, withdrawn_at, who_told)
select md5(g::text)::uuid, (%(people)s::bigint[])[1 + g %% %(heads)s], '',
       case when g %% 3 > 0 then (%(projects)s::bigint[])[1 + g %% %(jobs)s] end, 'ready', '',
       now() - (%(items)s - g) * interval '50 minutes', case when g %% 999 = 0 then now() end, true
from generate_series(1, %(items)s) g where g %% 20 > 0 and g %% 33 > 0
"""
FILL = """
insert into hub_item
  (kind, title, text, url, by_id, project_id, tags, rights, rights_kind, evergreen, state, decision, made_at, used_at, capture_id)
select case when g %% 20 = 0 then 'text' when g %% 33 = 0 then 'link' else 'photo' end,
       s.words, 'De ' || s.words || ' op het werk' || case when g %% 9973 = 0 then ' zeldzaamheid' else '' end, '',
       (%(people)s::bigint[])[1 + g %% %(heads)s], case when g %% 3 > 0 then (%(projects)s::bigint[])[1 + g %% %(jobs)s] end,
       case when g %% 7 = 0 then array['zolder', 'dak'] when g %% 11 = 0 then array['leerling'] else '{}' end, '', 'own', g %% 40 = 0,
       case when g > %(items)s - 300 then 'new' when g %% 10 = 0 then 'shelved' else 'kept' end, '',
       now() - (%(items)s - g) * interval '50 minutes', case when g %% 4 = 0 then now() - (%(items)s - g) * interval '49 minutes' end,
       c.id
from generate_series(1, %(items)s) g
left join hub_capture c on c.client_id = md5(g::text)::uuid
cross join lateral (
  select string_agg((%(words)s::text[])[1 + (hashint8(g * 31 + n) & 2147483647) %% %(vocabulary)s], ' ') as words
  from generate_series(1, 8) n
) s
"""
PICTURES = """
insert into hub_medium
  (item_id, "order", alt, width, height, dhash, kind, progress, cuts, refused, faces, faces_found, compared, page_count)
select id, 0, '', 4000, 3000, hashint8extended(id, 0), 'photo', 0, '{}', '', 'unseen', 0, true, 0
from hub_item i where kind = 'photo' and not exists (select from hub_medium m where m.item_id = i.id)
"""
SIZES = """
insert into hub_rendition (medium_id, file_id, format, width, height)
select m.id, %(file)s, form, w, w * 3 / 4 from hub_medium m, unnest(array['webp', 'jpeg']) form, unnest(array[400, 1080]) w
where not exists (select from hub_rendition r where r.medium_id = m.id)
"""
IN_IT = """
insert into hub_portrayed (item_id, name, agrees, recorded_at, uses, places)
select id, 'Iemand', case when id %% 200 = 0 then 'ask' when id %% 301 = 0 then 'no' else 'yes' end, now(), '{}', '{}'
from hub_item where id %% 5 = 0
"""


def say(line: str) -> None:
    sys.stderr.write(f"  {line}\n")


def fill(items: int) -> None:
    from django.db import connection

    from koor.ground.contacts.models import Project
    from koor.ground.people.models import Person
    from koor.kernel import files

    people = list(Person.objects.values_list("pk", flat=True))
    projects = list(Project.objects.values_list("pk", flat=True))
    stored = files.store(b"picture", mime="image/jpeg", name="picture.jpg")
    values: dict[str, Any] = {
        "items": items, "people": people, "heads": len(people), "projects": projects, "jobs": len(projects),
        "words": WORDS.split(), "vocabulary": len(WORDS.split()), "file": stored.pk,
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in (
            CAPTURES,
            "analyze hub_capture",
            FILL,
            "analyze hub_item",
            PICTURES,
            SIZES,
            IN_IT,
        ):
            cursor.execute(statement, values)
        cursor.execute("vacuum (analyze)")


def timed(work: Callable[[], list[int]]) -> tuple[float, list[int]]:
    """What is beside Koor is asked once: each takes seconds. With its answer."""
    begin = time.perf_counter()
    found = work()
    return round((time.perf_counter() - begin) * 1000, 1), found


def spent(work: Callable[[], Any]) -> float:
    """Processor time of this process and the time until the database answered: what it takes by itself, also while
    other work keeps the machine busy."""
    from django.db import connection

    waited: list[float] = []

    def asked(execute: Any, statement: str, values: Any, many: bool, context: Any) -> Any:
        begin, busy = time.perf_counter(), time.process_time()
        try:
            return execute(statement, values, many, context)
        finally:
            waited.append(max(time.perf_counter() - begin - (time.process_time() - busy), 0))

    found = []
    for round_ in range(ROUNDS + 1):
        waited.clear()
        begin = time.process_time()
        with connection.execute_wrapper(asked):
            work()
        if round_:
            found.append((time.process_time() - begin + sum(waited)) * 1000)
    return round(median(found), 1)


NEWEST = "order by i.made_at desc, i.id desc limit 25"
SEEN = (
    "from hub_item i left join hub_capture c on c.id = i.capture_id left join contacts_project p on p.id = i.project_id"
    " left join people_person m on m.id = i.by_id where c.withdrawn_at is null"
)
NAMES = "koor_fold(concat_ws(' ', p.name, p.place, m.name))"
VECTOR = "(to_tsvector('simple', t) || to_tsvector('dutch', t) || to_tsvector('english', t))"
FOLDED = "koor_fold(i.title || ' ' || i.text || ' ' || array_to_string(i.tags, ' '))"


def beside(words: str) -> tuple[Callable[[], list[int]], Callable[[], list[int]]]:
    """The newest 25 by a vector that is made while searching, and by ILIKE."""
    from django.db import connection

    from koor.kernel import search, sql

    typed = search.typed(words, sql.stems)
    parts = [f"%{word}%" for word in words.split()]

    def fetched(statement: str, values: list[Any]) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return [row[0] for row in cursor.fetchall()]

    def unindexed() -> list[int]:
        vector = VECTOR.replace("t)", f"{FOLDED})")
        one = f"({vector} @@ to_tsquery('simple', %s) or {NAMES} ~ %s)"
        found = " and ".join(one for _word in typed)
        values = [value for word in typed for value in (word.query, rf"(^|\W){word.word}")]
        return fetched(f"select i.id {SEEN} and {found} {NEWEST}", values)

    def like() -> list[int]:
        alike = " and ".join("(i.title ilike %s or i.text ilike %s)" for _part in parts)
        return fetched(f"select i.id {SEEN} and {alike} {NEWEST}", [one for part in parts for one in (part, part)])

    return unindexed, like


def measured(items: int) -> dict[str, Any]:
    from django.core.management import call_command
    from django.test import Client
    from django.utils import translation

    from koor.flow.hub import queries
    from koor.ground.people.models import Person
    from koor.shell.demo import load

    say("a house of its own, with the demo organisation")
    call_command("migrate", verbosity=0, interactive=False)
    load.load()
    say(f"{items} items")
    fill(items)
    translation.activate("nl")
    people = {name: Person.objects.get(name__startswith=name + " ") for name in ("Marloes", "Bram")}
    visitors = {name: Client() for name in people}
    for name, visitor in visitors.items():
        visitor.force_login(people[name])

    def page(who: str, asked: dict[str, str], piecewise: bool) -> float:
        headers = {"HX-Request": "true"} if piecewise else {}
        return spent(lambda: visitors[who].get("/library/", asked, headers=headers, SERVER_NAME="127.0.0.1"))

    shown = queries.items(people["Marloes"], kind="photo")[5]
    rows = []
    for asked in [*({"q": words} for words in TYPED), *CHOSEN]:
        row: dict[str, Any] = {
            "asked": asked,
            "curator": page("Marloes", asked, True),
            "colleague": page("Bram", asked, True),
        }
        words = asked.get("q", "")
        if set(asked) == {"q"} and words and not words.startswith("#") and words != "marloes":
            unindexed, like = beside(words)
            ours = [one.pk for one in queries.Finds(people["Marloes"], {"words": words})[0:25]]
            (slow, theirs), (guessed, _found) = timed(unindexed), timed(like)
            row |= {"unindexed": slow, "like": guessed, "same": ours == theirs, "finds": len(ours)}
        rows.append(row)
        say(json.dumps(row))
    whole = {who: page(who, {}, False) for who in visitors}
    alike = {who: spent(partial(queries.lookalikes, people[who], shown)) for who in visitors}
    slowest = max(*alike.values(), *(max(row["curator"], row["colleague"]) for row in rows))
    return {
        "items": items, "rows": rows, "whole_page": whole, "alike": alike, "slowest": slowest, "within": slowest <= MOST,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=ITEMS)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with own_house():
        found = measured(args.items)
    from koor.shell.command_line.bench import library_words

    print(json.dumps(found) if args.json else library_words(found))


if __name__ == "__main__":
    main()

"""A file comes in once, however often it is imported; what can't be read is set aside."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from procrastinate.contrib.django.models import ProcrastinateJob

from koor.flow.listening import actions, queries
from koor.flow.listening.actions import storing
from koor.flow.listening.choices import EventState, SourceKind
from koor.flow.listening.events import MentionStored
from koor.flow.listening.models import Import, Match, Mention, RawEvent, Source
from koor.flow.listening.tests.conftest import lines
from koor.ground.channels.models import Account
from koor.ground.people.models import House, Person
from koor.kernel import clock, events
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry

BringIn = Callable[..., actions.Tally]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    facts: list[object] = []
    monkeypatch.setattr(events, "tell_all", lambda many: facts.extend(many))
    return facts


def test_lines_become_mentions(noon: datetime, bring_in: BringIn) -> None:
    tally = bring_in({"text": "Eén"}, {"text": "Twee", "url": "https://x.example/2", "lang": "nl", "handle": "@els"})
    assert tally.as_dict() == {"read": 2, "stored": 2, "duplicates": 0, "matched": 0, "quarantined": 0}
    mention = Mention.objects.get(external_id="p2")
    assert (mention.text, mention.url, mention.language) == ("Twee", "https://x.example/2", "nl")
    assert (mention.name, mention.handle, mention.kind) == ("Els Roelvink", "@els", "mention")
    assert mention.said_at == datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert mention.stored_at == noon
    assert mention.event is not None
    assert '"Twee"' in mention.event.body
    source = Source.objects.get()
    assert (source.kind, source.last_success_at, source.last_problem) == (SourceKind.FILE, noon, "")


def test_the_same_file_twice_stores_nothing_twice(bring_in: BringIn) -> None:
    posts = ({"text": "Eén"}, {"text": "Twee"}, "nope")
    bring_in(*posts)
    again = bring_in(*posts)
    assert again.as_dict() == {"read": 3, "stored": 0, "duplicates": 2, "matched": 0, "quarantined": 1}
    assert (Mention.objects.count(), RawEvent.objects.count(), Source.objects.count()) == (2, 3, 1)


def test_of_two_alike_in_one_file_the_first_counts(bring_in: BringIn) -> None:
    tally = bring_in({"id": "a", "text": "Eerst"}, {"id": "a", "text": "Later"})
    assert (tally.stored, tally.duplicates) == (1, 1)
    assert Mention.objects.get().text == "Eerst"


def test_the_same_id_from_another_source_is_another_mention(bring_in: BringIn) -> None:
    bring_in({"text": "Hier"}, source="Een")
    bring_in({"text": "Daar"}, source="Twee")
    assert Mention.objects.count() == 2


def test_broken_lines_are_set_aside_and_the_rest_goes_on(bring_in: BringIn) -> None:
    tally = bring_in({"text": "Eén"}, '{"id": "x"', {"text": "a" * 100_001}, {"text": "Vier"})
    assert (tally.stored, tally.quarantined) == (2, 2)
    broken = RawEvent.objects.filter(state=EventState.QUARANTINED).order_by("pk")
    assert {event.reason for event in broken} == {
        "This is not JSON.",
        "The text is longer than 100,000 characters.",
    }


def test_what_was_broken_and_is_mended_in_the_file_comes_in(bring_in: BringIn) -> None:
    bring_in({"id": "a", "text": "Eén", "created_at": "gisteren"})
    tally = bring_in({"id": "a", "text": "Eén"})
    assert (tally.stored, tally.duplicates) == (1, 0)


def test_what_a_person_put_aside_is_not_broken_again(bring_in: BringIn, marloes: Person) -> None:
    bring_in("nope")
    actions.drop_event(by=marloes, event=RawEvent.objects.get())
    assert bring_in("nope").as_dict()["duplicates"] == 1
    assert RawEvent.objects.get().state == EventState.DROPPED


def test_queries_meet_what_comes_in(bring_in: BringIn, told: list[object]) -> None:
    pump = actions.add_query(by=SYSTEM, name="pomp", expression="pomp* NOT fiets")
    cold = actions.add_query(by=SYSTEM, name="koud", expression='"koude douche" OR pomp')
    tally = bring_in({"text": "De pomp is stuk"}, {"text": "Weer een koude douche"}, {"text": "fietspompen"})
    assert (tally.stored, tally.matched) == (3, 2)
    met = set(Match.objects.values_list("query", "mention__external_id"))
    assert met == {(pump.pk, "p1"), (cold.pk, "p1"), (cold.pk, "p2")}
    numbers = dict(Mention.objects.values_list("external_id", "pk"))
    assert told == [MentionStored(numbers["p1"]), MentionStored(numbers["p2"])]


def test_a_paused_query_meets_nothing_and_an_unreadable_one_stops_nothing(bring_in: BringIn) -> None:
    query = actions.add_query(by=SYSTEM, name="pomp", expression="pomp")
    actions.pause_query(by=SYSTEM, query=query)
    broken = actions.add_query(by=SYSTEM, name="oud", expression="pomp")
    type(broken).objects.filter(pk=broken.pk).update(expression="(", changed_at=clock.now())
    assert bring_in({"text": "De pomp is stuk"}).matched == 0


def test_what_our_own_accounts_say_is_no_mention(bring_in: BringIn, hanna: Person, told: list[object]) -> None:
    Account.objects.create(
        connector="mastodon", name="Reurslag", handle="@Reurslag@x.example", owner=hanna, made_at=clock.now()
    )
    actions.add_query(by=SYSTEM, name="pomp", expression="pomp")
    tally = bring_in(
        {"text": "Onze pomp", "handle": "@reurslag@X.example"},
        {"text": "Hun pomp", "author": "Reurslag"},
        {"text": "Weer onze pomp", "author": "@reurslag@x.example"},
    )
    assert (tally.stored, tally.matched) == (3, 1)
    assert list(Mention.objects.filter(ours=False).values_list("external_id", flat=True)) == ["p2"]
    assert len(told) == 1


def test_a_clock_far_ahead_does_not_stand_on_top_for_ever(noon: datetime, bring_in: BringIn) -> None:
    bring_in({"text": "Toekomst", "created_at": "2999-01-01T00:00:00Z"})
    assert Mention.objects.get().said_at == noon


def test_rows_without_a_date_were_said_now(noon: datetime, house: House) -> None:
    stream = io.BytesIO("text\nEén\nTwee\n".encode())
    _source, tally = actions.import_file(by=SYSTEM, source_name="Tabel", stream=stream, form="csv")
    assert tally.stored == 2
    assert set(Mention.objects.values_list("said_at", flat=True)) == {noon}


def test_batches_follow_each_other(bring_in: BringIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "BATCH", 3)
    tally = bring_in(*({"text": f"Bericht {n}"} for n in range(10)))
    assert (tally.read, tally.stored) == (10, 10)


def test_hostile_text_is_kept_and_shown_as_text(bring_in: BringIn) -> None:
    text = "<script>alert(1)</script> \u202eomgekeerd\u202c \\u0000 '; DROP TABLE x; --"
    bring_in({"text": text, "author": "<b>Els</b>"})
    assert Mention.objects.get().text == text


@pytest.mark.parametrize("name", ["", "  ", "\x00"])
def test_a_source_has_a_name(house: House, name: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.import_file(by=SYSTEM, source_name=name, stream=lines())
    assert refused.value.code == "no_name"


def test_a_file_that_is_no_table_says_so_and_leaves_nothing(house: House) -> None:
    with pytest.raises(Refused) as refused:
        actions.import_file(by=SYSTEM, source_name="Tabel", stream=io.BytesIO(b"a,b\n1,2"), form="csv")
    assert refused.value.code == "unreadable_file"
    assert "No column" in str(refused.value)
    assert "here that is: a, b." in str(refused.value)
    table = b"text,author\n" + b"Hallo,Els\n" * 12
    for content, form, says in (
        (table, "jsonl", "Is it a table?"), (b'\xef\xbb\xbf [\n {"id": "1"}]', "jsonl", "one list of JSON"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=says):
            actions.import_file(by=SYSTEM, source_name="Tabel", stream=io.BytesIO(content), form=form)
    assert not Source.objects.exists()


def test_a_source_that_koor_listens_to_takes_no_files(house: House) -> None:
    Source.objects.create(name="Nieuws", kind=SourceKind.FEED, made_at=clock.now())
    with pytest.raises(Refused) as refused:
        actions.import_file(by=SYSTEM, source_name="nieuws", stream=lines())
    assert refused.value.code == "not_a_file_source"


def test_an_unknown_form_is_refused(house: House) -> None:
    with pytest.raises(Refused):
        actions.import_file(by=SYSTEM, source_name="X", stream=lines(), form="xlsx")


def test_who_may_import(house: House, marloes: Person, pieter: Person, newcomer: Person) -> None:
    actions.import_file(by=marloes, source_name="X", stream=lines({"text": "a"}))
    assert AuditEntry.objects.get(verb="listening.import_file").actor_id == marloes.pk
    for person in (pieter, newcomer):
        with pytest.raises(Forbidden):
            actions.import_file(by=person, source_name="X", stream=lines())


def test_the_number_of_statements_does_not_follow_the_number_of_lines(
    house: House, told: list[object], django_assert_num_queries: Callable[..., object]
) -> None:
    actions.add_query(by=SYSTEM, name="pomp", expression="pomp")
    actions.import_file(by=SYSTEM, source_name="X", stream=lines({"id": "0", "text": "pomp"}))
    posts = [{"id": f"n{n}", "text": f"pomp {n}"} for n in range(400)]
    with django_assert_num_queries(24):
        actions.import_file(by=SYSTEM, source_name="X", stream=lines(*posts))
    assert Match.objects.count() == 401
    assert queries.matcher() is queries.matcher()


def test_a_large_file_follows_its_source_and_keeps_nobody_waiting(house: House, marloes: Person) -> None:
    def begun(name: str) -> Import:
        file = SimpleUploadedFile("groot.jsonl", lines({"id": name, "text": "De pomp"}).read())
        return actions.begin_import(by=marloes, source_name=name, file=file)

    first, second, stuck = begun("Een"), begun("Twee"), begun("Drie")
    actions.edit_source(by=marloes, source=Source.objects.get(name="Een"), name="Anders")
    actions.go_on_importing(first.pk)
    assert (Mention.objects.get().source.name, Source.objects.count()) == ("Anders", 3)
    actions.remove_source(by=marloes, source=Source.objects.get(name="Twee"), takes_along=False)
    actions.go_on_importing(second.pk)
    actions.take_up_imports()
    told = list(Import.objects.order_by("pk").values_list("problem", flat=True))
    assert told == ["", "The source was removed meanwhile.", ""]
    ProcrastinateJob.objects.all()._raw_delete("default")  # what was to bring it in died with the worker
    with clock.fixed(clock.now() + timedelta(hours=2)):
        actions.take_up_imports()
    assert [job.args["number"] for job in ProcrastinateJob.objects.all()] == [stuck.pk]
    with clock.fixed(clock.now() + timedelta(hours=5)):
        actions.take_up_imports()
    stuck.refresh_from_db()
    assert (stuck.problem[:24], stuck.file, stuck.done_at is None) == ("It stopped halfway. Impo", None, False)

"""What happened, in sentences; found by who, room and day; as far back as one likes; as a harmless file."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from koor.ground.governance import queries
from koor.ground.governance.queries import Wanted
from koor.ground.people import actions
from koor.ground.people.models import Person
from koor.kernel import audit, clock
from koor.kernel.access import NotFound
from koor.kernel.models import AuditEntry


def deed(by: Person, verb: str, at: datetime | None = None, target: Person | None = None, **detail: Any) -> AuditEntry:
    with clock.fixed(at or clock.now()), transaction.atomic():
        audit.record(by=by, verb=verb, target=target, **detail)
    return AuditEntry.objects.latest("pk")


def test_a_deed_reads_as_a_sentence(marloes: Person, bram: Person) -> None:
    actions.change_autonomy(by=marloes, person=bram, autonomy="buddy", why="Passed all lessons")
    (entry,) = queries.entries(marloes, Wanted())
    assert audit.sentence(entry) == "Marloes Nijhuis gave Bram Wolters the step “With a buddy”: Passed all lessons"
    with translation.override("nl"):
        assert audit.sentence(entry) == "Marloes Nijhuis gaf Bram Wolters de stap “Met een maatje”: Passed all lessons"


def test_a_verb_that_nobody_tells_still_reads(marloes: Person, bram: Person) -> None:
    entry = deed(marloes, "weather.make_rain", target=bram)
    assert audit.sentence(entry) == "Marloes Nijhuis: weather make rain (Bram Wolters)"


def test_an_old_entry_without_its_details_still_reads(marloes: Person) -> None:
    for verb in ("people.invite", "people.change_roles", "people.change_autonomy", "governance.set_permission"):
        assert "Marloes Nijhuis" in audit.sentence(deed(marloes, verb))


def test_filters(marloes: Person, bram: Person, ada: Person) -> None:
    monday = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # Tuesday already, in Borculo
    one = deed(marloes, "people.let_back", monday, bram)
    two = deed(ada, "hub.keep", monday - timedelta(days=3))
    for wanted, found in (
        (Wanted(), [one, two]),
        (Wanted(actor=ada.pk), [two]),
        (Wanted(room="people"), [one]),
        (Wanted(verb="hub.keep"), [two]),
        (Wanted(words="bram"), [one]),
        (Wanted(first=date(2026, 11, 24)), [one]),
        (Wanted(last=date(2026, 11, 23)), [two]),
        (Wanted(room="calendar"), []),
    ):
        assert list(queries.entries(marloes, wanted)) == found


def test_page_after_page_without_gaps(marloes: Person, noon: datetime) -> None:
    same = [deed(marloes, "hub.keep", noon) for _number in range(7)]
    seen: list[AuditEntry] = []
    cursor = ""
    for _page in range(4):
        found, cursor = queries.entries_after(marloes, Wanted(), cursor, per=2)
        seen += found
    assert seen == same[::-1]
    assert cursor == ""
    for nonsense in ("x", "2026_1", "2026-01-01T00:00:00+00:00_x", "_", "2026-01-01_99"):
        assert queries.entries_after(marloes, Wanted(), nonsense, per=2)[0] == same[:4:-1]


def test_not_for_everyone(newcomer: Person) -> None:
    with pytest.raises(NotFound):
        queries.entries(newcomer, Wanted())


def test_as_a_file(visit: Callable[..., Any], ada: Person, bram: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    bram.name = "=HYPERLINK(1)"
    bram.save()
    deed(ada, "people.let_back", target=bram)
    answer = visit(ada).post(reverse("governance:audit_file"), {"room": "people"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    heading, *rows = csv.reader(io.StringIO(text))
    assert heading[1] == "who"
    assert len(rows) == 1
    assert rows[0][4] == "'=HYPERLINK(1)"
    assert AuditEntry.objects.latest("pk").verb == "governance.export_audit"
    monkeypatch.setattr(queries, "MOST_IN_FILE", 1)
    full = b"".join(visit(ada).post(reverse("governance:audit_file"), {"room": "people"}).streaming_content).decode()
    assert "A file holds at most" in full

"""A plan brought in as CSV: read, shown with what is wrong, and taken in once."""

from dataclasses import asdict, dataclass, field
from datetime import date, time
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import override

from koor.flow.calendar import access
from koor.flow.calendar.actions.giving import note_given
from koor.flow.calendar.choices import Content
from koor.flow.calendar.logic import lists
from koor.flow.calendar.models import Campaign, Slot
from koor.ground.channels.choices import AccountState
from koor.ground.channels.models import Account
from koor.ground.contacts.models import Project
from koor.ground.people import actions as people
from koor.ground.people.choices import ImportKind
from koor.ground.people.logic.lists import known_columns
from koor.ground.people.models import ImportDraft, Person
from koor.kernel import audit, clock, tables
from koor.kernel.access import Refused, require

MOST = 2_000  # rows of one list
Key = tuple[date, time | None, str, int | None]


@transaction.atomic
def read_plan(*, by: Person, name: str, data: bytes) -> ImportDraft:
    """Read a list; nothing is planned yet. A bad row is kept with what is wrong with it."""
    require(access.may_plan(by))
    table = tables.read(data, most_lines=MOST)
    columns = known_columns(table.columns, lists.COLUMNS)
    if not {"day", "title"} <= set(columns.values()):
        sentence = _("The heading needs a column with days and one with what comes. Read was: %(columns)s")
        raise Refused(sentence % {"columns": ", ".join(table.columns[:12])}, code="columns", field="file")
    kinds = _kinds()
    rows = []
    for line in table.lines:
        values = {columns[key]: value for key, value in line.values.items() if key in columns}
        found = lists.entry(line.number, values, kinds)
        if line.problem:
            found.problems = [("line", line.problem)]
        rows.append(asdict(found))
    return people.keep_draft(by=by, kind=ImportKind.CALENDAR, name=name, rows=rows)


def _kinds() -> dict[str, str]:
    """Each kind of content as it may be written: its code, and its name in every language of the house."""
    found = {value: value for value in Content.values}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {str(label).lower(): value for value, label in Content.choices}
    return found


@dataclass
class Row:
    """One row, checked against what there is."""

    entry: lists.Entry
    problems: list[str] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    known: bool = False  # stands in the calendar already, or earlier on the list

    @property
    def key(self) -> Key:
        account = self.fields.get("account")
        return (self.fields["day"], self.fields["time"], self.entry.title.lower(), account.pk if account else None)


def checked_plan(draft: ImportDraft, *, by: Person) -> list[Row]:
    """Each row with what is wrong with it, in words, or with what it becomes. Six queries, whatever its length."""
    named = _Named()
    rows = [Row(lists.Entry(**{**row, "problems": [tuple(p) for p in row["problems"]]})) for row in draft.rows]
    for row in rows:
        row.problems = [_words(code, read) for code, read in row.entry.problems]
        if row.problems:
            named.find(row)  # whoever mends the list hears all of it at once
        else:
            named.fill(row)
    fine = [row for row in rows if not row.problems]
    there = _standing({row.fields["day"] for row in fine})
    for row in fine:
        row.known = row.key in there
        there.add(row.key)
    return rows


class _Named:
    """What a list calls by name: colleagues, channels, campaigns and projects."""

    def __init__(self) -> None:
        self.people: dict[str, Person | None] = {}
        for person in Person.objects.filter(is_active=True):
            self.people[person.email.lower()] = person
            for name in {person.name.lower(), person.first_name.lower()}:
                self.people[name] = None if name in self.people else person  # two of that name: say which
        accounts = Account.objects.exclude(state=AccountState.DISCONNECTED)
        self.tables: dict[str, dict[str, Any]] = {
            "channel": {row.name.lower(): row for row in accounts},
            "campaign": {row.name.lower(): row for row in Campaign.objects.all()},
            "project": {row.name.lower(): row for row in Project.objects.all()},
        }

    def fill(self, row: Row) -> None:
        said = row.entry
        row.fields = {
            "day": date.fromisoformat(said.day), "time": time.fromisoformat(said.time) if said.time else None,
            "title": said.title, "content": said.content, "person": None,
        }  # fmt: skip
        self.find(row)

    def find(self, row: Row) -> None:
        said = row.entry
        if said.who:
            person = self.people.get(said.who.lower())
            row.fields["person"] = person
            if person is None:
                several = said.who.lower() in self.people
                row.problems.append(_words("several" if several else "who", said.who))
        for name, table in self.tables.items():
            word = getattr(said, name)
            row.fields["account" if name == "channel" else name] = found = table.get(word.lower()) if word else None
            if word and found is None:
                row.problems.append(_words(name, word))


def _standing(days: set[date]) -> set[Key]:
    rows = Slot.objects.filter(dropped_at=None, day__in=days).annotate(folded=Lower("title"))
    return set(rows.values_list("day", "time", "folded", "account_id"))


def _words(code: str, read: str) -> str:
    if code == "line":
        return read
    sentences = {
        "day": _("This day can't be read: %(read)s"),
        "time": _("This time can't be read: %(read)s"),
        "content": _("This kind is not known: %(read)s"),
        "empty": _("It does not say what comes."),
        "long": _("Too long: %(read)s…"),
        "who": _("No colleague is called so: %(read)s"),
        "several": _("More than one colleague is called %(read)s. Use the e-mail address."),
        "channel": _("No channel is called so: %(read)s"),
        "campaign": _("No campaign is called so: %(read)s"),
        "project": _("No project is called so: %(read)s"),
    }
    return sentences[code] % {"read": read[:60] or "–"}


@transaction.atomic
def take_in_plan(*, by: Person, draft: ImportDraft) -> ImportDraft:
    """Put everything on the list that is right and not there yet into the calendar. Done once."""
    require(access.may_plan(by))
    draft = ImportDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk, by=by)
    if draft.taken_in_at is not None:
        return draft
    rows = checked_plan(draft, by=by)
    new = [row for row in rows if not row.problems and not row.known]
    made = Slot.objects.bulk_create([Slot(**row.fields) for row in new], batch_size=500)
    note_given(((slot, None) for slot in sorted(made, key=lambda one: one.day)), by=by)
    outcome = {
        "added": len(new),
        "known": sum(row.known for row in rows),
        "left_out": sum(bool(row.problems) for row in rows),
    }
    draft.taken_in_at, draft.outcome, draft.rows = clock.now(), outcome, []
    draft.save()
    audit.record(by=by, verb="calendar.take_in_plan", target=draft, **outcome)
    return draft

"""A list of colleagues, brought in as CSV: read, shown with what is wrong, and taken in once."""

from dataclasses import asdict
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from koor.ground.people import logic, queries
from koor.ground.people.access import may_give_roles, may_manage_people
from koor.ground.people.actions.house import discipline_named
from koor.ground.people.actions.invitations import invite
from koor.ground.people.actions.managing import add_person, checked_name
from koor.ground.people.actions.profile import say_skill
from koor.ground.people.choices import ImportKind, SkillKind
from koor.ground.people.logic import lists
from koor.ground.people.models import ImportDraft, Person
from koor.kernel import audit, clock, tables
from koor.kernel.access import Forbidden, Refused, require

LIMITS = {"name": 120, "job": 120, "discipline": 80, "phone": 40, "knows": 1000}


@transaction.atomic
def read_colleagues(*, by: Person, name: str, data: bytes) -> ImportDraft:
    """Read a list; nothing is taken in yet. A bad row is kept with what is wrong with it."""
    require(may_manage_people(by))
    table = tables.read(data, most_lines=2_000)
    columns = lists.known_columns(table.columns, lists.COLUMNS)
    if "email" not in columns.values() or not {"name", "first", "last"} & set(columns.values()):
        sentence = _("The heading needs a column with names and one with e-mail addresses. Read was: %(columns)s")
        raise Refused(sentence % {"columns": ", ".join(table.columns[:12])}, code="columns", field="file")
    rows = []
    for line in table.lines:
        found = lists.entry(line.number, {columns[key]: value for key, value in line.values.items() if key in columns})
        if line.problem:
            found.problems.append(("line", line.problem))
        rows.append(asdict(found))
    return keep_draft(by=by, kind=ImportKind.COLLEAGUES, name=name, rows=rows)


def keep_draft(*, by: Person, kind: str, name: str, rows: list[dict[str, object]]) -> ImportDraft:
    """Keep what was read until it is taken in; an earlier one of this kind that was not, goes."""
    ImportDraft.objects.filter(by=by, kind=kind, taken_in_at__isnull=True).delete()
    title = logic.one_line(name)[:200] or "csv"
    return ImportDraft.objects.create(kind=kind, by=by, name=title, rows=rows, made_at=clock.now())


@transaction.atomic
def take_in_colleagues(*, by: Person, draft: ImportDraft, invited: bool = True) -> ImportDraft:
    """Write down everyone on the list who is not known yet, and send each an invitation. Done once."""
    require(may_manage_people(by))
    draft = ImportDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk, by=by)
    if draft.taken_in_at is not None:
        return draft
    outcome = {"added": 0, "known": 0, "left_out": 0}
    for row, problems, known in checked_rows(draft, by=by):
        if known is not None:
            outcome["known"] += 1
        elif problems or not _taken_in(by, row, invited):
            outcome["left_out"] += 1
        else:
            outcome["added"] += 1
    draft.taken_in_at, draft.outcome, draft.rows = clock.now(), outcome, []
    draft.save()
    audit.record(by=by, verb="people.import_colleagues", target=draft, **outcome)
    return draft


def _taken_in(by: Person, row: lists.Entry, invited: bool) -> bool:
    """Write one colleague down; False when it is refused after all, such as by two rows at the same moment."""
    try:
        with transaction.atomic():
            person = add_person(
                by=by,
                email=row.email,
                name=row.name,
                roles=row.roles,
                discipline=discipline_named(row.discipline) if row.discipline else None,
                job=row.job,
                knows=row.knows,
                phone=row.phone,
                language=row.language,
                started_on=date.fromisoformat(row.started_on) if row.started_on else None,
            )
            for skill in row.skills:
                say_skill(person, skill, SkillKind.SUBJECT, by=by)
            if invited:
                invite(by=by, email=person.email, person=person)
    except (Refused, Forbidden):
        return False
    return True


def checked_rows(draft: ImportDraft, *, by: Person) -> list[tuple[lists.Entry, list[str], Person | None]]:
    """Each row with what is wrong with it, in words, and the colleague who is known by its address. One query."""
    rows = [lists.Entry(**{**row, "problems": [tuple(p) for p in row["problems"]]}) for row in draft.rows]
    known = queries.people_by_address([row.email for row in rows if row.email])
    seen: dict[str, int] = {}
    checked = []
    for row in rows:
        problems = [_words(code, read) for code, read in row.problems] + _problems(by, row)
        if row.email and row.email in seen:
            problems.append(_("The same address as line %(line)s.") % {"line": seen[row.email]})
        seen.setdefault(row.email, row.number)
        checked.append((row, problems, known.get(row.email) if not problems else None))
    return checked


def _problems(by: Person, row: lists.Entry) -> list[str]:
    """What is wrong with what the row says, in words."""
    problems = []
    try:
        checked_name(row.name)
    except Refused as refused:
        problems.append(str(refused))
    try:
        validate_email(row.email)
    except ValidationError:
        problems.append(_("This is not an e-mail address: %(read)s") % {"read": row.email[:60] or "–"})
    for key, most in LIMITS.items():
        if key != "name" and len(getattr(row, key)) > most:
            problems.append(_("Too long: %(read)s…") % {"read": getattr(row, key)[:40]})
    if any(len(skill) > 80 for skill in row.skills):
        problems.append(_("A skill has at most 80 characters."))
    if not may_give_roles(by, set(row.roles)):
        problems.append(_("Only an administrator makes another administrator."))
    return problems


def _words(code: str, read: str) -> str:
    if code == "line":
        return read
    sentences = {
        "role": _("This role is not known: %(read)s"),
        "language": _("This language is not known: %(read)s"),
        "day": _("This day can't be read: %(read)s"),
    }
    return sentences[code] % {"read": read[:60]}

"""What the people room holds on colleagues, and how one is found."""

from collections.abc import Iterator
from datetime import UTC, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from koor.ground.people.models import Person
from koor.kernel import files
from koor.kernel.personal import (
    COLLEAGUE,
    DELETE,
    Known,
    People,
    Subject,
    by_hand,
    called,
    holds,
    holds_none,
    stays,
    subjects,
)

GONE = "gone.invalid"  # of the address that an erased row keeps: addresses are unique, and this one reaches nobody
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LET_GO = stays(_("only that it was theirs goes"))


def find(pk: int) -> Subject | None:
    row = Person.objects.filter(pk=pk).first()
    if row is None:
        return None
    addresses = frozenset({("email", row.email.lower())}) if row.email.partition("@")[2] != GONE else frozenset()
    names = () if Person.objects.filter(name__iexact=row.name).exclude(pk=pk).exists() or not addresses else (row.name,)
    return Subject(COLLEAGUE, row.pk, row, row.name, (row.pk,), names, addresses, marks=(_mark(row),))


def _mark(row: Person) -> str:
    """By which the row is known again in an older backup; nothing of the person."""
    return f"{row.pk} {(row.joined_at or row.left_at or EPOCH).isoformat()}"


def known() -> Iterator[Known]:
    """All colleagues, to hold against the tombstones."""
    for row in Person.objects.only("pk", "joined_at", "left_at").iterator(1000):
        yield row.pk, _mark(row)


def _former(rows: QuerySet[Person], subject: Subject) -> int:
    """What they did stays signed by a former colleague, of whom nothing is known."""
    for row in rows.select_related("picture"):
        picture = row.picture
        row.skills.clear()
        row.teams.clear()
        row.name, row.email = say("Former colleague"), f"{row.pk}@{GONE}"
        row.job = row.knows = row.voice = row.phone = row.face = row.picture_handle = ""
        row.picture = row.discipline = row.buddy = row.started_on = None
        row.roles, row.is_active = [], False
        row.set_unusable_password()
        row.save()
        if picture is not None:
            files.forget(picture)
    return len(rows)


def _invited(subject: Subject) -> Q | None:
    if subject.kind != COLLEAGUE:
        return None
    return Q(person__in=subject.pks) | Q(accepted_by__in=subject.pks) | Q(email__iexact=subject.row.email)


subjects(
    COLLEAGUE,
    People(
        "people.Person",
        find,
        known=known,
        look=lambda person, words: Person.objects.filter(name__icontains=words).order_by("name"),
    ),
)
holds("people.ImportDraft", _("Lists brought in"), shown=("kind", "name"), when="made_at", age="made_at",
      named=("rows",))  # fmt: skip
holds("people.Token", _("Keys for programs"), shown=("name", "start", "used_at"), when="made_at")
holds("people.Invitation", _("Invitations"), colleague=_invited, shown=("email", "name", "roles"), when="made_at",
      former=DELETE)  # fmt: skip
holds("people.RotaTurn", _("Turns"), shown=("rota__name",))
holds("people.Absence", _("Days away"), colleague=("person", "stand_in"), when="first_day",
      shown=("person__name", "first_day", "last_day", "stand_in__name", "sentence"), named=("sentence",))  # fmt: skip
holds("people.Skill", _("What they know and can do"), shown=("name", "kind"), former=_LET_GO)
holds("people.Team", _("Teams"), shown=("name", "about"), named=("about",), former=_LET_GO)
holds(
    "people.Person", _("What is written down of them"), colleague=("pk",), when="joined_at", secret=("password",),
    shown=("name", "email", "job", "discipline__name", "roles", "autonomy", "knows", "voice", "phone", "language",
           "started_on"),
    named=("knows",), former=by_hand(_former, key="nameless"),
)  # fmt: skip
holds_none("people.House", "people.Discipline", "people.Rota", "people.Provider", because="the organisation itself")
called("people.House", "name")

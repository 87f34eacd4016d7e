"""What the people room holds on colleagues, and how one is found."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from koor.ground.people.models import Person
from koor.kernel.personal import COLLEAGUE, People, Subject, called, holds, holds_none, subjects


def find(pk: int) -> Subject | None:
    row = Person.objects.filter(pk=pk).first()
    if row is None:
        return None
    addresses = frozenset({("email", row.email.lower())})
    return Subject(COLLEAGUE, row.pk, row, row.name, (row.pk,), (row.name,), addresses)


def _invited(subject: Subject) -> Q | None:
    if subject.kind != COLLEAGUE:
        return None
    return Q(person__in=subject.pks) | Q(accepted_by__in=subject.pks) | Q(email__iexact=subject.row.email)


subjects(
    COLLEAGUE,
    People(
        "people.Person", find, look=lambda person, words: Person.objects.filter(name__icontains=words).order_by("name")
    ),
)
holds("people.ImportDraft", _("Lists brought in"), shown=("kind", "name"), when="made_at", age="made_at",
      named=("rows",))  # fmt: skip
holds("people.Token", _("Keys for programs"), shown=("name", "start", "used_at"), when="made_at")
holds("people.Invitation", _("Invitations"), colleague=_invited, shown=("email", "name", "roles"), when="made_at")
holds("people.RotaTurn", _("Turns"), shown=("rota__name",))
holds("people.Absence", _("Days away"), colleague=("person", "stand_in"), when="first_day",
      shown=("person__name", "first_day", "last_day", "stand_in__name", "sentence"), named=("sentence",))  # fmt: skip
holds("people.Skill", _("What they know and can do"), shown=("name", "kind"))
holds("people.Team", _("Teams"), shown=("name", "about"), named=("about",))
holds(
    "people.Person", _("What is written down of them"), colleague=("pk",), when="joined_at", secret=("password",),
    shown=("name", "email", "job", "discipline__name", "roles", "autonomy", "knows", "voice", "phone", "language",
           "started_on"),
    named=("knows",),
)  # fmt: skip
holds_none("people.House", "people.Discipline", "people.Rota", "people.Provider", because="the organisation itself")
called("people.House", "name")

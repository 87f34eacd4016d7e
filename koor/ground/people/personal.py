"""What the people room holds on colleagues, and how one is found."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from koor.ground.people.actions.provider import CONTEXT as OF_THE_PROVIDER
from koor.ground.people.events import PersonLeft
from koor.ground.people.models import Person
from koor.kernel import clock, events, files, seals, sql, together
from koor.kernel.personal import (
    COLLEAGUE,
    DELETE,
    Known,
    People,
    Subject,
    by_hand,
    called,
    called_so,
    had_by_others,
    holds,
    holds_none,
    stays,
    subjects,
    words,
)
from koor.kernel.search import bare

GONE = "gone.invalid"  # of the address that an erased row keeps: addresses are unique, and this one reaches nobody
SIGN_IN = (EmailAddress, SocialAccount, Authenticator)  # what allauth keeps of a colleague
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LET_GO = stays(_("only that it was theirs goes"))


def find(pk: int) -> Subject | None:
    """A colleague, by the name and the address that are theirs alone."""
    row = Person.objects.filter(pk=pk).first()
    if row is None:
        return None
    name, email = row.name.lower(), row.email.lower()
    erased = email.partition("@")[2] == GONE
    taken, ours = _of_others(row, name, email)
    return Subject(
        COLLEAGUE, row.pk, row, row.name, (row.pk,),
        () if erased or bare(name) in taken else (row.name,),
        frozenset() if erased or email in taken else frozenset({("email", email)}),
        marks=_marks(row), ours=ours,
    )  # fmt: skip


def _of_others(row: Person, name: str, email: str) -> tuple[set[str], frozenset[str]]:
    """What somebody else here has too, and by what the house, a customer or an account is called. Met in a text it may
    be theirs. One statement."""
    mates = Person.objects.exclude(pk=row.pk).order_by().annotate(said=sql.bare(F("name"))).filter(said=bare(name))
    others = [mates, *had_by_others({bare(name)}, {email}, (row.pk,))]
    called = called_so({name, email})
    found = together.lists(*(rows.values_list("said") for rows in (*others, *called)))
    names = [said for (said,) in chain.from_iterable(found[len(others) :])]
    taken = {said for (said,) in chain.from_iterable(found[: len(others)])}
    return taken, frozenset(word for word in (name, email) if any(words.stands_in(word, said) for said in names))


def _marks(row: Person) -> tuple[str, ...]:
    """By which the row is known again in an older backup: from before they left, or even before they first came in.
    Only digests of it are kept."""
    return (
        f"{row.pk} {(row.joined_at or row.left_at or EPOCH).isoformat()}",
        f"{row.pk} {row.email.lower()}",
    )


def known() -> Iterator[Known]:
    """All colleagues, to hold against the tombstones."""
    for row in Person.objects.only("pk", "joined_at", "left_at", "email").iterator(1000):
        for mark in _marks(row):
            yield row.pk, mark


def _former(rows: QuerySet[Person], subject: Subject) -> int:
    """What they did stays signed by a former colleague, of whom nothing is known. Who came back with an older backup as
    if they still worked here leaves once more, so that all rooms hear of it."""
    Person.objects.filter(buddy__in=rows).update(buddy=None)
    for row in rows.select_related("picture"):
        if row.is_active:
            row.left_at = clock.now()
            events.tell(PersonLeft(row.pk, None))
        for table in SIGN_IN:
            table.objects.filter(user=row).delete()
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
    titles=(_("Name"), _("E-mail address"), _("Work"), _("Discipline"), _("Roles"), _("Autonomy"), _("Knows"),
            _("In their own words"), _("Phone"), _("Language"), _("Started on")),
    named=("knows",), former=by_hand(_former, key="nameless"),
)  # fmt: skip
holds_none("people.House", "people.Discipline", "people.Rota", "people.Provider", because="the organisation itself")
called("people.House", "name")
seals.sealed("people.Provider", "secret", OF_THE_PROVIDER)

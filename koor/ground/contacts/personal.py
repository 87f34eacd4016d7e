"""What the contacts room holds on people, and how somebody outside is found."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.db.models import F, Func, QuerySet, TextField, Value
from django.db.models.functions import Lower, Right
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from koor.ground.contacts import queries
from koor.ground.contacts.logic import handles
from koor.ground.contacts.models import Contact, Handle, Project
from koor.ground.people import queries as people
from koor.ground.people.models import Person
from koor.kernel import sql, together
from koor.kernel.personal import (
    OUTSIDE,
    Known,
    People,
    Subject,
    alike,
    by_hand,
    called,
    called_so,
    holds,
    subjects,
    words,
)
from koor.kernel.search import bare

TAIL = Right(
    Func(F("phone"), Value(r"\D"), Value(""), Value("g"), function="regexp_replace", output_field=TextField()),
    words.DIGITS,
)  # as `_tail`, in the database


def find(pk: int) -> Subject | None:
    """Somebody outside with all who were made one with them, by the addresses and names that are theirs alone."""
    row = Contact.objects.filter(pk=pk).first()
    if row is None:
        return None
    rows = _with_merged(row if row.merged_into_id is None else queries.survivor(row))
    row, pks = rows[0], tuple(one.pk for one in rows)
    known, names = _addresses(rows, pks), {one.name for one in rows}
    said = {name.lower() for name in names}
    taken = _of_others(pks, set(map(bare, names)), known)
    typed = {one.email for one in rows if "@" in one.email} | {one.phone for one in rows if words.is_phone(one.phone)}
    alone = frozenset(address for address in known if not _shared(address, taken))
    return Subject(
        OUTSIDE, row.pk, row, row.name, pks,
        tuple(sorted(name for name in names if bare(name) not in taken)),
        alone,
        tuple(sorted(one for one in typed if not _shared(("" if "@" in one else "phone", one.lower()), taken))),
        tuple(_mark(one) for one in rows),
        tuple(sorted({page for address in alone if (page := words.page(handles.page_of(*address)))})),
        _called_so(said | {value for _platform, value in alone if "@" not in value}),
    )  # fmt: skip


def _addresses(rows: list[Contact], pks: tuple[int, ...]) -> set[tuple[str, str]]:
    country = people.house().country
    known = set(Handle.objects.filter(contact__in=pks).values_list("platform", "value"))
    for platform in ("email", "phone"):
        typed = [said for one in rows if (said := getattr(one, platform))]
        known |= {(platform, queries.spelling(platform, said, country)) for said in typed}
    return known


def _with_merged(row: Contact) -> list[Contact]:
    found, last = [row], [row.pk]
    while last:
        more = list(Contact.objects.filter(merged_into__in=last).exclude(pk__in=[one.pk for one in found]))
        found, last = found + more, [one.pk for one in more]
    return found


def _tail(phone: str) -> str:
    """What two spellings of one number have in common."""
    return "".join(filter(str.isdigit, phone))[-words.DIGITS :]


def _shared(address: tuple[str, str], taken: set[str]) -> bool:
    platform, value = address
    return value in taken or (platform == "phone" and f"tel {_tail(value)}" in taken)


def _called_so(said: set[str]) -> frozenset[str]:
    """Of these words those by which the house, a customer or an account is called. One statement."""
    asked = [rows.values_list("said") for rows in called_so(said)]
    names = {name for (name,) in chain.from_iterable(together.lists(*asked))} if asked else set()
    return frozenset(word for word in said if any(words.stands_in(word, name) for name in names))


def _of_others(pks: tuple[int, ...], names: set[str], known: set[tuple[str, str]]) -> set[str]:
    """Names and addresses that somebody else here has too: a namesake, a family's phone, our own mail. Met in a text
    they may be that other person's. One statement."""
    others = Contact.objects.exclude(pk__in=pks).order_by()
    ours = Person.objects.order_by()
    values = {value for _platform, value in known}
    tails = {tail for platform, value in known if platform == "phone" and (tail := _tail(value))}
    alike = Handle.objects.exclude(contact__in=pks).filter(platform__in=("email", "phone"), value__in=values).order_by()
    asked = (
        others.annotate(said=sql.bare(F("name"))).filter(said__in=names),
        ours.annotate(said=sql.bare(F("name"))).filter(said__in=names),
        others.annotate(said=Lower("email")).filter(said__in=values),
        ours.annotate(said=Lower("email")).filter(said__in=values),
        alike.annotate(said=F("value")),
        others.annotate(said=TAIL).filter(said__in=tails),
        ours.annotate(said=TAIL).filter(said__in=tails),
    )
    found = together.lists(*(rows.values_list("said") for rows in asked))
    plain = {said for (said,) in chain.from_iterable(found[:-2])}
    return plain | {f"tel {said}" for (said,) in chain.from_iterable(found[-2:])}


def _outside(names: set[str], values: set[str], _colleagues: tuple[int, ...]) -> list[QuerySet[Any]]:
    """Who outside has the name or the address of a colleague."""
    rows = Contact.objects.order_by()
    handles = Handle.objects.filter(platform="email").order_by()
    return [
        rows.annotate(said=sql.bare(F("name"))).filter(said__in=names),
        rows.annotate(said=Lower("email")).filter(said__in=values),
        handles.annotate(said=Lower("value")).filter(said__in=values),
    ]


def _project(rows: QuerySet[Project], subject: Subject) -> int:
    """Work for a private customer loses its address and its name; work for an organisation only the person."""
    for row in rows:
        if row.organisation_id is None:
            row.name, row.street, row.about = say("Project %(number)s") % {"number": row.pk}, "", ""
        if row.contact_id in subject.pks:
            row.contact = None
        row.save()
    return len(rows)


def _platform(key: str) -> str:
    return Handle(platform=key).platform_name


def _mark(row: Contact) -> str:
    return f"{row.pk} {row.made_at.isoformat()}"


def known() -> Iterator[Known]:
    """Everybody outside, to hold against the tombstones."""
    for row in Contact.objects.only("pk", "made_at").iterator(1000):
        yield row.pk, _mark(row)


def spell(platform: str, value: str) -> str:
    return queries.spelling(platform, value, people.house().country)


subjects(
    OUTSIDE,
    People("contacts.Contact", find, lambda person, words: queries.contacts(person, words=words), known, spell),
)
holds(
    "contacts.Tie", _("Whom they know"), outside=("contact", "other"), shown=("contact__name", "other__name", "how"),
    named=("how",),
)  # fmt: skip
holds(
    "contacts.Acquaintance", _("Who knows them"), shown=("person__name", "contact__name", "how", "since"),
    named=("how",),
)  # fmt: skip
holds(
    "contacts.NotSame",
    _("Not the same person"),
    outside=("one", "other"),
    shown=("one__name", "other__name"),
    when="at",
)
holds("contacts.Merge", _("Made one with"), outside=("kept", "gone"), shown=("gone__name",), when="at")
holds(
    "contacts.Project", _("Projects"), outside=("contact",), colleague=("people",),
    shown=("name", "street", "place", "about", "state"), named=("name", "street", "about"),
    erase=by_hand(_project, key="nameless"),
)  # fmt: skip
holds(
    "contacts.Handle",
    _("Addresses on platforms"),
    outside=("contact",),
    shown=("platform", "value", "url"),
    spoken={"platform": _platform},
)
holds(
    "contacts.Contact", _("What is written down of them"), when="made_at", named=("note",), outside=("pk",),
    shown=("name", "role", "organisation__name", "email", "phone", "street", "place", "language", "note"),
    titles=(_("Name"), _("Role"), _("Organisation"), _("E-mail address"), _("Phone"), _("Street"), _("Place"),
            _("Language"), _("Note")),
)  # fmt: skip
holds(
    "contacts.Organisation", _("Organisations"), outside=None, colleague=None, shown=("name", "place", "about"),
    named=("about",),
)  # fmt: skip
called("contacts.Organisation", "name")
alike(_outside)

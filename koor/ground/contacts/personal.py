"""What the contacts room holds on people, and how somebody outside is found."""

from collections.abc import Iterator
from itertools import chain

from django.db.models import F, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from koor.ground.contacts import queries
from koor.ground.contacts.models import Contact, Handle, Project
from koor.ground.people import queries as people
from koor.ground.people.models import Person
from koor.kernel import together
from koor.kernel.personal import OUTSIDE, Known, People, Subject, by_hand, holds, subjects


def find(pk: int) -> Subject | None:
    """Somebody outside with all who were made one with them, by the addresses and names that are theirs alone."""
    row = Contact.objects.filter(pk=pk).first()
    if row is None:
        return None
    rows = _with_merged(row if row.merged_into_id is None else queries.survivor(row))
    row, pks = rows[0], tuple(one.pk for one in rows)
    known, names = _addresses(rows, pks), {one.name for one in rows}
    taken = _of_others(pks, {name.lower() for name in names}, {value for _platform, value in known})
    return Subject(
        OUTSIDE, row.pk, row, row.name, pks,
        tuple(sorted(name for name in names if name.lower() not in taken)),
        frozenset(address for address in known if address[1] not in taken),
        tuple(sorted({said for one in rows for said in (one.phone, one.email) if len(said) >= 9} - taken)),
        tuple(_mark(one) for one in rows),
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


def _of_others(pks: tuple[int, ...], names: set[str], values: set[str]) -> set[str]:
    """Names and addresses that somebody else here has too: a namesake, a family's phone, our own mail. Met in a text
    they may be that other person's. One statement."""
    others = Contact.objects.exclude(pk__in=pks).order_by()
    ours = Person.objects.order_by()
    asked = (
        others.annotate(said=Lower("name")).filter(said__in=names),
        ours.annotate(said=Lower("name")).filter(said__in=names),
        others.annotate(said=Lower("email")).filter(said__in=values),
        ours.annotate(said=Lower("email")).filter(said__in=values),
        others.annotate(said=F("phone")).filter(said__in=values),
    )
    return {said for (said,) in chain.from_iterable(together.lists(*(rows.values_list("said") for rows in asked)))}


def _project(rows: QuerySet[Project], subject: Subject) -> int:
    """Work for a private customer loses its address and its name; work for an organisation only the person."""
    for row in rows:
        if row.organisation_id is None:
            row.name, row.street, row.about = say("Project %(number)s") % {"number": row.pk}, "", ""
        if row.contact_id in subject.pks:
            row.contact = None
        row.save()
    return len(rows)


def _mark(row: Contact) -> str:
    return f"{row.pk} {row.made_at.isoformat()}"


def known() -> Iterator[Known]:
    """Everybody outside, to hold against the tombstones."""
    country = people.house().country
    for row in Contact.objects.prefetch_related("handles").iterator(1000):
        addresses = [(handle.platform, handle.value) for handle in row.handles.all()]
        addresses += [
            (platform, queries.spelling(platform, said, country))
            for platform in ("email", "phone")
            if (said := getattr(row, platform))
        ]
        yield row.pk, _mark(row), row.made_at, addresses


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
holds("contacts.Handle", _("Addresses on platforms"), outside=("contact",), shown=("platform", "value", "url"))
holds(
    "contacts.Contact", _("What is written down of them"), when="made_at", named=("note",), outside=("pk",),
    shown=("name", "role", "organisation__name", "email", "phone", "street", "place", "language", "note"),
)  # fmt: skip
holds(
    "contacts.Organisation", _("Organisations"), outside=None, colleague=None, shown=("name", "place", "about"),
    named=("name", "about"),
)  # fmt: skip

"""Reads of the story: the version that counts, who read it (in groups of five), advice on a draft."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from koor.ground.people.models import Person
from koor.ground.story import access, logic
from koor.ground.story.models import FIELDS, Acknowledgement, Version
from koor.kernel import groups, search, sql
from koor.kernel.access import NotFound
from koor.kernel.once import digest_of

SAID = ("why", "mission", "vision", "values", "voice", "dos", "donts", "goals")


def current() -> Version | None:
    """The version that counts; None before the first."""
    return Version.objects.exclude(published_at=None).order_by("-number").first()


def draft(person: Person) -> Version | None:
    """The draft of the next version, for who may write on it."""
    return Version.objects.filter(published_at=None).first() if access.may_write(person) else None


def fingerprint(version: Version) -> str:
    """By which it is known whether these are the texts that somebody saw."""
    return digest_of({name: getattr(version, name) for name in FIELDS})


def versions(person: Person) -> QuerySet[Version]:
    """Published versions, newest first."""
    return Version.objects.exclude(published_at=None).select_related("published_by").order_by("-number")


def version(person: Person, number: int) -> Version:
    found = versions(person).filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def has_read(person: Person, version: Version) -> bool:
    return Acknowledgement.objects.filter(version=version, person=person).exists()


def latest() -> QuerySet[Version, Any]:
    """The number in the database of the version that counts, for a condition."""
    return Version.objects.exclude(published_at=None).order_by("-number").values("pk")[:1]


def to_read(person: Person) -> QuerySet[Version]:
    """The version that counts, while this colleague did not read it."""
    read = Acknowledgement.objects.filter(version=OuterRef("pk"), person=person)
    return Version.objects.filter(~Exists(read), pk__in=latest())


def versions_saying(person: Person, words: str) -> QuerySet[Version]:
    """The version that counts, when these words begin some of its."""
    query = search.tsquery(words)
    counts = versions(person).filter(pk__in=latest())
    return sql.saying(counts, query, *SAID) if query else counts.none()


@dataclass(frozen=True)
class Remark:
    """Advice for a person: these words, why, and the line of the story that it comes from (or nothing)."""

    words: str
    because: str
    line: str
    kind: str


BECAUSE = {
    "corporate": _("says little; what did somebody see, hear or do?"),
    "promise": _("promises what we cannot show."),
    "dont": _("is something that we agreed not to say."),
    "formal": _("sounds formal; our voice is informal."),
    "shouting": _("reads as shouting."),
    "exclamation": _("speaks louder than we do."),
}


def advice(text: str) -> list[Remark]:
    """A draft held against the story that counts. Advice, not a lock."""
    found = current()
    told = logic.Told(found.voice, found.dos, found.donts) if found else logic.Told()
    return [Remark(a.words, str(BECAUSE[a.kind]), a.line, a.kind) for a in logic.check_text(text, told)]


@dataclass(frozen=True)
class Carried:
    """How far the story is carried by a group of at least five."""

    names: tuple[str, ...]
    read: int
    of: int


def carried(version: Version) -> list[Carried]:
    """By discipline, small ones merged; first the whole house. Empty for a house of fewer than five. Two queries."""
    active = Person.objects.filter(is_active=True)
    sizes = dict(active.values_list("discipline__name").annotate(n=Count("pk")).order_by())
    read = dict(
        active.filter(story_read__version=version).values_list("discipline__name").annotate(n=Count("pk")).order_by()
    )
    sizes, read = {name or "": n for name, n in sizes.items()}, {name or "": n for name, n in read.items()}
    parts = [
        Carried(names, sum(read.get(name, 0) for name in names), sum(sizes[name] for name in names))
        for names in groups.merged(sizes)
    ]
    return [Carried((), sum(p.read for p in parts), sum(p.of for p in parts)), *parts] if parts else []

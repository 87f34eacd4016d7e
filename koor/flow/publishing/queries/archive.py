"""What was said before: what came in, how far it is, and what everybody may read of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, Count, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from koor.flow.hub.models import Rendition
from koor.flow.publishing import access
from koor.flow.publishing.choices import ArchiveState, Platform, Stage
from koor.flow.publishing.logic import words
from koor.flow.publishing.models import Archive, Post, Said, SaidMedium, Unread
from koor.flow.publishing.queries import everybody
from koor.flow.publishing.queries.newsroom import Picture, picture_of
from koor.ground.channels import queries as channels
from koor.ground.people.models import Person
from koor.kernel.access import NotFound

CLOSED = {Platform.GOOGLE_PLUS: date(2019, 4, 2)}  # since when nobody can read it there
WHY = {
    "not_zip": gettext_noop("This is no zip or tar.gz archive. Bring in the file as the platform gave it."),
    "broken": gettext_noop("This archive is damaged. Ask the platform for a new one."),
    "empty": gettext_noop("There is nothing in this archive."),
    "locked": gettext_noop("This archive has a password. Take that off first."),
    "packed": gettext_noop("This archive is packed in a way that we don't open. Pack it anew as an ordinary zip."),
    "slip": gettext_noop("Names in this archive lead outside it. No platform makes such a file; it was not opened."),
    "link": gettext_noop("In this archive are links to other files. No platform makes such a file; it was not opened."),
    "nested": gettext_noop("There is another archive inside this one. Take it out, and bring that one in."),
    "bomb": gettext_noop("Unpacked this archive would be far larger than it is. It was not opened."),
    "many": gettext_noop("There are more files in this archive than we read: at most 60,000."),
    "lying": gettext_noop("A file in this archive is not what the archive says of it. It was not read."),
    "large": gettext_noop("This file is larger than we read."),
    "unknown": gettext_noop("We found no posts of X, Mastodon, LinkedIn, Facebook or Google+ in this archive."),
    "medium": gettext_noop("This picture or film can't be used. The words are kept."),
    "entry": gettext_noop("This one is written in a way that we don't know."),
}


def why_said(code: str) -> str:
    return _(WHY.get(code, WHY["broken"]))


def archives(person: Person) -> QuerySet[Archive]:
    """What was brought in, the latest first."""
    if not access.may_archive(person):
        return Archive.objects.none()
    shown = Count("said", filter=Q(said__shown_at__isnull=False))
    return Archive.objects.annotate(kept=Count("said"), shown=shown).select_related("by").order_by("-at", "-pk")


def archive(person: Person, pk: int) -> Archive:
    found = archives(person).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Year:
    year: int
    n: int
    shown: int


def years_of(archive: Archive) -> list[Year]:
    rows = Said.objects.filter(archive=archive).annotate(year=ExtractYear("at")).values("year")
    counted = rows.annotate(n=Count("pk"), shown=Count("pk", filter=Q(shown_at__isnull=False))).order_by("-year")
    return [Year(row["year"], row["n"], row["shown"]) for row in counted]


def _with_pictures(rows: QuerySet[Said]) -> QuerySet[Said]:
    renditions = Rendition.objects.select_related("file").order_by("width")
    media = SaidMedium.objects.select_related("medium").prefetch_related(Prefetch("medium__renditions", renditions))
    return rows.select_related("archive").prefetch_related(Prefetch("media", media))


def said_of(archive: Archive, year: int | None = None) -> QuerySet[Said]:
    """What came out of an export, newest first."""
    rows = Said.objects.filter(archive=archive)
    rows = rows.filter(at__year=year) if year else rows
    return _with_pictures(rows).order_by("-at", "-pk")


def unread_of(archive: Archive) -> list[tuple[str, str]]:
    """What could not be read: why, and how it stood there."""
    rows = Unread.objects.filter(archive=archive).order_by("pk")[:100]
    return [(why_said(row.why), row.what) for row in rows]


def how_many_unread(archive: Archive) -> int:
    return Unread.objects.filter(archive=archive).count()


def is_going(archive: Archive) -> bool:
    return archive.state in (ArchiveState.WAITING, ArchiveState.READING)


def any_archive(pk: int) -> Archive:
    """For the operator."""
    return Archive.objects.annotate(kept=Count("said")).get(pk=pk)


# ── What everybody may read ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Line:
    """One thing that was said, of whatever platform."""

    at: datetime
    title: str
    paragraphs: tuple[str, ...]
    url: str  # its page here
    places: tuple[tuple[str, str], ...]  # where it stood, with the address while it stands there
    closed: date | None  # since when the platform is gone
    pictures: tuple[Picture, ...]


def line_of(said: Said) -> Line:
    """Give it with its pictures fetched."""
    closed = CLOSED.get(Platform(said.platform))
    title = words.title_of(said.text)
    return Line(
        at=said.at,
        title=title,
        paragraphs=tuple(words.paragraphs(said.text)),
        url=reverse("publishing:said", args=[said.pk]),
        places=((str(Platform(said.platform).label), "" if closed else said.url),),
        closed=closed,
        pictures=tuple(filter(None, (picture_of(one.medium, one.medium.alt) for one in said.media.all()))),
    )


def _line_of_post(post: Post) -> Line:
    """Give it with the rows that everybody may read."""
    rows = list(post.targets.all())
    article = next((row for row in rows if row.slug), None)
    title = post.title or words.title_of((article or rows[0]).text)
    own = reverse("publishing:article", args=[article.slug]) if article else ""
    return Line(
        at=min(row.published_at for row in rows if row.published_at),
        title=title,
        paragraphs=() if article else (*words.paragraphs(rows[0].text), *_link_of(post, rows[0])),
        url=own,
        places=tuple(dict.fromkeys((_(channels.platform_of(row.account)), row.url) for row in rows if not row.slug)),
        closed=None,
        pictures=(),
    )


def _link_of(post: Post, row: Any) -> list[str]:
    return [post.link] if post.link and post.link not in row.text else []


def _posts() -> Any:
    """What the house itself said in the open, on accounts of its own."""
    first = everybody.standing().filter(post=OuterRef("pk")).order_by("published_at").values("published_at")[:1]
    rows = Post.objects.filter(stage=Stage.RELEASED, practice=False, in_reply_to="")
    return rows.annotate(said_at=Subquery(first)).filter(said_at__isnull=False)


def _shown() -> QuerySet[Said]:
    return Said.objects.filter(shown_at__isnull=False)


def everything(year: int | None) -> Any:
    """Kind and number of everything ever said, newest first; of one year."""
    posts, said = _posts(), _shown()
    if year:
        posts, said = posts.filter(said_at__year=year), said.filter(at__year=year)
    kinds = Value("post", CharField()), Value("said", CharField())
    ours = posts.annotate(kind=kinds[0]).values_list("kind", "pk", "said_at")
    theirs = said.annotate(kind=kinds[1]).values_list("kind", "pk", "at")
    return ours.union(theirs, all=True).order_by("-said_at", "-pk")


def lines(found: list[tuple[str, int, datetime]]) -> list[Line]:
    """These, in their order. Two questions and what belongs to them."""
    said = {
        one.pk: one for one in _with_pictures(_shown().filter(pk__in=[pk for kind, pk, _at in found if kind == "said"]))
    }
    targets = everybody.standing().select_related("account").order_by("pk")
    rows = Post.objects.filter(pk__in=[pk for kind, pk, _at in found if kind == "post"])
    posts = {one.pk: one for one in rows.prefetch_related(Prefetch("targets", targets))}
    return [line_of(said[pk]) if kind == "said" else _line_of_post(posts[pk]) for kind, pk, _at in found]


def years() -> list[int]:
    ours = _posts().annotate(year=ExtractYear("said_at")).values_list("year", flat=True).distinct()
    theirs = _shown().annotate(year=ExtractYear("at")).values_list("year", flat=True).distinct()
    return sorted({*ours, *theirs}, reverse=True)


def shown(pk: int) -> Said:
    """One thing that everybody may read. NotFound otherwise."""
    found = _with_pictures(_shown()).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found

"""What the newsroom shows to everyone: published rows of newsroom accounts, and nothing else."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Prefetch, QuerySet

from koor.flow.hub.choices import MediumKind
from koor.flow.hub.models import Medium, Rendition
from koor.flow.hub.queries import recording, rendition
from koor.flow.publishing.choices import State
from koor.flow.publishing.logic import words
from koor.flow.publishing.models import PostMedium, Target
from koor.flow.publishing.queries import speaking
from koor.flow.publishing.queries.corrections import Told, notes_with
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.kernel.access import NotFound
from koor.kernel.files import url_of
from koor.kernel.memory import remembered

CONNECTOR = "newsroom"
WIDTHS = (400, 1080, 2048)  # pixels
FEED_LENGTH = 50  # entries


@dataclass(frozen=True)
class Picture:
    """A picture of an article: addresses by width, smallest first, and what it shows."""

    sources: tuple[tuple[int, str], ...]
    width: int
    height: int
    alt: str
    film: str = ""  # its address, where the picture is the poster of a film

    @property
    def url(self) -> str:
        return self.sources[-1][1]

    @property
    def small(self) -> str:
        return self.sources[0][1]

    @property
    def srcset(self) -> str:
        return ", ".join(f"{url} {width}w" for width, url in self.sources)


@dataclass(frozen=True)
class Leaflet:
    """A document of an article: its pages to leaf through, and the whole to take along."""

    medium: Medium
    url: str
    bytes: int
    alt: str
    first: Picture | None  # its first page
    mime: str = "application/pdf"


@dataclass(frozen=True)
class Article:
    """One published row as a page."""

    pk: int
    slug: str
    title: str
    paragraphs: tuple[str, ...]
    by: Person
    at: datetime
    changed_at: datetime
    pictures: tuple[Picture, ...]
    language: str
    minutes: int  # to read
    link: str = ""  # that goes with it, where the words do not name it
    documents: tuple[Leaflet, ...] = ()
    corrections: tuple[Told, ...] = ()  # what was put right of it, oldest first

    @property
    def intro(self) -> str:
        return self.paragraphs[0] if self.paragraphs else ""

    @property
    def picture(self) -> Picture | None:
        """What stands for it: its first picture, or the first page of a document."""
        leaves = [one.first for one in self.documents if one.first]
        return next(iter([*self.pictures, *leaves]), None)


def published() -> QuerySet[Target]:
    """Rows that are up in the newsroom, newest first."""
    files = Rendition.objects.select_related("file").order_by("width")
    media = PostMedium.objects.select_related("medium").prefetch_related(Prefetch("medium__renditions", files))
    return (
        Target.objects.filter(account__connector=CONNECTOR, state=State.PUBLISHED, removed_at=None)
        .exclude(slug="")
        .select_related("post__by__picture", "account")
        .prefetch_related(Prefetch("post__media", media))
        .order_by("-published_at", "-id")
    )


def articles(first: int, last: int, *, whole: bool = False) -> list[Article]:
    """A page of them; `whole` with what was put right."""
    rows = published().prefetch_related("post__corrections") if whole else published()
    return [article_of(target, whole=whole) for target in rows[first:last]]


def article(slug: str) -> Article:
    """The page at an address. NotFound when it was never there, `Gone` when it was taken away."""
    found = published().filter(slug=slug).first()
    if found is not None:
        return article_of(found, whole=True)
    gone = Target.objects.filter(account__connector=CONNECTOR, slug=slug).exclude(published_at=None)
    once_there = gone.prefetch_related("post__corrections").select_related("post").first()
    if once_there is not None:
        raise Gone(next(iter(notes_with(once_there.post.corrections.all())[::-1]), None))
    raise NotFound


class Gone(Exception):
    """It was here, and was taken away."""

    def __init__(self, why: Told | None) -> None:
        super().__init__()
        self.why = why


def article_of(target: Target, *, whole: bool = False) -> Article:
    title = target.post.title or words.title_of(target.text)
    at, media = target.published_at or target.post.made_at, list(target.post.media.all())
    documents = [one for one in media if one.medium.kind == MediumKind.DOCUMENT]
    pictures = [one for one in media if one not in documents]
    return Article(
        pk=target.pk,
        slug=target.slug,
        title=title,
        paragraphs=tuple(words.body_after(title, target.text)),
        by=target.post.by,
        at=at,
        changed_at=max(at, target.post.changed_at),
        pictures=tuple(filter(None, (picture_of(one.medium, one.alt) for one in pictures))),
        language=speaking.of_row(target) or house().language,
        minutes=words.reading_minutes(target.text),
        link="" if target.post.link in target.text else target.post.link,
        documents=tuple(filter(None, (document_of(one.medium, one.alt) for one in documents))),
        corrections=notes_with(target.post.corrections.all()) if whole else (),
    )


def picture_of(medium: Medium, alt: str) -> Picture | None:
    found = {one.width: one for width in WIDTHS if (one := rendition(medium, width=width, form="webp"))}
    if not found:
        return None
    largest = found[max(found)]
    sources = tuple((width, url_of(one.file, f"{width}.webp")) for width, one in sorted(found.items()))
    film = recording(medium) if medium.kind == MediumKind.FILM else None
    return Picture(sources, largest.width, largest.height, alt or medium.alt, url_of(film.file) if film else "")


def document_of(medium: Medium, alt: str) -> Leaflet | None:
    whole = recording(medium)
    if whole is None:
        return None
    return Leaflet(medium, url_of(whole.file), whole.file.size, alt or medium.alt, picture_of(medium, alt))


def updated_at() -> datetime | None:
    """When the newsroom last changed, for conditional requests."""
    return change()[0]


@remembered
def change() -> tuple[datetime | None, int]:
    """When the newsroom last changed, and how many stories it ever had: both the same, then it says the same."""
    rows = Target.objects.filter(account__connector=CONNECTOR).exclude(published_at=None)
    number = rows.aggregate(
        n=Count("pk"), up=Max("published_at"), changed=Max("post__changed_at"), gone=Max("removed_at")
    )
    moments = [number[one] for one in ("up", "changed", "gone") if number[one]]
    return max(moments, default=None), number["n"]


def makers(found: list[Article], most: int = 3) -> list[Person]:
    """The colleagues behind these articles, each once, in order."""
    seen = {one.by.pk: one.by for one in found}
    return list(seen.values())[:most]

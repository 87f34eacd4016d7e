"""What a colleague's own work did: seen by them alone, and what of all of it is worth showing to the others."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from koor.flow.conversations.models import Message
from koor.flow.hub import queries as hub
from koor.flow.hub.models import Capture, Item
from koor.flow.hub.queries import rendition
from koor.flow.listening.models import Mention
from koor.flow.publishing.choices import State
from koor.flow.publishing.models import Target
from koor.ground.people.models import Person
from koor.growth.insight.queries.figures import answers, moments, published
from koor.kernel import clock, together
from koor.kernel.files import url_of


@dataclass(frozen=True)
class Own:
    """A colleague's own month, seen by them alone."""

    shown: int
    posts: int
    answers: int


def own_month(person: Person, first: date) -> Own:
    since, until = moments(first)
    return Own(
        *together.numbers(
            Capture.objects.filter(by=person, received_at__gte=since, received_at__lt=until, withdrawn_at=None),
            published(since, until).filter(post__by=person),
            answers(since, until).filter(person=person),
        )
    )


ANSWERS = Coalesce(
    Subquery(
        Mention.objects.filter(
            source__account=OuterRef("account"), in_reply_to=OuterRef("remote_id"), ours=False, kind="reply"
        )
        .exclude(in_reply_to="")
        .order_by()
        .values("in_reply_to")
        .annotate(number=Count("pk"))
        .values("number")
    ),
    0,
)  # to a row, by people outside


@dataclass(frozen=True)
class Effect:
    """What somebody's last contribution did: where it stands, and what the curator said of the picture."""

    target: Target
    picture_url: str
    alt: str
    word: str
    answers: int  # of people outside
    own: bool  # the post is theirs; else it was made of what they showed


def last_effect(person: Person) -> Effect | None:
    """The latest post of this colleague, or of what they showed, that is up, of the last month; seen by them alone.
    Three queries at most."""
    since = clock.now() - timedelta(days=31)
    found = (
        published(since, clock.now() + timedelta(seconds=1))
        .filter(Q(post__by=person) | Q(post__item__by=person), removed_at=None)
        .annotate(answers=ANSWERS)
        .select_related("account", "post__item")
        .order_by("-published_at", "-pk")
        .first()
    )
    if found is None:
        return None
    media = found.post.media.select_related("medium").prefetch_related("medium__renditions__file")
    one = media.first()
    shown = rendition(one.medium, width=400, form="webp") if one else None
    return Effect(
        found,
        url_of(shown.file) if shown else "",
        one.alt or one.medium.alt if one else "",
        found.post.item.decision if found.post.item and found.post.item.by_id == person.pk else "",
        found.answers,
        found.post.by_id == person.pk,
    )


def what_became_of(person: Person, item: Item) -> QuerySet[Any]:
    """Where something that this colleague showed is up, and how many people answered; the latest first. One query."""
    items = hub.with_copies(person, item.pk).values("pk")
    rows = Target.objects.filter(Q(post__item__in=items) | Q(post__media__medium__item__in=items))
    rows = rows.filter(state=State.PUBLISHED, removed_at=None, post__practice=False, post__in_reply_to="").distinct()
    return rows.annotate(answers=ANSWERS).select_related("account", "post__by").order_by("-published_at", "-pk")


@dataclass(frozen=True)
class WentWell:
    """Something that went out lately, and what speaks for showing it to colleagues."""

    target: Target
    answered: int
    made_own: int


def went_well(person: Person, most: int = 6) -> list[WentWell]:
    """Posts of the last ten days to which people answered or that colleagues made their own, the latest first; not
    those that are an example already. In no other order."""
    rows = published(clock.now() - timedelta(days=10), clock.now()).filter(
        post__item__examples=None,
        post__item__isnull=False,
        post__item__removed_at=None,
        removed_at=None,
        post__in_reply_to="",
    )
    said = Message.objects.filter(
        account=OuterRef("account"), direction="in", contact__isnull=False, mention__in_reply_to=OuterRef("remote_id")
    )
    people = said.order_by().annotate(_alike=Value(1)).values("_alike").annotate(n=Count("contact", distinct=True))
    own = Count("post__made_own", filter=Q(post__made_own__stage="released"), distinct=True)
    found = rows.annotate(answered=Coalesce(Subquery(people.values("n")), 0), own=own)
    found = found.filter(Q(answered__gt=0) | Q(own__gt=0) | ~Q(post__item__decision=""))
    shown = found.select_related("post__item__by__picture", "account").order_by("-published_at", "-pk")[: most * 3]
    once = {one.post.item_id: WentWell(one, one.answered, one.own) for one in reversed(shown)}
    return list(reversed(once.values()))[:most]

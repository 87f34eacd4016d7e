"""Reads of ambassadors: those of the house for who invites, and the page of one for who has its address."""

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from koor.flow.hub.models import Collection
from koor.flow.hub.queries.collections import InIt, collections
from koor.flow.publishing.models import Target
from koor.flow.publishing.queries import newsroom
from koor.flow.relations import access
from koor.flow.relations.choices import AmbassadorState
from koor.flow.relations.models import Ambassador, SharedOn
from koor.ground.contacts.models import Contact
from koor.ground.people.models import Person
from koor.kernel import secrets
from koor.kernel.access import NotFound

MOST = 12  # things on somebody's page
TO_CHOOSE = 12  # latest articles that can be chosen


def ambassadors(person: Person, *, state: str = "") -> QuerySet[Ambassador]:
    """Who was invited: all for who arranges it, else one's own. With how often they showed something."""
    rows = Ambassador.objects.filter(contact__merged_into=None).select_related("contact__organisation", "person")
    if not access.may_see_ambassadors(person):
        rows = rows.filter(person=person) if person.is_active else rows.none()
    rows = rows.filter(state=state) if state else rows
    return rows.annotate(number=Count("shared")).order_by("state", "-invited_at", "-pk")


def ambassador(person: Person, contact: Contact) -> Ambassador | None:
    """Of one person outside."""
    if not access.may_invite(person, contact):
        raise NotFound
    return Ambassador.objects.select_related("contact", "person", "collection").filter(contact=contact).first()


def to_thank(person: Person) -> QuerySet[Ambassador]:
    """They showed something of ours, and nobody thanked them yet."""
    unthanked = SharedOn.objects.filter(ambassador=OuterRef("pk"), thanked=False)
    rows = Ambassador.objects.filter(Exists(unthanked), person=person, state=AmbassadorState.YES)
    return rows.select_related("contact").order_by("pk")


def seal_context(digest: str) -> str:
    return f"relations.ambassador:{digest}"


def address_of(ambassador: Ambassador) -> str:
    """The page of an ambassador, for who may invite."""
    token = secrets.unseal(ambassador.sealed, seal_context(ambassador.digest)).decode()
    return settings.KOOR_URL + reverse("relations:with_us", args=[token])


def ambassador_by_link(token: str) -> Ambassador:
    """Whose page this address is; the address is its own key. NotFound for any other."""
    rows = Ambassador.objects.select_related("contact", "person__picture", "collection__by")
    found = rows.filter(digest=secrets.digest(token[:200])).first()
    if found is None:
        raise NotFound
    return found


def collections_to_choose(person: Person, of: Ambassador | None = None) -> QuerySet[Collection]:
    """Those that this colleague sees, and the one that was chosen by another."""
    chosen = of.collection_id if of is not None else None
    rows = collections(person)
    return rows | Collection.objects.filter(pk=chosen) if chosen else rows


def articles_to_choose(of: Ambassador | None = None) -> QuerySet[Target]:
    """The latest that are up in the newsroom, and what was chosen before: it stays until somebody unticks it."""
    latest = newsroom.published().prefetch_related(None)[:TO_CHOOSE].values("pk")
    numbers = {*latest.values_list("pk", flat=True), *(of.posts.values_list("pk", flat=True) if of else ())}
    return Target.objects.filter(pk__in=numbers).select_related("post").order_by("-published_at", "-pk")


def may_share(ambassador: Ambassador) -> list[newsroom.Article]:
    """What they may show to others: chosen posts, and what is up of the collection. Only what everybody may see."""
    items: list[int] = []
    if ambassador.collection and ambassador.collection.removed_at is None and ambassador.collection.by:
        items = [one.pk for one in InIt(ambassador.collection.by, ambassador.collection)[:60]]
    chosen = Q(pk__in=ambassador.posts.values("pk")) | Q(post__item__in=items)
    return [newsroom.article_of(target) for target in newsroom.published().filter(chosen)[:MOST]]


def shared_by(ambassador: Ambassador) -> set[int]:
    """What they told that they showed."""
    return set(SharedOn.objects.filter(ambassador=ambassador).values_list("target_id", flat=True))

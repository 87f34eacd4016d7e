"""Links as they go out, how often they were followed, and sets of hashtags."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import QuerySet, Sum
from django.urls import reverse

from koor.flow.publishing.choices import State
from koor.flow.publishing.logic import delivery, words
from koor.flow.publishing.logic import linking as logic
from koor.flow.publishing.models import ClickDay, Manner, Post, PostLink, RowLink, TagSet, Target
from koor.flow.publishing.queries import alike
from koor.flow.publishing.queries.previews import platform_of
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.kernel.access import NotFound
from koor.kernel.memory import remembered


@remembered
def manner() -> Manner:
    """How the house does it; as nobody chose it, when nobody did."""
    return Manner.objects.filter(pk=1).first() or Manner(pk=1)


def choice_of(post: Post | None) -> PostLink:
    found = PostLink.objects.filter(post=post.pk).first() if post is not None and post.pk else None
    return found or PostLink()


def campaign_of(post: Post) -> str:
    """By the rule: the campaign that its place in the calendar belongs to, else its own title."""
    slot = post.slot
    if slot is not None and slot.campaign is not None:
        return words.slug_of(slot.campaign.name)
    return words.slug_of(post.title or words.title_of(post.text), most=40)


def planned(target: Target) -> RowLink | None:
    """The link of a row by the rules of now; None when it goes as it is. Not kept."""
    post = target.post
    if not post.link or post.link in target.text:
        return None
    how = manner()
    if not (how.tags or how.short) or target.account.connector in _own():
        return None
    choice = choice_of(post)
    if choice.plain:
        return None
    campaign = choice.campaign or campaign_of(post)
    source = platform_of(target.account)
    url = logic.tagged(post.link, source=source, medium=how.medium, campaign=campaign) if how.tags else post.link
    return RowLink(target=target, code=logic.code_of(str(house().identity), target.pk or 0), url=url, short=how.short)


def _own() -> list[str]:
    return ["newsroom", *alike.inside()]


def link_of(target: Target) -> str:
    """The link as this row says it: as it was kept when it was let go, else as it would be now."""
    found = _kept(target) or planned(target)
    if found is None:
        return target.post.link
    return address(found) if found.short else found.url


def _kept(target: Target) -> RowLink | None:
    if Target.row_link.is_cached(target):  # type: ignore[attr-defined]
        return getattr(target, "row_link", None)
    return RowLink.objects.filter(target=target.pk).first() if target.pk else None


def address(link: RowLink) -> str:
    return settings.KOOR_URL + reverse("publishing:short", args=[link.code])


def followed(code: str) -> RowLink:
    """What a short address leads to. NotFound for one that is of no post of ours, or of one that never went."""
    found = RowLink.objects.filter(code=code[:12]).select_related("target").first()
    if found is None or not _may_be_out(found.target):
        raise NotFound
    return found


def _may_be_out(target: Target) -> bool:
    """Whether people can have the link: it went, or somebody has it in hand to post it."""
    in_hand = target.state == State.NEEDS_PERSON and target.because == delivery.BY_HAND
    return bool(target.first_sent_at or target.published_at or in_hand)


@dataclass(frozen=True)
class Followed:
    """How often the link of one row was followed."""

    place: str
    address: str
    n: int


def clicks_of(post: Post) -> list[Followed]:
    """Of the short links of a post. Nothing where there are none. Give its rows fetched."""
    if not post.link:
        return []
    names = {row.pk: row.account.name for row in post.targets.all()}
    rows = RowLink.objects.filter(target__in=names, short=True).annotate(n=Sum("days__n")).order_by("target")
    return [Followed(names[row.target_id], address(row), row.n or 0) for row in rows]


def most_followed(person: Person, most: int = 10) -> list[tuple[RowLink, int]]:
    """The links that were followed most, of what everybody in the house sees."""
    from koor.flow.publishing.queries import posts_visible_to

    rows = RowLink.objects.filter(short=True, target__post__in=posts_visible_to(person)).annotate(n=Sum("days__n"))
    found = rows.filter(n__gt=0).select_related("target__post", "target__account").order_by("-n", "pk")[:most]
    return [(row, row.n) for row in found]


def followed_between(first: date, after: date) -> QuerySet[Any, Any]:
    """How often short links were followed, by day, with whether the post stood on a colleague's own account and whose
    it is: for figures about groups. From the first day up to the other one."""
    rows = ClickDay.objects.filter(day__gte=first, day__lt=after, link__short=True, link__target__post__practice=False)
    return rows.order_by().values_list("n", "link__target__account__personal", "link__target__post__by")


def links_followed(first: date, after: date) -> QuerySet[RowLink]:
    """The short links on accounts of the house that were followed in these days, with `n`; most first. What colleagues
    posted in their own name is theirs."""
    rows = RowLink.objects.filter(short=True, target__account__personal=False, target__post__practice=False)
    days = rows.filter(days__day__gte=first, days__day__lt=after).annotate(n=Sum("days__n")).filter(n__gt=0)
    return days.select_related("target__post__by__picture", "target__account").order_by("-n", "-pk")


def tag_sets() -> list[TagSet]:
    return list(TagSet.objects.all()[:100])


def tag_set(person: Person, pk: int) -> TagSet:
    found = TagSet.objects.filter(pk=pk).first() if person.is_active else None
    if found is None:
        raise NotFound
    return found

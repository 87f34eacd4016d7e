"""Reads of publishing: posts and their rows, the newsroom, what waits for whom."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Left
from django.urls import reverse

from koor.flow.hub.models import Rendition
from koor.flow.publishing import access
from koor.flow.publishing.choices import Stage, State
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.models import Post, PostMedium, Target
from koor.flow.publishing.queries.by_hand import left
from koor.ground.people.models import Person
from koor.kernel import together
from koor.kernel.access import NotFound
from koor.kernel.plainly import told


def posts_visible_to(person: Person) -> QuerySet[Post]:
    """Everybody sees what is released; drafts are for their maker, buddy, the owner of an account, who conducts."""
    rows = Post.objects.all()
    if not person.is_active:
        return rows.none()
    if access.may_oversee(person):
        return rows
    mine = Q(by=person) | Q(buddy=person)
    theirs = Q(pk__in=Target.objects.filter(account__owner=person).values("post"))
    return rows.filter(mine | theirs | Q(stage=Stage.RELEASED, practice=False))


def with_parts(rows: QuerySet[Post]) -> QuerySet[Post]:
    """What a list of posts shows, in a fixed number of queries."""
    media, targets = Prefetch("media", _media()), Prefetch("targets", _targets())
    return _with_people(rows).prefetch_related(media, targets)


def _with_people(rows: QuerySet[Post]) -> QuerySet[Post]:
    return rows.select_related("by__picture", "by__discipline", "buddy__picture", "item")


def _media() -> QuerySet[PostMedium]:
    renditions = Prefetch("medium__renditions", Rendition.objects.select_related("file").order_by("width"))
    return PostMedium.objects.select_related("medium").prefetch_related(renditions)


def _targets() -> QuerySet[Target]:
    return Target.objects.select_related("account__owner__picture", "removal", "effect__contact").order_by("pk")


def fetched(rows: QuerySet[Post]) -> list[Post]:
    """These posts with what a list of them shows, in three queries."""
    return fetched_beside(rows, None)[0]


def fetched_beside(rows: QuerySet[Post], beside: together.Question) -> tuple[list[Post], list[Any]]:
    """The same, and the rows of another question without one query more."""
    found, others = together.lists(_with_people(rows.prefetch_related(None)), beside)
    together.attach(found, media=_media(), targets=_targets())
    return found, others


def post(person: Person, pk: int, *, history: bool = True) -> Post:
    """One post with its rows and their attempts. NotFound when it is not there or not for this colleague."""
    rows = _with_people(posts_visible_to(person)).select_related("slot", "item__capture")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    targets = _targets().annotate(left=left()).prefetch_related("attempts") if history else _targets()
    together.attach(found, media=_media(), targets=targets)
    return found


def any_post(pk: int) -> Post:
    """A post for the operator. NotFound when there is none."""
    found = with_parts(Post.objects.all()).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def target(person: Person, pk: int) -> Target:
    """One row of a post that this colleague may see."""
    rows = Target.objects.select_related("post__by__picture", "account__owner", "removal", "effect__contact")
    rows = rows.annotate(left=left()).prefetch_related("attempts")
    found = rows.filter(pk=pk, post__in=posts_visible_to(person)).first()
    if found is None:
        raise NotFound
    return found


def maker_of(*, account_id: int, remote_id: str) -> int | None:
    """Which colleague made the post that a platform knows by this number, for whoever gets a reply to it."""
    rows = Target.objects.filter(account=account_id, remote_id=remote_id, post__in_reply_to="")
    return rows.values_list("post__by", flat=True).first()


def replied_to(numbers: Collection[tuple[int, str]]) -> dict[tuple[int, str], tuple[int, str, int | None]]:
    """Our posts that a platform knows by these numbers (account and number): each with its name and first picture.
    What is up everybody may see."""
    first = PostMedium.objects.filter(post=OuterRef("post")).order_by("order", "pk").values("medium")[:1]
    rows = Target.objects.filter(
        account__in={account for account, _number in numbers}, remote_id__in={number for _account, number in numbers}
    )
    found = rows.filter(post__in_reply_to="").annotate(medium=Subquery(first), words=Left("post__text", 160))
    named = found.values_list("account_id", "remote_id", "post_id", "post__title", "words", "medium")
    return {(account, number): (post, title or words, medium) for account, number, post, title, words, medium in named}


def shown_by(*, account_id: int, remote_id: str) -> tuple[Person, int, str] | None:
    """Of what a platform knows by this number: who showed it (else who made the post), the post, and the page where
    that colleague sees it. For Koor itself, to tell them."""
    rows = Target.objects.filter(account=account_id, remote_id=remote_id, post__in_reply_to="", removed_at=None)
    row = rows.select_related("post__by", "post__item__by").first()
    if row is None:
        return None
    item = row.post.item
    if item is not None and item.by is not None and item.capture_id is not None:
        return item.by, row.post_id, reverse("hub:captured", args=[item.capture_id])
    return row.post.by, row.post_id, reverse("publishing:post", args=[row.post_id])


def whole_state(post: Post) -> str:
    """The state of a post, derived from its rows."""
    return logic.state_of_post(post.stage, [target.state for target in post.targets.all()])


def _why(row: Target) -> dict[str, str]:
    """Why a row waits for a person, for a program that has to tell them."""
    if row.state != State.NEEDS_PERSON:
        return {}
    return {"because": row.because, "note": told(row.note, row.note_values) if row.note else ""}


def post_answer(post: Post) -> dict[str, Any]:
    """A post as programs get it."""
    rows = sorted(post.targets.all(), key=lambda target: target.pk)
    return {
        "id": post.pk,
        "state": whole_state(post),
        "language": post.language,
        "targets": [
            {
                "id": row.pk,
                "account": row.account_id,
                "state": row.state,
                "remote_id": row.remote_id,
                "url": row.url,
                "attempts": row.attempts_made,
                **_why(row),
            }
            for row in rows
        ],
    }

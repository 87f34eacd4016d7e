"""What appeared somewhere counts as used in the library."""

from datetime import datetime

from koor.flow.hub import actions as hub
from koor.flow.publishing.models import Post, PostMedium, Target
from koor.kernel.access import SYSTEM


def note_use(target_id: int) -> None:
    """A row is up: its item and its pictures were used. Practice leaves the house nowhere, so it doesn't count."""
    target = Target.objects.filter(pk=target_id).select_related("post").first()
    if target is not None and target.published_at is not None and not target.post.practice:
        used_in(target.post, target.published_at)


def used_in(post: Post, at: datetime) -> None:
    items = set(PostMedium.objects.filter(post=post).values_list("medium__item", flat=True)) | {post.item_id}
    hub.note_use(by=SYSTEM, items=[pk for pk in items if pk is not None], at=at)

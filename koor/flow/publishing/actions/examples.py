"""What went out well is kept in the library as an example: with its link and its rights, to begin from, never to be
posted again by itself."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.hub import actions as hub
from koor.flow.hub.choices import Rights
from koor.flow.hub.models import Item
from koor.flow.publishing.actions import content
from koor.flow.publishing.choices import State
from koor.flow.publishing.models import Post
from koor.ground.people.models import Person
from koor.kernel import audit
from koor.kernel.access import Refused


def keep_example(*, by: Person, post: Post, why: str = "") -> Item:
    """Keep a post that is up, once: kept again it is the same example. `why` is told to its maker."""
    with transaction.atomic():
        found = Post.objects.select_for_update(of=("self",)).select_related("by", "example").get(pk=post.pk)
        if found.example is not None:
            return found.example
        up = found.targets.filter(state=State.PUBLISHED).order_by("published_at", "pk")
        row = up.exclude(url="").filter(removed_at=None).first() or up.first()
        if row is None or found.practice or found.in_reply_to:
            raise Refused(_("Only what is up can be an example."), code="not_up")
        url = row.url if row.removed_at is None and len(row.url) <= 500 else ""
        said = {"title": str(found), "text": found.text, "url": url, "why": why.strip()}
        made = hub.keep_post(by=by, maker=found.by, used_at=row.published_at, **said, **_of_what_it_shows(found))
        found.example = made
        found.save(update_fields=["example"])
        audit.record(by=by, verb="publishing.keep_example", target=found)
    return made


def _of_what_it_shows(post: Post) -> dict[str, Any]:
    """Project and tags of its item; the narrowest rights of everything that it shows."""
    shown = content.made_of(post)
    own = next((item for item in shown if item.pk == post.item_id), None)
    found: dict[str, Any] = {"project": own.project, "tags": own.tags} if own is not None else {}
    others = [item for item in shown if item.rights_kind != Rights.OWN]
    if others:
        found |= {"rights_kind": others[0].rights_kind, "rights": others[0].rights}
    ends = [item.rights_until for item in shown if item.rights_until is not None]
    return {**found, "rights_until": min(ends, default=None)}

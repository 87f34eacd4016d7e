"""How links go out, and how often they were followed."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from koor.flow.publishing import access
from koor.flow.publishing.actions.checks import linked
from koor.flow.publishing.logic import linking as logic
from koor.flow.publishing.models import ClickDay, Manner, Post, PostLink, RowLink, TagSet, Target
from koor.flow.publishing.queries import links
from koor.ground.people.access import Colleague
from koor.ground.people.queries import today
from koor.kernel import audit, clock, memory
from koor.kernel.access import Refused, require


@transaction.atomic
def set_manner(*, by: Colleague, tags: bool, medium: str, short: bool, hub: str) -> Manner:
    """How links go out from now on, and who is told when the newsroom changes."""
    require(access.may_link(by), _("Ask the curator or the administrator."))
    hub = linked(hub)
    if hub and not hub.startswith("https://"):
        raise Refused(_("The address of a hub begins with https://."), code="hub", field="hub")
    row, _new = Manner.objects.select_for_update().get_or_create(pk=1)
    row.tags, row.short, row.hub = tags, short, hub[:300]
    row.medium = "".join(sign for sign in medium.lower() if sign.isalnum() or sign in "-_.")[:40] or "social"
    row.save()
    memory.forget()
    audit.record(by=by, verb="publishing.set_manner", tags=tags, short=short, hub=row.hub)
    return row


@transaction.atomic
def choose_link(*, by: Colleague, post: Post, campaign: str, plain: bool) -> None:
    """What this post does with its link, where that is not as usual."""
    require(access.may_edit(by, post), _("Only its maker and the curator change this."))
    campaign = "-".join(campaign.lower().split())[:60]
    before = PostLink.objects.filter(post=post).values_list("campaign", "plain").first() or ("", False)
    if before != (campaign, plain):
        audit.record(by=by, verb="publishing.choose_link", target=post, campaign=campaign, plain=plain)
    if not campaign and not plain:
        PostLink.objects.filter(post=post).delete()
    else:
        PostLink.objects.update_or_create(post=post, defaults={"campaign": campaign, "plain": plain})
    for row in post.targets.filter(first_sent_at=None, row_link__isnull=False).select_related("account", "post"):
        keep_link(row)


def keep_link(row: Target) -> None:
    """The link of a row that is let go, as it will be said on every try. What was ever sent keeps its link."""
    if row.first_sent_at is not None:
        return
    found = links.planned(row)
    if found is None:
        RowLink.objects.filter(target=row.pk).delete()
    else:
        kept = {"code": found.code, "url": found.url, "short": found.short}
        RowLink.objects.update_or_create(target_id=row.pk, defaults=kept)


def count_click(*, by: Colleague, link: RowLink) -> None:
    """Somebody followed a short link. The day and nothing else."""
    row, new = ClickDay.objects.get_or_create(link=link, day=today(), defaults={"n": 1})
    if not new:
        ClickDay.objects.filter(pk=row.pk).update(n=F("n") + 1)


@transaction.atomic
def keep_tags(*, by: Colleague, name: str, tags: str) -> TagSet:
    """A set of hashtags; the same name again changes it."""
    require(access.may_link(by), _("Ask the curator or the administrator."))
    name, found = " ".join(name.split())[:60], logic.tags_in(tags)
    if not name or not found:
        raise Refused(_("Give the set a name and at least one hashtag."), code="tags", field="tags")
    said = " ".join(found)
    if len(said) > 600:
        raise Refused(_("At most %(most)s characters here.") % {"most": 600}, code="too_long", field="tags")
    kept, _new = TagSet.objects.update_or_create(name=name, defaults={"tags": said, "by_id": by.pk, "at": clock.now()})
    audit.record(by=by, verb="publishing.keep_tags", target=kept)
    return kept


@transaction.atomic
def drop_tags(*, by: Colleague, tag_set: TagSet) -> None:
    require(access.may_link(by), _("Ask the curator or the administrator."))
    audit.record(by=by, verb="publishing.drop_tags", target=tag_set)
    tag_set.delete()

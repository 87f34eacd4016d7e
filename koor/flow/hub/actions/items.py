"""The library: texts, links and finds come in; the curator keeps, puts aside and keeps order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from koor.flow.hub import access, logic, tasks
from koor.flow.hub.choices import IdeaState, ItemKind, ItemState, MediumKind, Rights
from koor.flow.hub.events import IdeaMoved, ItemDecided
from koor.flow.hub.models import Idea, Item, Medium
from koor.ground.contacts.models import Project
from koor.ground.people.access import Colleague, is_system
from koor.ground.people.models import Person
from koor.kernel import audit, clock, events, jobs
from koor.kernel.access import Refused, require
from koor.kernel.once import forget, lasts
from koor.kernel.once import once as done_once

EDITABLE = {
    *("title", "text", "url", "rights", "rights_kind", "rights_until"),
    *("project", "tags", "evergreen", "rest_days"),
}
FIND = lasts("hub.keep_find")  # by what was found, such as a mention
LIMITS = {"title": 200, "text": 20_000, "url": 500, "rights": 200, "decision": 300}


def add_text_item(
    *,
    by: Person,
    title: str = "",
    text: str = "",
    url: str = "",
    project: Project | None = None,
    tags: Sequence[str] = (),
    rights_kind: str = Rights.OWN,
    rights: str = "",
    rights_until: date | None = None,
    idea: bool = True,
    once: str = "",
) -> Item:
    """A text, a link when `url` is given, or a find when that is somebody else's; an `idea` stands on the board too.
    Refused when there is nothing in it. A link without a title gets the one of its page, as soon as that answers."""
    require(access.may_show(by))
    fields = fields_of(title=title, text=text, url=url, rights=rights)
    if not fields["title"] and not fields["text"] and not fields["url"]:
        raise Refused(_("Write one sentence, or give a link."), code="empty", field="text")
    outside = rights_kind in (Rights.LINK, Rights.PERMIT)
    kind = (ItemKind.FIND if outside else ItemKind.LINK) if fields["url"] else ItemKind.TEXT
    given = {"rights_kind": rights_kind, "rights_until": rights_until, "tags": logic.tags_of(", ".join(tags))}

    def make() -> Item:
        made = Item.objects.create(kind=kind, by=by, project=project, made_at=clock.now(), **fields, **given)
        if idea:
            Idea.objects.create(item=made, moved_at=made.made_at)
        audit.record(by=by, verb="hub.add_text_item", target=made)
        if made.url and not made.title:
            jobs.later(tasks.name_link, only_one=f"hub.name_link:{made.pk}", item=made.pk)
        return made

    with transaction.atomic():
        pk, _new = done_once(f"hub.add_text_item:{by.pk}", once, fields, make)
    return Item.objects.get(pk=pk)


def keep_find(*, by: Colleague, title: str, text: str = "", url: str = "", rights: str = "", once: str = "") -> Item:
    """Something from outside that is worth following or sharing; `rights`: whose it is. Called by rooms above."""
    require(access.may_show(by))
    cut = {"title": title[:200], "text": text[:20_000], "rights": rights[:200]}
    fields = fields_of(**cut, url=url)

    def make() -> Item:
        maker = None if is_system(by) else by.pk
        made = Item.objects.create(
            kind=ItemKind.FIND, by_id=maker, made_at=clock.now(), rights_kind=Rights.LINK, **fields
        )
        audit.record(by=by, verb="hub.keep_find", target=made)
        return made

    return kept_once(FIND, once, {"url": url}, make, by=by)


@transaction.atomic
def kept_once(kind: str, key: str, said: Any, make: Callable[[], Item], *, by: Colleague) -> Item:
    """Once for what it was made of; what was removed meanwhile comes back, or is made anew where it went for good."""
    pk, new = done_once(kind, key, said, make)
    if not new and not Item.objects.filter(pk=pk).exists():
        forget(kind, pk)
        pk, new = done_once(kind, key, said, make)
    if Item.objects.filter(pk=pk, removed_at__isnull=False).update(removed_at=None):
        audit.record(by=by, verb=kind, target=Item.objects.get(pk=pk))
    return Item.objects.get(pk=pk)


def keep_post(
    *,
    by: Colleague,
    maker: Person,
    title: str,
    text: str = "",
    url: str = "",
    why: str = "",
    used_at: datetime | None = None,
    **given: Any,
) -> Item:
    """A finished post of `maker` that is kept as an example: to begin from, never to be posted again. `why` is told to
    the maker; `given`: project, tags and rights of what it shows. Called by rooms above, which know the post."""
    require(access.may_curate(by), _("The curator decides what goes into the library."))
    unknown = set(given) - {"project", "tags", "rights_kind", "rights", "rights_until"}
    if unknown:
        raise TypeError(f"not to be given: {unknown}")
    fields = fields_of(title=title[:200], text=text[:20_000], url=url, decision=why)
    now, decided = clock.now(), None if is_system(by) else by.pk
    with transaction.atomic():
        made = Item.objects.create(
            kind=ItemKind.POST, by=maker, made_at=now, used_at=used_at, state=ItemState.KEPT, decided_by_id=decided,
            decided_at=now, reacted_at=None if decided == maker.pk else now, **fields, **given,
        )  # fmt: skip
        audit.record(by=by, verb="hub.keep_post", target=made)
        events.tell(ItemDecided(made.pk))
    return made


def edit_item(*, by: Colleague, item: Item, alts: Mapping[int, str] | None = None, **changes: Any) -> Item:
    """Change title, text, url, rights (kind, words, last day), project, tags, evergreen or its rest, and the
    alternative texts of its pictures by id."""
    require(access.may_edit_item(by, item), _("Its maker and the curator can change this."))
    unknown = set(changes) - EDITABLE
    if unknown:
        raise TypeError(f"not to be changed: {unknown}")
    words = fields_of(**{name: value for name, value in changes.items() if name in LIMITS})
    changes = {**changes, **words}
    if not 0 <= (changes.get("rest_days") or 0) <= logic.LONGEST_REST:
        raise Refused(_("At most %(most)s days.") % {"most": logic.LONGEST_REST}, code="rest", field="rest_days")
    if "tags" in changes:
        changes["tags"] = logic.tags_of(", ".join(changes["tags"]))
    with transaction.atomic():
        found = Item.objects.select_for_update().get(pk=item.pk)
        changed = [name for name, value in changes.items() if getattr(found, name) != value]
        for name in changed:
            setattr(found, name, changes[name])
        if changed:
            found.save(update_fields=changed)
        described = _describe(found, alts or {})
        if changed or described:
            audit.record(by=by, verb="hub.edit_item", target=found, changed=[*changed, *(["alt"] if described else [])])
    return found


def _describe(item: Item, alts: Mapping[int, str]) -> bool:
    described = False
    for medium in Medium.objects.filter(item=item, pk__in=alts):
        alt = alts[medium.pk].strip()[:1500]
        if alt != medium.alt:
            Medium.objects.filter(pk=medium.pk).update(alt=alt)
            described = True
    return described


def describe_pictures(*, by: Colleague, item: Item, alts: Mapping[int, str]) -> bool:
    """Say in words what pictures show that nobody described yet; what was said stays. Whether something was new."""
    require(access.may_show(by))
    with transaction.atomic():
        bare = set(Medium.objects.filter(item=item, alt="").values_list("pk", flat=True))
        described = _describe(item, {pk: alt for pk, alt in alts.items() if pk in bare})
        if described:
            audit.record(by=by, verb="hub.edit_item", target=item, changed=["alt"])
    return described


def keep_item(*, by: Colleague, item: Item, reason: str = "", alts: Mapping[int, str] | None = None) -> Item:
    """The curator keeps it. `reason` is a kind word to its maker, `alts` what each picture shows in words. Refused
    while a picture is without."""
    require(access.may_curate(by), _("The curator decides what goes into the library."))
    with transaction.atomic():
        if alts and _describe(item, alts):
            audit.record(by=by, verb="hub.edit_item", target=item, changed=["alt"])
        bare = Medium.objects.filter(item=item, alt="").exclude(kind=MediumKind.VOICE).order_by("order", "pk").first()
        if bare is not None:
            sentence = _("Say in a few words what the picture shows. Without that it is not kept.")
            raise Refused(sentence, code="alt", field=f"alt-{bare.pk}")
        return decide(by=by, item=item, state=ItemState.KEPT, reason=reason)


def shelve_item(*, by: Colleague, item: Item, reason: str) -> Item:
    """The curator puts it aside, with a kind reason that its maker reads. Refused without one."""
    if not reason.strip() and item.by_id not in (None, by.pk):
        raise Refused(_("Tell the maker kindly why, in one sentence."), code="no_reason", field="reason")
    return decide(by=by, item=item, state=ItemState.SHELVED, reason=reason)


def reconsider_item(*, by: Colleague, item: Item) -> Item:
    """Take a decision back: the item is new again."""
    return decide(by=by, item=item, state=ItemState.NEW, reason="")


def decide(*, by: Colleague, item: Item, state: ItemState, reason: str) -> Item:
    """Part of the deeds of the curator."""
    require(access.may_curate(by), _("The curator decides what goes into the library."))
    reason = fields_of(decision=reason)["decision"]
    with transaction.atomic():
        found = Item.objects.select_for_update().get(pk=item.pk)
        if (found.state, found.decision) == (state, reason):
            return found
        found.state, found.decision = state, reason
        found.decided_by_id = by.pk if state != ItemState.NEW else None
        found.decided_at = clock.now() if state != ItemState.NEW else None
        if found.by_id != found.decided_by_id:
            found.reacted_at = found.reacted_at or found.decided_at
        found.save(update_fields=["state", "decision", "decided_by", "decided_at", "reacted_at"])
        audit.record(by=by, verb=f"hub.{_VERBS[state]}", target=found)
        events.tell(ItemDecided(found.pk))
        _onto_the_board(by, found)
    return found


def _onto_the_board(by: Colleague, item: Item) -> None:
    """The idea behind it moves along, unless it stands somewhere that says the same."""
    idea = Idea.objects.select_for_update().filter(item=item).first()
    if idea is None or idea.state in _SAYS_THE_SAME[ItemState(item.state)]:
        return
    idea.state, idea.reason = _SAYS_THE_SAME[ItemState(item.state)][0], item.decision
    idea.moved_by_id, idea.moved_at = by.pk, clock.now()
    idea.save(update_fields=["state", "reason", "moved_by", "moved_at"])
    events.tell(IdeaMoved(idea.pk))


_SAYS_THE_SAME = {
    ItemState.NEW: (IdeaState.NEW,),
    ItemState.KEPT: (IdeaState.CHOSEN, IdeaState.MAKING, IdeaState.DONE),
    ItemState.SHELVED: (IdeaState.NOT_NOW,),
}
_VERBS = {ItemState.KEPT: "keep_item", ItemState.SHELVED: "shelve_item", ItemState.NEW: "reconsider_item"}


def note_use(*, by: Colleague, items: Sequence[int], at: datetime) -> None:
    """A post of these items appeared then. Called by rooms above, which keep the trail of their posts."""
    require(is_system(by))
    earlier = Q(used_at=None) | Q(used_at__lt=at)
    Item.objects.filter(earlier, pk__in=items).update(used_at=at)


def fields_of(**words: str) -> dict[str, str]:
    """Trimmed and within limits. Refused when something is too long or an address can't be one."""
    trimmed = {name: (value or "").strip() for name, value in words.items()}
    for name, value in trimmed.items():
        if len(value) > LIMITS[name]:
            most = {"most": LIMITS[name]}
            raise Refused(_("At most %(most)s characters here.") % most, code="too_long", field=name)
    if trimmed.get("url") and not _is_address(trimmed["url"]):
        raise Refused(_("A link begins with https:// or http://."), code="bad_link", field="url")
    return trimmed


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not set(url) & set(' \t\r\n<>"\\')

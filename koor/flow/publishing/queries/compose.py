"""What the compose page begins with: an item, a place in the calendar, a colleague's post, or a kept draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from koor.flow.calendar import queries as calendar
from koor.flow.calendar.models import Slot
from koor.flow.hub import queries as hub
from koor.flow.hub.choices import ItemKind
from koor.flow.hub.models import Item, Medium, Rendition
from koor.flow.publishing import access
from koor.flow.publishing.models import Post, Target
from koor.flow.publishing.queries import post as post_of
from koor.flow.publishing.queries import speaking
from koor.ground.channels import queries as channels
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.kernel import clock, numbers

MORNING = time(9, 0)  # of a planned day for which nobody chose a time


@dataclass
class Written:
    """What stands on the compose page, as it begins, as it was sent, or as it is kept."""

    text: str = ""
    title: str = ""
    link: str = ""
    language: str = ""  # chosen; empty: as the words are
    accounts: list[Account] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)  # own words, by account
    options: dict[int, dict[str, str]] = field(default_factory=dict)
    pictures: list[tuple[Medium, str]] = field(default_factory=list)
    due_local: datetime | None = None
    item: Item | None = None
    slot: Any = None
    after: Post | None = None
    example: Item | None = None  # in the library, that it begins from: its post is `after`
    kept: bool = False  # it is a post already

    def words_for(self, account: Account) -> str:
        return self.texts.get(account.pk) or self.text


def start_of(person: Person, given: Mapping[str, str], offered: Sequence[Account]) -> Written:
    """A new post. `given` may name an item, a slot, or a post of a colleague to make one's own (`after`),
    and the account to begin with (`accounts`)."""
    start = Written(accounts=[account for account in offered if str(account.pk) == given.get("accounts", "")])
    item, slot, after, example = (numbers.row(given.get(name, "")) for name in ("item", "slot", "after", "example"))
    if slot:
        _from_slot(start, person, slot, offered)
    if item or (start.slot and start.slot.item_id):
        _from_library(start, person, hub.item(person, item or start.slot.item_id))
    if after:
        _from_colleague(start, person, post_of(person, after, history=False), offered)
    if example:
        _from_example(start, person, hub.bare_item(person, example))
    start.accounts = start.accounts or _usual(person, offered)
    return start


def _from_library(start: Written, person: Person, item: Item) -> None:
    if item.kind == ItemKind.POST:
        _from_example(start, person, item)
    else:
        _from_item(start, item)


def _from_example(start: Written, person: Person, item: Item) -> None:
    """Its words stand beside the new ones, which are one's own; its pictures do not come along."""
    found = Post.objects.filter(example=item.pk).values_list("pk", flat=True).first()
    if found is not None:
        start.after, start.example = post_of(person, found, history=False), item


def _from_item(start: Written, item: Item) -> None:
    start.item = item
    start.text = start.text or item.text or item.title
    start.link = item.url
    if item.kind == ItemKind.DOCUMENT:  # shown above its pages
        start.title = start.title or item.title
    start.pictures = [(medium, medium.alt or hub.suggested_alt(item)) for medium in item.shows]


def moment_of(slot: Slot) -> datetime | None:
    """When something for this place goes, in the house's zone. None for at once: its moment is past."""
    moment = datetime.combine(slot.day, slot.time or MORNING)
    return moment if moment > clock.local(clock.now(), house().zone).replace(tzinfo=None) else None


def _from_slot(start: Written, person: Person, pk: int, offered: Sequence[Account]) -> None:
    slot = calendar.slot(person, pk)
    start.slot = slot
    start.due_local = moment_of(slot)
    fitting = [account for account in offered if account.pk == slot.account_id]
    start.accounts = fitting or start.accounts


def _from_colleague(start: Written, person: Person, post: Post, offered: Sequence[Account]) -> None:
    """The work and its pictures come along; the words are one's own."""
    shown = post.item if post.item is not None and post.item.removed_at is None else None
    start.after, start.item = post, hub.bare_item(person, shown.pk) if shown else None
    start.text = _("Fine work by my colleague %(name)s.") % {"name": post.by.first_name}
    start.link = next((row.url for row in post.targets.all() if row.slug and not row.removed_at), post.link)
    start.pictures = [(one.medium, one.alt) for one in post.media.all()]
    own = [account for account in offered if account.personal and account.owner_id == person.pk]
    start.accounts = own[:1] or start.accounts


def _usual(person: Person, offered: Sequence[Account]) -> list[Account]:
    """Where this colleague posted last, so that the second step is only a button; who practises gets a stage.

    Who never posted begins with an account of the house, else with their own."""
    if access.only_practises(person):
        return [one for one in offered if not channels.connector(one.connector).manifest.public][:1]
    rows = Target.objects.filter(post__by=person, post__in_reply_to="").order_by("-post__made_at", "pk")
    last = rows.values_list("post", "account")[:20]
    latest = last[0][0] if last else 0
    used = {account for post, account in last if post == latest}
    return [account for account in offered if account.pk in used] or _first_of(person, offered)


def _first_of(person: Person, offered: Sequence[Account]) -> list[Account]:
    """The first account that people outside see: of the house, else the own one."""
    seen = [one for one in offered if channels.connector(one.connector).manifest.public]
    ours = [one for one in seen if not one.personal]
    return (ours or [one for one in seen if one.owner_id == person.pk])[:1]


def open_places(person: Person, offered: Sequence[Account], item: Item | None = None) -> list[Slot]:
    """Places in the calendar that this colleague can fill with it: meant for an account that is offered, and not for
    something else."""
    accounts = {None, *(account.pk for account in offered)}
    items = {None, item.pk if item else None}
    return [slot for slot in calendar.open_slots(person) if slot.account_id in accounts and slot.item_id in items]


def written_in(post: Post) -> Written:
    """A kept post as the page shows it; give one with its parts fetched."""
    rows = [row for row in post.targets.all() if row.state != "cancelled"]
    planned = next((row for row in rows if row.due_day and row.due_time), None)
    return Written(
        text=post.text,
        title=post.title,
        link=post.link,
        language="" if post.language == speaking.guessed(post.text) else post.language,
        accounts=[row.account for row in rows],
        texts={row.account_id: row.text for row in rows if row.text != post.text},
        options={row.account_id: row.options for row in rows},
        pictures=[(one.medium, one.alt) for one in post.media.all()],
        due_local=datetime.combine(planned.due_day, planned.due_time) if planned else None,  # type: ignore[arg-type]
        item=_item_of(post),
        slot=post.slot,
        after=post.after,
        kept=True,
    )


def keeps_moment(post: Post, said: datetime | None) -> bool:
    """The page says the moment that it said when it was opened: places that were moved one by one stay as they are."""
    planned = written_in(post).due_local
    return said in (planned, planned.replace(second=0) if planned else None)


def _item_of(post: Post) -> Item | None:
    if post.item is not None:
        hub.attach_parts(post.item)
    return post.item


def picture(person: Person, pk: int, known: Mapping[int, Medium]) -> Medium:
    """A picture that stands on the page already, or one that this colleague may see. NotFound otherwise."""
    return known[pk] if pk in known else with_renditions(hub.medium(person, pk))


def with_renditions(medium: Medium) -> Medium:
    renditions: Any = Prefetch("renditions", Rendition.objects.select_related("file").order_by("width"))
    prefetch_related_objects([medium], renditions)
    return medium

"""Lists of posts: what stands ready, what is up, what waits for whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from koor.flow.hub import queries as hub
from koor.flow.hub.choices import Agrees
from koor.flow.hub.models import Capture, Face, Item, Portrayed
from koor.flow.publishing import access
from koor.flow.publishing.choices import RemovalState, Stage, State
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.models import Post, PostMedium, Removal, Target
from koor.flow.publishing.queries import by_hand, posts_visible_to, uncovered, with_parts
from koor.ground.channels import queries as channels
from koor.ground.channels.choices import AccountState
from koor.ground.channels.models import Account
from koor.ground.people.models import House, Person
from koor.ground.people.queries import house
from koor.kernel import clock, search, written

TROUBLE = (State.NEEDS_PERSON, State.MISSED, State.REJECTED)
OPEN = (State.SCHEDULED, State.WAITING, State.CLAIMED, State.SENDING, State.UNKNOWN, State.RECONCILING)
SHOWN = ("attention", "ready", "buddy", "drafts", "up", "answers")
ASKS = Q(state=State.NEEDS_PERSON) & ~Q(because=logic.PAUSED)
TO_GO = Q(state__in=[State.SCHEDULED, State.WAITING], post__stage=Stage.RELEASED)
LATE_WAKE = timedelta(minutes=15)
TROUBLE_LASTS = timedelta(days=14)  # that a failed row asks for attention


def _rows(states: tuple[str, ...]) -> Exists:
    return Exists(Target.objects.filter(post=OuterRef("pk"), state__in=states))


def _in_trouble() -> Exists:
    """A person is asked, or it failed lately."""
    lately = Q(due_at__gte=clock.now() - TROUBLE_LASTS)
    failed = Q(state__in=(State.MISSED, State.REJECTED)) & lately
    return Exists(Target.objects.filter(ASKS | failed, post=OuterRef("pk")))


def posts(person: Person, show: str = "", words: str = "") -> QuerySet[Post]:
    """Posts that this colleague may see, newest change first. `show` is one of SHOWN, or empty for all but answers."""
    rows = posts_visible_to(person).exclude(stage=Stage.WITHDRAWN)
    released = Q(stage=Stage.RELEASED)
    narrowed = {
        "attention": rows.filter(released & _in_trouble()),
        "ready": rows.filter(released & _rows(OPEN), in_reply_to=""),
        "buddy": rows.filter(stage=Stage.WITH_BUDDY),
        "drafts": rows.filter(stage=Stage.DRAFT),
        "up": rows.filter(released & _rows((State.PUBLISHED,)), in_reply_to=""),
        "answers": rows.exclude(in_reply_to=""),
    }
    found = narrowed.get(show, rows.filter(in_reply_to=""))
    for word in search.fold(words[:200]).split()[:6]:
        found = found.filter(Q(text__icontains=word) | Q(title__icontains=word) | Q(by__name__icontains=word))
    return with_parts(found).order_by("-changed_at", "-pk")


def own_posts(person: Person) -> QuerySet[Post]:
    """A colleague's own posts, drafts too, newest change first."""
    rows = Post.objects.filter(by=person, in_reply_to="").exclude(stage=Stage.WITHDRAWN)
    return with_parts(rows).order_by("-changed_at", "-pk")


@dataclass(frozen=True)
class Counts:
    """How many posts there are of each, for the head of the list."""

    attention: int
    ready: int
    with_buddy: int
    drafts: int
    up_this_week: int
    unknown: int
    held: int


def counts(person: Person) -> Counts:
    """Two queries, whatever the number of posts."""
    visible = posts_visible_to(person).filter(in_reply_to="")
    stages = Counter(visible.filter(stage__in=[Stage.DRAFT, Stage.WITH_BUDDY]).values_list("stage", flat=True))
    week = clock.now() - timedelta(days=7)
    lately = Q(state=State.PUBLISHED, published_at__gte=week) | Q(state__in=OPEN) | Q(state=State.NEEDS_PERSON)
    failed = Q(state__in=(State.MISSED, State.REJECTED), due_at__gte=clock.now() - TROUBLE_LASTS)
    rows = Target.objects.filter(lately | failed, post__in=visible.filter(stage=Stage.RELEASED))
    of: dict[str, set[int]] = {}
    for post_id, state, because in rows.values_list("post", "state", "because"):
        of.setdefault(logic.state_in_post(state, because), set()).add(post_id)

    def some(states: tuple[str, ...]) -> int:
        return len(set().union(*(of.get(state, set()) for state in states)))

    return Counts(
        attention=some(TROUBLE),
        ready=some(OPEN),
        with_buddy=stages[Stage.WITH_BUDDY],
        drafts=stages[Stage.DRAFT],
        up_this_week=some((State.PUBLISHED,)),
        unknown=some((State.UNKNOWN, State.RECONCILING)),
        held=some((logic.HELD_BACK,)),
    )


def attention(person: Person) -> QuerySet[Target, Any] | None:
    """The posts that ask for attention, for the number in the navigation."""
    if not access.may_oversee(person):
        return None
    failed = Q(state__in=(State.MISSED, State.REJECTED), due_at__gte=clock.now() - TROUBLE_LASTS)
    rows = Target.objects.filter(ASKS | failed, post__stage=Stage.RELEASED)
    return rows.filter(post__in_reply_to="").values("post").distinct()


# ── What waits for one colleague ─────────────────────────────────────────────────────────────────────────────────────


def _settled_by(person: Any) -> Q:
    """Rows that are this colleague's to settle: their post, or their account."""
    return Q(post__by=person) | Q(account__owner=person)


def asked_of(person: Person) -> QuerySet[Target]:
    """Rows that wait for this colleague: to post by hand, to look, to change."""
    rows = Target.objects.filter(_settled_by(person), state=State.NEEDS_PERSON).exclude(because=logic.PAUSED)
    rows = rows.exclude(by_hand.left_by(person), because=logic.BY_HAND)
    return rows.select_related("post__by", "account__owner").order_by("due_at", "pk")


def asked_to_remove(person: Person) -> written.Asked:
    """What is up and has to be taken away by this colleague, longest asked first; for who conducts all of it. The
    first of these, for Today."""
    return _first_to_remove(person.pk, everything=access.may_conduct(person))


def _to_remove(pk: Any, everything: bool) -> QuerySet[Target]:
    rows = Target.objects.filter(removal__state=RemovalState.PERSON)
    if not everything:
        rows = rows.filter(_settled_by(pk))
    return rows.select_related("post__by", "account__owner", "removal").order_by("removal__asked_at", "pk")


@written.once("pk")
def _first_to_remove(pk: Any, everything: bool) -> QuerySet[Target]:
    return _to_remove(pk, everything)[:2]


def failed_of(person: Person) -> QuerySet[Target]:
    """A colleague's own rows that were refused or missed lately, or whose moment passed before anybody said yes."""
    since = clock.now() - TROUBLE_LASTS
    failed = Q(state__in=(State.MISSED, State.REJECTED), due_at__gte=since)
    rows = Target.objects.filter(failed | _unanswered(), post__by=person)
    return rows.select_related("post", "account__owner").order_by("-due_at", "-pk")


def _unanswered() -> Q:
    """Planned for a moment that is over, and its owner did not say yes."""
    now = clock.local(clock.now(), house().zone)
    over = Q(due_day__lt=now.date()) | Q(due_day=now.date(), due_time__lt=now.time())
    lately = Q(due_day__gte=now.date() - TROUBLE_LASTS)
    return over & lately & Q(agreed_at=None, state=State.SCHEDULED, because=logic.OWNER, post__stage=Stage.RELEASED)


def to_read(person: Person) -> QuerySet[Post]:
    """Posts that this colleague reads along with: as the buddy, or for those who have none any more."""
    rows = Post.objects.filter(stage=Stage.WITH_BUDDY).exclude(by=person)
    mine = Q(buddy=person)
    if access.reads_for_others(person):
        mine |= Q(buddy=None) | Q(buddy__is_active=False)
    return with_parts(rows.filter(mine)).order_by("with_buddy_at", "pk")


def to_agree(person: Person) -> QuerySet[Target]:
    """What others wrote for this colleague's own accounts."""
    rows = Target.objects.filter(
        account__owner=person, agreed_at=None, state=State.SCHEDULED, because=logic.OWNER, post__stage=Stage.RELEASED
    )
    return rows.select_related("post__by__picture", "account__owner").order_by("pk")


def made_own(post: Post) -> QuerySet[Post]:
    """Colleagues who made a post their own, released ones only."""
    return with_parts(post.made_own.filter(stage=Stage.RELEASED)).order_by("released_at")


def used_in(person: Person, item_id: int) -> QuerySet[Post]:
    """Posts that were made of an item or of its copies, or show a picture of it."""
    of_copies = Q(item__in=hub.with_copies(person, item_id).values("pk"))
    shows = Q(pk__in=PostMedium.objects.filter(medium__item=item_id).values("post"))
    return with_parts(Post.objects.filter(of_copies | shows).exclude(stage=Stage.WITHDRAWN)).order_by("-changed_at")


def example_of(item_id: int) -> QuerySet[Post]:
    """The post that is kept as this example."""
    return with_parts(Post.objects.filter(example=item_id))


def up_of(person: Person, items: Iterable[int]) -> QuerySet[Target]:
    """What is up of these items, the first place of each post first; for whoever may see the post."""
    seen = posts_visible_to(person).filter(item__in=list(items), practice=False)
    rows = Target.objects.filter(post__in=seen, state=State.PUBLISHED, removed_at=None).exclude(url="")
    return rows.select_related("account", "post__by__picture").order_by("-published_at", "-pk")


def of_slot(slot_id: int) -> QuerySet[Post]:
    return with_parts(Post.objects.filter(slot=slot_id).exclude(stage=Stage.WITHDRAWN)).order_by("-changed_at")


def on_account(account: Account) -> QuerySet[Target]:
    """What stands and what comes on an account, newest first; answers to people left out."""
    rows = Target.objects.filter(account=account, post__in_reply_to="", post__stage=Stage.RELEASED)
    rows = rows.exclude(state=State.CANCELLED).select_related("post__by__picture", "account__owner", "removal")
    return rows.order_by("-due_at", "-pk")


def overdue() -> QuerySet[Target]:
    """Rows whose wake-up has long passed: nobody looks at them. For `koor doctor`; none while publishing is held."""
    if House.objects.exclude(publishing_held="").exists():
        return Target.objects.none()
    return late()


def planned_on(account: Account) -> QuerySet[Target]:
    """What is to go on an account."""
    return Target.objects.filter(TO_GO, account=account)


def drafted_for(account: Account, since: datetime) -> QuerySet[Target]:
    """What colleagues worked on since then and may let go there yet."""
    return Target.objects.filter(
        account=account, post__stage__in=[Stage.DRAFT, Stage.WITH_BUDDY], post__changed_at__gte=since
    )


def cut_off(person: Person) -> QuerySet[Target]:
    """What is planned for accounts that are disconnected: one's own, for who conducts all of it."""
    rows = Target.objects.filter(TO_GO, account__state=AccountState.DISCONNECTED)
    return rows if access.may_conduct(person) else rows.filter(post__by=person)


def late() -> QuerySet[Target]:
    """The same in one question; none while publishing is held."""
    held = House.objects.exclude(publishing_held="")
    return Target.objects.filter(~Exists(held), wake_at__lt=clock.now() - LATE_WAKE)


def copies_before(medium_id: int) -> list[Target]:
    """What is up elsewhere with a picture as it was before faces in it were blurred the last time."""
    last = Face.objects.filter(medium=medium_id).order_by("-blurred_at").exclude(blurred_at=None)
    blurred_at = last.values_list("blurred_at", flat=True).first()
    if blurred_at is None:
        return []
    rows = Target.objects.filter(post__media__medium=medium_id, state=State.PUBLISHED, removed_at=None)
    rows = rows.select_related("post__by", "account__owner", "removal").filter(
        Q(published_at__lt=blurred_at) | Q(prepared_at__lt=blurred_at) | Q(first_sent_at__lt=blurred_at)
    )
    return [row for row in rows.distinct().order_by("-published_at")[:50] if _is_elsewhere(row)]


def _is_elsewhere(row: Target) -> bool:
    """Not in the house itself, which shows the picture that it has."""
    known = channels.connectors().get(row.account.connector)
    return known is None or known.manifest.network or known.manifest.by_hand


def copies_of(portrayed: Portrayed) -> list[Removal]:
    """Where pictures of somebody were taken away, or are being."""
    return _removed(portrayed.item_id, "consent") if portrayed.item_id else []


def _removed(item: int, because: str) -> list[Removal]:
    shows = Q(target__post__item=item) | Q(target__post__media__medium__item=item)
    rows = Removal.objects.filter(shows, because=because).select_related("target__account").distinct()
    return list(rows.order_by("-asked_at")[:50])


def taken_back(capture: Capture) -> tuple[list[Target], list[Removal]]:
    """Of what its maker took back: what is still up, and what was taken away or is being."""
    item = Item.objects.filter(capture=capture).select_related("capture").first()
    if item is None or capture.withdrawn_at is None:
        return [], []
    return uncovered.copies(item)[:50], _removed(item.pk, "withdrawn")


def going_away(portrayed: Portrayed) -> list[Target]:
    """The same copies as `follow_consent` is about to have taken away of somebody who took back their yes just now."""
    if portrayed.agrees != Agrees.NO:
        return []
    item = Item.objects.filter(portrayed=portrayed.pk).first()
    return uncovered.copies(item)[:50] if item else []

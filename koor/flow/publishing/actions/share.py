"""Sharing on: work is offered to the colleagues whom it suits, each with a text of their own to begin with. A colleague
makes it their own, or kindly lets it pass."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.hub import queries as hub
from koor.flow.hub.models import Item, Medium
from koor.flow.publishing import access
from koor.flow.publishing.actions.checks import linked
from koor.flow.publishing.actions.release import let_go
from koor.flow.publishing.actions.write import create_post
from koor.flow.publishing.choices import Answer, Stage, State
from koor.flow.publishing.logic import starting, suits
from koor.flow.publishing.logic.words import is_copy
from koor.flow.publishing.models import LessOf, Offer, Passed, Post, Sharing
from koor.flow.publishing.queries import offers as queries
from koor.ground.channels.models import Account
from koor.ground.people.access import Colleague
from koor.ground.people.models import House, Person
from koor.ground.people.queries import house, works_here
from koor.kernel import audit, clock
from koor.kernel.access import SYSTEM, Refused, require


@transaction.atomic
def pass_on(*, by: Person, post: Post) -> None:
    """Not this one; it is not offered to this colleague again. Nobody else sees that, so no line in the audit trail."""
    require(access.may_see(by, post))
    Passed.objects.get_or_create(post=post, person=by, defaults={"at": clock.now()})
    waiting = Offer.objects.filter(person=by, sharing__post=post, answer=Answer.OPEN)
    waiting.update(answer=Answer.DECLINED, answered_at=clock.now())


# ── Offering ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def share_on(*, by: Colleague, post: Post | None = None, item: Item | None = None) -> Sharing:
    """Offer a post that is up, or something from the library, to whom it suits. Again changes nothing."""
    require(access.may_share(by), _("The curator offers work to colleagues."))
    _check_may_be_shown(by, post, item)
    same = {"item": item, "ended_at": None} if item is not None else {"post": post}
    found, new = Sharing.objects.get_or_create(**same, defaults={"by_id": by.pk, "at": clock.now()})
    if new:
        audit.record(by=by, verb="publishing.share_on", target=post or item)
        go_round(found.pk)
    return found


def _check_may_be_shown(by: Colleague, post: Post | None, item: Item | None) -> None:
    if post is not None and (post.practice or post.in_reply_to or not _is_up(post)):
        raise Refused(_("Only what is up can be shared on."), code="not_up")
    if item is not None and isinstance(by, Person):
        allowed, reasons = hub.publishable(by, item)
        if not allowed:
            raise Refused(reasons[0], code="not_publishable")


def _is_up(post: Post) -> bool:
    rows = post.targets.filter(state=State.PUBLISHED, removed_at=None)
    return post.stage == Stage.RELEASED and rows.exists()


def share_what_is_up(target_id: int) -> None:
    """A post that just came up is offered of itself, unless it is somebody's own version of another. Once: what the
    curator stopped offering stays so when it comes up in one place more."""
    fresh = {"targets": target_id, "targets__published_at__gt": clock.now() - queries.FRESH, "sharing": None}
    post = Post.objects.filter(**fresh, after=None, practice=False, in_reply_to="").first()
    if post is not None and house().offers_a_week and _is_up(post):
        share_on(by=SYSTEM, post=post)


@transaction.atomic
def go_round(sharing_id: int) -> int:
    """Offer it to whom it suits and who has room this week. How many got it."""
    _one_at_a_time()
    sharing = queries.sharing_with_work(sharing_id)
    if sharing is None:
        return 0
    work = queries.work_of(sharing)
    suited = suits.chosen(
        queries.colleagues_for(work, sharing),
        work,
        a_week=house().offers_a_week,
        room=suits.AT_ONCE - sharing.offers.count(),
    )
    people = Person.objects.in_bulk([pk for pk, _reasons in suited])
    for pk, reasons in suited:
        _offer(sharing, people[pk], reasons)
    return len(suited)


def _one_at_a_time() -> None:
    """Two rounds at once would each give somebody their last of the week."""
    House.objects.select_for_update().get()


def _offer(sharing: Sharing, person: Person, reasons: list[suits.Reason]) -> Offer:
    start = starting.begin(
        queries.habits_of(person),
        queries.shown_of(sharing, reasons),
        queries.said_already(sharing),
        turn=person.pk,
        language=house().language,
    )
    return Offer.objects.create(
        sharing=sharing,
        person=person,
        text=starting.with_tail(start.text, works_here()),
        made_of=[list(one) for one in start.made_of],
        reasons=[list(one) for one in reasons],
        at=clock.now(),
    )


@transaction.atomic
def offer_to(*, by: Person, sharing: Sharing, person: Person) -> Offer:
    """Offer it to one colleague whom the choosing passed by. Refused when it is not their moment; why is theirs."""
    require(access.may_share(by), _("The curator offers work to colleagues."))
    _one_at_a_time()
    there = sharing.offers.filter(person=person).first()
    if there is not None:
        return there
    work = queries.work_of(sharing)
    found = {one.pk: one for one in queries.colleagues_for(work, sharing)}.get(person.pk)
    if found is None or not suits.has_room(found, house().offers_a_week):
        sentence = _("Not now: %(name)s is away, had enough this week, or has it already.")
        raise Refused(sentence % {"name": person.first_name}, code="no_room", field="person")
    made = _offer(sharing, person, [(suits.ASKED, by.first_name), *suits.reasons_for(found, work)])
    audit.record(by=by, verb="publishing.offer_to", target=sharing, person=person.pk)
    return made


@transaction.atomic
def stop_sharing(*, by: Person, sharing: Sharing) -> Sharing:
    """It is offered to nobody any more; who made it their own keeps that."""
    require(access.may_share(by), _("The curator offers work to colleagues."))
    found = Sharing.objects.select_for_update().get(pk=sharing.pk)
    if found.ended_at is None:
        _end(found, by=by)
    return found


def _end(sharing: Sharing, *, by: Colleague) -> None:
    sharing.ended_at = clock.now()
    sharing.save(update_fields=["ended_at"])
    sharing.offers.filter(answer=Answer.OPEN).update(answer=Answer.LAPSED, answered_at=clock.now())
    audit.record(by=by, verb="publishing.stop_sharing", target=sharing)


@transaction.atomic
def stop_sharing_item(item_id: int) -> None:
    """It was removed from the library, and did not come back meanwhile."""
    gone = Sharing.objects.filter(item=item_id, item__removed_at__isnull=False, ended_at=None)
    for found in gone.select_for_update(of=("self",)):
        _end(found, by=SYSTEM)


# ── Answering ────────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def take_offer(*, by: Person, offer: Offer, text: str, account: Account, due_local: datetime | None = None) -> Post:
    """Make it one's own on an own account, now or at a moment. Pressed twice it is posted once."""
    found = _mine(by, offer)
    if found.own is not None:
        return found.own
    sharing = found.sharing
    _check_own_words(sharing, text)
    post = create_post(
        by=by,
        text=text,
        accounts=[account],
        media=_pictures(sharing),
        item=sharing.item or (sharing.post.item if sharing.post else None),
        link=_link(sharing),
        due_local=due_local,
        after=sharing.post,
    )
    found.answer, found.answered_at, found.own = Answer.OWN, clock.now(), post
    found.save(update_fields=["answer", "answered_at", "own"])
    return let_go(by=by, post=post)


@transaction.atomic
def posted_by_hand(*, by: Person, offer: Offer, url: str = "") -> Offer:
    """It stands on an account that Koor does not know; where is welcome, not needed."""
    found = _mine(by, offer)
    if found.answer == Answer.OWN:
        raise Refused(_("You made this your own already."), code="done")
    found.answer, found.answered_at, found.url = Answer.BY_HAND, clock.now(), linked(url)
    found.save(update_fields=["answer", "answered_at", "url"])
    audit.record(by=by, verb="publishing.posted_by_hand", target=found.sharing)
    return found


@transaction.atomic
def decline_offer(*, by: Person, offer: Offer, less: Iterable[str] = ()) -> Offer:
    """Not this one; no reason is needed. `less`: what one would rather be offered less of, as `queries.offers.kinds_of`
    names it. Seen by nobody else, so no line in the audit trail."""
    found = _mine(by, offer)
    if found.answer == Answer.OPEN:
        found.answer, found.answered_at = Answer.DECLINED, clock.now()
        found.save(update_fields=["answer", "answered_at"])
    named = dict(queries.kinds_of(found))
    for chosen in less:
        kind, _colon, key = chosen.partition(":")
        if chosen in named:
            label = queries.name_of_kind(found, kind, key)[:160]
            LessOf.objects.get_or_create(
                person=by, kind=kind, key=key[:60], defaults={"label": label, "at": clock.now()}
            )
    return found


@transaction.atomic
def reopen_offer(*, by: Person, offer: Offer) -> Offer:
    """Said no too soon."""
    found = _mine(by, offer)
    if found.answer == Answer.DECLINED and found.sharing.ended_at is None:
        found.answer, found.answered_at = Answer.OPEN, None
        found.save(update_fields=["answer", "answered_at"])
    return found


def more_of(*, by: Person, less: int) -> None:
    """Take back that one would rather have less of something. Nobody else sees that either."""
    require(by.is_active)
    LessOf.objects.filter(person=by, pk=less).delete()


def _mine(by: Person, offer: Offer) -> Offer:
    rows = Offer.objects.select_for_update(of=("self",)).select_related("sharing__post", "sharing__item", "own")
    found = rows.get(pk=offer.pk)
    require(access.may_answer_offer(by, found), _("This was offered to somebody else."))
    return found


def _check_own_words(sharing: Sharing, text: str) -> None:
    """Never the words of who showed it, nor of another colleague."""
    own = text.replace(works_here(), "") if works_here() else text
    theirs = [sharing.post.text, *sharing.post.targets.values_list("text", flat=True)] if sharing.post else []
    made = sharing.post.made_own.exclude(stage=Stage.WITHDRAWN) if sharing.post else Post.objects.none()
    said = [one.replace(works_here(), "") if works_here() else one for one in made.values_list("text", flat=True)]
    if any(is_copy(own, other) for other in [*theirs, *said]):
        raise Refused(_("Somebody said it in these words already. Change a sentence."), code="copy", field="text")


def _pictures(sharing: Sharing) -> list[tuple[Medium, str]]:
    """The pictures that come along, each with what it shows in words."""
    if sharing.post is not None:
        return [(one.medium, one.alt or str(sharing.post)) for one in sharing.post.media.select_related("medium")]
    return [(one, one.alt or str(sharing.item)) for one in sharing.item.media.all()] if sharing.item else []


def _link(sharing: Sharing) -> str:
    if sharing.post is None:
        return sharing.item.url if sharing.item else ""
    return next((row.url for row in sharing.post.targets.all() if row.slug and not row.removed_at), sharing.post.link)

"""Writing a post: make it, change it, put it away. Nothing here sends anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from koor.flow.calendar.models import Slot
from koor.flow.hub.models import Item, Medium
from koor.flow.publishing import access
from koor.flow.publishing.actions import ledger
from koor.flow.publishing.actions.checks import (
    Fresh,
    Picture,
    check_accounts,
    check_changed,
    check_editable,
    check_moment,
    clean,
    goes_far,
    is_public,
    linked,
    options_for,
    pictures,
    spoken,
    titled,
)
from koor.flow.publishing.actions.offered import check_says_it_still, made_own
from koor.flow.publishing.choices import Stage, State
from koor.flow.publishing.events import PostSentToBuddy
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.models import Post, PostMedium, Target
from koor.ground.channels.models import Account
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.kernel import audit, clock, events
from koor.kernel.access import Refused, require
from koor.kernel.once import once as done_once

# Why a row may be on a person's list before anything of it was sent
UNSENT = (logic.ALIKE, logic.FILM, logic.PAUSED, logic.BY_HAND, logic.CONSENT, logic.RIGHTS)
KEEP: Any = object()  # "leave this as it is", where nothing is a value too


def create_post(
    *,
    by: Person,
    text: str,
    accounts: Sequence[Account],
    texts: Mapping[int, str] | None = None,
    media: Sequence[Picture] | Fresh | None = None,
    item: Item | None = None,
    slot: Slot | None = None,
    due_local: datetime | None = None,
    link: str = "",
    title: str = "",
    language: str = "",
    options: Mapping[int, Mapping[str, str]] | None = None,
    after: Post | None = None,
    practice: bool = False,
    once: str = "",
) -> Post:
    """Write a draft for one or more accounts. `texts` and `options` are by account id; without a text of its own an
    account gets `text`. `due_local` is a naive wall time in the house's zone; without it the post goes as soon as it
    is released. `media=None` takes the pictures of the item; `language=""` goes by the words. `once`: a repeat with
    the same content gives the same post, with other content it is refused."""
    said = clean(text)
    texts = {pk: clean(own) for pk, own in (texts or {}).items()}
    content = {
        "text": said,
        "texts": sorted(texts.items()),
        "accounts": sorted(account.pk for account in accounts),
        "media": media.digests if isinstance(media, Fresh) else [(m.pk, alt) for m, alt in pictures(media, item)],
        "item": item.pk if item else None,
        "slot": slot.pk if slot else None,
        "due": due_local,
        "link": link,
        "title": title,
        "options": sorted((pk, sorted(chosen.items())) for pk, chosen in (options or {}).items()),
        **({"language": language} if language else {}),
    }

    def make() -> Post:
        check_accounts(accounts, by=by, practice=practice)
        check_moment(due_local)
        shown = pictures(media.load() if isinstance(media, Fresh) else media, item)
        if not said and not any(texts.values()) and not shown:
            raise Refused(_("Write a sentence, or add a picture."), code="empty", field="text")
        now = clock.now()
        post = Post.objects.create(
            by=by,
            title=titled(title),
            text=said,
            language=spoken(said, language),
            item=item,
            slot=slot,
            after=after,
            link=linked(link),
            practice=bool(accounts) and not any(is_public(account) for account in accounts),
            made_at=now,
            changed_at=now,
        )
        put_pictures(post, shown)
        for account in accounts:
            chosen = options_for(account, (options or {}).get(account.pk, {}))
            _add_target(post, account, texts.get(account.pk) or said, due_local, chosen)
        audit.record(by=by, verb="publishing.create_post", target=post, accounts=content["accounts"])
        return post

    with transaction.atomic():
        pk, _new = done_once(f"publishing.create_post:{by.pk}", once, content, make)
        return made_own(pk)


def edit_post(
    *,
    by: Colleague,
    post: Post,
    text: str = KEEP,
    accounts: Sequence[Account] = KEEP,
    texts: Mapping[int, str] = KEEP,
    media: Sequence[Picture] = KEEP,
    due_local: datetime | None = KEEP,
    link: str = KEEP,
    title: str = KEEP,
    language: str = KEEP,
    options: Mapping[int, Mapping[str, str]] = KEEP,
) -> Post:
    """Change a post that is not up yet. Each row whose content changes gets a new revision, and so a new key. Another
    moment is one for all of it that has not gone.

    Refused while a row is on its way or it is not known whether it is up. Rows that are up stay as they are."""
    with transaction.atomic():
        post = locked(post)
        require(access.may_edit(by, post), _("Only its maker and the curator change this."))
        rows = list(post.targets.select_for_update(of=("self",)).select_related("account"))
        check_editable(post, rows)
        before = {row.pk: _content(post, row) for row in rows}
        _change_post(post, text=text, link=link, title=title, language=language)
        if media is not KEEP:
            shown = list(post.media.values_list("medium", flat=True))
            put_pictures(post, pictures(media, None))
            ledger.show_other_pictures(post, shown)
        if accounts is not KEEP:
            new = [a for a in accounts if a.pk not in {row.account_id for row in rows}]
            check_accounts(new, by=post.by, practice=False)
            rows = _change_accounts(post, rows, accounts)
        if due_local is not KEEP:
            check_moment(due_local)
        given = (texts, options, due_local)
        _follow(by, post, [row for row in rows if _change_target(by, post, row, before.get(row.pk), *given)], due_local)
        audit.record(by=by, verb="publishing.edit_post", target=post)
    return Post.objects.get(pk=post.pk)


@transaction.atomic
def withdraw_post(*, by: Colleague, post: Post) -> Post:
    """Put a draft away. What is released is cancelled row by row instead. Where part of it is up, the rest does not go,
    and what is up stays in sight."""
    from koor.flow.publishing.actions.release import free_slot

    post = locked(post)
    require(access.may_edit(by, post), _("Only its maker and the curator change this."))
    if post.stage == Stage.WITHDRAWN:
        return post
    if post.stage == Stage.RELEASED:
        raise Refused(_("This is released already: cancel it where it has not gone yet."), code="released")
    if is_partly_up(post):
        _cancel_the_rest(post)
    else:
        post.stage = Stage.WITHDRAWN
        free_slot(post, by=by)
    post.changed_at = clock.now()
    post.save(update_fields=["stage", "changed_at"])
    audit.record(by=by, verb="publishing.withdraw_post", target=post)
    return post


def is_partly_up(post: Post) -> bool:
    return post.targets.filter(state=State.PUBLISHED).exists()


def _cancel_the_rest(post: Post) -> None:
    """What has not gone does not go; the post is what is up. Does not save the post."""
    to_go = post.targets.exclude(state__in=[State.PUBLISHED, State.CANCELLED])
    to_go.update(state=State.CANCELLED, wake_at=None, because="")
    post.stage = Stage.RELEASED


@transaction.atomic
def restore_post(*, by: Colleague, post: Post) -> Post:
    """Take a draft that was put away out again."""
    post = locked(post)
    require(access.may_edit(by, post))
    if post.stage == Stage.WITHDRAWN:
        post.stage, post.changed_at = Stage.DRAFT, clock.now()
        post.save(update_fields=["stage", "changed_at"])
        audit.record(by=by, verb="publishing.restore_post", target=post)
    return post


def locked(post: Post) -> Post:
    """The post, held until this transaction ends. The order is always post first, then rows."""
    rows = Post.objects.select_for_update(of=("self",)).select_related("by", "item", "slot", "buddy")
    return rows.get(pk=post.pk)


# ── Changes ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _content(post: Post, row: Target) -> tuple[Any, ...]:
    """What a platform gets to see, to know whether it changed."""
    shown = list(post.media.order_by("order", "pk").values_list("medium", "alt"))
    return (row.text, tuple(sorted(row.options.items())), post.title, post.link, post.language, tuple(shown))


def _change_post(post: Post, *, text: str, link: str, title: str, language: str) -> None:
    follows = language is KEEP and post.language == spoken(post.text)
    if text is not KEEP:
        before, post.text = post.text, clean(text)
        for row in post.targets.filter(text=before).exclude(state=State.PUBLISHED):
            Target.objects.filter(pk=row.pk).update(text=post.text)  # a row without words of its own follows
    if link is not KEEP:
        post.link = linked(link)
    if title is not KEEP:
        post.title = titled(title)
    if follows or language is not KEEP:
        post.language = spoken(post.text, "" if language is KEEP else language)
    post.changed_at = clock.now()
    post.save(update_fields=["text", "link", "title", "language", "changed_at"])


def put_pictures(post: Post, shown: Sequence[tuple[Medium, str]]) -> None:
    post.media.all().delete()
    PostMedium.objects.bulk_create(
        PostMedium(post=post, medium=medium, order=order, alt=alt) for order, (medium, alt) in enumerate(shown)
    )


def _add_target(
    post: Post, account: Account, text: str, due_local: datetime | None, options: Mapping[str, str]
) -> Target:
    return Target.objects.create(
        post=post,
        account=account,
        text=text,
        options=dict(options),
        zone=house().zone,
        due_day=due_local.date() if due_local else None,
        due_time=due_local.time().replace(microsecond=0) if due_local else None,
    )


def _change_accounts(post: Post, rows: list[Target], accounts: Sequence[Account]) -> list[Target]:
    """Rows come and go with the accounts; what was ever tried is cancelled and stays in sight."""
    wanted = {account.pk: account for account in accounts}
    kept = []
    for row in rows:
        if row.account_id in wanted or row.state == State.PUBLISHED:
            kept.append(row)
        elif row.attempts_made == 0:
            row.delete()
        else:
            row.state, row.wake_at, row.because = State.CANCELLED, None, ""
            row.save(update_fields=["state", "wake_at", "because"])
    there = {row.account_id for row in rows}
    moment = next((datetime.combine(r.due_day, r.due_time) for r in rows if r.due_day and r.due_time), None)
    new = [_add_target(post, account, post.text, moment, {}) for pk, account in wanted.items() if pk not in there]
    return [*kept, *new]


def _change_target(
    by: Colleague,
    post: Post,
    row: Target,
    before: tuple[Any, ...] | None,
    texts: Mapping[int, str],
    options: Mapping[int, Mapping[str, str]],
    due_local: datetime | None,
) -> bool:
    """One row follows the edit. What changed is a new revision; who agreed to other words is asked again."""
    if row.state in (State.PUBLISHED, State.CANCELLED):
        return False
    row.refresh_from_db(fields=["text"])
    said = row.text if before is None else str(before[0])
    if texts is not KEEP and row.account_id in texts:
        row.text = clean(texts[row.account_id]) or post.text
    check_says_it_still(post, row, said, by=by)
    if options is not KEEP and row.account_id in options:
        row.options = options_for(row.account, options[row.account_id])
    if due_local is not KEEP and post.stage != Stage.RELEASED:
        row.due_day = due_local.date() if due_local else None
        row.due_time = due_local.time().replace(microsecond=0) if due_local else None
        row.zone = house().zone
    changed = before is None or _content(post, row) != before
    if changed and before is not None:
        new_revision(row)
        if row.agreed_at is not None and not access.may_agree(by, row):
            row.agreed_by, row.agreed_at = None, None
    row.save()
    return changed


def _let_read_again(by: Colleague, post: Post, changed: bool) -> None:
    """What a buddy or an owner said yes to was other words: what has not gone yet waits for them again."""
    mine = changed and by.pk == post.by_id and not post.practice
    to_go = post.targets.exclude(state__in=[State.PUBLISHED, State.CANCELLED])
    with_buddy = mine and (not access.goes_alone(by) or goes_far(post)) and to_go.exists()
    held = Q(state=State.NEEDS_PERSON, because__in=UNSENT)
    for row in post.targets.filter(Q(state__in=[State.SCHEDULED, State.WAITING]) | held):
        if with_buddy or row.agreed_at is None:
            if row.due_at is not None and row.due_at <= clock.now():  # it was ready: it goes as soon as they say yes
                row.due_day = row.due_time = None
            row.state, row.due_at, row.wake_at = State.SCHEDULED, None, None
            row.because = "" if with_buddy else logic.OWNER
            row.save(update_fields=["state", "due_day", "due_time", "due_at", "wake_at", "because"])
    if with_buddy:
        post.stage, post.with_buddy_at = Stage.WITH_BUDDY, clock.now()
        post.save(update_fields=["stage", "with_buddy_at"])
        events.tell(PostSentToBuddy(post.pk))


def _follow(by: Colleague, post: Post, changed: list[Target], due_local: datetime | None) -> None:
    """What follows from other words, pictures or moments."""
    _refresh_practice(post)
    if post.stage in (Stage.RELEASED, Stage.WITH_BUDDY):
        check_changed(post, changed)
    if post.stage == Stage.RELEASED:
        _let_read_again(by, post, bool(changed))
        _renew_links(post)
        _hold_against_others(post)
        _move(by, post, due_local)


def _move(by: Colleague, post: Post, due_local: datetime | None) -> None:
    """Another moment for all of it that has not gone."""
    from koor.flow.publishing.actions.release import reschedule

    if due_local is not KEEP:
        for row in post.targets.exclude(state__in=[State.PUBLISHED, State.CANCELLED]).select_related("post"):
            reschedule(by=by, target=row, due_local=due_local)


def _renew_links(post: Post) -> None:
    """Another link, or other words: what has not gone yet says it as it is now."""
    from koor.flow.publishing.actions.linking import keep_link

    for row in post.targets.filter(first_sent_at=None, due_at__isnull=False).select_related("account"):
        row.post = post
        keep_link(row)


def _hold_against_others(post: Post) -> None:
    """Other words: what waited because a colleague said the same may go on, and what was to go may have to wait."""
    from koor.flow.publishing.actions.alike import held_when_planned, look_again

    if post.stage != Stage.RELEASED:
        return
    look_again(post)
    rows = post.targets.select_for_update(of=("self",)).select_related("account__owner")
    for row in rows.filter(state__in=[State.SCHEDULED, State.WAITING], due_at__isnull=False):
        row.post = post
        held_when_planned(row)


def new_revision(row: Target) -> None:
    """Another content: another key, prepared anew. Does not save."""
    row.revision += 1
    row.key, row.handle, row.prepared_at, row.shown_as = "", {}, None, {}
    row.first_sent_at = row.last_sent_at = None
    row.steady = {}
    row.looks = 0


def _refresh_practice(post: Post) -> None:
    rows = list(post.targets.select_related("account"))
    practice = bool(rows) and not any(is_public(row.account) for row in rows)
    if practice != post.practice:
        post.practice = practice
        post.save(update_fields=["practice"])

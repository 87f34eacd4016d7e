"""Writing a post: make it, change it, put it away. Nothing here sends anything."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.calendar.models import Slot
from koor.flow.hub.models import Item, Medium
from koor.flow.publishing import access
from koor.flow.publishing.choices import Stage, State
from koor.flow.publishing.events import PostSentToBuddy
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.logic import moments
from koor.flow.publishing.models import Comment, Post, PostMedium, Target
from koor.ground.channels import queries as channels
from koor.ground.channels.choices import AccountState
from koor.ground.channels.models import Account
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.kernel import audit, clock, events
from koor.kernel.access import Refused, require
from koor.kernel.once import once as done_once

LONGEST = 20_000  # characters
MOST_ACCOUNTS = 40
MOST_PICTURES = 20
KEEP: Any = object()  # "leave this as it is", where nothing is a value too

Picture = Medium | tuple[Medium, str]  # with the description that belongs to this post
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def create_post(
    *,
    by: Person,
    text: str,
    accounts: Sequence[Account],
    texts: Mapping[int, str] | None = None,
    media: Sequence[Picture] | None = None,
    item: Item | None = None,
    slot: Slot | None = None,
    due_local: datetime | None = None,
    link: str = "",
    title: str = "",
    options: Mapping[int, Mapping[str, str]] | None = None,
    after: Post | None = None,
    practice: bool = False,
    once: str = "",
) -> Post:
    """Write a draft for one or more accounts. `texts` and `options` are by account id; without a text of its own an
    account gets `text`. `due_local` is a naive wall time in the house's zone; without it the post goes as soon as it
    is released. `media=None` takes the pictures of the item. `once`: a repeat with the same content gives the same post."""
    said = _clean(text)
    texts = {pk: _clean(own) for pk, own in (texts or {}).items()}
    _check_accounts(by, accounts, practice)
    _check_moment(due_local)
    pictures = _pictures(media, item)
    if not said and not any(texts.values()) and not pictures:
        raise Refused(_("Write a sentence, or add a picture."), code="empty", field="text")
    content = {
        "text": said,
        "texts": sorted(texts.items()),
        "accounts": sorted(account.pk for account in accounts),
        "media": [(medium.pk, alt) for medium, alt in pictures],
        "item": item.pk if item else None,
        "slot": slot.pk if slot else None,
        "due": due_local,
        "link": link,
        "title": title,
        "options": sorted((pk, sorted(chosen.items())) for pk, chosen in (options or {}).items()),
    }

    def make() -> Post:
        now = clock.now()
        post = Post.objects.create(
            by=by,
            title=_titled(title),
            text=said,
            language=house().language,
            item=item,
            slot=slot,
            after=after,
            link=_linked(link),
            practice=bool(accounts) and not any(_is_public(account) for account in accounts),
            made_at=now,
            changed_at=now,
        )
        _put_pictures(post, pictures)
        for account in accounts:
            chosen = _options(account, (options or {}).get(account.pk, {}))
            _add_target(post, account, texts.get(account.pk) or said, due_local, chosen)
        audit.record(by=by, verb="publishing.create_post", target=post, accounts=content["accounts"])
        return post

    with transaction.atomic():
        pk, _new = done_once(f"publishing.create_post:{by.pk}", once, content, make)
    return Post.objects.get(pk=pk)


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
    options: Mapping[int, Mapping[str, str]] = KEEP,
) -> Post:
    """Change a post that is not up yet. Each row whose content changes gets a new revision, and so a new key.

    Refused while a row is on its way or it is not known whether it is up. Rows that are up stay as they are."""
    with transaction.atomic():
        post = locked(post)
        require(access.may_edit(by, post), _("Only its maker and the curator change this."))
        rows = list(post.targets.select_for_update(of=("self",)).select_related("account"))
        _check_editable(post, rows)
        before = {row.pk: _content(post, row) for row in rows}
        _change_post(post, text=text, link=link, title=title)
        if media is not KEEP:
            _put_pictures(post, _pictures(media, None))
        if accounts is not KEEP:
            _check_accounts(post.by, [a for a in accounts if a.pk not in {row.account_id for row in rows}], False)
            rows = _change_accounts(post, rows, accounts)
        if due_local is not KEEP:
            _check_moment(due_local)
        changed = [_change_target(by, post, row, before.get(row.pk), texts, options, due_local) for row in rows]
        _refresh_practice(post)
        if post.stage == Stage.RELEASED:
            _let_read_again(by, post, any(changed))
        audit.record(by=by, verb="publishing.edit_post", target=post)
    return Post.objects.get(pk=post.pk)


def comment_on_post(*, by: Person, post: Post, text: str, once: str = "") -> Comment:
    """Say something about a draft."""
    require(access.may_comment(by, post))
    said = _clean(text)
    if not said:
        raise Refused(_("Write what you would like to say."), code="empty", field="text")
    if len(said) > 2000:
        raise Refused(_("At most %(most)s characters here.") % {"most": 2000}, code="too_long", field="text")

    def make() -> Comment:
        comment = Comment.objects.create(post=post, by=by, text=said, at=clock.now())
        audit.record(by=by, verb="publishing.comment_on_post", target=post)
        return comment

    with transaction.atomic():
        pk, _new = done_once(f"publishing.comment_on_post:{by.pk}", once, {"post": post.pk, "text": said}, make)
    return Comment.objects.get(pk=pk)


@transaction.atomic
def withdraw_post(*, by: Colleague, post: Post) -> Post:
    """Put a draft away. What is released is cancelled row by row instead."""
    from koor.flow.publishing.actions.release import free_slot

    post = locked(post)
    require(access.may_edit(by, post), _("Only its maker and the curator change this."))
    if post.stage == Stage.WITHDRAWN:
        return post
    if post.stage == Stage.RELEASED:
        raise Refused(_("This is released already: cancel it where it has not gone yet."), code="released")
    post.stage, post.changed_at = Stage.WITHDRAWN, clock.now()
    post.save(update_fields=["stage", "changed_at"])
    free_slot(by, post)
    audit.record(by=by, verb="publishing.withdraw_post", target=post)
    return post


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


# ── Checks ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _clean(text: str) -> str:
    """A text as it is kept: line ends as one sign, no control characters. Refused when it is endless."""
    whole = _UNSEEN.sub("", (text or "").replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(whole) > LONGEST:
        raise Refused(
            _("This text is %(count)s characters; at most %(most)s can be kept.")
            % {"count": len(whole), "most": LONGEST},
            code="too_long",
            field="text",
        )
    return whole


def _titled(title: str) -> str:
    line = " ".join(_clean(title).split())
    if len(line) > 160:
        raise Refused(_("At most %(most)s characters here.") % {"most": 160}, code="too_long", field="title")
    return line


def _linked(link: str) -> str:
    link = (link or "").strip()
    try:
        parts = urlsplit(link)
    except ValueError:
        parts = urlsplit("wrong:")
    good = parts.scheme in ("http", "https") and parts.hostname and not re.search(r"[\s<>\"\\]", link)
    if link and (not good or len(link) > 1000):
        raise Refused(_("A link begins with https:// or http://."), code="bad_link", field="link")
    return link


def _check_accounts(by: Person, accounts: Sequence[Account], practice: bool) -> None:
    if len(accounts) > MOST_ACCOUNTS or len({account.pk for account in accounts}) != len(accounts):
        raise Refused(_("Choose each account once."), code="accounts", field="accounts")
    for account in accounts:
        if account.state == AccountState.DISCONNECTED:
            sentence = _("%(account)s is disconnected: nothing can be posted there.")
            raise Refused(sentence % {"account": account.name}, code="disconnected", field="accounts")
        if not channels.connector(account.connector).manifest.posts:
            sentence = _("%(account)s can only be listened to.")
            raise Refused(sentence % {"account": account.name}, code="listens", field="accounts")
        require(
            access.may_write(by, account), _("You can't write for %(account)s yet. Ask its owner.") % {"account": account}
        )
        if (practice or access.only_practises(by)) and _is_public(account):
            raise Refused(
                _("%(account)s is a real stage. While you practise, choose one that nobody outside sees.")
                % {"account": account.name},
                code="practise",
                field="accounts",
            )


def _is_public(account: Account) -> bool:
    """Whether people outside see what is posted there."""
    found = channels.connectors().get(account.connector)
    return found is None or found.manifest.public


def _check_moment(due_local: datetime | None) -> None:
    """A moment long past is a mistake; one of just now means: at once."""
    if due_local is None:
        return
    if due_local.tzinfo is not None:
        raise Refused(_("Give the time as the clock on the wall shows it."), code="zone", field="due")
    due = moments.instant(due_local.date(), due_local.time(), house().zone)
    if due < clock.now() - logic.ALLOWED_LATE:
        raise Refused(_("That moment has passed. Choose another one."), code="past", field="due")
    if due > clock.now() + timedelta(days=3 * 366):
        raise Refused(_("That is more than three years away."), code="far", field="due")


def _pictures(media: Sequence[Picture] | None, item: Item | None) -> list[tuple[Medium, str]]:
    """Pictures with what they show in words; without a choice those of the item."""
    if media is None:
        media = list(item.media.order_by("order", "pk")) if item else []
    pairs = [one if isinstance(one, tuple) else (one, one.alt) for one in media]
    if len(pairs) > MOST_PICTURES:
        raise Refused(_("At most %(most)s pictures in one post.") % {"most": MOST_PICTURES}, code="too_many", field="media")
    return [(medium, _clean(alt)[:1500]) for medium, alt in dict(pairs).items()]


def _options(account: Account, chosen: Mapping[str, str]) -> dict[str, str]:
    """What was chosen for this account. Refused for what its platform does not know."""
    asked = {one.key: one for one in channels.connector(account.connector).manifest.options}
    for key, value in chosen.items():
        if key not in asked or (value and asked[key].choices and value not in dict(asked[key].choices)):
            sentence = _("%(account)s does not know the choice “%(key)s: %(value)s”.")
            raise Refused(
                sentence % {"account": account.name, "key": key, "value": str(value)[:60]}, code="option", field="options"
            )
    return {key: str(value)[:2000] for key, value in chosen.items() if value}


def _check_editable(post: Post, rows: Sequence[Target]) -> None:
    if post.stage == Stage.WITHDRAWN:
        raise Refused(_("This draft was put away. Take it out first."), code="withdrawn")
    states = {row.state for row in rows}
    if states & (logic.UNSURE | {State.CLAIMED}) or any(row.because == logic.UNSURE_FOR_GOOD for row in rows):
        raise Refused(
            _("This may be up already; we are looking. Nothing was changed. Try again in a quarter of an hour."),
            code="unknown",
        )
    if states and states <= {State.PUBLISHED, State.CANCELLED} and State.PUBLISHED in states:
        raise Refused(_("This is up. What people read is put right in the open, not changed here."), code="published")


# ── Changes ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _content(post: Post, row: Target) -> tuple[Any, ...]:
    """What a platform gets to see, to know whether it changed."""
    pictures = list(post.media.order_by("order", "pk").values_list("medium", "alt"))
    return (row.text, tuple(sorted(row.options.items())), post.title, post.link, tuple(pictures))


def _change_post(post: Post, *, text: str, link: str, title: str) -> None:
    if text is not KEEP:
        before, post.text = post.text, _clean(text)
        for row in post.targets.filter(text=before).exclude(state=State.PUBLISHED):
            Target.objects.filter(pk=row.pk).update(text=post.text)  # a row without words of its own follows
    if link is not KEEP:
        post.link = _linked(link)
    if title is not KEEP:
        post.title = _titled(title)
    post.changed_at = clock.now()
    post.save(update_fields=["text", "link", "title", "changed_at"])


def _put_pictures(post: Post, pictures: Sequence[tuple[Medium, str]]) -> None:
    post.media.all().delete()
    PostMedium.objects.bulk_create(
        PostMedium(post=post, medium=medium, order=order, alt=alt) for order, (medium, alt) in enumerate(pictures)
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
    if texts is not KEEP and row.account_id in texts:
        row.text = _clean(texts[row.account_id]) or post.text
    if options is not KEEP and row.account_id in options:
        row.options = _options(row.account, options[row.account_id])
    if due_local is not KEEP and post.stage != Stage.RELEASED:
        row.due_day = due_local.date() if due_local else None
        row.due_time = due_local.time().replace(microsecond=0) if due_local else None
    changed = before is None or _content(post, row) != before
    if changed and before is not None:
        new_revision(row)
        if row.agreed_at is not None and not access.may_agree(by, row):
            row.agreed_by, row.agreed_at = None, None
    row.save()
    return changed


def _let_read_again(by: Colleague, post: Post, changed: bool) -> None:
    """What a buddy or an owner said yes to was other words: what has not gone yet waits for them again."""
    with_buddy = changed and by.pk == post.by_id and not post.practice and not access.goes_alone(by)
    for row in post.targets.filter(state__in=[State.SCHEDULED, State.WAITING]):
        if with_buddy or row.agreed_at is None:
            row.state, row.due_at, row.wake_at = State.SCHEDULED, None, None
            row.because = "" if with_buddy else logic.OWNER
            row.save(update_fields=["state", "due_at", "wake_at", "because"])
    if with_buddy:
        post.stage, post.with_buddy_at = Stage.WITH_BUDDY, clock.now()
        post.save(update_fields=["stage", "with_buddy_at"])
        events.tell(PostSentToBuddy(post.pk))


def new_revision(row: Target) -> None:
    """Another content: another key, prepared anew. Does not save."""
    row.revision += 1
    row.key, row.handle, row.prepared_at = "", {}, None
    row.first_sent_at = row.last_sent_at = None
    row.looks = 0


def _refresh_practice(post: Post) -> None:
    rows = list(post.targets.select_related("account"))
    practice = bool(rows) and not any(_is_public(row.account) for row in rows)
    if practice != post.practice:
        post.practice = practice
        post.save(update_fields=["practice"])

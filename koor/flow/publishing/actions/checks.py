"""What must be so before something is kept or let go. Each refusal says why, at the field that it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from koor.flow.hub import queries as hub
from koor.flow.hub.models import Item, Medium
from koor.flow.publishing import access
from koor.flow.publishing.actions import content
from koor.flow.publishing.choices import Stage, State
from koor.flow.publishing.logic import delivery as logic
from koor.flow.publishing.logic import moments, words
from koor.flow.publishing.models import Post, Target
from koor.flow.publishing.queries import speaking
from koor.ground.channels import queries as channels
from koor.ground.channels.choices import AccountState
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.kernel import clock
from koor.kernel.access import Refused, require

LONGEST = 20_000  # characters
MOST_ACCOUNTS = 40
MOST_PICTURES = 20

Picture = Medium | tuple[Medium, str]  # with the description that belongs to this post


@dataclass(frozen=True)
class Fresh:
    """Pictures that come in with a post. They are opened only when the post is really made; a repeat knows them by
    the digests of their files."""

    digests: Sequence[str]
    load: Callable[[], Sequence[Picture]]


_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def spoken(text: str, chosen: str = "") -> str:
    """The language that goes with these words: the chosen one, else as they are. Refused for one that nobody knows."""
    if chosen and not speaking.known(chosen):
        raise Refused(
            _("“%(code)s” is not a language that we know.") % {"code": chosen[:20]},
            code="language",
            field="language",
        )
    return chosen or speaking.guessed(text)


def clean(text: str) -> str:
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


def titled(title: str) -> str:
    line = " ".join(clean(title).split())
    if len(line) > 160:
        raise Refused(_("At most %(most)s characters here.") % {"most": 160}, code="too_long", field="title")
    return line


def linked(link: str) -> str:
    link = (link or "").strip()
    try:
        parts = urlsplit(link)
    except ValueError:
        parts = urlsplit("wrong:")
    good = parts.scheme in ("http", "https") and parts.hostname and not re.search(r"[\s<>\"\\]", link)
    if link and (not good or len(link) > 1000):
        raise Refused(_("A link begins with https:// or http://."), code="bad_link", field="link")
    return link


def linked_there(link: str, account: Account) -> str:
    """The address of a post on this account. A link that was copied somewhere else is refused while one looks at it."""
    link = linked(link)
    if link and channels.is_elsewhere(account, link):
        sentence = _(
            "This link leads to %(host)s, not to %(platform)s. Copy the link of the post there, or leave it out."
        )
        named = {"host": urlsplit(link).hostname, "platform": _(channels.platform_of(account))}
        raise Refused(sentence % named, code="elsewhere", field="link")
    return link


def check_accounts(accounts: Sequence[Account], *, by: Person, practice: bool) -> None:
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
            access.may_write(by, account),
            _("You can't write for %(account)s yet. Ask its owner.") % {"account": account},
        )
        if (practice or access.only_practises(by)) and is_public(account):
            raise Refused(
                _("%(account)s is a real stage. While you practise, choose one that nobody outside sees.")
                % {"account": account.name},
                code="practise",
                field="accounts",
            )


def is_public(account: Account) -> bool:
    """Whether people outside see what is posted there."""
    found = channels.connectors().get(account.connector)
    return found is None or found.manifest.public


def check_moment(due_local: datetime | None) -> None:
    """A moment long past is a mistake; one of just now means: at once."""
    if due_local is None:
        return
    if due_local.tzinfo is not None:
        raise Refused(_("Give the time as the clock on the wall shows it."), code="zone", field="due")
    due = moments.instant(due_local.date(), due_local.time(), house().zone)
    if due < clock.now() - timedelta(hours=house().allowed_late):
        raise Refused(_("That moment has passed. Choose another one."), code="past", field="due")
    if due > clock.now() + timedelta(days=3 * 366):
        raise Refused(_("That is more than three years away."), code="far", field="due")


def pictures(media: Sequence[Picture] | None, item: Item | None) -> list[tuple[Medium, str]]:
    """Pictures with what they show in words; without a choice those of the item."""
    if media is None:
        media = list(item.media.order_by("order", "pk")) if item else []
    pairs = [one if isinstance(one, tuple) else (one, one.alt) for one in media]
    if len(pairs) > MOST_PICTURES:
        raise Refused(
            _("At most %(most)s pictures in one post.") % {"most": MOST_PICTURES}, code="too_many", field="media"
        )
    return [(medium, clean(alt)[:1500]) for medium, alt in dict(pairs).items()]


def options_for(account: Account, chosen: Mapping[str, str]) -> dict[str, str]:
    """What was chosen for this account. Refused for what its platform does not know."""
    asked = {one.key: one for one in channels.connector(account.connector).manifest.options}
    for key, value in chosen.items():
        if key not in asked or (value and asked[key].choices and value not in dict(asked[key].choices)):
            sentence = _("%(account)s does not know the choice “%(key)s: %(value)s”.")
            raise Refused(
                sentence % {"account": account.name, "key": key, "value": str(value)[:60]},
                code="option",
                field="options",
            )
    return {key: str(value)[:2000] for key, value in chosen.items() if value}


def check_editable(post: Post, rows: Sequence[Target]) -> None:
    if post.stage == Stage.WITHDRAWN:
        raise Refused(_("This draft was put away. Take it out first."), code="withdrawn")
    check_known(rows)
    states = {row.state for row in rows}
    if states and states <= {State.PUBLISHED, State.CANCELLED} and State.PUBLISHED in states:
        raise Refused(_("This is up. What people read is put right in the open, not changed here."), code="published")


def check_known(rows: Sequence[Target]) -> None:
    """What is on its way, or perhaps up, stays as it is until that is known."""
    if (
        any(is_half(row) for row in rows)
        or {row.state for row in rows} & (logic.UNSURE | {State.CLAIMED})
        or any(row.because == logic.UNSURE_FOR_GOOD for row in rows)
    ):
        raise Refused(
            _("This may be up already; we are looking. Nothing was changed. Try again in a quarter of an hour."),
            code="unknown",
        )


def is_half(row: Target) -> bool:
    """Whether parts of a thread are up, and others are still to go: nothing of it can be changed meanwhile."""
    return bool(row.handle.get("chain")) and row.state != State.PUBLISHED


def check_movable(row: Target) -> None:
    if row.state in logic.UNSURE | {State.CLAIMED} or is_half(row):
        raise Refused(_("It is on its way, or may be up already. We look, and tell you."), code="unknown")
    if row.state == State.PUBLISHED:
        raise Refused(_("It is up already."), code="published")
    if row.state == State.NEEDS_PERSON and row.because == logic.UNSURE_FOR_GOOD:
        raise Refused(_("First say whether it is up; then we know whether it can still go."), code="unsure")
    if row.state == State.CANCELLED and row.because == logic.LEFT:
        raise Refused(_("Nobody knows whether this one is up. Make a new post of it."), code="left")


def check_ready(post: Post) -> list[Target]:
    """The rows that can go: none of what is up already. Refused with what is missing, at the field that it is about."""
    if post.stage == Stage.WITHDRAWN:
        raise Refused(_("This draft was put away. Take it out first."), code="withdrawn")
    whole = list(post.targets.exclude(state=State.CANCELLED).select_for_update(of=("self",)).select_related("account"))
    if not whole:
        raise Refused(_("Choose at least one place to post it."), code="nowhere", field="accounts")
    rows = [row for row in whole if row.state != State.PUBLISHED]
    check_consent(post, rows)
    check_described(post)
    check_own_words(post, rows)
    for row in rows:
        check_row(row)
    return rows


def check_changed(post: Post, rows: Sequence[Target]) -> None:
    """What is planned, or is being read, is still taken by its platform with its new words and pictures."""
    if rows:
        check_described(post)
    for row in rows:
        _check_limits(row)


def check_consent(post: Post, rows: Iterable[Target]) -> None:
    """Everybody in the picture agrees to its being shown in each of these places, for what they are for."""
    if post.practice:
        return
    shown = content.made_of(post)
    said = [hub.publishable(post.by, item, account=row.account)[1] for row in rows for item in shown]
    reasons = list(dict.fromkeys(reason for reasons in said for reason in reasons))
    if reasons:
        raise Refused(_("This can't be posted yet. %(reasons)s") % {"reasons": " ".join(reasons)}, code="consent")


def check_described(post: Post) -> None:
    """Every picture that people outside get to see says what it shows, for who can't see it."""
    bare = post.media.filter(alt="").exclude(medium__kind="voice")
    if not post.practice and bare.exists():
        raise Refused(_("Say in a few words what the picture shows, for who can't see it."), code="alt", field="media")


def check_own_words(post: Post, rows: Sequence[Target]) -> None:
    """Who makes a colleague's post their own says it in their own words; the same thing twice helps nobody."""
    if post.after is None:
        return
    theirs = [post.after.text, *post.after.targets.values_list("text", flat=True)]
    if any(words.is_copy(row.text, other) for row in rows for other in theirs):
        sentence = _("These are still %(name)s's words. Say it in your own, then it is yours.")
        raise Refused(sentence % {"name": post.after.by.first_name}, code="copy", field="text")


def goes_far(post: Post) -> bool:
    """One text to more than ten places that people outside see. What was let go on purpose while all else is held, such
    as what the house says of a fire, is not asked of."""
    rows = post.targets.exclude(state=State.CANCELLED).filter(through=False).select_related("account")
    return words.goes_far(row.text for row in rows if is_public(row.account))


def check_row(row: Target) -> None:
    """Length and pictures as the platform counts them; the moment."""
    _check_limits(row)
    if row.due_day and row.due_time:
        check_moment(datetime.combine(row.due_day, row.due_time))


def _check_limits(row: Target) -> None:
    problem = problem_of(row)
    if problem:
        raise Refused(f"{row.account.name}: {problem}", code="limits", field=f"text-{row.account_id}")


def problem_of(row: Target) -> str:
    """Why this row would be refused by its platform, as far as the house can tell; empty when it would not."""
    draft, made_with = content.draft_of(row, with_pictures=False), channels.connector(row.account.connector)
    found = made_with.problem(draft, channels.limits_of(row.account))
    return _(found.problem) % dict(found.values) if found else ""

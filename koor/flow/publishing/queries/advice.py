"""What stands beside a draft: held against the story, consent, length, pictures in words, and not too often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koor.flow.hub import queries as hub
from koor.flow.hub.models import Item
from koor.flow.publishing.choices import State
from koor.flow.publishing.logic import nuisance, words
from koor.flow.publishing.models import Post, Target
from koor.flow.publishing.queries.previews import Preview
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.ground.story import queries as story
from koor.kernel import clock

COMING = (State.SCHEDULED,)
MOST_ROWS = 1000  # that went out or will, around a day
SOON = timedelta(hours=20)  # two posts of one account within this are a lot for who follows it


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. `kind`: ok, mind (think of it) or stop (it can't go like this)."""

    kind: str
    words: str
    because: str = ""
    line: str = ""  # of the story


def checks_of(
    person: Person, *, text: str, texts: Mapping[int, str], previews: Sequence[Preview], pictures: Sequence[Any],
    item: Item | None, due_at: datetime | None, after: Post | None = None, without: Post | None = None,
) -> list[Check]:  # fmt: skip
    """Advice first, then what holds it back, then what is in order."""
    said = list(dict.fromkeys([text, *texts.values()]))
    public = [one for one in previews if one.account.connector != "paper"]
    found = [
        *_story(said),
        *_lengths(previews),
        *_described(pictures),
        *_consent(person, item, [one.account for one in previews]),
        *_own_words(said, previews, after),
        *_rhythm([one.account for one in public], due_at, without),
        *_nuisance(said, [one.account for one in public], due_at, without, after),
    ]
    order = {"mind": 0, "stop": 1, "ok": 2}
    return sorted(found, key=lambda check: order[check.kind])


def _story(said: Iterable[str]) -> Iterable[Check]:
    written = [text for text in said if text.strip()]
    remarks = [remark for text in written for remark in story.advice(text)]
    seen = {(remark.words.lower(), remark.kind): remark for remark in remarks}
    for remark in list(seen.values())[:8]:
        yield Check("mind", f"‘{remark.words}’", remark.because, remark.line)
    if written and not remarks:
        yield Check("ok", _("Plain words,"), _("one sees a person."))


def _lengths(previews: Sequence[Preview]) -> Iterable[Check]:
    for one in previews:
        if one.problem:
            yield Check("stop", f"{one.account.name}:", one.problem)


def _described(pictures: Sequence[Any]) -> Iterable[Check]:
    if not pictures:
        return
    bare = sum(not alt.strip() for _medium, alt in pictures)
    if bare:
        sentence = ngettext(
            "a picture is not described yet, for who can't see it.",
            "%(count)s pictures are not described yet, for who can't see them.",
            bare,
        )
        yield Check("stop", _("In words:"), sentence % {"count": bare})
    else:
        yield Check("ok", _("In words too,"), _("also for who can't see the picture."))


def _consent(person: Person, item: Item | None, accounts: Sequence[Account]) -> Iterable[Check]:
    if item is None:
        return
    anywhere: Sequence[Account | None] = accounts or [None]  # nothing chosen yet
    said = [hub.publishable(person, item, account=account)[1] for account in anywhere]
    reasons = list(dict.fromkeys(reason for reasons in said for reason in reasons))
    for reason in reasons:
        yield Check("stop", _("Not yet:"), reason)
    if not reasons and item.portrayed.all():
        yield Check("ok", _("Everybody in it agrees."))


def _own_words(said: Sequence[str], previews: Sequence[Preview], after: Post | None) -> Iterable[Check]:
    if after is None:
        return
    theirs = [after.text, *(target.text for target in after.targets.all())]
    if any(words.is_copy(mine, other) for mine in said for other in theirs if mine.strip()):
        name = after.by.first_name
        yield Check("stop", _("Still %(name)s's words:") % {"name": name}, _("say it in your own, then it is yours."))
    elif any(text.strip() for text in said):
        yield Check("ok", _("Your own words."))


def _rhythm(accounts: Sequence[Account], due_at: datetime | None, without: Post | None) -> Iterable[Check]:
    """Nobody likes to hear from one account all day. One query for all accounts."""
    moment = due_at or clock.now()
    nearest = _neighbours([account.pk for account in accounts], moment, without)
    calm: list[int] = []
    for account in accounts:
        before = nearest.get(account.pk)
        if before is None:
            continue
        apart = moment - before
        if apart < SOON:
            hours = max(1, round(apart.total_seconds() / 3600))
            sentence = ngettext(
                "the previous one is %(count)s hour earlier. Whoever follows it may find that a lot.",
                "the previous one is %(count)s hours earlier. Whoever follows it may find that a lot.",
                hours,
            )
            yield Check("mind", f"{account.name}:", sentence % {"count": hours})
        else:
            calm.append(max(1, round(apart.total_seconds() / 86_400)))
    if calm:
        days = min(calm)
        sentence = ngettext("%(count)s day after the previous one.", "%(count)s days after the previous one.", days)
        yield Check("ok", _("Not too often,"), sentence % {"count": days})


def _neighbours(accounts: Sequence[int], moment: datetime, without: Post | None) -> dict[int, datetime]:
    """By account the last post before a moment, up or planned; answers to people do not count."""
    if not accounts:
        return {}
    up = Q(state=State.PUBLISHED, published_at__lte=moment)
    planned = Q(state=State.SCHEDULED, due_at__lte=moment)
    rows = Target.objects.filter(up | planned, account__in=accounts, post__in_reply_to="")
    if without is not None:
        rows = rows.exclude(post=without)
    latest = rows.values_list("account").annotate(up=Max("published_at"), planned=Max("due_at"))
    return {account: max(filter(None, (up, planned))) for account, up, planned in latest}


def _nuisance(
    texts: Sequence[str], accounts: Sequence[Account], due_at: datetime | None, without: Post | None, after: Post | None
) -> Iterable[Check]:
    """Over all colleagues and accounts: the fifth of a day for the same people, and the same words again. One query."""
    if not accounts:
        return
    day = clock.local(due_at or clock.now(), house().zone).date()
    left_out = {post.pk for post in (without, after) if post is not None}
    said = _said_lately(day, left_out)
    audiences = {nuisance.audience_of(one.connector, one.settings): one for one in accounts}
    for audience, number in sorted(nuisance.too_often(day, audiences, said).items()):
        sentence = _("this would be number %(count)s of that day for the same people. Another day is kinder.")
        yield Check("mind", f"{audiences[audience].name}:", sentence % {"count": number})
    same = nuisance.same_words(texts, said)
    if same is not None:
        when = {"day": date_format(same.day, "j F")}
        yield Check("mind", _("Somebody said this already:"), _("almost the same words, on %(day)s.") % when)


def _said_lately(day: date, left_out: set[int]) -> list[nuisance.Said]:
    """What went out or is planned around a day, the latest first; answers to people do not count. One query."""
    zone = house().zone
    first = clock.now() - timedelta(days=nuisance.RECENT)
    rows = Target.objects.filter(
        Q(state=State.PUBLISHED, published_at__gte=first) | Q(state__in=COMING, due_at__isnull=False),
        post__in_reply_to="", post__practice=False,
    ).exclude(post__in=left_out)  # fmt: skip
    rows = rows.annotate(moment=Coalesce("published_at", "due_at")).order_by("-moment", "-pk")
    found = rows.values_list("post", "post__by", "account__connector", "account__settings", "moment", "text")
    return [
        nuisance.Said(post, by, nuisance.audience_of(connector, settings), clock.local(moment, zone).date(), text)
        for post, by, connector, settings, moment, text in found[:MOST_ROWS]
    ]

"""What stands beside a draft: held against the story, consent, length, pictures in words, and not too often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koor.flow.hub import queries as hub
from koor.flow.hub.models import Item
from koor.flow.publishing.choices import State
from koor.flow.publishing.logic import moments, nuisance, words
from koor.flow.publishing.models import Post, Target
from koor.flow.publishing.queries import alike
from koor.flow.publishing.queries.previews import Preview
from koor.ground.channels.models import Account
from koor.ground.governance.choices import Purpose
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.ground.story import queries as story
from koor.kernel import clock

COMING = (State.SCHEDULED, State.WAITING, State.CLAIMED, State.SENDING)
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
    public = [one for one in previews if one.account.connector not in alike.inside()]
    maker = without.by_id if without is not None else person.pk
    found = [
        *_story(said),
        *_lengths(previews),
        *_described(pictures),
        *_consent(person, _shown(item, pictures), [one.account for one in previews]),
        *_rest(item, due_at),
        *_own_words(said, after),
        *_rhythm([one.account for one in public], due_at, without),
        *_nuisance(maker, said, [one.account for one in public], due_at, (without, after)),
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


def _shown(item: Item | None, pictures: Sequence[Any]) -> list[Item]:
    """What of the library it is made of; asked only when pictures come from elsewhere."""
    mine = [item] if item is not None else []
    others = [medium.pk for medium, _alt in pictures if medium.item_id and medium.item_id != getattr(item, "pk", None)]
    return [*mine, *hub.shown_in(item=None, media=others)] if others else mine


def _consent(person: Person, items: Sequence[Item], accounts: Sequence[Account]) -> Iterable[Check]:
    anywhere: Sequence[Account | None] = accounts or [None]  # nothing chosen yet
    said = [hub.publishable(person, item, account=account)[1] for item in items for account in anywhere]
    reasons = list(dict.fromkeys(reason for reasons in said for reason in reasons))
    for reason in reasons:
        yield Check("stop", _("Not yet:"), reason)
    if not reasons and any(item.portrayed.all() for item in items):
        yield Check("ok", _("Everybody in it agrees."))


def _rest(item: Item | None, due_at: datetime | None) -> Iterable[Check]:
    """Something evergreen rests for a while after it was used."""
    day = clock.local(due_at or clock.now(), house().zone).date()
    until = hub.rests_until(item, day) if item is not None else None
    if until is not None and item is not None and item.used_at is not None:
        said = {"used": _day_of(clock.local(item.used_at, house().zone).date()), "day": _day_of(until)}
        yield Check("mind", _("It rests:"), _("used on %(used)s, so it can go again from %(day)s.") % said)


def _day_of(day: date) -> str:
    return date_format(day, "j F Y")


def _own_words(said: Sequence[str], after: Post | None) -> Iterable[Check]:
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
                "the previous one is %(count)s hour earlier. That may be a lot for who follows it.",
                "the previous one is %(count)s hours earlier. That may be a lot for who follows it.",
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
    by: int, texts: Sequence[str], accounts: Sequence[Account], due_at: datetime | None, left_out: Sequence[Post | None]
) -> Iterable[Check]:
    """Over all colleagues and accounts: the fifth of a day for the same people, and the same words again."""
    if not accounts:
        return
    posts = [post.pk for post in left_out if post is not None]
    yield from _too_often(accounts, clock.local(due_at or clock.now(), house().zone).date(), posts)
    mine = left_out[0].pk if left_out and left_out[0] is not None else None
    found = [one for one in alike.alike(texts, by=by, post=mine, due_at=due_at) if one.post not in posts]
    if found:
        values = {"name": found[0].name, "place": found[0].place, "day": date_format(found[0].day, "j F")}
        sentence = _(
            "%(name)s says almost the same on %(place)s, %(day)s. It waits until somebody says why both are fine."
        )
        yield Check("mind", _("Said already:"), sentence % values)


def _too_often(accounts: Sequence[Account], day: date, left_out: Sequence[int]) -> Iterable[Check]:
    """Each group of people that would hear more from us that day than they like, once for the same posts."""
    audiences = {audience for account in accounts for audience in audiences_of(account)}
    told: set[frozenset[int]] = set()
    for audience, heard in sorted(nuisance.too_often(day, audiences, _said_on(day, left_out)).items()):
        posts = frozenset(one.post for one in heard)
        if posts not in told:
            told.add(posts)
            sentence = _("number %(count)s of that day, after those on %(places)s. Another day is kinder.")
            places = ", ".join(f"{place} ({n})" for place, n in Counter(one.place for one in heard).most_common(4))
            yield Check(
                "mind", f"{called(audience, accounts)}:", sentence % {"count": len(heard) + 1, "places": places}
            )


def called(audience: nuisance.Audience, accounts: Iterable[Account]) -> str:
    """An audience as people say it."""
    kind, which = audience
    if kind == nuisance.PEOPLE:
        named = (name for account in accounts for name in account.audience if name.casefold() == which)
        found = next(named, which)
        return found[:1].upper() + found[1:]
    if kind == nuisance.PURPOSE:
        return _("Who follows us for “%(purpose)s”") % {"purpose": Purpose(which).label}
    return next(account.name for account in accounts if audience in audiences_of(account))


def audiences_of(account: Account) -> frozenset[nuisance.Audience]:
    return nuisance.audiences_of(
        account.connector,
        account.settings,
        named=account.audience,
        purpose=account.purpose,
        personal=account.personal,
    )


ACCOUNT = [f"account__{name}" for name in ("connector", "settings", "audience", "purpose", "personal", "name")]


def _said_on(day: date, left_out: Sequence[int]) -> list[nuisance.Said]:
    """What went out or is planned on a day; answers to people do not count. One query."""
    zone = house().zone
    first = moments.instant(day, time(), zone)
    around = (first, first + timedelta(hours=26))
    rows = Target.objects.filter(
        Q(state=State.PUBLISHED, published_at__range=around) | Q(state__in=COMING, due_at__range=around),
        post__in_reply_to="", post__practice=False,
    ).exclude(post__in=left_out).exclude(account__connector__in=alike.inside())  # fmt: skip
    rows = rows.annotate(moment=Coalesce("published_at", "due_at")).order_by("moment", "pk")
    return [
        nuisance.Said(
            post, by,
            nuisance.audiences_of(connector, settings, named=named, purpose=purpose, personal=personal),
            clock.local(moment, zone).date(), text, place,
        )
        for post, by, moment, text, connector, settings, named, purpose, personal, place in rows.values_list(
            "post", "post__by", "moment", "text", *ACCOUNT
        )
    ]  # fmt: skip

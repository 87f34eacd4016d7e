"""What the audience wants: questions asked again and again, words that rise, and what we are thanked for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from koor.flow.hub import queries as hub
from koor.flow.hub.models import Wish
from koor.flow.listening import access
from koor.flow.listening.logic import asked, themes
from koor.flow.listening.models import Mention, NoQuestion, for_one, who_said
from koor.flow.publishing.models import Target
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.kernel import clock
from koor.kernel.access import NotFound

BACK = timedelta(days=28)
MOST = 4_000  # mentions that are read for it, the newest
LATELY = 0.25  # of the time in which they were said
SHOWN, GROUPS, THANKED = 3, 12, 5
MOST_VOICES = 200  # that one step makes
GROUPS_AWAY = 100  # that what is like them is known by, the newest
OF_EACH = 5  # mentions that stand for a group that was put away: the most telling
AWAY_SHOWN = 10
KIND = Mention._meta.label_lower
KEPT = timedelta(minutes=5)  # though more came in: thousands of texts are read for it
Found = tuple[list[list[int]], list[themes.Theme]]


@dataclass(frozen=True)
class Ours:
    """What we said: as it was heard, or a post of ours, which platforms leave out of what they let us hear."""

    text: str
    address: str


@dataclass(frozen=True)
class Again:
    """A question that was asked again and again, or what many are thanking for, with three who say it."""

    sentence: str
    said: Sequence[Mention]
    ids: Sequence[int]
    people: int
    wish: Wish | None = None
    post: Ours | None = None  # that they thank for
    others: Sequence[Mention] = ()  # who say it too


@dataclass(frozen=True)
class Rising:
    theme: themes.Theme
    wish: Wish | None = None


@dataclass(frozen=True)
class Away:
    """What a person said is no question."""

    group: UUID
    sentence: str
    at: datetime
    by: str = ""


@dataclass(frozen=True)
class Wanted:
    questions: Sequence[Again]
    rising: Sequence[Rising]
    thanked: Sequence[Again]
    away: Sequence[Away] = field(default_factory=list)


@dataclass(frozen=True)
class _Kept:
    newest: int
    at: datetime
    found: Found


_kept: list[_Kept | None] = [None]


def forget_wanted() -> None:
    _kept[0] = None


def wanted(person: Person) -> Wanted:
    """All of it, for who may listen. A few queries, however much was said."""
    if not access.may_listen(person):
        raise NotFound
    newest = _open().aggregate(last=Max("pk"))["last"] or 0
    groups, rising = _found_lately(newest)
    groups = _left(groups)[:GROUPS]
    thanked = _thanked()
    ids = {pk for group in groups for pk in group} | {pk for _post, many in thanked for pk in many}
    said = _open().filter(pk__in=ids).defer("search").in_bulk()
    asked_of = sorted({*said, *(pk for theme in rising for pk in theme.mentions)})
    wished = {pk: found[0].wish for pk, found in hub.wished(person, KIND, asked_of).items()} if asked_of else {}
    questions = (_question([said[pk] for pk in group if pk in said], wished) for group in groups)
    thanks = (_again(post.text, [said[one] for one in many if one in said], wished, post) for post, many in thanked)
    rises = [Rising(one, _settled(one.mentions, wished)) for one in rising]
    return Wanted([one for one in questions if one], rises, list(thanks), _away_lately())


def _open() -> QuerySet[Mention]:
    """What others said that is not for one colleague alone."""
    recent = Mention.objects.filter(ours=False, said_at__gt=clock.now() - BACK, said_at__lte=clock.now())
    return recent.exclude(for_one()).exclude(label="noise").order_by()


def _found_lately(newest: int) -> Found:
    """Anew when something came in and some minutes went by, or a day."""
    now, kept = clock.now(), _kept[0]
    if kept is not None and now.date() == kept.at.date() and (kept.newest == newest or now - kept.at < KEPT):
        return kept.found
    found = _find()
    _kept[0] = _Kept(newest, now, found) if found[0] or found[1] else None
    return found


def _left(groups: Sequence[list[int]]) -> list[list[int]]:
    """The groups that are not like one that was put away, without what was put away itself."""
    away = _put_away()
    open_still = [ids for ids in groups if not asked.is_put_away(ids, away)]
    rows = NoQuestion.objects.filter(mention__in=[pk for ids in open_still for pk in ids])
    gone = set(rows.values_list("mention", flat=True))
    return [[pk for pk in ids if pk not in gone] for ids in open_still]


def _put_away() -> dict[int, UUID]:
    """The newest groups that were put away, by the mentions that stand for each."""
    last = NoQuestion.objects.order_by().values("group").annotate(last=Max("pk")).order_by("-last")
    groups = list(last.values_list("group", flat=True)[:GROUPS_AWAY])
    place = Window(RowNumber(), partition_by="group", order_by="pk")
    rows = NoQuestion.objects.filter(group__in=groups).annotate(place=place).filter(place__lte=OF_EACH)
    return dict(rows.values_list("mention", "group"))


def _away_lately() -> list[Away]:
    """The groups that were put away last, by what one of each asks."""
    rows = NoQuestion.objects.order_by("group", "pk").distinct("group").values("pk")
    newest = NoQuestion.objects.filter(pk__in=rows).select_related("mention", "by").order_by("-pk")[:AWAY_SHOWN]
    return [Away(one.group, _asks(one.mention), one.at, one.by.name if one.by else "") for one in newest]


def group_put_away(person: Person, group: UUID) -> list[int]:
    """The mentions of a group that was put away."""
    rows = NoQuestion.objects.filter(group=group) if access.may_listen(person) else NoQuestion.objects.none()
    return list(rows.values_list("mention", flat=True))


def _find() -> Found:
    """By numbers of mentions alone: what is erased stands nowhere else. What was put away is among them, so that what
    is like it is known by it."""
    rows = list(_open().order_by("-said_at", "-pk").values_list("pk", who_said(), "text", "said_at")[:MOST])
    if not rows:
        return [], []
    here = {pk for pk, *_rest in rows}
    old = Mention.objects.filter(pk__in=[pk for pk in _put_away() if pk not in here]).values_list("pk", "text")
    texts = [*old, *((pk, text) for pk, _who, text, _at in rows)]
    questions = [one for pk, text in texts for one in asked.questions_in(pk, text)]
    who = {pk: said_by for pk, said_by, _text, _at in rows}
    groups = []
    for group in asked.grouped(questions):
        ids = list(dict.fromkeys(member.key for member in group.members))
        if len({who.get(pk, pk) for pk in ids}) >= asked.LEAST:
            groups.append(ids)
    edge = rows[0][3] - LATELY * (rows[0][3] - rows[-1][3])
    said = ((pk, said_by, text, at > edge) for pk, said_by, text, at in rows)
    return groups, themes.rising(said, LATELY, house().name)


def _question(said: Sequence[Mention], wished: Mapping[int, Wish]) -> Again | None:
    if len({one.whom for one in said}) < asked.LEAST:
        return None
    return _again(_asks(said[0]), said, wished)


def _asks(mention: Mention) -> str:
    """What is asked in it, else all of it."""
    first = asked.questions_in(0, mention.text)
    return first[0].text if first else mention.text[:300]


def _again(sentence: str, said: Sequence[Mention], wished: Mapping[int, Wish], post: Ours | None = None) -> Again:
    people = len({one.whom for one in said})
    ids = [one.pk for one in said]
    return Again(sentence[:300], said[:SHOWN], ids, people, _settled(ids, wished), post, said[SHOWN:])


def _settled(ids: Sequence[int], wished: Mapping[int, Wish]) -> Wish | None:
    """The wish that most of them are a voice of: an older one of one of them is not what all of them ask."""
    wishes = Counter(wished[pk] for pk in ids if pk in wished)
    wish, voices = wishes.most_common(1)[0] if wishes else (None, 0)
    return wish if 2 * voices > min(len(ids), MOST_VOICES) else None


def _thanked() -> list[tuple[Ours, list[int]]]:
    """What we said ourselves with the answers that are an aha or seem so; of at least two, most first."""
    good = Q(label="aha") | Q(label="", proposal__label="aha") & ~Q(proposal__reasons=[])
    answers = _open().filter(good).exclude(in_reply_to="").order_by("-said_at")
    rows = list(answers.values_list("pk", "source", "source__account", "in_reply_to")[:MOST])
    if not rows:
        return []
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    for pk, source, account, key in rows:
        found[account or -source, key].append(pk)  # two sources of an account hear answers to the same post
    many = {key: pks for key, pks in found.items() if len(pks) > 1}
    ours = _ours({key for _where, key in many})
    most = sorted((key for key in many if key in ours), key=lambda key: -len(many[key]))
    return [(ours[key], many[key]) for key in most[:THANKED]]


def _ours(keys: set[str]) -> dict[tuple[int, str], Ours]:
    """What we said that platforms know by these numbers, by the account (of a file by the source, below zero)."""
    if not keys:
        return {}
    heard = Mention.objects.filter(ours=True, external_id__in=keys).order_by()
    told = heard.values_list("pk", "source", "source__account", "external_id", "text")
    found = {(account or -source, key): Ours(text, reverse("listening:mention", args=[pk]))
             for pk, source, account, key, text in told}  # fmt: skip
    posted = Target.objects.filter(remote_id__in=keys, post__in_reply_to="").order_by()
    for account, key, text, post in posted.values_list("account", "remote_id", "text", "post"):
        found[account, key] = Ours(text, reverse("publishing:post", args=[post]))
    return found

"""What the audience wants: questions asked again and again, words that rise, and what we are thanked for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import compress
from operator import not_
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from koor.flow.hub.models import Wish
from koor.flow.listening import access
from koor.flow.listening.logic import asked, themes
from koor.flow.listening.models import Mention, NoQuestion, for_one, who_said
from koor.flow.listening.queries.elsewhere import (
    KIND,
    Key,
    Said,
    by_contact,
    elsewhere,
    numbers_of_kind,
    read_elsewhere,
    rows_elsewhere,
    value,
    wished,
)
from koor.flow.listening.queries.put_away import left, newest_away, put_away
from koor.flow.listening.queries.who import whose
from koor.flow.publishing.models import Target
from koor.ground.contacts.models import Contact
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.kernel import clock
from koor.kernel.access import NotFound

BACK = timedelta(days=28)
MOST = 4_000  # mentions that are read for it, the newest
MOST_ELSEWHERE = 1_000  # and what is said to us elsewhere, which no flood of mentions washes away
LATELY = 0.25  # of the time in which they were said
SHOWN, GROUPS, THANKED = 3, 12, 5
MOST_VOICES = 200  # that one step makes
COUNTED = 100  # mentions with a word on the rise, the newest, by which people are counted
KEPT = timedelta(minutes=5)  # though more came in: thousands of texts are read for it
Row = tuple[Key, str, str, datetime]  # its key, who said it, the text, and when


@dataclass(frozen=True)
class Read:
    """How far back was read: None where four weeks were, else since when, as there was more than is read."""

    mentions: datetime | None = None
    elsewhere: datetime | None = None


Found = tuple[list[list[Key]], list[themes.Theme], Read]


@dataclass(frozen=True)
class Ours:
    """What we said: as it was heard, or a post of ours, which platforms leave out of what they let us hear."""

    text: str
    address: str


@dataclass(frozen=True)
class Again:
    """A question that was asked again and again, or what many are thanking for, with three who say it."""

    sentence: str
    said: Sequence[Said]
    ids: Sequence[str]  # as a form sends them
    people: int
    wish: Wish | None = None
    post: Ours | None = None  # that they thank for
    others: Sequence[Said] = ()  # who say it too
    unread: int = 0  # said where this colleague reads nothing
    to_word: bool = False  # the sentence was written to us alone: for a wish, which all may read, it is put anew


@dataclass(frozen=True)
class Rising:
    theme: themes.Theme
    people: int  # whom this colleague may read; who is known on several roads is one
    or_more: bool  # nobody counted them all
    ids: Sequence[str]
    wish: Wish | None
    there: Sequence[Said]  # what the stream does not show


@dataclass(frozen=True)
class _Read:
    """All that may be shown, with who said the rest and what was wished with it."""

    said: Mapping[Key, Said]
    unread: Mapping[Key, str]
    wished: Mapping[Key, Sequence[Wish]]


@dataclass(frozen=True)
class Away:
    """What a person said is no question."""

    group: UUID
    sentence: str  # empty: for others to read
    at: datetime
    by: str = ""


@dataclass(frozen=True)
class Wanted:
    questions: Sequence[Again]
    rising: Sequence[Rising]
    thanked: Sequence[Again]
    away: Sequence[Away] = field(default_factory=list)
    unread: int = 0  # questions that were asked only where this colleague reads nothing
    back: Read = field(default_factory=Read)


@dataclass(frozen=True)
class _Kept:
    at: datetime
    found: Found


_kept: list[_Kept | None] = [None]


def wanted(person: Person) -> Wanted:
    """All of it, for who may listen. A few queries, however much was said."""
    if not access.may_listen(person):
        raise NotFound
    away = put_away()
    groups, rising, back = _found_lately(away)
    groups = _first(person, left(groups, away))
    thanked = _thanked()
    shown = {key for group in groups for key in group} | {(KIND, pk) for _post, many in thanked for pk in many}
    also = {key for theme in rising for key in theme.said} | {row.key for row in newest_away(away)}
    read = _read(person, shown, also)
    questions = sorted(
        (one for one in (_question(group, read) for group in groups) if one), key=lambda one: -one.people
    )
    thanks = (_again(post.text, [(KIND, pk) for pk in many], read, post) for post, many in thanked)
    return Wanted(
        [one for one in questions if one.said],
        _rising(rising, read),
        [one for one in thanks if one.said],
        _away_lately(away, read),
        unread=sum(not one.said for one in questions),
        back=back,
    )


def _read(person: Person, shown: Collection[Key], also: Collection[Key]) -> _Read:
    """`also`: what is counted and sent along, but not shown."""
    mentions = _open().filter(pk__in=[pk for kind, pk in shown if kind == KIND]).select_related("source__account")
    there = list(mentions.defer("search"))
    known = whose(there) if there else {}
    found = {(KIND, one.pk): _as_said(one, known.get(one.pk)) for one in there}
    found |= read_elsewhere(person, {*shown, *also})
    unread = {key for key in shown if key[0] != KIND and key not in found}
    who = {key: row[1] for key, row in rows_elsewhere(unread)} if unread else {}
    return _Read(found, who, wished(person, [*found.values()], also))


def _as_said(mention: Mention, known: Contact | Person | None) -> Said:
    return Said(
        key=(KIND, mention.pk),
        whom=_whom(mention, known),
        name=mention.name,
        text=mention.text,
        at=mention.said_at,
        address=reverse("listening:mention", args=[mention.pk]),
        face=known or mention,
        public=mention.kind != "direct",
    )


def _whom(mention: Mention, known: Contact | Person | None) -> str:
    return by_contact(known) if isinstance(known, Contact) else mention.whom


def _first(person: Person, groups: list[list[Key]]) -> list[list[Key]]:
    """The first of which this colleague may read something; and the first others, which are counted."""
    if len(groups) <= GROUPS:
        return groups
    there = read_elsewhere(person, {key for keys in groups for key in keys if key[0] != KIND})
    for_me = [any(key[0] == KIND or key in there for key in keys) for keys in groups]
    mine, others = (list(compress(groups, chosen)) for chosen in (for_me, map(not_, for_me)))
    return _largest(mine) + others[:GROUPS]


def _largest(groups: Sequence[list[Key]]) -> list[list[Key]]:
    """A third of the places is for what is asked of us directly: a flood of mentions would wash it away."""
    to_us = [at for at, keys in enumerate(groups) if 2 * sum(kind != KIND for kind, _pk in keys) > len(keys)]
    to_us = to_us[: GROUPS // 3]
    others = [at for at in range(len(groups)) if at not in to_us]
    return [groups[at] for at in sorted(to_us + others[: GROUPS - len(to_us)])]


def _open() -> QuerySet[Mention]:
    """What others said that is not for one colleague alone."""
    recent = Mention.objects.filter(ours=False, said_at__gt=clock.now() - BACK, said_at__lte=clock.now())
    return recent.exclude(for_one()).exclude(label="noise").order_by()


def _found_lately(away: Sequence[NoQuestion]) -> Found:
    """Anew when some minutes went by."""
    now, kept = clock.now(), _kept[0]
    if kept is not None and abs(now - kept.at) < KEPT:
        return kept.found
    found = _find(away)
    _kept[0] = _Kept(now, found) if found[0] or found[1] else None
    return found


def _away_lately(away: Sequence[NoQuestion], read: _Read) -> list[Away]:
    """The groups that were put away last, by what one of each asks, as far as this colleague may read it."""
    groups: dict[UUID, list[NoQuestion]] = {}
    for row in newest_away(away):
        groups.setdefault(row.group, []).append(row)
    return [_away(group, rows, read.said) for group, rows in groups.items()]


def _away(group: UUID, rows: Sequence[NoQuestion], readable: Mapping[Key, Said]) -> Away:
    texts = [row.mention.text if row.mention else readable[row.key].text for row in rows
             if row.mention or row.key in readable]  # fmt: skip
    by = rows[0].by
    return Away(group, _asks(texts[0]) if texts else "", rows[0].at, by.name if by else "")


def _find(away: Sequence[NoQuestion]) -> Found:
    """By numbers alone: what is erased stands nowhere else. What was put away is among them, so that what is like it
    is known by it. What is said to us elsewhere comes first: of too many the first are held beside each other."""
    lists = _lists()
    rows = [row for many, _most in lists for row in many]
    if not rows:
        return [], [], Read()
    who = {key: said_by for key, said_by, _text, _at in rows}
    texts = [*_old_texts(away, who), *((key, text) for key, _who, text, _at in rows)]
    groups = []
    for group in asked.grouped([one for key, text in texts for one in asked.questions_in(key, text)]):
        keys = list(dict.fromkeys(member.key for member in group.members))
        if len({who.get(key, key) for key in keys}) >= asked.LEAST:
            groups.append(keys)
    return groups, _themes(lists), _back(lists)


def _back(lists: Sequence[tuple[list[Row], int]]) -> Read:
    """The mentions are the last list."""
    since = [min(row[3] for row in many) if len(many) == most else None for many, most in lists]
    return Read(since[-1], max(filter(None, since[:-1]), default=None))


def _lists() -> list[tuple[list[Row], int]]:
    """What was said, by where, with how many of it are read at most."""
    found = []
    for one in elsewhere():
        there = one.lately(clock.now() - BACK, MOST_ELSEWHERE)
        found.append(([((one.kind, row[0]), *row[1:]) for row in there], MOST_ELSEWHERE))
    heard = _open().order_by("-said_at", "-pk").values_list("pk", who_said(), "text", "said_at")[:MOST]
    return [*found, ([((KIND, pk), who, text, at) for pk, who, text, at in heard], MOST)]


def _old_texts(away: Sequence[NoQuestion], here: Collection[Key]) -> list[tuple[Key, str]]:
    """What was put away and is not among what was said lately."""
    old = [one for one in away if one.key not in here]
    there = rows_elsewhere([one.key for one in old])
    return [(one.key, one.mention.text) for one in old if one.mention] + [(key, row[2]) for key, row in there]


def _themes(lists: Sequence[tuple[list[Row], int]]) -> list[themes.Theme]:
    """Each list of the time alone of which all of it was read: a word that nobody counted before would rise. In a storm
    that is an hour of mentions, beside weeks of the contact form."""
    dates = [row[3] for many, _most in lists for row in many]
    newest, oldest = max(dates), min((row[3] for many, most in lists if len(many) < most for row in many), default=None)
    known = []
    for many, most in lists:
        since = oldest if len(many) < most else min(row[3] for row in many)
        edge = newest - LATELY * (newest - (since or newest))
        known += [(key, said_by, text, at, at > edge) for key, said_by, text, at in many]
    newest_first = sorted(known, key=lambda row: row[3], reverse=True)
    said = ((key, said_by, text, lately) for key, said_by, text, _at, lately in newest_first)
    return themes.rising(said, LATELY, house().name)


def _question(keys: Sequence[Key], read: _Read) -> Again | None:
    found = _again("", keys, read)
    return found if found.people >= asked.LEAST else None


def _asks(text: str) -> str:
    """What is asked in it, else all of it."""
    first = asked.questions_in(0, text)
    return first[0].text if first else text[:300]


def _again(sentence: str, keys: Sequence[Key], read: _Read, post: Ours | None = None) -> Again:
    said = [read.said[key] for key in keys if key in read.said]
    unread = [read.unread[key] for key in keys if key in read.unread]
    people = len({*(one.whom for one in said), *unread})
    wish = _settled([one.key for one in said], read)
    first = next((one for one in said if one.public), said[0] if said else None)
    to_word = not sentence and first is not None and not first.public
    sentence = sentence or (_asks(first.text) if first else "")
    ids = [one.value for one in said]
    return Again(sentence[:300], said[:SHOWN], ids, people, wish, post, said[SHOWN:], len(unread), to_word)


def _rising(found: Sequence[themes.Theme], read: _Read) -> list[Rising]:
    """The words that enough people say whom this colleague may read: who is known on several roads is one."""
    newest = [pk for theme in found for pk in numbers_of_kind(KIND, theme.said)[:COUNTED]]
    there = list(_open().filter(pk__in=newest).select_related("source__account").defer("search", "text"))
    known = whose(there) if there else {}
    who = {(KIND, one.pk): _whom(one, known.get(one.pk)) for one in there}
    who |= {key: one.whom for key, one in read.said.items() if key[0] != KIND}
    people = [len({who[key] for key in theme.said if key in who}) for theme in found]
    return [_rises(theme, n, read) for theme, n in zip(found, people, strict=True) if n >= themes.PEOPLE]


def _rises(theme: themes.Theme, people: int, read: _Read) -> Rising:
    keys = [key for key in theme.said if key[0] == KIND or key in read.said]
    there = [read.said[key] for key in keys if key[0] != KIND]
    or_more = len(keys) - len(there) > COUNTED
    return Rising(theme, people, or_more, [value(key) for key in keys], _settled(keys, read), there)


def _settled(keys: Sequence[Key], read: _Read) -> Wish | None:
    """The wish that most of them are a voice of: an older one of one of them is not what all of them ask."""
    wishes = Counter(wish for key in keys for wish in set(read.wished.get(key, ())))
    wish, voices = wishes.most_common(1)[0] if wishes else (None, 0)
    return wish if 2 * voices > min(len(keys), MOST_VOICES) else None


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

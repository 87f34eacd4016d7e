"""Alarms as they are told and shown: how many said it, how many hardly ever do, and what they say."""

from datetime import timedelta

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koor.flow.conversations import access
from koor.flow.conversations.models import Alarm, Fire
from koor.flow.conversations.queries import ruling
from koor.flow.listening import queries as listening
from koor.flow.listening.models import Burst, Mention, Query
from koor.ground.people import queries as people
from koor.ground.people.choices import Role
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import NotFound

SHOWN, IN_LETTER, LOUDEST = 12, 3, 3
LOOKS_WITHIN = timedelta(minutes=15)  # then others are called
A_DAY, TWO_WEEKS = timedelta(days=1), timedelta(days=14)


def query_of(burst: Burst) -> Query | None:
    """The saved query that it is about."""
    return Query.objects.filter(pk=int(burst.key)).first() if burst.kind == "query" else None


def burns_already(burst: Burst) -> Fire | None:
    """The fire that burns about the same; an alarm would tell nothing new."""
    rows = Alarm.objects.filter(fire__isnull=False, fire__ended_at=None, burst__kind=burst.kind, burst__key=burst.key)
    found = rows.select_related("fire").order_by("-pk").first()
    return found.fire if found else None


def on_duty() -> list[Person]:
    """Whose turn it is, where PR takes turns; else PR that is there today; else the curators; else who may open a fire
    at all."""
    turn = ruling.on_turn()
    if turn is not None and access.may_open_fire(turn):
        return [turn]
    away = people.away_on(people.today())
    for role in (Role.PR, Role.CURATOR):
        there = [one for one in people.with_role(role) if one.pk not in away and access.may_open_fire(one)]
        if there:
            return there
    return [one for one in people.everybody().filter(is_active=True) if access.may_open_fire(one)]


def who_decides(person: Person) -> list[str]:
    """Their names, for who looks and may not decide."""
    return [] if access.may_open_fire(person) else [one.name for one in on_duty()]


# ── As a person sees them ────────────────────────────────────────────────────────────────────────────────────────────


def waiting_alarms(person: Person) -> QuerySet[Alarm] | None:
    """Alarms of today that nobody looked at; for who may open a fire. After a quarter of an hour also for who signs."""
    now = clock.now()
    rows = Alarm.objects.filter(answer="", at__gt=now - A_DAY).select_related("query").order_by("-pk")
    if access.may_open_fire(person):
        return rows
    return rows.filter(at__lte=now - LOOKS_WITHIN) if access.may_sign(person) else None


def earlier_alarms(person: Person) -> QuerySet[Alarm]:
    """Those of the last two weeks, with what became of them; for the same people."""
    if not (access.may_open_fire(person) or access.may_sign(person)):
        return Alarm.objects.none()
    now = clock.now()
    rows = Alarm.objects.filter(at__gt=now - TWO_WEEKS).exclude(answer="", at__gt=now - A_DAY)
    return rows.select_related("query", "fire", "by").order_by("-pk")


def alarm(person: Person, id: int) -> Alarm:
    found = Alarm.objects.select_related("query", "fire", "by", "burst").filter(pk=id).first()
    if found is None or not (access.may_open_fire(person) or access.may_sign(person)):
        raise NotFound
    return found


def _stream(one: Alarm) -> tuple[str, str]:
    return (
        (one.burst.kind, one.burst.key)
        if one.burst
        else ("query", str(one.query_id))
        if one.query_id
        else ("burns", "")
    )


def _said(one: Alarm) -> QuerySet[Mention]:
    return listening.said_in(_stream(one), one.since, one.at)


def spoken_of(one: Alarm) -> list[tuple[str, dict[str, str], int]]:
    """What an alarm of all oh-ohs is about, by saved queries and topics, until an hour after it: a flood of the
    rest stands before it else."""
    return [] if one.about else listening.spoken_of(_stream(one), one.since, one.at + timedelta(hours=1))


def subject_of(one: Alarm) -> Query | None:
    """The saved query that it is about: its own; of all oh-ohs the one that at least half of them met."""
    if one.about:
        return one.query
    named = listening.spoken_of(_stream(one), one.since, one.at)
    asked = next((asked["query"] for _name, asked, n in named if "query" in asked and 2 * n >= one.posts), None)
    return Query.objects.filter(pk=int(asked)).first() if asked else None


def first_said(one: Alarm, subject: Query | None) -> Mention | None:
    """The first of what was said about its subject; of all of it where it has none."""
    rows = _said(one) if subject is None else _said(one).filter(matches__query=subject)
    return rows.select_related("source").order_by("said_at", "pk").first()


def by_now(one: Alarm) -> int:
    """To how many it grew since; 0 where it did not. What is counted for the detector holds praise too, and is asked
    only whether it is worth a look."""
    if one.burst is None or one.burst.top <= one.posts:
        return 0
    until = min(one.burst.ended_at or clock.now(), one.at + timedelta(days=1))
    most = listening.most_within_an_hour(_stream(one), one.since, until)
    return most if most > one.posts else 0


def where_all_is(one: Alarm) -> dict[str, str]:
    """What narrows the stream to what it is about."""
    if one.query_id:
        return {"query": str(one.query_id)}
    return {"topic": one.topic} if one.topic else {"label": "ohoh"}


def of_alarm(person: Person, one: Alarm) -> list[Mention]:
    """What was said, the first first."""
    return list(_said(one).select_related("source").order_by("said_at", "pk")[:SHOWN])


def in_letter(one: Alarm) -> list[str]:
    """Three of them in a line each, the first first and without names; nothing that was said to us alone."""
    texts = _said(one).exclude(kind="direct").order_by("said_at", "pk").values_list("text", flat=True)
    lines = (" ".join(text.split()) for text in texts[:IN_LETTER])
    return [line if len(line) <= 160 else line[:159] + "…" for line in lines]


def loudest(one: Alarm) -> list[tuple[str, int]]:
    """Who said most of it, by the name that they themselves show there."""
    rows = _said(one).exclude(kind="direct").order_by().values("author", "handle").annotate(n=Count("pk"))
    found = rows.filter(n__gt=1).order_by("-n", "author")[:LOUDEST]
    return [(row["author"] or row["handle"], row["n"]) for row in found]


def told(one: Alarm) -> str:
    """An alarm in one sentence."""
    if one.about:
        said = ngettext("%(count)s post", "%(count)s posts", one.posts)
    else:
        said = ngettext("%(count)s oh-oh", "%(count)s oh-ohs", one.posts)
    values = {"said": said % {"count": one.posts}, "people": one.people, "usual": round(one.usual)}
    if round(one.usual) == 0:
        return _("%(said)s by %(people)s people within the hour; usually hardly any.") % values
    sentence = _("%(said)s by %(people)s people within the hour; in two weeks hardly ever more than %(usual)s.")
    return sentence % values

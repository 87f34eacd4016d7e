"""Alarms as they are counted, and as they are shown: how many said oh-oh, how many do so usually."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import ExtractHour
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koor.flow.conversations import access
from koor.flow.conversations.logic import alarms as logic
from koor.flow.conversations.models import Alarm
from koor.flow.listening.models import Match, Mention, Query
from koor.ground.people import queries as people
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import NotFound

Subject = int | None  # a saved query, or anything
SHOWN = 12


@dataclass(frozen=True)
class Rise:
    """Oh-ohs about one subject that rose."""

    query: Subject
    posts: int
    people: int
    usual: float
    since: datetime


def _ohohs() -> QuerySet[Mention]:
    return Mention.objects.filter(ours=False, label="ohoh").order_by()


def risen() -> Rise | None:
    """What rises now: the saved query with most of it, else all oh-ohs together. One query while it is calm."""
    now = clock.now()
    said = list(
        _ohohs()
        .filter(said_at__gt=now - logic.WINDOW, said_at__lte=now)
        .values_list("pk", "handle", "author", "said_at")
    )
    if len(said) < logic.POSTS:
        return None
    who = {pk: handle or author for pk, handle, author, _at in said}
    moments = {pk: at for pk, _handle, _author, at in said}
    for query, pks in _subjects(moments):
        callers = {who[pk] for pk in pks}
        if len(pks) < logic.POSTS or len(callers) < logic.PEOPLE:
            continue
        usual = _usual(query, now)
        if logic.rises(len(pks), len(callers), usual):
            return Rise(query, len(pks), len(callers), usual, min(moments[pk] for pk in pks))
    return None


def _subjects(mentions: Mapping[int, datetime]) -> list[tuple[Subject, set[int]]]:
    """What they are about, most first; all together last. Of what is quiet now nothing counts, nor what was said before
    an alarm about everything."""
    quiet = _quiet()
    found: dict[Subject, set[int]] = defaultdict(set)
    matches = Match.objects.filter(mention__in=mentions, query__active=True).values_list("query", "mention")
    for query, mention in matches:
        found[query].add(mention)
    silent = set().union(*(found.pop(query, set()) for query in quiet if query is not None))
    silent |= {pk for pk, at in mentions.items() if None in quiet and at <= quiet[None]}
    left = [(query, pks - silent) for query, pks in found.items()]
    left.sort(key=lambda one: -len(one[1]))
    return [*left, *([] if None in quiet else [(None, set(mentions) - silent)])]


def _quiet() -> dict[Subject, datetime]:
    """Subjects about which an alarm went lately, or of which a fire burns; with when it went."""
    rows = Alarm.objects.filter(Q(quiet_until__gt=clock.now()) | Q(fire__isnull=False, fire__ended_at=None))
    return dict(rows.order_by("pk").values_list("query", "at"))


def _usual(query: Subject, now: datetime) -> float:
    zone = ZoneInfo(people.house().zone)
    rows = _ohohs().filter(said_at__gt=now - logic.LOOK_BACK, said_at__lte=now - logic.WINDOW)
    if query is not None:
        rows = rows.filter(matches__query=query)
    at_this_hour = Q(hour=(now - logic.WINDOW / 2).astimezone(zone).hour)  # the one that most of the window is in
    counted = rows.annotate(hour=ExtractHour("said_at", tzinfo=zone)).aggregate(
        whole=Count("pk"), this_hour=Count("pk", filter=at_this_hour), first=Min("said_at")
    )
    since = max(now - logic.LOOK_BACK, counted["first"] or now)
    return logic.usual_hour(counted["whole"], counted["this_hour"], (now - since).total_seconds() / 86_400)


def waved_in_a_row(query: Subject) -> int:
    """How many alarms of this subject were waved away since a fire was opened on one."""
    rows = Alarm.objects.filter(query=query).exclude(answer="").order_by("-pk").values_list("answer", flat=True)[:10]
    number = 0
    for answer in rows:
        if answer != "waved":
            break
        number += 1
    return number


# ── As a person sees them ────────────────────────────────────────────────────────────────────────────────────────────


def waiting_alarms(person: Person) -> QuerySet[Alarm] | None:
    """Alarms of today that nobody looked at; for who may open a fire."""
    if not access.may_open_fire(person):
        return None
    rows = Alarm.objects.filter(answer="", at__gt=clock.now() - 24 * logic.WINDOW)
    return rows.select_related("query").order_by("-pk")


def alarm(person: Person, id: int) -> Alarm:
    found = Alarm.objects.select_related("query", "fire", "by").filter(pk=id).first()
    if found is None or not access.may_open_fire(person):
        raise NotFound
    return found


def of_alarm(person: Person, one: Alarm) -> list[Mention]:
    """What was said, the first first."""
    rows = _ohohs().filter(said_at__gte=one.since, said_at__lte=one.at).select_related("source")
    if one.query_id is not None:
        rows = rows.filter(matches__query=one.query_id)
    return list(rows.order_by("said_at", "pk")[:SHOWN])


def told(one: Alarm) -> str:
    """An alarm in one sentence."""
    said = ngettext("%(count)s oh-oh", "%(count)s oh-ohs", one.posts) % {"count": one.posts}
    if round(one.usual) == 0:
        return _("%(said)s by %(people)s people within the hour; usually hardly any.") % {
            "said": said,
            "people": one.people,
        }
    sentence = _("%(said)s by %(people)s people within the hour; usually about %(usual)s.")
    return sentence % {"said": said, "people": one.people, "usual": round(one.usual)}


def query_of(one: Rise) -> Query | None:
    return Query.objects.filter(pk=one.query).first() if one.query is not None else None

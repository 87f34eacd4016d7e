"""Fires as their pages show them: what we know, what comes next, who asked, and the clock since the alarm."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Count, Exists, F, Max, Min, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koor.flow.conversations import access
from koor.flow.conversations.choices import ConversationState, Delivery, Direction, SayKind
from koor.flow.conversations.logic import fires as logic
from koor.flow.conversations.models import (
    Conversation,
    Fire,
    FireAnswer,
    FireFact,
    FireLine,
    FireTask,
    FireTie,
    Message,
    Statement,
)
from koor.flow.conversations.queries import signing
from koor.flow.publishing.models import Target
from koor.ground.contacts.models import Contact
from koor.ground.governance.choices import Purpose
from koor.ground.people.models import Person
from koor.kernel import clock, together
from koor.kernel.access import NotFound

LINES = 6  # of the log on the page of a fire
DEEDS = {  # what a line of the log says, after a name
    "opened": gettext_lazy("opened the fire"),
    "renamed": gettext_lazy("gave it another name"),
    "speaker": gettext_lazy("chose who speaks for us"),
    "fact": gettext_lazy("wrote down a fact"),
    "unknown": gettext_lazy("wrote down what we do not know yet"),
    "struck": gettext_lazy("struck out a fact"),
    "known": gettext_lazy("found out what we did not know"),
    "task": gettext_lazy("gave a task"),
    "task_done": gettext_lazy("finished a task"),
    "statement": gettext_lazy("wrote what we say"),
    "signed": gettext_lazy("signed what we say"),
    "signed_alone": gettext_lazy("signed their own words, alone"),
    "let_go": gettext_lazy("let it go out"),
    "paused": gettext_lazy("held what was planned"),
    "went_on": gettext_lazy("let what was planned go on"),
    "told": gettext_lazy("told colleagues what to say"),
    "thanked": gettext_lazy("told everybody that it is out, with thanks"),
    "gathered": gettext_lazy("gathered conversations"),
    "put": gettext_lazy("put a conversation with it"),
    "left_out": gettext_lazy("left a conversation out"),
    "prepared": gettext_lazy("prepared an answer"),
    "dropped": gettext_lazy("dropped a prepared answer"),
    "answered": gettext_lazy("answered somebody"),
    "ended": gettext_lazy("put it out"),
    "reopened": gettext_lazy("opened it again"),
    "learnt": gettext_lazy("wrote down what was learnt"),
    "story": gettext_lazy("put what was learnt with our story"),
}
Row = TypeVar("Row", bound=Model)
THEIRS = ("conversation__contact", "conversation__assignee", "conversation__account")
KEPT_ON_TODAY = timedelta(days=3)  # thanks, after it is out


def fires(person: Person) -> QuerySet[Fire]:
    """The fires that this person may see; what burns first, then the latest."""
    rows = Fire.objects.filter(access.fires_visible_to(person)).select_related("speaker", "opened_by")
    return rows.order_by(F("ended_at").desc(nulls_first=True), "-opened_at", "-pk")


def burning(person: Person) -> QuerySet[Fire]:
    """What burns now, exercises too; for who conducts or signs. For others that for which they speak."""
    rows = Fire.objects.filter(ended_at=None)
    return rows if access.may_open_fire(person) or access.may_sign(person) else rows.filter(speaker=person)


def as_told(one: Fire, title: str) -> str:
    """What colleagues are told; of an exercise it says so each time."""
    return _("Exercise: %(what)s") % {"what": title} if one.practice else title


def fire(person: Person, id: int) -> Fire:
    rows = fires(person).select_related("speaker", "opened_by", "ended_by", "query")
    found = rows.filter(pk=id).first()
    if found is None:
        raise NotFound
    return found


def fact(person: Person, id: int) -> FireFact:
    return _of_fire(person, FireFact.objects.filter(pk=id))


def task(person: Person, id: int) -> FireTask:
    return _of_fire(person, FireTask.objects.filter(pk=id))


def statement(person: Person, id: int) -> Statement:
    return _of_fire(person, Statement.objects.filter(pk=id).select_related("by", "signed_by", "fire"))


def prepared(person: Person, id: int) -> FireAnswer:
    return _of_fire(person, FireAnswer.objects.filter(pk=id))


def tie(person: Person, id: int) -> FireTie:
    return _of_fire(person, FireTie.objects.filter(pk=id).select_related("conversation__contact", "fire"))


def _of_fire(person: Person, rows: QuerySet[Row]) -> Row:
    found = rows.filter(fire__in=Fire.objects.filter(access.fires_visible_to(person))).first()
    if found is None:
        raise NotFound
    return found


# ── Who asks ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def ties(one: Fire) -> QuerySet[FireTie]:
    """Conversations that are about it."""
    return FireTie.objects.filter(fire=one, left_at=None, conversation__joined_into=None)


def waiting_ties(one: Fire) -> QuerySet[FireTie]:
    """Those in which somebody waits; longest first."""
    open_ones = ties(one).filter(conversation__state=ConversationState.OPEN, conversation__waiting_since__isnull=False)
    return _with_theirs(open_ones).order_by("conversation__waiting_since", "pk")


def unsent_ties(one: Fire) -> QuerySet[FireTie]:
    """Those of them who have an answer that did not go yet: it is sent by hand, or a buddy reads it first."""
    later = Message.objects.filter(
        conversation=OuterRef("conversation"), direction=Direction.IN, pk__gt=OuterRef("answer")
    )
    ready = Q(answer__delivery__in=[Delivery.BY_HAND, Delivery.BUDDY], answer__failed=False)
    return waiting_ties(one).filter(ready).exclude(Exists(later)).select_related("answer__person", *THEIRS)


def _with_theirs(rows: QuerySet[FireTie]) -> QuerySet[FireTie]:
    return rows.select_related(*THEIRS)


def ties_among(person: Person, one: Fire, given: Collection[int]) -> set[int]:
    """Which of these numbers are conversations of this fire, left out or not."""
    rows = FireTie.objects.filter(fire=one, pk__in=given)
    return set(rows.values_list("pk", flat=True))


def may_read(person: Person, one: Fire) -> set[int]:
    """The gathered conversations that this person may see: a task in a fire does not open them."""
    rows = Conversation.objects.filter(access.visible_to(person), fire_ties__fire=one)
    return set(rows.values_list("pk", flat=True))


def may_read_of(person: Person, facts: Collection[FireFact]) -> set[int]:
    """The conversations that these facts come from, as far as this person may see them."""
    told = {fact.conversation_id for fact in facts if fact.conversation_id}
    if not told or access.may_see_all(person):
        return told
    return set(Conversation.objects.filter(access.visible_to(person), pk__in=told).values_list("pk", flat=True))


@dataclass(frozen=True)
class Asked:
    """Somebody who asks, with words to begin an answer."""

    tie: FireTie
    proposal: str
    last_message: int
    shown: bool = True  # not where a colleague has the conversation now
    since: Sequence[Message] = ()  # what others said while an answer was written

    @property
    def contact(self) -> Contact | None:
        """Who asks; nobody's business where one may not read it, whatever number came along."""
        return self.tie.conversation.contact if self.shown else None


def asked(
    one: Fire,
    answers: Sequence[FireAnswer],
    *,
    seen: Collection[int],
    also: Collection[int] = (),
    ready: Collection[int] = (),
) -> list[Asked]:
    """Who waits, ten at most, in the conversations that one may see (`seen`), but for those whose answer is `ready`;
    each with another opening. And `also` those whom somebody was writing to, who perhaps wait no longer. Five
    queries."""
    waiting = list(waiting_ties(one).values_list("pk", "conversation"))
    places = {pk: place for place, (pk, _conversation) in enumerate(waiting)}  # the same for all who answer at once
    first = [pk for pk, conversation in waiting if conversation in seen and pk not in ready][: logic.MOST_TOGETHER]
    found = list(waiting_ties(one).filter(pk__in=first))
    if more := set(also) - {tie.pk for tie in found}:
        found += _with_theirs(FireTie.objects.filter(fire=one, pk__in=more).order_by("pk"))
    last = Message.objects.filter(conversation__in=[tie.conversation_id for tie in found]).order_by()
    newest = dict(last.values_list("conversation").annotate(newest=Max("pk")))
    begun = one.ties.filter(answer__isnull=False).count()
    pairs, said = [(row.question, row.answer) for row in answers], statement_said(one)
    return [
        Asked(
            tie,
            _proposal(begun + places.get(tie.pk, len(waiting) + number), tie, pairs, one, said),
            newest.get(tie.conversation_id, 0),
        )
        for number, tie in enumerate(found)
    ]


def said_meanwhile(person: Person, rows: Sequence[Asked], latest: Mapping[int, int]) -> dict[int, list[Message]]:
    """By tie what others said outside since the newest message that somebody saw of it. At most one query."""
    asked = {row.tie.conversation_id: row.tie.pk for row in rows if latest.get(row.tie.pk)}
    if not asked:
        return {}
    found = Message.objects.filter(
        conversation__in=asked, pk__gt=min(latest[pk] for pk in asked.values()), failed=False
    )
    said: dict[int, list[Message]] = {}
    for one in found.exclude(direction=Direction.NOTE).exclude(person=person).select_related("person").order_by("pk"):
        if one.pk > latest[asked[one.conversation_id]]:
            said.setdefault(asked[one.conversation_id], []).append(one)
    return said


def statement_said(one: Fire) -> str:
    """What the house says of it in the open, in few words where there are such; empty as long as nobody signed."""
    rows = Statement.objects.filter(fire=one, kind=SayKind.HOLDING, replaced_at=None, signed_at__isnull=False)
    latest = rows.order_by("-pk").first()
    return (latest.short or latest.text) if latest else ""


def _proposal(number: int, tie: FireTie, pairs: Sequence[tuple[str, str]], one: Fire, said: str) -> str:
    contact = tie.conversation.contact
    language = (contact.language if contact else "") or one.language
    name, asks = contact.first_name if contact else "", tie.conversation.asked
    usual = said if language == one.language else ""
    return logic.proposal(number, name=name, asked=asks, answers=pairs, language=language, usual=usual)


def answered_ties(one: Fire) -> QuerySet[FireTie]:
    """Those that got an answer from here, or wait no longer; the latest first."""
    rows = ties(one).filter(Q(conversation__waiting_since=None) | ~Q(conversation__state=ConversationState.OPEN))
    return rows.select_related("conversation__contact", "answer__person").order_by("-pk")


def fires_beside(person: Person, conversation: Conversation) -> tuple[Fire | None, list[Fire]]:
    """The fire that a conversation is about, and those that burn and it could be about. One query."""
    practice = conversation.purpose == Purpose.PRACTICE
    seen = Fire.objects.filter(access.fires_visible_to(person))
    tied = seen.filter(ties__conversation=conversation, ties__left_at=None).order_by("-pk")[:1]
    found, burning = together.lists(tied, seen.filter(ended_at=None, practice=practice).order_by("-pk")[:3])
    return (found[0] if found else None), burning


# ── What everybody gets to see ───────────────────────────────────────────────────────────────────────────────────────


def notices(person: Person) -> QuerySet[Fire]:
    """What colleagues say now, on Today for everybody; thanks stay a few days. An exercise is for who takes part."""
    lately = Q(ended_at=None) | Q(told_at__gte=clock.now() - KEPT_ON_TODAY) & ~Q(thanks="")
    rows = Fire.objects.filter(lately, told__gt=0).exclude(say="").select_related("speaker")
    if not (access.may_open_fire(person) or access.may_sign(person)):
        rows = rows.filter(practice=False)
    return rows.order_by("-told_at")


def that_hold(person: Person) -> QuerySet[Fire]:
    """Fires for which posts are held, or were held until lately."""
    lately = Q(ended_at=None) | Q(ended_at__gte=clock.now() - KEPT_ON_TODAY)
    rows = Fire.objects.filter(access.fires_visible_to(person), lately).exclude(paused_as="")
    return rows.order_by("-opened_at")


def notice(person: Person, id: int) -> Fire:
    found = notices(person).filter(pk=id).first()
    if found is None:
        raise NotFound
    return found


def to_sign(person: Person) -> QuerySet[Statement] | None:
    """What waits for this person's name: written by another; or their own when nobody else may."""
    if not access.may_sign(person):
        return None
    rows = Statement.objects.filter(signed_at=None, replaced_at=None, fire__ended_at=None).exclude(by=person)
    return rows.select_related("fire", "by").order_by("pk")


def my_tasks(person: Person) -> QuerySet[FireTask]:
    rows = FireTask.objects.filter(person=person, done_at=None, fire__ended_at=None)
    return rows.select_related("fire").order_by("pk")


def learnt(person: Person) -> QuerySet[Fire]:
    """What was learnt of what went wrong, for everybody in the house; exercises too."""
    return Fire.objects.exclude(learnt="").filter(ended_at__isnull=False).order_by("-ended_at", "-pk")


def told(lines: Sequence[FireLine]) -> list[tuple[FireLine, Any]]:
    """Lines of the log with their deed in words."""
    return [(line, DEEDS.get(line.verb, line.verb)) for line in lines]


def log_of(one: Fire) -> tuple[list[FireLine], int | None]:
    """The whole log, oldest first, and the first line that is not as it was written; each fire has one that opened
    it."""
    lines = list(FireLine.objects.filter(fire=one).order_by("number"))
    return lines, logic.first_broken(_sealed(line) for line in lines) if lines else 1


def _sealed(line: FireLine) -> logic.Sealed:
    return logic.Sealed(
        line.fire_id, line.number, line.at, line.who, line.name, line.verb, line.text, line.salt, line.words,
        line.before, line.seal,
    )  # fmt: skip


def may_sign_it(person: Person, one: Statement) -> tuple[bool, str]:
    """Whether this person may sign these words now, and else why not; a reason is asked where they are alone."""
    if not access.may_sign(person):
        return False, ""
    if one.by_id != person.pk:
        return True, ""
    others = signing.others_to_sign(person)
    if not others:
        return True, _("Nobody else who may sign is there today, so you sign your own words. The log says so.")
    names = signing.one_of(others)
    if clock.now() < one.at + timedelta(minutes=logic.ALONE_AFTER):
        return False, _("You wrote it, so %(names)s signs.") % {"names": names}
    return True, _("%(names)s did not sign yet. If nobody answers, sign it yourself and say why.") % {"names": names}


def operator_list() -> list[dict[str, Any]]:
    """Fires and exercises with their clock, as the command line tells them."""
    rows = Fire.objects.select_related("speaker").annotate(
        signed=Min("statements__signed_at"), gathered=Count("ties", filter=Q(ties__left_at=None), distinct=True)
    )
    return [_told(one) for one in rows.order_by("-pk")[:200]]


def _told(one: Any) -> dict[str, Any]:
    up = Target.objects.filter(post__statement_of_fire__fire=one, published_at__isnull=False)
    moments = list(up.order_by("published_at").values_list("published_at", flat=True)[: logic.CHANNELS])
    third = moments[-1] if len(moments) == logic.CHANNELS else None
    return {
        "id": one.pk,
        "title": one.title,
        "exercise": one.practice,
        "scenario": one.scenario,
        "state": "burns" if one.burns else "out",
        "alarm_at": one.alarm_at.isoformat(),
        "ends_at": one.ends_at.isoformat() if one.ends_at else None,
        "ended_at": one.ended_at.isoformat() if one.ended_at else None,
        "signed_after": _seconds(one, one.signed),
        "channels": len(moments),
        "three_channels_after": _seconds(one, third),
        "conversations": one.gathered,
        "log_whole": log_of(one)[1] is None,
    }


def _seconds(one: Fire, at: datetime | None) -> int | None:
    return int((at - one.alarm_at).total_seconds()) if at else None

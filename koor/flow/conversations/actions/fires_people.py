"""Who asks about it: conversations gathered by hand, by words or by a saved query, and answered together, but each in
its own words."""

from collections.abc import Collection

from django.contrib.postgres.search import SearchQuery
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from koor.flow.conversations import access
from koor.flow.conversations import logic as words
from koor.flow.conversations.actions import answering
from koor.flow.conversations.actions import fires_log as log
from koor.flow.conversations.actions.fires import ONLY, one_line
from koor.flow.conversations.choices import Direction, Gathered
from koor.flow.conversations.logic import fires as logic
from koor.flow.conversations.models import Conversation, Fire, FireAnswer, FireTie, Message
from koor.flow.listening.models import Query
from koor.ground.governance.choices import Purpose
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import clock, search
from koor.kernel import once as kernel_once
from koor.kernel.access import SYSTEM, Refused, require


@transaction.atomic
def gather(*, by: Colleague, fire: Fire, sought: str = "", query: Query | None = None) -> int:
    """Gather conversations since a day before the alarm in which these words are said, or which a saved query met; and
    from now on those that come in. How many came along."""
    require(access.may_open_fire(by), _(ONLY))
    fire = log.held(fire.pk)
    line = " ".join(sought.split())[:200]
    if not any(map(search.tsquery, line.split(","))) and query is None:
        raise Refused(_("Give a word that people use, or choose a saved query."), code="empty", field="words")
    fire.words, fire.query = line, query
    fire.save(update_fields=["words", "query"])
    found = _gathered(fire, Message.objects.filter(at__gte=fire.alarm_at - logic.A_DAY), by=by)
    log.line(fire, by=by, verb="gathered", text=f"{line or query}: {found}")
    return found


def _gathered(fire: Fire, rows: QuerySet[Message], *, by: Colleague) -> int:
    """Tie what these messages belong to, as far as the fire's words or query meet them."""
    said = rows.filter(direction=Direction.IN).exclude(conversation__fire_ties__fire=fire)
    practice = Q(conversation__purpose=Purpose.PRACTICE)
    said = said.filter(practice if fire.practice else ~practice)
    met = dict.fromkeys(_saying(said, fire.words), Gathered.WORDS)
    if fire.query_id:
        found = said.filter(mention__matches__query=fire.query_id).values_list("conversation", flat=True)
        met |= dict.fromkeys(found, Gathered.QUERY)
    ties = [FireTie(fire=fire, conversation_id=pk, how=how, by_id=by.pk, at=clock.now()) for pk, how in met.items()]
    FireTie.objects.bulk_create(ties, ignore_conflicts=True)
    return len(ties)


def _saying(rows: QuerySet[Message], sought: str) -> set[int]:
    found: set[int] = set()
    for part in sought.split(","):
        if asked := search.tsquery(part):
            met = rows.filter(search=SearchQuery(asked, config="simple", search_type="raw"))
            found.update(met.values_list("conversation", flat=True))
    return found


def gather_arrived(message_ids: Collection[int]) -> None:
    """Messages came in: a fire that burns and asks for such words has it."""
    burning = Fire.objects.filter(ended_at=None, scenario="").exclude(words="", query=None)
    for pk in burning.values_list("pk", flat=True):
        with transaction.atomic():
            _gathered(log.held(pk), Message.objects.filter(pk__in=message_ids), by=SYSTEM)


@transaction.atomic
def put_with_fire(*, by: Colleague, fire: Fire, conversation: Conversation) -> FireTie:
    """By hand: this is about it."""
    require(access.may_open_fire(by), _(ONLY))
    fire = log.held(fire.pk)
    if fire.practice != (conversation.purpose == Purpose.PRACTICE):
        raise Refused(_("An exercise and what really burns stay apart."), code="practice")
    made = {"how": Gathered.HAND, "by_id": by.pk, "at": clock.now()}
    tie, new = FireTie.objects.get_or_create(fire=fire, conversation=conversation, defaults=made)
    if new or tie.left_at is not None:
        tie.left_at = None
        tie.save(update_fields=["left_at"])
        log.line(fire, by=by, verb="put", text=_("conversation %(number)s") % {"number": conversation.pk})
    return tie


@transaction.atomic
def leave_out(*, by: Colleague, tie: FireTie) -> FireTie:
    """It is about something else; it is not gathered again."""
    require(access.may_open_fire(by), _(ONLY))
    fire = log.held(tie.fire_id)
    if tie.left_at is None:
        tie.left_at = clock.now()
        tie.save(update_fields=["left_at"])
        log.line(fire, by=by, verb="left_out", text=_("conversation %(number)s") % {"number": tie.conversation_id})
    return tie


@transaction.atomic
def prepare_answer(
    *, by: Person, fire: Fire, question: str, answer: str, known: FireAnswer | None = None, once: str = ""
) -> FireAnswer:
    """What many ask, and what we answer. At most ten."""
    require(access.may_open_fire(by) or access.may_sign(by), _(ONLY))
    asked, said = one_line(question, 200, "question"), words.clean(answer)[:1500]
    if not said:
        raise Refused(_("Write something first."), code="empty", field="answer")

    def make() -> FireAnswer:
        whole = log.held(fire.pk)
        if known is None and whole.answers.count() >= logic.MOST_ANSWERS:
            raise Refused(_("Ten is enough. Change one of these."), code="many", field="question")
        row = known or FireAnswer(fire=whole)
        row.question, row.answer, row.by, row.at = asked, said, by, clock.now()
        row.save()
        log.line(whole, by=by, verb="prepared", text=asked)
        return row

    content = {"fire": fire.pk, "question": asked, "answer": said, "known": known.pk if known else None}
    pk, _new = kernel_once.once(f"conversations.prepare_answer:{by.pk}", once, content, make)
    return FireAnswer.objects.get(pk=pk)


@transaction.atomic
def drop_answer(*, by: Person, answer: FireAnswer) -> None:
    """Nobody asks this any more."""
    require(access.may_open_fire(by), _(ONLY))
    fire = log.held(answer.fire_id)
    log.line(fire, by=by, verb="dropped", text=answer.question)
    answer.delete()


@transaction.atomic
def answer_tied(*, by: Person, tie: FireTie, text: str, last_message: int | None = None, once: str = "") -> FireTie:
    """Answer one of those who asked. What was said to another already, word for word, is not sent: each gets an answer
    of their own."""
    require(access.may_open_fire(by) or access.may_handle(by, tie.conversation), _(ONLY))
    fire = log.held(tie.fire_id)
    tie = FireTie.objects.select_related("conversation__contact").get(pk=tie.pk)
    if fire.practice != (tie.conversation.purpose == Purpose.PRACTICE):
        raise Refused(_("An exercise and what really burns stay apart."), code="practice")
    _own_words(fire, tie, text)
    said = answering.answer(
        by=by, conversation=tie.conversation, text=text, last_message=last_message, once=once, to_many=True
    )
    if tie.answer_id == said.pk:
        return tie  # sent twice
    tie.answer = said
    tie.save(update_fields=["answer"])
    log.line(fire, by=by, verb="answered", text=_("conversation %(number)s") % {"number": tie.conversation_id})
    return tie


def _own_words(fire: Fire, tie: FireTie, text: str) -> None:
    others = fire.ties.exclude(pk=tie.pk).filter(answer__isnull=False).select_related("answer", "conversation__contact")
    mine = logic.plain(text, _names(tie))
    for other in others:
        if other.answer is not None and logic.plain(other.answer.text, _names(other)) == mine:
            name = other.conversation.contact.first_name if other.conversation.contact else _("somebody else")
            sentence = _("You said exactly this to %(name)s. Begin in another way, so that it is meant for them.")
            raise Refused(sentence % {"name": name}, code="same", field="text")


def _names(tie: FireTie) -> list[str]:
    return [tie.conversation.contact.name] if tie.conversation.contact else []

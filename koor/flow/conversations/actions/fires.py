"""A fire: opened in one tap, facts and tasks, who speaks; put out, and what was learnt."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from koor.flow.conversations import access, logic
from koor.flow.conversations.actions import alerts_of_fires as alerts
from koor.flow.conversations.actions import fires_log as log
from koor.flow.conversations.actions.stages import put_away
from koor.flow.conversations.choices import ConversationState, Direction, FactKind, Gathered
from koor.flow.conversations.events import FireOpened
from koor.flow.conversations.models import Conversation, Fire, FireFact, FireLine, FireTask, FireTie
from koor.flow.listening.models import Mention
from koor.flow.publishing import actions as publishing
from koor.flow.publishing.queries import pausing
from koor.ground.governance.choices import Purpose
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.ground.people.queries import house
from koor.ground.story import actions as story
from koor.ground.story import queries as stories
from koor.kernel import clock, events
from koor.kernel import once as kernel_once
from koor.kernel.access import SYSTEM, Refused, require

MOST_IN_STORY = 2000  # characters of what we do
ONLY = gettext_noop("Only who conducts a fire does this.")


def open_fire(*, by: Colleague, title: str, fact: str = "", source: str = "", once: str = "") -> Fire:
    """Something burns. The first fact, when there is one, goes along with its source: who opens it, where nobody else
    is named, for in the first minute nothing may stand in the way."""
    said, origin = one_line(title, 160, "title"), source.strip() or (by.name if isinstance(by, Person) else "")

    def make() -> Fire:
        with transaction.atomic():
            fire = begun(by=by, title=said)
            if fact.strip():
                add_fact(by=by, fire=fire, text=fact, source=origin)
            return fire

    pk, _new = kernel_once.once(f"conversations.open_fire:{by.pk}", once, {"title": said, "fact": fact}, make)
    return Fire.objects.get(pk=pk)


def begun(*, by: Colleague, title: str, alarm_at: datetime | None = None, **fields: object) -> Fire:
    """A fire that burns from now on. In the caller's transaction."""
    require(access.may_open_fire(by), _("Ask the curator or PR on duty to open a fire."))
    now = clock.now()
    moments = {"alarm_at": alarm_at or now, "opened_at": now, "opened_by_id": by.pk}
    fire = Fire.objects.create(title=title, language=house().language, **moments, **fields)  # type: ignore[misc]
    log.line(fire, by=by, verb="opened", text="" if fire.conversation_id or fire.mention_id else title)
    events.tell(FireOpened(fire.pk))
    return fire


@transaction.atomic
def open_fire_from_conversation(*, by: Colleague, conversation: Conversation) -> Fire:
    """One tap: what was said is the first fact, and this the first conversation. The same one again gives its fire."""
    known = burning_with(conversation)
    if known is not None:
        return known
    said = conversation.messages.filter(direction=Direction.IN).order_by("-at", "-pk").first()
    words = said.text if said else conversation.preview
    practice = conversation.purpose == Purpose.PRACTICE
    alarm = said.at if said else None
    fire = begun(by=by, title=title_of(words), alarm_at=alarm, conversation=conversation, practice=practice)
    tie = {"how": Gathered.HAND, "by_id": by.pk, "at": clock.now()}
    FireTie.objects.create(fire=fire, conversation=conversation, **tie)
    if said is not None and words.strip():
        with override(house().language):  # it is kept as it stands, for everybody
            source = _("a message in conversation %(number)s") % {"number": conversation.pk}
        _heard(fire, by=by, text=words, source=source, url=said.url, at=said.at, conversation=conversation)
    return fire


def burning_with(conversation: Conversation) -> Fire | None:
    """The fire that this conversation is about already."""
    return Fire.objects.filter(ended_at=None, ties__conversation=conversation, ties__left_at=None).first()


@transaction.atomic
def open_fire_from_mention(*, by: Colleague, mention: Mention) -> Fire:
    """One tap: from what somebody said somewhere. The same mention again gives its fire."""
    conversation = Conversation.objects.filter(messages__mention=mention).first()
    if conversation is not None:
        return open_fire_from_conversation(by=by, conversation=conversation)
    same = Q(facts__mention=mention) | (Q(facts__url=mention.url) if mention.url else Q())
    known = Fire.objects.filter(same, ended_at=None).first()
    if known is not None:
        return known
    said: dict[str, Any] = {"text": mention.text, "source": mention.source.name, "url": mention.url}
    fire = begun(by=by, title=title_of(mention.text), alarm_at=mention.said_at, mention=mention)
    _heard(fire, by=by, mention=mention, at=mention.said_at, **said)
    return fire


def _heard(fire: Fire, *, by: Colleague, text: str, source: str, **said: Any) -> None:
    """What somebody outside said is the first fact. In the log stands where it was said, not their words."""
    fields = {"by_id": by.pk, "written_at": clock.now()} | said
    words = " ".join(logic.clean(text).split())[:500] or _("Without words")
    FireFact.objects.create(fire=fire, text=words, source=source[:200], **fields)
    log.line(fire, by=by, verb="fact", text=source)


def title_of(text: str) -> str:
    """A name for a fire of what was said first; a person changes it. The whole of it is the first fact."""
    return logic.heading(text) or _("Something burns")


# ── What we know, who speaks, what to do ─────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def rename_fire(*, by: Colleague, fire: Fire, title: str) -> Fire:
    """A better name for it."""
    require(access.may_open_fire(by), _(ONLY))
    fire = log.held(fire.pk)
    fire.title = one_line(title, 160, "title")
    fire.save(update_fields=["title"])
    log.line(fire, by=by, verb="renamed", text=fire.title)
    return fire


@transaction.atomic
def choose_speaker(*, by: Colleague, fire: Fire, person: Person) -> Fire:
    """Who speaks for the house."""
    require(access.may_open_fire(by), _(ONLY))
    fire = log.held(fire.pk)
    if not person.is_active:
        raise Refused(_("This colleague left."), code="left", field="person")
    if fire.speaker_id != person.pk:
        fire.speaker = person
        fire.save(update_fields=["speaker"])
        log.line(fire, by=by, verb="speaker", text=person.name)
        if person.pk != by.pk:
            alerts.tell_speaker(fire, person)
    return fire


@transaction.atomic
def add_fact(
    *,
    by: Colleague,
    fire: Fire,
    text: str,
    source: str = "",
    url: str = "",
    at: datetime | None = None,
    kind: str = FactKind.KNOWN,
    once: str = "",
) -> FireFact:
    """What we know, by whom or what we know it, and since when; or what we do not know yet."""
    require(access.may_open_fire(by), _(ONLY))
    said, origin = one_line(text, 500, "text"), " ".join(source.split())[:200]
    if kind == FactKind.KNOWN and not origin:
        raise Refused(_("Say who told it, or where it stands."), code="source", field="source")
    if at is not None and at > clock.now():
        raise Refused(_("This moment is still to come."), code="future", field="at")

    def make() -> FireFact:
        whole = log.held(fire.pk)
        now = clock.now()
        made = {"by_id": by.pk, "at": at or now, "written_at": now, "url": url[:1000]}
        fact = FireFact.objects.create(fire=whole, kind=kind, text=said, source=origin, **made)
        log.line(whole, by=by, verb="fact" if kind == FactKind.KNOWN else "unknown", text=said)
        return fact

    content = {"fire": fire.pk, "text": said, "source": origin, "kind": kind}
    pk, _new = kernel_once.once(f"conversations.add_fact:{by.pk}", once, content, make)
    return FireFact.objects.get(pk=pk)


@transaction.atomic
def drop_fact(*, by: Colleague, fact: FireFact) -> FireFact:
    """It was not so; or we know by now what we did not. It stays in the log."""
    require(access.may_open_fire(by), _(ONLY))
    fire = log.held(fact.fire_id)
    fact.refresh_from_db()
    if fact.gone_at is None:
        fact.gone_at = clock.now()
        fact.save(update_fields=["gone_at"])
        log.line(fire, by=by, verb="struck" if fact.kind == FactKind.KNOWN else "known", text=fact.text)
    return fact


@transaction.atomic
def add_task(*, by: Colleague, fire: Fire, text: str, person: Person | None = None, once: str = "") -> FireTask:
    """Something to do, by somebody or by whoever is there."""
    require(access.may_open_fire(by), _(ONLY))
    said = one_line(text, 200, "text")

    def make() -> FireTask:
        whole = log.held(fire.pk)
        made = {"by_id": by.pk, "made_at": clock.now()}
        task = FireTask.objects.create(fire=whole, text=said, person=person, **made)
        log.line(whole, by=by, verb="task", text=f"{said} ({person.first_name})" if person else said)
        if person is not None and person.pk != by.pk:
            alerts.tell_of_task(task)
        return task

    content = {"fire": fire.pk, "text": said, "person": person.pk if person else None}
    pk, _new = kernel_once.once(f"conversations.add_task:{by.pk}", once, content, make)
    return FireTask.objects.get(pk=pk)


@transaction.atomic
def finish_task(*, by: Person, task: FireTask) -> FireTask:
    """Done: by whose it is, or by who conducts."""
    require(access.may_open_fire(by) or task.person_id == by.pk, _("This is a colleague's."))
    fire = log.held(task.fire_id)
    task.refresh_from_db()
    if task.done_at is None:
        task.done_at, task.done_by = clock.now(), by
        task.save(update_fields=["done_at", "done_by"])
        log.line(fire, by=by, verb="task_done", text=task.text)
    return task


# ── Out, and after ───────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def end_fire(*, by: Colleague, fire: Fire) -> Fire:
    """It burns no longer. Accounts open again; what was held is let go one by one; what was learnt is written down."""
    require(access.may_open_fire(by), _(ONLY))
    fire = log.held(fire.pk)
    if fire.ended_at is None:
        fire.ended_at, fire.ended_by_id = clock.now(), by.pk
        fire.save(update_fields=["ended_at", "ended_by"])
        log.line(fire, by=by, verb="ended")
        _open_accounts(fire)
        if fire.scenario:
            _nobody_waits(fire)
        if fire.practice:
            put_away()
    return fire


def _open_accounts(fire: Fire) -> None:
    """Accounts that were quiet for this fire speak again, unless another one that burns asked for quiet too."""
    if not fire.paused_as:
        return
    quiet = [pause.account for pause in pausing.pauses().filter(why=fire.paused_as)]
    burning = Fire.objects.filter(ended_at=None, practice=fire.practice).exclude(pk=fire.pk).exclude(paused_as="")
    other = burning.order_by("pk").first()
    publishing.end_pause(quiet, by=SYSTEM)
    if other is not None:
        publishing.pause_accounts(quiet, by=SYSTEM, reason=other.paused_as)


def _nobody_waits(fire: Fire) -> None:
    """Of an exercise, however it ends: who asked was invented."""
    finished = {"state": ConversationState.DONE, "waiting_since": None, "asked": "", "snoozed_until": None}
    Conversation.objects.filter(fire_ties__fire=fire, purpose=Purpose.PRACTICE).update(**finished)


@transaction.atomic
def reopen_fire(*, by: Colleague, fire: Fire) -> Fire:
    """It burns again, or it was not out yet."""
    require(access.may_open_fire(by), _(ONLY))
    fire = log.held(fire.pk)
    if fire.scenario:
        raise Refused(_("An exercise is over when it is over. Start another one."), code="drill")
    if fire.ended_at is not None:
        fire.ended_at = fire.ended_by = fire.posts_at = None  # holding what was planned is a step again
        if fire.thanks:  # colleagues say again what they said before they were thanked
            fire.thanks, fire.say = "", _last_told(fire)
        fire.save(update_fields=["ended_at", "ended_by", "posts_at", "thanks", "say"])
        log.line(fire, by=by, verb="reopened")
    return fire


def _last_told(fire: Fire) -> str:
    told = FireLine.objects.filter(fire=fire, verb="told").order_by("-number")
    return told.values_list("text", flat=True).first() or ""


@transaction.atomic
def keep_learnt(*, by: Colleague, fire: Fire, cause: str, done: str, learnt: str) -> Fire:
    """Cause, what was done, what was learnt: shown to everybody who learns here."""
    require(access.may_open_fire(by), _(ONLY))
    fire = log.held(fire.pk)
    said = {"cause": cause, "done": done, "learnt": learnt}
    for name, text in said.items():
        words = logic.clean(text)
        if not words:
            raise Refused(_("Write something first."), code="empty", field=name)
        setattr(fire, name, words[:2000])
    fire.save(update_fields=list(said))
    log.line(fire, by=by, verb="learnt", text=fire.learnt)
    return fire


@transaction.atomic
def put_in_story(*, by: Person, fire: Fire) -> None:
    """What was learnt stands with the draft of our story, among what we do; once."""
    fire = log.held(fire.pk)
    words = " ".join(fire.learnt.split())[:400]
    if not words:
        raise Refused(_("First write down what was learnt."), code="empty", field="learnt")
    version = stories.draft(by) or stories.current()
    lines = version.dos.splitlines() if version else []
    if words in lines:
        return
    whole = "\n".join([*lines, words])
    if len(whole) > MOST_IN_STORY:
        raise Refused(_("There is no room left among what we do. Make that shorter first."), code="too_long")
    story.write_version(by=by, dos=whole)
    log.line(fire, by=by, verb="story", text=words)


def one_line(text: str, most: int, field: str) -> str:
    """A line as it is kept; refused when there is nothing in it."""
    line = " ".join(logic.clean(text).split())
    if not line:
        raise Refused(_("Write something first."), code="empty", field=field)
    return line[:most]

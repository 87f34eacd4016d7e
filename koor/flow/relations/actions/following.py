"""What happens in the rooms below becomes a moment on somebody's line."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.urls import reverse

from koor.flow.conversations.actions import channel_of
from koor.flow.conversations.models import Message
from koor.flow.hub.models import Capture
from koor.flow.listening import queries as listening
from koor.flow.listening.models import Mention
from koor.flow.publishing import queries as publishing
from koor.flow.publishing.models import Effect
from koor.flow.relations import logic
from koor.flow.relations.actions.line import (
    Moment,
    forget_source,
    forget_sources,
    record_touch,
    record_touches,
    renew_sentences,
)
from koor.flow.relations.choices import TouchKind
from koor.flow.relations.models import Touch
from koor.ground.contacts import queries as contacts
from koor.ground.contacts.choices import ProjectState
from koor.ground.contacts.models import Contact, Project
from koor.ground.people import queries as people
from koor.ground.people.access import Colleague
from koor.kernel import clock


def follow_messages(*, by: Colleague, message_ids: Collection[int]) -> None:
    """Something was said, answered or noted in conversations."""
    rows = Message.objects.select_related("contact", "person").filter(pk__in=message_ids, taken_back_at=None)
    moments = [
        Moment(
            contact=message.contact,
            person=message.person,
            kind=logic.kind_of(message.direction, message.channel),
            at=message.at,
            sentence=message.text,
            url=reverse("conversations:talk_one", args=[message.conversation_id]),
            source=_source_of(message),
        )
        for message in rows.order_by("pk")
        if message.contact is not None
    ]
    record_touches(by=by, moments=moments)


def forget_messages(*, by: Colleague, message_ids: Collection[int]) -> None:
    """Answers never went out, or what was said was taken back."""
    there = map(_source_of, Message.objects.filter(pk__in=message_ids))
    forget_sources(by=by, sources={*map(_noted, message_ids), *there})


def _source_of(message: Message) -> str:
    """What was heard as a mention and became a message is one moment."""
    if message.mention_id is not None:
        return _mentioned(message.mention_id)
    return _noted(message.pk)


def _noted(message_id: int) -> str:
    return f"conversations.message:{message_id}"


def _mentioned(mention_id: int) -> str:
    return f"listening.mention:{mention_id}"


def follow_mentions(*, by: Colleague, mention_ids: Collection[int]) -> None:
    """Somebody whom we know said something about us. What became a message of theirs is followed as that."""
    rows = Mention.objects.select_related("source__account").filter(pk__in=mention_ids, ours=False)
    there = rows.exclude(label="noise").exclude(message__contact__isnull=False).order_by("pk")
    theirs = {
        one: (channel_of(one)[:40], contacts.spelling(channel_of(one)[:40], one.handle or one.author))
        for one in there
        if one.handle or one.author
    }
    known = contacts.contacts_by_address(set(theirs.values())) if theirs else {}
    moments = [
        Moment(known[address], TouchKind.MENTION, one.said_at, _mentioned(one.pk), sentence=one.text)
        for one, address in theirs.items()
        if address in known
    ]
    record_touches(by=by, moments=moments)


REACTED = {"favourite": TouchKind.LIKED, "boost": TouchKind.SHARED, "follow": TouchKind.FOLLOWED}


def follow_reactions(*, by: Colleague, contacts_of: Mapping[int, int]) -> None:
    """Somebody whom we know liked or shared a post of ours, or follows the house. `contacts_of`: by the event, who.
    What they do at a colleague's own account is between the two."""
    heard = {event: one for event, one in listening.reactions(contacts_of).items() if not one.personal}
    posts = publishing.replied_to({(one.account_id, one.about) for one in heard.values() if one.account_id})
    people_of = Contact.objects.in_bulk(set(contacts_of.values()))
    moments = []
    for event, one in heard.items():
        contact = people_of.get(contacts_of[event])
        if contact is None or one.kind not in REACTED:
            continue
        post, words, _medium = posts.get((one.account_id or 0, one.about), (0, "", None))
        if not post and one.kind != "follow":
            continue
        url = reverse("publishing:post", args=[post]) if post else ""
        moments.append(Moment(contact, REACTED[one.kind], one.at, f"listening.event:{event}", sentence=words, url=url))
    record_touches(by=by, moments=moments)


def follow_changes(*, by: Colleague, mention_ids: Collection[int]) -> None:
    """Whoever said something said it in other words, or took it back: their line follows."""
    texts = dict(Mention.objects.filter(pk__in=mention_ids).values_list("pk", "text"))
    forget_sources(by=by, sources=[_mentioned(pk) for pk in mention_ids if pk not in texts])
    renew_sentences(by=by, sentences={_mentioned(pk): text for pk, text in texts.items()})


def follow_capture(*, by: Colleague, capture_id: int) -> None:
    """A colleague showed the work that we do for them."""
    capture = Capture.objects.select_related("project__contact", "by", "item").filter(pk=capture_id).first()
    if capture is None or capture.project is None or capture.project.contact is None:
        return
    item = getattr(capture, "item", None)
    record_touch(
        by=by,
        contact=capture.project.contact,
        person=capture.by,
        kind=TouchKind.CAPTURE,
        at=min(capture.taken_at or capture.received_at, capture.received_at),
        sentence=capture.sentence,
        url=reverse("hub:item", args=[item.pk]) if item else "",
        source=_captured(capture_id),
    )


def forget_capture(*, by: Colleague, capture_id: int) -> None:
    forget_source(by=by, source=_captured(capture_id))


def _captured(capture_id: int) -> str:
    return f"hub.capture:{capture_id}"


def follow_effect(*, by: Colleague, target_id: int) -> None:
    """A colleague noted what somebody whom we know said of a post of ours, where Koor can't look."""
    source = f"publishing.effect:{target_id}"
    effect = Effect.objects.select_related("contact", "target").filter(target=target_id).first()
    if effect is None or effect.contact is None:
        forget_source(by=by, source=source)
        return
    record_touch(
        by=by,
        contact=effect.contact,
        person=None,
        kind=TouchKind.MENTION,
        at=effect.at,
        sentence=effect.said,
        url=reverse("publishing:post", args=[effect.target.post_id]),
        source=source,
    )


def follow_project(*, by: Colleague, project_id: int) -> None:
    """Work for them began, or was done; when it is told otherwise later, the line follows."""
    project = Project.objects.select_related("contact").filter(pk=project_id).first()
    if project is None:
        return
    begun = project.state in {ProjectState.RUNNING, ProjectState.DONE}
    done = project.state == ProjectState.DONE
    _project_moment(by, project, TouchKind.PROJECT_START, project.first_day, begun)
    _project_moment(by, project, TouchKind.PROJECT_END, project.last_day, done)


def _project_moment(by: Colleague, project: Project, kind: TouchKind, day: date | None, happened: bool) -> None:
    source = f"contacts.project:{project.pk}:{kind}"
    if not happened or project.contact is None:
        forget_source(by=by, source=source)
        return
    record_touch(
        by=by,
        contact=project.contact,
        person=None,
        kind=kind,
        at=_noon(day) if day else _as_before(source),
        sentence=project.name,
        url=reverse("contacts:project", args=[project.pk]),
        source=source,
    )


def _noon(day: date) -> datetime:
    """A day of our own zone as a moment: not in the future."""
    noon = datetime.combine(day, time(12), tzinfo=ZoneInfo(people.house().zone))
    return min(noon, clock.now())


def _as_before(source: str) -> datetime:
    """Without a day: when we heard of it first."""
    known = Touch.objects.filter(source=source).values_list("at", flat=True).first()
    return known or clock.now()

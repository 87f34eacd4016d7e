"""What somebody outside writes on the page of a direct line becomes, or continues, their conversation; and a first word
there by whose line it is."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from koor.flow.conversations import logic
from koor.flow.conversations.actions import answering, lines, routing, threads
from koor.flow.conversations.choices import LINE, Direction, Ground
from koor.flow.conversations.events import MessageArrived
from koor.flow.conversations.models import Conversation, Line, LineLink, Message
from koor.flow.conversations.queries.lines import answerer
from koor.ground.contacts import actions as contacts
from koor.ground.contacts.models import Contact
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import audit, clock, events
from koor.kernel import once as kernel_once
from koor.kernel.access import SYSTEM, Refused, require


def write_on_line(*, by: Colleague = SYSTEM, link: LineLink, text: str, name: str = "", once: str = "") -> LineLink:
    """A message for the colleague of this line, from whoever holds its address. At the page of a project it begins a
    line of their own, whose link is the answer. The same `once` again changes nothing."""
    words, called = logic.clean(text), " ".join(logic.clean(name).split())
    _check(link, words, called)

    def make() -> LineLink:
        with transaction.atomic():
            line = Line.objects.select_for_update(of=("self",)).get(pk=link.line_id)
            own = line if line.contact_id else _own_line(line, called)
            _say(own, words)
            return own.links.get(ended_at__isnull=True)

    content = {"line": link.line_id, "text": words, "name": called}
    pk, _new = kernel_once.once(f"conversations.write_on_line:{link.line_id}", once, content, make)
    return LineLink.objects.select_related("line").get(pk=pk)


def write_first(*, by: Person, line: Line, text: str, once: str = "") -> Message:
    """A word of one's own on somebody's page before they ask anything, such as by who was given their line. The same
    `once` again gives the first."""
    require(line.person_id == by.pk, _("Whose line it is writes on it."))
    if line.closed_at is not None or line.contact is None:
        raise Refused(_("This page is closed."), code="closed")
    theirs = line.contact

    def make() -> Message:
        with transaction.atomic():
            contact = threads.hold_contact(theirs)
            if threads.open_of(contact) is not None:  # an answer there may go another way than this page
                begun = _("A conversation with them began meanwhile. Your text is still here: go on there.")
                raise Refused(begun, code="begun", field="text")
            conversation = threads.begun(contact, last_at=clock.now(), channel=LINE)
            reasons = ((str(Ground.DIRECT_LINE), by.pk),)
            routing.give(conversation, by.pk, by=by, ground=Ground.DIRECT_LINE, reasons=reasons)
            return answering.answer(by=by, conversation=conversation, text=text)

    content = {"line": line.pk, "text": text}
    pk, _new = kernel_once.once(f"conversations.write_first:{by.pk}", once, content, make)
    return Message.objects.select_related("conversation").get(pk=pk)


def _check(link: LineLink, words: str, name: str) -> None:
    if link.ended_at is not None or link.line.closed_at is not None:
        raise Refused(_("This page is closed."), code="closed")
    if not words:
        raise Refused(_("Write something first."), code="empty", field="text")
    if len(words) > logic.LONGEST_ON_A_LINE:
        sentence = _("This is too long for one message: at most %(most)s characters.")
        raise Refused(sentence % {"most": logic.LONGEST_ON_A_LINE}, code="too_long", field="text")
    if link.line.contact_id is None and not 2 <= len(name) <= logic.LONGEST_NAME:
        raise Refused(_("Tell us your name, so that we know whom we answer."), code="name", field="name")


def _own_line(at: Line, name: str) -> Line:
    """Somebody new at the page of a project: from now on they have a page of their own."""
    rows = Line.objects.filter(project=at.project_id, person=at.person_id, contact__isnull=False)
    _not_too_many(rows.order_by("-pk"), "made_at", logic.NEW_AN_HOUR, logic.NEW_A_DAY)
    if not any(one and one.is_active for one in (at.person, at.stand_in)):
        raise Refused(_("Nobody answers on this page any more. Please call us."), code="closed")
    contact = contacts.add_contact(by=SYSTEM, name=name)
    contact.role = at.project.name[:120] if at.project else ""
    contact.save(update_fields=["role"])
    person = next(one for one in (at.person, at.stand_in) if one and one.is_active)
    wishes = {field: getattr(at, field) for field in lines.FIELDS}
    if at.stand_in is not None and (at.stand_in == person or not at.stand_in.is_active):
        wishes["stand_in"] = None
    return lines.open_line(by=SYSTEM, person=person, contact=contact, project=at.project, **wishes)


def _not_too_many(rows: QuerySet[Line] | QuerySet[Message], at: str, an_hour: int, a_day: int) -> None:
    recent = list(rows.values_list(at, flat=True)[: a_day + 1])
    if logic.too_many(recent, clock.now(), an_hour=an_hour, a_day=a_day):
        raise Refused(_("That is a lot at once. Wait an hour, or call us."), code="too_many", field="text")


def _say(line: Line, text: str) -> None:
    assert line.contact is not None
    contact = threads.hold_contact(line.contact)
    earlier = Message.objects.filter(contact=contact, channel=LINE, direction=Direction.IN)
    _not_too_many(earlier.order_by("-pk"), "stored_at", logic.MOST_AN_HOUR, logic.MOST_A_DAY)
    now = clock.now()
    conversation = threads.open_of(contact) or threads.begun(contact, last_at=now, channel=LINE)
    message = _message(conversation, contact, text)
    threads.wake(conversation)
    threads.added(conversation, message)
    give_by_line(conversation, line, message, by=SYSTEM)
    audit.record(by=SYSTEM, verb="conversations.write_on_line", target=conversation, message=message.pk)
    events.tell(MessageArrived(message.pk))


def _message(conversation: Conversation, contact: Contact, text: str) -> Message:
    now = clock.now()
    return Message.objects.create(
        conversation=conversation,
        direction=Direction.IN,
        contact=contact,
        text=text,
        at=now,
        stored_at=now,
        channel=LINE,
        kind="direct",
        waits_from=now,
    )


def give_by_line(conversation: Conversation, line: Line, message: Message, *, by: Colleague) -> None:
    """To the colleague whose line it is; while they are away, or have their hands full, to whoever stands in. What a
    colleague gave to another by choice stays there; and where nobody stands in, with whom it is already."""
    passed = set(conversation.refusals.values_list("person_id", flat=True))
    assignee = conversation.assignee_id
    there = assignee is not None and routing.is_there(assignee)
    now = answerer(line, passed)
    nobody_else = there and now.person is None
    stays = logic.stays(assignee=assignee, ground=conversation.ground, owner=line.person_id or 0, is_there=there)
    if stays or nobody_else:
        return
    if now.person is None:
        conversation.assignee = None
        routing.route(conversation, message, by=by)
    elif now.person != assignee:
        ground = Ground.STAND_IN if now.stands_in else Ground.DIRECT_LINE
        routing.give(conversation, now.person, by=by, ground=ground, reasons=now.reasons, koor=True)

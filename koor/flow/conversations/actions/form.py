"""The contact form of the website: it is set by who conducts; what a stranger writes in it becomes a conversation."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from koor.flow.conversations import access, logic
from koor.flow.conversations.actions import attaching, routing, threads
from koor.flow.conversations.actions.on_the_line import give_by_line
from koor.flow.conversations.choices import FORM, Direction
from koor.flow.conversations.events import MessageArrived
from koor.flow.conversations.models import ContactForm, Conversation, Line, Message
from koor.flow.conversations.queries.form import accounts_to_answer, contact_form, people_in_form
from koor.ground.channels.models import Account
from koor.ground.contacts import actions as contacts
from koor.ground.contacts.models import Contact
from koor.ground.people import queries as people
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock, events, knocks
from koor.kernel import once as kernel_once
from koor.kernel.access import SYSTEM, Refused, require
from koor.kernel.letters import address_of

_A_LOT = gettext_noop("That is a lot at once. Wait an hour, or call us.")


@transaction.atomic
def set_contact_form(
    *, by: Colleague, is_on: bool, intro: str, account: Account | None, sites: Iterable[str], shows_people: bool
) -> ContactForm:
    """Whether there is one, what stands above it, and by which address who writes is answered."""
    require(access.may_promise(by), _("The contact form is looked after by the curator."))
    if account is not None and account not in accounts_to_answer():
        raise Refused(_("Choose an e-mail address of the house."), code="account", field="account")
    row = contact_form()
    row.is_on, row.intro, row.account = is_on, " ".join(logic.clean(intro).split())[:300], account
    row.sites, row.shows_people, row.changed_at = _origins(sites), shows_people, clock.now()
    row.save()
    audit.record(by=by, verb="conversations.set_contact_form", target=row, on=is_on, sites=row.sites)
    return row


def _origins(sites: Iterable[str]) -> list[str]:
    given = [line.strip() for line in sites if line.strip()]
    for line in given:
        if not logic.origin_of(line):
            sentence = _("“%(line)s” is no address of a website: it should look like https://www.example.org.")
            raise Refused(sentence % {"line": line[:80]}, code="site", field="sites")
    found = list(dict.fromkeys(map(logic.origin_of, given)))
    if len(found) > logic.MOST_SITES:
        raise Refused(_("These are too many websites."), code="site", field="sites")
    return found


def write_in_form(
    *,
    by: Colleague = SYSTEM,
    name: str,
    reached: str,
    text: str,
    line: int | None = None,
    files: attaching.Files = (),
    whence: str = "",
) -> None:
    """A message of a stranger, who is reached by mail or telephone; for whoever can help, or for the colleague of a
    line that they chose. The same words again on the same day, with the same files, change nothing. `whence`: their
    network address."""
    said, called, where = logic.clean(text), " ".join(logic.clean(name).split()), reached.strip()
    if not contact_form().is_on:
        raise Refused(_("This form is closed."), code="closed")
    platform = _check(called, where, said)
    attaching.check_files(files)

    def make() -> Message:
        with transaction.atomic():
            if knocks.too_many("contact form", whence, an_hour=logic.PLACE_AN_HOUR, a_day=logic.PLACE_A_DAY):
                raise Refused(_(_A_LOT), code="too_many", field="text")
            attaching.check_room(files)
            message = _written(called, platform, where, said, line)
            attaching.attach(message, files)
            return message

    today = clock.today(people.house().zone)
    key = logic.key_of_words(where, said, today, attaching.digests(files))
    kernel_once.once("conversations.write_in_form", key, {"words": key}, make)


def _check(name: str, reached: str, text: str) -> str:
    """How they are reached. Refused, at the field that it is about."""
    if not 2 <= len(name) <= logic.LONGEST_NAME:
        raise Refused(_("Tell us your name, so that we know whom we answer."), code="name", field="name")
    if not text:
        raise Refused(_("Write something first."), code="empty", field="text")
    if len(text) > logic.LONGEST_IN_FORM:
        sentence = _("This is too long for one message: at most %(most)s characters.")
        raise Refused(sentence % {"most": logic.LONGEST_IN_FORM}, code="too_long", field="text")
    if logic.is_advertising(text):
        raise Refused(_("There are many links in this. Leave some out."), code="links", field="text")
    if address_of(reached):
        return "email"
    if sum(c.isdigit() for c in reached) >= 8 and len(reached) <= 30 and "@" not in reached:
        return "phone"
    raise Refused(
        _("Give an e-mail address or a telephone number, so that we can answer."), code="reached", field="reached"
    )


def _written(name: str, platform: str, reached: str, text: str, line: int | None) -> Message:
    strangers = Message.objects.filter(channel=FORM, direction=Direction.IN)
    _not_too_many(strangers, logic.ALL_AN_HOUR, logic.ALL_A_DAY)
    met = contacts.meet_contact(by=SYSTEM, name=name, platform=platform, handle=reached, said_at=clock.now())
    contact = threads.hold_contact(met)
    _not_too_many(strangers.filter(contact=contact), logic.FORM_AN_HOUR, logic.FORM_A_DAY)
    row, now = contact_form(), clock.now()
    account = row.account if platform == "email" else None
    purpose = account.purpose if account else ""
    fresh = threads.open_of(contact)
    conversation = fresh or threads.begun(contact, last_at=now, channel=FORM, account=account, purpose=purpose)
    message = _message(conversation, contact, account, text, reached)
    threads.wake(conversation)
    threads.added(conversation, message)
    _to_somebody(conversation, message, line, is_new=fresh is None)
    audit.record(by=SYSTEM, verb="conversations.write_in_form", target=conversation, message=message.pk)
    events.tell(MessageArrived(message.pk))
    return message


def _not_too_many(rows: QuerySet[Message], an_hour: int, a_day: int) -> None:
    recent = list(rows.order_by("-pk").values_list("stored_at", flat=True)[: a_day + 1])
    if logic.too_many(recent, clock.now(), an_hour=an_hour, a_day=a_day):
        raise Refused(_(_A_LOT), code="too_many", field="text")


def _message(conversation: Conversation, contact: Contact, account: Account | None, text: str, reached: str) -> Message:
    now = clock.now()
    message = Message.objects.create(
        conversation=conversation, direction=Direction.IN, contact=contact, account=account, text=text, at=now,
        stored_at=now, channel=FORM, kind="form", waits_from=now, reached=reached,
    )  # fmt: skip
    message.external_id = f"form:{message.pk}"
    message.save(update_fields=["external_id"])
    return message


def _to_somebody(conversation: Conversation, message: Message, line: int | None, *, is_new: bool) -> None:
    chosen: Line | None = next((one for one in people_in_form() if one.pk == line), None) if line else None
    if chosen is not None:
        give_by_line(conversation, chosen, message, by=SYSTEM)
    elif is_new or conversation.assignee_id is not None or not routing.anybody_there(conversation.offered):
        routing.route(conversation, message, by=SYSTEM)

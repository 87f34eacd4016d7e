"""Writes of leads: made of a conversation, taken on, ended; and sent once to where sales keeps them."""

import json
import os
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from koor.flow.conversations.models import Conversation
from koor.flow.relations import access, queries, tasks
from koor.flow.relations.actions.line import record_touch
from koor.flow.relations.choices import LeadState, SendingState, TouchKind
from koor.flow.relations.logic import LONGEST_SENTENCE, one_line, signing
from koor.flow.relations.models import Lead, Receiver, Sending
from koor.ground.contacts import queries as contacts
from koor.ground.contacts.models import Contact
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import audit, clock, http, jobs, locks, notices, plainly, secrets
from koor.kernel import once as kernel_once
from koor.kernel.access import Refused, require
from koor.kernel.addresses import parse_allowed
from koor.kernel.identity import is_apart

SEALED_FOR = "relations.receiver"
HELD = timedelta(minutes=5)  # until the next look, while nothing may leave
SECONDS = 15.0


def make_lead(
    *,
    by: Person,
    contact: Contact,
    wants: str,
    to: Person | None = None,
    conversation: Conversation | None = None,
    send: bool = False,
    once: str = "",
) -> Lead:
    """Hand somebody outside who may want work to who sells, with what was said; `send`: also to the receiver."""
    contact = contacts.survivor(contact)
    require(access.may_make_lead(by, contact), _("Who knows them or talks with them makes a lead of it."))
    queries.require_theirs(conversation, contact)
    wants, to = _sentence(wants), to or queries.who_sells() or by
    if not to.is_active:
        raise Refused(_("Choose a colleague who works here."), code="left", field="to")

    def make() -> Lead:
        with transaction.atomic():
            lead = Lead.objects.create(
                contact=contact, conversation=conversation, wants=wants, to=to, by=by,
                story=queries.story_of(contact, conversation), made_at=clock.now(), changed_at=clock.now(),
            )  # fmt: skip
            record_touch(
                by=by, contact=contact, person=by, kind=TouchKind.LEAD, at=lead.made_at, sentence=wants,
                source=f"relations.lead:{lead.pk}",
            )  # fmt: skip
            audit.record(by=by, verb="relations.make_lead", target=lead, to=to.name)
            if send:
                _put_on_its_way(lead)
            return lead

    content = {"contact": contact.pk, "wants": wants, "to": to.pk}
    pk, _new = kernel_once.once(f"relations.make_lead:{by.pk}", once, content, make)
    return Lead.objects.get(pk=pk)


def _sentence(wants: str) -> str:
    said = " ".join(wants[:2000].split())
    if not said:
        raise Refused(_("Write something first."), code="empty", field="wants")
    if len(said) > LONGEST_SENTENCE:
        raise Refused(_("Keep it to one line."), code="too_long", field="wants")
    return one_line(said)


@transaction.atomic
def change_lead(*, by: Person, lead: Lead, state: str, why: str = "") -> Lead:
    """How it stands with a lead. Why it came to nothing may be said: of that one learns."""
    row = _held(by, lead)
    if state not in LeadState.values:
        raise Refused(_("Choose one of the list."), code="choice", field="state")
    if len(why) > 200:
        raise Refused(_("Keep it to one line."), code="too_long", field="why")
    if (row.state, row.why) != (state, why.strip()):
        row.state, row.why, row.changed_at = state, " ".join(why.split()), clock.now()
        row.handed_at = None
        row.save(update_fields=["state", "why", "changed_at", "handed_at"])
        audit.record(by=by, verb="relations.change_lead", target=row, state=state)
    return row


@transaction.atomic
def hand_lead(*, by: Person, lead: Lead, to: Person) -> Lead:
    """Another colleague goes on with it."""
    row = _held(by, lead)
    if not to.is_active:
        raise Refused(_("Choose a colleague who works here."), code="left", field="to")
    if row.to_id != to.pk:
        row.to, row.changed_at = to, clock.now()
        row.handed_at = row.changed_at if to.pk != by.pk else None
        row.save(update_fields=["to", "changed_at", "handed_at"])
        audit.record(by=by, verb="relations.hand_lead", target=row, to=to.name)
        if to.pk != by.pk:
            tell_whose_it_is(row, to)
    return row


@transaction.atomic
def go_on_with_lead(*, by: Person, lead: Lead) -> Lead:
    """Whoever it was handed to has read it: off their Today."""
    row = _held(by, lead)
    require(row.to_id == by.pk, _("Who has this lead goes on with it."))
    if row.handed_at is not None:
        row.handed_at = None
        row.save(update_fields=["handed_at"])
        audit.record(by=by, verb="relations.go_on_with_lead", target=row)
    return row


def tell_whose_it_is(lead: Lead, to: Person) -> None:
    """On the phone of whom it was handed to."""
    with translation.override(to.language):
        notices.push(
            to=to.pk,
            title=_("A lead is with you now"),
            text=_("What they told is with it; they need not tell it again."),
            url=reverse("relations:lead", args=[lead.pk]),
            kind="lead",
            key=f"lead:{lead.pk}:{lead.changed_at.isoformat()}",
        )


def _held(by: Person, lead: Lead) -> Lead:
    row = Lead.objects.select_for_update(of=("self",)).get(pk=lead.pk)
    require(access.may_work_lead(by, row), _("Who has this lead goes on with it."))
    return row


@transaction.atomic
def note_export(*, by: Person) -> None:
    """Leads were taken out as a list: names and words leave the house, so it is written down."""
    require(access.may_export_leads(by))
    audit.record(by=by, verb="relations.export_leads")


# --- to where sales keeps them ---


@transaction.atomic
def arrange_receiver(*, by: Person, name: str, url: str, is_on: bool) -> str:
    """Where leads are sent to. The first time a secret is made: it is answered this once, and sealed."""
    require(access.may_arrange_receiver(by))
    found = Receiver.objects.select_for_update().first()
    if not _may_be_called(url.strip()):
        raise Refused(_("Only addresses that begin with https:// are called."), code="url", field="url")
    secret = b"" if found else os.urandom(32)
    row = found or Receiver(pk=1, secret=secrets.seal(secret, SEALED_FOR))
    row.name, row.url, row.is_on, row.changed_at = one_line(name, 80), url.strip(), is_on, clock.now()
    row.problem, row.problem_since = "", None
    row.save()
    audit.record(by=by, verb="relations.arrange_receiver", target=row, on=is_on)
    return signing.written(secret) if secret else ""


def _may_be_called(url: str) -> bool:
    """By https; without it only what the operator of this house allows (KOOR_ALLOW_HOSTS)."""
    try:
        parts = urlsplit(url)
        where = (parts.hostname or "", parts.port or 80)
    except ValueError:
        return False
    allowed = parse_allowed(os.environ.get("KOOR_ALLOW_HOSTS", ""))
    return bool(where[0]) and (parts.scheme == "https" or (parts.scheme == "http" and where in allowed))


@transaction.atomic
def renew_secret(*, by: Person) -> str:
    """Another secret, answered this once; the old one signs nothing any more."""
    require(access.may_arrange_receiver(by))
    row = Receiver.objects.select_for_update().first()
    if row is None:
        raise Refused(_("Say first where leads go to."), code="none")
    secret = os.urandom(32)
    row.secret, row.changed_at = secrets.seal(secret, SEALED_FOR), clock.now()
    row.save(update_fields=["secret", "changed_at"])
    audit.record(by=by, verb="relations.renew_secret", target=row)
    return signing.written(secret)


@transaction.atomic
def send_lead(*, by: Person, lead: Lead) -> Sending:
    """Send it to the receiver; one that did not arrive is tried again, under the same key."""
    row = _held(by, lead)
    if queries.receiver_on() is None:
        raise Refused(_("Nobody arranged yet where leads go to."), code="none")
    sending = _put_on_its_way(row)
    audit.record(by=by, verb="relations.send_lead", target=row)
    return sending


@transaction.atomic
def send_failed_again(*, by: Person) -> int:
    """All that did not arrive are tried now, also what would be tried by itself later; how many."""
    require(access.may_arrange_receiver(by))
    tried = Q(state=SendingState.FAILED) | Q(state=SendingState.WAITING, attempts__gt=0)
    failed = list(Sending.objects.select_for_update(of=("self",)).filter(tried).select_related("lead"))
    for one in failed:
        _put_on_its_way(one.lead)
    if failed:
        audit.record(by=by, verb="relations.send_failed_again", target=Receiver.objects.first(), number=len(failed))
    return len(failed)


def _put_on_its_way(lead: Lead) -> Sending:
    row, new = Sending.objects.get_or_create(lead=lead, defaults={"next_at": clock.now()})
    if not new and row.state == SendingState.SENT:
        return row
    row.state, row.next_at, row.attempts = SendingState.WAITING, clock.now(), 0
    row.save(update_fields=["state", "next_at", "attempts"])
    jobs.later(tasks.send_lead_out, sending=row.pk)
    return row


def deliver_lead(*, by: Colleague, sending_id: int) -> None:
    """Try once. Nobody else tries it at the same moment; the receiver knows a repeat by its key."""
    with locks.held(f"relations.sending:{sending_id}") as alone:
        row = Sending.objects.select_related("lead__contact__organisation", "lead__to").filter(pk=sending_id).first()
        if not alone or row is None or row.state != SendingState.WAITING or (row.next_at or clock.now()) > clock.now():
            return
        receiver = queries.receiver_on()
        if receiver is None or is_apart(settings.KOOR_HOME):
            Sending.objects.filter(pk=row.pk).update(next_at=clock.now() + HELD)
            return
        body = json.dumps(queries.message_of(row.lead), ensure_ascii=False).encode()
        problem, again = _called(receiver, str(row.key), body)
        _note(row, receiver, problem, again)


def _called(receiver: Receiver, key: str, body: bytes) -> tuple[str, bool]:
    """What went wrong, if anything, and whether another try may help."""
    try:
        secret = secrets.unseal(receiver.secret, SEALED_FOR)
        headers = signing.headers(secret, key, int(clock.now().timestamp()), body)
        door = http.Door(max_bytes=100_000)
        status = door.request("POST", receiver.url, headers=headers, content=body, timeout=SECONDS).status
    except http.TooLarge as error:  # how it began says enough
        status = error.status
    except http.Refused as error:
        return str(error)[:300], False
    except (http.NotSent, http.Unclear) as error:
        return _("It could not be reached: %(why)s") % {"why": plainly.in_words(str(error))}, True
    except secrets.CannotOpen:
        return _("The secret can't be opened with the keys of this house. Make another one."), False
    found = signing.outcome(status)
    return ("", False) if found.arrived else (_("It answered %(status)s.") % {"status": status}, found.again)


@transaction.atomic
def _note(row: Sending, receiver: Receiver, problem: str, again: bool) -> None:
    row.attempts += 1
    row.problem = problem
    if not problem:
        row.state, row.sent_at, row.next_at = SendingState.SENT, clock.now(), None
        Receiver.objects.filter(pk=receiver.pk).update(arrived_at=clock.now(), problem="", problem_since=None)
    else:
        if again and row.attempts < signing.TRIES:
            row.next_at = clock.now() + timedelta(minutes=signing.wait(row.attempts))
        else:
            row.state, row.next_at = SendingState.FAILED, None
        since = receiver.problem_since or clock.now()
        Receiver.objects.filter(pk=receiver.pk).update(problem=problem, problem_since=since)
    row.save(update_fields=["attempts", "problem", "state", "sent_at", "next_at"])


def try_receiver(*, by: Person) -> str:
    """Send a message without a lead in it; what went wrong, or nothing."""
    require(access.may_arrange_receiver(by))
    receiver = Receiver.objects.first()
    if receiver is None:
        raise Refused(_("Say first where leads go to."), code="none")
    if is_apart(settings.KOOR_HOME):
        return _("This house was restored or copied: nothing leaves it until posting goes on.")
    body = json.dumps({"type": "koor.trial", "timestamp": clock.now().isoformat(), "data": {}}).encode()
    problem, _again = _called(receiver, f"trial-{secrets.new_token()[:24]}", body)
    return problem


def sweep_leads(*, by: Colleague) -> None:
    """Those whose next moment has come."""
    due = Sending.objects.filter(state=SendingState.WAITING, next_at__lte=clock.now()).order_by("next_at")
    jobs.each_by_itself(due.values_list("pk", flat=True)[:50], lambda pk: deliver_lead(by=by, sending_id=pk))

"""The summary is kept up as one goes: a line more, a proposal kept or put aside, a promise kept, read when it changed
hands; and a customer who has to tell again is noticed."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koor.flow.conversations import access, logic
from koor.flow.conversations.choices import Delivery, Direction, RepeatKind, ToldKind
from koor.flow.conversations.models import Conversation, FireTie, Message, Reading, Repeat, Told
from koor.flow.conversations.queries import product_names
from koor.flow.conversations.queries import told as queries
from koor.ground.people import queries as people
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import audit, clock
from koor.kernel.access import Refused, require

MOST_LOOKED_AT = 20  # messages
SUBJECTS = {
    "address": gettext_lazy("the address"),
    "phone": gettext_lazy("the telephone number"),
    "mail": gettext_lazy("the e-mail address"),
    "device": gettext_lazy("the device"),
    "code": gettext_lazy("the error code"),
    "year": gettext_lazy("how old it is"),
    "number": gettext_lazy("the number of the order or offer"),
    "tried": gettext_lazy("what was tried"),
    "story": gettext_lazy("what the matter is"),
    "given": gettext_lazy("this"),
}


@transaction.atomic
def tell(*, by: Person, conversation: Conversation, kind: str, text: str) -> Told:
    """A line of the summary, in own words."""
    require(access.may_note(by, conversation), _("This conversation is with a colleague."))
    words = " ".join(logic.clean(text).split())
    if not words:
        raise Refused(_("Write something first."), code="empty", field="line")
    if len(words) > logic.LONGEST_TOLD:
        raise Refused(
            _("Keep it to a line of at most %(most)s characters.") % {"most": logic.LONGEST_TOLD}, field="text"
        )
    if kind not in ToldKind.values:
        raise Refused(_("Choose what kind of line it is."), code="kind", field="kind")
    today = people.today()
    due = logic.due_in(words.lower(), today) if kind == ToldKind.PROMISE else None
    subject = next((one.subject for one in logic.found_in(words, ours=False, day=today, products=product_names())), "")
    own = logic.Found(kind, subject if kind == ToldKind.FACT else kind, words, due)
    if kind == ToldKind.PROMISE:  # promised once more, after it was done
        Told.objects.filter(conversation=conversation, key=own.key).update(done_at=None)
    return _kept(own, by=by, conversation=conversation)


@transaction.atomic
def keep_found(*, by: Person, message: Message, key: str) -> Told:
    """Keep what a message proposes, with the message that told it."""
    require(access.may_note(by, message.conversation), _("This conversation is with a colleague."))
    return _kept(queries.found_at(message, key), by=by, conversation=message.conversation, message=message)


def keep_promised(*, message: Message) -> None:
    """A day that a colleague promised in so many words, as their answer goes, is kept without asking; not one that is
    past, nor of what is told to many while it burns. What stands already stays with what told it first."""
    found = [one for one in _promised(message) if one.due and one.due >= people.today()]
    if (by := message.person) is None or not found or FireTie.objects.filter(answer=message).exists():
        return
    rows = Told.objects.filter(conversation=message.conversation, dropped_at=None, done_at=None)
    standing = set(rows.filter(key__in=[one.key for one in found]).values_list("key", flat=True))
    for one in found:
        if one.key not in standing:
            row = _kept(one, by=by, conversation=message.conversation, message=message)
            row.message, row.done_at = message, None  # promised once more, perhaps
            row.save(update_fields=["message", "done_at"])


def _promised(message: Message) -> list[logic.Found]:
    return logic.promised_in(message.text, clock.local(message.at, people.house().zone).date())


def forget_promised(*, by: Colleague, message: Message) -> None:
    """It never reached them, and so nothing was promised; unless it was said again since."""
    for row in Told.objects.filter(message=message, kind=ToldKind.PROMISE, dropped_at=None, done_at=None):
        row.message = _said_again(row, message)
        if row.message is None:
            row.message, row.dropped_at = message, clock.now()
            audit.record(by=by, verb="conversations.drop_told", target=row.conversation, told=row.pk)
        row.save(update_fields=["message", "dropped_at"])


def _said_again(row: Told, message: Message) -> Message | None:
    rows = Message.objects.filter(conversation=message.conversation, pk__gt=message.pk, person__isnull=False)
    rows = rows.exclude(direction=Direction.IN).exclude(delivery__in=(Delivery.BY_HAND, Delivery.BUDDY))
    later = rows.filter(failed=False).order_by("pk")[:MOST_LOOKED_AT]
    return next((one for one in later if row.key in {found.key for found in _promised(one)}), None)


@transaction.atomic
def put_aside(*, by: Person, message: Message, key: str) -> None:
    """Not worth a line; it is not proposed again."""
    require(access.may_note(by, message.conversation), _("This conversation is with a colleague."))
    row = _kept(queries.found_at(message, key), by=by, conversation=message.conversation, message=message)
    drop_told(by=by, told=row)


def _kept(found: logic.Found, *, by: Person, conversation: Conversation, message: Message | None = None) -> Told:
    row, _new = Told.objects.update_or_create(
        conversation=conversation,
        key=found.key,
        defaults={"dropped_at": None},
        create_defaults={
            "kind": found.kind,
            "subject": found.subject,
            "text": found.text,
            "due": found.due,
            "message": message,
            "by": by,
            "at": clock.now(),
        },
    )
    audit.record(by=by, verb="conversations.tell", target=conversation, told=row.pk)
    return row


@transaction.atomic
def drop_told(*, by: Person, told: Told) -> None:
    """This line does not hold, or is not needed any more."""
    _change(told, "drop_told", by=by, was={"dropped_at": None}, now={"dropped_at": clock.now()})


@transaction.atomic
def keep_promise(*, by: Person, told: Told) -> None:
    """What was promised was done."""
    _change(told, "keep_promise", by=by, was={"done_at": None}, now={"done_at": clock.now()})


@transaction.atomic
def not_kept_yet(*, by: Person, told: Told) -> None:
    """It was not done after all."""
    _change(told, "not_kept_yet", by=by, was={"done_at__isnull": False}, now={"done_at": None})


def _change(told: Told, verb: str, *, by: Person, was: dict[str, Any], now: dict[str, Any]) -> None:
    """Once, whoever asks it twice."""
    require(access.may_tell(by, told.conversation), _("This conversation is with a colleague."))
    if Told.objects.filter(pk=told.pk, **was).update(**now):
        audit.record(by=by, verb=f"conversations.{verb}", target=told.conversation, told=told.pk)


@transaction.atomic
def confirm_read(*, by: Person, conversation: Conversation) -> None:
    """I read what was told."""
    require(access.may_note(by, conversation), _("This conversation is with a colleague."))
    Reading.objects.update_or_create(conversation=conversation, person=by, defaults={"at": clock.now()})


def told_first(*, by: Person, conversation: Conversation, text: str, anyway: bool) -> None:
    """Before an answer goes: whoever it came to read the summary, and nothing is asked that it holds. `anyway`: they
    saw that it is held, and ask all the same."""
    if queries.must_read(by, conversation):
        raise Refused(_("Read first what was told, so that nobody has to tell it again."), code="unread", field="text")
    again, held = queries.asked_again(conversation, text)
    if again and not anyway:
        words = {"what": SUBJECTS[again[0]], "held": held[again[0]]}
        raise Refused(_("We know %(what)s already: “%(held)s”.") % words, code="held", field="text")
    for subject in again:
        Repeat.objects.create(conversation=conversation, kind=RepeatKind.ASKED, subject=subject, at=clock.now())


def notice_repeats(*, by: Colleague, message_ids: Collection[int]) -> None:
    """Somebody says that they told this already, or only tells again what they told: noticed for whoever answers, and
    counted for the house; each message once."""
    rows = Message.objects.filter(pk__in=message_ids, direction=Direction.IN, person=None).order_by("pk")
    messages = list(rows.only("text", "conversation", "at"))
    ours = Message.objects.filter(conversation__in={one.conversation_id for one in messages}, direction=Direction.OUT)
    answered = set(ours.order_by().values_list("conversation", flat=True).distinct()) if messages else set()
    found = [one for one in messages if _told_again(one, answered=one.conversation_id in answered)]
    kind = RepeatKind.SAID
    Repeat.objects.bulk_create(
        (Repeat(conversation_id=one.conversation_id, kind=kind, message=one, at=one.at) for one in found),
        ignore_conflicts=True,  # heard twice
    )


def _told_again(message: Message, *, answered: bool) -> bool:
    """They only tell again what they told where we asked in between."""
    if logic.says_told_before(message.text):
        return True
    return answered and logic.tells_again(message.text, queries.before(message))

"""Writes of ambassadors: invited by a colleague, agreed to and ended by themselves on their own page."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.hub.models import Collection
from koor.flow.publishing.models import Target
from koor.flow.relations import access, queries
from koor.flow.relations.actions.line import record_touch
from koor.flow.relations.choices import AmbassadorState, TouchKind
from koor.flow.relations.models import Ambassador, SharedOn, Thanks, Touch
from koor.flow.relations.queries.ambassadors import seal_context
from koor.ground.contacts import queries as contacts
from koor.ground.contacts.models import Contact
from koor.ground.people.access import Colleague
from koor.ground.people.models import Person
from koor.kernel import audit, clock, notices, secrets
from koor.kernel import once as kernel_once
from koor.kernel.access import Refused, require

LONGEST, LONGEST_THANKS = 500, 300


@transaction.atomic
def invite_ambassador(
    *,
    by: Person,
    contact: Contact,
    gets: str,
    asks: str = "",
    collection: Collection | None = None,
    posts: Sequence[Target] = (),
) -> Ambassador:
    """Invite somebody, or change what they get and may share. Who said no or stopped is not invited again by this:
    only they themselves come back."""
    contact = contacts.survivor(contact)
    require(access.may_invite(by, contact), _("Who knows them invites them."))
    said = {"gets": _line(gets, "gets"), "asks": _line(asks, "asks", needed=False), "collection": collection}
    row = Ambassador.objects.select_for_update(of=("self",)).filter(contact=contact).first()
    if row is None:
        token = secrets.new_token("with-us")
        digest = secrets.digest(token)
        sealed = secrets.seal(token.encode(), seal_context(digest))
        row = Ambassador(contact=contact, person=by, digest=digest, sealed=sealed, invited_at=clock.now())
        audit.record(by=by, verb="relations.invite_ambassador", target=contact)
    elif row.state in {AmbassadorState.NO, AmbassadorState.STOPPED} and not row.ended_by_us:
        raise Refused(_("They said no. On their own page they can still say yes."), code="said_no")
    else:
        audit.record(by=by, verb="relations.change_ambassador", target=contact)
        if row.ended_by_us:
            row.state, row.ended_by_us = AmbassadorState.INVITED, False
    for field, value in said.items():
        setattr(row, field, value)
    row.save()
    row.posts.set(posts)
    return row


def _line(text: str, field: str, needed: bool = True) -> str:
    said = " ".join(text.split())
    if needed and not said:
        raise Refused(_("Write something first."), code="empty", field=field)
    if len(said) > LONGEST:
        raise Refused(_("At most %(most)s characters.") % {"most": LONGEST}, code="too_long", field=field)
    return said


@transaction.atomic
def mail_invitation(*, by: Person, ambassador: Ambassador, subject: str, text: str, once: str = "") -> None:
    """The address of their page by mail, in the colleague's name."""
    require(access.may_invite(by, ambassador.contact), _("Who knows them invites them."))
    require(
        access.may_mail(by, ambassador.contact), _("Koor can't send this letter for you. Send the address yourself.")
    )
    if ambassador.state != AmbassadorState.INVITED:
        raise Refused(_("They answered already."), code="answered")

    def make() -> Touch:
        contact = ambassador.contact
        notices.mail(to=contact.email, subject=subject, text=text, kind="ambassador", reply_to=by.email, way_in=True)
        audit.record(by=by, verb="relations.mail_invitation", target=contact)
        return record_touch(
            by=by, contact=contact, person=by, kind=TouchKind.MAIL, at=clock.now(), sentence=subject,
            source=f"relations.invitation:{ambassador.pk}",
        )  # fmt: skip

    kernel_once.once(f"relations.mail_invitation:{by.pk}", once, {"ambassador": ambassador.pk}, make)


@transaction.atomic
def thank_ambassador(*, by: Person, ambassador: Ambassador, sentence: str, once: str = "") -> Thanks:
    """A word of thanks, on their page, for what they showed."""
    require(access.may_invite(by, ambassador.contact), _("Who knows them invites them."))
    said = " ".join(sentence.replace("\x00", "").split())
    if not said or len(said) > LONGEST_THANKS:
        code = "too_long" if said else "empty"
        raise Refused(_("Keep it to one line.") if said else _("Write something first."), code=code, field="sentence")

    def make() -> Thanks:
        SharedOn.objects.filter(ambassador=ambassador).update(thanked=True)
        audit.record(by=by, verb="relations.thank_ambassador", target=ambassador.contact)
        return Thanks.objects.create(ambassador=ambassador, by=by, sentence=said, at=clock.now())

    content = {"ambassador": ambassador.pk, "sentence": said}
    pk, _new = kernel_once.once(f"relations.thank_ambassador:{by.pk}", once, content, make)
    return Thanks.objects.get(pk=pk)


@transaction.atomic
def end_ambassador(*, by: Person, ambassador: Ambassador) -> Ambassador:
    """The house ends it; their page opens to a word of thanks and nothing more. Their own no stays theirs."""
    require(access.may_invite(by, ambassador.contact), _("Who knows them invites them."))
    row = Ambassador.objects.select_for_update(of=("self",)).get(pk=ambassador.pk)
    if row.ended_by_us:
        return row
    if row.state not in {AmbassadorState.INVITED, AmbassadorState.YES}:
        raise Refused(_("This has ended."), code="ended")
    row.state, row.ended_by_us, row.answered_at = AmbassadorState.STOPPED, True, clock.now()
    row.save(update_fields=["state", "ended_by_us", "answered_at"])
    audit.record(by=by, verb="relations.end_ambassador", target=row.contact)
    return row


# --- on their own page ---


@transaction.atomic
def answer_invitation(*, by: Colleague, ambassador: Ambassador, state: str, words: str = "") -> Ambassador:
    """They say yes, no, or stop. With a yes is kept what it was to, as they read it."""
    row = Ambassador.objects.select_for_update(of=("self",)).get(pk=ambassador.pk)
    if row.ended_by_us:
        raise Refused(_("This has ended."), code="ended")
    if state not in {AmbassadorState.YES, AmbassadorState.NO, AmbassadorState.STOPPED}:
        raise Refused(_("Choose one of the list."), code="choice")
    if row.state == state:
        return row
    row.state, row.answered_at = state, clock.now()
    if state == AmbassadorState.YES:
        row.agreed = {"at": clock.now().isoformat(), "gets": row.gets, "asks": row.asks, "words": words}
    row.save(update_fields=["state", "answered_at", "agreed"])
    audit.record(by=by, verb="relations.answer_invitation", target=row.contact, answer=state)
    return row


@transaction.atomic
def tell_shared(*, by: Colleague, ambassador: Ambassador, target_id: int) -> None:
    """They showed it to others, they say; of what is on their page only, and once each."""
    if ambassador.state != AmbassadorState.YES:
        raise Refused(_("This has ended."), code="ended")
    if target_id not in {one.pk for one in queries.may_share(ambassador)}:
        raise Refused(_("This is not up any more."), code="gone")
    _row, new = SharedOn.objects.get_or_create(ambassador=ambassador, target_id=target_id, defaults={"at": clock.now()})
    if new:
        audit.record(by=by, verb="relations.tell_shared", target=ambassador.contact)

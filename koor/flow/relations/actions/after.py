"""After a project: be in touch with a good reason, or let a moment pass."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.relations import access, queries
from koor.flow.relations.actions.line import forget_source, record_touch
from koor.flow.relations.choices import RevisitState, TouchKind
from koor.flow.relations.logic import after, one_line
from koor.flow.relations.models import Revisit
from koor.ground.contacts.models import Project
from koor.ground.people.models import Person
from koor.kernel import audit, clock, notices
from koor.kernel.access import Refused, require

LONGEST_LETTER = 4_000
KINDS = (TouchKind.MAIL, TouchKind.CALL, TouchKind.VISIT, TouchKind.MET)


@transaction.atomic
def write_after(*, by: Person, project: Project, text: str) -> Revisit:
    """Send the customer a letter after their project, in the colleague's name; the answer comes to the colleague."""
    require(access.may_note(by))
    done = _settled(by, project)
    if done is not None:
        return done
    found = queries.proposal(by, project.pk)
    require(access.may_mail(by, found.contact), _("Koor can't send this letter for you. Send it yourself and say so."))
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Refused(_("Write something first."), code="empty", field="text")
    if len(text) > LONGEST_LETTER:
        raise Refused(_("At most %(most)s characters.") % {"most": LONGEST_LETTER}, code="too_long", field="text")
    row = _settle(by, found, RevisitState.DONE)
    notices.mail(to=found.contact.email, subject=found.project.name, text=text, kind="after-project", reply_to=by.email)
    _touched(by, row, TouchKind.MAIL, text)
    return row


@transaction.atomic
def told_after(*, by: Person, project: Project, kind: str, text: str = "") -> Revisit:
    """They were in touch themselves: on their own phone, by telephone or at the door."""
    require(access.may_note(by))
    if kind not in KINDS:
        raise Refused(_("Choose what it was."), code="kind", field="kind")
    done = _settled(by, project)
    if done is not None:
        return done
    row = _settle(by, queries.proposal(by, project.pk), RevisitState.DONE)
    _touched(by, row, kind, text)
    return row


@transaction.atomic
def pass_after(*, by: Person, project: Project, never: bool = False) -> Revisit:
    """Not this time, or not about this project at all."""
    require(access.may_note(by))
    state = RevisitState.NEVER if never else RevisitState.PASSED
    done = _settled(by, project, state)
    if done is not None:
        return done
    found = queries.proposal(by, project.pk)
    row = _settle(by, found, state)
    audit.record(by=by, verb="relations.pass_after", target=found.project, contact=found.contact.name)
    return row


@transaction.atomic
def undo_after(*, by: Person, revisit: Revisit) -> None:
    """It is proposed again. A letter that went is not taken back, and so not this either."""
    require(by.pk == revisit.person_id, _("Only who did it takes it back."))
    if Revisit.objects.filter(pk=revisit.pk, state=RevisitState.DONE).exists():
        raise Refused(_("You were in touch already; that stays in their story."), code="done")
    Revisit.objects.filter(pk=revisit.pk).delete()
    forget_source(by=by, source=_source(revisit))


def _settled(by: Person, project: Project, state: str = RevisitState.DONE) -> Revisit | None:
    """A second tap within the moment finds what the first did."""
    Project.objects.select_for_update(of=("self",)).filter(pk=project.pk).first()
    rows = Revisit.objects.filter(project=project, person=by, state=state)
    return rows.filter(at__gt=clock.now() - timedelta(days=after.STAYS)).first()


def _settle(by: Person, found: queries.Proposal, state: str) -> Revisit:
    key = after.NEVER if state == RevisitState.NEVER else found.moment.key
    row, _new = Revisit.objects.get_or_create(
        project=found.project,
        moment=key,
        defaults={
            "contact": found.contact,
            "person": by,
            "state": state,
            "reason": found.reason,
            "about": found.shown.about if found.shown and state == RevisitState.DONE else "",
            "at": clock.now(),
        },
    )
    return row


def _touched(by: Person, row: Revisit, kind: str, text: str) -> None:
    record_touch(
        by=by,
        contact=row.contact,
        person=by,
        kind=kind,
        at=row.at,
        sentence=one_line(text) or row.project.name,
        source=_source(row),
    )
    audit.record(by=by, verb="relations.write_after", target=row.project, contact=row.contact.name)


def _source(row: Revisit) -> str:
    return f"relations.revisit:{row.pk}"

"""Who may, in the relations room. That there was contact is known in the house; the words are for whom they concern:
colleagues who know this person, have a conversation with them or work for them, and those who conduct."""

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from koor.flow.conversations import access as conversations
from koor.flow.conversations.models import Conversation
from koor.flow.relations.models import Lead
from koor.ground.contacts.access import may_see_contacts
from koor.ground.contacts.models import Acquaintance, Contact, Project
from koor.ground.governance.permissions import allows, declare
from koor.ground.people.access import Colleague
from koor.ground.people.choices import Autonomy, Role
from koor.ground.people.models import Person
from koor.kernel.access import System

SEE_QUIET = declare("relations.see_quiet", _("See which people outside have not been spoken to lately"), Role.CURATOR)

SEE_LEADS = declare("relations.see_leads", _("See and work on all leads"), Role.CURATOR, Role.FACE, Role.CAPTAIN)
EXPORT_LEADS = declare("relations.export_leads", _("Take leads out as a list"), Role.CURATOR, Role.FACE)
ARRANGE = declare("relations.arrange_receiver", _("Arrange where leads are sent to"), Role.ADMINISTRATOR)

HEAR = declare("relations.hear_voice", _("Read what customers ask, praise and complain about"), Role.CURATOR, Role.PR)
INVITE = declare("relations.invite", _("Invite people outside to be ambassadors"), Role.CURATOR, Role.FACE)


def may_see_line(person: Person) -> bool:
    return may_see_contacts(person)


def may_read_words(person: Person, contact: Contact) -> bool:
    """Whether this person reads what was said, beside that something was said. One query."""
    if conversations.may_see_all(person):
        return True
    if not person.is_active:
        return False
    knows = Acquaintance.objects.filter(contact=contact, person=person).values("pk")
    talks = Conversation.objects.filter(conversations.visible_to(person), contact=contact).values("pk")
    works = Project.objects.filter(Q(contact=contact), people=person).values("pk")
    return bool(knows.order_by()[:1].union(talks.order_by()[:1], works.order_by()[:1]))


def may_note(by: Colleague) -> bool:
    return isinstance(by, System) or by.is_active


def may_forget(by: Colleague, noted_by: int | None) -> bool:
    """What one noted oneself."""
    return isinstance(by, System) or by.pk == noted_by


def may_see_quiet(person: Person) -> bool:
    return allows(person, SEE_QUIET)


def may_mail(by: Person, contact: Contact) -> bool:
    """Whether Koor can send their letter: there is an address, a mail server, and they are on their own."""
    return bool(contact.email and settings.EMAIL_HOST and by.is_active and by.autonomy == Autonomy.OWN)


def may_make_lead(by: Person, contact: Contact) -> bool:
    """Who reads what they said."""
    return may_read_words(by, contact)


def may_see_all_leads(person: Person) -> bool:
    return allows(person, SEE_LEADS)


def own_leads(person: Person) -> Q:
    """Those that this person made or got, as a condition on Lead."""
    return Q(by=person.pk) | Q(to=person.pk)


def may_work_lead(by: Colleague, lead: Lead) -> bool:
    if isinstance(by, System) or allows(by, SEE_LEADS):
        return True
    return by.is_active and by.pk in {lead.by_id, lead.to_id}


def may_export_leads(person: Person) -> bool:
    return allows(person, EXPORT_LEADS)


def may_arrange_receiver(by: Colleague) -> bool:
    return allows(by, ARRANGE)


def may_invite(by: Person, contact: Contact) -> bool:
    """Who arranges it, and who knows them and is on their own."""
    if allows(by, INVITE):
        return True
    knows = Acquaintance.objects.filter(contact=contact, person=by)
    return is_on_own(by) and knows.exists()


def is_on_own(by: Person) -> bool:
    return by.is_active and by.autonomy == Autonomy.OWN


def may_see_ambassadors(person: Person) -> bool:
    return allows(person, INVITE)


def may_hear_voice(person: Person) -> bool:
    """Figures of customers, and the words behind them: for who reads every conversation anyway."""
    return allows(person, HEAR) and conversations.may_see_all(person)

"""Who may, in the conversations room. A conversation is seen by whom it is with, to whom it is offered, by the direct
line of the person outside (who reads along while somebody stands in), by who is named in a note, and by those who
conduct from backstage."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from koor.flow.conversations.models import CalledIn, Conversation, FireTask, Line, Mentioned, Message, SavedAnswer
from koor.flow.publishing.access import reads_for_others
from koor.ground.contacts import access as contacts_access
from koor.ground.contacts.models import Acquaintance
from koor.ground.governance.choices import Purpose
from koor.ground.governance.models import RolePermission
from koor.ground.governance.permissions import allows, declare
from koor.ground.people.access import Colleague
from koor.ground.people.choices import Autonomy, Role
from koor.ground.people.models import Person
from koor.kernel import written
from koor.kernel.access import System

SEE_ALL = declare("conversations.see_all", _("See every conversation"), Role.CURATOR, Role.PR, Role.ADMINISTRATOR)
CONDUCT = declare("conversations.conduct", _("Answer, assign and close every conversation"), Role.CURATOR, Role.PR)
SAVE_FOR_ALL = declare("conversations.save_for_all", _("Save answers for all colleagues"), Role.CURATOR, Role.PR)
FIRE = declare("conversations.fire", _("Open a fire and conduct it"), Role.CURATOR, Role.PR)
SIGN = declare("conversations.sign", _("Sign what the house says while it burns"), Role.CAPTAIN, Role.CURATOR, Role.PR)
OPEN = declare("conversations.open", _("Make a conversation of what was said"), Role.CURATOR, Role.PR, Role.HELPER)

RULES = declare("conversations.rules", _("Make rules for who answers"), Role.CURATOR, Role.PR, Role.ADMINISTRATOR)
PROMISES = declare("conversations.promises", _("Promise how soon we answer"), Role.CURATOR, Role.PR, Role.ADMINISTRATOR)


def may_see_all(person: Person) -> bool:
    return allows(person, SEE_ALL)


def visible_to(person: Person) -> Q:
    """The conversations that this person may see, as a condition on Conversation."""
    if not person.is_active:
        return Q(pk__in=[])
    return Q() if may_see_all(person) else visible_to_one(person.pk)


def visible_to_one(pk: int | written.Given) -> Q:
    """The same of somebody who does not see all."""
    line = Acquaintance.objects.filter(contact=OuterRef("contact"), person=pk, direct_line=True)
    named = Mentioned.objects.filter(message__conversation=OuterRef("pk"), person=pk)
    return for_person(pk) | Q(Exists(line)) | Q(Exists(named))


def may_conduct(by: Colleague) -> bool:
    return allows(by, CONDUCT)


def for_person(pk: int | written.Given) -> Q:
    """With this person, offered to them while nobody has it, or asked of them before a promise breaks, as a condition
    on Conversation."""
    called = CalledIn.objects.filter(conversation=OuterRef("pk"), person=pk, over_at=None)
    return Q(assignee=pk) | Q(offered__contains=[pk], assignee=None) | Q(Exists(called))


def may_see(person: Person, conversation: Conversation) -> bool:
    return Conversation.objects.filter(visible_to(person), pk=conversation.pk).exists()


def is_with(person: Person, conversation: Conversation) -> bool:
    """With them, or offered to them while nobody has it."""
    if conversation.assignee_id is not None:
        return conversation.assignee_id == person.pk
    return person.pk in conversation.offered


def is_for(person: Person, conversation: Conversation) -> bool:
    """The same, or asked of them before a promise breaks."""
    return is_with(person, conversation) or conversation.called_in.filter(person=person, over_at=None).exists()


def may_handle(by: Colleague, conversation: Conversation) -> bool:
    """Hand over, put off, close."""
    return allows(by, CONDUCT) or (isinstance(by, Person) and by.is_active and is_for(by, conversation))


def may_note(by: Colleague, conversation: Conversation) -> bool:
    return isinstance(by, System) or may_handle(by, conversation) or may_see(by, conversation)


def may_tell(by: Colleague, conversation: Conversation) -> bool:
    """The summary is of all that was said with somebody: who sees a conversation with them keeps it up."""
    if may_note(by, conversation):
        return True
    theirs = Q(contact=conversation.contact_id, contact__isnull=False) | Q(pk=conversation.joined_into_id)
    return isinstance(by, Person) and Conversation.objects.filter(visible_to(by)).filter(theirs).exists()


def practises(by: Colleague) -> bool:
    """Nothing that a practising colleague writes leaves the house."""
    return isinstance(by, Person) and by.autonomy == Autonomy.PRACTISE


def may_answer(by: Colleague, conversation: Conversation) -> bool:
    """Whose it is answers; who practises does so on a practice account only."""
    if practises(by) and conversation.purpose != Purpose.PRACTICE:
        return False
    return may_handle(by, conversation)


def may_read_first(by: Colleague, message: Message) -> bool:
    """An answer on somebody's page: the buddy of its writer, or who reads for colleagues without one."""
    if isinstance(by, System) or not by.is_active or by.pk == message.person_id:
        return False
    return by.pk == message.buddy_id or reads_for_others(by)


def may_promise(by: Colleague) -> bool:
    return allows(by, PROMISES)


def may_rule(by: Colleague) -> bool:
    return allows(by, RULES)


def may_save_for_all(by: Colleague) -> bool:
    return allows(by, SAVE_FOR_ALL)


def may_save(by: Colleague, *, for_all: bool) -> bool:
    """An answer of one's own, or one for everybody."""
    return may_save_for_all(by) if for_all else isinstance(by, Person) and by.is_active


def may_change_saved(by: Colleague, saved: SavedAnswer) -> bool:
    return may_save_for_all(by) if saved.owner_id is None else saved.owner_id == by.pk


def may_open(by: Colleague) -> bool:
    return allows(by, OPEN)


def may_begin(by: Colleague) -> bool:
    """Note a moment with somebody, which opens a conversation by hand."""
    return isinstance(by, System) or by.is_active


def may_open_line(by: Colleague) -> bool:
    """One's own line: theirs to open, once they answer people themselves."""
    return isinstance(by, System) or (by.is_active and by.autonomy == Autonomy.OWN)


def may_change_line(by: Colleague, line: Line) -> bool:
    """Whose line it is; and who arranges the direct lines of the house."""
    own = isinstance(by, Person) and by.is_active and line.person_id == by.pk
    return own or contacts_access.may_arrange_lines(by)


def may_take_up_line(by: Colleague, line: Line) -> bool:
    """Whose it was before they left; and who arranges the direct lines of the house."""
    own = isinstance(by, Person) and by.is_active and line.before_id == by.pk
    return own or contacts_access.may_arrange_lines(by)


# ── Fires ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def may_open_fire(by: Colleague) -> bool:
    """Open a fire and conduct it."""
    return allows(by, FIRE)


def may_sign(by: Colleague) -> bool:
    """Sign what the house says: who goes on their own."""
    if isinstance(by, System):
        return False
    return allows(by, SIGN) and by.autonomy == Autonomy.OWN


def fires_visible_to(person: Person) -> Q:
    """The fires that this person may see, as a condition on Fire: who conducts or signs sees all; who speaks or has a
    task sees that one."""
    if not person.is_active:
        return Q(pk__in=[])
    if allows(person, FIRE) or allows(person, SIGN) or allows(person, SEE_ALL):
        return Q()
    return Q(speaker=person) | Q(Exists(FireTask.objects.filter(fire=OuterRef("pk"), person=person)))


def signing_roles() -> set[str]:
    """The roles that may sign, as the organisation chose."""
    chosen = dict(RolePermission.objects.filter(permission=SIGN.key).values_list("role", "allowed"))
    return {role for role in Role.values if chosen.get(role, role in SIGN.roles)}

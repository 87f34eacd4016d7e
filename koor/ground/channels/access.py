"""Who may do what with an account. By role (governance), and beside that each account has an owner and members."""

from django.utils.translation import gettext_lazy as _

from koor.ground.channels.choices import AccountState, May
from koor.ground.channels.models import Account
from koor.ground.governance.choices import Purpose
from koor.ground.governance.permissions import allows, declare
from koor.ground.people.access import Colleague
from koor.ground.people.choices import Role
from koor.ground.people.models import Person
from koor.kernel.access import System

STAGE = (Role.FACE, Role.HELPER, Role.CAPTAIN, Role.CURATOR, Role.PR)
MANAGE = declare(
    "channels.manage", _("Connect and look after the accounts of the house"), Role.CURATOR, Role.ADMINISTRATOR
)
OVERSEE = declare("channels.oversee", _("Pause or disconnect any account"), Role.CURATOR, Role.ADMINISTRATOR)
REGISTER = declare("channels.register", _("Register Koor at platforms"), Role.ADMINISTRATOR)
DRAFT = declare("channels.draft", _("Draft for the accounts of the house"), *STAGE)
PUBLISH = declare("channels.publish", _("Publish on the accounts of the house"), *STAGE)
ANSWER = declare("channels.answer", _("Answer on the accounts of the house"), *STAGE)


def may_oversee(by: Colleague) -> bool:
    """See every account, also personal ones, and stop it when needed."""
    return allows(by, OVERSEE)


def may_manage(by: Colleague) -> bool:
    """Connect accounts of the house and look after them."""
    return allows(by, MANAGE)


def may_register(by: Colleague) -> bool:
    """Register Koor at a platform, so that colleagues can connect their accounts on its own page."""
    return allows(by, REGISTER)


def may_add(by: Colleague, *, owner: Person, personal: bool) -> bool:
    """Colleagues connect their own accounts; who manages channels connects those of the house."""
    if isinstance(by, System):
        return True
    if personal:
        return by.is_active and by.pk == owner.pk
    return may_manage(by)


def may_change(by: Colleague, account: Account) -> bool:
    """Name, purpose, settings, credentials, members. A personal account is its owner's alone."""
    if isinstance(by, System):
        return True
    if not by.is_active:
        return False
    return by.pk == account.owner_id or (not account.personal and may_manage(by))


def may_stop(by: Colleague, account: Account) -> bool:
    """Pause or disconnect: also somebody else's, when a colleague left or something burns."""
    return may_change(by, account) or may_oversee(by)


def may_draft(by: Colleague, account: Account) -> bool:
    """Write something for this account. What becomes of it also depends on the colleague's autonomy."""
    return _may_use(by, account, allows(by, DRAFT) or is_stage(account), May.DRAFT, May.PUBLISH)


def may_publish(by: Colleague, account: Account) -> bool:
    """Let something go on this account."""
    return _may_use(by, account, allows(by, PUBLISH) or is_stage(account), May.PUBLISH)


def is_stage(account: Account) -> bool:
    """A stage of the house for practice, of which nobody outside sees anything: everyone may try there."""
    from koor.ground.channels.queries import connectors  # these reads ask here who may

    made_with = connectors().get(account.connector)
    nobody_looks = made_with is not None and not made_with.manifest.public
    return nobody_looks and account.purpose == Purpose.PRACTICE and not account.personal


def may_answer(by: Colleague, account: Account) -> bool:
    """Answer people on this account."""
    return _may_use(by, account, allows(by, ANSWER), May.ANSWER, May.PUBLISH)


def _may_use(by: Colleague, account: Account, by_role: bool, *wanted: str) -> bool:
    if isinstance(by, System):
        return True
    if not by.is_active or account.state == AccountState.DISCONNECTED:
        return False
    if by.pk == account.owner_id or (by_role and not account.personal):
        return True
    return bool(set(wanted) & set(_member_may(by, account)))


def _member_may(person: Person, account: Account) -> list[str]:
    """What a member may do; no query when the members were fetched along (`account.members.all()`)."""
    return next((list(m.may) for m in account.members.all() if m.person_id == person.pk), [])

"""What the channels room holds on colleagues."""

from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from koor.ground.channels import queries
from koor.ground.channels.choices import AccountState, Health
from koor.ground.channels.events import AccountDisconnected
from koor.ground.channels.models import Account, AccountSecret, Grant
from koor.ground.channels.queries import sealed as contexts
from koor.kernel import events, seals
from koor.kernel.personal import Subject, alike, by_hand, called, holds, holds_none


def _own_accounts(rows: QuerySet[Account], subject: Subject) -> int:
    """Their own accounts are theirs again: closed here, without credentials. Those of the organisation stay."""
    own = rows.filter(personal=True)
    for account in own.exclude(state=AccountState.DISCONNECTED):
        events.tell(AccountDisconnected(account.pk))
    AccountSecret.objects.filter(account__in=own).delete()
    agreed = set(own.exclude(grant=None).values_list("grant", flat=True))
    closed = own.update(
        state=AccountState.DISCONNECTED, health=Health.UNKNOWN, grant=None, name="–", handle="", url="", settings={},
        health_note="", health_values={},
    )  # fmt: skip
    Grant.objects.filter(pk__in=agreed, accounts=None).delete()
    return closed


def _unused(rows: QuerySet[Grant], subject: Subject) -> int:
    """What no account is used with any more goes; with an account of the organisation it stays, until somebody else
    agrees there."""
    return rows.filter(accounts=None).delete()[0]


def _on_platforms(_names: set[str], values: set[str], colleagues: tuple[int, ...]) -> list[QuerySet[Any]]:
    """Accounts of the organisation, and of other colleagues, that have the address of a colleague."""
    rows = Account.objects.exclude(personal=True, owner__in=colleagues).order_by()
    return [rows.annotate(said=Lower("handle")).filter(said__in=values)]


holds("channels.Member", _("Accounts that they may use"), shown=("account__name", "may"))
holds("channels.Account", _("Accounts"), shown=("name", "connector", "handle", "url", "state"), when="made_at",
      spoken={"connector": queries.platform_name},
      former=by_hand(_own_accounts, key="nameless"))  # fmt: skip
holds_none("channels.AccountSecret", because="sealed credentials of accounts, shown to nobody")
holds(
    "channels.Grant",
    _("What they agreed to on platforms"),
    shown=("connector", "scopes"),
    when="agreed_at",
    secret=("sealed",),
    former=by_hand(_unused, key="nameless"),
)
holds_none("channels.Application", because="how Koor is registered at platforms")
holds(
    "channels.Connecting",
    _("Accounts that they are connecting"),
    shown=("connector",),
    when="asked_at",
    secret=("sealed",),
)
called("channels.Account", "name")
alike(_on_platforms)
seals.sealed("channels.AccountSecret", "sealed", lambda row: contexts.seal_context(row.account_id))
seals.sealed("channels.Grant", "sealed", lambda row: contexts.grant_context(row.pk))
seals.sealed("channels.Application", "sealed", lambda row: contexts.application_context(row.pk))
seals.sealed("channels.Connecting", "sealed", lambda row: contexts.connecting_context(row.pk))

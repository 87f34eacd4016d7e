"""What the channels room holds on colleagues."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from koor.ground.channels.choices import AccountState
from koor.ground.channels.models import Account, AccountSecret
from koor.kernel.personal import Subject, by_hand, called, holds, holds_none


def _own_accounts(rows: QuerySet[Account], subject: Subject) -> int:
    """Their own accounts are theirs again: closed here, without credentials. Those of the organisation stay."""
    own = rows.filter(personal=True)
    AccountSecret.objects.filter(account__in=own).delete()
    return own.update(
        state=AccountState.DISCONNECTED, name="–", handle="", url="", settings={}, health_note="", health_values={}
    )


holds("channels.Member", _("Accounts that they may use"), shown=("account__name", "may"))
holds("channels.Account", _("Accounts"), shown=("name", "connector", "handle", "url", "state"), when="made_at",
      former=by_hand(_own_accounts, key="nameless"))  # fmt: skip
holds_none("channels.AccountSecret", because="sealed credentials of accounts, shown to nobody")
holds(
    "channels.Grant",
    _("What they agreed to on platforms"),
    shown=("connector", "scopes"),
    when="agreed_at",
    secret=("sealed",),
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

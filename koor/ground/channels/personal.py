"""What the channels room holds on colleagues."""

from django.utils.translation import gettext_lazy as _

from koor.kernel.personal import called, holds, holds_none

holds("channels.Member", _("Accounts that they may use"), shown=("account__name", "may"))
holds("channels.Account", _("Accounts"), shown=("name", "connector", "handle", "url", "state"), when="made_at")
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

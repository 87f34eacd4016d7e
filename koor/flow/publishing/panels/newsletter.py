"""Where the newsletter shows elsewhere: at its account, and in the audit trail."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from koor.flow.publishing import access
from koor.flow.publishing.queries import newsletter as lists
from koor.ground.channels.models import Account
from koor.ground.people.access import SignedIn
from koor.kernel import audit
from koor.kernel.panels import panel

Filled = tuple[str, dict[str, Any]] | None


@panel("newsroom.ways", order=10)
def by_letter(request: HttpRequest, **_more: Any) -> Filled:
    """For who would rather get it by mail."""
    found = lists.to_ask_for(None)
    return ("publishing/panel_ways.html", {"letters": found[:1]}) if found else None


@panel("channels.account", order=15)
def readers_of_account(request: SignedIn, account: Account, **_more: Any) -> Filled:
    if not lists.has_readers(account) or not access.may_keep_readers(request.user, account):
        return None
    counts = lists.number_of_readers(request.user, account)
    return "publishing/panel_readers.html", {"account": account, "counts": counts}


audit.sentences(
    {
        "publishing.say_yes": gettext_lazy("Somebody said yes to the newsletter %(target)s"),
        "publishing.end_newsletter": gettext_lazy("Somebody gets the newsletter %(target)s no more"),
        "publishing.bring_in_readers": gettext_lazy("%(by)s brought in %(number)s readers of %(target)s"),
    }
)

"""Does the account work, and as whom: the person's own card, or the page."""

from __future__ import annotations

from koor.connectors.linkedin import client, connect
from koor.ground.channels import logic
from koor.ground.channels.contract import Because, Health, Session
from koor.ground.channels.contract import message_id as _

SENTENCES = {
    Because.AUTH: _("LinkedIn no longer lets this account in. Connect it again."),
    Because.RATE: _("LinkedIn asks to wait a little."),
    Because.REJECTED: _("LinkedIn does not know this page any more, or you may no longer manage it."),
}
RETIRED = _("LinkedIn no longer answers to the version that Koor speaks. Koor has to be upgraded.")


def check(session: Session) -> Health:
    """One look. What is away for a moment is `NOT_REACHED`, and passes."""
    try:
        if client.is_page(session):
            return _page(session)
        name = connect.person(session).name
    except client.Failed as failed:
        return trouble(failed)
    return Health(True, handle=name)


def _page(session: Session) -> Health:
    number = client.author(session).rsplit(":", 1)[-1]
    found = client.read(session, f"/rest/organizations/{number}")
    if not isinstance(found.get("localizedName"), str):
        raise client.Failed(logic.unknown("no page in the answer"))
    vanity = str(found.get("vanityName") or number)
    return Health(True, handle=found["localizedName"], url=f"https://www.linkedin.com/company/{vanity}/")


def trouble(failed: client.Failed) -> Health:
    """What went wrong, in a sentence for the owner."""
    if failed.status == 426:
        return Health(False, RETIRED, because=Because.REJECTED)
    return logic.not_working(failed, SENTENCES, _("LinkedIn could not be reached: %(answer)s"))

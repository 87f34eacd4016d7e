"""Does the number work: its own row at Meta."""

from __future__ import annotations

from koor.connectors.whatsapp import client
from koor.ground.channels import logic
from koor.ground.channels.contract import Because, Health, NotSent, Session, Unclear
from koor.ground.channels.contract import message_id as _

SENTENCES = {
    Because.AUTH: _("Meta does not accept the access token. Make a new one there and fill it in here."),
    Because.RATE: _("Meta asks to wait a little."),
    Because.REJECTED: _("Meta knows no phone number with this number."),
}


def check(session: Session) -> Health:
    """One look. What is away for a moment is `NOT_REACHED`, and passes."""
    try:
        response = client.ask(session, "GET", client.number(session), params={"fields": "display_phone_number"})
    except (NotSent, Unclear) as error:
        return _not(str(error))
    found = logic.json_of(response)
    phone = found.get("display_phone_number") if isinstance(found, dict) else None
    if response.status == 200 and isinstance(phone, str) and phone:
        return Health(True, handle=phone)
    refused = client.refusal(session, response)
    if refused is not None and refused.because in SENTENCES:
        return Health(False, SENTENCES[refused.because], because=refused.because)
    return _not(client.said(response, session))


def _not(said: str) -> Health:
    return Health(False, _("Meta could not be reached: %(said)s"), {"said": said[:150]}, Because.NOT_REACHED)

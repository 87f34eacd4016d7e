"""Sending an answer. The API keeps nothing by which a message could be found again; what it tells by itself does."""

from __future__ import annotations

from typing import Any

from koor.connectors.whatsapp import client
from koor.connectors.whatsapp.manifest import MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import (
    Attempt,
    Because,
    CannotKnow,
    Draft,
    Medium,
    NotSeen,
    NotSent,
    Outcome,
    Prepared,
    Seen,
    Session,
    Unclear,
)
from koor.ground.channels.contract import message_id as _

KINDS = {"image": "image", "video": "video", "audio": "audio"}


def prepare(session: Session, draft: Draft) -> Prepared:
    """Puts the picture at Meta, which shows it to nobody."""
    limits = session.limits or MANIFEST.limits
    problem = logic.problem(draft, limits, logic.length(draft, limits))
    if problem is not None:
        return problem
    if not draft.options.get("to", "").strip():
        return Prepared(problem=_("Koor does not know to which number this answer goes."), because=Because.REJECTED)
    return _uploaded(session, draft.media[0]) if draft.media else Prepared()


def _uploaded(session: Session, medium: Medium) -> Prepared:
    try:
        response = client.ask(
            session,
            "POST",
            f"{client.number(session)}/media",
            data={"messaging_product": "whatsapp", "type": medium.mime},
            files={"file": (medium.name, medium.content, medium.mime)},
        )
    except (NotSent, Unclear) as error:
        return _not_now(str(error))
    found = logic.json_of(response)
    if response.status == 200 and isinstance(found, dict) and isinstance(found.get("id"), str):
        return Prepared(handle={"media_id": found["id"], "kind": KINDS.get(medium.mime.split("/")[0], "image")})
    refused = client.refusal(session, response)
    if refused is None:
        return _not_now(client.said(response, session))
    sentence = _("WhatsApp does not take this picture: %(said)s")
    return Prepared(
        problem=sentence, values={"said": refused.answer}, because=refused.because, retry_after=refused.retry_after
    )


def _not_now(said: str) -> Prepared:
    sentence = _("The picture could not be brought to WhatsApp: %(said)s")
    return Prepared(problem=sentence, values={"said": said[:150]}, because=Because.NOT_REACHED)


def send(session: Session, attempt: Attempt) -> Outcome:
    """The one step that sends it."""
    return client.write(session, body_of(attempt))


def body_of(attempt: Attempt) -> dict[str, Any]:
    """The message as the API takes it. `biz_opaque_callback_data` comes back with each word about it."""
    draft, handle = attempt.draft, attempt.prepared.handle
    body: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "".join(c for c in draft.options.get("to", "") if c.isdigit()),
        "biz_opaque_callback_data": attempt.key,
    }
    if draft.options.get("template"):
        return body | {"type": "template", "template": _template(draft)}
    if draft.in_reply_to.startswith("wamid."):
        body["context"] = {"message_id": draft.in_reply_to}
    text = draft.text.strip()
    if handle.get("media_id"):
        kind = str(handle.get("kind", "image"))
        caption = {"caption": text} if text and kind != "audio" else {}
        return body | {"type": kind, kind: {"id": handle["media_id"], **caption}}
    return body | {"type": "text", "text": {"body": text, "preview_url": False}}


def _template(draft: Draft) -> dict[str, Any]:
    values = [one for one in draft.options.get("template_values", "").split("\n") if one]
    filled = [{"type": "text", "text": one} for one in values]
    found: dict[str, Any] = {
        "name": draft.options["template"],
        "language": {"code": draft.options.get("template_language") or "nl"},
    }
    return found | ({"components": [{"type": "body", "parameters": filled}]} if filled else {})


def find(session: Session, attempt: Attempt) -> Seen | NotSeen | CannotKnow:
    """The API can't be asked. When Meta tells of the message by itself, the ledger hears it."""
    return CannotKnow("WhatsApp can't be asked what was sent")

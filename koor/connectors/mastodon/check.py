"""Does the account work, as whom, and within which limits: verify_credentials and the instance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from koor.connectors.mastodon import client
from koor.connectors.mastodon.manifest import MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import Because, Health, Limits, Session
from koor.ground.channels.contract import message_id as _

SENTENCES = {
    Because.AUTH: _("The server does not accept the access token. Make a new one there and fill it in here."),
    Because.RATE: _("The server asks to wait a little."),
    Because.REJECTED: _("There is no Mastodon at this address."),
}


def check(session: Session) -> Health:
    """One look at the account. A server that is away for a moment is `NOT_REACHED`, and passes."""
    try:
        own = client.me(session)
        missing = _missing_scopes(session)
        instance = _instance(session)
    except client.Failed as failure:
        return logic.not_working(failure, SENTENCES, _("The server could not be reached: %(answer)s"))
    handle, url = f"@{own.get('username')}@{_domain(session, instance)}", str(own.get("url") or "")
    if missing:
        sentence = _("The access token may not write. Make one with read and write.")
        return Health(False, sentence, because=Because.AUTH, handle=handle, url=url)
    return Health(True, handle=handle, url=url, limits=_limits(instance))


def _missing_scopes(session: Session) -> bool:
    """Whether the token may not post. Only servers that tell the scopes of a token (Mastodon 4.3) can say so."""
    try:
        app = client.read(session, "/api/v1/apps/verify_credentials")
    except client.Failed as failure:
        if failure.outcome.because in (Because.AUTH, Because.RATE):
            raise
        return False
    scopes = app.get("scopes") if isinstance(app, dict) else None
    return isinstance(scopes, list) and not {"write", "write:statuses"} & {str(scope) for scope in scopes}


def _instance(session: Session) -> Mapping[str, Any]:
    """The server about itself; the older address where the newer one is not there."""
    try:
        found = client.read(session, "/api/v2/instance")
    except client.Failed as failure:
        if failure.status not in (404, 410):
            raise
        found = client.read(session, "/api/v1/instance")
    return found if isinstance(found, dict) else {}


def _domain(session: Session, instance: Mapping[str, Any]) -> str:
    return str(instance.get("domain") or client.host(session))


def _limits(instance: Mapping[str, Any]) -> Limits:
    """The limits as the server tells them, the manifest's where it does not."""
    usual = MANIFEST.limits
    told = instance.get("configuration") or {}
    statuses, media = told.get("statuses") or {}, told.get("media_attachments") or {}
    kinds = media.get("supported_mime_types")
    return Limits(
        characters=_whole(statuses.get("max_characters"), usual.characters),
        link_characters=_whole(statuses.get("characters_reserved_per_url"), usual.link_characters),
        media=_whole(statuses.get("max_media_attachments"), usual.media) or 0,
        media_bytes=_whole(media.get("image_size_limit"), usual.media_bytes),
        film_bytes=_whole(media.get("video_size_limit"), usual.film_bytes),
        media_kinds=tuple(map(str, kinds)) if isinstance(kinds, list) and kinds else usual.media_kinds,
        alt_characters=_whole(media.get("description_limit"), usual.alt_characters),
    )


def _whole(told: Any, usual: int | None) -> int | None:
    return told if isinstance(told, int) and not isinstance(told, bool) and told > 0 else usual

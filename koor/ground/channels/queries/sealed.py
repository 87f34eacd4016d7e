"""What is sealed: credentials of accounts, how Koor is registered at platforms, tokens that platforms gave."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from koor.ground.channels import logic
from koor.ground.channels.contract import Place, Tokens
from koor.ground.channels.models import Account, AccountSecret, Application, Connecting, Grant
from koor.kernel import secrets
from koor.kernel.access import Refused

NOT_YOURS = gettext_noop("This way back is not yours, was used already, or took too long. Begin again.")


def seal_context(account_id: int) -> str:
    return f"channels.account:{account_id}"


def secrets_of(account: Account) -> dict[str, str]:
    """What is sealed for this account alone."""
    row = AccountSecret.objects.filter(account=account).first()
    if row is None:
        return {}
    try:
        whole = secrets.unseal(row.sealed, seal_context(account.pk))
    except secrets.CannotOpen as error:
        sentence = _("The credentials of %(account)s can't be opened with the key of this house. Fill them in again.")
        raise Refused(sentence % {"account": account.name}, code="sealed") from error
    return {str(key): str(value) for key, value in json.loads(whole).items()}


def application(key: str) -> Application | None:
    """How Koor is registered at a platform."""
    return Application.objects.filter(connector=key).first()


def way_back(key: str) -> str:
    """The one address to which a platform may send people back; each platform has its own (RFC 9700, 4.4)."""
    return str(settings.KOOR_URL) + reverse("channels:back", args=[key])


def application_context(pk: int) -> str:
    return f"channels.application:{pk}"


def grant_context(pk: int) -> str:
    return f"channels.grant:{pk}"


def opened_application(row: Application) -> dict[str, str]:
    """Its secret, and the word that the platform says to be heard."""
    try:
        whole = secrets.unseal(row.sealed, application_context(row.pk))
    except secrets.CannotOpen as error:
        sentence = _("The secret of the application can't be opened with the key of this house. Fill it in again.")
        raise Refused(sentence, code="sealed") from error
    return {str(key): str(value) for key, value in json.loads(whole).items()}


def word_of(row: Application) -> str:
    """The word that the platform says to be heard; none where it can't be opened any more."""
    try:
        return opened_application(row).get("verify_token", "")
    except Refused:
        return ""


def tokens_of(grant: Grant) -> Tokens:
    """Refused when they can't be opened."""
    try:
        return tokens_from_json(json.loads(secrets.unseal(grant.sealed, grant_context(grant.pk))))
    except secrets.CannotOpen as error:
        raise Refused(_("The tokens can't be opened with the key of this house. Connect the account again.")) from error


def tokens_as_json(tokens: Tokens) -> dict[str, Any]:
    moments = {"expires_at": tokens.expires_at, "refresh_expires_at": tokens.refresh_expires_at}
    told = {key: value.isoformat() if value else None for key, value in moments.items()}
    return {"access": tokens.access, "refresh": tokens.refresh, "scopes": list(tokens.scopes), **told}


def tokens_from_json(kept: Mapping[str, Any]) -> Tokens:
    moments = {key: logic.moment(kept.get(key)) for key in ("expires_at", "refresh_expires_at")}
    return Tokens(str(kept["access"]), str(kept["refresh"]), scopes=tuple(kept["scopes"]), **moments)


def connecting_context(pk: int) -> str:
    return f"channels.connecting:{pk}"


def opened_connecting(row: Connecting) -> dict[str, Any]:
    """What is kept while somebody is away: first what proves the code, then the tokens and the places."""
    try:
        return dict(json.loads(secrets.unseal(row.sealed, connecting_context(row.pk))))
    except secrets.CannotOpen as error:
        raise Refused(_(NOT_YOURS), code="sealed") from error


def places_of(connecting: Connecting) -> list[Place]:
    """Where they may post, as the platform told when they came back."""
    return [Place(**place) for place in opened_connecting(connecting).get("places", [])]

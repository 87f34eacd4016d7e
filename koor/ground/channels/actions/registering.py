"""Koor as an application at a platform: registered once by an administrator, its secret sealed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from koor.ground.channels import queries
from koor.ground.channels.access import may_register
from koor.ground.channels.actions.asked import answered
from koor.ground.channels.contract import OAuth
from koor.ground.channels.models import Application
from koor.ground.channels.queries.sealed import word_of
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock, secrets
from koor.kernel.access import Refused, require

_ONLY = "Only an administrator changes these."
LONGEST = 300  # characters of a client id


def register_application(
    *, by: Colleague, connector: str, client_id: str, client_secret: str = "", settings: Mapping[str, str] | None = None
) -> Application:
    """Keep how Koor is known at a platform. An empty secret keeps the one that is there, for the same client."""
    require(may_register(by), _(_ONLY))
    oauth = _oauth(connector)
    client_id, client_secret = client_id.strip(), client_secret.strip()
    if not client_id or len(client_id) > LONGEST:
        sentence = _("Fill in: %(label)s.") % {"label": _("Number of the application")}
        raise Refused(sentence, code="missing", field="client_id")
    kept = {one.key: answered(one, str((settings or {}).get(one.key, "")).strip()) for one in oauth.asks}
    with transaction.atomic():
        known = Application.objects.select_for_update().filter(connector=connector).first()
        if not client_secret and (known is None or known.client_id != client_id):
            raise Refused(_("Give the secret that belongs to this client."), code="secret", field="client_secret")
        row = known or Application(connector=connector, sealed=b"")
        row.client_id, row.settings, row.changed_at, row.refused_at = client_id, kept, clock.now(), None
        row.save()
        if client_secret:
            _seal(row, client_secret)
        audit.record(by=by, verb="channels.register_application", target=row, new_secret=bool(client_secret))
        return row


def _seal(row: Application, client_secret: str) -> None:
    """The word that the platform says to be heard is made once and stays, for it stands on the platform's page."""
    word = (word_of(row) if row.sealed else "") or secrets.new_token("koor_hook")
    whole: dict[str, Any] = {"client_secret": client_secret, "verify_token": word}
    row.sealed = secrets.seal(json.dumps(whole).encode(), queries.application_context(row.pk))
    row.save(update_fields=["sealed"])


@transaction.atomic
def forget_application(*, by: Colleague, connector: str) -> None:
    """No longer registered. Accounts go on until their tokens end, and can't be renewed."""
    require(may_register(by), _(_ONLY))
    row = Application.objects.select_for_update().filter(connector=connector).first()
    if row is not None:
        audit.record(by=by, verb="channels.forget_application", target=row)
        row.delete()


def _oauth(connector: str) -> OAuth:
    oauth = queries.connector(connector).manifest.oauth
    if oauth is None:
        raise Refused(_("At this platform nothing has to be registered."), code="no_oauth")
    return oauth

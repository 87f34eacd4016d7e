"""A yes on one's own phone: asked with a QR code, signed, and withdrawn at an address that one keeps."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from koor.flow.hub import access, logic
from koor.flow.hub.actions.consent import scope, settle
from koor.flow.hub.choices import Agrees, Proof
from koor.flow.hub.models import Consent, Portrayed, Signing
from koor.flow.hub.queries.consent import require_open
from koor.ground.people.access import Colleague
from koor.kernel import audit, clock, secrets
from koor.kernel.access import SYSTEM, NotFound, Refused, require

OPEN_AT_ONCE = 20  # questions to sign for one person in a picture


@dataclass(frozen=True)
class Signed:
    """What somebody filled in. `parent`: who signs for a child; `once`: of the form, so that a second click is none."""

    name: str
    uses: Sequence[str]
    places: Sequence[str]
    ends_on: date | None = None
    parent: str = ""
    language: str = ""
    once: str = ""


def ask_to_sign(*, by: Colleague, portrayed: Portrayed) -> tuple[Signing, str]:
    """A question to sign, and the secret end of its address: shown once, as a QR code."""
    require(access.may_ask_to_sign(by, portrayed), _("Whoever made the picture and the curator ask this."))
    now, token = clock.now(), secrets.new_token("yes")
    with transaction.atomic():
        Portrayed.objects.select_for_update().get(pk=portrayed.pk)
        if portrayed.signings.filter(used_at=None, expires_at__gt=now).count() >= OPEN_AT_ONCE:
            raise Refused(_("There are many open questions for this person already. Use one of those."), code="many")
        made = Signing.objects.create(
            portrayed=portrayed,
            digest=secrets.digest(token),
            by_id=by.pk,
            made_at=now,
            expires_at=now + logic.SIGN_WITHIN,
        )
        audit.record(by=by, verb="hub.ask_to_sign", target=portrayed.item or portrayed.capture, portrayed=portrayed.pk)
    return made, token


def sign(*, by: Any = SYSTEM, token: str, signed: Signed) -> str:
    """Somebody in a picture says yes. Gives the key of the address that they keep; the same form again gives the
    same. Raises NotFound for an address that is none, Refused when it was used or has expired."""
    with transaction.atomic():
        asked = _locked(token)
        key = hashlib.sha256(f"{token}:{signed.once}".encode()).hexdigest()[:48]
        if signed.once and asked.once_digest == _once(signed.once):
            return key
        require_open(asked)
        row = _row(asked)
        name, parent = _name(signed.name), " ".join(signed.parent.split())[:120]
        settle(
            row, Agrees.YES, by=by, scope=scope(signed.uses, signed.places), proof=Proof.SIGNED, ends_on=signed.ends_on,
            signed_as=name, parent=parent, language=signed.language[:5], key_digest=secrets.digest(key),
        )  # fmt: skip
        _used(asked, signed.once)
        audit.record(by=by, verb="hub.sign_consent", target=row.item or row.capture, portrayed=row.pk)
    return key


def decline(*, by: Any = SYSTEM, token: str) -> None:
    """Somebody in a picture says no; no reason is asked."""
    with transaction.atomic():
        asked = _locked(token)
        require_open(asked)
        row = _row(asked)
        settle(row, Agrees.NO, by=by)
        _used(asked, "")
        audit.record(by=by, verb="hub.decline_consent", target=row.item or row.capture, portrayed=row.pk)


def withdraw_consent(*, by: Any = SYSTEM, key: str) -> Consent:
    """Somebody takes their yes back at the address that they kept. Twice is once. NotFound for a wrong address."""
    with transaction.atomic():
        found = Consent.objects.filter(key_digest=secrets.digest(key)).first()
        if found is None:
            raise NotFound
        row = _row(found)
        found.refresh_from_db()
        if found.ended_at is None:
            settle(row, Agrees.NO, by=by)
            audit.record(by=by, verb="hub.withdraw_consent", target=row.item or row.capture, portrayed=row.pk)
            found.refresh_from_db()
    return found


def _locked(token: str) -> Signing:
    asked = Signing.objects.select_for_update().filter(digest=secrets.digest(token)).first()
    if asked is None:
        raise NotFound
    return asked


def _row(of: Signing | Consent) -> Portrayed:
    """Who answers, locked. From now on nobody else answers for them."""
    rows = Portrayed.objects.select_for_update(of=("self",)).select_related("item", "capture")
    row = rows.get(pk=of.portrayed_id)
    row.own_word = True
    return row


def _used(asked: Signing, once: str) -> None:
    asked.used_at, asked.once_digest = clock.now(), _once(once)
    asked.save(update_fields=["used_at", "once_digest"])


def _once(once: str) -> str:
    return secrets.digest(once) if once else ""


def _name(name: str) -> str:
    name = " ".join(name.split())[:120]
    if not name:
        raise Refused(_("Who signs?"), code="empty", field="name")
    return name

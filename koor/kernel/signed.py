"""How a message between two systems is signed, as standardwebhooks.com describes it: the receiver knows who sent it,
that nobody changed it, and when it was sent."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime


def _(text: str) -> str:
    """Marks a text for translation."""
    return text


MARK = "whsec_"
NO_SECRET = _("There is no signing secret here yet.")
UNSIGNED = _("It was not signed: Webhook-Id, Webhook-Timestamp or Webhook-Signature is missing.")
NO_MOMENT = _("Webhook-Timestamp is not a number of seconds.")
TOO_OLD = _("It was signed more than five minutes ago, or the two clocks differ.")
OTHER_SECRET = _("The signature does not fit: another secret, or something changed it on its way.")
TOLERANCE = 5 * 60  # seconds that a message may be older than now, or that two clocks may differ


def written(secret: bytes) -> str:
    """A secret as people copy it."""
    return MARK + base64.b64encode(secret).decode()


def read(text: str) -> bytes:
    """The secret that was written so. Raises ValueError."""
    try:
        return base64.b64decode(text.removeprefix(MARK), validate=True)
    except binascii.Error as error:
        raise ValueError("not a secret") from error


def signature(secret: bytes, key: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over the key, the moment in seconds, and the body."""
    said = f"{key}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret, said, hashlib.sha256).digest()).decode()


def headers(secret: bytes, key: str, timestamp: int, body: bytes) -> dict[str, str]:
    """What goes with a message."""
    return {
        "Content-Type": "application/json",
        "Webhook-Id": key,
        "Webhook-Timestamp": str(timestamp),
        "Webhook-Signature": signature(secret, key, timestamp, body),
        "Idempotency-Key": key,
    }


def genuine(secret: bytes, given: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Whether these very bytes were signed with this secret, just now. Without a secret nothing is; of several
    signatures, as there are while a secret is changed, one is enough."""
    return not why_not(secret, given, body, now)


def why_not(secret: bytes, given: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Why they were not, for whoever looks after the other system (a message id); empty when they were."""
    key, moment = given.get("Webhook-Id", ""), given.get("Webhook-Timestamp", "")
    told = given.get("Webhook-Signature", "").encode("utf-8", "replace").split()[:10]
    if not secret:
        return NO_SECRET
    if not key or not moment or not told:
        return UNSIGNED
    if not (moment.isascii() and moment.isdigit() and len(moment) <= 12):
        return NO_MOMENT
    if abs(now.timestamp() - int(moment)) > TOLERANCE:
        return TOO_OLD
    wanted = signature(secret, key, int(moment), body).encode()
    return "" if any(hmac.compare_digest(one, wanted) for one in told) else OTHER_SECRET

"""How a message between two systems is signed, as standardwebhooks.com describes it: the receiver knows who sent it,
that nobody changed it, and when it was sent."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

MARK = "whsec_"
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
    key, moment = given.get("Webhook-Id", ""), given.get("Webhook-Timestamp", "")
    if not secret or not key or not (moment.isascii() and moment.isdigit() and len(moment) <= 12):
        return False
    if abs(now.timestamp() - int(moment)) > TOLERANCE:
        return False
    wanted = signature(secret, key, int(moment), body).encode()
    told = given.get("Webhook-Signature", "").encode("utf-8", "replace").split()[:10]
    return any(hmac.compare_digest(one, wanted) for one in told)

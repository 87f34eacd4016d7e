"""How a message to another system is signed, as standardwebhooks.com describes it: the receiver knows that it is ours,
that nobody changed it, and when it was sent."""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass

MARK = "whsec_"
TRIES = 8
STEPS = (1, 5, 15, 60, 180, 360, 720)  # minutes before each next try
TRY_AGAIN = frozenset({408, 409, 423, 425, 429})  # of the answers that say no, those that may say yes later


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


@dataclass(frozen=True)
class Outcome:
    """What an answer means: it arrived; or not, and whether trying again may help."""

    arrived: bool
    again: bool


def outcome(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome(arrived=True, again=False)
    return Outcome(arrived=False, again=status >= 500 or status in TRY_AGAIN)


def wait(attempts: int) -> int:
    """Minutes until the next try."""
    return STEPS[min(max(attempts, 1), len(STEPS)) - 1]

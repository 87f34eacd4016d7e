"""Web push as bytes: a message that only the browser can read (RFC 8291), and who sends it (VAPID, RFC 8292).

No Django and no network here."""

from __future__ import annotations

import base64
import binascii
import json
import os
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from koor.kernel.addresses import HostPort, normal_host

MOST_BYTES = 3000  # of a message; services take 4096 with everything around it
RECORD = 4096
POINT_BYTES, AUTH_BYTES = 65, 16
# Where browsers let messages be delivered: Chrome and Edge on Android, Firefox, Edge on Windows, Safari.
SERVICES = ("fcm.googleapis.com", "push.services.mozilla.com", "notify.windows.com", "push.apple.com")


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """Raises ValueError."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error


def new_key() -> bytes:
    """A key pair of the house, as it is sealed: the private number."""
    return ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value.to_bytes(32, "big")


def public_of(private: bytes) -> bytes:
    """The point that browsers are given, uncompressed."""
    return _point(_private(private).public_key())


def is_known_service(endpoint: str, allowed: frozenset[HostPort]) -> bool:
    """Whether an address is one that browsers are known to give; or that the administrator allows."""
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    host = normal_host(parts.hostname or "")
    if parts.username or parts.password or parts.fragment or not host or len(endpoint) > 1000:
        return False
    if (host, port or {"https": 443, "http": 80}.get(parts.scheme, 0)) in allowed:
        return parts.scheme in ("https", "http")
    known = any(host == service or host.endswith(f".{service}") for service in SERVICES)
    return parts.scheme == "https" and port in (None, 443) and known


def is_keys(p256dh: str, auth: str) -> bool:
    """Whether this is a point on the curve and a secret, as a browser gives them."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(p256dh))
        return len(unb64(p256dh)) == POINT_BYTES and len(unb64(auth)) == AUTH_BYTES
    except ValueError:
        return False


def encrypted(plain: bytes, *, p256dh: str, auth: str, salt: bytes = b"", sender: bytes = b"") -> bytes:
    """One record of `aes128gcm`. `salt` and `sender` (a private number) are given by tests alone."""
    if len(plain) > MOST_BYTES:
        raise ValueError("too long for a message")
    salt, own = salt or os.urandom(16), _private(sender or new_key())
    theirs, ours = unb64(p256dh), _point(own.public_key())
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
    secret = _derived(shared, unb64(auth), b"WebPush: info\0" + theirs + ours, 32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + RECORD.to_bytes(4, "big") + bytes([len(ours)]) + ours
    return head + AESGCM(key).encrypt(nonce, plain + b"\x02", None)  # 2: the last record


def authorization(endpoint: str, *, private: bytes, contact: str, until: int) -> str:
    """The header by which a service knows the house. `until`: seconds since 1970, at most a day ahead."""
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": until, "sub": contact}
    signed = ".".join(b64(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(_private(private).sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={b64(public_of(private))}"


def _private(number: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(number, "big"), ec.SECP256R1())


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)

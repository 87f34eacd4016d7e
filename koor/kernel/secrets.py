"""Secrets at rest: AES-256-GCM with a key ring that lives outside the database, and keyed digests for tokens.

A stolen database dump opens nothing without `$KOOR_HOME/key`; a sealed value that is copied to another row, column
or account does not open there either, because its context is part of the seal (associated data, RFC 5116).
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import functools
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from koor.kernel.trouble import Trouble

MARK = "koor"  # how our tokens begin, so that people and scanners of leaked secrets know them
KEY_BYTES = 32
_FORMAT = b"\x01"
_ID_BYTES = 4
_NONCE_BYTES = 12
_HEAD_BYTES = 1 + _ID_BYTES + _NONCE_BYTES


class CannotOpen(Exception):
    """The value was sealed with a key that is not here, for another context, or it was changed."""


class KeyTrouble(Trouble):
    """The key ring is missing parts or can't be written; the text says what an administrator can do."""


@dataclass(frozen=True)
class Ring:
    """The keys, oldest first. The newest seals, all of them open, the oldest makes digests (so these outlive
    a rotation). `repr` shows no key."""

    keys: tuple[bytes, ...]

    def __repr__(self) -> str:
        return f"Ring({len(self.keys)} keys, newest {_key_id(self.keys[-1]).hex()})"

    def find(self, key_id: bytes) -> bytes | None:
        return next((key for key in self.keys if _key_id(key) == key_id), None)


def seal(plain: bytes, context: str) -> bytes:
    """`plain` encrypted for `context`, such as "channels.account:12". Layout: format, key id, nonce, text, tag."""
    key = ring().keys[-1]
    head = _FORMAT + _key_id(key)
    nonce = os.urandom(_NONCE_BYTES)
    return head + nonce + AESGCM(key).encrypt(nonce, plain, _bound(head, context))


def unseal(sealed: bytes | memoryview, context: str) -> bytes:
    """What `seal` was given for the same context. Raises `CannotOpen`."""
    whole = bytes(sealed)
    head, nonce, text = whole[: 1 + _ID_BYTES], whole[1 + _ID_BYTES : _HEAD_BYTES], whole[_HEAD_BYTES:]
    if len(whole) < _HEAD_BYTES + 16 or head[:1] != _FORMAT:
        raise CannotOpen("This is not a sealed value.")
    key = ring().find(head[1:])
    if key is None:
        raise CannotOpen(f"The key {head[1:].hex()} that sealed this is not in the key ring.")
    try:
        return AESGCM(key).decrypt(nonce, text, _bound(head, context))
    except InvalidTag as error:
        raise CannotOpen("This was sealed for something else, or it was changed.") from error


def head() -> bytes:
    """How everything begins that the newest key sealed."""
    return _FORMAT + _key_id(ring().keys[-1])


def heads() -> list[bytes]:
    """How everything begins that a key of this house sealed."""
    return [_FORMAT + _key_id(key) for key in ring().keys]


def rotate() -> str:
    """Adds a new key, that seals from now on in every process; gives its id. Raises `KeyTrouble`."""
    if os.environ.get("KOOR_KEY"):
        raise KeyTrouble("The keys come from KOOR_KEY: add a new one at its end, after a comma.")
    path, fresh = _path(), secrets.token_bytes(KEY_BYTES)
    ring()
    with _only_one(path):
        _write(path, (*_parse(path.read_text()), fresh))
    return _key_id(fresh).hex()


def new_token(prefix: str = MARK) -> str:
    """A token that nobody can guess (256 bits), with a prefix by which people and scanners know it."""
    return f"{prefix}_{secrets.token_urlsafe(32)}"


def digest(token: str) -> str:
    """What is kept of a token or a link: 64 hexadecimal digits. Random ones need no salt and no slow hash."""
    return hashlib.sha256(token.strip().encode("utf-8", "replace")).hexdigest()


def django_key(home: Path) -> str:
    """Django's SECRET_KEY, made from the oldest key of this home; for settings, which can't be asked for it yet."""
    return hmac.new(ring(home).keys[0], b"koor django", hashlib.sha256).hexdigest()


def ring(home: Path | None = None) -> Ring:
    """The key ring, from KOOR_KEY (base64, comma between, newest last) or the file; made on first use."""
    given = os.environ.get("KOOR_KEY", "")
    if given:
        return _ring_of(given.replace(",", "\n"))
    path = home / "key" if home else _path()
    if not path.exists():
        _make(path)
    seen = path.stat()
    return _ring_at(path, seen.st_mtime_ns, seen.st_size)


@functools.lru_cache(maxsize=4)
def _ring_at(path: Path, changed: int, size: int) -> Ring:
    """Read again whenever the file changed, so that a rotation reaches running processes."""
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    return _ring_of(path.read_text())


@functools.lru_cache(maxsize=4)
def _ring_of(text: str) -> Ring:
    return Ring(_parse(text))


def _parse(text: str) -> tuple[bytes, ...]:
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    try:
        keys = tuple(base64.b64decode(line, validate=True) for line in lines)
    except (binascii.Error, ValueError) as error:
        raise KeyTrouble("The key ring holds a line that is not base64.") from error
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise KeyTrouble("The key ring needs keys of 32 bytes, in base64. Put the right file back from a backup.")
    return keys


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with _only_one(path):
        if not path.exists():
            _write(path, (secrets.token_bytes(KEY_BYTES),))


def _write(path: Path, keys: tuple[bytes, ...]) -> None:
    """Whole or not at all: a key ring that is half written would lose every secret."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("# Koor's keys, newest last. Without this file nothing that was sealed can be opened.\n")
        file.writelines(base64.b64encode(key).decode() + "\n" for key in keys)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


class _only_one:
    """One process at a time changes the ring."""

    def __init__(self, path: Path) -> None:
        self.lock = path.with_name(f".{path.name}.lock")

    def __enter__(self) -> None:
        self.descriptor = os.open(self.lock, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self.descriptor, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        os.close(self.descriptor)


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"koor key id " + key).digest()[:_ID_BYTES]


def _bound(head: bytes, context: str) -> bytes:
    return head + context.encode()


def _path() -> Path:
    from django.conf import settings

    home = getattr(settings, "KOOR_HOME", None) if settings.configured else os.environ.get("KOOR_HOME")
    return Path(home or "var") / "key"

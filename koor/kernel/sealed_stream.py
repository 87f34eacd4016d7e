"""A stream of any length, encrypted piece by piece: changed, cut off or reordered pieces are noticed before use.

AES-256-GCM in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): the nonce of a piece holds a random
prefix, its number, and whether it is the last. The key comes from a passphrase (scrypt, RFC 7914) or a key file
(HKDF, RFC 5869). The header is readable and bound to every piece.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from koor.kernel.trouble import Trouble

MAGIC = b"koor sealed stream 1\n"
PIECE = 1 << 20  # bytes of plain text
TAG = 16
PREFIX, SALT = 7, 16  # bytes
COST = 1 << 17  # of scrypt: 128 MB and about half a second, so that guessing is dear
MOST_COST = 1 << 20  # that a file may ask of us
SHORTEST_KEY_FILE = 32  # bytes
LONGEST_HEADER = 10_000  # bytes


class CannotOpen(Trouble):
    """Not such a stream, another key, or changed on the way; the text says which as far as one can know."""


@dataclass(frozen=True)
class Secret:
    """What opens a stream: a passphrase that people know, or the bytes of a key file."""

    value: bytes
    is_passphrase: bool

    def __post_init__(self) -> None:
        if self.is_passphrase and len(self.value) < 12:
            raise Trouble("a passphrase of at least 12 characters is needed")
        if not self.is_passphrase and len(self.value) < SHORTEST_KEY_FILE:
            raise Trouble(f"a key file of at least {SHORTEST_KEY_FILE} bytes is needed")

    def key(self, salt: bytes, cost: int) -> bytes:
        if self.is_passphrase:
            return Scrypt(salt=salt, length=32, n=cost, r=8, p=1).derive(self.value)
        return HKDF(SHA256(), 32, salt, b"koor sealed stream").derive(self.value)


class Sealer(io.RawIOBase):
    """A file to write to; what is written goes encrypted to `target`. Without `close` the stream counts as cut off."""

    def __init__(self, target: IO[bytes], secret: Secret, *, cost: int = COST) -> None:
        salt, self._prefix = os.urandom(SALT), os.urandom(PREFIX)
        self._head = _header(secret, salt, self._prefix, cost)
        target.write(self._head)
        self._target, self._aes = target, AESGCM(secret.key(salt, cost))
        self._number, self._waiting = 0, bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._waiting += data
        while len(self._waiting) > PIECE:  # not >=: the last piece may be full, and must be known as the last
            self._put(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._put(bytes(self._waiting), last=True)
            super().close()

    def abandon(self) -> None:
        """Close without an end: whoever opens this will see that it was cut off."""
        super().close()

    def _put(self, plain: bytes, *, last: bool) -> None:
        self._target.write(self._aes.encrypt(_nonce(self._prefix, self._number, last), plain, self._head))
        self._number += 1


class Opener(io.RawIOBase):
    """A file to read from: gives only what was verified. Raises CannotOpen."""

    def __init__(self, source: IO[bytes], secret: Secret) -> None:
        self._head, given = _read_header(source)
        if given["passphrase"] != secret.is_passphrase:
            raise CannotOpen(f"this was sealed with a {'passphrase' if given['passphrase'] else 'key file'}")
        self._prefix = bytes.fromhex(given["prefix"])
        self._aes = AESGCM(secret.key(bytes.fromhex(given["salt"]), given["cost"]))
        self._source, self._number, self._left, self._done = source, 0, b"", False
        self._ahead = source.read(PIECE + TAG)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._left and not self._done:
            self._left = self._next()
        size = min(len(buffer), len(self._left))
        buffer[:size], self._left = self._left[:size], self._left[size:]
        return size

    def _next(self) -> bytes:
        piece, self._ahead = self._ahead, self._source.read(PIECE + TAG)
        self._done = not self._ahead
        try:
            plain = self._aes.decrypt(_nonce(self._prefix, self._number, self._done), piece, self._head)
        except InvalidTag as error:
            why = "it was changed or cut off"
            if self._number == 0:  # of one piece alone nobody can tell which
                why = f"another passphrase or key{', or ' + why if self._done else ''}"
            raise CannotOpen(f"this cannot be opened: {why}") from error
        self._number += 1
        return plain


def _header(secret: Secret, salt: bytes, prefix: bytes, cost: int) -> bytes:
    said: Mapping[str, Any] = {
        "passphrase": secret.is_passphrase,
        "salt": salt.hex(),
        "prefix": prefix.hex(),
        "cost": cost,
    }
    return MAGIC + json.dumps(said, sort_keys=True).encode() + b"\n"


def _read_header(source: IO[bytes]) -> tuple[bytes, dict[str, Any]]:
    if source.read(len(MAGIC)) != MAGIC:
        raise CannotOpen("this is not a backup of Koor")
    line = source.readline(LONGEST_HEADER)
    try:
        said = json.loads(line)
        cost, sizes = said["cost"], [len(bytes.fromhex(said[name])) for name in ("salt", "prefix")]
        if type(said["passphrase"]) is not bool or type(cost) is not int or sizes != [SALT, PREFIX]:
            raise ValueError
        if not 1 < cost <= MOST_COST or cost & (cost - 1):
            raise ValueError
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise CannotOpen("this backup has a header that cannot be read") from error
    return MAGIC + line, said


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])

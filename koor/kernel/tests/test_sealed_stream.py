"""Sealed streams: what goes in comes out, and nothing else ever does."""

from __future__ import annotations

import io
import os

import pytest

from koor.kernel.sealed_stream import PIECE, TAG, CannotOpen, Opener, Sealer, Secret
from koor.kernel.trouble import Trouble

KEY = Secret(b"k" * 32, is_passphrase=False)
WORDS = Secret(b"a long enough passphrase", is_passphrase=True)


def seal(plain: bytes, secret: Secret = KEY) -> bytes:
    target = io.BytesIO()
    sealer = Sealer(target, secret, cost=1 << 4)
    for start in range(0, len(plain), 700_001):
        sealer.write(plain[start : start + 700_001])
    sealer.close()
    return target.getvalue()


def opened(sealed: bytes, secret: Secret = KEY) -> bytes:
    return io.BufferedReader(Opener(io.BytesIO(sealed), secret)).read()


def pieces(sealed: bytes) -> tuple[bytes, list[bytes]]:
    head = sealed.index(b"}\n") + 2
    body = sealed[head:]
    return sealed[:head], [body[at : at + PIECE + TAG] for at in range(0, len(body), PIECE + TAG)]


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
@pytest.mark.parametrize("secret", [KEY, WORDS], ids=["key file", "passphrase"])
def test_what_goes_in_comes_out(size: int, secret: Secret) -> None:
    plain = os.urandom(size)
    sealed = seal(plain, secret)
    assert opened(sealed, secret) == plain
    assert not size or plain[:64] not in sealed or size < 8


def test_another_key_opens_nothing() -> None:
    with pytest.raises(CannotOpen, match="another passphrase or key"):
        opened(seal(b"text"), Secret(b"x" * 32, is_passphrase=False))
    with pytest.raises(CannotOpen, match="sealed with a key file"):
        opened(seal(b"text"), WORDS)


def test_what_was_cut_within_its_first_piece_is_not_laid_to_the_key_alone() -> None:
    with pytest.raises(CannotOpen, match="another passphrase or key, or it was changed or cut off"):
        opened(seal(os.urandom(2 * PIECE))[:PIECE])


def test_a_cut_stream_is_noticed() -> None:
    head, body = pieces(seal(os.urandom(3 * PIECE + 5)))
    for cut in (head + b"".join(body[:-1]), head + b"".join(body)[:-1], head):
        with pytest.raises(CannotOpen):
            opened(cut)


def test_moved_or_repeated_pieces_are_noticed() -> None:
    head, (first, second, *rest) = pieces(seal(os.urandom(4 * PIECE)))
    for order in ([second, first, *rest], [first, first, *rest], [first, *rest]):
        with pytest.raises(CannotOpen):
            opened(head + b"".join(order))


def test_every_changed_byte_of_a_small_stream_is_noticed() -> None:
    sealed = seal(b"words")
    for at in range(len(sealed)):
        changed = bytearray(sealed)
        changed[at] ^= 1
        with pytest.raises(CannotOpen):
            opened(bytes(changed))


def test_what_was_abandoned_is_no_stream() -> None:
    target = io.BytesIO()
    sealer = Sealer(target, KEY, cost=1 << 4)
    sealer.write(b"half")
    sealer.abandon()
    with pytest.raises(CannotOpen):
        opened(target.getvalue())


@pytest.mark.parametrize("junk", [b"", b"PK\x03\x04", b"koor sealed stream 1\n{}\n", b"koor sealed stream 1\n[1]\n"])
def test_junk_is_told(junk: bytes) -> None:
    with pytest.raises(CannotOpen):
        opened(junk)


def test_weak_secrets_are_refused() -> None:
    with pytest.raises(Trouble, match="12 characters"):
        Secret(b"short", is_passphrase=True)
    with pytest.raises(Trouble, match="32 bytes"):
        Secret(b"k" * 31, is_passphrase=False)

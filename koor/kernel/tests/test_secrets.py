"""Seals, digests and the key ring."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

from koor.kernel import secrets
from koor.kernel.secrets import CannotOpen, KeyTrouble, digest, new_token, rotate, seal, unseal


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key ring of its own for every test."""
    monkeypatch.delenv("KOOR_KEY", raising=False)
    monkeypatch.setattr(secrets, "_path", lambda: tmp_path / "home" / "key")
    return tmp_path / "home"


def test_what_is_sealed_opens_in_its_own_context_only() -> None:
    sealed = seal(b"token", "account:1")
    assert b"token" not in sealed
    assert unseal(sealed, "account:1") == unseal(memoryview(sealed), "account:1") == b"token"
    with pytest.raises(CannotOpen):
        unseal(sealed, "account:2")


def test_the_same_text_is_never_sealed_the_same_twice() -> None:
    assert seal(b"x", "a") != seal(b"x", "a")


@pytest.mark.parametrize("place", [0, 1, 5, 17, -1])
def test_one_changed_bit_does_not_open(place: int) -> None:
    sealed = bytearray(seal(b"token", "a"))
    sealed[place] ^= 1
    with pytest.raises(CannotOpen):
        unseal(bytes(sealed), "a")


@pytest.mark.parametrize("value", [b"", b"\x01", b"\x01" * 20, b"{}"])
def test_what_is_no_seal_says_so(value: bytes) -> None:
    with pytest.raises(CannotOpen):
        unseal(value, "a")


def test_ring_is_made_once_for_its_owner_alone(home: Path) -> None:
    seal(b"x", "a")
    before = (home / "key").read_text()
    seal(b"y", "a")
    assert (home / "key").read_text() == before
    assert (home / "key").stat().st_mode & 0o777 == 0o600


def test_ring_that_others_may_read_is_closed_again(home: Path) -> None:
    sealed = seal(b"x", "a")
    (home / "key").chmod(0o644)
    secrets._ring_at.cache_clear()
    assert unseal(sealed, "a") == b"x"
    assert (home / "key").stat().st_mode & 0o777 == 0o600


def test_rotation_seals_with_the_new_key_and_opens_with_the_old() -> None:
    old = seal(b"x", "a")
    fresh = rotate()
    new = seal(b"y", "a")
    assert new[1:5].hex() == fresh != old[1:5].hex()
    assert (unseal(old, "a"), unseal(new, "a")) == (b"x", b"y")
    assert (old.startswith(secrets.head()), new.startswith(secrets.head())) == (False, True)


def test_rotation_elsewhere_is_noticed(home: Path) -> None:
    seal(b"x", "a")
    code = "import sys, pathlib; from koor.kernel import secrets as s; s._path = lambda: pathlib.Path(sys.argv[1]);"
    made = subprocess.run(
        [sys.executable, "-c", code + "print(s.rotate())", str(home / "key")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert seal(b"y", "a")[1:5].hex() == made.stdout.strip()


def test_ten_first_uses_at_once_make_one_ring(home: Path) -> None:
    code = "import sys, pathlib; from koor.kernel import secrets as s; s._path = lambda: pathlib.Path(sys.argv[1]);"
    command = [sys.executable, "-c", code + "print(s.ring().keys[0].hex())", str(home / "key")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(10)]
    assert len({process.communicate(timeout=60)[0] for process in running}) == 1


def test_keys_from_the_environment(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    one, two = (base64.b64encode(os.urandom(32)).decode() for _ in range(2))
    monkeypatch.setenv("KOOR_KEY", one)
    old = seal(b"x", "a")
    monkeypatch.setenv("KOOR_KEY", f"{one},{two}")
    assert unseal(old, "a") == b"x"
    assert seal(b"x", "a")[1:5] != old[1:5]
    assert not (home / "key").exists()
    with pytest.raises(KeyTrouble, match="KOOR_KEY"):
        rotate()
    monkeypatch.setenv("KOOR_KEY", two)
    with pytest.raises(CannotOpen, match="not in the key ring"):
        unseal(old, "a")


@pytest.mark.parametrize("text", ["", "# nothing", "not base64!", base64.b64encode(b"short").decode()])
def test_damaged_ring_is_said_and_never_replaced(home: Path, text: str) -> None:
    home.mkdir()
    (home / "key").write_text(text)
    with pytest.raises(KeyTrouble):
        seal(b"x", "a")
    assert (home / "key").read_text() == text


def test_tokens_are_long_and_different_and_digests_too() -> None:
    one, two = new_token(), new_token("invite")
    assert one.startswith("koor_")
    assert two.startswith("invite_")
    assert len(one) >= 48
    assert len(digest(one)) == 64
    assert digest(one) != digest(two)
    assert digest(f" {one}\n") == digest(one)  # as it was pasted


def test_ring_shows_no_key() -> None:
    seal(b"x", "a")
    key = secrets.ring().keys[0]
    assert base64.b64encode(key).decode() not in repr(secrets.ring())
    assert repr(key) not in repr(secrets.ring())

"""Who was erased stays away: keyed digests of their addresses and rows, in the database and in the file `erased` of the
house, which a restore leaves alone. What came back with an older backup is erased again at the next start."""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from koor.kernel import secrets
from koor.kernel.models import Tombstone
from koor.kernel.personal import OUTSIDE, Address, Subject, words

FILE = "erased"
MEND = "Who was erased may be back after a restore. Put the file back from a copy, and start again."


@dataclass(frozen=True)
class Stone:
    """One erasure."""

    erasure: UUID
    at: datetime
    digests: tuple[str, ...]
    names: bool | None = None  # whether their name went out of texts of others; older lines do not say


def digest(platform: str, value: str) -> str:
    """What is kept of an address. Made with the oldest key of the house, so that a new key changes nothing."""
    key = hmac.new(secrets.ring(Path(settings.KOOR_HOME)).keys[0], b"koor tombstone", hashlib.sha256).digest()
    return hmac.new(key, f"{platform}\0{value}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def of(subject: Subject) -> tuple[str, ...]:
    """The digests of one person: each address, and each row that they have. The addresses of a colleague stay open:
    who worked here may write to us, or come back."""
    known = subject.addresses if subject.kind == OUTSIDE else ()
    addresses = {digest(platform, value) for platform, value in known}
    return tuple(sorted(addresses | {digest(f"row {subject.kind}", mark) for mark in subject.marks}))


def set_up(stone: Stone) -> None:
    """In the file first: whatever happens after that, the next start goes on from there."""
    if stone.erasure not in {known.erasure for known in written()}:
        _append(stone)
    keep(stone)


def keep(stone: Stone) -> None:
    """In the database; an address that was erased before keeps the later moment."""
    rows = [Tombstone(digest=one, erasure=stone.erasure, at=stone.at) for one in stone.digests]
    Tombstone.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["digest"], update_fields=["erasure", "at"]
    )


def stopped(addresses: Iterable[Address]) -> dict[Address, datetime]:
    """Which of these addresses were erased, and when. One query."""
    by_digest = {one: address for address in addresses for one in _digests(address)}
    if not by_digest:
        return {}
    found = Tombstone.objects.filter(digest__in=list(by_digest)).values_list("digest", "at")
    stopped_at: dict[Address, datetime] = {}
    for one, at in found:
        stopped_at[by_digest[one]] = max(at, stopped_at.get(by_digest[one], at))
    return stopped_at


def _digests(address: Address) -> list[str]:
    platform, value = address
    return [digest(platform, one) for one in (words.of_old(value), value) if one]


def any_there() -> bool:
    return Tombstone.objects.exists()


def let_back(address: Address) -> bool:
    """This address may come in again. Its rows of before stay away."""
    return bool(Tombstone.objects.filter(digest__in=_digests(address)).delete()[0])


# --- the file ---


def path() -> Path:
    return Path(settings.KOOR_HOME) / FILE


def written() -> list[Stone]:
    """What the file says; a line that was not written by this house, or not whole, says nothing."""
    return _looked_at()[0]


def trouble() -> str:
    """What is wrong with the file, in a sentence; empty when all of it can be read. Where it can't, who was erased may
    come back with an older backup, so whoever starts or looks after the house hears of it."""
    return _looked_at()[1]


def _looked_at() -> tuple[list[Stone], str]:
    try:
        lines = [line for line in path().read_bytes().split(b"\n") if line.strip()]
    except FileNotFoundError:
        return [], ""
    except OSError as error:
        return [], f"{path()} cannot be read: {error.strerror}."
    stones = [stone for line in lines if (stone := _read(line.decode("utf-8", "replace")))]
    unread = len(lines) - len(stones)
    if not unread:
        return stones, ""
    some = "One line" if unread == 1 else f"{unread} lines"
    return stones, f"{some} of {path()} cannot be read, or come from another house."


def missing() -> list[Stone]:
    """Erasures that the database does not know: it is older than they are."""
    known = set(Tombstone.objects.values_list("erasure", flat=True).distinct())
    return [stone for stone in written() if stone.erasure not in known and stone.digests]


def _append(stone: Stone) -> None:
    said: dict[str, object] = {"erasure": str(stone.erasure), "at": stone.at.isoformat()}
    said |= {"digests": list(stone.digests), "names": stone.names}
    line = json.dumps({**said, "seal": _seal(said)}, sort_keys=True) + "\n"
    with os.fdopen(os.open(path(), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # another erasure at the same moment waits, and takes nothing of this one away
        whole = _whole()
        file.truncate(whole)
        file.write(line if path().read_bytes()[-1:] in (b"", b"\n") else "\n" + line)
        file.flush()
        os.fsync(file.fileno())


def _whole() -> int:
    """How far the file is whole. A line that was cut off before its erasure was done goes."""
    said = path().read_bytes()
    last = said.rfind(b"\n") + 1
    return len(said) if _read(said[last:].decode("utf-8", "replace")) else last


def _seal(said: Mapping[str, object]) -> str:
    return digest("line", json.dumps(said, sort_keys=True))


def _read(line: str) -> Stone | None:
    try:
        said = json.loads(line)
        seal = said.pop("seal")
        if not hmac.compare_digest(seal, _seal(said)):
            return None
        at, names = datetime.fromisoformat(said["at"]), said.get("names")
        return Stone(UUID(said["erasure"]), at, tuple(said["digests"]), names)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None

"""The random identity of this installation, in `$KOOR_HOME/house`, and whether the folder was copied.

Without Django: the command line and the supervisor ask for it. A copy of a house must not post what its original
posts; so the file notes which file it is (its inode), and a copied or unpacked one gets another identity.
"""

from __future__ import annotations

import contextlib
import os
import uuid
from pathlib import Path

APART = "apart"  # a file in the home
RESTORED = "Restored from a backup of "  # why publishing is held, and the moment of that; `plainly` says it to people
COPIED = "This house was restored or copied: look before you publish."


def identity(home: Path) -> uuid.UUID:
    """Who this installation is; made on the first call, and anew when the folder turns out to be a copy."""
    file = home / "house"
    with contextlib.suppress(FileNotFoundError, ValueError):
        known = uuid.UUID(file.read_text().strip())
        if _place(home).exists() and _place(home).read_text().strip() == str(file.stat().st_ino):
            return known
    return renew(home)


def renew(home: Path) -> uuid.UUID:
    """Give this installation another identity and return it: after a restore, or for a copy."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh, new = uuid.uuid4(), home / "house.new"
    new.write_text(f"{fresh}\n", encoding="ascii")
    _place(home).write_text(f"{os.stat(new).st_ino}\n", encoding="ascii")
    new.replace(home / "house")
    return fresh


def set_apart(home: Path) -> None:
    """This house was restored or copied: nothing of it reaches real people until somebody says that it is the one."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    (home / APART).write_text("Restored or copied; it sends no messages and letters until posting is let go on.\n")


def is_apart(home: Path) -> bool:
    return (home / APART).exists()


def is_the_one(home: Path) -> None:
    """Somebody looked: from now on this is the house."""
    (home / APART).unlink(missing_ok=True)


def _place(home: Path) -> Path:
    return home / "house.place"

"""The identity of an installation stays, and a copied folder gets another one."""

from __future__ import annotations

import shutil
from pathlib import Path

from koor.kernel.identity import identity, renew


def test_it_stays(tmp_path: Path) -> None:
    first = identity(tmp_path)
    assert identity(tmp_path) == first
    assert (tmp_path / "house").read_text().strip() == str(first)


def test_a_moved_house_is_the_same_and_a_copy_is_another(tmp_path: Path) -> None:
    first = identity(tmp_path / "one")
    shutil.copytree(tmp_path / "one", tmp_path / "copy")
    (tmp_path / "one").rename(tmp_path / "moved")
    assert identity(tmp_path / "moved") == first
    copied = identity(tmp_path / "copy")
    assert copied != first
    assert identity(tmp_path / "copy") == copied


def test_a_spoilt_file_is_made_anew(tmp_path: Path) -> None:
    first = identity(tmp_path)
    (tmp_path / "house").write_text("nonsense")
    assert identity(tmp_path) != first


def test_renewed_on_demand(tmp_path: Path) -> None:
    assert renew(tmp_path) != renew(tmp_path)

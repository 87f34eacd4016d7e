"""What the examples for a proxy let through: everything that Koor takes, and hardly more."""

import re
from pathlib import Path

import pytest

from koor.kernel import resumable, uploads

OPERATE = Path(__file__).parents[3] / "docs" / "operate"
PIECES = Path(__file__).parents[1] / "static" / "kernel" / "pieces.js"
ONE_FORM = uploads.MAX_REQUEST_BYTES
WITH_A_FILM = ONE_FORM + resumable.MOST_BYTES - uploads.MAX_FILE_BYTES
AROUND = 1.1  # a form is a little more than its files


def largest_piece() -> int:
    said = re.search(r"const LARGEST = (\d+) \* 1024 \* 1024", PIECES.read_text())
    assert said
    return int(said[1]) * 1024 * 1024


def of_nginx() -> dict[str, int]:
    text = (OPERATE / "nginx.conf").read_text()
    found = re.findall(r"location (?:~ )?(\S+) \{\s+client_max_body_size (\d+)m;", text)
    assert text.count("proxy_pass") == len(found)
    return {where: int(size) * 1024 * 1024 for where, size in found}


def of_caddy() -> dict[str, int]:
    found = re.findall(r"request_body @(\w+) \{\s+max_size (\d+)MB", (OPERATE / "Caddyfile").read_text())
    names = {"rest": "/", "pieces": "/uploads/", "films": "^/(capture|posts)/"}
    return {names[who]: int(size) * 1_000_000 for who, size in found}


@pytest.mark.parametrize("sizes", [of_nginx, of_caddy])
def test_all_that_koor_takes_comes_through_and_hardly_more(sizes: object) -> None:
    let = sizes()  # type: ignore[operator]
    for where, most in (("/", ONE_FORM), ("/uploads/", largest_piece()), ("^/(capture|posts)/", WITH_A_FILM)):
        assert most < let[where] <= max(most * AROUND, most + 1_100_000), where

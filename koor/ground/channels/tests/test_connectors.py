"""Connectors are found by their folder."""

from collections.abc import Callable

import pytest

from koor.ground.channels import queries
from koor.ground.channels.contract import Draft, Limits
from koor.ground.channels.models import Account
from koor.kernel.access import Refused


def test_found_by_folder() -> None:
    found = queries.connectors()
    assert {"by_hand", "feed", "mastodon", "newsroom", "paper"} <= set(found)
    assert found["mastodon"].listen.fetch
    assert found["paper"].listen is None
    assert queries.connector("paper") is found["paper"]


def test_one_that_is_not_there() -> None:
    with pytest.raises(Refused, match="hyves"):
        queries.connector("hyves")


def test_limits_follow_the_settings_and_the_platform(account: Callable[..., Account]) -> None:
    row = account("X", "by_hand", settings={"platform": "x"})
    assert (queries.limits_of(row).characters, queries.length_of(row, Draft("漢"))) == (280, 2)
    row.limits = {"characters": 25_000, "media_kinds": ["image/png"], "from a later version": 1}
    usual = ("landscape", "square")
    assert queries.limits_of(row) == Limits(25_000, 23, True, 4, media_kinds=("image/png",), shapes=usual)
    row.connector = "hyves"
    assert queries.limits_of(row).characters == 25_000


def test_plain_http_only_for_what_needs_no_secret() -> None:
    assert not queries.door_for(queries.connector("mastodon").manifest).plain_reads
    assert queries.session_without_account("feed").http.plain_reads

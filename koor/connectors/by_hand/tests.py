"""The limits follow the platform that the person chose."""

import pytest

from koor.connectors.by_hand import limits
from koor.connectors.by_hand.manifest import MANIFEST, PLATFORMS
from koor.ground.channels.contract import Draft


@pytest.mark.parametrize("platform", [key for key, _name in PLATFORMS])
def test_every_platform_has_limits(platform: str) -> None:
    assert limits.limits_for({"platform": platform}).media > 0


def test_an_unknown_platform_sets_no_limit() -> None:
    assert limits.limits_for({}) == limits.limits_for({"platform": "hyves"}) == MANIFEST.limits


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Hallo", 5),
        ("https://reurslag.example/een/heel/lang/adres", 23),
        ("漢字", 4),
        ("👨‍👩‍👧", 2),
        ("🇳🇱🔥", 4),
        ("“Aanhaling” – café…", 20),
        ("cafe\u0301", 4),
    ],
)
def test_x_counts_by_weight(text: str, counts: int) -> None:
    assert limits.length(Draft(text), limits.limits_for({"platform": "x"})) == counts


def test_the_link_counts_along() -> None:
    assert limits.length(Draft("Lees", link="https://koor.example/a"), limits.limits_for({"platform": "x"})) == 6 + 23
    assert limits.length(Draft("Lees", link=""), limits.limits_for({"platform": "linkedin"})) == 4

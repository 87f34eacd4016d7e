"""How long a text may be on each platform, and how it counts. Sources and dates: README.md."""

from __future__ import annotations

from collections.abc import Mapping

from koor.connectors.by_hand.manifest import MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import Draft, Limits, Shape

FEED = (Shape.LANDSCAPE, Shape.SQUARE, Shape.PORTRAIT)

PLATFORM_LIMITS = {
    "linkedin": Limits(characters=3000, media=20, shapes=FEED),
    "whatsapp": Limits(characters=65_536, media=30),
    "facebook": Limits(characters=63_206, media=40, shapes=FEED),
    "instagram": Limits(characters=2200, media=20, shapes=FEED),
    "x": Limits(characters=280, link_characters=23, media=4, weighted=True, shapes=(Shape.LANDSCAPE, Shape.SQUARE)),
    "tiktok": Limits(characters=4000, media=35, shapes=(Shape.STORY,)),
    "other": MANIFEST.limits,
}


def limits_for(settings: Mapping[str, str]) -> Limits:
    """The limits of the platform that this account is for; one that is not known sets none."""
    return PLATFORM_LIMITS.get(settings.get("platform", "other"), MANIFEST.limits)


def length(draft: Draft, limits: Limits) -> int:
    """The length with the link, which the person pastes along."""
    text = f"{draft.text}\n\n{draft.link}".strip() if draft.link and draft.link not in draft.text else draft.text
    return logic.length(Draft(text), limits)

"""What Instagram leaves out: a link in a caption is no link there, so none goes along."""

from __future__ import annotations

from collections.abc import Mapping

from koor.connectors.instagram.manifest import MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import Draft, Laid, Limits
from koor.ground.channels.contract import message_id as _


def limits_for(settings: Mapping[str, str]) -> Limits:
    return MANIFEST.limits


def length(draft: Draft, limits: Limits) -> int:
    return logic.length(draft, limits)


def laid_out(draft: Draft, settings: Mapping[str, str]) -> Laid:
    """As it stands there: words alone."""
    return Laid(draft.text)


def beforehand(draft: Draft, limits: Limits) -> tuple[str, Mapping[str, str]]:
    """What people should know before it goes."""
    if not draft.link or draft.link in draft.text:
        return "", {}
    return _("The link does not go along: nobody can tap one under a picture on Instagram."), {}

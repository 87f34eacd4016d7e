"""How Facebook counts: the text, with the link under it where a picture or a film goes along."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from koor.connectors import meta
from koor.connectors.facebook.manifest import MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import Draft, Limits


def limits_for(settings: Mapping[str, str]) -> Limits:
    return MANIFEST.limits


def length(draft: Draft, limits: Limits) -> int:
    return logic.length(dataclasses.replace(draft, text=meta.wording(draft)), limits)

"""How somebody is named in a post: by their handle, which publishing turns into a mark on the text."""

from __future__ import annotations

from koor.connectors.bluesky import facets


def written(name: str, value: str, page: str) -> str:
    return f"@{value}" if facets.NAME.fullmatch(f"@{value}") else ""

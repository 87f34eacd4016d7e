"""How somebody is named in a post: docs, user/posting: the name with its server."""

from __future__ import annotations

import re


def written(name: str, value: str, page: str) -> str:
    return f"@{value}" if re.fullmatch(r"[\w.-]{1,100}@[\w.:-]{3,200}", value) else ""

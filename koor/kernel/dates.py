"""Days and moments that stand as text, such as in a detail of the trail, as people write them."""

import re
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime

_DATED = re.compile(r"\d{4}-\d\d-\d\d")


def written(value: Any) -> Any:
    """A moment or a day in words; anything else as it is."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) and _DATED.match(value) else None
    except ValueError:
        found = None
    if found is None:
        return value
    return date_format(localtime(found), "j F Y, H:i") if found.tzinfo else date_format(found, "j F Y")

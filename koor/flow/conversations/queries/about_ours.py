"""Which post of ours a message is about, so that whoever answers sees what was shown."""

from typing import Any

from koor.flow.conversations import logic
from koor.flow.hub import queries as hub
from koor.flow.publishing import queries as publishing


def with_ours(messages: list[Any]) -> None:
    """Above the first message of each that replies to a post of ours: its name and its first picture. Asked only where
    there are replies."""
    asked = {(one.account_id, one.replied) for one in messages if one.account_id and one.replied}
    found = publishing.replied_to(asked) if asked else {}
    pictures = hub.media_by_number({medium for *_rest, medium in found.values() if medium}) if found else {}
    above = None
    for one in messages:
        post = found.get((one.account_id, one.replied or ""))
        if post is None or post[0] == above:
            continue
        above, words, medium = post
        one.about_ours = {"post": above, "title": logic.preview(words), "medium": pictures.get(medium or 0)}

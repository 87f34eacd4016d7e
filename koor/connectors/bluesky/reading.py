"""What somebody said, out of a view as the reading service gives it. Sources: the lexicons in README.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from koor.connectors.bluesky import client, publish
from koor.ground.channels import logic
from koor.ground.channels.contract import Incoming

NO_NAME = "handle.invalid"  # what everybody is called whose name could not be verified


def from_view(view: Mapping[str, Any], me: str, usual: str = "mention") -> Incoming:
    """A post. Raises KeyError, TypeError or ValueError for one that is not complete."""
    uri, by, record = str(view["uri"]), view["author"], view["record"]
    repo, _collection, rkey = publish.parts_of(uri)
    if not rkey or not isinstance(record["text"], str):
        raise ValueError("not the address of a post")
    parent = str(((record.get("reply") or {}).get("parent") or {}).get("uri") or "")
    return Incoming(
        external_id=uri,
        author=name(by),
        handle=handle(by),
        text=text(record),
        url=f"{profile(by)}/post/{rkey}",
        language=str(next(iter(record.get("langs") or ()), "")),
        created_at=said_at(view, record),
        in_reply_to=parent,
        kind="reply" if parent and publish.parts_of(parent)[0] == me and repo != me else usual,
        raw=_kept(view, record),
    )


def name(by: Mapping[str, Any]) -> str:
    return str(by.get("displayName") or handle(by))


def handle(by: Mapping[str, Any]) -> str:
    """`@name`; their lasting number where the name is not verified, for that one is shared by many."""
    given = str(by.get("handle") or NO_NAME)
    return str(by["did"]) if given == NO_NAME else f"@{given}"


def profile(by: Mapping[str, Any]) -> str:
    given = str(by.get("handle") or NO_NAME)
    return f"https://bsky.app/profile/{given if given != NO_NAME and client.is_handle(given) else by['did']}"


def said_at(view: Mapping[str, Any], record: Mapping[str, Any]) -> datetime | None:
    """When it was said: as its writer tells, but never later than it was first seen."""
    told, seen = logic.moment(record.get("createdAt")), logic.moment(view.get("indexedAt"))
    return min(told, seen) if told and seen else seen or told


def text(record: Mapping[str, Any]) -> str:
    """The words, with shortened links as they really are, and the address of a card below them."""
    raw = str(record["text"]).encode()
    for first, last, uri in sorted(_links(record), reverse=True):
        if 0 <= first < last <= len(raw) and raw[first:last].decode("utf-8", "replace").endswith(("...", "…")):
            raw = raw[:first] + uri.encode() + raw[last:]
    said = raw.decode("utf-8", "replace").strip()
    card = ((record.get("embed") or {}).get("external") or {}).get("uri")
    return f"{said}\n\n{card}".strip() if isinstance(card, str) and card not in said else said


def _links(record: Mapping[str, Any]) -> Iterator[tuple[int, int, str]]:
    for facet in record.get("facets") or ():
        index = facet.get("index") or {}
        first, last = index.get("byteStart"), index.get("byteEnd")
        for feature in facet.get("features") or ():
            uri = feature.get("uri")
            if isinstance(first, int) and isinstance(last, int) and isinstance(uri, str):
                yield first, last, uri[:2000]


def _kept(view: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, Any]:
    """What may be needed later and is not personal beyond what is shown."""
    shown = view.get("embed") or {}
    shown = shown.get("media") or shown
    pictures = [one["fullsize"] for one in shown.get("images") or () if isinstance(one.get("fullsize"), str)]
    quoted = record.get("embed") or {}
    about = quoted.get("record") or {}
    about = about.get("record") or about
    root = ((record.get("reply") or {}).get("root") or {}).get("uri")
    return {"pictures": pictures, "quotes": str(about.get("uri") or ""), "root": str(root or "")}

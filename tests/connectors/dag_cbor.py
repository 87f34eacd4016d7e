"""DAG-CBOR and CAR as a server writes them, for tests: the stream of repositories made by hand."""

from __future__ import annotations

import hashlib
import struct
from typing import Any


class Link(bytes):
    """The name of a block."""


def head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes([kind << 5 | number])
    for size, short in ((1, 24), (2, 25), (4, 26), (8, 27)):
        if number < 1 << 8 * size:
            return bytes([kind << 5 | short]) + number.to_bytes(size)
    raise ValueError(number)


def encoded(value: Any) -> bytes:
    if value is None or isinstance(value, bool):
        return {None: b"\xf6", True: b"\xf5", False: b"\xf4"}[value]
    if isinstance(value, Link):
        return b"\xd8\x2a" + encoded(b"\0" + bytes(value))
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(encoded, value))
    rows = sorted(value.items(), key=lambda pair: (len(pair[0].encode()), pair[0].encode()))
    return head(5, len(rows)) + b"".join(encoded(key) + encoded(one) for key, one in rows)


def name_of(block: bytes) -> Link:
    return Link(b"\x01\x71\x12\x20" + hashlib.sha256(block).digest())


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def car(*blocks: bytes, names: list[bytes] | None = None) -> bytes:
    first = encoded({"version": 1, "roots": [name_of(blocks[0])] if blocks else []})
    whole = varint(len(first)) + first
    for number, block in enumerate(blocks):
        section = bytes(names[number] if names else name_of(block)) + block
        whole += varint(len(section)) + section
    return whole


def frame(kind: str, body: dict[str, Any], op: int = 1) -> bytes:
    return encoded({"op": op} | ({"t": kind} if kind else {})) + encoded(body)


def post(text: str, **more: Any) -> dict[str, Any]:
    return {"$type": "app.bsky.feed.post", "text": text, "createdAt": "2026-11-24T11:00:00.000Z"} | more


def commit(*texts: str, seq: int = 7, repo: str = "did:plc:els", **more: Any) -> bytes:
    """A commit that makes these posts, and one thing that is none."""
    blocks = [encoded(post(text)) for text in texts] + [encoded({"$type": "app.bsky.feed.like"})]
    ops = [
        {"action": "create", "path": f"app.bsky.feed.post/3k{number}", "cid": name_of(block)}
        for number, block in enumerate(blocks[:-1])
    ]
    ops.append({"action": "create", "path": "app.bsky.feed.like/3k", "cid": name_of(blocks[-1])})
    body = {
        "seq": seq, "repo": repo, "rev": "3k", "time": "2026-11-24T11:00:01.000Z", "tooBig": False, "rebase": False,
        "since": None, "commit": name_of(b"x"), "blobs": [], "blocks": car(*blocks), "ops": ops,
    }  # fmt: skip
    return frame("#commit", body | more)

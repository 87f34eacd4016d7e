"""DAG-CBOR and CAR, as far as the stream of repositories needs them: read strictly, and never more than was sent.

Sources: RFC 8949, ipld.io specs dag-cbor (definite lengths, shortest numbers, no tag but 42, keys sorted and once) and
carv1, atproto.com specifications of the data model and the event stream. Bounds: depth, numbers of values, and lengths
that are checked against what is left before anything is made."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

DEEPEST = 32
MOST_VALUES = 200_000  # in one document, or in all documents that share one budget
MOST_BLOCKS = 10_000  # in one CAR
CID_LINK = 42
DAG_CBOR, SHA256 = 0x71, 0x12


class Malformed(ValueError):
    """Not what the formats allow."""


@dataclass(frozen=True)
class Cid:
    """The name of a block: its whole bytes."""

    whole: bytes

    def names(self, block: bytes) -> bool:
        """Whether it is the hash of this block (version 1, DAG-CBOR, SHA-256: all that repositories use)."""
        return self.whole[:4] == bytes((1, DAG_CBOR, SHA256, 32)) and self.whole[4:] == hashlib.sha256(block).digest()


class Budget:
    """How many values may still be read, over all documents that share it."""

    def __init__(self, left: int = MOST_VALUES) -> None:
        self.left = left


class _Reader:
    def __init__(self, content: bytes, place: int = 0, budget: Budget | None = None) -> None:
        self.content, self.place, self.budget = memoryview(content), place, budget or Budget()

    def take(self, size: int) -> memoryview:
        if size > len(self.content) - self.place:
            raise Malformed("cut off")
        self.place += size
        return self.content[self.place - size : self.place]

    def head(self) -> tuple[int, int]:
        """The kind of the next value and its number, which is written as short as can be."""
        first = self.take(1)[0]
        kind, short = first >> 5, first & 31
        if short < 24:
            return kind, short
        if short > 27:
            raise Malformed("an indefinite length")
        size = 1 << (short - 24)
        number = int.from_bytes(self.take(size))
        if kind != 7 and number < (24, 1 << 8, 1 << 16, 1 << 32)[short - 24]:
            raise Malformed("a number that is written too long")
        return kind, number if kind != 7 else number | short << 64

    def value(self, depth: int = 0) -> Any:
        self.budget.left -= 1
        if depth > DEEPEST or self.budget.left < 0:
            raise Malformed("too deep or too much")
        kind, number = self.head()
        if kind < 2:
            return number if kind == 0 else -1 - number
        if kind == 2:
            return bytes(self.take(number))
        if kind == 3:
            return self.text(number)
        if kind == 4:
            self.room(number)
            return [self.value(depth + 1) for _one in range(number)]
        if kind == 5:
            return self.mapping(number, depth)
        return self.link(number, depth) if kind == 6 else self.simple(number)

    def room(self, number: int) -> None:
        if number > len(self.content) - self.place:
            raise Malformed("more is announced than there is")

    def text(self, size: int) -> str:
        try:
            return str(self.take(size), "utf-8")
        except UnicodeDecodeError as error:
            raise Malformed("text that is not UTF-8") from error

    def mapping(self, number: int, depth: int) -> dict[str, Any]:
        self.room(number * 2)
        found: dict[str, Any] = {}
        for _one in range(number):
            kind, size = self.head()
            if kind != 3:
                raise Malformed("a key that is no text")
            key = self.text(size)
            if key in found:
                raise Malformed("a key twice")
            found[key] = self.value(depth + 1)
        return found

    def link(self, tag: int, depth: int) -> Cid:
        inside = self.value(depth + 1) if tag == CID_LINK else None
        if not isinstance(inside, bytes) or not inside.startswith(b"\0") or len(inside) > 100:
            raise Malformed("a tag that is no link")
        return Cid(inside[1:])

    def simple(self, number: int) -> Any:
        if number in (20, 21, 22):
            return {20: False, 21: True, 22: None}[number]
        short, raw = number >> 64, number & (1 << 64) - 1
        if short == 27:
            found = struct.unpack(">d", raw.to_bytes(8))[0]
            if found - found == 0:  # no infinity and no NaN
                return found
        raise Malformed("a value that DAG-CBOR does not know")

    def varint(self) -> int:
        """An unsigned LEB128 of at most nine bytes, as short as can be."""
        found = shift = 0
        while True:
            byte = self.take(1)[0]
            found |= (byte & 127) << shift
            if byte < 128:
                if byte == 0 and shift:
                    raise Malformed("a number that is written too long")
                return found
            shift += 7
            if shift >= 63:
                raise Malformed("a number that is too large")


def read(content: bytes, budget: Budget | None = None) -> Any:
    """One document, whole. Raises `Malformed`."""
    found, place = read_first(content, budget=budget)
    if place != len(content):
        raise Malformed("something follows")
    return found


def read_first(content: bytes, place: int = 0, budget: Budget | None = None) -> tuple[Any, int]:
    """The document that begins here, and where it ends. Raises `Malformed`."""
    reader = _Reader(content, place, budget)
    return reader.value(), reader.place


def blocks(car: bytes, wanted: set[bytes]) -> Mapping[bytes, bytes]:
    """The wanted blocks of a CAR (version 1) by their names, each the very bytes that its name is the hash of. Raises
    `Malformed`, also when one of them is another than its name says."""
    reader = _Reader(car)
    size = reader.varint()
    head = read(bytes(reader.take(size)))
    if not isinstance(head, dict) or head.get("version") != 1:
        raise Malformed("not a CAR of version 1")
    found: dict[bytes, bytes] = {}
    for _one in range(MOST_BLOCKS):
        if reader.place == len(car):
            return found
        section = reader.take(reader.varint())
        name, length = _cid(section)
        if name in wanted:
            block = bytes(section[length:])
            if not Cid(name).names(block):
                raise Malformed("a block that is not what its name says")
            found[name] = block
    raise Malformed("too many blocks")


def _cid(section: memoryview) -> tuple[bytes, int]:
    """The name at the beginning of a section: version, codec, hash and its length, digest."""
    if len(section) < 4 or section[0] != 1 or section[2] != SHA256 or section[3] != 32 or len(section) < 36:
        raise Malformed("a block without a name that repositories use")
    return bytes(section[:36]), 36

"""Lines of a stream without ever holding more than a bounded piece of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its end. When it is not `whole`, only its first bytes are here and the rest was passed over."""

    content: bytes
    whole: bool = True


def bounded_lines(stream: BinaryIO, most: int) -> Iterator[Line]:
    """The lines of a stream, of each at most `most` bytes."""
    while line := stream.readline(most + 1):
        if len(line) <= most:
            yield Line(line)
            continue
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = stream.readline(most)
        yield Line(line[:most], whole=False)

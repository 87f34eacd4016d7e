"""What people on a platform are used to, and how a post is laid ready for who posts it by hand."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


class Where(enum.StrEnum):
    """Where the hashtags of a post go. Stored as it stands, so values stay."""

    END = "end"  # below the text
    COMMENT = "comment"  # in the first comment under it
    NONE = "none"  # they stay away


@dataclass(frozen=True)
class Custom:
    """How a post does well on a platform. Nothing of it stops anybody; what the platform itself takes is `Limits`."""

    source: str  # where these facts come from
    checked_on: date
    shown: int | None = None  # about so many characters are seen before "more"
    tags: int = 0  # hashtags that do well; more of them do not help
    most_tags: int | None = None  # that the platform takes
    tags_in: str = Where.END
    links: bool = True  # a link in the text can be tapped
    hours: int | None = None  # how long it stays up by itself


@dataclass(frozen=True)
class Laid:
    """A post as a person takes it to the platform. `said`: advice, message ids with the values of their places."""

    text: str
    link: str = ""  # goes below the text
    comment: str = ""  # what goes in the first comment
    apart: str = ""  # a link that can't be tapped in the text: for who wants to put it elsewhere
    said: tuple[tuple[str, Mapping[str, str | int]], ...] = ()

    @property
    def whole(self) -> str:
        return f"{self.text}\n\n{self.link}".strip() if self.link else self.text


@dataclass(frozen=True)
class Named:
    """Somebody, or a page, that a post can name. `text` is how that is written there."""

    name: str
    text: str
    about: str = ""  # such as their address there

"""What a query looks at: the text of a post, and what stands beside it.

Author, language, source and media become words of their own that begin with `:`, such as `:author:els`; no word of a
text does. They stand at places behind the text, with a gap between one name and the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from koor.flow.listening.logic.fold import Folded, fold, words

MEDIA = ("photo", "film", "voice")


@dataclass(frozen=True, slots=True)
class Post:
    """Something that was said, as queries look at it. `source` and `platform`: where it was heard, and on what."""

    text: str
    author: str = ""
    handle: str = ""
    language: str = ""
    source: str = ""
    platform: str = ""
    media: frozenset[str] = frozenset()  # of MEDIA; anything else counts as media without a kind

    def beside(self) -> Iterator[list[str]]:
        """The words beside the text, name by name."""
        yield [f":author:{word}" for word in words(self.author)]
        yield [f":author:{word}" for word in words(self.handle)]
        yield [f":source:{word}" for word in words(self.source)]
        yield [f":source:{word}" for word in words(self.platform)]
        yield from ([f":lang:{tag}"] for tag in language_tags(self.language))
        yield from ([f":has:{kind}"] for kind in sorted(self.media & {*MEDIA}))
        if self.media:
            yield [":has:media"]


def language_tags(language: str) -> list[str]:
    """A language and the wider ones that it belongs to: `nl-BE` is `nl-be` and `nl`."""
    parts = language.strip().casefold().replace("_", "-").split("-")
    return ["-".join(parts[:number]) for number in range(len(parts), 0, -1)] if parts[0] else []


def fold_beside(post: Post, behind: int) -> list[tuple[str, int]]:
    """The words beside a text of `behind` words, each with its place."""
    found: list[tuple[str, int]] = []
    place = behind + 1
    for name in post.beside():
        found += [(word, place + step) for step, word in enumerate(name)]
        place += len(name) + 1
    return found


def fold_post(post: Post) -> Folded:
    """Words, tags and what stands beside them."""
    folded = fold(post.text)
    return Folded(folded.words, folded.tags, fold_beside(post, len(folded.words)))

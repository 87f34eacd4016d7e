"""A row as it will look on its platform, and how long it is there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from koor.flow.hub import queries as hub
from koor.flow.publishing.logic import words
from koor.ground.channels import logic as counting
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Draft, Laid, Limits, Medium
from koor.ground.channels.models import Account

# What a platform looks like: where the picture stands, and what people can do under a post
FEW = 4  # pictures of several that a preview shows
WIDTH = 2048  # pixels that a picture is sent with
TIGHT = 1000  # characters; a limit above it is only told when it is passed
PICTURE_FIRST = frozenset({"instagram", "tiktok", "youtube", "whatsapp_status"})
INSET = frozenset({"mastodon", "bluesky", "threads", "x", "whatsapp", "chat"})
ACTS: Mapping[str, tuple[str, ...]] = {
    "linkedin": ("like", "talk", "repeat", "send"),
    "facebook": ("like", "talk", "share"),
    "instagram": ("heart", "talk", "send"),
    "mastodon": ("talk", "repeat", "star"),
    "bluesky": ("talk", "repeat", "heart"),
    "x": ("talk", "repeat", "heart"),
    "threads": ("heart", "talk", "repeat"),
    "tiktok": ("heart", "talk", "share"),
    "youtube": ("like", "talk", "share"),
}
NOTHING = Laid("")
KINDS = {"document": "application/pdf", "film": "video/mp4", "voice": "audio/mp4"}
_PLACE = re.compile(r"https?://[^\s<>\"]+[^\s<>\"'.,;:!?)\]]|(?<![\w/&])[#@]\w[\w.@-]*\w|(?<![\w/&])#\w")


@dataclass(frozen=True)
class Preview:
    """One place, seen beforehand."""

    account: Account
    platform: str  # key of how it looks
    paragraphs: tuple[SafeString, ...]
    title: str
    pictures: tuple[Any, ...]  # hub media with their alternative text
    shapes: tuple[str, ...]  # what each of them is cut to; empty: it goes whole
    parts: tuple[Sequence[float], ...]  # of what is up: which part it was cut to then
    link: str
    acts: tuple[str, ...]
    length: int
    limit: int | None
    problem: str
    asks: tuple[Any, ...] = field(default=())  # the choices of this platform
    beforehand: str = ""  # what one should know before it goes, such as what it costs
    laid: Laid = NOTHING  # of what somebody posts by hand: how it is laid ready
    thread: tuple[tuple[SafeString, ...], ...] = ()  # its parts, where it is cut into several posts

    @property
    def name(self) -> str:
        """Who says it there."""
        return self.account.owner.name if self.account.personal else self.account.name

    @property
    def handle(self) -> str:
        return self.account.handle or (self.account.owner.job if self.account.personal else "")

    @property
    def advice(self) -> list[str]:
        """What is good to know, in the language of the reader."""
        return [counting.filled_in(_(sentence), values) for sentence, values in self.laid.said]

    @property
    def framed(self) -> list[tuple[Any, str, str, Sequence[float]]]:
        """Each picture with its words, its shape and, of what is up, the part that was shown."""
        rows = zip(self.pictures, self.shapes, self.parts, strict=True)
        return [(medium, alt, shape, part) for (medium, alt), shape, part in rows]

    @property
    def beyond(self) -> int:
        """How many pictures a preview counts instead of showing them."""
        return max(0, len(self.pictures) - FEW)

    @property
    def inset(self) -> bool:
        return self.platform in INSET

    @property
    def picture_first(self) -> bool:
        return self.platform in PICTURE_FIRST

    @property
    def link_host(self) -> str:
        return urlsplit(self.link).hostname or "" if self.link else ""

    @property
    def counted(self) -> str:
        """Its length, as the platform counts."""
        if self.limit is None or (self.limit > TIGHT and not self.too_long):
            return _("%(count)s characters") % {"count": self.length}
        return _("%(count)s of %(limit)s") % {"count": self.length, "limit": self.limit}

    @property
    def too_long(self) -> bool:
        return self.limit is not None and self.length > self.limit


def preview_of(
    account: Account, text: str, *, title: str = "", link: str = "", pictures: Sequence[Any] = (),
    options: Mapping[str, str] | None = None, language: str = "", went: Mapping[str, Any] | None = None,
) -> Preview:  # fmt: skip
    """What this text looks like on this account; `went`: its pictures as they were cut when it went. No query when
    the account's owner is fetched."""
    made_with, limits = channels.connectors().get(account.connector), channels.limits_of(account)
    media = tuple(Medium(b"", _mime(medium), alt, size=_size(medium, limits)) for medium, alt in pictures)
    draft = Draft(text, media=media, title=title, link=link, language=language, options=dict(options or {}))
    length = made_with.length(draft, limits) if made_with else len(text)
    laid = made_with.laid_out(draft, account.settings) if made_with else Laid(text)
    platform, thread = platform_of(account), _thread(made_with, draft, limits)
    frames = [_frame(account, medium, draft.options, went) for medium, _alt in pictures]
    return Preview(
        account=account,
        platform=platform,
        paragraphs=tuple(marked(piece) for piece in _shown(platform, laid.text, title)),
        title=(title or words.title_of(text)) if platform == "newsroom" else "",
        pictures=tuple(pictures),
        shapes=tuple(shape for shape, _part in frames),
        parts=tuple(part for _shape, part in frames),
        link=laid.link if not thread else "",  # in a thread it stands in the last part
        acts=ACTS.get(platform, ()),
        length=length,
        limit=limits.characters,
        problem=_problem(made_with, draft, limits, length),
        asks=tuple(one for one in made_with.manifest.options if one.key != "title") if made_with else (),
        beforehand=made_with.beforehand(draft, limits) if made_with and (text.strip() or media) else "",
        laid=laid,
        thread=thread,
    )


def _mime(medium: Any) -> str:
    """What kind it goes as, for not every place takes each."""
    return KINDS.get(getattr(medium, "kind", ""), "image/jpeg")


def _size(medium: Any, limits: Limits) -> int:
    """Its bytes as it would go, where its files are known already; 0 else."""
    if "renditions" not in getattr(medium, "_prefetched_objects_cache", {}):
        return 0
    found = hub.recording(medium) or hub.rendition(medium, width=WIDTH, most_bytes=limits.media_bytes)
    return found.file.size if found is not None else 0


def _thread(made_with: Any, draft: Draft, limits: Limits) -> tuple[tuple[SafeString, ...], ...]:
    cut = made_with.posts(draft, limits) if made_with and draft.text.strip() else []
    return tuple(tuple(marked(piece) for piece in words.paragraphs(part)) for part in cut)


def _frame(
    account: Account, medium: Any, options: Mapping[str, str], went: Mapping[str, Any] | None
) -> tuple[str, Sequence[float]]:
    """In what shape a picture goes; of what is up also which part went."""
    kept = (went or {}).get(str(medium.pk))
    if kept:
        return str(kept[0]), tuple(kept[1:])
    return hub.shape_on(account, medium, options.get("shape", "")), ()


def platform_of(account: Account) -> str:
    """Which platform it looks like: the connector, or what is behind one that is used by hand."""
    return str(account.settings.get("platform") or account.connector)


def _shown(platform: str, text: str, title: str) -> list[str]:
    if platform == "newsroom":
        return words.body_after(title or words.title_of(text), text)
    return words.paragraphs(text)


def _problem(made_with: Any, draft: Draft, limits: Limits, length: int) -> str:
    if not draft.text.strip() and not draft.media:
        return ""  # nothing typed yet is no mistake
    found = made_with.problem(draft, limits) if made_with else counting.problem(draft, limits, length)
    return counting.filled_in(_(found.problem), found.values) if found else ""


def marked(text: str) -> SafeString:
    """Plain text with its links, tags and names in the colour that a platform gives them; nothing to click."""
    pieces: list[str] = []
    at = 0
    for found in _PLACE.finditer(text[:20_000]):
        pieces += [_lines(text[at : found.start()]), format_html('<span class="tags">{}</span>', found.group())]
        at = found.end()
    pieces.append(_lines(text[at:]))
    return mark_safe("".join(pieces))  # noqa: S308 each piece is escaped


def _lines(text: str) -> str:
    return str(format_html("{}", text)).replace("\n", "<br>")

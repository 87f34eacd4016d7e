"""How long a text may be on each platform, how it counts, and how a post is laid ready. Sources: README.md."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from koor.connectors.by_hand.manifest import COVERS, LOOKED, MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import Custom, Draft, Laid, Limits, Shape, Where
from koor.ground.channels.contract import message_id as _

FEED = (Shape.LANDSCAPE, Shape.SQUARE, Shape.PORTRAIT)

SEEN = ("image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4")  # where an app takes no documents

PLATFORM_LIMITS = {
    "linkedin": Limits(characters=3000, media=20, shapes=FEED),
    "whatsapp": Limits(characters=65_536, media=30),
    "whatsapp_status": Limits(characters=700, media=30, shapes=(Shape.STORY,), media_kinds=(*SEEN, "audio/mp4")),
    "facebook": Limits(characters=63_206, media=40, shapes=FEED, media_kinds=SEEN),
    "instagram": Limits(characters=2200, media=20, shapes=FEED, media_kinds=SEEN),
    "x": Limits(
        characters=280,
        link_characters=23,
        media=4,
        weighted=True,
        shapes=(Shape.LANDSCAPE, Shape.SQUARE),
        media_kinds=SEEN,
    ),
    "tiktok": Limits(characters=4000, media=35, shapes=(Shape.STORY,), media_kinds=SEEN),
    "other": MANIFEST.limits,
}
UNKNOWN = Custom("", LOOKED)
CUSTOMS = {one.key: one.custom for one in COVERS}
TAG = re.compile(r"(?<![\w/&])#\w+")
Said = tuple[str, Mapping[str, str | int]]
ONLY_TAGS = re.compile(r"\s*(?:#\w+[\s,]*)+")


def limits_for(settings: Mapping[str, str]) -> Limits:
    """The limits of the platform that this account is for; one that is not known sets none."""
    return PLATFORM_LIMITS.get(settings.get("platform", "other"), MANIFEST.limits)


def length(draft: Draft, limits: Limits) -> int:
    """The length with the link, which the person pastes along; without hashtags that go elsewhere."""
    body, tags = apart(draft.text)
    text = body if tags and draft.options.get("tags") in (Where.COMMENT, Where.NONE) else draft.text
    text = f"{text}\n\n{draft.link}".strip() if draft.link and draft.link not in text else text
    return logic.length(Draft(text), limits)


def apart(text: str) -> tuple[str, list[str]]:
    """A text, and the hashtags below it: those that stand in a sentence are part of it."""
    lines = text.rstrip().split("\n")
    at = len(lines)
    while at > 0 and (not lines[at - 1].strip() or ONLY_TAGS.fullmatch(lines[at - 1])):
        at -= 1
    tags = [tag for line in lines[at:] for tag in TAG.findall(line)]
    return ("\n".join(lines[:at]).rstrip(), list(dict.fromkeys(tags))) if tags else (text, [])


def laid_out(draft: Draft, settings: Mapping[str, str]) -> Laid:
    """The words as they go into the app, what goes below them, and what is good to know."""
    custom = CUSTOMS.get(settings.get("platform", "other")) or UNKNOWN
    body, tags = apart(draft.text)
    where = draft.options.get("tags") or custom.tags_in
    going = " ".join(tags[: custom.most_tags])
    text = f"{body}\n\n{going}".strip() if going and where == Where.END else body
    link = draft.link if draft.link not in text else ""
    return Laid(
        text,
        link=link if custom.links else "",
        comment=going if where == Where.COMMENT else "",
        apart="" if custom.links else link,
        said=tuple(_advice(text, link, tags, where, custom)),
    )


def _advice(text: str, link: str, tags: list[str], where: str, custom: Custom) -> Iterator[Said]:
    """What helps, and only where it matters for this text."""
    if custom.shown and len(text) > custom.shown:
        sentence = _("About the first %(count)s characters are seen before “more”: let the first sentence tell it.")
        yield sentence, {"count": custom.shown}
    if tags and where == Where.NONE == custom.tags_in:
        yield _("Hashtags do nothing there, so they stay away."), {}
    elif custom.most_tags and len(tags) > custom.most_tags:
        yield _("Only the first %(most)s hashtags go along: the app takes no more."), {"most": custom.most_tags}
    elif custom.tags and (count := len(set(TAG.findall(text)) | set(tags))) > custom.tags:
        yield _("Hashtags: %(count)s. More than %(most)s add nothing there."), {"count": count, "most": custom.tags}
    if link and not custom.links:
        yield _("A link in the text can't be tapped there. It stands apart: for your profile, or to leave out."), {}
    if custom.hours:
        yield _("It is seen for %(hours)s hours, then it is gone."), {"hours": custom.hours}

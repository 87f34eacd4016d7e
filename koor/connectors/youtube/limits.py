"""How YouTube counts: a description in bytes of UTF-8, a title in characters, tags together with their commas."""

from __future__ import annotations

from collections.abc import Mapping

from koor.connectors.youtube.manifest import FILMS, MANIFEST
from koor.ground.channels import logic
from koor.ground.channels.contract import Because, Draft, Limits, Medium, Prepared
from koor.ground.channels.contract import message_id as _

MOST_IN_A_TITLE, MOST_IN_TAGS, MOST_IN_CAPTIONS, MOST_IN_A_COMMENT = 100, 500, 1900, 10_000


def limits_for(settings: Mapping[str, str]) -> Limits:
    return MANIFEST.limits


def title_of(draft: Draft) -> str:
    """The title as it was given, else the first line of the text."""
    return " ".join((draft.title or draft.text.strip().split("\n")[0]).split())


def tags_of(draft: Draft) -> list[str]:
    given = (" ".join(tag.split()).strip("#") for tag in draft.options.get("tags", "").split(","))
    return list(dict.fromkeys(tag for tag in given if tag))


def length(draft: Draft, limits: Limits) -> int:
    return len(logic.wording(draft).encode("utf-8", "replace"))


def film_of(draft: Draft) -> Medium | None:
    return next((one for one in draft.media if one.mime in FILMS), None)


def picture_of(draft: Draft) -> Medium | None:
    """The picture that stands for the film."""
    return next((one for one in draft.media if one.mime not in FILMS), None)


def problem(draft: Draft) -> Prepared | None:
    """What YouTube does not take, before anything is brought."""
    if draft.in_reply_to:
        answers = [
            (bool(draft.media), _("A comment on YouTube goes without pictures."), 0),
            (
                len(draft.text) > MOST_IN_A_COMMENT,
                _("A comment on YouTube is at most %(limit)s characters."),
                MOST_IN_A_COMMENT,
            ),
        ]
        return _first(answers)
    films = [one for one in draft.media if one.mime in FILMS]
    title, tags = title_of(draft), tags_of(draft)
    weight = sum(len(tag) + (2 if " " in tag else 0) for tag in tags) + max(len(tags) - 1, 0)
    return _first(
        [
            (len(films) != 1, _("On YouTube a post is one film, with a picture that stands for it if you like."), 0),
            (not title, _("A film on YouTube needs a title."), 0),
            (logic.graphemes(title) > MOST_IN_A_TITLE or len(title) > MOST_IN_A_TITLE,
             _("The title of a film is at most %(limit)s characters."), MOST_IN_A_TITLE),
            (bool({"<", ">"} & set(title + logic.wording(draft))), _("YouTube takes no < and > in title and text."), 0),
            (weight > MOST_IN_TAGS, _("The tags together are at most %(limit)s characters."), MOST_IN_TAGS),
            (len(draft.options.get("captions", "")) > MOST_IN_CAPTIONS,
             _("The captions are at most %(limit)s characters."), MOST_IN_CAPTIONS),
        ]
    )  # fmt: skip


def _first(checks: list[tuple[bool, str, int]]) -> Prepared | None:
    for wrong, sentence, limit in checks:
        if wrong:
            values: dict[str, str | int] = {"limit": limit} if limit else {}
            return Prepared(problem=sentence, values=values, because=Because.REJECTED)
    return None


def beforehand(draft: Draft, limits: Limits) -> tuple[str, Mapping[str, str | int]]:
    """What people should know before it goes."""
    if draft.in_reply_to or not draft.media:
        return "", {}
    return _("Title: %(title)s"), {"title": title_of(draft)[:MOST_IN_A_TITLE]}

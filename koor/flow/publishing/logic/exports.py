"""What platforms give when somebody asks for their own data, read into one form. No Django, no network.

What was for a few, what was somebody else's, and what answers somebody is left out. A thing that can't be read is told,
and stops nothing else. How each platform writes it: docs/how-to/bring-in-what-was-said.md, with sources."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from koor.flow.publishing.logic.found import LONGEST, aware, cut, each, json_of, sound, web
from koor.flow.publishing.logic.found import Entry as Entry
from koor.flow.publishing.logic.found import Found as Found
from koor.flow.publishing.logic.found import LeftOut as LeftOut
from koor.flow.publishing.logic.found import Picture as Picture
from koor.flow.publishing.logic.found import Unread as Unread
from koor.flow.publishing.logic.zips import Hostile, Zip
from koor.kernel.plain import plain_text

X, MASTODON, LINKEDIN, FACEBOOK, GOOGLE_PLUS = "x", "mastodon", "linkedin", "facebook", "google_plus"
MOST_TEXT = 120_000_000  # bytes of one file with posts
PUBLIC = {"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"}


@dataclass(frozen=True)
class Export:
    platform: str
    handle: str
    found: tuple[Found, ...]


def read(archive: Zip) -> Export:
    """What stands in an export. Raises `Hostile` when it is none that we know, or its posts can't be read."""
    for platform, pattern, parse in KNOWN:
        names = archive.named(pattern)
        if names:
            found = tuple(one for name in names for one in parse(archive, name))
            return Export(platform, _handle(archive, platform), found)
    raise Hostile("unknown")


def _handle(archive: Zip, platform: str) -> str:
    try:
        if platform == X:
            account = next(iter(_script(archive, archive.named(r"(^|/)data/account\.js$")[0])))["account"]
            return sound(f"@{account['username']}"[:100])
        if platform == MASTODON:
            actor = json.loads(archive.read(archive.named(r"(^|/)actor\.json$")[0], MOST_TEXT))
            return sound(str(actor.get("preferredUsername", ""))[:100])
    except (LookupError, ValueError, TypeError, AttributeError, StopIteration, Hostile, RecursionError):
        pass
    return ""


# ── X ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _script(archive: Zip, name: str) -> Any:
    """JSON behind `window.YTD.tweets.part0 = `."""
    content = archive.read(name, MOST_TEXT)
    return json_of(content[content.find(b"[") :] if content.lstrip()[:1] not in b"[{" else content)


Notes = dict[str, list[tuple[datetime, str]]]  # by how it begins: when, and the whole of it
SHORT = re.compile(r"https?://t\.co/\w{1,40}", re.ASCII)
MOST_LINKS, LONGEST_LINK = 1000, 2000  # in one post; an address
NEAR, BEGINS = timedelta(minutes=5), 60  # a note and its post are of one moment, and begin the same


def _notes(archive: Zip) -> Notes:
    """What was longer than a post: its whole text stands beside the posts, under a number of its own."""
    found: Notes = {}
    for name in archive.named(r"(^|/)data/note-tweets?(-part\d+)?\.js$"):
        try:
            rows = _script(archive, name)
        except Hostile:
            continue
        for row in rows if isinstance(rows, list) else ():
            try:
                note = row["noteTweet"]
                text, core = str(note["core"]["text"]), note["core"]
                links = [(one["shortUrl"], one.get("expandedUrl") or None) for one in core.get("urls", [])]
                at = aware(datetime.fromisoformat(note["createdAt"]))
                found.setdefault(_begins(text), []).append((at, _written_out(text, links)))
            except (LookupError, ValueError, TypeError, AttributeError, OverflowError):
                continue  # the post that it belongs to stands there all the same, with its beginning
    return found


def _written_out(text: str, links: Sequence[tuple[Any, Any]]) -> str:
    """With the addresses that its short ones stand for, all in one pass: what is written out is not looked at again.
    One that stands for nothing goes, one that stands for None stays. Raises `Hostile`."""
    if len(links) > MOST_LINKS:
        raise Hostile("broken")
    known: dict[str, str] = {}
    for short, whole in links:
        if SHORT.fullmatch(str(short)) and len(str(whole)) <= LONGEST_LINK:
            known.setdefault(str(short), str(short if whole is None else whole))
    if not known:
        return text[:LONGEST]
    longest_first = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    return re.sub(longest_first, lambda match: known[match[0]], text[:LONGEST])[:LONGEST]


def _begins(text: str) -> str:
    return " ".join(html.unescape(text[: BEGINS * 4]).split())[:BEGINS]


def _whole(text: str, at: datetime, notes: Notes) -> str:
    """The note that a post is the beginning of; empty when there is none, or more than one that it could be."""
    begins = _begins(text)
    fits = [whole for when, whole in notes.get(begins, ()) if abs(when - at) <= NEAR]
    return fits[0] if len(fits) == 1 and len(begins) == BEGINS else ""


def _x(archive: Zip, name: str) -> Iterator[Found]:
    notes, media, ours = _notes(archive), _media_of_x(archive), _ourselves_on_x(archive)
    yield from each(_script(archive, name), lambda row: _post_of_x(row, media, notes, ours))


def _ourselves_on_x(archive: Zip) -> frozenset[str]:
    """The number and the name of who asked for the export."""
    try:
        account = next(iter(_script(archive, archive.named(r"(^|/)data/account\.js$")[0])))["account"]
        return frozenset(str(account.get(key) or "").lower() for key in ("accountId", "username")) - {""}
    except (LookupError, ValueError, TypeError, AttributeError, StopIteration, Hostile, RecursionError):
        return frozenset()


def _media_of_x(archive: Zip) -> dict[str, list[str]]:
    """By the number of a post the files that went with it."""
    media: dict[str, list[str]] = {}
    for file in archive.named(r"(^|/)data/tweets?_media/"):
        media.setdefault(file.rsplit("/", 1)[-1].partition("-")[0], []).append(file)
    return media


def _answers_another(said: Mapping[str, Any], text: str, ours: frozenset[str]) -> bool:
    """The later parts of one's own thread answer oneself, and nobody else in their first words."""
    to = {str(said.get(f"in_reply_to_{key}") or "").lower() for key in ("user_id_str", "screen_name")} - {""}
    if to & ours:
        return text.startswith("@")
    return bool(to or said.get("in_reply_to_status_id_str"))


def _post_of_x(
    row: Mapping[str, Any], media: Mapping[str, list[str]], notes: Notes, ours: frozenset[str] = frozenset()
) -> Found:
    said = row.get("tweet", row)
    number, text = str(said["id_str"]), str(said.get("full_text") or said["text"])
    if text.startswith("RT @") or _answers_another(said, text, ours):
        return LeftOut()
    at = aware(datetime.strptime(said["created_at"], "%a %b %d %H:%M:%S %z %Y"))
    text = _whole(text, at, notes) or text
    shown = media.get(number, [])
    links = [(one["url"], one.get("expanded_url") or None) for one in said.get("entities", {}).get("urls", [])]
    alts = {}
    for piece in said.get("extended_entities", said.get("entities", {})).get("media", []):
        links.append((piece["url"], ""))
        alts[str(piece.get("media_url_https", "")).rsplit("/", 1)[-1]] = str(piece.get("ext_alt_text") or "")
    text = _written_out(text, links)
    pictures = tuple(Picture(file, alts.get(file.rsplit("-", 1)[-1], "")) for file in shown)
    return Entry(number, at, cut(html.unescape(text)), f"https://x.com/i/web/status/{number}", pictures)


# ── Mastodon ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _is_an_answer(row: Mapping[str, Any], note: Mapping[str, Any]) -> bool:
    """To somebody else: the later parts of one's own thread answer oneself, and name nobody."""
    to, ours = str(note.get("inReplyTo") or ""), str(row.get("actor") or note.get("attributedTo") or "")
    if to and ours and to.startswith(f"{ours}/"):
        return any(isinstance(one, Mapping) and one.get("type") == "Mention" for one in note.get("tag") or ())
    return bool(to)


def _mastodon(archive: Zip, name: str) -> Iterator[Found]:
    def one(row: Mapping[str, Any]) -> Found:
        note = row.get("object")
        if row.get("type") != "Create" or not isinstance(note, Mapping) or _is_an_answer(row, note):
            return LeftOut()
        seen_by = note.get("to", row.get("to", []))
        if not PUBLIC & set([seen_by] if isinstance(seen_by, str) else seen_by):
            return LeftOut()
        pictures = []
        for piece in note.get("attachment") or []:
            inside = archive.ending(str(piece.get("url", "")))
            if inside:
                pictures.append(Picture(inside, str(piece.get("name") or "")[:1500]))
        warning = str(note.get("summary") or "")
        text = "\n\n".join(part for part in (warning, plain_text(str(note.get("content") or ""))) if part)
        at = aware(datetime.fromisoformat(note["published"]))
        return Entry(str(note["id"])[:300], at, cut(text), web(note.get("url")), tuple(pictures))

    outbox = json_of(archive.read(name, MOST_TEXT))
    yield from each(outbox.get("orderedItems") if isinstance(outbox, dict) else outbox, one)


# ── LinkedIn ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _linkedin(archive: Zip, name: str) -> Iterator[Found]:
    def one(row: Mapping[str, Any]) -> Found:
        if str(row.get("Visibility") or "").upper() in ("CONNECTIONS", "CONNECTIONS_ONLY", "LOGGED_IN", "CONTAINER"):
            return LeftOut()
        text = cut((row["ShareCommentary"] or "").replace('"\n"', "\n").strip('"'))
        link = web(row.get("SharedUrl"))
        if not text and not link:
            return LeftOut()
        at = aware(datetime.fromisoformat(row["Date"].strip().removesuffix(" UTC")))
        url = web(row.get("ShareLink"))
        whole = f"{text}\n\n{link}".strip() if link and link not in text else text
        return Entry(url[:300] or _of(at, whole), at, whole, url)

    try:
        text = archive.read(name, MOST_TEXT).decode("utf-8-sig").replace("\r\n", "\n")
        rows = list(csv.DictReader(io.StringIO(text)))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Hostile("broken") from error
    yield from each(rows, one)


def _of(at: datetime, text: str) -> str:
    """A number for what has none: its moment and its words."""
    return hashlib.sha256(f"{at.isoformat()}\n{text}".encode()).hexdigest()[:40]


# ── Facebook ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _mended(text: Any) -> str:
    """Facebook writes each byte of UTF-8 as a sign of its own."""
    try:
        return str(text or "").encode("latin-1").decode()
    except UnicodeError:
        return str(text or "")


def _facebook(archive: Zip, name: str) -> Iterator[Found]:
    def one(row: Mapping[str, Any]) -> Found:
        at = aware(datetime.fromtimestamp(int(row["timestamp"]), UTC))
        said = next((_mended(part["post"]) for part in row.get("data", []) if part.get("post")), "")
        pictures, links = [], []
        for piece in (piece for box in row.get("attachments", []) for piece in box.get("data", [])):
            medium, outside = piece.get("media"), piece.get("external_context")
            if medium and (inside := archive.ending(str(medium.get("uri", "")))):
                words = _mended(medium.get("description") or medium.get("title"))
                pictures.append(Picture(inside, words[:1500]))
                said = said or words
            if outside and (link := web(outside.get("url"))) and link not in said:
                links.append(link)
        text = cut("\n\n".join(part for part in (said, *links) if part))
        if not text and not pictures:
            return LeftOut()
        return Entry(_of(at, text + "".join(one.name for one in pictures)), at, text, "", tuple(pictures))

    rows = json_of(archive.read(name, MOST_TEXT))
    yield from each([rows] if isinstance(rows, dict) else rows, one)


# ── Google+ ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _google_plus(archive: Zip, name: str) -> Iterator[Found]:
    """It came in two forms, and where people kept both of a post, its page says nothing more."""
    stem, _dot, form = name.rpartition(".")
    if form.lower() == "json":
        yield from _google_plus_post(archive, name)
    elif f"{stem}.json" not in archive.files:
        yield from _google_plus_page(archive, name)


def _google_plus_post(archive: Zip, name: str) -> Iterator[Found]:
    def one(row: Mapping[str, Any]) -> Found:
        if "resharedPost" in row or not _is_public(row.get("postAcl", {})):
            return LeftOut()
        at = aware(datetime.strptime(row["creationTime"], "%Y-%m-%d %H:%M:%S%z"))
        link = web(row.get("link", {}).get("url"))
        said = plain_text(str(row.get("content") or ""))
        text = f"{said}\n\n{link}".strip() if link and link not in said else said
        shown = [row["media"]] if "media" in row else row.get("album", {}).get("media", [])
        folder = name.rpartition("/")[0]
        pictures = []
        for piece in shown:
            local = str(piece.get("localFilePath", ""))
            inside = archive.ending(f"{folder}/{local}") or archive.ending(local.rsplit("/", 1)[-1])
            if local and inside:
                pictures.append(Picture(inside, str(piece.get("description") or "")[:1500]))
        url = web(row["url"])
        return Entry((url or str(row["resourceName"]))[:300], at, cut(text), url, tuple(pictures))

    try:
        row = json.loads(archive.read(name, 2_000_000))
    except (Hostile, ValueError, RecursionError):
        yield Unread(name[:300], "entry")
        return
    yield from each([row], one)


def _is_public(acl: Mapping[str, Any]) -> bool:
    """For everybody. What was for a circle, a community or some people is not ours to show."""
    circles = acl.get("visibleToStandardAcl", {}).get("circles", [])
    return bool(acl.get("isPublic")) or any(one.get("type") == "CIRCLE_TYPE_PUBLIC" for one in circles)


def _google_plus_page(archive: Zip, name: str) -> Iterator[Found]:
    """The other form: a page a post."""
    try:
        page = archive.read(name, 2_000_000).decode()
    except (Hostile, UnicodeDecodeError):
        yield Unread(name[:300], "entry")
        return
    body = re.search(r'class="main-content"[^>]*>(.{0,200000}?)</div>', page, re.DOTALL)
    where = re.search(
        r'<a href="(https://plus\.google\.com/[^"\s]{1,400}/posts/[^"\s]{1,100})"[^>]*>([^<]{1,100})</a>', page
    )
    seen = re.search(r'class="visibility"[^>]*>(.{0,400}?)</div>', page, re.DOTALL)
    if seen and not re.search(r"public|openbaar", plain_text(seen[1]), re.IGNORECASE):
        yield LeftOut()
        return
    at = _moment(where[2]) if where else None
    if not body or not where or at is None:
        yield Unread(name[:300], "entry")
        return
    names = re.findall(r'<img[^>]{0,300}?src="([^":]{1,300})"', page)
    folder = name.rpartition("/")[0]
    inside = (archive.ending(f"{folder}/{one}") for one in names)
    yield Entry(where[1][:300], at, cut(plain_text(body[1])), where[1], tuple(Picture(one) for one in inside if one))


def _moment(text: str) -> datetime | None:
    for form in ("%Y-%m-%d %H:%M:%S%z", "%Y-%m-%dT%H:%M:%S%z", "%b %d, %Y, %I:%M:%S %p", "%d %b %Y %H:%M:%S"):
        try:
            return aware(datetime.strptime(text.replace("\u202f", " ").strip(), form))  # noqa: DTZ007 made aware
        except ValueError:
            continue
    return None


KNOWN: tuple[tuple[str, str, Callable[[Zip, str], Iterator[Found]]], ...] = (
    (X, r"(^|/)data/(tweets?|tweets?-part\d+)\.js$", _x),
    (MASTODON, r"(^|/)outbox\.json$", _mastodon),
    (LINKEDIN, r"(^|/)Shares(_\d+)?\.csv$", _linkedin),
    (
        FACEBOOK,
        r"(^|/)posts/(your_posts|profile_posts|your_posts__check_ins__photos_and_videos)(_\d+)?\.json$",
        _facebook,
    ),
    (GOOGLE_PLUS, r"Google\+ Stream/(Posts|Berichten)/.+\.(json|html)$", _google_plus),
)

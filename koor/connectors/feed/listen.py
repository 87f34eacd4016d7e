"""Reading feeds. The door fetches the bytes; feedparser reads them and never fetches anything itself."""

from __future__ import annotations

import calendar
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser

from koor.ground.channels import logic
from koor.ground.channels.contract import Batch, Because, Broken, Incoming, NotSent, Response, Session, Unclear, unread
from koor.ground.channels.contract import message_id as _
from koor.kernel import plainly
from koor.kernel.http import Refused, TooLarge
from koor.kernel.plain import whole_references

SECONDS = 25.0  # to fetch a feed
ENTRIES = 500  # read at a time; a feed of more says so
LONGEST_TEXT = 20_000  # characters kept of one entry
LONGEST_ID = 250
MEDIA = 10  # told of one entry
WANTED = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
_SENT_ON = _("The site sends us from one address to the next and gives no feed.")
_ALTERNATE = re.compile(r"<link\b[^<>]{0,1000}>", re.IGNORECASE)
_FEED_TYPE = re.compile(r"""type\s*=\s*["']application/(?:rss|atom|feed)\+(?:xml|json)["']""", re.IGNORECASE)
_HREF = re.compile(r"""href\s*=\s*["']([^"']+)["']""", re.IGNORECASE)


def fetch(session: Session, cursor: str, settings: Mapping[str, str]) -> Batch:
    """What the feed holds now. The cursor is JSON: `etag` and `modified` of the last answer, so that an unchanged
    feed costs nothing, and `feed` when the address given was a page that names its feed."""
    at, given = logic.place_in(cursor), settings.get("url", "").strip()
    batch, named = _visit(session, at.get("feed") or given, at, cursor)
    if at.get("feed") and batch.because == Because.REJECTED:  # it moved, or was none: the page may name another by now
        again, named = _visit(session, given, {}, cursor)
        if named == at["feed"]:
            return batch  # the page names the same: what is wrong with that is the reason
        batch = again
    if named:
        batch, _further = _visit(session, named, {"feed": named}, cursor)  # what names another is no feed
    return batch


def _visit(session: Session, address: str, at: Mapping[str, str], cursor: str) -> tuple[Batch, str]:
    """What stands at an address; and the feed that it names, where it is a page."""
    try:
        answer = _get(session, address, at)
    except NotSent as error:
        return Batch(cursor=cursor, problem=_not_sent(error), because=_why(error)), ""
    except TooLarge:
        sentence = _("The feed is larger than 10 MB or has no end, and is not read because of it.")
        return Batch(cursor=cursor, problem=sentence, because=Because.REJECTED), ""
    except Unclear as error:
        return Batch(cursor=cursor, problem=_not_whole(error), because=Because.NOT_REACHED), ""
    if answer.status == 304:
        return Batch(cursor=cursor), ""
    if answer.status != 200:
        return _refused(session, answer, cursor), ""
    return _read(answer, address, at, cursor)


def _not_sent(error: NotSent) -> str:
    """What the door met; an address that it does not open to needs no more words than its own."""
    if isinstance(error, Refused):
        return str(error) if plainly.is_known(str(error)) else _("This address can't be called.")
    return plainly.with_why(_("The feed could not be reached."), str(error))


def _not_whole(error: Unclear) -> str:
    if str(error) == plainly.SENT_ON:
        return _SENT_ON
    if str(error) == plainly.IN_TIME:
        return _("The site had not sent the whole feed after 25 seconds.")
    return _("The feed gave no whole answer.")


def _get(session: Session, address: str, at: Mapping[str, str]) -> Response:
    headers = {"Accept": WANTED}
    headers |= {"If-None-Match": at["etag"]} if at.get("etag") else {}
    headers |= {"If-Modified-Since": at["modified"]} if at.get("modified") else {}
    return session.http.request("GET", address, headers=headers, timeout=SECONDS)


def _why(error: NotSent) -> Because:
    """An address that the door refuses will be refused again; a site that is away may come back."""
    return Because.REJECTED if isinstance(error, Refused) else Because.NOT_REACHED


def _refused(session: Session, answer: Response, cursor: str) -> Batch:
    sentences = {
        401: (_("This feed asks for a password."), Because.AUTH),
        403: (_("This site does not let us read its feed."), Because.AUTH),
        404: (_("There is no feed at this address any more."), Because.REJECTED),
        410: (_("The site says that this feed is gone for good."), Because.REJECTED),
        429: (_("This site asks us to come less often."), Because.RATE),
    }
    nothing = plainly.with_why(_("The feed could not be read."), plainly.ANSWERED % {"status": answer.status})
    if 300 <= answer.status < 400:
        nothing = _SENT_ON
    sentence, because = sentences.get(answer.status, (nothing, Because.NOT_REACHED))
    wait = logic.retry_after(answer.headers, session.now or datetime.now(UTC))
    gone = answer.status == 410
    return Batch(cursor=cursor, problem=sentence, because=because, retry_after=wait, gone=gone)


def _read(answer: Response, address: str, at: Mapping[str, str], cursor: str) -> tuple[Batch, str]:
    """The entries of an answer, oldest first; or what is wrong with it, in one sentence, and the feed that it names."""
    found = _json_feed(answer) or _xml_feed(answer)
    if found is None:
        return _not_a_feed(answer, address, cursor)
    title, language, entries, broken = found
    address = getattr(answer, "url", address)
    items: list[Incoming] = []
    for entry in entries[:ENTRIES]:
        try:
            items.append(_item(entry, title, language, address))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            broken.append(unread(_shown(entry), error))
    if len(entries) > ENTRIES:
        reason = _("The feed has more entries than are read at once; the first were read.")
        broken.append(Broken("", reason, "too many entries"))
    kept = {"etag": answer.headers.get("etag", ""), "modified": answer.headers.get("last-modified", "")}
    kept |= {"feed": at["feed"]} if at.get("feed") else {}
    return Batch(tuple(reversed(items)), tuple(broken), json.dumps({k: v for k, v in kept.items() if v})), ""


Found = tuple[str, str, list[Any], list[Broken]]


def _xml_feed(answer: Response) -> Found | None:
    """RSS or Atom, also when it is broken somewhere; None when there is nothing of a feed in it."""
    kind = answer.headers.get("content-type", "application/xml")
    # Without an address of its own feedparser leaves ids as they are: a feed that moves keeps its entries
    try:
        content = BytesIO(whole_references(answer.content))
        parsed = feedparser.parse(content, response_headers={"content-type": kind})
    except Exception:  # feedparser raises many kinds over hostile content, none of them documented
        return None
    if not parsed.get("version") and not parsed.entries:
        return None
    broken: list[Broken] = []
    trouble = parsed.get("bozo_exception")
    if trouble is not None and not isinstance(
        trouble, feedparser.CharacterEncodingOverride | feedparser.NonXMLContentType
    ):
        if not parsed.entries:
            return None
        broken.append(
            Broken(
                answer.text[-2000:],
                _("The feed is cut off or broken; what stands before that was read."),
                "end of feed",
            )
        )
    return str(parsed.feed.get("title", "")), str(parsed.feed.get("language", "")), list(parsed.entries), broken


def _json_feed(answer: Response) -> Found | None:
    """JSON Feed 1.0 and 1.1 (jsonfeed.org), given the same names as feedparser gives."""
    body = logic.json_of(answer) if answer.content[:200].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") else None
    if not isinstance(body, dict) or not str(body.get("version", "")).startswith("https://jsonfeed.org/"):
        return None
    rows = body.get("items")
    entries = [_as_entry(row) for row in rows] if isinstance(rows, list) else []
    return str(body.get("title", "")), str(body.get("language", "")), entries, []


def _as_entry(row: Any) -> Any:
    if not isinstance(row, dict):
        return row
    authors = row.get("authors") or [row.get("author") or {}]
    first = authors[0] if isinstance(authors, list) and authors and isinstance(authors[0], dict) else {}
    return {
        "id": row.get("id"),
        "link": row.get("url") or row.get("external_url"),
        "title": row.get("title"),
        "summary": row.get("content_html") or row.get("content_text") or row.get("summary"),
        "author": first.get("name"),
        "moment": row.get("date_published") or row.get("date_modified"),
        "language": row.get("language"),
        "files": [row.get("image"), row.get("attachments")],
    }


def _item(entry: Any, feed: str, language: str, address: str) -> Incoming:
    """One entry. Raises ValueError when there is nothing in it to know it by, or nothing beside that."""
    title = " ".join(logic.plain_text(_text(entry.get("title"))).split())
    body = logic.plain_text(_body(entry))
    link = _web(_text(entry.get("link")), address)
    known_by = _text(entry.get("id")) or link or (f"{title}\n{body}" if title or body else "")
    media = _media(entry)
    if not known_by or not (title or body or link or media):
        raise ValueError("an entry without address, title, text and media")
    text = f"{title}\n\n{body}" if title and not body.startswith(title) else body
    said = _text(entry.get("language")) or _text((entry.get("title_detail") or {}).get("language")) or language
    return Incoming(
        external_id=_short(known_by),
        author=logic.plain_text(_text(entry.get("author"))) or logic.plain_text(feed) or urlsplit(link).netloc,
        text=text.strip()[:LONGEST_TEXT],
        url=link,
        language=said.split("-")[0].lower()[:3],
        created_at=_moment(entry),
        kind="article",
        raw={"feed": feed, "title": title} | ({"media": media} if media else {}),
    )


def _media(entry: Any) -> list[dict[str, str]]:
    """What comes with an entry, by its kind and address; the sound of a podcast is not fetched."""
    given = [entry.get("enclosures"), entry.get("media_content"), *(entry.get("files") or [])]
    found = []
    for piece in (one for some in given for one in (some if isinstance(some, list) else [some])[:MEDIA]):
        if isinstance(piece, str):
            piece = {"type": "image", "url": piece}  # the picture of an entry of a JSON feed
        if isinstance(piece, dict) and (address := _web(_text(piece.get("href") or piece.get("url")))):
            kind = (_text(piece.get(name)) for name in ("medium", "type", "mime_type"))
            found.append({"type": next(filter(None, kind), address)[:LONGEST_ID], "url": address[:LONGEST_ID]})
    return found[:MEDIA]


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _body(entry: Any) -> str:
    """The longest of what the entry says of itself: the whole article where the feed carries it."""
    parts = [_text(part.get("value")) for part in entry.get("content") or [] if isinstance(part, dict)]
    return max([*parts, _text(entry.get("summary"))], key=len)


def _web(link: str, address: str = "") -> str:
    """A web address, made whole when it is a path; empty for a script, a number, a broken one."""
    try:
        whole = urljoin(address, link) if link.startswith(("/", "./", "../", "?")) else link
        return whole if urlsplit(whole).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _short(known_by: str) -> str:
    if len(known_by) <= LONGEST_ID and known_by.isprintable():
        return known_by
    return f"sha256:{hashlib.sha256(known_by.encode()).hexdigest()}"


def _moment(entry: Any) -> datetime | None:
    """When it was published, else changed; None for an entry without a date that can be read."""
    if "moment" in entry:
        return logic.moment(entry["moment"])
    for name in ("published_parsed", "updated_parsed", "created_parsed"):
        told = dict.get(entry, name)  # feedparser's own `get` gives one name for another
        if told:
            try:
                return datetime.fromtimestamp(calendar.timegm(told), UTC)
            except (ValueError, OverflowError, OSError, TypeError):
                continue
    return None


def _not_a_feed(answer: Response, address: str, cursor: str) -> tuple[Batch, str]:
    """What it is, and the feed that a page names (`link rel=alternate`)."""
    feed = _named_in(answer.text[:200_000], address)
    page = "<html" in answer.text[:5000].lower()
    sentence = _("This is a page and not a feed.") if page else _("This can't be read as a feed.")
    return Batch(cursor=cursor, problem=sentence, because=Because.REJECTED), feed if feed != address else ""


def _named_in(page: str, address: str) -> str:
    for tag in _ALTERNATE.findall(page):
        named = _HREF.search(tag)
        if "alternate" in tag.lower() and _FEED_TYPE.search(tag) and named:
            return _web(urljoin(address, named[1].replace("&amp;", "&")))
    return ""


def _shown(entry: Any) -> str:
    return json.dumps(entry, default=str, ensure_ascii=False)[:4000]

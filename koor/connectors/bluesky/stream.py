"""All that is said on the network as it is said: the stream of repositories of a relay or of one server
(`com.atproto.sync.subscribeRepos`, DAG-CBOR), and Jetstream (JSON). Both know a cursor: after a while away they go on
from there, as far back as they keep it. Sources: README.md.

The signatures of repositories are not verified: who keeps the stream is trusted as who keeps the reading service is.
That a post is the one that its commit names is verified, by its hash."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from koor.connectors.bluesky import cbor, client, publish, reading
from koor.connectors.bluesky.client import Failed
from koor.ground.channels import logic
from koor.ground.channels.contract import Batch, Because, Broken, Incoming, NamesLater, Opening, Session, Told, unread
from koor.ground.channels.contract import message_id as _

RELAY, JETSTREAM = "wss://bsky.network", "wss://jetstream2.us-east.bsky.network"
MOST = 5_000_000  # bytes of a frame (atproto.com, event stream); blocks of a commit are at most 2,000,000
MOST_BLOCKS_BYTES, MOST_OPS = 2_000_000, 200
MOST_POST = 150_000  # bytes of a post: its words are at most 3,000
REWIND = 5_000_000  # microseconds that Jetstream is read again: its clock is one of arrival
KEEPS = timedelta(hours=24)
MOST_NAMES = 25  # asked at a time
LATEST = 32_000_000_000_000_000  # microseconds: in the year 2984
_PREFIX = f"{client.COLLECTION}/"


def opening(session: Session, cursor: str, settings: Mapping[str, str]) -> Opening | Batch:
    """Where it is listened to, on from the cursor."""
    known = settings.get("kind") == "jetstream"
    base = _line(settings.get("address", "").strip() or (JETSTREAM if known else RELAY))
    if not base:
        return Batch(cursor=cursor, problem=_("This is no address of a stream."), because=Because.REJECTED)
    at = int(cursor) if cursor.isdecimal() and len(cursor) < 20 else 0
    if not known:
        query = f"?{urlencode({'cursor': at})}" if at else ""
        return Opening(f"{base}/xrpc/com.atproto.sync.subscribeRepos{query}", most=MOST)
    asked = {"wantedCollections": client.COLLECTION, "maxMessageSizeBytes": "1000000"}
    if at:
        asked["cursor"] = str(max(at - REWIND, 1))
    return Opening(f"{base}/subscribe?{urlencode(asked)}", most=1_000_000)


def _line(address: str) -> str:
    try:
        parts = urlsplit(address if "://" in address else f"wss://{address}")
    except ValueError:
        return ""
    scheme = {"https": "wss", "wss": "wss", "http": "ws", "ws": "ws"}.get(parts.scheme, "")
    return f"{scheme}://{parts.netloc}" if scheme and parts.netloc and "@" not in parts.netloc else ""


def read(session: Session, message: str | bytes, settings: Mapping[str, str]) -> Told:
    """One message. What is no post of somebody tells nothing but how far it is."""
    try:
        if settings.get("kind") == "jetstream":
            return _from_jetstream(session, message, settings.get("cursor", ""))
        return _from_frame(message if isinstance(message, bytes) else message.encode())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return Told(broken=(unread(_shown(message), error),))


def _shown(message: str | bytes) -> str:
    return message if isinstance(message, str) else message.hex()


# --- the stream of repositories ---


def _from_frame(frame: bytes) -> Told:
    budget = cbor.Budget()  # one for all that the frame holds
    head, place = cbor.read_first(frame, 0, budget)
    if head.get("op") == -1:
        return _ended(cbor.read(frame[place:], budget).get("error"))
    if head.get("op") != 1 or not isinstance(head.get("t"), str):
        return Told()  # a frame of a later version is passed over, as the specification asks
    body, end = cbor.read_first(frame, place, budget)
    if end != len(frame):
        raise cbor.Malformed("something follows")
    if head["t"] == "#info":
        return Told(lost=body.get("name") == "OutdatedCursor")
    if type(body.get("seq")) is not int or not 0 <= body["seq"] < 1 << 63:
        return Told()
    cursor, at = str(body["seq"]), logic.moment(body.get("time"))
    if head["t"] != "#commit":
        return Told(cursor=cursor, at=at)
    items, broken = _of_commit(body, at, budget)
    return Told(tuple(items), tuple(broken), cursor, at)


def _ended(why: Any) -> Told:
    """The other side ends it, and says why. A cursor that it never gave (it was set up anew) is forgotten."""
    if why == "FutureCursor":
        return Told(cursor="0", lost=True, problem=_("The stream ended."))
    if why == "ConsumerTooSlow":
        return Told(problem=_("The stream sends faster than this house reads."))
    return Told(problem=_("The stream ended."))


def _of_commit(
    body: Mapping[str, Any], at: datetime | None, budget: cbor.Budget
) -> tuple[list[Incoming], list[Broken]]:
    """The posts that a commit makes or takes away; each by itself, so that one breaks no other."""
    ops, repo = body["ops"], body["repo"]
    if not isinstance(ops, list) or len(ops) > MOST_OPS or not isinstance(repo, str) or not repo.startswith("did:"):
        raise cbor.Malformed("a commit with more than is allowed")
    about = [op for op in ops if isinstance(op, dict) and str(op.get("path", "")).startswith(_PREFIX)]
    items = [_deleted(f"at://{repo}/{op['path']}", at) for op in about if op.get("action") == "delete"]
    made = [op for op in about if op.get("action") == "create" and isinstance(op.get("cid"), cbor.Cid)]
    if not made:
        return items, []
    car = body["blocks"]
    if not isinstance(car, bytes) or len(car) > MOST_BLOCKS_BYTES:
        raise cbor.Malformed("blocks that are too large")
    found = cbor.blocks(car, {op["cid"].whole for op in made})
    said, broken = dict[bytes, Incoming | None](), list[Broken]()
    for op in made:
        uri, name = f"at://{repo}/{op['path']}", op["cid"].whole
        if name not in found:
            continue  # left out because the commit was too large
        if name not in said:  # once, however many posts it is said to be
            said[name] = _in_block(found[name], uri, repo, at, budget, broken)
        if (one := said[name]) is not None:
            items.append(replace(one, external_id=uri, url=f"{one.url.rpartition('/')[0]}/{uri.rpartition('/')[2]}"))
    return items, broken


def _in_block(
    block: bytes, uri: str, repo: str, at: datetime | None, budget: cbor.Budget, broken: list[Broken]
) -> Incoming | None:
    try:
        if len(block) > MOST_POST:
            raise ValueError("a post that is too large")
        return _said(uri, repo, cbor.read(block, budget), at)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        broken.append(unread(block.hex(), error, uri))
        return None


def _said(uri: str, repo: str, record: Any, at: datetime | None) -> Incoming:
    view: dict[str, Any] = {"uri": uri, "author": {"did": repo}, "record": record}
    if at is not None:
        view["indexedAt"] = at.isoformat()
    return reading.from_view(view, "", usual="hashtag")


def _deleted(uri: str, at: datetime | None) -> Incoming:
    return Incoming(f"deleted:{uri}", "", created_at=at, in_reply_to=uri, kind="deleted")


# --- Jetstream ---


def _from_jetstream(session: Session, message: str | bytes, cursor: str) -> Told:
    row = logic.json_in(message if isinstance(message, str) else message.decode())
    moment = row["time_us"]
    if not isinstance(moment, int) or isinstance(moment, bool) or not 0 < moment < LATEST:
        raise ValueError("no moment")
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment)
    lost = _is_lost(session, cursor, at)
    commit = row.get("commit") or {}
    if row.get("kind") != "commit" or commit.get("collection") != client.COLLECTION:
        return Told(cursor=str(moment), at=at, lost=lost)
    did, rkey = row["did"], commit["rkey"]
    if not isinstance(did, str) or not did.startswith("did:") or not isinstance(rkey, str):
        raise ValueError("no address of a post")
    uri, items = f"at://{did}/{client.COLLECTION}/{rkey}", tuple[Incoming, ...]()
    if commit.get("operation") == "create":
        items = (_said(uri, did, commit["record"], at),)
    elif commit.get("operation") == "delete":
        items = (_deleted(uri, at),)
    return Told(items, cursor=str(moment), at=at, lost=lost)


def _is_lost(session: Session, cursor: str, at: datetime) -> bool:
    """Jetstream keeps a day, and says nothing when it begins later than it was asked."""
    if not cursor.isdecimal() or len(cursor) > 19 or cursor == "0":
        return False
    before = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(cursor))
    return logic.moment_of(session) - before > KEEPS and at - before > timedelta(minutes=1)


# --- who said it ---


def named(session: Session, items: Sequence[Incoming]) -> Sequence[Incoming]:
    """The names of who said what is kept; a stream tells their lasting numbers alone. Raises NamesLater."""
    who = list(dict.fromkeys(publish.parts_of(one.external_id)[0] for one in items if one.kind != "deleted"))
    known: dict[str, Mapping[str, Any]] = {}
    try:
        for some in _by(MOST_NAMES, [did for did in who if did]):
            rows = client.look(session, "app.bsky.actor.getProfiles", {"actors": some}).get("profiles")
            known |= {
                row["did"]: row for row in rows or () if isinstance(row, dict) and isinstance(row.get("did"), str)
            }
    except Failed as failed:
        raise NamesLater from failed
    return [_with_name(one, known.get(publish.parts_of(one.external_id)[0])) for one in items]


def _by(number: int, whole: Sequence[str]) -> Iterator[list[str]]:
    for first in range(0, len(whole), number):
        yield list(whole[first : first + number])


def _with_name(one: Incoming, by: Mapping[str, Any] | None) -> Incoming:
    if by is None:
        return one
    rkey = publish.parts_of(one.external_id)[2]
    return replace(
        one,
        author=reading.name(by),
        handle=reading.handle(by),
        url=f"{reading.profile(by)}/post/{rkey}",
    )

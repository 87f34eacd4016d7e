"""The stream of repositories and Jetstream: read by their rules, and strictly where they are broken."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koor.connectors.bluesky import cbor, client, stream
from koor.ground.channels.contract import Batch, NamesLater, Opening, Session, Told
from tests.connectors.dag_cbor import Link, car, commit, encoded, frame, name_of, post, varint
from tests.connectors.scripted import Scripted, answer

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SESSION = Session(Scripted(answer(500)), 1, {"handle": "reurslag.test"}, {"app_password": "geheim"}, now=NOON)
JETSTREAM = {"kind": "jetstream"}


def told(message: str | bytes, **settings: str) -> Told:
    return stream.read(SESSION, message, {"kind": "firehose", **settings})


class TestCbor:
    VALUES = st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text() | st.binary()
        | st.floats(allow_nan=False, allow_infinity=False),
        lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
        max_leaves=20,
    )  # fmt: skip

    @given(VALUES)
    @settings(max_examples=25, deadline=None)
    def test_what_was_written_is_read(self, value: Any) -> None:
        assert cbor.read(encoded(value)) == value

    @given(st.binary(max_size=200))
    @settings(max_examples=100, deadline=None)
    def test_anything_is_read_or_refused(self, content: bytes) -> None:
        try:
            found = cbor.read(content)
        except cbor.Malformed:
            return
        assert encoded(found) is not None or isinstance(found, cbor.Cid)

    @pytest.mark.parametrize(
        "content",
        [
            b"", b"\x18\x05", b"\x19\x00\x18", b"\x5f\x41x\xff", b"\x9f\xff", b"\xbf\xff",  # too long, indefinite
            b"\xc1\x00", b"\xd8\x2a\x40", b"\xd8\x2a\x61x", b"\xf7", b"\xf9\x00\x00", b"\xfb\x7f\xf0" + b"\0" * 6,
            b"\xfb\x7f\xf8" + b"\0" * 6, b"\xa2\x61a\x01\x61a\x02", b"\xa1\x01\x01", b"\x61\xff", b"\x01\x01",
            b"\x5b\xff\xff\xff\xff\xff\xff\xff\xff", b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff", b"\xbb" + b"\xff" * 8,
            b"\x81" * 100 + b"\x01", b"\x1c",
        ],
    )  # fmt: skip
    def test_what_is_not_allowed(self, content: bytes) -> None:
        with pytest.raises(cbor.Malformed):
            cbor.read(content)

    def test_a_million_small_things_are_too_many(self) -> None:
        with pytest.raises(cbor.Malformed):
            cbor.read(encoded([0] * 300_000))

    def test_a_block_that_is_another_than_its_name(self) -> None:
        block, other = encoded("een"), encoded("twee")
        name = bytes(name_of(block))
        assert cbor.blocks(car(block, other), {name}) == {name: block}
        with pytest.raises(cbor.Malformed):
            cbor.blocks(car(other, names=[name]), {name})

    @pytest.mark.parametrize("bad", [b"", varint(5) + b"x", b"\xff" * 12, car(b"x")[:-1], b"\x80\x00", encoded({})])
    def test_what_is_no_car(self, bad: bytes) -> None:
        with pytest.raises(cbor.Malformed):
            cbor.blocks(bad, {b"x"})


class TestFrames:
    def test_posts_of_a_commit(self) -> None:
        found = told(commit("De pomp bromt", "En nog iets ☕"))
        assert [one.text for one in found.items] == ["De pomp bromt", "En nog iets ☕"]
        first = found.items[0]
        assert (first.external_id, first.author, first.kind) == (
            "at://did:plc:els/app.bsky.feed.post/3k0", "did:plc:els", "hashtag",
        )  # fmt: skip
        assert (first.created_at, found.cursor) == (datetime(2026, 11, 24, 11, tzinfo=UTC), "7")
        assert found.at == datetime(2026, 11, 24, 11, 0, 1, tzinfo=UTC)

    def test_what_is_taken_away(self) -> None:
        gone = {"action": "delete", "path": "app.bsky.feed.post/3k", "cid": None}
        (one,) = told(commit(ops=[gone])).items
        assert (one.kind, one.in_reply_to) == ("deleted", "at://did:plc:els/app.bsky.feed.post/3k")

    def test_one_post_that_is_none_breaks_no_other(self) -> None:
        odd, fine = encoded({"text": 5}), encoded(post("Goed"))
        ops = [
            {"action": "create", "path": f"app.bsky.feed.post/{n}", "cid": name_of(one)}
            for n, one in enumerate((odd, fine))
        ]
        found = told(commit(ops=ops, blocks=car(odd, fine)))
        assert [one.text for one in found.items] == ["Goed"]
        assert [one.external_id for one in found.broken] == ["at://did:plc:els/app.bsky.feed.post/0"]
        assert found.cursor == "7"

    def test_a_block_that_many_name_is_read_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        block, reads, real = encoded(post("Weer")), list[bytes](), cbor.read

        def counted(content: bytes, budget: cbor.Budget | None = None) -> Any:
            reads.append(content)
            return real(content, budget)

        monkeypatch.setattr(cbor, "read", counted)
        ops = [{"action": "create", "path": f"app.bsky.feed.post/{n}", "cid": name_of(block)} for n in range(200)]
        found = told(commit(ops=ops, blocks=car(block)))
        assert reads.count(block) == 1
        assert [one.external_id for one in found.items] == [
            f"at://did:plc:els/app.bsky.feed.post/{n}" for n in range(200)
        ]
        assert {one.url for one in found.items} == {
            f"https://bsky.app/profile/did:plc:els/post/{n}" for n in range(200)
        }

    def test_all_posts_of_a_frame_share_one_budget(self) -> None:
        blocks = [encoded(post(f"{n}", junk=[0] * 60_000)) for n in range(5)]
        ops = [
            {"action": "create", "path": f"app.bsky.feed.post/{n}", "cid": name_of(one)} for n, one in enumerate(blocks)
        ]
        found = told(commit(ops=ops, blocks=car(*blocks)))
        assert ([one.text for one in found.items], len(found.broken)) == (["0", "1", "2"], 2)

    @pytest.mark.parametrize("seq", [True, -1, 1 << 63, "7"])
    def test_only_a_number_is_a_place_to_go_on_from(self, seq: Any) -> None:
        assert told(commit("Pomp", seq=seq)) == Told()

    def test_a_commit_without_its_blocks(self) -> None:
        found = told(commit("Te groot", blocks=car(), tooBig=True))
        assert (found.items, found.broken, found.cursor) == ((), (), "7")

    @pytest.mark.parametrize("kind", ["#identity", "#account", "#sync", "#later"])
    def test_others_say_how_far_it_is(self, kind: str) -> None:
        assert told(frame(kind, {"seq": 9, "did": "did:plc:els"})).cursor == "9"

    def test_what_is_too_long_ago_is_lost(self) -> None:
        assert told(frame("#info", {"name": "OutdatedCursor"})).lost

    def test_the_end(self) -> None:
        assert "faster" in told(frame("", {"error": "ConsumerTooSlow"}, op=-1)).problem
        future = told(frame("", {"error": "FutureCursor"}, op=-1))
        assert (future.cursor, future.lost, bool(future.problem)) == ("0", True, True)

    @pytest.mark.parametrize(
        "message",
        [
            b"", b"\xff", "words", encoded([1]), encoded({"op": 1, "t": "#commit"}), frame("#commit", {}),
            frame("#commit", {"seq": 1}),
            commit(ops="x"), commit(ops=[{}] * 201), commit(repo="els"), commit("x", blocks=b"x" * 2_000_001),
            commit("x", blocks=b"kapot"), commit("x", blocks="text"), commit("x") + b"\x00",
        ],
    )  # fmt: skip
    def test_what_is_broken_is_said_to_be(self, message: bytes | str) -> None:
        found = told(message)
        assert not found.items
        assert found.broken or not found.cursor

    def test_a_frame_with_any_byte_changed(self) -> None:
        """Never an exception, and never a post with words that nobody said."""
        whole, chance = commit("De pomp bromt al een week"), random.Random(6)
        for _time in range(2_000):
            broken = bytearray(whole)
            broken[chance.randrange(len(broken))] = chance.randrange(256)
            for one in told(bytes(broken)).items:
                assert one.text == "De pomp bromt al een week"
        for cut in range(len(whole)):
            assert not told(whole[:cut]).items

    @pytest.mark.parametrize("text", ["x" * 100_000, "\x00\x1b[31m\u202e", "\ufffd", ""])
    def test_words_of_any_kind(self, text: str) -> None:
        assert len(told(commit(text)).items) == 1


class TestJetstream:
    def row(self, operation: str = "create", **more: Any) -> str:
        whole = {
            "did": "did:plc:els", "time_us": 1_795_518_000_000_000, "kind": "commit",
            "commit": {
                "operation": operation, "collection": "app.bsky.feed.post", "rkey": "3k", "rev": "3k", "cid": "bafy",
                "record": post("De pomp bromt"),
            },
        }  # fmt: skip
        return json.dumps(whole | more)

    def test_what_it_says(self) -> None:
        found = told(self.row(), **JETSTREAM)
        assert [one.text for one in found.items] == ["De pomp bromt"]
        assert (found.cursor, found.at) == ("1795518000000000", datetime(2026, 11, 24, 11, tzinfo=UTC))
        assert told(self.row("delete"), **JETSTREAM).items[0].kind == "deleted"
        assert told(self.row("update"), **JETSTREAM).items == ()
        assert told(self.row(kind="identity"), **JETSTREAM).cursor

    def test_five_seconds_are_read_again(self) -> None:
        asked = stream.opening(SESSION, "1795518000000000", {"kind": "jetstream", "address": "https://js.example/x"})
        assert isinstance(asked, Opening)
        assert asked.url.startswith("wss://js.example/subscribe?wantedCollections=app.bsky.feed.post&")
        assert asked.url.endswith("&cursor=1795517995000000")
        fresh = stream.opening(SESSION, "", {"kind": "jetstream"})
        assert isinstance(fresh, Opening)
        assert "cursor" not in fresh.url

    def test_after_more_than_a_day_something_is_lost(self) -> None:
        assert told(self.row(), **JETSTREAM, cursor="1795400000000000").lost
        assert not told(self.row(), **JETSTREAM, cursor="1795517990000000").lost
        assert not told(self.row(), **JETSTREAM, cursor="").lost

    @pytest.mark.parametrize(
        "message",
        [
            "", "[]", "{}", "null", "5", "[" * 50_000, '{"time_us": true}', '{"time_us": -1}', "\x00", b"\xff\xfe",
            '{"time_us": ' + "9" * 1_000_000 + "}", '{"time_us": 1e400}', '{"time_us": 99999999999999999999}',
            '{"did": "x", "time_us": 1, "kind": "commit", "commit": {"collection": "app.bsky.feed.post"}}',
            '{"did": 5, "time_us": 1, "kind": "commit", "commit": {"collection": "app.bsky.feed.post", "rkey": "3"}}',
            '{"time_us": 1, "kind": "commit", "commit": 5}',
        ],
    )  # fmt: skip
    def test_what_is_broken_is_said_to_be(self, message: str | bytes) -> None:
        found = told(message, **JETSTREAM)
        assert (len(found.broken), found.items, found.cursor) == (1, (), "")


class TestOpening:
    @pytest.mark.parametrize(
        ("given", "url"),
        [
            ("", "wss://bsky.network/xrpc/com.atproto.sync.subscribeRepos?cursor=12"),
            ("http://localhost:2583", "ws://localhost:2583/xrpc/com.atproto.sync.subscribeRepos?cursor=12"),
            ("relay.example/elders", "wss://relay.example/xrpc/com.atproto.sync.subscribeRepos?cursor=12"),
        ],
    )
    def test_on_from_the_cursor(self, given: str, url: str) -> None:
        asked = stream.opening(SESSION, "12", {"kind": "firehose", "address": given})
        assert isinstance(asked, Opening)
        assert (asked.url, asked.most) == (url, 5_000_000)

    @pytest.mark.parametrize("address", ["ftp://x", "wss://a:b@x", "wss://", "wss://["])
    def test_no_address(self, address: str) -> None:
        asked = stream.opening(SESSION, "", {"kind": "firehose", "address": address})
        assert isinstance(asked, Batch)
        assert asked.problem

    @pytest.mark.parametrize("cursor", ["x", "-1", "9" * 50, "{}", "0"])
    def test_a_cursor_from_elsewhere_begins_anew(self, cursor: str) -> None:
        asked = stream.opening(SESSION, cursor, {"kind": "firehose"})
        assert isinstance(asked, Opening)
        assert "cursor" not in asked.url


class Answering:
    """Answers with these, one after the other."""

    def __init__(self, *bodies: Any) -> None:
        self.bodies = list(bodies)

    def request(self, *_all: Any, **_more: Any) -> Any:
        return answer(200, self.bodies.pop(0))


class TestNames:
    def test_who_said_it(self) -> None:
        client._logins.clear()
        them = {"did": "did:plc:els", "handle": "els.test", "displayName": "Els Wolters"}
        login = {"did": "did:plc:us", "handle": "reurslag.test", "accessJwt": "t"}
        http = Answering(login, {"profiles": [them, {"did": 5}, "x"]})
        session = Session(http, 1, {"handle": "reurslag.test"}, {"app_password": "geheim"}, now=NOON)
        (one, other) = stream.named(session, [*told(commit("a")).items, *told(commit("b", repo="did:plc:jan")).items])
        assert (one.author, one.handle, one.url) == (
            "Els Wolters", "@els.test", "https://bsky.app/profile/els.test/post/3k0",
        )  # fmt: skip
        assert other.author == "did:plc:jan"
        client._logins.clear()

    def test_without_a_reading_service_they_are_waited_for(self) -> None:
        client._logins.clear()
        with pytest.raises(NamesLater):
            stream.named(SESSION, told(commit("a")).items)
        assert Link(b"x") == b"x"

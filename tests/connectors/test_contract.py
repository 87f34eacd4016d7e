"""What every connector keeps, whatever its platform: found by folder, so that a new one is tested at once."""

from __future__ import annotations

import dataclasses
import functools
import importlib
import importlib.util
import inspect
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest

from koor.ground.channels import logic
from koor.ground.channels.contract import (
    Attempt,
    Batch,
    Because,
    CannotKnow,
    Delivery,
    Draft,
    Health,
    Limits,
    Manifest,
    Medium,
    NotSeen,
    Outcome,
    Prepared,
    Seen,
    Session,
    Tokens,
    Verdict,
)
from tests.connectors.scripted import CERTAIN, UNSURE, Scripted, Shut, answer

FOLDER = Path(__file__).resolve().parents[2] / "koor" / "connectors"
NAMES = sorted(path.parent.name for path in FOLDER.glob("*/manifest.py"))
SECRET = "s3cret-that-nobody-may-read"
SECTIONS = ("Connect", "What works", "What does not", "Never twice", "Counting", "Tried against", "Sources")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
# Credentials that have a shape: the address of a webhook is a secret as a whole.
SHAPED = {("chat", "address"): "https://hooks.slack.com/services/%s"}

# A flag of the manifest, the module that it promises, and the functions with their parameters.
PROMISES: list[tuple[str, str, dict[str, list[str]]]] = [
    (
        "publishes",
        "publish",
        {"prepare": ["session", "draft"], "send": ["session", "attempt"], "find": ["session", "attempt"]},
    ),
    ("replies", "converse", {"thread": ["session", "remote_id"]}),
    ("listens", "listen", {"fetch": ["session", "cursor", "settings"]}),
    (
        "streams",
        "stream",
        {"opening": ["session", "cursor", "settings"], "read": ["session", "message", "settings"]},
    ),
    (
        "pushed",
        "receive",
        {"greet": ["session", "query"], "genuine": ["session", "headers", "body"], "read": ["session", "body", "last"]},
    ),
    ("edits", "correct", {"edit": ["session", "remote_id", "draft"]}),
    ("deletes", "correct", {"delete": ["session", "remote_id"]}),
    ("acts", "act", {"act": ["session", "deed", "remote_id", "words"]}),
    ("undoes", "act", {"undo": ["session", "deed", "remote_id"]}),
    ("checks", "check", {"check": ["session"]}),
    ("readers", "readers", {"post": ["session", "copy"], "is_nobody": ["answer"], "is_not_now": ["answer"]}),
    ("oauth", "connect", {"places": ["session"]}),
]
OPTIONAL = {
    "publish": {"number_at": ["session", "address"]},
    "stream": {"named": ["session", "items"]},
    "receive": {"why_not": ["session", "headers", "body"], "why_no_greeting": ["session", "query"]},
    "connect": {"lengthen": ["session", "tokens"], "refresh": ["session", "tokens"]},
}


def manifest_of(name: str) -> Manifest:
    found = importlib.import_module(f"koor.connectors.{name}.manifest").MANIFEST
    assert isinstance(found, Manifest)
    return found


def part_of(name: str, part: str) -> ModuleType | None:
    whole = f"koor.connectors.{name}.{part}"
    return importlib.import_module(whole) if importlib.util.find_spec(whole) else None


def having(flag: str) -> list[str]:
    return [name for name in NAMES if getattr(manifest_of(name), flag)]


def on_network(flag: str) -> list[str]:
    """Those that speak HTTP; what speaks another language is tried with servers of it."""
    return [name for name in having(flag) if manifest_of(name).network and manifest_of(name).http]


def draft_for(name: str, text: str = "Hallo", media: tuple[Medium, ...] = ()) -> Draft:
    """A draft as this platform takes it: where only answers go out without a picture, an answer."""
    manifest = manifest_of(name)
    if not manifest.answers_only:
        return Draft(text, media, in_reply_to="12" if manifest.limits.needs_media and not media else "")
    options = {one.key: one.default or "els@school.example" for one in manifest.options if one.required}
    return Draft(text, media, in_reply_to="12", options=options)


def module(name: str, part: str) -> Any:
    found = part_of(name, part)
    assert found is not None
    return found


def limits_of(name: str) -> Limits:
    own = part_of(name, "limits")
    return own.limits_for(settings_of(name)) if own else manifest_of(name).limits


def settings_of(name: str) -> dict[str, str]:
    asks = [asked for asked in manifest_of(name).asks if not asked.secret]
    return {
        asked.key: asked.default or (asked.choices[0][0] if asked.choices else "https://x.example") for asked in asks
    }


def session_of(name: str, http: Any) -> Session:
    manifest, settings = manifest_of(name), settings_of(name)
    secrets = {key: SHAPED.get((name, key), "%s") % SECRET for key in manifest.secret_keys}
    if manifest.oauth is not None:
        secrets |= {"access_token": SECRET, "client_secret": SECRET}
        settings |= {"client_id": "koor"}
    return Session(http, 1, settings, secrets, now=NOON)


def preparing(name: str) -> Any:
    """What a text without media is prepared with: nothing, unless what is made first is not public yet."""
    if manifest_of(name).delivery is not Delivery.STAGED:
        return Shut()
    return Scripted(answer(200, {"id": "77", "status": "FINISHED", "status_code": "FINISHED"}))


STRANGE = (
    "snippet", "content", "account", "from", "status", "attachments", "author", "actor", "message",
    "created", "record", "replies", "topLevelComment", "post", "attributedTo", "commentary",
    "referenced_posts", "entities",
)  # fmt: skip
CURSORS = {
    "mastodon": '{"me": "1", "min": "1"}',
    "linkedin": '{"todo": [["urn:li:share:1", 0]], "counts": {}}',
    "youtube": '{"since": "2026-11-24T10:00:00Z", "counts": {"5": 1}}',
}


def strange_rows() -> list[Any]:
    """Rows as no platform describes them: no rows at all, and things where others belong."""
    wrong: tuple[Any, ...] = ("text", 5, True, None, [], [5], {}, {"id": 5}, {"snippet": "text"})
    rows = [{"id": "5", **dict.fromkeys(STRANGE, one)} for one in wrong]
    inner = [{"id": 6, "attachments": {"media_keys": one}, "replies": {"data": one}} for one in wrong]
    return [5, None, "text", [], {}, *rows, *inner, *({"snippet": {"topLevelComment": one}} for one in wrong)]


def among_strange_rows(name: str) -> Session:
    """An account that is let in, at a platform that answers every other question with strange rows."""
    rows = strange_rows()
    lists = dict.fromkeys(("data", "items", "elements", "notifications", "posts", "feed"), rows)
    whole: dict[str, Any] = {**lists, "meta": {}, "includes": {"users": rows}, "thread": {"replies": rows}}
    us = {"id": 1, "did": "did:plc:us", "handle": "us.example", "accessJwt": "a", "refreshJwt": "r", "slug": "us"}

    def told(method: str, url: str, more: Any) -> Any:
        if any(part in url for part in ("verify_credentials", "users/me", "createSession")):
            return answer(200, us)
        return answer(200, rows if name in ("mastodon", "wordpress") else whole)

    session = session_of(name, Scripted(told))
    own = {"user_id": "1", "channel": "us", "author": "urn:li:organization:1", "account": "1", "page": "1"}
    own |= {"kind": "page"} if name == "linkedin" else {}
    return dataclasses.replace(session, settings={**session.settings, "reads": "yes", **own})


def attempt(text: str = "Hallo", **more: Any) -> Attempt:
    return Attempt(1, "key-1", Draft(text, **more), Prepared(), NOON)


def among(cases: Iterable[str]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """All of these in one test, which names those that fail: thousands of tests take longer to tell of than to do."""

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(test)
        def whole(*args: Any, **named: Any) -> None:
            wrong = []
            for what in cases:
                try:
                    test(*args, what=what, **named)
                except Exception as broken:
                    wrong.append(f"{what}: {type(broken).__name__}: {broken}")
            assert not wrong, "\n".join(wrong)

        signature = inspect.signature(test)
        asked = [one for one in signature.parameters.values() if one.name != "what"]
        whole.__signature__ = signature.replace(parameters=asked)  # type: ignore[attr-defined]
        return whole

    return decorate


def test_there_are_connectors() -> None:
    assert len(NAMES) >= 5


class TestManifest:
    @pytest.mark.parametrize("name", NAMES)
    def test_complete(self, name: str) -> None:
        manifest = manifest_of(name)
        assert manifest.key == name
        for text in (manifest.name, manifest.what, manifest.why_people, manifest.works_well, manifest.source):
            assert text.strip()
        assert manifest.checked_on is not None
        assert date(2026, 1, 1) <= manifest.checked_on <= date.today()
        assert manifest.posts or manifest.listens or manifest.pushed

    @pytest.mark.parametrize("name", NAMES)
    def test_what_is_asked_has_a_name_and_each_key_once(self, name: str) -> None:
        manifest = manifest_of(name)
        for asks in (manifest.asks, manifest.options, *(kind.asks for kind in manifest.sources)):
            keys = [asked.key for asked in asks]
            assert len(set(keys)) == len(keys)
            assert all(asked.label for asked in asks)
            assert all(not asked.default or not asked.choices or asked.default in dict(asked.choices) for asked in asks)
        assert not any(asked.secret for asked in manifest.options)

    @pytest.mark.parametrize("name", NAMES)
    def test_who_reads_it_is_told(self, name: str) -> None:
        """Each choice that says who sees a post names the values with which everybody does."""
        manifest = manifest_of(name)
        asked = {one.key: one for one in (*manifest.options, *manifest.asks)}
        narrowing = {"visibility", "privacy", "audience", "status"} | {
            key for key, one in asked.items() if "who sees" in one.label.lower()
        }
        assert narrowing & set(asked) <= set(manifest.everyone)
        for key, values in manifest.everyone.items():
            assert set(values) - {""} <= set(dict(asked[key].choices))
            assert any(not manifest.for_everybody({key: value}, {}) for value, _name in asked[key].choices)
        assert not (manifest.answers_only and manifest.for_everybody({}, {}))

    @pytest.mark.parametrize("name", having("covers"))
    def test_the_platforms_behind_it(self, name: str) -> None:
        """Each is a choice of the setting `platform`, and tells as much as a manifest does."""
        choices = next(dict(asked.choices) for asked in manifest_of(name).asks if asked.key == "platform")
        for one in manifest_of(name).covers:
            assert choices[one.key] == one.name
            assert all((one.what, one.why_people, one.works_well, one.interface))

    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize(("flag", "part", "functions"), PROMISES)
    def test_truthful(self, name: str, flag: str, part: str, functions: dict[str, list[str]]) -> None:
        """A module and its functions are there exactly when the manifest says so."""
        promised, found = bool(getattr(manifest_of(name), flag)), part_of(name, part)
        for function, parameters in functions.items():
            there = getattr(found, function, None)
            assert (there is not None) == promised, f"{name}: {flag} is {promised}, {part}.{function} is {there}"
            if there is not None:
                assert list(inspect.signature(there).parameters) == parameters

    @pytest.mark.parametrize("name", NAMES)
    def test_what_may_be_there_takes_what_it_is_given(self, name: str) -> None:
        for part, functions in OPTIONAL.items():
            for function, parameters in functions.items():
                there = getattr(part_of(name, part), function, None)
                assert there is None or list(inspect.signature(there).parameters) == parameters

    @pytest.mark.parametrize("name", [name for name in NAMES if part_of(name, "mention")])
    def test_how_somebody_is_named(self, name: str) -> None:
        """Whatever is kept of them: what makes no mention there gives none."""
        written = module(name, "mention").written
        assert list(inspect.signature(written).parameters) == ["name", "value", "page"]
        assert [written("Els", odd, "") for odd in ("", "x y", "](", "@", "a\nb@c.example")] == [""] * 5

    @pytest.mark.parametrize("name", having("oauth"))
    def test_how_it_is_connected(self, name: str) -> None:
        """By https alone, with words for who registers the application; nobody pastes what the platform gives."""
        oauth = manifest_of(name).oauth
        assert oauth is not None
        assert oauth.authorise.startswith("https://")
        assert oauth.token.startswith("https://")
        assert all(oauth.scopes)
        assert "access_token" not in manifest_of(name).secret_keys
        assert oauth.pkce or not {"code_challenge", "code_challenge_method"} & set(oauth.extra)
        assert not {"state", "redirect_uri", "response_type", "scope"} & set(oauth.extra)

    @pytest.mark.parametrize("name", NAMES)
    def test_no_part_without_a_promise(self, name: str) -> None:
        manifest = manifest_of(name)
        promised = {part for flag, part, _functions in PROMISES if getattr(manifest, flag)}
        there = {part for part in {part for _flag, part, _functions in PROMISES} if part_of(name, part)}
        assert there == promised

    @pytest.mark.parametrize("name", having("by_hand"))
    def test_by_hand_sends_nothing(self, name: str) -> None:
        assert not manifest_of(name).publishes


class TestFolder:
    @pytest.mark.parametrize("name", NAMES)
    def test_tells_a_newcomer_what_they_need(self, name: str) -> None:
        told = (FOLDER / name / "README.md").read_text()
        headings = [line.removeprefix("## ") for line in told.splitlines() if line.startswith("## ")]
        assert headings == list(SECTIONS)
        assert all(len(part.strip()) > 20 for part in told.split("\n## ")[1:])

    @pytest.mark.parametrize("name", NAMES)
    def test_has_tests_of_its_own(self, name: str) -> None:
        assert "def test_" in (FOLDER / name / "tests.py").read_text()

    @pytest.mark.parametrize("name", NAMES)
    def test_its_picture_is_small_and_harmless(self, name: str) -> None:
        drawn = (FOLDER / name / "icon.svg").read_bytes()
        tags = {element.tag.split("}")[-1] for element in ElementTree.fromstring(drawn).iter()}
        assert len(drawn) < 2000
        assert tags <= {"svg", "path", "circle", "rect", "line", "polyline", "g"}
        assert b"currentColor" in drawn

    def test_no_django(self) -> None:
        """Each module is imported in a process of its own, where Django may not come in."""
        modules = [
            f"koor.connectors.{path.parent.name}.{path.stem}"
            for path in sorted(FOLDER.glob("*/*.py"))
            if path.stem not in ("tests", "__init__")
        ]
        work = f"import sys, importlib\nfor name in {modules!r}: importlib.import_module(name)\n"
        work += "sys.exit('django' if 'django' in sys.modules else 0)"
        done = subprocess.run([sys.executable, "-c", work], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def counted(name: str, draft: Draft, limits: Limits) -> int:
    """As the counter on the compose page counts."""
    own = part_of(name, "limits")
    return int(own.length(draft, limits)) if own else logic.length(draft, limits)


class TestPrepare:
    @pytest.mark.parametrize("name", having("publishes"))
    def test_harmless_and_repeatable(self, name: str) -> None:
        """A text without media is prepared without a word to anybody, and twice the same."""
        publish = module(name, "publish")
        first, second = (publish.prepare(session_of(name, preparing(name)), draft_for(name)) for _time in range(2))
        assert first == second
        assert not first.problem

    @pytest.mark.parametrize("name", having("publishes"))
    def test_limits(self, name: str) -> None:
        publish, limits = module(name, "publish"), limits_of(name)
        session = session_of(name, preparing(name))
        too_many = (Medium(b"x", (limits.media_kinds or ("image/jpeg",))[0]),) * (limits.media + 1)
        refused = [draft_for(name, ""), draft_for(name, "   \n"), draft_for(name, media=too_many)]
        if limits.characters is not None:
            refused.append(draft_for(name, "x" * (limits.characters + 1)))
            assert not publish.prepare(session, draft_for(name, "x" * limits.characters)).problem
        for draft in refused:
            prepared = publish.prepare(session, draft)
            assert prepared.problem
            assert prepared.because is Because.REJECTED
            assert prepared.problem % prepared.values

    @pytest.mark.parametrize(
        "sign",
        [
            "x",
            "é",
            "👍🏽",
            "ש",
            "a\u200b",
            "woord ",
            "https://a.example/b ",
            "e\u0301",
            "🇳🇱",
            "👩‍👩‍👧 ",
            "\u202eom\u202c ",
        ],
    )
    @pytest.mark.parametrize("name", [name for name in having("publishes") if limits_of(name).characters])
    def test_what_the_counter_says_is_what_the_connector_keeps(self, name: str, sign: str) -> None:
        """At the limit, a sign over it and far over it, in signs that platforms count in ways of their own."""
        limits = limits_of(name)
        most, one = limits.characters or 0, counted(name, draft_for(name, sign * 10), limits) / 10
        fits = int(most / max(one, 1))
        for number in (fits - 1, fits, fits + 2, fits * 3):
            draft = draft_for(name, (sign * number).strip())
            prepared = module(name, "publish").prepare(session_of(name, preparing(name)), draft)
            assert bool(prepared.problem) is (counted(name, draft, limits) > most), (number, prepared.problem)

    @pytest.mark.parametrize("name", having("publishes"))
    def test_the_accounts_own_limits_hold(self, name: str) -> None:
        tight = Session(Shut(), 1, settings_of(name), limits=Limits(characters=3))
        assert module(name, "publish").prepare(tight, Draft("vier")).problem

    @pytest.mark.parametrize("name", [name for name in NAMES if part_of(name, "limits")])
    def test_every_choice_has_limits(self, name: str) -> None:
        own = module(name, "limits")
        for asked in manifest_of(name).asks:
            for value, _name in asked.choices:
                assert isinstance(own.limits_for({asked.key: value}), Limits)
        assert own.length(Draft("Hallo"), limits_of(name)) == 5


class TestSend:
    @pytest.mark.parametrize("name", on_network("publishes"))
    @among(UNSURE)
    def test_what_is_not_proven_is_unknown(self, name: str, what: str) -> None:
        outcome = module(name, "publish").send(session_of(name, Scripted(UNSURE[what])), attempt())
        assert (outcome.verdict, outcome.remote_id) == (Verdict.UNKNOWN, "")

    @pytest.mark.parametrize("name", on_network("publishes"))
    @pytest.mark.parametrize(
        ("what", "because"),
        [
            ("not reached", Because.NOT_REACHED),
            ("401", Because.AUTH),
            ("403", Because.AUTH),
            ("429", Because.RATE),
        ],
    )
    def test_what_is_certain(self, name: str, what: str, because: Because) -> None:
        outcome = module(name, "publish").send(session_of(name, Scripted(CERTAIN[what])), attempt())
        assert (outcome.verdict, outcome.because) == (Verdict.DEFINITELY_NOT, because)
        assert outcome.retry_after == (30 if what == "429" else None)

    @pytest.mark.parametrize("name", on_network("publishes"))
    def test_one_step(self, name: str) -> None:
        """Sending is one request: a second one in the same step could go twice."""
        http = Scripted(UNSURE["500"])
        module(name, "publish").send(session_of(name, http), attempt())
        assert len(http.asked) == 1

    @pytest.mark.parametrize("name", [name for name in having("publishes") if not manifest_of(name).network])
    def test_inside_the_house_nothing_is_asked(self, name: str) -> None:
        publish, session = module(name, "publish"), session_of(name, Shut())
        first, again = publish.send(session, attempt()), publish.send(session, attempt())
        assert (first.verdict, first.remote_id, first.url) == (Verdict.DONE, again.remote_id, again.url)
        assert publish.find(session, attempt()) == Seen(first.remote_id, first.url)


class TestFind:
    @pytest.mark.parametrize("name", on_network("publishes"))
    @among([*UNSURE, *CERTAIN])
    def test_not_being_able_to_look_is_not_the_same_as_not_there(self, name: str, what: str) -> None:
        found = module(name, "publish").find(session_of(name, Scripted({**UNSURE, **CERTAIN}[what])), attempt())
        assert isinstance(found, CannotKnow)

    @pytest.mark.parametrize("name", on_network("publishes"))
    @pytest.mark.parametrize("to", ["", "12"])
    def test_strange_rows_are_nobodys_post(self, name: str, to: str) -> None:
        manifest = manifest_of(name)
        handle = {"post": 12, "parent": 12, "container": "", "video": "7", "media": ["urn:7"]}
        made = Attempt(1, "key-1", Draft("Hallo", in_reply_to=to), Prepared(handle), NOON)
        for known in (handle, {}):
            made = dataclasses.replace(made, prepared=Prepared(known))
            found = module(name, "publish").find(among_strange_rows(name), made)
            assert isinstance(found, NotSeen | CannotKnow)
            assert manifest.key == name

    @pytest.mark.parametrize("name", having("publishes"))
    def test_answers(self, name: str) -> None:
        found = module(name, "publish").find(session_of(name, Scripted(answer(200, []))), attempt())
        assert isinstance(found, Seen | NotSeen | CannotKnow)


class TestListen:
    @pytest.mark.parametrize("name", having("listens"))
    @among([what for what in [*UNSURE, *CERTAIN] if what != "302"])
    def test_a_failure_keeps_the_cursor_and_says_so(self, name: str, what: str) -> None:
        for kind in manifest_of(name).sources:
            settings = {"kind": kind.key, **{asked.key: "https://x.example/feed" for asked in kind.asks}}
            session = session_of(name, Scripted({**UNSURE, **CERTAIN}[what]))
            batch = module(name, "listen").fetch(session, "{}", settings)
            assert isinstance(batch, Batch)
            assert batch.problem
            assert batch.because is not Because.NONE
            assert (batch.items, batch.cursor, batch.more) == ((), "{}", False)

    @pytest.mark.parametrize("name", [name for name in having("listens") if manifest_of(name).http])
    def test_strange_rows_stop_nothing(self, name: str) -> None:
        """They are set aside, and what comes after them is heard."""
        for kind in manifest_of(name).sources:
            if kind.pushed:
                continue
            settings = {"kind": kind.key, **{asked.key: "https://x.example/feed" for asked in kind.asks}}
            for cursor in ("", CURSORS.get(name, "")):
                batch = module(name, "listen").fetch(among_strange_rows(name), cursor, settings)
                assert isinstance(batch, Batch)
                assert batch.broken or batch.problem or not batch.items

    @pytest.mark.parametrize("name", having("listens"))
    def test_any_cursor(self, name: str) -> None:
        for cursor in ("", "nonsense", "[]", '{"a": {"b": 1}}', "x" * 10_000):
            settings = {"kind": manifest_of(name).sources[0].key}
            assert isinstance(
                module(name, "listen").fetch(session_of(name, Scripted(UNSURE["500"])), cursor, settings), Batch
            )


class TestRest:
    @pytest.mark.parametrize("name", on_network("checks"))
    @among([*UNSURE, *CERTAIN])
    def test_a_look_that_fails(self, name: str, what: str) -> None:
        health = module(name, "check").check(session_of(name, Scripted({**UNSURE, **CERTAIN}[what])))
        assert isinstance(health, Health)
        assert not health.works
        assert health.sentence % health.values
        assert logic.passes(health) == (what not in ("401", "403"))

    @pytest.mark.parametrize("name", NAMES)
    @among(UNSURE)
    def test_writes_are_as_careful_as_sending(self, name: str, what: str) -> None:
        manifest = manifest_of(name)
        writes: list[tuple[bool, str, Callable[[Any, Session], Outcome]]] = [
            (manifest.deletes, "correct", lambda part, session: part.delete(session, "12")),
        ]
        for there, part, write in writes:
            if there and manifest.network and manifest.http:
                assert write(module(name, part), session_of(name, Scripted(UNSURE[what]))).verdict is Verdict.UNKNOWN

    @pytest.mark.parametrize("name", on_network("acts"))
    @among(UNSURE)
    def test_a_deed_is_done_only_when_it_is_proven(self, name: str, what: str) -> None:
        manifest, part = manifest_of(name), module(name, "act")
        done = [part.act(session_of(name, Scripted(UNSURE[what])), deed, "12", "") for deed in manifest.acts]
        done += [part.undo(session_of(name, Scripted(UNSURE[what])), deed, "12") for deed in manifest.undoes]
        assert Verdict.DONE not in {outcome.verdict for outcome in done}
        assert set(manifest.undoes) <= set(manifest.acts)


class TestConnect:
    @pytest.mark.parametrize("name", having("oauth"))
    @among([*UNSURE, *CERTAIN])
    def test_places_that_can_not_be_had(self, name: str, what: str) -> None:
        """Told in words, never raised; and no answer without sense becomes an account."""
        found = module(name, "connect").places(session_of(name, Scripted({**UNSURE, **CERTAIN}[what])))
        assert isinstance(found, Health)
        assert not found.works
        assert found.sentence % found.values
        assert SECRET not in repr(found)

    @pytest.mark.parametrize("name", having("oauth"))
    @pytest.mark.parametrize("function", ["lengthen", "refresh"])
    @among([*UNSURE, *CERTAIN])
    def test_no_tokens_without_an_answer(self, name: str, function: str, what: str) -> None:
        """What is not proven disconnects nobody: only a documented no is `AUTH`."""
        change = getattr(module(name, "connect"), function, None)
        if change is None:
            return
        session = session_of(name, Scripted({**UNSURE, **CERTAIN}[what]))
        found = change(session, Tokens(SECRET, SECRET))
        assert isinstance(found, Outcome)
        assert found.verdict is not Verdict.DONE
        assert SECRET not in repr(found)
        assert what in CERTAIN or found.because is not Because.AUTH


class TestSecrets:
    @pytest.mark.parametrize("name", NAMES)
    def test_not_in_what_is_shown(self, name: str) -> None:
        assert SECRET not in repr(session_of(name, Shut()))

    @pytest.mark.parametrize("name", on_network("publishes"))
    @pytest.mark.parametrize("status", [200, 400, 401, 403, 422, 429, 500])
    def test_not_in_answers_even_when_the_platform_repeats_them(self, name: str, status: int) -> None:
        echo = Scripted(
            answer(status, {"error": f"the token {SECRET} is not good", "token": SECRET}, {"X-Echo": SECRET})
        )
        publish, session = module(name, "publish"), session_of(name, echo)
        picture = Draft("Hallo", (Medium(b"x", (limits_of(name).media_kinds or ("image/jpeg",))[0]),))
        said: list[Any] = [publish.send(session, attempt()), publish.find(session, attempt())]
        said.append(publish.prepare(session, picture))
        if manifest_of(name).checks:
            said.append(module(name, "check").check(session))
        if manifest_of(name).deletes:
            said.append(module(name, "correct").delete(session, "12"))
        assert SECRET not in repr(said)

    @pytest.mark.parametrize("name", [one for one in on_network("publishes") if one not in {key[0] for key in SHAPED}])
    def test_sent_in_a_header_and_not_in_the_address(self, name: str) -> None:
        http = Scripted(UNSURE["500"])
        module(name, "publish").send(session_of(name, http), attempt())
        assert SECRET not in str(http.asked)

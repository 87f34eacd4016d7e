"""The fast engine and the reference can't be told apart, whatever is asked and whatever was written."""

import contextlib
import random
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from koor.flow.listening import actions, queries
from koor.flow.listening.logic import fast
from koor.flow.listening.logic.fold import words
from koor.flow.listening.logic.match import Matcher, Rarity
from koor.flow.listening.logic.post import Post
from koor.flow.listening.logic.query import Query, QueryError, read_query
from koor.flow.listening.logic.repeats import Finder, shaped
from koor.ground.people.models import Person

pytestmark = pytest.mark.optional("fast", "numba")

KEPT = Path(__file__).parents[4] / "var"  # shared by runs, and with the measurements: compiling takes twenty seconds
split = str.split
PIECES = [
    *split("aa ab abc Abcd bé b_2 日 本 👍 don't #aa @abc x#ab #日本 ß STRASSE straße İa"),
    *split("＃ab &#ab /@abc क़a ﬁ ﷺ 👍🏽 🇳🇱 #É が \u1f71 கா நि"),
    *("ab" * 12, "e\u0301a", "\u1100\u1161", "각", "#a\u200db", "\ufe0f", "\u0345", "\ud800", "ｱﾞ", "か\u3099", "²"),
    *("a\u0300\u0301" + "\u0302" * 40 + "b", "\u1fb3", "𝒜", "\U00030001", "\U000e0001", "\u0bcd", "#नि", "#_", "1"),
]
BETWEEN = [" ", "-", ". ", "\n", "", "", ", ", "’", "\u00ad"]
PLAIN = [
    *split("aa AB ab* be b_2 日本 👍 don't #aa @abc #日本 aa-ab #ab* strasse stras* İa"),
    *split("각 가* क़* ababab* #é 日 が か ea 🇳 நி கா"),
    *('"aa ab"', '"ab* bé"', "ab" * 12, "नि", "fi", "ﬁ*", "𝒜", "bea*", "#_", "1", "²"),
]
ATOMS = [
    *PLAIN,
    "aa NEAR/2 ab*",
    '(aa OR "b_2 aa") NEAR/3 (日本 OR #aa OR ab*)',
    *split("lang:nl lang:nl-be author:els author:ro* has:media has:photo source:goog*"),
    "NOT aa",
    'author:"els de"',
]


@pytest.fixture(scope="module", autouse=True)
def _prepared() -> None:
    KEPT.mkdir(mode=0o700, parents=True, exist_ok=True)
    fast.prepare(KEPT)


class Drawn:
    """Queries and posts at random."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def expression(self, deep: int) -> str:
        kind = self.random.random()
        if deep == 0 or kind < 0.35:
            return self.random.choice(ATOMS)
        if kind < 0.45:
            return f"{self.one()} NEAR/{self.random.randint(1, 5)} {self.one()}"
        sign = self.random.choice([" ", " OR ", " OR ", " NOT "])
        return f"({self.expression(deep - 1)}){sign}({self.expression(deep - 1)})"

    def one(self) -> str:
        return self.random.choice(PLAIN)

    def queries(self) -> dict[int, Query]:
        found = {}
        for number in range(self.random.choice([1, 3, 10, 40])):
            with contextlib.suppress(QueryError):
                found[number] = read_query(self.expression(self.random.randint(0, 3)))
        return found

    def text(self) -> str:
        draw = self.random
        if draw.random() < 0.1:
            ranges = (0x250, 0x3000, 0x110000)
            return "".join(chr(draw.randrange(draw.choice(ranges))) for _ in range(draw.randint(0, 20)))
        return "".join(draw.choice(PIECES) + draw.choice(BETWEEN) for _ in range(draw.randint(0, 14)))

    def post(self) -> Post | str:
        choice = self.random.choice
        if self.random.random() < 0.4:
            return self.text()
        who, handle = choice(["", "Els de Vries", "Roelvink"]), choice(["", "@els", "@roel@x.nl"])
        language, source = choice(["", "nl", "nl_BE", "en-GB"]), choice(["", "Google Reviews"])
        return Post(self.text(), who, handle, language, source, choice(["", "mastodon"]), choice(MEDIA))


MEDIA = [frozenset[str](), frozenset({"photo"}), frozenset({"other"})]


def compare(seed: int, rounds: int) -> int:
    """How many answers there were; all are the same."""
    drawn, met = Drawn(seed), 0
    for _ in range(rounds):
        queries = drawn.queries()
        posts = [drawn.post() for _ in range(drawn.random.choice([1, 5, 30]))]
        rarity = drawn.random.choice([None, Rarity({"aa": 100_000, "ab": 3, "日": 7})])
        expected = Matcher(queries, rarity).match_many(posts)
        found = fast.matcher(queries, rarity).match_many(posts * 2)  # twice: nothing of a post is left to its twin
        for post, right, other in zip(posts * 2, expected * 2, found, strict=True):
            assert other == right, (post, [queries[one].expression for one in {*right} ^ {*other}])
        met += sum(map(len, expected))
    return met


def test_uncompiled_it_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is compiled is plain Python, and must mean the same when read so: there each line can be counted."""
    from koor.flow.listening.logic.fast import batch, engine, judge, scan, words

    read_plainly(monkeypatch, scan, judge, words, batch)
    monkeypatch.setattr(engine, "_compiled", batch.match_batch)
    with np.errstate(over="ignore"), ended_after(seconds=20):  # the numbers of words go round, as compiled
        matcher = fast.matcher({1: read_query('"aa bb"'), 2: read_query('"aa cc"')})
        assert matcher.match_many(["aa cc bb", "aa cc bb"]) == [[2], [2]]  # the same words at the same places
        assert compare(seed=6, rounds=8) > 50
        matcher = fast.matcher({name: read_query(f"w{name} OR all") for name in range(40)})
        assert matcher.match_many(["all"] * 30 + ["w2 w1"]) == [list(range(40))] * 30 + [[1, 2]]
        assert fast.matcher({1: read_query('"aa bb"')}).match_many(["bb aa bb", "bb aa aa"]) == [[1], []]
        tell_twins_apart()


def read_plainly(monkeypatch: pytest.MonkeyPatch, *modules: ModuleType) -> None:
    for module in modules:
        for name, each in vars(module).items():
            if hasattr(each, "py_func"):
                monkeypatch.setattr(module, name, each.py_func)


@contextlib.contextmanager
def ended_after(seconds: int) -> Iterator[None]:
    """Ends what is plain Python, should it never end by itself; nothing can end what is compiled."""

    def end(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def test_the_fast_engine_says_what_the_reference_says() -> None:
    assert compare(seed=1, rounds=60) > 500


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 6))
def test_the_fast_engine_says_what_the_reference_says_at_length(seed: int) -> None:
    assert compare(seed, rounds=2_500) > 20_000


def test_every_code_point_becomes_what_the_reference_makes_of_it() -> None:
    """Each by itself and between letters, in the pages in which most that is special lies."""
    codes = [*range(0x20, 0x3400), *range(0xA640, 0xAC00, 3), *range(0xF900, 0x10000), *range(0x1F000, 0x1FB00)]
    texts = [f"{chr(code)} b{chr(code)}b #c{chr(code)}d" for code in codes]
    queries = {word: read_query(word) for word in ("bb", "b", "#cd", "#c", "cd", "c", "bsb", "bb*", "#c NEAR/1 d")}
    queries |= {word: read_query(word) for word in ("か", "e", "ss", "\u0915\u093c")}
    assert fast.matcher(queries).match_many(texts) == Matcher(queries).match_many(texts)


def test_long_words_are_told_apart_by_all_their_letters() -> None:
    tell_twins_apart()


def tell_twins_apart() -> None:
    """They begin alike, are equally long, come through the sieve and are looked for in the same row."""
    one, other = twins()
    matcher = fast.matcher({1: read_query(one), 2: read_query("warmtepompinstalla*"), 3: read_query(f"#{other[:-1]}*")})
    assert matcher.match_many([other, one, one[:16], f"#{other}", f"#{one}"]) == [[2], [1, 2], [], [2, 3], [1, 2]]
    assert fast.matcher({1: read_query(f"{one}*")}).match_many([other, f"{one}a", f"{other}a"]) == [[], [1], []]


def twins() -> tuple[str, str]:
    from koor.flow.listening.logic.fast.program import hashed

    met: dict[tuple[int, ...], str] = {}
    for word in (f"warmtepompinstallateur{number:05}" for number in range(100_000)):
        number = hashed(word.encode())
        if (other := met.setdefault((number >> 58, number & 63, number >> 32 & 7), word)) != word:
            return other, word
    raise AssertionError("none are alike")


def test_words_that_begin_alike_each_have_a_row_of_their_own() -> None:
    """A saved query for each of many long names: looked up by how they begin, each would be gone through."""
    from koor.flow.listening.logic.fast.program import hashed

    letters = "warmtepompinstallateur" * 5
    for size in (*range(15, 20), 31, 32, 33, 34, 100):
        numbers = {hashed(f"{letters[: size - 4]}{number:04}".encode()) >> 32 & 0xFFFF for number in range(4_000)}
        assert len(numbers) > 3_700


def test_a_new_batch_knows_nothing_of_the_last() -> None:
    matcher = fast.matcher({1: read_query('"aa bb" NOT cc'), 2: read_query("aa")})
    assert matcher.match_many(["aa", "bb", "aa bb", "cc", "aa bb"]) == [[2], [], [1, 2], [], [1, 2]]
    assert matcher.match("bb aa") == [2]


def test_names_come_in_the_order_given_also_when_there_are_many() -> None:
    names = [f"q{number}" for number in range(3_000)]
    queries = {name: read_query(f"w{number} OR all") for number, name in enumerate(names)}
    matcher = fast.matcher(queries)
    assert matcher.match("all") == names
    assert matcher.match(" ".join(f"w{number}" for number in reversed(range(100)))) == names[:100]
    assert matcher.match_many(["all"] * 400)[-1] == names


def test_a_writer_of_many_names() -> None:
    matcher = fast.matcher({1: read_query("author:last"), 2: read_query('author:"x last"'), 3: read_query("aa")})
    posts = [Post("aa", author="x " * 20_000 + "last"), Post("aa", handle="last"), Post("bb")]
    assert matcher.match_many(posts) == [[1, 2, 3], [1, 3], []]


def test_compiled_shapes_are_those_of_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are kept, so that what one process stored must be found by another."""
    drawn = Drawn(3)
    said = [found for _ in range(300) if (found := words(drawn.text() + drawn.text()))]
    said += [["\ud800", "é" * 300, "日"], ["aa"] * 400]
    quick = shaped(said)
    monkeypatch.setattr(fast, "is_ready", lambda: False)
    for one, other in zip(quick, shaped(said), strict=True):
        assert (one.exact, one.bands.tolist()) == (other.exact, other.bands.tolist())
        assert one.features.tolist() == other.features.tolist()


def test_compiled_firsts_are_those_of_numpy() -> None:
    assert 200 < same_firsts(600) < 600


def test_uncompiled_shapes_and_firsts_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    from koor.flow.listening.logic.fast import shaping

    said = [split("de ketel lekt weer en nog eens"), ["\ud800", "é" * 300, "日"]]
    one, other = shaped(said)
    read_plainly(monkeypatch, shaping)
    with np.errstate(over="ignore"), ended_after(seconds=20):
        assert [shape.exact for shape in shaped(said)] == [one.exact, other.exact]
        shaping.prepare()  # what is compiled first runs every function once
        assert 5 < same_firsts(20) <= 20


def same_firsts(copies: int) -> int:
    """How many copies have a first; the same with and without what is compiled."""
    draw, known = random.Random(5), [f"w{number}" for number in range(300)]
    said = [draw.choices(known, k=draw.randint(6, 30)) for _ in range(200)]  # more than the first table holds
    for _ in range(copies):
        said.append([word if draw.random() < 0.9 else draw.choice(known) for word in draw.choice(said)])
    finders, found = (Finder(compiled=True), Finder(compiled=False)), list[tuple[int | None, ...]]()
    for number, shape in enumerate(shaped(said)):
        found.append(tuple(finder.first_like(shape) for finder in finders))
        for finder, first in zip(finders, found[-1], strict=True):
            if first is None:
                finder.add(-number, shape)  # of several the least is the first
    assert all(one == other for one, other in found)
    return sum(one is not None for one, _ in found)


def test_shapes_are_as_large_as_what_they_are_made_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was compiled is kept: sizes that stood in it would stay what they were."""
    from koor.flow.listening.logic.fast import shaping

    said, starts = [split("de ketel lekt weer")], np.array([0, 8])
    _, exact, (bands,) = shaping.shaped(said, starts)
    monkeypatch.setattr(shaping, "TURNS", shaping.TURNS[:8])
    monkeypatch.setattr(shaping, "MIXES", shaping.MIXES[:2])
    _, same, (fewer,) = shaping.shaped(said, starts)
    assert (same, fewer.tolist()) == (exact, bands[:2].tolist())


def test_a_post_waits_for_a_page_of_code_points_that_is_being_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    from koor.flow.listening.logic.fast import codes

    codes._made.cache_clear()
    tables: list[codes.Codes] = []
    ask(*[lambda: tables.append(codes.codes())] * 8)
    assert all(table is tables[0] for table in tables)  # which all threads share
    matcher, found = fast.matcher({1: read_query("#caab"), 2: read_query("cab")}), list[list[int]]()
    traits = codes._traits
    asking = threading.Thread(target=lambda: found.append(matcher.match("#c\u1ea1ab")))

    def slowly(char: str) -> int:
        if char == "\u1ea1":
            asking.start()
            asking.join(0.1)
        return traits(char)

    monkeypatch.setattr(codes, "_traits", slowly)
    tables[0].learn(["\u1ea1"])
    asking.join()
    assert found == [[1]]


def ask(*asked: Callable[[], None]) -> None:
    """All at once."""
    threads = [threading.Thread(target=each) for each in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_no_queries_and_no_posts() -> None:
    assert fast.matcher({}).match_many(["wat dan ook", ""]) == [[], []]
    assert fast.matcher({1: read_query("aa")}).match_many([]) == []


def test_long_posts_are_matched_soon_and_leave_no_room_behind() -> None:
    queries = {n: read_query(f'"aa aa aa{n} aa" OR "aa aa aa aa bb{n}*"') for n in range(200)}
    queries |= {200 + n: read_query(f"aa NEAR/3 cc{n} OR (aa OR dd) NEAR/1000 ee{n}*") for n in range(200)}
    queries[999] = read_query("aa NEAR/3 bb")
    matcher = fast.matcher(queries)
    long = "aa " * 33_000
    assert matcher.match_many([long, long + "x x x bb", long + "x x bb"]) == [[], [], [999]]
    assert matcher.match_many(["ß" * 100_000, "#" + "ß" * 100_000, "a" * 100_000, "👍#" * 50_000]) == [[]] * 4
    assert matcher.match_many([long] * 40)[-1] == []
    matcher.match("kort")
    assert matcher.longest < 10_000


def test_the_numbers_of_posts_begin_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("koor.flow.listening.logic.fast.engine._FORGET", 3)
    matcher = fast.matcher({1: read_query("aa NOT bb")})
    assert [matcher.match(text) for text in ["aa", "aa bb", "bb", "aa", "aa bb", "aa"]] == [[1], [], [], [1], [], [1]]


@pytest.fixture
def kept_in() -> Iterator[Callable[[Path], Path]]:
    """Where a house keeps what is compiled; afterwards as it was."""
    import numba

    from koor.flow.listening.logic.fast import jit

    before = numba.config.CACHE_DIR

    def keep(home: Path) -> Path:
        jit.keep_in(home)
        return Path(numba.config.CACHE_DIR)

    yield keep
    numba.config.CACHE_DIR = before


def test_what_is_compiled_stays_in_the_house(tmp_path: Path, kept_in: Callable[[Path], Path]) -> None:
    (tmp_path / "compiled" / "of-another-version").mkdir(parents=True)
    assert kept_in(tmp_path).parent == tmp_path / "compiled"
    assert not (tmp_path / "compiled" / "of-another-version").exists()


def test_a_house_that_cannot_be_written_to_compiles_for_this_process_alone(
    tmp_path: Path, kept_in: Callable[[Path], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    (full := tmp_path / "full").touch()
    assert kept_in(full).is_dir()
    monkeypatch.setattr("os.access", lambda *_: False)  # the folder is of another user
    assert tmp_path not in (mine := kept_in(tmp_path)).parents
    assert list(mine.iterdir()) == []


def test_where_compiling_fails_the_plain_one_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from koor.flow.listening.logic.fast import jit

    def broken(_home: Path) -> None:
        raise ImportError("llvmlite")

    monkeypatch.setattr(jit, "keep_in", broken)
    for known in ("_begun", "_ready"):
        monkeypatch.setattr(fast, known, threading.Event())
    fast.prepare_soon(tmp_path)
    for thread in threading.enumerate():
        if thread.name == "compiling":
            thread.join()
    assert not fast.is_ready()
    assert "the plain one goes on" in caplog.text


@pytest.mark.django_db
def test_many_saved_queries_are_held_by_the_fast_engine(marloes: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("koor.flow.listening.queries.matching.MANY", 2)
    actions.add_query(by=marloes, name="Ours", expression="reurslag OR #reurslag")
    assert isinstance(queries.matcher(), Matcher)
    second = actions.add_query(by=marloes, name="Cold", expression='"koude douche"')
    from koor.flow.listening.logic.fast.engine import FastMatcher

    quick = queries.matcher()
    assert isinstance(quick, FastMatcher)
    assert quick.match(Post("Een koude douche")) == [second.pk]
    monkeypatch.setattr(fast, "is_ready", lambda: False)
    monkeypatch.setattr(fast, "prepare_soon", lambda home: None)
    assert isinstance(queries.matcher(), Matcher)  # nothing waits while it is compiled

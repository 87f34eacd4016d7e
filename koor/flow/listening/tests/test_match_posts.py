"""The matcher, the plain evaluation of the tree and one written from the manual can't be told apart."""

import contextlib
import re
import unicodedata
from typing import NoReturn

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from koor.flow.listening.logic import match
from koor.flow.listening.logic.match import Matcher, Rarity, Text, meets
from koor.flow.listening.logic.post import Post
from koor.flow.listening.logic.query import QueryError, read_query
from koor.flow.listening.logic.tree import in_a_row
from tests.plugin import ALL

VOCABULARY = ["aa", "ab", "abc", "Abcd", "bé", "b_2", "日", "本", "👍", "don't", "#aa", "@abc", "x#ab", "#日本"]
SEPARATORS = [" ", "-", ". ", "\n", ""]
ATOMS = [
    "aa",
    "AB",
    "ab*",
    "be",
    "b_2",
    '"aa ab"',
    '"ab* bé"',
    "日本",
    "👍",
    "don't",
    "#aa",
    "@abc",
    "#a*b",
    "#日本",
    "aa-ab",
    "#ab*",
]


def naive_words(text: str) -> list[str]:
    """The words, put together by hand: enough of the manual for the vocabulary of this test."""
    spread = unicodedata.normalize("NFD", text.casefold())
    bare = unicodedata.normalize("NFC", "".join(c for c in spread if not unicodedata.combining(c)))
    return re.findall(r"[日本👍]|[a-z0-9_]+", bare)


def naive_meets(tree: object, text: str) -> bool:
    """Evaluates a nested tuple of the generator below, without a line of the product's code."""
    kind, *parts = tree  # type: ignore[misc]
    if kind == "and":
        return all(naive_meets(part, text) for part in parts)
    if kind == "or":
        return any(naive_meets(part, text) for part in parts)
    if kind == "not":
        return not naive_meets(parts[0], text)
    if kind == "near":
        most, left, right = parts
        return any(
            min(abs(a - b) for a in one for b in other) <= most
            for one in naive_places(left, text)
            for other in naive_places(right, text)
        )
    atom = parts[0]
    if atom[0] in "#@":
        return naive_tag(atom, text)
    return bool(naive_places(atom, text))


def naive_places(atom: str, text: str) -> list[range]:
    asked = [
        (word, star)
        for word, star in re.findall(r"([日本👍]|[a-z0-9_]+)(\*?)", " ".join(re.split(r'["\-\']', fold(atom))))
    ]
    found = naive_words(text)
    return [
        range(at, at + len(asked))
        for at in range(len(found) - len(asked) + 1)
        if all(
            found[at + i].startswith(word) if star else found[at + i] == word for i, (word, star) in enumerate(asked)
        )
    ]


def fold(atom: str) -> str:
    return atom.lower().replace("é", "e")


def naive_tag(atom: str, text: str) -> bool:
    bodies = re.findall(rf"(?<![\w&/#@]){atom[0]}(\w+)", text)
    wanted = atom[1:]
    if wanted.endswith("*"):
        return any(fold(body).startswith(wanted[:-1]) for body in bodies)
    return wanted in map(fold, bodies)


simple = st.sampled_from(["aa", "AB", "ab*", "be", '"aa ab"', '"ab* bé"', "日本", "👍", "don't"])
leaves = st.one_of(
    st.sampled_from([atom for atom in ATOMS if atom != "#a*b"]).map(lambda atom: ("leaf", atom)),
    st.tuples(st.just("near"), st.integers(1, 4), simple, simple),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(st.just("and"), inner, inner),
        st.tuples(st.just("or"), inner, inner),
        st.tuples(st.just("and"), inner, st.tuples(st.just("not"), inner)),
        st.tuples(st.just("not"), inner),
    ),
    max_leaves=8,
)
posts = st.lists(st.tuples(st.sampled_from(VOCABULARY), st.sampled_from(SEPARATORS)), max_size=12).map(
    lambda pairs: "".join(word + separator for word, separator in pairs)
)


def written(tree: tuple) -> str:  # type: ignore[type-arg]
    kind, *parts = tree
    if kind == "leaf":
        return str(parts[0])
    if kind == "not":
        return f"NOT ({written(parts[0])})"
    if kind == "near":
        return f"{parts[1]} NEAR/{parts[0]} {parts[2]}"
    return f" {kind.upper()} ".join(f"({written(part)})" for part in parts)


@settings(max_examples=400 if ALL else 150, deadline=None)
@given(st.lists(trees, min_size=1, max_size=6), st.lists(posts, min_size=1, max_size=4))
@example([("leaf", '"ab* bé"')], ["abcd be"])
@example([("and", ("leaf", "aa"), ("not", ("leaf", "aa")))], ["aa"])
@example([("near", 1, "aa", '"ab* bé"'), ("near", 2, "aa", "AB")], ["bé aa abcd be", "aa 👍 ab"])
def test_matcher_tree_and_manual_agree(written_trees: list, texts: list[str]) -> None:  # type: ignore[type-arg]
    queries, naive = {}, {}
    for number, tree in enumerate(written_trees):
        try:
            queries[number] = read_query(written(tree))
            naive[number] = tree
        except QueryError as error:
            if "only leaves words out" not in str(error) and "combinations" not in str(error):
                raise
    matcher = Matcher(queries)
    counted = Matcher(queries, Rarity({"aa": 100_000, "ab": 3, "日": 7}))
    for text in texts:
        expected = [number for number, tree in naive.items() if naive_meets(tree, text)]
        assert matcher.match(text) == expected
        assert counted.match(text) == expected
        assert [number for number, query in queries.items() if meets(query, text)] == expected


@settings(max_examples=200 if ALL else 80, deadline=None)
@given(st.text(max_size=80), st.text(alphabet='ab*"() ORNT#@日é-', max_size=30))
def test_any_text_and_any_expression_are_survived(text: str, expression: str) -> None:
    try:
        query = read_query(expression)
    except QueryError:
        return
    assert (Matcher({"q": query}).match(text) == ["q"]) is meets(query, text)


ASKED = [
    ("author:els", {0, 1}),
    ("author:@els", {0, 1}),
    ('author:"els de vries"', {0}),
    ("author:vries", {0}),
    ("author:roel*", {1}),
    ('author:"vries els"', set()),  # the end of a name and the beginning of a handle are no phrase
    ("pomp NOT author:els", {2}),
    ("lang:nl", {0, 1}),
    ("lang:nl-be", {1}),
    ("lang:nl OR lang:en", {0, 1, 2}),
    ('source:"google reviews"', {0}),
    ("source:mastodon", {1}),
    ("source:reviews pomp", {0}),
    ("has:media", {0, 2}),
    ("has:photo", {0}),
    ("has:film", set()),
    ("pomp NOT has:media", {1}),
    ("els", set()),  # the words of a text are not those beside it
    ("au* OR so*", set()),
    ("pomp NEAR/9 stuk", {0, 1}),
    ("stuk NEAR/1 pomp", {1}),
    ("(pomp OR ketel) NEAR/2 (stuk OR lekt)", {0, 1}),
    ("#pomp NEAR/1 stuk", {1}),
]
POSTS = [
    Post("De pomp is stuk", "Els de Vries", "@els@social.nl", "nl", "Google Reviews", "", frozenset({"photo"})),
    Post("stuk! #pomp", "Roelvink", "@els", "nl_BE", "Notifications", "mastodon"),
    Post("pomp", "Bob", "", "en-GB", "", "", frozenset({"other"})),
]


@pytest.mark.parametrize(("expression", "expected"), ASKED)
def test_what_stands_beside_the_text(expression: str, expected: set[int]) -> None:
    query = read_query(expression)
    matcher = Matcher({"q": query})
    assert {at for at, post in enumerate(POSTS) if matcher.match(post)} == expected
    assert {at for at, post in enumerate(POSTS) if meets(query, post)} == expected


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(ASKED), min_size=1, max_size=3), min_size=1, max_size=5),
    st.sampled_from([" ", " OR ", " NOT "]),
)
def test_what_stands_beside_it_combined(pieces: list, sign: str) -> None:  # type: ignore[type-arg]
    queries = {}
    for number, parts in enumerate(pieces):
        with contextlib.suppress(QueryError):
            queries[number] = read_query(sign.join(f"({expression})" for expression, _ in parts))
    matcher = Matcher(queries)
    for post in POSTS:
        assert matcher.match(post) == [number for number, query in queries.items() if meets(query, post)]


def test_names_come_in_the_order_given() -> None:
    queries = {name: read_query(expression) for name, expression in [("z", "pomp"), ("a", "warm*"), ("m", "koud")]}
    assert Matcher(queries).match("Een warme pomp") == ["z", "a"]


def test_no_queries_meet_nothing() -> None:
    assert Matcher({}).match("wat dan ook") == []


def test_a_clause_hangs_on_its_rarest_group() -> None:
    query = read_query("(reurslag OR reuslag) de storing*")
    assert set(Matcher({1: query}).anchored) == {"reurslag", "reuslag"}
    counts = {"reurslag": 50_000, "de": 900_000}
    assert set(Matcher({1: query}, Rarity(counts)).anchored) == {"storing*"}


def test_remembered_words_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("koor.flow.listening.logic.match._REMEMBERED", 0)
    matcher = Matcher({1: read_query("warm*")})
    assert matcher.match("warmte") == [1]
    assert matcher.remembered == {}


def test_a_long_post_is_matched_soon() -> None:
    queries = {n: read_query(f'"aa aa aa{n} aa" OR "aa aa aa aa bb{n}*"') for n in range(200)}
    queries |= {200 + n: read_query(f"aa NEAR/3 cc{n} OR (aa OR dd) NEAR/1000 ee{n}*") for n in range(200)}
    queries[999] = read_query("aa NEAR/3 bb")
    assert Matcher(queries).match("aa " * 33_000) == []
    assert Matcher(queries).match("aa " * 33_000 + "x x x bb") == []
    assert Matcher(queries).match("aa " * 33_000 + "x x bb") == [999]


def test_a_clause_is_checked_once_however_many_words_it_hangs_on(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[Text] = []
    holds = match._Check.holds
    monkeypatch.setattr(match._Check, "holds", lambda check, text: checked.append(text) or holds(check, text))
    names = " OR ".join(f"reurslag{n}" for n in range(500))
    matcher = Matcher({1: read_query(f'({names}) "de storing"')})
    assert matcher.match(" ".join(f"reurslag{n}" for n in range(500)) + " storing de") == []
    assert len(checked) == 1


def test_places_are_looked_up_once_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    starts_with = Text.starts_with
    monkeypatch.setattr(Text, "starts_with", lambda text, start: looked.append(start) or starts_with(text, start))
    matcher = Matcher({n: read_query(f'"aa* bb{n}" OR "aa* aa* cc{n}" OR aa* NEAR/2 dd{n}') for n in range(100)})
    text = "aa " * 1000 + " ".join(f"bb{n} cc{n} x x dd{n}" for n in range(100))
    assert matcher.match(text) == [0]
    assert looked == ["aa"]


def test_a_phrase_begins_with_its_rarest_word() -> None:
    class Common(set[int]):
        def __iter__(self) -> NoReturn:
            pytest.fail("walked through the places of a common word")

    common = Common(range(100_000))
    assert in_a_row([common, common, {7, 200_000}]) == {5}

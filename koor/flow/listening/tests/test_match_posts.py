"""The matcher, the plain evaluation of the tree and one written from the manual can't be told apart."""

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from koor.flow.listening.logic.match import Matcher, Rarity, meets
from koor.flow.listening.logic.query import QueryError, read_query

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
    atom = parts[0]
    if atom[0] in "#@":
        return naive_tag(atom, text)
    asked = [
        (word, star)
        for word, star in re.findall(r"([日本👍]|[a-z0-9_]+)(\*?)", " ".join(re.split(r'["\-\']', fold(atom))))
    ]
    found = naive_words(text)
    return any(
        all(found[at + i].startswith(word) if star else found[at + i] == word for i, (word, star) in enumerate(asked))
        for at in range(len(found) - len(asked) + 1)
    )


def fold(atom: str) -> str:
    return atom.lower().replace("é", "e")


def naive_tag(atom: str, text: str) -> bool:
    bodies = re.findall(rf"(?<![\w&/#@]){atom[0]}(\w+)", text)
    wanted = atom[1:]
    if wanted.endswith("*"):
        return any(fold(body).startswith(wanted[:-1]) for body in bodies)
    return wanted in map(fold, bodies)


leaves = st.sampled_from([atom for atom in ATOMS if atom != "#a*b"]).map(lambda atom: ("leaf", atom))
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
    return f" {kind.upper()} ".join(f"({written(part)})" for part in parts)


@settings(max_examples=400, deadline=None)
@given(st.lists(trees, min_size=1, max_size=6), st.lists(posts, min_size=1, max_size=4))
@example([("leaf", '"ab* bé"')], ["abcd be"])
@example([("and", ("leaf", "aa"), ("not", ("leaf", "aa")))], ["aa"])
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


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80), st.text(alphabet='ab*"() ORNT#@日é-', max_size=30))
def test_any_text_and_any_expression_are_survived(text: str, expression: str) -> None:
    try:
        query = read_query(expression)
    except QueryError:
        return
    assert (Matcher({"q": query}).match(text) == ["q"]) is meets(query, text)


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
    assert Matcher(queries).match("aa " * 33_000) == []

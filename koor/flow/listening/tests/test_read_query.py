"""An expression becomes a query, or a message that points at the place."""

import contextlib
import time

import pytest

from koor.flow.listening.logic import normal
from koor.flow.listening.logic.normal import TooManyClauses, clauses
from koor.flow.listening.logic.query import LONGEST, MOST_TERMS, QueryError, read_query
from koor.flow.listening.logic.tree import And, Leaf, Near, Not, Or, terms

BESIDE = "On both sides of NEAR stands a word or a phrase, or several with OR between them in brackets."
LEAVE_OUT = "To leave a word out, write NOT before it. If you mean the word itself, take the sign away."


def near(most: int, left: str, *right: str) -> Near:
    return Near(most, frozenset({tuple(left.split())}), frozenset({(one,) for one in right}))


@pytest.mark.parametrize(
    ("expression", "tree"),
    [
        ("Storing", Leaf("storing")),
        ("a1 b1", And((Leaf("a1"), Leaf("b1")))),
        ("a1 AND b1", And((Leaf("a1"), Leaf("b1")))),
        ("a1 OR b1 c1", Or((Leaf("a1"), And((Leaf("b1"), Leaf("c1")))))),
        ("(a1 OR b1) c1", And((Or((Leaf("a1"), Leaf("b1"))), Leaf("c1")))),
        ("a1 NOT b1 c1", And((Leaf("a1"), Not(Leaf("b1")), Leaf("c1")))),
        ("a1 AND NOT (b1 c1)", And((Leaf("a1"), Not(And((Leaf("b1"), Leaf("c1"))))))),
        ("a1 and b1", And((Leaf("a1"), Leaf("and"), Leaf("b1")))),
        ('"Koude douche"', Leaf(("koude", "douche"))),
        ("„koude douche“", Leaf(("koude", "douche"))),
        ('"één"', Leaf("een")),
        ('"#a1 AND @b1"', Leaf(("a1", "and", "b1"))),
        ("warmte-app*", Leaf(("warmte", "app*"))),
        ('"warm* pomp*"', Leaf(("warm*", "pomp*"))),
        ("warme\u0301*", Leaf("warme*")),
        ("#Warmte", Leaf("#warmte")),
        ("#warm*", Leaf("#warm*")),
        ("#日本", Leaf("#日本")),
        ("@els@x.nl", Leaf(("@els", "x", "nl"))),
        ("(#warmte)", Leaf("#warmte")),
        ("日本*", Leaf(("日", "本"))),
        ("👍*", Leaf("👍")),
        ("a1(b1)", And((Leaf("a1"), Leaf("b1")))),
        ('a1"b1"', And((Leaf("a1"), Leaf("b1")))),
        ("NOT NOT a1", Not(Not(Leaf("a1")))),
        ("A1 NEAR/3 b1", Leaf(near(3, "a1", "b1"))),
        ("NOT a1 NEAR/3 b1 c1", And((Not(Leaf(near(3, "a1", "b1"))), Leaf("c1")))),
        ("a1 NEAR/1 b1 NEAR/2 c1", And((Leaf(near(1, "a1", "b1")), Leaf(near(2, "b1", "c1"))))),
        ('"a1 b1" NEAR/9 (c1 OR #d1 OR ee*)', Leaf(near(9, "a1 b1", "c1", "#d1", "ee*"))),
        ("NEAR a1", And((Leaf("near"), Leaf("a1")))),
        ("author:Els", Leaf(":author:els")),
        ('Author:"Els de Vries"', Leaf((":author:els", ":author:de", ":author:vries"))),
        ("author:@els@social.nl", Leaf((":author:els", ":author:social", ":author:nl"))),
        ("author:roel*", Leaf(":author:roel*")),
        ("source:mastodon", Leaf(":source:mastodon")),
        ("lang:NL", Leaf(":lang:nl")),
        ("lang:pt_BR", Leaf(":lang:pt-br")),
        ("has:media", Leaf(":has:media")),
        ("has:Photo", Leaf(":has:photo")),
        ("https://x.nl", Leaf(("https", "x", "nl"))),
        ("near/3", Leaf(("near", "3"))),
    ],
)
def test_trees(expression: str, tree: object) -> None:
    assert read_query(expression).tree == tree


@pytest.mark.parametrize(
    ("expression", "at", "message"),
    [
        ("", 0, "There is nothing here yet. Write a word to look for."),
        ("   ", 0, "There is nothing here yet. Write a word to look for."),
        ("storing AND OR koud", 12, "A word, a phrase or a bracket is missing between AND and OR."),
        ("OR a1", 0, "A word, a phrase or a bracket is missing before OR."),
        ("(AND a1)", 1, "A word, a phrase or a bracket is missing before AND."),
        ("a1 AND", 6, "A word, a phrase or a bracket is missing after AND."),
        ("a1 NOT ", 6, "A word, a phrase or a bracket is missing after NOT."),
        ("NOT", 3, "A word, a phrase or a bracket is missing after NOT."),
        ("(a1 OR)", 6, "A word, a phrase or a bracket is missing between OR and )."),
        ("()", 0, "There is nothing between these brackets."),
        ("(a1 b1", 0, "This bracket is not closed."),
        ("((((", 3, "This bracket is not closed."),
        ("a1) b1", 2, "This bracket closes nothing."),
        (")", 0, "A word, a phrase or a bracket is missing before )."),
        ('a1 "b1 c1', 3, "This quotation mark is not closed."),
        ('"', 0, "This quotation mark is not closed."),
        ('""', 0, 'There is no word in "".'),
        ("a1 & b1", 3, "There is no word in &."),
        ("wa*rm", 2, "A * can only stand at the end of a word."),
        ("*warm", 0, "A * can only stand at the end of a word."),
        ("warm**", 4, "A * can only stand at the end of a word."),
        ("*", 0, "A * needs a word right before it."),
        ("app-*", 4, "A * needs a word right before it."),
        ("w*", 1, "A * needs at least 2 letters before it."),
        ("#w*", 2, "A * needs at least 2 letters before it."),
        ("a1 -b1", 3, LEAVE_OUT),
        ("a1 -#b1", 3, LEAVE_OUT),
        ("a1 -5", 3, "A sign is no part of a number: 5 also meets -5. To leave it out, write NOT before it."),
        ("a1 -👍", 3, LEAVE_OUT),
        ('a1 -"b1 c1"', 3, LEAVE_OUT),
        ("a1 !(b1 OR c1)", 3, LEAVE_OUT),
        ("a1 -> b1", 3, "There is no word in ->."),
        ("a1 -'t huis", 3, LEAVE_OUT),
        ("-’s avonds", 0, LEAVE_OUT),
        ("a1 ->heet", 3, LEAVE_OUT),
        ("a1 !?b1", 3, LEAVE_OUT),
        ('a1 -…"b1 c1"', 3, LEAVE_OUT),
        ("a1 -$5", 3, "A sign is no part of a number: 5 also meets -5. To leave it out, write NOT before it."),
        ("wow !?", 4, "There is no word in !?."),
        ("a1 - b1", 3, "There is no word in -."),
        ("a1 author: els", 3, "Write right after author: what to look for, without a space between them."),
        ("author:(els)", 0, "Write right after author: what to look for, without a space between them."),
        ('a1 author:"els', 10, "This quotation mark is not closed."),
        ("author:&", 7, "There is no word in &."),
        ("author:e*", 8, "A * needs at least 2 letters before it."),
        ("lang:dutch", 5, "Write a language as its code, such as lang:nl or lang:en."),
        ("a1 has:sound", 7, "Behind has: can stand media, photo, film or voice."),
        ("NOT lang:nl", 0, "This only leaves words out. Write beside it what to look for."),
        ("a1 NEAR/ b1", 3, "Write a number from 1 to 1000 right after NEAR/, such as NEAR/5."),
        ("a1 NEAR/0 b1", 3, "Write a number from 1 to 1000 right after NEAR/, such as NEAR/5."),
        ("a1 NEAR/x b1", 3, "Write a number from 1 to 1000 right after NEAR/, such as NEAR/5."),
        ("a1 NEAR/3", 9, "A word, a phrase or a bracket is missing after NEAR/3."),
        ("NEAR/3 a1", 0, "A word, a phrase or a bracket is missing before NEAR/3."),
        ("a1 OR NEAR/3 b1", 6, "A word, a phrase or a bracket is missing between OR and NEAR/3."),
        ("a1 NEAR/3 NOT b1", 3, BESIDE),
        ("(a1 b1) NEAR/3 c1", 8, BESIDE),
        ("a1 NEAR/3 lang:nl", 3, BESIDE),
        ("NOT a1", 0, "This only leaves words out. Write beside it what to look for."),
        ("a1 NOT b1 OR NOT c1", 13, "This only leaves words out. Write beside it what to look for."),
        ("(NOT a1) (NOT b1)", 1, "This only leaves words out. Write beside it what to look for."),
        ("NOT (a1 OR b1)", 0, "This only leaves words out. Write beside it what to look for."),
        ('"' + "a1 " * 51 + '"', 0, "A phrase can hold 50 words, not more."),
        ("NOT " * 51 + "a1", 200, "Brackets and NOTs can go 50 deep, not deeper."),
        ("(" * 9_000, 50, "Brackets and NOTs can go 50 deep, not deeper."),
        ("x " * (MOST_TERMS + 1), 2 * MOST_TERMS, "A query can hold 2000 words and phrases, not more."),
        ("x" * (LONGEST + 1), LONGEST, "A query can have 10000 characters, not more."),
    ],
)
def test_messages_point_at_the_place(expression: str, at: int, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        read_query(expression)
    error = caught.value
    assert (error.at, error.message % error.values) == (at, message)
    assert str(error).startswith(f"Position {at + 1}: {message}\n")


def test_the_pointer_stands_under_the_place() -> None:
    with pytest.raises(QueryError) as caught:
        read_query("storing AND\nOR koud")
    assert caught.value.pointer == ("storing AND OR koud", "            ^^")


def test_the_pointer_of_a_long_expression_shows_its_surroundings() -> None:
    with pytest.raises(QueryError) as caught:
        read_query("woord " * 100 + "OR OR " + "woord " * 100)
    line, carets = caught.value.pointer
    assert line == "… rd woord woord woord woord OR OR woord woord woord woord woo …"
    assert line[carets.index("^") :].startswith("OR woord")
    assert carets.strip() == "^^"


def test_too_many_combinations() -> None:
    with pytest.raises(QueryError, match="more than 1000 combinations"):
        read_query(" ".join(f"(a{n} b{n} OR c{n} d{n})" for n in range(11)))


def test_too_many_pairs_in_one_step() -> None:
    left = " OR ".join(f"(a{n} b{n})" for n in range(150))
    right = " OR ".join(f"(c{n} d{n})" for n in range(150))
    with pytest.raises(TooManyClauses):
        clauses(And((read_query(left).tree, read_query(right).tree)))


def test_groups_keep_ordinary_queries_small() -> None:
    spellings = " OR ".join(f"reurslag{n}" for n in range(40))
    complaints = " OR ".join(f"klacht{n}" for n in range(40))
    jokes = " OR ".join(f"grap{n}" for n in range(40))
    (clause,) = read_query(f"({spellings}) ({complaints}) NOT ({jokes})").clauses
    assert sorted(map(len, clause.groups)) == [40, 40]
    assert len(clause.without) == 40


def test_a_group_that_another_implies_is_left_out() -> None:
    (clause,) = read_query("aa (aa OR bb)").clauses
    assert clause.groups == frozenset({frozenset({"aa"})})


def test_hints() -> None:
    hints = read_query("een storing of kapot of stuk").hints
    assert [hint.message % hint.values for hint in hints] == [
        "“of” in small letters is a word to look for. Write AND, OR or NOT in capitals to combine."
    ]
    contradiction = read_query("aa NOT aa")
    assert contradiction.clauses == ()
    assert "meets nothing" in contradiction.hints[0].message


def test_what_a_text_may_be_found_by() -> None:
    assert terms(read_query('(aa OR "b c") dd* NOT ee').tree) == ["aa", ("b", "c"), "dd*"]
    assert terms(read_query('lang:nl "a b" NEAR/3 cc').tree) == [("a", "b"), "cc"]


def test_where_only_words_are_looked_at() -> None:
    assert read_query("aa NEAR/3 bb", text_only=True).clauses
    with pytest.raises(QueryError, match="only the words of the message are looked at, not lang:"):
        read_query("aa lang:nl", text_only=True)


@pytest.mark.parametrize(
    "hostile",
    [
        "(" * LONGEST,
        '"' * LONGEST,
        "*" * LONGEST,
        "@#" * (LONGEST // 2),
        "a OR " * (LONGEST // 5),
        "NOT (" * 50 + "aa bb" + ")" * 50,
        " ".join(f"(aa OR (b{n} c) OR (d e{n}))" for n in range(300)),
        "\x00\ud800\u202e" * 3000,
        "﷽" * LONGEST,
        "aa NEAR/9 " * 900 + "bb",
        "(" + "aa OR " * 800 + "bb) NEAR/1000 (" + "cc OR " * 800 + "dd)",
        "author:" * 1_400,
    ],
)
def test_hostile_expressions_are_answered_soon(hostile: str) -> None:
    start = time.process_time()
    with contextlib.suppress(QueryError):
        read_query(hostile)
    assert time.process_time() - start < 1


def one_of_three(first: str, second: str, third: str) -> str:
    """Exactly one of three words."""
    sides = ((first, second, third), (second, first, third), (third, first, second))
    return "(" + " OR ".join(f"({one} NOT ({left} OR {right}))" for one, left, right in sides) + ")"


@pytest.fixture
def joined(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The pairs that were multiplied."""
    found: list[object] = []
    join = normal._joined
    monkeypatch.setattr(normal, "_joined", lambda pair: found.append(pair) or join(pair))
    return found


def test_parts_that_are_the_same_are_multiplied_once(joined: list[object]) -> None:
    parts = [one_of_three(*"abc"), one_of_three(*"def")]
    assert read_query(" ".join(parts * 80)).clauses == read_query(" ".join(parts)).clauses
    assert len(joined) == (3 + 9) * (160 + 2 + 2)  # in each part, and of both parts in both queries


def test_pairs_are_counted_over_the_whole_query(joined: list[object]) -> None:
    def contradiction(n: int) -> str:
        several = f"(a{n} b{n} OR b{n} c{n} OR a{n} c{n} OR a{n} b{n} c{n})"
        others = (one_of_three(f"d{n}x{m}", f"e{n}x{m}", f"f{n}x{m}") for m in range(4))
        return " ".join((several, one_of_three(f"a{n}", f"b{n}", f"c{n}"), *others))

    assert read_query(contradiction(0)).clauses == ()
    many = Or(tuple(read_query(contradiction(n)).tree for n in range(100)))
    joined.clear()
    with pytest.raises(TooManyClauses):
        clauses(many)
    assert len(joined) < 1.5 * normal._MOST_PAIRS


def test_where_a_query_only_leaves_out_is_found_without_multiplying_again(joined: list[object]) -> None:
    expression = " ".join(one_of_three(f"a{n}", f"b{n}", f"c{n}") for n in range(5))
    read_query(expression)
    once = len(joined)
    joined.clear()
    for _ in range(45):
        expression = f"({expression} OR NOT q)"
    with pytest.raises(QueryError, match="only leaves words out"):
        read_query(expression)
    assert len(joined) == once


def test_what_is_far_too_long_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(read_query("e\u0301" * 9_000).expression) == 9_000
    monkeypatch.setattr("koor.flow.listening.logic.query.normal", pytest.fail)
    with pytest.raises(QueryError, match="10000 characters"):
        read_query("a\u0301\u0323" * 1_000_000)

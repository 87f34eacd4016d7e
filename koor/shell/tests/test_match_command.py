"""`koor match`: queries of a file and posts of another meet, without a house."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from koor.flow.listening.logic import fast, files
from koor.kernel.trouble import Trouble
from koor.shell.command_line import frame
from koor.shell.command_line.match import _made

QUERIES = """
# ours
storing: (storing OR kapot) reurslag NOT trein
Dicht: '"koude douche" NEAR/3 els*'
no: lang:nl
beeld: >
  has:media
  storing
"""


@pytest.fixture
def ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(queries: str | bytes, *posts: str) -> tuple[int, list[Any], str]:
        asked, given = tmp_path / "queries.yaml", tmp_path / "posts.jsonl"
        asked.write_bytes(queries if isinstance(queries, bytes) else queries.encode())
        given.write_text("\n".join(posts))
        code = frame.run(["match", "--queries", str(asked), "--posts", str(given)])
        out, err = capsys.readouterr()
        return code, [json.loads(line) for line in out.splitlines()], err

    return run


def test_a_line_for_each_post_in_order(ask: Any) -> None:
    first = {"id": "1", "author": "Els", "text": "Storing, Reurslag!", "lang": "nl-BE", "media": [{"type": "image"}]}
    posts = [json.dumps(one) for one in (first, {"id": 7, "text": "koude. Douche: Elsje"}, {"id": "n", "text": ""})]
    assert ask(QUERIES, *posts) == (
        0,
        [
            {"post": "1", "queries": ["beeld", "no", "storing"]},
            {"post": 7, "queries": ["Dicht"]},
            {"post": "n", "queries": []},
        ],
        "",
    )


def test_files_without_end_are_refused_by_what_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_TOLD", 2)
    with pytest.raises(files.UnreadableQueries) as told:
        files.read_queries(b"a: (\nb: (\nc: (\n")
    assert [line[:6] for line in str(told.value).splitlines() if line.startswith("line")] == ["line 1", "line 2"]
    monkeypatch.setattr(files, "MOST_QUERIES", 2)
    with pytest.raises(files.UnreadableQueries, match="line 3: a file can hold 2 queries"):
        files.read_queries(b"a: x\nb: y\nc: z\n")
    monkeypatch.setattr(files, "LARGEST", 8)
    with pytest.raises(files.UnreadableQueries, match="larger than 64 MB"):
        files.read_queries(b"aa: xxxxx")
    monkeypatch.setattr(files, "LONGEST_LINE", 30)
    posts = io.BytesIO(b'{"id": 1, "text": "' + b"x" * 40 + b'"}\n{"id": "\xff"}\n{"id": 3, "text": "x"}\n')
    given = [(one.line, one.key, one.problem) for one in files.read_posts(posts)]
    assert given == [(1, None, "is longer than 2 MB"), (2, None, "is not UTF-8"), (3, 3, "")]


def test_broken_lines_are_told_and_the_rest_goes_on(ask: Any) -> None:
    code, answers, said = ask("a: pomp", "nope", "[1]", '{"text": "x"}', "", '{"id": "1"}', '{"id":"2","text":"pomp"}')
    assert (code, answers) == (0, [{"post": "2", "queries": ["a"]}])
    assert said.splitlines() == [
        "koor: line 1 is not JSON",
        "koor: line 2 is no JSON object",
        "koor: line 3 has no “id”",
        "koor: line 5 has no “text”",
    ]
    assert "and 20 more lines" in ask("a: pomp", *["nope"] * 120)[2]


def test_half_a_surrogate_pair_comes_out_as_it_came(ask: Any) -> None:
    assert ask("é: pomp", '{"id": "\\ud800", "text": "pomp"}')[1] == [{"post": "\ud800", "queries": ["é"]}]


@pytest.mark.parametrize(
    ("queries", "says"),
    [
        ("a: pomp\na: ketel", 'line 2: query "a" stands here twice'),
        ("- pomp", "line 1: the file should map each name"),
        ("pomp", "line 1: the file should map each name"),
        ("a:\n  - pomp", "line 2: the file should map each name"),
        ("a: &x pomp\nb: *x", "line 2: the file should map each name"),
        ("a: pomp\n---\nb: ketel", "line 3: the file should map each name"),
        ("{", "line 2, column 1: this is not YAML"),
        ("a: " + "[" * 100_000, "line 1: the file should map each name"),
        (b"b: ok\na: caf\xe9", "line 2: this is not UTF-8"),
        ("a: @els", "stands between quotation marks: 'koud #storing'"),
        (
            "a: #storing",
            "There is nothing here yet. Write a word to look for.\n  \n  ^\n  An expression with a sign in it",
        ),
        ('"": pomp', "line 1: a query has no name"),
        ("x" * 201 + ": pomp", "a name can have 200 characters"),
        ("a:", 'line 1: query "a": Position 1: There is nothing here yet.'),
        ("b: ok\na: pomp AND OR x", 'line 2: query "a": Position 10: A word, a phrase or a bracket is missing'),
        ('a: "(((("', 'line 1: query "a": Position 4: This bracket is not closed.\n  ((((\n     ^'),
    ],
)
def test_queries_that_can_not_be_used(ask: Any, queries: str, says: str) -> None:
    code, answers, said = ask(queries, '{"id": "1", "text": "pomp"}')
    assert (code, answers) == (1, [])
    assert says in said


def test_what_is_perhaps_not_meant_so_is_told_and_goes_on(ask: Any) -> None:
    queries = "a: pomp #storing\nb: 'pomp #storing'  # ours\nc: pomp NOT pomp\nd: pomp of ketel # remark"
    code, answers, said = ask(queries, '{"id": "1", "text": "pomp"}')
    assert (code, answers) == (0, [{"post": "1", "queries": ["a"]}])
    assert 'line 1: query "a": what stands behind # is a remark in YAML.' in said
    assert 'line 3: query "c": This asks for a word and leaves the same word out: it meets nothing.' in said
    assert 'line 4: query "d": “of” in small letters is a word to look for.' in said
    assert said.count("koor:") == 3
    said = ask("ä: kœud OR\n  wärm #storing\nb: koud #1 reden\nc: x #y", '{"id": "1", "text": "pomp"}')[2]
    assert [f"line {n}: " in said for n in (1, 2, 3, 4)] == [True, False, False, True]
    assert "it holds no queries" in ask("# nothing yet", "")[2]


def test_posts_by_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    (tmp_path / "q").write_text("a: pomp")
    line = '\ufeff{"id": "1", "text": "De POMP"}\n'.encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(line)))
    assert frame.run(["match", "--queries", str(tmp_path / "q"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"post": "1", "queries": ["a"]}


def test_the_fast_engine_says_in_words_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast, "is_there", lambda: False)
    with pytest.raises(Trouble, match=r"needs the package numba.*requirements/fast\.txt.*the reference"):
        _made("fast", {})

"""`koor listen import`, `koor query add`, `koor mention list`."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from koor.flow.listening import actions
from koor.flow.listening.actions import storing
from koor.flow.listening.models import Mention, RawEvent
from koor.ground.people.models import House
from koor.kernel.access import SYSTEM
from koor.shell.command_line import frame

Koor = Callable[..., tuple[int, str, str]]
LINES = "\n".join(
    [
        '{"id": 1, "author": "Els", "text": "De pomp is stuk", "created_at": "2026-11-20T09:00:00+01:00"}',
        '{"id": 2, "author": "Thijs", "text": "Mooie fiets", "created_at": "2026-11-21T09:00:00+01:00"}',
        "geen regel",
    ]
)


@pytest.fixture
def koor(house: House, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Koor:
    """Run a command line in this process: (exit code, standard output, standard error)."""
    monkeypatch.setattr(frame, "setup", lambda: None)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = frame.run(list(arguments))
        out, errors = capsys.readouterr()
        return code, out, errors

    return run


@pytest.fixture
def posts(tmp_path: Path) -> str:
    path = tmp_path / "posts.jsonl"
    path.write_text(LINES)
    return str(path)


def test_import_counts_and_sets_aside(koor: Koor, posts: str) -> None:
    assert koor("query", "add", "pomp", "pomp*")[0] == 0
    code, out, _errors = koor("listen", "import", posts, "--source", "Reviews", "--json")
    assert code == 0
    assert json.loads(out) == {"read": 3, "stored": 2, "duplicates": 0, "matched": 1, "quarantined": 1}
    code, out, _errors = koor("listen", "import", posts, "--source", "Reviews", "--json")
    assert json.loads(out) == {"read": 3, "stored": 0, "duplicates": 2, "matched": 0, "quarantined": 1}
    assert RawEvent.objects.count() == 3


def test_a_picture_is_refused_in_words(koor: Koor, tmp_path: Path) -> None:
    picture = tmp_path / "posts.jsonl"
    picture.write_bytes(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 1000)
    code, out, errors = koor("listen", "import", str(picture), "--source", "Reviews", "--json")
    assert (code, out) == (1, "")
    assert errors == "koor: This file is a picture or a document, not text with posts.\n"
    assert not RawEvent.objects.exists()


def test_what_was_passed_over_is_told(koor: Koor, posts: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "MOST_BROKEN", 0)
    code, out, errors = koor("listen", "import", posts, "--source", "Reviews", "--json")
    assert (code, json.loads(out)["passed_over"], json.loads(out)["stored"]) == (0, 1, 2)
    assert errors == "koor: One more could not be read and was not kept: is this the right file?\n"


def test_import_from_standard_input(koor: Koor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("text;datum\nEén;2026-11-20\n".encode())))
    code, out, _errors = koor("listen", "import", "-", "--source", "Tabel", "--format", "csv")
    assert (code, out.split("  ")[1]) == (0, "stored: 1")


@pytest.mark.parametrize("name", ["nergens.jsonl", "."])
def test_a_file_that_can_not_be_opened(koor: Koor, name: str) -> None:
    code, out, errors = koor("listen", "import", name, "--source", "X")
    assert (code, out) == (1, "")
    assert name in errors


def test_a_table_without_text_is_refused(koor: Koor, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    code, _out, errors = koor("listen", "import", str(tmp_path / "x.csv"), "--source", "X", "--format", "csv")
    assert code == 1
    assert "text" in errors


def test_a_query_that_can_not_be_read_points_at_the_place(koor: Koor) -> None:
    code, out, errors = koor("query", "add", "fout", "storing AND OR koud", "--json")
    assert (code, out) == (1, "")
    _sentence, line, carets = errors.rstrip("\n").split("\n")
    assert line[carets.index("^") :].startswith("OR koud")
    assert "13" in errors


def test_a_query_tells_what_it_met_already(koor: Koor, posts: str) -> None:
    koor("listen", "import", posts, "--source", "Reviews")
    code, out, _errors = koor("query", "add", "pomp", "pomp", "--json")
    assert code == 0
    assert json.loads(out)["matched"] == 1
    assert koor("query", "add", "pomp", "ketel")[0] == 1


def test_mentions_newest_first_and_by_query_and_label(koor: Koor, posts: str) -> None:
    koor("query", "add", "pomp", "pomp")
    koor("listen", "import", posts, "--source", "Reviews")
    every = json.loads(koor("mention", "list", "--json")[1])
    assert [(row["external_id"], row["queries"]) for row in every] == [("2", []), ("1", ["pomp"])]
    assert every[1]["said_at"] == "2026-11-20T08:00:00+00:00"
    met = json.loads(koor("mention", "list", "--query", "POMP", "--json")[1])
    assert [row["external_id"] for row in met] == ["1"]
    actions.mark(by=SYSTEM, mention_id=Mention.objects.get(external_id="2").pk, label="aha")
    assert [row["id"] for row in json.loads(koor("mention", "list", "--label", "open", "--json")[1])] == [met[0]["id"]]
    assert len(json.loads(koor("mention", "list", "--limit", "1", "--json")[1])) == 1
    assert "Els  De pomp is stuk" in koor("mention", "list")[1]


def test_a_query_that_is_not_there(koor: Koor) -> None:
    code, _out, errors = koor("mention", "list", "--query", "niets")
    assert code == 1
    assert "niets" in errors


def test_wrong_usage(koor: Koor) -> None:
    for wrong in (
        ["mention", "list", "--limit", "0"],
        ["listen", "import", "x"],
        ["listen", "import", "x", "--format", "xls"],
    ):
        with pytest.raises(SystemExit) as left:
            koor(*wrong)
        assert left.value.code == 2

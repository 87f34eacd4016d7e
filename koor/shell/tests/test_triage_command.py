"""`koor triage evaluate`: the learner tried on a table, as JSON, without a house."""

import json
from pathlib import Path

import pytest

from koor.shell.command_line import frame

ROWS = "text,label\n" + "".join(
    f"De pomp is kapot {n},bad\nHeel erg bedankt {n},good\n,\nweg {n},other\n" for n in range(40)
)


def test_a_trial_is_told_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "rows.csv").write_text(ROWS)
    (tmp_path / "words.yaml").write_text('"bad": ["kapot"]\n"good": ["bedankt"]\n')
    line = ["triage", "evaluate", str(tmp_path / "rows.csv"), "--text", "text", "--label", "label", "--lang", "nl"]
    assert frame.run([*line, "--seeds", str(tmp_path / "words.yaml"), "--order", "time", "--seed", "3"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["after", "lowest", "promises", "texts_per_cpu_second"]
    assert told["after"]["0"] == {"accuracy": 1.0, "macro_f1": 1.0}
    assert told["after"]["200"] is None


@pytest.mark.parametrize(("column", "words"), [("gone", ""), ("label", "- a")])
def test_what_does_not_fit_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], column: str, words: str
) -> None:
    (tmp_path / "rows.csv").write_text(ROWS)
    (tmp_path / "words.yaml").write_text(words or "a: [b]")
    line = ["triage", "evaluate", str(tmp_path / "rows.csv"), "--text", "text", "--label", column]
    assert frame.run([*line, "--seeds", str(tmp_path / "words.yaml")]) == 1
    assert capsys.readouterr().err.startswith("koor: ")


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert frame.run(["triage", "evaluate", "/nowhere.csv", "--text", "a", "--label", "b"]) == 1
    assert "/nowhere.csv" in capsys.readouterr().err

"""`koor route evaluate` and `koor route explain` as the operator types them."""

import json

import pytest

from koor.shell.command_line import frame

HOUSE = {"house": {"colleagues": [{"name": "Anneke Bos", "discipline": "Kantoor", "knows": ["facturen"]}]}}
LINE = {"text": "Klopt mijn factuur?", "expect": "Anneke Bos"}


def test_evaluate(tmp_path, capsys):
    file = tmp_path / "year.jsonl"
    file.write_text("\n".join(json.dumps(one) for one in (HOUSE, LINE)))
    assert frame.run(["route", "evaluate", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["first_hop_accuracy"] == 1.0
    assert frame.run(["route", "evaluate", str(file), "--no-learning"]) == 0
    assert "100.0 %" in capsys.readouterr().out
    assert frame.run(["route", "evaluate", str(tmp_path / "none.jsonl")]) == 1
    file.write_text("{")
    assert frame.run(["route", "evaluate", str(file)]) == 1
    assert "line 1 is no JSON" in capsys.readouterr().err


@pytest.mark.django_db
def test_explain_says_so_when_there_is_none(house, capsys, monkeypatch):
    monkeypatch.setattr(frame, "in_the_house", frame.spoken)
    assert frame.run(["route", "explain", "999999"]) == 1
    assert "999999" in capsys.readouterr().err

"""The frame of the command line: what is wrong is said in words, never with a traceback."""

import pytest

from koor.shell.command_line import frame


@pytest.mark.parametrize("word", ["\udcff", "caf\udce9"])
def test_an_argument_that_is_no_utf_8_is_wrong_usage(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        frame.run(["query", "add", word, "storing"])
    assert ended.value.code == 2
    assert "not in UTF-8" in capsys.readouterr().err


def test_other_alphabets_are_readable() -> None:
    assert all(map(frame.readable, ["café", "Łódź", "日本", "👩🏽‍🔧", "post", ""]))


def test_a_file_that_is_not_there_is_named_without_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    assert frame.refuse(FileNotFoundError(2, "No such file or directory", "/no/secrets.json")) == 1
    assert capsys.readouterr().err == "koor: /no/secrets.json: No such file or directory\n"


def test_another_error_keeps_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert frame.refuse(OSError("the line is gone")) == 1
    assert frame.refuse(Exception("")) == 1
    assert capsys.readouterr().err == "koor: the line is gone\nkoor: not allowed\n"

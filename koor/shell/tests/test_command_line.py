"""The frame of the command line: what is wrong is said in words, never with a traceback."""

import argparse
import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.db import DataError, OperationalError

from koor.kernel.access import Forbidden
from koor.kernel.trouble import Trouble
from koor.shell.command_line import frame
from koor.shell.command_line.frame import Command


@pytest.mark.parametrize("word", ["\udcff", "caf\udce9"])
def test_an_argument_that_is_no_utf_8_is_wrong_usage(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        frame.run(["query", "add", word, "storing"])
    assert ended.value.code == 2
    assert "not in UTF-8" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (DataError("integer out of range"), 1, "koor: the database can't hold what was given (integer out of range)\n"),
        (OperationalError("no answer"), 1, "koor: no answer\n"),
        (psycopg.OperationalError("no answer"), 1, "koor: no answer\n"),  # as restore meets it, under Django
        (Trouble("the house runs"), 1, "koor: the house runs\n"),
        (Forbidden(), 1, "koor: not allowed\n"),
        (OSError(errno.ENOSPC, "No space left on device"), 1, "koor: the disk is full: make room, and try again\n"),
        (OSError(errno.EIO, "Input/output error"), 1, "koor: Input/output error\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_what_goes_wrong_ends_in_words(
    error: BaseException, code: int, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(args: argparse.Namespace) -> None:
        raise error

    monkeypatch.setattr(frame, "commands", lambda: [Command("fail", fail, about="Fail.", needs_house=False)])
    assert frame.run(["fail"]) == code
    assert capsys.readouterr() == ("", says)


def test_who_reads_no_further_is_no_trouble() -> None:
    """`koor mention list | head`."""
    script = (
        "import sys; from koor.shell.command_line import frame;"
        "much = frame.Command('much', lambda args: 'x\\n' * 1_000_000, about='', needs_house=False);"
        "frame.commands = lambda: [much];"
        "sys.exit(frame.run(['much']))"
    )
    env = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 1


@pytest.mark.broad
@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("KOOR_PORT", "x", "KOOR_PORT must be a number from 1 to 65535, not 'x'"),
        ("SMTP_PORT", "70000", "SMTP_PORT must be a number"),
        ("KOOR_HOME", "/proc/nowhere", "/proc/nowhere: No such file"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL cannot be read"),
        ("DATABASE_URL", "postgresql://x@127.0.0.1:1/x", "connection"),
    ],
)
def test_settings_that_cannot_be_are_told(name: str, value: str, says: str) -> None:
    env = {**os.environ, name: value}
    done = subprocess.run(
        [sys.executable, "-m", "koor", "person", "list"], env=env, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["mention", "list", "--limit", "0"],
        ["mention", "list", "--limit", "9" * 30],
        ["mention", "list", "--limit", "many"],
        ["post", "create"],
        ["post", "show", "x"],
        ["nothing"],
        ["backup"],
    ],
)
def test_wrong_usage_is_two(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        frame.run(words)
    assert ended.value.code == 2
    assert "usage: koor" in capsys.readouterr().err


def test_other_alphabets_are_readable() -> None:
    assert all(map(frame.readable, ["café", "Łódź", "日本", "👩🏽‍🔧", "post", ""]))


def test_a_file_that_is_not_there_is_named_without_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    assert frame.refuse(FileNotFoundError(2, "No such file or directory", "/no/secrets.json")) == 1
    assert capsys.readouterr().err == "koor: /no/secrets.json: No such file or directory\n"


def test_another_error_keeps_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert frame.refuse(OSError("the line is gone")) == 1
    assert frame.refuse(Exception("")) == 1
    assert capsys.readouterr().err == "koor: the line is gone\nkoor: not allowed\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["backup", "{here}/nowhere/b", "--key-file", "{here}/key"], "there is no folder"),
        (["backup", "{here}/b", "--key-file", "{here}/short"], "at least 32 bytes"),
        (["backup", "{here}/b", "--key-file", "{here}/nothing"], "cannot be read"),
        (["backup", "{here}/b", "--passphrase-file", "{here}/short"], "at least 12 characters"),
        (["backup", "{here}/text", "--key-file", "{here}/key"], "is there already"),
        (["backup", "{here}/text", "--check"], "name what opens it"),
        (["backup", "{here}/text", "--check", "--key-file", "{here}/key"], "not a backup of Koor"),
        (["backup", "{here}", "--check", "--key-file", "{here}/key"], "Is a directory"),
        (["restore", "{here}/text", "--key-file", "{here}/key"], "not a backup of Koor"),
        (["restore", "{here}/nothing", "--key-file", "{here}/key"], "cannot be read"),
    ],
)
@pytest.mark.django_db
def test_a_backup_that_cannot_be_says_why(
    words: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KOOR_BACKUP_PASSPHRASE", raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    (tmp_path / "key").write_bytes(b"k" * 40)
    (tmp_path / "short").write_bytes(b"k")
    (tmp_path / "text").write_text("no backup")
    assert frame.run([word.format(here=tmp_path) for word in words]) == 1
    caught = capsys.readouterr()
    assert says in caught.err
    assert not caught.out
    assert not (tmp_path / "b").exists()

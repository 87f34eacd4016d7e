"""The command line refuses in the language of the house, whole sentences of it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import DataError, ProgrammingError
from django.utils import translation

from koor.ground.people.models import House, Person
from koor.kernel.access import Forbidden
from koor.shell.command_line import frame
from koor.shell.command_line.frame import Command

Refusal = Callable[..., str]


@pytest.fixture
def refusal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Refusal:
    """What a refused command line says."""
    monkeypatch.setattr(frame, "setup", lambda: None)

    def run(*arguments: str) -> str:
        assert frame.run(list(arguments)) == 1
        out, said = capsys.readouterr()
        assert out == ""
        return str(said)

    return run


@pytest.fixture
def dutch(house: House) -> House:
    House.objects.update(language="nl")
    return house


def test_a_refusal_reads_as_the_house_speaks(house: House, refusal: Refusal) -> None:
    with translation.override("nl"):  # what Koor speaks by itself
        assert refusal("post", "show", "5") == "koor: There is no post 5.\n"
    House.objects.update(language="nl")
    with translation.override("en"):
        assert refusal("post", "show", "5") == "koor: Er is geen bericht 5.\n"


def test_what_was_done_reads_as_the_house_speaks(dutch: House, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(frame, "setup", lambda: None)
    assert frame.run(["demo", "--remove", "--yes"]) == 0
    assert capsys.readouterr().out == "Hier was geen demo.\n"


def test_what_the_system_says_of_a_file_is_said_in_it_too(dutch: House, bram: Person, refusal: Refusal) -> None:
    nowhere, folder = "/nowhere/posts.jsonl", str(Path("/"))
    said = refusal("listen", "import", nowhere, "--source", "Reviews")
    assert said == f"koor: {nowhere} kan niet geopend worden: dit bestand of deze map is er niet\n"
    said = refusal("post", "create", "--by", bram.email, "--account", "1", "--text-file", nowhere)
    assert "No such" not in said
    assert "is a directory" not in refusal("listen", "import", folder, "--source", "Reviews").lower()
    assert refusal("capture", "add", "--by", bram.email, nowhere) == (
        f"koor: {nowhere}: dit bestand of deze map is er niet\n"
    )


def test_who_is_not_there_is_said_in_it(dutch: House, refusal: Refusal) -> None:
    assert refusal("personal", "show", "--contact", "5") == "koor: Deze persoon is er niet.\n"


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (Forbidden(), "koor: dat mag niet\n"),
        (DataError("integer out of range\n"), "koor: dit past niet in de database (integer out of range)\n"),
        (ProgrammingError("no such column"), "koor: de database is nog niet van deze versie; eerst: koor prepare\n"),
    ],
)
def test_what_the_frame_says_itself(
    dutch: House, refusal: Refusal, monkeypatch: pytest.MonkeyPatch, error: Exception, says: str
) -> None:
    def fail(args: argparse.Namespace) -> None:
        raise error

    monkeypatch.setattr(frame, "unprepared", lambda: True)
    monkeypatch.setattr(frame, "commands", lambda: [Command("fail", fail, about="Fail.")])
    assert refusal("fail").startswith(says)


def test_where_no_house_answers_nothing_is_half_translated(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(args: argparse.Namespace) -> None:
        raise FileNotFoundError(2, "No such file or directory", "/nowhere")

    monkeypatch.setattr(frame, "commands", lambda: [Command("fail", fail, about="Fail.", needs_house=False)])
    with translation.override("nl"):
        assert frame.run(["fail"]) == 1
    assert capsys.readouterr().err == "koor: /nowhere: No such file or directory\n"

"""`koor account …` as an operator meets it."""

import json
from pathlib import Path

import pytest

from koor.ground.channels import queries
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.shell.command_line import account, frame
from tests.mastodon_server import MastodonServer

TOKEN = "secret-in-a-file"


def run(*words: str) -> int:
    arguments = frame.parser(account.COMMANDS).parse_args(["account", *words])
    return frame.spoken(arguments.chosen, arguments)


def test_add_with_settings_and_secrets(marloes: Person, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secrets = tmp_path / "token.json"
    secrets.write_text(json.dumps({"access_token": TOKEN}))
    words = ["--owner", "Marloes@reurslag.example", "--name", "Reurslag", "--setting", "server=https://m.example/?a=b"]
    assert run("add", "mastodon", *words, "--secrets-from", str(secrets), "--json") == 0
    row = Account.objects.get(pk=json.loads(capsys.readouterr().out)["id"])
    assert (row.owner, row.personal, row.settings["server"]) == (marloes, False, "https://m.example/?a=b")
    assert queries.session_for(row).secrets == {"access_token": TOKEN}


def test_settings_together_and_apart_and_the_connector_after_them() -> None:
    parser = frame.parser(account.COMMANDS)
    who = ["--owner", "a@b.example", "--name", "N"]
    for words in (
        ["mastodon", *who, "--setting", "a=b", "c=d", "--house"],
        [*who, "--setting", "a=b", "--setting", "c=d", "mastodon"],
        [*who, "--setting", "a=b", "c=d", "mastodon", "--personal"],
    ):
        said = parser.parse_args(["account", "add", *words])
        assert (said.connector, said.setting) == ("mastodon", [("a", "b"), ("c", "d")])
    for wrong in ([*who, "--setting", "a=b"], ["mastodon", *who, "--setting", "a"]):
        with pytest.raises(SystemExit):
            frame.parser(account.COMMANDS).parse_args(["account", "add", *wrong])


def answered(token: str, tmp_path: Path, server: str, *more: str) -> int:
    path = tmp_path / "token.json"
    path.write_text(json.dumps({"access_token": token}))
    words = ["--owner", "marloes@reurslag.example", "--name", "Reurslag", "--setting", f"server={server}"]
    return run("add", "mastodon", *words, "--secrets-from", str(path), *more)


def test_the_platform_is_asked_before_anything_is_kept(
    marloes: Person,
    tmp_path: Path,
    mastodon: MastodonServer,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert answered(mastodon.token, tmp_path, mastodon.url) == 1  # the door opens to no address of this machine
    assert "https" in capsys.readouterr().err
    monkeypatch.setenv("KOOR_ALLOW_HOSTS", f"{mastodon.host}:{mastodon.port}")
    assert answered("wrong", tmp_path, mastodon.url, "--json") == 1
    caught = capsys.readouterr()
    assert "does not accept the access token" in caught.err
    assert "--no-check" in caught.err
    assert "wrong" not in caught.err
    assert not caught.out
    assert not Account.objects.exists()
    assert answered(mastodon.token, tmp_path, mastodon.url) == 0
    assert not capsys.readouterr().err
    assert answered("wrong", tmp_path, mastodon.url, "--no-check") == 0
    assert Account.objects.count() == 2


def test_a_platform_that_is_away_is_connected_and_told(
    marloes: Person, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answered("any", tmp_path, "https://away.example") == 0
    assert "could not be reached" in capsys.readouterr().err
    assert Account.objects.get().health == "unknown"


def test_an_ordinary_colleague_gets_a_personal_account(bram: Person, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("add", "by_hand", "--owner", bram.email, "--name", "Bram", "--setting", "platform=linkedin") == 0
    assert Account.objects.get().personal
    assert run("add", "paper", "--owner", bram.email, "--name", "House", "--house") == 1
    assert "curator" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["hyves", "--owner", "marloes@reurslag.example", "--name", "H"], "hyves"),
        (["paper", "--owner", "nobody@reurslag.example", "--name", "H"], "nobody@reurslag.example"),
        (["mastodon", "--owner", "marloes@reurslag.example", "--name", "H"], "Fill in"),
    ],
)
def test_refused_in_words(marloes: Person, capsys: pytest.CaptureFixture[str], words: list[str], says: str) -> None:
    assert run("add", *words, "--json") == 1
    caught = capsys.readouterr()
    assert says in caught.err
    assert not caught.out


@pytest.mark.parametrize("content", ["not json", '["a"]', '{"access_token": 1}'])
def test_a_file_that_holds_no_secrets(
    marloes: Person, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    path = tmp_path / "token.json"
    path.write_text(content)
    assert run("add", "paper", "--owner", marloes.email, "--name", "P", "--secrets-from", str(path)) == 1
    assert "must hold JSON" in capsys.readouterr().err
    assert run("add", "paper", "--owner", marloes.email, "--name", "P", "--secrets-from", str(tmp_path / "none")) == 1


@pytest.mark.parametrize("words", [["add"], ["add", "paper", "--owner", "a", "--name", "b", "--setting", "nothing"]])
def test_wrong_usage(words: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(*words)
    assert left.value.code == 2


def test_list(marloes: Person, capsys: pytest.CaptureFixture[str]) -> None:
    run("add", "newsroom", "--owner", marloes.email, "--name", "Newsroom")
    capsys.readouterr()
    assert run("list", "--json") == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["connector"], row["owner"], row["state"]) == ("newsroom", marloes.email, "active")

"""The operator's doors to colleagues: list, invite, a key."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from koor.ground.people import queries
from koor.ground.people.models import Person
from koor.shell.command_line import frame


@pytest.fixture
def koor(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command inside the test's own database; its exit code, answer and complaint."""

    def run(*arguments: str) -> tuple[int, str, str]:
        args = frame.parser(frame.commands()).parse_args([*arguments])
        code = frame.spoken(args.chosen, args)
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_list(koor: Callable[..., Any], bram: Person, ada: Person) -> None:
    code, out, _err = koor("person", "list", "--json")
    assert code == 0
    assert json.loads(out)[1] == {
        "id": bram.pk,
        "name": "Bram Wolters",
        "email": "bram@reurslag.example",
        "roles": ["helper"],
        "active": True,
    }


def test_a_key(koor: Callable[..., Any], bram: Person) -> None:
    code, out, _err = koor("token", "create", "--person", "BRAM@reurslag.example", "--name", "proef", "--json")
    answer = json.loads(out)
    assert (code, answer["name"]) == (0, "proef")
    assert queries.token_of(answer["token"]).person == bram
    code, out, _err = koor("token", "create", "--person", "bram@reurslag.example")
    assert queries.token_of(out.strip()).person == bram
    assert koor("token", "create", "--person", "nobody@reurslag.example")[0] == 1


def test_invite(koor: Callable[..., Any], bram: Person) -> None:
    code, out, _err = koor("person", "invite", "sanne@reurslag.example", "--name", "Sanne", "--role", "face", "--json")
    answer = json.loads(out)
    assert (code, answer["email"]) == (0, "sanne@reurslag.example")
    invitation = queries.invitation_by_secret(answer["link"].rstrip("/").rsplit("/", 1)[1])
    assert invitation is not None
    assert invitation.roles == ["face"]
    code, _out, err = koor("person", "invite", "joop@reurslag.example")
    assert (code, bool(err)) == (1, True)
    assert koor("person", "invite", "bram@reurslag.example", "--json")[0] == 0  # a new password for who is in

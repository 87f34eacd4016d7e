"""A report that an address is not there ends the newsletter for it as soon as it is stored; one that a letter was given
up for now is counted."""

from typing import Any

import pytest

from koor.flow.listening.actions import storing
from koor.ground.channels.contract import Incoming

NUMBER = "koor.letter.7.abc@x.example"


@pytest.mark.parametrize(
    ("kind", "raw", "told"),
    [
        ("bounce", {"gone": True}, [(NUMBER, "")]),
        ("bounce", {"gone": True, "not_now": "4.4.7"}, [(NUMBER, "")]),
        ("bounce", {"gone": False, "not_now": "4.4.7"}, [(NUMBER, "4.4.7")]),
        ("bounce", {"gone": False, "not_now": ""}, []),
        ("bounce", {"not_now": 5}, []),
        ("bounce", {}, []),
        ("direct", {"gone": True}, []),
    ],
)
def test_only_a_report_that_says_so(
    monkeypatch: pytest.MonkeyPatch, kind: str, raw: dict[str, Any], told: list[tuple[str, str]]
) -> None:
    heard: list[tuple[str, str]] = []
    monkeypatch.setattr(storing.publishing, "came_back", lambda number, not_now: heard.append((number, not_now)))
    storing._end_letters([Incoming("1", "Mailer", kind=kind, in_reply_to=NUMBER, raw=raw)])
    assert heard == told

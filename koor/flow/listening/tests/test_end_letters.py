"""A report that an address is not there ends the newsletter for it, as soon as it is stored."""

from typing import Any

import pytest

from koor.flow.listening.actions import storing
from koor.ground.channels.contract import Incoming


@pytest.mark.parametrize(("kind", "gone", "told"), [("bounce", True, 1), ("bounce", False, 0), ("direct", True, 0)])
def test_only_a_report_that_says_so(monkeypatch: pytest.MonkeyPatch, kind: str, gone: bool, told: int) -> None:
    heard: list[Any] = []
    monkeypatch.setattr(storing.publishing, "came_back", heard.append)
    entry = Incoming("1", "Mailer", kind=kind, in_reply_to="koor.letter.7.abc@x.example", raw={"gone": gone})
    storing._end_letters([entry])
    assert heard == ["koor.letter.7.abc@x.example"] * told

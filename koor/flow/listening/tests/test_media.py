"""What media came with a post is told from what platforms and files say of it; and queries look at it."""

from collections.abc import Callable
from typing import Any

import pytest

from koor.flow.listening import actions, queries
from koor.flow.listening.logic import media
from koor.flow.listening.logic.files import post_from
from koor.flow.listening.logic.media import media_in, media_of
from koor.flow.listening.logic.query import read_query
from koor.flow.listening.models import Match, Mention
from koor.ground.channels.contract import Enclosed, Incoming
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM


@pytest.mark.parametrize(
    ("told", "kinds"),
    [
        ({}, set()),
        ({"media": True}, {"other"}),
        ({"media": False}, set()),
        ({"media": []}, set()),
        ({"media": "video"}, {"film"}),
        ({"media": [{"type": "image"}, {"mime": "audio/ogg"}, {}]}, {"photo", "voice"}),
        ({"media": ["https://x.nl/a.JPG?size=1", "https://x.nl/b"]}, {"photo", "other"}),
        ({"media_attachments": [{"type": "gifv"}]}, {"film"}),
        ({"pictures": ["https://x.nl/b", "https://x.nl/c.mp4"]}, {"photo", "film"}),
        (None, set()),
    ],
)
def test_what_is_told(told: Any, kinds: set[str]) -> None:
    assert media_in(told) == kinds


def test_files_and_what_the_platform_told() -> None:
    entry = Incoming("1", "Els", raw={"raw": {"pictures": ["https://x.nl/1"]}}, files=(Enclosed("stem.ogg", b""),))
    assert media_of(entry) == {"photo", "voice"}
    assert media_of(Incoming("1", "Els", files=(Enclosed("rekening.pdf", b""),))) == set()


def test_saved_queries_look_at_what_stands_beside_the_text(
    bring_in: Callable[..., actions.Tally], marloes: Person
) -> None:
    before = actions.add_query(by=SYSTEM, name="Beeld", expression="has:photo author:roel* source:reviews")
    bring_in({"text": "pomp", "media": ["image"], "author": "Els Roelvink"}, {"text": "pomp", "lang": "nl"})
    assert list(Mention.objects.order_by("pk").values_list("media", flat=True)) == ["photo", ""]
    after = actions.add_query(by=SYSTEM, name="Taal", expression="lang:nl NOT has:media")
    assert set(Match.objects.values_list("query", "mention__external_id")) == {(before.pk, "p1"), (after.pk, "p2")}
    assert queries.preview(marloes, read_query("source:reviews NOT lang:nl")).met == 1


def test_lists_in_lists_end() -> None:
    deep: Any = "video"
    for _ in range(100_000):
        deep = [deep]
    assert media_in({"media": deep}) == set()
    assert media_in({"media": [[["video"]]]}) == {"film"}
    assert post_from({"text": "", "media": deep}).media == set()


def test_a_hundred_pieces_are_looked_at_in_all_lists_together(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    monkeypatch.setattr(media, "_kind", lambda said: looked.append(said) or "")
    media_in({"media": [[["video"] * 200] * 200] * 200})
    media_in({"media": [[[]] * 200] * 200})
    assert 90 < len(looked) < 100
    looked.clear()
    media_in({"media": ["video"] * 200})
    assert len(looked) == 100

"""What a picture is about, and the cuts that follow from it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from koor.flow.hub import actions, queries
from koor.flow.hub.media import cutting
from koor.flow.hub.media.crops import Cut
from koor.flow.hub.media.reasons import MediaTrouble
from koor.flow.hub.models import Crop, Item, Medium
from koor.flow.hub.tests.conftest import jpeg
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry, StoredFile

Show = Callable[..., Item]


def medium_of(item: Item) -> Medium:
    return queries.item(item.by, item.pk).media.all()[0]  # type: ignore[arg-type]


def test_the_curator_and_the_maker_say_it_once(bram: Person, henk: Person, marloes: Person, show: Show) -> None:
    item = show(bram)
    for _ in range(2):
        actions.set_focus(
            by=marloes, item=item, medium=medium_of(item), focus=(30, 70), cuts={"square": Cut(1, 2, 150)}
        )
    found = medium_of(item)
    assert (found.focus_x, found.focus_y, found.cuts) == (30, 70, {"square": [1, 2, 150]})
    assert AuditEntry.objects.filter(verb="hub.set_focus").count() == 1
    assert queries.cut_of(found, "square") == Cut(1, 2, 150)
    assert queries.cut_of(found, "story") == Cut(30, 70, 100)
    with pytest.raises(Forbidden):
        actions.set_focus(by=henk, item=item, medium=found, focus=(1, 1))
    assert actions.set_focus(by=bram, item=item, medium=found, focus=None).focus_x is None


@pytest.mark.parametrize(
    ("focus", "cuts"), [((101, 0), {}), ((0, -1), {}), ((1, 1), {"round": Cut()}), ((1, 1), {"square": Cut(1, 1, 900)})]
)
def test_outside_the_picture_is_refused(bram: Person, show: Show, focus: tuple[int, int], cuts: dict[str, Cut]) -> None:
    item = show(bram)
    with pytest.raises(Refused):
        actions.set_focus(by=bram, item=item, medium=medium_of(item), focus=focus, cuts=cuts)


def test_a_shape_is_cut_once_and_anew_when_the_point_moves(bram: Person, show: Show, whole: None) -> None:
    item = show(bram)
    first = actions.cropped(by=SYSTEM, medium=medium_of(item), shape="square")
    again = actions.cropped(by=SYSTEM, medium=medium_of(item), shape="square")
    assert first is not None
    assert again == first
    assert first.width == first.height
    actions.set_focus(by=bram, item=item, medium=medium_of(item), focus=(90, 50))
    assert not Crop.objects.exists()
    assert not StoredFile.objects.filter(pk=first.file_id).exists()
    moved = actions.cropped(by=SYSTEM, medium=medium_of(item), shape="square")
    assert moved is not None
    assert moved.made_of != first.made_of


def test_a_picture_that_fits_goes_whole_until_somebody_says_what_it_is_about(bram: Person, show: Show) -> None:
    instagram = Account(connector="by_hand", settings={"platform": "instagram"})
    tiktok = Account(connector="by_hand", settings={"platform": "tiktok"})
    mastodon = Account(connector="mastodon")
    item = show(bram)  # 4:3
    medium = medium_of(item)
    assert queries.shape_on(instagram, medium) == queries.shape_on(mastodon, medium) == ""
    assert queries.shape_on(tiktok, medium) == "story"
    assert queries.shape_on(instagram, medium, "portrait") == "portrait"
    medium = actions.set_focus(by=bram, item=item, medium=medium, focus=(90, 50))
    assert queries.shape_on(instagram, medium) == "square"
    assert queries.shape_on(instagram, medium, "whole") == queries.shape_on(mastodon, medium) == ""


def test_the_page_shows_every_shape_and_works_as_a_form(bram: Person, henk: Person, show: Show, client: Client) -> None:
    item = show(bram)
    address = f"/library/{item.pk}/picture/{medium_of(item).pk}/"
    client.force_login(bram)
    page = client.get(address).content.decode()
    assert page.count('<svg class="photo cut"') == 4
    assert all(len(set(one.places)) == len(one.places) for one in queries.shapes_of(bram, medium_of(item)))
    shapes = ("landscape", "square", "portrait", "story")
    sent = {f"{shape}-{name}": value for shape in shapes for name, value in (("x", 5), ("y", 6), ("zoom", 120))}
    answer = client.post(address, {**sent, "x": 20, "y": 80, "square-own": "on"})
    assert answer.headers["Location"] == f"/library/{item.pk}/"
    found = medium_of(item)
    assert (found.focus_x, found.focus_y, found.cuts) == (20, 80, {"square": [5, 6, 120]})
    assert client.post(address, {**sent, "x": 200, "y": 80}).status_code == 422
    client.post(address, {"middle": "1"})
    assert medium_of(item).focus_x is None
    client.force_login(henk)
    assert client.get(address).status_code == 302
    assert client.get(f"/library/{item.pk}/picture/999/").status_code in (302, 404)


def test_of_a_picture_without_its_files_nothing_is_cut(bram: Person, show: Show) -> None:
    medium = medium_of(show(bram))
    assert actions.cropped(by=SYSTEM, medium=medium, shape="round") is None
    medium.renditions.all().delete()
    assert actions.cropped(by=SYSTEM, medium=medium_of(medium.item), shape="square") is None  # type: ignore[arg-type]


@pytest.fixture
def while_cutting(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Let something happen once, in the middle of a cut."""
    waiting: list[Callable[[], object]] = []

    def cut(_source: Path, folder: Path, _box: object) -> Path:
        while waiting:
            waiting.pop()()
        (folder / "cut.jpg").write_bytes(jpeg(40, 30))
        return folder / "cut.jpg"

    monkeypatch.setattr(cutting, "cut", cut)
    return waiting.append


def test_two_who_cut_at_once_get_the_same(bram: Person, show: Show, whole: None, while_cutting: Any) -> None:
    medium = medium_of(show(bram))
    while_cutting(lambda: actions.cropped(by=SYSTEM, medium=medium, shape="square"))
    made = actions.cropped(by=SYSTEM, medium=medium, shape="square")
    assert [made] == list(Crop.objects.all())


def test_a_point_that_moved_meanwhile_is_cut_again(bram: Person, show: Show, whole: None, while_cutting: Any) -> None:
    item = show(bram)
    while_cutting(lambda: actions.set_focus(by=bram, item=item, medium=medium_of(item), focus=(90, 50)))
    late = actions.cropped(by=SYSTEM, medium=medium_of(item), shape="square")
    made = actions.cropped(by=SYSTEM, medium=medium_of(item), shape="square")
    assert late is not None
    assert [made] == list(Crop.objects.all())
    assert not StoredFile.objects.filter(pk=late.file_id).exists()


def test_of_a_picture_that_was_made_anew_meanwhile_no_old_cut_stays(
    bram: Person, show: Show, whole: None, while_cutting: Any
) -> None:
    medium = medium_of(show(bram))
    while_cutting(lambda: medium.renditions.all().delete())
    with pytest.raises(MediaTrouble):
        actions.cropped(by=SYSTEM, medium=medium, shape="square")
    assert not Crop.objects.exists()

"""Faces: the house proposes, a person confirms; every file is made anew; the way back is for the uploader alone."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from PIL import Image

from koor.flow.hub import access, actions, queries, tasks
from koor.flow.hub.actions import blurring, captures
from koor.flow.hub.choices import Agrees, FaceState
from koor.flow.hub.logic import InPicture, Photo
from koor.flow.hub.media import renditions
from koor.flow.hub.media.boxes import Box
from koor.flow.hub.media.crops import Cut
from koor.flow.hub.media.reasons import MediaTrouble, PictureRefused, Reason
from koor.flow.hub.media.tests.faces import crowd, jpeg_of
from koor.flow.hub.media.tests.pictures import opened_here
from koor.flow.hub.models import Crop, Face, Item, Medium, Portrayed, Unblurred
from koor.ground.people.models import House, Person
from koor.kernel import clock, files
from koor.kernel.access import SYSTEM, Forbidden, NotFound, Refused
from koor.kernel.models import AuditEntry, StoredFile, ToldFact

PLACE = Box(0.125, 0.15, 0.15, 0.27)  # the drawn face
PICTURE = jpeg_of(crowd(((100, 100, 120),), (800, 600)))


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renditions, "_run", opened_here)


@pytest.fixture
def shown(marloes: Person, rob: Person) -> Callable[..., Medium]:
    """A photo of Jelle with one face, shown by him, in the library; `who`: people in it and their answers."""

    def made(by: Person = rob, photos: int = 1, **who: str) -> Medium:
        people = [InPicture(name, agrees) for name, agrees in who.items()]
        given = [Photo(f"{n}.jpg", PICTURE) for n in range(photos)]
        capture = actions.capture(by=by, photos=given, sentence="At work", portrayed=people, client_id=uuid4())
        actions.develop_capture(by=SYSTEM, capture_id=capture.pk)
        return Medium.objects.filter(capture=capture).select_related("item").order_by("order")[0]

    return made


def proposed(medium: Medium, *places: Box) -> Medium:
    """As if the house had looked."""
    Face.objects.bulk_create(Face(medium=medium, found=True, **place._asdict()) for place in places)
    Medium.objects.filter(pk=medium.pk).update(faces=FaceState.PROPOSED, faces_found=len(places))
    return Medium.objects.select_related("item").get(pk=medium.pk)


def pictures(medium: Medium) -> dict[str, bytes]:
    return {f"{one.width}.{one.format}": files.read(one.file) for one in medium.renditions.all()}


def is_hidden(content: bytes) -> bool:
    """Whether the eyes of the drawn face are gone: in blocks nothing is as dark as they were."""
    image = Image.open(io.BytesIO(content)).convert("L").resize((1600, 1200))
    eye = image.getpixel((285, 343))
    assert isinstance(eye, int)
    return eye > 90


# ── Looking ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.optional("faces", "cv2")
def test_the_house_looks_once_and_only_proposes(shown: Callable[..., Medium]) -> None:
    medium = shown()
    assert actions.look_for_faces(by=SYSTEM, medium_id=medium.pk) == 1
    assert actions.look_for_faces(by=SYSTEM, medium_id=medium.pk) == 0
    medium.refresh_from_db()
    assert (medium.faces, medium.faces_found, medium.places.count()) == (FaceState.PROPOSED, 1, 1)
    assert not is_hidden(pictures(medium)["800.jpeg"])


def test_it_is_asked_to_look_when_the_photo_is_ready(shown: Callable[..., Medium], monkeypatch: Any) -> None:
    asked: list[int] = []
    monkeypatch.setattr(captures.jobs, "later", lambda task, **ids: asked.append(ids.get("medium", 0)))
    monkeypatch.setattr(captures, "can_look", lambda: True)
    medium = shown()
    assert medium.pk in asked
    monkeypatch.setattr(captures, "can_look", lambda: False)
    assert shown().pk not in asked


def test_without_the_package_nothing_is_proposed(shown: Callable[..., Medium], monkeypatch: Any) -> None:
    monkeypatch.setattr(blurring, "find_faces", lambda path: None)
    medium = shown()
    assert actions.look_for_faces(by=SYSTEM, medium_id=medium.pk) == 0
    medium.refresh_from_db()
    assert medium.faces == FaceState.UNSEEN
    assert queries.publishable(medium.by, medium.item)[0]  # type: ignore[arg-type]


def test_nobody_else_starts_it(shown: Callable[..., Medium], marloes: Person) -> None:
    with pytest.raises(Forbidden):
        actions.look_for_faces(by=marloes, medium_id=shown().pk)


def test_a_photo_that_is_gone_or_was_looked_at_is_left_alone(shown: Callable[..., Medium], rob: Person) -> None:
    medium = shown()
    actions.agree_faces(by=rob, medium=medium)
    tasks.look_for_faces(medium=medium.pk)
    tasks.look_for_faces(medium=medium.pk + 1000)
    assert not Face.objects.exists()


# ── Publishing waits for a person ────────────────────────────────────────────────────────────────────────────────────


def test_more_faces_than_names_wait_for_somebody_who_looks(
    shown: Callable[..., Medium], rob: Person, marloes: Person
) -> None:
    medium = proposed(shown(Jelle=Agrees.YES), PLACE, Box(0.6, 0.6, 0.1, 0.1))
    item = Item.objects.get(pk=medium.item_id)
    assert not queries.publishable(marloes, item)[0]
    assert item not in queries.publishable_items(marloes)
    assert [one.pk for one in queries.proposed_of(rob)] == [medium.pk]
    actions.agree_faces(by=rob, medium=medium)
    actions.agree_faces(by=rob, medium=medium)
    item = Item.objects.get(pk=medium.item_id)
    assert queries.publishable(marloes, item)[0]
    assert item in queries.publishable_items(marloes)
    assert not queries.proposed_of(rob)
    assert AuditEntry.objects.filter(verb="hub.agree_faces").count() == 1


def test_as_many_names_as_faces_are_enough(shown: Callable[..., Medium], marloes: Person) -> None:
    medium = proposed(shown(Jelle=Agrees.YES), PLACE)
    assert queries.publishable(marloes, Item.objects.get(pk=medium.item_id))[0]


# ── Blurring ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_file_is_made_anew_and_the_old_ones_go(shown: Callable[..., Medium], marloes: Person) -> None:
    medium = shown()
    old, print_before = list(StoredFile.objects.values_list("handle", "path")), medium.dhash
    assert not any(is_hidden(content) for content in pictures(medium).values())
    after = actions.blur_faces(by=marloes, medium=medium, places=[PLACE])
    assert after.faces == FaceState.BLURRED
    assert len(pictures(after)) == len(old) == 6
    assert all(is_hidden(content) for content in pictures(after).values())
    assert not set(old) & set(StoredFile.objects.values_list("handle", "path"))
    assert (after.width, after.height) == (800, 600)
    assert isinstance(print_before, int)
    entry = AuditEntry.objects.get(verb="hub.blur_faces")
    assert (entry.actor_id, entry.detail["places"]) == (marloes.pk, 1)
    assert ToldFact.objects.filter(kind__endswith="FacesBlurred").count() == 1


def test_a_public_picture_stays_public_and_an_old_address_is_dead(
    shown: Callable[..., Medium], marloes: Person, visit: Callable[..., Any]
) -> None:
    medium = shown()
    one = medium.renditions.first()
    assert one is not None
    files.show_to_everyone(one.file)
    address = files.url_of(one.file)
    assert visit(None).get(address).status_code == 200
    after = actions.blur_faces(by=marloes, medium=medium, places=[PLACE])
    assert visit(None).get(address).status_code == 404
    assert all(kept.file.public for kept in after.renditions.all())


def test_a_double_click_blurs_once(shown: Callable[..., Medium], marloes: Person) -> None:
    medium = shown()
    first = actions.blur_faces(by=marloes, medium=medium, places=[PLACE], once="k")
    handles = set(StoredFile.objects.values_list("handle", flat=True))
    assert actions.blur_faces(by=marloes, medium=medium, places=[PLACE], once="k") == first
    assert set(StoredFile.objects.values_list("handle", flat=True)) == handles
    assert AuditEntry.objects.filter(verb="hub.blur_faces").count() == 1


def test_proposals_that_were_not_chosen_are_gone(shown: Callable[..., Medium], marloes: Person) -> None:
    medium = proposed(shown(), PLACE, Box(0.6, 0.6, 0.1, 0.1))
    after = actions.blur_faces(by=marloes, medium=medium, places=[PLACE])
    assert [(one.found, one.by_id) for one in after.places.all()] == [(False, marloes.pk)]


def test_what_can_t_be_blurred(shown: Callable[..., Medium], marloes: Person, henk: Person) -> None:
    medium = shown()
    with pytest.raises(Refused, match="at least one"):
        actions.blur_faces(by=marloes, medium=medium, places=[])
    with pytest.raises(Refused, match="At most"):
        actions.blur_faces(by=marloes, medium=medium, places=[PLACE] * 41)
    with pytest.raises(Forbidden):
        actions.blur_faces(by=henk, medium=medium, places=[PLACE])
    with pytest.raises(Forbidden):
        actions.agree_faces(by=henk, medium=medium)
    other = Portrayed.objects.create(item=shown().item, name="Elsewhere", recorded_at=clock.now())
    with pytest.raises(NotFound):
        actions.blur_faces(by=marloes, medium=medium, places=[PLACE], unseen=[other])
    medium.renditions.all().delete()
    with pytest.raises(Refused, match="prepared"):
        actions.blur_faces(by=marloes, medium=medium, places=[PLACE])


def test_trouble_changes_nothing(shown: Callable[..., Medium], marloes: Person, monkeypatch: Any) -> None:
    medium = shown()
    before = pictures(medium)

    def trouble(*_given: Any, **_more: Any) -> Any:
        raise MediaTrouble("no room")

    monkeypatch.setattr(blurring, "make", trouble)
    with pytest.raises(MediaTrouble):
        actions.blur_faces(by=marloes, medium=medium, places=[PLACE])
    assert pictures(medium) == before
    assert not Unblurred.objects.exists()


# ── Who did not agree ────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_said_no_and_is_blurred_no_longer_keeps_it_in(
    shown: Callable[..., Medium], marloes: Person, rob: Person, henk: Person
) -> None:
    medium = shown(Visitor=Agrees.NO, Colleague=Agrees.YES)
    item = Item.objects.get(pk=medium.item_id)
    visitor = item.portrayed.get(name="Visitor")
    assert not queries.publishable(marloes, item)[0]
    assert item not in queries.items_visible_to(henk)
    actions.blur_faces(by=marloes, medium=medium, places=[PLACE], unseen=[visitor])
    item = Item.objects.get(pk=medium.item_id)
    assert queries.publishable(marloes, item)[0]
    assert item in queries.publishable_items(marloes)
    assert item in queries.items_visible_to(henk)
    before = clock.now() - timedelta(hours=1)
    assert [one.code for one in queries.blocks_of(item, shown_at=before)] == ["no"]  # a copy of before shows them


def test_blurring_somebody_does_not_answer_for_another(shown: Callable[..., Medium], marloes: Person) -> None:
    medium = shown(Visitor=Agrees.NO, Other=Agrees.ASK)
    visitor = medium.item.portrayed.get(name="Visitor")  # type: ignore[union-attr]
    actions.blur_faces(by=marloes, medium=medium, places=[PLACE], unseen=[visitor])
    item = Item.objects.get(pk=medium.item_id)
    assert [one.name for one in queries.blocks_of(item)] == ["Other"]


def test_a_ticked_name_can_be_taken_back(shown: Callable[..., Medium], marloes: Person) -> None:
    medium = shown(Visitor=Agrees.NO)
    visitor = medium.item.portrayed.get()  # type: ignore[union-attr]
    with pytest.raises(Refused, match="First blur"):
        actions.tell_unseen(by=marloes, medium=medium, unseen=[visitor])
    actions.blur_faces(by=marloes, medium=medium, places=[PLACE], unseen=[visitor])
    actions.tell_unseen(by=marloes, medium=medium, unseen=[])
    assert [one.code for one in queries.blocks_of(Item.objects.get(pk=medium.item_id))] == ["no"]
    assert ToldFact.objects.filter(kind__endswith="ConsentRecorded").count() == 1
    actions.tell_unseen(by=marloes, medium=medium, unseen=[visitor])
    assert queries.publishable(marloes, Item.objects.get(pk=medium.item_id))[0]


def test_another_picture_with_the_item_asks_again(shown: Callable[..., Medium], marloes: Person, rob: Person) -> None:
    medium = shown(Visitor=Agrees.NO)
    visitor = medium.item.portrayed.get()  # type: ignore[union-attr]
    actions.blur_faces(by=marloes, medium=medium, places=[PLACE], unseen=[visitor])
    actions.add_picture(by=rob, photo=Photo("b.jpg", PICTURE), item=medium.item)
    assert not queries.publishable(marloes, Item.objects.get(pk=medium.item_id))[0]


# ── The picture as it was ────────────────────────────────────────────────────────────────────────────────────────────


def test_only_its_uploader_reads_it_and_that_is_on_the_trail(
    shown: Callable[..., Medium], marloes: Person, rob: Person, ada: Person
) -> None:
    medium = shown()
    before = pictures(medium)["800.jpeg"]
    actions.blur_faces(by=marloes, medium=medium, places=[PLACE])
    kept = Unblurred.objects.get()
    assert before[100:200] not in bytes(kept.sealed)
    assert actions.open_unblurred(by=rob, medium=medium) == before
    for other in Person.objects.exclude(pk=rob.pk):
        with pytest.raises(NotFound):
            actions.open_unblurred(by=other, medium=medium)
        with pytest.raises(NotFound):
            actions.restore_unblurred(by=other, medium=medium)
    assert not access.may_see_unblurred(SYSTEM, kept)
    assert [one.actor_id for one in AuditEntry.objects.filter(verb="hub.open_unblurred")] == [rob.pk]


def test_who_left_reads_nothing(shown: Callable[..., Medium], marloes: Person, rob: Person) -> None:
    medium = shown()
    actions.blur_faces(by=marloes, medium=medium, places=[PLACE])
    rob.is_active = False
    with pytest.raises(NotFound):
        actions.open_unblurred(by=rob, medium=medium)


def test_it_comes_back_in_every_size_and_people_are_asked_again(
    shown: Callable[..., Medium], marloes: Person, rob: Person
) -> None:
    medium = shown(Visitor=Agrees.NO)
    visitor = medium.item.portrayed.get()  # type: ignore[union-attr]
    actions.blur_faces(by=marloes, medium=medium, places=[PLACE], unseen=[visitor])
    back = actions.restore_unblurred(by=rob, medium=medium)
    assert not any(is_hidden(content) for content in pictures(back).values())
    assert (back.faces, back.faces_found, Unblurred.objects.count()) == (FaceState.PROPOSED, 1, 0)
    assert not queries.publishable(marloes, Item.objects.get(pk=medium.item_id))[0]
    assert StoredFile.objects.count() == 6


def test_twice_blurred_comes_back_as_it_first_was(shown: Callable[..., Medium], marloes: Person, rob: Person) -> None:
    medium = shown()
    before = pictures(medium)["800.jpeg"]
    actions.blur_faces(by=marloes, medium=medium, places=[PLACE])
    ends = Unblurred.objects.get().ends_at
    actions.blur_faces(by=marloes, medium=medium, places=[Box(0.7, 0.7, 0.1, 0.1)])
    assert Unblurred.objects.get().ends_at == ends
    assert actions.open_unblurred(by=rob, medium=medium) == before


def test_what_stands_in_the_newsroom_does_not_come_back(
    shown: Callable[..., Medium], marloes: Person, rob: Person
) -> None:
    after = actions.blur_faces(by=marloes, medium=shown(), places=[PLACE])
    one = after.renditions.first()
    assert one is not None
    files.show_to_everyone(one.file)
    with pytest.raises(Refused, match="newsroom"):
        actions.restore_unblurred(by=rob, medium=after)
    assert is_hidden(pictures(after)["800.jpeg"])


def test_its_time_ends(shown: Callable[..., Medium], marloes: Person, rob: Person, noon: Any) -> None:
    medium = shown()
    actions.blur_faces(by=marloes, medium=medium, places=[PLACE])
    almost, over = clock.now() + timedelta(days=6, hours=23), clock.now() + timedelta(days=7)
    with clock.fixed(almost):
        tasks.forget_unblurred(timestamp=0)
        assert actions.open_unblurred(by=rob, medium=medium)
    with clock.fixed(over):
        with pytest.raises(NotFound):  # also when the worker sleeps
            actions.open_unblurred(by=rob, medium=medium)
        assert actions.forget_unblurred(by=SYSTEM) == 1
    assert not Unblurred.objects.exists()
    assert AuditEntry.objects.filter(verb="hub.forget_unblurred").count() == 1


def test_a_shorter_time_holds_for_what_is_kept_already(shown: Callable[..., Medium], marloes: Person) -> None:
    actions.blur_faces(by=marloes, medium=shown(), places=[PLACE])
    House.objects.update(unblurred_days=0)
    assert actions.forget_unblurred(by=SYSTEM) == 1


def test_a_house_that_keeps_nothing_keeps_nothing(shown: Callable[..., Medium], marloes: Person) -> None:
    House.objects.update(unblurred_days=0)
    actions.blur_faces(by=marloes, medium=shown(), places=[PLACE])
    assert not Unblurred.objects.exists()


def test_it_goes_with_its_photo(shown: Callable[..., Medium], marloes: Person, rob: Person) -> None:
    medium = shown()
    actions.blur_faces(by=marloes, medium=medium, places=[PLACE])
    assert medium.capture is not None
    actions.withdraw_capture(by=rob, capture=medium.capture)
    with clock.fixed(clock.now() + timedelta(days=8)):
        assert actions.erase_withdrawn(by=SYSTEM) == 1
    assert not Unblurred.objects.exists()


# ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_whole_road_without_a_script(
    shown: Callable[..., Medium], marloes: Person, rob: Person, ada: Person, visit: Callable[..., Any]
) -> None:
    medium = proposed(shown(Visitor=Agrees.NO), PLACE)
    browser, page = visit(marloes), reverse("hub:faces", args=[medium.pk])
    assert page in browser.get(reverse("hub:item", args=[medium.item_id])).content.decode()
    text = browser.get(page).content.decode()
    assert "The house guesses" in text
    assert text.count('name="face"') == 1
    face, visitor = medium.places.get(), medium.item.portrayed.get()  # type: ignore[union-attr]
    blur = reverse("hub:blur", args=[medium.pk])
    drawn = {"left": ["70", ""], "top": ["70,5", ""], "wide": ["10", ""], "high": ["10", ""]}
    asked = browser.post(blur, {"face": face.pk, **drawn}).content.decode()
    assert "2 places become" in asked
    assert "for 7 days" in asked
    assert not Unblurred.objects.exists()
    places = ["0.125,0.15,0.15,0.27", "0.7,0.705,0.1,0.1"]
    assert all(f'value="{one}"' in asked for one in places)
    done = browser.post(blur, {"sure": 1, "place": places, "unseen": visitor.pk, "once": "a"}, follow=True)
    assert "Faces are blurred" in done.content.decode()
    assert "as-it-was" not in done.content.decode()
    assert medium.places.count() == 2
    assert queries.publishable(marloes, Item.objects.get(pk=medium.item_id))[0]
    was = reverse("hub:as_it_was", args=[medium.pk])
    assert [visit(one).get(was).status_code for one in (marloes, ada)] == [404, 404]
    assert visit(None).get(was).status_code == 302
    mine = visit(rob)
    assert was in mine.get(page).content.decode()
    picture = mine.get(was)
    assert "no-store" in picture["Cache-Control"]
    assert picture["Content-Type"] == "image/jpeg"
    back = reverse("hub:faces_restore", args=[medium.pk])
    assert "gone, or not yours" in browser.post(back, follow=True).content.decode()
    assert "It is as it was" in mine.post(back, follow=True).content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        {"left": "nan", "top": "1", "wide": "1", "high": "1"},
        {"left": "1e400", "top": "1", "wide": "1", "high": "1"},
        {"left": "a", "top": "1", "wide": "1", "high": "1"},
        {"left": "200", "top": "1", "wide": "1", "high": "1"},
        {"left": "1", "top": "", "wide": "1", "high": "1"},
        {"place": "1,2"},
        {"place": "9" * 5000},
        {"face": "7777777"},
        {},
    ],
)
def test_nonsense_is_refused_in_words(shown: Callable[..., Medium], marloes: Person, visit: Any, sent: Any) -> None:
    medium = shown()
    answer = visit(marloes).post(reverse("hub:blur", args=[medium.pk]), {**sent, "sure": 1})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Face.objects.exists()


def test_others_find_nothing(shown: Callable[..., Medium], henk: Person, visit: Callable[..., Any]) -> None:
    medium, browser = shown(), visit(henk)
    assert browser.get(reverse("hub:faces", args=[medium.pk])).status_code == 404
    for name in ("blur", "faces_agree", "faces_who"):
        assert (
            browser.post(reverse(f"hub:{name}", args=[medium.pk]), {"sure": 1, "place": "0,0,1,1"}).status_code == 404
        )
    assert medium.faces == FaceState.UNSEEN


def test_nobody_needs_blurring_and_names_are_told_on_the_page(
    shown: Callable[..., Medium], marloes: Person, visit: Callable[..., Any]
) -> None:
    medium, browser = shown(Visitor=Agrees.NO, photos=2), visit(marloes)
    answer = browser.post(reverse("hub:faces_agree", args=[medium.pk]), follow=True)
    assert "nobody in it needs blurring" in answer.content.decode()
    visitor = medium.item.portrayed.get()  # type: ignore[union-attr]
    who = reverse("hub:faces_who", args=[medium.pk])
    assert "First blur them" in browser.post(who, {"unseen": visitor.pk}, follow=True).content.decode()
    actions.blur_faces(by=marloes, medium=medium, places=[PLACE])
    page = browser.post(who, {"unseen": visitor.pk}, follow=True).content.decode()
    assert "Noted." in page
    assert "photo 2" in page  # as they stand on the page of the item
    assert "Blurred</span>" in browser.get(reverse("hub:item", args=[medium.item_id])).content.decode()


def test_today_asks_the_maker(shown: Callable[..., Medium], rob: Person, visit: Callable[..., Any]) -> None:
    medium = proposed(shown(), PLACE)
    assert reverse("hub:faces", args=[medium.pk]) in visit(rob).get("/").content.decode()


def test_a_picture_of_nobodys_item_is_for_who_added_it(rob: Person, marloes: Person, visit: Callable[..., Any]) -> None:
    loose = actions.add_picture(by=rob, photo=Photo("a.jpg", PICTURE))
    assert visit(rob).get(reverse("hub:faces", args=[loose.pk])).status_code == 200
    assert visit(marloes).get(reverse("hub:faces", args=[loose.pk])).status_code == 404
    assert math.isfinite(actions.blur_faces(by=rob, medium=loose, places=[PLACE]).width or 0)


def test_what_looks_like_it_and_is_not_blurred_is_shown(
    shown: Callable[..., Medium], marloes: Person, visit: Callable[..., Any]
) -> None:
    medium, twin = shown(), shown()
    actions.blur_faces(by=marloes, medium=medium, places=[PLACE])
    page, other = reverse("hub:faces", args=[medium.pk]), reverse("hub:item", args=[twin.item_id])
    assert other in visit(marloes).get(page).content.decode()
    actions.blur_faces(by=marloes, medium=twin, places=[PLACE])
    assert other not in visit(marloes).get(page).content.decode()


def test_focus_and_cuts_hold_through_blurring_and_back(
    shown: Callable[..., Medium], marloes: Person, rob: Person
) -> None:
    medium = shown()
    item, cuts = medium.item, {"square": Cut(18, 28, 200)}
    assert item is not None
    actions.set_focus(by=rob, item=item, medium=medium, focus=(20, 30), cuts=cuts)

    def cut() -> tuple[Crop, bool]:
        """The square, which is a quarter of the picture around the face, and whether the face is hidden in it."""
        found = queries.medium(rob, medium.pk)
        assert (found.focus_x, found.focus_y, found.cuts) == (20, 30, {"square": [18, 28, 200]})
        made = actions.cropped(by=SYSTEM, medium=found, shape="square")
        assert made is not None
        left, top, wide, high = map(int, made.made_of.split(":")[1].split(","))
        image = Image.open(io.BytesIO(files.read(made.file))).convert("L").resize((wide, high))
        eye = image.getpixel((142 - left, 171 - top))
        assert isinstance(eye, int)
        return made, eye > 90

    first, hidden = cut()
    assert not hidden
    actions.blur_faces(by=rob, medium=medium, places=[PLACE])
    assert not StoredFile.objects.filter(pk=first.file_id).exists()
    second, hidden = cut()
    assert hidden
    assert (second.width, second.height) == (first.width, first.height)
    actions.restore_unblurred(by=rob, medium=medium)
    assert not StoredFile.objects.filter(pk=second.file_id).exists()
    third, hidden = cut()
    assert not hidden
    assert (third.width, third.height) == (first.width, first.height)
    assert Crop.objects.count() == 1


def test_after_nonsense_the_ticks_are_as_they_were(
    shown: Callable[..., Medium], marloes: Person, visit: Callable[..., Any]
) -> None:
    medium = proposed(shown(), PLACE, Box(0.6, 0.6, 0.1, 0.1))
    first = medium.places.order_by("pk")[0]
    sent = {"face": first.pk, "left": "70", "top": "x", "wide": "10", "high": "10"}
    text = visit(marloes).post(reverse("hub:blur", args=[medium.pk]), sent).content.decode()
    assert f'value="{first.pk}" checked' in text
    assert text.count("checked") == 2  # and the template of a place that is drawn


# ── What happens meanwhile ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_person_who_looks_while_the_house_looks_goes_first(
    shown: Callable[..., Medium], rob: Person, monkeypatch: Any
) -> None:
    medium = shown()

    def found_slowly(_path: object) -> list[Box]:
        actions.agree_faces(by=rob, medium=medium)
        return [PLACE]

    monkeypatch.setattr(blurring, "find_faces", found_slowly)
    assert actions.look_for_faces(by=SYSTEM, medium_id=medium.pk) == 0
    assert Medium.objects.get(pk=medium.pk).faces == FaceState.AGREED
    assert not Face.objects.exists()


def test_a_picture_whose_file_went_meanwhile_is_not_looked_at(shown: Callable[..., Medium], monkeypatch: Any) -> None:
    def gone(_path: object) -> list[Box]:
        raise FileNotFoundError

    monkeypatch.setattr(blurring, "find_faces", gone)
    assert actions.look_for_faces(by=SYSTEM, medium_id=shown().pk) == 0
    assert not Face.objects.exists()


def test_a_picture_that_can_t_be_made_anew_says_why_and_stays(
    shown: Callable[..., Medium], marloes: Person, monkeypatch: Any
) -> None:
    medium = shown()
    before = pictures(medium)

    def too_heavy(*_given: object, **_more: object) -> None:
        raise PictureRefused(Reason.TOO_HEAVY)

    monkeypatch.setattr(blurring, "make", too_heavy)
    with pytest.raises(Refused, match="too much time or memory"):
        actions.blur_faces(by=marloes, medium=medium, places=[PLACE])
    assert (pictures(medium), Unblurred.objects.count()) == (before, 0)


def test_a_voice_note_has_no_faces(rob: Person) -> None:
    note = actions.add_medium(by=rob, photo=Photo("note.ogg", b"OggS" + bytes(60)))
    with pytest.raises(NotFound):
        actions.agree_faces(by=rob, medium=note)

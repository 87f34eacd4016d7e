"""What the phone asks of the house, and what it brings: pieces that became a capture, once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.db import connection
from django.test import Client

from koor.flow.hub import actions, logic
from koor.flow.hub.logic import Photo
from koor.flow.hub.models import Capture, Item
from koor.flow.hub.tests.conftest import jpeg
from koor.ground.contacts.models import Project
from koor.ground.people.models import Person
from koor.kernel import files, resumable
from koor.kernel.models import AuditEntry, Upload

Visit = Callable[[Person | None], Client]
JSON = {"Accept": "application/json"}
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def brought(person: Person, content: bytes | None = None, name: str = "IMG_1.jpg") -> str:
    """A photo that came in pieces; its handle."""
    content = jpeg() if content is None else content
    made, _new = resumable.begin(owner=person.pk, size=len(content), name=name)
    resumable.path_of(made).write_bytes(content)
    return made.handle


def test_who_is_signed_in_and_what_there_is_to_choose(visit: Visit, bram: Person, flat: Project) -> None:
    assert visit(None).get("/capture/phone/").status_code == 401
    browser = visit(bram)
    short = browser.get("/capture/phone/")
    assert "no-store" in short["Cache-Control"]
    assert set(short.json()) == {"person", "name", "token"}
    lists = browser.get("/capture/phone/?lists=1").json()
    assert (lists["person"], lists["language"]) == (str(bram.pk), "en")
    assert {"id": str(flat.pk), "name": flat.name} in lists["projects"]
    assert bram.name in lists["names"]


@pytest.mark.django_db(transaction=True)
def test_pieces_become_a_capture_and_are_tidied(visit: Visit, bram: Person, flat: Project) -> None:
    content = jpeg(500, 400)
    handles = [brought(bram, content), brought(bram)]
    key = str(uuid.uuid4())
    sent = {"client_id": key, "person": bram.pk, "upload": handles, "sentence": "Brought", "project": flat.pk}
    browser = visit(bram)
    first = browser.post("/capture/", sent, headers=JSON)
    made = Capture.objects.get()
    assert (first.status_code, first.json()) == (201, {"url": f"/capture/{made.pk}/"})
    upload = made.media.first().upload  # type: ignore[union-attr]
    assert upload is not None
    assert files.read(upload) == content
    assert not Upload.objects.exists()
    again = browser.post("/capture/", sent, headers=JSON)  # the answer got lost
    assert (again.status_code, again.json()) == (201, first.json())
    other = browser.post("/capture/", {**sent, "client_id": str(uuid.uuid4())}, headers=JSON)
    assert (other.status_code, other.json()) == (409, {"code": "gone"})
    assert Capture.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_ten_times_at_once(visit: Visit, bram: Person) -> None:
    sent = {"client_id": str(uuid.uuid4()), "upload": [brought(bram)]}
    statuses: list[int] = []

    def send() -> None:
        statuses.append(visit(bram).post("/capture/", sent, headers=JSON).status_code)
        connection.close()

    threads = [Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Capture.objects.count() == 1
    assert Capture.objects.get().media.count() == 1
    assert 201 in statuses
    assert set(statuses) <= {201, 507}  # 507: gone while it was opened; the phone asks again and gets the same
    assert visit(bram).post("/capture/", sent, headers=JSON).status_code == 201


def test_never_under_another_name(visit: Visit, bram: Person, henk: Person) -> None:
    sent = {"person": bram.pk, "upload": [brought(bram)]}
    assert visit(henk).post("/capture/", sent, headers=JSON).status_code == 409
    assert visit(henk).post("/capture/", {"upload": sent["upload"]}, headers=JSON).status_code == 409
    assert not Capture.objects.exists()


def test_not_complete_not_a_photo_and_a_project_that_is_gone(visit: Visit, bram: Person) -> None:
    browser = visit(bram)
    half, _new = resumable.begin(owner=bram.pk, size=10)
    assert browser.post("/capture/", {"upload": [half.handle]}, headers=JSON).json() == {"code": "not_finished"}
    drawing = browser.post("/capture/", {"upload": [brought(bram, b"<svg xmlns='x'/>", "a.svg")]}, headers=JSON)
    assert drawing.status_code == 422
    assert "SVG" in drawing.json()["sentences"][0]
    assert browser.post("/capture/", {"upload": [brought(bram)], "project": "999"}, headers=JSON).status_code == 201
    assert Capture.objects.get().project is None


def test_a_full_disk_is_no_refusal(visit: Visit, bram: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "_put", full)
    answer = visit(bram).post("/capture/", {"upload": [brought(bram, jpeg(333, 78))]}, headers=JSON)
    assert answer.status_code == 507
    assert Upload.objects.exists()


def at(moment: datetime) -> str:
    return str(round(moment.timestamp() * 1000))


@pytest.mark.parametrize(("years", "waited"), [(0, 5), (-56, 5), (9, 59 * 24 * 60)])
def test_a_clock_that_is_years_off_still_knows_how_long_ago(years: int, waited: int) -> None:
    """In minutes, by the phone's own clock."""
    phone_now = NOW + timedelta(days=365 * years)
    taken = at(phone_now - timedelta(minutes=waited))
    assert logic.taken_moment(taken, at(phone_now), NOW) == NOW - timedelta(minutes=waited)


def test_a_clock_that_was_set_meanwhile_is_not_believed() -> None:
    assert logic.taken_moment(at(NOW - timedelta(days=20_000)), at(NOW), NOW) is None
    assert logic.taken_moment(at(NOW + timedelta(days=1)), at(NOW), NOW) is None
    for nonsense in ("", "-1", "1e9", "٣", "9" * 40):
        assert logic.taken_moment(nonsense, at(NOW), NOW) is None


def test_when_it_was_taken_is_kept(visit: Visit, bram: Person, noon: datetime) -> None:
    said = {"taken_at": at(NOW - timedelta(days=400, hours=2)), "phone_now": at(NOW - timedelta(days=400))}
    visit(bram).post("/capture/", {"upload": [brought(bram)], **said}, headers=JSON)
    assert Capture.objects.get().taken_at == noon - timedelta(hours=2)


@pytest.mark.parametrize(
    ("before", "told"),
    [(timedelta(days=3), "21 November 2026"), (timedelta(hours=14), "23 November 2026"),
     (timedelta(0), "24 November 2026"), (-timedelta(minutes=5), None), (timedelta(days=800), None), (None, None)],
)  # fmt: skip
def test_the_day_on_which_it_was_taken_stands_on_its_page(
    before: timedelta | None, told: str | None, visit: Visit, bram: Person, noon: datetime, show: Callable[..., Item]
) -> None:
    item = show(bram)
    Capture.objects.update(taken_at=None if before is None else noon - before)
    page = visit(bram).get(f"/library/{item.pk}/").content.decode()
    assert ("taken on" in page) == (told is not None)
    assert told is None or f"taken on {told}" in page


def test_the_kept_page_is_of_nobody(visit: Visit, bram: Person, flat: Project) -> None:
    for_bram, for_all = (visit(one).get("/capture/shell/nl/") for one in (bram, None))
    assert for_bram.content == for_all.content
    page = for_bram.content.decode()
    assert 'lang="nl"' in page
    for own in (bram.name, flat.name, "csrf", "data-person"):
        assert own not in page
    assert not for_all.cookies
    assert visit(None).get("/capture/shell/xx/").status_code == 404


def test_the_worker(visit: Visit, house: object) -> None:
    answer = visit(None).get("/sw.js")
    assert answer["Content-Type"] == "text/javascript"
    assert answer["Cache-Control"] == "no-cache"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    script = answer.content.decode()
    for part in ("/capture/shell/nl/", "/static/shell/koor.css", "/static/hub/capture.js", "importScripts("):
        assert part in script


def test_shared_before_the_phone_was_ready(visit: Visit, bram: Person) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(bram)
    answer = browser.post("/capture/share/", {"title": "x"}, follow=True)
    assert answer.redirect_chain == [("/capture/", 302)]
    assert "Koor was not ready for this yet" in answer.content.decode()
    assert visit(None).get("/koor.webmanifest").json()["share_target"]["action"] == "/capture/share/"


def test_what_was_removed_on_the_phone_is_taken_back_once(
    visit: Visit, bram: Person, henk: Person, photo: Photo
) -> None:
    """The answer to it got lost, so the phone knows no more than the key that it gave."""
    made = actions.capture(by=bram, photos=[photo], client_id=uuid.uuid4())
    address = f"/capture/sent/{made.client_id}/withdraw/"
    assert visit(henk).post(address).status_code == 204  # which tells nobody what there is
    made.refresh_from_db()
    assert made.withdrawn_at is None
    assert visit(bram).post(address, {"person": henk.pk}).status_code == 409
    for _ in range(2):
        assert visit(bram).post(address, {"person": bram.pk}).status_code == 204
    made.refresh_from_db()
    assert made.withdrawn_at is not None
    assert AuditEntry.objects.filter(verb="hub.withdraw_capture").count() == 1
    assert visit(bram).post(f"/capture/sent/{uuid.uuid4()}/withdraw/").status_code == 204

"""The administrator's own pages: the organisation and its letters."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from koor.flow.hub.media.tests.pictures import marked
from koor.ground.people.models import House, Person
from koor.kernel import audit, notices
from koor.kernel.models import AuditEntry, Mail, StoredFile

Visit = Callable[[Person | None], Client]
FILLED_IN = {
    "name": "Reurslag",
    "place": "Borculo",
    "what": "Warmth, air and power",
    "language": "nl",
    "country": "nl",
    "zone": "Europe/Amsterdam",
    "opens": "08:00",
    "closes": "17:00",
    "allowed_late": "12",
    "brake": "30",
    "offers_a_week": "2",
    "questions_a_week": "2",
    "evergreen_rest": "90",
    "unblurred_days": "7",
}


def test_the_administrator_changes_the_organisation(visit: Visit, ada: Person, house: House) -> None:
    visit(ada).post("/manage/organisation/", FILLED_IN)
    house.refresh_from_db()
    assert (house.what, house.language, house.country) == ("Warmth, air and power", "nl", "NL")
    assert AuditEntry.objects.filter(verb="people.change_house").exists()


def test_a_logo_stands_where_people_outside_come(visit: Visit, ada: Person, bram: Person, house: House) -> None:
    browser, path = visit(ada), "/manage/organisation/logo/"
    assert visit(bram).get(path).status_code == 403
    assert "errorlist" in browser.post(path, {"photo": SimpleUploadedFile("a.png", b"<svg/>")}).content.decode()
    photo = SimpleUploadedFile("logo.png", marked("png", size=(1200, 400)))
    assert browser.post(path, {"photo": photo}).status_code == 302
    house.refresh_from_db()
    assert f'class="house-logo" src="{house.logo_url}" alt="Reurslag"' in visit(None).get("/newsroom/").content.decode()
    served = visit(None).get(house.logo_url)
    assert (served.status_code, served["Content-Type"]) == (200, "image/webp")
    again = SimpleUploadedFile("logo.jpg", marked("jpeg", size=(900, 400)))
    browser.post(path, {"photo": again})
    assert StoredFile.objects.count() == 1  # the earlier one is gone
    for _twice in range(2):
        browser.post(path, {"away": "1"})
    page = visit(None).get("/newsroom/").content.decode()
    assert ("house-logo" in page, "Reurslag" in page) == (False, True)
    assert not StoredFile.objects.exists()
    assert AuditEntry.objects.filter(verb="people.set_logo").count() == 3


def test_what_does_not_fit_stands_at_its_field_and_nothing_changes(visit: Visit, ada: Person, house: House) -> None:
    page = visit(ada).post("/manage/organisation/", {**FILLED_IN, "opens": "18:00"}).content.decode()
    assert "The office opens before it closes." in page
    assert "Not saved yet" in page
    house.refresh_from_db()
    assert house.what == ""


@pytest.mark.parametrize("path", ["/manage/organisation/", "/manage/mail/"])
def test_not_for_others(visit: Visit, bram: Person, marloes: Person, path: str) -> None:
    assert visit(bram).get(path).status_code == 403
    assert visit(marloes).get(path).status_code == 403


def test_a_letter_that_waits_is_seen_and_tried_again(visit: Visit, ada: Person, bram: Person, noon: datetime) -> None:
    letter = notices.mail(to="els@wiggers.example", subject="Come in", text="By this link", kind="invitation")
    Mail.objects.update(state="failed", problem="SMTPError: no", attempts=8, next_at=None)
    page = visit(ada).get("/manage/mail/?folder=failed").content.decode()
    assert "One letter could not go." in page
    assert "SMTPError: no" in page
    visit(ada).post(f"/manage/mail/{letter.pk}/again/")
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.next_at) == ("waiting", 0, noon)
    assert visit(ada).post(f"/manage/mail/{letter.pk}/throw-away/").status_code == 404  # it may still go
    Mail.objects.update(state="failed")
    assert visit(bram).post(f"/manage/mail/{letter.pk}/throw-away/").status_code == 403
    visit(ada).post(f"/manage/mail/{letter.pk}/throw-away/")
    assert not Mail.objects.exists()
    thrown = AuditEntry.objects.get(verb="shell.throw_away")
    assert audit.sentence(thrown) == "Ada Mulder threw a letter away, which could not go"
    assert "els@" not in str(list(AuditEntry.objects.values("detail", "target_name")))


def test_a_letter_that_went_is_not_sent_twice(visit: Visit, ada: Person, noon: datetime) -> None:
    letter = notices.mail(to="els@wiggers.example", subject="Come in", text="By this link", kind="invitation")
    Mail.objects.update(state="sent", sent_at=noon)
    assert visit(ada).post(f"/manage/mail/{letter.pk}/again/").status_code == 404


def test_an_unknown_folder_is_not_there(visit: Visit, ada: Person) -> None:
    assert visit(ada).get("/manage/mail/?folder=bin").status_code == 404

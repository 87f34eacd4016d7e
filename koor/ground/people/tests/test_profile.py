"""What colleagues tell of themselves: their page, their skills, their days away, their keys."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from koor.ground.people import actions, queries
from koor.ground.people.models import Absence, House, Person, Skill, Token
from koor.kernel import clock, files
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry, StoredFile

MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)


# --- the page ---


def test_my_page(visit: Callable[..., Any], bram: Person) -> None:
    said = {
        "name": "Bram Wolters", "job": "Monteur", "knows": "Palen\nen pompen", "voice": "Droog", "phone": "06 1",
        "language": "nl", "started_on": "2019-03-01",
    }  # fmt: skip
    client = visit(bram)
    assert client.post(reverse("people:me_edit"), said).status_code == 302
    bram.refresh_from_db()
    assert (bram.knows, bram.voice, bram.started_on) == ("Palen\nen pompen", "Droog", date(2019, 3, 1))
    client.post(reverse("people:me_edit"), said)
    assert AuditEntry.objects.filter(verb="people.edit_profile").count() == 1
    assert "Droog" in client.get(reverse("people:me")).content.decode()


def test_what_a_page_can_not_say(visit: Callable[..., Any], bram: Person, henk: Person, ada: Person) -> None:
    for wrong in ({"job": "x" * 121}, {"knows": "x" * 1001}, {"language": "tlh"}, {"name": ""}):
        with pytest.raises(Refused):
            actions.edit_profile(by=bram, person=bram, **wrong)
    with pytest.raises(Forbidden):
        actions.edit_profile(by=bram, person=henk, job="Baas")
    with pytest.raises(ValueError, match="email"):
        actions.edit_profile(by=bram, person=bram, email="x@example.org")
    actions.edit_profile(by=ada, person=henk, job="Monteur")
    page = visit(bram).post(reverse("people:me_edit"), {"name": "x" * 1_000_000, "language": "nl"})
    assert "errorlist" in page.content.decode()
    assert actions.edit_profile(by=bram, person=bram, knows="a\x00b\u0007").knows == "ab"


# --- skills ---


def test_skills_are_said_by_oneself(bram: Person, henk: Person, newcomer: Person) -> None:
    for person in (bram, henk, bram):
        actions.declare_skill(by=person, person=person, name="warmtepompen" if person is henk else "Warmtepompen")
    (skill,) = Skill.objects.all()
    assert set(skill.people.all()) == {bram, henk}
    with pytest.raises(Forbidden):
        actions.declare_skill(by=newcomer, person=bram, name="Vliegen")
    for name, kind in (("", "craft"), ("x" * 81, "craft"), ("Vliegen", "magic")):
        with pytest.raises(Refused):
            actions.declare_skill(by=bram, person=bram, name=name, kind=kind)
    for person in (bram, bram, henk):
        actions.withdraw_skill(by=person, person=person, skill=skill)
    assert not Skill.objects.exists()


def test_skills_in_the_browser(visit: Callable[..., Any], bram: Person, henk: Person) -> None:
    client = visit(bram)
    client.post(reverse("people:me_skills"), {"name": "Solderen", "kind": "craft"})
    skill = Skill.objects.get()
    assert "Solderen" in client.get(reverse("people:skills"), {"kind": "craft", "q": "sol"}).content.decode()
    assert "Solderen" not in client.get(reverse("people:skills"), {"kind": "language"}).content.decode()
    withdraw = reverse("people:me_withdraw_skill", args=[skill.pk])
    assert visit(henk).post(withdraw).status_code == 404
    client.post(withdraw)
    assert not Skill.objects.exists()
    assert "errorlist" in client.post(reverse("people:me_skills"), {"name": "x", "kind": "magic"}).content.decode()


# --- absence ---


def test_days_do_not_overlap(bram: Person, henk: Person) -> None:
    one = actions.declare_absence(by=bram, person=bram, first_day=MONDAY, last_day=FRIDAY)
    with pytest.raises(Refused) as refused:
        actions.declare_absence(by=bram, person=bram, first_day=FRIDAY, last_day=FRIDAY + timedelta(9))
    assert refused.value.code == "overlap"
    actions.change_absence(by=bram, absence=one, first_day=MONDAY, last_day=MONDAY, stand_in=henk, sentence="Even weg")
    actions.declare_absence(by=bram, person=bram, first_day=FRIDAY, last_day=FRIDAY)
    assert queries.stand_in_for(bram, MONDAY) == henk
    assert queries.absence_and_stand_in(bram, MONDAY) == (one, henk)


def test_told_twice_is_told_once(bram: Person) -> None:
    said = {"by": bram, "person": bram, "first_day": MONDAY, "last_day": FRIDAY, "once": "k"}
    assert actions.declare_absence(**said) == actions.declare_absence(**said)
    assert Absence.objects.count() == 1


def test_days_that_make_no_sense(bram: Person, henk: Person, ada: Person) -> None:
    actions.let_go(by=ada, person=henk)
    henk.refresh_from_db()
    for wrong in (
        {"first_day": FRIDAY, "last_day": MONDAY},
        {"first_day": MONDAY, "last_day": date(2126, 1, 1)},
        {"first_day": date(1026, 1, 1), "last_day": date(1026, 1, 1)},
        {"first_day": MONDAY, "last_day": FRIDAY, "stand_in": bram},
        {"first_day": MONDAY, "last_day": FRIDAY, "stand_in": henk},
        {"first_day": MONDAY, "last_day": FRIDAY, "sentence": "x" * 301},
    ):
        with pytest.raises(Refused):
            actions.declare_absence(by=bram, person=bram, **wrong)


def test_who_may_tell(bram: Person, henk: Person, marloes: Person) -> None:
    with pytest.raises(Forbidden):
        actions.declare_absence(by=bram, person=henk, first_day=MONDAY, last_day=FRIDAY)
    told = actions.declare_absence(by=marloes, person=henk, first_day=MONDAY, last_day=FRIDAY)
    with pytest.raises(Forbidden):
        actions.end_absence(by=bram, absence=told)


def test_back_earlier(bram: Person, noon: datetime) -> None:
    today = queries.today()
    going = actions.declare_absence(by=bram, person=bram, first_day=today - timedelta(2), last_day=today + timedelta(2))
    actions.end_absence(by=bram, absence=going)
    going.refresh_from_db()
    assert going.last_day == today - timedelta(1)
    assert not queries.is_away(bram, today)
    actions.end_absence(by=bram, absence=going)  # over already: nothing happens
    coming = actions.declare_absence(by=bram, person=bram, first_day=today, last_day=today)
    actions.end_absence(by=bram, absence=coming)
    assert Absence.objects.count() == 1
    assert AuditEntry.objects.filter(verb="people.end_absence").count() == 2


def test_absence_in_the_browser(visit: Callable[..., Any], bram: Person, henk: Person, marloes: Person) -> None:
    client, today = visit(bram), queries.today()
    said = {"first_day": today, "last_day": today + timedelta(3), "stand_in": henk.pk, "sentence": "Even weg"}
    assert client.post(reverse("people:me_absence"), said).status_code == 302
    absence = Absence.objects.get()
    page = client.get(reverse("people:me")).content.decode()
    assert "Told. Your stand-in sees it too." in page
    assert "Henk Oonk stands in for you" in page
    assert "Even weg" in visit(henk).get(reverse("people:colleague", args=[bram.pk])).content.decode()
    assert "Bram Wolters" in visit(henk).get(reverse("people:me")).content.decode()
    change = reverse("people:absence", args=[absence.pk])
    assert visit(henk).get(change).status_code == 404
    assert client.post(change, said | {"last_day": today}).status_code == 302
    assert "errorlist" in client.post(change, said | {"first_day": "gisteren"}).content.decode()
    client.post(reverse("people:end_absence", args=[absence.pk]))
    assert not Absence.objects.exists()
    told = visit(marloes).post(reverse("people:tell_absence", args=[henk.pk]), said | {"stand_in": bram.pk})
    assert told.status_code == 302
    assert "Henk Oonk" in client.get(reverse("people:away")).content.decode()


# --- keys ---


def test_a_key_is_shown_once(visit: Callable[..., Any], bram: Person, henk: Person) -> None:
    token, plain = actions.make_token(by=bram, person=bram, name="Planning")
    assert queries.token_of(plain) == token
    assert plain not in str(vars(token))
    assert plain.startswith(token.start)
    for nonsense in ("", "koor_", plain[:-1], plain.upper(), "Bearer " + plain, "koor_" + "x" * 500):
        assert queries.token_of(nonsense) is None
    with pytest.raises(Forbidden):
        actions.make_token(by=henk, person=bram, name="Spion")
    with pytest.raises(Forbidden):
        actions.revoke_token(by=henk, token=token)
    for _click in range(2):
        actions.revoke_token(by=bram, token=token)
    assert queries.token_of(plain) is None


def test_a_key_of_who_left_opens_nothing(bram: Person, ada: Person) -> None:
    _token, plain = actions.make_token(by=SYSTEM, person=bram, name="Planning")
    Person.objects.filter(pk=bram.pk).update(is_active=False)
    bram.refresh_from_db()
    assert queries.token_of(plain) is None
    with pytest.raises(Refused):
        actions.make_token(by=SYSTEM, person=bram, name="Nog een")


def test_names_and_number_of_keys(bram: Person) -> None:
    for name in ("", "x" * 81):
        with pytest.raises(Refused):
            actions.make_token(by=bram, person=bram, name=name)
    for number in range(20):
        actions.make_token(by=bram, person=bram, name=f"{number}")
    with pytest.raises(Refused):
        actions.make_token(by=bram, person=bram, name="te veel")


def test_use_is_noted_to_ten_minutes(bram: Person, noon: datetime) -> None:
    token, _plain = actions.make_token(by=bram, person=bram, name="Planning")
    for minutes, noted in ((0, 0), (5, 0), (15, 15)):
        with clock.fixed(noon + timedelta(minutes=minutes)):
            token.refresh_from_db()
            actions.note_token_use(by=bram, token=token)
        token.refresh_from_db()
        assert token.used_at == noon + timedelta(minutes=noted)


def test_keys_in_the_browser(visit: Callable[..., Any], bram: Person, henk: Person) -> None:
    client = visit(bram)
    answer = client.post(reverse("people:me_keys"), {"name": "Planning", "once": "k"})
    assert "koor_" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    again = client.post(reverse("people:me_keys"), {"name": "Planning", "once": "k"}).content.decode()
    assert "not shown again" in again
    (token,) = queries.tokens(bram)
    assert visit(henk).post(reverse("people:me_revoke_key", args=[token.pk])).status_code == 404
    client.post(reverse("people:me_revoke_key", args=[token.pk]))
    assert not queries.tokens(bram).exists()


# --- the house ---


def test_the_house_is_made_once(
    db: None,
) -> None:
    for wrong in ({"name": ""}, {"name": "X", "zone": "Mars/Olympus"}, {"name": "X", "language": "tlh"}):
        with pytest.raises(Refused):
            actions.make_house(**wrong)
    made = actions.make_house(name="Reurslag", country="nl")
    assert (made.pk, made.country) == (1, "NL")
    with pytest.raises(Refused):
        actions.make_house(name="Nog een")


def test_the_house_is_changed(house: House, ada: Person, marloes: Person) -> None:
    from datetime import time

    actions.change_house(by=ada, house=house, name="Reurslag bv", opens=time(7, 30), closes=time(17))
    actions.change_house(by=ada, house=house, name="Reurslag bv")
    assert queries.house().name == "Reurslag bv"
    with pytest.raises(Refused):
        actions.change_house(by=ada, house=house, opens=time(18), closes=time(17))
    with pytest.raises(Refused):
        actions.change_house(by=ada, house=house, zone="Mars/Olympus")
    with pytest.raises(ValueError, match="identity"):
        actions.change_house(by=ada, house=house, identity="x")
    with pytest.raises(Forbidden):
        actions.change_house(by=marloes, house=house, name="Koor")


@pytest.mark.parametrize("hours", [0, 49])
def test_how_late_a_post_may_go_has_bounds(ada: Person, house: House, hours: int) -> None:
    with pytest.raises(Refused) as refused:
        actions.change_house(by=ada, house=house, allowed_late=hours)
    assert refused.value.code == "late"


# --- the face ---


def test_a_face_is_ones_own_and_the_earlier_one_goes(bram: Person, henk: Person) -> None:
    first, second = (files.store(content, mime="image/webp") for content in (b"one", b"two"))
    with pytest.raises(Forbidden):
        actions.set_picture(by=henk, person=bram, picture=first)
    for picture in (first, first, second):
        assert actions.set_picture(by=bram, person=bram, picture=picture).picture == picture
    assert not StoredFile.objects.filter(pk=first.pk).exists()
    actions.set_picture(by=bram, person=bram, picture=None)
    bram.refresh_from_db()
    assert (bram.picture, bram.picture_handle) == (None, "")
    assert AuditEntry.objects.filter(verb="people.set_picture").count() == 3


@pytest.mark.parametrize("name", ["offers_a_week", "questions_a_week"])
def test_nobody_is_asked_more_than_a_few_times_a_week(house: House, ada: Person, name: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.change_house(by=ada, house=house, **{name: 1000})
    assert refused.value.field == name


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("evergreen_rest", -1, "rest"),
        ("evergreen_rest", 100_000, "rest"),
        ("brake", 0, "brake"),
        ("brake", 10**6, "brake"),
    ],
)
def test_what_the_house_arranges_has_bounds(house: House, ada: Person, field: str, value: int, code: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.change_house(by=ada, house=house, **{field: value})
    assert (refused.value.code, refused.value.field) == (code, field)


def test_the_last_key_that_fits_pressed_twice_says_that_it_was_made(
    bram: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("koor.ground.people.actions.tokens.MOST", 1)
    actions.make_token(by=bram, person=bram, name="Planning", once="k")
    for name, once, code in (("Planning", "k", "shown"), ("Nog een", "l", "many")):
        with pytest.raises(Refused) as refused:
            actions.make_token(by=bram, person=bram, name=name, once=once)
        assert refused.value.code == code
    assert Token.objects.count() == 1

"""What templates say: moments, figures, faces, links."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from koor.kernel import clock
from koor.kernel.icons import ICONS
from koor.kernel.templatetags import koor as tags

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # a Tuesday, 13.00 in Amsterdam


@pytest.fixture(autouse=True)
def _tuesday_in_amsterdam() -> Iterator[None]:
    with clock.fixed(NOON), timezone.override(ZoneInfo("Europe/Amsterdam")), translation.override("nl"):
        yield


def drawn(template: str, **context: object) -> str:
    return Template(template).render(Context(context))


@pytest.mark.parametrize(
    ("moment", "form", "said"),
    [
        (NOON, "", "vandaag 13.00"),
        (NOON + timedelta(hours=20), "", "morgen 9.00"),
        (NOON - timedelta(hours=20), "", "gisteren 17.00"),
        (NOON - timedelta(days=7), "", "di 17 nov"),
        (NOON - timedelta(days=700), "", "24 dec 2024"),
        (NOON, "time", "13.00"),
        (NOON, "short", "13.00"),
        (NOON - timedelta(days=7), "short", "17 nov"),
        (NOON, "log", "13.00"),
        (NOON - timedelta(days=7), "log", "di 17 nov 13.00"),
        (NOON, "day", "vandaag"),
        (NOON - timedelta(days=7), "day", "dinsdag 17 november"),
        (NOON - timedelta(days=1), "lately", "gisteren"),
        (NOON - timedelta(days=3), "lately", "zaterdag"),
        (NOON - timedelta(days=7), "lately", "17 november"),
        (NOON + timedelta(days=3), "lately", "27 november"),
        (date(2028, 3, 1), "brief", "1 mrt"),
        (NOON, "full", "dinsdag 24 november 13.00"),
        (NOON, "date", "Dinsdag 24 november"),
        (date(2026, 11, 24), "", "vandaag"),
        (date(2026, 12, 5), "", "za 5 dec"),
        (time(9, 5), "", "9.05"),
        (time(0, 0), "time", "0.00"),
        (None, "", ""),
    ],
)
def test_when(moment: datetime | date | time | None, form: str, said: str) -> None:
    assert tags.when(moment, form) == said


def test_when_in_english() -> None:
    with translation.override("en"):
        assert tags.when(NOON) == "today 13:00"
        assert tags.when(NOON - timedelta(days=7)) == "Tue 17 Nov"
        assert tags.when(NOON.date(), "brief") == "24 Nov"


def test_moment_gives_the_exact_time_too() -> None:
    assert drawn("{% moment at %}", at=NOON) == (
        '<time datetime="2026-11-24T12:00:00+00:00" title="dinsdag 24 november 13.00">vandaag 13.00</time>'
    )
    assert drawn("{% moment at %}", at=None) == ""


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (NOON - timedelta(minutes=12), "12 min"),
        (timedelta(minutes=83), "1 uur"),
        (timedelta(minutes=100), "2 uur"),
        (timedelta(hours=50), "2 dagen"),
        (-5, "0 min"),
        (None, ""),
    ],
)
def test_waiting(since: datetime | timedelta | int | None, said: str) -> None:
    assert tags.waiting(since) == said


def test_waits() -> None:
    assert tags.waits(NOON - timedelta(minutes=12)) == "wacht 12 min"
    assert tags.waits(NOON - timedelta(seconds=59)) == tags.waits(NOON + timedelta(seconds=5)) == "net binnen"


def test_thousands() -> None:
    assert [tags.thousands(n) for n in (12400, -3, 1.5, 2.0, None)] == ["12.400", "−3", "1,5", "2", ""]
    with translation.override("en"):
        assert tags.thousands(12400) == "12,400"


@pytest.mark.parametrize(
    ("name", "letters"), [("Rob te Velthuis", "RV"), ("Fatma", "F"), ("", "?"), ("…", "?"), ("Jan-Willem", "JW")]
)
def test_initials(name: str, letters: str) -> None:
    assert tags.initials(name) == letters


def test_faces() -> None:
    drawn_face = tags.face(SimpleNamespace(name="Bram", face="bram"), 32)
    assert 'class="face s32"' in drawn_face
    assert "faces/bram" in drawn_face
    assert 'alt=""' in drawn_face
    picture = tags.face(SimpleNamespace(name="Els", picture_url="/p/1.webp", outside=True), 40, True)
    assert 'class="face s40 outside"' in picture
    assert 'alt="Els"' in picture
    assert ">?</span>" in tags.face(None)
    assert 'aria-label="Fatma Kaya"' in tags.face(SimpleNamespace(name="Fatma Kaya"), label=True)


@pytest.mark.parametrize("key", ["../../secret", "no-such-face", "bram/../bram", "x" * 5000])
def test_a_face_that_is_not_there_is_initials(key: str) -> None:
    assert "initials" in tags.face(SimpleNamespace(name="Bram", face=key))


def test_linked() -> None:
    assert tags.linked('<b> see https://koor.example/a?b=1&c="2". Or\nhttp://x.example)') == (
        '&lt;b&gt; see <a href="https://koor.example/a?b=1&amp;c=" rel="nofollow noopener ugc">'
        "koor.example/a?b=1&amp;c=</a>&quot;2&quot;. Or<br>"
        '<a href="http://x.example" rel="nofollow noopener ugc">x.example</a>)'
    )
    assert "<a" not in tags.linked("javascript:alert(1) and www.example")
    assert "<a" not in tags.linked("https://a.example " * 10_000)
    assert tags.linked(None) == ""


def test_query_with() -> None:
    request = RequestFactory().get("/?a=1&page=3")
    assert drawn("{% query_with page=4 %}", request=request) == "?a=1&amp;page=4"
    assert drawn("{% query_with a=None %}", request=request) == "?page=3"
    assert drawn("{% query_with a=1 %}") == "?a=1"


def test_once_field_is_new_each_time() -> None:
    assert tags.once_field() != tags.once_field()


@pytest.mark.parametrize(
    ("extra", "address"),
    [
        ("undo=/posts/4/undo/", "/posts/4/undo/"),
        ("loud undo=/x/", "/x/"),
        ("undo=//elsewhere.example/", ""),
        ("undo=https://elsewhere.example/", ""),
        ("", ""),
    ],
)
def test_undo_stays_in_the_house(extra: str, address: str) -> None:
    assert tags.undo_address(SimpleNamespace(extra_tags=extra)) == address


@pytest.mark.parametrize(
    ("number", "dialled"),
    [
        ("+31 (0)6 1234 5678", "+31612345678"),
        ("0031(0)6-12345678", "0031612345678"),
        ("(0545) 271 234, na zes", "0545271234"),
        ("06-12345678 / 0545-271234", "0612345678"),
        ("vraag naar Els: 0545.27.12.34", "0545271234"),
        ("06-12345678 0545-271234", ""),
        ("vraag naar Els", ""),
        ("", ""),
    ],
)
def test_a_number_is_dialled_as_it_is_meant(number: str, dialled: str) -> None:
    assert tags.dialled(number) == dialled


def test_every_icon_is_drawn() -> None:
    for name in ICONS:
        assert tags.icon(name).startswith('<svg class="icon"')
    assert 'role="img" aria-label="Photo"' in tags.icon("camera", label="Photo")
    with pytest.raises(KeyError):
        tags.icon("no such icon")


def test_a_field_does_not_say_its_label_twice() -> None:
    class Both(forms.Form):
        email = forms.EmailField(label="Email", widget=forms.EmailInput({"placeholder": "Email address"}))
        link = forms.URLField(
            label="Address", assume_scheme="https", widget=forms.URLInput({"placeholder": "https://"})
        )

    form = Both()
    assert "placeholder" not in str(tags.without_echo(form["email"]))
    assert 'placeholder="https://"' in str(tags.without_echo(form["link"]))

"""The tool for the Dutch texts: finds what code, templates and manifests say, and what is not right about it."""

from pathlib import Path

import pytest

from tools import messages

CODE = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy

one = _("One text")
some = ngettext("%(count)s post", "%(count)s posts", 2)
place = pgettext_lazy("navigation", "Show")
"""
TEMPLATE = """{% load i18n %}{% translate "From a template" %}
{% blocktranslate with name=person.name %}Hello {{ name }}{% endblocktranslate %}
{% blocktranslate count n=n %}{{ n }} find{% plural %}{{ n }} finds{% endblocktranslate %}"""
TRANSLATED = {
    "One text": "Eén tekst",
    "%(count)s post": ("%(count)s bericht", "%(count)s berichten"),
    "Show": "Laat zien",
    "From a template": "Uit een sjabloon",
    "Hello %(name)s": "Dag %(name)s",
    "%(n)s find": ("één gevonden", "%(n)s gevonden"),
}


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    room = tmp_path / "hub"
    (room / "templates" / "hub").mkdir(parents=True)
    (room / "apps.py").write_text("")
    (room / "views.py").write_text(CODE)
    (room / "templates" / "hub" / "page.html").write_text(TEMPLATE)
    return room


def translate(room: Path, **changes: str) -> None:
    messages.updated([room])
    catalog = messages.read(room)
    for message in catalog:
        if message.id:
            message.string = {**TRANSLATED, **changes}[messages._key(message)]
    messages.po_of(room).write_text(messages.as_text(catalog))


def test_everything_that_is_said_is_found(room: Path) -> None:
    said = {(message.context, messages._key(message)) for message in messages.said_in(room) if message.id}
    assert said == {("navigation" if key == "Show" else None, key) for key in TRANSLATED}


def test_what_is_not_translated_is_named(room: Path) -> None:
    assert len(list(messages.wrong_in(room))) == 6
    messages.updated([room])
    assert all(line.startswith("not translated") for line in messages.wrong_in(room))


def test_a_complete_room_is_right_and_stays_so(room: Path) -> None:
    translate(room)
    assert list(messages.wrong_in(room)) == []
    before = messages.po_of(room).read_text()
    messages.updated([room])
    assert messages.po_of(room).read_text() == before
    assert "views.py" not in before


def test_lost_and_invented_placeholders(room: Path) -> None:
    translate(room, **{"Hello %(name)s": "Dag %(naam)s"})
    assert [line for line in messages.wrong_in(room) if "placeholders" in line]


def test_a_text_that_is_gone_is_named_and_goes(room: Path) -> None:
    translate(room)
    (room / "views.py").write_text("")
    assert "no longer used: 'One text'" in list(messages.wrong_in(room))
    messages.updated([room])
    assert list(messages.wrong_in(room)) == []


def test_compiled_when_stale_only(room: Path) -> None:
    translate(room)
    messages.compiled(room)
    made = messages.po_of(room).with_suffix(".mo")
    first = made.stat().st_mtime_ns
    messages.compiled(room)
    assert made.stat().st_mtime_ns == first


def test_manifests_speak_too(tmp_path: Path) -> None:
    connectors = tmp_path / "connectors"
    (connectors / "paper").mkdir(parents=True)
    (connectors / "paper" / "manifest.py").write_text(
        'MANIFEST = Manifest(key="paper", what="Goes nowhere.", asks=(Asked("url", label="Address"),))'
    )
    said = {message.id for message in messages.said_in(connectors) if message.id}
    assert said == {"Goes nowhere.", "Address"}


def test_a_word_is_said_one_way_in_all_rooms() -> None:
    """All rooms speak with one catalogue: of two Dutch texts for one English text one would win, anywhere."""
    said: dict[tuple[object, object], set[str]] = {}
    for path in messages.KOOR.glob("**/nl/LC_MESSAGES/django.po"):
        with path.open("rb") as file:
            for message in messages.read_po(file):
                if message.id:
                    english = message.id if isinstance(message.id, str) else message.id[0]
                    dutch = message.string if isinstance(message.string, str) else message.string[0]
                    said.setdefault((message.context, english), set()).add(dutch)
    assert {key: texts for key, texts in said.items() if len(texts) > 1} == {}

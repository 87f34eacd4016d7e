"""A film or voice note for a post that is being written: kept at once, made ready later, once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from koor.flow.hub import actions
from koor.flow.hub.actions import films
from koor.flow.hub.logic import Photo
from koor.flow.hub.media import allowed
from koor.flow.hub.media.reasons import Reason
from koor.flow.hub.models import Medium
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM, Refused
from koor.kernel.models import AuditEntry

NOTE = Photo("note.ogg", b"OggS" + bytes(60))


def test_a_film_that_is_too_large_is_refused_before_it_is_kept(bram: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(allowed.MOST_BYTES, allowed.Kind.VOICE, 10)
    with pytest.raises(Refused, match="larger than 100 MB") as refused:
        actions.add_medium(by=bram, photo=NOTE)
    assert (refused.value.code, refused.value.field) == ("voice_too_large", "photos")
    assert not Medium.objects.exists()


def test_what_is_no_recording_says_what_it_is(bram: Person) -> None:
    with pytest.raises(Refused, match="document"):
        actions.add_medium(by=bram, photo=Photo("letter.docx", b"PK\x03\x04 a page"))
    assert not Medium.objects.exists()


def test_it_is_made_ready_once(bram: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    note = actions.add_medium(by=bram, photo=NOTE)
    monkeypatch.setattr(films, "opened", lambda found, folder: (found, Reason.FILM_BROKEN, folder))
    for _ in range(2):
        actions.develop_medium(by=SYSTEM, medium_id=note.pk)
    note.refresh_from_db()
    assert (note.refused, note.upload) == ("film_broken", None)
    assert AuditEntry.objects.filter(verb="hub.develop_film").count() == 1


def test_one_that_went_while_it_was_opened_is_left_alone(bram: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    note = actions.add_medium(by=bram, photo=NOTE)

    def opened_slowly(found: Medium, folder: Path) -> Any:
        Medium.objects.all().delete()
        return found, Reason.FILM_BROKEN, folder

    monkeypatch.setattr(films, "opened", opened_slowly)
    actions.develop_medium(by=SYSTEM, medium_id=note.pk)
    assert not AuditEntry.objects.filter(verb="hub.develop_film").exists()

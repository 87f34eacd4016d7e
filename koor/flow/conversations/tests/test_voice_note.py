"""A call or a visit is noted by voice: kept, made clean, played, and gone with who it was about."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from koor.flow.conversations.actions import recordings
from koor.flow.conversations.models import Message, Recording
from koor.flow.hub.media.reasons import MediaTrouble, PictureRefused, Reason
from koor.flow.hub.media.renditions import Picture, Rendition
from koor.kernel import clock, files
from koor.kernel.access import SYSTEM
from koor.kernel.models import StoredFile

pytestmark = pytest.mark.django_db
VOICE = b"OggS" + bytes(60)


@pytest.fixture
def noted(knows, henk, fatma, visit):
    """Henk notes a call: `noted(b"…", text="")`; gives how it was answered."""
    knows(henk)

    def run(content=VOICE, **given):
        given = {"contact": fatma.pk, "channel": "telephone", "direction": "note", "text": "", "once": "a"} | given
        file = SimpleUploadedFile("note.ogg", content, content_type="audio/ogg")
        return visit(henk).post(reverse("conversations:begin"), {**given, "voice": file})

    return run


@pytest.fixture
def made(monkeypatch):
    def run(refused=None):
        def make(_source, place, **_only):
            if refused:
                raise refused
            (place / "voice.m4a").write_bytes(b"clean")
            return Picture("m4a", 0, 0, 1, "", (Rendition("voice.m4a", "audio/mp4", 0, 0, 5),))

        monkeypatch.setattr(recordings, "make", make)
        for row in Recording.objects.all():
            recordings.open_recording(row.pk)
            recordings.open_recording(row.pk)

    return run


def test_one_recording_is_enough_and_twice_is_once(noted, made, henk, fatma, visit):
    assert noted().status_code == 302
    noted()
    message = Message.objects.get()
    page = visit(henk).get(reverse("conversations:talk_one", args=[message.conversation_id]))
    assert "being made ready" in page.content.decode()
    made()
    row = Recording.objects.get()
    assert (row.upload, files.read(row.file)) == (None, b"clean")
    assert StoredFile.objects.count() == 1
    page = visit(henk).get(reverse("conversations:talk_one", args=[message.conversation_id])).content.decode()
    assert f'src="{row.address}"' in page


def test_what_is_no_voice_or_nothing_at_all(noted):
    assert noted(b"\xff\xd8\xff\xe0" + bytes(60)).status_code == 422
    assert noted(b"<script>alert(1)</script>").status_code == 422
    assert not Message.objects.exists()


def test_a_line_or_a_recording(henk, fatma, knows, visit):
    knows(henk)
    given = {"contact": fatma.pk, "channel": "telephone", "direction": "in", "text": " "}
    refused = visit(henk).post(reverse("conversations:begin"), given)
    assert refused.status_code == 422
    assert "Write a line, or record one." in refused.content.decode()


def test_what_cannot_be_made_ready_says_why(noted, made):
    noted()
    made(PictureRefused(Reason.BROKEN))
    row = Recording.objects.get()
    assert (row.file, row.upload, bool(row.why)) == (None, None, True)
    assert not StoredFile.objects.exists()


def test_a_recording_longer_than_may_be_is_refused(noted, monkeypatch):
    monkeypatch.setattr(recordings, "LARGEST", 10)
    assert noted().status_code == 422
    assert not Message.objects.exists()


def test_bytes_that_are_not_there_are_told(noted, made, monkeypatch):
    """Such as in a house that was put back without them."""
    noted()
    made(FileNotFoundError())
    assert Recording.objects.get().why


def test_made_ready_by_two_at_once_it_is_kept_once(noted, made):
    noted()
    row = Recording.objects.get()
    made()
    recordings._done(row, None, "Te laat.")
    row.refresh_from_db()
    assert (files.read(row.file), row.problem, StoredFile.objects.count()) == (b"clean", "", 1)


def test_gone_with_who_it_was_about(noted, made, marloes, fatma):
    from koor.kernel import personal
    from koor.kernel.personal import erasing

    noted()
    made()
    path = Path(Recording.objects.get().file.path)
    erasing.erase(personal.subject("outside", fatma.pk))
    assert not Recording.objects.exists()
    assert not StoredFile.objects.filter(path=str(path)).exists()


def test_gone_with_who_said_it(noted, made, marloes, henk):
    from koor.ground.people import actions as people
    from koor.kernel import personal
    from koor.kernel.personal import erasing

    noted(text="Gebeld over de ketel.")
    made()
    people.let_go(by=marloes, person=henk)
    erasing.erase(personal.subject("colleague", henk.pk))
    assert Message.objects.get().text == "Gebeld over de ketel."
    assert not Recording.objects.exists()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("ready", [True, False])
def test_gone_with_a_conversation_that_was_kept_long_enough(noted, made, ready):
    """Also where other messages of it have none."""
    from koor.flow.conversations.models import Conversation
    from koor.kernel.personal import declared, terms

    noted()
    if ready:
        made()
    talk = Conversation.objects.get()
    now = clock.now()
    Message.objects.create(conversation=talk, direction="in", text="Dank.", at=now, stored_at=now, channel="telephone")
    Conversation.objects.update(state="done", last_at=now)
    held = next(one for one in declared() if one.model == "conversations.Conversation")
    assert list(terms.end(held, now + timedelta(days=1), [])) == [(1, 0)]
    assert not StoredFile.objects.exists()


def test_trouble_of_the_house_is_said_and_tried_again_by_the_hour(noted, made, henk, visit):
    noted()
    with pytest.raises(MediaTrouble):
        made(MediaTrouble("no room"))
    row = Recording.objects.get()
    assert row.upload is not None
    page = visit(henk).get(reverse("conversations:talk_one", args=[row.message.conversation_id])).content.decode()
    assert "making it ready did not work" in page
    assert "being made ready" not in page
    assert recordings.open_waiting(by=SYSTEM) == 0
    with clock.fixed(clock.now() + timedelta(hours=1)):
        assert recordings.open_waiting(by=SYSTEM) == 1
    made()
    row.refresh_from_db()
    assert (row.problem, row.upload, files.read(row.file)) == ("", None, b"clean")
    with clock.fixed(clock.now() + timedelta(hours=1)):
        assert recordings.open_waiting(by=SYSTEM) == 0

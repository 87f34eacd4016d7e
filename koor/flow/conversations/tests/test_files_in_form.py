"""A photo with the contact form: made clean before anybody sees it, refused in words, and gone with who sent it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from koor.flow.conversations import actions, logic, queries
from koor.flow.conversations.actions import attaching
from koor.flow.conversations.models import Attached, Conversation, Message
from koor.flow.hub.media.reasons import MediaTrouble, PictureRefused, Reason
from koor.flow.hub.media.renditions import Picture, Rendition
from koor.flow.listening.actions import enclosing
from koor.kernel import files, uploads
from koor.kernel.access import SYSTEM
from koor.kernel.models import StoredFile

PAGE = reverse("conversations:contact")
WORDS = {"name": "Els Roelvink", "reached": "els@school.example", "text": "Er komt water uit de ketel."}
JPEG, PDF = b"\xff\xd8\xff\xe0" + bytes(60), b"%PDF-1.7\n" + bytes(60)


@pytest.fixture(autouse=True)
def form(marloes, noon):
    return actions.set_contact_form(by=marloes, is_on=True, intro="", account=None, sites=[], shows_people=False)


@pytest.fixture
def opened(monkeypatch):
    """What the closed process makes of each file: a small picture, or the reason why not."""

    def run(refused=None):
        def make(_source, place, **_only):
            if refused:
                raise refused
            (place / "a.jpg").write_bytes(b"clean")
            return Picture("jpeg", 400, 300, 1, "00ff", (Rendition("a.jpg", "image/jpeg", 400, 300, 5),))

        monkeypatch.setattr(enclosing, "make", make)
        for row in Attached.objects.all():
            attaching.open_attached(row.pk)
            attaching.open_attached(row.pk)

    return run


def sent(*given, **words):
    """Posted as a browser does: `sent(("lek.jpg", b"…"))`."""
    chosen = [SimpleUploadedFile(name, content) for name, content in given]
    return Client().post(f"{PAGE}?lang=en", {**WORDS, **words, "photos": chosen})


def test_it_stands_in_the_conversation_once_it_is_clean(marloes, visit, opened):
    two = (("C:\\foto's\\lek.jpg", JPEG), ("nota.pdf", PDF))
    assert [sent(*two).status_code, sent(*two).status_code] == [302, 302]
    assert [one.kind for one in Attached.objects.all()] == ["photo", "document"]
    assert sent(("lek.jpg", JPEG + b"2")).status_code == 302  # the same words with another photo
    talk, there = Conversation.objects.get(), visit(marloes)
    assert talk.messages.count() == 2
    page = reverse("conversations:inbox_one", args=[talk.pk])
    assert "nota.pdf: being made ready" in there.get(page).content.decode()
    before = queries.live(marloes, talk.pk).mark
    opened()
    row = Attached.objects.first()
    assert (row.upload, row.width, files.read(row.file)) == (None, 400, b"clean")
    assert StoredFile.objects.count() == 3  # those that came in are gone
    assert queries.live(marloes, talk.pk).mark != before
    shown = there.get(page).content.decode()
    assert f'<img src="{row.address}" alt="lek.jpg"' in shown
    assert Client().get(row.address).status_code != 200  # only for colleagues


@pytest.mark.parametrize(
    ("given", "because"),
    [
        ([("virus.exe", b"MZ" + bytes(60))], "“virus.exe” can’t go along"),
        ([("plan.jpg", b"<svg onload=alert(1)>")], "“plan.jpg” can’t go along"),
        ([("lek.jpg", JPEG), ("leeg.jpg", b"")], "“leeg.jpg” is empty"),
        ([(f"{number}.jpg", JPEG) for number in range(logic.MOST_FILES + 1)], "At most 5 files"),
    ],
)
def test_what_can_t_go_along_is_said_and_no_word_is_lost(given, because):
    answer = sent(*given)
    said = answer.content.decode()
    assert answer.status_code == 422
    assert all(part in said for part in (because, "Not sent yet", "Choose your files again", *WORDS.values()))
    assert not Message.objects.exists()
    assert not StoredFile.objects.exists()


def test_what_is_too_large_alone_or_together_is_said(monkeypatch):
    monkeypatch.setattr(logic, "MOST_BYTES_OF_FILES", 2 * len(JPEG) - 1)
    assert "Together these files are larger" in sent(("a.jpg", JPEG), ("b.jpg", JPEG)).content.decode()
    monkeypatch.setattr(logic, "MOST_BYTES_OF_FILES", 999)
    monkeypatch.setattr(logic, "MOST_BYTES_A_DAY", 2 * len(JPEG) - 1)  # of all who write together
    assert sent(("a.jpg", JPEG)).status_code == 302
    assert "Many files came in today" in sent(("b.jpg", JPEG), reached="an@school.example").content.decode()
    assert sent(reached="an@school.example").status_code == 302  # their words do go
    Message.objects.all().delete()
    monkeypatch.setattr(uploads, "MAX_STRANGER_BYTES", 10)
    assert "“a.jpg” is too large" in sent(("a.jpg", JPEG)).content.decode()
    wrong = sent(reached="els")  # and without a file nobody speaks of files
    assert "Choose your files again" not in wrong.content.decode()
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)  # as it is for people: without one that the test holds open
def test_what_could_not_be_made_ready_is_tried_again_or_says_why(marloes, henk, visit, opened):
    sent(("lek.jpg", JPEG))
    with pytest.raises(MediaTrouble):
        opened(MediaTrouble())
    row, message, there = Attached.objects.get(), Message.objects.get(), visit(marloes)
    page = reverse("conversations:inbox_one", args=[message.conversation_id])
    again = reverse("conversations:open_again", args=[message.pk, row.pk])
    assert again in there.get(page).content.decode()
    jobs = ProcrastinateJob.objects.filter(task_name="koor:conversations.open_attached")
    jobs.delete()
    assert [visit(henk).post(again).status_code, there.post(again).status_code] == [404, 302]
    assert there.post(reverse("conversations:open_again", args=[message.pk, row.pk + 1])).status_code == 404
    assert jobs.count() == 1
    jobs.delete()
    StoredFile.objects.update(at=row.upload.at - enclosing.UNTIL / 2)
    assert (attaching.open_waiting(by=SYSTEM), jobs.count()) == (1, 1)
    opened(PictureRefused(Reason.BROKEN))
    assert "incomplete or damaged" in there.get(page).content.decode()
    there.post(again)
    assert "nothing left to open" in there.get(page).content.decode()
    assert not StoredFile.objects.exists()

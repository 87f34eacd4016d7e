"""A file with a message that could not be made ready says so, and can be tried again by who sees the conversation."""

from django.db import transaction
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from koor.flow.conversations import actions, queries
from koor.flow.listening.actions.enclosing import NOT_NOW
from koor.flow.listening.models import Enclosure
from koor.kernel import files
from koor.kernel.access import SYSTEM


def test_it_says_that_it_can_t_be_shown_and_is_tried_again(opened, marloes, henk, visit):
    talk = opened("Kijk eens", kind="direct")
    message = talk.messages.get()
    upload = files.store(b"\xff\xd8\xff\xe0", mime="application/octet-stream", name="ketel.jpg")
    row = Enclosure.objects.create(mention=message.mention, name="ketel.jpg", kind="photo", upload=upload)
    page = reverse("conversations:inbox_one", args=[talk.pk])
    there = visit(marloes)
    assert "being made ready" in there.get(page).content.decode()
    Enclosure.objects.update(problem=NOT_NOW)
    shown = there.get(page).content.decode()
    assert "be shown now" in shown
    assert "being made ready" not in shown
    again = reverse("conversations:open_again", args=[message.pk, row.pk])
    assert again in shown
    assert visit(henk).post(again).status_code == 404
    after = there.post(again, {"place": "inbox"})
    assert after["Location"] == f"{page}#m{message.pk}"
    row.refresh_from_db()
    assert row.problem == ""
    assert ProcrastinateJob.objects.filter(task_name="koor:listening.open_enclosure", args__enclosure=row.pk).exists()
    before = queries.live(marloes, talk.pk).mark
    with transaction.atomic():
        actions.touch_for_enclosure(by=SYSTEM, enclosure_id=row.pk)
    assert queries.live(marloes, talk.pk).mark != before  # so that open pages fetch it


def test_a_file_of_another_message_is_not_found(opened, marloes, visit):
    mine, other = (opened(text, kind="direct", by=who).messages.get() for text, who in (("A", "Els"), ("B", "Jan")))
    row = Enclosure.objects.create(mention=other.mention, kind="photo", problem=NOT_NOW)
    assert visit(marloes).post(reverse("conversations:open_again", args=[mine.pk, row.pk])).status_code == 404


def test_a_conversation_on_the_phone_opens_at_the_newest_message(opened, marloes, visit):
    talk = opened("Dag")
    there = visit(marloes)
    address = reverse("conversations:talk_one", args=[talk.pk])
    there.post(reverse("conversations:take", args=[talk.pk]))
    assert f"{address}#newest" in there.get(reverse("conversations:talk")).content.decode()
    page = there.get(address).content.decode()
    assert page.count('id="newest"') == 1
    assert page.index('id="newest"') < page.index(f'id="m{talk.messages.latest("pk").pk}"')
    assert 'id="newest"' not in there.get(reverse("conversations:inbox_one", args=[talk.pk])).content.decode()
    noted = there.post(reverse("conversations:note", args=[talk.pk]), {"text": "Morgen bellen"})
    assert noted["Location"] == f"{address}#newest"

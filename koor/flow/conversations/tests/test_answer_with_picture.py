"""A picture goes along with an answer, held to what holds for any post; refused in words where it can't."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from koor.flow.conversations import actions
from koor.flow.conversations.models import Message
from koor.flow.hub import actions as hub
from koor.flow.hub.logic import Photo
from koor.flow.hub.models import Item, Medium
from koor.flow.publishing.models import PostMedium, Target
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Refused

pytestmark = pytest.mark.django_db


def jpeg(colour=90):
    whole = io.BytesIO()
    Image.new("RGB", (64, 48), (colour, 120, 60)).save(whole, "JPEG")
    return whole.getvalue()


@pytest.fixture
def hers(opened, marloes):
    return actions.take(by=marloes, conversation=opened())


@pytest.fixture
def valve(marloes):
    """Marloes shows a valve; nobody is in it."""
    item = Item.objects.create(kind="photo", by=marloes, title="De vulkraan", made_at=clock.now())
    return hub.add_picture(by=marloes, photo=Photo("a.jpg", jpeg()), alt="Een vulkraan onder de ketel", item=item)


def test_it_goes_by_the_ledger(hers, marloes, valve):
    message = actions.answer(by=marloes, conversation=hers, text="Deze kraan.", media=[valve])
    row = message.target.post.media.get()
    assert (row.medium, row.alt) == (valve, "Een vulkraan onder de ketel")


def test_what_the_platform_refused_says_why_and_comes_back_with_its_picture(visit, opened, hers, marloes, valve):
    arrived = actions.answer(by=marloes, conversation=hers, text="Dag Fatma.")
    Target.objects.filter(pk=arrived.target_id).update(state="published", published_at=clock.now(), wake_at=None)
    message = actions.answer(by=marloes, conversation=hers, text="Deze kraan.", media=[valve])
    refused = {"state": "rejected", "because": "rejected", "note": "422: Text is too long", "wake_at": None}
    Target.objects.filter(pk=message.target_id).update(**refused)
    actions.wait_again(by=SYSTEM, target_id=message.target_id)
    browser, change = visit(marloes), reverse("conversations:change", args=[message.pk])
    page = browser.get(reverse("conversations:inbox_one", args=[hers.pk])).content.decode()
    assert "too long for this platform" in page
    assert "422: Text is too long" in page
    assert change in page
    again = browser.post(change, {"place": "inbox"}).content.decode()
    assert "Deze kraan.</textarea>" in again
    assert f'name="medium" value="{valve.pk}"' in again
    assert f'name="alt-{valve.pk}" value="Een vulkraan onder de ketel"' in again
    assert Message.objects.get(pk=message.pk).failed
    other = actions.take(by=marloes, conversation=opened("Nog iets.", by="Noor"))
    type(other).objects.filter(pk=other.pk).update(contact=hers.contact_id)  # a newer one with the same person
    assert change not in browser.get(reverse("conversations:inbox_one", args=[other.pk])).content.decode()
    actions.answer(by=marloes, conversation=hers, text="Zonder foto.")
    assert change not in browser.get(reverse("conversations:inbox_one", args=[hers.pk])).content.decode()


def test_without_words_for_who_cannot_see_it_nothing_goes(hers, marloes, valve):
    with pytest.raises(Refused, match="what the picture shows"):
        actions.answer(by=marloes, conversation=hers, text="Deze kraan.", media=[(valve, "")])
    assert not Message.objects.filter(direction="out").exists()
    assert not PostMedium.objects.exists()


def test_who_is_in_it_agrees_first(hers, marloes, valve):
    valve.item.portrayed.create(name="Els Wiggers", agrees="ask", recorded_at=clock.now())
    with pytest.raises(Refused, match="Els Wiggers"):
        actions.answer(by=marloes, conversation=hers, text="Deze kraan.", media=[valve])


def test_by_hand_the_picture_is_put_with_it_there(opened, imported, marloes, valve):
    one = actions.take(by=marloes, conversation=opened(source=imported, kind="review"))
    with pytest.raises(Refused, match="put the picture with it there"):
        actions.answer(by=marloes, conversation=one, text="Deze kraan.", media=[valve])


def form(conversation, **more):
    newest = conversation.messages.order_by("-pk").first().pk
    return {"text": "Deze kraan.", "last_message": newest, "once": "a", "place": "inbox"} | more


def to(name, conversation):
    return reverse(f"conversations:{name}", args=[conversation.pk])


def brought():
    return SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")


def test_brought_along_in_the_form_once(visit, hers, marloes):
    for _ in range(2):
        sent = visit(marloes).post(to("answer", hers), form(hers, picture=brought(), picture_alt="Een kraan"))
        assert sent.status_code == 302
    assert Message.objects.filter(direction="out").count() == 1
    assert PostMedium.objects.get().alt == "Een kraan"
    page = visit(marloes).get(to("inbox_one", hers)).content.decode()
    assert any(one.file.handle in page for one in Medium.objects.get().renditions.all())


def test_refused_it_stands_on_the_page_to_be_described(visit, hers, marloes):
    sent = visit(marloes).post(to("answer", hers), form(hers, picture=brought()))
    page = sent.content.decode()
    assert sent.status_code == 422
    kept = Medium.objects.latest("pk")
    assert f'name="medium" value="{kept.pk}"' in page
    assert "Deze kraan." in page
    again = form(hers, medium=kept.pk, once="b") | {f"alt-{kept.pk}": "Een kraan"}
    assert visit(marloes).post(to("answer", hers), again).status_code == 302
    assert PostMedium.objects.get().medium == kept


def test_a_broken_file_is_told_and_the_text_stays(visit, hers, marloes):
    broken = SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg")
    sent = visit(marloes).post(to("answer", hers), form(hers, picture=broken, picture_alt="x"))
    assert sent.status_code == 422
    assert "Deze kraan." in sent.content.decode()


def test_from_the_library_and_back_with_the_text(visit, hers, marloes, valve):
    browser = visit(marloes)
    bare = Item.objects.create(kind="text", by=marloes, title="Bel niet na zessen", made_at=clock.now())
    library = browser.post(to("pictures", hers), form(hers, do="pick")).content.decode()
    assert f'name="take" value="{valve.item.pk}"' in library
    assert f'name="take" value="{bare.pk}"' not in library
    assert "There is no picture in this." in library
    assert "Put it with the answer" in library
    back = browser.post(to("pictures", hers), form(hers, do="look", take=valve.item.pk)).content.decode()
    assert f'name="medium" value="{valve.pk}"' in back
    assert "Een vulkraan onder de ketel" in back
    assert "Deze kraan." in back
    assert browser.get(to("pictures", hers)).status_code == 302


def test_somebody_elses_picture_is_not_taken(visit, hers, marloes, bram):
    theirs = hub.add_picture(by=bram, photo=Photo("a.jpg", jpeg()), alt="x")
    sent = visit(marloes).post(to("answer", hers), form(hers, medium=theirs.pk))
    assert sent.status_code == 404
    assert not PostMedium.objects.exists()

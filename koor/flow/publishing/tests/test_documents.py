"""A document with a post: waited for, refused in words where none is taken, and its pages as pictures instead."""

from collections.abc import Callable

import pytest
from django.test import Client

from koor.flow.hub import actions as hub
from koor.flow.hub.logic import Photo
from koor.flow.hub.media.tests.documents import pdf_of
from koor.flow.hub.models import Item, Medium
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.actions.films import go_on_with
from koor.flow.publishing.models import Target
from koor.flow.publishing.tests.conftest import again
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM, Refused


@pytest.fixture
def report(bram: Person) -> Item:
    """A document as it just came in."""
    document = Photo("verslag.pdf", pdf_of(3))
    return hub.add_document(by=bram, document=document, title="Jaarverslag", alt="Wat we deden")


def test_it_waits_for_its_document_and_then_goes(
    released: Callable[..., Target], stage: Account, news: Account, report: Item
) -> None:
    document = report.media.get()
    with pytest.raises(Refused, match="A document can't be posted here"):
        released("Ons verslag.", news, media=[document])
    target = released("Ons verslag.", stage, media=[document])
    deliver(target.pk)
    assert again(target).because == "film"
    assert "The document is still being made ready" in again(target).note
    hub.develop_medium(by=SYSTEM, medium_id=document.pk)
    go_on_with(document.pk)
    deliver(target.pk)
    assert (again(target).state, again(target).note) == ("published", "")


def test_its_pages_go_where_no_document_is_taken(client: Client, bram: Person, news: Account, report: Item) -> None:
    document = report.media.get()
    hub.develop_medium(by=SYSTEM, medium_id=document.pk)
    client.force_login(bram)
    said = {"text": "Ons verslag.", "item": report.pk, "accounts": news.pk, "medium": document.pk, "when": "now"}
    assert 'value="Jaarverslag"' in client.get(f"/posts/new/?item={report.pk}").content.decode()
    before = client.post("/posts/new/", {**said, "do": "look"}).content.decode()
    assert "A document can&#x27;t be posted here" in before
    assert f'value="pages-{document.pk}"' in before
    for _turn in range(2):
        after = client.post("/posts/new/", {**said, "do": f"pages-{document.pk}"}).content.decode()
    pages = list(Medium.objects.filter(item=report, kind="photo").order_by("order"))
    assert [one.alt for one in pages] == [f"Page {n}: Wat we deden" for n in (1, 2, 3)]
    assert all(f'name="medium" value="{one.pk}"' in after for one in pages)
    assert f'name="medium" value="{document.pk}"' not in after
    assert "A document can&#x27;t be posted here" not in after

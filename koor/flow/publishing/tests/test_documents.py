"""A document with a post: waited for, refused in words where none is taken, and its pages as pictures instead."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from koor.flow.hub import actions as hub
from koor.flow.hub.logic import Photo
from koor.flow.hub.media.tests.documents import pdf_of
from koor.flow.hub.models import Item, Medium
from koor.flow.publishing import actions
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.actions.films import go_on_with
from koor.flow.publishing.actions.remove import ask_platform
from koor.flow.publishing.models import Target
from koor.flow.publishing.tests.conftest import again, row
from koor.flow.publishing.tests.exports import photo
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM, Refused
from koor.kernel.files import url_of


@pytest.fixture
def report(bram: Person) -> Item:
    """A document as it just came in."""
    document = Photo("verslag.pdf", pdf_of(3))
    return hub.add_document(by=bram, document=document, title="Jaarverslag", alt="Wat we deden")


def test_it_waits_for_its_document_and_then_goes(
    released: Callable[..., Target], stage: Account, on_mastodon: Account, report: Item
) -> None:
    document = report.media.get()
    with pytest.raises(Refused, match="A document can't be posted here"):
        released("Ons verslag.", on_mastodon, media=[document])
    target = released("Ons verslag.", stage, media=[document])
    deliver(target.pk)
    assert again(target).because == "film"
    assert "The document is still being made ready" in again(target).note
    hub.develop_medium(by=SYSTEM, medium_id=document.pk)
    go_on_with(document.pk)
    deliver(target.pk)
    assert (again(target).state, again(target).note) == ("published", "")


def test_in_the_newsroom_it_is_leafed_through_and_taken_along(
    released: Callable[..., Target], news: Account, report: Item, bram: Person, visit: Callable[..., Client]
) -> None:
    document = report.media.get()
    hub.develop_medium(by=SYSTEM, medium_id=document.pk)
    target = released("Ons verslag.", news, media=[document])
    before = visit(None).get(url_of(document.renditions.get(format="pdf").file)).status_code
    deliver(target.pk)
    row, stranger = again(target), visit(None)
    page = stranger.get(f"/newsroom/{row.slug}/").content.decode()
    leaves = re.findall(r'<li><img src="([^"]+)"', page)
    whole = re.findall(r'<a href="([^"]+)" download>Document of 3 pages', page)
    assert (len(leaves), len(whole), 'aria-label="Wat we deden"' in page) == (3, 1, True)
    assert [stranger.get(one).status_code for one in leaves] == [200] * 3
    got = stranger.get(whole[0])
    assert (before, got.status_code, got["X-Content-Type-Options"]) == (404, 200, "nosniff")
    assert got["Content-Disposition"].startswith("attachment")
    assert "sandbox" in got["Content-Security-Policy"]
    [attached] = stranger.get("/newsroom/feed.json").json()["items"][0]["attachments"]
    assert (attached["mime_type"], attached["title"]) == ("application/pdf", "Wat we deden")
    assert attached["url"].endswith(whole[0])
    assert f'length="{attached["size_in_bytes"]}"' in stranger.get("/newsroom/feed.atom").content.decode()
    actions.take_down(by=bram, target=row)
    ask_platform(by=SYSTEM, target_id=row.pk)
    assert {stranger.get(one).status_code for one in [*leaves, *whole]} == {404}, "taken away with the article"


def test_what_is_left_out_of_an_article_by_a_change_is_for_everybody_no_longer(
    released: Callable[..., Target], news: Account, account: Callable[..., Account], report: Item, bram: Person,
    visit: Callable[..., Client],
) -> None:  # fmt: skip
    document, later = report.media.get(), hub.add_medium(by=bram, photo=Photo("a.jpg", photo()), alt="Een ketel")
    hub.develop_medium(by=SYSTEM, medium_id=document.pk)
    hub.develop_medium(by=SYSTEM, medium_id=later.pk)
    post = released("Ons verslag.", news, account("Stage"), media=[document], due_local=datetime(2027, 11, 25, 9)).post
    up = actions.reschedule(by=bram, target=row(post, news), due_local=None)
    deliver(up.pk)
    stranger = visit(None)

    def seen() -> list[int]:
        files = [document.renditions.get(format="pdf").file, document.pages.first().file, later.renditions.first().file]
        return [stranger.get(url_of(one)).status_code for one in files]

    assert seen() == [200, 200, 404]
    assert "immutable" not in stranger.get(url_of(document.pages.first().file))["Cache-Control"]
    actions.edit_post(by=bram, post=post, media=[later])
    assert seen() == [404, 404, 200]


def test_its_pages_go_where_no_document_is_taken(
    client: Client, bram: Person, on_mastodon: Account, report: Item
) -> None:
    document = report.media.get()
    hub.develop_medium(by=SYSTEM, medium_id=document.pk)
    client.force_login(bram)
    said = {"text": "Ons verslag.", "item": report.pk, "accounts": on_mastodon.pk, "medium": document.pk, "when": "now"}
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

"""Two windows or two people at one draft: who saves second is told, and nothing is lost."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.test import Client

from koor.flow.publishing import actions
from koor.flow.publishing.models import Post
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock

Write = Callable[..., Post]


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\w+)"', page)
    assert found is not None
    return found[1]


def test_who_saves_second_sees_both_and_loses_nothing(
    client: Client, write: Write, bram: Person, marloes: Person, stage: Account, news: Account
) -> None:
    post = write("Acht lokalen.", stage, news, texts={news.pk: "Voor de krant."})
    client.force_login(bram)
    seen = version(client.get(f"/posts/{post.pk}/edit/").content.decode())
    said = {"accounts": [stage.pk, news.pk], "when": "now", "do": "keep", f"text-{news.pk}": "Voor de krant."}
    mine = {**said, "text": "Tien lokalen, zegt Bram."}
    actions.edit_post(by=marloes, post=post, text="Negen lokalen, zegt Marloes.")
    answer = client.post(f"/posts/{post.pk}/edit/", {**mine, "version": seen})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Marloes Nijhuis changed this meanwhile" in page
    assert [words in page for words in ("Tien lokalen, zegt Bram.", "Negen lokalen, zegt Marloes.")] == [True, True]
    assert Post.objects.get().text == "Negen lokalen, zegt Marloes."
    looked = client.post(f"/posts/{post.pk}/edit/", {**mine, "version": seen, "do": "look"}).content.decode()
    assert version(looked) == seen  # looking does not make it seen
    for _twice in range(2):  # now knowingly; a double click is no second writer
        assert client.post(f"/posts/{post.pk}/edit/", {**mine, "version": version(page)}).status_code == 302
    assert Post.objects.get().text == "Tien lokalen, zegt Bram."
    other = client.post(f"/posts/{post.pk}/edit/", {**mine, "text": "Elf.", "version": seen}).content.decode()
    assert "You changed this in another window meanwhile" in other
    client.post(f"/posts/{post.pk}/edit/", {**mine, "text": "Twaalf."})  # a page from before there were versions
    assert Post.objects.get().text == "Twaalf."


def test_nobody_is_named_who_did_it_before_the_page_was_opened_and_a_link_counts(
    client: Client, write: Write, bram: Person, marloes: Person, stage: Account, noon: datetime
) -> None:
    post = write("Acht lokalen.", stage)
    actions.edit_post(by=marloes, post=post, text="Negen lokalen.")
    client.force_login(bram)
    with clock.fixed(noon + timedelta(hours=1)):
        seen = version(client.get(f"/posts/{post.pk}/edit/").content.decode())
        post.targets.update(due_day=date(2026, 12, 1), due_time=time(9))  # as the calendar moves it
        mine = {"accounts": [stage.pk], "when": "now", "do": "keep", "text": "Tien lokalen.", "version": seen}
        page = client.post(f"/posts/{post.pk}/edit/", mine).content.decode()
        assert "This was changed meanwhile</h2>" in page
        assert "Marloes" not in page.split('id="meanwhile"')[1].split("</section>")[0]
    with clock.fixed(noon + timedelta(hours=2)):
        actions.choose_link(by=marloes, post=post, campaign="lucht", plain=False)
        answer = client.post(f"/posts/{post.pk}/edit/", {**mine, "version": version(page), "campaign": ""})
        assert (answer.status_code, "Marloes Nijhuis changed this" in answer.content.decode()) == (409, True)


def test_a_buddy_lets_go_what_they_read_and_nothing_else(
    client: Client, write: Write, bram: Person, marloes: Person, henk: Person, stage: Account, news: Account
) -> None:
    Person.objects.filter(pk=bram.pk).update(buddy=marloes)
    bram.refresh_from_db()
    post = actions.send_to_buddy(by=bram, post=write("Acht lokalen.", news))
    client.force_login(marloes)
    seen = version(client.get(f"/posts/{post.pk}/").content.decode())
    actions.edit_post(by=bram, post=post, text="Negen lokalen.")
    answer = client.post(f"/posts/{post.pk}/approve/", {"version": seen})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "It was changed since you read it." in page
    assert "Negen lokalen." in page
    assert Post.objects.get().stage == "with_buddy"
    client.post(f"/posts/{post.pk}/approve/", {"version": version(page)})
    assert Post.objects.get().stage == "released"

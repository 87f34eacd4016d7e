"""An edit is another content: another revision, another key, and asked again of who said yes."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest
from django.test import Client

from koor.flow.hub.models import Medium
from koor.flow.publishing import actions
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.models import Post, Target
from koor.flow.publishing.tests.conftest import again, row
from koor.ground.channels.models import Account
from koor.ground.people.choices import Autonomy
from koor.ground.people.models import Person
from koor.kernel.access import Forbidden, Refused

Write = Callable[..., Post]


def test_rows_without_words_of_their_own_follow_the_text(
    write: Write, bram: Person, stage: Account, news: Account
) -> None:
    post = write("Acht lokalen.", stage, news, texts={news.pk: "Eigen woorden."})
    actions.edit_post(by=bram, post=post, text="Negen lokalen.")
    assert (row(post, stage).text, row(post, news).text) == ("Negen lokalen.", "Eigen woorden.")
    assert (row(post, stage).revision, row(post, news).revision) == (2, 1)


def test_an_edit_that_changes_nothing_is_no_revision(write: Write, bram: Person, stage: Account) -> None:
    post = write("Acht lokalen.", stage)
    actions.edit_post(by=bram, post=post, text="Acht lokalen. ", texts={}, media=[])
    assert row(post).revision == 1


def test_title_link_pictures_and_options_are_content_too(write: Write, bram: Person, on_mastodon: Account) -> None:
    post = write("Acht lokalen.", on_mastodon)
    actions.edit_post(by=bram, post=post, title="Frisse lucht")
    actions.edit_post(by=bram, post=post, link="https://reurslag.example")
    actions.edit_post(by=bram, post=post, media=[(Medium.objects.create(), "Lokaal")])
    actions.edit_post(by=bram, post=post, options={on_mastodon.pk: {"visibility": "unlisted"}})
    assert row(post).revision == 5


def test_accounts_come_and_go(write: Write, bram: Person, stage: Account, news: Account) -> None:
    post = write("Acht lokalen.", stage, due_local=None)
    actions.edit_post(by=bram, post=post, accounts=[stage, news], texts={news.pk: "Krant."})
    assert (row(post, news).text, post.targets.count()) == ("Krant.", 2)
    assert not Post.objects.get().practice
    actions.edit_post(by=bram, post=post, accounts=[stage])
    assert list(post.targets.values_list("account", flat=True)) == [stage.pk]
    assert Post.objects.get().practice


def test_a_new_account_gets_the_planned_moment(
    noon: datetime, write: Write, bram: Person, stage: Account, news: Account
) -> None:
    post = write("Morgen.", stage, due_local=datetime(2026, 11, 25, 9, 30))
    actions.edit_post(by=bram, post=post, accounts=[stage, news])
    assert (row(post, news).due_day, row(post, news).due_time) == (date(2026, 11, 25), time(9, 30))
    actions.edit_post(by=bram, post=post, due_local=None)
    assert row(post, news).due_day is None


def test_others_do_not_edit(write: Write, henk: Person, marloes: Person, stage: Account) -> None:
    post = write("Acht lokalen.", stage)
    with pytest.raises(Forbidden):
        actions.edit_post(by=henk, post=post, text="Anders.")
    assert actions.edit_post(by=marloes, post=post, text="Beter.").text == "Beter."


def test_what_is_up_is_not_edited(released: Callable[..., Target], bram: Person, stage: Account) -> None:
    target = released("Acht lokalen.", stage)
    deliver(target.pk)
    with pytest.raises(Refused) as refused:
        actions.edit_post(by=bram, post=target.post, text="Negen.")
    assert refused.value.code == "published"


def test_one_row_that_is_up_stays_and_the_other_changes(
    noon: datetime, released: Callable[..., Target], bram: Person, stage: Account, news: Account
) -> None:
    target = released("Acht lokalen.", stage, news)
    deliver(target.pk)
    actions.edit_post(by=bram, post=target.post, text="Negen lokalen.", accounts=[news])
    assert (row(target.post, stage).text, row(target.post, news).text) == ("Acht lokalen.", "Negen lokalen.")
    assert row(target.post, stage).state == "published"


def test_an_account_that_was_tried_is_cancelled_and_stays_in_sight(
    released: Callable[..., Target], bram: Person, stage: Account, news: Account
) -> None:
    target = released("Acht lokalen.", stage, news)
    Target.objects.filter(pk=target.pk).update(attempts_made=1)
    actions.edit_post(by=bram, post=target.post, accounts=[news])
    assert again(target).state == "cancelled"


def test_what_a_buddy_read_was_other_words(
    person: Callable[..., Person], marloes: Person, write: Write, news: Account
) -> None:
    jelle = person("Jelle", "helper", autonomy=Autonomy.BUDDY)
    post = write("Mijn eerste.", news, by=jelle)
    actions.let_go(by=jelle, post=post)
    actions.approve_post(by=marloes, post=post)
    assert row(post).due_at is not None
    actions.edit_post(by=jelle, post=post, text="Mijn eerste, maar dan anders.")
    post.refresh_from_db()
    assert (post.stage, row(post).due_at, row(post).wake_at) == ("with_buddy", None, None)


def test_the_curator_edits_without_another_round(
    person: Callable[..., Person], marloes: Person, write: Write, news: Account
) -> None:
    jelle = person("Jelle", "helper", autonomy=Autonomy.BUDDY)
    post = write("Mijn eerste.", news, by=jelle)
    actions.let_go(by=jelle, post=post)
    actions.approve_post(by=marloes, post=post)
    actions.edit_post(by=marloes, post=post, text="Mijn eerste post.")
    post.refresh_from_db()
    assert post.stage == "released"
    assert row(post).due_at is not None


def test_a_draft_that_was_put_away_is_taken_out_first(write: Write, bram: Person, stage: Account) -> None:
    post = write("Toch niet.", stage)
    actions.withdraw_post(by=bram, post=post)
    with pytest.raises(Refused) as refused:
        actions.edit_post(by=bram, post=post, text="Toch wel.")
    assert refused.value.code == "withdrawn"
    actions.restore_post(by=bram, post=post)
    assert actions.edit_post(by=bram, post=post, text="Toch wel.").stage == "draft"


def test_what_is_planned_is_checked_when_it_is_changed(
    noon: datetime, released: Callable[..., Target], bram: Person, on_mastodon: Account
) -> None:
    planned = released("Vrijdag.", on_mastodon, due_local=datetime(2026, 11, 27, 9))
    for change in ({"text": "x" * 900}, {"media": [(Medium.objects.create(), "")]}):
        with pytest.raises(Refused) as refused:
            actions.edit_post(by=bram, post=planned.post, **change)  # type: ignore[arg-type]
        assert refused.value.field in (f"text-{on_mastodon.pk}", "media")
    assert again(planned).revision == 1
    actions.edit_post(by=bram, post=planned.post, media=[(Medium.objects.create(), "Een ketel")])
    assert again(planned).revision == 2


def test_another_moment_on_the_page_moves_what_is_planned(
    noon: datetime, released: Callable[..., Target], bram: Person, news: Account, visit: Callable[..., Client]
) -> None:
    planned = released("Vrijdag.", news, due_local=datetime(2026, 11, 27, 9))
    actions.reschedule(by=bram, target=planned, due_local=datetime(2026, 11, 27, 10, 5, 30))
    sent = {"text": "Toch.", "accounts": [news.pk], "when": "later", "day": "2026-11-27", "time": "10:05"}
    visit(bram).post(f"/posts/{planned.post_id}/edit/", sent)
    assert (again(planned).text, again(planned).due_time) == ("Toch.", time(10, 5, 30))
    visit(bram).post(f"/posts/{planned.post_id}/edit/", sent | {"day": "2026-11-28", "time": "15:00"})
    assert again(planned).due_at == again(planned).wake_at == datetime(2026, 11, 28, 14, tzinfo=UTC)

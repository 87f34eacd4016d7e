"""A film straight into a post: made ready by the worker, and posted where films are taken."""

import dataclasses
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from koor.flow.hub import actions as hub
from koor.flow.hub.actions.films import refuse_medium
from koor.flow.hub.logic import Photo
from koor.flow.hub.media.reasons import Reason
from koor.flow.hub.media.tests.films import recorded
from koor.flow.hub.models import Medium
from koor.flow.publishing import actions
from koor.flow.publishing.actions import content
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.actions.films import go_on_with
from koor.flow.publishing.models import Post, Target
from koor.flow.publishing.tests.conftest import again
from koor.ground.channels import queries as channels
from koor.ground.channels.contract import Limits
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Refused
from tests.mastodon_server import MastodonServer

Released = Callable[..., Target]


@pytest.fixture
def film(bram: Person) -> Medium:
    """A film as it just came in."""
    return hub.add_medium(by=bram, photo=Photo("IMG.MP4", recorded("mp4")), alt="De pomp gaat aan")


def made_ready(film: Medium) -> None:
    hub.develop_medium(by=SYSTEM, medium_id=film.pk)
    go_on_with(film.pk)


def test_it_waits_for_its_film_and_then_goes(released: Released, on_mastodon: Account, mastodon: MastodonServer,
                                             film: Medium) -> None:  # fmt: skip
    """The server takes its time for a film; the post goes with it."""
    target = released("Kijk hoe stil hij is.", on_mastodon, media=[film])
    deliver(target.pk)
    assert (again(target).state, again(target).because) == ("waiting", "film")
    made_ready(film)
    with clock.fixed(again(target).wake_at or clock.now()):
        deliver(target.pk)
    assert again(target).state == "published"
    assert mastodon.requests("POST /api/v2/media") == 1
    assert mastodon.copies("Kijk hoe stil hij is.") == 1


def test_the_newsroom_shows_a_player_with_a_poster(
    released: Released, news: Account, film: Medium, client: Client
) -> None:
    target = released("Kijk hoe stil hij is.", news, media=[film])
    made_ready(film)
    deliver(target.pk)
    page = client.get(again(target).url).content.decode()
    assert "<video" in page
    assert "poster=" in page


def test_by_hand_and_paper_wait_for_it_too(
    released: Released, stage: Account, by_hand: Account, film: Medium, rob: Person, client: Client
) -> None:
    shown = released("Oefenen.", stage, media=[film])
    mine = released("Zelf.", by_hand, by=rob, media=[film])
    for target in (shown, mine):
        deliver(target.pk)
        assert again(target).because == "film"
    made_ready(film)
    with clock.fixed(clock.now() + timedelta(minutes=5)):
        for target in (shown, mine):
            deliver(target.pk)
    assert (again(shown).state, again(mine).because) == ("published", "by_hand")
    client.force_login(rob)
    assert "video" in client.get(f"/posts/rows/{mine.pk}/").content.decode()


def test_where_films_are_not_taken_it_says_so_before_it_goes(
    released: Released, news: Account, film: Medium, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channels, "limits_of", lambda account: Limits(media=4, media_kinds=("image/jpeg",)))
    with pytest.raises(Refused, match="A film can't be posted here"):
        released("Kijk.", news, media=[film])


def test_a_film_that_is_broken_is_told_and_can_be_left_out(released: Released, news: Account, bram: Person) -> None:
    film = hub.add_medium(by=bram, photo=Photo("IMG.MP4", recorded("mp4")[:900]), alt="Iets")
    target = released("Kijk.", news, media=[film])
    made_ready(film)
    deliver(target.pk)
    after = again(target)
    assert (after.state, after.because) == ("needs_person", "film")
    assert after.note
    actions.edit_post(by=bram, post=target.post, media=[])
    deliver(target.pk)
    assert again(target).state == "published"


def test_a_film_that_the_house_gave_up_is_tried_again_with_its_row(
    released: Released, news: Account, film: Medium, client: Client
) -> None:
    target = released("Kijk.", news, media=[film])
    refuse_medium(by=SYSTEM, medium_id=film.pk, reason=Reason.NOT_NOW)
    deliver(target.pk)
    assert again(target).state == "needs_person"
    client.force_login(target.post.by)
    client.post(f"/posts/rows/{target.pk}/retry/")
    deliver(target.pk)
    assert (again(target).state, again(target).because) == ("waiting", "film")
    made_ready(film)
    deliver(target.pk)
    assert again(target).state == "published"


def test_a_film_comes_in_with_the_form(client: Client, bram: Person, news: Account) -> None:
    client.force_login(bram)
    upload = SimpleUploadedFile("IMG.MP4", recorded("mp4"), "video/mp4")
    said = {
        "text": "Kijk.",
        "account": news.pk,
        "picture": upload,
        "picture_alt": "Een pomp",
        "when": "now",
        "do": "keep",
    }
    answer = client.post("/posts/new/", said)
    assert answer.status_code in (200, 302)
    film = Medium.objects.get(kind="film")
    assert film.upload_id
    if answer.status_code == 302:
        page = client.get(f"/posts/{Post.objects.get().pk}/edit/").content.decode()
    else:
        page = answer.content.decode()
    assert "still being made ready" in page


def test_a_film_is_read_a_piece_at_a_time_where_it_lies(
    released: Released, on_mastodon: Account, film: Medium, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It can be larger than what a worker may hold."""
    target = released("Kijk hoe stil hij is.", on_mastodon, media=[film])
    made_ready(film)
    [whole] = content.draft_of(again(target)).media
    known = channels.connector("mastodon")
    made = dataclasses.replace(known, manifest=dataclasses.replace(known.manifest, pieces=True))
    monkeypatch.setitem(channels.connectors(), "mastodon", made)
    [medium] = content.draft_of(again(target)).media
    assert medium.reader is not None
    assert (medium.content, medium.size) == (b"", len(whole.content))
    assert medium.reader(0, 1000) + medium.reader(1000, medium.size + 5000) == whole.content

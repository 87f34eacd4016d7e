"""What stands in the house itself is taken away; its address says that it is gone."""

from collections.abc import Callable
from datetime import datetime

import pytest

from koor.flow.hub.models import Medium, Rendition
from koor.flow.publishing import actions
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.models import Target
from koor.flow.publishing.tests.conftest import again
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import files
from koor.kernel.access import Forbidden, Refused

Released = Callable[..., Target]


@pytest.fixture
def medium(db: None) -> Medium:
    """A picture with one rendition."""
    made = Medium.objects.create(alt="Lokaal")
    stored = files.store(b"\xff\xd8 not really", mime="image/jpeg")
    Rendition.objects.create(medium=made, file=stored, format="jpeg", width=400, height=300)
    return made


def is_public(medium: Medium) -> bool:
    return all(one.file.public for one in Rendition.objects.filter(medium=medium).select_related("file"))


def test_pictures_are_public_only_while_the_article_is_up(
    noon: datetime, released: Released, news: Account, bram: Person, medium: Medium
) -> None:
    target = released("Frisse lucht.", news, media=[medium])
    assert not is_public(medium)
    deliver(target.pk)
    assert is_public(medium)
    actions.take_down(by=bram, target=again(target))
    assert again(target).removed_at == noon
    assert not is_public(medium)


def test_a_picture_that_another_article_shows_stays(
    noon: datetime, released: Released, news: Account, bram: Person, medium: Medium
) -> None:
    one, two = released("Een.", news, media=[medium]), released("Twee.", news, media=[medium])
    deliver(one.pk)
    deliver(two.pk)
    actions.take_down(by=bram, target=one)
    assert is_public(medium)


def test_twice_is_once(noon: datetime, released: Released, news: Account, bram: Person) -> None:
    target = released("Frisse lucht.", news)
    deliver(target.pk)
    for _click in range(2):
        assert actions.take_down(by=bram, target=target).removed_at == noon


def test_what_is_not_up_is_not_taken_away(released: Released, news: Account, bram: Person) -> None:
    with pytest.raises(Refused) as refused:
        actions.take_down(by=bram, target=released("Nog niet.", news))
    assert refused.value.code == "not_up"


def test_others_do_not(released: Released, news: Account, henk: Person) -> None:
    target = released("Frisse lucht.", news)
    deliver(target.pk)
    with pytest.raises(Forbidden):
        actions.take_down(by=henk, target=target)

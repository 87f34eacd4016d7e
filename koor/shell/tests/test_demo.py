"""The demo organisation: into an empty house, once; out again in one step."""

from datetime import UTC, datetime

import pytest
from django.db.models import Count

from koor.flow.conversations.models import Conversation
from koor.flow.listening.models import Mention
from koor.flow.publishing.models import Post, Target
from koor.ground.contacts.models import Contact
from koor.ground.people.models import House, Person
from koor.kernel import clock
from koor.kernel.access import Refused
from koor.shell.demo import load, remove
from koor.shell.demo.moments import Moments


@pytest.mark.django_db
def test_it_fills_an_empty_house_once_and_empties_it_again() -> None:
    assert load.load()
    counts = [model.objects.count() for model in (Person, Contact, Target, Mention, Conversation)]
    assert counts[0] == 60
    assert all(count >= 5 for count in counts)
    assert Post.objects.count() == Post.objects.values("by", "text").distinct().count()  # one idea is one post
    assert Post.objects.alias(places=Count("targets")).filter(places__gt=1).exists()
    assert not load.load()
    assert [model.objects.count() for model in (Person, Contact, Target, Mention, Conversation)] == counts
    assert any("password" in line for line in load.sign_in_lines())
    assert remove.remove()
    assert load.is_empty()
    assert not remove.remove()


@pytest.mark.django_db
def test_a_house_of_somebodys_own_is_left_alone(house: House) -> None:
    with pytest.raises(Refused):
        load.load()
    assert not remove.remove()
    assert House.objects.exists()


def test_todays_moments_end_now_whatever_the_hour() -> None:
    for hour in (0, 5, 12, 23):
        now = datetime(2026, 11, 24, hour, 30, tzinfo=UTC)
        with clock.fixed(now):
            when = Moments(now)
            assert when.of(0, "09:40") < now
            assert when.of(0, "08:00") < when.of(0, "09:00") < now
            assert when.of(3, "07:10") < now

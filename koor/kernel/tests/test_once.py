"""Asked twice, done once: whatever somebody sends as a key."""

import pytest

from koor.kernel import clock
from koor.kernel.models import Once
from koor.kernel.once import KeyReused, once

pytestmark = pytest.mark.django_db


def make() -> Once:
    """Any row will do."""
    return Once.objects.create(kind="made", key=str(Once.objects.count()), content="", at=clock.now())


def test_a_repeat_gives_the_first_answer_and_other_content_is_refused() -> None:
    first, new = once("test", "k1", "a", make)
    assert new
    assert once("test", "k1", "a", make) == (first, False)
    with pytest.raises(KeyReused):
        once("test", "k1", "b", make)


def test_a_key_that_a_database_cannot_keep_is_cleaned() -> None:
    first, _new = once("test", "k\0" + "1" * 300, "a", make)
    assert once("test", "k" + "1" * 300, "a", make) == (first, False)


@pytest.mark.parametrize("key", ["", "\0", "\0\0"])
def test_an_empty_key_always_runs(key: str) -> None:
    assert once("test", key, "a", make)[0] != once("test", key, "a", make)[0]

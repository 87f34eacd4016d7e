"""Who is at it says so; who brings more work then needs to wake nobody."""

import threading

import pytest
from django.db import connection

from koor.kernel import locks


@pytest.mark.django_db(transaction=True)
def test_one_at_a_time() -> None:
    seen: list[bool] = []

    def another() -> None:
        seen.append(locks.is_busy("a heap"))
        with locks.busy("a heap") as alone:
            seen.append(alone)
        connection.close()

    def in_another_process() -> list[bool]:
        seen.clear()
        thread = threading.Thread(target=another)
        thread.start()
        thread.join()
        return list(seen)

    with locks.busy("a heap") as alone:
        assert alone
        assert in_another_process() == [True, False]
    assert in_another_process() == [False, True]
    assert not locks.is_busy("a heap")

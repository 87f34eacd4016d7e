"""What is measured can still be made: the rows of a benchmark fit the tables as they are today."""

from __future__ import annotations

import pytest

from benchmarks import label, library
from koor.flow.hub import queries
from koor.ground.contacts.models import Project
from koor.ground.people.models import Person


@pytest.mark.django_db(transaction=True)
def test_the_large_library_can_be_filled_and_searched(marloes: Person) -> None:
    Project.objects.create(name="Parkschool")
    library.fill(200)
    word = library.WORDS.split()[0]
    assert len(queries.Finds(marloes, {})[0:25]) == 25
    assert [one.pk for one in queries.Finds(marloes, {"words": word})[0:5]]


def test_labels_are_measured() -> None:
    found = label.measure(30, 20, 1)
    assert found["cpu_seconds"]["all"] >= 0
    assert found["language"]["right"] > 0.9
    assert set(found["questions"]) == {"triage", "discipline", "topic"}

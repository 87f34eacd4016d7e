"""What is measured can still be made: the rows of a benchmark fit the tables as they are today."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks import label, library, questions
from koor.flow.hub import queries
from koor.ground.contacts.models import Project
from koor.ground.people.models import Person
from koor.kernel.postgres import Cluster


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


def test_groups_of_questions_that_are_none_are_told_in_words() -> None:
    planted = [
        ("noise", text) for text in ("Hoe hard is de ventilator?", "Is de ventilator hard?", "Ventilator te hard?")
    ]
    alone = [("-", f"Wanneer bezorgt de fietsenmaker mijn fiets {day}?") for day in ("maandag", "dinsdag", "zondag")]
    found = questions.found_in([*planted, *alone])
    assert (found["found"], found["false"]) == (1, 1)
    assert "fietsenmaker" in found["false_groups"][0]


def test_one_that_is_ended_from_outside_takes_its_database_along(tmp_path: Path) -> None:
    up = tmp_path / "up"
    house = f"with own_house(Path({str(tmp_path)!r})): Path({str(up)!r}).touch(); time.sleep(600)"
    bench = f"import time; from pathlib import Path; from benchmarks.house import own_house\n{house}"
    asked = f"from koor.shell.command_line.bench import to_its_end; to_its_end([{sys.executable!r}, '-c', {bench!r}])"
    with subprocess.Popen([sys.executable, "-c", asked]) as command:
        while not up.exists() and command.poll() is None:
            time.sleep(0.05)
        assert Cluster(tmp_path).pid() is not None
        command.terminate()
    assert Cluster(tmp_path).pid() is None

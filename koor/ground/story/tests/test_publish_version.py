"""The story grows in versions; a new one asks everybody again."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from koor.ground.people.models import House, Person
from koor.ground.story import actions, queries
from koor.ground.story.models import Acknowledgement, Version
from koor.kernel.access import Forbidden, NotFound, Refused
from koor.kernel.models import AuditEntry
from koor.kernel.panels import todos_of

Visit = Callable[[Person | None], Client]
QUESTION = {"question": "What do we show?", "answers": ["The work", "Ourselves"], "right_answer": 0}


@pytest.fixture
def first(noon: datetime, hanna: Person) -> Version:
    draft = actions.write_version(by=hanna, why="People want people.", **QUESTION)
    return actions.publish_version(by=hanna, version=draft)


def test_a_draft_counts_for_nobody_until_it_is_published(noon: datetime, marloes: Person, bram: Person) -> None:
    draft = actions.write_version(by=marloes, why="People want people.")
    assert queries.current() is None
    assert queries.draft(bram) is None
    actions.publish_version(by=marloes, version=draft)
    assert queries.current() == draft
    assert AuditEntry.objects.filter(verb="story.publish_version").count() == 1
    actions.write_version(by=marloes, why="People want warmth.")
    found = {words: list(queries.versions_saying(bram, words)) for words in ("want peo", "warmth", "!")}
    assert found == {"want peo": [draft], "warmth": [], "!": []}  # what counts, not what is only a draft


def test_there_is_one_draft_and_the_next_begins_as_a_copy(first: Version, marloes: Person, hanna: Person) -> None:
    actions.write_version(by=marloes, mission="We make houses warm.")
    draft = actions.write_version(by=hanna, voice="Plain.")
    assert (draft.number, draft.why, draft.mission, draft.voice) == (
        2,
        "People want people.",
        "We make houses warm.",
        "Plain.",
    )
    assert Version.objects.count() == 2


def test_only_who_may_writes_and_publishes(first: Version, bram: Person, marloes: Person) -> None:
    with pytest.raises(Forbidden):
        actions.write_version(by=bram, why="Mine")
    draft = actions.write_version(by=marloes, why="Ours")
    with pytest.raises(Forbidden):
        actions.publish_version(by=bram, version=draft)


@pytest.mark.django_db(transaction=True)
def test_two_first_drafts_at_once_are_one(house: House, marloes: Person, at_once: Callable[..., list[Any]]) -> None:
    drafts = at_once(lambda n: actions.write_version(by=marloes, why="People want people."))
    assert len(set(drafts)) == 1


def test_publishing_twice_changes_nothing(first: Version, marloes: Person) -> None:
    before = first.published_at
    assert actions.publish_version(by=marloes, version=first).published_at == before


@pytest.mark.parametrize("wrong", [
    {"why": "  "}, {"question": "Why?", "answers": ["One"], "right_answer": 0},
    {"question": "Why?", "answers": ["One", "Two"], "right_answer": 5}, {"question": "Why?", "answers": ["A", "B"]},
])  # fmt: skip
def test_what_is_incomplete_is_refused(noon: datetime, hanna: Person, wrong: dict[str, object]) -> None:
    with pytest.raises(Refused):
        actions.write_version(by=hanna, **({"why": "People"} | wrong))
    assert not Version.objects.exists()


def test_an_unknown_part_is_a_mistake_in_the_code(noon: datetime, hanna: Person) -> None:
    with pytest.raises(TypeError):
        actions.write_version(by=hanna, slogan="x")


def test_understanding_takes_the_right_answer(first: Version, bram: Person) -> None:
    with pytest.raises(Refused):
        actions.acknowledge_version(by=bram, version=first, answer=1)
    assert not queries.has_read(bram, first)
    for _click in range(2):
        actions.acknowledge_version(by=bram, version=first, answer=0)
    assert Acknowledgement.objects.count() == 1


def test_an_older_version_is_not_acknowledged(first: Version, bram: Person, hanna: Person) -> None:
    actions.publish_version(by=hanna, version=actions.write_version(by=hanna, why="Newer"))
    with pytest.raises(Refused):
        actions.acknowledge_version(by=bram, version=first, answer=0)


def test_today_asks_until_it_was_read_and_again_when_it_changed(first: Version, bram: Person, hanna: Person) -> None:
    def asked() -> bool:
        return any(todo.rank == 70 for todo in todos_of(bram))

    assert asked()
    actions.acknowledge_version(by=bram, version=first, answer=0)
    assert not asked()
    actions.publish_version(by=hanna, version=actions.write_version(by=hanna, what_changed="Shorter."))
    assert asked()


def test_how_far_it_is_carried_is_told_in_groups_of_five(
    first: Version, hanna: Person, person: Callable[..., Person]
) -> None:
    assert queries.carried(first) == []
    installers = [person(f"I{n} Installer", discipline="Installers") for n in range(6)]
    person("S Sales", discipline="Sales")
    for colleague in installers[:4]:
        actions.acknowledge_version(by=colleague, version=first, answer=0)
    whole, only = queries.carried(first)
    assert (whole.read, whole.of) == (4, 8)
    assert (only.names, only.read, only.of) == (("Installers", "Office", "Sales"), 4, 8)


def test_a_version_that_is_not_there_is_not_found(first: Version, bram: Person) -> None:
    with pytest.raises(NotFound):
        queries.version(bram, 7)


ADDRESSES = ["/story/", "/story/versions/", "/story/versions/1/", "/story/carried/"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_strangers_sign_in_and_newcomers_read(address: str, first: Version, newcomer: Person, visit: Visit) -> None:
    assert visit(None).get(address).status_code == 302
    assert visit(newcomer).get(address).status_code == 200


@pytest.mark.parametrize("address", ["/story/write/", "/story/draft/"])
def test_writing_is_not_for_newcomers(
    address: str, first: Version, newcomer: Person, marloes: Person, visit: Visit
) -> None:
    actions.write_version(by=marloes, why="Next")
    assert visit(newcomer).get(address).status_code == 404
    assert visit(marloes).get(address).status_code == 200


def test_the_whole_road_through_the_pages(noon: datetime, marloes: Person, bram: Person, visit: Visit) -> None:
    curator, colleague = visit(marloes), visit(bram)
    assert "Here will stand why" in colleague.get("/story/").content.decode()
    assert curator.get("/story/carried/").status_code == 302
    written = {"why": "People want people.", "donts": "Never “ontzorgen”", "question": "What do we show?",
               "answers": "The work\nOurselves", "right_answer": "1"}  # fmt: skip
    page = curator.post("/story/write/", written, follow=True).content.decode()
    assert "as everybody will read it" in page
    wrong = curator.post("/story/write/", written | {"right_answer": "3"}).content.decode()
    assert "Say which answer is the right one" in wrong
    seen = curator.get("/story/draft/").context["seen"]
    curator.post("/story/write/", written | {"voice": "Plain."})
    meanwhile = curator.post("/story/draft/publish/", {"seen": seen}, follow=True).content.decode()
    assert "Somebody wrote on it meanwhile" in meanwhile
    assert queries.current() is None
    curator.post("/story/draft/publish/", {"seen": curator.get("/story/draft/").context["seen"]})
    assert curator.post("/story/draft/publish/").status_code == 302
    assert "Not quite" in colleague.post("/story/", {"answer": "1"}).content.decode()
    unseen = colleague.post("/story/", {"answer": "0", "number": "0"}, follow=True).content.decode()
    assert "There is a newer version" in unseen
    said = {"answer": "0", "number": "1"}
    assert "You carry version 1" in colleague.post("/story/", said, follow=True).content.decode()
    assert 'href="/story/"' in colleague.get("/me/").content.decode()  # to read it again
    assert "/story/write/" not in colleague.get("/me/").content.decode()
    assert [advice.words for advice in queries.advice("Wij ontzorgen je")] == ["ontzorgen"]

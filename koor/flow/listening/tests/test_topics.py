"""What mentions are about: by their words, set right by a tap, counted, and new ones that people name."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.test import Client

from koor.flow.listening import actions, queries
from koor.flow.listening.actions import storing
from koor.flow.listening.logic.topics import fits
from koor.flow.listening.models import About, Lesson, Mention, Proposal, Source, TopicName
from koor.flow.listening.tests.conftest import number_of
from koor.ground.channels.models import Account
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, NotFound, Refused

pytestmark = pytest.mark.django_db
Said = Callable[..., Mention]
NEW = (
    "De glijbaan in het zwembad is dicht", "Wanneer gaat de glijbaan in het zwembad open", "Jammer van de glijbaan",
    "Zwembad zonder glijbaan", "Kinderen missen de glijbaan van het zwembad", "Onze glijbaan, ons zwembad",
    "Die glijbaan in het zwembad was mooi", "Zwembad: doe de glijbaan weer open", "Ik wil de glijbaan in het zwembad",
)  # fmt: skip


def test_words_tell_the_topic_and_the_database_counts_it(said: Said, noon: object) -> None:
    mention = said("De warmtepomp en de radiator zijn koud")
    dull = said("Wat betekent de R in jullie logo?")
    assert actions.sort_by_topic(by=SYSTEM) == 2
    assert actions.sort_by_topic(by=SYSTEM) == 0
    assert About.objects.get(mention=mention).topic == "warmte"
    assert About.objects.get(mention=dull).topic == ""
    assert queries.numbers_of("topic") == {"warmte": 1}
    mention.delete()
    assert number_of("topic", "warmte") == 0


def test_a_tap_sets_it_right_and_teaches(said: Said, marloes: Person, visit: Callable[[Person], Client]) -> None:
    mention = said("De warmtepomp en de radiator zijn koud")
    actions.sort_by_topic(by=SYSTEM)
    browser = visit(marloes)
    page = browser.get(f"/listen/mentions/{mention.pk}/").content.decode()
    assert "Koor thinks: Heating" in page
    browser.post(f"/listen/mentions/{mention.pk}/topic/", {"label": "geld"})
    assert (About.objects.get().topic, About.objects.get().by) == ("geld", marloes)
    assert Lesson.objects.get().label == "geld"
    assert queries.numbers_of("topic") == {"geld": 1}
    actions.recount()
    assert queries.numbers_of("topic") == {"geld": 1}
    assert "De warmtepomp en de radiator" in browser.get("/listen/topics/").content.decode()
    browser.post(f"/listen/mentions/{mention.pk}/topic/", {"label": ""})
    assert (About.objects.get().topic, About.objects.get().by) == ("warmte", None), "sorted as if nobody had spoken"
    browser.post(f"/listen/mentions/{mention.pk}/topic/", {"label": "-"})
    assert (About.objects.get().topic, About.objects.get().by, Lesson.objects.count()) == ("", marloes, 0)
    assert "Somebody said: none of these." in browser.get(f"/listen/mentions/{mention.pk}/").content.decode()
    assert browser.get("/listen/topics/?topic=nowhere").status_code == 404


def test_what_was_said_to_one_person_is_counted_nowhere(
    said: Said, marloes: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    mention = said("De warmtepomp en de radiator zijn koud")
    monkeypatch.setattr(queries, "is_for_one", lambda one: True)
    actions.tell_topic(by=marloes, mention=mention, label="geld")
    assert not About.objects.exists()


def test_a_topic_fits_by_its_words() -> None:
    said = ["de", "ketel", "van", "de", "buren", "lekt"]
    assert fits(said, ["ketel"])
    assert fits(said, ["ketel van de buren"])
    assert fits(["ketelhuis"], ["x", "ketel"])
    assert not fits(said, ["ket"]), "so short a word is not the beginning of another"
    assert not fits(said, ["van ketel"])


@pytest.fixture
def unknown(said: Said, noon: object) -> list[Mention]:
    made = [said(text, author=f"Buur {n}", created_at=noon.isoformat()) for n, text in enumerate(NEW)]  # type: ignore[attr-defined]
    About.objects.bulk_create(About(mention=one, said_at=one.said_at) for one in made)
    return made


def test_many_that_are_alike_and_fit_none_are_proposed_and_named(
    unknown: list[Mention],
    marloes: Person,
    visit: Callable[[Person], Client],
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    (new,) = queries.new_topics(marloes)
    assert "glijbaan" in new.words
    browser = visit(marloes)
    with django_assert_max_num_queries(15):
        page = browser.get("/listen/topics/").content.decode()
    assert "fit no topic" in page
    taken = browser.post("/listen/topics/new/", {"said": new.ids, "name": "heating", "words": "eerst, dit"})
    assert taken.status_code == 422
    assert "There is a topic of this name already." in taken.content.decode()
    assert 'value="eerst, dit"' in taken.content.decode(), "what was typed stays"
    browser.post("/listen/topics/new/", {"said": new.ids, "name": "Zwembad", "words": "zwembad, glijbaan"})
    assert queries.words_for("topic")["zwembad"] == ["zwembad", "glijbaan"]
    assert queries.numbers_of("topic") == {"zwembad": len(new.ids)}
    assert queries.new_topics(marloes) == []
    with pytest.raises(Refused):
        actions.name_topic(by=marloes, name="zwembad", words="", mentions=[])
    with pytest.raises(Refused):
        actions.name_topic(by=marloes, name=" ", words="", mentions=[])


def test_a_topic_is_left_out_and_one_of_our_own_goes_when_a_person_says_so(
    said: Said, marloes: Person, visit: Callable[[Person], Client]
) -> None:
    actions.name_topic(by=marloes, name="Zwembad", words="glijbaan", mentions=[])
    browser, address = visit(marloes), "/listen/learner/topic/"
    labels = list(queries.all_words("topic"))

    def send(label: str, **more: str) -> int:
        own = {f"words{n}": "\n".join(queries.all_words("topic")[one] or []) for n, one in enumerate(labels)}
        number = labels.index(label)
        left_out = {f"unused{number}": "on"} if "unused" in more else {}
        sent = {**own, f"words{number}": more.get("words", "")}
        return int(browser.post(address, {**sent, **left_out}).status_code)

    assert send("warmte", unused="on") == 302
    assert "warmte" not in queries.words_for("topic")
    mention = said("De warmtepomp en de radiator zijn koud")
    actions.sort_by_topic(by=SYSTEM)
    assert About.objects.get(mention=mention).topic != "warmte"
    assert "Heating: We don’t use this topic" in browser.get(address).content.decode()
    assert send("warmte") == 302
    assert "warmtepomp" in " ".join(queries.words_for("topic")["warmte"]), "as Koor brings it"
    assert send("zwembad") == 422, "one of our own does not go without a word"
    assert "zwembad" in queries.words_for("topic")
    assert send("zwembad", unused="on") == 302
    assert "zwembad" not in queries.all_words("topic")


def test_a_topic_is_called_otherwise_and_keeps_what_was_taught(
    said: Said, marloes: Person, bram: Person, visit: Callable[[Person], Client]
) -> None:
    mention = said("De warmtepomp en de radiator zijn koud")
    actions.tell_topic(by=marloes, mention=mention, label="geld")
    browser, address = visit(marloes), "/listen/topics/change/?topic=geld"
    page = browser.get(address).content.decode()
    assert "factuur" in page
    wrong = browser.post(address, {"name": "heating", "words": "rekening"})
    assert (wrong.status_code, "There is a topic of this name already." in wrong.content.decode()) == (422, True)
    assert "rekening" in wrong.content.decode()
    browser.post(address, {"name": "Prijzen", "words": "rekening\nprijs"})
    assert queries.words_for("topic")["geld"] == ["rekening", "prijs"]
    assert (About.objects.get().topic, Lesson.objects.get().label) == ("geld", "geld")
    assert "Prijzen" in browser.get("/listen/topics/?topic=geld").content.decode()
    assert "Prijzen" in browser.get("/listen/?topic=geld").content.decode()
    with pytest.raises(Refused):
        actions.name_topic(by=marloes, name="prijzen", words="", mentions=[])
    browser.post(address, {"name": "Money", "words": "rekening"})
    assert not TopicName.objects.exists(), "as it was called first"
    for name in (" ", "x" * 41):
        with pytest.raises(Refused):
            actions.change_topic(by=marloes, label="geld", name=name, words="")
    assert browser.get("/listen/topics/change/?topic=nowhere").status_code == 404
    assert visit(bram).get(address).status_code == 404


def test_what_needs_no_name_is_not_proposed_again(
    unknown: list[Mention], marloes: Person, visit: Callable[[Person], Client]
) -> None:
    (new,) = queries.new_topics(marloes)
    visit(marloes).post("/listen/topics/new/", {"said": new.ids, "answer": "dismiss"})
    assert queries.new_topics(marloes) == []


def test_others_do_not_see_or_name_topics(
    unknown: list[Mention], bram: Person, visit: Callable[[Person], Client]
) -> None:
    with pytest.raises(NotFound):
        queries.topics(bram)
    assert visit(bram).get("/listen/topics/").status_code == 404
    assert visit(bram).post("/listen/topics/new/", {}).status_code == 404
    with pytest.raises(Forbidden):
        actions.name_topic(by=bram, name="x", words="", mentions=[])


def test_what_was_said_to_one_colleague_alone_is_sorted_and_counted_nowhere(
    said: Said, noon: object, bram: Person
) -> None:
    own = Account.objects.create(
        connector="practice", name="Bram", personal=True, owner=bram, purpose="service", made_at=clock.now()
    )
    mention = said("De warmtepomp en de radiator zijn koud")
    Source.objects.update(account=own)
    Mention.objects.update(kind="direct")
    mention.refresh_from_db()
    assert actions.sort_by_topic(by=SYSTEM) == 0
    assert queries.is_for_one(mention)


def test_what_was_edited_is_sorted_anew_unless_a_person_said_so(
    said: Said, noon: object, marloes: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    ones = [said("De warmtepomp en de radiator zijn koud"), said("De radiator is koud, de ketel lekt")]
    actions.sort_by_topic(by=SYSTEM)
    actions.tell_topic(by=marloes, mention=ones[1], label="warmte")
    changed = [one.pk for one in ones]
    Mention.objects.filter(pk__in=changed).update(text="Waar blijft de factuur van de offerte")
    monkeypatch.setattr(storing, "change_what_is_here", lambda *_given: changed)
    storing._say_again(ones[0].source, set())
    actions.sort_by_topic(by=SYSTEM)
    assert [About.objects.get(mention=one).topic for one in ones] == ["geld", "warmte"]
    Mention.objects.filter(pk__in=changed).update(text="De radiator is koud", stored_at=clock.now() - timedelta(days=9))
    storing._say_again(ones[0].source, set())
    assert [About.objects.get(mention=one).topic for one in ones] == ["warmte", "warmte"], "also long after it came"
    assert Proposal.objects.count() == 2


def test_a_second_click_names_nothing_twice(unknown: list[Mention], marloes: Person) -> None:
    for _click in range(2):
        assert actions.name_topic(by=marloes, name="Zwembad", words="glijbaan", mentions=unknown) == "zwembad"
    assert queries.numbers_of("topic") == {"zwembad": len(unknown)}

"""Copies and near copies point at the first that said it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from koor.flow.listening import actions
from koor.flow.listening.actions import repeats as folding
from koor.flow.listening.logic.repeats import Finder, said_words, shapes
from koor.flow.listening.models import Fingerprint, Mention, Source
from koor.flow.listening.queries import bursts
from koor.ground.channels import actions as channels
from koor.ground.channels.contract import Incoming
from koor.ground.people.models import Person
from koor.kernel.access import SYSTEM
from koor.kernel.personal import OUTSIDE, Subject
from koor.kernel.personal.erasing import erase

BringIn = Callable[..., actions.Tally]
SAID = "De warmtepomp van Reurslag doet het al drie dagen niet en niemand neemt de telefoon op"


def pointing() -> dict[str, str | None]:
    rows = Mention.objects.order_by("pk").values_list("external_id", "copy_of__external_id")
    return dict(rows)


def test_what_is_left_out() -> None:
    assert said_words("RT @els@x.nl: RT @jan: De  pomp, https://t.co/x1 is STUK") == ["de", "pomp", "is", "stuk"]
    assert said_words("Rt is geen teken") == ["rt", "is", "geen", "teken"]
    assert shapes(["te kort om te zijn", ""]) == [None, None]


def test_copies_and_near_copies_are_folded(noon: datetime, bring_in: BringIn) -> None:
    bring_in(
        {"text": SAID},
        {"text": f"RT @els@social.nl: {SAID}!! https://t.co/abc"},
        {"text": SAID.replace("niemand", "geen mens")},
        {"text": "Vandaag schijnt de zon boven de daken van Wijchen en dat is fijn"},
        {"text": "Dank je wel"},
        {"text": "Dank je wel"},
    )
    bring_in({"id": "later", "text": SAID.upper()}, source="Elders")
    assert pointing() == {"p1": None, "p2": "p1", "p3": "p1", "p4": None, "p5": None, "p6": None, "later": "p1"}
    assert set(Fingerprint.objects.values_list("mention__external_id", flat=True)) == {"p1", "p4"}


def test_not_what_is_old_nor_what_was_said_to_us_alone(noon: datetime, bring_in: BringIn) -> None:
    old = (noon - timedelta(days=8)).isoformat()
    bring_in({"text": SAID, "created_at": old}, {"text": SAID, "kind": "direct"}, {"text": SAID}, {"text": SAID})
    assert pointing() == {"p1": None, "p2": None, "p3": None, "p4": "p3"}


def test_one_post_heard_by_two_sources_of_an_account_is_one(noon: datetime, marloes: Person) -> None:
    account = channels.add_account(by=SYSTEM, connector="paper", name="Wij", owner=marloes)
    kinds = ("notifications", "public")
    sources = [
        Source.objects.create(name=one, kind="account", account=account, settings={"kind": one}, made_at=noon)
        for one in kinds
    ]
    short = Incoming(external_id="i1", author="Els", text="Pomp stuk", created_at=noon, kind="hashtag")
    actions.store_entries(sources[0], [short], "jsonl")
    actions.mark(by=marloes, mention_id=Mention.objects.get().pk, label="noise")
    actions.store_entries(sources[1], [short], "jsonl")
    first, second = Mention.objects.order_by("pk")
    assert (second.copy_of, second.label, second.labelled_by) == (first, "noise", marloes)
    assert len(bursts.each_once(Mention.objects.all())) == 1
    edited = Incoming(
        external_id="e", author="Els", text="Ketel stuk", created_at=noon, kind="edited", in_reply_to="i1"
    )
    for source in sources:
        actions.store_entries(source, [edited], "jsonl")
    copies = [(one.text, one.copy_of is not None) for one in Mention.objects.all()]
    assert sorted(copies) == [("Ketel stuk", False), ("Ketel stuk", True)]


def test_what_goes_hands_its_copies_on(noon: datetime, bring_in: BringIn) -> None:
    bring_in({"text": SAID}, {"text": SAID}, {"text": SAID})
    first = Mention.objects.get(external_id="p1")
    folding.hand_on_copies([first.pk])
    first.delete()
    assert pointing() == {"p2": None, "p3": "p2"}


def test_what_has_other_words_is_compared_anew(noon: datetime, bring_in: BringIn) -> None:
    bring_in({"text": SAID}, {"text": SAID})
    second = Mention.objects.get(external_id="p2")
    Mention.objects.filter(pk=second.pk).update(text="Het is opgelost, dank aan de monteur die zo snel kwam")
    folding.compare_anew([second.pk])
    assert pointing() == {"p1": None, "p2": None}
    assert Fingerprint.objects.count() == 2


def test_what_comes_is_compared_with_who_took_the_place(noon: datetime, bring_in: BringIn) -> None:
    bring_in({"text": SAID}, {"text": SAID})
    first = Mention.objects.get(external_id="p1")
    folding.hand_on_copies([first.pk])
    first.delete()
    bring_in({"id": "later", "text": SAID})
    assert pointing() == {"p2": None, "later": "p2"}


def test_a_first_with_other_words_leaves_its_copies(noon: datetime, bring_in: BringIn) -> None:
    bring_in({"text": SAID}, {"text": SAID}, {"text": SAID})
    first = Mention.objects.get(external_id="p1")
    Mention.objects.filter(pk=first.pk).update(text="Het is opgelost, dank aan de monteur die zo snel kwam")
    folding.compare_anew([first.pk])
    assert pointing() == {"p1": None, "p2": None, "p3": "p2"}
    bring_in({"id": "later", "text": SAID})
    assert pointing()["later"] == "p2"


def test_a_comma_more_in_a_first_keeps_them_together(noon: datetime, bring_in: BringIn) -> None:
    bring_in({"text": SAID}, {"text": SAID}, {"text": SAID})
    first = Mention.objects.get(external_id="p1")
    folding.compare_anew([first.pk])
    assert pointing() == {"p1": "p2", "p2": None, "p3": "p2"}


def test_who_is_erased_hands_on(noon: datetime, bring_in: BringIn) -> None:
    bring_in({"text": SAID, "author": "Wim"}, {"text": SAID}, {"text": SAID})
    counts = erase(Subject(OUTSIDE, 1, None, "Wim", addresses=frozenset({("Reviews", "Wim")})))
    assert counts["listening.Mention"] == 1
    assert pointing() == {"p2": None, "p3": "p2"}
    bring_in({"id": "later", "text": SAID})
    assert pointing()["later"] == "p2"


def test_fingerprints_are_kept_for_some_days(noon: datetime, bring_in: BringIn) -> None:
    bring_in({"text": SAID})
    assert actions.forget_fingerprints() == 0
    Fingerprint.objects.update(said_at=noon - timedelta(days=8))
    assert actions.forget_fingerprints() == 1


def test_planted_near_copies_are_found() -> None:
    """Texts of which at least `SAME` is shared are found nearly always, and others never."""
    random = Random(3)
    letters = "abcdefghijklmnopqrstuvwxyz"
    known = ["".join(random.choices(letters, k=random.randint(3, 9))) for _ in range(3_000)]
    firsts = [random.choices(known, k=random.randint(12, 40)) for _ in range(400)]
    near = []
    for said in firsts:
        changed = list(said)
        changed[random.randrange(len(said))] = random.choice(known)
        near.append(changed)
    finder = Finder()
    for number, shape in enumerate(shapes([" ".join(said) for said in firsts])):
        assert shape is not None
        assert finder.first_like(shape) is None
        finder.add(number, shape)
    found = [finder.first_like(shape) for shape in shapes([" ".join(said) for said in near]) if shape]
    assert sum(first == number for number, first in enumerate(found)) >= 396
    assert all(first in (None, number) for number, first in enumerate(found))

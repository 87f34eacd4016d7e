"""What a stranger calls themselves takes no word out of what the house is made of, and no housemate along."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest

from koor.flow.hub.models import Wish
from koor.ground.contacts import actions as contacts
from koor.ground.contacts.models import Contact, Handle, Organisation
from koor.ground.governance import actions, queries
from koor.ground.governance.models import LegalHold
from koor.ground.people.models import House, Person
from koor.kernel import clock, jobs
from koor.kernel.access import SYSTEM
from koor.kernel.models import AuditEntry, Tombstone
from koor.kernel.personal import COLLEAGUE, OUTSIDE, Subject, erasing, export, subject, terms, tombstones, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_home(settings: Any, tmp_path: Path) -> None:
    key = Path(settings.KOOR_HOME) / "key"
    settings.KOOR_HOME = tmp_path
    if key.exists():
        (tmp_path / "key").write_bytes(key.read_bytes())


def somebody(name: str, *, handle: str = "", **more: Any) -> Contact:
    made = Contact.objects.create(name=name, made_at=clock.now(), **more)
    if handle:
        Handle.objects.create(contact=made, platform="instagram", value=handle)
    return made


def of(contact: Contact) -> Subject:
    found = subject(OUTSIDE, contact.pk)
    assert found is not None
    return found


def wish(sentence: str) -> Wish:
    return Wish.objects.create(sentence=sentence, made_at=clock.now())


def test_a_handle_is_met_whole_and_never_in_a_name_of_ours(house: object, bram: Person) -> None:
    said = wish("Zie @warmtepomp en instagram.com/warmtepomp/, over een warmtepomp, @warmtepompen, x@warmtepomp.nl")
    line = AuditEntry.objects.create(at=clock.now(), verb="@warmtepomp", target_name="@warmtepomp")
    erasing.erase(of(somebody("warmtepomp", handle="warmtepomp")))
    said.refresh_from_db()
    assert said.sentence == "Zie […] en […]/, over een warmtepomp, @warmtepompen, x@warmtepomp.nl"
    line.refresh_from_db()
    assert (line.verb, line.target_name) == ("@warmtepomp", "[…]")


@pytest.mark.parametrize("name", ["van de", "Van Der", "instagram", "de in of the", "voor onze", "warmtepomp",
                                  "ありがとう", "タナカ タロウ", "감사합니다", "감사 합니다", "一二"])  # fmt: skip
def test_common_words_are_nobodys_name(name: str) -> None:
    assert not words.names_one(name)


def test_a_word_of_everybody_in_signs_stays_and_a_longer_name_stays_whole(house: object) -> None:
    said = wish("お客様 zegt ありがとう uit 大阪府, 감사합니다; 高橋一郎さん en 高橋 一さん, 高橋一様")
    for name in ("お客様", "ありがとう", "감사합니다", "大阪府", "高橋 一"):
        erasing.erase(of(somebody(name)))
    said.refresh_from_db()
    assert said.sentence == "お客様 zegt ありがとう uit 大阪府, 감사합니다; 高橋一郎さん en […]さん, […]様"


def test_what_the_house_is_called_is_nobodys_word(house: object) -> None:
    House.objects.update(name="Reurslag Installaties BV")
    Organisation.objects.create(name="Warmtepomp Direct")
    assert of(somebody("Reurslag Installaties", handle="reurslag")).words == ("instagram.com/reurslag",)
    assert of(somebody("Warmtepomp Direct")).words == ()


def test_a_namesake_spelled_otherwise_keeps_their_texts(house: object, bram: Person) -> None:
    one, other = somebody("Sean O’Neill-Groß"), somebody("Sean O'Neill‑Gross")
    assert (of(one).words, of(other).words) == ((), ())
    contacts.edit_contact(by=SYSTEM, contact=other, name="Jan")
    assert of(one).words == ("Sean O’Neill-Groß",)
    Person.objects.filter(pk=bram.pk).update(name="SEAN O'NEILL-GROSS")
    assert of(one).words == ()
    colleague = subject(COLLEAGUE, bram.pk)
    assert colleague is not None
    assert colleague.names == ()
    Person.objects.filter(pk=bram.pk).update(name="Bram Wolters")
    Organisation.objects.create(name="Sean O'Neill Gross & zn")
    assert of(one).words == ()


def test_the_pattern_means_the_same_to_both(house: object) -> None:
    said = words.pattern(["@els", "Els Groot", "instagram.com/els", "高橋 一", "김민수"])
    texts = ("@els", "@els.", "@els.nl", "@elsje", "x@els", "ELS_Groot.jpg", "Els Groots", "instagram.com/els-jan",
             "高橋 一", "高橋一さん", "高橋一様へ", "は高橋一\n", "高橋一郎さん", "大高橋一", "高橋一郎",
             "x.nl/%E9%AB%98%E6%A9%8B%E4%B8%80", "x.nl/%E9%AB%98%E6%A9%8B%E4%B8%80%E9%83%8E",
             r"\u9ad8\u6a4b\u4e00", r"\u9ad8\u6a4b\u4e00\u90ce", "김민수는")  # fmt: skip
    for text in texts:
        row = wish(text)
        assert Wish.objects.filter(pk=row.pk, sentence__iregex=said).exists() == bool(re.search(said, text, re.I)), text


def test_a_shared_phone_is_nobodys_alone(bram: Person) -> None:
    els = somebody("Els Groot", phone="06 12345678")
    jan = somebody("Jan Groot", phone="+31 6-1234 5678", note="Belt met 06 12345678")
    found = of(els)
    assert (found.addresses, found.written) == (frozenset(), ())
    tombstones.set_up(tombstones.Stone(uuid.uuid4(), clock.now(), tombstones.of(found), True))
    Tombstone.objects.all().delete()
    assert erasing.replay() == 1
    assert [contact.pk for contact in Contact.objects.all()] == [jan.pk]


def test_an_address_alone_brings_nobody_down_and_may_be_kept(ada: Person) -> None:
    old = somebody("Els Groot", email="huis@groot.example")
    asked = actions.erasing.ask_erasure(by=SYSTEM, subject=of(old))
    actions.erasing.erase(by=SYSTEM, erasing_id=asked.pk)
    Tombstone.objects.all().delete()
    jan = somebody("Jan Groot", email="huis@groot.example")
    assert erasing.replay() == 1
    contacts.edit_contact(by=SYSTEM, contact=jan, email="huis@groot.example", place="Gouda")
    assert Contact.objects.get().place == "Gouda"


def test_a_failure_is_told_and_the_rest_goes_on(house: object, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [somebody(f"Els Groot{letter}") for letter in "abc"]
    for one in people:
        tombstones.set_up(tombstones.Stone(uuid.uuid4(), clock.now(), tombstones.of(of(one)), True))
    Tombstone.objects.all().delete()
    LegalHold.objects.create(kind=OUTSIDE, subject_id=people[1].pk, reason="A claim", at=clock.now())
    once = erasing.erase

    def fail(found: Subject, **more: Any) -> dict[str, int]:
        if found.pk == people[0].pk:
            raise RuntimeError
        return once(found, **more)

    monkeypatch.setattr(erasing, "erase", fail)
    told: list[str] = []
    assert erasing.replay(told.append) == 1
    assert len(told) == 2
    assert set(Contact.objects.values_list("pk", flat=True)) == {people[0].pk, people[1].pk}
    assert len(tombstones.missing()) == 2


def test_texts_are_left_alone_when_the_stone_does_not_say(house: object) -> None:
    els = somebody("Els Grootenhuis")
    said = wish("Els Grootenhuis")
    tombstones.set_up(tombstones.Stone(uuid.uuid4(), clock.now(), tombstones.of(of(els))))
    Tombstone.objects.all().delete()
    assert erasing.replay() == 1
    said.refresh_from_db()
    assert said.sentence == "Els Grootenhuis"


def test_a_borrowed_name_shows_nothing(bram: Person, ada: Person) -> None:
    Person.objects.filter(pk=bram.pk).update(name="Els Grootenhuis")
    bram.refresh_from_db()
    wish("Els Grootenhuis lekt")
    own = subject(COLLEAGUE, bram.pk)
    assert own is not None
    assert queries.personal.kept_on(bram, own).named == []
    assert queries.personal.kept_on(ada, own).named
    assert "lekt" not in json.dumps(export.told_of(own, naming=False), default=str)
    theirs = actions.personal.ask_export(by=ada, subject=own)
    assert theirs not in queries.personal.kept_on(bram, own).exports


def test_asked_again_it_is_queued_again(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    queued: list[Any] = []
    monkeypatch.setattr(jobs, "later", lambda task, **args: queued.append(args))
    found = of(somebody("Els Grootenhuis"))
    for _twice in range(2):
        actions.erasing.ask_erasure(by=ada, subject=found)
    assert len(queued) == 2


def test_heavy_files_are_for_the_worker(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions.personal, "LIGHT", 0)
    assert actions.personal.ask_export(by=ada, subject=of(somebody("Els Grootenhuis"))).ready_at is None


def test_a_nul_in_a_reason(ada: Person) -> None:
    assert actions.erasing.hold(by=ada, subject=of(somebody("Els")), reason="A\0claim").reason == "A claim"


def test_one_kind_that_fails_stops_no_other(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("kernel.Mail", "kernel.AuditEntry"):
        actions.terms.set_term(by=ada, kind=kind, days=30)

    def end(one: Any, *_rest: Any) -> Any:
        yield 2, 0
        if one.model == "kernel.Mail":
            raise RuntimeError

    monkeypatch.setattr(terms, "end", end)
    assert actions.terms.end_terms(by=SYSTEM) == {"kernel.Mail": 2, "kernel.AuditEntry": 2}
    assert AuditEntry.objects.filter(verb="governance.end_terms").count() == 2

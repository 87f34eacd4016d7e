"""A name as people have it: whoever asks the index of words finds the same ones."""

import pytest

from koor.flow.conversations.models import Conversation, Message
from koor.flow.hub.models import Item
from koor.flow.hub.queries.words import saying
from koor.flow.listening.models import Mention, Source
from koor.ground.contacts import queries as contacts
from koor.ground.contacts.models import Contact
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.personal import OUTSIDE, erasing, finding, subject

pytestmark = pytest.mark.django_db
NAMES = [
    ("Jürgen Großmann", "JÜRGEN GROSSMANN"),
    ("Sean O’Neill", "Sean O'Neill"),
    ("Anne‑Marie Jansen", "Anne-Marie Jansen"),
    ("Piet Buys–Ballot", "Piet Buys-Ballot"),
    ("Γιώργος Παππάς", "γιώργος παππάς"),
    ("田中 太郎", "田中太郎"),
    ("田中太郎", "田中 太郎"),
    ("김민수", "김 민수"),
    ("مُحَمَّد الشريف", "محمد الشريف"),
]


@pytest.mark.parametrize(("name", "otherwise"), NAMES)
def test_a_name_is_found_by_all_who_ask(marloes: Person, name: str, otherwise: str) -> None:
    now = clock.now()
    whose, other = (Contact.objects.create(name=one, made_at=now) for one in (name, "Gerrit"))
    talk = Conversation.objects.create(contact=other, made_at=now, last_at=now)
    source = Source.objects.create(name="Old stream", kind="file", made_at=now)
    for key, said in enumerate((name, otherwise)):
        text = f"Dat hoorde ik van {said}, zei ze."
        Message.objects.create(conversation=talk, contact=other, direction="in", text=text, at=now, stored_at=now)
        Mention.objects.create(source=source, external_id=str(key), text=text, said_at=now, stored_at=now)
    Person.objects.filter(pk=marloes.pk).update(name=name)
    item = Item.objects.create(kind="text", title="Ketel", by=marloes, made_at=now)

    for typed in (name, otherwise):
        assert list(contacts.contacts(marloes, words=typed)) == [whose], typed
        assert list(saying(Item.objects.all(), typed)) == [item], typed
    Person.objects.filter(pk=marloes.pk).update(name="Marloes")  # a namesake would keep their texts
    about = subject(OUTSIDE, whose.pk)
    assert about is not None
    found = {part.held.model: part.number for part in finding.everything(about).named}
    assert found == {"conversations.Message": 2, "listening.Mention": 2}
    erasing.erase(about)
    seen = name in ("田中太郎", "김민수")  # may be a word of everybody: found, and left for somebody to look at
    assert sum(erasing.left(about).values()) == (4 if seen else 0)
    said = {*Message.objects.values_list("text", flat=True), *Mention.objects.values_list("text", flat=True)}
    assert said == {f"Dat hoorde ik van {one}, zei ze." for one in ((name, otherwise) if seen else ("[…]",))}

"""Canaries, each planted somewhere on one person: all found by the export, none left after the erasure, none back after
a backfill, an import or a restore. Two hundred of them in `make test-long`."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.test import Client
from django.utils.crypto import get_random_string

from koor.flow.calendar.models import Campaign, Slot
from koor.flow.conversations.actions import fires
from koor.flow.conversations.models import Assignment, Conversation, Message
from koor.flow.hub.models import Capture, Consent, Idea, Item, Letter, Medium, Portrayed, Prompt, Rendition, Voice, Wish
from koor.flow.listening import actions as listening
from koor.flow.listening.models import Mention, RawEvent, Source, View
from koor.flow.listening.queries import Filters
from koor.flow.publishing.models import Comment, Post, Target
from koor.flow.relations.models import Touch
from koor.ground.channels.models import Account
from koor.ground.contacts import actions as contacts
from koor.ground.contacts.models import Acquaintance, Contact, Handle, Organisation, Project, Tie
from koor.ground.governance import actions
from koor.ground.governance.models import Erasing, PersonalExport
from koor.ground.people.models import House, Person
from koor.kernel import audit, clock, files
from koor.kernel.access import SYSTEM, Refused
from koor.kernel.models import AuditEntry, Mail, Tombstone
from koor.kernel.personal import OUTSIDE, Subject, erasing, export, subject, tombstones
from koor.shell import doctor, preparation, prepared

pytestmark = [pytest.mark.broad, pytest.mark.django_db]
Visit = Callable[[Person | None], Client]
NAME = "Kanariena O’Zeldengroß"
HANDLES = 90
FEW = 30  # enough for one of each kind


@pytest.fixture(autouse=True)
def own_home(settings: Any, tmp_path: Path) -> None:
    """What is erased is written down in a file of the house; each test has a house of its own."""
    key = Path(settings.KOOR_HOME) / "key"
    settings.KOOR_HOME = tmp_path
    if key.exists():
        (tmp_path / "key").write_bytes(key.read_bytes())


class Planted:
    """One person outside, with canaries wherever something can be kept on them; `many`: two hundred of them."""

    def __init__(self, colleague: Person, *, many: bool = False) -> None:
        self.colleague, self.tokens, self.now, self.many = colleague, [], clock.now(), many
        self.spare = [f"kanarie{number:03}@social.example" for number in range(HANDLES if many else FEW)]
        self.contact = Contact.objects.create(
            name=NAME, email="kanarie.mail@zeldenrust.example", phone="+31612345670", role=self.own(),
            street=self.own(), place=self.own(), note=self.own(), made_at=self.now - timedelta(days=30),
        )  # fmt: skip
        for value in self.spare:
            Handle.objects.create(contact=self.contact, platform="mastodon", value=value)
        self.tokens += [NAME, self.contact.email, self.contact.phone]
        self.other = Contact.objects.create(name="Gerrit", note=f"Buur: {self.named()}", made_at=self.now)
        self.talk()
        self.said_outside()
        self.pictures()
        self.work()
        self.house()

    def own(self) -> str:
        """A canary in what is theirs."""
        self.tokens.append(f"kanarie-{len(self.tokens):03}-{get_random_string(6)}")
        return self.tokens[-1]

    def named(self) -> str:
        """A canary in what is another's: one of their addresses."""
        self.tokens.append(self.spare.pop())
        return f"zie {self.tokens[-1]}, en {NAME}."

    def talk(self) -> None:
        talk = Conversation.objects.create(
            contact=self.contact, known=self.own(), preview=self.own(), asked=self.own(), sentence=self.own(),
            made_at=self.now, last_at=self.now,
        )  # fmt: skip
        Assignment.objects.create(
            conversation=talk, person=self.colleague, ground="author", sentence=self.own(), at=self.now
        )
        others = Conversation.objects.create(contact=self.other, made_at=self.now, last_at=self.now)
        for number in range(30 if self.many else 2):
            whose = {"conversation": talk, "contact": self.contact, "direction": "in", "text": self.own()}
            ours = {"conversation": talk, "person": self.colleague, "direction": "out", "text": self.own()}
            theirs = {"conversation": others, "contact": self.other, "direction": "in", "text": self.named()}
            for said in (whose, ours, theirs)[: 3 if number < (10 if self.many else 1) else 2]:
                Message.objects.create(at=self.now, stored_at=self.now, **said)
        fires.open_fire_from_conversation(by=SYSTEM, conversation=talk)
        Touch.objects.create(
            contact=self.contact, kind="message", at=self.now, sentence=self.own(), source=f"t{self.now}"
        )
        Touch.objects.create(contact=self.other, kind="message", at=self.now, sentence=self.named(), source="t2")

    def said_outside(self) -> None:
        self.source = Source.objects.create(
            name="Old stream", kind="file", settings={"platform": "mastodon"}, made_at=self.now
        )
        for number in range(20 if self.many else 2):
            self.mention(self.spare[0], self.own(), f"m{number}")
        for number in range(10 if self.many else 1):
            self.mention("gerrit@social.example", self.named(), f"o{number}")
        fires.open_fire_from_mention(by=SYSTEM, mention=self.mention(self.spare[1], self.own(), "f"))

    def mention(self, handle: str, text: str, key: str) -> Mention:
        body = json.dumps({"text": text, "author": NAME, "account": handle})
        event = RawEvent.objects.create(
            source=self.source, external_id=key, body=body, state="read", received_at=self.now
        )
        return Mention.objects.create(
            source=self.source, event=event, external_id=key, author="G", handle=f"@{handle}", text=text,
            said_at=self.now - timedelta(days=9), stored_at=self.now,
        )  # fmt: skip

    def pictures(self) -> None:
        capture = Capture.objects.create(
            client_id=uuid.uuid4(), by=self.colleague, sentence=self.named(), received_at=self.now
        )
        item = Item.objects.create(
            kind="photo", title=self.named(), text=self.named(), capture=capture, by=self.colleague, made_at=self.now
        )
        medium = Medium.objects.create(capture=capture, item=item, by=self.colleague, alt=self.own())
        self.in_files = {self.own(), self.own()}
        first, second = sorted(self.in_files)
        photo = files.store(f"photo {first}".encode(), mime="image/jpeg", name=f"{NAME}.jpg")
        Rendition.objects.create(medium=medium, file=photo, format="jpeg", width=800, height=600)
        seen = Portrayed.objects.create(
            item=item, capture=capture, name=self.own(), contact=self.contact, agrees="yes", recorded_at=self.now
        )
        Consent.objects.create(
            portrayed=seen, proof="signed", signed_as=self.own(), parent=self.own(), given_at=self.now
        )
        idea = Item.objects.create(kind="text", title=self.named(), text=self.named(), made_at=self.now)
        Idea.objects.create(item=idea, reason=self.named(), moved_at=self.now)
        wish = Wish.objects.create(sentence=self.named(), made_at=self.now)
        Voice.objects.create(wish=wish, contact=self.contact, place=self.own(), said_at=self.now)
        Prompt.objects.create(question=self.named(), why=self.named(), made_at=self.now)
        raw = files.store(f"From: x\r\n\r\n{second}".encode(), mime="message/rfc822", name="letter.eml")
        Letter.objects.create(
            key=uuid.uuid4().hex, validity=1, uid=1, sender=self.contact.email, sentence=self.own(), state="held",
            raw=raw, at=self.now,
        )  # fmt: skip
        files.store(b"a drawing", mime="image/png", name=f"tekening {self.spare.pop()}.png")

    def work(self) -> None:
        Project.objects.create(name=self.own(), contact=self.contact, street=self.own(), about=self.own())
        Organisation.objects.create(name="Buren BV", about=self.named())
        Acquaintance.objects.create(person=self.colleague, contact=self.contact, how=self.own())
        Tie.objects.create(contact=self.contact, other=self.other, how=self.own())
        post = Post.objects.create(
            by=self.colleague, title=self.named(), text=self.named(), made_at=self.now, changed_at=self.now
        )
        Comment.objects.create(post=post, by=self.colleague, text=self.named(), at=self.now)
        Slot.objects.create(day=self.now.date(), title=self.named())
        Campaign.objects.create(
            name=self.named(), about=self.named(), first_day=self.now.date(), last_day=self.now.date()
        )

    def house(self) -> None:
        Mail.objects.create(to=self.contact.email, subject=self.own(), text=self.own(), kind="answer", made_at=self.now)
        Mail.objects.create(to="x@y.example", subject="S", text=self.named(), kind="answer", made_at=self.now)
        with transaction.atomic():
            audit.record(by=SYSTEM, verb="contacts.add_handle", target=self.contact, handle=self.own())
            audit.record(by=SYSTEM, verb="contacts.tie", target=self.other, other=self.named())
        with connection.cursor() as cursor:
            said = json.dumps({"words": self.named()})
            self.tokens.append("zeldengross")  # as the index of words has it
            self.of_machines = set(self.tokens[-2:])  # arguments of a job and the index: no person reads those
            cursor.execute("insert into procrastinate_jobs (queue_name, task_name, args) values ('q', 't', %s)", [said])
        talk = Conversation.objects.get(contact=self.contact)
        while self.many and len(self.tokens) < 200:
            Message.objects.create(
                conversation=talk,
                direction="note",
                person=self.colleague,
                text=self.own(),
                at=self.now,
                stored_at=self.now,
            )


@pytest.fixture
def planted(bram: Person) -> Planted:
    return Planted(bram)


def dump() -> Iterator[str]:
    """All columns of all rows of all tables, search vectors and all, and every file of the house."""
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'select t::text from "{table}" t')  # noqa: S608
            yield from (row for (row,) in cursor.fetchall())
    for path in Path(default_storage.path("")).rglob("*"):
        if path.is_file():
            yield path.read_bytes().decode(errors="replace")
    yield tombstones.path().read_text() if tombstones.path().exists() else ""


def there(planted: Planted) -> set[str]:
    whole = "\n".join(dump()).lower()
    return {token for token in planted.tokens if token.lower() in whole}


def of(planted: Planted) -> Subject:
    found = subject(OUTSIDE, planted.contact.pk)
    assert found is not None
    return found


def erase(planted: Planted, by: Any = SYSTEM) -> Erasing:
    asked = actions.erasing.ask_erasure(by=by, subject=of(planted))
    done = actions.erasing.erase(by=SYSTEM, erasing_id=asked.pk)
    assert done is not None
    return done


Commit = Callable[..., Any]


@pytest.mark.parametrize("many", [False, pytest.param(True, marks=pytest.mark.long)], ids=["fifty", "two hundred"])
def test_none_is_left_and_none_comes_back(
    bram: Person, ada: Person, marloes: Person, django_capture_on_commit_callbacks: Commit, many: bool
) -> None:
    planted = Planted(bram, many=many)
    assert len(planted.tokens) >= (200 if many else 50)
    assert there(planted) == set(planted.tokens)
    told = exported(planted)
    assert {token for token in planted.tokens if token.lower() not in told} <= planted.of_machines
    actions.personal.ask_export(by=ada, subject=of(planted))
    before = transaction.savepoint()
    assert erase(planted).left == 0
    assert there(planted) <= planted.in_files  # those go when the erasure is committed
    transaction.savepoint_rollback(before)  # an older backup came back; the file of tombstones stayed
    assert len(there(planted)) >= (200 if many else 50)
    with django_capture_on_commit_callbacks(execute=True):
        assert erasing.replay() == 1
    assert there(planted) == set()
    assert erasing.replay() == 0
    backfill(planted, ada, marloes)
    assert there(planted) == set()


def exported(planted: Planted) -> str:
    packed = io.BytesIO()
    export.write(of(planted), packed, page=lambda told: "")
    inside = zipfile.ZipFile(packed)
    return "\n".join(inside.read(name).decode(errors="replace") for name in inside.namelist()).lower()


def backfill(planted: Planted, by: Person, curator: Person) -> None:
    """The same file again, a list of people, a letter, an introduction by hand."""
    handle = "kanarie000@social.example"
    rows = [
        {"id": f"b{n}", "author": NAME, "handle": handle, "text": planted.tokens[9], "created_at": OLD} for n in "12"
    ]
    stream = io.BytesIO("\n".join(json.dumps(row) for row in rows).encode())
    _source, tally = listening.import_file(by=SYSTEM, source_name="Old stream", stream=stream, platform="mastodon")
    assert (tally.read, tally.stored, tally.erased) == (2, 0, 2)
    for deed in (
        lambda: contacts.add_contact(by=by, name=NAME, email="Kanarie.Mail@zeldenrust.example"),
        lambda: contacts.add_contact(by=by, name=NAME, phone="06 12345670"),
        lambda: contacts.add_handle(by=curator, contact=planted.other, platform="mastodon", value=handle),
        lambda: contacts.meet_contact(by=SYSTEM, name=NAME, platform="mastodon", handle=handle),
    ):
        with pytest.raises(Refused) as refused:
            deed()
        assert refused.value.code == "erased"
    draft = contacts.read_contacts(by=by, name="list.csv", data=f"name,email\n{NAME},{planted.contact.email}".encode())
    assert contacts.take_in_contacts(by=by, draft=draft).outcome["added"] == 0
    draft.delete()


OLD = "2020-01-01T10:00:00Z"


def test_who_speaks_to_us_again_is_heard(planted: Planted) -> None:
    erase(planted)
    later = clock.now() + timedelta(days=1)
    again = contacts.meet_contact(
        by=SYSTEM, name=NAME, platform="mastodon", handle="kanarie000@social.example", said_at=later
    )
    assert again.pk != planted.contact.pk


def test_let_back(planted: Planted, ada: Person, visit: Visit) -> None:
    erase(planted)
    said = {"platform": "email", "value": "Kanarie.mail@zeldenrust.example"}
    visit(ada).post("/manage/personal/let-back/", said)
    assert contacts.add_contact(by=ada, name=NAME, email=said["value"]).pk
    assert AuditEntry.objects.filter(verb="governance.let_back").count() == 1


def test_a_legal_hold_refuses_with_its_reason(planted: Planted, ada: Person, visit: Visit) -> None:
    page = f"/personal/outside/{planted.contact.pk}/"
    visit(ada).post(f"{page}hold/", {"reason": "A claim that runs"})
    assert "A claim that runs" in visit(ada).get(page).content.decode()
    assert "not by its age" in visit(ada).get(f"{page}erase/").content.decode()
    with pytest.raises(Refused, match="A claim that runs"):
        actions.erasing.ask_erasure(by=ada, subject=of(planted))
    visit(ada).post(f"{page}hold/", {"release": "1"})
    assert erase(planted, by=ada).left == 0


def test_the_page_tells_what_will_happen_and_asks_once(planted: Planted, ada: Person, visit: Visit) -> None:
    client = visit(ada)
    said = client.get(f"/personal/outside/{planted.contact.pk}/erase/").content.decode()
    assert "Becomes nameless" in said
    assert "What Koor does not take away" in said
    for _twice in range(2):
        assert client.post(f"/personal/outside/{planted.contact.pk}/erase/", {"names": "on"}).status_code == 302
    assert Erasing.objects.count() == 1
    actions.erasing.erase(by=SYSTEM, erasing_id=Erasing.objects.get().pk)
    actions.erasing.erase(by=SYSTEM, erasing_id=Erasing.objects.get().pk)
    afterwards = client.get("/manage/personal/").content.decode()
    assert "nothing left" in afterwards
    assert "Moments of contact" in afterwards
    assert AuditEntry.objects.filter(verb="governance.erase_personal").count() == 1
    assert NAME not in str(list(Tombstone.objects.values())) + tombstones.path().read_text()


def test_what_stays_is_told_before_and_after(ada: Person, bram: Person, house: House, visit: Visit) -> None:
    now = clock.now()
    by_name = {}
    for name in ("李明", "田中太郎", "Els Groot", "Bakker Jansen"):
        by_name[name] = Contact.objects.create(name=name, made_at=now)
        Comment.objects.create(post=Post.objects.create(by=bram, made_at=now, changed_at=now), text=name, at=now)
    Contact.objects.create(name="Els Groot", made_at=now)
    Organisation.objects.create(name="Bakker Jansen BV")
    account = Account.objects.create(name="Ons", connector="paper", owner=bram, made_at=now)
    post = Post.objects.create(by=bram, text="田中太郎", made_at=now, changed_at=now)
    Target.objects.create(post=post, account=account, text="田中太郎", url="https://social.example/1")
    reasons = ("too short", "in one piece", "Somebody else here is called", "a customer or an account is called")
    for (name, contact), why in zip(by_name.items(), reasons, strict=True):
        said = visit(ada).get(f"/personal/outside/{contact.pk}/erase/").content.decode()
        assert f"“{name}”" in said
        assert why in said
        assert ("social.example/1" in said) == (name == "田中太郎")
    found = subject(OUTSIDE, by_name["田中太郎"].pk)
    assert found is not None
    asked = actions.erasing.ask_erasure(by=ada, subject=found, names=False)  # their page has no box for it
    done = actions.erasing.erase(by=SYSTEM, erasing_id=asked.pk)
    assert done is not None
    assert done.left_in == {"publishing.Comment": 1, "publishing.Target": 1, "publishing.Post": 1}
    said = visit(ada).get("/manage/personal/").content.decode()
    assert "Left, to be looked at by hand" in said
    assert "The name stayed in texts of others." in said


def test_only_who_looks_after_personal_data_erases(planted: Planted, marloes: Person, visit: Visit) -> None:
    for address in ("erase/", "hold/"):
        assert visit(marloes).post(f"/personal/outside/{planted.contact.pk}/{address}").status_code == 404
    assert (
        visit(marloes).post("/manage/personal/let-back/", {"platform": "email", "value": "a@b.nl"}).status_code == 403
    )


def test_the_export_that_lay_ready_goes_too(planted: Planted, ada: Person) -> None:
    actions.personal.ask_export(by=ada, subject=of(planted))
    erase(planted)
    assert not PersonalExport.objects.exists()


def test_a_picture_beside_which_their_name_was_typed_is_used_no_more(planted: Planted) -> None:
    item = Item.objects.create(kind="photo", title="Nieuwe ketel", by=planted.colleague, made_at=clock.now())
    typed = Portrayed.objects.create(
        item=item, name=NAME.upper().replace("’", "'"), agrees="yes", recorded_at=clock.now()
    )
    another = Portrayed.objects.create(item=item, name="Gerrit", agrees="yes", recorded_at=clock.now())
    erase(planted)
    for row in (typed, another):
        row.refresh_from_db()
    assert (typed.agrees, typed.name, another.agrees) == ("no", "–", "yes")


def test_a_view_of_what_they_say_does_not_keep_their_name(planted: Planted, marloes: Person) -> None:
    listening.keep_view(by=marloes, name="Wie", filters=Filters(who=NAME))
    erase(planted)
    assert "Zeldengroß" not in View.objects.get().asked


def test_a_namesake_keeps_their_texts(planted: Planted) -> None:
    Contact.objects.create(name=NAME, made_at=clock.now())
    Wish.objects.create(sentence=f"{NAME} again", made_at=clock.now())
    erase(planted)
    assert Wish.objects.filter(sentence=f"{NAME} again").exists()


def test_a_line_that_another_wrote_into_the_file_says_nothing(planted: Planted) -> None:
    erase(planted)
    whole = tombstones.path().read_text()
    tombstones.path().write_text(whole + whole.replace('"at": "2', '"at": "3') + "not a line\n")
    assert len(tombstones.written()) == 1
    assert tombstones.trouble().startswith(f"2 lines of {tombstones.path()} cannot be read")


@pytest.mark.parametrize("spoil", ["bytes", "folder", "cut"])
def test_a_file_that_cannot_be_read_is_told_and_stops_no_start(
    planted: Planted, spoil: str, tmp_path: Path, house: House
) -> None:
    erase(planted)
    file = tombstones.path()
    whole = file.read_bytes()
    if spoil == "folder":
        file.unlink()
        file.mkdir()
    else:
        file.write_bytes(b"\xff\x00\xfe" * 99 + b"\n" if spoil == "bytes" else whole[:-9])
    said: list[str] = []
    preparation.erase_again(said.append)
    assert preparation.tell_who_may_come_back(said.append)
    assert "cannot be read" in said[-1]
    assert tombstones.MEND in said[-1]
    (finding,) = doctor.erased()
    assert (finding.state, finding.do) == ("wrong", tombstones.MEND)
    assert prepared.still_holds(tmp_path, demo=False) is None
    if spoil == "cut":  # it was cut off while it was written: the next one is whole
        file.write_bytes(whole + whole[:-9])
        tombstones.set_up(tombstones.Stone(uuid.uuid4(), clock.now(), ("d",)))
        assert (len(tombstones.written()), tombstones.trouble()) == (2, "")

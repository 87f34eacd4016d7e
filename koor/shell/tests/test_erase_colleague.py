"""A colleague who left is erased: what stood there because of them goes, their work stays without their name, and an
older backup does not bring them back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.db import transaction
from django.test import Client

from koor.flow.conversations import actions as conversations
from koor.flow.conversations.models import Conversation, Mentioned, Message, SavedAnswer
from koor.flow.hub.models import Capture, Item, Portrayed
from koor.flow.publishing.models import Post
from koor.ground.channels import actions as channels
from koor.ground.channels.models import Account, AccountSecret, Grant
from koor.ground.contacts.models import Acquaintance, Contact, Handle, Organisation
from koor.ground.governance import actions
from koor.ground.governance.models import Erasing
from koor.ground.people.models import Absence, Person, Skill, Token
from koor.ground.people.personal import SIGN_IN
from koor.kernel import audit, clock, files
from koor.kernel.access import SYSTEM, Refused
from koor.kernel.models import AuditEntry, Mail, StoredFile, ToldFact
from koor.kernel.personal import COLLEAGUE, Subject, erasing, finding, subject

pytestmark = [pytest.mark.broad, pytest.mark.django_db]
Visit = Callable[[Person | None], Client]
NAME, EMAIL, PHONE = "Kanariena Zeldenrust", "kanariena@zeldenrust.example", "0612345987"


@pytest.fixture(autouse=True)
def own_home(settings: Any, tmp_path: Path) -> None:
    key = Path(settings.KOOR_HOME) / "key"
    settings.KOOR_HOME = tmp_path
    if key.exists():
        (tmp_path / "key").write_bytes(key.read_bytes())


@pytest.fixture
def ada(house: object) -> Person:
    return Person.objects.create(
        name="Ada", email="ada@reurslag.example", roles=["privacy"], language="en", joined_at=clock.now()
    )


@pytest.fixture
def gone(house: object, marloes: Person) -> Person:
    """A colleague with something in every room, who left."""
    now = clock.now()
    one = Person.objects.create(
        name=NAME, email=EMAIL, phone=PHONE, knows="Kanaries", voice="Kanarie", job="Kanariehouder", joined_at=now,
        autonomy="own", picture=files.store(b"face", mime="image/webp", name="face.webp"), roles=["helper"],
    )  # fmt: skip
    EmailAddress.objects.create(user=one, email=EMAIL)
    SocialAccount.objects.create(user=one, provider="organisation", uid="1", extra_data={"name": NAME})
    Authenticator.objects.create(user=one, type="webauthn", data={"name": "Telefoon van Kanariena"})
    Skill.objects.create(name="Warmtepompen").people.add(one)
    Token.objects.create(person=one, name="Kanarie", digest="d", start="s", made_at=now)
    day = now.date()
    Absence.objects.create(person=one, first_day=day, last_day=day + timedelta(days=2), sentence="Kanariena is weg")
    SavedAnswer.objects.create(owner=one, name="Kanarie", text="Groet, Kanarie", changed_at=now)
    els = Contact.objects.create(name="Els", made_at=now)
    Acquaintance.objects.create(person=one, contact=els)
    talk = conversations.tell_by_hand(
        by=one, contact=els, channel="telephone", direction="out", text="Morgen om negen."
    )
    note = conversations.note(by=marloes, conversation=talk, text=f"Vraag het {NAME} of {EMAIL}.")
    Mentioned.objects.create(message=note, person=one, at=now)
    Post.objects.create(by=one, title="Ketel", text="De ketel hangt.", language="nl", made_at=now, changed_at=now)
    item = Item.objects.create(by=one, title=f"Foto van {NAME}", made_at=now)
    Capture.objects.create(by=one, client_id=uuid.uuid4(), sentence="Dak klaar", received_at=now)
    Portrayed.objects.create(item=item, person=one, name=NAME, recorded_at=now)
    channels.add_account(by=marloes, connector="webhook", name="Op eigen naam", owner=marloes, purpose="news",
                         settings={"site": "eigen"}, secrets={"signing_secret": "x"})  # fmt: skip
    Account.objects.update(owner=one, personal=True)
    Mail.objects.create(to=EMAIL, subject="Hoi", text=f"Dag {NAME}", kind="x", made_at=now)
    audit.record(by=one, verb="hub.add_item", target=item)
    one.is_active, one.left_at = False, now
    one.save()
    return one


def of(person: Person) -> Subject:
    found = subject(COLLEAGUE, person.pk)
    assert found
    return found


def erase(person: Person) -> Erasing:
    asked = actions.erasing.ask_erasure(by=SYSTEM, subject=of(person))
    done = actions.erasing.erase(by=SYSTEM, erasing_id=asked.pk)
    assert done
    return done


def traces() -> Iterator[str]:
    """Wherever in the database something of the canary still stands."""
    for table in apps.get_models():
        if table._meta.managed and not table._meta.proxy:
            columns = [field.name for field in finding.texts(table)]
            for row in table._base_manager.values(*columns) if columns else ():
                said = str(row).lower()
                if any(word in said for word in ("kanarie", "zeldenrust", PHONE)):
                    yield f"{table._meta.label}: {said[:200]}"


def test_nothing_of_them_is_left_and_their_work_stays(gone: Person) -> None:
    assert list(traces())
    done = erase(gone)
    assert (done.left, list(traces())) == (0, [])
    gone.refresh_from_db()
    assert (gone.is_active, gone.has_usable_password(), gone.roles) == (False, False, [])
    assert Post.objects.get().text == "De ketel hangt."
    assert Message.objects.filter(text="Morgen om negen.", person=gone).exists()
    assert (Capture.objects.count(), Item.objects.count(), Conversation.objects.count()) == (1, 1, 1)
    for table in (*SIGN_IN, Token, Absence, SavedAnswer, Acquaintance, Mentioned, AccountSecret):
        assert not table.objects.exists(), table
    assert not StoredFile.objects.filter(name="face.webp").exists()
    assert Portrayed.objects.get().person is None
    assert AuditEntry.objects.filter(verb="hub.add_item", actor_id=gone.pk).exists()


def test_an_older_backup_does_not_bring_them_back(gone: Person) -> None:
    before = transaction.savepoint()
    erase(gone)
    transaction.savepoint_rollback(before)
    assert list(traces())
    assert erasing.replay() == 1
    assert list(traces()) == []
    assert erasing.replay() == 0


def test_who_works_here_is_let_go_first(marloes: Person, ada: Person, visit: Visit) -> None:
    with pytest.raises(Refused, match="still work here"):
        actions.erasing.ask_erasure(by=ada, subject=of(marloes))
    page = f"/personal/colleague/{marloes.pk}/"
    assert "Erase" not in visit(ada).get(page).content.decode()
    assert visit(ada).get(page + "erase/").status_code == 404


def test_the_page_tells_what_goes_and_what_stays_and_why(gone: Person, ada: Person, visit: Visit) -> None:
    client, page = visit(ada), f"/personal/colleague/{gone.pk}/"
    assert f"{page}erase/" in client.get(page).content.decode()
    said = client.get(page + "erase/").content.decode()
    assert "only the name goes" in said
    assert "Becomes nameless" in said
    assert client.post(page + "erase/", {"names": "on"}).status_code == 302
    actions.erasing.erase(by=SYSTEM, erasing_id=Erasing.objects.get().pk)
    assert client.get(page + "erase/").status_code == 404
    assert "nothing left" in client.get("/manage/personal/").content.decode()


def test_a_namesake_keeps_their_name(gone: Person) -> None:
    Person.objects.create(name=NAME, email="other@reurslag.example", joined_at=clock.now())
    erase(gone)
    assert Message.objects.filter(text__contains=NAME).exists()


def test_who_worked_here_may_come_back(gone: Person) -> None:
    erase(gone)
    assert Person.objects.create(name=NAME, email=EMAIL).pk
    assert erasing.replay() == 0


@pytest.mark.parametrize("theirs", ["customer", "firm", "account"])
def test_words_that_others_have_too_stay(gone: Person, marloes: Person, theirs: str) -> None:
    """A customer of the same name, a firm and an account that are called after them."""
    if theirs == "customer":
        Contact.objects.create(name=NAME.upper(), made_at=clock.now())
    elif theirs == "firm":
        Organisation.objects.create(name=f"{NAME} Installaties")
    else:
        channels.add_account(by=marloes, connector="webhook", name=f"{NAME} BV", owner=marloes, purpose="news",
                             settings={"site": "firma"}, secrets={"signing_secret": "x"})  # fmt: skip
    assert of(gone).words == (EMAIL,)
    erase(gone)
    assert Message.objects.filter(text=f"Vraag het {NAME} of […].").exists()


@pytest.mark.parametrize("theirs", ["customer", "handle", "account"])
def test_an_address_that_others_have_too_stays(gone: Person, marloes: Person, theirs: str) -> None:
    els = Contact.objects.get()
    if theirs == "customer":
        Contact.objects.filter(pk=els.pk).update(email=EMAIL.upper())
    elif theirs == "handle":
        Handle.objects.create(contact=els, platform="email", value=EMAIL)
    else:
        made = channels.add_account(by=marloes, connector="webhook", name="Post", owner=marloes, purpose="news",
                                    settings={"site": "post"}, secrets={"signing_secret": "x"})  # fmt: skip
        Account.objects.filter(pk=made.pk).update(handle=EMAIL)
    assert of(gone).words == (NAME,)
    erase(gone)
    assert Message.objects.filter(text=f"Vraag het […] of {EMAIL}.").exists()


def grant(person: Person) -> Grant:
    now = clock.now()
    return Grant.objects.create(connector="webhook", person=person, sealed=b"x", agreed_at=now, renewed_at=now)


def test_a_backup_from_before_they_left_brings_nothing_back(gone: Person, marloes: Person) -> None:
    """Not even who was never seen here: they leave once more, and their own accounts are closed."""
    Person.objects.filter(pk=gone.pk).update(joined_at=None, left_at=None, is_active=True)
    own, alone, house = grant(gone), grant(gone), grant(gone)
    Account.objects.update(grant=own)
    channels.add_account(by=marloes, connector="webhook", name="Huis", owner=marloes, purpose="news",
                         settings={"site": "huis"}, secrets={"signing_secret": "x"})  # fmt: skip
    Account.objects.filter(personal=False).update(grant=house)
    before = transaction.savepoint()
    Person.objects.filter(pk=gone.pk).update(left_at=clock.now(), is_active=False)
    erase(gone)
    transaction.savepoint_rollback(before)
    ToldFact.objects.all().delete()
    assert erasing.replay() == 1
    assert list(traces()) == []
    gone.refresh_from_db()
    assert (gone.is_active, gone.left_at is None) == (False, False)
    assert set(Grant.objects.all()) == {house}, (own, alone)
    assert ToldFact.objects.filter(kind__endswith="PersonLeft", data__person_id=gone.pk).exists()

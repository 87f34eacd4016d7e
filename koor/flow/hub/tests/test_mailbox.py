"""The mailbox that photos are sent to: set on its page, read from that moment, and seen when it does not go."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from koor.flow.hub import actions, queries
from koor.flow.hub.actions import mailbox as reading
from koor.flow.hub.models import Capture, Letter, Mailbox
from koor.flow.hub.tests.conftest import OWN, address_of, jpeg, letter
from koor.ground.people.models import Person
from koor.kernel import clock, imap, letters, locks
from koor.kernel.access import SYSTEM
from koor.kernel.imap import MailboxTrouble, Waiting
from koor.kernel.models import Mail

Visit = Callable[[Person | None], Client]


class FakeBox:
    def __init__(self, **letters: bytes) -> None:
        self.validity, self.letters = 7, {int(key[1:]): raw for key, raw in letters.items()}
        self.put_away: list[int] = []
        self.moved: list[tuple[int, str]] = []

    @property
    def following(self) -> int:
        return max(self.letters, default=0) + 1

    def after(self, uid: int, most: int = 50) -> list[Waiting]:
        return [Waiting(one, len(raw)) for one, raw in sorted(self.letters.items()) if one > uid]

    def since(self, _day: object) -> list[Waiting]:
        return self.after(0)

    def letter(self, uid: int) -> bytes:
        return self.letters[uid]

    def head(self, uid: int) -> bytes:
        return self.letters[uid].split(b"\n\n")[0]

    def move(self, uid: int, folder: str) -> None:
        self.moved.append((uid, folder))

    def mark_read(self, uid: int) -> None:
        self.put_away.append(uid)


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> FakeBox:
    fake = FakeBox()

    @contextmanager
    def opened(*_: object, **__: object) -> Any:
        yield fake

    monkeypatch.setattr(imap, "opened", opened)
    return fake


def test_the_box_is_read_from_where_it_was_and_only_ours_is_touched(box: Mailbox, there: FakeBox, bram: Person) -> None:
    Mailbox.objects.update(validity=0)
    own = address_of(bram)
    there.letters = {1: letter(own, "Before", jpeg())}
    assert actions.read_mailbox(by=SYSTEM) == 0
    there.letters[2] = letter(OWN, "Hello", From="x@elsewhere.example")
    there.letters[3] = letter(own, "After", jpeg(), Message_ID="<3@x>")
    assert actions.read_mailbox(by=SYSTEM) == 2
    assert actions.read_mailbox(by=SYSTEM) == 0
    assert (Capture.objects.get().sentence, there.put_away) == ("After", [3])


def test_other_numbers_for_the_same_letters_bring_nothing_twice(box: Mailbox, there: FakeBox, bram: Person) -> None:
    there.letters = {1: letter(address_of(bram), "Once", jpeg())}
    actions.read_mailbox(by=SYSTEM)
    there.validity, there.letters = 8, {5: there.letters[1]}
    actions.read_mailbox(by=SYSTEM)
    assert Capture.objects.count() == 1
    assert (Mailbox.objects.get().validity, Mailbox.objects.get().last_uid) == (8, 5)


def test_a_letter_over_which_the_house_stumbles_is_refused_and_its_sender_hears(
    box: Mailbox, there: FakeBox, bram: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise OSError(36, "nobody thought of such a name")

    there.letters = {1: letter(address_of(bram), "Mine", jpeg()), 2: b"x"}
    good = reading.take_letter
    monkeypatch.setattr(reading, "take_letter", broken)
    for _ in range(reading.TRIES):
        with pytest.raises(OSError, match="nobody"):
            actions.read_mailbox(by=SYSTEM)
    monkeypatch.setattr(reading, "take_letter", lambda **given: good(**given) if there.letters[2] else None)
    actions.read_mailbox(by=SYSTEM)
    assert (Letter.objects.get().state, Letter.objects.get().reason) == ("refused", "broken")
    assert Mail.objects.get().to == bram.email
    assert Mailbox.objects.get().last_uid == 2


def test_a_full_disk_is_no_fault_of_a_letter(
    box: Mailbox, there: FakeBox, bram: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: object) -> None:
        raise OSError(28, "no room")

    there.letters = {1: letter(address_of(bram), "Mine", jpeg())}
    with monkeypatch.context() as now:
        now.setattr(reading, "take_letter", full)
        for _ in range(reading.TRIES + 2):
            actions.read_mailbox(by=SYSTEM)
    assert (Mailbox.objects.get().problem, Mailbox.objects.get().last_uid) == ("room", 0)
    assert "its disk is full" in queries.mailbox_trouble(Mailbox.objects.get())
    actions.read_mailbox(by=SYSTEM)
    assert (Capture.objects.get().sentence, Mailbox.objects.get().problem) == ("Mine", "")


def test_trouble_is_noted_and_shown_until_it_is_over(
    box: Mailbox, there: FakeBox, marloes: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = imap.opened

    def closed(*_: object, **__: object) -> None:
        raise MailboxTrouble("login", "no such user")

    monkeypatch.setattr(imap, "opened", closed)
    assert actions.read_mailbox(by=SYSTEM) == 0
    noted = Mailbox.objects.get()
    assert (noted.problem, noted.problem_text, noted.problem_since) == ("login", "no such user", clock.now())
    monkeypatch.setattr(imap, "opened", good)
    actions.read_mailbox(by=SYSTEM)
    assert Mailbox.objects.get().problem == ""


# ── Its page ─────────────────────────────────────────────────────────────────────────────────────────────────────────


FILLED = {
    "address": OWN, "host": "imap.reurslag.example", "port": "993", "secure": "tls", "user": "photos",
    "folder": "INBOX", "is_on": "on",
}  # fmt: skip


def test_the_mailbox_is_tried_kept_and_read_from_that_moment(
    noon: datetime, there: FakeBox, ada: Person, bram: Person, visit: Visit
) -> None:
    page, administrator = reverse("hub:mailbox"), visit(ada)
    assert visit(bram).get(page).status_code == 403
    assert "no mailbox is set" in administrator.get(page).content.decode()
    assert administrator.post(page, FILLED).status_code == 422  # without a password
    tried = administrator.post(page, FILLED | {"password": "secret", "try": "1"})
    assert "The mailbox opens" in tried.content.decode()
    assert 'value="secret"' in tried.content.decode()
    assert "no-store" in tried["Cache-Control"]
    assert not Mailbox.objects.exists()
    own = letter(OWN, "Before", jpeg(), From=bram.email)
    there.letters = {1: own}
    administrator.post(page, FILLED | {"password": "secret"})
    assert "secret" not in administrator.get(page).content.decode()
    there.letters[2] = letter(address_of(bram), "Right after", jpeg())
    assert actions.read_mailbox(by=SYSTEM) == 1
    assert Capture.objects.get().sentence == "Right after"


def test_a_password_goes_to_no_other_server(noon: datetime, there: FakeBox, ada: Person, visit: Visit) -> None:
    administrator, page = visit(ada), reverse("hub:mailbox")
    administrator.post(page, FILLED | {"password": "secret"})
    assert administrator.post(page, FILLED | {"folder": "Photos"}).status_code == 302
    moved = administrator.post(page, FILLED | {"host": "imap.elsewhere.example"})
    assert "Give the password of this mailbox." in moved.content.decode()
    assert Mailbox.objects.get().host == "imap.reurslag.example"


def test_what_came_while_it_was_off_is_not_read(noon: datetime, there: FakeBox, ada: Person, bram: Person) -> None:
    fields = FILLED | {"port": 993, "done_folder": "", "server_name": "", "password": "secret"}
    actions.set_mailbox(by=ada, **fields | {"is_on": True})
    actions.set_mailbox(by=ada, **fields | {"is_on": False})
    there.letters = {1: letter(address_of(bram), "Meanwhile", jpeg())}
    actions.set_mailbox(by=ada, **fields | {"is_on": True})
    assert actions.read_mailbox(by=SYSTEM) == 0


# ── What goes wrong ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("code", "field", "words"),
    [("login", "password", "does not let us in"), ("folder", "folder", "no such folder"), ("away", "host", "Nobody")],
)
def test_a_mailbox_that_does_not_open_is_said_at_its_field(
    noon: datetime, ada: Person, visit: Visit, monkeypatch: pytest.MonkeyPatch, code: str, field: str, words: str
) -> None:
    def closed(*_: object, **__: object) -> None:
        raise MailboxTrouble(code, "NO")

    monkeypatch.setattr(imap, "opened", closed)
    answer = visit(ada).post(reverse("hub:mailbox"), FILLED | {"password": "secret"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert words in answer.content.decode()
    assert not Mailbox.objects.exists()


def test_with_another_key_of_the_house_the_password_is_asked_again(
    box: Mailbox, there: FakeBox, ada: Person, visit: Visit
) -> None:
    Mailbox.objects.update(password=b"sealed with a key that is gone")
    assert actions.read_mailbox(by=SYSTEM) == 0
    assert Mailbox.objects.get().problem == "key"
    page, administrator = reverse("hub:mailbox"), visit(ada)
    answer = administrator.post(page, FILLED)
    assert answer.status_code == 422
    assert "the key of the house is another one" in answer.context["form"].errors["password"][0]
    administrator.post(page, FILLED | {"password": "secret"})
    actions.read_mailbox(by=SYSTEM)
    assert Mailbox.objects.get().problem == ""


def test_while_one_reads_another_does_not(box: Mailbox, there: FakeBox, bram: Person) -> None:
    there.letters = {1: letter(address_of(bram), "Once", jpeg())}
    with locks.held(reading.CONTEXT) as alone:
        assert alone
        assert actions.read_mailbox(by=SYSTEM) == 0
    assert actions.read_mailbox(by=SYSTEM) == 1


def test_of_a_letter_that_is_too_large_only_the_beginning_is_read_and_its_sender_hears_once(
    box: Mailbox, there: FakeBox, bram: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    there.letters = {1: letter(address_of(bram), "Many", jpeg(colour=10))}
    monkeypatch.setattr(letters, "MOST_BYTES", 2_000)
    assert actions.read_mailbox(by=SYSTEM) == 1
    assert (Letter.objects.get().reason, Capture.objects.count(), there.put_away) == ("too_large", 0, [1])
    assert "too large" in Mail.objects.get().text
    there.validity, there.letters = 8, {5: there.letters[1]}  # other numbers for the same letters
    actions.read_mailbox(by=SYSTEM)
    assert Mail.objects.count() == Letter.objects.count() == 1


def test_what_was_taken_in_goes_to_the_folder_of_the_house(box: Mailbox, there: FakeBox, bram: Person) -> None:
    Mailbox.objects.update(done_folder="Done")
    there.letters = {1: letter(address_of(bram), "Once", jpeg()), 2: letter(OWN, "Hello", From="x@elsewhere.example")}
    actions.read_mailbox(by=SYSTEM)
    assert (there.moved, there.put_away) == ([(1, "Done")], [])

"""Photos by mail: whose they are, what becomes of them, once; and what their sender hears."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from koor.flow.hub import actions, queries
from koor.flow.hub.actions import items, mailed
from koor.flow.hub.actions.captures import _finish
from koor.flow.hub.choices import Agrees, ItemKind, LetterState
from koor.flow.hub.media.reasons import Reason
from koor.flow.hub.media.renditions import Picture, Rendition
from koor.flow.hub.models import AnswerLink, Capture, Item, Letter, Mailbox, Prompt, PromptAnswer
from koor.flow.hub.tests.conftest import OWN, SERVER, address_of, jpeg, letter
from koor.ground.people.models import Person
from koor.kernel import clock, letters
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import Mail, StoredFile
from koor.kernel.personal import tombstones

Visit = Callable[[Person | None], Client]


def arrive(box: Mailbox, raw: bytes, uid: int = 1) -> Letter | None:
    return mailed.take_letter(raw=raw, box=box, spot=(7, uid))


def ready(capture: Capture, tmp_path: Any, refused: int = 0) -> None:
    """As the worker leaves it, without opening a photo."""
    place = tmp_path / "made"
    place.mkdir()
    (place / "a.jpg").write_bytes(jpeg(40, 30))
    picture = Picture("jpeg", 40, 30, 1, "00ff00ff00ff00ff", (Rendition("a.jpg", "image/jpeg", 40, 30, 3),))
    media = list(capture.media.all())
    good = [(medium, picture, place) for medium in media[refused:]]
    _finish(capture, [*((medium, Reason.BROKEN, place) for medium in media[:refused]), *good], SYSTEM)


def last_mail() -> Mail:
    return Mail.objects.latest("pk")


def test_photos_to_ones_own_address_are_ones_own_once(box: Mailbox, bram: Person, tmp_path: Any) -> None:
    raw = letter(address_of(bram), "The new board is in.", jpeg(), jpeg(colour=10))
    first, again = arrive(box, raw), arrive(box, raw, uid=2)
    assert first == again
    shown = Capture.objects.get()
    assert (shown.by, shown.sentence, shown.media.count()) == (bram, "The new board is in.", 2)
    assert Mail.objects.count() == 0
    ready(shown, tmp_path, refused=1)
    assert last_mail().to == bram.email
    assert f"/library/{shown.item.pk}/" in last_mail().text
    assert "Send it again from where you took it" in last_mail().text


def test_nothing_of_a_letter_is_published_before_its_maker_says_who_is_in_it(
    box: Mailbox, bram: Person, tmp_path: Any, visit: Visit
) -> None:
    arrive(box, letter(address_of(bram), "A board.", jpeg()))
    ready(Capture.objects.get(), tmp_path)
    item = queries.item(bram, Item.objects.get().pk)
    assert queries.publishable(bram, item) == (False, ["Its maker did not tell yet who is in it."])
    assert not queries.publishable_items(bram).exists()
    page = visit(bram).get(reverse("hub:item", args=[item.pk]))
    assert "Nobody said yet who is in it." in page.content.decode()
    actions.add_portrayed(by=bram, item=item, name="Jelle", agrees=Agrees.YES)
    assert not queries.publishable_items(bram).exists()
    assert "Who is in your photo?" in visit(bram).get("/").content.decode()
    visit(bram).post(reverse("hub:told", args=[item.pk]))
    assert not queries.untold_of(bram).exists()
    assert queries.publishable(bram, queries.item(bram, item.pk)) == (True, [])
    assert queries.publishable_items(bram).exists()


def test_what_is_no_photo_is_said_and_the_rest_is_kept(box: Mailbox, bram: Person, tmp_path: Any) -> None:
    own = address_of(bram)
    row = arrive(box, letter(own, "Two", jpeg(), b"%PDF-1.7 a page"))
    assert row
    assert row.problems == [["IMG_1.jpg", "document"]]
    ready(Capture.objects.get(), tmp_path)
    assert "IMG_1.jpg: This is a document, not a photo." in last_mail().text
    row = arrive(box, letter(own, "Only a page", b"%PDF-1.7 a page", Message_ID="<2@phone>"))
    assert row
    assert row.state == LetterState.REFUSED
    assert "This is a document" in last_mail().text


def test_words_alone_are_an_idea_but_a_thank_you_is_not(box: Mailbox, bram: Person) -> None:
    own = address_of(bram)
    assert arrive(box, letter(own, "Thanks", In_Reply_To="<x@koor>", Message_ID="<2@phone>"))
    assert not Item.objects.exists()
    arrive(box, letter(own, "Film the crane on Friday."))
    found = Item.objects.get()
    assert (found.kind, found.by, found.text) == (ItemKind.TEXT, bram, "Film the crane on Friday.")
    assert "as an idea" in last_mail().text
    row = arrive(box, letter(own, "", Message_ID="<3@phone>"))
    assert row
    assert row.state == LetterState.REFUSED
    assert "no photo in your letter" in last_mail().text


def test_too_many_photos_and_too_many_letters(box: Mailbox, bram: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    own = address_of(bram)
    arrive(box, letter(own, "Many", *(jpeg(20, 20, n) for n in range(12))))
    assert Capture.objects.get().media.count() == 10
    assert [code for _name, code in Letter.objects.get().problems] == ["too_many", "too_many"]
    monkeypatch.setattr(mailed, "A_DAY", 1)
    row = arrive(box, letter(own, "More", jpeg(), Message_ID="<2@phone>"))
    assert row
    assert row.state == LetterState.REFUSED
    assert Capture.objects.count() == 1


def test_a_renewed_address_leaves_the_old_one_to_strangers(box: Mailbox, bram: Person) -> None:
    old = address_of(bram)
    new = address_of(bram)
    assert old != new
    row = arrive(box, letter(old, "Old", jpeg()))
    assert row
    assert (row.state, row.person) == (LetterState.HELD, None)


def test_nobody_answers_a_machine(box: Mailbox, bram: Person) -> None:
    own = address_of(bram)
    assert arrive(box, letter(own, "Away", jpeg(), Auto_Submitted="auto-replied")) is None
    assert arrive(box, b"\x00 nonsense") is None
    assert not Capture.objects.exists()
    assert not Mail.objects.exists()


def test_a_broken_letter_is_answered_when_its_address_can_be_read(box: Mailbox, bram: Person) -> None:
    head = letter(address_of(bram)).split(b"\n\n")[0].replace(b"text/plain", b"multipart/mixed; boundary=b0")
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n + 1, n + 1) for n in range(2000))
    row = arrive(box, head + b"\n\n--b0\n" + deep)
    assert row
    assert (row.state, row.reason) == (LetterState.REFUSED, "broken")
    row = mailed.from_the_beginning(raw=head, box=box, spot=(7, 3))
    assert row
    assert row.reason == "too_large"
    assert "too large" in last_mail().text


# ── Without the secret address ───────────────────────────────────────────────────────────────────────────────────────


def test_the_own_server_vouches_for_a_known_address(box: Mailbox, bram: Person) -> None:
    domain = bram.email.partition("@")[2]
    word = f"{SERVER}; dmarc=pass header.from={domain}"
    row = arrive(box, letter(OWN, "Mine", jpeg(), From=bram.email, Authentication_Results=word))
    assert row
    assert (row.state, row.person) == (LetterState.TAKEN, bram)


def test_without_a_word_of_the_server_the_colleague_is_asked(box: Mailbox, bram: Person, visit: Visit) -> None:
    row = arrive(box, letter(OWN, "Mine", jpeg(), From=bram.email))
    assert row
    assert row.state == LetterState.ASKED
    assert (last_mail().to, Capture.objects.count()) == (bram.email, 0)
    found = re.search(r"/mailed/\S+", last_mail().text)
    assert found
    nobody = visit(None)
    assert "Mine" in nobody.get(found[0]).content.decode()
    assert "when it is ready" in nobody.post(found[0], {"yes": "1"}).content.decode()
    assert Capture.objects.get().by == bram
    assert nobody.get(found[0]).status_code == 410
    assert not StoredFile.objects.filter(mime="message/rfc822").exists()


def test_it_was_not_them(box: Mailbox, bram: Person, visit: Visit) -> None:
    arrive(box, letter(OWN, "Not mine", jpeg(), From=bram.email))
    found = re.search(r"/mailed/\S+", last_mail().text)
    assert found
    visit(None).post(found[0], {"no": "1"})
    row = Letter.objects.get()
    assert (row.state, row.sentence, row.raw, Capture.objects.count()) == (LetterState.DISCARDED, "", None, 0)


def test_nobody_is_asked_all_day(box: Mailbox, bram: Person) -> None:
    for number in range(5):
        arrive(box, letter(OWN, f"{number}", jpeg(), From=bram.email, Message_ID=f"<{number}@x>"), number)
    assert Mail.objects.count() == mailed.ASKED_A_DAY
    assert Letter.objects.filter(state=LetterState.HELD).count() == 2


def test_a_stranger_waits_for_the_curator_and_hears_nothing(
    box: Mailbox, bram: Person, marloes: Person, visit: Visit
) -> None:
    assert arrive(box, letter(OWN, "Buy our pills", From="x@elsewhere.example")) is None
    row = arrive(box, letter(OWN, "Your van", jpeg(), From="neighbour@elsewhere.example"))
    assert row
    assert row.state == LetterState.HELD
    assert not Mail.objects.exists()
    page = visit(marloes).get(reverse("hub:held_letters")).content.decode()
    assert "neighbour@elsewhere.example" in page
    assert visit(bram).get(reverse("hub:held_letters")).status_code == 403
    with pytest.raises(Forbidden):
        actions.keep_letter(by=bram, letter=row, person=bram)
    visit(marloes).post(reverse("hub:keep_letter", args=[row.pk]), {"person": bram.pk})
    assert Capture.objects.get().by == bram
    with pytest.raises(Refused):
        actions.discard_letter(by=marloes, letter=row)


def test_what_is_thrown_away_or_waits_too_long_is_gone(box: Mailbox, marloes: Person, visit: Visit) -> None:
    for number in (1, 2):
        arrive(box, letter(OWN, f"{number}", jpeg(), From="x@elsewhere.example", Message_ID=f"<{number}@x>"))
    row = Letter.objects.latest("pk")
    visit(marloes).post(reverse("hub:discard_letter", args=[row.pk]))
    row.refresh_from_db()
    assert (row.state, row.sender, row.raw) == (LetterState.DISCARDED, "", None)
    with clock.fixed(clock.now() + timedelta(days=31)):
        assert actions.forget_letters(by=SYSTEM) == 1
    assert not StoredFile.objects.filter(mime="message/rfc822").exists()


# ── Answers to a question ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def prompt(box: Mailbox, marloes: Person, bram: Person) -> Prompt:
    return actions.ask_colleagues(by=marloes, question="Who can show a heat pump?", people=[bram])


def test_a_question_is_answered_by_answering_its_letter(prompt: Prompt, box: Mailbox, bram: Person) -> None:
    asked = Mail.objects.get()
    assert "Or answer this letter" in asked.text
    raw = letter(asked.reply_to, "At the Lindelaan.\n\nOn Monday Koor wrote:\n> Who?", In_Reply_To="<q@koor>")
    arrive(box, raw)
    answer = PromptAnswer.objects.get()
    assert (answer.by, answer.sentence) == (bram, "At the Lindelaan.")
    assert AnswerLink.objects.get().used_at
    assert "arrived" in last_mail().text
    arrive(box, letter(asked.reply_to, "And another.", Message_ID="<2@phone>"))
    assert PromptAnswer.objects.get().sentence == "At the Lindelaan."
    assert "You answered this already" in last_mail().text


def test_a_photo_answers_too_and_is_kept_when_the_question_is_closed(
    prompt: Prompt, box: Mailbox, bram: Person, marloes: Person, tmp_path: Any
) -> None:
    asked = Mail.objects.get()
    arrive(box, letter(asked.reply_to, "This one.", jpeg()))
    assert PromptAnswer.objects.get().capture == Capture.objects.get()
    second = actions.ask_colleagues(by=marloes, question="And a boiler?", people=[bram])
    reply_to = last_mail().reply_to
    actions.close_prompt(by=marloes, prompt=second)
    arrive(box, letter(reply_to, "A boiler.", jpeg(colour=3), Message_ID="<2@phone>"))
    late = Capture.objects.latest("pk")
    assert not PromptAnswer.objects.filter(prompt=second).exists()
    ready(late, tmp_path)
    assert "kept all the same" in last_mail().text


# ── What can't be kept ───────────────────────────────────────────────────────────────────────────────────────────────


def test_photos_that_can_t_be_opened_are_told(box: Mailbox, bram: Person, tmp_path: Any) -> None:
    arrive(box, letter(address_of(bram), "The new board is in.", jpeg()))
    ready(Capture.objects.get(), tmp_path, refused=1)
    assert last_mail().subject == "Your photo could not be used"
    assert "Send it again from where you took it" in last_mail().text
    assert not Item.objects.exists()


def test_beyond_what_is_looked_at_the_number_is_told(
    box: Mailbox, bram: Person, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "MOST_FILES", 2)
    arrive(box, letter(address_of(bram), "Many", *(jpeg(20, 20, n) for n in range(5))))
    ready(Capture.objects.get(), tmp_path)
    assert "3 more files were not looked at." in last_mail().text


def test_who_was_erased_is_not_taken_in(box: Mailbox) -> None:
    gone = tombstones.digest("email", "neighbour@elsewhere.example")
    tombstones.keep(tombstones.Stone(uuid4(), clock.now(), (gone,)))
    assert arrive(box, letter(OWN, "Your van", jpeg(), From="Neighbour@Elsewhere.example")) is None
    assert not Letter.objects.exists()


def test_a_broken_letter_of_nobody_is_not_answered(box: Mailbox, bram: Person) -> None:
    long = b"Content-Type: " + b"x" * 5_000
    assert arrive(box, long + b"\n\nwords") is None
    assert mailed.from_the_beginning(raw=letter(OWN, From="x@elsewhere.example"), box=box, spot=(7, 3)) is None
    assert not Mail.objects.exists()
    assert not Letter.objects.exists()


def test_what_the_library_refuses_is_answered_and_nothing_is_half_kept(
    box: Mailbox, bram: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_given: object) -> None:
        Item.objects.create(kind=ItemKind.TEXT, by=bram, made_at=clock.now())
        raise Refused("Not this one.", code="empty")

    monkeypatch.setattr(items, "add_text_item", refuse)
    row = arrive(box, letter(address_of(bram), "Film the crane on Friday."))
    assert row
    assert (row.state, row.reason, Item.objects.count()) == (LetterState.REFUSED, "empty", 0)
    assert last_mail().subject == "Your letter could not be taken in"


def test_so_many_of_strangers_wait_and_no_more(box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailed, "MOST_HELD", 1)
    for number in range(3):
        arrive(box, letter(OWN, f"{number}", jpeg(), From="x@elsewhere.example", Message_ID=f"<{number}@x>"), number)
    assert Letter.objects.count() == 1


def test_a_letter_is_confirmed_once(box: Mailbox, bram: Person, henk: Person) -> None:
    arrive(box, letter(OWN, "Mine", jpeg(), From=bram.email))
    found = re.search(r"/mailed/([^/\s]+)", last_mail().text)
    assert found
    with pytest.raises(Refused):
        actions.confirm_letter(by=henk, token=found[1], theirs=True)
    actions.confirm_letter(by=bram, token=found[1], theirs=True)
    with pytest.raises(Refused, match="answered already"):
        actions.confirm_letter(by=bram, token=found[1], theirs=False)
    assert Capture.objects.get().by == bram


def test_who_left_gets_no_letter_of_a_stranger(box: Mailbox, marloes: Person, bram: Person, visit: Visit) -> None:
    row = arrive(box, letter(OWN, "Your van", jpeg(), From="x@elsewhere.example"))
    assert row
    bram.is_active = False
    bram.save()
    with pytest.raises(Refused, match="Choose a colleague"):
        actions.keep_letter(by=marloes, letter=row, person=bram)
    visit(marloes).post(reverse("hub:keep_letter", args=[row.pk]), {"person": bram.pk})
    assert Letter.objects.get().state == LetterState.HELD

"""What no page of ours sends: a NUL in the words, numbers that no row has, another's place, and the same tap twice."""

import pytest
from django.urls import reverse

from koor.flow.conversations import actions, logic
from koor.flow.conversations.models import Told
from koor.ground.people import actions as people
from koor.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db
HUGE = "9" * 30
HOME = "Ik woon op Lindelaan 14 in Borculo."


@pytest.fixture
def hers(opened, knows, henk):
    knows(henk, direct_line=True)
    return opened(HOME)


def to(name, pk):
    return reverse(f"conversations:{name}", args=[pk])


@pytest.mark.parametrize(
    ("name", "field", "also"),
    [
        ("answer", "text", {"last_message": HUGE}),
        ("answer", "picture_alt", {"text": "Dag Fatma"}),
        ("note", "text", {}),
        ("by_hand", "text", {"channel": "telephone", "direction": "in"}),
        ("known", "known", {}),
        ("tell", "line", {"kind": "fact"}),
        ("assign", "person", {}),
        ("assign", "sentence", {}),
        ("not_for_me", "sentence", {}),
        ("not_for_me", "person", {}),
        ("snooze", "until", {}),
    ],
)
def test_of_a_conversation(hers, henk, visit, name, field, also):
    client = visit(henk)
    for odd in ("Hi\0 there", HUGE):
        assert client.post(to(name, hers.pk), {**also, field: odd}).status_code < 500


def test_of_a_proposal(hers, henk, visit):
    client, message = visit(henk), hers.messages.get()
    for key in ("\0", "address\0", "x" * 5000, ""):
        for wanted in ("no", "yes"):
            answered = client.post(to("told_found", message.pk), {"key": key, "wanted": wanted})
            assert answered.status_code in {302, 404, 409}
    assert not Told.objects.exclude(key="").exists()


def test_of_the_page_that_asks_what_is_new(hers, henk, visit):
    for of in ("\0", HUGE, "inbox", "talk", str(hers.pk), "-1"):
        answered = visit(henk).post(reverse("conversations:live"), {"of": of, "look": "1", "away": of})
        assert answered.status_code < 500


def test_another_place_shows_no_more_than_ones_own(hers, opened, henk, bram, visit):
    """Who may not see the whole inbox does not see it by asking for it."""
    opened("Iemand anders wacht ook.", by="Joost Wender")
    page = visit(henk).post(to("tell", hers.pk), {"kind": "x", "line": "", "place": "inbox"})
    assert page.status_code == 422
    assert "Joost" not in page.content.decode()
    for name in ("tell", "answer", "read", "finish", "take"):
        assert visit(bram).post(to(name, hers.pk), {"place": "inbox"}).status_code == 404


def test_what_is_done_twice_is_done_once(hers, henk, visit):
    client = visit(henk)
    for name in ("read", "finish", "finish", "reopen", "reopen", "snooze", "snooze", "take", "take"):
        assert client.post(to(name, hers.pk)).status_code == 302, name
    for name in ("finish", "reopen"):
        assert AuditEntry.objects.filter(verb=f"conversations.{name}").count() == 1, name


def test_nothing_goes_to_who_left(hers, henk, anneke, ada, marloes, visit):
    people.let_go(by=ada, person=anneke)
    assert visit(marloes).post(to("assign", hers.pk), {"person": anneke.pk}).status_code == 422
    assert visit(henk).post(to("not_for_me", hers.pk), {"person": anneke.pk}).status_code == 302
    hers.refresh_from_db()
    assert hers.assignee != anneke


def test_what_a_message_proposes_is_kept_and_dropped_with_a_tap(hers, henk, bram, visit):
    client, message = visit(henk), hers.messages.get()
    key = next(one.key for one in logic.found_in(message.text, ours=False, day=message.at.date()))
    path = to("told_found", message.pk)
    assert visit(bram).post(path, {"key": key}).status_code == 404
    for _tap in range(2):
        assert client.post(path, {"key": key}).status_code == 302
    row = Told.objects.get()
    assert client.post(to("told_one", row.pk)).status_code == 302
    assert client.post(to("told_one", row.pk), {"done": "1"}).status_code < 500


@pytest.mark.parametrize("given", [{}, {"contact": HUGE}, {"project": "x"}, {"contact": "\0"}])
def test_a_line_to_nobody_is_not_opened(henk, visit, given):
    assert visit(henk).post(reverse("conversations:open_line"), given).status_code == 404


def test_ones_lines_on_their_pages(henk, bram, fatma, visit):
    """Changed, with what is wrong told at the field; another address; closed."""
    client = visit(henk)
    asked = {"contact": fatma.pk, "days": ["1"], "opens": "09:00", "closes": "16:00", "limit": "5"}
    first = client.post(reverse("conversations:open_line"), asked)
    line = actions.open_line(by=henk, person=henk, contact=fatma)
    assert first.url == to("line", line.pk)
    assert client.post(reverse("conversations:open_line"), asked).url == first.url  # it is there already
    wrong = client.post(to("line", line.pk), {**asked, "closes": "08:00"})
    assert (wrong.status_code, "end before they begin" in wrong.content.decode()) == (422, True)
    assert client.post(to("line", line.pk), {**asked, "limit": HUGE}).status_code == 422
    assert client.post(to("line", line.pk), {**asked, "aside": "Her gate is locked"}).status_code == 302
    for name in ("new_line_link", "close_line", "close_line"):
        assert visit(bram).post(to(name, line.pk)).status_code == 404
        assert client.post(to(name, line.pk)).status_code == 302
    line.refresh_from_db()
    assert (line.aside, line.closed_at is None, line.links.count()) == ("Her gate is locked", False, 2)

"""How long things are kept: what is older goes, in bounded batches, but for what the law asks to keep."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.models import ProtectedError
from django.test import Client

from koor.flow.conversations.models import Conversation
from koor.ground.contacts.models import Contact
from koor.ground.governance import actions
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.models import AuditEntry, Mail
from koor.kernel.personal import OUTSIDE, subject, terms
from koor.shell import doctor

pytestmark = pytest.mark.django_db
Visit = Callable[[Person | None], Client]


def mail(days: int, to: str = "x@y.example", state: str = "failed") -> Mail:
    at = clock.now() - timedelta(days=days)
    return Mail.objects.create(to=to, subject="S", text="T", kind="k", state=state, made_at=at)


def test_what_is_older_goes_and_the_rest_stays(house: object, ada: Person) -> None:
    old, young, waiting = mail(40), mail(20), mail(40, state="waiting")
    actions.terms.set_term(by=ada, kind="kernel.Mail", days=30)
    assert actions.terms.end_terms(by=SYSTEM) == {"kernel.Mail": 1}
    assert set(Mail.objects.values_list("pk", flat=True)) == {young.pk, waiting.pk} - {old.pk}
    assert actions.terms.end_terms(by=SYSTEM) == {}
    assert AuditEntry.objects.filter(verb="governance.end_terms").count() == 1


def test_nothing_goes_until_somebody_chooses(house: object) -> None:
    mail(4000)
    assert actions.terms.end_terms(by=SYSTEM) == {}


def test_a_legal_hold_keeps_it(ada: Person) -> None:
    els = Contact.objects.create(name="Els", email="els@mail.example", made_at=clock.now())
    past = clock.now() - timedelta(days=400)
    for whom in (els, None):
        Conversation.objects.create(contact=whom, state="done", made_at=past, last_at=past)
    kept = mail(400, to="els@mail.example")
    found = subject(OUTSIDE, els.pk)
    assert found is not None
    actions.erasing.hold(by=ada, subject=found, reason="A claim")
    for kind in ("kernel.Mail", "conversations.Conversation"):
        actions.terms.set_term(by=ada, kind=kind, days=365)
    assert actions.terms.end_terms(by=SYSTEM) == {"conversations.Conversation": 1}
    assert list(Mail.objects.all()) == [kept]


def test_a_run_is_bounded(monkeypatch: pytest.MonkeyPatch, house: object, ada: Person) -> None:
    monkeypatch.setattr(terms, "BATCH", 2)
    monkeypatch.setattr(terms, "MOST", 2)
    for _number in range(5):
        mail(40)
    actions.terms.set_term(by=ada, kind="kernel.Mail", days=30)
    assert [actions.terms.end_terms(by=SYSTEM) for _day in range(2)] == [{"kernel.Mail": 4}, {"kernel.Mail": 1}]


def test_what_cannot_go_does_not_stand_in_the_way(monkeypatch: pytest.MonkeyPatch, house: object, ada: Person) -> None:
    """A round goes on where the last one stopped, and begins anew after the end."""
    needed = {mail(40).pk, mail(40).pk, mail(40).pk}
    behind = mail(40)

    def leaves(pks: list[int]) -> None:
        if needed & set(pks):
            raise ProtectedError("they are needed", set(Mail.objects.filter(pk__in=needed)))

    found = next(one for one in terms.kinds() if one.model == "kernel.Mail")
    monkeypatch.setattr(terms, "kinds", lambda: [replace(found, leaves=leaves)])
    monkeypatch.setattr(terms, "BATCH", 1)
    monkeypatch.setattr(terms, "MOST", 2)
    actions.terms.set_term(by=ada, kind="kernel.Mail", days=30)
    assert [actions.terms.end_terms(by=SYSTEM) for _day in range(2)] == [{}, {"kernel.Mail": 1}]
    assert not Mail.objects.filter(pk=behind.pk).exists()
    needed.clear()
    assert [actions.terms.end_terms(by=SYSTEM) for _day in range(3)] == [{}, {"kernel.Mail": 2}, {"kernel.Mail": 1}]


def test_one_that_is_still_needed_keeps_no_other_and_is_told(
    monkeypatch: pytest.MonkeyPatch, house: object, ada: Person
) -> None:
    needed = [mail(40), *(mail(40) for _number in range(5))][2]

    def leaves(pks: list[int]) -> None:
        if needed.pk in pks:
            raise ProtectedError("it is needed", {needed})

    found = next(one for one in terms.kinds() if one.model == "kernel.Mail")
    monkeypatch.setattr(terms, "kinds", lambda: [replace(found, leaves=leaves)])
    monkeypatch.setattr(terms, "BATCH", 3)
    actions.terms.set_term(by=ada, kind="kernel.Mail", days=30)
    assert actions.terms.end_terms(by=SYSTEM) == {"kernel.Mail": 5}
    assert list(Mail.objects.all()) == [needed]
    (finding,) = doctor.terms()
    assert "kernel.Mail: 1 rows" in finding.says


def test_the_page_shows_what_would_go(visit: Visit, ada: Person) -> None:
    mail(40)
    client = visit(ada)
    client.post("/manage/personal/terms/", {"kernel.Mail": "30"})
    page = client.get("/manage/personal/terms/").content.decode()
    assert "One row is older than its term" in page
    assert all(f">{term}</option>" in page for term in ("30 days", "1 year", "7 years"))
    assert Mail.objects.count() == 1


def test_only_who_may_chooses(visit: Visit, marloes: Person, ada: Person) -> None:
    assert visit(marloes).get("/manage/personal/terms/").status_code == 404
    with pytest.raises(Forbidden):
        actions.terms.set_term(by=marloes, kind="kernel.Mail", days=30)
    with pytest.raises(Refused):
        actions.terms.set_term(by=ada, kind="contacts.Contact", days=30)

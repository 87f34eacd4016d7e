"""Two become one, in every room, and can be two again for ever."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import models

from koor.ground.contacts import actions, queries
from koor.ground.contacts.actions.merging import BY_HAND, pointers
from koor.ground.contacts.models import Acquaintance, Contact, Merge
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, Refused


@pytest.fixture
def els(marloes: Person) -> Contact:
    return actions.add_contact(by=marloes, name="Els Wiggers", email="els@thuis.example", note="Praat graag.")


@pytest.fixture
def double(marloes: Person) -> Contact:
    return actions.add_contact(
        by=marloes, name="E. Wiggers", phone="0612345678", place="Borculo", organisation="De Esch", note="Directeur."
    )


def handles(contact: Contact) -> list[str]:
    return [handle.value for handle in contact.handles.all()]


def test_everything_comes_along(marloes: Person, henk: Person, els: Contact, double: Contact) -> None:
    actions.introduce(by=henk, person=henk, contact=double, direct_line=True)
    school = actions.add_project(by=marloes, name="School De Esch", contact=double)
    joost = actions.add_contact(by=marloes, name="Joost Abbink")
    actions.tie(by=marloes, contact=double, other=joost, how="buurman")
    actions.merge_contacts(by=marloes, kept=els, gone=double)
    els = queries.contact(marloes, double.pk)
    assert els.name == "Els Wiggers"
    assert (els.place, els.phone, els.organisation.name) == ("Borculo", "0612345678", "De Esch")
    assert els.note == "Praat graag.\n\nDirecteur."
    assert handles(els) == ["els@thuis.example", "+31612345678"]
    assert queries.direct_line_of(els) == henk
    assert queries.project(marloes, school.pk).contact == els
    assert [other.name for _tie, other in queries.ties_of(els)] == ["Joost Abbink"]
    assert double not in queries.contacts(marloes)
    assert queries.contact_by_handle("phone", "06-12345678") == els


def test_undone_they_are_as_they_were(marloes: Person, henk: Person, els: Contact, double: Contact) -> None:
    actions.introduce(by=henk, person=henk, contact=double, how="monteur", direct_line=True)
    joost = actions.add_contact(by=marloes, name="Joost Abbink")
    actions.tie(by=marloes, contact=double, other=joost)
    before = _picture(els, double)
    merge = actions.merge_contacts(by=marloes, kept=els, gone=double)
    assert _picture(els, double) != before
    for _click in range(2):
        actions.undo_merge(by=marloes, merge=merge)
    assert _picture(els, double) == before


def _picture(*contacts: Contact) -> list[object]:
    """All that the room holds of them."""
    rows = []
    for contact in contacts:
        contact.refresh_from_db()
        fields = {field.attname: getattr(contact, field.attname) for field in Contact._meta.concrete_fields}
        known = list(contact.acquaintances.order_by("pk").values("pk", "person", "how", "direct_line"))
        ties = [(tie.pk, other.name) for tie, other in queries.ties_of(contact)]
        rows.append((fields, handles(contact), known, ties, list(contact.projects.values_list("pk", flat=True))))
    return rows


def test_who_was_invented_for_an_exercise_is_made_one_with_nobody(marloes: Person, els: Contact) -> None:
    drilled = [
        actions.meet_contact(
            by=SYSTEM, name=f"{n} (oefening)", platform="paper", handle=f"drill leak {n}", invented=True
        )
        for n in range(3)
    ]
    for kept, gone in ((els, drilled[0]), (drilled[0], els)):
        with pytest.raises(Refused) as refused:
            actions.merge_contacts(by=marloes, kept=kept, gone=gone)
        assert refused.value.code == "invented"
    Contact.objects.update(invented=False)  # a house from before they were known by it
    actions.merge_contacts(by=marloes, kept=els, gone=drilled[0])
    actions.merge_contacts(by=marloes, kept=drilled[1], gone=actions.add_contact(by=marloes, name="Joost"))
    import_module("koor.ground.contacts.migrations.0004_invented").mark(apps, None)
    assert list(Contact.objects.filter(invented=True)) == [drilled[2]]


def test_each_room_is_known_by_its_foreign_keys() -> None:
    names = {f"{field.model._meta.label}.{field.name}" for field in pointers()}
    assert {"contacts.Handle.contact", "contacts.Project.contact", "relations.Touch.contact"} <= names
    assert {"conversations.Conversation.contact", "conversations.Message.contact"} & names
    assert not {field.model for field in pointers()} & BY_HAND
    assert all(isinstance(field, models.ForeignKey) for field in pointers())


def test_rows_of_a_higher_room_move_and_come_back(marloes: Person, els: Contact, double: Contact) -> None:
    (field,) = [one for one in pointers() if one.model._meta.label == "conversations.Conversation"]
    row = field.model._base_manager.create(**_conversation(double))
    merge = actions.merge_contacts(by=marloes, kept=els, gone=double)
    row.refresh_from_db()
    assert row.contact_id == els.pk
    later = field.model._base_manager.create(**_conversation(els))
    actions.undo_merge(by=marloes, merge=merge)
    row.refresh_from_db()
    later.refresh_from_db()
    assert (row.contact_id, later.contact_id) == (double.pk, els.pk)


def test_what_the_kept_one_has_already_stays_with_who_went(
    marloes: Person, henk: Person, els: Contact, double: Contact
) -> None:
    """A colleague keeps in touch with each of them; another only with who goes."""
    (field,) = [one for one in pointers() if one.model._meta.label == "relations.Rhythm"]
    rows = field.model._base_manager
    for person, contact in ((henk, els), (henk, double), (marloes, double)):
        rows.create(person_id=person.pk, contact_id=contact.pk)
    merge = actions.merge_contacts(by=marloes, kept=els, gone=double)
    assert set(rows.values_list("person", "contact")) == {
        (henk.pk, els.pk),
        (henk.pk, double.pk),
        (marloes.pk, els.pk),
    }
    actions.undo_merge(by=marloes, merge=merge)
    assert rows.get(person=marloes.pk).contact_id == double.pk


def _conversation(contact: Contact) -> dict[str, object]:
    return {"contact_id": contact.pk, "state": "done", "made_at": clock.now(), "last_at": clock.now()}


def test_merged_twice_over_and_undone_in_the_same_order(marloes: Person, els: Contact, double: Contact) -> None:
    third = actions.add_contact(by=marloes, name="Elisabeth", email="elisabeth@example.org")
    first = actions.merge_contacts(by=marloes, kept=els, gone=double)
    second = actions.merge_contacts(by=marloes, kept=third, gone=els)
    assert queries.contact(marloes, double.pk) == third
    actions.undo_merge(by=marloes, merge=first)
    assert handles(double) == ["+31612345678"]
    assert queries.contact(marloes, double.pk) == double
    actions.undo_merge(by=marloes, merge=second)
    assert handles(els) == ["els@thuis.example"]
    assert handles(third) == ["elisabeth@example.org"]


def test_a_colleague_who_knew_both(marloes: Person, henk: Person, els: Contact, double: Contact) -> None:
    actions.introduce(by=henk, person=henk, contact=els, how="buurvrouw")
    actions.introduce(by=henk, person=henk, contact=double, how="klant", direct_line=True)
    merge = actions.merge_contacts(by=marloes, kept=els, gone=double)
    (known,) = queries.acquaintances_of(els)
    assert (known.how, known.direct_line) == ("buurvrouw", True)
    actions.undo_merge(by=marloes, merge=merge)
    assert queries.direct_line_of(els) is None
    assert queries.direct_line_of(double) == henk


def test_two_direct_lines(marloes: Person, henk: Person, bram: Person, els: Contact, double: Contact) -> None:
    actions.introduce(by=henk, person=henk, contact=els, direct_line=True)
    actions.introduce(by=bram, person=bram, contact=double, direct_line=True)
    merge = actions.merge_contacts(by=marloes, kept=els, gone=double)
    assert queries.direct_line_of(els) == henk
    actions.undo_merge(by=marloes, merge=merge)
    assert queries.direct_line_of(els) == henk
    assert queries.direct_line_of(double) == bram


def test_what_was_changed_since_stays(marloes: Person, els: Contact, double: Contact) -> None:
    merge = actions.merge_contacts(by=marloes, kept=els, gone=double)
    actions.edit_contact(by=marloes, contact=els, place="Eibergen")
    actions.undo_merge(by=marloes, merge=merge)
    els.refresh_from_db()
    assert (els.place, els.phone) == ("Eibergen", "")


def test_they_knew_each_other(marloes: Person, els: Contact, double: Contact) -> None:
    actions.tie(by=marloes, contact=els, other=double)
    merge = actions.merge_contacts(by=marloes, kept=els, gone=double)
    actions.undo_merge(by=marloes, merge=merge)
    assert [other for _tie, other in queries.ties_of(double)] == [els]


def test_a_double_click_merges_once(marloes: Person, els: Contact, double: Contact) -> None:
    first = actions.merge_contacts(by=marloes, kept=els, gone=double)
    assert actions.merge_contacts(by=marloes, kept=els, gone=double) == first
    assert Merge.objects.count() == 1


def test_nobody_merges_with_themselves(marloes: Person, els: Contact, double: Contact) -> None:
    with pytest.raises(Refused):
        actions.merge_contacts(by=marloes, kept=els, gone=els)
    actions.merge_contacts(by=marloes, kept=els, gone=double)
    with pytest.raises(Refused):
        actions.merge_contacts(by=marloes, kept=double, gone=els)


def test_only_who_may(bram: Person, els: Contact, double: Contact, marloes: Person) -> None:
    with pytest.raises(Forbidden):
        actions.merge_contacts(by=bram, kept=els, gone=double)
    merge = actions.merge_contacts(by=marloes, kept=els, gone=double)
    with pytest.raises(Forbidden):
        actions.undo_merge(by=bram, merge=merge)


def test_changing_who_went_changes_who_was_kept(marloes: Person, els: Contact, double: Contact, henk: Person) -> None:
    actions.merge_contacts(by=marloes, kept=els, gone=double)
    actions.introduce(by=henk, person=henk, contact=double)
    assert Acquaintance.objects.get().contact == els


def test_what_both_have_is_not_doubled(marloes: Person, henk: Person, els: Contact, double: Contact) -> None:
    """A colleague who knows both, a neighbour of both: one row each stays."""
    joost = actions.add_contact(by=marloes, name="Joost Abbink")
    for contact in (els, double):
        actions.introduce(by=henk, person=henk, contact=contact)
        actions.tie(by=marloes, contact=contact, other=joost, how="buurman")
    actions.tie(by=marloes, contact=els, other=double, how="dezelfde?")
    actions.merge_contacts(by=marloes, kept=els, gone=double)
    assert [other.name for _tie, other in queries.ties_of(els)] == ["Joost Abbink"]
    assert Acquaintance.objects.filter(person=henk, contact=els).count() == 1

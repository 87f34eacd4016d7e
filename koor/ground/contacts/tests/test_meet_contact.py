"""Meeting somebody on a platform: found again by their handle, however it is spelled."""

from uuid import uuid4

import pytest

from koor.ground.contacts import actions, queries
from koor.ground.contacts.models import Contact
from koor.ground.people.models import House, Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Refused
from koor.kernel.models import AuditEntry
from koor.kernel.personal import tombstones


def test_a_stranger_becomes_a_contact(house: House) -> None:
    els = actions.meet_contact(
        by=SYSTEM, name="Els Wiggers", platform="mastodon", handle="@Els@Mastodon.Social", url=""
    )
    handle = els.handles.get()
    assert (els.name, handle.value, handle.url) == (
        "Els Wiggers",
        "els@mastodon.social",
        "https://mastodon.social/@els",
    )
    assert AuditEntry.objects.get().verb == "contacts.meet_contact"


def test_met_again_is_the_same_contact(house: House) -> None:
    els = actions.meet_contact(by=SYSTEM, name="Els", platform="mastodon", handle="els@mastodon.social")
    again = actions.meet_contact(by=SYSTEM, name="E.", platform="mastodon", handle="https://mastodon.social/@Els")
    assert els == again
    assert again.name == "Els"


def test_who_was_written_down_by_a_folded_number_is_found_by_the_true_one(house: House) -> None:
    """LinkedIn's numbers of people were folded once: known is known, erased is erased, and the next time it is true."""
    true, old = "urn:li:person:yrZCpj2Z12", "urn:li:person:yrzcpj2z12"
    for n, met in enumerate((_alone, _together)):
        els = actions.meet_contact(by=SYSTEM, name="Els", platform="linkedin", handle=f"{old}{n}")
        assert queries.contact_by_handle("linkedin", f"{true}{n}") == els
        assert met(f"{true}{n}") == els
        assert els.handles.get().value == f"{true}{n}"
    tombstones.keep(tombstones.Stone(uuid4(), clock.now(), (tombstones.digest("linkedin", f"{old}9"),)))
    assert _together(f"{true}9") is None
    with pytest.raises(Refused) as refused:
        _alone(f"{true}9")
    assert refused.value.code == "erased"
    assert tombstones.let_back(("linkedin", f"{true}9"))
    assert _alone(f"{true}9") == Contact.objects.latest("pk")


def _alone(handle: str) -> Contact:
    return actions.meet_contact(by=SYSTEM, name="E.", platform="linkedin", handle=handle)


def _together(handle: str) -> Contact | None:
    [found] = actions.meet_contacts(by=SYSTEM, several=[actions.Met("E.", "linkedin", handle)])
    return found


def test_a_handle_that_nobody_can_read_is_kept_as_it_came(house: House) -> None:
    one = actions.meet_contact(by=SYSTEM, name="", platform="x", handle="not a handle!!")
    again = actions.meet_contact(by=SYSTEM, name="", platform="x", handle=" NOT a  handle!!")
    assert one == again
    assert one.name == "not a handle!!"


def test_without_any_address_nobody_is_made(house: House) -> None:
    with pytest.raises(Refused):
        actions.meet_contact(by=SYSTEM, name="Nobody", platform="x", handle=" \u200b ")
    assert not Contact.objects.exists()


def test_a_script_is_no_link(house: House) -> None:
    one = actions.meet_contact(by=SYSTEM, name="Els", platform="feed", handle="els", url="javascript:alert(1)")
    assert one.handles.get().url == ""


def test_found_by_handle(house: House, bram: Person) -> None:
    els = actions.meet_contact(by=bram, name="Els", platform="email", handle="Els@Wiggers.example")
    assert queries.contact_by_handle("email", "els@wiggers.EXAMPLE") == els
    assert queries.contact_by_handle("email", "rob@wiggers.example") is None

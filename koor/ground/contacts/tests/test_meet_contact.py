"""Meeting somebody on a platform: found again by their handle, however it is spelled."""

import pytest

from koor.ground.contacts import actions, queries
from koor.ground.contacts.models import Contact
from koor.ground.people.models import House, Person
from koor.kernel.access import SYSTEM, Refused
from koor.kernel.models import AuditEntry


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

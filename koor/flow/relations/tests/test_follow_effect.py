"""What somebody whom we know said of a post by hand stands on their line."""

from datetime import timedelta

import pytest

from koor.flow.publishing import actions as publishing
from koor.flow.publishing.actions.deliver import deliver
from koor.flow.publishing.models import Target
from koor.flow.relations.actions import follow_effect
from koor.flow.relations.models import Touch
from koor.ground.channels import actions as channels
from koor.ground.contacts import actions as contacts
from koor.ground.people.models import Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM


@pytest.fixture
def up(rob: Person) -> Target:
    account = channels.add_account(by=SYSTEM, connector="by_hand", name="Rob", owner=rob, personal=True)
    post = publishing.create_post(by=rob, text="Buiten is het klaar.", accounts=[account])
    publishing.let_go(by=rob, post=post)
    target = Target.objects.get(post=post)
    with clock.fixed(clock.now() + timedelta(seconds=1)):
        deliver(target.pk)
    return publishing.link_target(by=rob, target=Target.objects.select_related("post").get(pk=target.pk))


def test_it_comes_changes_and_goes(up: Target, rob: Person) -> None:
    els = contacts.add_contact(by=rob, name="Els Bakker")
    source = f"publishing.effect:{up.pk}"
    for said in ("Mooi", "Dat wil ik ook"):
        publishing.note_effect(by=rob, target=up, said=said, who="Els Bakker")
        follow_effect(by=SYSTEM, target_id=up.pk)
        touch = Touch.objects.get(source=source)
        assert (touch.contact, touch.sentence) == (els, said)
    publishing.note_effect(by=rob, target=up, reacted=3)
    follow_effect(by=SYSTEM, target_id=up.pk)
    assert not Touch.objects.filter(source=source).exists()

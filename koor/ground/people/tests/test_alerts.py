"""A colleague's own devices and hours: asked for by themselves, taken away by themselves."""

from collections.abc import Callable
from datetime import time

import pytest
from django.test import Client

from koor.ground.people import actions
from koor.ground.people.models import Person
from koor.kernel import push
from koor.kernel.access import Forbidden
from koor.kernel.models import AuditEntry, Push, PushDevice
from koor.kernel.tests.test_push import FCM, Browser

Visit = Callable[[Person | None], Client]


def asked(visit: Visit, person: Person, endpoint: str = FCM) -> str:
    said = {"endpoint": endpoint, "name": "Chrome, Android", **Browser().given}
    return visit(person).post("/me/alerts/hear/", said, follow=True).content.decode()


def test_on_and_off_again(visit: Visit, henk: Person, bram: Person) -> None:
    assert "On none yet" in visit(henk).get("/me/alerts/").content.decode()
    assert "Chrome, Android" in asked(visit, henk)
    asked(visit, henk)
    device = PushDevice.objects.get(owner_id=henk.pk)
    assert AuditEntry.objects.filter(verb="people.hear_alerts").count() == 1
    assert visit(bram).post(f"/me/alerts/{device.pk}/mute/").status_code == 404
    assert visit(bram).post(f"/me/alerts/{device.pk}/try/").status_code == 404
    visit(henk).post(f"/me/alerts/{device.pk}/try/")
    assert Push.objects.get().device == device
    visit(henk).post(f"/me/alerts/{device.pk}/mute/")
    assert not PushDevice.objects.exists()


def test_an_address_of_nobody_we_know(visit: Visit, henk: Person) -> None:
    page = asked(visit, henk, "https://evil.example/push")
    assert "Try another browser" in page
    assert not PushDevice.objects.exists()


def test_hours_of_rest(visit: Visit, henk: Person) -> None:
    page = visit(henk).get("/me/alerts/").content.decode()
    assert 'value="20:00"' in page
    visit(henk).post("/me/alerts/", {"begins": "18:30", "ends": "08:00"})
    assert push.quiet_of(henk.pk) == (time(18, 30), time(8))
    assert "Give both times" in visit(henk).post("/me/alerts/", {"begins": "18:30"}).content.decode()
    visit(henk).post("/me/alerts/", {"begins": "", "ends": ""})
    assert push.quiet_of(henk.pk) == (None, None)


def test_nobody_arranges_it_for_another(henk: Person, ada: Person) -> None:
    with pytest.raises(Forbidden):
        actions.hear_alerts(by=ada, person=henk, endpoint=FCM, name="x", **Browser().given)


def test_who_leaves_leaves_nothing_behind(visit: Visit, henk: Person, ada: Person) -> None:
    asked(visit, henk)
    actions.let_go(by=ada, person=henk)
    assert not PushDevice.objects.exists()

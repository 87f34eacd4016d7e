"""A message on a phone: asked for by a press, shown by the browser, and opening a page of the house alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from koor.ground.people.models import Person
from koor.kernel.models import PushDevice
from koor.kernel.tests.test_push import FCM, Browser
from tests.journeys.conftest import Visitor, until
from tests.journeys.patience import patience

pytestmark = [pytest.mark.browser(whole=True), pytest.mark.django_db(transaction=True)]
# A browser without the internet gets no address of a push service: this one is handed over in its place.
SUBSCRIBES = """(() => {
  let own = null
  const made = %s
  PushManager.prototype.getSubscription = async () => own
  PushManager.prototype.subscribe = async asked => own = {
    endpoint: made.endpoint, options: asked, toJSON: () => made, unsubscribe: async () => { own = null; return true } }
})()"""
SHOWN = """navigator.serviceWorker.ready.then(one => one.getNotifications())
  .then(all => all.map(one => [one.title, one.body, one.tag, one.data.url]))"""


@pytest.fixture
def phone(screen: Callable[..., Visitor], henk: Person) -> Visitor:
    visitor = screen(henk, width=390, height=844, service_workers="allow")
    visitor.context.grant_permissions(["notifications"], origin=visitor.home)
    visitor.page.add_init_script(SUBSCRIBES % json.dumps({"endpoint": FCM, "keys": Browser().given}))
    return visitor


def test_asked_for_by_a_press(phone: Visitor, henk: Person) -> None:
    phone.go("/me/")
    phone.page.get_by_role("link", name="Messages on your phone").click()
    assert not PushDevice.objects.exists()
    phone.page.get_by_role("button", name="On this device").click()
    expect(phone.page.get_by_text("This device gets a message")).to_be_visible()
    device = PushDevice.objects.get()
    assert (device.owner_id, device.endpoint) == (henk.pk, FCM)
    assert "Chrome" in device.name
    phone.page.get_by_role("button", name="No more").click()
    expect(phone.page.get_by_text("On none yet")).to_be_visible()
    assert not PushDevice.objects.exists()
    assert phone.complaints == []


@pytest.mark.parametrize(
    ("url", "opens"), [("/capture/mine/", "/capture/mine/"), ("https://evil.example/", "/"), ("//evil.example/", "/")]
)
def test_shown_and_opening_the_house_alone(phone: Visitor, url: str, opens: str) -> None:
    phone.go("/me/")
    deliver(phone, {"title": "Your photo went out", "text": "It stands on Mastodon.", "url": url, "tag": "out-1"})
    shown = until(phone.page, f"{SHOWN}.then(all => all.length && all)")
    assert shown == [["Your photo went out", "It stands on Mastodon.", "out-1", url]]
    worker = phone.context.service_workers[0]
    with patience(10):  # a worker that was ended meanwhile never answers
        page = worker.evaluate(f"(page => [page.pathname, page.origin])(new URL(ownPage({json.dumps(url)})))")
    assert page == [opens, phone.home]


def deliver(phone: Visitor, said: dict[str, Any]) -> None:
    """As the service of the browser would."""
    until(phone.page, "navigator.serviceWorker.ready.then(() => true)")
    line = phone.context.new_cdp_session(phone.page)
    known: list[dict[str, Any]] = []
    line.on("ServiceWorker.workerRegistrationUpdated", lambda event: known.extend(event["registrations"]))
    line.send("ServiceWorker.enable")
    for _ in range(50):
        if known:
            break
        phone.page.wait_for_timeout(100)
    message = {"origin": phone.home, "registrationId": known[-1]["registrationId"], "data": json.dumps(said)}
    line.send("ServiceWorker.deliverPushMessage", message)

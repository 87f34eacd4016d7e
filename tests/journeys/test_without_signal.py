"""On a ladder without signal: whatever happens to the line, the page, the browser or the password, what is shown
arrives, once, and under the name of who showed it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from koor.flow.hub.media.tests.pictures import marked
from koor.flow.hub.models import Capture, Prompt
from koor.flow.hub.views import phone as phone_views
from koor.ground.contacts.models import Project
from koor.ground.people.models import Person
from koor.kernel import clock, files
from koor.kernel.models import Upload
from tests.journeys.conftest import Visitor, answer, close, until
from tests.journeys.line import Line
from tests.plugin import CHROMIUM, WHOLE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Screen = Callable[..., Visitor]
SIGNAL = "dispatchEvent(new Event('online'))"
DRAFTS = "koor.queue.drafts(document.body.dataset.person)"
READY = "navigator.serviceWorker.getRegistration().then(one => Boolean(one?.active))"


@pytest.fixture
def line(live_server: Any) -> Iterator[Line]:
    address = urlsplit(live_server.url)
    found = Line(str(address.hostname), int(address.port or 80))
    yield found
    found.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "IMG_1.jpg"
    path.write_bytes(marked("jpeg", size=(800, 600)))
    return path


@pytest.fixture
def heavy_photo(tmp_path: Path) -> Path:
    path = tmp_path / "heavy.jpg"
    path.write_bytes(marked("jpeg", size=(800, 600)) + random.Random(7).randbytes(1_500_000))
    return path


@pytest.fixture
def phone(screen: Screen, line: Line) -> Callable[..., Visitor]:
    def take(person: Person | None) -> Visitor:
        found = screen(person, width=390, height=844, service_workers="allow", has_touch=True)
        found.home = line.url
        return found

    return take


def open_once(visitor: Visitor) -> None:
    """With signal: from now on the phone can do without."""
    visitor.go("/capture/")
    until(visitor.page, READY)
    until(visitor.page, "koor.queue.known('lists').then(Boolean)")


def take(page: Page, photo: Path, sentence: str = "") -> None:
    page.set_input_files("#gallery", photo)
    page.fill("[name=sentence]", sentence)
    page.get_by_role("button", name="Done").click()
    until(page, "koor.queue.all().then(all => all.length > 0)")


def arrived(page: Page, number: int = 1) -> None:
    """Wait until nothing waits on the phone, and look at the house: each came once."""
    until(page, "koor.queue.all().then(all => all.length === 0)")
    assert Capture.objects.count() == number
    assert Upload.objects.count() == 0


def sign_in(context: BrowserContext, person: Person, url: str) -> None:
    client = Client()
    client.force_login(person)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": url}])


def test_it_opens_from_cold_without_signal_and_sends_by_itself(
    phone: Callable[..., Visitor], line: Line, bram: Person, henk: Person, photo: Path
) -> None:
    flat = Project.objects.create(name="Flat De Slagheurne")
    bram.projects.add(flat)
    asked = Prompt.objects.create(question="Who is on a roof?", by=henk, made_at=clock.now())
    asked.asked.add(bram)
    visitor = phone(bram)
    open_once(visitor)
    visitor.page.close()
    line.cut()
    page = visitor.context.new_page()
    page.goto(line.url + f"/capture/?prompt={asked.pk}")
    expect(page.get_by_text("No signal.", exact=False)).to_be_visible()
    expect(page.locator("[data-project]")).to_have_text("Flat De Slagheurne")
    page.fill("[name=sentence]", "From")
    until(page, "koor.queue.known('person').then(koor.queue.drafts).then(all => all.length === 1)")
    page.goto(line.url + "/capture/")
    expect(page.get_by_text("This goes with the question that you were asked.")).to_be_visible()
    page.fill("[name=who] >> nth=0", "Henk Oonk")
    take(page, photo, "From the ladder.")
    expect(page.get_by_text("1 waits here")).to_be_visible()
    expect(page.locator("#waiting img")).to_be_visible()
    page.goto(line.url + "/")  # any page: instead of nothing, the one that works
    expect(page.locator("#waiting").get_by_text("From the ladder.")).to_be_visible()
    line.mend()
    answer(page, SIGNAL)
    arrived(page)
    made = Capture.objects.get()
    assert (made.sentence, made.project, made.by, made.portrayed.get().person) == ("From the ladder.", flat, bram, henk)
    assert made.taken_at is not None
    assert asked.answers.get().capture == made


def test_a_line_that_breaks_in_the_middle(
    phone: Callable[..., Visitor], line: Line, bram: Person, heavy_photo: Path
) -> None:
    visitor = phone(bram)
    open_once(visitor)
    for cut in (200_000, 700_000):
        line.cut(after=cut)
        if cut == 200_000:
            take(visitor.page, heavy_photo)
        until(visitor.page, "koor.queue.all().then(all => all[0].problem === 'no_signal')")
        line.mend()
        answer(visitor.page, "koor.queue.send(true) && 1")
    arrived(visitor.page)
    upload = Capture.objects.get().media.get().upload
    assert upload is not None
    assert files.read(upload) == heavy_photo.read_bytes()
    # removed without signal, when half of it had gone: the house drops that half as soon as it can be told
    visitor.go("/capture/")
    line.cut(after=400_000)
    take(visitor.page, heavy_photo)
    until(visitor.page, "koor.queue.all().then(all => all[0].problem === 'no_signal')")
    assert Upload.objects.count() == 1
    key = answer(visitor.page, "koor.queue.all().then(all => koor.queue.throwAway(all[0].id).then(() => all[0].id))")
    assert Upload.objects.count() == 1
    line.mend()
    answer(visitor.page, SIGNAL)
    until(visitor.page, f"koor.queue.known('unwanted:{key}').then(owner => owner === undefined)")
    arrived(visitor.page)


def test_a_browser_that_is_killed(chromium: Browser, line: Line, bram: Person, photo: Path, tmp_path: Path) -> None:
    def opened() -> BrowserContext:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        folder = str(tmp_path / "profile")
        executable = {"executable_path": WHOLE or CHROMIUM, "args": arguments, "locale": "en-GB"}
        return chromium.browser_type.launch_persistent_context(folder, **executable)  # type: ignore[arg-type]

    context = opened()
    sign_in(context, bram, line.url)
    page = context.new_page()
    open_once(Visitor(context, page, line.url))
    line.cut()
    take(page, photo, "Before the battery died.")
    page.set_input_files("#gallery", photo)  # and one that was not done yet
    until(page, f"{DRAFTS}.then(all => all.length === 1)")
    kill(str(tmp_path / "profile"))
    context = opened()
    sign_in(context, bram, line.url)
    page = context.new_page()
    page.goto(line.url + "/capture/")
    expect(page.get_by_text("Before the battery died.")).to_be_visible()
    expect(page.locator(".shown img")).to_have_count(1)
    line.mend()
    answer(page, SIGNAL)
    arrived(page)
    close(context)


def kill(profile: str) -> None:
    """The browser that this test started, known by its own folder."""
    found = subprocess.run(["pgrep", "-f", f"user-data-dir={profile}"], capture_output=True, text=True, check=True)
    for number in found.stdout.split():
        try:
            os.kill(int(number), signal.SIGKILL)
        except ProcessLookupError:
            continue


def test_a_second_tab(phone: Callable[..., Visitor], line: Line, bram: Person, photo: Path) -> None:
    visitor = phone(bram)
    open_once(visitor)
    second = visitor.context.new_page()
    second.goto(line.url + "/capture/")
    line.cut()
    take(visitor.page, photo, "One")
    line.mend()
    for _ in range(5):
        for page in (visitor.page, second):
            answer(page, "koor.queue.send(true) && dispatchEvent(new Event('online'))")
    arrived(second)
    # each window has a draft of its own: what is not done in one is not sent by the other, and neither is lost
    visitor.go("/capture/")
    visitor.page.set_input_files("#gallery", photo)
    visitor.page.fill("[name=sentence]", "Two")
    until(visitor.page, f"{DRAFTS}.then(all => all.length === 1)")
    second.goto(line.url + "/capture/")
    take(second, other_photo(photo), "Three")  # at once, before the page knows what other windows do
    arrived(second, 2)
    visitor.page.close()  # what stood in a window that is gone is there in the next
    second.goto(line.url + "/capture/")
    expect(second.locator(".shown img")).to_have_count(1)
    expect(second.locator("[name=sentence]")).to_have_value("Two")
    second.get_by_role("button", name="Done").click()
    until(second, f"{DRAFTS}.then(all => all.length === 0)")
    arrived(second, 3)
    assert sorted(Capture.objects.values_list("sentence", flat=True)) == ["One", "Three", "Two"]


def test_what_several_windows_left_is_gone_on_with_one_at_a_time(
    phone: Callable[..., Visitor], line: Line, bram: Person, henk: Person, photo: Path
) -> None:
    """Each as it was left: a no, a question and a customer of one never become those of another."""
    flat, school = (Project.objects.create(name=name) for name in ("Flat De Slagheurne", "School De Esch"))
    bram.projects.add(flat, school)
    roof, cellar = (Prompt.objects.create(question=one, by=henk, made_at=clock.now()) for one in ("Roof?", "Cellar?"))
    for asked in (roof, cellar):
        asked.asked.add(bram)
    visitor = phone(bram)
    open_once(visitor)
    page, another = visitor.page, visitor.page.get_by_role("button", name="Go on with it")
    left(page, photo, "The roof", 1, who=["Mrs No", "no"], prompt=str(roof.pk), project=str(flat.pk))
    left(page, photo, "The cellar", 2, who=["Jan Yes", "yes"], prompt=str(cellar.pk), project=str(school.pk))
    visitor.go("/capture/")
    expect(page.locator("[name=sentence]")).to_have_value("The cellar")
    expect(page.locator(".shown")).to_have_count(1)
    another.click()
    expect(page.locator("[name=sentence]")).to_have_value("The roof")
    page.reload()  # a window stays with its own
    expect(page.locator("[name=sentence]")).to_have_value("The roof")
    page.evaluate("void dispatchEvent(new PageTransitionEvent('pagehide'))")  # kept in memory by the browser:
    second = visitor.context.new_page()  # what stood in it is there for the next
    second.goto(line.url + f"/capture/?prompt={roof.pk}")
    expect(second.locator("[name=sentence]")).to_have_value("The roof")
    with page.expect_navigation():
        page.evaluate("void dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(page.locator("[name=sentence]")).to_have_value("The cellar")
    expect(another).to_be_hidden()
    for window in (second, page):
        window.get_by_role("button", name="Done").click()
    until(page, f"{DRAFTS}.then(all => all.length === 0)")
    arrived(page, 2)
    made = {one.sentence: one for one in Capture.objects.all()}
    for sentence, project, asked, who in (
        ("The roof", flat, roof, "Mrs No"),
        ("The cellar", school, cellar, "Jan Yes"),
    ):
        assert asked.answers.get().capture == made[sentence]
        assert (made[sentence].project, made[sentence].media.count()) == (project, 1)
        assert made[sentence].portrayed.get().name == who


def left(page: Page, photo: Path, sentence: str, at: int, photos: int = 1, **said: Any) -> None:
    """As a window leaves it that was closed before Done; without `who`, as another app shares it."""
    page.evaluate(
        """([at, bytes, photos, { who, ...said }]) => koor.queue.keep(
            { id: `draft:${document.body.dataset.person}:${at}`, taken_at: at, who: who ? [who] : undefined, ...said },
            [...Array(photos).keys()].map(n => new File([new Uint8Array(bytes)], `${at}-${n}.jpg`, { type: 'image/jpeg' })))""",  # noqa: E501
        [at, list(photo.read_bytes()), photos, {"sentence": sentence, **said}],
    )


def test_what_is_shared_joins_what_is_not_done_where_it_fits(
    phone: Callable[..., Visitor], line: Line, bram: Person, photo: Path
) -> None:
    visitor = phone(bram)
    open_once(visitor)
    page, sentence = visitor.page, visitor.page.locator("[name=sentence]")
    page.evaluate("koor.queue.addToDraft('', [], 'Shared words')")
    visitor.go("/capture/")
    expect(sentence).to_have_value("Shared words")
    sentence.fill("My own sentence")
    until(page, f"{DRAFTS}.then(all => all.length === 1 && all[0].sentence === 'My own sentence')")
    page.set_input_files("#gallery", [photo, other_photo(photo)])
    until(page, f"{DRAFTS}.then(all => koor.queue.photos(all[0].id)).then(all => all.length === 2)")
    left(page, photo, "Too many", 1, photos=9)
    left(page, photo, "and" + " long" * 98, 2)
    left(page, photo, "and more", 3, photos=2)
    visitor.go("/capture/")
    expect(page.locator(".shown")).to_have_count(4)
    expect(sentence).to_have_value("My own sentence and more")
    expect(page.locator(".shown img").first).to_have_attribute("alt", "IMG_1.jpg")
    until(page, f"{DRAFTS}.then(all => all.length === 3)")
    page.get_by_role("button", name="Go on with it").click()
    expect(sentence).to_have_value("and" + " long" * 98)
    left(page, photo, "A whole day", 9_000_000_000_000, photos=12)
    page.get_by_role("button", name="Go on with it").click()
    expect(page.locator(".shown")).to_have_count(10)
    kept = "all => Promise.all(all.map(one => koor.queue.photos(one.id).then(some => some.length)))"
    until(page, f"{DRAFTS}.then({kept}).then(all => all.sort().join() === '1,10,2,4,9')")


def other_photo(photo: Path) -> Path:
    path = photo.with_name("IMG_2.jpg")
    path.write_bytes(marked("jpeg", size=(640, 480)))
    return path


def test_a_password_that_changed_meanwhile(
    phone: Callable[..., Visitor], line: Line, bram: Person, henk: Person, photo: Path
) -> None:
    """Who took it signs in again and it goes on; another one on the same phone sends nothing."""
    visitor = phone(bram)
    open_once(visitor)
    line.cut()
    take(visitor.page, photo, "Mine")
    bram.set_password("quite another password")
    bram.save()
    line.mend()
    answer(visitor.page, "koor.queue.send(true) && 1")
    expect(visitor.page.get_by_text("Waits until you sign in")).to_be_visible()
    sign_in(visitor.context, henk, line.url)
    visitor.go("/capture/")
    expect(visitor.page.get_by_text("Taken by a colleague", exact=False)).to_be_visible()
    answer(visitor.page, "koor.queue.send(true) && 1")
    assert Capture.objects.count() == 0
    visitor.context.clear_cookies()
    visitor.go("/sign-in/login/?next=/capture/")
    visitor.page.fill("[name=login]", bram.email)
    visitor.page.fill("[name=password]", "quite another password")
    visitor.page.locator("main form button").first.click()
    visitor.page.wait_for_url("**/capture/")
    arrived(visitor.page)
    assert Capture.objects.get().by == bram


def test_shared_from_another_app(phone: Callable[..., Visitor], line: Line, bram: Person, photo: Path) -> None:
    """Also signed out: it waits with a question whose it is."""
    visitor = phone(bram)
    open_once(visitor)
    visitor.context.clear_cookies()
    visitor.go("/sign-in/login/")
    answer(visitor.page, "koor.ready")
    share(visitor.page, photo)
    expect(visitor.page.locator(".shown img")).to_be_visible()
    expect(visitor.page.get_by_text("You are signed out.", exact=False)).to_be_visible()
    visitor.page.get_by_role("button", name="Done").click()
    expect(visitor.page.get_by_text("Taken while nobody was signed in")).to_be_visible()
    sign_in(visitor.context, bram, line.url)
    visitor.go("/capture/")
    assert Capture.objects.count() == 0
    visitor.page.get_by_role("button", name="This is mine, send it").click()
    arrived(visitor.page)
    assert Capture.objects.get().by == bram
    bram.projects.add(Project.objects.create(name="Flat De Slagheurne"))
    visitor.go("/capture/")
    answer(visitor.page, "koor.ready")
    share(visitor.page, photo)
    expect(visitor.page.locator(".shown img")).to_be_visible()
    expect(visitor.page.locator("[data-project]")).to_have_text("Flat De Slagheurne")


def share(page: Page, photo: Path) -> None:
    page.evaluate(
        """async bytes => {
            const form = Object.assign(document.createElement('form'), { method: 'post', action: '/capture/share/', enctype: 'multipart/form-data' })
            const input = Object.assign(document.createElement('input'), { type: 'file', name: 'photos' })
            const files = new DataTransfer()
            files.items.add(new File([new Uint8Array(bytes)], 'IMG_9.jpg', { type: 'image/jpeg' }))
            form.append(input)
            document.body.append(form)
            input.files = files.files
            form.submit()
        }""",  # noqa: E501
        list(photo.read_bytes()),
    )
    page.wait_for_url("**/capture/?shared=1")


def test_an_update_of_the_app(
    phone: Callable[..., Visitor], line: Line, bram: Person, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = phone(bram)
    open_once(visitor)
    line.cut()
    take(visitor.page, photo, "From before")
    before = phone_views._worker_once()
    monkeypatch.setattr(phone_views, "_worker_once", lambda: before.replace('"koor-', '"koor-newer-'))
    line.mend()
    newer = "names.length === 1 && names[0].startsWith('koor-newer-')"
    update = "navigator.serviceWorker.getRegistration().then(one => one.update())"
    until(visitor.page, f"{update}.then(() => caches.keys()).then(names => {newer})")
    arrived(visitor.page)
    line.cut()
    visitor.go("/capture/")
    expect(visitor.page.get_by_text("No signal.", exact=False)).to_be_visible()
    assert visitor.page.locator("html").get_attribute("lang") == "en"


def test_nothing_of_anybody_is_kept_but_lists_and_these_go_with_signing_out(
    phone: Callable[..., Visitor], bram: Person
) -> None:
    visitor = phone(bram)
    open_once(visitor)
    kept = answer(
        visitor.page,
        "caches.keys().then(names => Promise.all(names.map(async name => (await (await caches.open(name)).keys()).map(one => one.url)))).then(all => all.flat())",  # noqa: E501
    )
    pages = [urlsplit(url).path for url in kept if "/static/" not in url]
    assert sorted(pages) == ["/capture/shell/en/", "/capture/shell/nl/"]
    visitor.context.clear_cookies()
    visitor.go("/sign-in/login/")
    until(visitor.page, "koor.queue.known('lists').then(lists => lists === null)")
    assert visitor.complaints == []


def test_from_opening_to_done_in_three_taps(chromium: Browser, line: Line, bram: Person) -> None:
    """Who allowed the camera before sees it at once: the shutter and Done are all that is left."""
    arguments = ["--use-fake-device-for-media-stream", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    browser = chromium.browser_type.launch(executable_path=WHOLE or CHROMIUM, args=arguments)
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB", permissions=["camera"])
    sign_in(context, bram, line.url)
    page = context.new_page()
    page.goto(line.url + "/")
    until(page, READY)
    page.get_by_role("navigation").get_by_role("link", name="Show").click()
    page.get_by_role("button", name="Take the photo").click()
    expect(page.locator(".shown img")).to_be_visible()
    page.get_by_role("button", name="Done").click()
    page.wait_for_url("**/capture/*/")
    assert Capture.objects.get().media.count() == 1
    close(browser)


def test_the_project_is_guessed_by_place_and_the_place_stays_on_the_phone(
    screen: Screen, bram: Person, photo: Path
) -> None:
    flat, school = (Project.objects.create(name=name) for name in ("Flat De Slagheurne", "School De Esch"))
    visitor = screen(bram, width=390, permissions=["geolocation"], geolocation={"latitude": 52.116, "longitude": 6.519})
    sent: list[str] = []
    visitor.page.on("request", lambda request: sent.append(request.url + str(request.post_data_buffer or b"")))
    for project, place in ((school, (52.116, 6.519)), (flat, (52.2, 6.6))):
        visitor.context.set_geolocation({"latitude": place[0], "longitude": place[1]})
        visitor.go("/capture/")
        until(visitor.page, f"document.querySelector('[name=project]').querySelector('[value=\"{project.pk}\"]') && 1")
        answer(visitor.page, "koor.ready")
        visitor.page.wait_for_timeout(300)
        visitor.page.select_option("[name=project]", str(project.pk), force=True)
        visitor.page.set_input_files("#gallery", photo)
        visitor.page.get_by_role("button", name="Done").click()
        visitor.page.wait_for_url("**/capture/*/")
    visitor.context.set_geolocation({"latitude": 52.1161, "longitude": 6.5191})
    visitor.go("/capture/")
    expect(visitor.page.get_by_text("Project, by where you are")).to_be_visible()
    expect(visitor.page.locator("[data-project]")).to_have_text("School De Esch")
    assert not [one for one in sent if "52.1" in one or "6.51" in one]


def test_a_phone_that_is_nearly_full_and_one_that_is(
    phone: Callable[..., Visitor], line: Line, bram: Person, photo: Path
) -> None:
    visitor = phone(bram)
    visitor.page.add_init_script("navigator.storage.estimate = async () => ({ quota: 100e6, usage: 90e6 })")
    open_once(visitor)
    line.cut()
    take(visitor.page, photo, "The last one that fits")
    expect(visitor.page.get_by_text("This phone is nearly full.", exact=False)).to_be_visible()
    visitor.page.evaluate("void (koor.queue.keep = async () => { throw new DOMException('', 'QuotaExceededError') })")
    visitor.page.set_input_files("#gallery", photo)
    visitor.page.get_by_role("button", name="Done").click()
    expect(visitor.page.get_by_text("This phone is full", exact=False)).to_be_visible()
    expect(visitor.page.locator(".shown img")).to_be_visible()

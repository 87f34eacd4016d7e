"""A technician shows a photo from the phone: with signal, without it, with a slip of the thumb."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from koor.flow.hub.media.tests.pictures import MARK, marked
from koor.flow.hub.models import Capture, Item
from koor.ground.people.models import Person
from koor.kernel import files
from koor.kernel.models import Upload
from tests.journeys.conftest import Visitor, until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Screen = Callable[..., Visitor]
LOSE_THE_FIRST_ANSWER = """
  const before = self.fetch
  let lost = false
  self.fetch = async (address, options) => {
    const answer = await before(address, options)
    if (address !== '/capture/' || lost) return answer
    lost = true
    throw new TypeError('Failed to fetch')
  }
"""

FAKE_CAMERA = """
  const fakeCamera = () => {
    const seen = Object.assign(document.createElement('canvas'), { width: 800, height: 600 })
    seen.getContext('2d').fillRect(0, 0, 400, 300)
    setInterval(() => seen.getContext('2d').fillRect(Math.random() * 800, 0, 9, 600), 50)
    return seen.captureStream(10)
  }
  globalThis.ImageCapture = undefined
"""

INSTALLED = """
  const asked = self.matchMedia
  self.matchMedia = query => query.includes('standalone') ? { matches: true } : asked.call(self, query)
"""

FAKE_VOICE = """
  navigator.mediaDevices.getUserMedia = async () => {
    const sound = new AudioContext()
    const tone = sound.createOscillator()
    const heard = sound.createMediaStreamDestination()
    tone.connect(heard)
    tone.start()
    return heard.stream
  }
"""


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"IMG_{number}.jpg" for number in range(3)]
    for number, path in enumerate(paths):
        path.write_bytes(marked("jpeg", size=(800 + number, 600)))
    return paths


def test_a_photo_in_four_taps_and_in_the_library(
    screen: Screen, bram: Person, photos: list[Path], run_jobs: Callable[[], None]
) -> None:
    phone = screen(bram, width=390, height=844)
    phone.go("/capture/")
    phone.page.set_input_files("#gallery", photos[0])
    expect(phone.page.locator(".shown img")).to_be_visible()
    phone.page.fill("[name=sentence]", "All labelled.")
    phone.page.get_by_role("button", name="Done").click()
    phone.page.wait_for_url("**/capture/*/")
    run_jobs()
    expect(phone.page.get_by_role("heading", name="It stands in the library")).to_be_visible()
    item = Item.objects.get()
    for one in item.media.get().renditions.all():
        assert MARK not in files.read(one.file)
    assert phone.complaints == []


def test_without_signal_it_waits_and_arrives_once(screen: Screen, bram: Person, photos: list[Path]) -> None:
    phone = screen(bram, width=390, height=844)
    phone.go("/capture/")
    phone.page.set_input_files("[data-camera] input", photos[0])
    expect(phone.page.get_by_label("One sentence")).to_be_focused()
    phone.page.get_by_label("One sentence").blur()
    phone.page.set_input_files("[data-camera] input", photos[1:])
    expect(phone.page.locator(".shown img")).to_have_count(3)
    expect(phone.page.get_by_label("One sentence")).not_to_be_focused()  # no keyboard before every next photo
    expect(phone.page.locator("[data-camera] input")).to_be_focused()
    phone.page.fill("[name=sentence]", "From the cellar.")
    phone.page.fill("[name=who] >> nth=0", "The neighbour")
    phone.context.set_offline(True)
    phone.page.get_by_role("button", name="Done").click()
    expect(phone.page.get_by_text("Kept on this phone.")).to_be_visible()
    assert Capture.objects.count() == 0
    phone.context.set_offline(False)
    phone.page.wait_for_url("**/capture/*/", timeout=15_000)
    made = Capture.objects.get()
    assert (made.sentence, made.media.count(), made.portrayed.get().name) == ("From the cellar.", 3, "The neighbour")


def test_an_answer_that_got_lost_is_no_second_photo(screen: Screen, bram: Person, photos: list[Path]) -> None:
    """The photo arrived, the answer did not: the phone sends it again under the same key."""
    phone = screen(bram, width=390, height=844)
    phone.page.add_init_script(LOSE_THE_FIRST_ANSWER)
    phone.go("/capture/")
    phone.page.set_input_files("#gallery", photos[0])
    phone.page.get_by_role("button", name="Done").click()
    expect(phone.page.get_by_text("Kept on this phone.")).to_be_visible()
    phone.page.evaluate("dispatchEvent(new Event('online'))")  # it may have gone by itself already
    phone.page.wait_for_url("**/capture/*/")
    assert Capture.objects.count() == 1
    # and who removes it on the phone, where it seems to wait, takes it back in the house too
    phone.go("/capture/")
    phone.page.set_input_files("#gallery", photos[1])
    phone.page.get_by_role("button", name="Done").click()
    remove = "koor.queue.throwAway(one.id).then(() => 1)"
    until(phone.page, f"koor.queue.all().then(([one]) => one?.problem === 'no_signal' && {remove})")
    until(phone.page, "koor.queue.all().then(all => all.length === 0)")
    assert (Capture.objects.count(), Capture.objects.filter(withdrawn_at=None).count()) == (2, 1)


def test_what_can_not_be_used_stays_with_its_reason_until_the_person_decides(
    screen: Screen, bram: Person, tmp_path: Path
) -> None:
    (tmp_path / "drawing.jpg").write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    phone = screen(bram, width=390, height=844)
    phone.go("/capture/")
    phone.page.set_input_files("#gallery", tmp_path / "drawing.jpg")
    phone.page.fill("[name=sentence]", "Kept")
    phone.page.get_by_role("button", name="Done").click()
    waiting = phone.page.locator("#waiting li")
    expect(waiting.get_by_text("SVG drawings")).to_be_visible()
    phone.page.reload()
    expect(waiting.get_by_text("Kept", exact=True)).to_be_visible()
    waiting.get_by_role("button", name="Send again").click()
    expect(waiting.get_by_text("SVG drawings")).to_be_visible()
    waiting.get_by_role("button", name="Remove").click()
    with phone.page.expect_response(lambda answer: answer.request.method == "DELETE"):
        waiting.get_by_role("button", name="Remove for good?").click()
    expect(waiting).to_have_count(0)
    assert not Capture.objects.exists()
    assert not Upload.objects.exists()  # and nothing of it is left in the house


def test_without_script_it_is_a_plain_form(screen: Screen, bram: Person, photos: list[Path]) -> None:
    phone = screen(bram, width=390, height=844, java_script_enabled=False)
    phone.go("/capture/")
    phone.page.set_input_files("[name=photos] >> nth=0", photos[0])
    phone.page.fill("[name=sentence]", "Plain")
    phone.page.get_by_role("button", name="Done").click()
    phone.page.wait_for_url("**/capture/*/")
    assert Capture.objects.get().sentence == "Plain"


def test_a_sentence_and_a_person_in_four_taps_on_a_phone_of_which_nothing_is_known(
    screen: Screen, bram: Person, photos: list[Path], run_jobs: Callable[[], None]
) -> None:
    """From opening to *Done*, each tap counted: the app on the phone asks for the camera by itself, and after the
    photo one types. Who was in it last time is one tap, so three."""
    phone = screen(bram, width=390, height=844, has_touch=True)
    phone.context.add_init_script("navigator.mediaDevices.getUserMedia = async () => fakeCamera()\n" + FAKE_CAMERA)
    phone.context.add_init_script(INSTALLED)
    taps = shown_in(phone, "All labelled.", name="Els")
    assert taps == 4
    first = Capture.objects.get()
    assert (first.sentence, first.portrayed.get().name, first.portrayed.get().agrees) == ("All labelled.", "Els", "yes")
    assert shown_in(phone, "And closed.", known="Els agrees") == 3
    made = Capture.objects.latest("pk")
    assert (made.sentence, made.portrayed.get().name, made.portrayed.get().agrees) == ("And closed.", "Els", "yes")
    assert phone.complaints == []


def shown_in(phone: Visitor, sentence: str, *, name: str = "", known: str = "") -> int:
    """How many taps it took to show a photo with a sentence and somebody in it; within twenty seconds."""
    phone.go("/capture/")
    began, page = time.monotonic(), phone.page
    line = page.locator("[data-who] li").first
    steps = [(page.get_by_role("button", name="Take the photo"), sentence)]
    if known:
        steps += [(page.get_by_role("checkbox", name=known), "")]
    else:
        steps += [(line.get_by_label("Name"), name), (line.get_by_role("button", name="Agrees", exact=True), "")]
    steps += [(page.get_by_role("button", name="Done"), "")]
    for thing, typed in steps:
        thing.tap()
        if typed == sentence:
            expect(page.get_by_label("One sentence")).to_be_focused()
        page.keyboard.type(typed, delay=60)
    page.wait_for_url("**/capture/*/")
    assert time.monotonic() - began < 20
    return len(steps)


def test_who_does_not_want_the_camera_is_not_asked_again(screen: Screen, bram: Person) -> None:
    phone = screen(bram, width=390, height=844)
    phone.context.add_init_script(INSTALLED)
    phone.context.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => {"
        " sessionStorage.asked = Number(sessionStorage.asked ?? 0) + 1; throw new DOMException('', 'NotAllowedError') }"
    )
    for _ in range(2):
        phone.go("/capture/")
        expect(phone.page.get_by_role("button", name="Open the camera here")).to_be_visible()
        expect(phone.page.get_by_text("Take a photo", exact=True)).to_be_visible()
    assert phone.page.evaluate("sessionStorage.asked") == "1"


def test_a_voice_note_is_spoken_on_the_spot(screen: Screen, bram: Person, run_jobs: Callable[[], None]) -> None:
    phone = screen(bram, width=390, height=844)
    phone.context.add_init_script(FAKE_VOICE)
    phone.go("/capture/")
    phone.page.get_by_role("button", name="Say it").click()
    expect(phone.page.get_by_role("button", name="Stop, this is it 0:01")).to_be_visible()
    phone.page.get_by_role("button", name="Stop, this is it").click()
    expect(phone.page.locator(".shown audio")).to_be_visible()
    phone.page.fill("[name=sentence]", "What I hear in this pump.")
    phone.page.get_by_role("button", name="Say it").click()
    expect(phone.page.get_by_role("button", name="Stop, this is it 0:01")).to_be_visible()
    phone.page.get_by_role("button", name="Done").click()  # what is being said goes along
    phone.page.wait_for_url("**/capture/*/")
    run_jobs()
    made = Capture.objects.get()
    assert ([one.kind for one in made.media.all()], made.state) == (["voice", "voice"], "ready")
    assert phone.complaints == []


def test_without_a_microphone_a_recording_is_chosen(screen: Screen, bram: Person) -> None:
    phone = screen(bram, width=390, height=844)
    phone.go("/capture/")
    phone.page.get_by_role("button", name="Say it").click()
    expect(phone.page.get_by_text("The microphone may not be used. Choose a recording.")).to_be_visible()

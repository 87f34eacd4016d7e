"""A technician shows a photo from the phone: with signal, without it, with a slip of the thumb."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from koor.flow.hub import actions
from koor.flow.hub.choices import Agrees
from koor.flow.hub.logic import InPicture, Photo
from koor.flow.hub.media.tests.pictures import MARK, marked
from koor.flow.hub.models import Capture, Item
from koor.ground.people.models import Person
from koor.kernel import files
from tests.journeys.conftest import Visitor

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
    phone.page.set_input_files("#gallery", photos)
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
    waiting.get_by_role("button", name="Remove for good?").click()
    expect(waiting).to_have_count(0)
    assert not Capture.objects.exists()


def test_without_script_it_is_a_plain_form(screen: Screen, bram: Person, photos: list[Path]) -> None:
    phone = screen(bram, width=390, height=844, java_script_enabled=False)
    phone.go("/capture/")
    phone.page.set_input_files("[name=photos] >> nth=0", photos[0])
    phone.page.fill("[name=sentence]", "Plain")
    phone.page.get_by_role("button", name="Done").click()
    phone.page.wait_for_url("**/capture/*/")
    assert Capture.objects.get().sentence == "Plain"


def test_who_was_there_last_time_and_a_sentence_in_four_taps(
    screen: Screen, bram: Person, photos: list[Path], run_jobs: Callable[[], None]
) -> None:
    """From opening to *Done*: the camera stands open, so take it, say it, one name, done. Each tap is counted."""
    actions.capture(by=bram, photos=[Photo("1.jpg", photos[1].read_bytes())], portrayed=[InPicture("Jan", Agrees.YES)])
    phone = screen(bram, width=390, height=844, permissions=["camera"], has_touch=True)
    phone.context.add_init_script("navigator.mediaDevices.getUserMedia = async () => fakeCamera()\n" + FAKE_CAMERA)
    phone.go("/capture/")
    began, taps = time.monotonic(), 0
    for thing, typed in (
        (phone.page.get_by_role("button", name="Take the photo"), ""),
        (phone.page.get_by_label("One sentence"), "All labelled."),
        (phone.page.get_by_role("checkbox", name="Jan agrees"), ""),
        (phone.page.get_by_role("button", name="Done"), ""),
    ):
        thing.tap()
        taps += 1
        phone.page.keyboard.type(typed, delay=60)
    phone.page.wait_for_url("**/capture/*/")
    assert taps == 4
    assert time.monotonic() - began < 20
    made = Capture.objects.latest("pk")
    assert (made.sentence, made.portrayed.get().name, made.portrayed.get().agrees) == ("All labelled.", "Jan", "yes")
    phone.go("/capture/")  # somebody new: their name and one tap
    line = phone.page.locator("[data-who] li").first
    line.get_by_label("Name").fill("Els")
    line.get_by_role("button", name="Agrees", exact=True).tap()
    expect(line.locator("select")).to_have_value("yes")
    assert phone.complaints == []


def test_a_voice_note_is_spoken_on_the_spot(screen: Screen, bram: Person, run_jobs: Callable[[], None]) -> None:
    phone = screen(bram, width=390, height=844)
    phone.context.add_init_script(FAKE_VOICE)
    phone.go("/capture/")
    phone.page.get_by_role("button", name="Say it").click()
    expect(phone.page.get_by_role("button", name="Stop, this is it 0:01")).to_be_visible()
    phone.page.get_by_role("button", name="Stop, this is it").click()
    expect(phone.page.locator(".shown audio")).to_be_visible()
    phone.page.fill("[name=sentence]", "What I hear in this pump.")
    phone.page.get_by_role("button", name="Done").click()
    phone.page.wait_for_url("**/capture/*/")
    run_jobs()
    made = Capture.objects.get()
    assert (made.media.get().kind, made.state) == ("voice", "ready")
    assert phone.complaints == []


def test_without_a_microphone_a_recording_is_chosen(screen: Screen, bram: Person) -> None:
    phone = screen(bram, width=390, height=844)
    phone.go("/capture/")
    phone.page.get_by_role("button", name="Say it").click()
    expect(phone.page.get_by_text("The microphone may not be used. Choose a recording.")).to_be_visible()

"""Films become MP4 with a poster, voice notes M4A; nothing of where, when and with what is left."""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from koor.flow.hub.media import allowed, film, hdr, renditions, sandbox
from koor.flow.hub.media.allowed import Kind
from koor.flow.hub.media.reasons import PictureRefused, Reason
from koor.flow.hub.media.renditions import make
from koor.flow.hub.media.tests.films import MARK, held, in_hdr, recorded
from koor.flow.hub.media.tests.pictures import marked, photo


def put(tmp_path: Path, data: bytes) -> tuple[Path, Path]:
    source, folder = tmp_path / "from-outside", tmp_path / "made"
    source.write_bytes(data)
    folder.mkdir(exist_ok=True)
    return source, folder


def opened(tmp_path: Path, data: bytes) -> tuple[dict[str, Any], Path]:
    """In this process: quick, and seen by coverage."""
    source, folder = put(tmp_path, data)
    return film.film(str(source), folder), folder


@pytest.mark.parametrize("kind", ["mp4", "mov", "webm"])
def test_a_film_becomes_mp4_with_a_poster(tmp_path: Path, kind: str) -> None:
    made, folder = opened(tmp_path, recorded(kind))
    assert (made["kind"], made["width"], made["height"]) == ("film", 320, 240)
    assert 0.8 < made["seconds"] < 1.2
    with av.open(str(folder / "film.mp4")) as clean:
        assert [(one.type, one.codec_context.name) for one in clean.streams] == [("video", "h264"), ("audio", "aac")]
        assert sum(1 for _ in clean.decode(video=0)) == 10
    data = (folder / "film.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat"), "it begins to play before it is all there"
    posters = [one for one in made["renditions"] if one["mime"] == "image/jpeg"]
    assert [one["width"] for one in posters] == [107, 213, 320]
    with Image.open(folder / "320.jpg") as poster:
        assert poster.convert("L").getpixel((160, 20)) > 180 > 60 > poster.convert("L").getpixel((160, 220))


@pytest.mark.parametrize("kind", ["mp4", "mov", "webm", "m4a", "ogg", "mp3", "wav"])
def test_nothing_but_picture_and_sound_is_left(tmp_path: Path, kind: str) -> None:
    data = recorded(kind)
    assert MARK.encode() in data, "the test itself must plant its marks"
    made, folder = opened(tmp_path, data)
    for one in made["renditions"]:
        left = (folder / one["name"]).read_bytes()
        assert not [word for word in (b"GEHEIM", b"udta", b"+52.1", b"Lavf", b"Lavc", b"x264", b"Exif") if word in left]


@pytest.mark.parametrize("kind", ["m4a", "ogg", "mp3", "wav"])
def test_a_voice_note_becomes_m4a(tmp_path: Path, kind: str) -> None:
    made, folder = opened(tmp_path, recorded(kind))
    assert (made["kind"], made["width"], [one["name"] for one in made["renditions"]]) == ("voice", 0, ["voice.m4a"])
    with av.open(str(folder / "voice.m4a")) as clean:
        assert [one.codec_context.name for one in clean.streams] == ["aac"]


@pytest.mark.parametrize(("degrees", "size"), [(90, (240, 320)), (180, (320, 240)), (270, (240, 320))])
def test_a_film_is_turned_upright(tmp_path: Path, degrees: int, size: tuple[int, int]) -> None:
    made, folder = opened(tmp_path, held(recorded("mp4"), degrees))
    assert (made["width"], made["height"]) == size
    with av.open(str(folder / "film.mp4")) as clean:
        assert next(clean.decode(video=0)).rotation == 0
    with Image.open(folder / f"{size[0]}.jpg") as poster:
        grey = poster.convert("L")
        bright = {90: (220, 160), 180: (160, 220), 270: (20, 160)}[degrees]  # what was above, turned clockwise
        assert grey.getpixel(bright) > 150


def test_a_large_film_becomes_smaller_and_slower(tmp_path: Path) -> None:
    made, folder = opened(tmp_path, recorded("mp4", size=(2560, 1440), rate=60, seconds=0.2))
    assert (made["width"], made["height"]) == (1920, 1080)
    with av.open(str(folder / "film.mp4")) as clean:
        assert sum(1 for _ in clean.decode(video=0)) in (5, 6, 7)


@pytest.mark.parametrize("kind", ["mp4", "webm", "m4a", "ogg", "wav"])
def test_damaged_recordings_end_in_a_recording_or_a_reason(tmp_path: Path, kind: str) -> None:
    whole = recorded(kind)
    for place in (60, len(whole) // 3, len(whole) * 2 // 3):
        holed = whole[:place] + bytes(200) + whole[place + 200 :]
        for data in (whole[:place], holed):
            with contextlib.suppress(PictureRefused):
                opened(tmp_path, data)


def test_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film, "FILM_SECONDS", 0.1)
    monkeypatch.setattr(film, "VOICE_SECONDS", 0.1)
    for kind, reason in (("mp4", Reason.FILM_TOO_LONG), ("wav", Reason.VOICE_TOO_LONG)):
        with pytest.raises(PictureRefused) as refusal:
            opened(tmp_path, recorded(kind, seconds=2))
        assert refusal.value.reason is reason


def test_the_child_makes_it_and_tells_how_far_it_is(tmp_path: Path) -> None:
    source, folder = put(tmp_path, recorded("mov"))
    made = make(source, folder)
    assert (made.kind, made.width, made.renditions[-1].mime) == (Kind.FILM, 320, "video/mp4")
    with pytest.raises(PictureRefused) as refusal:
        make(source, folder, only=Kind.PHOTO)
    assert refusal.value.reason is Reason.NOT_A_PICTURE
    source.write_bytes(recorded("mp4")[:300])
    with pytest.raises(PictureRefused) as refusal:
        make(source, folder)
    assert refusal.value.reason is Reason.FILM_BROKEN


def test_progress_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = b'{"done": 0.25}\n{"done": 0.5}\n{"refused": "empty"}\n'
    read, write = os.pipe()
    os.write(write, lines)
    os.close(write)

    class Child:
        pid, stdout = 0, os.fdopen(read, "rb")

        def wait(self) -> None:
            self.stdout.close()

    told: list[float] = []
    late, last = renditions._listened_to(Child(), 5, told.append)  # type: ignore[arg-type]
    assert (late, told, last) == (False, [0.25, 0.5], b'{"refused": "empty"}\n')


def test_the_child_answers_in_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sandbox, "close_in", lambda **_: True)  # or this process would be shut in
    monkeypatch.setattr(sandbox, "die_with_parent", lambda: None)
    source, folder = put(tmp_path, recorded("wav"))
    assert film.main(str(source), str(folder)) == 0
    source.write_bytes(marked("jpeg"))
    assert film.main(str(source), str(folder)) == 0
    assert capsys.readouterr().out.splitlines()[-1] == '{"refused": "other_film"}'


def test_the_list_of_what_may_come_in() -> None:
    kinds = {
        kind: allowed.kind_of(recorded(kind)[: allowed.HEAD_BYTES]) for kind in ("mp4", "mov", "webm", "ogg", "mp3")
    }
    assert kinds == {"mp4": "film", "mov": "film", "webm": "film", "ogg": "voice", "mp3": "voice"}
    assert allowed.check(marked("heic"), 1) is Kind.PHOTO
    for kind, reason in (("mp4", Reason.FILM_TOO_LARGE), ("wav", Reason.VOICE_TOO_LARGE)):
        with pytest.raises(PictureRefused) as refusal:
            allowed.check(recorded(kind), allowed.LARGEST + 1)
        assert refusal.value.reason is reason
    out = io.BytesIO()
    photo().save(out, "JPEG")
    with pytest.raises(PictureRefused):
        allowed.check(out.getvalue(), 40_000_001)


@pytest.mark.parametrize(
    ("transfer", "signal", "grey"),
    [
        (hdr.HLG, 0.75, 228),  # the white of a sheet of paper
        (hdr.HLG, 0.38, 108),  # a grey card, as bright as in an ordinary film
        (hdr.PQ, 0.58, 228),
        (hdr.PQ, 0.38, 108),
        (hdr.PQ, 0.0, 0),
    ],
)
def test_an_hdr_film_is_as_bright_as_an_ordinary_one(tmp_path: Path, transfer: int, signal: float, grey: int) -> None:
    _made, folder = opened(tmp_path, in_hdr(transfer, signal))
    with Image.open(folder / "320.jpg") as poster:
        seen = poster.convert("RGB").getpixel((160, 120))
    assert all(abs(one - grey) <= 12 for one in seen), seen
    assert not (folder / "colours.cube").exists()
    with av.open(str(folder / "film.mp4")) as clean:
        assert int(clean.streams.video[0].codec_context.color_trc) in (1, 2)


def test_colours_of_hdr_stay_colours(tmp_path: Path) -> None:
    """Red stays red, a bright sky keeps something above a white wall, nothing leaves the range."""
    import numpy as np

    red, wall, sky = hdr.ordinary(np.array([[0.6, 0.2, 0.2], [0.75, 0.75, 0.75], [1.0, 1.0, 1.0]]), hdr.HLG)
    assert red[0] > 2 * red[1]
    assert wall[0] + 0.05 < sky[0] <= 1
    every = hdr.ordinary(np.random.default_rng(1).random((500, 3)), hdr.PQ)
    assert ((every >= 0) & (every <= 1)).all()

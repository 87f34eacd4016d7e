"""The child process for films and voice notes: `python -I -m koor.flow.hub.media.film SOURCE FOLDER`.

Writes `film.mp4` (H.264 and AAC, at most 1080 lines, 30 pictures a second) with a poster in every width, or
`voice.m4a`; nothing but picture and sound goes over. Lines of JSON on standard output: {"done": 0.4} as it goes,
then {"picture": {…}} or {"refused": reason}. Reads through a Python file: no protocol of the library is ever used."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from koor.flow.hub.media import hdr, sandbox, worker
from koor.flow.hub.media.allowed import FILM_SECONDS, VOICE_SECONDS, Kind
from koor.flow.hub.media.reasons import PictureRefused, Reason
from koor.flow.hub.media.sizes import sizes_for
from koor.flow.hub.media.sniff import HEAD_BYTES, Format, file_format

if TYPE_CHECKING:
    import av

MEMORY = 1536 * 1024 * 1024
PROCESSOR_SECONDS = 3600
WRITTEN = 700_000_000  # bytes of one file
MOST_STREAMS = 16
MOST_DOTS = 36_000_000  # of one picture of a film: 8K
SIDE = 1920  # no film is wider or higher
SHORT_SIDE = 1080
RATE = 30  # pictures a second, at most
SOUND_RATE = 48_000
DEMUXERS = {
    Format.MP4: "mov",
    Format.M4A: "mov",
    Format.WEBM: "matroska",
    Format.OGG: "ogg",
    Format.MP3: "mp3",
    Format.WAV: "wav",
}
PICTURES = frozenset({"h264", "hevc", "vp8", "vp9", "av1", "libdav1d", "mpeg4", "h263", "prores"})
SOUNDS = frozenset({"aac", "opus", "libopus", "vorbis", "mp3", "mp3float", "alac", "flac", "amrnb", "amrwb"})
TURNS = {
    90: "transpose=cclock",
    180: "hflip,vflip",
    -180: "hflip,vflip",
    -90: "transpose=clock",
    270: "transpose=clock",
}


def main(source: str, folder: str) -> int:
    def make() -> dict[str, Any]:
        return film(source, Path(folder))

    limits = {"memory": MEMORY, "seconds": PROCESSOR_SECONDS, "written": WRITTEN}
    return sandbox.answered(make, heavy=Reason.TOO_HEAVY, **limits)


def film(source: str, folder: Path) -> dict[str, Any]:
    """Makes the clean files. Raises `PictureRefused`, or OSError for our own trouble."""
    import av

    av.logging.set_level(None)
    with open(source, "rb") as file:
        found = file_format(file.read(HEAD_BYTES))
        if found not in DEMUXERS:
            raise PictureRefused(Reason.OTHER_FILM)
        file.seek(0)
        try:
            with av.open(file, "r", format=DEMUXERS[found], options={"enable_drefs": "0"}) as opened:
                return {"format": found.value, **_made(opened, folder)}
        except OSError as error:
            if not isinstance(error, av.error.FFmpegError) or "space" in str(error).lower():
                raise
            raise PictureRefused(Reason.FILM_BROKEN) from error
        except (av.error.FFmpegError, ValueError, IndexError, UnicodeError, OverflowError) as error:
            raise PictureRefused(Reason.FILM_BROKEN) from error


def _made(opened: av.container.InputContainer, folder: Path) -> dict[str, Any]:
    seen, heard = _streams(opened)
    kind = Kind.FILM if seen else Kind.VOICE
    most, too_long = (FILM_SECONDS, Reason.FILM_TOO_LONG) if seen else (VOICE_SECONDS, Reason.VOICE_TOO_LONG)
    length = (opened.duration or 0) / 1_000_000
    if length > most + 1:
        raise PictureRefused(too_long)
    name = folder / ("film.mp4" if seen else "voice.m4a")
    road = _Road(opened, seen, heard, name, length or most, most, too_long)
    road.travel()
    empty_user_data(name)
    whole = {"name": name.name, "mime": "video/mp4" if seen else "audio/mp4", "bytes": name.stat().st_size}
    made = {"width": road.width, "height": road.height}
    answer = {"kind": kind.value, "seconds": round(road.latest, 2), "frames": 1, **made, "fingerprint": ""}
    if seen is None:
        return {**answer, "renditions": [{**whole, **made}]}
    poster = _picture_of(road.poster)
    pictures = worker.all_written(poster, sizes_for(poster.width, poster.height), folder)
    return {**answer, "fingerprint": worker.fingerprint(poster), "renditions": [*pictures, {**whole, **made}]}


def _streams(opened: av.container.InputContainer) -> tuple[Any, Any]:
    """What to see and what to hear; covers of albums, subtitles, tracks of places and of data stay behind.

    Raises `PictureRefused` when there is neither."""
    if len(opened.streams) > MOST_STREAMS:
        raise PictureRefused(Reason.FILM_BROKEN)
    seen = next((one for one in opened.streams.video if not _is_cover(one)), None)
    heard = next((one for one in opened.streams.audio if _known(one, SOUNDS) and one.rate), None)
    if seen is not None and not _known(seen, PICTURES):
        raise PictureRefused(Reason.OTHER_FILM)
    if seen is not None and (seen.width * seen.height > MOST_DOTS or not seen.width or not seen.height):
        raise PictureRefused(Reason.TOO_HEAVY if seen.width else Reason.FILM_BROKEN)
    if seen is None and heard is None:
        raise PictureRefused(Reason.NOTHING_IN_IT)
    if seen is not None:
        seen.codec_context.thread_count = 2
    return seen, heard


def _is_cover(stream: Any) -> bool:
    import av

    return bool(stream.disposition & av.stream.Disposition.attached_pic) or stream.codec_context is None


def _known(stream: Any, allowed: frozenset[str]) -> bool:
    name = stream.codec_context.codec.name if stream.codec_context else ""
    return name in allowed or (allowed is SOUNDS and name.startswith("pcm_"))


class _Road:
    """From one container to another, packet by packet."""

    def __init__(
        self, opened: Any, seen: Any, heard: Any, name: Path, length: float, most: float, too_long: Reason
    ) -> None:
        import av

        self.opened, self.seen, self.heard = opened, seen, heard
        self.folder = name.parent
        self.length, self.most, self.too_long = length, most, too_long
        self.latest, self.told = 0.0, time.monotonic()
        self.width = self.height = 0
        self.poster: Any = None
        self.graph: Any = None
        self.due = -1.0
        # Bitexact: the muxer does not sign with its own name and version either.
        options = {"movflags": "+faststart", "fflags": "+bitexact"}
        self.out = av.open(str(name), "w", format="mp4" if seen else "ipod", options=options)
        self.pictures: Any = None
        self.sound: Any = None

    def _sound(self) -> Any:
        import av

        layout = "stereo" if (self.heard.codec_context.layout.nb_channels or 1) > 1 else "mono"
        made = self.out.add_stream("aac", rate=SOUND_RATE, layout=layout)
        made.bit_rate = 128_000 if layout == "stereo" else 80_000
        made.options = {"flags": "+bitexact"}  # or the encoder writes its name into the sound
        self.resampler = av.AudioResampler("fltp", layout, SOUND_RATE, 1024)
        return made

    def travel(self) -> None:
        wanted = [one for one in (self.seen, self.heard) if one is not None]
        try:
            if self.seen is not None:
                self._first_picture()
            if self.heard is not None:
                self.sound = self._sound()
            self._open()
            for frame in self._frames(wanted):
                self._pass_on(frame)
            self._finish()
        finally:
            self.out.close()

    def _first_picture(self) -> None:
        """The film's own stream must exist before anything is written; its size follows from the first picture."""
        for packet in self.opened.demux(self.seen):
            for frame in self._decoded(packet):
                self._prepare(frame)
                self.opened.seek(0)
                return
        raise PictureRefused(Reason.FILM_BROKEN)

    def _prepare(self, frame: Any) -> None:
        turned = frame.rotation % 180 != 0
        width, height = (frame.height, frame.width) if turned else (frame.width, frame.height)
        aspect = self.seen.sample_aspect_ratio or Fraction(1)
        if not turned and Fraction(1, 4) <= aspect <= 4:
            width = round(width * aspect)
        scale = min(1.0, SIDE / max(width, height), SHORT_SIDE / min(width, height))
        self.width, self.height = (max(2, round(one * scale / 2) * 2) for one in (width, height))
        rate = self.seen.average_rate or RATE
        self.pictures = self.out.add_stream("libx264", rate=min(Fraction(rate), Fraction(RATE)))
        self.pictures.width, self.pictures.height, self.pictures.pix_fmt = self.width, self.height, "yuv420p"
        self.pictures.codec_context.time_base = self.pictures.time_base = Fraction(1, 90_000)
        self.pictures.codec_context.thread_count = 2
        self.pictures.options = {
            "preset": "veryfast", "crf": "23", "maxrate": "6M", "bufsize": "12M", "rc-lookahead": "10",
            "flags": "+bitexact",
        }  # fmt: skip

    def _open(self) -> None:
        import av

        self.out.start_encoding()
        if self.pictures is not None:
            self.bare = av.bitstream.BitStreamFilterContext("filter_units=remove_types=6", self.pictures)

    def _frames(self, wanted: list[Any]) -> Iterator[Any]:
        for packet in self.opened.demux(*wanted):
            yield from self._decoded(packet)

    def _decoded(self, packet: Any) -> list[Any]:
        """A film that breaks off in one place is refused; a few damaged bytes of sound are left out."""
        import av

        try:
            return list(packet.decode())
        except av.error.InvalidDataError:
            if packet.stream is self.seen and self.seen is not None:
                raise
            return []

    def _pass_on(self, frame: Any) -> None:
        import av

        moment = frame.time
        if moment is not None:
            self.latest = max(self.latest, moment)
            if self.latest > self.most + 1:
                raise PictureRefused(self.too_long)
        self._tell()
        if isinstance(frame, av.VideoFrame):
            self._pass_picture(frame)
        else:
            self._pass_sound(frame)

    def _pass_picture(self, frame: Any) -> None:
        if frame.time is None or frame.time < self.due:
            return
        self.due = frame.time + 1 / RATE - 0.004  # a little early: clocks of phones tremble
        clean = self._turned(frame)
        if self.poster is None or (frame.time <= min(1.0, self.length / 3)):
            self.poster = clean
        clean.pts, clean.time_base = round(frame.time * 90_000), Fraction(1, 90_000)
        clean.pict_type = 0
        self._mux(self.pictures.encode(clean))

    def _mux(self, packets: list[Any]) -> None:
        """Without the lines in which the encoder tells its settings."""
        for packet in packets:
            self.out.mux(self.bare.filter(packet))

    def _turned(self, frame: Any) -> Any:
        """Upright, in our size, in the colours that every player knows."""
        if self.graph is None:
            self.graph = self._filters(frame)
        self.graph.push(frame)
        return self.graph.pull()

    def _filters(self, frame: Any) -> Any:
        import av

        steps = [*TURNS.get(round(frame.rotation), "").split(",")]
        if hdr.is_hdr(frame):
            steps += hdr.steps(frame, self.width, self.height, self.folder)
        else:
            steps += [f"scale={self.width}:{self.height}:flags=bilinear"]
        made = av.filter.Graph()
        place = made.add_buffer(
            width=frame.width, height=frame.height, format=frame.format, time_base=Fraction(1, 90_000)
        )
        for step in filter(None, [*steps, "setsar=1", "format=yuv420p"]):
            name, _, values = step.partition("=")
            added = made.add(name, values)
            place.link_to(added)
            place = added
        place.link_to(made.add("buffersink"))
        made.configure()
        (self.folder / hdr.TABLE).unlink(missing_ok=True)  # the filter has read it
        return made

    def _pass_sound(self, frame: Any) -> None:
        if self.sound is None:
            return
        for piece in self.resampler.resample(frame):
            self.out.mux(self.sound.encode(piece))

    def _finish(self) -> None:
        if self.sound is not None:
            for piece in self.resampler.resample(None):
                self.out.mux(self.sound.encode(piece))
            self.out.mux(self.sound.encode(None))
        if self.pictures is not None:
            self._mux(self.pictures.encode(None))
        if self.latest <= 0 and self.poster is None:
            raise PictureRefused(Reason.NOTHING_IN_IT)

    def _tell(self) -> None:
        if time.monotonic() - self.told > 1:
            self.told = time.monotonic()
            sandbox.say({"done": round(min(0.99, self.latest / self.length), 3)})


def empty_user_data(path: Path) -> None:
    """The box for titles and places (moov/udta) becomes free space: our muxer writes one, with nothing in it."""
    with path.open("r+b") as file:
        for at, name, size in list(_boxes(file, 0, path.stat().st_size)):
            inside = list(_boxes(file, at + 8, at + size)) if name == b"moov" else []
            for inner, inner_name, inner_size in inside:
                if inner_name in (b"udta", b"meta"):
                    file.seek(inner + 4)
                    file.write(b"free" + bytes(inner_size - 8))


def _boxes(file: Any, at: int, end: int) -> Iterator[tuple[int, bytes, int]]:
    while at + 8 <= end:
        file.seek(at)
        head = file.read(16)
        size = int.from_bytes(head[:4], "big")
        size = int.from_bytes(head[8:16], "big") if size == 1 else size or end - at
        if size < 8:
            return
        yield at, head[4:8], size
        at += size


def _picture_of(frame: Any) -> Any:
    """A picture of a film as libvips wants it."""
    import pyvips

    plain = frame.reformat(format="rgb24")
    plane = plain.planes[0]
    wide = pyvips.Image.new_from_memory(bytes(plane), plane.line_size // 3, plain.height, 3, "uchar")
    return wide.crop(0, 0, plain.width, plain.height).copy(interpretation="srgb").copy_memory()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))

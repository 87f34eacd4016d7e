"""Films and voice notes of a second, made on the spot by the library that opens them, with marks in them."""

from __future__ import annotations

import io
import struct
from fractions import Fraction
from typing import Any

import av

MARK = "GEHEIM-5207N-0630E"
CODECS = {
    "mp4": ("mp4", "libx264", "aac"),
    "mov": ("mov", "libx264", "aac"),
    "webm": ("webm", "libvpx", "libopus"),
    "m4a": ("ipod", None, "aac"),
    "ogg": ("ogg", None, "libopus"),
    "mp3": ("mp3", None, "libmp3lame"),
    "wav": ("wav", None, "pcm_s16le"),
}
TURNED = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}


def recorded(kind: str, *, seconds: float = 1, size: tuple[int, int] = (320, 240), rate: int = 10) -> bytes:
    """A film or voice note of this kind, with a title and a place in its container."""
    form, seen, heard = CODECS[kind]
    out = io.BytesIO()
    with av.open(out, "w", format=form) as made:
        for name in ("title", "comment", "location", "com.apple.quicktime.location.ISO6709"):
            made.metadata[name] = f"{MARK} +52.1178+006.5047/"
        picture: Any = made.add_stream(seen, rate=rate) if seen else None
        sound: Any = made.add_stream(heard, rate=48_000, layout="mono") if heard else None
        if picture:
            picture.width, picture.height, picture.pix_fmt = *size, "yuv420p"
            for number in range(round(rate * seconds)):
                made.mux(picture.encode(frame_of(size, number, rate)))
            made.mux(picture.encode(None))
        if sound:
            for piece in silence(sound, seconds):
                made.mux(sound.encode(piece))
            made.mux(sound.encode(None))
    return out.getvalue()


def frame_of(size: tuple[int, int], number: int, rate: int) -> Any:
    """Bright above, dark below, so that one sees which way up it is."""
    frame = av.VideoFrame(*size, "yuv420p")
    for at, plane in enumerate(frame.planes):
        half = plane.buffer_size // 2
        plane.update(bytes([235 - number if at == 0 else 128]) * half + bytes([16 if at == 0 else 128]) * half)
    frame.pts, frame.time_base = number, Fraction(1, rate)
    return frame


def silence(sound: Any, seconds: float) -> Any:
    length, done = sound.codec_context.frame_size or 1024, 0
    while done < 48_000 * seconds:
        piece = av.AudioFrame(sound.codec_context.format.name, "mono", length)
        piece.rate, piece.pts, piece.time_base = 48_000, done, Fraction(1, 48_000)
        piece.planes[0].update(bytes(piece.planes[0].buffer_size))
        done += length
        yield piece


def held(data: bytes, degrees: int) -> bytes:
    """An MP4 as a phone makes it that is held on its side: the dots stay, a matrix in its header tells."""
    turned, at = bytearray(data), 0
    a, b, c, d = TURNED[degrees]
    while (at := turned.find(b"tkhd", at)) >= 0:
        struct.pack_into(">9i", turned, at + 44, a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30)
        at += 4
    return bytes(turned)


def in_hdr(transfer: int, signal: float, *, size: tuple[int, int] = (320, 240), rate: int = 10) -> bytes:
    """One grey of an HDR film (0 to 1 of its signal), as phones write it: HEVC of 10 bits in BT.2020."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as made:
        seen: Any = made.add_stream("libx265", rate=rate)
        seen.width, seen.height, seen.pix_fmt = *size, "yuv420p10le"
        seen.options = {"x265-params": "log-level=none"}
        seen.codec_context.color_trc, seen.codec_context.color_primaries, seen.codec_context.colorspace = transfer, 9, 9
        for number in range(rate):
            frame = av.VideoFrame(*size, "yuv420p10le")
            for plane, value in zip(frame.planes, (64 + 876 * signal, 512, 512), strict=True):
                plane.update(struct.pack("<H", round(value)) * (plane.buffer_size // 2))
            frame.pts, frame.time_base = number, Fraction(1, rate)
            made.mux(seen.encode(frame))
        made.mux(seen.encode(None))
    return out.getvalue()

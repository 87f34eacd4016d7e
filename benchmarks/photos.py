"""Photos through the house's own road and through Pillow with its default settings, in one run on one machine.

    python -m benchmarks.photos [--json] [--photos N]

Both open the same files, turn them upright, convert them to sRGB and write the same widths in WebP and JPEG. The answers
are laid beside each other: the same sizes, and colours that differ little. Both work in this process, one file after
another, so that decoding and encoding are compared and not the starting of processes; that is told apart."""

from __future__ import annotations

import argparse
import io
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageCms, ImageOps, ImageStat

from koor.flow.hub.media import renditions, worker
from koor.flow.hub.media.sizes import sizes_for

SIZE = (4032, 3024)  # what a phone takes: 12 megapixels
FAR = 6.0  # mean difference of a channel, out of 255, up to which colours are the same
SRGB = ImageCms.createProfile("sRGB")


def taken(number: int) -> bytes:
    """A photo as a phone stores it: on its side, with a place in it; detail like a photo's, never twice the same."""
    width, height = SIZE
    coarse = Image.effect_noise((width // 12, height // 12), 70 + number).resize(SIZE, Image.Resampling.BICUBIC)
    fine = Image.effect_noise((width // 3, height // 3), 16).resize(SIZE, Image.Resampling.BICUBIC)
    grey = Image.blend(coarse, fine, 0.4)
    image = Image.merge("RGB", (grey, ImageOps.mirror(grey), ImageOps.flip(grey)))
    tags = Image.Exif()
    tags[0x0112] = (1, 6, 3, 8)[number % 4]  # which way up
    tags.get_ifd(0x8825)[1] = "N"  # a place
    out = io.BytesIO()
    profile = ImageCms.ImageCmsProfile(SRGB).tobytes()
    image.save(out, "JPEG", quality=90, exif=tags, icc_profile=profile)
    return out.getvalue()


def by_pillow(source: Path, folder: Path) -> None:
    with Image.open(source) as opened:
        image = ImageOps.exif_transpose(opened)
        if profile := opened.info.get("icc_profile"):
            image = ImageCms.profileToProfile(image, io.BytesIO(profile), SRGB, outputMode="RGB") or image
        image.info.clear()
        image.getexif().clear()
        for size in sizes_for(*image.size):
            small = image.resize(size)
            small.save(folder / f"{size[0]}.webp")
            small.save(folder / f"{size[0]}.jpg")


def by_koor(source: Path, folder: Path) -> None:
    worker.picture(str(source), folder)


def in_a_process(source: Path, folder: Path) -> None:
    renditions.make(source, folder)


def seconds(road: Any, sources: list[Path], folder: Path) -> float:
    """Of all photos together; the first is done once before, so that nobody pays for imports."""
    folder.mkdir()
    road(sources[0], folder)
    began = time.perf_counter()
    for source in sources:
        (folder / source.stem).mkdir()
        road(source, folder / source.stem)
    return time.perf_counter() - began


def differences(one: Path, other: Path) -> dict[str, Any]:
    """What the two made: the same files in the same sizes, and how far their colours are apart."""
    names = sorted(str(path.relative_to(one)) for path in one.glob("*/*"))
    same = names == sorted(str(path.relative_to(other)) for path in other.glob("*/*"))
    farthest = 0.0
    for name in names if same else ():
        with Image.open(one / name) as left, Image.open(other / name) as right:
            same = same and left.size == right.size
            if left.size == right.size:
                # Blocks of the picture, not single dots: each road has its own way of making smaller
                blocks = [side.convert("RGB").resize((64, 64), Image.Resampling.BOX) for side in (left, right)]
                apart = ImageChops.difference(*blocks)
                farthest = max(farthest, *ImageStat.Stat(apart).mean)
    return {
        "files": len(names),
        "same_sizes": same,
        "colours_apart": round(farthest, 2),
        "equal": same and farthest <= FAR,
    }


def measured(photos: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="koor-bench-") as room:
        place = Path(room)
        sources = []
        for number in range(photos):
            sources.append(place / f"{number}.jpg")
            sources[-1].write_bytes(taken(number))
        roads = {"pillow": by_pillow, "koor": by_koor, "koor_in_a_process": in_a_process}
        times = {name: seconds(road, sources, place / name) for name, road in roads.items()}
        return {
            "photos": photos,
            "megapixels": round(SIZE[0] * SIZE[1] / 1e6, 1),
            "seconds_each": {name: round(taken_in / photos, 3) for name, taken_in in times.items()},
            "times_pillow": {name: round(times["pillow"] / taken_in, 2) for name, taken_in in times.items()},
            "answers": differences(place / "pillow", place / "koor"),
        }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.photos")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--photos", type=int, default=12)
    asked = parser.parse_args()
    found = measured(max(1, asked.photos))
    sys.stdout.write(json.dumps(found, indent=None if asked.json else 1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

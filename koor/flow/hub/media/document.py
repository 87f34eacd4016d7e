"""The child process for documents: `python -I -m koor.flow.hub.media.document SOURCE FOLDER`.

Writes `document.pdf` (`pages.clean`), a picture of each page (`page-1.jpg` and on), and the first page in every width
of a picture. Lines of JSON on standard output as for films. The pictures are made of the clean document, so that what
somebody looks at is what goes. Imports the libraries only after the process is shut in."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from koor.flow.hub.media import sandbox, worker
from koor.flow.hub.media.allowed import Kind
from koor.flow.hub.media.reasons import PictureRefused, Reason
from koor.flow.hub.media.sizes import LONGEST, sizes_for

if TYPE_CHECKING:
    import pyvips

MEMORY = 1024 * 1024 * 1024
PROCESSOR_SECONDS = 600
WRITTEN = 220_000_000  # bytes of one file
WIDE, FIRST_WIDE = 1080, 2048  # dots of a page, and of the first
NAME = "document.pdf"


def main(source: str, folder: str) -> int:
    """0 whenever there is an answer, also a refusal."""
    sandbox.die_with_parent()
    sandbox.close_in(memory=MEMORY, seconds=PROCESSOR_SECONDS, written=WRITTEN)
    try:
        answer: dict[str, Any] = {"picture": document(Path(source), Path(folder))}
    except PictureRefused as refusal:
        answer = {"refused": refusal.reason.value}
    except MemoryError:
        answer = {"refused": Reason.DOCUMENT_HEAVY.value}
    _say(answer)
    return 0


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def document(source: Path, folder: Path) -> dict[str, Any]:
    """Makes the clean files. Raises `PictureRefused`, or OSError for our own trouble."""
    from koor.flow.hub.media import pages

    pages.clean(source, folder / NAME)
    first, drawn = _drawn(folder)
    pictures = worker.all_written(first, sizes_for(first.width, first.height), folder)
    size = {"width": first.width, "height": first.height}
    whole = {"name": NAME, "mime": "application/pdf", "bytes": (folder / NAME).stat().st_size, **size}
    made = {"format": "pdf", "kind": Kind.DOCUMENT.value, "frames": 1, **size, "pages": drawn}
    return {**made, "fingerprint": worker.fingerprint(first), "renditions": [*pictures, whole]}


def _drawn(folder: Path) -> tuple[pyvips.Image, list[dict[str, Any]]]:
    """The first page, large, and all pages as files."""
    import pypdfium2

    told = time.monotonic()
    rows = []
    try:
        with pypdfium2.PdfDocument(folder / NAME) as opened:
            first = _page(opened, 0, FIRST_WIDE)
            for number in range(len(opened)):
                picture = _page(opened, number, WIDE)
                path = folder / f"page-{number + 1}.jpg"
                picture.write_to_file(str(path), keep="none", Q=84, optimize_coding=True)
                size = {"width": picture.width, "height": picture.height, "bytes": path.stat().st_size}
                rows.append({"name": path.name, "mime": "image/jpeg", **size})
                if time.monotonic() - told > 1:
                    told = time.monotonic()
                    _say({"done": round((number + 1) / len(opened), 3)})
    except pypdfium2.PdfiumError as error:
        raise PictureRefused(Reason.DOCUMENT_BROKEN) from error
    return first, rows


def _page(opened: Any, number: int, wide: int) -> pyvips.Image:
    """One page so wide, or as high as a picture may be."""
    import pyvips

    page = opened[number]
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        raise PictureRefused(Reason.DOCUMENT_BROKEN)
    bitmap = page.render(scale=min(wide / width, LONGEST / height), rev_byteorder=True, may_draw_forms=False)
    data = bytes(bitmap.buffer)
    bands = bitmap.n_channels
    whole = pyvips.Image.new_from_memory(data, bitmap.stride // bands, bitmap.height, bands, "uchar")
    picture = whole.crop(0, 0, bitmap.width, bitmap.height).copy(interpretation="srgb" if bands >= 3 else "b-w")
    bitmap.close()
    page.close()
    return worker.plain(picture).copy_memory()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))

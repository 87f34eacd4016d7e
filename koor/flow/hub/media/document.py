"""The child process for documents: `python -I -m koor.flow.hub.media.document SOURCE FOLDER`.

A document leaves as it looks: each page is drawn once, and `document.pdf` is made of these drawings and of nothing
else. So nothing goes along that its maker doesn't see: names, versions, scripts, files, layers that are off, words
under a black bar. The same drawings are `page-1.jpg` and on, and the first is written in every width of a picture.
Lines of JSON on standard output as for films. Imports the libraries only after the process is shut in."""

from __future__ import annotations

import errno
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from koor.flow.hub.media import sandbox, worker
from koor.flow.hub.media.allowed import MOST_BYTES, MOST_PAGES, Kind
from koor.flow.hub.media.reasons import PictureRefused, Reason
from koor.flow.hub.media.sizes import LONGEST, sizes_for

if TYPE_CHECKING:
    import pyvips

MEMORY = 1024 * 1024 * 1024
PROCESSOR_SECONDS = 150
WRITTEN = MOST_BYTES[Kind.DOCUMENT]  # of one file: what we make is no larger than what we take
WIDE = 1600  # dots: a page of A4 as sharp as a good print
INCH, DOTS = 72, 200  # of the made document: so many of its points and dots to an inch
NAME = "document.pdf"
PASSWORD = 4  # PDFium: FPDF_ERR_PASSWORD
ENDS_WITHIN = 4096  # bytes of the end of a file


def main(source: str, folder: str) -> int:
    def make() -> dict[str, Any]:
        return document(Path(source), Path(folder))

    limits = {"memory": MEMORY, "seconds": PROCESSOR_SECONDS, "written": WRITTEN}
    return sandbox.answered(make, heavy=Reason.DOCUMENT_HEAVY, **limits)


def document(source: Path, folder: Path) -> dict[str, Any]:
    """Makes the clean files. Raises `PictureRefused`, or OSError for our own trouble."""
    import pyvips

    _check_whole(source)
    drawn = _drawn(source, folder)
    _put_together(folder, drawn)
    first = pyvips.Image.new_from_file(str(folder / drawn[0]["name"])).copy_memory()
    pictures = worker.all_written(first, sizes_for(first.width, first.height), folder)
    size = {"width": first.width, "height": first.height}
    whole = {"name": NAME, "mime": "application/pdf", "bytes": (folder / NAME).stat().st_size, **size}
    made = {"format": "pdf", "kind": Kind.DOCUMENT.value, "frames": 1, **size, "pages": drawn}
    return {**made, "fingerprint": worker.fingerprint(first), "renditions": [*pictures, whole]}


def _check_whole(source: Path) -> None:
    """PDFium mends small damage; of what broke off the half would be gone."""
    with source.open("rb") as file:
        file.seek(max(0, source.stat().st_size - ENDS_WITHIN))
        if b"%%EOF" not in file.read():
            raise PictureRefused(Reason.DOCUMENT_BROKEN)


def _drawn(source: Path, folder: Path) -> list[dict[str, Any]]:
    """A picture of each page, as its reader sees it: what is filled in and laid upon it too."""
    told, rows = time.monotonic(), list[dict[str, Any]]()
    with _opened(source) as opened:
        for number in range(len(opened)):
            picture = _page(opened, number)
            path = folder / f"page-{number + 1}.jpg"
            picture.write_to_file(str(path), keep="none", Q=84, optimize_coding=True)
            size = {"width": picture.width, "height": picture.height, "bytes": path.stat().st_size}
            rows.append({"name": path.name, "mime": "image/jpeg", **size})
            if time.monotonic() - told > 1:
                told = time.monotonic()
                sandbox.say({"done": round((number + 1) / len(opened), 3)})
    return rows


@contextmanager
def _opened(source: Path) -> Iterator[Any]:
    """The document, when it may be opened and is not too long."""
    import pypdfium2
    from pypdfium2 import raw

    try:
        with pypdfium2.PdfDocument(source) as opened:
            if raw.FPDF_GetSecurityHandlerRevision(opened) != -1:  # no word to open it, but rules of who made it
                raise PictureRefused(Reason.DOCUMENT_LOCKED)
            if len(opened) > MOST_PAGES:
                raise PictureRefused(Reason.TOO_MANY_PAGES)
            if not len(opened):
                raise PictureRefused(Reason.DOCUMENT_BROKEN)
            opened.init_forms()
            yield opened
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == PASSWORD
        raise PictureRefused(Reason.DOCUMENT_LOCKED if locked else Reason.DOCUMENT_BROKEN) from error


def _page(opened: Any, number: int) -> pyvips.Image:
    """One page so wide, or as high as a picture may be."""
    import pyvips

    page = opened[number]
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        raise PictureRefused(Reason.DOCUMENT_BROKEN)
    bitmap = page.render(scale=min(WIDE / width, LONGEST / height), rev_byteorder=True)
    data, bands = bytes(bitmap.buffer), bitmap.n_channels
    whole = pyvips.Image.new_from_memory(data, bitmap.stride // bands, bitmap.height, bands, "uchar")
    picture = whole.crop(0, 0, bitmap.width, bitmap.height).copy(interpretation="srgb" if bands >= 3 else "b-w")
    bitmap.close()
    page.close()
    return worker.plain(picture).copy_memory()


def _put_together(folder: Path, drawn: Sequence[Mapping[str, Any]]) -> None:
    """One document of these pictures."""
    import pypdfium2

    with pypdfium2.PdfDocument.new() as made:
        for one in drawn:
            size = one["width"] * INCH / DOTS, one["height"] * INCH / DOTS
            image = pypdfium2.PdfImage.new(made)
            image.load_jpeg(folder / one["name"], inline=True)
            image.set_matrix(pypdfium2.PdfMatrix().scale(*size))
            page = made.new_page(*size)
            page.insert_obj(image)
            page.gen_content()
            page.close()
        try:
            made.save(folder / NAME)
        except OSError as error:
            if error.errno == errno.EFBIG:
                raise PictureRefused(Reason.DOCUMENT_HEAVY) from error
            raise


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))

"""A document becomes a clean one, with pictures of its pages; a hostile one is refused with a reason, without harm."""

from __future__ import annotations

import contextlib
import re
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Encryption, Name, Pdf, Permissions
from PIL import Image

from koor.flow.hub.media import allowed
from koor.flow.hub.media.allowed import Kind
from koor.flow.hub.media.bare import bare_jp2, bare_jpeg
from koor.flow.hub.media.reasons import PictureRefused, Reason
from koor.flow.hub.media.renditions import Picture, make
from koor.flow.hub.media.tests.documents import SECRET, filled_in, hidden_layer, jpeg_with_places, pdf_of, talks


def made(tmp_path: Path, data: bytes) -> tuple[Picture, Path]:
    source, folder = tmp_path / "from-outside", tmp_path / "made"
    source.write_bytes(data)
    folder.mkdir(exist_ok=True)
    return make(source, folder, only=Kind.DOCUMENT), folder


def reason_for(tmp_path: Path, data: bytes) -> Reason:
    with pytest.raises(PictureRefused) as refusal:
        made(tmp_path, data)
    return refusal.value.reason


def test_its_pages_become_pictures_and_the_first_its_poster(tmp_path: Path) -> None:
    picture, folder = made(tmp_path, pdf_of(3))
    assert (picture.kind, picture.width, len(picture.pages)) == (Kind.DOCUMENT, 2048, 3)
    assert {one.mime for one in picture.renditions} == {"image/webp", "image/jpeg", "application/pdf"}
    assert [one.name for one in picture.pages] == ["page-1.jpg", "page-2.jpg", "page-3.jpg"]
    with Image.open(folder / "page-2.jpg") as page:
        assert page.size == (1080, 1530)
        red, green, blue = page.getpixel((300, 400))[:3]
        assert abs(red - 25) < 12
        assert abs(green - 76) < 12
        assert abs(blue - 51) < 12
        assert not page.getexif()


def test_nothing_that_talks_or_acts_goes_over(tmp_path: Path) -> None:
    before = pdf_of(2, talks, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert before.count(SECRET) > 8
    _picture, folder = made(tmp_path, before + b"PK\x03\x04" + SECRET)
    with Pdf.open(folder / "document.pdf") as pdf:
        plain = folder / "plain.pdf"
        pdf.save(plain, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        assert not pdf.attachments
        assert "/Info" not in pdf.trailer
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"}
        (link,) = pdf.pages[0].obj.Annots
        assert str(link.A.URI) == "https://reurslag.example/"
        photo = pdf.pages[0].obj.Resources.XObject.P1.read_raw_bytes()
    said = plain.read_bytes()
    assert SECRET not in said
    assert not re.search(rb"/(JavaScript|JS|Launch|EmbeddedFile|AA|Metadata|PieceInfo)\b", said)
    assert b"pikepdf" not in said
    assert b"qpdf" not in said.lower()
    with Image.open(folder / "page-1.jpg") as page:  # and the photo in it is still to be seen
        red, green, _blue = page.getpixel((200, 1250))[:3]
        assert red > 180
        assert green < 60
    assert photo.endswith(b"\xff\xd9")


def test_what_was_filled_in_stays_to_be_seen_and_is_no_form_any_more(tmp_path: Path) -> None:
    _picture, folder = made(tmp_path, pdf_of(1, filled_in))
    with pypdfium2.PdfDocument(folder / "document.pdf") as pdf:
        assert "ingevuld" in pdf[0].get_textpage().get_text_range()
    assert b"AcroForm" not in (folder / "document.pdf").read_bytes()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"PK\x03\x04" + bytes(60), Reason.NOT_A_PDF),
        (b"\xff\xd8\xff\xe0" + bytes(60), Reason.NOT_A_PDF),
        (b"<script>alert(1)</script>\n" + pdf_of(1), Reason.NOT_A_PDF),  # a page for a browser and a document at once
        (b"%PDF-1.7\n", Reason.DOCUMENT_BROKEN),
        (b"%PDF-9.9\n" + bytes(range(256)) * 40, Reason.DOCUMENT_BROKEN),
        (pdf_of(2)[:300], Reason.DOCUMENT_BROKEN),
        (pdf_of(0), Reason.DOCUMENT_BROKEN),
        (pdf_of(1, encryption=Encryption(owner="o", user="u")), Reason.DOCUMENT_LOCKED),
        (pdf_of(1, encryption=Encryption(owner="o", allow=Permissions(extract=False))), Reason.DOCUMENT_LOCKED),
        (pdf_of(1, hidden_layer), Reason.DOCUMENT_HIDDEN),
        (pdf_of(allowed.MOST_PAGES + 1), Reason.TOO_MANY_PAGES),
    ],
    ids=lambda one: one.value if isinstance(one, Reason) else "",
)
def test_what_is_refused_says_why(tmp_path: Path, data: bytes, reason: Reason) -> None:
    assert reason_for(tmp_path, data) is reason


def test_too_many_bytes_are_refused_before_anything_is_opened() -> None:
    with pytest.raises(PictureRefused) as refusal:
        allowed.check_document(b"%PDF-1.7\n", 100_000_001)
    assert refusal.value.reason is Reason.DOCUMENT_TOO_LARGE
    with pytest.raises(PictureRefused) as refusal:  # and where work is shown no document is taken
        allowed.check(b"%PDF-1.7\n", 10)
    assert refusal.value.reason is Reason.DOCUMENT


def bomb(made: Pdf) -> None:
    """A page whose drawing is 400 MB of the same sign."""
    packer, piece = zlib.compressobj(1), b" " * 10_000_000
    packed = b"".join([*(packer.compress(piece) for _ in range(40)), packer.flush()])
    made.pages[0].obj["/Contents"] = made.make_stream(packed, Filter=Name.FlateDecode)


def large_picture(made: Pdf) -> None:
    """A picture that says it is 60,000 dots wide and high."""
    photo = made.make_stream(b"x", Type=Name.XObject, Subtype=Name.Image, Width=60_000, Height=60_000)
    photo["/ColorSpace"], photo["/BitsPerComponent"] = Name.DeviceRGB, 8
    made.pages[0].obj["/Resources"]["/XObject"] = Dictionary(P1=photo)
    made.pages[0].obj["/Contents"] = made.make_stream(b"q 400 0 0 400 0 0 cm /P1 Do Q")


def round_and_round(made: Pdf) -> None:
    """A drawing that draws itself, and a tree of pages that goes back to its root."""
    form = made.make_stream(b"/P1 Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    form["/Resources"] = Dictionary(XObject=Dictionary(P1=form))
    made.pages[0].obj["/Resources"]["/XObject"] = Dictionary(P1=form)
    made.pages[0].obj["/Contents"] = made.make_stream(b"/P1 Do")


@pytest.mark.parametrize("change", [bomb, large_picture, round_and_round])
def test_a_bomb_does_no_harm(tmp_path: Path, change: Callable[[Pdf], None]) -> None:
    """It is refused, or drawn as far as it can be; the house goes on, and nothing large is kept."""
    with contextlib.suppress(PictureRefused):
        made(tmp_path, pdf_of(1, change))
    assert sum(one.stat().st_size for one in (tmp_path / "made").iterdir()) < 10_000_000


def test_a_photo_keeps_its_dots_and_loses_what_its_camera_wrote() -> None:
    before = jpeg_with_places()
    after = bare_jpeg(before)
    assert SECRET in before
    assert SECRET not in after
    assert b"Exif" not in after
    scan = before.index(b"\xff\xda")
    assert before[scan : before.rindex(b"\xff\xd9") + 2] in after
    for broken in (b"", b"\xff\xd8", before[: len(before) // 2], b"\xff\xd8\xff\xe1\x00\x01", b"GIF89a"):
        with pytest.raises(ValueError):
            bare_jpeg(broken)
    boxes = b"\x00\x00\x00\x0cjP  \r\n\x87\n" + b"\x00\x00\x00\x20uuid" + bytes(24) + b"\x00\x00\x00\x00jp2c\xff\x4f"
    assert bare_jp2(boxes) == boxes[:12] + boxes[44:]
    with pytest.raises(ValueError):
        bare_jp2(boxes[:20])

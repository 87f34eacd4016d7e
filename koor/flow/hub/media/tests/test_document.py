"""A document leaves as it looks: pictures of its pages and nothing else. A hostile one is refused with a reason, or
drawn without harm."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Encryption, Name, Pdf, Permissions, String
from PIL import Image

from koor.flow.hub.media import allowed
from koor.flow.hub.media.allowed import Kind
from koor.flow.hub.media.reasons import PictureRefused, Reason
from koor.flow.hub.media.renditions import Picture, make
from koor.flow.hub.media.tests.documents import SECRET, covered, filled_in, hidden_layer, pdf_of, talks


def made(tmp_path: Path, data: bytes) -> tuple[Picture, Path]:
    source, folder = tmp_path / "from-outside", tmp_path / "made"
    source.write_bytes(data)
    folder.mkdir(exist_ok=True)
    return make(source, folder, only=Kind.DOCUMENT), folder


def reason_for(tmp_path: Path, data: bytes) -> Reason:
    with pytest.raises(PictureRefused) as refusal:
        made(tmp_path, data)
    return refusal.value.reason


def colour(page: Path, x: int, y: int) -> tuple[int, int, int]:
    """Of the place that is so many points from the left and from the bottom of the page (A5)."""
    with Image.open(page) as picture:
        red, green, blue = picture.convert("RGB").getpixel((x * 1600 // 420, picture.height - 1 - y * 1600 // 420))
    return red, green, blue


def is_near(seen: tuple[int, int, int], wanted: tuple[int, int, int]) -> bool:
    return all(abs(one - other) < 12 for one, other in zip(seen, wanted, strict=True))


def test_its_pages_become_pictures_and_the_first_its_poster(tmp_path: Path) -> None:
    picture, folder = made(tmp_path, pdf_of(3))
    assert (picture.kind, picture.width, len(picture.pages)) == (Kind.DOCUMENT, 1600, 3)
    assert {one.mime for one in picture.renditions} == {"image/webp", "image/jpeg", "application/pdf"}
    assert [one.name for one in picture.pages] == ["page-1.jpg", "page-2.jpg", "page-3.jpg"]
    with Image.open(folder / "page-2.jpg") as page:
        assert page.size == (1600, 2267)
        assert not page.getexif()
    assert all(
        abs(is_ - was) < 12 for is_, was in zip(colour(folder / "page-2.jpg", 100, 400), (25, 76, 51), strict=True)
    )
    with pypdfium2.PdfDocument(folder / "document.pdf") as again:
        assert len(again) == 3
        drawn = again[1].render(scale=1).to_pil().convert("RGB")
        across, down = drawn.size
        assert is_near(drawn.getpixel((across // 4, down // 3)), (25, 76, 51))


def test_nothing_that_talks_or_acts_goes_along(tmp_path: Path) -> None:
    before = pdf_of(2, talks, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert before.count(SECRET) > 8
    _picture, folder = made(tmp_path, before + b"PK\x03\x04" + SECRET + b"%%EOF")
    with Pdf.open(folder / "document.pdf") as pdf:
        plain = folder / "plain.pdf"
        pdf.save(plain, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"}
        assert set(pdf.docinfo.keys()) <= {"/Creator", "/Producer", "/CreationDate"}  # of the program that made it
        for page in pdf.pages:
            assert set(page.obj.keys()) <= {"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents", "/Rotate"}
    said = plain.read_bytes()
    assert SECRET not in said
    assert not re.search(rb"/(JavaScript|JS|Launch|EmbeddedFile|AA|Metadata|PieceInfo|Annots|Font)\b", said)
    red, green, _blue = colour(folder / "page-1.jpg", 80, 110)  # and the photo in it is still to be seen
    assert red > 180
    assert green < 60


def test_what_its_maker_sees_is_what_goes(tmp_path: Path) -> None:
    """What was filled in or laid over it stays; a layer that is off and the words under a bar do not go."""
    _picture, folder = made(tmp_path, pdf_of(1, filled_in))
    with Image.open(folder / "page-1.jpg") as page:
        field = page.convert("L").crop((150, 2267 - 130 * 1600 // 420, 600, 2267 - 100 * 1600 // 420))
        assert field.getextrema()[0] < 100
    _picture, folder = made(tmp_path, pdf_of(1, covered))
    assert max(colour(folder / "page-1.jpg", 100, 400)) < 20
    _picture, folder = made(tmp_path, pdf_of(1, hidden_layer))
    assert min(colour(folder / "page-1.jpg", 210, 50)) > 240


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
    """A drawing that draws itself."""
    form = made.make_stream(b"/P1 Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    form["/Resources"] = Dictionary(XObject=Dictionary(P1=form))
    made.pages[0].obj["/Resources"]["/XObject"] = Dictionary(P1=form)
    made.pages[0].obj["/Contents"] = made.make_stream(b"/P1 Do")


def no_filter(made: Pdf) -> None:
    """A picture with an empty list of filters, and an action without an end."""
    photo = made.make_stream(b"\x00" * 12, Type=Name.XObject, Subtype=Name.Image, Width=2, Height=2, Filter=Array([]))
    photo["/ColorSpace"], photo["/BitsPerComponent"] = Name.DeviceRGB, 8
    made.pages[0].obj["/Resources"]["/XObject"] = Dictionary(P1=photo)
    made.Root["/OpenAction"] = Dictionary(S=Name.JavaScript, JS=String("while (true) {}"))


@pytest.mark.broad
@pytest.mark.parametrize("change", [bomb, large_picture, round_and_round, no_filter])
def test_a_bomb_does_no_harm(tmp_path: Path, change: Callable[[Pdf], None]) -> None:
    """It is drawn as far as it can be, within the limits of the process; the house goes on."""
    picture, folder = made(tmp_path, pdf_of(1, change))
    assert len(picture.pages) == 1
    assert sum(one.stat().st_size for one in folder.iterdir()) < 10_000_000

"""Documents for tests, made on the spot: plain ones, and such as carry what must not go over."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image

SECRET = b"GEHEIM-Piet-de-Vries"


def jpeg_with_places() -> bytes:
    """A photo as a camera writes it, with a comment and application data that tell."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x013B] = SECRET.decode()
    Image.new("RGB", (64, 48), (200, 40, 20)).save(out, "JPEG", exif=exif, comment=SECRET)
    return out.getvalue() + SECRET


def pdf_of(pages: int = 2, change: Callable[[Pdf], None] | None = None, **saved: object) -> bytes:
    """Pages of A5 with a coloured field and their number in words."""
    with Pdf.new() as made:
        font = made.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        for number in range(1, pages + 1):
            drawn = f"0.1 0.3 {number % 10 / 10} rg 40 300 340 200 re f BT /F1 24 Tf 40 200 Td (Blad {number}) Tj ET"
            made.add_blank_page(page_size=(420, 595))
            page = made.pages[-1]
            page.obj["/Contents"] = made.make_stream(drawn.encode())
            page.obj["/Resources"] = Dictionary(Font=Dictionary(F1=font))
        if change is not None:
            change(made)
        out = io.BytesIO()
        made.save(out, **saved)
        return out.getvalue()


def talks(made: Pdf) -> None:
    """Everything that a document can say or do beside what is seen."""
    words = SECRET.decode()
    made.docinfo["/Author"], made.docinfo["/Title"] = String(words), String(words)
    made.Root["/Metadata"] = made.make_stream(b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>")
    made.Root["/OpenAction"] = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{words}')"))
    made.attachments["loon.xlsx"] = SECRET
    made.Root["/Lang"] = String(words)
    with made.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(words, 0))
    page = made.pages[0].obj
    page["/PieceInfo"] = Dictionary(Word=Dictionary(Private=String(words)))
    page["/AA"] = Dictionary(O=Dictionary(S=Name.JavaScript, JS=String(words)))
    page["/Metadata"] = made.make_stream(SECRET)
    photo = made.make_stream(jpeg_with_places(), Type=Name.XObject, Subtype=Name.Image, Width=64, Height=48)
    photo["/ColorSpace"], photo["/BitsPerComponent"], photo["/Filter"] = Name.DeviceRGB, 8, Name.DCTDecode
    photo["/Metadata"] = made.make_stream(SECRET)
    page["/Resources"]["/XObject"] = Dictionary(P1=photo)
    page["/Resources"]["/Properties"] = Dictionary(MC0=Dictionary(Title=String(words)))
    page["/Contents"] = Array([page["/Contents"], made.make_stream(b" q 100 0 0 75 40 80 cm /P1 Do Q")])
    page["/Annots"] = Array([made.make_indirect(one) for one in _lying(words)])


def _lying(words: str) -> list[Dictionary]:
    place = Array([40, 300, 100, 340])
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=place, T=String(words), Contents=String(words))
    linked = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=place, T=String(words))
    to_web, to_file = Dictionary(linked), Dictionary(linked)
    to_web["/A"] = Dictionary(S=Name.URI, URI=String("https://reurslag.example/"))
    to_file["/A"] = Dictionary(S=Name.Launch, F=String(words))
    return [note, to_web, to_file]


def hidden_layer(made: Pdf) -> None:
    """A red field at the foot, in a layer that is off for who looks."""
    off = Dictionary(View=Dictionary(ViewState=Name.OFF))
    layer = made.make_indirect(Dictionary(Type=Name.OCG, Name=String("prijzen"), Usage=off))
    told = Dictionary(Event=Name.View, Category=Array([Name.View]), OCGs=Array([layer]))
    made.Root["/OCProperties"] = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer]), AS=Array([told])))
    page = made.pages[0].obj
    page["/Resources"]["/Properties"] = Dictionary(MC0=layer)
    drawn = made.make_stream(b" /OC /MC0 BDC 1 0 0 rg 40 20 340 60 re f EMC")
    page["/Contents"] = Array([page["/Contents"], drawn])


def covered(made: Pdf) -> None:
    """A black field laid over part of the page, as who reads with a pen does."""
    look = made.make_stream(b"0 0 0 rg 0 0 200 100 re f", Type=Name.XObject, Subtype=Name.Form)
    look["/BBox"] = Array([0, 0, 200, 100])
    bar = Dictionary(Type=Name.Annot, Subtype=Name.Square, F=4, Rect=Array([50, 350, 250, 450]), AP=Dictionary(N=look))
    made.pages[0].obj["/Annots"] = Array([made.make_indirect(bar)])


def filled_in(made: Pdf) -> None:
    """A form in which somebody wrote a word."""
    look = made.make_stream(b"BT /F1 18 Tf 2 4 Td (ingevuld) Tj ET", Type=Name.XObject, Subtype=Name.Form)
    look["/BBox"] = Array([0, 0, 200, 30])
    look["/Resources"] = Dictionary(Font=Dictionary(F1=made.pages[0].obj.Resources.Font.F1))
    field = made.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("naam"), V=String("ingevuld"), F=4,
                   Rect=Array([40, 100, 240, 130]), AP=Dictionary(N=look))
    )  # fmt: skip
    made.pages[0].obj["/Annots"] = Array([field])
    made.Root["/AcroForm"] = Dictionary(Fields=Array([field]))

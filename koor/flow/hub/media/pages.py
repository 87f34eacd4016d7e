"""What of a PDF goes over into a clean one: its pages as they look, and their links. Nothing that tells of who made it
(properties, XMP, comments, versions), that does something (scripts, forms, actions) or that hides in it (files, layers,
what was there before). Used in the closed child process only; qpdf does the reading."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from koor.flow.hub.media.allowed import MOST_BYTES, MOST_PAGES, Kind
from koor.flow.hub.media.bare import bare_jp2, bare_jpeg
from koor.flow.hub.media.reasons import PictureRefused, Reason

PAGE = frozenset(
    {"/Type", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate", "/Resources", "/Contents",
     "/Group", "/UserUnit"}
)  # fmt: skip
# Keys that say something beside what is seen, or point outside, in whatever they stand
TALKS = (
    "/Metadata", "/PieceInfo", "/LastModified", "/AF", "/AA", "/OPI", "/Ref", "/Measure", "/PtData", "/OC",
    "/Alternates", "/StructParent", "/StructParents",
)  # fmt: skip
OUTSIDE = ("/F", "/FFilter", "/FDecodeParms")  # of a stream: its bytes stand in another file
LINKS, LONGEST_LINK = 3000, 2000
ENDS_WITHIN = 4096  # bytes of the end of a file
NESTED = 200  # deep, at most: what is direct in one another


def clean(source: Path, target: Path) -> int:
    """Writes a clean copy of the PDF; how many pages it has. Raises `PictureRefused`."""
    _check_whole(source)
    try:
        with pikepdf.open(source) as pdf, Pdf.new() as made:
            _check(pdf)
            _flatten(pdf)
            for page in pdf.pages:
                links = list(_links(page.obj))
                for key in set(page.obj.keys()) - PAGE:
                    del page.obj[key]
                made.pages.append(page)
                _put_links(made, links)
            for one in made.objects:
                _strip(one)
            made.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate, static_id=True)
            return len(made.pages)
    except pikepdf.PasswordError as error:
        raise PictureRefused(Reason.DOCUMENT_LOCKED) from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, zlib.error, RuntimeError) as error:
        raise PictureRefused(Reason.DOCUMENT_BROKEN) from error  # a damaged file fails in every way there is


def _check_whole(source: Path) -> None:
    """Small damage is mended; of what broke off the half would be gone."""
    with source.open("rb") as file:
        file.seek(max(0, source.stat().st_size - ENDS_WITHIN))
        if b"%%EOF" not in file.read():
            raise PictureRefused(Reason.DOCUMENT_BROKEN)


def _check(pdf: Pdf) -> None:
    """What is not taken, whatever its pages look like."""
    if pdf.is_encrypted:  # without a word to open it, but with rules of who made it
        raise PictureRefused(Reason.DOCUMENT_LOCKED)
    if len(pdf.pages) > MOST_PAGES:
        raise PictureRefused(Reason.TOO_MANY_PAGES)
    if not len(pdf.pages):
        raise PictureRefused(Reason.DOCUMENT_BROKEN)
    layers = pdf.Root.get("/OCProperties", Dictionary())
    for one in [layers.get("/D", Dictionary()), *layers.get("/Configs", Array())]:
        if one.get("/BaseState", Name.ON) != Name.ON or len(one.get("/OFF", Array())):
            raise PictureRefused(Reason.DOCUMENT_HIDDEN)


def _flatten(pdf: Pdf) -> None:
    """What was filled in stays as it looks; remarks of people and everything else that lies upon a page go."""
    for page in pdf.pages:
        lying = page.obj.get("/Annots", Array())
        kept = [one for one in lying if isinstance(one, Dictionary) and one.get("/Subtype") in (Name.Widget, Name.Link)]
        page.obj["/Annots"] = Array(kept)
    if "/AcroForm" in pdf.Root:
        pdf.generate_appearance_streams()
        pdf.flatten_annotations("screen")


def _links(page: Any) -> Iterator[tuple[list[float], str]]:
    """Where a page links to the web, and where on it."""
    for one in page.get("/Annots", Array()):
        act = one.get("/A", Dictionary())
        if one.get("/Subtype") != Name.Link or not isinstance(act, Dictionary) or act.get("/S") != Name.URI:
            continue
        address, place = str(act.get("/URI", "")), [float(side) for side in one.get("/Rect", Array())]
        to_the_web = address.lower().startswith(("https://", "http://", "mailto:"))
        if to_the_web and len(address) <= LONGEST_LINK and len(place) == 4:
            yield place, address


def _put_links(made: Pdf, links: list[tuple[list[float], str]]) -> None:
    if links:
        made.pages[-1].obj["/Annots"] = Array(
            [
                made.make_indirect(
                    Dictionary(
                        Type=Name.Annot, Subtype=Name.Link, Rect=Array(place), Border=Array([0, 0, 0]),
                        A=Dictionary(S=Name.URI, URI=String(address)),
                    )
                )
                for place, address in links[:LINKS]
            ]
        )  # fmt: skip


def _strip(one: Any, deep: int = 0) -> None:
    """One object with what is direct in it; what it points to comes by itself."""
    if deep > NESTED:
        raise ValueError("nested too deep")
    if isinstance(one, pikepdf.Stream):
        for key in OUTSIDE:
            if key in one:
                del one[key]
        _strip_picture(one)
    if isinstance(one, (Dictionary, pikepdf.Stream)):
        for key in TALKS:
            if key in one:
                del one[key]
        _empty_properties(one)
        inside = [one[key] for key in one.keys()]  # noqa: SIM118 a dictionary of the library, not of Python
    else:
        inside = list(one) if isinstance(one, Array) else []
    for part in inside:
        if isinstance(part, (Dictionary, Array)) and not part.is_indirect:
            _strip(part, deep + 1)


def _empty_properties(one: Any) -> None:
    """Names of layers and notes of programs, to which the drawing points: they stay as empty as they look."""
    named = one.get("/Properties")
    if isinstance(named, Dictionary):
        one["/Properties"] = Dictionary({key: Dictionary() for key in named.keys()})  # noqa: SIM118


def _strip_picture(one: Any) -> None:
    """Of a photo in a document what its camera wrote beside it."""
    filters = one.get("/Filter")
    names = [str(each) for each in filters] if isinstance(filters, Array) else [str(filters)]
    if names[-1] not in _BARE:
        return
    data = one.read_raw_bytes()
    for name in names[:-1]:
        if name not in ("/FlateDecode", "/Fl"):
            raise ValueError("a picture packed in another way")
        opener = zlib.decompressobj()
        data = opener.decompress(data, MOST_BYTES[Kind.DOCUMENT])
        if opener.unconsumed_tail:
            raise PictureRefused(Reason.DOCUMENT_HEAVY)
    how = one.get("/DecodeParms")
    last = how[-1] if isinstance(how, Array) and len(how) else how
    one.write(_BARE[names[-1]](data), filter=Name(names[-1]), decode_parms=last if len(names) > 1 else how)


_BARE = {"/DCTDecode": bare_jpeg, "/DCT": bare_jpeg, "/JPXDecode": bare_jp2}

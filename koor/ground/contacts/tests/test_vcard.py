"""Cards as real phones and address books write them, and as they break."""

import pytest
import vobject

from koor.ground.contacts.logic.vcard import Card, cards, without_pictures

OLD_PHONE = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=BCrgen;;;
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=BCrgen=
 M=C3=BCller
TEL;CELL:+31 6 1234 5678
TEL;HOME;PREF:0545 271 234
ADR;HOME;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:;;Dorpsstra=DFe 3;Borculo;;7271;
NOTE;ENCODING=QUOTED-PRINTABLE:Belt graag=0D=0A=
's avonds
PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD
 AAAAAAAAAAAAAAAAAAAAAAAAAAA=

END:VCARD
"""
IPHONE = """BEGIN:VCARD
VERSION:3.0
PRODID:-//Apple Inc.//iPhone OS 18.0//EN
N:Wiggers;Els;;;
FN:Els Wiggers
ORG:Basisschool De Esch\\, Borculo;Directie
TITLE:Directeur
EMAIL;type=INTERNET;type=WORK:els@school.example
EMAIL;type=INTERNET;type=HOME;type=pref:els@thuis.example
item1.TEL;type=pref:06 12345678
item1.X-ABLabel:Mobiel
ADR;type=HOME:;;Spoorstraat 8\\nachter;Eibergen;;7151 AB;Nederland
NOTE:Regel een\\nregel twee\\; met een komma\\, hier
URL;type=pref:https\\://school.example
X-SOCIALPROFILE;type=linkedin:https://www.linkedin.com/in/elswiggers
END:VCARD
"""
FOUR = """BEGIN:VCARD
VERSION:4.0
FN:Ilse Roelvink
TEL;VALUE=uri;PREF=1;TYPE="voice,home":tel:+31-545-271234
EMAIL;PREF=1:ilse@example.org
LANG:nl
SOCIALPROFILE;SERVICE-TYPE=Mastodon:https://mastodon.example/@ilse
END:VCARD
"""


def one(text: str) -> Card:
    (found,) = cards(text)
    return found


def test_an_old_phone() -> None:
    card = one(OLD_PHONE)
    assert card.name == "Jürgen Müller"
    assert card.phones == ["0545 271 234", "+31 6 1234 5678"]
    assert (card.street, card.place) == ("Dorpsstraße 3", "Borculo")
    assert card.note == "Belt graag\r\n's avonds"
    assert card.problem == ""


def test_an_iphone() -> None:
    card = one(IPHONE)
    assert (card.name, card.role, card.organisation) == ("Els Wiggers", "Directeur", "Basisschool De Esch, Borculo")
    assert card.emails == ["els@thuis.example", "els@school.example"]
    assert card.phones == ["06 12345678"]
    assert (card.street, card.place) == ("Spoorstraat 8 achter", "Eibergen")
    assert card.note == "Regel een\nregel twee; met een komma, hier"
    assert card.urls == ["https://school.example"]
    assert card.handles == [("linkedin", "https://www.linkedin.com/in/elswiggers")]


def test_version_four() -> None:
    card = one(FOUR)
    assert (card.name, card.language) == ("Ilse Roelvink", "nl")
    assert card.phones == ["+31-545-271234"]
    assert card.handles == [("mastodon", "https://mastodon.example/@ilse")]


def test_a_name_in_parts_only() -> None:
    assert one("BEGIN:VCARD\nN:Kaya;Fatma;van der;;\nEND:VCARD").name == "Fatma van der Kaya"


def test_what_another_program_writes() -> None:
    card = vobject.vCard()
    card.add("n").value = vobject.vcard.Name(family="Harmsen", given="Thijs")
    card.add("fn").value = "Thijs Harmsen; de lange\nnaam " + "x" * 100
    card.add("note").value = "Komma, puntkomma; en\nregel"
    read = one(card.serialize())
    assert read.name == "Thijs Harmsen; de lange\nnaam " + "x" * 100
    assert read.note == "Komma, puntkomma; en\nregel"


def test_a_bad_card_costs_one_card() -> None:
    text = "BEGIN:VCARD\nFN:Open\nBEGIN:VCARD\nFN:Good\nEND:VCARD\nFN:Nobody\nEND:VCARD\nBEGIN:VCARD\nFN:Last"
    assert [(card.name, card.problem) for card in cards(text)] == [("Open", "open"), ("Good", ""), ("Last", "open")]


def test_lines_that_are_nothing() -> None:
    text = (
        'hello\nBEGIN:VCARD\n;;;\n:\nTEL\nFN;X="a:b;c":Els\nEMAIL;ENCODING=B:!!!\n'
        "NOTE;CHARSET=klingon;ENCODING=QUOTED-PRINTABLE:=41\nEND:VCARD"
    )
    card = one(text)
    assert (card.name, card.note) == ("Els", "A")


def test_a_picture_of_megabytes_is_passed_over() -> None:
    picture = "PHOTO;ENCODING=b;TYPE=JPEG:" + "\n ".join(["A" * 74] * 60_000)
    card = one(f"BEGIN:VCARD\nFN:Els\n{picture}\nTEL:0612345678\nEND:VCARD")
    assert card.phones == ["0612345678"]


@pytest.mark.parametrize("mark", [b"\n", b"\r\n", b"\r"])
def test_a_note_with_a_line_that_begins_as_a_picture_does(mark: bytes) -> None:
    card = b"BEGIN:VCARD\nNOTE;ENCODING=QUOTED-PRINTABLE:Ask for the=\nkey: it is next door\nKEY:0000\n 0\nEND:VCARD"
    without = without_pictures(card.replace(b"\n", mark)).decode()
    assert one(without).note == "Ask for thekey: it is next door"
    assert "0" not in without


@pytest.mark.parametrize("mark", ["\n", "\r\n", "\r"])
def test_any_line_ends(mark: str) -> None:
    assert [card.name for card in cards(IPHONE.replace("\n", mark))] == ["Els Wiggers"]


def test_what_is_empty_or_comes_twice_adds_nothing() -> None:
    card = one(
        "BEGIN:VCARD\nFN:Els Wiggers\nN:Anders;Els\nADR:;;Spoorstraat 8;Borculo\nADR:;;Elders 1;Neede\n"
        "URL:\nX-SOCIALPROFILE;type=linkedin:\nTEL:\nEND:VCARD\n"
    )
    assert (card.name, card.street, card.place) == ("Els Wiggers", "Spoorstraat 8", "Borculo")
    assert (card.urls, card.handles, card.phones) == ([], [], [])

"""A list of people outside: read line by line, shown, taken in once; known people are filled, not doubled."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from koor.ground.contacts import actions, queries
from koor.ground.contacts.actions import lists as taking
from koor.ground.contacts.logic import lists
from koor.ground.contacts.logic.handles import NotAHandle, normalised
from koor.ground.contacts.models import Contact, Handle
from koor.ground.contacts.views import lists as lists_pages
from koor.ground.people.models import ImportDraft, Person
from koor.kernel import clock
from koor.kernel.access import SYSTEM, Forbidden, Refused
from koor.kernel.personal import tombstones

LIST = """Naam;Bedrijf;E-mail;Telefoon;Plaats;LinkedIn;Bekend bij;Hoe
Els Wiggers;;els@wiggers.example;0545 271234;Borculo;;henk@reurslag.example;plaatste haar warmtepomp
Karin Olthof;De Esch;karin@deesch.example;;Neede;https://www.linkedin.com/in/karinolthof;;
;;niemand@example.org;;;;;
Joost;;geen adres;;;;;
=HYPERLINK("x");;x@example.org;;;;;
"Open aanhaling;;a@example.org
Te;veel;t@example.org;;;;;;nog een
Els W.;;ELS@wiggers.example;;;;;
"""
CARDS = """BEGIN:VCARD
VERSION:3.0
FN:Els Wiggers
EMAIL:els@wiggers.example
TEL:06 12345678
URL:https://bsky.app/profile/els.example
END:VCARD
BEGIN:VCARD
FN:Open kaart
BEGIN:VCARD
VERSION:3.0
ORG:Bakkerij Jansen
TEL:0545 123456
END:VCARD
"""


def read(by: Person, text: str) -> ImportDraft:
    return actions.read_contacts(by=by, name="lijst.csv", data=text.encode())


def test_a_list_is_shown_with_what_is_wrong(marloes: Person, henk: Person) -> None:
    draft = read(marloes, LIST)
    rows = actions.checked_contacts(draft)
    problems = {row.number: said for row, said, _known in rows}
    assert {number for number, said in problems.items() if said} == {4, 5, 6, 7, 8}
    assert problems[5] == ["This is not an e-mail address: geen adres"]
    assert "formula" in problems[6][0]
    assert "quotation" in problems[7][0]
    assert Contact.objects.count() == 0


def test_taken_in_once(marloes: Person, henk: Person) -> None:
    draft = read(marloes, LIST)
    for _click in range(2):
        draft = actions.take_in_contacts(by=marloes, draft=draft)
        assert draft.outcome == {"added": 2, "known": 1, "left_out": 5}
    els = queries.contact_by_handle("phone", "0545-271234")
    karin = queries.contact_by_handle("linkedin", "karinolthof")
    assert els is not None
    assert karin is not None
    assert [row.person for row in queries.acquaintances_of(els)] == [henk]
    assert karin.organisation.name == "De Esch"
    assert draft.rows == []


def test_who_has_no_address_is_known_by_name_and_organisation(marloes: Person) -> None:
    text = "Naam;Bedrijf;Plaats\nPiet Jansen;Bakkerij Jansen;\nKlaas Bos;;Neede\nEls Wiggers;;Borculo\n"
    actions.add_contact(by=marloes, name="Els Wiggers", email="els@wiggers.example")  # maybe another Els
    first = actions.take_in_contacts(by=marloes, draft=read(marloes, text))
    assert first.outcome == {"added": 3, "known": 0, "left_out": 0}
    again = read(marloes, text.replace("Jansen;;", "JANSEN;;").replace("Jansen;\n", "Jansen;Lochem\n"))
    known = [one.name for _row, _said, one in actions.checked_contacts(again) if one]
    assert known == ["Piet Jansen", "Klaas Bos", "Els Wiggers"]
    assert actions.take_in_contacts(by=marloes, draft=again).outcome == {"added": 0, "known": 3, "left_out": 0}
    assert Contact.objects.get(name="Piet Jansen").place == "Lochem"
    assert Contact.objects.count() == 4


def test_who_is_known_is_filled_and_not_overwritten(marloes: Person) -> None:
    els = actions.add_contact(by=marloes, name="Els", email="els@wiggers.example", place="Eibergen")
    draft = read(marloes, LIST)
    assert [known.pk for _row, _said, known in actions.checked_contacts(draft) if known] == [els.pk, els.pk]
    actions.take_in_contacts(by=marloes, draft=draft)
    els.refresh_from_db()
    assert (els.name, els.place, els.phone) == ("Els", "Eibergen", "0545 271234")


def test_cards(marloes: Person) -> None:
    draft = actions.take_in_contacts(by=marloes, draft=read(marloes, CARDS))
    assert draft.outcome == {"added": 2, "known": 0, "left_out": 1}
    els = queries.contact_by_handle("bluesky", "els.example")
    assert els is not None
    assert {handle.platform for handle in els.handles.all()} == {"email", "phone", "bluesky"}
    assert queries.contact_by_handle("phone", "+31545123456").name == "Bakkerij Jansen"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02", "binary"),
        (b"kolom;andere\n1;2", "columns"),
        (b"BEGIN:VCARD\nFN:x\nEND:VCARD\n" * 2_001, "long"),
        (b"naam\n" + b"x\n" * 2_001, "long"),
        (b"BEGIN:VCARD\n" + b"x" * 10_000_001, "large"),
    ],
)
def test_what_is_no_list(marloes: Person, data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.read_contacts(by=marloes, name="x", data=data)
    assert refused.value.code == code
    assert not ImportDraft.objects.exists()


def test_not_for_everyone(newcomer: Person, marloes: Person) -> None:
    with pytest.raises(Forbidden):
        read(newcomer, LIST)
    with pytest.raises(Forbidden):
        actions.take_in_contacts(by=newcomer, draft=read(marloes, LIST))


def test_in_the_browser(visit: Callable[..., Any], marloes: Person, ada: Person) -> None:
    client = visit(marloes)
    sent = client.post(reverse("contacts:bring_in"), {"file": SimpleUploadedFile("klanten.csv", LIST.encode("cp1252"))})
    page = client.get(sent.url).content.decode()
    assert "Karin Olthof" in page
    assert "geen adres" in page
    assert visit(ada).get(sent.url).status_code == 404  # another's list
    client.post(sent.url)
    assert "2 people were added" in client.get(sent.url).content.decode()
    refused = client.post(reverse("contacts:bring_in"), {"file": SimpleUploadedFile("leeg.csv", b"")})
    assert "There is nothing in this file" in refused.content.decode()
    assert client.post(reverse("contacts:bring_in")).status_code == 200


def test_what_a_row_says_wrongly_is_told(marloes: Person) -> None:
    rows = f"naam;linkedin;taal;plaats;e-mail\nA;geen pagina/;Klingon;{'p' * 200};\nB;;nl;;\n"
    first, second = actions.checked_contacts(read(marloes, rows))
    assert len(first[1]) >= 2
    assert any("Klingon" in said for said in first[1])
    assert (second[1], second[0].language) == ([], "nl")


GOOGLE = """First Name,Last Name,Organization Name,Organization Title,Birthday,Photo,E-mail 1 - Value,E-mail 2 - Value,\
Phone 1 - Value,Address 1 - Street,Address 1 - City,Website 1 - Value
Ilse,Berkum,De Linde,Hoofd techniek,1980-02-03,,ilse@linde.example,thuis@a.example ::: ilse@b.example,06 20304050,\
Lindelaan 4,Borculo,https://www.linkedin.com/in/ilsevanberkum
"""
OUTLOOK = """"Title","First Name","Last Name","Company","Job Title","Business Street","Home Street","Home City",\
"Business Phone","Mobile Phone","E-mail Address"
"Mr.","Joost","Wender","Bakkerij Wender","","","Marktstraat 3","Neede","","06 33445566","joost@wender.example"
"""


def test_as_google_and_outlook_write_them(visit: Callable[..., Any], marloes: Person) -> None:
    draft = read(marloes, GOOGLE)
    page = visit(marloes).get(reverse("contacts:list", args=[draft.pk])).content.decode()
    assert "no place for it: birthday." in page  # and not what is empty in every row
    assert actions.take_in_contacts(by=marloes, draft=draft).outcome == {"added": 1, "known": 0, "left_out": 0}
    ilse = Contact.objects.get(name="Ilse Berkum")
    assert (ilse.organisation.name, ilse.role, ilse.street, ilse.place) == (
        "De Linde", "Hoofd techniek", "Lindelaan 4", "Borculo",
    )  # fmt: skip
    assert set(ilse.handles.values_list("value", flat=True)) == {
        "ilse@linde.example", "thuis@a.example", "ilse@b.example", "+31620304050", "ilsevanberkum",
    }  # fmt: skip
    actions.take_in_contacts(by=marloes, draft=read(marloes, OUTLOOK))
    joost = Contact.objects.get(name="Joost Wender")
    assert (joost.role, joost.phone, joost.email) == ("", "06 33445566", "joost@wender.example")
    assert (joost.street, joost.place) == ("Marktstraat 3", "Neede")


COLLEAGUES = """First Name,Last Name,Company,Company Main Phone,Business Phone,Mobile Phone,Web Page,\
E-mail Address,Website
Jan,Bakker,Bakker BV,0545 123456,,06 11111111,facebook.com/bakkerbv,jan@bakker.example,
Piet,Bakker,Bakker BV,,0545 123456,06 22222222,linkedin.com/company/bakkerbv,piet@bakker.example,
Anna,Bakker,Bakker BV,,0545 123456,,linkedin.com/in/annabakker,anna@bakker.example,instagram.com/bakkerbv
Kees,Smit,Bakker BV,,0545 123456,,,anna@bakker.example,instagram.com/bakkerbv
P.,Bakker,Bakker BV,,,06 22222222,,,
"""


def test_colleagues_who_share_a_number_stay_two_people(visit: Callable[..., Any], marloes: Person) -> None:
    """What several have tells nobody apart, and who was erased with the number of the firm takes no one along."""
    tombstones.keep(tombstones.Stone(uuid4(), clock.now(), (tombstones.digest("phone", "+31545123456"),)))
    draft = read(marloes, COLLEAGUES)
    assert draft.outcome == {}
    page = visit(marloes).get(reverse("contacts:list", args=[draft.pk])).content.decode()
    assert "Line 6, P. Bakker: has an address of Piet Bakker" in page
    for again in (False, True):
        outcome = actions.take_in_contacts(by=marloes, draft=read(marloes, COLLEAGUES)).outcome
        assert outcome == {"added": 0 if again else 4, "known": 5 if again else 1, "left_out": 0}
    held = {one.name: {row.value for row in one.handles.all()} for one in Contact.objects.all()}
    assert held == {
        "Jan Bakker": {"jan@bakker.example", "+31611111111"},
        "Piet Bakker": {"piet@bakker.example", "+31622222222"},
        "Anna Bakker": {"annabakker"},
        "Kees Smit": set(),
    }
    texts = {one.name: (one.phone, one.email, one.note) for one in Contact.objects.all()}
    assert texts["Jan Bakker"] == ("06 11111111", "jan@bakker.example", "0545 123456\nfacebook.com/bakkerbv")
    assert texts["Kees Smit"] == ("0545 123456", "anna@bakker.example", "")


def test_a_couple_writes_from_one_mailbox_each_by_name(marloes: Person) -> None:
    rows = "naam;e-mail\nJan Smit;Smit@thuis.example\nEls Smit-Bos;smit@thuis.example\n"
    actions.take_in_contacts(by=marloes, draft=read(marloes, rows))
    jan, els = (Contact.objects.get(name=name) for name in ("Jan Smit", "Els Smit-Bos"))
    names = {"Jan Smit": jan, "Els Smit-Bos": els}
    several = [actions.Met(name, "email", "smit@thuis.example") for name in names]
    assert actions.meet_contacts(by=SYSTEM, several=several) == [jan, els]
    for name, one in names.items():
        assert actions.meet_contact(by=SYSTEM, name=name, platform="email", handle="smit@thuis.example") == one
    either = actions.meet_contact(by=SYSTEM, name="Smit", platform="email", handle="smit@thuis.example")
    assert either not in (jan, els), "the letters of one never stand as the other's"


def test_who_has_the_number_of_somebody_we_know_is_another_by_name(marloes: Person) -> None:
    jan = actions.add_contact(by=marloes, name="Jan Bakker", phone="0545 123456")
    text = "naam;telefoon;plaats\nPiet Smit;0545 123456;Neede\nJ. Bakker;0545 123457;\nBakker;0545 123456;Lochem\n"
    for again in (False, True):
        draft = read(marloes, text.replace("Bakker;0545 123456", "Jan Bakker;0545 123456") if again else text)
        outcome = actions.take_in_contacts(by=marloes, draft=draft).outcome
        assert outcome == {"added": 0 if again else 2, "known": 3 if again else 1, "left_out": 0}
    assert Contact.objects.get(pk=jan.pk).place == "Lochem"
    assert sorted(Contact.objects.values_list("name", flat=True)) == ["J. Bakker", "Jan Bakker", "Piet Smit"]


def test_which_names_may_be_of_one_person() -> None:
    for one, other in (
        ("Els Wiggers", "Els W."),
        ("Wiggers, Els", "els wiggers"),
        ("E. Wiggers", "Els"),
        ("Jan", "jan"),
    ):
        assert lists.alike(one, other)
    for one, other in (
        ("Jan Bakker", "Piet Bakker"),
        ("J. Smit", "Jan Bakker"),
        ("", "Jan"),
        ("Jan Jan", "Jan Bakker"),
    ):
        assert not lists.alike(one, other)
    crowd = [
        lists.Entry(number, "Jan " + "abcdefgh"[number], handles=[("phone", "+31545123456")]) for number in range(8)
    ]
    assert lists.shared(crowd) == {("phone", "+31545123456")}


def test_an_address_is_not_made_of_two_and_what_finds_no_place_is_told(marloes: Person) -> None:
    rows = (
        "Name,Business City,Home Street,Home City,Website,E-mail Type,Klant type,Company Main Phone\n"
        "Joost,Zwolle,Kerkstraat 1,Meppel,https://jansen.nl,SMTP,installateur,\n"
        "Els,Borculo,,,https://www.linkedin.com/in/els,SMTP,,\n"
        "Bram,Zwolle,Kerkstraat 1,,,SMTP,,vraag naar Bram\n"
    )
    draft = read(marloes, rows)
    found = [(row.street, row.place, row.phone) for row, _problems, _known in actions.checked_contacts(draft)]
    assert found == [("Kerkstraat 1", "Meppel", ""), ("", "Borculo", ""), ("", "Zwolle", "vraag naar Bram")]
    assert draft.outcome["unread"] == [
        "business city (in part)", "home street (in part)", "website (in part)", "klant type",
    ]  # fmt: skip
    google = (
        "Name,Address 1 - Label,Address 1 - Street,Address 1 - City,E-mail 1 - Value,Phone 1 - Value\n"
        "Ilse,* Home,Aweg 1 ::: Bweg 2, ::: Neede,ilse@borculo.example ::: geen adres,via de receptie\n"
    )
    draft = read(marloes, google)
    ((ilse, problems, _known),) = actions.checked_contacts(draft)
    assert (ilse.street, ilse.place, ilse.email, problems) == ("Bweg 2", "Neede", "ilse@borculo.example", [])
    assert ilse.phone == "via de receptie", "kept as it is"
    assert ilse.handles == [("email", "ilse@borculo.example")], "and nobody is recognised by it"
    assert draft.outcome["unread"] == ["address 1 - street (in part)", "e-mail 1 - value (in part)"]


def test_cells_as_people_fill_them(marloes: Person) -> None:
    cells = (
        "Naam;E-mail;Telefoon\n"
        "Jan Exchange;/o=ExchangeLabs/ou=Exchange/cn=Recipients/cn=12-Jan;+31 (0)6 12345678\n"
        'Karin Twee;"Twee, Karin <karin@twee.example>";0545-123456 tst. 12\n'
        'Meer Mail;"meer@mail.example; tweede@mail.example";06-11112222 / 06-33334444\n'
    )
    draft = actions.read_contacts(by=marloes, name="l.csv", data=cells.encode("cp1252"))
    rows = actions.checked_contacts(draft)
    assert [problems for _row, problems, _known in rows] == [[], [], []]
    assert [row.email for row, _problems, _known in rows] == ["", "karin@twee.example", "meer@mail.example"]
    assert [row.phone for row, _problems, _known in rows] == ["+31 (0)6 12345678", "0545-123456 tst. 12", "06-11112222"]
    assert draft.outcome["unread"] == ["e-mail (in part)"]
    for added in (3, 0):
        draft = actions.read_contacts(by=marloes, name="l.csv", data=cells.encode("cp1252"))
        assert actions.take_in_contacts(by=marloes, draft=draft).outcome["added"] == added
    meer = Handle.objects.filter(contact__name="Meer Mail")
    values = {"meer@mail.example", "tweede@mail.example", "+31611112222", "+31633334444"}
    assert set(meer.values_list("value", flat=True)) == values


def test_a_card_of_a_group_is_nobody(marloes: Person) -> None:
    group = b"BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:group\r\nFN:Familie\r\nEND:VCARD\r\n"
    one = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Els\r\nBDAY:1980-01-01\r\nPHOTO;ENCODING=b:AAAA\r\nEND:VCARD\r\n"
    draft = actions.read_contacts(by=marloes, name="l.vcf", data=group + one)
    wrong = [problems for _row, problems, _known in actions.checked_contacts(draft) if problems]
    assert wrong == [["This card is of a group, not of one person."]]
    assert draft.outcome["unread"] == ["photos", "birthdays"]


def test_who_was_erased_is_told_before(marloes: Person) -> None:
    tombstones.keep(tombstones.Stone(uuid4(), clock.now(), (tombstones.digest("email", "els@wiggers.example"),)))
    draft = read(marloes, "naam;e-mail\nEls Wiggers;els@wiggers.example\nKarin;karin@deesch.example\n")
    problems = [said for _row, said, _known in actions.checked_contacts(draft)]
    assert "was erased here" in problems[0][0]
    assert actions.take_in_contacts(by=marloes, draft=draft).outcome == {"added": 1, "known": 0, "left_out": 1}


def test_cards_with_photos_are_read_without_them(marloes: Person) -> None:
    photo = "\r\n ".join(["A" * 74] * 60_000)
    cards = (f"BEGIN:VCARD\r\nFN:Klant {n}\r\nitem1.PHOTO;ENCODING=b:{photo}\r\nEND:VCARD\r\n" for n in range(3))
    draft = read(marloes, "".join(cards))  # 13 MB
    assert actions.take_in_contacts(by=marloes, draft=draft).outcome["added"] == 3


def test_cards_in_two_bytes_a_letter_are_read_without_their_photos(marloes: Person, monkeypatch: Any) -> None:
    monkeypatch.setattr(taking, "MOST_BYTES", 1_000)
    photo = "\r\n ".join(["A" * 74] * 20)
    text = f"BEGIN:VCARD\r\nFN:Jürgen\r\nPHOTO;ENCODING=b:{photo}\r\nTEL:0612345678\r\nEND:VCARD\r\n"
    draft = actions.read_contacts(by=marloes, name="x.vcf", data=text.encode("utf-16"))
    assert [(row.name, row.phone) for row, _said, _known in actions.checked_contacts(draft)] == [
        ("Jürgen", "0612345678")
    ]


def test_a_file_that_is_too_large(visit: Callable[..., Any], marloes: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists_pages.bring_in, "max_file_bytes", 10)
    sent = {"csrfmiddlewaretoken": "x", "file": SimpleUploadedFile("klanten.csv", LIST.encode())}
    page = visit(marloes).post(reverse("contacts:bring_in"), sent).content.decode()
    assert "This file is too large" in page
    assert "This field is required" not in page


def test_addresses_of_no_platform_are_none() -> None:
    assert lists.platform_of("https://[broken") == ""
    assert lists.platform_of("www.linkedin.com/in/els") == "linkedin"
    for platform, value in (("email", "x" * 400 + "@x.example"), ("phone", "06"), ("unknown", "  ")):
        with pytest.raises(NotAHandle):
            normalised(platform, value)


def test_a_row_that_is_refused_leaves_the_rest(marloes: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    add = taking.add_contact

    def refusing(**fields: Any) -> Contact:
        if fields["name"] == "A":
            raise Refused("Not this one.")
        return add(**fields)

    monkeypatch.setattr(taking, "add_contact", refusing)
    draft = actions.take_in_contacts(by=marloes, draft=read(marloes, "naam\nA\nB\n"))
    assert draft.outcome == {"added": 1, "known": 0, "left_out": 1}

"""A list of colleagues: read line by line, shown, taken in once, with an invitation for each."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from koor.ground.people import actions
from koor.ground.people.actions import lists
from koor.ground.people.choices import Role
from koor.ground.people.logic import lists as reading
from koor.ground.people.models import ImportDraft, Invitation, Person
from koor.kernel.access import Forbidden, Refused

LIST = """Voornaam;Tussenvoegsel;Achternaam;E-mailadres;Functie;Afdeling;Rollen;Vaardigheden;In dienst;Taal
Sanne;te;Velthuis;Sanne@Reurslag.example;Monteur;Installers;helper, bekend gezicht;Solderen, Foto's;01-09-2024;nl
Zoë;;Müller;zoe@reurslag.example;;Nieuwe afdeling;;;;
Bram;;Wolters;bram@reurslag.example;;;;;;
Fout;;Een;geen adres;;;;;;
Fout;;Twee;twee@reurslag.example;;;keizer;;;
Fout;;Drie;drie@reurslag.example;;;;;ooit;Klingon
Fout;;Vier;sanne@reurslag.example;;;;;;
=1+1;;;vijf@reurslag.example;;;;;;
Fout;;Zes;zes@reurslag.example;;;beheerder;;;
"""


def read(by: Person, text: str = LIST) -> ImportDraft:
    return actions.read_colleagues(by=by, name="collega's.csv", data=text.encode())


def test_shown_with_what_is_wrong(marloes: Person, bram: Person) -> None:
    rows = actions.checked_colleagues(read(marloes), by=marloes)
    assert [row.number for row, problems, known in rows if not problems and not known] == [2, 3]
    assert [known for _row, _problems, known in rows if known] == [bram]
    wrong = {row.number: problems for row, problems, _known in rows if problems}
    assert sorted(wrong) == [5, 6, 7, 8, 9, 10]
    assert wrong[8] == ["The same address as line 2."]
    assert len(wrong[7]) == 2


def test_taken_in_once(marloes: Person, bram: Person) -> None:
    draft = read(marloes)
    for _click in range(2):
        draft = actions.take_in_colleagues(by=marloes, draft=draft)
        assert draft.outcome == {"added": 2, "known": 1, "left_out": 6}
    sanne = Person.objects.get(email="sanne@reurslag.example")
    assert (sanne.name, sanne.job, sanne.roles) == ("Sanne te Velthuis", "Monteur", ["face", "helper"])
    assert (sanne.discipline, str(sanne.started_on), sanne.joined_at) == (bram.discipline, "2024-09-01", None)
    assert {skill.name for skill in sanne.skills.all()} == {"Solderen", "Foto's"}
    assert Invitation.objects.count() == 2
    assert not Person.objects.filter(name__startswith="Fout").exists()


def test_every_role_is_known_by_its_name_in_both_languages() -> None:
    for language in ("nl", "en"):
        with translation.override(language):
            for role in Role:
                found = reading.entry(2, {"name": "Kees", "email": "kees@reurslag.example", "roles": str(role.label)})
                assert (found.roles, found.problems) == ([role], [])


def test_without_letters(marloes: Person) -> None:
    actions.take_in_colleagues(by=marloes, draft=read(marloes), invited=False)
    assert not Invitation.objects.exists()


def test_an_administrator_may_bring_administrators(ada: Person) -> None:
    actions.take_in_colleagues(by=ada, draft=read(ada))
    assert Person.objects.get(email="zes@reurslag.example").roles == ["administrator"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("naam;plaats\nx;y", "columns"),
        ("e-mail\nx@example.org", "columns"),
        ("naam,mail\n" + "x,y\n" * 2_001, "long"),
    ],
)
def test_what_is_no_list(marloes: Person, text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read(marloes, text)
    assert refused.value.code == code


def test_a_newer_list_takes_the_place_of_one_that_was_not_taken_in(marloes: Person) -> None:
    first, second = read(marloes), read(marloes)
    assert list(ImportDraft.objects.all()) == [second]
    assert first.pk != second.pk


def test_not_for_everyone(newcomer: Person, marloes: Person) -> None:
    with pytest.raises(Forbidden):
        read(newcomer)


def test_too_long_cells(marloes: Person) -> None:
    (found,) = actions.checked_colleagues(
        read(marloes, f"naam;e-mail;functie;kan\nX;x@example.org;{'f' * 121};{'v' * 81}\n"), by=marloes
    )
    assert len(found[1]) == 2


def test_in_the_browser(visit: Callable[..., Any], marloes: Person, ada: Person, newcomer: Person) -> None:
    client = visit(marloes)
    sent = client.post(reverse("people:bring_in"), {"file": SimpleUploadedFile("c.csv", LIST.encode("cp1252"))})
    page = client.get(sent.url).content.decode()
    assert "Zoë Müller" in page
    assert "keizer" in page
    assert visit(ada).get(sent.url).status_code == 404
    assert visit(newcomer).post(sent.url).status_code == 404
    client.post(sent.url, {"invited": "1"})
    assert "3 colleagues were added" in client.get(sent.url).content.decode()
    assert Invitation.objects.count() == 3
    bad = client.post(reverse("people:bring_in"), {"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04\x00\x00")})
    assert "Save the list as CSV" in bad.content.decode()


def test_a_line_that_cannot_be_read_and_one_that_is_refused_leave_the_rest(
    marloes: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = 'naam;e-mail\nA;a@example.org\n"Open;b@example.org\nC;c@example.org\n'
    draft = read(marloes, rows)
    wrong = [problems for _row, problems, _known in actions.checked_colleagues(draft, by=marloes) if problems]
    assert len(wrong) == 1
    assert "quotation" in wrong[0][0]
    add = lists.add_person

    def refusing(**fields: Any) -> Person:
        if fields["email"] == "a@example.org":
            raise Refused("There is somebody with this address since a moment.")
        return add(**fields)

    monkeypatch.setattr(lists, "add_person", refusing)
    assert actions.take_in_colleagues(by=marloes, draft=draft).outcome == {"added": 1, "known": 0, "left_out": 2}

"""Which language something was said in."""

import pytest

from koor.flow.listening import actions
from koor.kernel.access import SYSTEM, NotFound, Refused
from koor.kernel.languages import language_of
from koor.kernel.models import AuditEntry

OURS = ("nl", "en")
DUTCH = "De monteur kwam gisteren en heeft alles netjes achtergelaten, dank daarvoor."
ENGLISH = "The engineer came yesterday and left everything tidy, thank you for that."
GERMAN = "Der Monteur kam gestern und hat alles sauber hinterlassen, vielen Dank."


@pytest.mark.parametrize(
    ("text", "said", "language"),
    [
        (DUTCH, "", "nl"),
        (ENGLISH, "", "en"),
        (GERMAN, "", ""),  # none of ours
        (GERMAN, "de", "de"),
        (DUTCH, "nl", "nl"),
        (DUTCH, "nl-BE", "nl-BE"),  # what the source says stands
        (DUTCH, "en", "nl"),  # plainly wrong: a phone that says English of everything
        (ENGLISH, "nl-NL", "en"),
        ("Top", "en", "en"),  # too short to know better
        (DUTCH, "pl", "pl"),  # a language that we can't judge
        ("👍 👍", "", ""),
        ("", "", ""),
        ("@anna https://example.org/de-monteur-kwam-gisteren", "", ""),  # names and addresses are no words
        ("x" * 100_000, "en", "en"),
        ("\ud800 \x00 " + DUTCH, "", "nl"),
    ],
)
def test_language(text, said, language):
    assert language_of(text, said, OURS) == language


def test_only_the_languages_of_the_house():
    assert language_of(ENGLISH, "", ["nl"]) != "nl"
    assert language_of(GERMAN, "", ["nl", "de"]) == "de"


@pytest.mark.django_db
def test_a_person_says_in_which_language_it_was_said(said, marloes, bram, visit):
    query = actions.add_query(by=SYSTEM, name="Duits", expression="lang:de pomp")
    one = said("Pomp kaputt", lang="nl")
    browser, page, back = visit(marloes), f"/listen/mentions/{one.pk}/", f"/listen/mentions/{one.pk}/language/"
    assert 'value="de"' in browser.get(page).content.decode()
    shown = browser.post(back, {"language": "de"}, follow=True).content.decode()
    assert f"{back}?language=nl" in shown
    assert f"{back}?" not in browser.post(back, {"language": "de"}, follow=True).content.decode()
    assert AuditEntry.objects.filter(verb="listening.tell_language").count() == 1, "a double click says it once"
    one.refresh_from_db()
    assert (one.language, query.matches.count()) == ("de", 1)
    browser.post(f"{back}?language=nl")
    one.refresh_from_db()
    assert (one.language, query.matches.count()) == ("nl", 0)
    strange = said("Hm", lang="zxx")
    browser.post(f"/listen/mentions/{strange.pk}/language/", {"language": "nl"})
    browser.post(f"/listen/mentions/{strange.pk}/language/?language=zxx")
    strange.refresh_from_db()
    assert strange.language == "zxx", "the way back also leads to what has no name"
    for unknown in ("klingon", "nl-xxxxxxxxxxxxxxxxxxxx"):
        with pytest.raises(Refused):
            actions.tell_language(by=marloes, mention_id=one.pk, language=unknown)
    with pytest.raises(NotFound):
        actions.tell_language(by=marloes, mention_id=0, language="de")
    assert visit(bram).post(back, {"language": "de"}).status_code in (403, 404)

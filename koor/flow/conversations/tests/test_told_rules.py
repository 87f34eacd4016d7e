"""What a message tells, what a question asks for, and whether somebody says that they told it already."""

import time
from datetime import date, timedelta

import pytest

from koor.flow.conversations import logic

TUESDAY = date(2026, 11, 24)


def told(text, ours=False):
    return [(one.subject, one.text) for one in logic.found_in(text, ours=ours, day=TUESDAY)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Bel me op 06-12 34 56 78 graag.", ("phone", "06-12 34 56 78")),
        ("Of 0031 6 12345678.", ("phone", "0031 6 12345678")),
        ("Ik woon op Lindelaan 14 in Borculo.", ("address", "Lindelaan 14 in Borculo")),
        ("adres is spoorstraat 8a", ("address", "spoorstraat 8a")),
        ("Mail naar els@buurt.example.", ("mail", "els@buurt.example")),
        ("De Remeha Avanta 28c geeft niets.", ("device", "Remeha Avanta 28c")),
        ("Er staat storing F28 op het scherm.", ("code", "storing F28")),
        ("Hij komt uit 2009.", ("year", "uit 2009")),
        ("Mijn offertenummer is 2024-113.", ("number", "offertenummer is 2024-113")),
        ("Ik heb hem al twee keer gereset.", ("tried", "Ik heb hem al twee keer gereset.")),
    ],
)
def test_what_they_tell(text, found):
    assert found in told(text)


@pytest.mark.parametrize(
    "text", ["", "Dank je wel.", "Het is 20 graden boven.", "Heb je hem al gereset?", "1234567890123"]
)
def test_nothing_worth_a_line(text):
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("Ik woon in de Dorpsstraat\n5 kamers zijn koud", []),
        ("Het gaat om de Lindelaan\n\n14 dagen geleden gemaild", []),
        ("het is de lindelaan\r\n14 dagen geleden gemaild", []),
        ("Lindelaan 14\nin Maart verhuisd", ["Lindelaan 14"]),
        ("Lindelaan 14\na 5 kamers", ["Lindelaan 14"]),
        ("Lindelaan 14,\n7271 AB Borculo", ["Lindelaan 14, 7271 AB Borculo"]),
        ("Lindelaan\u00a014 in Borculo", ["Lindelaan 14 in Borculo"]),
    ],
)
def test_an_address_takes_nothing_from_the_next_line(text, addresses):
    assert [said for subject, said in told(text) if subject == "address"] == addresses


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("We komen dinsdag langs.", date(2026, 12, 1)),
        ("Ik bel je morgen terug.", date(2026, 11, 25)),
        ("Op 12 december plaatsen we hem.", date(2026, 12, 12)),
        ("Op 3 maart komt Jelle.", date(2027, 3, 3)),
        ("Vanmiddag stuur ik de offerte.", TUESDAY),
        ("Volgende week bellen we.", date(2026, 12, 4)),
        ("Ik kom 1-12 langs", date(2026, 12, 1)),
        ("Ik bel u 30/11 terug.", date(2026, 11, 30)),
        ("We komen di 24-11.", TUESDAY),
        ("Ik kom 15-12-2026.", date(2026, 12, 15)),
        ("We komen 15-12-2025 langs.", None),
        ("We komen dinsdag (8-12) langs.", date(2026, 12, 8)),
        ("Ik kom morgen tussen 9-10.", date(2026, 11, 25)),
        ("Ik kom donderdag over twee weken.", date(2026, 12, 10)),
        ("Ik kom donderdag de 10e.", date(2026, 12, 10)),
        ("I will come on Saturday the 5th of December.", date(2026, 12, 5)),
        ("Ik kom maandag de 10e.", None),
    ],
)
def test_what_we_promise(text, due):
    found = logic.found_in(text, ours=True, day=TUESDAY)
    assert [(one.kind, one.due) for one in found] == [("promise", due)]


@pytest.mark.parametrize(
    "text",
    [
        "Kan het dinsdag?", "Dinsdag was het koud.", "We komen graag.", "We komen 24/7.", "Ik bel 9-10 uur",
        "Bel terug op 06-12 34 56 78", "Ik bel over 2-3 weken.",
    ],
)  # fmt: skip
def test_what_is_no_promise(text):
    assert logic.found_in(text, ours=True, day=TUESDAY) == []


@pytest.mark.parametrize(
    ("text", "devices"),
    [
        ("Er zit aceton in de ace.", ["ace"]),
        ("Mijn no-frost NF30 en de STRASSENPUMPE lekken.", ["no-frost NF30", "STRASSENPUMPE"]),
        ("Café: de straßenpumpe, de VR-700 en de No\u2011Frost", ["straßenpumpe", "VR-700", "No\u2011Frost"]),
        ("De Ace VR 700", ["Ace VR 700"]),
    ],
)
def test_what_they_have_is_known_by_the_names_of_the_house(text, devices):
    names = ("Ace", "No\u2011Frost", "Straßenpumpe", "VR 700", "++")
    found = logic.found_in(text, ours=False, day=TUESDAY, products=names)
    assert [one.text for one in found if one.subject == "device"] == devices


def test_a_line_of_our_own_has_its_day():
    texts = ("terugbellen 1-12", "bellen 3/12", "bellen op 06-12 34 56 78", "bel 2-3 keer", "deze week 2-3 man")
    days = [logic.due_in(text, TUESDAY) for text in texts]
    assert days == [date(2026, 12, 1), date(2026, 12, 3), None, None, TUESDAY + timedelta(days=3)]


def test_the_same_said_again_is_one_line():
    first, second = (logic.found_in(text, ours=False, day=TUESDAY)[0] for text in ("06-12345678", "+31 6 1234 5678"))
    assert first.key == second.key


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Wat is je adres?", {"address"}),
        ("Op welk nummer kunnen we je bellen?", {"phone"}),
        ("Welke ketel heb je, en uit welk jaar?", {"device", "year"}),
        ("Wil je de foutcode doorgeven", {"code"}),
        ("Heb je hem al gereset?", {"tried"}),
        ("Kun je vertellen wat er aan de hand is?", {"story"}),
        ("Klopt het adres Lindelaan 14?", set()),
        ("We komen naar je adres.", set()),
    ],
)
def test_what_a_question_asks_for(text, asked):
    assert logic.asked_for(text) == asked


@pytest.mark.parametrize(
    "text",
    [
        "Dat heb ik al verteld.", "Zoals ik al schreef: F28.", "Nogmaals: ik woon op 14.",
        "Hoe vaak moet ik dit zeggen?", "Voor de derde keer leg ik het uit.",
        "Moet ik nu weer het hele verhaal doen?", "Dit had ik aan je collega gemeld.",
        "I already told you.", "As I said, it is cold.",
    ],
)  # fmt: skip
def test_they_say_that_they_told_it(text):
    assert logic.says_told_before(text)


@pytest.mark.parametrize(
    "text",
    [
        "Nogmaals bedankt.", "Voor de derde keer valt hij uit.", "Ik heb hem al gereset.", "Weer koud boven.",
        "Fijn dat je al komt.", "I already paid.",
    ],
)  # fmt: skip
def test_they_say_something_else(text):
    assert not logic.says_told_before(text)


@pytest.mark.parametrize(
    "text",
    [
        "0" * 50_000,
        "a " * 20_000 + "straat",
        "heb " * 5_000,
        "weer " * 5_000,
        "-" * 9_999,
        "dat ik " * 2_000,
        "eerst de een " * 900,
    ],
)
def test_a_long_text_takes_no_time(text):
    begun = time.process_time()
    logic.found_in(text, ours=False, day=TUESDAY)
    logic.found_in(text, ours=True, day=TUESDAY)
    logic.says_told_before(text)
    logic.asked_for(text)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("We komen op 29 februari.", None),  # no such day in the coming year
        ("We komen op 31-4 langs.", None),
        ("We komen op 12-13 langs.", None),
        ("We komen op 5 oct langs.", date(2027, 10, 5)),
    ],
)
def test_a_day_that_does_not_exist_is_no_promise_of_a_day(text, due):
    (found,) = logic.found_in(text, ours=True, day=TUESDAY)
    assert found.due == due


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Ik kom donderdagmiddag bij je langs.", date(2026, 11, 19)),
        ("Ik bel je vanochtend nog.", date(2026, 11, 17)),
        ("Dinsdagochtend komen we.", date(2026, 11, 24)),
        ("We komen volgende week donderdag.", date(2026, 11, 26)),
        ("I will call you next week on Tuesday.", date(2026, 11, 24)),
        ("We bellen je maandag.", date(2026, 11, 23)),
        ("We laten het je volgende week weten.", date(2026, 11, 27)),
        ("Ik stuur het je deze week.", date(2026, 11, 20)),
        ("Binnen twee dagen bel ik je terug.", date(2026, 11, 19)),
        ("We send it within 2 weeks.", date(2026, 12, 1)),
        ("Binnen een uur bel ik terug.", None),
    ],
)
def test_what_is_promised_has_the_last_day_on_which_it_is_kept(text, due):
    (found,) = logic.found_in(text, ours=True, day=date(2026, 11, 17))
    assert found.due == due


def test_a_day_that_comes_once_in_four_years():
    (found,) = logic.found_in("We komen op 29 februari.", ours=True, day=date(2027, 12, 1))
    assert found.due == date(2028, 2, 29)


COLD = ("Boven blijft het koud, de Remeha Avanta geeft storing F28.", False)


@pytest.mark.parametrize(
    ("talk", "again"),
    [
        ([COLD, ("Wat is je adres?", True), ("Lindelaan 14", False)], False),
        ([COLD, ("Wil je de foutcode doorgeven?", True)], True),  # they gave it
        ([COLD, ("Welke ketel is het?", True), ("De Remeha Avanta.", False)], True),
        ([COLD, ("Geeft hij storing F28?", True), ("Ja, storing F28", False)], False),  # our own words are a yes
        ([COLD, ("We kijken ernaar.", True), ("Remeha Avanta F28", False)], False),  # nobody asked
        ([COLD, ("Hoe gaat het?", True), (" ".join(["storing"] * 80), False)], False),  # not short
        ([COLD, ("Hoe gaat het?", True), ("Dat heb ik al verteld.", False)], True),
        ([("Kan iemand mij bellen?", False), ("Wat is je nummer?", True)], False),
        ([COLD, ("We kijken ernaar.", True), ("Wil je de foutcode doorgeven?", True)], True),
    ],
)
def test_whether_somebody_had_to_repeat(talk, again):
    assert logic.had_to_repeat(talk, TUESDAY) is again


def test_what_somebody_told_at_length_is_their_story():
    told_it = "Sinds maandag valt de ketel steeds uit. Ik heb hem gereset, de kranen open gezet en de druk bijgevuld, "
    told_it += "maar na een uur is het weer koud en hoor ik een tik in de leidingen van de zolder."
    held = logic.had_to_repeat([(told_it, False), ("Kun je vertellen wat er aan de hand is?", True)], TUESDAY)
    assert held
    assert not logic.had_to_repeat([("Hij doet het niet.", False), ("Wat is er aan de hand?", True)], TUESDAY)


LABELLED = """
# made up
= 1 ja
K: De ketel geeft storing F28.
W: Wil je de foutcode doorgeven?
= 2 nee
K: Komt er iemand?
W: Wat is je adres?
= 3 ja
K: Het blijft koud.
W: Wat vervelend voor je.
= 4 nee
K: Nogmaals: dat heb ik al verteld.
"""


def test_how_well_a_repeat_is_noticed():
    assert logic.told_scores(LABELLED) == {
        "conversations": 4, "with_repeat": 2, "noticed": 2, "precision": 0.5, "recall": 0.5,
        "missed": ["3"], "false": ["4"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "No conversation"), ("= 1 ja\nHoi", "line 2"), ("K: Hoi", "line 1")],
)
def test_a_file_that_tells_nothing_is_refused(text, said):
    with pytest.raises(ValueError, match=said):
        logic.told_scores(text)


def test_where_nobody_repeats_what_is_noticed_is_false():
    found = logic.told_scores("= 1 nee\nK: Hoi\n= 2 nee\nK: Dat heb ik al verteld.")
    assert found == {"conversations": 2, "with_repeat": 0, "noticed": 1, "missed": [], "false": ["2"]}


def test_where_nothing_is_noticed_nothing_is_precise():
    found = logic.told_scores("= 1 ja\nK: Hoi\nW: Dag")
    assert (found["precision"], found["recall"], found["missed"]) == (0.0, 0.0, ["1"])


@pytest.mark.parametrize(
    "text",
    [
        "Dit is nu mijn derde bericht over die klep.", "Hier is hij dan weer, de plattegrond.",
        "Ik heb vier medewerkers gesproken en moest het vier keer uitleggen.",
        "Telkens weer begin ik met jullie vanaf nul.", "Zie mijn mail van dinsdag.",
        "Heeft niemand dat formulier gelezen?", "Ik herhaal: de zijdeur.", "Dat vroeg uw collega ook al.",
        "Zo hadden we dat niet afgesproken, ik zei toch dinsdag.", "Have a look, you already have my number.",
    ],
)  # fmt: skip
def test_they_say_so_in_a_way_of_their_own(text):
    assert logic.says_told_before(text)


@pytest.mark.parametrize(
    "text",
    [
        "Hoe vaak moet ik de filters wisselen?", "Weten jullie al wanneer hij komt?", "Dit is mijn eerste bericht.",
        "Waarom is er twee keer betaald voor hetzelfde contract?", "Kun je het nog eens uitleggen?",
        "Daar gaan we weer, hij valt uit.", "The same tap leaks for the second time.",
        "Zie de foto in de bijlage.", "De ketel staat in de schuur.", "Twee collega's hielpen me, heel fijn.",
    ],
)  # fmt: skip
def test_they_do_not_say_that_they_told_it(text):
    assert not logic.says_told_before(text)


@pytest.mark.parametrize(
    "text",
    [
        "Vorige maand heb ik jullie om een nieuwe sleutel gevraagd. Vandaag vraag ik het weer, niemand wist ervan.",
        "I told your colleague on Monday and again today. Why do I have to explain it to everybody?",
        "Moet ik nu werkelijk weer mijn hele dossier opsommen?",
        "Ik stuur jullie weer precies dezelfde tekening, gewoon omdat het moet.",
        "We hebben het bestek in april al ingeleverd. Waarom meldt u dan dat het ontbreekt?",
        "Ik lijk wel een papegaai. Het is de schuur, het is de schuur, en nog eens de schuur.",
        "Ik heb het getekend, ik heb het gezegd en gisteren heb ik het geschreven: de voordeur.",
    ],
)
def test_several_signs_together_show_that_it_was_told(text):
    assert logic.says_told_before(text)


@pytest.mark.parametrize(
    "text",
    [
        "Hallo, ik heb een vraag. De kamer blijft steeds lauw.", "Gisteren het formulier ingevuld, dat werkt fijn.",
        "De buurvrouw vertelt steeds hetzelfde over haar dak.", "Vorige week vroeg Wim om de sleutel. Hier is hij.",
        "", "Weer mooi weer vandaag.", "Kunt u mij nog een keer vertellen wat ik moet sturen?",
    ],
)  # fmt: skip
def test_a_sign_alone_shows_nothing(text):
    assert not logic.says_told_before(text)


@pytest.mark.parametrize(
    "text",
    [
        "Zaterdag gaf hij storing F28, ik heb hem toen gereset. Vandaag meldt hij weer storing F28.",
        "Ik heb gisteren de stekker eruit gehaald en opnieuw erin. Nu meldt hij storing F28.",
        "Wij gaan in maart verhuizen. Moet ik dan opnieuw een contract invullen? Ik vraag het alvast.",
        "I sent the form yesterday. Do I need to sign it again?",
        "Ik heb gisteren gebeld, er nam niemand op. Daarom bel ik nu weer.",
        "Ik heb het vorige week gemeld en toen was het zo verholpen. Nu geeft de ketel dezelfde storing weer.",
        "Gisteren zei de app dat ook al. Nu vraag ik me af of hij weer stuk is.",
        "Gisteren zei hij dat ook al en het ging vanzelf over.", "Hij heeft vannacht al storing gemeld.",
        "I asked for a quote in May, thanks. Could you send it again with the new prices?",
    ],
)  # fmt: skip
def test_what_happens_again_or_has_to_be_done_again_is_not_told_again(text):
    assert not logic.says_told_before(text)


@pytest.mark.parametrize(
    ("theirs", "question", "line"),
    [
        ("Het is koud. De foto's heb ik gisteren gemaild.", "Heeft u foto's?", "De foto's heb ik gisteren gemaild."),
        ("Het lekt sinds maandag.", "Sinds wanneer lekt het?", "Het lekt sinds maandag."),
        ("Ik ben alleen op vrijdag thuis.", "Welke dagen komen uit?", "Ik ben alleen op vrijdag thuis."),
        ("Er ligt een kabel in de grond.", "Ligt er al een kabel in de grond?", "Er ligt een kabel in de grond."),
        ("Er ligt een kabel in de grond.", "Ligt er een kabel in de grond, klopt dat?", ""),  # we only make sure
        ("Ligt er een kabel in de grond?", "Ligt er al een kabel in de grond?", ""),  # they asked it themselves
        ("Het lekt.", "Sinds wanneer lekt het?", ""),
        ("Het lekt sinds maandag.", "Ik kom maandag.", ""),
    ],
)
def test_what_they_said_answers_our_question(theirs, question, line):
    assert logic.given_before(question, [theirs]) == line


@pytest.mark.parametrize(
    ("answer", "again"),
    [
        ("De zolder en de hal.", True),  # short words count too
        ("Ja, zolder en hal, zoals ik schreef.", True),
        ("De zolder, de kelder en de garage.", False),  # mostly new
        ("Ja hoor.", False),
        ("", False),
    ],
)
def test_an_answer_that_only_says_it_again(answer, again):
    talk = [("De verwarming op zolder en in de hal doet niets.", False), ("Om welke kamers gaat het?", True)]
    assert logic.had_to_repeat([*talk, (answer, False)], TUESDAY) is again


def test_which_fault_it_shows_is_not_which_device():
    assert logic.asked_for("Welke storing geeft de ketel?") == {"code"}
    assert logic.asked_for("Ik kom het u graag uitleggen.") == set()


def test_who_signs_a_letter_is_no_part_of_the_street():
    assert ("address", "Lindelaan 14") in told("Met groet,\n\nEls Slotboom-Wissink\nLindelaan 14\n7271 AB Borculo")

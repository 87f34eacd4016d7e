"""Which sentences are kept as a promise by themselves: a promise that nobody made is worse than one that was missed."""

from datetime import date

import pytest

from koor.flow.conversations import logic

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Dag Fatma, ik kom vrijdag langs.", date(2026, 11, 27)),
        ("Wij komen dinsdag 1 december langs.", date(2026, 12, 1)),
        ("Vanmiddag stuur ik u de foto's.", MONDAY),
        ("Binnen twee dagen bel ik je terug.", date(2026, 11, 25)),
        ("Fijn dat u belde.\nDonderdagmiddag zullen we hem plaatsen.", date(2026, 11, 26)),
        ("Ik laat u woensdag weten of het past.", date(2026, 11, 25)),
        ("We komen volgende week donderdag.", date(2026, 12, 3)),
        ("Op 12 december plaatsen we hem.", date(2026, 12, 12)),
        ("Ik ga morgen kijken en neem Jelle mee.", date(2026, 11, 24)),
        ("I’ll call you on Tuesday.", date(2026, 11, 24)),
        ("Tomorrow we will replace it.", date(2026, 11, 24)),
        ("We send it this week.", date(2026, 11, 27)),
        ("Ik kom dinsdag met Jan langs.", date(2026, 11, 24)),
        ("Wij nemen morgen contact met je op.", date(2026, 11, 24)),
        ("Dag Els, vrijdag neem ik weer even contact op.", date(2026, 11, 27)),
        ("We'll be in touch on Tuesday.", date(2026, 11, 24)),
        ("Morgen kom ik erop terug.", date(2026, 11, 24)),
        ("Ik kom daarop morgen terug.", date(2026, 11, 24)),
        ("Ik kom dinsdag erop terug.", date(2026, 11, 24)),
        ("Ik stuur u morgen de 2e offerte.", date(2026, 11, 24)),
        ("Ik stuur morgen de gegevens van maart.", date(2026, 11, 24)),
        ("Wij komen dinsdag de 24e langs.", date(2026, 11, 24)),
        ("Ik kom donderdag de 10e langs.", date(2026, 12, 10)),
        ("I will come Thursday the 10th.", date(2026, 12, 10)),
        ("I will call you tomorrow about the following.", date(2026, 11, 24)),
        ("Je hoort morgen van me.", date(2026, 11, 24)),
        ("Jullie horen uiterlijk vrijdag van ons.", date(2026, 11, 27)),
        ("Ik zoek het uit, dan hoort u dinsdag van mij.", date(2026, 11, 24)),
        ("You will hear from us tomorrow.", date(2026, 11, 24)),
    ],
)
def test_what_we_say_we_will_do_on_a_day_is_promised(text, due):
    assert [one.due for one in logic.promised_in(text, MONDAY)] == [due]


@pytest.mark.parametrize(
    "text",
    [
        "Neemt u morgen contact met ons op.", "Ik neem morgen vrij.",
        # a day that refers to something else, or is none
        "Ik stuur hierbij de offerte van 3 november.", "Ik stuur u de factuur van 12 oktober.",
        "Ik mail u de foto's van dinsdag.", "Ik bel u over vrijdag.", "Ik stuur u de planning voor dinsdag.",
        "Wij zijn 24/7 bereikbaar, wij bellen terug.", "Wij komen tussen 9-10 uur.", "Ik stuur u 10-12 foto's.",
        "Ik kom dinsdag 8-12 langs.", "Op 3 maart komen we.", "Ik kom woensdag 1 december langs.",
        "Ik kijk uit naar vrijdag, we bellen.", "I will send Tuesday's pictures.", "Wij komen elke dinsdag langs.",
        # a day of another week or month
        "Ik kom donderdag over twee weken langs.", "Ik bel u dinsdag over een week.", "Ik bel morgen over een week.",
        "Ik kom donderdag de 9e langs.", "I will come Thursday the 9th.", "Ik kom dinsdag langs, de 5e.",
        "Ik kom de dag erop langs.", "I will come the following Tuesday.", "Ik kom de eerste dinsdag van maart.",
        "Ik kom de daaropvolgende dinsdag.", "Ik stuur dinsdag de 2e offerte.",
        "Ik kom dinsdag in week 51.", "Wij komen eind januari op een dinsdag.", "Ik bel dinsdag volgende maand.",
        "Ik kom de dinsdag erna langs.", "Ik kom de week erop dinsdag.", "We will come Tuesday in two weeks.",
        "Ik bel vandaag over veertien dagen.", "I'll call you a week on Tuesday.",
        # the past
        "Ik ben dinsdag langs geweest.", "Wij kwamen maandag langs.", "Ik kom afgelopen dinsdag binnen en bel u.",
        # what others say or do
        "U schreef: ik kom dinsdag langs", "> Ik kom dinsdag langs", "U schreef “het lekt. Ik kom dinsdag langs.”",
        "Op dinsdag schreef Fatma:\n\nIk kom dinsdag langs", "Fatma zegt ik kom dinsdag.", "Ik hoor dinsdag van u.",
        "Je hoort morgen van Jelle.", "Horen jullie morgen van ons", "Je hoort van ons dat Jelle dinsdag komt.",
        "Je hoort het van me, Jelle komt dinsdag.", "Je hoort van ons de uitslag van dinsdag.",
        "Je hoort morgen niets van me, niet voor dinsdag.",
        "Laat je me morgen weten of ik kom.", "Ik zag dat u dinsdag langs komt.", "Ze belt me vrijdag terug.",
        "Ik regel dat Jelle dinsdag komt.", "U belt dinsdag en ik stuur het.", "Ik vraag Jelle om dinsdag te komen.",
        # not sure
        "dinsdag of woensdag, zegt u het maar, ik kom", "Ik kom dinsdag of woensdag.", "I may come Tuesday.",
        "I could come Tuesday.", "I might come Tuesday.", "Mocht het lukken, dan kom ik dinsdag.",
        "Zal ik dinsdag komen", "Dag Fatma, zullen we dinsdag bellen", "Ik probeer dinsdag te komen.",
        "Ik kom dinsdag en woensdag.", "Moeten wij komen dinsdag", "Ik kan dinsdag komen.",
        "Ik kom dinsdag, mits droog.", "Als het lekt kom ik morgen.", "Als het lekt\nkom ik morgen.", "Kom ik dinsdag?",
        "We komen dinsdag?!", "Volgens de monteur komen we dinsdag.", "We sturen op dinsdag 24 november 2025 de nota.",
    ],
)  # fmt: skip
def test_what_may_be_something_else_is_not(text):
    assert logic.promised_in(text, MONDAY) == []

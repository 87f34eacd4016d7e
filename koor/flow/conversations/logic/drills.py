# ruff: noqa: E501 what people say stands on one line
"""Exercises: invented fires with the messages that come in, written for an installation company. Nothing of it leaves
the house; everybody in it is invented."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LASTS = 30  # minutes, unless said otherwise
LONGEST = 120
LANGUAGES = ("nl", "en")
STAGES = {"nl": ("Oefening: nieuws", "Oefening: sociaal", "Oefening: per mail"),
          "en": ("Exercise: news", "Exercise: social", "Exercise: by mail")}  # fmt: skip


@dataclass(frozen=True)
class Voice:
    """Somebody invented says something, so many seconds after the alarm."""

    after: int
    name: str
    text: str


@dataclass(frozen=True)
class Scenario:
    """What burns, in one language."""

    title: str
    fact: str
    source: str
    unknown: str
    voices: Sequence[Voice]


SCENARIOS: Mapping[str, Mapping[str, Scenario]] = {
    "leak": {
        "nl": Scenario(
            "Lekkage in basisschool De Akkers",
            "Een leiding van de nieuwe verwarming is losgeschoten; er staat water in twee lokalen.",
            "conciërge De Akkers, telefonisch",
            "Is er ergens stroom bij het water gekomen?",
            (
                Voice(0, "Wilma Groot", "Mijn zoon belt dat zijn lokaal onder water staat. Was dat jullie verwarming? Is het veilig?"),
                Voice(40, "Erik ten Cate", "Foto van een klas vol water. En wie legde die leiding vorige maand? Precies."),
                Voice(75, "Fenna Meijer", "Moeten de kinderen morgen gewoon naar school of niet?"),
                Voice(120, "Regiobode", "Hier de redactie van de Regiobode. Klopt het dat een monteur van jullie gisteren aan deze ketel werkte?"),
                Voice(160, "Joost Wender", "Ik heb dezelfde ketel van jullie. Kan dit bij mij ook gebeuren?"),
                Voice(200, "Wilma Groot", "Ik krijg niemand te pakken. Kan iemand gewoon zeggen of er stroom op dat water stond?"),
                Voice(245, "Sanne Oude", "Directeur van De Akkers hier. Ik moet om negen uur de ouders iets sturen. Wat kan ik zeggen?"),
                Voice(290, "Kees Vrielink", "Waarom lees ik hier nog niets van jullie zelf over?"),
            ),
        ),
        "en": Scenario(
            "Leak at primary school The Acres",
            "A pipe of the new heating came loose; there is water in two classrooms.",
            "caretaker of The Acres, by telephone",
            "Did the water reach anything electric?",
            (
                Voice(0, "Wilma Grant", "My son calls that his classroom is under water. Was that your heating? Is it safe?"),
                Voice(40, "Eric Cate", "A photo of a classroom full of water. And who put in that pipe last month? Exactly."),
                Voice(75, "Fenna Meyer", "Do the children go to school tomorrow or not?"),
                Voice(120, "The Regional", "The Regional's desk here. Is it true that one of your people worked on this boiler yesterday?"),
                Voice(160, "Joss Wender", "I have the same boiler from you. Can this happen to me as well?"),
                Voice(200, "Wilma Grant", "I can't reach anybody. Can someone just say whether that water was live?"),
                Voice(245, "Susan Old", "Head of The Acres here. At nine I have to write to the parents. What can I say?"),
                Voice(290, "Case Vreeland", "Why do I read nothing about this from you yet?"),
            ),
        ),
    },
    "rude": {
        "nl": Scenario(
            "Een bot antwoord aan een klant gaat rond",
            "Gistermiddag schreven wij aan mevrouw Aalders: “Had u de handleiding maar moeten lezen.”",
            "ons eigen antwoord, op ons account",
            "Wie schreef het antwoord, en wat ging eraan vooraf?",
            (
                Voice(0, "Hetty Aalders", "Dit antwoord kreeg ik van jullie. Mijn moeder van 82 zat drie dagen in de kou."),
                Voice(35, "Tom Bakker", "Schermafdruk gedeeld. Zo gaan ze dus met klanten om. Nooit meer."),
                Voice(70, "Lian Chen", "Is dit echt? Ik wilde net een offerte aanvragen."),
                Voice(110, "Gerrit Haan", "Tweeduizend keer gedeeld inmiddels. Komt er nog een reactie?"),
                Voice(150, "Mia Slot", "Ik ken jullie monteurs als de aardigste mensen die er zijn. Wat is er gebeurd?"),
                Voice(195, "Radio Oost", "We behandelen dit om zes uur in de uitzending. Wie kan er iets zeggen?"),
                Voice(240, "Hetty Aalders", "Ik hoef geen bloemen. Ik wil dat iemand belt en dat het niet nog eens gebeurt."),
            ),
        ),
        "en": Scenario(
            "A rude answer to a customer spreads",
            "Yesterday afternoon we wrote to Mrs Alders: “You should have read the manual.”",
            "our own answer, on our account",
            "Who wrote the answer, and what went before it?",
            (
                Voice(0, "Hetty Alders", "This is the answer that I got from you. My mother of 82 sat in the cold for three days."),
                Voice(35, "Tom Baker", "Shared the screenshot. So that is how they treat customers. Never again."),
                Voice(70, "Lian Chen", "Is this real? I was about to ask you for an offer."),
                Voice(110, "Gerald Hahn", "Shared two thousand times by now. Will there be an answer?"),
                Voice(150, "Mia Slot", "I know your technicians as the kindest people there are. What happened?"),
                Voice(195, "Radio East", "We are on air with this at six. Who can say something?"),
                Voice(240, "Hetty Alders", "I don't need flowers. I want somebody to call, and that it does not happen again."),
            ),
        ),
    },
    "rumour": {
        "nl": Scenario(
            "Het gerucht dat we failliet zijn",
            "In een buurtgroep staat dat wij failliet zijn en dat aanbetalingen weg zijn. Dat is niet waar.",
            "buurtgroep Borculo; onze eigen administratie",
            "Waar komt het gerucht vandaan?",
            (
                Voice(0, "Ans Roelofs", "Klopt het dat jullie failliet zijn? Ik heb vorige week 2.400 euro aanbetaald."),
                Voice(30, "Bert Kok", "Een neef werkt bij de bank en zegt dat het gedaan is. Deel dit."),
                Voice(65, "Ilse Prins", "Komt mijn ketel dinsdag nog wel of niet?"),
                Voice(105, "Marco Dijk", "Ik lever jullie al jaren. Moet ik mijn vrachtwagen laten omkeren?"),
                Voice(150, "Ans Roelofs", "Jullie site doet alsof er niets is. Zeg gewoon ja of nee."),
                Voice(190, "Yara Blom", "Mijn man werkt bij jullie en hoort het via de buren. Kan dat anders?"),
                Voice(235, "Dagblad Achterhoek", "Kunt u een failliete boedel bevestigen dan wel ontkennen? Wij plaatsen om acht uur."),
            ),
        ),
        "en": Scenario(
            "The rumour that we are bankrupt",
            "A neighbourhood group says that we are bankrupt and that down payments are lost. That is not true.",
            "neighbourhood group; our own books",
            "Where does the rumour come from?",
            (
                Voice(0, "Anne Roel", "Is it true that you are bankrupt? I paid 2,400 euros in advance last week."),
                Voice(30, "Bert Cook", "A cousin works at the bank and says it is over. Share this."),
                Voice(65, "Ilse Prince", "Does my boiler still come on Tuesday or not?"),
                Voice(105, "Marco Dyke", "I have supplied you for years. Do I turn my lorry around?"),
                Voice(150, "Anne Roel", "Your site acts as if nothing is wrong. Just say yes or no."),
                Voice(190, "Yara Bloom", "My husband works for you and hears it from the neighbours. Can that be different?"),
                Voice(235, "The Daily", "Can you confirm or deny a bankruptcy? We go to press at eight."),
            ),
        ),
    },
}  # fmt: skip

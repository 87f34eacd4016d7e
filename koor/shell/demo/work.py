"""What Reurslag shows in the demo: pictures with a sentence, what was posted, promises, the story and lessons."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Shown:
    """A capture: who, how many days ago, which picture, one sentence."""

    by: str
    day: int
    picture: str
    sentence: str
    project: str = ""
    alt: str = ""
    portrayed: tuple[tuple[str, str], ...] = ()  # name, yes/no/ask
    kept: str = "kept"  # new, kept, shelved
    decision: str = ""
    tags: tuple[str, ...] = ()
    evergreen: bool = False


W = Shown
CAPTURES = (
    W("Bram", 0, "heat-pump-in-snow", "Vannacht vijf onder nul. Zo ontdooit een buitenunit zichzelf: een paar minuten stoom, dan is hij stil.",
      "Warmtepomp Lindelaan 14", "Een buitenunit in de sneeuw, met een wolkje stoom", kept="new", tags=("warmtepomp", "vorst")),
    W("Jelle", 1, "meter-cupboard", "Mijn eerste meterkast zonder hulp. Alles op kleur, alles gelabeld.",
      "Meterkasten, flat De Slagheurne", "Een open meterkast met draden op kleur", (("Jelle Kuiper", "yes"),), "new",
      tags=("meterkast", "leren")),
    W("Samira", 1, "service-van", "Kwart voor zes, de eerste storing. De bus is al warm.", "", "Een bestelbus in het donker bij een voordeur",
      kept="kept", decision="Een zin die meteen een ochtend is. Die bewaren we.", tags=("storing", "ochtend")),
    W("Yusuf", 2, "classroom", "Acht lokalen frisse lucht, en je hoort hem niet. Meester Wim vroeg of hij het wel deed.",
      "Frisse lucht voor De Esch", "Een leeg lokaal met een schoolbord en een ventilatie-unit aan het plafond", kept="kept",
      decision="Precies wat scholen vragen. Gaat naar de voorpagina.", tags=("ventilatie", "school")),
    W("Winston", 3, "charging-post", "Laadpaal en pomp op één kast: dit zijn de groepen die je nodig hebt.", "",
      "Een laadpaal naast een huis", kept="kept", tags=("laadpaal", "groepenkast"), evergreen=True),
    W("Bram", 4, "heat-pump-on-poles", "Waarom wij een pomp op palen zetten: lucht eronder, geen blad, en de tegels trillen niet mee.",
      "", "Een buitenunit op palen tegen een bakstenen muur", kept="kept", decision="Legt het uit zonder één moeilijk woord.",
      tags=("warmtepomp", "geluid"), evergreen=True),
    W("Rob", 5, "thermostat", "Twee winters meten aan de Hofstraat. Dit is de stand van de tweede.", "Hofstraat, twee winters meten",
      "Een thermostaat op negentien graden", kept="kept", tags=("meten",)),
    W("Sanne", 6, "apprentice", "Solderen leer je met je ogen dicht, zegt Samira. Nog niet.", "", "Een leerling aan de werkbank",
      (("Sanne Meutstege", "yes"),), "kept", tags=("leren",)),
    W("Gijs", 8, "solar-roof", "Eerst de schaduw van de eik uitrekenen, dan pas panelen tellen.", "", "Een dak met zonnepanelen en een boom",
      kept="kept", tags=("zonnepanelen",), evergreen=True),
    W("Dewi", 9, "gym-hall", "Stil in de gymzaal: het kanaal loopt achter de klimtouwen langs.", "Frisse lucht voor De Esch",
      "Een gymzaal met klimtouwen en een luchtkanaal", kept="kept", tags=("ventilatie", "school")),
    W("Henk", 11, "underfloor-heating", "Een verdeler inregelen is luisteren. Elke groep ruist anders.", "", "Een verdeler van vloerverwarming",
      kept="kept", tags=("vloerverwarming",), evergreen=True),
    W("Olga", 13, "plant-room", "De ketelruimte van De Meergaarden. Hier blijft het warm, wat er ook gebeurt.", "De Meergaarden, onderhoud",
      "Een ketelruimte met leidingen", kept="kept", tags=("zorg",)),
    W("Kevin", 15, "heat-pump-brick", "Mooi weggewerkt achter de schuur.", "", "Een buitenunit naast een schuur", (("Buurvrouw", "ask"),),
      "new"),
    W("Ravi", 18, "design-office", "Warmteverlies rekenen met de ramen open, want zo wonen mensen.", "", "Twee mensen achter een tekening",
      (("Ravi Sardjoe", "yes"), ("Mei Chen", "yes")), "kept", tags=("ontwerp",)),
    W("Stefan", 20, "meter-cupboard-visitor", "Bewoners kijken mee. Wie zijn kast kent, belt minder.", "Meterkasten, flat De Slagheurne",
      "Een bewoner kijkt in een meterkast", (("Bewoner derde verdieping", "no"),), "shelved",
      "Sterk beeld, maar de bewoner wil er niet op. Eentje zonder gezicht kan altijd.", ("meterkast",)),
    W("Nienke", 22, "workshop-december", "De werkplaats in december. Wie het eerst is, zet koffie.", "", "De werkplaats met lichtjes",
      kept="kept", tags=("december",), evergreen=True),
    W("Ruud", 24, "roof-duct", "Het kanaal komt hier boven het dak uit. Drie meter van het raam, dat is de regel.", "",
      "Een luchtkanaal op een plat dak", kept="kept", tags=("ventilatie",), evergreen=True),
    W("Truus", 26, "canteen", "Vrijdag taart. Zestig stukken, ik heb ze geteld.", "", "De kantine met taart", kept="kept", tags=("samen",)),
)  # fmt: skip


@dataclass(frozen=True)
class Posted:
    """A post of the past or the future: days ago (negative: to come), local time, who, where, text, picture."""

    by: str
    day: int
    at: str
    accounts: tuple[str, ...]  # newsroom, mastodon, own
    text: str
    picture: str = ""
    title: str = ""
    state: str = "published"


P = Posted
NEWS, COMPANY = "newsroom", "mastodon"
POSTS = (
    P("Yusuf", 0, "08:30", (NEWS, COMPANY),
      "‘Doet hij het wel? Ik hoor niks’\n\nAcht lokalen op basisschool De Esch hebben frisse lucht. De meester merkte er drie dagen niets "
      "van, en dat was precies de bedoeling.\n\nWe hingen de units in de herfstvakantie. Het geluid hebben we gemeten met een lege klas en "
      "met achtentwintig kinderen. Met kinderen hoor je hem niet, zonder kinderen hoor je de klok.\n\nKom gerust luisteren.", "classroom"),
    P("Bram", 1, "12:15", (NEWS,),
      "Jelles eerste meterkast zonder hulp\n\nVierentwintig groepen, alles op kleur, alles gelabeld. Ik stond ernaast met koffie en heb "
      "mijn mond gehouden. Dat was het moeilijkste deel.", "meter-cupboard"),
    P("Winston", 2, "10:00", (NEWS, COMPANY),
      "Waarom wij een pomp op palen zetten\n\nOp tegels trilt de tuin mee en ligt in november het blad ertegen. Op palen kan de lucht "
      "eronder door en sneeuwt hij niet in. Kost een uur werk, scheelt jaren gebrom.", "heat-pump-on-poles"),
    P("Samira", 3, "07:10", (NEWS,),
      "Kwart voor zes, de eerste storing\n\nLauw water in vleugel B. De mengklep zat vast. Om vijf over acht was het weer warm, en hadden we "
      "de andere drie ook nagekeken. Goedemorgen.", "service-van"),
    P("Rob", 4, "16:00", (NEWS, COMPANY),
      "Twee winters meten aan de Hofstraat\n\nWe schreven eerder dat de warmtepomp daar 40 procent gas bespaart. Dat was één zachte winter. "
      "Met twee winters is het 31 procent. Joost uit Ruurlo zag het, dank je.", "thermostat"),
    P("Sanne", 6, "13:00", (NEWS,), "Wat ik leerde in mijn derde jaar\n\nDat meten eerst komt. En dat je mag zeggen dat je het niet weet, als je het daarna uitzoekt.", "apprentice"),
    P("Dewi", 9, "11:00", (NEWS,), "Stil in de gymzaal\n\nHet kanaal loopt achter de klimtouwen langs. Zo raakt geen bal het, en geen kind.", "gym-hall"),
    P("Henk", 12, "09:30", (NEWS, COMPANY), "Een verdeler inregelen is luisteren\n\nElke groep ruist anders. Begin met de verste kamer, en heb geduld: vloerverwarming antwoordt pas na een uur.", "underfloor-heating"),
    P("Hanna", 14, "08:00", (NEWS,), "Vakmensen krijg je niet, die maak je\n\nWe hebben zes leerlingen. Dat zijn er twee te weinig. Ik vraag me af of we ze wel laten zien hoe mooi dit werk is. Daarom staat Jelle hier, en niet ik."),
    P("Gijs", 17, "15:00", (NEWS,), "Eerst de eik, dan de panelen\n\nEen dak in de schaduw levert te weinig op. Dan zeggen we dat, ook als je al een offerte hebt.", "solar-roof"),
    P("Winston", 20, "10:00", (NEWS, COMPANY), "Hoe zwaar moet je groepenkast zijn?\n\nVoor een pomp én een laadpaal is drie keer 25 ampère meestal genoeg, als de laadpaal meekijkt met de rest van het huis. Twijfel je, stuur een foto van je kast.", "charging-post"),
    P("Truus", 26, "15:30", (NEWS,), "Vrijdag taart\n\nZestig stukken, ik heb ze geteld.", "canteen"),
    P("Hanna", -3, "08:00", (NEWS,), "Terugblik op het jaar\n\nWat goed ging, wat misging, en wat we ervan leerden. Met namen en zonder borstklopperij.", state="scheduled"),
    P("Bram", -1, "09:00", (NEWS, COMPANY), "Zo ontdooit een buitenunit zichzelf\n\nBij vorst zet hij de zaak even om: een paar minuten stoom en gebrom, dan is hij stil. Duurt het langer dan een kwartier, dan komen we luisteren.", "heat-pump-in-snow", state="scheduled"),
    P("Winston", -2, "10:00", (NEWS,), "Groepen tellen\n\nZo lees je je eigen kast in vijf minuten, zonder iets open te schroeven.", "charging-post", state="scheduled"),
    P("Jelle", -4, "12:00", (NEWS,), "Mijn eerste meterkast\n\nBram zei niets en dronk koffie. Daaraan merkte ik dat het goed ging.", "meter-cupboard", state="with_buddy"),
    P("Sanne", -5, "12:00", (NEWS,), "Samen inpakken\n\nDe kerstpakketten doen we dit jaar zelf, met de leerlingen aan de lopende band.", "workshop-december", state="with_buddy"),
)  # fmt: skip

# who, content, about, rhythm, weekday (0 is Monday)
AGREEMENTS = (
    ("Bram", "work", "Foto van het werk", "weekly", 0), ("Yusuf", "work", "School, voor en na", "weekly", 2),
    ("Anneke", "question", "Vraag van de week", "weekly", 4), ("Winston", "explain", "Uitleg met een tekening", "fortnightly", 1),
    ("Hanna", "column", "Column", "fortnightly", 3), ("Rob", "customer", "Een klant vertelt", "monthly", 3),
    ("Samira", "work", "Uit de dienst", "fortnightly", 2), ("Sanne", "work", "Leren op het werk", "monthly", 1),
    ("Ravi", "explain", "Reken even mee", "monthly", 2), ("Gijs", "work", "Van het dak", "monthly", 0),
)  # fmt: skip
PROPOSED = (("Mehmet", "explain", "Subsidie in gewone taal", "fortnightly", 1),)

# name, about, who; the last is who has the present week
TEAMS = (("Dakploeg", "Zonnepanelen, van de eerste haak tot de laatste stekker.", ("Gijs", "Jamal", "Stefan")),)
ROTAS = (("Wie heeft dienst", "Elke week een ander aan de storingstelefoon.", ("Samira", "Kevin", "Gloria", "Harm")),)
OF_TEAM = ("work", "Uitzicht van de week", "fortnightly", 4)
OF_ROTA = ("work", "Uit de dienst, om de beurt", "weekly", 0)
CHANGED = ("Yusuf", "fortnightly", "In december ben ik drie weken op De Esch; om de week lukt wel.")
BEATS = ((1, "09:00"), (3, "16:30"))  # of the newsroom: Tuesday and Thursday

# name, first and last day from now, about, kind
CAMPAIGNS = (
    ("Kom luisteren: open dag op De Esch", 21, 21, "Ouders en buren horen zelf dat je niets hoort.", "event"),
    ("Achterhoekse bouwbeurs", 59, 61, "Drie dagen, één stand: wie laat zien wat hij zelf maakte?", "fair"),
)

PROMPTS = (
    ("Marloes", "Klanten vragen hoe stil een warmtepomp is als het vriest. Wie laat het horen?", "Zeven keer gevraagd in twee weken.",
     ("Bram", "Kevin", "Dirk", "Samira")),
    ("Marloes", "Scholen willen weten wat het geeft. Wie heeft een lokaal waar de meter weer op groen staat?", "Drie scholen vroegen ernaar.",
     ("Yusuf", "Ruud", "Dewi", "Bas")),
)  # fmt: skip

STORY: tuple[dict[str, Any], ...] = (
    {
        "why": "Mensen willen mensen. Wij laten zien wie er in je huis werkt.",
        "mission": "We maken huizen, scholen en zorggebouwen in de Achterhoek warm, fris en zuinig.",
        "voice": "We zeggen je. We schrijven zoals we praten.",
        "donts": "Geen jargon en geen reclametaal\nNooit ‘ontzorgen’",
    },
    {
        "why": "Mensen willen mensen. Daarom laten we zien wie er in je huis werkt, wat die doet en waarom.",
        "mission": "We maken huizen, scholen en zorggebouwen in de Achterhoek warm, fris en zuinig. Eerst zuinig, dan pas nieuw.",
        "vision": "Over tien jaar weet iedereen in de Achterhoek hoe zijn huis warm blijft, en kent er iemand bij die dat uitlegt.",
        "values": "Laat het werk spreken\nZeg ook wanneer nee beter is\nFouten zetten we recht waar ze stonden\nWie het deed, krijgt de eer",
        "voice": "We zeggen je. We schrijven zoals we praten aan de keukentafel: eerst wat je ziet, dan waarom. Kort.",
        "dos": "Laat zien wat je doet, met een foto en één zin\nVraag iedereen in beeld of het goed is\nNoem de collega die het deed\nZeg het als je iets niet weet",
        "donts": "Geen jargon en geen reclametaal, zoals ‘ontzorgen’ en ‘totaaloplossing’\nWe beloven niets wat we niet kunnen laten zien\nGeen uitroeptekens, het werk is luid genoeg\nNooit een klant in beeld zonder vragen",
        "goals": "Elke werkdag iets van het werk, ook tussen kerst en nieuwjaar\nWie vraagt, heeft binnen een uur een mens\nIn juni doet de helft van ons mee\nTwee leerlingen meer in september",
        "question": "Een klant vraagt om een pomp, maar zijn dak lekt warmte. Wat zeggen we?",
        "answers": ("We maken een mooie offerte voor de pomp", "Eerst het dak, dan pas een pomp", "Dat hij maar een ander moet bellen"),
        "right_answer": 1,
        "what_changed": "We zeggen nu ook hardop wanneer nee beter is.",
    },
)  # fmt: skip

LESSONS: tuple[dict[str, Any], ...] = (
    {
        "title": "Een foto waar je werk op staat", "about": "Na deze les maak je in tien seconden een foto die iets laat zien.", "minutes": 3,
        "text": "Een goede foto laat één ding zien. Kies het ding, en ga er dichter op staan dan je denkt.\n\n## Licht\n\nZet het licht achter je, niet achter het werk. Doe de bouwlamp aan, of draai een kwartslag.\n\n## Opruimen\n\nSchuif de koffiebeker uit beeld. Laat je gereedschap liggen: daaraan zie je dat er gewerkt wordt.\n\n## Eén zin\n\nSchrijf op wat jij ziet en een ander niet. *De tegels trillen mee* zegt meer dan *mooi project*.",
        "questions": (
            {"text": "Waar komt het licht vandaan?", "answers": ("Van achter het werk", "Van achter jou"), "right": 1, "because": "Anders zie je een donkere vlek."},
            {"text": "Welke zin past bij ons?", "answers": ("Weer een mooi project opgeleverd", "Op palen kan de lucht eronder door"), "right": 1, "because": "De eerste zegt niets wat je niet al zag."},
        ),
    },
    {
        "title": "Vragen of het goed is", "about": "Na deze les vraag je in één zin toestemming, en weet je wat te doen bij nee.", "minutes": 3,
        "text": "Wie op de foto staat, beslist. Vraag het vóór je de foto maakt, en laat hem daarna zien.\n\n> Vind je het goed als we deze laten zien, met je naam erbij of zonder?\n\nNee is een gewoon antwoord. Dan maak je er een zonder gezicht: handen, gereedschap, het resultaat.\n\nBij kinderen beslist een ouder. De school kan dat niet voor hen doen.\n\nIemand mag later van gedachten veranderen. Zeg het Marloes, dan halen we hem weg.",
        "questions": (
            {"text": "Een bewoner zegt nee. Wat doe je?", "answers": ("Ik maak er een zonder gezicht", "Ik plaats hem zonder naam"), "right": 0, "because": "Een gezicht zonder naam is nog steeds een gezicht."},
            {"text": "Wie beslist over een kind?", "answers": ("De leerkracht", "Een ouder"), "right": 1, "because": "Ook op school."},
        ),
    },
    {
        "title": "Als het misgaat", "about": "Na deze les weet je wat je doet als iemand boos is, en wie er meekijkt.", "minutes": 4,
        "text": "Een fout mag. Hoe je hem oplost, telt.\n\n- Antwoord snel dat je het gezien hebt. Een oplossing mag later.\n- Zeg niet wiens schuld het is voor je het weet.\n- Beloof alleen wat jij zelf kunt doen.\n\nPraten er meer mensen over hetzelfde, of gaat het over veiligheid? Dan is het een *oh-oh*: geef hem door aan Femke. Je hoeft het niet alleen te doen.",
        "questions": (
            {"text": "Iemand is boos en jij weet nog niet wat er is. Wat eerst?", "answers": ("Zeggen dat je het gezien hebt en uitzoekt", "Wachten tot je de oplossing weet"), "right": 0, "because": "Stilte maakt bozer dan de storing."},
            {"text": "Elf mensen melden hetzelfde. Wie kijkt er mee?", "answers": ("Niemand, ik antwoord alle elf", "Femke, PR"), "right": 1, "because": "Dan antwoorden we samen, en hetzelfde."},
            {"text": "Wat beloof je?", "answers": ("Wat ik zelf kan doen", "Dat het morgen gemaakt is"), "right": 0, "because": "Morgen is van de planning."},
        ),
    },
)  # fmt: skip

SKIPPED_STORY = (
    "Kevin",
    "Tom",
    "Lars",
    "Hassan",
    "Jamal",
    "Patrice",
    "Nienke",
    "Greet",
    "Anouk",
    "Tamara",
    "Fleur",
    "Sem",
    "Teun",
)

BRAM_SAYS = "Mooi. Zeg er ook bij hoelang je erover deed, dat vragen leerlingen altijd."
YUSUFS_OWN = (
    "Acht lokalen op De Esch in Eibergen hebben sinds vrijdag frisse lucht.\n\nHet mooiste compliment kwam van meester Wim: "
    "‘Doet hij het wel? Ik hoor niks.’ Hij deed het al drie dagen.\n\nWie wil er komen luisteren?"
)

"""The people of Reurslag, an invented installation company in Borculo: sixty colleagues in six disciplines."""

from dataclasses import dataclass, field

INSTALLERS, SERVICE, DESIGN, SALES, APPRENTICES, OFFICE = (
    "Monteurs", "Binnendienst", "Ontwerp", "Verkoop", "Leerlingen", "Leiding en kantoor",
)  # fmt: skip


@dataclass(frozen=True)
class Colleague:
    name: str
    discipline: str
    job: str
    roles: tuple[str, ...] = ()
    face: str = ""
    autonomy: str = "buddy"
    buddy: str = ""  # first name
    knows: str = ""
    voice: str = ""
    subjects: tuple[str, ...] = ()
    crafts: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("Nederlands",)
    platforms: tuple[str, ...] = ()
    years: float = 4.0  # in the house
    absent: tuple[tuple[int, int, str, str], ...] = field(
        default=()
    )  # first and last day from today, stand-in, sentence

    @property
    def first(self) -> str:
        return self.name.split(" ", 1)[0]


C = Colleague
MAIN = (
    C("Bram Wolterink", INSTALLERS, "Monteur warmtepompen", ("helper", "face"), "bram", "own", "Marloes",
      "Warmtepompen, geluid van buitenunits, plaatsing op palen.", "Kort. Eerst wat je ziet, dan waarom.",
      ("warmtepompen", "geluid", "plaatsing"), ("fotograferen",), ("Nederlands", "Achterhoeks"), ("Mastodon",), 9.0,
      ((31, 39, "Jelle", "Ik ben met de kerst bij mijn ouders. Jelle weet waar alles ligt."),)),
    C("Yusuf Demir", INSTALLERS, "Ventilatie, scholen en kantoren", ("helper", "face"), "yusuf", "own", "Marloes",
      "Ventilatie in scholen: CO₂, geluid, luchtdebiet, planning in vakanties.", "Ik begin bij de mensen in het lokaal.",
      ("ventilatie", "scholen", "CO₂"), ("schrijven", "fotograferen"), ("Nederlands", "Turks"), ("LinkedIn", "Mastodon"), 7.0,
      ((29, 33, "Ruud", "Ik ben een paar dagen vrij. Ruud kent de scholen."),)),
    C("Hanna Reurslag", OFFICE, "Directeur", ("captain",), "hanna", "own", "",
      "Het bedrijf, subsidies, vakmensen opleiden.", "Ik zeg wat ik denk en waar ik aan twijfel.",
      ("subsidies", "opleiden"), ("schrijven", "spreken"), ("Nederlands", "Engels"), ("LinkedIn",), 15.0),
    C("Marloes Nijhuis", OFFICE, "Curator, sociale media", ("curator",), "marloes", "own", "",
      "Wat mensen buiten willen zien, en wie dat binnen heeft.", "", ("beeld", "taal"),
      ("schrijven", "redigeren", "fotograferen"), ("Nederlands", "Engels", "Duits"), ("Mastodon", "LinkedIn", "Instagram"), 3.0),
    C("Anneke Boschker", SERVICE, "Service, eerste antwoord", ("helper",), "anneke", "own", "Marloes",
      "Storingen uitleggen, thermostaten, planning van de service.", "Rustig. Eerst zeggen dat het niet aan hen ligt.",
      ("storingen", "thermostaten", "planning"), ("uitleggen",), ("Nederlands", "Achterhoeks"), ("Facebook",), 11.0),
    C("Henk Oonk", INSTALLERS, "Monteur verwarming", ("helper", "face"), "henk", "own", "Marloes",
      "Vloerverwarming, verdelers, waterzijdig inregelen.", "Zoals ik het aan de keukentafel zeg.",
      ("vloerverwarming", "inregelen", "verwarming"), (), ("Nederlands", "Achterhoeks"), (), 22.0,
      ((-3, 1, "Anneke", "Ik ben tot maandag vrij. Anneke weet van je verwarming."),)),
    C("Winston Pinas", INSTALLERS, "Elektra, groepenkasten en laadpalen", ("helper",), "winston", "own", "Yusuf",
      "Groepenkasten, verzwaren, laadpalen, zonnepanelen.", "Met een tekening erbij.",
      ("groepenkasten", "laadpalen", "zonnepanelen"), ("tekenen",), ("Nederlands", "Sranan"), ("Mastodon",), 6.0,
      ((36, 44, "", ""),)),
    C("Samira Haddou", SERVICE, "Storingsdienst", ("helper", "face"), "samira", "own", "Anneke",
      "Storingen bij vorst, ontdooien, de avonddienst.", "Een zin en een foto, meer heb ik niet nodig.",
      ("storingen", "vorst"), ("fotograferen", "video"), ("Nederlands", "Arabisch", "Frans"), ("Instagram",), 5.0),
    C("Rob te Velthuis", SALES, "Verkoop, scholen en zorg", ("face",), "rob", "own", "Marloes",
      "Scholen, zorg, offertes, terugverdientijd.", "Met cijfers die kloppen.",
      ("scholen", "offertes", "terugverdienen"), ("spreken",), ("Nederlands", "Duits"), ("LinkedIn",), 12.0),
    C("Femke Lansink", OFFICE, "Communicatie en PR", ("pr",), "femke", "own", "",
      "Pers, omwonenden, wat je zegt als het misgaat.", "", ("pers",), ("schrijven",), ("Nederlands", "Engels"),
      ("LinkedIn",), 4.0),
    C("Erik Ressing", OFFICE, "Systemen en planning", ("administrator",), "erik", "own", "",
      "De planning, telefoons, wie waar bij kan.", "", ("systemen",), (), ("Nederlands", "Engels"), (), 8.0),
    C("Jelle Kuiper", APPRENTICES, "Leerling, tweede jaar", (), "jelle", "buddy", "Bram",
      "Ik leer meterkasten en leidingen.", "", ("meterkasten",), ("video",), ("Nederlands",), ("TikTok", "Instagram"), 1.2),
    C("Sanne Meutstege", APPRENTICES, "Leerling, derde jaar", (), "sanne", "buddy", "Samira",
      "Solderen, meten, en hoe het is om hier te leren.", "", ("opleiding", "meten"), ("schrijven",), ("Nederlands",),
      ("Instagram",), 2.3),
    C("Ruud Wiggers", INSTALLERS, "Ventilatie, woningen", ("helper",), "ruud", "buddy", "Yusuf",
      "Balansventilatie, filters, kanalen reinigen.", "", ("ventilatie", "filters"), (), ("Nederlands",), (), 10.0),
    C("Ravi Sardjoe", DESIGN, "Ontwerper warmte", ("helper",), "ravi", "buddy", "Marloes",
      "Warmteverlies, bronnen, geluidsberekening.", "", ("warmteverlies", "geluid", "bronnen"), ("rekenen",),
      ("Nederlands", "Engels", "Hindi"), ("LinkedIn",), 5.0),
    C("Dewi Kertopati", DESIGN, "Ontwerper ventilatie", ("helper",), "dewi", "buddy", "Yusuf",
      "Luchtstromen, geluid in lokalen, kanaalverloop.", "", ("ventilatie", "scholen"), ("tekenen",),
      ("Nederlands", "Indonesisch"), (), 3.5),
    C("Linda Berenpas", SERVICE, "Planning", ("helper",), "linda", "buddy", "Anneke",
      "Wie wanneer waar is.", "", ("planning",), (), ("Nederlands", "Achterhoeks"), (), 14.0),
    C("Mehmet Aslan", SALES, "Verkoop, particulieren", ("face",), "mehmet", "buddy", "Rob",
      "Warmtepompen voor rijtjeshuizen, subsidie aanvragen.", "", ("subsidies", "warmtepompen"), ("uitleggen",),
      ("Nederlands", "Turks"), ("Facebook",), 4.0),
)  # fmt: skip

# The rest of the house: name, job, face. They show that a choir is more than its soloists.
REST = {
    INSTALLERS: (
        ("Dirk Hassink", "Monteur warmtepompen", "dirk"), ("Harm Klein Gebbink", "Monteur verwarming", "harm"),
        ("Gijs Ordelman", "Monteur zonnepanelen", "gijs"), ("Stefan Wolsink", "Monteur elektra", "stefan"),
        ("Bas Heutink", "Monteur ventilatie", "bas"), ("Kevin Lubbers", "Monteur warmtepompen", "kevin"),
        ("Tom Harbers", "Monteur verwarming", "tom"), ("Lars Nijland", "Monteur elektra", "lars"),
        ("Hassan el Idrissi", "Monteur sanitair", "hassan"), ("Jamal Bouzid", "Monteur zonnepanelen", "jamal"),
        ("Sjaak Geerligs", "Monteur verwarming", "sjaak"), ("Piet Wassink", "Monteur sanitair", "piet"),
        ("Joop Berendsen", "Voorman woningbouw", "joop"), ("Wim Stokkers", "Voorman utiliteit", "wim"),
        ("Patrice Mboma", "Monteur ventilatie", "patrice"), ("Daan Olde Scholtenhuis", "Monteur elektra", "daan"),
        ("Olga Petrova", "Monteur meet- en regeltechniek", "olga"), ("Mirjam Huinink", "Monteur sanitair", "mirjam"), ("Teun Wesselink", "Monteur riolering", ""),
    ),
    SERVICE: (
        ("Ellen Temmink", "Telefoon en balie", "ellen"), ("Chantal Rouwhorst", "Facturen", "chantal"),
        ("Ingrid Scholten", "Onderhoudscontracten", "ingrid"), ("Marijke Tuller", "Service", "marijke"),
        ("Gloria Osei", "Storingsdienst", "gloria"), ("Esther Vaags", "Planning", "esther"),
        ("Nienke Bouwmeester", "Magazijn", "nienke"), ("Greet Kolkman", "Inkoop", "greet"),
    ),
    DESIGN: (
        ("Mei Chen", "Ontwerper elektra", "mei"), ("Lotte Wessels", "Tekenaar", "lotte"),
        ("Aisha Yilmaz", "Energieadviseur", "aisha"), ("Roos Hondelink", "Werkvoorbereider", "roos"),
        ("Anouk Geessink", "Tekenaar", "anouk"), ("Tamara Kovač", "Ontwerper sanitair", "tamara"),
    ),
    SALES: (
        ("Carmen Weijers", "Verkoop, woningcorporaties", "carmen"), ("Fleur Abbing", "Offertes", "fleur"),
        ("Marieke Lensink", "Verkoop, particulieren", "marieke"), ("Pieter Grooters", "Verkoop, bedrijven", "pieter"),
    ),
    APPRENTICES: (
        ("Sem Bargeman", "Leerling, eerste jaar", "sem"), ("Zeynep Kaya", "Leerling, eerste jaar", "zeynep"),
        ("Naomi Pinas", "Leerling, tweede jaar", "naomi"), ("Niels Roerdink", "Leerling, derde jaar", ""),
    ),
    OFFICE: (("Truus Reurslag", "Boekhouding", "truus"),),
}  # fmt: skip


def everybody() -> tuple[Colleague, ...]:
    """All sixty, the soloists first."""
    rest = (
        Colleague(name, discipline, job, face=face, autonomy="practise" if discipline == APPRENTICES else "buddy",
                  buddy="Anneke" if discipline == SERVICE else "Bram", years=1.0 + n * 0.7)
        for discipline, people in REST.items()
        for n, (name, job, face) in enumerate(people)
    )  # fmt: skip
    return (*MAIN, *rest)

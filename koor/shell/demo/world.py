"""Who is outside in the demo: customers, schools, projects, who knows whom, and what they asked."""

from dataclasses import dataclass

# name, kind, place
ORGANISATIONS = (
    ("Basisschool De Esch", "customer", "Eibergen"),
    ("Woningcorporatie Berkelland Wonen", "customer", "Borculo"),
    ("Zorgcentrum De Meergaarden", "customer", "Eibergen"),
    ("Gemeente Berkelland", "partner", "Borculo"),
    ("Bakkerij Slotboom", "customer", "Neede"),
    ("De Berkelbode", "press", "Borculo"),
    ("Sportclub Ruurlo", "customer", "Ruurlo"),
)


@dataclass(frozen=True)
class Outside:
    name: str
    role: str
    place: str
    face: str = ""
    organisation: str = ""
    street: str = ""
    handle: str = ""  # on Mastodon
    line: str = ""  # first name of the colleague who is their direct line
    knows: tuple[tuple[str, str], ...] = ()  # first name, how
    since: int = 400  # days ago


Person = Outside
CONTACTS = (
    Person("Els Wiggers", "Klant, warmtepomp", "Borculo", "els", street="Lindelaan 14", handle="@els@buurt.example", line="Bram",
      knows=(("Bram", "plaatste haar warmtepomp"), ("Jelle", "zette rubberen voeten onder de unit")), since=1160),
    Person("Fatma Kaya", "Klant, warmtepomp en vloerverwarming", "Eibergen", "fatma", street="Spoorstraat 8",
      handle="@fatma@buurt.example", line="Henk",
      knows=(("Henk", "plaatste haar warmtepomp"), ("Rob", "maakte de offerte"), ("Jelle", "spoelde de leidingen")), since=960),
    Person("Karin Olthof", "Directeur", "Eibergen", "karin", "Basisschool De Esch", handle="@karin@school.example", line="Rob",
      knows=(("Rob", "kwam meten op school"), ("Yusuf", "bracht frisse lucht in acht lokalen")), since=420),
    Person("Gerben Slotboom", "Bakker, buurman van Fatma", "Neede", "gerben", "Bakkerij Slotboom",
      handle="@gerben@buurt.example", line="Bram", knows=(("Bram", "verving de ketel van de bakkerij"),), since=300),
    Person("Thijs Harmsen", "Klant, warmtepomp", "Neede", "thijs", street="Kerkweg 3", handle="@thijs@buurt.example",
      knows=(("Kevin", "plaatste zijn warmtepomp"),), since=600),
    Person("Ilse Roelvink", "Leerkracht", "Eibergen", "ilse", handle="@ilse@school.example", since=3),
    Person("Joost Abbink", "Rekent graag mee", "Ruurlo", "joost", handle="@joost@reken.example", since=90),
    Person("Wout Lammers", "Zoekt een leerplek", "Haaksbergen", "wout", handle="@wout@jong.example", since=2),
    Person("Dewi Sahertian", "Journalist", "Borculo", "", "De Berkelbode", handle="@dewi@berkelbode.example", line="Femke",
      knows=(("Femke", "belt voor het regionieuws"),), since=500),
    Person("Annet te Brake", "Hoofd vastgoed", "Borculo", "", "Woningcorporatie Berkelland Wonen", line="Carmen",
      knows=(("Carmen", "de meterkasten van De Slagheurne"), ("Winston", "gaf uitleg aan bewoners")), since=700),
    Person("Jan Dirk Mulder", "Facilitair manager", "Eibergen", "", "Zorgcentrum De Meergaarden", line="Rob",
      knows=(("Rob", "onderhoudscontract"), ("Samira", "storing met kerst vorig jaar")), since=1500),
    Person("Petra Leusink", "Klant, zonnepanelen", "Geesteren", "", street="Dorpsstraat 21",
      knows=(("Gijs", "legde de panelen"),), since=210),
    Person("Bert Nijhof", "Beleidsmedewerker duurzaamheid", "Borculo", "", "Gemeente Berkelland", line="Hanna",
      knows=(("Hanna", "warmtevisie"),), since=800),
    Person("Marloes Ebbers", "Voorzitter", "Ruurlo", "", "Sportclub Ruurlo", line="Pieter",
      knows=(("Pieter", "kantine van het gas af"),), since=260),
)  # fmt: skip
# to whom a colleague opened a page: what one may ask, how soon they answer, a sentence for whoever stands in
LINES = {
    "Els Wiggers": ("Je warmtepomp: als hij bromt, koud blijft of iets zegt wat je niet begrijpt.", "day",
      "De unit staat op tegels achter het huis; bel even voor je komt, de poort is op slot."),
    "Fatma Kaya": ("Warmtepomp en vloerverwarming. Boven koud, beneden warm: vraag maar.", "next",
      "Haar groepen op de verdieping zijn in maart gespoeld; begin daar niet opnieuw mee."),
}  # fmt: skip

TIES = (
    ("Fatma Kaya", "Gerben Slotboom", "buren; hij kwam via haar bij ons"),
    ("Fatma Kaya", "Karin Olthof", "Fatma werkt op De Esch"),
    ("Karin Olthof", "Ilse Roelvink", "collega's in het onderwijs"),
    ("Els Wiggers", "Petra Leusink", "zelfde wandelclub"),
)

# name, organisation, contact, place, state, first day ago, last day ago, people, about
PROJECTS = (
    ("Frisse lucht voor De Esch", "Basisschool De Esch", "Karin Olthof", "Eibergen", "running", 60, None,
     ("Yusuf", "Ruud", "Dewi", "Rob"), "Acht lokalen, stil genoeg om een dictee te horen."),
    ("Meterkasten, flat De Slagheurne", "Woningcorporatie Berkelland Wonen", "Annet te Brake", "Borculo", "running", 45, None,
     ("Winston", "Bram", "Jelle", "Stefan", "Lars"), "Zesennegentig meterkasten, verdieping voor verdieping."),
    ("Warmtepomp Lindelaan 14", "", "Els Wiggers", "Borculo", "done", 1160, 1150, ("Bram", "Jelle"),
     "Buitenunit achter, nu op rubberen voeten."),
    ("Warmtepomp Spoorstraat 8", "", "Fatma Kaya", "Eibergen", "done", 806, 800, ("Henk",),
     "Met vloerverwarming beneden en een aparte groep op zolder."),
    ("Bakkerij Slotboom van het gas", "Bakkerij Slotboom", "Gerben Slotboom", "Neede", "done", 120, 20, ("Bram", "Jelle", "Harm"),
     "Warmte uit de koeling verwarmt nu het water."),
    ("Laadpalen op de gemeentewerf", "Gemeente Berkelland", "Bert Nijhof", "Borculo", "done", 230, 190, ("Bram", "Winston"),
     "Twaalf laadpalen, en een warmtepomp voor de kantine."),
    ("Hofstraat, twee winters meten", "", "", "Borculo", "running", 700, None, ("Rob", "Ravi", "Olga"),
     "Wat een warmtepomp in een gewoon rijtjeshuis echt bespaart."),
    ("Kantine Sportclub Ruurlo", "Sportclub Ruurlo", "Marloes Ebbers", "Ruurlo", "coming", -20, None, ("Pieter", "Dirk", "Gijs"),
     "Zonnepanelen en een pomp voor de kleedkamers."),
    ("De Meergaarden, onderhoud", "Zorgcentrum De Meergaarden", "Jan Dirk Mulder", "Eibergen", "running", 1500, None,
     ("Samira", "Wim", "Olga"), "Dag en nacht warm, ook bij storing."),
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """Something that somebody said. `day`: days ago; `at`: local time; `from_us`: first name, or empty."""

    day: int
    at: str
    text: str
    from_us: str = ""
    inside: bool = False  # a note, seen by colleagues only
    channel: str = "mastodon"


S = Said


@dataclass(frozen=True)
class Talk:
    contact: str
    said: tuple[Said, ...]
    done: bool = False
    purpose: str = "service"
    ohoh: bool = False


TALKS = (
    Talk("Fatma Kaya", (
        S(10, "09:12", "Sinds de verbouwing wordt de slaapkamer niet warm. Beneden is het prima.", channel="telephone"),
        S(10, "09:31", "Dag Fatma, Jelle komt de leidingen spoelen. Dinsdag, tussen 8 en 10.", "Anneke", channel="telephone"),
        S(4, "11:05", "Gespoeld, veel slib. Zolder heeft een eigen groep, die heb ik niet aangeraakt.", "Jelle", True, "door"),
        S(0, "08:42", "Dag Henk, na het spoelen ging het een paar dagen goed. Nu blijft het boven weer koud, ook met de knop "
          "helemaal open. Ligt het aan mij?"),
    )),
    Talk("Els Wiggers", (
        S(17, "20:14", "Dag Bram, de unit bromt sinds het kouder is. Hij staat op de tegels achter.", channel="mastodon"),
        S(16, "07:50", "Dag Els, dat zijn vast de tegels die meetrillen. Jelle zet er rubberen voeten onder.", "Bram"),
        S(4, "15:20", "Rubberen voeten eronder. Filter is schoon.", "Jelle", True, "door"),
        S(0, "08:50", "Dag Bram, de rubberen voeten helpen. Maar ’s nachts als het vriest bromt hij nog. Hoort dat zo? Ik hoor het "
          "alleen in de slaapkamer achter."),
    )),
    Talk("Karin Olthof", (
        S(2, "16:40", "De kinderen merken niets van het geluid, maar de groepen zijn wakker na de middag. Dank aan Yusuf."),
        S(2, "17:05", "Mooi om te horen, Karin. Ik kom na de vakantie de laatste twee lokalen meten.", "Rob"),
        S(0, "09:20", "Wanneer licht Rob het plan voor de gymzaal toe? De ouderraad vraagt ernaar."),
    ), purpose="sales"),
    Talk("Gerben Slotboom", (
        S(1, "13:47", "Bram en Jelle waren op tijd, legden alles uit en veegden de stoep. Zo kan het dus ook."),
    )),
    Talk("Joost Abbink", (
        S(6, "21:10", "Jullie schrijven 40 procent minder gas aan de Hofstraat. Dat was toch maar één zachte winter?"),
        S(5, "08:30", "Je hebt gelijk, Joost. Met twee winters is het 31 procent. We zetten het recht, overal waar het stond.", "Rob"),
        S(0, "09:15", "Hoe zwaar moet je groepenkast zijn voor een pomp en een laadpaal? Ik krijg drie verschillende antwoorden."),
    )),
    Talk("Thijs Harmsen", (
        S(0, "09:22", "Sinds die warmte-app van gisteren is het hier 15 graden, met een baby in huis. Bellen lukt niet."),
    ), ohoh=True),
    Talk("Ilse Roelvink", (
        S(0, "09:38", "Wie kent een installateur die begrijpt hoe een school ademt? Onze lokalen zijn om elf uur al benauwd."),
    ), purpose="sales"),
    Talk("Wout Lammers", (
        S(1, "19:12", "Zoeken jullie nog leerlingen? Ik zit in mijn eerste jaar en wil meterkasten leren."),
    ), purpose="jobs"),
    Talk("Dewi Sahertian", (
        S(1, "10:05", "Mag ik die schoolfoto van De Esch gebruiken bij een stuk over frisse lucht?"),
        S(1, "11:30", "Ja, de school vindt het goed. Wil je ‘foto: Yusuf Demir’ erbij zetten?", "Femke"),
    ), done=True, purpose="news"),
    Talk("Petra Leusink", (
        S(12, "18:22", "Kan er nog een paneel bij op het schuurtje?"),
        S(11, "09:02", "Dag Petra, het dak ligt daar in de schaduw van de eik. Ik reken het uit, dan hoor je het vrijdag.", "Gijs"),
        S(8, "16:45", "Uitgerekend: het levert te weinig op. Bewaar je geld voor iets beters.", "Gijs"),
        S(8, "19:01", "Eerlijk antwoord, dank je."),
    ), done=True, purpose="sales"),
    Talk("Jan Dirk Mulder", (
        S(20, "06:12", "De boiler van vleugel B geeft alleen lauw water.", channel="telephone"),
        S(20, "06:20", "Ik ben er om kwart voor zeven.", "Samira", channel="telephone"),
        S(20, "08:05", "Mengklep vastgelopen, vervangen. Onderhoud van de andere drie is vervroegd.", "Samira", True, "door"),
    ), done=True),
)  # fmt: skip

# author, handle, days ago, local time, text, label: what the listener hears beside the conversations
HEARD = (
    ("Lindelaan buurtapp", "@lindelaan@buurt.example", 0, "07:55", "Iemand ervaring met Reurslag? Wij denken over een warmtepomp.", "aha"),
    ("Sanne Bouwman", "@sanneb@buurt.example", 0, "08:12", "Die warmte-app heeft na de update alles op 15 graden gezet. Koud wakker.", "ohoh"),
    ("Koen Wissink", "@koen@buurt.example", 0, "08:20", "Warmte-app doet het niet meer, iemand anders ook? Warmtepomp staat stil.", "ohoh"),
    ("Ria Klein Nijenhuis", "@ria@buurt.example", 0, "08:31", "Hier ook 15 graden. De app zegt dat alles goed is. Koud.", "ohoh"),
    ("Warmte in de Achterhoek", "@warmte@regio.example", 1, "12:00", "Subsidie voor warmtepompen loopt in 2027 door, met lagere bedragen.", ""),
    ("Basisschool Het Kompas", "@kompas@school.example", 1, "14:10", "Tip gevraagd: benauwd lokaal op het zuiden, ramen kunnen niet open.", "aha"),
    ("Tuincentrum Geesteren", "@tuin@winkel.example", 1, "15:30", "Reurslag rijdt met een bus vol kerstbomen. Voor de voedselbank, zo blijkt.", "aha"),
    ("Henry Boer", "@henry@buurt.example", 2, "20:45", "Warmtepomp van de buren is te horen als het vriest. Wie weet wat daaraan te doen is?", ""),
    ("Jet Groot", "@jet@buurt.example", 2, "21:02", "Vandaag kwam een leerling van Reurslag meekijken. Beleefd en nieuwsgierig.", "aha"),
    ("Vacatures Achterhoek", "@banen@regio.example", 3, "09:00", "Installateurs zoeken honderd leerlingen voor september.", ""),
    ("Lisa Hendriks", "@lisa@school.example", 3, "16:20", "Frisse lucht in de klas: het scheelt echt. Groep 6 was vandaag stiller dan ooit.", "aha"),
    ("Marktplein Borculo", "@markt@borculo.example", 4, "11:15", "Groepenkast verzwaren voor een laadpaal, wat kost dat ongeveer?", ""),
    ("Berend Smit", "@berend@buurt.example", 5, "18:40", "Gratis zonnepanelen? Klik hier voor de actie van de eeuw", "noise"),
    ("Fietsclub Neede", "@fiets@sport.example", 5, "19:00", "Koor zoekt tenoren. Repetitie op dinsdag.", "noise"),
    ("Wilma Oude Egberink", "@wilma@buurt.example", 6, "10:25", "Monteur van Reurslag legde uit waarom we juist geen nieuwe pomp nodig hadden. Chapeau.", "aha"),
    ("Dorpsraad Geesteren", "@raad@geesteren.example", 7, "13:30", "Avond over warmtepompen in het dorpshuis, donderdag om acht uur.", ""),
    ("Kees Wolters", "@kees@buurt.example", 9, "08:10", "Kwart voor zes stond de storingsdienst op de stoep. Om zeven uur weer warm.", "aha"),
    ("Noor Visser", "@noor@school.example", 11, "15:45", "CO2-meter in ons lokaal staat om elf uur op rood. Wat nu?", ""),
    ("Achterhoek Nieuws", "@nieuws@regio.example", 13, "07:30", "Scholen in Berkelland krijgen geld voor ventilatie.", ""),
    ("Ton Mensink", "@ton@buurt.example", 3, "20:05", "Ik wacht al drie dagen op een offerte van Reurslag. Druk of vergeten?", "ohoh"),
    # what people ask again and again, each in their own words
    ("Gerda Hulshof", "@gerda@buurt.example", 2, "19:10", "Weet iemand hoe vaak je het filter van de ventilatie moet schoonmaken?", ""),
    ("Martin Lusink", "@martin@buurt.example", 8, "17:35", "Om de hoeveel maanden moeten de filters van de ventilatie schoon?", ""),
    ("Toos Wassink", "@toos@buurt.example", 12, "09:20", "Filter van mijn ventilatie schoonmaken: hoe vaak doen jullie dat?", ""),
    ("Bennie Krabbe", "@bennie@buurt.example", 3, "21:15", "Krijg ik volgend jaar ook nog subsidie?", ""),
    ("Marja Tankink", "@marja@buurt.example", 7, "12:50", "Hoeveel subsidie geeft het rijk nu?", ""),
    ("Gerrit Nales", "@gerrit@buurt.example", 14, "20:30", "Subsidie: vraag ik die zelf aan of doet de installateur dat?", ""),
    ("Dinie Slotboom", "@dinie@buurt.example", 1, "18:05", "Hoeveel geluid maakt zo'n buitenunit als het vriest?", ""),
    ("Rolf te Winkel", "@rolf@buurt.example", 10, "22:10", "Maakt een buitenunit 's nachts geluid als het hard vriest?", ""),
    ("Anita Berends", "@anita@buurt.example", 13, "20:20", "Geluid van een buitenunit als het vriest: hoor ik dat in bed?", ""),
)  # fmt: skip

QUERIES = (
    ("Reurslag, ook verkeerd gespeld", "reurslag OR reurslach OR rurslag"),
    (
        "Warmtepomp in de Achterhoek",
        "warmtepomp* AND (achterhoek OR borculo OR eibergen OR neede OR ruurlo OR buren OR iemand)",
    ),
    ("Benauwd lokaal, school", "(lokaal OR lokalen OR klas OR school) AND (benauwd OR lucht OR ventilatie OR co2)"),
    ("Warmte-app", '"warmte app" OR (app AND koud)'),
    ("Leerlingen en banen", "leerling* OR vacature*"),
)

# Short questions of the past weeks, each with its answer: author, handle, days ago, at, question, who answered, minutes later, answer, purpose
ASKED = (
    ("Wilma Oude Egberink", "@wilma@buurt.example", 25, "09:10", "Hoe vaak moet het filter van de ventilatie schoon?", "Ruud", 22, "Twee keer per jaar, Wilma. In mei en in november is makkelijk te onthouden.", "service"),
    ("Kees Wolters", "@kees@buurt.example", 24, "06:02", "Geen warm water. Kan er iemand komen?", "Samira", 9, "Ik rij nu naar je toe, twintig minuten.", "service"),
    ("Noor Visser", "@noor@school.example", 23, "15:50", "De meter in ons lokaal staat om elf uur op rood. Wat nu?", "Yusuf", 41, "Zet het bovenraam een kwartier open tussen de lessen. Ik kom donderdag meten wat het dak erbij kan.", "service"),
    ("Marktplein Borculo", "@markt@borculo.example", 22, "11:20", "Wat kost een groepenkast verzwaren ongeveer?", "Winston", 35, "Meestal tussen de 900 en 1.400 euro, de netbeheerder apart. Stuur een foto van je kast, dan weet ik het beter.", "sales"),
    ("Henny Rouwenhorst", "@henny@buurt.example", 21, "19:44", "Mijn thermostaat loopt een uur voor.", "Anneke", 730, "Druk drie seconden op het klokje, dan kun je hem gelijk zetten. Lukt het?", "service"),
    ("Ron Geverink", "@ron@buurt.example", 20, "10:05", "Krijg ik nog subsidie als ik in december teken?", "Mehmet", 64, "Ja, de datum van plaatsing telt. Ik stuur je de twee formulieren die je nodig hebt.", "sales"),
    ("Basisschool Het Kompas", "@kompas@school.example", 19, "14:12", "Kan zo'n unit ook in een monumentaal pand?", "Dewi", 150, "Dat kan, met kanalen over de zolder. Ik teken twee varianten voor jullie.", "sales"),
    ("Tineke Harbers", "@tineke@buurt.example", 18, "08:31", "De vloer in de gang blijft koud.", "Henk", 55, "Dan staat die groep vast. Draai hem een keer helemaal open en weer terug. Anders kom ik langs.", "service"),
    ("Lisa Hendriks", "@lisa@school.example", 17, "16:25", "Wat een verschil in de klas. Dank jullie wel.", "Yusuf", 48, "Zeg het de kinderen: zij hielden de ramen dicht toen het moest.", "service"),
    ("Jet Groot", "@jet@buurt.example", 16, "20:58", "Wat een aardige leerling hadden jullie mee.", "Sanne", 690, "Dat was Naomi. Ik heb het haar laten lezen, ze glom.", "jobs"),
    ("Herman Klumpers", "@herman@buurt.example", 15, "07:40", "Druk zakt elke week. Bijvullen of bellen?", "Tom", 28, "Als het elke week is: bellen. Ik kijk morgen of er ergens een druppel valt.", "service"),
    ("Zorgcentrum Hanzehof", "@hanzehof@zorg.example", 14, "13:15", "Kunnen jullie ook 's nachts onderhoud doen?", "Gloria", 37, "Ja, tussen tien en vijf. Dan merkt niemand er iets van.", "sales"),
    ("Diny ter Beek", "@diny@buurt.example", 13, "09:55", "Ik hoor gepruttel in de radiator.", "Marijke", 19, "Dat is lucht. Ontlucht hem met de pomp uit, Diny. Zal ik meekijken aan de telefoon?", "service"),
    ("Wilco Hesselink", "@wilco@buurt.example", 12, "21:30", "Past een laadpaal op een kast van drie keer 25?", "Winston", 640, "Ja, als hij meekijkt met de rest van het huis. Dat noemen we slim laden; het is een kastje erbij.", "sales"),
    ("Dorpsraad Geesteren", "@raad@geesteren.example", 11, "13:40", "Wil iemand van jullie komen vertellen over warmtepompen?", "Hanna", 95, "Graag. Bram komt mee, dan hoor je het van wie ze plaatst.", "news"),
    ("Anja Nijenhuis", "@anja@buurt.example", 10, "08:08", "De app geeft code E4.", "Anneke", 12, "E4 is te weinig water. Bijvullen tot anderhalve bar, dan gaat hij vanzelf weer aan.", "service"),
    ("Freek Dijkman", "@freek@buurt.example", 9, "17:20", "Mogen zonnepanelen op een rieten dak?", "Gijs", 45, "Nee, dat mag niet. Wel op de schuur ernaast.", "sales"),
    ("Ineke Stoverink", "@ineke@buurt.example", 8, "10:42", "Wanneer komt de monteur precies?", "Linda", 6, "Tussen negen en half tien. Lars belt je als hij wegrijdt.", "service"),
    ("Kim Lansink", "@kim@jong.example", 7, "18:15", "Mag ik een dag meelopen? Ik zit in 3 vmbo.", "Sanne", 34, "Leuk, Kim. Kies een woensdag, dan loop je met mij mee.", "jobs"),
    ("Rietje Wopereis", "@rietje@buurt.example", 6, "12:04", "De kraan boven druppelt sinds jullie er waren.", "Hassan", 52, "Dat mag niet. Ik kom vandaag nog langs, na vieren.", "service"),
    ("Bart Esselink", "@bart@buurt.example", 5, "09:27", "Wat is beter, zestien of achttien graden 's nachts?", "Ravi", 71, "Bij een warmtepomp: bijna niet laten zakken. Een graad lager is genoeg.", "service"),
    ("Hetty Braakhekke", "@hetty@buurt.example", 4, "15:33", "Mijn offerte is weg, kan ik hem opnieuw krijgen?", "Fleur", 11, "Hij staat weer in je mail, Hetty.", "sales"),
    ("Jos Leferink", "@jos@buurt.example", 3, "19:02", "Ruikt het naar gas of is dat het riool?", "Samira", 4, "Raam open en naar buiten, Jos. Ik ben onderweg en bel je nu.", "service"),
    ("Carla Wissels", "@carla@buurt.example", 2, "11:48", "Dank voor de uitleg aan de telefoon vanmorgen.", "Ellen", 26, "Graag gedaan, Carla. Bel gerust nog eens.", "service"),
)  # fmt: skip

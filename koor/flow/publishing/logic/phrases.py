"""Sentences for a beginning, by language. Plain, true whoever says them, and short, middling or long."""

from __future__ import annotations

from collections.abc import Mapping

SHORT, MIDDLE, LONG = "short", "middle", "long"

LEADS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "nl": {
        SHORT: (
            "Mijn collega {name} laat het zien.",
            "Kijk wat {name} maakte.",
            "Trots op {name}.",
            "Werk van een collega: {name}.",
            "Dit is van {name}, bij ons.",
            "Zo doet {name} dat.",
            "Even aandacht voor {name}.",
            "Goed werk, {name}.",
        ),
        MIDDLE: (
            "Mijn collega {name} laat zien waar we mee bezig zijn.",
            "Dit werk is van {name}, en ik laat het graag zien.",
            "Ik kwam dit tegen bij mijn collega {name} en bleef even kijken.",
            "{name} maakte dit, en ik wil dat jij het ook ziet.",
            "Zo gaat het eraan toe als {name} aan het werk is.",
            "Wie wil weten hoe wij werken, kijkt even mee met {name}.",
            "Een collega om te volgen op zo'n dag: {name}.",
            "Niet mijn werk maar dat van {name}, en daarom extra mooi.",
        ),
        LONG: (
            "Mijn collega {name} liet dit zien, en omdat je zelden ziet hoe zoiets gaat, laat ik het hier ook zien.",
            "Soms zie je iets van een collega waar je even bij stilstaat, en dat had ik nu met het werk van {name}.",
            "Wij praten binnen veel over wat we doen, maar {name} laat het gewoon zien, en dat zegt meer dan ik kan.",
            "Ik had er zelf een lang verhaal van kunnen maken, maar wat {name} hier laat zien is duidelijk genoeg.",
            "Wie zich afvraagt wat er achter de schermen gebeurt, kan nu even meekijken met mijn collega {name}.",
            "Het is mooi om te zien wat een ander van je eigen club maakt, in dit geval mijn collega {name}.",
        ),
    },
    "en": {
        SHORT: (
            "My colleague {name} shows it.",
            "Look what {name} made.",
            "Proud of {name}.",
            "Work of a colleague: {name}.",
            "This is by {name}, one of us.",
            "This is how {name} does it.",
            "A moment for {name}.",
            "Good work, {name}.",
        ),
        MIDDLE: (
            "My colleague {name} shows what we are working on.",
            "This is the work of {name}, and I like to show it.",
            "I came across this at my colleague {name}'s and stayed to look.",
            "{name} made this, and I want you to see it too.",
            "This is what it is like when {name} is at work.",
            "If you wonder how we work, look along with {name}.",
            "A colleague to follow on a day like this: {name}.",
            "Not my work but that of {name}, and all the better for it.",
        ),
        LONG: (
            "My colleague {name} showed this, and as one rarely sees how such a thing is done, I show it here too.",
            "Now and then a colleague does something that makes you stop and look, as I did at the work of {name}.",
            "We talk a lot about what we do, but {name} simply shows it, and that says more than I can.",
            "I could have made a long story of it myself, but what {name} shows here is clear enough.",
            "Whoever wonders what happens behind the scenes can look along with my colleague {name} for a moment.",
            "It is good to see what somebody else makes of your own house, in this case my colleague {name}.",
        ),
    },
}

# Why somebody in particular says it; never the name of a customer
TIES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "nl": {
        "project": ("Ik was zelf ook bij dit werk.", "Aan dit werk doe ik zelf ook mee."),
        "skill": ("{value}: vraag mij er gerust naar.", "Meer weten over {value}? Ik leg het graag uit."),
        "discipline": ("Zelf zit ik ook bij {value}.", "Wij van {value} vertellen je er graag meer over."),
        "knows": ("Herken je dit? Laat het me weten.", "Wie dit herkent, mag me altijd aanspreken."),
        "place": ("Vragen? Stel ze gerust, ik zoek het uit.", "Wat wil jij er nog van weten?"),
    },
    "en": {
        "project": ("I was part of this work myself.", "I work on this one too."),
        "skill": ("{value}: feel free to ask me.", "More about {value}? I like to explain."),
        "discipline": ("I am in {value} myself.", "We of {value} like to tell you more."),
        "knows": ("Do you recognise this? Let me know.", "If you recognise this, do speak to me."),
        "place": ("Questions? Just ask, I will find out.", "What else would you like to know?"),
    },
}
QUOTES: Mapping[str, str] = {"nl": "{name} zegt het zo: ‘{title}’.", "en": "{name} puts it like this: “{title}”."}

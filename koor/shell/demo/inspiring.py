"""What inspires in the demo: wishes of people outside, questions with answers, ideas on the board, good examples."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from koor.flow.conversations import actions as conversations
from koor.flow.conversations.models import Conversation
from koor.flow.hub import actions as hub
from koor.flow.hub.models import Prompt, Wish
from koor.flow.listening import actions as listening
from koor.flow.listening.models import Mention
from koor.ground.contacts.models import Contact
from koor.kernel import clock
from koor.shell.demo.ground import Cast
from koor.shell.demo.moments import Moments
from koor.shell.demo.showing import Shelf

# sentence, voices (a mention, the contact of a conversation, or who heard it where), pictures that answer it, the
# beginning of the question that was asked about it
WISHES: tuple[tuple[str, tuple[tuple[str, str], ...], tuple[str, ...], str], ...] = (
    ("Hoe ziet een gewone dag van een leerling eruit?", (("talk", "Wout Lammers"),), (), ""),
    ("Wanneer kun je beter nog geen warmtepomp nemen?", (("heard", "heard-0"), ("Mehmet", "aan de keukentafel")), (), ""),
    ("Hoe zwaar moet mijn groepenkast zijn voor een pomp en een laadpaal?",
     (("heard", "heard-11"), ("talk", "Joost Abbink")), ("charging-post",), "Wie laat zien welke groepen"),
    ("Wat geeft frisse lucht in een lokaal?", (("heard", "heard-17"), ("talk", "Ilse Roelvink")), ("classroom",),
     "Scholen willen weten"),
    ("Hoe klinkt een warmtepomp als het vriest?",
     (("heard", "heard-7"), ("talk", "Els Wiggers"), ("Jelle", "aan de deur")), ("heat-pump-on-poles",), "Klanten vragen hoe stil"),
)  # fmt: skip
SAME = ("Wat helpt in een lokaal op het zuiden, als de ramen niet open kunnen?", ("heard", "heard-5"),
        "Wat geeft frisse lucht in een lokaal?")  # fmt: skip

EARLIER = ("Wie laat zien welke groepen een pomp en een laadpaal nodig hebben?", "Twee mensen vroegen ernaar.",
           ("Winston", "Stefan", "Lars"))  # fmt: skip
ANSWERS = (
    ("Klanten vragen hoe stil", "Kevin", "Bij min vijf meet ik 42 decibel op drie meter. Ontdooien klinkt of iemand zijn adem inhoudt."),
    ("Scholen willen weten", "Dewi", "In groep 6 stond de meter om elf uur op 780. Voor de vakantie was dat 1.900."),
    ("Wie laat zien welke groepen", "Winston", "Eén groep voor de pomp, één voor de laadpaal, en de laadpaal kijkt mee met de rest."),
)  # fmt: skip

# who, days ago, the idea, where it stands, the word with it, who would like it too
IDEAS = (
    ("Truus", 24, "Taart van de maand, met wie hem bakte en het recept.", "done", "Zestig stukken, en ze staan er allemaal op.", ("Ellen",)),
    ("Lars", 9, "Met een drone over het dak van de sportclub vliegen.", "not_now",
     "Mooi plan. Boven het dorp mag het niet zomaar; in het voorjaar vragen we het aan.", ()),
    ("Sanne", 8, "Een leerling filmt zelf één dag, van koffie tot veger.", "making", "Jelle en jij filmen woensdag, ik knip.",
     ("Jelle", "Naomi", "Zeynep")),
    ("Samira", 5, "Wat je bij de eerste vorst zelf kunt doen, voordat je belt.", "chosen", "Wil je het met Anneke opschrijven? Vijf zinnen is genoeg.",
     ("Anneke", "Gloria")),
    ("Ravi", 2, "Laat zien wat we uitrekenen voordat we iets verkopen.", "new", "", ("Gijs",)),
    ("Ellen", 1, "De drie vragen die ik elke maandag krijg, met het antwoord erbij.", "new", "", ()),
)  # fmt: skip

EXAMPLES = (
    ("service-van", "Eén foto, één zin, en je staat zelf om kwart voor zes voor die deur."),
    ("classroom", "Er staat geen kind op, en toch hoor je de klas: één zin van de meester doet het werk."),
)


def inspire(when: Moments, found: Cast, met: dict[str, Contact], shelf: Shelf) -> None:
    _ask_earlier(when, found)
    _wish(when, found, met, shelf)
    with clock.fixed(when.of(1, "16:00")):
        for begins, first, sentence in ANSWERS:
            hub.answer_prompt(by=found[first], prompt=_prompt(begins), sentence=sentence)
    _have_ideas(when, found)
    for picture, why in EXAMPLES:
        hub.choose_example(by=found["Marloes"], item=shelf[picture], why=why)


def _prompt(begins: str) -> Prompt:
    return Prompt.objects.get(question__startswith=begins)


def _ask_earlier(when: Moments, found: Cast) -> None:
    question, why, asked = EARLIER
    with clock.fixed(when.of(12, "09:00")):
        hub.ask_colleagues(by=found["Marloes"], question=question, why=why, people=[found[one] for one in asked])


def _wish(when: Moments, found: Cast, met: dict[str, Contact], shelf: Shelf) -> None:
    made: dict[str, Wish] = {}
    for n, (sentence, voices, pictures, begins) in enumerate(WISHES):
        with clock.fixed(when.of(len(WISHES) - n, "11:00")):
            for voice in voices:
                made[sentence] = _note(voice, found, met)(sentence=sentence, into=made.get(sentence))
            for picture in pictures:
                hub.answer_wish(by=found["Marloes"], wish=made[sentence], item=shelf[picture])
        if begins:
            Prompt.objects.filter(question__startswith=begins).update(wish=made[sentence])
    sentence, voice, same = SAME
    with clock.fixed(when.of(1, "14:30")):
        other = _note(voice, found, met)(sentence=sentence, into=None)
        hub.merge_wishes(by=found["Marloes"], wish=other, into=made[same])


def _note(voice: tuple[str, str], found: Cast, met: dict[str, Contact]) -> Callable[..., Wish]:
    """How this voice is noted: where it was said, by who heard it."""
    who, where = voice
    curator = found["Marloes"]

    def note(**wish: Any) -> Wish:
        if who == "heard":
            return listening.note_wish(by=curator, mention=Mention.objects.get(external_id=where), **wish)
        if who == "talk":
            conversation = Conversation.objects.filter(contact=met[where]).latest("last_at")
            return conversations.note_wish(by=curator, conversation=conversation, **wish)
        return hub.note_wish(by=found[who], place=where, **wish)

    return note


def _have_ideas(when: Moments, found: Cast) -> None:
    for who, day, text, state, reason, too in IDEAS:
        moment = when.of(day, "12:10")
        with clock.fixed(moment):
            idea = hub.add_text_item(by=found[who], text=text).idea
        with clock.fixed(min(moment + timedelta(hours=20), when.now)):
            for first in too:
                hub.want_too(by=found[first], idea=idea)
            if state != "new":
                hub.move_idea(by=found["Marloes"], idea=idea, state=state, reason=reason)

"""The demo's exercise: a fire on the practice stage, two weeks ago, from the alarm to what was learnt."""

from datetime import timedelta

from django.db.models import F

from koor.flow.conversations.actions import drills, fires, fires_people, fires_said
from koor.flow.conversations.actions.stages import stages
from koor.flow.conversations.models import Fire
from koor.flow.conversations.queries.fires import waiting_ties
from koor.flow.publishing.models import Target
from koor.kernel import clock
from koor.kernel.access import SYSTEM
from koor.shell.demo.ground import Cast
from koor.shell.demo.moments import Moments

SCENARIO = "leak"
SAID = (
    "Vanmiddag is in basisschool De Akkers een leiding van de nieuwe verwarming losgeschoten. In twee lokalen staat water. "
    "De stroom is daar uit, niemand raakte gewond. Onze mensen zijn er nu. Om vijf uur vertellen we hier meer."
)
SHORT = "Water in twee lokalen van De Akkers, niemand gewond, stroom is eraf. We zijn er. Om vijf uur meer."
ASKED = (
    ("Is het veilig, stond er stroom op het water?", "Ja, het is veilig: de stroom ging er meteen af en een monteur mat het na."),
    ("Moeten de kinderen morgen naar school?", "Ja. Twee klassen zitten morgen in de aula, de rest in het eigen lokaal."),
)  # fmt: skip
LEARNT = {
    "cause": "Een koppeling zat met de hand vast en niet met de sleutel.",
    "done": "Na elf minuten stond er op drie plekken wat we wisten. Iedereen die vroeg kreeg een eigen antwoord.",
    "learnt": "Wie een koppeling vastzet, laat een ander eraan voelen. En: schrijf eerst op wat je nog niet weet.",
}


def exercise(when: Moments, found: Cast) -> None:
    """Marloes conducts, Hanna speaks and signs; eleven minutes from the alarm to three places."""
    start = when.of(when.workday_ago(14), "15:00")
    marloes, hanna = found["Marloes"], found["Hanna"]
    with clock.fixed(start):
        fire = drills.start_drill(by=SYSTEM, scenario=SCENARIO, language="nl")
        drills.say(by=SYSTEM, fire_id=fire.pk, number=0)
    with clock.fixed(start + timedelta(minutes=3)):
        fires.choose_speaker(by=marloes, fire=fire, person=hanna)
        fires_said.pause_posts(by=marloes, fire=fire, accounts=[])
        for number in (2, 4):
            drills.say(by=SYSTEM, fire_id=fire.pk, number=number)
    with clock.fixed(start + timedelta(minutes=8)):
        there = stages("nl")
        said = fires_said.write_statement(by=marloes, fire=fire, text=SAID, short=SHORT, accounts=there)
    with clock.fixed(start + timedelta(minutes=11)):
        fires_said.sign_statement(by=hanna, statement=said)
        fires_said.tell_colleagues(by=marloes, fire=fire, say="We weten ervan en zijn er. Hanna spreekt voor ons.")
    with clock.fixed(start + timedelta(minutes=16)):
        _answer(fire, found)
    _is_up(fire)
    with clock.fixed(start + timedelta(minutes=34)):
        fires.end_fire(by=marloes, fire=fire)
        fires.keep_learnt(by=marloes, fire=fire, **LEARNT)
        fires_said.thank(by=marloes, fire=fire, thanks="Dank, allemaal. Volgende keer binnen tien minuten.")


def _answer(fire: Fire, found: Cast) -> None:
    for question, answer in ASKED:
        fires_people.prepare_answer(by=found["Marloes"], fire=fire, question=question, answer=answer)
    ours = ("Het is veilig, Wilma: de stroom ging er meteen af.", "Morgen gewoon naar school, Fenna. Groep 5 zit in de aula.",
            "Bij jou zit een ander type koppeling, Joost. We komen hem toch nakijken.")  # fmt: skip
    for tie, text in zip(waiting_ties(fire), ours, strict=False):
        fires_people.answer_tied(by=found["Marloes"], tie=tie, text=text)


def _is_up(fire: Fire) -> None:
    """On paper everything stands at once."""
    rows = Target.objects.filter(account__in=stages("nl"), published_at=None)
    rows.update(state="published", published_at=F("due_at"), wake_at=None)
